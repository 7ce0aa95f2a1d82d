/**
 * Names of all keys as they are seen: in order, in groups by what stands before their first colon. Where they come from is told
 * by who extends this: the page's own engine (`keyspace.ts`), or a server (`live/keyspace.ts`).
 *
 * A hundred thousand keys cost about 20 MB, and a sort of what is in order already for each round of changes.
 */
import { signal } from "@preact/signals";
import { latin1 } from "./text.js";

export interface Info {
  type: string;
  encoding: string;
  /** Bytes in memory; 0 where that is not known. */
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

/** Names that hold the filter, or, with a `*` at its end, begin with what stands before that. */
export function matching(filter: string): (key: string) => boolean {
  const prefix = filter.slice(0, -1);
  return filter.endsWith("*") ? (key) => key.startsWith(prefix) : (key) => key.includes(filter);
}

function groupOf(key: string): string {
  const colon = key.indexOf(":");
  return colon > 0 ? key.slice(0, colon + 1) : "";
}

export abstract class Names {
  /** Counts what could change what `ask` answers. */
  readonly version = signal(0);
  readonly loading = signal(false);
  readonly database = signal(0);
  readonly count = signal(0);
  /** How many of the keys are here, where there are too many to have them all. */
  readonly partial = signal<number | undefined>(undefined);
  protected readonly all = new Set<string>();
  private groups = new Map<string, Group>();
  private readonly closed = new Set<string>();

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
    const type = this.ask("TYPE", key);
    const name = type instanceof Uint8Array ? latin1(type) : String(type);
    if (type === undefined) return undefined;
    if (name === "none") return null;
    const encoding = this.ask("OBJECT", "ENCODING", key);
    return {
      type: name,
      encoding: encoding instanceof Uint8Array ? latin1(encoding) : String(encoding ?? ""),
      size: Number(this.ask("MEMORY", "USAGE", key) ?? 0),
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

  /** What is to be shown, in order; keys that match `filter`. */
  rows(filter: string): Row[] {
    const out: Row[] = [];
    const names = [...this.groups.keys()].sort();
    const matches = matching(filter);
    for (const name of names) {
      const group = this.groups.get(name)!;
      if (!group.sorted) {
        if (group.stale) group.keys = [...new Set(group.keys.filter((key) => this.all.has(key)))];
        group.keys.sort();
        group.stale = false;
        group.sorted = true;
      }
      const keys = filter === "" ? group.keys : group.keys.filter(matches);
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

  protected add(key: string): void {
    if (this.all.has(key)) return;
    this.all.add(key);
    const name = groupOf(key);
    let group = this.groups.get(name);
    if (group === undefined) this.groups.set(name, (group = { keys: [], sorted: true, stale: false }));
    group.keys.push(key);
    group.sorted = false;
  }

  protected remove(key: string): void {
    if (!this.all.delete(key)) return;
    const group = this.groups.get(groupOf(key));
    if (group) group.sorted = !(group.stale = true);
  }

  /** Forgets all names. */
  protected clear(): void {
    this.all.clear();
    this.groups = new Map();
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
