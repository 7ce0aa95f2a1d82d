/**
 * Live queries: what code reads from a database, read again when it has changed. Nobody polls, and deadlines count: the engine tells
 * which keys have changed (CLIENT TRACKING in broadcasting mode), and a query runs again when one of them is among the arguments of the
 * commands that it sent. Several changes in a row are one run, in a microtask.
 *
 * A query that asks for keys that no argument names (KEYS, SCAN, DBSIZE, SORT, scripts) runs again with any change. One that gives
 * what it gave before is told to nobody.
 */
import { raise, soon } from "../core/soon.js";
import { same } from "./same.js";

/** Ends what gave it. */
type End = () => void;

/** A database, as live queries see it. @internal */
export interface LiveSource {
  /** Has the arguments of commands told that run from now on, until the returned function is called. */
  collect(note: (args: readonly string[]) => void): End;
  /** Calls with the keys that have changed, and with null where any may have, until the returned function is called. */
  changes(heard: (keys: readonly string[] | null) => void): End;
}

/** The result of a query, kept up to date. Its members need no `this`. */
export interface Live<T> {
  /** Calls `listener` when the result changes, until the returned function is called. The query is kept up to date meanwhile. */
  readonly subscribe: (listener: (value: T) => void) => () => void;
  /** The result: the same object as long as it has not changed. For `useSyncExternalStore`. */
  readonly getSnapshot: () => T;
  /** The same as `getSnapshot()`. */
  readonly value: T;
  /** Ends everything that `subscribe` began. */
  readonly stop: () => void;
  /** The same as `stop`, for `using`. */
  [Symbol.dispose](): void;
}

/** The result of a query once its promise is fulfilled; undefined before. */
export type Settled<T> = T extends PromiseLike<infer U> ? U | undefined : T;

/** Commands that read keys which no argument names. */
const ANY = /^(keys|scan|dbsize|randomkey|sort|sort_ro|eval|eval_ro|evalsha|evalsha_ro|fcall|fcall_ro|dump|memory|object)$/i;

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null)?.then === "function";
}

class Query<T> {
  private readonly listeners = new Set<(value: Settled<T>) => void>();
  private current: Settled<T> = undefined as Settled<T>;
  /** What it has read; null: anything. */
  private reads: Set<string> | null = new Set();
  /** Whether `current` is what the query gives now. */
  private fresh = false;
  private running = false;
  /** For what a promise will give. */
  waiting = false;
  /** Something has changed while it waited for its promise. */
  private again = false;
  private end: End | undefined = undefined;

  constructor(
    private readonly source: LiveSource,
    private readonly query: () => T,
  ) {}

  subscribe(listener: (value: Settled<T>) => void): End {
    const one = (value: Settled<T>): void => listener(value);
    if (this.end === undefined) {
      this.end = this.source.changes((keys) => this.heard(keys));
      // What changed before is not known.
      this.fresh = false;
      try {
        this.run();
      } catch (error) {
        this.rest();
        throw error;
      }
    }
    this.listeners.add(one);
    return () => {
      this.listeners.delete(one);
      this.rest();
    };
  }

  snapshot(): Settled<T> {
    if (this.end === undefined || !this.fresh) this.run();
    return this.current;
  }

  stop(): void {
    this.listeners.clear();
    this.rest();
  }

  private rest(): void {
    if (this.listeners.size > 0) return;
    this.end?.();
    this.end = undefined;
    this.fresh = false;
  }

  private heard(keys: readonly string[] | null): void {
    // What the query itself has changed is no reason to run it again.
    if (this.running) return;
    const { reads } = this;
    if (!this.waiting && keys !== null && reads !== null && !keys.some((key) => reads.has(key))) return;
    this.fresh = false;
    if (this.again) return;
    this.again = true;
    if (!this.waiting) soon(() => this.next());
  }

  /** Runs again, where somebody still wants it. */
  private next(): void {
    this.again = false;
    if (this.end !== undefined && !this.fresh && !this.waiting) this.run();
  }

  private run(): void {
    if (this.waiting || this.running) return;
    const reads = new Set<string>();
    this.reads = reads;
    const done = this.source.collect((args) => {
      if (this.reads === null) return;
      if (ANY.test(args[0] ?? "")) this.reads = null;
      else for (let i = 1; i < args.length; i++) reads.add(args[i] as string);
    });
    this.running = true;
    let given: T;
    try {
      given = this.query();
    } catch (error) {
      done();
      throw error;
    } finally {
      this.running = false;
    }
    if (!isPromise(given)) {
      done();
      this.take(given as Settled<T>);
      return;
    }
    this.waiting = true;
    const settled = (): void => {
      done();
      this.waiting = false;
    };
    given.then(
      (value) => {
        settled();
        this.take(value as Settled<T>);
        if (this.again) this.next();
      },
      (error) => {
        settled();
        if (this.again) this.next();
        else raise(error);
      },
    );
  }

  private take(value: Settled<T>): void {
    this.fresh = !this.again;
    if (same(this.current, value)) return;
    this.current = value;
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        raise(error);
      }
    }
  }
}

/** Makes a live query; with a listener it is subscribed, and told what the query gives from now on. @internal */
export function live<T>(source: LiveSource, query: () => T, listener?: (value: Settled<T>) => void): Live<Settled<T>> {
  if (typeof query !== "function" || (listener !== undefined && typeof listener !== "function"))
    throw new TypeError("live() takes a function that reads, and a listener");
  const one = new Query(source, query);
  const stop = (): void => one.stop();
  if (listener !== undefined) {
    one.subscribe(listener);
    if (!one.waiting) listener(one.snapshot());
  }
  return {
    subscribe: (listener) => one.subscribe(listener),
    getSnapshot: () => one.snapshot(),
    get value() {
      return one.snapshot();
    },
    stop,
    [Symbol.dispose]: stop,
  };
}
