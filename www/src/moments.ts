/**
 * What changed: by one command, or between two moments. Engines of their own, on which the events happen again, tell; the present is not
 * touched. All is read in slices, and within bounds.
 */
import type { Client, Wakey } from "wakey/slim";
import { Moment } from "./replay.js";
import type { Event, Session } from "./session.js";
import { slices, type Turn } from "./slices.js";
import { bytes, latin1 } from "./text.js";

/** What happened to a key, or to an element of one. */
export type How = "added" | "removed" | "changed";
export interface Change {
  how: How;
  key: string;
  database: number;
}
export interface Part {
  how: How;
  /** Field, member, index or id; of a string, nothing. */
  name: string;
  before: string | undefined;
  after: string | undefined;
}
export interface Difference extends Change {
  type: string;
  /** Undefined where there are too many elements to be compared. */
  parts: Part[] | undefined;
}

const DATABASES = 16;
/** Events that are walked through to tell what one changed; keys that are compared; elements of a key; differences that are told. */
const FARTHEST = 20_000;
const MOST_KEYS = 100_000;
const MOST_PARTS = 2000;
export const MOST_TOLD = 300;
const GONE = new Set(["del", "expired", "evicted", "rename_from", "move_from"]);

/** Walks along the events and takes down which keys each of them changed. */
class Walk {
  private readonly found = new WeakMap<Event, Change[]>();
  private readonly there = new Set<string>();
  private changes = new Map<string, Change>();
  private readonly clients: Client[] = [];

  private constructor(
    private readonly moment: Moment,
    readonly events: readonly Event[],
  ) {
    for (let database = 0; database < DATABASES; database++) {
      const client = moment.db.session();
      client.select(database);
      this.clients.push(client);
      client.bytes.watchKeys("*", (event, name) => this.happened(event, latin1(name), database));
    }
  }

  static async along(session: Session, events: readonly Event[]): Promise<Walk> {
    return new Walk(await Moment.open(session, events), events);
  }

  private happened(event: string, key: string, database: number): void {
    const id = `${database} ${key}`;
    const gone = GONE.has(event);
    const how = gone ? "removed" : this.there.has(id) ? "changed" : "added";
    if (gone) this.there.delete(id);
    else this.there.add(id);
    const before = this.changes.get(id)?.how;
    if (before === "added" && gone) this.changes.delete(id);
    else this.changes.set(id, { key, database, how: before === "added" ? "added" : how });
  }

  /** What happens to all keys at once (FLUSHALL) is told of none. */
  private emptied(): void {
    for (const [database, client] of this.clients.entries()) {
      if (client.closed || client.call("DBSIZE") !== 0) continue;
      const prefix = `${database} `;
      for (const id of this.there) if (id.startsWith(prefix)) this.happened("del", id.slice(prefix.length), database);
    }
  }

  async to(step: number): Promise<Change[] | undefined> {
    if (step > FARTHEST) return undefined;
    const pace = slices();
    while (this.moment.position < step) {
      this.changes = new Map();
      await this.moment.go(this.moment.position + 1);
      // Watchers are told once the code that runs now is done.
      await null;
      if (this.changes.size === 0 && this.there.size > 0) this.emptied();
      this.found.set(this.events[this.moment.position - 1]!, [...this.changes.values()]);
      await pace();
    }
    return this.found.get(this.events[step - 1]!);
  }

  close(): void {
    this.moment.close();
  }
}

let walk: Promise<Walk> | undefined;
let walked: readonly Event[] | undefined;
let busy: Promise<unknown> = Promise.resolve();

/** The keys that a command changed, by its step; undefined where that is too far away. One question waits for the one before it. */
export function changesOf(session: Session, step: number): Promise<Change[] | undefined> {
  const answer = busy.then(async () => {
    const events = session.events;
    if (walked !== events) {
      (await walk)?.close();
      walked = events;
      walk = Walk.along(session, events);
    }
    return (await walk!).to(step);
  });
  busy = answer.catch(() => {});
  return answer;
}

/** One database of a moment. */
class Side {
  private readonly client: Client<Uint8Array>;

  constructor(db: Wakey, database: number) {
    const client = db.session();
    client.select(database);
    this.client = client.bytes;
  }

  ask(...args: string[]): unknown {
    const [name, ...rest] = args;
    return this.client.call(name!, ...rest.map(bytes));
  }

  async keys(pace: Turn): Promise<Set<string>> {
    const out = new Set<string>();
    let cursor = "0";
    do {
      const [next, names] = this.ask("SCAN", cursor, "COUNT", "500") as [Uint8Array, Uint8Array[]];
      for (const name of names) out.add(latin1(name));
      cursor = latin1(next);
      await pace();
    } while (cursor !== "0" && out.size < MOST_KEYS);
    return out;
  }

