/**
 * What runs in this process, as it happens: for monitors, time lines, tests. Commands of methods, of `call`, of transactions, of
 * consoles and of REST; not those that come over sockets, which MONITOR shows.
 *
 * A handler is called once the code that runs now is done: in a microtask, in the order of the commands. It may call the database.
 */
import type { Engine } from "../core/engine.js";
import { perEngine } from "../core/per-engine.js";
import type { Observer } from "../core/ports.js";
import { argumentsOf } from "../resp/frame.js";
import { frames, PUSH } from "../resp/frames.js";
import { decodeAny, type Reply } from "../resp/values.js";

/** A command that has run. */
export interface Observed<B = string> {
  /**
   * Its name and its arguments. A wait that was ended by hand, as Ctrl-C in a console does, is `CLIENT UNBLOCK id ERROR` from the
   * session itself.
   */
  readonly command: readonly B[];
  /** The reply; an error is a `ReplyError`. Undefined if there is none, or if it comes later because the command waits. */
  readonly reply: Reply<B> | undefined;
  /** When it ran, by the clock of the database: milliseconds since the epoch. */
  readonly time: number;
  /** How long it ran, in milliseconds. */
  readonly took: number;
  /** The id of its session, as CLIENT ID gives it. */
  readonly session: number;
}

interface Listener {
  handler: (observed: Observed<unknown>) => void;
  bytes: boolean;
  active: boolean;
}

function tell(listener: Listener, observed: Observed<unknown>): void {
  if (listener.active) listener.handler(observed);
}

/** The reply among pushes; a push where there is nothing else, as SUBSCRIBE confirms. */
function replyOf(wire: Uint8Array, bytes: boolean): unknown {
  let push: Uint8Array | undefined;
  for (const frame of frames(wire)) {
    if (frame[0] !== PUSH) return decodeAny(frame, 0, bytes);
    push ??= frame;
  }
  return push === undefined ? undefined : decodeAny(push, 0, bytes);
}

/** The observers of an engine. @internal */
export class Observers implements Observer {
  /** Those of an engine. */
  static readonly of = perEngine((engine) => new Observers(engine));
  private readonly listeners = new Set<Listener>();
  /** Told within the call, of commands alone. */
  private readonly collectors = new Set<(args: readonly string[]) => void>();

  private constructor(private readonly engine: Engine) {}

  /** Calls `handler` until the returned function is called. */
  add(handler: Listener["handler"], bytes: boolean): () => void {
    const listener = { handler, bytes, active: true };
    this.listeners.add(listener);
    this.engine.observer = this;
    return () => {
      listener.active = false;
      this.listeners.delete(listener);
      this.rest();
    };
  }

  /** Has the names and arguments of commands told as they run, until the returned function is called. */
  collect(note: (args: readonly string[]) => void): () => void {
    const one = (args: readonly string[]): void => note(args);
    this.collectors.add(one);
    this.engine.observer = this;
    return () => {
      this.collectors.delete(one);
      this.rest();
    };
  }

  private rest(): void {
    if (this.listeners.size === 0 && this.collectors.size === 0) this.engine.observer = undefined;
  }

  ran(session: number, frame: Uint8Array, reply: Uint8Array, time: number, took: number): void {
    if (this.collectors.size > 0) {
      const args = argumentsOf(frame, false);
      for (const note of this.collectors) note(args);
    }
    this.say((bytes) => ({ command: argumentsOf(frame, bytes), reply: replyOf(reply, bytes), time, took, session }));
  }

  cancelled(session: number, time: number): void {
    const words = ["CLIENT", "UNBLOCK", String(session), "ERROR"];
    this.say((bytes) => ({
      command: bytes ? words.map((word) => Uint8Array.from(word, (char) => char.charCodeAt(0))) : words,
      reply: undefined,
      time,
      took: 0,
      session,
    }));
  }

  private say(make: (bytes: boolean) => Observed<unknown>): void {
    for (const listener of this.listeners) this.engine.out.later(tell, listener, make(listener.bytes));
  }
}
