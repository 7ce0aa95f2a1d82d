/** The list of keys: a tree by prefixes, and for each key its kind, what is left of its life, and how much it has. */
import { batch, signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { WakeyConsole } from "wakey/console";
import { chosen, filter, type View } from "../app.js";
import { literal } from "../glob.js";
import { LABELS } from "../kinds.js";
import { type GroupRow, type KeyRow, needsFacts, type Order, type Query } from "../names.js";
import { KEYS, NEW_KEY } from "../strings.js";
import { latin1, readable, size, typed } from "../text.js";
import { amount, Chip } from "./chip.js";
import { offer } from "./consoles.js";
import { Countdown } from "./countdown.js";
import { type Act, openBulk } from "./data-dialogs.js";
import { Icon } from "./icons.js";
import { Menu } from "./key-menu.js";
import { lazy } from "./lazy.js";
import { Virtual } from "./virtual.js";

/** Height of a row in pixels; as in style/keys.css. */
const ROW = 32;
const NewKey = lazy(async () => (await import("./new-key.js")).default, NEW_KEY.what);
/** Types that may be asked for while it is not known which there are. */
const TYPES = ["string", "hash", "list", "set", "zset", "stream"];

/** What is shown of the keys, beside `filter`. */
export const types = signal<readonly string[]>([]);
export const expiring = signal(false);
export const order = signal<Order>("name");
/** The database was chosen by hand: it does not follow the console. */
const held = signal(false);

function Key({ view, row, wanted }: { view: View; row: KeyRow; wanted: Query }) {
  // A part that reads a signal, as `chosen`, is drawn again for signals and other properties alone.
  view.keyspace.version.value;
  const name = row.key;
  const info = view.keyspace.info(name);
  return (
    <button
      type="button"
      class="key"
      style={{ "--depth": row.depth }}
      aria-pressed={chosen.value === name}
      title={info ? `${readable(name, 300)}\n${info.encoding}${info.size > 0 ? `, ${size(info.size)} in memory` : ""}` : undefined}
      onClick={() => {
        chosen.value = name;
      }}
    >
      {info ? <Chip type={info.type} kind={info.kind} /> : <span class="chip">{info === null ? KEYS.gone : "…"}</span>}
      <span class="name">{readable(name.slice(row.from), 120) || '""'}</span>
      {info && info.expires >= 0 && <Countdown view={view} expires={info.expires} />}
      <span class="size">{info ? (wanted.order === "size" ? size(info.size) : amount(info.type, info.length)) : ""}</span>
    </button>
  );
}

function Group({ view, row }: { view: View; row: GroupRow }) {
  const name = readable(row.group.slice(row.from), 120);
  return (
    <div class="group-row">
      <button
        type="button"
        class="group"
        style={{ "--depth": row.depth }}
        aria-expanded={row.open}
        onClick={() => view.keyspace.toggle(row.group)}
      >
        <Icon name={row.open ? "down" : "right"} size={14} />
        <span class="name">{name}</span>
        <span class="size">{row.count.toLocaleString("en")}</span>
      </button>
      <button
        type="button"
        class="ghost"
        aria-label={KEYS.group(name)}
        title={KEYS.group(name)}
        onClick={() => openBulk(view, "export", `${literal(readable(row.group))}*`)}
      >
        <Icon name="more" size={14} />
      </button>
    </div>
  );
}

/** How many keys each database has. */
function databases(view: View): Map<number, number> {
  const info = view.keyspace.ask("INFO", "keyspace");
  const text = info instanceof Uint8Array ? latin1(info) : String(info ?? "");
  return new Map([...text.matchAll(/^db(\d+):keys=(\d+)/gm)].map(([, db, keys]) => [Number(db), Number(keys)]));
}

/** The console that is used, or was used last, says which database is looked at, until somebody chooses another one here. */
function useFollowing(view: View): void {
  useEffect(() => {
    const follow = (event: Event): void => {
      const console = (event.target as Element | null)?.closest?.<WakeyConsole>("wakey-console");
      if (console && !held.peek()) view.keyspace.database.value = console.databaseIndex;
    };
    document.addEventListener("focusin", follow);
    document.addEventListener("wakey-reply", follow);
    return () => {
      document.removeEventListener("focusin", follow);
      document.removeEventListener("wakey-reply", follow);
    };
  }, [view]);
}

function Databases({ view }: { view: View }) {
  const { keyspace } = view;
  const counts = databases(view);
  return (
    <>
      <label title={KEYS.databaseHint}>
        <span class="unseen">{KEYS.database}</span>
        <select
          value={keyspace.database.value}
          onChange={(event) => {
            held.value = true;
            keyspace.database.value = Number(event.currentTarget.value);
          }}
        >
          {Array.from({ length: 16 }, (_, i) => (
            <option key={i} value={i}>
              {KEYS.inDatabase(i, i === keyspace.database.value ? 0 : (counts.get(i) ?? 0))}
            </option>
          ))}
        </select>
        {[...counts.keys()].some((db) => db !== keyspace.database.value) && <i class="dot" aria-hidden="true" />}
      </label>
      {held.value && (
        <button
          type="button"
          class="ghost"
          aria-label={KEYS.follow}
          title={KEYS.follow}
          onClick={() => {
            held.value = false;
            const console = document.querySelector<WakeyConsole>(".pane:not([hidden]) wakey-console");
            keyspace.database.value = console?.databaseIndex ?? 0;
          }}
        >
          <Icon name="link" size={14} />
        </button>
      )}
    </>
  );
}

/** Chips for types and for what expires. */
function Chips({ view }: { view: View }) {
  const { facts } = view.keyspace;
  if (facts === undefined) return null;
  // Known they may be before and after a key of another type has come.
  facts.known.value;
  view.keyspace.version.value;
  const there = view.keyspace.count.value === 0 ? [] : (facts.types() ?? TYPES);
  if (there.length === 0 && types.value.length === 0 && !expiring.value) return null;
  return (
    <div class="chips" role="group" aria-label={KEYS.types}>
      {[...new Set([...there, ...types.value])].map((type) => (
        <button
          key={type}
          type="button"
          class={`chip ${type}`}
          aria-pressed={types.value.includes(type)}
          onClick={() => {
            types.value = types.value.includes(type) ? types.value.filter((one) => one !== type) : [...types.value, type];
          }}
        >
          {LABELS[type] ?? type}
        </button>
      ))}
      <button
        type="button"
        class="chip time"
        aria-pressed={expiring.value}
        onClick={() => {
          expiring.value = !expiring.value;
        }}
      >
        {KEYS.expires}
      </button>
    </div>
  );
}

/** Said where what is filtered and sorted by is not known of all keys. */
function Known({ view }: { view: View }) {
  const { facts, count } = view.keyspace;
  view.keyspace.version.value;
  if (facts === undefined || facts.count >= count.value) return null;
  return <p class="note known">{KEYS.known(facts.count, count.value, !facts.known.value)}</p>;
}

function Nothing({ view, narrowed }: { view: View; narrowed: boolean }) {
  if (view.keyspace.loading.value) return <p class="empty">{KEYS.reading}</p>;
  if (narrowed)
    return (
      <p class="empty">
        {KEYS.none(filter.value)}{" "}
        <button
          type="button"
          class="link"
          onClick={() =>
            batch(() => {
              filter.value = "";
              types.value = [];
              expiring.value = false;
            })
          }
        >
          {KEYS.clear}
        </button>
      </p>
    );
  return (
    <p class="empty">
      {KEYS.empty} {KEYS.emptyRun[0]}{" "}
      <button type="button" class="try" onClick={() => offer(KEYS.emptyTry)}>
        <code>{KEYS.emptyTry}</code>
      </button>{" "}
      {KEYS.emptyRun[1]} {view.undo && KEYS.emptyDrop}
    </p>
  );
}

export function KeyList({ view }: { view: View }) {
  const making = useSignal(false);
  const plus = useRef<HTMLButtonElement>(null);
  const { keyspace } = view;
  keyspace.version.value;
  const text = typed(filter.value);
  const wanted: Query = { filter: text, types: types.value, expiring: expiring.value, order: order.value };
  const narrowed = text !== "" || wanted.types.length > 0 || wanted.expiring;
  const rows = keyspace.rows(wanted);
  const partial = keyspace.partial.value;
  const all = keyspace.count.value;
  const shown = narrowed ? keyspace.find(wanted).length : (partial ?? all);
  const reveal = chosen.value === undefined ? -1 : rows.findIndex((row) => "key" in row && row.key === chosen.value);
  const empty = useRef(false);
  const fresh = empty.current;
  empty.current = rows.length === 0 && !narrowed && !keyspace.loading.value;
  useEffect(() => keyspace.filtered(text), [text]);
  useEffect(() => keyspace.facts?.want(wanted), [JSON.stringify(wanted)]);
  useFollowing(view);
  const open = (act: Act): void => openBulk(view, act, filter.value);
  return (
    <>
      <header>
        <h2>{KEYS.title}</h2>
        <span class="muted count" role="status">
          {keyspace.loading.value ? KEYS.reading : shown === all ? all.toLocaleString("en") : KEYS.some(shown, all)}
        </span>
        <Databases view={view} />
        <button
          ref={plus}
          type="button"
          class="ghost"
          aria-label={KEYS.new}
          title={KEYS.new}
          aria-expanded={making.value}
          onClick={() => {
            making.value = !making.value;
          }}
        >
          <Icon name="plus" />
        </button>
        <Menu
          label={KEYS.more}
          icon="more"
          items={[
            { name: KEYS.import, icon: "upload", run: () => open("import") },
            { name: KEYS.export, icon: "download", run: () => open("export") },
            { name: KEYS.expire, icon: "clock", run: () => open("expire") },
            { name: KEYS.delete, icon: "trash", run: () => open("delete"), bad: true },
          ]}
        />
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
      <div class="narrow">
        <label class="search">
          <Icon name="search" size={14} />
          <input
            type="search"
            placeholder={KEYS.filterHint}
            aria-label={KEYS.filter}
            title={KEYS.filterTip}
            value={filter.value}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => {
              filter.value = event.currentTarget.value;
            }}
          />
        </label>
        {keyspace.facts !== undefined && (
          <select
            aria-label={KEYS.order}
            title={KEYS.order}
            value={order.value}
            onChange={(event) => {
              order.value = event.currentTarget.value as Order;
            }}
          >
            {Object.entries(KEYS.orders).map(([by, name]) => (
              <option key={by} value={by}>
                {name}
              </option>
            ))}
          </select>
        )}
      </div>
      <Chips view={view} />
      {needsFacts(wanted) && <Known view={view} />}
      {rows.length === 0 ? (
        <Nothing view={view} narrowed={narrowed} />
      ) : (
        <Virtual
          count={rows.length}
          height={ROW}
          label={KEYS.tree}
          reveal={reveal}
          fresh={fresh}
          quiet={keyspace.loading.value}
          total={all}
          ghost={(name) => (
            <div class="key">
              <span class="chip">{KEYS.gone}</span>
              <span class="name">{readable(name.slice(1), 120)}</span>
            </div>
          )}
          print={(i) => {
            const row = rows[i]!;
            return "key" in row
              ? { name: `k${row.key}`, shows: keyspace.print(row.key), keyed: true }
              : { name: `g${row.group}`, shows: "", keyed: true, mute: true };
          }}
          row={(i) => {
            const row = rows[i]!;
            return "key" in row ? <Key view={view} row={row} wanted={wanted} /> : <Group view={view} row={row} />;
          }}
        />
      )}
    </>
  );
}
