/** When something expires, and what changes that: a field for a span or a moment, presets, and for good. */
import { useEffect, useRef } from "preact/hooks";
import { tell, type View } from "../app.js";
import { life, moment } from "../life.js";
import { LIFE } from "../strings.js";
import { Countdown } from "./countdown.js";
import { useEditing, useFocus } from "./edits.js";
import { Icon } from "./icons.js";

/** What was chosen: milliseconds from now, a moment, or never. */
export type Life = { after: number } | { at: number } | undefined;

interface Given {
  view: View;
  /** Milliseconds since the epoch, -1 where nothing is set. */
  expires: number;
  /** Whose it is: `the key`. */
  of: string;
  set: (to: Life) => void;
  /** In a row there is room for an icon alone. */
  small?: boolean;
}

function Editor({ view, expires, of, set, end }: Given & { end: () => void }) {
  const field = useFocus<HTMLInputElement>();
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const away = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) end();
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, []);
  const take = (text: string) => {
    if (text.trim() === "") {
      if (expires >= 0) set(undefined);
      return end();
    }
    const to = life(text);
    if (to === undefined) return tell(LIFE.bad, true);
    if ("at" in to && to.at <= view.now.peek()) return tell(LIFE.past, true);
    set(to);
    end();
  };
  return (
    <form
      ref={box}
      class="life"
      onSubmit={(event) => {
        event.preventDefault();
        take(field.current!.value);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        end();
      }}
    >
      <input
        ref={field}
        aria-label={LIFE.field(of)}
        placeholder={LIFE.hint}
        defaultValue={expires < 0 ? "" : `${Math.ceil((expires - view.now.peek()) / 1000)}s`}
        onFocus={(event) => event.currentTarget.select()}
        autocomplete="off"
        spellcheck={false}
      />
      <button type="submit" class="primary">
        {LIFE.set}
      </button>
      <div class="presets">
        {LIFE.presets.map((preset) => (
          <button key={preset} type="button" onClick={() => take(preset)}>
            {preset}
          </button>
        ))}
        {expires >= 0 && (
          <button type="button" onClick={() => take("")}>
            {LIFE.never}
          </button>
        )}
      </div>
      {expires >= 0 && <p class="muted">{LIFE.at(moment(expires))}</p>}
    </form>
  );
}

export function Expiry(given: Given) {
  const { view, expires, of, small } = given;
  const { editing, button } = useEditing();
  return (
    <span class="expiry-place">
      <button
        ref={button}
        type="button"
        class={`expiry${small ? " ghost" : ""}`}
        title={expires < 0 ? LIFE.addFor(of) : LIFE.at(moment(expires))}
        aria-expanded={editing.value}
        onClick={() => {
          editing.value = !editing.value;
        }}
      >
        <span class="unseen">{expires < 0 ? LIFE.addFor(of) : LIFE.change(of)}</span>
        {expires >= 0 ? (
          <Countdown view={view} expires={expires} />
        ) : (
          <>
            <Icon name="clock" size={14} />
            {!small && <span aria-hidden="true">{LIFE.add}</span>}
          </>
        )}
      </button>
      {editing.value && (
        <Editor
          {...given}
          end={() => {
            editing.value = false;
          }}
        />
      )}
    </span>
  );
}

/** The words of a command that sets it: relative or absolute milliseconds. */
export function deadline(to: { after: number } | { at: number }): [absolute: boolean, ms: string] {
  return "at" in to ? [true, String(to.at)] : [false, String(to.after)];
}
