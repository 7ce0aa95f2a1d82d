/**
 * One engine: a WebAssembly instance with its own memory. Commands go in and replies come out of it; its timer wakes it, its output
 * goes to whom it concerns, and its journal to a store that has hung itself on.
 */
import { encoded, type Flat } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import { bound, errorReply, lengthAt, write, writeCount } from "../resp/write.js";
import type { Clock } from "./clock.js";
import { ClosedError, StoreError, TrapError } from "./errors.js";
import type { Core, CoreNode, CoreOptions, CoreSessionOptions, StoreState } from "./glue.js";
import { type Instance, instantiate, instantiateNow, type Words } from "./instance.js";
import {
  ASK_APPEND,
  ASK_BACKUP_CLEANUP,
  ASK_BACKUP_START,
  ASK_FORCE_END,
  ASK_GO_ON,
  ASK_REWRITE,
  ASK_SAVE_AND_END,
  ASK_SAVE_NOW,
  ASK_SAVE_SOON,
  ASK_SYNC,
  ASKS,
  JOURNAL,
  OUTPUT,
} from "./mailbox.gen.js";
import { Mailbox } from "./mailbox.js";
import { Output } from "./output.js";
import type { EndListeners, JournalSink, Observer, OutputListener, Saver } from "./ports.js";
import { Timer, type TimerOptions } from "./timer.js";
import { breath } from "./turn.js";

/** Above this many bytes strings are encoded first: the bound of three bytes a char would ask for too much memory. */
const HUGE = 2 ** 24;

/** Milliseconds until a store that could not bring to the disk what it has is asked again. */
const AGAIN = 100;

/** Bytes the request buffer has at least: the fast paths write a few short arguments without asking. */
const FLOOR = 4096;

/** About so many bytes of commands go in at once. */
const PIECE = 2 ** 15;

/** Why no call is taken while an interceptor is asked. */
const ASKING = new Error("an interceptor cannot call the database while it is asked; it can return a promise, and call it then");

/** @internal */
export interface EngineOptions extends TimerOptions, Omit<CoreOptions, "now"> {
  clock: Clock;
  words: Words;
}

/** Counters of an engine. */
export interface Stats {
  usedMemory: number;
  keys: number;
  expires: number;
  sessions: number;
  commands: number;
  [name: string]: number | string | boolean | null;
}

const settingsOf = (core: Core): number => core.settings();

/** What the core is made with. */
function coreOptions({ clock, timer: _, alarm: __, words: ___, ...rest }: EngineOptions): CoreOptions {
  return { ...rest, now: clock.now() };
}

/** @internal */
export class Engine extends Mailbox {
  readonly core: Core;
  /** The compiled module, which can make more engines. */
  readonly module: WebAssembly.Module;
  readonly clock: Clock;
  /** Where it has the words of COMMAND DOCS from, as others like it have them. */
  readonly docs: Words;
  readonly errorCode: string;
  readonly timer: Timer;
  readonly out: Output;
  /** Told once, with the reason, when no call is taken any more. */
  readonly endListeners: EndListeners = new Set();
  /** What takes the journal, with a store. */
  persistence: JournalSink | undefined = undefined;
  /** What writes RDB files for SAVE and BGSAVE, where there is such a place. */
  saver: Saver | undefined = undefined;
  private storeState: StoreState = {
    kind: "",
    appends: false,
    rewriting: false,
    saves: false,
    saving: false,
    savedOk: true,
    lastSave: 0,
    savesDone: 0,
    lastOk: true,
    size: 0,
    baseSize: 0,
    refusing: "",
    backup: "",
  };
  /** Told of what runs here, where somebody wants to know. */
  observer: Observer | undefined = undefined;
  /** Told that a client has changed `appendonly`: see `setWays`. */
  onappend: () => void = () => {};
  /** How often WAITAOF has asked, the last time that was done for, and whether it is being done. */
  private syncs = 0;
  private synced = 0;
  private syncing = false;
  /** Parameters that were asked for, as they are since the configuration has had this number. */
  private readonly known = new Map<string, string>();
  private settings = 0;
  /** Ends what runs on this engine: SHUTDOWN. */
  onshutdown: () => void = () => void this.close().catch(() => {});
  /** Why no call is taken any more. */
  ended: Error | undefined = undefined;
  /** Those who wait for the turn that somebody has; undefined where it is free. */
  private waiters: (() => void)[] | undefined = undefined;
  /** What is imported has gone beside what was there: there is no way back. */
  isMerged = false;
  /** A script is paused, and is gone on with. */
  private goingOn = false;

