/** Passing a session on, and taking one in: as a link, as a file, as commands; and opening the RDB file of a server. */
import { batch, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { holdsSecret } from "../../../pkg/src/prompt/secrets.js";
import { type App, part, tell } from "../app.js";
import { baseOf, reading } from "../base.js";
import { kept, setKept } from "../keep.js";
import type { Record, Session } from "../session.js";
import { appendOnly, commands, LONGEST_LINK, pack, parse, written } from "../share.js";
import { latin1, size } from "../text.js";

/** Commands of a file that are run in one go. */
const SLICE = 1000;

function save(name: string, what: string | Blob): void {
  const url = URL.createObjectURL(new Blob([what], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

function onFile(name: string): string {
  return `It stands on ${name}, which is too large for a link: it ends with a reload. Undo goes back as far as to the file as it was read. Nothing of it is sent anywhere.`;
}

/** The link, what it weighs, and what one should know before it is passed on. */
function Link({ link, secret }: { link: string; secret: boolean }) {
  const long = link.length > LONGEST_LINK;
  return (
    <>
      <p>The link holds every command with its time. Opening it makes the same keyspace again. Nothing is sent anywhere.</p>
      {secret && (
        <p class="bad" role="alert">
          A command of this session holds a password (AUTH, HELLO, CONFIG SET, ...): whoever has the link or a file of it can read it.
        </p>
      )}
      <div class="link">
        <input readOnly value={link} aria-label="Link to this session" onFocus={(event) => event.currentTarget.select()} />
        <button
          type="button"
          class="primary"
          disabled={long}
          onClick={async () => {
            try {
              await navigator.clipboard.writeText(link);
              tell("The link is copied.");
            } catch {
              tell("The browser did not let it be copied: select and copy it.", true);
            }
          }}
        >
          Copy
        </button>
      </div>
      <p class={long ? "bad" : "muted"}>{long ? `${size(link.length)} is too long for a link: use a file.` : size(link.length)}</p>
    </>
  );
}

export function Share({ app, restart }: { app: App; restart: (to: Record | Session | undefined) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const link = useSignal("");
  const secret = useSignal(false);
  const { session } = app;
  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault();
      document.body.classList.toggle("dropping", event.type === "dragover");
    };
    const drop = (event: DragEvent): void => {
      over(event);
      const file = event.dataTransfer?.files[0];
      if (file) void load(file);
    };
    const to = document.body;
    to.addEventListener("dragover", over);
    to.addEventListener("dragleave", over);
    to.addEventListener("drop", drop);
    return () => {
      to.removeEventListener("dragover", over);
      to.removeEventListener("dragleave", over);
      to.removeEventListener("drop", drop);
    };
  }, []);
  const show = async (): Promise<void> => {
    if (session.base !== undefined) {
      dialog.current?.showModal();
      return;
    }
    secret.value = session.record().events.some(({ args }) => holdsSecret(args));
    link.value = `${location.href.split("#")[0]}#${await pack(session.record())}`;
    dialog.current?.showModal();
  };
  const dump = async (): Promise<void> => {
    try {
      save("dump.rdb", await new Response(session.db.peek().exportRdbStream()).blob());
    } catch (error) {
      tell((error as Error).message, true);
    }
  };
  const load = async (file: File): Promise<void> => {
    if (reading.peek() !== undefined) return;
    try {
      const base = await baseOf(file);
      if (base !== undefined) {
        dialog.current?.close();
        restart(await session.openFile(base));
        part.value = "explore";
        const stands = base.written === undefined ? "" : " The clock stands at the time when it was written.";
        tell(`${file.name} is open.${stands}`);
        return;
      }
      const data = new Uint8Array(await file.arrayBuffer());
      const text = new TextDecoder().decode(data);
      if (text.trimStart().startsWith("{")) {
        restart(parse(text));
        tell(`Opened ${file.name}.`);
      } else {
        const list = appendOnly(latin1(data)) ?? commands(text);
        let failed = 0;
        for (let i = 0; i < list.length; i += SLICE) {
          batch(() => {
            for (const args of list.slice(i, i + SLICE)) {
              try {
                session.run("file", args);
              } catch {
                failed++;
              }
            }
          });
          // The page has its turn.
          await new Promise((done) => setTimeout(done));
        }
        tell(`${list.length} commands of ${file.name}${failed > 0 ? `, of which ${failed} failed` : ""}.`, failed > 0);
      }
      dialog.current?.close();
    } catch (error) {
      tell(`${file.name}: ${(error as Error).message}`, true);
    }
  };
  return (
    <>
      <button type="button" onClick={() => void show()}>
        Share
      </button>
      <dialog ref={dialog} aria-labelledby="share-title">
        <h2 id="share-title">{session.base ? "This session" : "Share this session"}</h2>
        {session.base ? <p>{onFile(session.base.file.name)}</p> : <Link link={link.value} secret={secret.value} />}
        <label class="check">
          <input
            type="checkbox"
            checked={session.base === undefined && kept.value !== "no"}
            disabled={session.base !== undefined}
            onChange={(event) => {
              void setKept(event.currentTarget.checked).catch((error: Error) => tell(error.message, true));
            }}
          />
          Keep this session in {kept.value === "address" ? "the address" : "this browser"}, so that a reload brings it back
        </label>
        <div class="tools">
          <button
            type="button"
            disabled={session.base !== undefined}
            onClick={() => save("session.json", JSON.stringify(session.record()))}
          >
            Save the session
          </button>
          <button type="button" onClick={() => save("commands.redis", written(session.record().events))}>
            Save the commands
          </button>
          <button type="button" onClick={() => void dump()}>
            Save an RDB file
          </button>
          <label class="button">
            Load a file
            <input
              type="file"
              class="unseen"
              aria-label="Load a session, a file of commands, an append-only file, or an RDB file"
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                event.currentTarget.value = "";
                if (file) void load(file);
              }}
            />
          </label>
          <button
            type="button"
            class="danger"
            onClick={() => {
              dialog.current?.close();
              restart(undefined);
            }}
          >
            Start over
          </button>
        </div>
        <p>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </p>
      </dialog>
    </>
  );
}
