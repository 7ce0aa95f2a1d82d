/**
 * Joins an engine and a store: what the engine notes in its journal is appended, in order; when the journal has outgrown
 * the snapshot a new one is written; when the storage refuses, writes are refused too, and it catches up once it can.
 *
 * All bytes go one way: engine -> `queue` -> store. While the store is synchronous and well the queue is empty, and bytes go
 * from the engine's memory to the store without a copy. Otherwise they are copied and wait, in order: for the append before
 * them (what comes meanwhile is appended in one go), or for the storage to be back. So nothing newer is ever written in
 * front of something older.
 *
 * A snapshot is frozen between two crossings. What the engine notes afterwards belongs behind it, so a `Mark` goes into the
 * queue, and the store begins its next increment when the mark comes to the front.
 */
import type { Engine } from "../core/engine.js";
import { StoreError } from "../core/errors.js";
import type { JournalSink } from "../core/ports.js";
import { soon } from "../core/soon.js";
import { breath } from "../core/turn.js";
import { ReplyError } from "../resp/errors.js";
import { type PersistOptions, Replay, whole } from "./load.js";
import { type Loading, type Receipt, type Rewrite, type SnapshotDriver, type Store, type StoreHost, storeError } from "./stores/store.js";

/** Bytes of a snapshot made in one go, about: two or three milliseconds of work. */
const SLICE = 1 << 18;
/** Bytes of a value that a snapshot of RDB and commands may hold in one piece. */
const WHOLE = 1 << 20;
/** Bytes appended in one go, at most, when they have been waiting. */
const BATCH = 1 << 22;
/** So much of a journal is left in the engine until the end of the turn. */
const LEFT = 1 << 18;
/** How far the journal may grow before it is looked whether to rewrite it, and before INFO is told its size. */
const STEP = 1 << 16;
/** Milliseconds until refused bytes are brought again, the first time and at most. */
const RETRY = 50;
const RETRY_MOST = 1000;

/** What a store keeps, and nobody wants. */
class Unread implements Loading {
  private length = 0;

  expect(): void {}

  part(): void {
    this.length = 0;
  }

  feed(chunk: Uint8Array): void {
    this.length += chunk.length;
  }

  end(): number {
    return this.length;
  }

  warn(): void {}
}

/** Stands in the queue where a snapshot was frozen. */
interface Mark {
  rewrite: Rewrite;
}

type Timer = ReturnType<typeof setTimeout>;

/** What waits: bytes, what they answered, or a mark. */
type Item = Uint8Array | Receipt | Mark;

function isMark(item: Item): item is Mark {
  return "rewrite" in item;
}

function isReceipt(item: Item): item is Receipt {
  return "request" in item;
}

/** @internal */
export class Persistence implements JournalSink, StoreHost, SnapshotDriver {
  private queue: Item[] = [];
  /** How often there was a journal to take. */
  taken = 0;
  /** An append is under way. */
  private busy = false;
  private pumping = false;
  /** With `append: "turn"` there is a journal in the engine that is taken when the code that runs now is done. */
  private leaving = false;
  /** A snapshot is being written that will make the front of the queue needless: nothing is appended until then. */
  private held = false;
  /** What the store kept before is nobody's: see `begin`. */
  private beginning = false;
  private rewriting: { rewrite: Rewrite | undefined; cancelled: boolean; done: Promise<void> } | undefined = undefined;
  /** Why the storage refuses; undefined when it is well. */
  private refused: StoreError | undefined = undefined;
  private retry: Timer | undefined = undefined;
  private wait = RETRY;
  private lastSave: number;
  private lastOk = true;
  private saves = 0;
  /** What the last snapshot failed with; undefined where it went well. */
  failure: StoreError | undefined = undefined;
  private size = 0;
  private base = 0;
  /** The size at which it is looked again whether to rewrite. */
  private look = 0;
  private closing: Promise<void> | undefined = undefined;
  /** What is kept is being replaced. */
  private replacing: Promise<void> | undefined = undefined;
  /** Told when the queue is empty, a mark has been reached, or an attempt has failed. */
  private waiters: { done: () => void; failed: (error: Error) => void }[] = [];

