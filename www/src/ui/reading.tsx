/** A file that is being read: how far that is, and its end. Nothing else can be done meanwhile. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { progress, reading } from "../base.js";
import { T } from "../strings.js";

export function Reading() {
  const dialog = useRef<HTMLDialogElement>(null);
  const now = reading.value;
  const open = now !== undefined;
  useLayoutEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      class="reading"
      aria-labelledby="reading-title"
      onCancel={(event) => {
        event.preventDefault();
        now?.cancel();
      }}
    >
      <div class="inside">
        <h2 id="reading-title">{T.reading(now?.name ?? "")}</h2>
        <progress max={now?.total ?? 1} value={now?.loaded ?? 0} aria-label={T.readingHow} />
        <p class="tools">
          <span class="muted">
            {now && progress(now)}. {T.readingStays}
          </span>
          <button type="button" onClick={() => now?.cancel()}>
            {T.cancel}
          </button>
        </p>
      </div>
    </dialog>
  );
}
