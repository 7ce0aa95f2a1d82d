/**
 * A transaction: commands are put into a queue here, and all is sent in one go by `exec()`, so that nothing comes in
 * between and a transaction that is dropped leaves nothing behind in the engine.
 */
import { type Flat, flatten } from "../resp/command.js";
import { ReplyError, ValueError } from "../resp/errors.js";
import type { Reply } from "../resp/values.js";
import { Batch, queues } from "./batch.js";
import { blame } from "./blame.js";
import type { Entries, Mode } from "./command-types.js";
import { type Commands, OPTIONS, PAIRS } from "./commands.gen.js";
import type { CallArg, Pending, Sender } from "./interface.js";
import { install } from "./methods.js";

/** Marks the commands of a transaction: `R` are the replies so far. */
export interface Queue<B, R extends readonly unknown[], out E extends Entries = "array"> extends Mode {
  readonly gives: Transaction<B, [...R, Awaited<this["reply"]>], E>;
}

/** What `exec()` gives: a reply for each command. Where commands were added in a loop, their types are not known. */
export type Replies<B, R extends readonly unknown[]> = R extends readonly [] ? Reply<B>[] : { -readonly [I in keyof R]: R[I] | ReplyError };

export interface Transaction<B = string, R extends readonly unknown[] = [], out E extends Entries = "array">
  extends Commands<B, Queue<B, R, E>, E> {}

export class Transaction<B = string, R extends readonly unknown[] = [], out E extends Entries = "array"> implements Pending {
  /** @internal */
  readonly _client: Sender<B>;
  /** @internal */
  _batch: Batch | undefined = Batch.take();

  /** @internal */
  constructor(client: Sender<B>) {
    this._client = client;
  }

  /** How many commands are queued. */
  get length(): number {
    return this._batch?.count ?? 0;
  }

  /** Queues any command by its name. */
  call(command: string, ...args: CallArg[]): Transaction<B, [...R, Reply<B>], E> {
    const name: unknown = command;
    if (typeof name !== "string") throw new ValueError(this._client._engine.errorCode, "the name of a command is a string");
    return this._put(name, args) as unknown as Transaction<B, [...R, Reply<B>], E>;
  }

  /**
   * Runs what was queued, as one. A reply for each command; an error reply is an element, and the commands behind it ran.
   * Null when a key has changed that `watch` named: then nothing ran. Throws `ReplyError` (EXECABORT) when a command was
   * refused as it was queued, with the reason as `cause`: then nothing ran either.
   */
  exec(): Replies<B, R> | null {
    const client = this._client;
    const batch = this._end();
    const { count } = batch;
    batch.add(["EXEC"]);
    client._send(["MULTI"]);
    let told: unknown[];
    try {
      told = client._sendAll(batch);
    } catch (error) {
      if (!client.closed) client._send(["DISCARD"]);
      throw error;
    }
    const done = told[count] as unknown[] | null | ReplyError;
    if (done instanceof ReplyError) {
      const cause = told.find((reply) => reply instanceof ReplyError);
      if (cause !== done) done.cause = cause;
      throw done;
    }
    if (done === null) return null;
    // Where replies are turned off within it, there are others.
    for (let i = 0; i < done.length && i < count; i++) {
      const reply = done[i];
      if (reply instanceof Error) blame(reply as ReplyError, batch.texts(i), {});
    }
    client._shapeAll(batch, done);
    batch.free();
    return done as Replies<B, R>;
  }

  /** Drops what was queued, and forgets what `watch` named. */
  discard(): void {
    this._end();
    this._client._send(["UNWATCH"]);
  }

  /** @internal */
  _put(name: string, args: ArrayLike<unknown>): this {
    const batch = this._batch;
    if (batch === undefined) throw new Error("this transaction has ended; multi() begins another");
    const out: Flat[] = [name];
    flatten(out, args, 0, PAIRS[name.toLowerCase()] ?? "no", this._client._engine.errorCode, name, OPTIONS);
    batch.add(out);
    return this;
  }

  /** @internal */
  _end(): Batch {
    const batch = this._batch;
    if (batch === undefined) throw new Error("this transaction has ended; multi() begins another");
    this._batch = undefined;
    return batch;
  }
}

/** Commands that are sent together and do not belong together. */
export class Pipeline<B = string, R extends readonly unknown[] = [], out E extends Entries = "array"> extends Transaction<B, R, E> {
  /** Runs what was queued. A reply for each command; an error is an element, and the commands behind it ran. */
  override exec(): Replies<B, R> {
    const client = this._client;
    const batch = this._end();
    const replies = client._sendAll(batch);
    client._shapeAll(batch, replies);
    batch.free();
    return replies as Replies<B, R>;
  }

  override discard(): void {
    this._end();
  }
}

install(Transaction.prototype, queues);