  private constructor(
    private readonly engine: Engine,
    private readonly store: Store,
    private readonly byTurn = false,
  ) {
    this.lastSave = this.now();
  }

  /** Loads what the store keeps into a new engine, and keeps it from then on. Closes the store when that fails. */
  static async open(engine: Engine, store: Store, options: PersistOptions): Promise<void> {
    const self = new Persistence(engine, store, options.append === "turn");
    try {
      store.watch?.(self);
      const replay = new Replay(engine, options);
      await store.load(replay);
      engine.finishLoad();
      self.size = replay.loaded;
      self.base = replay.base;
      engine.keepJournal(true);
      engine.persistence = self;
      store.attach?.(engine);
      self.tell();
    } catch (error) {
      try {
        await store.close();
      } catch {
        // The first error says more.
      }
      throw error;
    }
  }

  /**
   * Has a store keep an engine that runs already, in the place of all that the store kept. Closes the store when that fails, or the
   * engine ends before.
   */
  static async begin(engine: Engine, store: Store): Promise<void> {
    const self = new Persistence(engine, store);
    try {
      store.watch?.(self);
      await store.load(new Unread());
      engine.check();
    } catch (error) {
      await store.close();
      throw error;
    }
    // Nothing is appended to what is kept already.
    [self.held, self.beginning] = [true, true];
    engine.persistence = self;
    engine.keepJournal(true);
    await self.rewrite();
    self.beginning = false;
    if (self.lastOk) return;
    if (engine.persistence === self) await self.end();
    throw self.failure ?? new StoreError("given up");
  }

  /** The engine goes on without its store, which is given what there is until now, and closed. */
  async end(): Promise<void> {
    const { engine } = this;
    this.collect();
    engine.keepJournal(false);
    engine.persistence = undefined;
    const none = { kind: "", appends: false, rewriting: false, lastOk: this.lastOk, size: 0, baseSize: 0, refusing: "", backup: "" };
    engine.setStore(none);
    engine.out.deliverHeld();
    await this.close();
  }

  /** The driver of an engine that was opened on a store: only `open` sets it. */
  static of(engine: Engine): Persistence | undefined {
    return engine.persistence as Persistence | undefined;
  }

  /** Whether answers must not leave: a strict store has not taken what they are about. */
  get holding(): boolean {
    return this.refused !== undefined && this.queue.length > 0 && this.store.strict;
  }

  /**
   * Takes the journal of the last crossing, or leaves it to the end of the turn. Called by the engine when there is some; the reply of the
   * crossing stays. Throws ReplyError (MISCONF) where an answer would say more than is true.
   */
  take(): void {
    if (this.byTurn) {
      if (!this.leaving && this.store.synchronous && !this.store.strict) {
        this.leaving = true;
        soon(() => this.collect());
      }
      if (this.leaving && this.engine.journalLength < LEFT) return;
    }
    this.takeNow();
  }

  /** Takes what was left to the end of the turn. */
  collect(): void {
    if (!this.leaving) return;
    this.leaving = false;
    if (this.engine.ended !== undefined || this.engine.journalLength === 0) return;
    try {
      this.takeNow();
    } catch (error) {
      // What was left has been answered; the storage's refusal is told to the next write.
      if (!(error instanceof ReplyError)) throw error;
    }
  }

  private takeNow(): void {
    const { store, queue } = this;
    const bytes = this.engine.takeJournal();
    this.taken++;
    if (!store.synchronous || queue.length > 0 || this.held) {
      this.size += bytes.length;
      queue.push(bytes.slice());
      if (!store.synchronous) this.pumpSoon();
      else if (this.refused === undefined) this.pump();
      return;
    }
    try {
      const pending = store.append(bytes);
      if (pending instanceof Promise) throw new StoreError("the store claims to be synchronous, but is not");
    } catch (error) {
      this.size += bytes.length;
      queue.push(bytes.slice());
      const failure = storeError(error);
      this.refuse(failure);
      if (store.strict) throw new ReplyError(misconf(failure));
      return;
    }
    this.grown(bytes.length);
  }

