/** Taking in commands that are pasted: how many they are, and which the database does not know, before any of them runs. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { type App, asked, tell } from "../app.js";
import { commands } from "../share.js";
import { T } from "../strings.js";
import { readable } from "../text.js";
import { Dialog } from "./dialog.js";
import { openFile, using } from "./files.js";

/** So many unknown words are named. */
const NAMED = 5;

export function Import({ app }: { app: App }) {
  const text = useSignal("");
  const known = useMemo(
    () => new Set((app.session.db.peek().call("COMMAND", "LIST") as string[]).map((name) => name.toLowerCase())),
    [app],
  );
  let list: string[][] = [];
  let trouble = "";
  try {
    list = commands(text.value);
  } catch (error) {
    trouble = (error as Error).message;
  }
  const unknown = [...new Set(list.map(([name = ""]) => name.toLowerCase()).filter((name) => !known.has(name)))];
  return (
    <Dialog title={T.importCommands.replace("…", "")} class="import">
      <p>{T.importHow}</p>
      <textarea
        rows={12}
        spellcheck={false}
        aria-label={T.importLabel}
        placeholder={T.importExample}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <p role="status" class={trouble ? "bad" : "muted"}>
        {trouble ||
          (text.value.trim() === ""
            ? T.importEmpty
            : T.importCount(
                list.length,
                unknown.slice(0, NAMED).map((name) => readable(name, 30)),
              ))}
      </p>
      <div class="tools">
        <button
          type="button"
          class="primary"
          disabled={list.length === 0}
          onClick={() =>
            using(async ({ runAll }) => {
              asked.value = undefined;
              const failed = await runAll(app, list, "import");
              tell(T.ran(list.length, failed), failed > 0);
            })
          }
        >
          {T.importRun(list.length)}
        </button>
        <button type="button" onClick={openFile}>
          {T.openFile}
        </button>
      </div>
    </Dialog>
  );
}
