/**
 * One key, shown as what it is. Reads go through the page's own session and take what is on the screen: ranges where the type
 * has them, else the first members.
 */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { chosen, tell, type View } from "../app.js";
import type { Info } from "../names.js";
import { latin1, readable, size, span, typeable } from "../text.js";
import { ArrayView } from "./array.js";
import { Add, coordinates, Expiry, LongValue, Remove, seconds, Value } from "./edits.js";
import { list, MOST, pairs, ROW, type Shown, text } from "./shown.js";
import { VectorView } from "./vectors.js";
import { Virtual } from "./virtual.js";

/** Bytes of a string that are shown. */
const SHOWN = 4096;
/** Points on the map at most. */
const POINTS = 500;

/** A string as bits, eight a row. */
function Bits({ value }: { value: string }) {
  const count = Math.min(value.length, 64);
  return (
    <div class="bits" role="img" aria-label={`The first ${count * 8} bits`}>
      {Array.from({ length: count * 8 }, (_, i) => (
        <i key={i} class={(value.charCodeAt(i >> 3) >> (7 - (i & 7))) & 1 ? "one" : ""} title={`bit ${i}`} />
      ))}
    </div>
  );
}

function StringView({ view, name, edit }: Shown) {
  const asBits = useSignal<boolean | undefined>(undefined);
  const length = Number(view.keyspace.ask("STRLEN", name) ?? 0);
  const value = text(view.keyspace.ask("GETRANGE", name, 0, SHOWN - 1));
  if (value.startsWith("HYLL")) {
    const count = Number(view.keyspace.ask("PFCOUNT", name) ?? 0);
    return (
      <div class="big">
        <strong>≈ {count.toLocaleString("en")}</strong>
        <span class="muted">different elements, within 0.81 % (HyperLogLog, {size(length)})</span>
        <Add fields={["element"]} actions={{ Count: (element) => edit("PFADD", name, element!) }} />
      </div>
    );
  }
  const whole = length <= SHOWN ? typeable(value) : undefined;
  const binary = /[\0-\x08\x0e-\x1f]/.test(value);
  const bits = asBits.value ?? (binary && length <= 512);
  const ones = bits ? Number(view.keyspace.ask("BITCOUNT", name) ?? 0) : 0;
  return (
    <div class="scroll">
      <div class="tools">
        <button
          type="button"
          aria-pressed={!bits}
          onClick={() => {
            asBits.value = false;
          }}
        >
          Text
        </button>
        <button
          type="button"
          aria-pressed={bits}
          onClick={() => {
            asBits.value = true;
          }}
        >
          Bits
        </button>
        <span class="muted">
          {bits
            ? `${ones.toLocaleString("en")} of ${(length * 8).toLocaleString("en")} bits are 1`
            : `${length.toLocaleString("en")} ${length === 1 ? "byte" : "bytes"}`}
        </span>
      </div>
      {bits ? (
        <>
          <Bits value={value} />
          <Add fields={["offset", "bit"]} actions={{ Set: (offset, bit) => edit("SETBIT", name, offset!, bit!) }} />
        </>
      ) : length <= 300 && !value.includes("\n") ? (
        <p class="whole">
          <Value value={value} label="the value" change={(to) => edit("SET", name, to, "KEEPTTL")} />
        </p>
      ) : whole !== undefined ? (
        <LongValue value={whole} change={(to) => edit("SET", name, to, "KEEPTTL")} />
      ) : (
        <pre>
          {readable(value, SHOWN)}
          {length > SHOWN && `\n… ${size(length - SHOWN)} more`}
        </pre>
      )}
    </div>
  );
}

