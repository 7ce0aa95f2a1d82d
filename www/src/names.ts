/**
 * Names of all keys as they are seen: a tree by colons in the order of the names, or a list in the order of what is left of their
 * lives, or of their size. Where names come from is told by who extends this: the page's own engine (`keyspace.ts`), or a server
 * (`live/keyspace.ts`).
 *
 * The tree is never built: names are kept in order, so what is below a prefix is a range of them, and only ranges that are open are walked
 * through. A hundred thousand keys cost about 20 MB, and a merge of what is in order already for each round of changes.
 */
import { signal } from "@preact/signals";
import { type Facts, inOrder } from "./facts.js";
import { matching } from "./glob.js";
import { COUNTS, kindOf, LOOKED } from "./kinds.js";
import { latin1 } from "./text.js";

export interface Info {
  type: string;
  /** The type, or what it is used as: `json`, `hll`, `bits`, `geo`. */
  kind: string;
  encoding: string;
  /** Bytes in memory; 0 where that is not known. */
  size: number;
  /** How much it has, in the type's own unit (`COUNTS`). */
  length: number;
  /** When it expires, in milliseconds since the epoch; -1 when it does not. */
  expires: number;
}

/** A row of the tree; its label is the name from `from` on. */
export interface GroupRow {
  group: string;
  count: number;
  open: boolean;
  depth: number;
  from: number;
}

export interface KeyRow {
  key: string;
  depth: number;
  from: number;
}

export type Row = GroupRow | KeyRow;

export type Order = "name" | "ttl" | "size" | "type";

/** Which keys are wanted, and how. */
export interface Query {
  filter: string;
  /** Types; all where none is named. */
  types: readonly string[];
  expiring: boolean;
  order: Order;
}

export const EVERYTHING: Query = { filter: "", types: [], expiring: false, order: "name" };

/** Whether names alone do not answer it. */
export const needsFacts = ({ types, expiring, order }: Query): boolean => types.length > 0 || expiring || order !== "name";

/** Groups of no more keys are open at first. */
const OPEN = 100;

export abstract class Names {
  /** Counts what could change what `ask` answers. */
  readonly version = signal(0);
  readonly loading = signal(false);
  readonly database = signal(0);
  readonly count = signal(0);
  /** How many of the keys are here, where there are too many to have them all. */
  readonly partial = signal<number | undefined>(undefined);
  /** What is known of each key, where that can be known. */
  readonly facts: Facts | undefined = undefined;
  protected readonly all = new Set<string>();
  /** In order, but for what came and went since. */
  private names: string[] = [];
  private added: string[] = [];
  private stale = false;
  /** Counts changes of `names`, and of what is open. */
  private stamp = 0;
  private readonly opened = new Map<string, boolean>();
  private shut = new Set<string>();
  private shutFor = "";
  private found: { of: string; names: readonly string[] } = { of: "", names: [] };
  private shown: { of: string; rows: readonly Row[] } = { of: "", rows: [] };

  /**
   * A reply to a command that reads, as the client library's bytes face gives it. Undefined where it fails, or is not known yet:
   * `version` counts when it is.
   */
  abstract ask(...args: (string | number)[]): unknown;
  /** Names that `rows` will be asked for: reads others where not all are here. */
  filtered(_filter: string): void {}
  /** Looks no longer. */
  abstract end(): void;

  /** What there is to say of a key: null when it is gone, undefined when it is not known yet. */
  info(key: string): Info | null | undefined {
    const ask = this.ask.bind(this);
    const reply = ask("TYPE", key);
    const type = reply instanceof Uint8Array ? latin1(reply) : String(reply);
    if (reply === undefined) return undefined;
    if (type === "none") return null;
    const encoding = ask("OBJECT", "ENCODING", key);
    const count = COUNTS[type]?.[0];
    return {
      type,
      kind: kindOf(ask, type, key),
      encoding: encoding instanceof Uint8Array ? latin1(encoding) : String(encoding ?? ""),
      size: Number(ask("MEMORY", "USAGE", key) ?? 0),
      length: Number((count && ask(count, key)) ?? 0),
      expires: Number(ask("PEXPIRETIME", key) ?? -1),
    };
  }

  /** What one sees of a key, and of its value as far as that is at hand: another one shows that it has changed. Undefined where that is not known. */
  print(key: string): string | undefined {
    const info = this.info(key);
    if (!info) return undefined;
    const { type, size } = info;
    const count = COUNTS[type]?.[0];
    const parts = [type, count && this.ask(count, key), this.ask("PEXPIRETIME", key), this.valueAt(key, type, size)];
    return parts.includes(undefined) ? undefined : parts.map((part) => (part instanceof Uint8Array ? latin1(part) : part)).join(" ");
  }

  /** The value or its beginning, as it was asked for already. */
  protected valueAt(key: string, type: string, _size: number): unknown {
    return type === "string" ? this.ask("GETRANGE", key, 0, LOOKED - 1) : "";
  }

  has(key: string): boolean {
    return this.all.has(key);
  }

