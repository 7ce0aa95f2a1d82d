/** What is done with many keys: they are counted and shown before, and it is done in slices. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { tell, type View } from "../app.js";
import { asAof, asCommands, asJson } from "../exchange.js";
import { isGlob, literal } from "../glob.js";
import { life } from "../life.js";
import { type Done, run } from "../loading.js";
import { making } from "../making.js";
import { save } from "../save.js";
import { slices } from "../slices.js";
import { BULK } from "../strings.js";
import { latin1, readable, typed } from "../text.js";
import { type Act, Dialog, openCode } from "./data-dialogs.js";
import "../style/data-dialogs.css";

const TYPES = ["string", "hash", "list", "set", "zset", "stream", "array", "vectorset"];
/** Names that are shown, keys in one UNLINK, and keys that are copied as code at most. */
const NAMES = 8;
const TOGETHER = 100;
const AS_CODE = 100;
/** Milliseconds after a key was pressed until it is counted again. */
const PACE = 150;

/** Keys of the database that a pattern means, by SCAN. */
async function find(view: View, pattern: string, type: string, signal: AbortSignal): Promise<string[]> {
  const names = new Set<string>();
  const turn = slices(signal);
  let cursor = "0";
  do {
    const reply = await view.read(["SCAN", cursor, "MATCH", pattern, "COUNT", "1000", ...(type === "" ? [] : ["TYPE", type])]);
    const [next, keys] = (reply ?? [new Uint8Array(), []]) as [Uint8Array, Uint8Array[]];
    cursor = latin1(next) || "0";
    for (const key of keys) names.add(latin1(key));
    await turn();
  } while (cursor !== "0");
  return [...names].sort();
}

type Format = keyof typeof BULK.formats;

export function Bulk({ view, act, filter, close }: { view: View; act: Exclude<Act, "import">; filter: string; close: () => void }) {
  const pattern = useSignal(filter === "" ? "*" : isGlob(filter) ? filter : `*${literal(filter)}*`);
  const type = useSignal("");
  const names = useSignal<readonly string[] | undefined>(undefined);
  const format = useSignal<Format>("redis");
  const after = useSignal("1h");
  const progress = useSignal<number | undefined>(undefined);
  const end = useRef(new AbortController());
  useEffect(() => {
    const counting = new AbortController();
    names.value = undefined;
    const timer = setTimeout(() => {
      find(view, typed(pattern.value || "*"), type.value, counting.signal).then(
        (found) => {
          names.value = found;
        },
        () => {},
      );
    }, PACE);
    return () => {
      clearTimeout(timer);
      counting.abort();
    };
  }, [pattern.value, type.value]);
  useEffect(() => () => end.current.abort(), []);
  const found = names.value;
  const count = found?.length ?? 0;
  const to = life(after.value);
  const busy = progress.value !== undefined;

  const change = async (commands: string[][], keys: number): Promise<void> => {
    const done: Done = await run(view, commands, end.current.signal, (n) => {
      progress.value = n / commands.length;
    });
    if (done.error) tell(BULK.failed(done.failed, done.error.message), true);
    else tell(act === "delete" ? BULK.deleted(keys, view.undo) : BULK.changed(keys));
  };
  const exported = async (keys: readonly string[]): Promise<void> => {
    const turn = slices(end.current.signal);
    const all: { key: string; commands: string[][] }[] = [];
    for (const [i, key] of keys.entries()) {
      const commands = await making((args) => view.read(args), key);
      if (commands.length > 0) all.push({ key, commands });
      progress.value = i / keys.length;
      await turn();
    }
    const flat = all.flatMap(({ commands }) => commands);
    if (format.value === "json") save("keys.json", asJson(all));
    else if (format.value === "aof") save("keys.aof", asAof(flat));
    else save("keys.redis", asCommands(flat));
    tell(BULK.exported(all.length));
  };
  const go = async (): Promise<void> => {
    if (found === undefined || found.length === 0) return;
    if (act === "export" && format.value === "code") {
      close();
      openCode(view, { keys: found.slice(0, AS_CODE) });
      return;
    }
    progress.value = 0;
    try {
      if (act === "export") await exported(found);
      else if (act === "delete") {
        const commands: string[][] = [];
        for (let i = 0; i < found.length; i += TOGETHER) commands.push(["UNLINK", ...found.slice(i, i + TOGETHER)]);
        await change(commands, found.length);
      } else if (after.value.trim() === "")
        await change(
          found.map((key) => ["PERSIST", key]),
          count,
        );
      else if (to !== undefined)
        await change(
          found.map((key) => ("at" in to ? ["PEXPIREAT", key, String(to.at)] : ["PEXPIRE", key, String(to.after)])),
          count,
        );
      close();
    } catch (error) {
      progress.value = undefined;
      if (!end.current.signal.aborted) tell((error as Error).message, true);
    }
  };
  return (
    <Dialog title={BULK.titles[act]} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <div class="fields">
          <label class="grow">
            <span>{BULK.pattern}</span>
            <input
              value={pattern.value}
              disabled={busy}
              onInput={(event) => {
                pattern.value = event.currentTarget.value;
              }}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
            />
          </label>
          <label>
            <span>{BULK.type}</span>
            <select
              value={type.value}
              disabled={busy}
              onChange={(event) => {
                type.value = event.currentTarget.value;
              }}
            >
              <option value="">{BULK.anyType}</option>
              {TYPES.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        </div>
        {act === "expire" && (
          <label class="stack">
            <span>{BULK.after}</span>
            <input
              value={after.value}
              disabled={busy}
              placeholder={BULK.afterHint}
              onInput={(event) => {
                after.value = event.currentTarget.value;
              }}
              autocomplete="off"
              spellcheck={false}
            />
          </label>
        )}
        {act === "export" && (
          <div class="segments" role="group" aria-label={BULK.format}>
            {(Object.keys(BULK.formats) as Format[]).map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={format.value === one}
                onClick={() => {
                  format.value = one;
                }}
              >
                {BULK.formats[one]}
              </button>
            ))}
          </div>
        )}
        <div class="dry-run" role="status">
          <p>{found === undefined ? BULK.counting : BULK.found(count, view.keyspace.count.value)}</p>
          {found !== undefined && count > 0 && (
            <ul>
              {found.slice(0, NAMES).map((name) => (
                <li key={name}>
                  <code>{readable(name, 80) || '""'}</code>
                </li>
              ))}
              {count > NAMES && <li class="muted">{BULK.more(count - NAMES)}</li>}
            </ul>
          )}
        </div>
        {progress.value !== undefined && <progress max={1} value={progress.value} aria-label={BULK.progress} />}
        <p class="buttons">
          <button
            type="submit"
            class={act === "delete" ? "danger-filled" : "primary"}
            disabled={busy || count === 0 || (act === "expire" && after.value.trim() !== "" && to === undefined)}
          >
            {act === "expire" && after.value.trim() === "" ? BULK.persist(count) : BULK.do[act](count)}
          </button>
          <button type="button" onClick={close}>
            {BULK.cancel}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