  /** Makes an instance and an engine in it. */
  static async create(module: WebAssembly.Module, options: EngineOptions): Promise<Engine> {
    return new Engine(await instantiate(module, options.words, () => coreOptions(options)), options);
  }

  /** As `create`, at once: where a promise would belong to one request, and the engine to all. */
  static createNow(module: WebAssembly.Module, options: EngineOptions): Engine {
    return new Engine(
      instantiateNow(module, options.words, () => coreOptions(options)),
      options,
    );
  }

  private constructor({ module, memory, core }: Instance, options: EngineOptions) {
    super(memory, core.mailbox());
    this.module = module;
    this.core = core;
    this.clock = options.clock;
    this.docs = options.words;
    this.errorCode = options.dialect === "dicedb" ? "ERROR" : "ERR";
    this.timer = new Timer(this, options);
    this.out = new Output(this);
    this.reserve(FLOOR);
  }

  /** Whether the clock is the system's, which timers follow. */
  get live(): boolean {
    return this.timer.live;
  }

  /** Whether a timer is set. */
  get sleeping(): boolean {
    return this.timer.sleeping;
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
    if (this.ended !== undefined) throw this.ended;
  }

  /** Marks the engine dead. Also when the clock throws: then the error is the caller's, and the engine lives. */
  trap(cause: unknown): Error {
    if (this.ended !== undefined) return this.ended;
    const message = cause instanceof Error ? cause.message : String(cause);
    // All that WebAssembly says of a failed allocation or a broken invariant.
    const text = message === "unreachable" ? "out of memory, or a broken invariant" : message;
    const error = new TrapError(`the engine stopped and its data is lost (${text}); open() makes a new one`);
    error.cause = cause;
    this.end(error);
    return error;
  }

  /** Runs the frame of `length` bytes in the request buffer. The reply is at `replyAt()` until the next crossing. */
  exec(session: number, length: number): number {
    const { observer } = this;
    return observer === undefined ? this.cross(session, length, this.clock.now()) : this.observed(observer, session, length);
  }

  private observed(observer: Observer, session: number, length: number): number {
    const frame = this.bytes.slice(this.request, this.request + length);
    const now = this.clock.now();
    const began = performance.now();
    const n = this.called(session, length, now);
    // The module's own time: not that of who is told what it did.
    const took = performance.now() - began;
    try {
      this.settle();
      observer.ran(session, frame, this.replyCopy(n), now, took);
      return n;
    } catch (error) {
      // The store refuses what the command did.
      if (error instanceof ReplyError) observer.ran(session, frame, errorReply(error.message), now, took);
      throw error;
    }
  }

  private cross(session: number, length: number, now: number): number {
    const n = this.called(session, length, now);
    this.settle();
    return n;
  }

  private called(session: number, length: number, now: number): number {
    try {
      return this.core.exec(session, now, length);
    } catch (cause) {
      throw this.trap(cause);
    }
  }

  /**
   * Runs commands out of `frames`, each a frame with its length in front, from `from` on: as many as fit into one crossing, up to one that
   * leaves something to do. How many have run. Their replies, one behind the other, are `said()`; the flags are the last one's.
   */
  runMany(session: number, frames: Uint8Array, from: number, end: number): number {
    this.check();
    const one = from + 4 + lengthAt(frames, from);
    // Who watches is shown each by itself, and a store refuses each by itself.
    const alone = this.observer !== undefined || this.persistence !== undefined;
    let to = one;
    if (!alone) while (to < end && to - from <= PIECE) to += 4 + lengthAt(frames, to);
    const start = alone ? from + 4 : from;
    const length = to - start;
    if (length > this.capacity) this.reserve(length);
    this.bytes.set(frames.subarray(start, to), this.request);
    if (alone) {
      this.exec(session, length);
      return 1;
    }
    const now = this.clock.now();
    let ran: number;
    try {
      ran = this.core.exec_many(session, now, length);
    } catch (cause) {
      throw this.trap(cause);
    }
    this.settle();
    return ran;
  }

