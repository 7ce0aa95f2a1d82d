/**
 * What an engine has to say to sessions outside of a reply, and what is done once the code that runs now is done: messages,
 * replies of commands that waited, handlers.
 */
import { BACKLOG, CLOSE, SAME } from "./mailbox.gen.js";
import type { OutputListener } from "./ports.js";
import { raise, soon } from "./soon.js";

const NOTHING = new Uint8Array(0);

/** Characters of messages that may wait to be delivered together. */
const TOGETHER = 1024;

/** Where the output comes from. */
interface Source {
  readonly ended: Error | undefined;
  /** Whether nothing may leave: a store has not taken what it is about. */
  readonly holding: boolean;
  /** The next session with output; 0 where there is none. Its bytes and flags are in the mailbox. */
  nextOutput(): number;
  /** The bytes: a view. */
  output(): Uint8Array;
  flags(): number;
}

/** @internal */
export class Output {
  readonly listeners = new Map<number, OutputListener>();
  /** Characters of messages that `deliverSoon` has put off. */
  private waiting = 0;
  /** A function and its two arguments each. */
  private tasks: unknown[] = [];

  constructor(private readonly source: Source) {}

  /**
   * Passes on what there is. The last session comes first out of the engine; all is taken out before the first is told, and told
   * in order. Sessions that have the same bytes, as the subscribers of a channel, share one copy, which nobody may change.
   */
  deliver(): void {
    const { source } = this;
    if (source.holding) {
      this.waiting = 0;
      return;
    }
    const found: { session: number; bytes: Uint8Array; flags: number }[] = [];
    let last = NOTHING;
    while (source.ended === undefined) {
      const session = source.nextOutput();
      if (session === 0) break;
      const flags = source.flags();
      const bytes = source.output();
      // A session comes twice when it was killed besides: its bytes were with the first.
      if (bytes.length === 0) {
        const before = found.find((one) => one.session === session);
        if (before !== undefined) {
          before.flags |= flags;
          continue;
        }
      }
      if ((flags & SAME) === 0 || found.length === 0) last = bytes.slice();
      found.push({ session, bytes: last, flags });
    }
    for (let i = found.length - 1; i >= 0; i--) {
      const { session, bytes, flags } = found[i] as (typeof found)[number];
      this.listeners.get(session)?.(bytes, (flags & CLOSE) !== 0, (flags & BACKLOG) !== 0);
    }
    this.waiting = 0;
  }

  /**
   * As `deliver`, for a message of so many characters, but once the code that runs now is done: what is published in a row is
   * taken out together. At once when much has come together, so that no subscriber comes near its output limit.
   */
  deliverSoon(length: number): void {
    if (this.waiting === 0)
      soon(() => {
        this.deliverWaiting();
        this.work();
      });
    this.waiting += length + 1;
    if (this.waiting > TOGETHER) this.deliver();
  }

  /** Delivers what `deliverSoon` has put off. */
  deliverWaiting(): void {
    if (this.waiting > 0 && this.source.ended === undefined) this.deliver();
  }

  /** What waited for the store. Between two crossings. */
  deliverHeld(): void {
    const deliver = (): void => {
      if (this.source.ended === undefined) this.deliver();
    };
    this.later(deliver, undefined, undefined);
  }

  /**
   * Calls `task` once the code that runs now is done: in a microtask, in the order of these calls. What it throws is reported
   * as an uncaught error and holds up nothing.
   */
  later<A, B>(task: (a: A, b: B) => void, a: A, b: B): void {
    if (this.tasks.push(task, a, b) === 3) soon(() => this.work());
  }

  private work(): void {
    const { tasks } = this;
    for (let i = 0; i < tasks.length; i += 3) {
      try {
        (tasks[i] as (a: unknown, b: unknown) => void)(tasks[i + 1], tasks[i + 2]);
      } catch (error) {
        raise(error);
      }
    }
    this.tasks = [];
  }
}