  /** Keeps a receipt together with the bytes that were taken last, or drops one. In the same task as these. */
  note(receipt: Receipt): void {
    if (this.store.receipts === undefined) return;
    this.queue.push(receipt);
    if (this.refused === undefined) this.pumpSoon();
  }

  /** What was kept of a request. */
  receipts(): ReadonlyMap<string, readonly Uint8Array[]> {
    return this.store.receipts?.() ?? new Map();
  }

  /** In a microtask: what one piece of code writes is one append. */
  private pumpSoon(): void {
    if (this.pumping || this.busy) return;
    this.pumping = true;
    soon(() => {
      this.pumping = false;
      if (this.refused === undefined) this.pump();
    });
  }

  /** Appends what waits, until the store needs time or refuses. */
  private pump(): void {
    const { queue } = this;
    while (queue.length > 0 && !this.busy && !this.held) {
      const first = queue[0] as Item;
      if (isMark(first)) {
        queue.shift();
        first.rewrite.begin();
        this.wake();
        continue;
      }
      const parts: Uint8Array[] = [];
      const receipts: Receipt[] = [];
      let length = 0;
      for (const item of queue) {
        if (isMark(item)) break;
        if (isReceipt(item)) receipts.push(item);
        else if (length > 0 && length + item.length > BATCH) break;
        else {
          length += item.length;
          parts.push(item);
        }
      }
      const count = parts.length + receipts.length;
      const done = (): void => {
        this.busy = false;
        queue.splice(0, count);
        this.well();
        this.grown(0);
      };
      try {
        const pending = this.store.append(whole(parts), receipts);
        if (pending instanceof Promise) {
          this.busy = true;
          pending.then(
            () => {
              done();
              this.pump();
            },
            (error) => {
              this.busy = false;
              this.refuse(storeError(error));
            },
          );
          return;
        }
        done();
      } catch (error) {
        this.refuse(storeError(error));
        return;
      }
    }
    if (queue.length === 0 && !this.busy) this.wake();
  }

  private wake(): void {
    for (const { done } of this.waiters.splice(0)) done();
  }

  private grown(n: number): void {
    this.size += n;
    if (this.size < this.look) return;
    this.look = this.size + STEP;
    this.tell();
    if (this.rewriting !== undefined || this.refused !== undefined || this.closing !== undefined) return;
    const percentage = this.number("auto-aof-rewrite-percentage");
    if (percentage === 0 || this.size < this.number("auto-aof-rewrite-min-size")) return;
    if (this.size >= Math.max(this.base, 1) * (1 + percentage / 100)) void this.rewrite();
  }

  private number(name: string): number {
    return Number(this.setting(name));
  }

  /** Of an engine that has ended: nothing. */
  setting(name: string): string {
    return this.engine.ended === undefined ? this.engine.setting(name) : "";
  }

  /** Lets INFO and the gate know. */
  tell(): void {
    if (this.engine.ended !== undefined || this.engine.persistence !== this) return;
    this.engine.setStore({
      kind: this.store.kind,
      rewriting: this.rewriting !== undefined,
      appends: this.store.unwritten === undefined,
      ...(this.engine.saver === undefined ? { lastSave: this.lastSave, savesDone: this.saves } : {}),
      lastOk: this.lastOk,
      size: this.size,
      baseSize: this.base,
      refusing: this.refused === undefined ? "" : this.refused.message,
      backup: this.store.backup?.shown ?? "",
    });
  }

  private now(): number {
    return Math.floor(this.engine.clock.now() / 1000);
  }

  // What happens when the storage refuses.

