/** The explorer: what the database holds, in numbers and bars, each of which leads to its keys. */
import { batch, type Signal, useComputed, useSignal } from "@preact/signals";
import { type ComponentChildren, Fragment } from "preact";
import { useEffect } from "preact/hooks";
import { type App, chosen, filter, part } from "../app.js";
import { literal } from "../glob.js";
import { EXPLORE } from "../strings.js";
import { type Branch, type Sum, Survey } from "../survey.js";
import { readable, size, span } from "../text.js";
import { Chip } from "./chip.js";
import { Treemap } from "./treemap.js";
import "../style/explorer.css";

/** A database that has fewer keys is looked at again after each change, by itself. */
const SMALL = 20_000;
/** Milliseconds after a change; and between two pictures while it is read. */
const PACE = 400;
const PICTURE = 150;
/** Rows of a list, before and after more were asked for. */
const ROWS = 8;
const MORE = 50;

const number = (n: number): string => n.toLocaleString("en");
const percent = (a: number, b: number): string => (b === 0 ? "" : `${((100 * a) / b).toFixed(a === b || a === 0 ? 0 : 1)} %`);

/** On a narrow screen what was chosen is shown in place of this. */
function show(change: () => void): void {
  batch(() => {
    change();
    if (matchMedia("(max-width: 720px)").matches) part.value = "keys";
  });
}

function Bar({ share, kind = "" }: { share: number; kind?: string }) {
  return (
    <span class="share" aria-hidden="true">
      <i class={kind} style={{ width: `${Math.max(0.5, 100 * share)}%` }} />
    </span>
  );
}

function Card({ title, note, children }: { title: string; note?: string; children: ComponentChildren }) {
  return (
    <section class="card" aria-label={title}>
      <h3>
        {title} {note && <span class="muted">{note}</span>}
      </h3>
      {children}
    </section>
  );
}

function Tile({ value, name, note }: { value: ComponentChildren; name: string; note?: ComponentChildren }) {
  return (
    <div class="tile">
      <span class="muted">{name}</span>
      <strong>{value}</strong>
      <span class="muted">{note}</span>
    </div>
  );
}

/** The largest of a branch's, by `by`. */
function ordered(of: Branch, by: keyof Sum): Branch[] {
  return [...of.branches.values()].sort((a, b) => b[by] - a[by]);
}

interface Below {
  of: Branch;
  /** What the longest bar stands for. */
  most: number;
  by: keyof Sum;
  open: Signal<Set<string>>;
  depth: number;
  picture: number;
}

function Branches({ of, most, by, open, depth, picture }: Below) {
  const branches = ordered(of, by);
  const all = useSignal(false);
  const shown = branches.slice(0, all.value ? MORE : ROWS);
  const rest = branches.length - shown.length;
  return (
    <>
      {shown.map((branch) => {
        const isOpen = open.value.has(branch.prefix);
        const has = branch.branches.size > 0;
        const name = readable(branch.prefix.slice(of.prefix.length), 60);
        return (
          <Fragment key={branch.prefix}>
            <div class="line" style={{ "--depth": depth }}>
              <button
                type="button"
                class="fold"
                disabled={!has}
                aria-expanded={has ? isOpen : undefined}
                aria-label={EXPLORE.below(readable(branch.prefix, 60))}
                onClick={() => {
                  const next = new Set(open.value);
                  if (!next.delete(branch.prefix)) next.add(branch.prefix);
                  open.value = next;
                }}
              >
                {has ? (isOpen ? "▾" : "▸") : ""}
              </button>
              <button
                type="button"
                class="name"
                title={EXPLORE.show}
                onClick={() =>
                  show(() => {
                    chosen.value = undefined;
                    filter.value = `${literal(readable(branch.prefix))}*`;
                  })
                }
              >
                {name}
              </button>
              <Bar share={branch[by] / Math.max(1, most)} />
              <span class="count">{number(branch.keys)}</span>
              <span class="count">{size(branch.bytes)}</span>
            </div>
            {isOpen && has && <Branches of={branch} most={most} by={by} open={open} depth={depth + 1} picture={picture} />}
          </Fragment>
        );
      })}
      {rest > 0 && !all.value && (
        <button
          type="button"
          class="more"
          style={{ "--depth": depth }}
          onClick={() => {
            all.value = true;
          }}
        >
          {EXPLORE.more(rest)}
        </button>
      )}
      {(all.value || rest === 0) && (rest > 0 || of.others.keys > 0) && (
        <p class="muted rest" style={{ "--depth": depth }}>
          {of.others.keys > 0 ? EXPLORE.restNames(of.others.keys, size(of.others.bytes)) : EXPLORE.restBranches(rest)}
        </p>
      )}
    </>
  );
}

