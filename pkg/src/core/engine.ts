/**
 * One engine: a WebAssembly instance with its own memory, the views on it, and the timer that wakes it.
 *
 * The mailbox is eight u32 words at a fixed address (see `src/wasm.rs`): request address and capacity, reply address
 * and length, flags, the length of the journal, and the next deadline as an f64. Views are made anew when memory has grown, which
 * shows as a view of length 0.
 */
import { glue } from "../../build/glue.js";
import type { Heard, KeyEvents } from "../client/messages.js";
import type { Persistence } from "../persistence/driver.js";
import { bound, decode, encoded, type Flat, type Reply, write, writeCount } from "../resp/codec.js";
import { UTF8 } from "../resp/utf8.js";
import { type Clock, follow, systemClock } from "./clock.js";
import { ClosedError, StoreError, TrapError } from "./errors.js";
import type { Core, CoreSessionOptions, Glue, StoreState } from "./glue.js";

const REPLY = 2;
const FLAGS = 4;
const JOURNAL = 5;
/** Flag bits of the mailbox. @internal */
export const CLOSE = 1;
/** @internal */
export const OUTPUT = 2;
/** @internal */
export const MORE = 4;
/** @internal */
export const WAITING = 8;
/** @internal */
export const PUSHES = 16;
/** @internal */
export const ASKS = 64;
/** The output is that of the session before. */
const SAME = 32;

const NOTHING = new Uint8Array(0);

/** The longest sleep a host's timer takes; longer deadlines are slept towards in steps. @internal */
export const LONGEST_SLEEP = 2 ** 31 - 1;

/** Milliseconds until what is due and could not be done is tried again. */
const LATER = 1000;

/** Characters of messages that may wait to be delivered together. */
const TOGETHER = 1024;

/** Above this many bytes strings are encoded first: the bound of three bytes a char would ask for too much memory. */
const HUGE = 2 ** 24;

/** Bytes the request buffer has at least: the fast paths write a few short arguments without asking. */
const FLOOR = 4096;

/** @internal */
export interface EngineOptions {
  clock: Clock;
  seed: bigint;
  databases?: number;
  dialect?: string;
  maxmemory?: number;
  requirepass?: string;
  /** Whether a timer may be set for deadlines; false where the host wakes the engine itself. */
  timer: boolean;
  /**
   * Told when the engine wants to be woken (`ring`), in milliseconds since the epoch, each time that this is earlier than what
   * was told before. In place of a timer.
   */
  alarm?: (deadline: number) => void;
}

export interface Stats {
  usedMemory: number;
  keys: number;
  expires: number;
  sessions: number;
  commands: number;
  [name: string]: number | string | boolean | null;
}

/**
 * Who gets what the engine has to say to a session outside of a reply. `close`: nothing follows. `more`: the session has sent
 * commands that wait for `feed` to be called again. @internal
 */
export type OutputListener = (bytes: Uint8Array, close: boolean, more: boolean) => void;

/** What the core wants of its host, with flag ASKS. */
const REWRITE = 1;
const SAVE = 2;

type Timer = ReturnType<typeof setTimeout>;

function importsOf(module: WebAssembly.Module, bindings: Glue & WebAssembly.ModuleImports): WebAssembly.Imports {
  return { [WebAssembly.Module.imports(module)[0]?.module ?? "env"]: bindings };
}

/** @internal */
export class Engine {
  readonly core: Core;
  readonly clock: Clock;
  /** Whether the clock is the system's, which timers follow. */
  readonly live: boolean;
  readonly errorCode: string;
  readonly listeners = new Map<number, OutputListener>();
  /** Told once, with the reason, when no call is taken any more. */
  readonly endings = new Set<(reason: Error) => void>();
  keyEvents: KeyEvents | undefined = undefined;
  /** What takes the journal, with a store. */
  persistence: Persistence | undefined = undefined;
  /** Ends what runs on this engine: SHUTDOWN. */
  onshutdown: () => void = () => void this.close().catch(() => {});
  /** The messages that were read last, for sessions that have the same ones; not kept beyond a delivery. */
  heard: Heard | undefined = undefined;
  /** Characters of messages that `deliverSoon` has put off. */
  private waiting = 0;
  /** A function and its two arguments each. */
  private tasks: unknown[] = [];
  memory: WebAssembly.Memory;
  /** All of wasm memory. */
  bytes!: Uint8Array;
  /** The mailbox. */
  words!: Uint32Array;
  deadline!: Float64Array;
  /** Address of the request buffer. */
  request = 0;
  capacity = 0;
  /** Why no call is taken any more. */
  gone: Error | undefined = undefined;
  /** When the timer will fire; -Infinity when this engine has none, so that no deadline is earlier. */
  armed: number;
  private timer: Timer | undefined = undefined;
  private readonly alarm: ((deadline: number) => void) | undefined;
  private readonly unfollow: (() => void) | undefined;
  private readonly mailbox: number;