function HashView({ view, name, edit }: Shown) {
  const flat = first(view, "HSCAN", name);
  const fields: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) fields.push([flat[i]!, flat[i + 1]!]);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <>
      <Virtual
        count={fields.length}
        height={ROW}
        label="Fields"
        row={(i) => {
          const [field, value] = fields[i]!;
          const expires = Number(list(view.keyspace.ask("HPEXPIRETIME", name, "FIELDS", 1, field))[0] ?? -1);
          return (
            <div class="pair">
              <span class="field">{readable(field, 100)}</span>
              <Value
                value={value}
                label={`field ${readable(field, 100)}`}
                change={(to) => edit("HSETEX", name, "KEEPTTL", "FIELDS", "1", field, to)}
              />
              <Expiry
                view={view}
                expires={expires}
                of={`field ${readable(field, 100)}`}
                set={(after) =>
                  after === undefined
                    ? edit("HPERSIST", name, "FIELDS", "1", field)
                    : edit("HPEXPIRE", name, seconds(after), "FIELDS", "1", field)
                }
              />
              <Remove what={`field ${readable(field, 100)}`} remove={() => edit("HDEL", name, field)} />
            </div>
          );
        }}
      />
      <Add fields={["field", "value"]} actions={{ Set: (field, value) => edit("HSET", name, field!, value!) }} />
    </>
  );
}

/** The first members of what can only be walked through. */
function first(view: View, scan: string, name: string): string[] {
  const out: string[] = [];
  let cursor = "0";
  do {
    const reply = view.keyspace.ask(scan, name, cursor, "COUNT", 1000) as [Uint8Array, Uint8Array[]] | undefined;
    if (reply === undefined) break;
    cursor = latin1(reply[0]);
    out.push(...reply[1].map(latin1));
  } while (cursor !== "0" && out.length < MOST);
  return out;
}

function ListView({ view, name, edit }: Shown) {
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
        label="Elements"
        row={(i) => (
          <div class="pair">
            <span class="index">{i}</span>
            <Value
              value={text(view.keyspace.ask("LINDEX", name, i))}
              label={`element ${i}`}
              change={(to) => edit("LSET", name, String(i), to)}
            />
            <Remove what={`element ${i}`} remove={() => remove(i)} />
          </div>
        )}
      />
      <Add
        fields={["element"]}
        actions={{ "Push right": (element) => edit("RPUSH", name, element!), "Push left": (element) => edit("LPUSH", name, element!) }}
      />
    </>
  );
}

function SetView({ view, name, edit }: Shown) {
  const members = first(view, "SSCAN", name).sort();
  return (
    <>
      <Virtual
        count={members.length}
        height={ROW}
        label="Members"
        row={(i) => (
          <div class="pair">
            <Value value={members[i]!} label="member" />
            <Remove what={readable(members[i]!, 100)} remove={() => edit("SREM", name, members[i]!)} />
          </div>
        )}
      />
      <Add fields={["member"]} actions={{ Add: (member) => edit("SADD", name, member!) }} />
    </>
  );
}