  /** Hands raw RESP to a session. Returns the reply's length; it is at `replyAt()` until the next crossing. */
  feed(session: number, chunk: Uint8Array): number {
    const length = chunk.length;
    if (length > this.capacity || this.ended !== undefined) this.reserve(length);
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
    if (this.isStale()) this.remap();
    const deadline = this.deadline[0] as number;
    if (deadline < this.timer.armed) this.timer.arm(deadline);
    if (this.capacity < FLOOR) this.refill();
    if (this.words[JOURNAL] !== 0) this.persistence?.take();
  }

  /** As `settle`, where there is no caller to hear of a store that refuses; everybody hears of it with the next write. */
  private settleQuietly(): void {
    try {
      this.settle();
    } catch (error) {
      if (this.ended !== undefined) throw error;
    }
  }

  private refill(): void {
    // A reserve is no crossing that ends a reply: it touches only the request buffer.
    this.core.reserve(FLOOR);
    this.remap();
  }

  /** Writes the arguments as a frame and runs it. */
  run(session: number, args: readonly Flat[]): number {
    let need = 4;
    for (let i = 0; i < args.length; i++) need += bound(args[i] as Flat);
    if (need > HUGE && args.some((arg) => typeof arg === "string")) return this.run(session, args.map(encoded));
    if (need > this.capacity || this.ended !== undefined) this.reserve(need);
    const bytes = this.bytes;
    let at = writeCount(bytes, this.request, args.length);
    for (let i = 0; i < args.length; i++) at = write(bytes, at, args[i] as Flat);
    return this.exec(session, at - this.request);
  }

  // What `Output` takes.

  get holding(): boolean {
    return this.persistence?.holding === true;
  }

  nextOutput(): number {
    let session: number;
    try {
      session = this.core.next_output();
    } catch (cause) {
      throw this.trap(cause);
    }
    if (this.words.length === 0) this.remap();
    return session;
  }

  output(): Uint8Array {
    return this.said();
  }

  /** Passes on what there is for sessions that did not ask: see `Output`. */
  deliver(): void {
    this.out.deliver();
  }

  deliverIfAny(): void {
    if (this.flags() & OUTPUT) this.out.deliver();
  }

  /**
   * Does what the flags of a crossing ask of the host, once its reply has been read. With a promise the reply is to wait: a SAVE
   * that needs time. Throws, or rejects, what a SAVE throws: ReplyError.
   */
  attend(flags: number): Promise<void> | undefined {
    if (flags & OUTPUT) this.out.deliver();
    return flags & ASKS ? this.asked() : undefined;
  }

  private asked(): Promise<void> | undefined {
    let saved: Promise<void> | undefined;
    for (;;) {
      const ask = this.ask((core) => core.next_ask());
      if (ask === 0) return saved;
      if (ask === ASK_REWRITE) void this.persistence?.rewrite();
      else if (ask === ASK_SAVE_NOW) saved = (this.saver ?? this.persistence)?.save() ?? saved;
      else if (ask === ASK_SAVE_SOON) void (this.saver?.saveSoon() ?? this.persistence?.rewrite());
      else if (ask === ASK_GO_ON) void this.goOn();
      else if (ask === ASK_SYNC) void this.sync();
      else if (ask === ASK_APPEND) this.onappend();
      else if (ask >= ASK_BACKUP_START && ask <= ASK_BACKUP_CLEANUP) saved = this.persistence?.backup(ask) ?? saved;
      else if (ask === ASK_SAVE_AND_END || ask === ASK_FORCE_END) void this.saveAndEnd(ask === ASK_FORCE_END);
      else this.out.later(() => this.onshutdown(), undefined, undefined);
    }
  }

