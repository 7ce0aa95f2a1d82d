/**
 * What wakes an engine at its next deadline: one timer, or an alarm of the host's, or nobody. A deadline that moves away leaves the
 * timer: it fires once for nothing, and sleeps on.
 */
import { type Clock, follow, LONGEST_SLEEP, runs } from "./clock.js";

/** Milliseconds until what is due and could not be done is tried again. */
const LATER = 1000;

/** What is woken. */
interface Sleeper {
  readonly clock: Clock;
  readonly ended: Error | undefined;
  readonly deadline: Float64Array;
  tick(): void;
}

/** @internal */
export interface TimerOptions {
  /** Whether a timer may be set for deadlines; false where the host wakes the engine itself. */
  timer: boolean;
  /**
   * Told when the engine wants to be woken (`ring`), in milliseconds since the epoch, each time that this is earlier than what
   * was told before. In place of a timer.
   */
  alarm?: (deadline: number) => void;
}

/** @internal */
export class Timer {
  /** When it will fire; -Infinity when there is none, so that no deadline is earlier. */
  armed: number;
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;
  private readonly alarm: ((deadline: number) => void) | undefined;
  private readonly timers: boolean;
  private readonly unfollow: (() => void) | undefined;

  constructor(
    private readonly engine: Sleeper,
    { timer, alarm }: TimerOptions,
  ) {
    this.alarm = alarm;
    this.timers = timer;
    this.armed = this.sleeps ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this.unfollow = follow(engine.clock, () => this.moved());
  }

  /** Whether the clock goes on by itself, with the system's, which timers follow. */
  get live(): boolean {
    return this.alarm !== undefined || runs(this.engine.clock);
  }

  /** Whether deadlines are slept for. */
  private get sleeps(): boolean {
    return this.alarm !== undefined || (this.timers && this.live);
  }

  /** The clock was moved, stopped, or set going. */
  private moved(): void {
    this.expire();
    if (this.alarm !== undefined || this.engine.ended !== undefined) return;
    clearTimeout(this.timer);
    this.armed = this.sleeps ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    if (this.due < this.armed) this.arm(this.due);
  }

  private get due(): number {
    return this.engine.deadline[0] as number;
  }

  /** Sets the timer for `deadline`. */
  arm(deadline: number): void {
    this.armed = deadline;
    if (this.alarm !== undefined) {
      this.alarm(deadline);
      return;
    }
    clearTimeout(this.timer);
    const sleep = Math.min(Math.max(Math.ceil(deadline - this.engine.clock.now()), 0), LONGEST_SLEEP);
    const timer = setTimeout(() => this.wake(), sleep);
    this.timer = timer;
    if (typeof timer === "object") (timer as { unref?: () => void }).unref?.();
  }

  private wake(): void {
    const { engine } = this;
    this.armed = Number.POSITIVE_INFINITY;
    if (engine.ended !== undefined) return;
    if (this.due <= engine.clock.now()) {
      try {
        engine.tick();
      } catch {
        return;
      }
    }
    if (this.due < this.armed) this.arm(this.due);
  }

  /** Ticks until nothing is due, or a tick no longer moves the deadline (then it cannot now). */
  private expire(): void {
    const { engine } = this;
    if (engine.ended !== undefined) return;
    for (let still = 0; still < 64 && this.due <= engine.clock.now(); ) {
      const before = this.due;
      engine.tick();
      if (engine.ended !== undefined) return;
      still = this.due === before ? still + 1 : 0;
    }
  }

  /** The host's alarm has gone off: expires what is due, and asks for the next alarm. */
  ring(): void {
    this.armed = Number.POSITIVE_INFINITY;
    this.expire();
    if (this.engine.ended !== undefined) return;
    const now = this.engine.clock.now();
    // What is due and cannot be done now is not tried again at once.
    if (this.due < this.armed) this.arm(this.due > now ? this.due : now + LATER);
  }

  /** Whether a timer is set. */
  get sleeping(): boolean {
    return this.timer !== undefined && Number.isFinite(this.armed);
  }

  /** The engine has ended. */
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.armed = Number.NEGATIVE_INFINITY;
    this.unfollow?.();
  }
}
