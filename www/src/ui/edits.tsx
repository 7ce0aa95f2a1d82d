/** What changes a key: values in place, one line to add an element, a button to remove one, times to live, a new key. */
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { chosen, tell, type View } from "../app.js";
import { readable, span, typed } from "../text.js";

/** Gives an element the focus when it comes, and never again: what is around it is drawn anew as keys change. */
function useFocus<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  useLayoutEffect(() => element.current?.focus(), []);
  return element;
}

/** Whether something is being edited, and the button with which that begins: it gets the focus back from a field that is gone. */
function useEditing() {
  const editing = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const before = useRef(false);
  useLayoutEffect(() => {
    if (before.current && !editing.value && document.activeElement === document.body) button.current?.focus();
    before.current = editing.value;
  });
  return { editing, button };
}

/** A value that can be changed where it stands. `look` is its class. */
export function Value(props: { value: string; label: string; change?: (to: string) => void; look?: string }) {
  const { value, label, change, look = "value" } = props;
  const { editing, button } = useEditing();
  const shown = readable(value, 300);
  // What cannot be typed as it is shown is not offered to be changed.
  const plain = change !== undefined && value.length <= 300 && typed(shown) === value;
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
        aria-label={`${shown}: change ${label}`}
        title="Change"
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
function Field({ label, value, end, hint }: { label: string; value: string; end: (to?: string) => void; hint?: string }) {
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
      placeholder={hint}
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

/** A text of several lines, or a long one, that can be changed. Control Enter takes it, Escape does not. */
export function LongValue({ value, change }: { value: string; change: (to: string) => void }) {
  const { editing, button } = useEditing();
  return editing.value ? (
    <Area
      text={value}
      end={(to) => {
        editing.value = false;
        if (to !== undefined && to !== value) change(typed(to));
      }}
    />
  ) : (
    <>
      <pre>{value}</pre>
      <button
        ref={button}
        type="button"
        onClick={() => {
          editing.value = true;
        }}
      >
        Change
      </button>
    </>
  );
}

function Area({ text, end }: { text: string; end: (to?: string) => void }) {
  const area = useFocus<HTMLTextAreaElement>();
  return (
    <>
      <textarea
        ref={area}
        aria-label="the value"
        defaultValue={text}
        spellcheck={false}
        onKeyDown={(event) => {
          const isEnd = event.key === "Enter" && (event.ctrlKey || event.metaKey);
          if (!isEnd && event.key !== "Escape") return;
          event.preventDefault();
          end(isEnd ? event.currentTarget.value : undefined);
        }}
      />
      <p class="tools">
        <button type="button" class="primary" onClick={() => end(area.current!.value)}>
          Save
        </button>
        <button type="button" onClick={() => end()}>
          Cancel
        </button>
      </p>
    </>
  );
}

/** Milliseconds, of seconds as they are typed. */
export function seconds(text: string): string {
  return String(Math.round(Number(text) * 1000));
}

/** What is left until `expires`, running. */
export function Countdown({ view, expires }: { view: View; expires: number }) {
  const left = expires - view.now.value;
  return <span class={`countdown${left < 10_000 ? " soon" : ""}`}>{span(left)}</span>;
}

/** What is left of the life of something, to be changed: `set` gets seconds, or nothing for good. `expires` is -1 where nothing is set. */
export function Expiry(props: { view: View; expires: number; of: string; set: (after: string | undefined) => void }) {
  const { view, expires, of } = props;
  const { editing, button } = useEditing();
  if (editing.value)
    return (
      <span class="expiry">
        <Field
          label={`Seconds until ${of} expires, nothing for never`}
          hint="seconds"
          value={expires < 0 ? "" : String(Math.ceil((expires - view.now.peek()) / 1000))}
          end={(to) => {
            editing.value = false;
            if (to === undefined) return;
            if (to.trim() === "") {
              if (expires >= 0) props.set(undefined);
            } else if (Number(to) > 0) props.set(to);
            else tell("A time to live is a number of seconds.", true);
          }}
        />
      </span>
    );
  return (
    <button
      ref={button}
      type="button"
      class="expiry"
      title={expires < 0 ? "Does not expire: change" : "Expires: change"}
      onClick={() => {
        editing.value = true;
      }}
    >
      <span class="unseen">{expires < 0 ? `Let ${of} expire` : `Change when ${of} expires: `}</span>
      {expires < 0 ? (
        <span class="never" aria-hidden="true">
          ∞
        </span>
      ) : (
        <Countdown view={view} expires={expires} />
      )}
    </button>
  );
}

export function Remove({ what, remove }: { what: string; remove: () => void }) {
  return (
    <button type="button" class="remove" aria-label={`Remove ${what}`} title="Remove" onClick={remove}>
      ✕
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
        <input key={field} aria-label={`New ${field}`} placeholder={field} autocomplete="off" autocapitalize="off" spellcheck={false} />
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

/** For each type: what a key begins with, and the command that makes it. */
const KINDS: { [kind: string]: { fields: string[]; command: (key: string, a: string, b: string) => string[] } } = {
  string: { fields: ["value"], command: (key, a) => ["SET", key, a, "NX"] },
  hash: { fields: ["field", "value"], command: (key, a, b) => ["HSET", key, a, b] },
  list: { fields: ["element"], command: (key, a) => ["RPUSH", key, a] },
  set: { fields: ["member"], command: (key, a) => ["SADD", key, a] },
  "sorted set": { fields: ["member", "score"], command: (key, a, b) => ["ZADD", key, b, a] },
  place: { fields: ["member", "longitude, latitude"], command: (key, a, b) => ["GEOADD", key, ...coordinates(b), a] },
  stream: { fields: ["field", "value"], command: (key, a, b) => ["XADD", key, "*", a, b] },
  array: { fields: ["value"], command: (key, a) => ["ARINSERT", key, a] },
  "vector set": { fields: ["element", "vector"], command: (key, a, b) => ["VADD", key, ...numbers(b), a] },
  HyperLogLog: { fields: ["element"], command: (key, a) => ["PFADD", key, a] },
};

/** Longitude and latitude as they are typed, with a comma or a space between. */
export function coordinates(text: string): string[] {
  return text.trim().split(/[\s,]+/);
}

/** A vector as it is typed, as VADD takes it. */
export function numbers(text: string): string[] {
  const all = text.split(/[\s,[\]]+/).filter((one) => one !== "");
  return ["VALUES", String(all.length), ...all];
}

/** A form for a key of any type. */
export function NewKey({ view, close }: { view: View; close: () => void }) {
  const kind = useSignal("string");
  const select = useFocus<HTMLSelectElement>();
  const { fields, command } = KINDS[kind.value]!;
  const make = async (key: string, a = "", b = ""): Promise<void> => {
    if (view.keyspace.has(key)) return tell("There is a key of this name already.", true);
    try {
      await view.give(command(key, a, b));
      chosen.value = key;
      close();
    } catch (error) {
      tell((error as Error).message, true);
    }
  };
  return (
    <div
      class="new-key"
      role="group"
      aria-label="A new key"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <select
        aria-label="Type of the new key"
        ref={select}
        value={kind.value}
        onChange={(event) => {
          kind.value = event.currentTarget.value;
        }}
      >
        {Object.keys(KINDS).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <Add key={kind.value} fields={["key", ...fields]} actions={{ Create: (...values) => void make(values[0]!, values[1], values[2]) }} />
    </div>
  );
}