  /** SHUTDOWN: what cannot be saved does not end, unless it is forced. */
  private async saveAndEnd(force: boolean): Promise<void> {
    const { persistence } = this;
    try {
      await (persistence === undefined ? this.saver?.save() : persistence.durable());
    } catch {
      if (this.ended !== undefined) return;
      if (!force) return this.attendTo((core) => core.host_did(0));
    }
    this.out.later(() => this.onshutdown(), undefined, undefined);
  }

  /** WAITAOF: goes on until the store has brought to the disk what there is; one time is enough for all who have asked before it. */
  private async sync(): Promise<void> {
    this.syncs++;
    if (this.syncing) return;
    this.syncing = true;
    while (this.synced < this.syncs && this.persistence !== undefined && this.ended === undefined) {
      const asked = this.syncs;
      try {
        await this.persistence.durable();
        this.synced = asked;
        if (this.ended === undefined) this.attendTo((core) => core.host_did(asked));
      } catch {
        await new Promise<void>((done) => {
          (setTimeout(done, AGAIN) as { unref?: () => void }).unref?.();
        });
      }
    }
    this.syncing = false;
  }

  /** A call that may have something to say to sessions. */
  private attendTo(call: (core: Core) => void): void {
    this.ask(call);
    this.settleQuietly();
    this.attendQuietly();
  }

  /** As `attend`, for a crossing that answers nobody. */
  private attendQuietly(): void {
    try {
      this.attend(this.flags())?.catch(() => {});
    } catch (error) {
      if (this.ended !== undefined) throw error;
    }
  }

  /** Goes on with a script that is paused, in slices, between which others have their turn: in real time, whatever the clock says. */
  private async goOn(): Promise<void> {
    if (this.goingOn) return;
    this.goingOn = true;
    try {
      for (;;) {
        await breath();
        if (this.ended !== undefined || !this.isPaused()) break;
        const now = this.clock.now();
        this.ask((core) => core.go_on(now));
        this.settleQuietly();
        this.attendQuietly();
      }
    } catch {
      // The engine has ended, and has told so.
    } finally {
      this.goingOn = false;
    }
  }

  /** Whether a script is paused: what is there now is half of what it does. */
  isPaused(): boolean {
    return this.ask((core) => core.is_paused());
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
    this.out.listeners.set(id, listener);
    return id;
  }

  /** Opens a session like another one, which waits in the place of that one if it waits. */
  cloneSession(session: number, listener: OutputListener): number {
    const id = this.ask((core) => core.clone_session(session));
    this.out.listeners.set(id, listener);
    return id;
  }

  closeSession(id: number): void {
    this.out.listeners.delete(id);
    if (this.ended !== undefined) return;
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
    this.attendQuietly();
  }

  stats(): Stats {
    return this.ask((core) => core.stats() as Stats);
  }

  /** A parameter of the configuration as CONFIG GET shows it, whatever sessions may do. A store asks with each write. */
  setting(name: string): string {
    const settings = this.ask(settingsOf);
    if (settings !== this.settings) this.known.clear();
    this.settings = settings;
    let value = this.known.get(name);
    if (value === undefined) {
      value = this.ask((core) => core.setting(name));
      this.known.set(name, value);
    }
    return value;
  }

  /** Sets a parameter as the host's own, also one that CONFIG SET may not change. */
  configure(name: string, value: string): void {
    this.ask((core) => core.configure(name, value));
  }

  /** Tells a node of a cluster who is there, itself first, and whose the slots `first` to `last` are. */
  join(nodes: readonly CoreNode[]): void {
    this.ask((core) => core.join(nodes));
  }

  /** Sets the users: lines as ACL LIST gives them. */
  loadUsers(lines: string): void {
    this.ask((core) => core.load_users("users", lines));
  }

  /** Has random numbers come from this seed, from now on. */
  reseed(seed: bigint): void {
    this.ask((core) => core.reseed(seed));
  }

