/**
 * A stream: its entries in columns, each with its moment, and its groups: who reads, who has what, how far behind they are, and the
 * buttons that a person at a terminal would have commands for.
 */
import { useSignal } from "@preact/signals";
import { moment } from "../life.js";
import { STREAM } from "../strings.js";
import { readable, span, typed } from "../text.js";
import { Acts, Add, Remove } from "./edits.js";
import { Icon } from "./icons.js";
import { list, MOST, pairs, type Shown, text } from "./shown.js";
import { Virtual } from "./virtual.js";
import "../style/stream.css";

/** Height of a row in pixels: the moment, and the id below it. */
const ROW = 42;
/** Entries that are looked at for their fields, and columns at most. */
const LOOKED = 100;
const COLUMNS = 3;
/** Pending entries of a group that are shown. */
const PENDING = 100;

interface Entry {
  id: string;
  fields: [string, string][];
}

function entry(reply: unknown): Entry {
  const [id, flat] = list(reply);
  const words = list(flat).map(text);
  const fields: [string, string][] = [];
  for (let i = 0; i + 1 < words.length; i += 2) fields.push([words[i]!, words[i + 1]!]);
  return { id: text(id), fields };
}

/** Fields that at least half of the entries have, in the order in which they come. */
function columns(entries: readonly Entry[]): string[] {
  const counts = new Map<string, number>();
  const looked = entries.slice(0, LOOKED);
  for (const { fields } of looked) for (const [field] of fields) counts.set(field, (counts.get(field) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count * 2 >= looked.length)
    .slice(0, COLUMNS)
    .map(([field]) => field);
}

/** When an entry came, where its id says so. */
function when(id: string): string | undefined {
  const ms = Number(id.split("-")[0]);
  return ms > 1e11 && ms < 1e14 ? `${moment(ms)}.${String(ms % 1000).padStart(3, "0")}` : undefined;
}

function Entries({ view, name, edit, open }: Shown) {
  const entries = list(view.keyspace.ask("XREVRANGE", name, "+", "-", "COUNT", MOST)).map(entry);
  const names = columns(entries);
  const rest = entries.slice(0, LOOKED).some(({ fields }) => fields.some(([field]) => !names.includes(field)));
  const grid = {
    gridTemplateColumns: `136px ${"minmax(36px, 1fr) ".repeat(names.length)}${rest || names.length === 0 ? "minmax(0, 1.2fr)" : ""}`,
  };
  const pairsAdded = useSignal(1);
  const added = pairsAdded.value;
  const cell = (id: string, field: string, value: string) => (
    <button
      type="button"
      class="cell"
      title={`${readable(field, 60)}: ${readable(value, 300)}`}
      onClick={() =>
        open({
          title: STREAM.value(readable(field, 60), id),
          read: () =>
            list(view.keyspace.ask("XRANGE", name, id, id))
              .map(entry)
              .flatMap(({ fields }) => fields)
              .find(([one]) => one === field)?.[1],
        })
      }
    >
      {readable(value, 80) || '""'}
    </button>
  );
  return (
    <>
      {entries.length > 0 && (
        <div class="entry-row heads" style={grid} aria-hidden="true">
          <span class="when">{STREAM.when}</span>
          {names.map((field) => (
            <span key={field} class="cell">
              {readable(field, 40)}
            </span>
          ))}
        </div>
      )}
      <Virtual
        count={entries.length}
        height={ROW}
        label={STREAM.newest}
        print={(i) => ({ name: entries[i]!.id, shows: "", keyed: true })}
        row={(i) => {
          const { id, fields } = entries[i]!;
          const left = [...fields];
          const cells = names.map((field) => {
            const at = left.findIndex(([one]) => one === field);
            return at < 0 ? undefined : left.splice(at, 1)[0];
          });
          const at = when(id);
          return (
            <div class="pair entry-row" style={grid}>
              <span class="when">
                {at !== undefined && <span>{at.slice(5)}</span>}
                <span class="muted">{id}</span>
              </span>
              {cells.map((found, j) =>
                found === undefined ? <span key={names[j]} class="cell none" /> : <span key={names[j]}>{cell(id, ...found)}</span>,
              )}
              {left.length > 0 && (
                <span class="rest">
                  {left.map(([field, value]) => (
                    <span key={field}>
                      <i>{readable(field, 30)}</i> {cell(id, field, value)}
                    </span>
                  ))}
                </span>
              )}
              <Acts>
                <Remove what={STREAM.entry(id)} remove={() => edit("XDEL", name, id)} />
              </Acts>
            </div>
          );
        }}
      />
      <Add
        key={added}
        fields={Array.from({ length: added }, (_, i) => (i === 0 ? ["field", "value"] : [`field ${i + 1}`, `value ${i + 1}`])).flat()}
        actions={{
          [STREAM.add]: (...words) => {
            const given: string[] = [];
            for (let i = 0; i + 1 < words.length; i += 2) if (words[i] !== "") given.push(words[i]!, words[i + 1]!);
            edit("XADD", name, "*", ...given);
          },
          [STREAM.field]: () => {
            pairsAdded.value = Math.min(added + 1, 6);
          },
        }}
      />
    </>
  );
}

function Group({ view, name, edit, group }: Shown & { group: { [name: string]: unknown } }) {
  const title = text(group["name"]);
  const shown = readable(title, 60);
  const consumers = list(view.keyspace.ask("XINFO", "CONSUMERS", name, title)).map(pairs);
  const pending = list(view.keyspace.ask("XPENDING", name, title, "-", "+", PENDING)).map(list);
  const who = useSignal("");
  const reader = who.value.trim() === "" ? (consumers.length > 0 ? text(consumers[0]!["name"]) : "worker") : typed(who.value.trim());
  const lag = group["lag"];
  return (
    <section class="stream-group" aria-label={STREAM.group(shown)}>
      <header>
        <h3>{shown}</h3>
        <span class="muted">
          {STREAM.facts(Number(group["consumers"]), Number(group["pending"]), lag === null || lag === undefined ? undefined : Number(lag))}
        </span>
        <span class="grow" />
        <Remove what={STREAM.group(shown)} remove={() => edit("XGROUP", "DESTROY", name, title)} />
      </header>
      <p class="muted">{STREAM.delivered(text(group["last-delivered-id"]))}</p>
      <div class="tools">
        <input
          aria-label={STREAM.consumer}
          placeholder={readable(reader, 40)}
          value={who.value}
          onInput={(event) => {
            who.value = event.currentTarget.value;
          }}
          autocomplete="off"
          spellcheck={false}
        />
        <button type="button" onClick={() => edit("XREADGROUP", "GROUP", title, reader, "COUNT", "1", "STREAMS", name, ">")}>
          {STREAM.read}
        </button>
      </div>
      {consumers.length > 0 && <h4>{STREAM.consumers}</h4>}
      {consumers.map((consumer) => {
        const one = text(consumer["name"]);
        return (
          <div class="pair" key={one}>
            <span class="field">{readable(one, 60)}</span>
            <span class="value muted">{STREAM.has(Number(consumer["pending"]), span(Number(consumer["idle"])))}</span>
            <Acts>
              <Remove what={STREAM.consumerName(readable(one, 60))} remove={() => edit("XGROUP", "DELCONSUMER", name, title, one)} />
            </Acts>
          </div>
        );
      })}
      {pending.length > 0 && <h4>{STREAM.pending}</h4>}
      {pending.map(([id, by, idle, times]) => (
        <div class="pair" key={text(id)}>
          <span class="field">{text(id)}</span>
          <span class="value muted">{STREAM.with(readable(text(by), 40), span(Number(idle)), Number(times))}</span>
          <button type="button" aria-label={STREAM.ackOf(text(id))} onClick={() => edit("XACK", name, title, text(id))}>
            {STREAM.ack}
          </button>
          <button
            type="button"
            aria-label={STREAM.claimOf(text(id), readable(reader, 40))}
            title={STREAM.claimOf(text(id), readable(reader, 40))}
            onClick={() => edit("XCLAIM", name, title, reader, "0", text(id))}
          >
            {STREAM.claim}
          </button>
        </div>
      ))}
    </section>
  );
}

function Groups(shown: Shown & { groups: { [name: string]: unknown }[] }) {
  const { name, edit, groups } = shown;
  const begin = useSignal("$");
  return (
    <>
      <div class="scroll flush">
        {groups.length === 0 && <p class="empty">{STREAM.none}</p>}
        {groups.map((group) => (
          <Group key={text(group["name"])} {...shown} group={group} />
        ))}
      </div>
      <div class="add-group">
        <select
          aria-label={STREAM.from}
          value={begin.value}
          onChange={(event) => {
            begin.value = event.currentTarget.value;
          }}
        >
          <option value="$">{STREAM.fromNow}</option>
          <option value="0">{STREAM.fromStart}</option>
        </select>
        <Add fields={["group"]} actions={{ [STREAM.create]: (group) => edit("XGROUP", "CREATE", name, group!, begin.value) }} />
      </div>
    </>
  );
}

export function StreamView(shown: Shown) {
  const { view, name } = shown;
  const tab = useSignal<"entries" | "groups">("entries");
  const count = Number(view.keyspace.ask("XLEN", name) ?? 0);
  const groups = list(view.keyspace.ask("XINFO", "GROUPS", name)).map(pairs);
  const tabs = [
    ["entries", STREAM.entries(count), "list"],
    ["groups", STREAM.groups(groups.length), "branch"],
  ] as const;
  return (
    <div class="stream-view">
      <div class="tools bar">
        <div class="segments" role="group" aria-label={STREAM.show}>
          {tabs.map(([id, label, icon]) => (
            <button
              key={id}
              type="button"
              aria-pressed={tab.value === id}
              onClick={() => {
                tab.value = id;
              }}
            >
              <Icon name={icon} size={14} />
              {label}
            </button>
          ))}
        </div>
      </div>
      {tab.value === "entries" ? <Entries {...shown} /> : <Groups {...shown} groups={groups} />}
    </div>
  );
}
