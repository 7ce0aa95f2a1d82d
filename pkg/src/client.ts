/**
 * What a program holds: a database that answers at once.
 *
 * `Client` is one session (database number, name, transaction state) with a method for every command, generated from
 * the engine's own table. `Wakey` is the first session of an engine, with what concerns the whole: more sessions, time,
 * closing.
 *
 * The way of a call with up to three short ASCII strings: bytes into the request buffer, one crossing, one decode;
 * nothing is allocated but the answer. Everything else goes through `many`, which lays the arguments out first, so that
 * no code of the caller (getters, iterators) runs while a frame is being written.
 */
import { type Arg, decode, type Flat, flatten, type Pairs, type Reply, text, writeShort } from "./codec.js";
import { type Commands, NAMES, PAIRS } from "./commands.gen.js";
import { CLOSE, type Engine, OUTPUT, type Stats } from "./engine.js";
import { ClosedError, ValueError } from "./errors.js";
import type { CoreSessionOptions } from "./glue.js";

declare global {
  interface SymbolConstructor {
    /** For compilers whose library does not have it yet. */
    readonly dispose: unique symbol;
  }
}

/** A command's name as it stands in a frame: u32 length, bytes. */
type Head = Uint8Array;

/** What `db.call` takes: arrays, plain objects and Maps are laid out in order. */
export type CallArg = Arg | readonly (Arg | readonly Arg[])[] | { readonly [key: string]: Arg } | ReadonlyMap<Arg, Arg>;

export interface SessionOptions {
  /** The connection's name, as CLIENT SETNAME gives it. */
  name?: string;
}

function headOf(name: string): Head {
  const head = new Uint8Array(4 + name.length);
  writeShort(head, 0, name);
  return head;
}

export interface Client<B = string> extends Commands<B> {}

export class Client<B = string> {
  /** @internal */
  readonly _engine: Engine;
  /** @internal */
  readonly _id: number;
  /** @internal */
  readonly _bytes: boolean;
  /** @internal Shared by the text and the bytes face of one session. */
  readonly _state: { open: boolean };
  private other: Client<Uint8Array> | undefined;

  /** @internal */
  constructor(engine: Engine, id: number, bytes: boolean, state: { open: boolean }) {
    this._engine = engine;
    this._id = id;
    this._bytes = bytes;
    this._state = state;
    this.other = undefined;
  }

  /** The same session, answering bulk strings as `Uint8Array` and maps as `[key, value]` pairs. */
  get bytes(): Client<Uint8Array> {
    if (this._bytes) return this as unknown as Client<Uint8Array>;
    this.other ??= new Client<Uint8Array>(this._engine, this._id, true, this._state);
    return this.other;
  }

  /** Runs any command: `db.call("HSET", "h", "f", 1)`. Errors are thrown as `ReplyError`. */
  call(command: string, ...args: CallArg[]): Reply<B> {
    const name: unknown = command;
    if (typeof name !== "string") throw new ValueError(this._engine.errorCode, "the name of a command is a string");
    const out: Flat[] = [name];
    flatten(out, args, 0, PAIRS[name.toLowerCase()] ?? "no", this._engine.errorCode, name);
    return this._send(out) as Reply<B>;
  }

  /** Whether calls are still taken. */
  get closed(): boolean {
    return !this._state.open || this._engine.gone !== undefined;
  }

  /** Ends this session; its engine and the other sessions live on. */
  close(): void {
    if (!this._state.open) return;
    this._state.open = false;
    this._engine.closeSession(this._id);
  }

  /** @internal */
  _refuse(): never {
    this._engine.check();
    throw new ClosedError("this session is closed");
  }

  /** @internal Runs laid-out arguments. */
  _send(args: readonly Flat[]): unknown {
    if (!this._state.open) this._refuse();
    const engine = this._engine;
    const length = engine.run(this._id, args);
    return engine.words[4] === 0 ? this._answer(length) : this._attend(length);
  }

  /** @internal The reply as it is, undecoded; a copy. */
  _raw(args: readonly Flat[]): Uint8Array {
    if (!this._state.open) this._refuse();
    const engine = this._engine;
    const length = engine.run(this._id, args);
    const at = engine.replyAt();
    const copy = engine.bytes.slice(at, at + length);
    if (engine.words[4] !== 0) this._signal();
    return copy;
  }

  /** @internal */
  _many(name: string, args: ArrayLike<unknown>, pairs: Pairs): unknown {
    const out: Flat[] = [name];
    flatten(out, args, 0, pairs, this._engine.errorCode, name);
    return this._send(out);
  }

