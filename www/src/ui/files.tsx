/** What comes in by a file, and the menus of sessions and examples. The work is in `transfer.ts`, which comes when it is asked for. */
import { useEffect, useRef } from "preact/hooks";
import { type App, tell } from "../app.js";
import { kept, setKept } from "../keep.js";
import { T } from "../strings.js";
import { openBulk } from "./data-dialogs.js";
import type { Items } from "./menu.js";
import type { Restart } from "./page.js";
import { back } from "./timeline.js";

const transfer = () => import("../transfer.js");

/** What `transfer` does, and a word where that fails. */
export function using(work: (module: Awaited<ReturnType<typeof transfer>>) => Promise<void> | void): void {
  transfer()
    .then(work)
    .catch((error: Error) => tell(error.message, true));
}

let input: HTMLInputElement | null = null;

/** Lets a file be chosen, or dropped on the page. */
export function Files({ app, restart }: { app: App; restart: Restart }) {
  const field = useRef<HTMLInputElement>(null);
  const load = (file: File): void => using((module) => module.load(app, restart, file));
  useEffect(() => {
    input = field.current;
    const over = (event: DragEvent): void => {
      event.preventDefault();
      document.body.classList.toggle("dropping", event.type === "dragover");
    };
    const drop = (event: DragEvent): void => {
      over(event);
      const file = event.dataTransfer?.files[0];
      if (file) load(file);
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
  }, [app]);
  return (
    <input
      ref={field}
      type="file"
      hidden
      aria-label={T.openFileLabel}
      onChange={(event) => {
        const file = event.currentTarget.files?.[0];
        event.currentTarget.value = "";
        if (file) load(file);
      }}
    />
  );
}

export const openFile = (): void => input?.click();

export function menus(app: App, restart: Restart): { sessionItems: () => Items; exampleItems: () => Items } {
  const { session } = app;
  const onFile = session.base !== undefined;
  const reset = (): void => {
    const before = session.whole();
    restart(undefined);
    if (session.base === undefined) tell(T.resetDone, false, { label: T.bringBack, act: () => restart(before) });
  };
  return {
    sessionItems: () => [
      { label: T.newSession, icon: "file", act: reset },
      { label: T.openFile, icon: "folder", note: T.openFileNote, act: openFile },
      { label: T.importCommands, icon: "paste", act: () => openBulk(app, "import", "") },
      "line",
      { label: T.exportCommands, icon: "download", end: ".redis", act: () => using(({ saveCommands }) => saveCommands(app)) },
      {
        label: T.exportSession,
        icon: "download",
        end: ".json",
        disabled: onFile,
        act: () => using(({ saveSession }) => saveSession(app)),
      },
      { label: T.exportAof, icon: "download", end: ".aof", act: () => using(({ saveAof }) => saveAof(app)) },
      { label: T.exportRdb, icon: "download", end: ".rdb", act: () => using(({ saveRdb }) => saveRdb(app)) },
      {
        label: T.exportDialogue,
        icon: "download",
        end: ".resp",
        disabled: onFile,
        act: () => using(({ saveDialogue }) => saveDialogue(app)),
      },
      "line",
      {
        label: kept.value === "address" ? T.keepInAddress : T.keep,
        checked: !onFile && kept.value !== "no",
        disabled: onFile,
        act: () => void setKept(kept.value === "no").catch((error: Error) => tell(error.message, true)),
      },
      { label: T.undoLast, icon: "undo", key: "Ctrl Z", act: () => void back(app) },
      { label: T.reset, icon: "trash", danger: true, act: reset },
    ],
    exampleItems: () =>
      T.exampleNames.map(({ id, label, note }) => ({
        label,
        note,
        icon: "spark",
        act: () => using(({ runExample }) => runExample(app, id)),
      })),
  };
}