  /**
   * Has a function told of each command before it runs, or nobody any more. It may not call the engine, which is in the midst of a
   * call: what it calls throws.
   */
  intercept(judge: ((frame: Uint8Array, session: number, facts: number) => undefined | Uint8Array | boolean) | undefined): void {
    const asked =
      judge &&
      ((...about: Parameters<typeof judge>) => {
        this.ended = ASKING;
        try {
          return judge(...about);
        } finally {
          this.ended = undefined;
        }
      });
    this.ask((core) => core.intercept(asked));
  }

  /** What becomes of the command that a session waits with. */
  decide(session: number, answer: undefined | Uint8Array | boolean): void {
    this.ask((core) => core.decide(session, this.clock.now(), answer));
    this.settleQuietly();
    this.attendQuietly();
  }

  /** Names the file for ACL LOAD and ACL SAVE, and reads it. */
  setUsersFile(name: string, read: () => string, write: (text: string) => void): void {
    this.ask((core) => core.set_users_file(name, read, write));
  }

  /** Names the file of the configuration; `rewrite` takes the parameters for it. */
  setConfigFile(name: string, rewrite: (parameters: string) => void): void {
    this.ask((core) => core.set_config_file(name, rewrite));
  }

  /** Names who says whether `dir` and `appendonly` may be so, and as what they are kept. `onappend` is told of the latter then. */
  setWays(may: (name: string, value: string, dir: string) => string): void {
    this.ask((core) => core.set_ways(may));
  }

  /** Whether the default user needs no password. */
  needsNoPassword(): boolean {
    return this.ask((core) => core.needs_no_password());
  }

  /** Whether a session waits for the reply of a blocking command. */
  isWaiting(session: number): boolean {
    return this.ask((core) => core.is_waiting(session));
  }

  /** Ends a session's wait; whether it waited. Its reply, an error, is delivered. */
  cancelWait(session: number): boolean {
    const waited = this.ask((core) => core.cancel_wait(session));
    this.observer?.cancelled(session, this.clock.now());
    this.settleQuietly();
    this.attendQuietly();
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

  /** Has commands measured that come over sockets: the slow log, latencies, times in INFO. */
  measure(): void {
    this.ask((core) => core.measure(true));
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
      if (this.ended === undefined && this.words.length === 0) this.remap();
    }
  }

  // For the store.

  /** Whether the engine notes in its journal what happens. */
  keepJournal(on: boolean): void {
    this.ask((core) => core.keep_journal(on));
  }

  /** Bytes of journal that were not taken yet, of an engine that has not ended. */
  get journalLength(): number {
    return this.words[JOURNAL] as number;
  }

  /** The journal since it was last taken: a view, valid until the next crossing. The last reply is left alone. */
  takeJournal(): Uint8Array {
    const length = this.words[JOURNAL] as number;
    const at = this.ask((core) => core.take_journal());
    return this.bytes.subarray(at, at + length);
  }

  /** Runs the whole commands at the beginning of `chunk`, and says how many bytes they are. */
  load(chunk: Uint8Array): number {
    return this.loadWith(chunk, (core) => core.load(chunk.length));
  }

  /**
   * Takes the next bytes of an RDB file, or with none of them says that these were all; how many were taken, and whether the file ends
   * there. Keys whose time has come are loaded too, unless `live`. No command may run until `finishLoad`.
   */
  loadRdb(chunk: Uint8Array, live: boolean): { used: number; done: boolean } {
    const now = live ? this.clock.now() : 0;
    const used = this.loadWith(chunk, (core) => core.load_rdb(chunk.length, now));
    return { used, done: this.ask((core) => core.rdb_is_done()) };
  }

