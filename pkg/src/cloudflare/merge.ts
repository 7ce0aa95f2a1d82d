/** The commands that concern all objects of a database, and how their answers become one. Replies are RESP2 or RESP3. */
import { SHARDS, type Shards } from "../client/facts.gen.js";
import { encoded } from "../resp/command.js";
import { type Head, head, isError } from "../resp/frames.js";
import { decodeAny } from "../resp/values.js";
import { bulk, joined } from "../resp/write.js";

/** How the answers of all objects become one. */
export type Merge = (replies: Uint8Array[]) => Uint8Array;

/** How, of a command that concerns every object; `config|set` is a subcommand. Undefined of any other. */
export function mergeOf(name: string): Merge | undefined {
  const how = SHARDS[name];
  return how === undefined || how === "cursor" ? undefined : MERGES[how];
}

function sum(replies: Uint8Array[]): Uint8Array {
  const failed = replies.find(isError);
  return failed ?? encoded(`:${replies.reduce((total, reply) => total + Number(decodeAny(reply, 0, false)), 0)}\r\n`);
}

export function first(replies: Uint8Array[]): Uint8Array {
  return replies.find(isError) ?? (replies[0] as Uint8Array);
}

/** Arrays behind each other. */
function concat(replies: Uint8Array[]): Uint8Array {
  const failed = replies.find(isError);
  if (failed !== undefined) return failed;
  let count = 0;
  const bodies = replies.map((reply) => {
    const { items, next } = head(reply, 0) as Head;
    count += items as number;
    return reply.subarray(next);
  });
  return joined([encoded(`*${count}\r\n`), ...bodies]);
}

/** One of the keys: each object has given one, or null. */
function anyBulk(replies: Uint8Array[]): Uint8Array {
  const failed = replies.find(isError);
  if (failed !== undefined) return failed;
  const found = replies.filter((reply) => !(decodeAny(reply, 0, true) === null));
  return found[Math.floor(Math.random() * found.length)] ?? (replies[0] as Uint8Array);
}

/** Place by place the least of the numbers: a script is there when all objects have it. */
function least(replies: Uint8Array[]): Uint8Array {
  const failed = replies.find(isError);
  if (failed !== undefined) return failed;
  const lists = replies.map((reply) => decodeAny(reply, 0, false) as number[]);
  const numbers = (lists[0] as number[]).map((_, i) => Math.min(...lists.map((list) => list[i] as number)));
  return encoded(`*${numbers.length}\r\n${numbers.map((n) => `:${n}\r\n`).join("")}`);
}

/** Done where one object has done it. */
function once(replies: Uint8Array[]): Uint8Array {
  return replies.find((reply) => !isError(reply)) ?? (replies[0] as Uint8Array);
}

/** Lines of INFO whose numbers are added up; the others are those of the first object. */
const ADDED =
  /^(used_memory|used_memory_rss|maxmemory|connected_clients|blocked_clients|pubsub_clients|total_commands_processed|total_connections_received|instantaneous_ops_per_sec|keyspace_hits|keyspace_misses|expired_keys|evicted_keys|aof_current_size|aof_base_size|rdb_changes_since_last_save)$/;

/** INFO of all objects as one: counts and sizes added up, the keys of each database too. */
function mergeInfo(replies: Uint8Array[]): Uint8Array {
  const failed = replies.find(isError);
  if (failed !== undefined) return failed;
  const texts = replies.map((reply) => decodeAny(reply, 0, false) as string);
  const values = new Map<string, number>();
  const databases = new Map<string, { [name: string]: number }>();
  for (const text of texts) {
    for (const line of text.split("\r\n")) {
      const [name = "", value = ""] = line.split(/:(.*)/s);
      if (ADDED.test(name)) values.set(name, (values.get(name) ?? 0) + Number(value));
      if (!/^db\d+$/.test(name)) continue;
      const total = databases.get(name) ?? {};
      for (const pair of value.split(",")) {
        const [what = "", n = "0"] = pair.split("=");
        // A mean cannot be added up; the longest is as good an answer.
        total[what] = what === "avg_ttl" ? Math.max(total[what] ?? 0, Number(n)) : (total[what] ?? 0) + Number(n);
      }
      databases.set(name, total);
    }
  }
  const out: string[] = [];
  for (const line of (texts[0] as string).split("\r\n")) {
    const name = line.slice(0, Math.max(line.indexOf(":"), 0));
    if (/^db\d+$/.test(name)) continue;
    out.push(values.has(name) ? `${name}:${values.get(name)}` : line);
    if (line !== "# Keyspace") continue;
    for (const [db, total] of [...databases].sort(([a], [b]) => Number(a.slice(2)) - Number(b.slice(2))))
      out.push(
        `${db}:${Object.entries(total)
          .map(([what, n]) => `${what}=${n}`)
          .join(",")}`,
      );
  }
  return bulk(encoded(out.join("\r\n")));
}

const MERGES: { readonly [how in Exclude<Shards, "cursor">]: Merge } = { sum, first, concat, any: anyBulk, least, once, info: mergeInfo };
