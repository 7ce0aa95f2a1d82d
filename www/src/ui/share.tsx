/** Passing a session on, and taking one in: as a link, as a file, as commands. */
import { batch, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { holdsSecret } from "../../../pkg/src/prompt/secrets.js";
import { type App, tell } from "../app.js";
import { kept, setKept } from "../keep.js";
import type { Record } from "../session.js";
import { appendOnly, commands, LONGEST_LINK, pack, parse, written } from "../share.js";
import { latin1, size } from "../text.js";

/** Commands of a file that are run in one go. */
const SLICE = 1000;

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

export function Share({ app, restart }: { app: App; restart: (record: Record | undefined) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const link = useSignal("");
  const secret = useSignal(false);
  const { session } = app;
  useEffect(() => {
    document.body.addEventListener("dragover", (event) => event.preventDefault());
    document.body.addEventListener("drop", (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      void load(file);
    });
  }, []);
  const show = async (): Promise<void> => {
    secret.value = session.record().events.some(({ args }) => holdsSecret(args));
    link.value = `${location.href.split("#")[0]}#${await pack(session.record())}`;
    dialog.current?.showModal();
  };
  const load = async (file: File): Promise<void> => {
    try {
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
  const long = link.value.length > LONGEST_LINK;
  return (
    <>
      <button type="button" onClick={() => void show()}>
        Share
      </button>
      <dialog ref={dialog} aria-labelledby="share-title">
        <h2 id="share-title">Share this session</h2>
        <p>The link holds every command with its time. Opening it makes the same keyspace again. Nothing is sent anywhere.</p>
        {secret.value && (
          <p class="bad" role="alert">
            A command of this session holds a password (AUTH, HELLO, CONFIG SET, ...): whoever has the link or a file of it can read it.
          </p>
        )}
        <div class="link">
          <input readOnly value={link.value} aria-label="Link to this session" onFocus={(event) => event.currentTarget.select()} />
          <button
            type="button"
            class="primary"
            disabled={long}
            onClick={async () => {
              try {
                await navigator.clipboard.writeText(link.value);
                tell("The link is copied.");
              } catch {
                tell("The browser did not let it be copied: select and copy it.", true);
              }
            }}
          >
            Copy
          </button>
        </div>
        <p class={long ? "bad" : "muted"}>
          {long ? `${size(link.value.length)} is too long for a link: use a file.` : size(link.value.length)}
        </p>
        <label class="check">
          <input
            type="checkbox"
            checked={kept.value !== "no"}
            onChange={(event) => {
              void setKept(event.currentTarget.checked).catch((error: Error) => tell(error.message, true));
            }}
          />
          Keep this session in {kept.value === "address" ? "the address" : "this browser"}, so that a reload brings it back
        </label>
        <div class="tools">
          <button type="button" onClick={() => save("session.json", JSON.stringify(session.record()))}>
            Save the session
          </button>
          <button type="button" onClick={() => save("commands.redis", written(session.record().events))}>
            Save the commands
          </button>
          <label class="button">
            Load a file
            <input
              type="file"
              class="unseen"
              aria-label="Load a session, a file of commands, or an append-only file"
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
