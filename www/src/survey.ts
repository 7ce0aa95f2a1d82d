/**
 * What a database holds, in numbers: keys and bytes by type, when they expire, the largest keys, and the names as a tree of what stands
 * before their colons.
 *
 * It asks as anybody would (SCAN, then TYPE, MEMORY USAGE and PEXPIRETIME for each key), in slices, so that a million keys take
 * some seconds in which the page goes on. What it remembers is bounded: names that are all different below a prefix are not a branch each.
 */
import type { Client } from "wakey/slim";
import { EXPLORE } from "./strings.js";
import { latin1 } from "./text.js";

export interface Sum {
  keys: number;
  bytes: number;
}

/** A prefix of names. */
export interface Branch extends Sum {
  /** What it begins with, to its last colon. */
  prefix: string;
  branches: Map<string, Branch>;
  /** Keys below prefixes that have no branch, since there are too many of these. */
  others: Sum;
}

export interface Large {
  key: string;
  type: string;
  bytes: number;
}

/** Keys that expire within so many milliseconds, and later than those before. */
export interface Span extends Sum {
  label: string;
  within: number;
}

/** Milliseconds of work in one go. */
const SLICE = 20;
/** Keys that SCAN is asked for at once. */
const COUNT = 200;
/** Branches below one, and below that at the top; and how deep they go. */
const BRANCHES = 500;
const TOP = 5000;
const DEEP = 5;
/** Branches in all. */
const MOST = 50_000;
/** The largest keys that are remembered. */
export const LARGEST = 50;

const nothing = (): Sum => ({ keys: 0, bytes: 0 });
const branch = (prefix: string): Branch => ({ prefix, ...nothing(), branches: new Map(), others: nothing() });

function count(sum: Sum, bytes: number): void {
  sum.keys++;
  sum.bytes += bytes;
}

export class Survey {
  readonly all = nothing();
  readonly types = new Map<string, Sum>();
  readonly expiring = nothing();
  /** The key that expires first. */
  soonest: { key: string; at: number } | undefined;
  readonly spans: Span[] = [
    { label: EXPLORE.spans.minute, within: 60_000, ...nothing() },
    { label: EXPLORE.spans.hour, within: 3_600_000, ...nothing() },
    { label: EXPLORE.spans.day, within: 86_400_000, ...nothing() },
    { label: EXPLORE.spans.month, within: 30 * 86_400_000, ...nothing() },
    { label: EXPLORE.spans.later, within: Number.POSITIVE_INFINITY, ...nothing() },
  ];
  /** The largest first, once `done`, and whenever it was looked at. */
  largest: Large[] = [];
  readonly tree = branch("");
  done = false;
  private cursor = "0";
  private pending: Uint8Array[] = [];
  private least = 0;
  private branches = 0;

  constructor(
    private readonly db: Client<Uint8Array>,
    /** The time from which lives are counted. */
    private readonly now: number,
  ) {}

  /** Goes on for a slice; false when all is seen. */
  step(): boolean {
    const end = performance.now() + SLICE;
    do {
      for (let key = this.pending.pop(); key !== undefined; key = this.pending.pop()) {
        this.see(key);
        if ((this.pending.length & 15) === 0 && performance.now() > end) return true;
      }
      if (this.done) break;
      const [cursor, keys] = this.db.call("SCAN", this.cursor, "COUNT", COUNT) as [Uint8Array, Uint8Array[]];
      this.cursor = latin1(cursor);
      this.pending = keys;
      this.done = this.cursor === "0";
    } while (performance.now() < end);
    return !this.done || this.pending.length > 0;
  }

  private see(name: Uint8Array): void {
    const bytes = Number(this.db.memory("USAGE", name) ?? -1);
    // It is gone since.
    if (bytes < 0) return;
    const type = String(this.db.type(name));
    const at = Number(this.db.pexpiretime(name));
    const key = latin1(name);
    count(this.all, bytes);
    let sum = this.types.get(type);
    if (sum === undefined) this.types.set(type, (sum = nothing()));
    count(sum, bytes);
    if (at >= 0) {
      count(this.expiring, bytes);
      if (this.soonest === undefined || at < this.soonest.at) this.soonest = { key, at };
      count(this.spans.find(({ within }) => at - this.now <= within)!, bytes);
    }
    if (bytes > this.least || this.largest.length < LARGEST) this.keep({ key, type, bytes });
    this.place(key, bytes);
  }

  /** Keeps twice as many as are wanted, and puts them in order when that is full. */
  private keep(large: Large): void {
    this.largest.push(large);
    if (this.largest.length >= 2 * LARGEST) this.order();
  }

  /** The largest keys so far, in order. */
  order(): readonly Large[] {
    this.largest.sort((a, b) => b.bytes - a.bytes);
    this.largest.length = Math.min(this.largest.length, LARGEST);
    if (this.largest.length === LARGEST) this.least = this.largest.at(-1)!.bytes;
    return this.largest;
  }

  private place(key: string, bytes: number): void {
    let at = this.tree;
    count(at, bytes);
    let colon = key.indexOf(":");
    for (let depth = 0; colon >= 0 && depth < DEEP; depth++) {
      const prefix = key.slice(0, colon + 1);
      let next = at.branches.get(prefix);
      if (next === undefined) {
        if (at.branches.size >= (depth === 0 ? TOP : BRANCHES) || this.branches >= MOST) {
          count(at.others, bytes);
          return;
        }
        this.branches++;
        at.branches.set(prefix, (next = branch(prefix)));
      }
      count(next, bytes);
      at = next;
      colon = key.indexOf(":", colon + 1);
    }
  }
}
