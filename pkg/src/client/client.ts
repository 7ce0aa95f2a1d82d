/**
 * What a program holds: a database that answers at once.
 *
 * `Client` is one session (database number, name, transaction state) with a method for every command, generated from
 * the engine's own table. `Wakey` is the first session of an engine, with what concerns the whole: more sessions, time,
 * closing.
 *
 * A method answers at once, with two exceptions: commands that may wait give a promise (`wait.ts`), and what a session hears
 * unasked comes to handlers (`messages.ts`). Transactions are in `multi.ts`.
 *
 * A call with few short arguments has a way of its own (`fast.ts`). Everything else goes through `_many`, which lays the arguments
 * out first, so that no code of the caller (getters, iterators) runs while a frame is being written.
 */
import type { Engine, Stats } from "../core/engine.js";
import { ClosedError } from "../core/errors.js";
import type { CoreSessionOptions } from "../core/glue.js";
import { CLOSE, FLAGS, OUTPUT, PUSHES, WAITING } from "../core/mailbox.gen.js";
import type { EndListeners } from "../core/ports.js";
import { type Arg, type Flat, flatten, type Pairs } from "../resp/command.js";
import { ReplyError, ValueError } from "../resp/errors.js";
import { ERROR, errorText } from "../resp/frames.js";
import { decode, decodeAny, decodedTo, type Reply, short, text } from "../resp/values.js";
import { type Batch, sendAll } from "./batch.js";
import { blame, lastCommand, texts, untraced } from "./blame.js";
import { Changes } from "./changes.js";
import type { Entries, Options } from "./command-types.js";
import { type Commands, ENTRIES, OPTIONS, PAIRS, type SetOptions, WAITS, type Waiting, type WaitingIfAsked } from "./commands.gen.js";
import { shaped, wantsObjects } from "./entries.js";
import { fast } from "./fast.js";
import { type InterceptOptions, type Interceptor, Interceptors, interceptorOf, type Verdict } from "./intercept.js";
import type { CallArg, Database, Session } from "./interface.js";
import { fieldsOf, KeyEvents } from "./key-events.js";
import { type Live, live, type Settled } from "./live.js";
import {
  type Handler,
  Inbox,
  type Message,
  makeStop,
  type Names,
  namesOf,
  type Stop,
  stream,
  type Topic,
  type Topics,
} from "./messages.js";
import { install } from "./methods.js";
import { Pipeline, Transaction } from "./multi.js";
import { type Observed, Observers } from "./observe.js";
import { type Prepared, type PrepareOptions, prepare } from "./prepared.js";
import { type Bytes, type ExportOptions, exportRdb, exportRdbStream, type ImportOptions, importRdb, type RdbSource } from "./rdb.js";
import { type ScanOptions, scan } from "./scan.js";
import { asksToBlock, takeOptions, type WaitOptions, wait } from "./wait.js";

declare global {
  interface SymbolConstructor {
    /** For compilers whose library does not have it yet. */
    readonly dispose: unique symbol;
    readonly asyncDispose: unique symbol;
  }
}

export interface SessionOptions<E extends Entries = Entries> {
  /** The connection's name, as CLIENT SETNAME sets it. */
  name?: string;
  /**
   * The shape of stream entries: `array` (default) is what Redis answers, `["1-1", ["field", "value"]]`, and `object` is what node-redis
   * makes of it, `{ id: "1-1", message: { field: "value" } }`. In `bytes` they are always arrays.
   */
  entries?: E;
}

export interface Client<B = string, out E extends Entries = "array"> extends Commands<B, undefined, E> {}

/** What the text and the bytes face of one session share. @internal */
export class SessionState {
  open = true;
  /** Waiting calls, subscriptions: what ends with the session. */
  readonly endListeners: EndListeners = new Set();
  inbox: Inbox | undefined = undefined;
  /** Watchers of keys have a session of their own: PUNSUBSCRIBE without a pattern is not for them. */
  watchers: Inbox | undefined = undefined;
  onpush: { handler: (push: unknown) => void; bytes: boolean } | undefined = undefined;
  /** Entries of streams come as objects. */
  objects = false;
  private readonly closing = (reason: Error): void => this.end(reason);