/** Databases that have keys, with how many. */
function databases(app: App): [number, number][] {
  const info = app.keyspace.ask("INFO", "keyspace");
  const text = info instanceof Uint8Array ? new TextDecoder().decode(info) : String(info ?? "");
  return [...text.matchAll(/^db(\d+):keys=(\d+)/gm)].map(([, db, keys]) => [Number(db), Number(keys)]);
}

/** `picture` counts what was found since: the survey itself is the same object. */
function Found({ app, survey, picture }: { app: App; survey: Survey; picture: number }) {
  const by = useSignal<keyof Sum>("bytes");
  const open = useSignal(new Set<string>());
  const more = useSignal(false);
  const { all, expiring, soonest } = survey;
  const types = [...survey.types].sort(([, a], [, b]) => b.bytes - a.bytes);
  const largest = survey.order();
  const top = largest[0]?.bytes ?? 1;
  const spans = survey.spans;
  const most = Math.max(1, ...spans.map(({ keys }) => keys));
  const branches = ordered(survey.tree, by.value);
  return (
    <div class="scroll cards">
      <div class="tiles">
        <Tile name={EXPLORE.keys} value={number(all.keys)} note={EXPLORE.types(types.length)} />
        <Tile
          name={EXPLORE.memory}
          value={size(all.bytes)}
          note={all.keys > 0 ? EXPLORE.each(size(Math.round(all.bytes / all.keys))) : ""}
        />
        <Tile name={EXPLORE.expire} value={number(expiring.keys)} note={EXPLORE.ofKeys(percent(expiring.keys, all.keys))} />
        <Tile
          name={EXPLORE.soonest}
          value={soonest ? span(soonest.at - app.now.value) : EXPLORE.never}
          note={
            soonest && (
              <button
                type="button"
                class="name"
                onClick={() =>
                  show(() => {
                    chosen.value = soonest.key;
                  })
                }
              >
                {readable(soonest.key, 40)}
              </button>
            )
          }
        />
      </div>
      {all.bytes > 0 && (
        <div class="wide">
          <Card title={EXPLORE.map} note={EXPLORE.mapNote}>
            <Treemap
              survey={survey}
              choose={(key) =>
                show(() => {
                  chosen.value = key;
                })
              }
            />
          </Card>
        </div>
      )}
      <Card title={EXPLORE.typesTitle}>
        {types.map(([type, sum]) => (
          <div class="line" key={type}>
            <Chip type={type} />
            <Bar share={sum.bytes / Math.max(1, all.bytes)} kind={type} />
            <span class="count">{number(sum.keys)}</span>
            <span class="count">{size(sum.bytes)}</span>
          </div>
        ))}
      </Card>
      <Card title={EXPLORE.lives} note={expiring.keys > 0 ? EXPLORE.free(size(expiring.bytes)) : ""}>
        {spans.map((it) => (
          <div class="line" key={it.label}>
            <span class="label">{it.label}</span>
            <Bar share={it.keys / most} kind={it.keys > 0 ? "" : "none"} />
            <span class="count">{number(it.keys)}</span>
            <span class="count">{size(it.bytes)}</span>
          </div>
        ))}
        <p class="muted rest">{EXPLORE.persistent(all.keys - expiring.keys)}</p>
      </Card>
      <Card title={EXPLORE.names} note={EXPLORE.namesNote}>
        <div class="by" role="group" aria-label={EXPLORE.order}>
          {(["bytes", "keys"] as const).map((it) => (
            <button
              key={it}
              type="button"
              aria-pressed={by.value === it}
              onClick={() => {
                by.value = it;
              }}
            >
              {EXPLORE.by[it]}
            </button>
          ))}
        </div>
        {branches.length === 0 && <p class="muted rest">{EXPLORE.noNames}</p>}
        <Branches of={survey.tree} most={branches[0]?.[by.value] ?? 1} by={by.value} open={open} depth={0} picture={picture} />
      </Card>
      <Card title={EXPLORE.largest}>
        {largest.slice(0, more.value ? MORE : 12).map(({ key, type, bytes }) => (
          <div class="line" key={key}>
            <Chip type={type} />
            <button
              type="button"
              class="name"
              aria-pressed={chosen.value === key}
              onClick={() =>
                show(() => {
                  chosen.value = key;
                })
              }
            >
              {readable(key, 60) || '""'}
            </button>
            <Bar share={bytes / top} kind={type} />
            <span class="count">{size(bytes)}</span>
          </div>
        ))}
        {largest.length > 12 && !more.value && (
          <button
            type="button"
            class="more"
            onClick={() => {
              more.value = true;
            }}
          >
            {EXPLORE.more(largest.length - 12)}
          </button>
        )}
      </Card>
    </div>
  );
}

