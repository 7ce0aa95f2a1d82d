/** The list of keys: groups by prefix, and for each key its type, size, and what is left of its life. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { chosen, filter, type View } from "../app.js";
import { readable, size, typed } from "../text.js";
import { Countdown, NewKey } from "./edits.js";
import { Virtual } from "./virtual.js";

/** Height of a row in pixels; as in style/keys.css. */
const ROW = 32;

function KeyRow({ view, name, nested }: { view: View; name: string; nested: boolean }) {
  // A part that reads a signal, as `chosen`, is drawn again for signals and other properties alone.
  view.keyspace.version.value;
  const info = view.keyspace.info(name);
  const colon = nested ? name.indexOf(":") + 1 : 0;
  return (
    <button
      type="button"
      class={`key${nested ? " nested" : ""}`}
      aria-pressed={chosen.value === name}
      onClick={() => {
        chosen.value = name;
      }}
    >
      <span class={`type ${info?.type ?? ""}`}>{info === null ? "gone" : (info?.type ?? "")}</span>
      <span class="name">{readable(name.slice(colon), 120) || '""'}</span>
      {info && info.expires >= 0 && <Countdown view={view} expires={info.expires} />}
      <span class="encoding">{info?.encoding}</span>
      <span class="size">{info && info.size > 0 ? size(info.size) : ""}</span>
    </button>
  );
}

export function Keys({ view }: { view: View }) {
  const making = useSignal(false);
  const plus = useRef<HTMLButtonElement>(null);
  const { keyspace } = view;
  keyspace.version.value;
  const wanted = typed(filter.value);
  const rows = keyspace.rows(wanted);
  const partial = keyspace.partial.value;
  useEffect(() => keyspace.filtered(wanted), [wanted]);
  return (
    <section class="keys panel" aria-label="Keyspace">
      <header>
        <h2>Keys</h2>
        <span class="muted">
          {keyspace.loading.value
            ? "reading…"
            : `${partial === undefined ? "" : `${partial.toLocaleString("en")} of `}${keyspace.count.value.toLocaleString("en")}`}
        </span>
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter keys by name"
          title="A part of the name; with a * behind it, its beginning"
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
          }}
        />
        <label>
          <span class="unseen">Database</span>
          <select
            value={keyspace.database.value}
            onChange={(event) => {
              keyspace.database.value = Number(event.currentTarget.value);
            }}
          >
            {Array.from({ length: 16 }, (_, i) => (
              <option key={i} value={i}>
                db {i}
              </option>
            ))}
          </select>
        </label>
        <button
          ref={plus}
          type="button"
          aria-label="A new key"
          title="A new key"
          aria-expanded={making.value}
          onClick={() => {
            making.value = !making.value;
          }}
        >
          +
        </button>
      </header>
      {making.value && (
        <NewKey
          view={view}
          close={() => {
            making.value = false;
            plus.current?.focus();
          }}
        />
      )}
      {rows.length === 0 ? (
        <p class="empty">
          {keyspace.loading.value
            ? "Reading…"
            : filter.value === ""
              ? `No keys yet. Try SET greeting hello in the console${view.undo ? ", or drop a dump.rdb on the page" : ""}.`
              : "No key has this in its name."}
        </p>
      ) : (
        <Virtual
          count={rows.length}
          height={ROW}
          label="Keys"
          row={(i) => {
            const row = rows[i]!;
            if ("key" in row) return <KeyRow view={view} name={row.key} nested={row.nested} />;
            return (
              <button type="button" class="group" aria-expanded={row.open} onClick={() => keyspace.toggle(row.group)}>
                <span class="fold" aria-hidden="true">
                  {row.open ? "▾" : "▸"}
                </span>
                <span class="name">{readable(row.group, 120)}</span>
                <span class="size">{row.count.toLocaleString("en")}</span>
              </button>
            );
          }}
        />
      )}
    </section>
  );
}
