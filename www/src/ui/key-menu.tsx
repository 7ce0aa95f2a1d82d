/** A button that opens a few others below it. Escape, a choice, and a click elsewhere close them. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons.js";

export interface Item {
  name: string;
  icon: IconName;
  run: () => void;
  bad?: boolean;
}

export function Menu({
  label,
  icon,
  items,
  children,
}: {
  label: string;
  icon: IconName;
  items: readonly Item[];
  children?: ComponentChildren;
}) {
  const open = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isOpen = open.value;
  const close = (): void => {
    open.value = false;
    button.current?.focus();
  };
  useLayoutEffect(() => {
    if (!isOpen) return;
    place.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const away = (event: Event): void => {
      if (!place.current?.contains(event.target as Node)) open.value = false;
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("focusin", away);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("focusin", away);
    };
  }, [isOpen]);
  return (
    <div
      ref={place}
      class="key-menu-place"
      onKeyDown={(event) => {
        if (!isOpen) return;
        const all = [...place.current!.querySelectorAll<HTMLElement>("[role=menuitem]")];
        const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
        if (event.key === "Escape") close();
        else if (by !== 0) all[(all.indexOf(document.activeElement as HTMLElement) + by + all.length) % all.length]?.focus();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <button
        ref={button}
        type="button"
        class={children === undefined ? "ghost" : ""}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => {
          open.value = !isOpen;
        }}
      >
        <Icon name={icon} />
        {children}
      </button>
      {isOpen && (
        <div class="key-menu" role="menu" aria-label={label}>
          {items.map(({ name, icon, run, bad }) => (
            <button
              key={name}
              type="button"
              role="menuitem"
              class={bad ? "danger" : ""}
              onClick={() => {
                close();
                run();
              }}
            >
              <Icon name={icon} />
              {name}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