export function Explorer({ app }: { app: App }) {
  const survey = useSignal<Survey | undefined>(undefined);
  const picture = useSignal(0);
  const again = useSignal(0);
  /** What was changed, when it was read. */
  const seen = useSignal(-1);
  const { session, keyspace } = app;
  const db = session.db.value;
  const database = keyspace.database.value;
  const changes = useComputed(() => session.changes.value).value;
  useEffect(() => {
    const client = db.session({ name: "explorer" });
    client.select(database);
    const found = new Survey(client.bytes, session.clock.now());
    seen.value = session.changes.peek();
    let told = performance.now();
    let timer: ReturnType<typeof setTimeout>;
    const step = (): void => {
      let more = false;
      try {
        more = session.quietly(() => found.step());
      } catch (error) {
        // The engine is another one by now, or CLIENT KILL ended the session.
        if (session.db.peek() === db && session.alive && !client.closed) throw error;
        return;
      }
      if (!more || performance.now() - told > PICTURE) {
        told = performance.now();
        // A small database is read at once: nothing is to flicker.
        batch(() => {
          survey.value = found;
          picture.value++;
        });
      }
      if (more) timer = setTimeout(step);
    };
    timer = setTimeout(step);
    return () => {
      clearTimeout(timer);
      client.close();
    };
  }, [db, database, again.value]);
  const there = keyspace.count.value;
  const stale = seen.value !== changes;
  useEffect(() => {
    if (!stale || there > SMALL) return;
    const timer = setTimeout(() => {
      again.value++;
    }, PACE);
    return () => clearTimeout(timer);
  }, [stale, there, changes]);
  const found = survey.value;
  const others = databases(app);
  return (
    <section class="explorer panel" aria-label={EXPLORE.title}>
      <header>
        <h2>{session.base ? readable(session.base.file.name, 60) : EXPLORE.title}</h2>
        {found !== undefined && !found.done && <progress max={Math.max(1, there)} value={found.all.keys} aria-label={EXPLORE.progress} />}
        {others.length > 1 && (
          <div class="dbs" role="group" aria-label={EXPLORE.databases}>
            {others.map(([at, keys]) => (
              <button
                key={at}
                type="button"
                aria-pressed={at === database}
                onClick={() => {
                  keyspace.database.value = at;
                }}
              >
                {EXPLORE.database(at)} <span class="muted">{number(keys)}</span>
              </button>
            ))}
          </div>
        )}
        {stale && there > SMALL && (
          <button
            type="button"
            onClick={() => {
              again.value++;
            }}
          >
            {EXPLORE.again}
          </button>
        )}
        <OpenFile />
      </header>
      {found === undefined ? (
        <p class="empty">{EXPLORE.looking}</p>
      ) : found.done && found.all.keys === 0 ? (
        <p class="empty">{EXPLORE.empty(database)}</p>
      ) : (
        <Found app={app} survey={found} picture={picture.value} />
      )}
    </section>
  );
}

/** The dialog's own field takes the file: what is done with it is told there (`share.tsx`). */
function OpenFile() {
  return (
    <button type="button" onClick={() => document.querySelector<HTMLInputElement>("input[type=file]")?.click()}>
      {EXPLORE.open}
    </button>
  );
}
