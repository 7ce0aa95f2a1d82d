/**
 * The servers that drop-ins for tests believe to connect to: an engine for each address, opened by who comes first, shared by all
 * clients of a process, whichever library they are of.
 */
import type { Client, Wakey } from "../client/client.js";
import type { Entries } from "../client/command-types.js";
import type { OpenSync, OpenSyncOptions } from "../open/open.js";
import { flat } from "../resp/command.js";
import { mindTicks } from "./fakes.js";

interface Servers {
  open: Map<string, Wakey>;
  options: OpenSyncOptions;
}

/** Of all copies of the package in a realm: a test and what it tests may have loaded different ones. Jest's realms are its files'. */
const SERVERS = Symbol.for("wakey.servers");

function servers(): Servers {
  const realm = globalThis as { [SERVERS]?: Servers };
  realm[SERVERS] ??= { open: new Map(), options: {} };
  return realm[SERVERS];
}

/** What an entry's drop-ins do with servers; `openSync` is the entry's. */
export interface ServersHere {
  /** The server of this name, which is opened if it is not there. */
  at(name: string, more?: OpenSyncOptions): Wakey;
  /**
   * Ends all servers and what they hold. Clients that are connected see their connection end, and come back to empty ones. Servers
   * are opened with these options from then on: a clock, a seed, users.
   */
  reset(options?: OpenSyncOptions): void;
}

export function serversWith(openSync: OpenSync): ServersHere {
  return {
    at(name, more = {}) {
      mindTicks();
      const { open, options } = servers();
      let db = open.get(name);
      if (db === undefined || db.closed) {
        db = openSync({ ...options, ...more });
        open.set(name, db);
      }
      return db;
    },
    reset(options = {}) {
      const all = servers();
      const before = [...all.open.values()];
      all.open.clear();
      all.options = options;
      for (const db of before) void db.close();
    },
  };
}

/** A host and a port, or the path of a socket, as a server's name. */
export function addressOf(host: unknown, port: unknown, path?: string): string {
  if (path) return `unix:${path}`;
  const name = ["", "127.0.0.1", "::1", "[::1]"].includes(String(host ?? "")) ? "localhost" : String(host);
  return `${name}:${port ?? 6379}`;
}

/** A value to begin with, by what it is in JavaScript. */
export type Seed =
  | string
  | number
  | bigint
  | Uint8Array
  | readonly unknown[]
  | ReadonlySet<unknown>
  | ReadonlyMap<string, number | { score: number; value?: string }>
  | { readonly [field: string]: unknown };

/** What a database begins with: keys and their values. */
export type Data = { readonly [key: string]: Seed };

/** Puts values into a database, in the place of what is there: a list for an array, a set, a sorted set for a Map, a hash for an object. */
export function seed(db: Client<string, Entries>, data: Data, prefix = ""): void {
  if (typeof data !== "object" || data === null) throw new TypeError("data must be an object of keys and values");
  for (const [name, value] of Object.entries(data)) {
    const key = prefix + name;
    const text = (one: unknown): string | Uint8Array => flat(one) ?? String(one);
    db.call("DEL", key);
    if (value === undefined || value === null) continue;
    const string = flat(value);
    if (string !== undefined || typeof value !== "object") db.call("SET", key, string ?? String(value));
    else if (Array.isArray(value)) {
      if (value.length > 0) db.call("RPUSH", key, ...value.map(text));
    } else if (value instanceof Set) {
      if (value.size > 0) db.call("SADD", key, ...[...value].map(text));
    } else if (value instanceof Map) {
      const scored = [...value].flatMap(([member, score]) => [String(typeof score === "object" ? score.score : score), text(member)]);
      if (scored.length > 0) db.call("ZADD", key, ...scored);
    } else {
      const fields = Object.entries(value).flatMap(([field, one]) => [field, text(one)]);
      if (fields.length > 0) db.call("HSET", key, ...fields);
    }
  }
}
