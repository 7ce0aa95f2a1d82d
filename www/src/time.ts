/** What drives a session's clock: real time times a speed, or a hand. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { reading } from "./base.js";
import type { Session } from "./session.js";

/** Milliseconds between two moves: often enough for a countdown, seldom enough for a phone. */
const BEAT = 50;
export const SPEEDS = [1, 10, 60, 3600] as const;

export class Driver {
  readonly now: ReadonlySignal<number>;
  readonly running = signal(true);
  readonly speed = signal<number>(1);
  private readonly time = signal(0);
  private last = performance.now();
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(private readonly session: Session) {
    this.now = this.time;
    this.time.value = session.clock.now();
    // What a file of last week holds is to be looked at before it expires.
    this.running.value = session.base?.written === undefined;
    this.timer = setInterval(() => this.beat(), BEAT);
  }

  end(): void {
    clearInterval(this.timer);
  }

  private beat(): void {
    const here = performance.now();
    const passed = here - this.last;
    this.last = here;
    if (reading.peek() !== undefined) return;
    if (this.running.value) this.move(passed * this.speed.value);
    else this.time.value = this.session.clock.now();
  }

  private move(ms: number): void {
    this.time.value = this.session.clock.advance(Math.round(ms));
  }

  toggle(): void {
    this.running.value = !this.running.value;
  }

  /** So many milliseconds on, standing still after it. */
  step(ms: number): void {
    this.running.value = false;
    this.move(ms);
  }

  /** To a time that is to come, standing still there. */
  set(to: number): void {
    this.step(Math.max(to - this.session.clock.now(), 0));
  }

  /** To what the machine's clock says, and on with it. A session that is ahead of it stays where it is. */
  real(): void {
    this.move(Math.max(Date.now() - this.session.clock.now(), 0));
    this.speed.value = 1;
    this.running.value = true;
  }

  faster(): void {
    const at = SPEEDS.indexOf(this.speed.value as (typeof SPEEDS)[number]);
    this.speed.value = SPEEDS[(at + 1) % SPEEDS.length] ?? 1;
  }

  /** To the next key or field that expires; false when nothing does. */
  jump(): boolean {
    const next = this.session.alive ? this.session.db.value.nextDeadline() : Number.POSITIVE_INFINITY;
    if (!Number.isFinite(next)) return false;
    this.move(Math.max(next - this.session.clock.now(), 0));
    return true;
  }
}
