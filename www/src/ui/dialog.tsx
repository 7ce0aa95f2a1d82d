/** A dialog that is there while it is asked for. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import "../style/dialogs.css";
import { asked } from "../app.js";
import { FIRST } from "../strings.js";
import { Icon } from "./icons.js";

export function Dialog(props: { title: string; class?: string; bare?: boolean; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current!.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={props.class}
      aria-label={props.title}
      onClose={() => {
        asked.value = undefined;
      }}
      onPointerDown={(event) => {
        // Beside it.
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
    >
      <div class="inside">
        {!props.bare && (
          <header>
            <h2>{props.title}</h2>
            <button type="button" class="quiet" aria-label={FIRST.close} title={FIRST.close} onClick={() => dialog.current?.close()}>
              <Icon name="close" />
            </button>
          </header>
        )}
        {props.children}
      </div>
    </dialog>
  );
}
