/** Hashes, lists, sets and sorted sets: a row for each element, its value to be changed there or opened. */
import { COUNTS } from "../kinds.js";
import { SHAPES } from "../strings.js";
import { readable } from "../text.js";
import { Acts, Add, Open, Remove, Value } from "./edits.js";
import { deadline, Expiry } from "./expiry.js";
import { first, list, maybe, ROW, type Shown, text } from "./shown.js";
import { Virtual } from "./virtual.js";

/** Said where not all is here. */
export function Limit({ shown, all, type }: { shown: number; all: number; type: string }) {
  return all > shown ? <p class="note">{SHAPES.first(shown, all, COUNTS[type]![2])}</p> : null;
}

export function HashView({ view, name, edit, open }: Shown) {
  const flat = first(view, "HSCAN", name);
  const fields: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) fields.push([flat[i]!, flat[i + 1]!]);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  const count = Number(view.keyspace.ask("HLEN", name) ?? fields.length);
  return (
    <>
      <Limit shown={fields.length} all={count} type="hash" />
      <Virtual
        count={fields.length}
        height={ROW}
        label={SHAPES.fields}
        print={(i) => ({ name: fields[i]![0], shows: fields[i]![1], keyed: true })}
        row={(i) => {
          const [field, value] = fields[i]!;
          const what = SHAPES.field(readable(field, 100));
          const save = (to: string): void => edit("HSETEX", name, "KEEPTTL", "FIELDS", "1", field, to);
          const look = (): void => open({ title: what, read: () => maybe(view.keyspace.ask("HGET", name, field)), save });
          return (
            <div class="pair">
              <span class="field" title={readable(field, 300)}>
                {readable(field, 100) || '""'}
              </span>
              <Value value={value} label={what} change={save} open={look} />
              <Acts>
                <Expiry
                  view={view}
                  expires={Number(list(view.keyspace.ask("HPEXPIRETIME", name, "FIELDS", 1, field))[0] ?? -1)}
                  of={what}
                  small
                  set={(to) => {
                    if (to === undefined) return edit("HPERSIST", name, "FIELDS", "1", field);
                    const [absolute, ms] = deadline(to);
                    edit(absolute ? "HPEXPIREAT" : "HPEXPIRE", name, ms, "FIELDS", "1", field);
                  }}
                />
                <Open what={what} open={look} />
                <Remove what={what} remove={() => edit("HDEL", name, field)} />
              </Acts>
            </div>
          );
        }}
      />
      <Add fields={["field", "value"]} actions={{ [SHAPES.set]: (field, value) => edit("HSET", name, field!, value!) }} />
    </>
  );
}

export function ListView({ view, name, edit, open }: Shown) {
  const count = Number(view.keyspace.ask("LLEN", name) ?? 0);
  // No command removes by index: one in the middle is first made different from all others.
  const remove = (i: number): void => {
    if (i === 0) edit("LPOP", name);
    else if (i === count - 1) edit("RPOP", name);
    else {
      const mark = `removed ${Math.random()}`;
      edit("LSET", name, String(i), mark);
      edit("LREM", name, "1", mark);
    }
  };
  return (
    <>
      <Virtual
        count={count}
        height={ROW}
        label={SHAPES.elements}
        print={(i) => ({ name: maybe(view.keyspace.ask("LINDEX", name, i)), shows: "" })}
        row={(i) => {
          const read = (): string | undefined => maybe(view.keyspace.ask("LINDEX", name, i));
          const save = (to: string): void => edit("LSET", name, String(i), to);
          const look = (): void => open({ title: SHAPES.element(i), read, save });
          return (
            <div class="pair">
              <span class="index">{i}</span>
              <Value value={read() ?? ""} label={SHAPES.element(i)} change={save} open={look} />
              <Acts>
                <Open what={SHAPES.element(i)} open={look} />
                <Remove what={SHAPES.element(i)} remove={() => remove(i)} />
              </Acts>
            </div>
          );
        }}
      />
      <Add
        fields={["element"]}
        actions={{
          [SHAPES.pushRight]: (element) => edit("RPUSH", name, element!),
          [SHAPES.pushLeft]: (element) => edit("LPUSH", name, element!),
        }}
      />
    </>
  );
}

