/**
 * The keyspace as it is seen: names of all keys, in order, in groups by what stands before their first colon.
 *
 * Names are read once, in slices with SCAN, and kept right by what `watchKeys` tells. Events that name no key (FLUSHALL,
 * SWAPDB) show as a number of keys that is not ours; then it is read anew. Type, size and expiry are asked for the rows that
 * are on the screen, and nothing is asked while nothing happens.
 *
 * A hundred thousand keys cost about 20 MB, and a sort of what is in order already for each round of changes.
 */
import { effect, signal, untracked } from "@preact/signals";
import type { Client, Stop, Wakey } from "wakey/slim";
import type { Session } from "./session.js";
import { bytes, latin1 } from "./text.js";

export interface Info {
  type: string;
  encoding: string;
  size: number;
  /** When it expires, in milliseconds since the epoch; -1 when it does not. */
  expires: number;
}

export type Row = { group: string; count: number; open: boolean } | { key: string; nested: boolean };

interface Group {
  keys: string[];
  sorted: boolean;
  /** Holds names of keys that are gone, or came back and stand there twice. */
  stale: boolean;
}

/** Keys read in one go: well below what one would feel. */
const SLICE = 2000;
/** Rounds of changes are shown at most so often, in milliseconds; with very many keys less often. */
const PACE = 60;

function groupOf(key: string): string {
  const colon = key.indexOf(":");
  return colon > 0 ? key.slice(0, colon + 1) : "";
}

export class Keyspace {
  readonly version = signal(0);
  readonly loading = signal(false);
  readonly database = signal(0);
  readonly count = signal(0);
  /** Looks no longer. */
  readonly end: () => void;
  private all = new Set<string>();
  private groups = new Map<string, Group>();
  private readonly closed = new Set<string>();
  private client: Client<Uint8Array> | undefined;
  private stop: Stop | undefined;
  private planned = false;
  private reading = 0;
  private turn = 0;

  constructor(session: Session) {
    const follow = effect(() => {
      const db = session.db.value;
      const number = this.database.value;
      untracked(() => this.attach(db, number));
    });
    const look = effect(() => {
      session.changes.value;
      untracked(() => {
        const db = session.db.peek();
        // CLIENT KILL ends this session, too.
        if (this.client?.closed && session.alive) this.attach(db, this.database.peek());
        else this.check();
      });
    });
    this.end = () => {
      follow();
      look();
      this.stop?.();
    };
  }

  /** Reads with the page's own session, which nobody sees in the time line. Undefined where it fails. */
  ask(...args: (string | number)[]): unknown {
    if (this.client === undefined || this.client.closed) return undefined;
    try {
      const [name, ...rest] = args;
      return this.client.call(String(name), ...rest.map((arg) => (typeof arg === "string" ? bytes(arg) : arg)));
    } catch {
      return undefined;
    }
  }

  /** What there is to say of a key; undefined when it is gone. */
  info(key: string): Info | undefined {
    const type = this.ask("TYPE", key);
    const name = type instanceof Uint8Array ? latin1(type) : String(type);
    if (type === undefined || name === "none") return undefined;
    const encoding = this.ask("OBJECT", "ENCODING", key);
    let usage = this.ask("MEMORY", "USAGE", key);
    if (typeof usage !== "number") {
      const line = this.ask("DEBUG", "OBJECT", key);
      usage = Number(/serializedlength:(\d+)/.exec(line instanceof Uint8Array ? latin1(line) : String(line))?.[1] ?? 0);
    }
    return {
      type: name,
      encoding: encoding instanceof Uint8Array ? latin1(encoding) : String(encoding ?? ""),
      size: usage as number,
      expires: Number(this.ask("PEXPIRETIME", key) ?? -1),
    };
  }

  has(key: string): boolean {
    return this.all.has(key);
  }

  /** Opens or closes a group. */
  toggle(group: string): void {
    if (!this.closed.delete(group)) this.closed.add(group);
    this.version.value++;
  }

  /** What is to be shown, in order; keys whose name holds `filter`. */
  rows(filter: string): Row[] {
    const out: Row[] = [];
    const names = [...this.groups.keys()].sort();
    for (const name of names) {
      const group = this.groups.get(name)!;
      if (!group.sorted) {
        if (group.stale) group.keys = [...new Set(group.keys.filter((key) => this.all.has(key)))];
        group.keys.sort();
        group.stale = false;
        group.sorted = true;
      }
      const keys = filter === "" ? group.keys : group.keys.filter((key) => key.includes(filter));
      if (keys.length === 0) continue;
      if (name === "") {
        for (const key of keys) out.push({ key, nested: false });
        continue;
      }
      const isOpen = !this.closed.has(name);
      out.push({ group: name, count: keys.length, open: isOpen });
      if (isOpen) for (const key of keys) out.push({ key, nested: true });
    }
    return out;
  }

  private attach(db: Wakey, number: number): void {
    this.stop?.();
    const client = db.session({ name: "playground" });
    client.select(number);
    this.client = client.bytes;
    this.stop = client.bytes.watchKeys("*", (event, key) => this.happened(event, latin1(key)));
    this.read();
  }

  private happened(event: string, key: string): void {
    const gone = event === "del" || event === "expired" || event === "evicted" || event === "rename_from" || event === "move_from";
    if (gone) this.remove(key);
    else this.add(key);
    this.plan();
  }

  private add(key: string): void {
    if (this.all.has(key)) return;
    this.all.add(key);
    const name = groupOf(key);
    let group = this.groups.get(name);
    if (group === undefined) this.groups.set(name, (group = { keys: [], sorted: true, stale: false }));
    group.keys.push(key);
    group.sorted = false;
  }

  private remove(key: string): void {
    if (!this.all.delete(key)) return;
    const group = this.groups.get(groupOf(key));
    if (group) group.sorted = !(group.stale = true);
  }

  private plan(): void {
    if (this.planned) return;
    this.planned = true;
    setTimeout(
      () => {
        this.planned = false;
        this.check();
      },
      PACE + this.all.size / 250,
    );
  }

  private check(): void {
    const there = this.ask("DBSIZE");
    if (this.reading === 0 && typeof there === "number" && there !== this.all.size) this.read();
    else this.show();
  }

  private show(): void {
    this.count.value = this.all.size;
    this.version.value++;
  }

  private read(): void {
    const turn = ++this.turn;
    this.all = new Set();
    this.groups = new Map();
    this.reading = turn;
    let cursor = "0";
    const slice = (): void => {
      if (turn !== this.turn) return;
      const reply = this.ask("SCAN", cursor, "COUNT", SLICE) as [Uint8Array, Uint8Array[]] | undefined;
      if (reply !== undefined) for (const key of reply[1]) this.add(latin1(key));
      cursor = reply === undefined ? "0" : latin1(reply[0]);
      if (cursor !== "0") {
        this.loading.value = true;
        setTimeout(slice);
        return;
      }
      this.reading = 0;
      this.loading.value = false;
      this.show();
    };
    slice();
  }
}