  /** Makes an instance and an engine in it. Not in one step: older browsers refuse synchronous instances on a page. */
  static async create(module: WebAssembly.Module, options: EngineOptions): Promise<Engine> {
    const bindings = glue(UTF8);
    return new Engine(module, await WebAssembly.instantiate(module, importsOf(module, bindings)), bindings, options);
  }

  /** As `create`, at once: where a promise would belong to one request, and the engine to all. */
  static createNow(module: WebAssembly.Module, options: EngineOptions): Engine {
    const bindings = glue(UTF8);
    return new Engine(module, new WebAssembly.Instance(module, importsOf(module, bindings)), bindings, options);
  }

  private constructor(
    /** The compiled module, which can make more engines. */
    readonly module: WebAssembly.Module,
    instance: WebAssembly.Instance,
    bindings: Glue,
    options: EngineOptions,
  ) {
    this.memory = instance.exports["memory"] as WebAssembly.Memory;
    bindings.__wbg_set_wasm(instance.exports);
    const start = instance.exports["__wbindgen_start"];
    if (typeof start === "function") start();
    const { clock, timer, alarm, ...rest } = options;
    this.clock = clock;
    this.alarm = alarm;
    this.live = clock === systemClock || alarm !== undefined;
    this.errorCode = options.dialect === "dicedb" ? "ERROR" : "ERR";
    this.core = new bindings.Core({ ...rest, now: clock.now() });
    this.mailbox = this.core.mailbox();
    this.remap();
    this.reserve(FLOOR);
    this.armed = alarm !== undefined || (this.live && timer) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this.unfollow = follow(clock, () => this.expire());
  }

