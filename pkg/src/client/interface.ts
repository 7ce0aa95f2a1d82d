/** What clients have in common, whether their database is in this process or shared with other tabs. */
import type { Arg } from "../resp/command.js";
import type { Reply } from "../resp/values.js";
import type { Batch } from "./batch.js";
import type { Answer, Entries } from "./command-types.js";
import type { Commands } from "./commands.gen.js";
import type { Prepared, PrepareOptions } from "./prepared.js";
import type { WaitOptions } from "./wait.js";

/** What `db.call` takes: arrays, plain objects and Maps are laid out in order. */
export type CallArg = Arg | readonly (Arg | readonly Arg[])[] | { readonly [key: string]: Arg } | ReadonlyMap<Arg, Arg>;

/** A transaction being put together. */
export interface Pending {
  /** Runs what was queued, as a unit. */
  exec(): unknown;
  /** Queues any command by its name. */
  call(command: string, ...args: CallArg[]): Pending;
}

/** Commands as methods and by name; `M` says how they answer (`Commands`). */
export interface Session<B, M, out E extends Entries = "array"> extends Commands<B, M, E> {
  /** The same, answering bulk strings as `Uint8Array` and maps as pairs. */
  readonly bytes: Session<Uint8Array, M>;
  /** Whether the session is closed: calls then throw. */
  get closed(): boolean;
  /** Runs any command. */
  call(command: string, ...args: (CallArg | WaitOptions)[]): Answer<Reply<B>, M>;
  /** Turns a script into a function. */
  prepare<R = Reply<B>, const N extends number = number>(script: string, options?: PrepareOptions<N>): Prepared<Answer<R, M>, N>;
  /** Begins a transaction, which its `exec()` sends as a whole. */
  multi(): Pending;
  close(): void | Promise<void>;
}

/** A database: its first session, and what concerns the whole. */
export interface Database<B, M, out E extends Entries = "array"> extends Session<B, M, E> {
  /** Resolves when everything answered so far is as safe as the store can make it. */
  durable(): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a transaction needs of its client. @internal */
export interface Sender<B> extends Pick<Session<B, unknown>, "closed"> {
  readonly _engine: { readonly errorCode: string };
  _send(args: readonly (string | Uint8Array)[]): unknown;
  /** A reply for each command; errors are among them. */
  _sendAll(batch: Batch): unknown[];
  /** Gives replies the shape that the session's user wants, where they are. */
  _shapeAll(batch: Batch, replies: unknown[]): void;
}
