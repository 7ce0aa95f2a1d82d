/** A database as plain values, for assertions and snapshots: the same whatever the order of the commands. */
import type { Client } from "../client/client.js";
import type { Entries, StreamEntry } from "../client/command-types.js";
import { shaped } from "../client/entries.js";

/** A key's value: by its type what it is in JavaScript, and how long it lives, in milliseconds, where it does not for good. */
export interface Entry {
  type: string;
  value: unknown;
  expiresIn?: number;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sorted(map: object): { [key: string]: unknown } {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => compare(a, b)));
}

function plain(db: Client<string, Entries>, type: string, key: string): unknown {
  switch (type) {
    case "string":
      return db.call("GET", key);
    case "list":
      return db.call("LRANGE", key, "0", "-1");
    case "set":
      return [...(db.call("SMEMBERS", key) as Iterable<string>)].sort(compare);
    case "hash":
      return sorted(db.call("HGETALL", key) as object);
    case "zset":
      return db.call("ZRANGE", key, "0", "-1", "WITHSCORES");
    case "stream":
      return (shaped(db.call("XRANGE", key, "-", "+")) as StreamEntry[]).map(({ id, message }) => [id, { ...message }]);
    case "array":
      return db.call("ARSCAN", key, "0", "18446744073709551614");
    case "vectorset":
      return Object.fromEntries((db.call("VRANGE", key, "-", "+") as string[]).map((element) => [element, embedded(db, key, element)]));
    default:
      return undefined;
  }
}

/** An element of a vector set: the numbers that are kept of it, to the digits that they have, and its attributes. */
function embedded(db: Client<string, Entries>, key: string, element: string): { vector: number[]; attributes?: string } {
  const vector = (db.call("VEMB", key, element) as number[]).map((one) => Number(one.toPrecision(7)));
  const attributes = db.call("VGETATTR", key, element) as string | null;
  return attributes === null ? { vector } : { vector, attributes };
}

/** A key as plain values; undefined where there is none. It does not count as an access. */
export function entryOf(db: Client<string, Entries>, key: string): Entry | undefined {
  const type = db.call("TYPE", key) as string;
  if (type === "none") return undefined;
  const entry: Entry = { type, value: plain(db, type, key) };
  const left = db.call("PTTL", key) as number;
  if (left >= 0) entry.expiresIn = left;
  return entry;
}

/** All keys of the session's database, in their order, as plain values: for `toEqual`, and for snapshots. */
export function keyspaceOf(db: Client<string, Entries>): { [key: string]: Entry } {
  const keys = (db.call("KEYS", "*") as string[]).sort(compare);
  return Object.fromEntries(
    keys.flatMap((key) => {
      const entry = entryOf(db, key);
      return entry === undefined ? [] : [[key, entry]];
    }),
  );
}