export function SetView({ view, name, edit, open }: Shown) {
  const members = first(view, "SSCAN", name).sort();
  const count = Number(view.keyspace.ask("SCARD", name) ?? members.length);
  return (
    <>
      <Limit shown={members.length} all={count} type="set" />
      <Virtual
        count={members.length}
        height={ROW}
        label={SHAPES.members}
        print={(i) => ({ name: members[i]!, shows: "", keyed: true })}
        row={(i) => {
          const member = members[i]!;
          const look = (): void =>
            open({ title: SHAPES.member, read: () => (view.keyspace.ask("SISMEMBER", name, member) ? member : undefined) });
          return (
            <div class="pair">
              <Value value={member} label={SHAPES.member} />
              <Acts>
                <Open what={readable(member, 40)} open={look} />
                <Remove what={readable(member, 100)} remove={() => edit("SREM", name, member)} />
              </Acts>
            </div>
          );
        }}
      />
      <Add fields={["member"]} actions={{ [SHAPES.add]: (member) => edit("SADD", name, member!) }} />
    </>
  );
}

/** Scores, the highest first; a bar for each. */
export function Scores({ view, name, edit, open }: Shown) {
  const count = Number(view.keyspace.ask("ZCARD", name) ?? 0);
  const end = (at: number): number => Number(list(list(view.keyspace.ask("ZRANGE", name, at, at, "WITHSCORES"))[0])[1] ?? 0);
  const low = Math.min(end(0), 0);
  const high = Math.max(end(-1), 0);
  const at = (i: number): [member: string, score: unknown] => {
    const [member, score] = list(list(view.keyspace.ask("ZRANGE", name, i, i, "REV", "WITHSCORES"))[0]);
    return [text(member), score];
  };
  return (
    <Virtual
      count={count}
      height={ROW}
      label={SHAPES.highest}
      print={(i) => ({ name: at(i)[1] === undefined ? undefined : at(i)[0], shows: String(at(i)[1]), keyed: true })}
      row={(i) => {
        const [member, score] = at(i);
        const shown = readable(member, 100);
        const share = high === low ? 0 : (Math.abs(Number(score)) / (high - low)) * 100;
        return (
          <div class="pair score">
            <i class="bar" style={{ width: `${Math.min(share, 100)}%` }} />
            <span class="index">{i + 1}</span>
            <span class="field" title={shown}>
              {shown || '""'}
            </span>
            <Value value={String(score ?? "")} label={SHAPES.score(shown)} change={(to) => edit("ZADD", name, to, member)} />
            <Acts>
              <Open
                what={shown}
                open={() =>
                  open({ title: SHAPES.member, read: () => (view.keyspace.ask("ZSCORE", name, member) === null ? undefined : member) })
                }
              />
              <Remove what={shown} remove={() => edit("ZREM", name, member)} />
            </Acts>
          </div>
        );
      }}
    />
  );
}

export function ZsetView(shown: Shown) {
  const { name, edit } = shown;
  return (
    <>
      <Scores {...shown} />
      <Add fields={["member", "score"]} actions={{ [SHAPES.add]: (member, score) => edit("ZADD", name, score!, member!) }} />
    </>
  );
}

export function HllView({ view, name, edit }: Shown) {
  const count = Number(view.keyspace.ask("PFCOUNT", name) ?? 0);
  return (
    <div class="big">
      <strong>≈ {count.toLocaleString("en")}</strong>
      <span class="muted">{SHAPES.distinct}</span>
      <Add fields={["element"]} actions={{ [SHAPES.add]: (element) => edit("PFADD", name, element!) }} />
    </div>
  );
}
