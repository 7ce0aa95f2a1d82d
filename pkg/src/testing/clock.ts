/** A clock in the hand of a test: it goes with the system's, or with a runner's fake timers, and can be moved, stopped and set going. */
import type { ManualClock } from "../core/clock.js";

/** See `testClock`. */
export interface TestClock extends ManualClock {
  /** Whether it goes on by itself. */
  readonly running: boolean;
  /** Stops it where it is. Returns the time. */
  pause(): number;
  /** Sets it going from where it is. Returns the time. */
  run(): number;
  /** Back to the system's time, and going. Returns the time. */
  restore(): number;
}

function mustBeFinite(ms: number): void {
  if (typeof ms !== "number" || !Number.isFinite(ms)) throw new TypeError("a clock moves by a finite number of milliseconds");
}

class Test implements TestClock {
  /** How far it is ahead of the system's, while it goes. */
  private ahead = 0;
  private stoppedAt: number | undefined = undefined;
  private readonly listeners = new Set<() => void>();

  now(): number {
    return this.stoppedAt ?? Date.now() + this.ahead;
  }

  get running(): boolean {
    return this.stoppedAt === undefined;
  }

  set(ms: number): number {
    mustBeFinite(ms);
    if (this.stoppedAt === undefined) this.ahead = ms - Date.now();
    else this.stoppedAt = ms;
    return this.tell();
  }

  advance(ms: number): number {
    mustBeFinite(ms);
    return this.set(this.now() + ms);
  }

  pause(): number {
    this.stoppedAt ??= this.now();
    return this.tell();
  }

  run(): number {
    if (this.stoppedAt !== undefined) {
      this.ahead = this.stoppedAt - Date.now();
      this.stoppedAt = undefined;
    }
    return this.tell();
  }

  restore(): number {
    this.ahead = 0;
    this.stoppedAt = undefined;
    return this.tell();
  }

  /** Calls `listener` after each move until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): number {
    for (const listener of [...this.listeners]) listener();
    return this.now();
  }
}

/**
 * Makes a clock that goes with the system's (and with fake timers, which move that) until it is moved: `clock.advance(60_000)` expires
 * what is due a minute from now, `clock.pause()` lets it stand.
 */
export function testClock(): TestClock {
  return new Test();
}