  /** What a key is, so that two are the same where this is: its value, and when it ends. */
  print(key: string): string {
    const dump = this.ask("DUMP", key);
    return `${this.ask("PEXPIRETIME", key)} ${dump instanceof Uint8Array ? latin1(dump) : ""}`;
  }

  type(key: string): string {
    return String(this.ask("TYPE", key));
  }

  /** The elements of a key by their names; undefined where they are too many, or cannot be told apart. */
  elements(key: string, type: string): Map<string, string> | undefined {
    const many = (count: string): boolean => Number(this.ask(count, key)) > MOST_PARTS;
    const texts = (reply: unknown): string[] =>
      (reply as unknown[]).flat(2).map((one) => (one instanceof Uint8Array ? latin1(one) : String(one)));
    const paired = (list: string[]): Map<string, string> => {
      const out = new Map<string, string>();
      for (let i = 0; i + 1 < list.length; i += 2) out.set(list[i]!, list[i + 1]!);
      return out;
    };
    switch (type) {
      case "string":
        return new Map([["", latin1(this.ask("GET", key) as Uint8Array)]]);
      case "hash":
        return many("HLEN") ? undefined : paired(texts(this.ask("HGETALL", key)));
      case "set":
        return many("SCARD") ? undefined : new Map(texts(this.ask("SMEMBERS", key)).map((member) => [member, ""]));
      case "zset":
        return many("ZCARD") ? undefined : paired(texts(this.ask("ZRANGE", key, "0", "-1", "WITHSCORES")));
      case "list":
        return many("LLEN") ? undefined : new Map(texts(this.ask("LRANGE", key, "0", "-1")).map((value, i) => [String(i), value]));
      case "stream": {
        if (many("XLEN")) return undefined;
        const entries = this.ask("XRANGE", key, "-", "+") as [Uint8Array, Uint8Array[]][];
        return new Map(entries.map(([id, fields]) => [latin1(id), fields.map(latin1).join(" ")]));
      }
    }
    return undefined;
  }

  end(key: string): string {
    return String(this.ask("PEXPIRETIME", key));
  }
}

/** What differs in a key's elements, and in its end, which has the name `EXPIRES`. */
export const EXPIRES = "\0expires";

function parts(before: Side, after: Side, key: string, how: How): { type: string; parts: Part[] | undefined } {
  const was = how === "added" ? "none" : before.type(key);
  const is = how === "removed" ? "none" : after.type(key);
  const type = is === "none" ? was : is;
  const old = was === "none" || was !== type ? new Map<string, string>() : before.elements(key, was);
  const now = is === "none" ? new Map<string, string>() : after.elements(key, is);
  if (old === undefined || now === undefined) return { type, parts: undefined };
  const out: Part[] = [];
  for (const [name, value] of now) {
    const then = old.get(name);
    if (then === undefined) out.push({ how: "added", name, before: undefined, after: value });
    else if (then !== value) out.push({ how: "changed", name, before: then, after: value });
  }
  for (const [name, value] of old) if (!now.has(name)) out.push({ how: "removed", name, before: value, after: undefined });
  if (how === "changed" && before.end(key) !== after.end(key)) {
    const end = (side: Side): string | undefined => (side.end(key) === "-1" ? undefined : side.end(key));
    out.push({ how: "changed", name: EXPIRES, before: end(before), after: end(after) });
  }
  return { type, parts: out };
}

/** What is different at step `to` from what it was at step `from`. `more`: there is more than is told. */
export async function difference(
  session: Session,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<{ list: Difference[]; more: number }> {
  const { events } = session;
  const opened: Moment[] = [];
  try {
    for (const position of [from, to]) {
      const moment = await Moment.open(session, events);
      opened.push(moment);
      await moment.go(position, signal);
    }
    const [first, second] = opened as [Moment, Moment];
    const pace = slices(signal);
    const list: Difference[] = [];
    let more = 0;
    for (let database = 0; database < DATABASES; database++) {
      const before = new Side(first.db, database);
      const after = new Side(second.db, database);
      const old = await before.keys(pace);
      const now = await after.keys(pace);
      const note = (key: string, how: How): void => {
        if (list.length >= MOST_TOLD) more++;
        else list.push({ key, database, how, ...parts(before, after, key, how) });
      };
      for (const key of now) {
        if (!old.has(key)) note(key, "added");
        else if (before.print(key) !== after.print(key)) note(key, "changed");
        await pace();
      }
      for (const key of old) {
        if (!now.has(key)) note(key, "removed");
        await pace();
      }
    }
    return { list, more };
  } finally {
    for (const moment of opened) moment.close();
  }
}
