/**
 * What a store is: the place where the journal of an engine is kept, and what is kept is a list of RESP commands.
 *
 * A store knows bytes and nothing of commands. It holds a snapshot (the shortest list of commands that builds the keyspace)
 * and increments behind it (what has happened since). The driver in `driver.ts` does the rest: when to append, when to
 * rewrite, what to do when the storage refuses. Nothing here needs Node, a browser or workerd.
 *
 * A store that cannot do what it is asked throws, or rejects its promise, and is then as it was before the call: the driver
 * brings the same bytes again, in front of newer ones.
 */
import type { Engine } from "../../core/engine.js";
import { StoreError } from "../../core/errors.js";

/** Either: a store whose storage is synchronous answers at once. */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with `value` as soon as it is there: at once when it is no promise. @internal */
export function whenDone<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Where a database is kept: `open({ store })` takes one of your own. */
export interface Store {
  /** The kind of storage, for messages and INFO: `file`, `idb`, `opfs`, `object`, or any word. */
  readonly kind: string;
  /**
   * Whether `append` and the snapshot's `write` are done with the bytes when they return. They then get a view of the
   * engine's memory, valid during the call; otherwise they get a copy of their own.
   */
  readonly synchronous: boolean;
  /**
   * Whether an answer waits for `append`: a call whose journal could not be appended throws. Only where `synchronous`.
   * Asked before each append.
   */
  readonly strict: boolean;
  /** Hands over everything that is kept: the snapshot, then the increments, in order. Called once, first. */
  load(into: Loading): MaybePromise<void>;
  /** Called once, before `load`, with the host: it knows the configuration, and is told of failures that no call can report. */
  watch?(host: StoreHost): void;
  /**
   * Adds to the newest increment, completely or not at all. The next append comes once this one is done. From then on the
   * bytes survive the end of the process; what else they survive is up to the store.
   */
  append(bytes: Uint8Array, receipts?: readonly Receipt[]): MaybePromise<void>;
  /** The receipts that were kept. A store that has this keeps the receipts of an append together with its bytes. */
  receipts?(): ReadonlyMap<string, readonly Uint8Array[]>;
  /** It keeps snapshots alone: what was appended is in none yet, and one is written for `db.durable()` and at the end. */
  readonly unwritten?: boolean;
  /** What makes backups of its files. @internal */
  readonly backup?: Backups | undefined;
  /** Told that this engine is loaded; a store that can writes RDB files from here on. @internal */
  attach?(engine: Engine): void;
  /** Makes what was appended as safe as the storage can: `db.durable()`. Leave it out if `append` does that already. */
  sync?(): MaybePromise<void>;
  /** Prepares a new snapshot and a new increment; what is kept stays valid until `commit`. One at a time. */
  rewrite(): MaybePromise<Rewrite>;
  /** Makes what was appended as safe as the storage can, and releases everything. Nothing is called afterwards. */
  close(): MaybePromise<void>;
}

/** What was answered to a request, for the case that it is asked again; without replies: nobody will ask again. */
export interface Receipt {
  request: string;
  replies?: readonly Uint8Array[];
}

/** BACKUP, where a store has files that can be linked. @internal */
export interface Backups {
  /** How far it is, as the core wants to be told: lines, the state, the error, paths. */
  readonly shown: string;
  /** Does what the core asks for. With a promise the reply is to wait; it is never rejected. */
  run(ask: number, driver: SnapshotDriver): Promise<void> | undefined;
  /** What has happened is in a snapshot alone, and in no increment: a backup that is not sealed cannot be any more. */
  lost(why: string): void;
  /** The store is about to be closed. */
  end(): void;
}

/** The driver, as a backup sees it. @internal */
export interface SnapshotDriver {
  setting(name: string): string;
  rewrite(): Promise<void>;
  /** What the last snapshot failed with; undefined where it went well. */
  readonly failure: StoreError | undefined;
  /** Whether all that was answered is appended, and no snapshot is being written. */
  readonly quiet: boolean;
  /** Waits for that. Rejected when the storage refuses. */
  quieten(): Promise<void>;
  /** What is shown of the store has changed. */
  tell(): void;
}

/** A snapshot being written. */
export interface Rewrite {
  /**
   * The snapshot is to be an RDB file, and not commands: one that increments stand behind, or all there is; or one as far as no value is
   * large, and commands from there on. `load` has to say `snapshot` of it then.
   */
  readonly rdb?: "base" | "alone" | "mixed" | undefined;
  /** From now on appends go to the new increment, which stands behind the snapshot. Must not fail, and is at once. */
  begin(): void;
  /** The next bytes of the snapshot. */
  write(slice: Uint8Array): MaybePromise<void>;
  /**
   * Switches: snapshot and new increment are what is kept, in one step that happens or does not. `now`: when this returns,
   * where the store can do that.
   */
  commit(now: boolean): MaybePromise<void>;
  /** Gives the snapshot up. What was kept stays, with the new increment (if it has begun) behind it. Must not fail. */
  abort(): MaybePromise<void>;
}

/** What `load` hands the bytes to. */
export interface Loading {
  /** How many bytes there are in all, for the progress. */
  expect(total: number): void;
  /**
   * What follows is from here, which is named in messages. `snapshot`: not an increment, so it may begin with an RDB file; `live`: keys
   * of that whose time has come are left out, since no command that follows knows of them.
   */
  part(name: string, snapshot: boolean, live?: boolean): void;
  /** The next bytes of the part, cut anywhere; valid during the call. Throws StoreError where they are damaged. */
  feed(chunk: Uint8Array): void;
  /** The part is over. How many of its bytes were whole: what lies behind is a torn tail, and was not run. */
  end(): number;
  /** Something the user should know, and which keeps nothing from going on. */
  warn(message: string): void;
}

/** The driver, as a store sees it. */
export interface StoreHost {
  /** A failure outside of any call. `error.lost`: what was appended may be gone, so a snapshot has to be written anew. */
  failed(error: StoreError): void;
  /** A parameter of the engine's configuration, such as `appendfsync`: CONFIG SET may change it at any time. */
  setting(name: string): string;
}

/** Whether this is a store: what `open({ store })` checks. @internal */
export function isStore(value: unknown): value is Store {
  if (typeof value !== "object" || value === null) return false;
  const { load, append, rewrite, close } = value as Partial<Store>;
  return [load, append, rewrite, close].every((one) => typeof one === "function");
}

/** Any error as a StoreError. @internal */
export function storeError(cause: unknown, lost = false): StoreError {
  if (cause instanceof StoreError) return cause;
  const error = cause as Partial<StoreError>;
  return new StoreError(error.message || error.name || String(cause), { cause, lost: lost || error.lost === true });
}
