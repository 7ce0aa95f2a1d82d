/** A button with a menu: arrows and letters choose, Escape gives the focus back. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons.js";

export interface Item {
  label: string;
  icon?: IconName;
  /** What one has to know before. */
  note?: string;
  /** A key that does the same. */
  key?: string;
  /** What the file that it makes ends with. */
  end?: string;
  /** Of a choice among several. */
  checked?: boolean;
  danger?: boolean;
  disabled?: boolean;
  /** Where it leads, in place of what it does. */
  href?: string;
  act?: () => void;
}

/** Items in groups, with a line between them. */
export type Items = readonly (Item | "line")[];

export function Menu(props: {
  label: string;
  /** Shown instead of the label, which is its name then. */
  children?: ComponentChildren;
  items: () => Items;
  class?: string;
  end?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const entries = (): HTMLElement[] => [...(whole.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)') ?? [])];
  useLayoutEffect(() => {
    if (!open) return;
    entries()[0]?.focus();
    const away = (event: Event): void => {
      if (!whole.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const key = (event: KeyboardEvent): void => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    let to: HTMLElement | undefined;
    if (event.key === "ArrowDown") to = all[(at + 1) % all.length];
    else if (event.key === "ArrowUp") to = all[(at - 1 + all.length) % all.length];
    else if (event.key === "Home") to = all[0];
    else if (event.key === "End") to = all.at(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Tab") {
      setOpen(false);
      return;
    } else if (/^\w$/.test(event.key) && !event.ctrlKey && !event.metaKey) {
      const same = (one: HTMLElement): boolean => one.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase());
      to = [...all.slice(at + 1), ...all].find(same);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    to?.focus();
  };
  return (
    <div class={`menu ${props.class ?? ""}`} ref={whole}>
      <button
        ref={button}
        type="button"
        class="quiet"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={props.children ? props.label : undefined}
        title={props.children ? props.label : undefined}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {props.children ?? (
          <>
            {props.label} <Icon name="down" size={12} />
          </>
        )}
      </button>
      {open && (
        <div class={props.end ? "items end" : "items"} role="menu" aria-label={props.label} onKeyDown={key}>
          {props.items().map((item, i) =>
            item === "line" ? (
              <hr key={i} />
            ) : item.href !== undefined ? (
              <a key={i} role="menuitem" href={item.href} target="_blank" rel="noreferrer" tabIndex={-1} onClick={() => setOpen(false)}>
                <Inside item={item} />
              </a>
            ) : (
              <button
                key={i}
                type="button"
                role={item.checked === undefined ? "menuitem" : "menuitemradio"}
                aria-checked={item.checked}
                tabIndex={-1}
                disabled={item.disabled}
                class={item.danger ? "danger" : ""}
                onClick={() => {
                  close();
                  item.act?.();
                }}
              >
                <Inside item={item} />
              </button>
            ),
          )}
        </div>
      )}
    </div>
  );
}

function Inside({ item }: { item: Item }) {
  return (
    <>
      {item.icon ? <Icon name={item.icon} /> : <span class="icon" />}
      <span class="what">
        {item.label}
        {item.note !== undefined && <small>{item.note}</small>}
      </span>
      {item.end !== undefined && <span class="muted">{item.end}</span>}
      {item.checked && <Icon name="check" />}
      {item.key !== undefined && <kbd>{item.key}</kbd>}
    </>
  );
}
