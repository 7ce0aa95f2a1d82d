/**
 * A session as the browser keeps it. Events stand in pieces of their own, which are written once, so that the next command of many does
 * not cost what all of them do. Lists only grow, and those of branches begin with the same events: a piece is known by its last one.
 */
import type { Branch, Event, Whole } from "./session.js";

/** Events of a piece: to copy so many takes a few milliseconds. */
const PIECE = 2000;

/** A list of events: pieces by their numbers, and what is behind them. */
interface Split {
  pieces?: number[];
  events: Event[];
}

export type Kept = Omit<Whole, "events" | "branches"> & Split & { branches: (Omit<Branch, "events"> & Split)[] };

export interface Change {
  head: Kept;
  /** Pieces that are to be written, and those that are to be deleted. */
  fresh: [number: number, events: Event[]][];
  gone: number[];
}

export class Pieces {
  private numbers = new WeakMap<Event, number>();
  private next = 0;
  /** Pieces that are there; undefined where that is not known. */
  private there: Set<number> | undefined;

  /** It is not known any more what is there. */
  forget(): void {
    this.numbers = new WeakMap();
    this.next = 0;
    this.there = undefined;
  }

  get known(): boolean {
    return this.there !== undefined;
  }

  /** What is to be done so that a session is there: as if it were done. */
  keep(whole: Whole): Change {
    const before = this.there ?? new Set();
    const after = new Set<number>();
    const fresh: [number, Event[]][] = [];
    const split = (events: Event[]): Split => {
      const pieces: number[] = [];
      let at = 0;
      for (; at + PIECE <= events.length; at += PIECE) {
        const last = events[at + PIECE - 1]!;
        let number = this.numbers.get(last);
        if (number === undefined) this.numbers.set(last, (number = this.next++));
        if (!before.has(number) && !after.has(number)) fresh.push([number, events.slice(at, at + PIECE)]);
        after.add(number);
        pieces.push(number);
      }
      return { ...(pieces.length > 0 ? { pieces } : {}), events: events.slice(at) };
    };
    const branches = whole.branches.map((branch) => ({ ...branch, ...split(branch.events) }));
    const head = { ...whole, ...split(whole.events), branches };
    this.there = after;
    return { head, fresh, gone: [...before].filter((number) => !after.has(number)) };
  }

  /** A session of what is there; `get` reads a piece. */
  async read(kept: Kept, get: (number: number) => Promise<Event[]>): Promise<Whole> {
    const there = new Map<number, Event[]>();
    const join = async ({ pieces = [], events }: Split): Promise<Event[]> => {
      for (const number of pieces) if (!there.has(number)) there.set(number, await get(number));
      return pieces.length === 0 ? events : [...pieces.map((number) => there.get(number)!), events].flat();
    };
    const { pieces: _, ...head } = kept;
    const branches: Branch[] = [];
    for (const { pieces, ...branch } of kept.branches)
      branches.push({ ...branch, events: await join({ ...branch, ...(pieces && { pieces }) }) });
    const whole = { ...head, events: await join(kept), branches };
    for (const [number, events] of there) {
      this.numbers.set(events.at(-1)!, number);
      this.next = Math.max(this.next, number + 1);
    }
    this.there = new Set(there.keys());
    return whole;
  }
}
