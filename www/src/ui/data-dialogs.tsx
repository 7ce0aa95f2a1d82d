/** Dialogs of the parts about data. Each is loaded with its first use, stands in the page by itself, and is gone when it closes. */
import { type ComponentChildren, render, type VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { tell, type View } from "../app.js";
import { FIRST } from "../strings.js";
import { Icon } from "./icons.js";

export type Act = "import" | "export" | "expire" | "delete";

async function show(load: () => Promise<(close: () => void) => VNode>): Promise<void> {
  try {
    const make = await load();
    const before = document.activeElement;
    const host = document.body.appendChild(document.createElement("div"));
    const close = (): void => {
      render(null, host);
      host.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
    render(make(close), host);
  } catch {
    tell(FIRST.failed(FIRST.dialog), true);
  }
}

/** `filter` is what a person typed, to begin with. */
export function openBulk(view: View, act: Act, filter: string, file?: File): void {
  void show(async () => {
    if (act === "import") {
      const { Import } = await import("./import-data.js");
      return (close) => <Import view={view} close={close} file={file} />;
    }
    const { Bulk } = await import("./bulk.js");
    return (close) => <Bulk view={view} act={act} filter={filter} close={close} />;
  });
}

/** Keys, or commands, to be copied as code. */
export function openCode(view: View, what: { keys: readonly string[] } | { commands: readonly (readonly string[])[] }): void {
  void show(async () => {
    const { Code } = await import("./code.js");
    return (close) => <Code view={view} what={what} close={close} />;
  });
}

export function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog ref={dialog} class="data-dialog" aria-labelledby="data-dialog-title" onClose={close}>
      <header>
        <h2 id="data-dialog-title">{title}</h2>
        <button type="button" class="ghost" aria-label={FIRST.close} title={FIRST.close} onClick={() => dialog.current!.close()}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
