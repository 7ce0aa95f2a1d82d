/** Data from outside: pasted or from a file, told what it is, and run as commands after it was looked at. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { tell, type View } from "../app.js";
import { columnsOf, type Found, LARGEST, read } from "../exchange.js";
import { run } from "../loading.js";
import { slices } from "../slices.js";
import { IMPORT } from "../strings.js";
import { latin1, readable, said, size } from "../text.js";
import { Dialog } from "./data-dialogs.js";
import { Icon } from "./icons.js";
import "../style/data-dialogs.css";

/** Commands that are shown, and names that the database does not know. */
const SHOWN = 6;
const NAMED = 5;
const utf8 = new TextEncoder();

/** The first names among commands that the database does not have. */
async function strangers(view: View, commands: readonly string[][]): Promise<string[]> {
  const list = (await view.read(["COMMAND", "LIST"])) as Uint8Array[] | undefined;
  if (list === undefined) return [];
  const known = new Set(list.map((name) => latin1(name)));
  const names = new Set(commands.map(([name = ""]) => name.toLowerCase()));
  return [...names]
    .filter((name) => !known.has(name))
    .slice(0, NAMED)
    .map((name) => readable(name, 30));
}

export function Import({ view, close, file }: { view: View; close: () => void; file?: File | undefined }) {
  const data = useSignal<{ bytes: Uint8Array; name: string; text: string }>({ bytes: new Uint8Array(), name: "", text: "" });
  const prefix = useSignal("");
  const column = useSignal("");
  const progress = useSignal<number | undefined>(undefined);
  const end = useRef(new AbortController());
  useEffect(() => () => end.current.abort(), []);
  const take = async (from: File): Promise<void> => {
    const head = new Uint8Array(await from.slice(0, 9).arrayBuffer());
    if (/^(REDIS|VALKEY)\d/.test(String.fromCharCode(...head))) {
      // An RDB file is a session of its own: the page opens those that are dropped on it.
      close();
      const transfer = new DataTransfer();
      transfer.items.add(from);
      document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
      return;
    }
    if (from.size > LARGEST) {
      tell(IMPORT.large(size(LARGEST)), true);
      return;
    }
    const bytes = new Uint8Array(await from.arrayBuffer());
    prefix.value = `${from.name.replace(/\.\w+$/, "").replace(/[^\w-]+/g, "-")}:`;
    column.value = "";
    data.value = { bytes, name: from.name, text: new TextDecoder().decode(bytes) };
  };
  useEffect(() => {
    if (file) void take(file);
  }, []);
  const { bytes, name, text } = data.value;
  const rows = { prefix: prefix.value, column: column.value };
  const looked = useSignal<{ found?: Found; unknown?: string[]; error?: string; columns: string[] }>({ columns: [] });
  const inRows = looked.value.columns.length > 0;
  useEffect(() => {
    const reading = new AbortController();
    const look = async (): Promise<void> => {
      if (bytes.length === 0) {
        looked.value = { columns: [] };
        return;
      }
      try {
        const found = await read(bytes, name, rows, slices(reading.signal));
        let columns: string[] = [];
        if (found.kind === "csv" || (found.kind === "json" && text.trimStart().startsWith("["))) columns = columnsOf(text);
        const unknown = await strangers(view, found.commands);
        if (!reading.signal.aborted) looked.value = { found, unknown, columns };
      } catch (error) {
        if (!reading.signal.aborted) looked.value = { error: (error as Error).message, columns: [] };
      }
    };
    void look();
    return () => reading.abort();
  }, [data.value, inRows && rows.prefix, inRows && rows.column]);
  const { found, unknown = [], columns } = looked.value;
  // A column that says who a row is.
  useEffect(() => {
    const id = columns.find((one) => /^(id|key|_id|uuid)$/i.test(one));
    if (column.value === "" && id !== undefined) column.value = id;
  }, [columns.join()]);
  const count = found?.commands.length ?? 0;
  const busy = progress.value !== undefined;
  const go = async (): Promise<void> => {
    if (found === undefined || count === 0) return;
    progress.value = 0;
    try {
      const done = await run(view, found.commands, end.current.signal, (n) => {
        progress.value = n / count;
      });
      if (done.error) tell(IMPORT.failed(done.count, done.failed, said(done.error.args, 60), done.error.message), true);
      else tell(IMPORT.done(done.count));
      close();
    } catch (error) {
      progress.value = undefined;
      if (!end.current.signal.aborted) tell((error as Error).message, true);
    }
  };
  return (
    <Dialog title={IMPORT.title} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <p class="muted">{IMPORT.what}</p>
        <textarea
          aria-label={IMPORT.pasted}
          placeholder={IMPORT.hint}
          disabled={busy}
          spellcheck={false}
          value={name === "" ? text : IMPORT.file(name, size(bytes.length))}
          readOnly={name !== ""}
          onInput={(event) => {
            const { value } = event.currentTarget;
            data.value = { bytes: utf8.encode(value), name: "", text: value };
          }}
        />
        <p class="buttons">
          <label class="button">
            <Icon name="file" size={14} /> {IMPORT.choose}
            <input
              type="file"
              class="unseen"
              aria-label={IMPORT.chooseLabel}
              onChange={(event) => {
                const chosen = event.currentTarget.files?.[0];
                if (chosen) void take(chosen);
              }}
            />
          </label>
          {name !== "" && (
            <button
              type="button"
              onClick={() => {
                data.value = { bytes: new Uint8Array(), name: "", text: "" };
              }}
            >
              {IMPORT.paste}
            </button>
          )}
        </p>
        {columns.length > 0 && (
          <div class="fields">
            <label class="grow">
              <span>{IMPORT.prefix}</span>
              <input
                value={prefix.value}
                onInput={(event) => {
                  prefix.value = event.currentTarget.value;
                }}
              />
            </label>
            <label class="grow">
              <span>{IMPORT.column}</span>
              <select
                value={column.value}
                onChange={(event) => {
                  column.value = event.currentTarget.value;
                }}
              >
                <option value="">{IMPORT.number}</option>
                {columns.map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
              </select>
            </label>
          </div>
        )}
        <div class="dry-run" role="status">
          {looked.value.error !== undefined && <p class="bad">{IMPORT.broken(readable(looked.value.error, 200))}</p>}
          {found !== undefined && (
            <>
              <p>{IMPORT.found(IMPORT.kinds[found.kind], count)}</p>
              {unknown.length > 0 && <p>{IMPORT.unknown(unknown)}</p>}
              <ul>
                {found.commands.slice(0, SHOWN).map((args, i) => (
                  <li key={`${i}`}>
                    <code>{said(args, 120)}</code>
                  </li>
                ))}
                {count > SHOWN && <li class="muted">{IMPORT.more(count - SHOWN)}</li>}
              </ul>
            </>
          )}
        </div>
        {progress.value !== undefined && <progress max={1} value={progress.value} aria-label={IMPORT.title} />}
        <p class="buttons">
          <button type="submit" class="primary" disabled={busy || count === 0}>
            {IMPORT.run(count)}
          </button>
          <button type="button" onClick={close}>
            {IMPORT.cancel}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
