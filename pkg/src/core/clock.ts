/**
 * Where an engine takes its time from. The engine never looks at a clock itself: `now` goes in with every call, as
 * milliseconds since the epoch (fractions are microseconds, seen by TIME).
 *
 * The system clock comes with a timer that sleeps until the engine's next deadline. A manual clock moves only when
 * told, and tells the engines that use it. Any other object with `now()` works too; then nobody wakes the engine, keys
 * expire when they are read, and `db.tick()` removes what is due.
 */

/** A source of time. `now()` is in milliseconds since the epoch and may step back without harm. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A clock for tests: it stands still until you call `advance` or `set`. */
export interface ManualClock extends Clock {
  /** Moves on by `ms` milliseconds and lets every open engine on this clock expire what is due. Returns the new time. */
  advance(ms: number): number;
  /** Moves to `ms` milliseconds since the epoch, in either direction. Returns the new time. */
  set(ms: number): number;
}

/** The longest sleep a host's timer takes, in milliseconds; longer ones are slept in steps. @internal */
export const LONGEST_SLEEP = 2 ** 31 - 1;

export const systemClock: Clock = { now: () => Date.now() };

class Manual implements ManualClock {
  private time: number;
  private readonly listeners = new Set<() => void>();

  constructor(start: number) {
    this.time = start;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.time;
  }

  advance(ms: number): number {
    return this.set(this.time + ms);
  }

  set(ms: number): number {
    if (typeof ms !== "number" || !Number.isFinite(ms)) throw new TypeError("a clock moves by a finite number of milliseconds");
    this.time = ms;
    for (const listener of [...this.listeners]) listener();
    return ms;
  }

  /** Calls `listener` after each move until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Makes a clock that stands at `start` (milliseconds since the epoch; default: the time of this call). */
export function manualClock(start: number = Date.now()): ManualClock {
  if (typeof start !== "number" || !Number.isFinite(start))
    throw new TypeError("manualClock(start): start must be a finite number of milliseconds");
  return new Manual(start);
}

/** Whether a clock goes on by itself as the system's does: its own is, and any that says `running`. */
export function runs(clock: Clock): boolean {
  return clock === systemClock || (clock as { running?: unknown }).running === true;
}

/** Subscribes to a clock that tells when it moved; undefined for clocks that do not. */
export function follow(clock: Clock, listener: () => void): (() => void) | undefined {
  const subscribe = (clock as Partial<Manual>).subscribe;
  return typeof subscribe === "function" ? subscribe.call(clock, listener) : undefined;
}

/**
 * Resolves when a clock has moved on by `ms`: a manual clock when it is moved so far, any other in real time. At once when one of
 * `endings` is called. @internal
 */
export function sleep(clock: Clock, ms: number, endings: Set<(reason: Error) => void>): Promise<void> {
  return new Promise((resolve) => {
    const until = clock.now() + ms;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const done = (): void => {
      clearTimeout(timer);
      unfollow?.();
      endings.delete(done);
      resolve();
    };
    const unfollow = follow(clock, () => {
      if (clock.now() >= until) done();
    });
    endings.add(done);
    if (unfollow === undefined || runs(clock)) timer = setTimeout(done, Math.min(ms, LONGEST_SLEEP));
    else if (ms === 0) done();
  });
}
