/**
 * Type, deadline and size of every key, for what names alone do not answer: which types there are, what expires, which is the largest. Read in
 * slices when somebody wants to know, and again for each key that something happened to. With few keys they are always known.
 */
import { signal } from "@preact/signals";
import type { Ask } from "./kinds.js";
import { needsFacts, type Order, type Query } from "./names.js";
import { latin1 } from "./text.js";

export interface Fact {
  type: string;
  /** Milliseconds since the epoch, -1 where it does not expire. */
  expires: number;
  bytes: number;
}

/** Milliseconds of work in one go. */
const SLICE = 15;
/** Of no more keys they are always known. */
const FEW = 5000;
/** Keys that are put in an order other than that of their names; as many bits as their places have. */
const SORTED = 2 ** 20;
const VALUES = 2 ** 32 - 1;

export class Facts {
  /** Counts what was learnt. */
  stamp = 0;
  /** Whether all is known; what is shown follows it. */
  readonly known = signal(false);
  protected readonly facts = new Map<string, Fact>();
  private counted: { stamp: number; types: string[] } = { stamp: -1, types: [] };
  protected wanted = false;
  protected readonly queue = new Set<string>();
  protected timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ask: Ask,
    protected readonly all: ReadonlySet<string>,
    protected readonly learnt: () => void,
  ) {}

  /** Of how many keys they are known. */
  get count(): number {
    return this.facts.size;
  }

  of(key: string): Fact | undefined {
    return this.facts.get(key);
  }

  /** Types that keys have, the most frequent first; undefined while that is not known. */
  types(): string[] | undefined {
    if (!this.known.peek()) return undefined;
    if (this.counted.stamp === this.stamp) return this.counted.types;
    const counts = new Map<string, number>();
    for (const { type } of this.facts.values()) counts.set(type, (counts.get(type) ?? 0) + 1);
    const types = [...counts].sort(([, a], [, b]) => b - a).map(([type]) => type);
    this.counted = { stamp: this.stamp, types };
    return types;
  }

  /** What somebody wants to know now. */
  want(query: Query): void {
    const wanted = needsFacts(query);
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.begin();
  }

  /** Something happened to a key. */
  happened(key: string): void {
    if (!this.all.has(key)) {
      this.queue.delete(key);
      if (this.facts.delete(key)) this.stamp++;
    } else if (this.facts.size > 0 || this.needed()) this.queue.add(key);
  }

  protected needed(): boolean {
    return this.wanted || this.all.size <= FEW;
  }

  /** Begins to learn what is missing: to be called when names have changed. */
  begin(): void {
    if (!this.needed()) {
      if (this.facts.size > 0 || this.queue.size > 0) this.clear();
      return;
    }
    if (this.facts.size + this.queue.size < this.all.size) this.enqueue();
    if (this.queue.size === 0) this.known.value = true;
    else this.timer ??= setTimeout(() => this.slice());
  }

  /** Those of which nothing is known. */
  protected enqueue(): void {
    for (const key of this.all) if (!this.facts.has(key)) this.queue.add(key);
  }

  protected slice(): void {
    this.timer = undefined;
    const end = performance.now() + SLICE;
    let left = 0;
    for (const key of this.queue) {
      this.queue.delete(key);
      this.learn(key);
      if ((++left & 31) === 0 && performance.now() > end) break;
    }
    this.stamp++;
    if (this.queue.size > 0) {
      this.timer = setTimeout(() => this.slice());
      return;
    }
    this.known.value = true;
    this.learnt();
  }

  private learn(key: string): void {
    const type = this.ask("TYPE", key);
    const name = type instanceof Uint8Array ? latin1(type) : String(type);
    if (name === "none" || type === undefined) this.facts.delete(key);
    else
      this.facts.set(key, {
        type: name,
        expires: Number(this.ask("PEXPIRETIME", key) ?? -1),
        bytes: Number(this.ask("MEMORY", "USAGE", key) ?? 0),
      });
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.facts.clear();
    this.queue.clear();
    this.stamp++;
    this.known.value = false;
  }
}

/** What puts a key in its place; infinite where that is behind all others. */
function placeOf(fact: Fact | undefined, order: Order, places: ReadonlyMap<string, number>): number {
  if (fact === undefined) return Number.POSITIVE_INFINITY;
  if (order === "size") return -fact.bytes;
  if (order === "type") return places.get(fact.type) ?? Number.POSITIVE_INFINITY;
  return fact.expires < 0 ? Number.POSITIVE_INFINITY : fact.expires;
}

/** Names by what is left of their lives, the shortest first, by size, the largest first, or by type. Numbers sort faster than objects do. */
export function inOrder(names: readonly string[], facts: Facts, order: Exclude<Order, "name">): string[] {
  const count = Math.min(names.length, SORTED);
  const values = new Float64Array(count);
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  const places = new Map((order === "type" ? (facts.types() ?? []) : []).sort().map((type, i) => [type, i]));
  for (let i = 0; i < count; i++) {
    const fact = facts.of(names[i]!);
    values[i] = placeOf(fact, order, places);
    if (values[i]! < least) least = values[i]!;
    if (Number.isFinite(values[i]) && values[i]! > most) most = values[i]!;
  }
  if (!Number.isFinite(least)) return names.slice(0, count);
  const scale = Math.max(1, (most - least) / (VALUES - 1));
  for (let i = 0; i < count; i++) values[i] = Math.min(VALUES, Math.floor((values[i]! - least) / scale)) * SORTED + i;
  values.sort();
  return Array.from(values, (value) => names[value % SORTED]!);
}