  /** A failure that no call reports. */
  failed(error: StoreError): void {
    if (this.closing === undefined) this.refuse(error);
  }

  private refuse(error: StoreError): void {
    const lost = error.lost || this.refused?.lost === true;
    this.refused = lost === error.lost ? error : new StoreError(error.message, { cause: error.cause, lost });
    this.tell();
    for (const { failed } of this.waiters.splice(0)) failed(this.refused);
    if (this.closing !== undefined) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.again(), this.wait);
    (this.retry as { unref?: () => void }).unref?.();
    this.wait = Math.min(this.wait * 2, RETRY_MOST);
  }

  /** Tries the storage again. */
  private again(): void {
    if (this.refused === undefined || this.busy || this.held) return;
    if (this.refused.lost || this.queue.length > 0) {
      if (this.refused.lost) void this.rewrite();
      else this.pump();
      return;
    }
    try {
      const synced = this.store.sync?.();
      if (synced instanceof Promise) {
        synced.then(
          () => this.well(),
          (error) => this.refuse(storeError(error)),
        );
      } else this.well();
    } catch (error) {
      this.refuse(storeError(error));
    }
  }

  /** The storage has taken something. Only a snapshot makes up for what was lost. */
  private well(): void {
    if (this.refused === undefined || this.refused.lost) return;
    this.refused = undefined;
    this.wait = RETRY;
    clearTimeout(this.retry);
    this.tell();
    if (this.engine.ended === undefined) this.engine.out.deliverHeld();
  }

  // Snapshots.

  /** Writes a snapshot in the background; one at a time. Its failure is in INFO, and what was kept stays. */
  rewrite(prepared?: Promise<Rewrite>): Promise<void> {
    if (this.rewriting !== undefined) return this.rewriting.done;
    const state = { rewrite: undefined as Rewrite | undefined, cancelled: false, done: Promise.resolve() };
    this.rewriting = state;
    this.tell();
    state.done = this.inTurn(state, prepared).then(
      () => this.rewritten(true, undefined),
      (error) => {
        this.failure = storeError(error);
        this.rewritten(false, state.cancelled ? undefined : this.failure);
      },
    );
    return state.done;
  }

  private rewritten(ok: boolean, error: StoreError | undefined): void {
    this.rewriting = undefined;
    this.lastOk = ok;
    if (ok) [this.lastSave, this.saves, this.failure] = [this.now(), this.saves + 1, undefined];
    this.look = 0;
    this.tell();
    if (this.closing !== undefined) return;
    // A snapshot that was to make up for something lost is tried again; any other one when the journal has grown on.
    if (error !== undefined && (error.lost || this.refused?.lost)) this.refuse(error);
    else if (ok && this.refused === undefined) this.grown(0);
  }

  private async inTurn(state: { rewrite: Rewrite | undefined; cancelled: boolean }, prepared?: Promise<Rewrite>): Promise<void> {
    const free = await this.engine.turn();
    try {
      await this.inSlices(state, prepared);
    } finally {
      free();
    }
  }

  /** See `JournalSink`. Where that fails and cannot be undone, writes are refused until a snapshot is written. */
  replace(): Promise<void> {
    this.store.backup?.lost("the keyspace was replaced");
    const done = this.inSlices({ rewrite: undefined, cancelled: false }).then(
      () => {
        [this.lastOk, this.lastSave, this.saves, this.look] = [true, this.now(), this.saves + 1, 0];
        this.tell();
      },
      (error) => {
        const failure = storeError(error);
        if (this.engine.ended === undefined && this.engine.isMerged)
          this.refuse(new StoreError(failure.message, { cause: failure, lost: true }));
        throw failure;
      },
    );
    this.replacing = done
      .catch(() => {})
      .then(() => {
        this.replacing = undefined;
      });
    return done;
  }

  private async inSlices(state: { rewrite: Rewrite | undefined; cancelled: boolean }, prepared?: Promise<Rewrite>): Promise<void> {
    const rewrite = await (prepared ?? this.store.rewrite());
    state.rewrite = rewrite;
    try {
      // A snapshot would hold half of what a paused script does.
      while (this.engine.ended === undefined && this.engine.isPaused()) await breath();
      if (state.cancelled || this.engine.ended !== undefined) throw new StoreError("given up");
      const frozen = this.freeze(rewrite);
      for (let more = true; more; ) {
        const slice = this.engine.snapshot(SLICE);
        more = slice.more;
        frozen.length += slice.bytes.length;
        await rewrite.write(this.store.synchronous ? slice.bytes : slice.bytes.slice());
        await breath();
        if (state.cancelled || this.engine.ended !== undefined) throw new StoreError("given up");
      }
      this.engine.endSnapshot();
      if (!this.held) await this.reached(frozen.mark);
      await rewrite.commit(false);
      this.switched(frozen);
    } catch (error) {
      this.thaw();
      this.unmark();
      try {
        await rewrite.abort();
      } finally {
        this.release();
      }
      throw error;
    }
  }

  /** Between two crossings: the snapshot's content, and where it stands in the journal. */
  private freeze(rewrite: Rewrite): { mark: Mark; length: number; before: number } {
    const mark = { rewrite };
    // Where something was lost appends cannot help; they wait for the outcome, and the increment begins at once.
    this.held ||= this.refused?.lost === true;
    this.collect();
    if (rewrite.rdb === "mixed" && this.setting("aof-use-rdb-preamble") !== "no") this.engine.beginMixed(WHOLE);
    else if (rewrite.rdb === undefined || rewrite.rdb === "mixed") this.engine.beginSnapshot();
    else this.engine.beginRdb(rewrite.rdb === "base");
    const before = this.size;
    if (this.held) rewrite.begin();
    this.queue.push(mark);
    if (this.refused === undefined) this.pump();
    return { mark, length: 0, before };
  }

  /** Waits until all that stands before the mark is written: the increment has begun. */
  private async reached(mark: Mark): Promise<void> {
    while (this.queue.includes(mark)) await this.settled();
  }

  /** Something has moved: the caller looks whether it is what it waits for. Rejected when the storage refuses. */
  private settled(): Promise<void> {
    if (this.refused !== undefined && !this.busy) return Promise.reject(this.refused);
    return new Promise((done, failed) => {
      this.waiters.push({ done, failed });
      if (!this.busy) this.pumpSoon();
    });
  }

  /** The snapshot is what is kept. */
  private switched(frozen: { mark: Mark; length: number; before: number }): void {
    this.base = frozen.length;
    this.size = frozen.length + this.size - frozen.before;
    if (this.held) {
      // What the bytes have done is in the snapshot; what was answered is not.
      this.store.backup?.lost("an append was lost, and a snapshot has made up for it");
      this.queue.unshift(...this.queue.splice(0, this.queue.indexOf(frozen.mark) + 1).filter(isReceipt));
      this.held = false;
      this.refused = undefined;
      this.wait = RETRY;
      clearTimeout(this.retry);
      if (this.engine.ended === undefined) this.engine.out.deliverHeld();
    }
    this.pump();
  }

  private thaw(): void {
    if (this.engine.ended === undefined) this.engine.endSnapshot();
  }

  /** A snapshot came to nothing: its mark is none any more. */
  private unmark(): void {
    const at = this.queue.findIndex(isMark);
    if (at >= 0) this.queue.splice(at, 1);
  }

  /** The store is as it was: appends go on. */
  private release(): void {
    this.held = false;
    if (this.beginning) this.queue.length = 0;
    if (this.refused === undefined) this.pump();
  }

  /**
   * SAVE: writes a snapshot before it returns, where the store can. Else the promise is that of a snapshot in the background,
   * or of the one that is being written already: what came since it began is in the journal. Throws or rejects ReplyError.
   */
  save(): Promise<void> | undefined {
    const { store } = this;
    if (!store.synchronous || this.rewriting !== undefined || this.refused !== undefined || this.engine.isTaken || this.engine.isPaused())
      return this.saved();
    try {
      const rewrite = store.rewrite();
      if (rewrite instanceof Promise) return this.saved(rewrite);
      try {
        const frozen = this.freeze(rewrite);
        for (let more = true; more; ) {
          const slice = this.engine.snapshot(SLICE);
          more = slice.more;
          frozen.length += slice.bytes.length;
          void rewrite.write(slice.bytes);
        }
        this.engine.endSnapshot();
        void rewrite.commit(true);
        this.switched(frozen);
      } catch (error) {
        this.thaw();
        this.unmark();
        void rewrite.abort();
        this.release();
        throw error;
      }
    } catch (error) {
      const failure = storeError(error);
      this.rewritten(false, failure.lost ? failure : undefined);
      throw unsaved(failure);
    }
    this.rewritten(true, undefined);
    return undefined;
  }

  private async saved(prepared?: Promise<Rewrite>): Promise<void> {
    await this.rewrite(prepared);
    if (!this.lastOk) throw unsaved(this.failure ?? new StoreError("the snapshot failed"));
  }

  // BACKUP.

  backup(ask: number): Promise<void> | undefined {
    return this.store.backup?.run(ask, this);
  }

  get quiet(): boolean {
    const { queue, busy, refused, rewriting, replacing, leaving } = this;
    return queue.length === 0 && !busy && !leaving && refused === undefined && rewriting === undefined && replacing === undefined;
  }

  async quieten(): Promise<void> {
    await this.rewriting?.done;
    await this.replacing;
    await this.durable();
  }

  // The end.

  /** The store has all that was answered before this call: its `append` is done. Rejected when the storage refuses. */
  async stored(): Promise<void> {
    this.collect();
    if (this.refused !== undefined) {
      this.again();
      await this.rewriting?.done;
      if (this.refused !== undefined && !this.busy) throw this.refused;
    }
    while (this.queue.length > 0 || this.busy) {
      await this.settled();
    }
  }

  /** All that was answered before this call is as safe as the storage can make it. Rejected when the storage refuses. */
  async durable(): Promise<void> {
    await this.stored();
    if (this.store.unwritten === true) {
      await this.rewrite();
      if (this.store.unwritten && this.failure !== undefined) throw this.failure;
    }
    try {
      await this.store.sync?.();
    } catch (error) {
      const failure = storeError(error);
      this.refuse(failure);
      throw failure;
    }
  }

  /** The engine is about to end: a store that keeps snapshots alone gets the last. */
  ending(): void {
    this.collect();
    if (this.store.unwritten !== true || this.engine.isTaken || this.engine.isPaused()) return;
    try {
      void this.save();
    } catch (error) {
      this.refused ??= storeError((error as Error).cause ?? error);
    }
  }

  /** Writes what waits and gives the store back. Rejected when something could not be written. */
  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  /** Runs to the end at once where the store is synchronous and nothing is under way. */
  private async shut(): Promise<void> {
    clearTimeout(this.retry);
    if (this.rewriting !== undefined) {
      this.rewriting.cancelled = true;
      await this.rewriting.done;
    }
    if (this.replacing !== undefined) await this.replacing;
    if (!this.busy) this.pump();
    while (this.busy || (this.queue.length > 0 && this.refused === undefined)) await this.settled().catch(() => {});
    this.store.backup?.end();
    const closed = this.store.close();
    if (closed instanceof Promise) await closed;
    if (this.refused !== undefined) {
      throw new StoreError(`closed, but not everything could be written: ${this.refused.message}`, { cause: this.refused, lost: true });
    }
  }
}

function unsaved(failure: StoreError): ReplyError {
  const error = new ReplyError(`ERR ${failure.message}`);
  error.cause = failure;
  return error;
}

function misconf(error: StoreError): string {
  return `MISCONF Errors writing to the AOF file: ${error.message}`;
}