  constructor(private readonly engine: Engine) {
    engine.endListeners.add(this.closing);
  }

  /** Nothing is called after this; what waits is told why. */
  end(reason: Error): void {
    this.open = false;
    this.engine.endListeners.delete(this.closing);
    const endListeners = [...this.endListeners];
    this.endListeners.clear();
    for (const ending of endListeners) ending(reason);
  }

  /** Hands on a push that the session itself has got; where it ends in `bytes`. */
  hear(bytes: Uint8Array, at: number): number {
    const { onpush } = this;
    const push = decodeAny(bytes, at, onpush?.bytes === true);
    const end = decodedTo();
    if (onpush !== undefined) {
      this.engine.out.later(
        (to, push) => {
          if (this.open && this.onpush === to) to.handler(push);
        },
        onpush,
        push,
      );
    }
    return end;
  }
}

export class Client<B = string, out E extends Entries = "array"> implements Session<B, undefined, E> {
  /** @internal */
  readonly _engine: Engine;
  /** @internal */
  readonly _id: number;
  /** @internal */
  readonly _bytes: boolean;
  /** @internal Shared by the text and the bytes face of one session. */
  readonly _state: SessionState;
  private other: Client<Uint8Array> | undefined;

  /** @internal */
  constructor(engine: Engine, id: number, bytes: boolean, state: SessionState) {
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

  /**
   * Runs any command: `db.call("HSET", "h", "f", 1)`. Errors are thrown as `ReplyError`. A command that may wait returns a
   * promise, as its method does. SUBSCRIBE and the like subscribe this session itself: the answer is a list of
   * confirmations, and messages go to `onpush`.
   */
  call(command: Waiting, ...args: (CallArg | WaitOptions)[]): Promise<Reply<B>>;
  call(command: WaitingIfAsked, ...args: (CallArg | WaitOptions)[]): Reply<B> | Promise<Reply<B>>;
  call(command: string, ...args: CallArg[]): Reply<B>;
  call(command: string, ...args: unknown[]): unknown {
    const name: unknown = command;
    if (typeof name !== "string") throw new ValueError(this._engine.errorCode, "the name of a command is a string");
    const lower = name.toLowerCase();
    if (WAITS[lower] !== undefined) return this._shaped(lower, this._wait(lower, args));
    const out: Flat[] = [name];
    flatten(out, args, 0, PAIRS[lower] ?? "no", this._engine.errorCode, name, OPTIONS);
    return this._shaped(lower, this._send(out));
  }

  /**
   * Turns a script into a function of its keys, followed by its arguments: after `const take = db.prepare(script, { keys: 1 })`,
   * `take("bucket", 10)` runs it. The script is sent once and called by its digest from then on, and sent again if the digest is no
   * longer known. `R` is the type of its reply: `db.prepare<number>(...)`.
   */
  prepare<R = Reply<B>, const N extends number = number>(script: string, options: PrepareOptions<N> = {}): Prepared<R, N> {
    return prepare((name, args) => this._many(name, args, "no"), script, options) as Prepared<R, N>;
  }

  /**
   * Begins a transaction: `db.multi().set("a", 1).incr("a").exec()` returns `["OK", 2]`. Nothing is sent before `exec()`, which
   * sends everything at once. After `db.watch(key)`, `exec()` returns null if the key has changed since.
   */
  multi(): Transaction<B, [], E> {
    return new Transaction<B, [], E>(this);
  }

  /**
   * Commands that are sent together but are no unit: `exec()` returns a reply for each, with errors as elements. Like `multi()`, except
   * that other commands may run in between.
   */
  pipeline(): Transaction<B, [], E> {
    return new Pipeline<B, [], E>(this);
  }

  /** Each key once, with SCAN's guarantee: `for (const key of db.scanIterator({ match: "user:*" }))`. */
  scanIterator(options: ScanOptions = {}): Generator<B> {
    return scan((args) => this.call("SCAN", ...args), [], options, false) as Generator<B>;
  }

  /** Each field of a hash, and its value. */
  hscanIterator(key: string, options: Omit<ScanOptions, "type"> = {}): Generator<[field: B, value: B]> {
    return scan((args) => this.call("HSCAN", ...args), [key], options, true) as Generator<[B, B]>;
  }

  /** Each member of a set. */
  sscanIterator(key: string, options: Omit<ScanOptions, "type"> = {}): Generator<B> {
    return scan((args) => this.call("SSCAN", ...args), [key], options, false) as Generator<B>;
  }

  /** Each member of a sorted set, and its score. */
  zscanIterator(key: string, options: Omit<ScanOptions, "type"> = {}): Generator<[member: B, score: number]> {
    const numbers = (pair: unknown): [B, number] => [(pair as [B, unknown])[0], Number(asText((pair as [B, unknown])[1]))];
    const pairs = scan((args) => this.call("ZSCAN", ...args), [key], options, true);
    return (function* () {
      for (const pair of pairs) yield numbers(pair);
    })();
  }

  /** The value of a string that `setJSON` wrote, or null. Throws a SyntaxError if it is not JSON. */
  getJSON<T = unknown>(key: Arg): T | null {
    const json = this._many("get", [key], "no");
    return json === null ? null : (JSON.parse(asText(json)) as T);
  }

  /** Sets a string to a value as JSON; SET's options follow, except GET. */
  setJSON<T>(key: Arg, value: T, ...options: (Arg | Options<Omit<SetOptions, "get">>)[]): "OK" | null {
    const json = JSON.stringify(value);
    if (json === undefined) throw new ValueError(this._engine.errorCode, "what JSON.stringify gives nothing for");
    return this._many("set", [key, json, ...options], "no") as "OK" | null;
  }

  /** EXEC, for a transaction begun with `call("MULTI")`; `multi().exec()` does not need it. */
  exec(): Reply<B>[] | null {
    return this._send(["EXEC"]) as Reply<B>[] | null;
  }

  /** DISCARD, for a transaction begun with `call("MULTI")`. */
  discard(): "OK" {
    return this._send(["DISCARD"]) as "OK";
  }

  /**
   * Calls `handler` with each message of a channel, or of several, until the returned function is called. Handlers are
   * called in the order of the messages, once the code that published is done (in a microtask), and may call the database.
   * An error that a handler throws is reported as uncaught.
   */
  subscribe(channels: Names, handler: (message: B, channel: B) => void): Stop {
    return this._listen("channel", channels, handler as Handler);
  }

  /** Like `subscribe`, for channels that match a pattern: `db.psubscribe("news.*", (message, channel, pattern) => ...)`. */
  psubscribe(patterns: Names, handler: (message: B, channel: B, pattern: B) => void): Stop {
    return this._listen("pattern", patterns, handler as Handler);
  }

  /** Like `subscribe`, for shard channels (SPUBLISH). */
  ssubscribe(shardChannels: Names, handler: (message: B, channel: B) => void): Stop {
    return this._listen("shard", shardChannels, handler as Handler);
  }

  /** Ends this client's handlers for these channels; for all channels when none is given. */
  unsubscribe(...channels: Names[]): void {
    this._forget("channel", channels);
  }

  /** Ends this client's handlers for these patterns; for all patterns when none is given. */
  punsubscribe(...patterns: Names[]): void {
    this._forget("pattern", patterns);
  }

  /** Ends this client's handlers for these shard channels; for all shard channels when none is given. */
  sunsubscribe(...shardChannels: Names[]): void {
    this._forget("shard", shardChannels);
  }

  /**
   * Messages to be read with `for await (const { channel, message } of db.messages("news"))`: from this call on, until the
   * loop is left, the signal aborts (the loop throws its reason), or the session ends. Unread messages are kept,
   * however many there are.
   */
  messages(topics: Names | Topics, options: { signal?: AbortSignal | undefined } = {}): AsyncIterableIterator<Message<B>> {
    if (!this._state.open) this._refuse();
    const code = this._engine.errorCode;
    const { signal } = options;
    signal?.throwIfAborted();
    const named = (
      typeof topics === "object" && !Array.isArray(topics) && ("channels" in topics || "patterns" in topics || "shardChannels" in topics)
        ? topics
        : { channels: topics }
    ) as Topics;
    const list: [Topic, Flat[]][] = [];
    if (named.channels !== undefined) list.push(["channel", namesOf(named.channels, "channel", code)]);
    if (named.patterns !== undefined) list.push(["pattern", namesOf(named.patterns, "pattern", code)]);
    if (named.shardChannels !== undefined) list.push(["shard", namesOf(named.shardChannels, "channel", code)]);
    return stream(this._inbox(), list, this._bytes, signal) as AsyncIterableIterator<Message<B>>;
  }

  /**
   * Calls `handler` for each event on keys that match a pattern, in this session's database: `db.watchKeys("user:*",
   * (event, key, fields) => ...)`. The event is a word such as `set`, `del` or `expired`; `hset`, `hdel`, `hexpired` and the like also give
   * the fields of the hash that they are about. It turns on the part of `notify-keyspace-events` that it needs, and restores the
   * setting when the last watcher stops. Handlers are called like those of `subscribe`.
   */
  watchKeys(pattern: Arg, handler: (event: string, key: B, fields?: B[]) => void): Stop {
    if (!this._state.open) this._refuse();
    const engine = this._engine;
    mustBeFunction(handler);
    const [name] = namesOf(pattern, "pattern", engine.errorCode) as [Flat];
    const db = engine.database(this._id);
    const prefix = `__keyspace@${db}__:`;
    const subkeys = `__subkeyspace@${db}__:`;
    const state = this._state;
    state.watchers ??= new Inbox(engine, this._id, state.endListeners);
    const keyEvents = KeyEvents.of(engine);
    keyEvents.begin();
    const shown = (bytes: Uint8Array): B => (this._bytes ? bytes : text(bytes, 0, bytes.length)) as B;
    // The fields come before the event that they belong to.
    let fields: B[] | undefined;
    const told: Handler = (message, channel) => {
      const [about, place] = [message as Uint8Array, channel as Uint8Array];
      if (place[2] === 0x73 /* s */) {
        fields = fieldsOf(about).map(shown);
        return;
      }
      const [event, key] = [text(about, 0, about.length), shown(place.subarray(prefix.length))];
      const named = fields;
      fields = undefined;
      if (named === undefined) handler(event, key);
      else handler(event, key, named);
    };
    const stop = state.watchers.listen("pattern", [joined(subkeys, name), joined(prefix, name)], told, true);
    let watches = true;
    const ended = (): void => {
      if (!watches) return;
      watches = false;
      state.endListeners.delete(ended);
      stop();
      keyEvents.end();
    };
    state.endListeners.add(ended);
    return makeStop(ended);
  }

  /**
   * Calls `handler` with every command that runs in this process, in any session, and with its reply, until the returned
   * function is called, even after this session has ended. Handlers are called like those of `subscribe`. Commands that come over sockets
   * are not reported.
   */
  observe(handler: (observed: Observed<B>) => void): Stop {
    if (!this._state.open) this._refuse();
    mustBeFunction(handler);
    return makeStop(Observers.of(this._engine).add(handler as (observed: Observed<unknown>) => void, this._bytes));
  }

  /**
   * Keeps what a function reads up to date: `db.live(() => db.hgetall("user:1"), (user) => show(user))` calls the listener with the
   * result now, and again when it has changed, even by an expiry. See `Live` for what is returned. If the function returns a
   * promise, the listener is called when it is fulfilled. Changes by scripts, other databases and sockets count, too.
   */
  live<T>(query: () => T, listener?: (value: Settled<T>) => void): Live<Settled<T>> {
    if (!this._state.open) this._refuse();
    return live(Changes.of(this._engine), query, listener);
  }

  /**
   * Shows commands to a function before they run, from all sessions and from sockets too; it may answer them itself. For tests of
   * what a program does when Redis is loading, slow, or gone. `db.intercept(([name]) => name === "GET" ? new Error("LOADING Redis is
   * loading the dataset in memory") : undefined)`, until the returned function is called. See `Verdict`.
   */
  intercept(interceptor: Interceptor, options?: InterceptOptions): Stop;
  /**
   * The same for some commands: `db.intercept("SET", { delay: 200 })`, `db.intercept(["GET", "CONFIG SET"], new Error("LOADING ..."), {
   * times: 2 })`, `db.intercept("PING", () => ({ drop: true }))`.
   */
  intercept(commands: string | readonly string[], what: Verdict | Interceptor, options?: InterceptOptions): Stop;
  intercept(...given: unknown[]): Stop {
    if (!this._state.open) this._refuse();
    const { names, judge, options } = interceptorOf(this._engine.errorCode, given);
    return makeStop(Interceptors.of(this._engine).add(names, judge, options));
  }

  /**
   * Called with what this session receives unasked, as lists: messages after `call("SUBSCRIBE", ...)`. Handlers of `subscribe` do not
   * need it. It is called like them.
   */
  get onpush(): ((push: Reply<B>[]) => void) | undefined {
    return this._state.onpush?.handler as ((push: Reply<B>[]) => void) | undefined;
  }

  set onpush(handler: ((push: Reply<B>[]) => void) | undefined) {
    if (handler !== undefined) mustBeFunction(handler);
    this._state.onpush = handler === undefined ? undefined : { handler: handler as (push: unknown) => void, bytes: this._bytes };
  }

  /** Whether the session is closed: calls then throw. */
  get closed(): boolean {
    return !this._state.open || this._engine.ended !== undefined;
  }

  /** Ends this session: its subscriptions end, and waiting calls are rejected. The engine and other sessions live on. */
  close(): void {
    if (!this._state.open) return;
    this._end();
  }

  /** The same as `close()`, for code written for ioredis or node-redis. */
  disconnect(): void {
    void this.close();
  }

  /** A summary in one line, never with data: for JSON.stringify, logs and snapshots. */
  toJSON(): object {
    if (this.closed) return { closed: true };
    const { keys, usedMemory } = this._engine.stats();
    return {
      keys,
      db: this._engine.database(this._id),
      memory: usedMemory,
      store: this._engine.persistence === undefined ? "none" : "kept",
    };
  }

  get [Symbol.toStringTag](): string {
    return "Client";
  }

  /** @internal For Node's console.log. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const told = Object.entries(this.toJSON()).map(([name, value]) => `${name}: ${name === "memory" ? size(value) : value}`);
    return `${this[Symbol.toStringTag]} { ${told.join(", ")} }`;
  }

  /** @internal */
  _end(): void {
    const engine = this._engine;
    this._state.end(new ClosedError("this session is closed"));
    engine.closeSession(this._id);
  }

  /** @internal */
  _refuse(): never {
    this._engine.check();
    throw new ClosedError("this session is closed");
  }

  /** @internal */
  _inbox(): Inbox {
    if (!this._state.open) this._refuse();
    this._state.inbox ??= new Inbox(this._engine, this._id, this._state.endListeners);
    return this._state.inbox;
  }

  /** @internal */
  _listen(topic: Topic, names: Names, handler: Handler): Stop {
    mustBeFunction(handler);
    const list = namesOf(names, topic === "pattern" ? "pattern" : "channel", this._engine.errorCode);
    return makeStop(this._inbox().listen(topic, list, handler, this._bytes));
  }

  /** @internal */
  _forget(topic: Topic, names: readonly Names[]): void {
    const list = names.flatMap((one) => namesOf(one, topic === "pattern" ? "pattern" : "channel", this._engine.errorCode));
    this._inbox().forget(topic, list);
  }

  /** @internal Runs laid-out arguments. */
  _send(args: readonly Flat[]): unknown {
    if (!this._state.open) this._refuse();
    const engine = this._engine;
    const length = engine.run(this._id, args);
    return engine.words[FLAGS] === 0 ? this._answer(length) : this._attend(length);
  }

  /** @internal Runs what a batch has; a reply for each command, errors among them. */
  _sendAll(batch: Batch): unknown[] {
    return sendAll(this, batch);
  }

  /** @internal The reply of a command as this session's user wants it. */
  _shaped(name: string, reply: unknown): unknown {
    return this._state.objects && !this._bytes && ENTRIES.has(name.toLowerCase()) ? shaped(reply) : reply;
  }

  /** @internal The same of the replies to what a batch has, where they are. */
  _shapeAll(batch: Batch, replies: unknown[]): void {
    if (!this._state.objects || this._bytes) return;
    for (let i = 0; i < replies.length && i < batch.count; i++) replies[i] = this._shaped(batch.name(i), replies[i]);
  }

  /** @internal Runs a command that may wait. */
  _wait(name: string, args: ArrayLike<unknown>): unknown {
    const given = Array.from(args);
    const out: Flat[] = [name];
    let options: WaitOptions | undefined;
    let invalid: { error: unknown } | undefined;
    try {
      options = takeOptions(given, OPTIONS[name] !== undefined);
      flatten(out, given, 0, "no", this._engine.errorCode, name, OPTIONS);
    } catch (error) {
      invalid = { error };
    }
    // XREAD without BLOCK is as any other command; BLOCK stands in front of what may be wrong.
    if (WAITS[name] === "asked" && options === undefined && !asksToBlock(out)) {
      if (invalid !== undefined) throw invalid.error;
      return this._send(out);
    }
    return this._promise(out, options?.signal, invalid);
  }

  /** @internal The reply of a command that may wait; what goes wrong rejects the promise. */
  _promise(out: readonly Flat[], signal: AbortSignal | undefined, invalid: { error: unknown } | undefined): Promise<unknown> {
    try {
      if (invalid !== undefined) throw invalid.error;
      signal?.throwIfAborted();
      if (!this._state.open) this._refuse();
      const engine = this._engine;
      const length = engine.run(this._id, out);
      const flags = engine.flags();
      if ((flags & WAITING) === 0) return Promise.resolve(flags === 0 ? this._answer(length) : this._attend(length));
      const read = (bytes: Uint8Array): unknown => {
        if (bytes[0] === ERROR) throw blame(new ReplyError(errorText(bytes)), out.map(texts), this);
        return decode(bytes, 0, bytes.length, this._bytes);
      };
      const reply = wait(engine, this._id, this._state.endListeners, signal, read);
      engine.attend(flags);
      return reply;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** @internal */
  _many(name: string, args: ArrayLike<unknown>, pairs: Pairs): unknown {
    const out: Flat[] = [name];
    flatten(out, args, 0, pairs, this._engine.errorCode, name, OPTIONS);
    return this._send(out);
  }

  /** @internal */
  _answer(length: number, direct = false): unknown {
    const engine = this._engine;
    const m = engine.bytes;
    const at = engine.replyAt();
    // Where there is no reply, the last one lies there still.
    if (m[at] === ERROR && length > 0) throw blame(untraced(errorText(m.subarray(at, at + length))), lastCommand(engine), this, direct);
    if (length > 3 && !this._bytes) {
      const reply = short(m, at);
      if (reply !== undefined) return reply;
    }
    return length === 0 ? undefined : decode(m, at, at + length, this._bytes);
  }

  /** @internal The reply of PUBLISH: what it sent within this process may wait for more. */
  _published(length: number, message: number): unknown {
    const engine = this._engine;
    if (engine.words[FLAGS] !== OUTPUT) return this._attend(length);
    try {
      return this._answer(length);
    } finally {
      engine.out.deliverSoon(message);
    }
  }

  /** @internal The reply, when the flags ask for something besides: it is read from a copy. */
  _attend(length: number): unknown {
    const engine = this._engine;
    const copy = engine.replyCopy(length);
    const failed = copy[0] === ERROR ? lastCommand(engine) : undefined;
    try {
      return this._attendTo(copy, engine.flags());
    } catch (error) {
      throw failed !== undefined && error instanceof ReplyError ? blame(error, failed, this) : error;
    }
  }

  /** @internal The same of a reply that was copied; an error is thrown as it is. */
  _attendTo(copy: Uint8Array, flags: number): unknown {
    const saved = this._signal(flags);
    if (saved !== undefined) return saved.then(() => decode(copy, 0, copy.length, this._bytes));
    if (copy.length === 0) return undefined;
    return flags & PUSHES ? this._sort(copy) : decode(copy, 0, copy.length, this._bytes);
  }

  /**
   * @internal The reply among pushes, which go where pushes go. Without any they are the answer: SUBSCRIBE and its kind
   * confirm with one for each channel.
   */
  _sort(bytes: Uint8Array): unknown {
    let reply: { value: unknown } | undefined;
    const pushes: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const isPush = bytes[at] === 62 || reply !== undefined;
      const value = decodeAny(bytes, at, this._bytes);
      if (isPush) pushes.push(at);
      else reply = { value };
      at = decodedTo();
    }
    const confirmed: unknown[] = [];
    for (const at of pushes) {
      const push = decodeAny(bytes, at, false);
      const kind = Array.isArray(push) ? push[0] : undefined;
      if (reply === undefined && typeof kind === "string" && kind.endsWith("subscribe")) confirmed.push(decodeAny(bytes, at, this._bytes));
      else this._state.hear(bytes, at);
    }
    if (reply === undefined) return confirmed;
    if (reply.value instanceof ReplyError) throw reply.value;
    return reply.value;
  }

  /** @internal Does what the flags of the last crossing ask for, once its reply has been read. */
  _signal(flags = this._engine.flags()): Promise<void> | undefined {
    const saved = this._engine.attend(flags);
    if (flags & CLOSE && this._state.open) this._end();
    return saved;
  }
}

/** Bytes for people. */
function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A bulk string as text, on either face. */
function asText(value: unknown): string {
  return value instanceof Uint8Array ? text(value, 0, value.length) : String(value);
}

function mustBeFunction(handler: unknown): void {
  if (typeof handler !== "function") throw new TypeError("the handler must be a function");
}

function joined(prefix: string, name: Flat): Flat {
  if (typeof name === "string") return prefix + name;
  const out = new Uint8Array(prefix.length + name.length);
  for (let i = 0; i < prefix.length; i++) out[i] = prefix.charCodeAt(i);
  out.set(name, prefix.length);
  return out;
}

/** An open database: an engine and its first session. */
export class Wakey<out E extends Entries = "array"> extends Client<string, E> implements Database<string, undefined, E> {
  /** Another session on the same keyspace, with its own database number, name and transaction. By default entries have the same shape. */
  session<F extends Entries = E>({ name, entries }: SessionOptions<F> = {}): Client<string, F> {
    const client = openClient<F>(this._engine, { resp: 3, trusted: true, ...(name === undefined ? {} : { name }) });
    client._state.objects = entries === undefined ? this._state.objects : wantsObjects(entries);
    return client;
  }

  /** Like `session()`, in the database that is selected here: for code written for ioredis or node-redis. */
  duplicate<F extends Entries = E>(options: SessionOptions<F> = {}): Client<string, F> {
    const other = this.session(options);
    const database = this._engine.database(this._id);
    if (database !== 0) other.call("SELECT", String(database));
    return other;
  }

  override get [Symbol.toStringTag](): string {
    return "Wakey";
  }

  /** When the next key or field expires, in milliseconds since the epoch; Infinity if none does. Costs nothing. */
  nextDeadline(): number {
    return this._engine.nextDeadline();
  }

  /** Expires what is due by the clock, in a bounded amount of work. */
  tick(): void {
    this._engine.tick();
  }

  /** Counters of the engine. Memory in bytes. */
  stats(): Stats {
    return this._engine.stats();
  }

  /**
   * Resolves when everything answered before this call is as safe as the store can make it (see the table in the guide on persistence);
   * rejects with a StoreError while the storage refuses. Without a store, it resolves at once.
   */
  durable(): Promise<void> {
    this._engine.check();
    return this._engine.persistence?.durable() ?? Promise.resolve();
  }

  /**
   * Replaces all data with that of an RDB file, as a Redis that is started with it does:
   * `await db.importRdb(await fetch("dump.rdb").then((r) => r.body))`. It is read in slices; meanwhile commands that need the data
   * get the LOADING error, in this process too. If the file is damaged, it rejects with a StoreError that says where, and nothing has
   * changed. A store keeps either the old data or the new, as a whole.
   */
  importRdb(source: RdbSource, options?: ImportOptions): Promise<void> {
    return importRdb(this._engine, source, options);
  }

  /**
   * All databases as an RDB file that Redis 8.0 and later can read: the data of the moment this is called, written in slices while
   * commands go on.
   */
  exportRdb(options?: ExportOptions): Promise<Bytes> {
    return exportRdb(this._engine, options);
  }

  /**
   * The same as a stream, for large databases: the data of the moment of the first read. Read it to its end, or cancel it: until then
   * nothing else can walk through the keyspace, not even a store's snapshots.
   */
  exportRdbStream(options?: ExportOptions): ReadableStream<Bytes> {
    return exportRdbStream(this._engine, options);
  }

  /**
   * Ends the engine and frees its memory. Every later call throws a `ClosedError`; waiting calls are rejected with one.
   * With a store, await it: the promise resolves when everything is written and the store is free for others, and rejects if
   * something could not be written.
   */
  override close(): Promise<void> {
    const closed = this._engine.close();
    this._state.open = false;
    return closed;
  }

  /** The same as `close()`, for `using`. */
  [Symbol.dispose](): void {
    void this.close();
  }

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** @internal */
export function openClient<E extends Entries = "array">(engine: Engine, options: CoreSessionOptions): Client<string, E> {
  const { id, state } = openSession(engine, options);
  return new Client<string, E>(engine, id, false, state);
}

/** @internal */
export function openWakey<E extends Entries = "array">(engine: Engine, entries?: E): Wakey<E> {
  const { id, state } = openSession(engine, { resp: 3, trusted: true });
  state.objects = wantsObjects(entries);
  return new Wakey<E>(engine, id, false, state);
}

function openSession(engine: Engine, options: CoreSessionOptions): { id: number; state: SessionState } {
  const state = new SessionState(engine);
  const id = engine.openSession(options, (bytes, close) => {
    for (let at = 0; at < bytes.length; ) at = state.hear(bytes, at);
    if (!close || !state.open) return;
    state.end(new ClosedError("this session was killed"));
    engine.closeSession(id);
  });
  return { id, state };
}

/** The method of a command, where a reply may have entries of streams. */
function shaping(name: string, method: (...args: never[]) => unknown): (this: Client, ...args: unknown[]) => unknown {
  return function (...args) {
    return this._shaped(name, method.apply(this, args as never[]));
  };
}

function waiting(name: string): (this: Client, ...args: unknown[]) => unknown {
  return function (...args) {
    return this._wait(name, args);
  };
}

/** RESET ends in RESP2, as everywhere; a session in process goes back to how it was opened, which is RESP3. */
function reset(this: Client): unknown {
  const reply = this._many("reset", arguments, "no");
  this._send(["HELLO", "3"]);
  return reply;
}

install(Client.prototype, (name) => {
  const method = WAITS[name] === undefined ? fast(name, PAIRS[name] ?? "no") : waiting(name);
  return ENTRIES.has(name) ? shaping(name, method) : method;
});
Object.defineProperty(Client.prototype, "reset", { value: reset, writable: true, configurable: true });