  /** Makes the views anew. */
  remap(): void {
    const { buffer } = this.memory;
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer, this.mailbox, 6);
    this.deadline = new Float64Array(buffer, this.mailbox + 24, 1);
    this.request = this.words[0] as number;
    this.capacity = this.words[1] as number;
  }

  /** Makes the request buffer hold `n` bytes. */
  reserve(n: number): void {
    this.check();
    try {
      this.core.reserve(Math.max(n, FLOOR));
    } catch (cause) {
      if (cause instanceof WebAssembly.RuntimeError) throw this.trap(cause);
      this.remap();
      throw new RangeError((cause as Error).message);
    }
    this.remap();
  }

  check(): void {
    if (this.gone !== undefined) throw this.gone;
  }

  /** Marks the engine dead. Also when the clock throws: then the error is the caller's, and the engine lives. */
  trap(cause: unknown): Error {
    if (this.gone !== undefined) return this.gone;
    const message = cause instanceof Error ? cause.message : String(cause);
    // All that WebAssembly says of a failed allocation or a broken invariant.
    const text = message === "unreachable" ? "out of memory, or a broken invariant" : message;
    const error = new TrapError(`the engine stopped and its data is lost (${text}); open() makes a new one`);
    error.cause = cause;
    this.end(error);
    return error;
  }

  /** Runs the frame of `length` bytes in the request buffer. The reply is at `words[REPLY]` until the next crossing. */
  exec(session: number, length: number): number {
    const now = this.clock.now();
    let n: number;
    try {
      n = this.core.exec(session, now, length);
    } catch (cause) {
      throw this.trap(cause);
    }
    this.settle();
    return n;
  }

  /** Hands raw RESP to a session. Returns the reply's length; it is at `replyAt()` until the next crossing. */
  feed(session: number, chunk: Uint8Array): number {
    const length = chunk.length;
    if (length > this.capacity || this.gone !== undefined) this.reserve(length);
    this.bytes.set(chunk, this.request);
    const now = this.clock.now();
    let n: number;
    try {
      n = this.core.feed(session, now, length);
    } catch (cause) {
      throw this.trap(cause);
    }
    this.settle();
    return n;
  }

  /** After a crossing: views, buffer, timer. Flags are the caller's. */
  settle(): void {
    const words = this.words;
    if (words.length === 0) this.remap();
    else if (words[1] !== this.capacity || words[0] !== this.request) this.remap();
    const deadline = this.deadline[0] as number;
    if (deadline < this.armed) this.arm(deadline);
    if (this.capacity < FLOOR) this.refill();
    if (this.words[JOURNAL] !== 0) this.persistence?.take();
  }

  /** As `settle`, where there is no caller to hear of a store that refuses; everybody hears of it with the next write. */
  private settleQuietly(): void {
    try {
      this.settle();
    } catch (error) {
      if (this.gone !== undefined) throw error;
    }
  }

  private refill(): void {
    // A reserve is no crossing that ends a reply: it touches only the request buffer.
    this.core.reserve(FLOOR);
    this.remap();
  }

  replyAt(): number {
    return this.words[REPLY] as number;
  }

  flags(): number {
    return this.words[FLAGS] as number;
  }

  /** Writes the arguments as a frame and runs it. */
  run(session: number, args: readonly Flat[]): number {
    let need = 4;
    for (let i = 0; i < args.length; i++) need += bound(args[i] as Flat);
    if (need > HUGE && args.some((arg) => typeof arg === "string")) return this.run(session, args.map(encoded));
    if (need > this.capacity || this.gone !== undefined) this.reserve(need);
    const bytes = this.bytes;
    let at = writeCount(bytes, this.request, args.length);
    for (let i = 0; i < args.length; i++) at = write(bytes, at, args[i] as Flat);
    return this.exec(session, at - this.request);
  }

  /**
   * Passes on what the engine has for sessions that did not ask. Call it when the flags say so and the reply has been read.
   * The last session comes first out of the engine; all is taken out before the first is told, and told in order. Sessions
   * that have the same bytes, as the subscribers of a channel, share one copy, which nobody may change.
   */
  deliver(): void {
    if (this.persistence?.holding) {
      this.waiting = 0;
      return;
    }
    const found: { session: number; bytes: Uint8Array; flags: number }[] = [];
    let last = NOTHING;
    while (this.gone === undefined) {
      let session: number;
      try {
        session = this.core.next_output();
      } catch (cause) {
        throw this.trap(cause);
      }
      if (this.words.length === 0) this.remap();
      if (session === 0) break;
      const at = this.replyAt();
      const flags = this.flags();
      const length = this.words[3] as number;
      // A session comes twice when it was killed besides: its bytes were with the first.
      if (length === 0) {
        const before = found.find((one) => one.session === session);
        if (before !== undefined) {
          before.flags |= flags;
          continue;
        }
      }
      if ((flags & SAME) === 0 || found.length === 0) last = this.bytes.slice(at, at + length);
      found.push({ session, bytes: last, flags });
    }
    for (let i = found.length - 1; i >= 0; i--) {
      const { session, bytes, flags } = found[i] as (typeof found)[number];
      this.listeners.get(session)?.(bytes, (flags & CLOSE) !== 0, (flags & MORE) !== 0);
    }
    this.heard = undefined;
    this.waiting = 0;
  }

  /**
   * As `deliver`, for a message of so many characters, but once the code that runs now is done: what is published in a row is
   * taken out together. At once when much has come together, so that no subscriber comes near its output limit.
   */
  deliverSoon(length: number): void {
    if (this.waiting === 0)
      queueMicrotask(() => {
        this.deliverWaiting();
        this.work();
      });
    this.waiting += length + 1;
    if (this.waiting > TOGETHER) this.deliver();
  }

  /** Delivers what `deliverSoon` has put off. */
  deliverWaiting(): void {
    if (this.waiting > 0 && this.gone === undefined) this.deliver();
  }

  deliverIfAny(): void {
    if (this.flags() & OUTPUT) this.deliver();
  }

  /** What waited for the store. Between two crossings. */
  deliverHeld(): void {
    const deliver = (): void => {
      if (this.gone === undefined) this.deliver();
    };
    this.later(deliver, undefined, undefined);
  }

  /**
   * Does what the flags of a crossing ask of the host, once its reply has been read. With a promise the reply is to wait: a SAVE
   * that needs time. Throws, or rejects, what a SAVE throws: ReplyError.
   */
  attend(flags: number): Promise<void> | undefined {
    if (flags & OUTPUT) this.deliver();
    return flags & ASKS ? this.asked() : undefined;
  }

  private asked(): Promise<void> | undefined {
    let saved: Promise<void> | undefined;
    for (;;) {
      const ask = this.ask((core) => core.next_ask());
      if (ask === 0) return saved;
      if (ask === REWRITE) void this.persistence?.rewrite();
      else if (ask === SAVE) saved = this.persistence?.save() ?? saved;
      else this.later(() => this.onshutdown(), undefined, undefined);
    }
  }

  /**
   * Calls `task` once the code that runs now is done: in a microtask, in the order of these calls. What it throws is reported
   * as an uncaught error and holds up nothing.
   */
  later<A, B>(task: (a: A, b: B) => void, a: A, b: B): void {
    if (this.tasks.push(task, a, b) === 3) queueMicrotask(() => this.work());
  }

  private work(): void {
    const { tasks } = this;
    for (let i = 0; i < tasks.length; i += 3) {
      try {
        (tasks[i] as (a: unknown, b: unknown) => void)(tasks[i + 1], tasks[i + 2]);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
    this.tasks = [];
  }

  openSession(options: CoreSessionOptions, listener: OutputListener): number {
    this.check();
    let id: number;
    try {
      id = this.core.open_session(options);
    } catch (cause) {
      throw this.trap(cause);
    }
    this.settleQuietly();
    this.listeners.set(id, listener);
    return id;
  }

  /** Opens a session like another one, which waits in the place of that one if it waits. */
  twin(session: number, listener: OutputListener): number {
    const id = this.ask((core) => core.twin(session));
    this.listeners.set(id, listener);
    return id;
  }

  closeSession(id: number): void {
    this.listeners.delete(id);
    if (this.gone !== undefined) return;
    try {
      this.core.close_session(id);
    } catch (cause) {
      throw this.trap(cause);
    }
    this.settleQuietly();
  }

  nextDeadline(): number {
    this.check();
    return this.deadline[0] as number;
  }

  /** Expires what is due now. Each call of the core does a bounded piece of work. */
  tick(): void {
    this.check();
    try {
      this.core.tick(this.clock.now());
    } catch (cause) {
      throw this.trap(cause);
    }
    this.settleQuietly();
    this.deliverIfAny();
  }

  /** Ticks until nothing is due, or a tick no longer moves the deadline (then it cannot now). */
  private expire(): void {
    if (this.gone !== undefined) return;
    for (let still = 0; still < 64 && (this.deadline[0] as number) <= this.clock.now(); ) {
      const before = this.deadline[0] as number;
      this.tick();
      still = this.gone === undefined && this.deadline[0] === before ? still + 1 : 0;
      if (this.gone !== undefined) return;
    }
  }

  /** Sets the timer for `deadline`. A deadline that moves away leaves it: it fires once for nothing and sleeps on. */
  private arm(deadline: number): void {
    if (this.alarm !== undefined) {
      this.armed = deadline;
      this.alarm(deadline);
      return;
    }
    clearTimeout(this.timer);
    const sleep = Math.min(Math.max(Math.ceil(deadline - this.clock.now()), 0), LONGEST_SLEEP);
    this.armed = deadline;
    const timer = setTimeout(() => this.wake(), sleep);
    this.timer = timer;
    if (typeof timer === "object") (timer as { unref?: () => void }).unref?.();
  }

  private wake(): void {
    this.armed = Number.POSITIVE_INFINITY;
    if (this.gone !== undefined) return;
    if ((this.deadline[0] as number) <= this.clock.now()) {
      try {
        this.tick();
      } catch {
        return;
      }
    }
    const deadline = this.deadline[0] as number;
    if (deadline < this.armed) this.arm(deadline);
  }

  /** The host's alarm has gone off: expires what is due, and asks for the next alarm. */
  ring(): void {
    this.armed = Number.POSITIVE_INFINITY;
    this.expire();
    if (this.gone !== undefined) return;
    const deadline = this.deadline[0] as number;
    const now = this.clock.now();
    // What is due and cannot be done now is not tried again at once.
    if (deadline < this.armed) this.arm(deadline > now ? deadline : now + LATER);
  }

  /** Whether a timer is set. */
  get sleeping(): boolean {
    return this.timer !== undefined && this.armed !== Number.POSITIVE_INFINITY && this.armed !== Number.NEGATIVE_INFINITY;
  }

  stats(): Stats {
    return this.ask((core) => core.stats() as Stats);
  }

  /** A parameter of the configuration as CONFIG GET shows it, whatever sessions may do. */
  setting(name: string): string {
    return this.ask((core) => core.setting(name));
  }

  /** Sets a parameter as the host's own, also one that CONFIG SET may not change. */
  configure(name: string, value: string): void {
    this.ask((core) => core.configure(name, value));
  }

  /** Whether a session waits for the reply of a blocking command. */
  isWaiting(session: number): boolean {
    return this.ask((core) => core.is_waiting(session));
  }

  /** Ends a session's wait; whether it waited. Its reply, an error, is delivered. */
  cancelWait(session: number): boolean {
    const waited = this.ask((core) => core.cancel_wait(session));
    this.settleQuietly();
    this.deliverIfAny();
    return waited;
  }

  /** When a session's wait ends by itself; Infinity when it does not. */
  waitDeadline(session: number): number {
    return this.ask((core) => core.wait_deadline(session));
  }

  /** The number of a session's database. */
  database(session: number): number {
    return this.ask((core) => core.database(session));
  }

  /** Whether a session was closed because its client speaks HTTP: somebody makes a browser or a server send commands. */
  speaksHttp(session: number): boolean {
    return this.ask((core) => core.speaks_http(session));
  }

  isSubscriber(session: number): boolean {
    return this.ask((core) => core.is_subscriber(session));
  }

  countRejected(): void {
    this.ask((core) => core.count_rejected());
  }

  /** A call besides commands. It may grow the memory, so views are looked after; the last reply is left alone. */
  private ask<T>(call: (core: Core) => T): T {
    this.check();
    try {
      return call(this.core);
    } catch (cause) {
      throw cause instanceof WebAssembly.RuntimeError ? this.trap(cause) : cause;
    } finally {
      if (this.gone === undefined && this.words.length === 0) this.remap();
    }
  }

  // For the store.

  /** Whether the engine notes in its journal what happens. */
  keepJournal(on: boolean): void {
    this.ask((core) => core.keep_journal(on));
  }

  /** The journal since it was last taken: a view, valid until the next crossing. The last reply is left alone. */
  takeJournal(): Uint8Array {
    const length = this.words[JOURNAL] as number;
    const at = this.ask((core) => core.take_journal());
    return this.bytes.subarray(at, at + length);
  }

  /** Runs the whole commands at the beginning of `chunk`, and says how many bytes they are. */
  load(chunk: Uint8Array): number {
    if (chunk.length > this.capacity || this.gone !== undefined) this.reserve(chunk.length);
    this.bytes.set(chunk, this.request);
    const used = this.ask((core) => core.load(chunk.length));
    // The core may have taken back what a long request needed.
    this.remap();
    if (this.capacity < FLOOR) this.refill();
    return used;
  }

  /** The replay is over: deadlines count, and the timer is set. */
  finishLoad(): void {
    this.ask((core) => core.finish_load(this.clock.now()));
    this.settle();
  }

  beginSnapshot(): void {
    this.ask((core) => core.begin_snapshot());
  }

  /** The next `about` bytes of the snapshot, a view valid until the next crossing. Overwrites the last reply. */
  snapshot(about: number): { bytes: Uint8Array; more: boolean } {
    const more = this.ask((core) => core.snapshot(about));
    if (more < 0) throw new StoreError("there is not enough memory left for a snapshot");
    const at = this.replyAt();
    return { bytes: this.bytes.subarray(at, at + (this.words[3] as number)), more: more > 0 };
  }

  endSnapshot(): void {
    this.ask((core) => core.end_snapshot());
  }

  /**
   * The commands that make a fresh session what this one is: its protocol, database, names and subscriptions. Undefined where
   * commands cannot: it waits, is in a transaction, watches keys, is silent, or has sent half a command.
   */
  recall(session: number): Uint8Array | undefined {
    if (!this.ask((core) => core.recall(session))) return undefined;
    const at = this.replyAt();
    return this.bytes.slice(at, at + (this.words[3] as number));
  }

  setStore(state: StoreState): void {
    this.ask((core) => core.set_store(state));
  }

  /** Ends the engine at once. The promise is that of the store, which may need time to write what is left. */
  close(): Promise<void> {
    if (this.gone === undefined) {
      const core = this.core;
      this.end(new ClosedError("this database is closed"));
      core.free();
    }
    return this.persistence?.close() ?? Promise.resolve();
  }

  private end(reason: Error): void {
    this.gone = reason;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.armed = Number.NEGATIVE_INFINITY;
    this.unfollow?.();
    this.listeners.clear();
    // Views of length 0 send every fast path to `reserve`, which throws the reason; the memory can be collected.
    this.bytes = new Uint8Array(0);
    this.words = new Uint32Array(0);
    this.deadline = new Float64Array(0);
    this.capacity = 0;
    this.memory = undefined as unknown as WebAssembly.Memory;
    const endings = [...this.endings];
    this.endings.clear();
    for (const ending of endings) ending(reason);
  }

  /** Reads the reply of the last crossing. */
  reply(length: number, bytes: boolean): Reply<Uint8Array> | undefined {
    return length === 0 ? undefined : decode(this.bytes, this.replyAt(), this.replyAt() + length, bytes);
  }
}