  private loadWith(chunk: Uint8Array, load: (core: Core) => number): number {
    if (chunk.length > this.capacity || this.ended !== undefined) this.reserve(chunk.length);
    this.bytes.set(chunk, this.request);
    const used = this.ask(load);
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

  /**
   * Waits for its turn with what only one can do at a time: to walk through all that is there, or to put something in its place. What
   * is given, at once where nobody has it, ends the turn. Where the engine ends meanwhile it is given at once, so that is to be looked at.
   */
  turn(): (() => void) | Promise<() => void> {
    const end = (): void => {
      const next = this.waiters?.shift();
      if (next === undefined) this.waiters = undefined;
      else next();
    };
    const { waiters } = this;
    if (waiters !== undefined && this.ended === undefined) return new Promise((done) => waiters.push(() => done(end)));
    this.waiters = [];
    return end;
  }

  /** Whether somebody has the turn. */
  get isTaken(): boolean {
    return this.waiters !== undefined;
  }

  /** Begins an import: who needs the data gets the LOADING error until `endImport`. Only with the turn. */
  beginImport(merge: boolean): void {
    this.isMerged = false;
    this.persistence?.collect();
    if (this.persistence !== undefined) this.keepJournal(false);
    this.ask((core) => core.begin_import(merge));
  }

  /** With `merge`, once the file was read to its end. */
  mergeImport(): void {
    this.ask((core) => core.merge_import());
    this.isMerged = true;
  }

  /** What was read takes the place of what was there, or does not. */
  endImport(keep: boolean): void {
    if (this.persistence !== undefined) this.keepJournal(true);
    const now = this.clock.now();
    this.ask((core) => core.end_import(keep || this.isMerged, now));
    this.settleQuietly();
    this.attendQuietly();
  }

  beginSnapshot(): void {
    this.ask((core) => core.begin_snapshot());
  }

  /** As `beginSnapshot`; what it writes is an RDB file, with `base` one that a journal stands behind. */
  beginRdb(base = false): void {
    this.ask((core) => core.begin_rdb(base));
  }

  /** As `beginSnapshot`: an RDB file up to the first value of more than `whole` bytes, and commands from there on. */
  beginMixed(whole: number): void {
    this.ask((core) => core.begin_mixed(whole));
  }

  /** The next `about` bytes of the snapshot, a view valid until the next crossing. Overwrites the last reply. */
  snapshot(about: number): { bytes: Uint8Array; more: boolean } {
    const more = this.ask((core) => core.snapshot(about));
    if (more < 0) throw new StoreError("there is not enough memory left for a snapshot");
    return { bytes: this.said(), more: more > 0 };
  }

  endSnapshot(): void {
    this.ask((core) => core.end_snapshot());
  }

  /**
   * The commands that make a fresh session what this one is: its protocol, database, names and subscriptions. Undefined where
   * commands cannot: it waits, is in a transaction, watches or tracks keys, is silent, or has sent half a command.
   */
  snapshotSession(session: number): Uint8Array | undefined {
    if (!this.ask((core) => core.snapshot_session(session))) return undefined;
    return this.said().slice();
  }

  /** How many snapshots have been written. */
  get savesDone(): number {
    return this.storeState.savesDone;
  }

  /** Says what has changed of what the core shows of the store, and of saves. */
  setStore(change: Partial<StoreState>): void {
    this.storeState = { ...this.storeState, ...change };
    const { saver, storeState: state } = this;
    // Where no files are written, a save is a snapshot.
    const saves = saver === undefined ? { saving: state.rewriting, savedOk: state.lastOk } : {};
    this.ask((core) => core.set_store({ ...state, ...saves }));
  }

  /** Ends the engine at once. The promise is that of the store, which may need time to write what is left. */
  close(): Promise<void> {
    if (this.ended === ASKING) throw ASKING;
    if (this.ended === undefined) {
      this.persistence?.ending();
      const core = this.core;
      this.end(new ClosedError("this database is closed"));
      // A keyspace of a million keys would take half a second.
      core.__destroy_into_raw();
    }
    return this.persistence?.close() ?? Promise.resolve();
  }

  private end(reason: Error): void {
    this.ended = reason;
    this.timer.end();
    this.out.listeners.clear();
    for (const waiter of this.waiters?.splice(0) ?? []) waiter();
    this.leave();
    const endListeners = [...this.endListeners];
    this.endListeners.clear();
    for (const ending of endListeners) ending(reason);
  }
}