  /** @internal */
  _answer(length: number): unknown {
    const engine = this._engine;
    const m = engine.bytes;
    const at = engine.words[2] as number;
    // Most replies are short strings: `$n`, then up to 99 bytes.
    if (length > 3 && m[at] === 36 && !this._bytes) {
      const tens = (m[at + 1] as number) - 48;
      if (m[at + 2] === 13) return text(m, at + 4, tens);
      if (m[at + 3] === 13 && tens >= 0) return text(m, at + 5, tens * 10 + (m[at + 2] as number) - 48);
    }
    return length === 0 ? undefined : decode(m, at, this._bytes);
  }

  /** @internal The reply, when the flags ask for something besides: it is read from a copy. */
  _attend(length: number): unknown {
    const engine = this._engine;
    const at = engine.replyAt();
    const copy = engine.bytes.slice(at, at + length);
    this._signal();
    return length === 0 ? undefined : decode(copy, 0, this._bytes);
  }

  /** @internal */
  _signal(): void {
    const engine = this._engine;
    const flags = engine.flags();
    if (flags & OUTPUT) engine.deliver();
    if (flags & CLOSE && this._state.open) {
      this._state.open = false;
      engine.closeSession(this._id);
    }
  }
}

/** An open database: an engine and its first session. */
export class Wakey extends Client<string> {
  /** Another session on the same keyspace: its own database number, name and transaction. */
  session(options: SessionOptions = {}): Client {
    return openClient(this._engine, { resp: 3, trusted: true, ...(options.name === undefined ? {} : { name: options.name }) });
  }

  /** When the next key or field expires, in milliseconds since the epoch; Infinity when none does. Costs nothing. */
  nextDeadline(): number {
    return this._engine.nextDeadline();
  }

  /** Expires what is due at the clock's time, in a bounded piece of work. */
  tick(): void {
    this._engine.tick();
  }

  /** Counters of the engine. Memory in bytes. */
  stats(): Stats {
    return this._engine.stats();
  }

  /** Ends the engine and gives its memory back. Every later call throws `ClosedError`. */
  override close(): void {
    this._state.open = false;
    this._engine.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** @internal */
export function openClient(engine: Engine, options: CoreSessionOptions): Client {
  const state = { open: true };
  const id = engine.openSession(options, (_bytes, close) => {
    if (!close || !state.open) return;
    state.open = false;
    engine.closeSession(id);
  });
  return new Client<string>(engine, id, false, state);
}

/** @internal */
export function openWakey(engine: Engine): Wakey {
  const state = { open: true };
  const id = engine.openSession({ resp: 3, trusted: true }, (_bytes, close) => {
    if (close) state.open = false;
  });
  return new Wakey(engine, id, false, state);
}

function method(name: string, pairs: Pairs): (this: Client, a: unknown, b: unknown, c: unknown) => unknown {
  const head = headOf(name);
  const size = head.length;
  return function (a, b, c) {
    const argc = arguments.length;
    const engine = this._engine;
    if (argc <= 3 && this._state.open && engine.gone === undefined) {
      const bytes = engine.bytes;
      let at = engine.request;
      bytes[at] = argc + 1;
      bytes[at + 1] = 0;
      bytes[at + 2] = 0;
      bytes[at + 3] = 0;
      at += 4;
      for (let i = 0; i < size; i++) bytes[at + i] = head[i] as number;
      at += size;
      if (argc > 0) at = typeof a === "string" ? writeShort(bytes, at, a) : -1;
      if (argc > 1 && at >= 0) at = typeof b === "string" ? writeShort(bytes, at, b) : -1;
      if (argc > 2 && at >= 0) at = typeof c === "string" ? writeShort(bytes, at, c) : -1;
      if (at >= 0) {
        const length = engine.exec(this._id, at - engine.request);
        return engine.words[4] === 0 ? this._answer(length) : this._attend(length);
      }
    }
    return this._many(name, arguments, pairs);
  };
}

/** RESET ends in RESP2, as everywhere; a session in process goes back to how it was opened, which is RESP3. */
function reset(this: Client): unknown {
  const reply = this._many("reset", arguments, "no");
  this._send(["HELLO", "3"]);
  return reply;
}

for (const name of NAMES) {
  Object.defineProperty(Client.prototype, name, { value: method(name, PAIRS[name] ?? "no"), writable: true, configurable: true });
}
Object.defineProperty(Client.prototype, "reset", { value: reset, writable: true, configurable: true });
