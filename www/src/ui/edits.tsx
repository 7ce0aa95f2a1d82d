/** What changes a key: values in place, one line to add an element, a button to remove one. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { SHAPES, VALUE } from "../strings.js";
import { readable, typed } from "../text.js";
import { Icon } from "./icons.js";

/** Values that are longer are opened to be changed. */
const SHORT = 300;

/** Gives an element the focus when it comes, and never again: what is around it is drawn anew as keys change. */
export function useFocus<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  useLayoutEffect(() => element.current?.focus(), []);
  return element;
}

/** Whether something is being edited, and the button with which that begins: it gets the focus back from a field that is gone. */
export function useEditing() {
  const editing = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const before = useRef(false);
  useLayoutEffect(() => {
    if (before.current && !editing.value && document.activeElement === document.body) button.current?.focus();
    before.current = editing.value;
  });
  return { editing, button };
}

/** A value that can be changed where it stands, if it is short, or else be opened. `look` is its class. */
export function Value(props: { value: string; label: string; change?: (to: string) => void; look?: string; open?: () => void }) {
  const { value, label, change, open, look = "value" } = props;
  const { editing, button } = useEditing();
  const shown = readable(value, SHORT);
  // What cannot be typed as it is shown is not offered to be changed.
  const plain = change !== undefined && value.length <= SHORT && typed(shown) === value;
  if (!plain && open !== undefined)
    return (
      <button type="button" class={`${look} edit`} title={VALUE.open(label)} aria-label={`${shown}: ${VALUE.open(label)}`} onClick={open}>
        {shown || '""'}
      </button>
    );
  if (!plain)
    return (
      <span class={look} title={shown}>
        {shown || '""'}
      </span>
    );
  if (!editing.value)
    return (
      <button
        ref={button}
        type="button"
        class={`${look} edit`}
        aria-label={VALUE.change(shown, label)}
        title={shown}
        onClick={() => {
          editing.value = true;
        }}
      >
        {shown || '""'}
      </button>
    );
  return (
    <Field
      label={label}
      value={shown}
      end={(to) => {
        editing.value = false;
        if (to !== undefined && to !== shown) change(typed(to));
      }}
    />
  );
}

/** A field that has the focus. Enter takes what it holds, and so does leaving it; Escape does not. */
function Field({ label, value, end }: { label: string; value: string; end: (to?: string) => void }) {
  // Leaving after Enter or Escape changes nothing more.
  const over = useRef(false);
  const field = useFocus<HTMLInputElement>();
  const once = (to?: string): void => {
    if (over.current) return;
    over.current = true;
    end(to);
  };
  return (
    <input
      class="value"
      aria-label={label}
      ref={field}
      defaultValue={value}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => once(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== "Escape") return;
        // Else the button that gets the focus would be pressed.
        event.preventDefault();
        once(event.key === "Enter" ? event.currentTarget.value : undefined);
      }}
    />
  );
}

/** What can be done with a row: seen where one points at it, or comes with the keyboard. */
export function Acts({ children }: { children: ComponentChildren }) {
  return <span class="acts">{children}</span>;
}

/** Opens what stands in its row. */
export function Open({ what, open }: { what: string; open: () => void }) {
  return (
    <button type="button" class="ghost" aria-label={VALUE.open(what)} title={VALUE.open(what)} onClick={open}>
      <Icon name="right" size={14} />
    </button>
  );
}

export function Remove({ what, remove }: { what: string; remove: () => void }) {
  return (
    <button type="button" class="ghost remove" aria-label={SHAPES.remove(what)} title={SHAPES.remove(what)} onClick={remove}>
      <Icon name="close" size={14} />
    </button>
  );
}

/** A line of fields, and what can be done with them. The first action is that of Enter; fields are empty after it. */
export function Add({ fields, actions }: { fields: readonly string[]; actions: { [name: string]: (...values: string[]) => void } }) {
  const form = useRef<HTMLFormElement>(null);
  const act = (action: (...values: string[]) => void): void => {
    const inputs = [...form.current!.querySelectorAll("input")];
    action(...inputs.map((input) => typed(input.value)));
    form.current!.reset();
    inputs[0]!.focus();
  };
  const [first, ...others] = Object.entries(actions);
  return (
    <form
      ref={form}
      class="add"
      onSubmit={(event) => {
        event.preventDefault();
        act(first![1]);
      }}
    >
      {fields.map((field) => (
        <input
          key={field}
          aria-label={SHAPES.newField(field)}
          placeholder={field}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
        />
      ))}
      <button type="submit">{first![0]}</button>
      {others.map(([name, action]) => (
        <button key={name} type="button" onClick={() => act(action)}>
          {name}
        </button>
      ))}
    </form>
  );
}

/** Longitude and latitude as they are typed, with a comma or a space between. */
export function coordinates(text: string): string[] {
  return text.trim().split(/[\s,]+/);
}

/** A vector as it is typed, as VADD takes it. */
export function numbers(text: string): string[] {
  const all = text.split(/[\s,[\]]+/).filter((one) => one !== "");
  return ["VALUES", String(all.length), ...all];
}