/** Longitude and latitude, on a map that shows where the points are to each other. */
function GeoMap({ view, name, count }: { view: View; name: string; count: number }) {
  const members = list(view.keyspace.ask("ZRANGE", name, 0, POINTS - 1));
  const points = list(view.keyspace.ask("GEOPOS", name, ...members.map(text)))
    .map((at, i) => ({ name: text(members[i]), x: Number(text(list(at)[0])), y: Number(text(list(at)[1])) }))
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const wide = Math.max(Math.max(...xs) - Math.min(...xs), (Math.max(...ys) - Math.min(...ys)) * 1.6, 0.02) * 1.4;
  const middle = [(Math.max(...xs) + Math.min(...xs)) / 2, (Math.max(...ys) + Math.min(...ys)) / 2] as const;
  const at = (x: number, y: number) => [160 + ((x - middle[0]) / wide) * 320, 100 - ((y - middle[1]) / (wide / 1.6)) * 200] as const;
  return (
    <svg class="map" viewBox="0 0 320 200" role="img" aria-label={`A map of ${points.length} places`}>
      {[1, 2, 3, 4, 5, 6, 7].map((i) => (
        <path key={i} d={`M${i * 40} 0V200M0 ${i * 25}H320`} />
      ))}
      {points.map(({ name: place, x, y }) => {
        const [left, top] = at(x, y);
        return (
          <g key={place}>
            <title>{`${readable(place, 60)} ${x.toFixed(4)}, ${y.toFixed(4)}`}</title>
            <circle cx={left} cy={top} r={count > 50 ? 2 : 4} />
            {count <= 30 && (
              <text x={left} y={top - 8} text-anchor={left > 260 ? "end" : left < 60 ? "start" : "middle"}>
                {readable(place, 24)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

function ZsetView({ view, name, edit }: Shown) {
  const count = Number(view.keyspace.ask("ZCARD", name) ?? 0);
  const end = (from: string): number => Number(list(list(view.keyspace.ask("ZRANGE", name, from, from, "WITHSCORES"))[0])[1] ?? 0);
  const low = Math.min(end("0"), 0);
  const high = Math.max(end("-1"), 0);
  // Places have whole scores of 52 bits.
  const geo = end("0") > 1e14 && high < 2 ** 52;
  const asMap = useSignal(true);
  return (
    <>
      {geo && (
        <div class="tools">
          <button
            type="button"
            aria-pressed={asMap.value}
            onClick={() => {
              asMap.value = true;
            }}
          >
            Map
          </button>
          <button
            type="button"
            aria-pressed={!asMap.value}
            onClick={() => {
              asMap.value = false;
            }}
          >
            Scores
          </button>
        </div>
      )}
      {geo && asMap.value ? (
        <GeoMap view={view} name={name} count={count} />
      ) : (
        <Virtual
          count={count}
          height={ROW}
          label="Members, the highest score first"
          row={(i) => {
            const [member, score] = list(list(view.keyspace.ask("ZRANGE", name, i, i, "REV", "WITHSCORES"))[0]);
            const share = high === low ? 0 : (Math.abs(Number(score)) / (high - low)) * 100;
            return (
              <div class="pair score">
                <i class="bar" style={{ width: `${Math.min(share, 100)}%` }} />
                <span class="index">{i + 1}</span>
                <span class="field">{readable(text(member), 100)}</span>
                <Value
                  value={String(score)}
                  label={`score of ${readable(text(member), 100)}`}
                  change={(to) => edit("ZADD", name, to, text(member))}
                />
                <Remove what={readable(text(member), 100)} remove={() => edit("ZREM", name, text(member))} />
              </div>
            );
          }}
        />
      )}
      {geo ? (
        <Add
          fields={["member", "longitude, latitude"]}
          actions={{ Add: (member, at) => edit("GEOADD", name, ...coordinates(at!), member!) }}
        />
      ) : (
        <Add fields={["member", "score"]} actions={{ Add: (member, score) => edit("ZADD", name, score!, member!) }} />
      )}
    </>
  );
}

function StreamView({ view, name, edit }: Shown) {
  const count = Number(view.keyspace.ask("XLEN", name) ?? 0);
  const entries = list(view.keyspace.ask("XREVRANGE", name, "+", "-", "COUNT", MOST));
  const groups = list(view.keyspace.ask("XINFO", "GROUPS", name)).map(pairs);
  return (
    <div class="stream-view">
      {groups.length > 0 && (
        <div class="groups">
          {groups.map((group) => {
            const pending = list(view.keyspace.ask("XPENDING", name, text(group["name"]), "-", "+", 20)) as unknown[][];
            return (
              <details key={text(group["name"])} open={groups.length < 3}>
                <summary>
                  <b>{readable(text(group["name"]), 60)}</b> {String(group["consumers"])}{" "}
                  {group["consumers"] === 1 ? "consumer" : "consumers"}, {String(group["pending"])} pending, last{" "}
                  {text(group["last-delivered-id"])}
                </summary>
                {pending.map((entry) => (
                  <div class="pair" key={text(entry[0])}>
                    <span class="field">{text(entry[0])}</span>
                    <span class="value">
                      {readable(text(entry[1]), 40)}, {span(Number(entry[2]))} ago, {String(entry[3])}×
                    </span>
                  </div>
                ))}
              </details>
            );
          })}
        </div>
      )}
      <Virtual
        count={Math.min(count, entries.length)}
        height={ROW}
        label="Entries, the newest first"
        row={(i) => {
          const [id, fields] = list(entries[i]);
          const flat = list(fields).map((value) => readable(text(value), 80));
          const shown = flat.flatMap((value, j) => (j % 2 === 0 ? [`${value}=${flat[j + 1] ?? ""}`] : [])).join("  ");
          return (
            <div class="pair">
              <span class="index wide">{text(id)}</span>
              <span class="value" title={shown}>
                {shown}
              </span>
              <Remove what={`entry ${text(id)}`} remove={() => edit("XDEL", name, text(id))} />
            </div>
          );
        }}
      />
      <Add fields={["field", "value"]} actions={{ Add: (field, value) => edit("XADD", name, "*", field!, value!) }} />
    </div>
  );
}

const VIEWS: { [type: string]: (shown: Shown) => ComponentChildren } = {
  string: StringView,
  hash: HashView,
  list: ListView,
  set: SetView,
  zset: ZsetView,
  stream: StreamView,
  array: ArrayView,
  vectorset: VectorView,
};

function Head({ view, name, info, edit }: Shown & { info: Info }) {
  // What cannot be taken back is asked twice.
  const sure = useSignal(false);
  const rename = async (to: string): Promise<void> => {
    try {
      if ((await view.give(["RENAMENX", name, to])) === 0) tell("There is a key of this name already.", true);
      else chosen.value = to;
    } catch (error) {
      tell((error as Error).message, true);
    }
  };
  return (
    <header>
      <h2 class="name" title={readable(name, 500)}>
        <Value value={name} label="the key’s name" look="name" change={(to) => void rename(to)} />
      </h2>
      <span class={`type ${info.type}`}>{info.type}</span>
      <span class="muted">
        {info.encoding}, {size(info.size)}
      </span>
      <Expiry
        view={view}
        expires={info.expires}
        of="the key"
        set={(after) => (after === undefined ? edit("PERSIST", name) : edit("PEXPIRE", name, seconds(after)))}
      />
      <button
        type="button"
        class="danger"
        onBlur={() => {
          sure.value = false;
        }}
        onClick={() => {
          sure.value = !view.undo && !sure.value;
          if (sure.value) return;
          edit("DEL", name);
          tell(`Deleted ${readable(name, 40)}.${view.undo ? " Undo brings it back." : ""}`);
        }}
      >
        {sure.value ? "Delete for good" : "Delete"}
      </button>
      <Close />
    </header>
  );
}

function Close() {
  return (
    <button
      type="button"
      aria-label="Close this key"
      onClick={() => {
        chosen.value = undefined;
      }}
    >
      ✕
    </button>
  );
}

export function Viewer({ view }: { view: View }) {
  const name = chosen.value;
  view.keyspace.version.value;
  if (name === undefined) return null;
  const info = view.keyspace.info(name);
  const edit = (...args: string[]): void => {
    view.give(args).catch((error: Error) => tell(error.message, true));
  };
  const Shape = info && Object.hasOwn(VIEWS, info.type) && VIEWS[info.type];
  return (
    <section class="viewer panel" aria-label="The chosen key">
      {!info || !Shape ? (
        <>
          <header>
            <h2 class="name">{readable(name, 60)}</h2>
            <Close />
          </header>
          <p class="empty">{info === undefined ? "Reading…" : "This key is not there any more, or not yet."}</p>
        </>
      ) : (
        <>
          <Head view={view} name={name} info={info} edit={edit} />
          <Shape key={name} view={view} name={name} edit={edit} />
        </>
      )}
    </section>
  );
}