  /** Opens or closes a group. */
  toggle(group: string): void {
    this.stamp++;
    // Of what is found all is open, until it is closed by hand.
    if (this.shutFor !== "") {
      if (!this.shut.delete(group)) this.shut.add(group);
    } else this.opened.set(group, !this.opened.get(group));
    this.version.value++;
  }

  /** Names that are wanted, in order. */
  find(query: Query): readonly string[] {
    this.settle();
    const of = JSON.stringify([query, this.stamp, needsFacts(query) ? this.facts?.stamp : 0]);
    if (of === this.found.of) return this.found.names;
    let names: readonly string[] = this.names;
    const { filter, types, expiring, order } = query;
    if (filter !== "") names = names.filter(matching(filter));
    const { facts } = this;
    if (facts !== undefined) {
      if (types.length > 0) names = names.filter((key) => types.includes(facts.of(key)?.type ?? ""));
      if (expiring) names = names.filter((key) => (facts.of(key)?.expires ?? -1) >= 0);
      if (order !== "name") names = inOrder(names, facts, order);
    }
    this.found = { of, names };
    return names;
  }

  /** What is to be shown of it. */
  rows(query: Query): readonly Row[] {
    const names = this.find(query);
    const searched = query.filter + query.types.join() + query.expiring;
    const isSearch = searched !== "false";
    if (this.shutFor !== (isSearch ? searched : "")) {
      this.shutFor = isSearch ? searched : "";
      this.shut = new Set();
    }
    const of = `${this.found.of} ${this.stamp}`;
    if (of === this.shown.of) return this.shown.rows;
    const rows: Row[] = [];
    if (query.order !== "name") for (const key of names) rows.push({ key, depth: 0, from: 0 });
    else this.walk(names, 0, names.length, "", 0, rows);
    this.shown = { of, rows };
    return rows;
  }

  /** Where the names that begin with `prefix` end, of those from `low` to `high`. */
  private static end(names: readonly string[], prefix: string, low: number, high: number): number {
    let step = 1;
    let at = low;
    while (at + step < high && names[at + step]!.startsWith(prefix)) {
      at += step;
      step *= 2;
    }
    let bound = Math.min(high, at + step);
    while (at + 1 < bound) {
      const middle = (at + bound) >> 1;
      if (names[middle]!.startsWith(prefix)) at = middle;
      else bound = middle;
    }
    return bound;
  }

  private walk(names: readonly string[], low: number, high: number, prefix: string, depth: number, out: Row[]): void {
    const from = prefix.length;
    for (let i = low; i < high; ) {
      const key = names[i]!;
      const colon = key.indexOf(":", from);
      let group = key.slice(0, colon + 1);
      const end = colon < 0 ? i + 1 : Names.end(names, group, i, high);
      // A key alone is no group.
      if (end === i + 1) {
        out.push({ key, depth, from });
        i = end;
        continue;
      }
      // Groups that have but one group are one with it.
      const last = names[end - 1]!;
      for (let next = key.indexOf(":", group.length); next >= 0; next = key.indexOf(":", group.length)) {
        if (!last.startsWith(key.slice(0, next + 1))) break;
        group = key.slice(0, next + 1);
      }
      const count = end - i;
      const open = this.isOpen(group, count);
      out.push({ group, count, open, depth, from });
      if (open) this.walk(names, i, end, group, depth + 1, out);
      i = end;
    }
  }

  private isOpen(group: string, count: number): boolean {
    if (this.shutFor !== "") return !this.shut.has(group);
    let open = this.opened.get(group);
    if (open === undefined) this.opened.set(group, (open = count <= OPEN));
    return open;
  }

  protected add(key: string): void {
    if (this.all.has(key)) return;
    this.all.add(key);
    this.added.push(key);
  }

  protected remove(key: string): void {
    if (this.all.delete(key)) this.stale = true;
  }

  /** Puts what came in order, and drops what is gone. */
  protected settle(): void {
    if (!this.stale && this.added.length === 0) return;
    const old = this.stale ? this.names.filter((key) => this.all.has(key)) : this.names;
    const fresh = this.added.filter((key) => this.all.has(key)).sort();
    this.stale = false;
    this.added = [];
    this.stamp++;
    const out: string[] = [];
    let a = 0;
    let b = 0;
    while (a < old.length || b < fresh.length) {
      const takesOld = b >= fresh.length || (a < old.length && old[a]! <= fresh[b]!);
      const next = takesOld ? old[a++]! : fresh[b++]!;
      // Gone and there again, it stands in both.
      if (out.at(-1) !== next) out.push(next);
    }
    this.names = out;
  }

  /** Forgets all names. */
  protected clear(): void {
    this.all.clear();
    this.names = [];
    this.added = [];
    this.stale = false;
    this.stamp++;
  }

  /** How many keys there are, here or not. */
  protected total(): number {
    return this.all.size;
  }

  protected show(): void {
    this.count.value = this.total();
    this.version.value++;
  }
}
