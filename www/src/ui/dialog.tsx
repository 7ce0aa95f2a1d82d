/** A dialog that is there while it is asked for. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import "../style/dialogs.css";
import { asked } from "../app.js";
import { FIRST } from "../strings.js";
import { Icon } from "./icons.js";

export function Dialog(props: { title: string; class?: string; bare?: boolean; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // As it comes and goes, not after the next picture: what is typed meanwhile would go elsewhere, and what is done next would lose the focus.
  useLayoutEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement as HTMLElement | null;
    element.showModal();
    return () => {
      // While it is open, nothing else takes the focus.
      element.close();
      before?.focus?.();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={props.class}
      aria-label={props.title}
      onClose={() => {
        // This is told a moment later: another one may be asked for by then.
        if (dialog.current !== null) asked.value = undefined;
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
