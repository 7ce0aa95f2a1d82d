/** What is different between two moments: keys that came, went, or changed, and which of their elements. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type App, asked, chosen } from "../app.js";
import { type Difference, difference, EXPIRES, type Part } from "../moments.js";
import { DIFF, T } from "../strings.js";
import { readable, said } from "../text.js";
import { Dialog } from "./dialog.js";

/** So many elements of a key are shown. */
const SHOWN = 50;
const SIGNS = { added: "+", removed: "−", changed: "~" } as const;

function value(text: string | undefined, name: string): string {
  if (text === undefined) return name === EXPIRES ? DIFF.never : "";
  return name === EXPIRES ? new Date(Number(text)).toISOString().replace("T", " ").slice(0, 23) : readable(text, 120);
}

function PartRow({ part: { how, name, before, after } }: { part: Part }) {
  return (
    <li class={how}>
      <b aria-label={DIFF.how[how]}>{SIGNS[how]}</b>
      {name !== "" && <span class="field">{name === EXPIRES ? DIFF.expires : readable(name, 60)}</span>}
      {(before !== undefined && before !== "") || name === EXPIRES ? <del>{value(before, name)}</del> : null}
      {how === "changed" && <span aria-hidden="true">→</span>}
      {(after !== undefined && after !== "") || name === EXPIRES ? <ins>{value(after, name)}</ins> : null}
    </li>
  );
}

function Key({ change: { how, key, database, type, parts } }: { change: Difference }) {
  return (
    <li class={`changed-key ${how}`}>
      <p>
        <b aria-label={DIFF.how[how]}>{SIGNS[how]}</b>
        <button
          type="button"
          class="link-like"
          onClick={() => {
            asked.value = undefined;
            chosen.value = key;
          }}
        >
          {readable(key, 100)}
        </button>
        <span class={`chip ${type}`}>{type}</span>
        {database > 0 && <span class="muted">{DIFF.database(database)}</span>}
      </p>
      {parts === undefined ? (
        <p class="muted">{DIFF.tooManyElements}</p>
      ) : (
        <ul>
          {parts.slice(0, SHOWN).map((part) => (
            <PartRow key={part.name} part={part} />
          ))}
          {parts.length > SHOWN && <li class="muted">{DIFF.andMore(parts.length - SHOWN)}</li>}
        </ul>
      )}
    </li>
  );
}

function Step({ app, label, at, set }: { app: App; label: string; at: number; set: (to: number) => void }) {
  const { events } = app.session;
  const event = events[at - 1];
  return (
    <label class="moment">
      <span>{label}</span>
      <input
        type="number"
        min={0}
        max={events.length}
        value={at}
        onInput={({ currentTarget }) => currentTarget.validity.valid && set(Number(currentTarget.value))}
      />
      <code>{event ? said(event.args, 60) : T.beginning}</code>
    </label>
  );
}

export function Diff({ app }: { app: App }) {
  const { session } = app;
  const position = session.position.peek();
  const from = useSignal(position < session.events.length ? position : 0);
  const to = useSignal(session.events.length);
  const found = useSignal<{ list: Difference[]; more: number } | string | undefined>(undefined);
  useEffect(() => {
    const end = new AbortController();
    found.value = undefined;
    difference(session, from.value, to.value, end.signal).then(
      (result) => {
        if (!end.signal.aborted) found.value = result;
      },
      (error: Error) => {
        if (!end.signal.aborted) found.value = error.message;
      },
    );
    return () => end.abort(new Error("another one is asked for"));
  }, [from.value, to.value]);
  const result = found.value;
  const number = (how: Difference["how"], list: Difference[]): number => list.filter((one) => one.how === how).length;
  return (
    <Dialog title={T.changes} class="diff">
      <div class="moments">
        <Step app={app} label={DIFF.fromStep} at={from.value} set={(n) => (from.value = n)} />
        <Step app={app} label={DIFF.toStep} at={to.value} set={(n) => (to.value = n)} />
      </div>
      <p role="status" class="muted">
        {result === undefined
          ? DIFF.comparing
          : typeof result === "string"
            ? result
            : result.list.length === 0
              ? DIFF.noDifference
              : DIFF.difference(number("added", result.list), number("removed", result.list), number("changed", result.list), result.more)}
      </p>
      {typeof result === "object" && (
        <ul class="differences">
          {result.list.map((change) => (
            <Key key={`${change.database} ${change.key}`} change={change} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}
