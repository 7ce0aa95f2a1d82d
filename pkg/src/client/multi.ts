/**
 * A transaction: commands are put into a queue here, and all is sent in one go by `exec()`, so that nothing comes in
 * between and a transaction that is dropped leaves nothing behind in the engine.
 */
import { type Flat, flatten } from "../resp/command.js";
import { ReplyError, ValueError } from "../resp/errors.js";
import type { Reply } from "../resp/values.js";
import { blame, texts } from "./blame.js";
import type { Entries, Mode } from "./command-types.js";
import { type Commands, OPTIONS, PAIRS } from "./commands.gen.js";
import type { CallArg, Pending, Sender } from "./interface.js";
import { install } from "./methods.js";
import { transaction } from "./transaction.js";

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
  _queue: Flat[][] | undefined = [];

  /** @internal */
  constructor(client: Sender<B>) {
    this._client = client;
  }

  /** How many commands are queued. */
  get length(): number {
    return this._queue?.length ?? 0;
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
    const commands = transaction(this._end());
    const exec = commands.length - 1;
    client._send(commands[0] as Flat[]);
    let cause: unknown;
    for (let i = 1; i < exec; i++) {
      try {
        client._send(commands[i] as Flat[]);
      } catch (error) {
        if (!(error instanceof ReplyError)) {
          if (!client.closed) client._send(["DISCARD"]);
          throw error;
        }
        cause ??= error;
      }
    }
    try {
      const replies = client._send(commands[exec] as Flat[]) as unknown[] | null;
      return (replies?.map((reply, i) => {
        const command = commands[i + 1];
        if (command === undefined) return reply;
        return reply instanceof ReplyError ? blame(reply, command.map(texts), {}) : client._shaped(command[0] as string, reply);
      }) ?? null) as Replies<B, R> | null;
    } catch (error) {
      if (cause !== undefined && error instanceof ReplyError) error.cause = cause;
      throw error;
    }
  }

  /** Drops what was queued, and forgets what `watch` named. */
  discard(): void {
    this._end();
    this._client._send(["UNWATCH"]);
  }

  /** @internal */
  _put(name: string, args: ArrayLike<unknown>): this {
    const queue = this._queue;
    if (queue === undefined) throw new Error("this transaction has ended; multi() begins another");
    const out: Flat[] = [name];
    flatten(out, args, 0, PAIRS[name.toLowerCase()] ?? "no", this._client._engine.errorCode, name, OPTIONS);
    // Bytes as they are now: a buffer may be used for the next command.
    for (let i = 1; i < out.length; i++) {
      const arg = out[i] as Flat;
      if (typeof arg !== "string") out[i] = arg.slice();
    }
    queue.push(out);
    return this;
  }

  /** @internal */
  _end(): Flat[][] {
    const queue = this._queue;
    if (queue === undefined) throw new Error("this transaction has ended; multi() begins another");
    this._queue = undefined;
    return queue;
  }
}

/** Commands that are sent together and do not belong together. */
export class Pipeline<B = string, R extends readonly unknown[] = [], out E extends Entries = "array"> extends Transaction<B, R, E> {
  /** Runs what was queued. A reply for each command; an error is an element, and the commands behind it ran. */
  override exec(): Replies<B, R> {
    const client = this._client;
    return this._end().map((command) => {
      try {
        return client._shaped(command[0] as string, client._send(command));
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error;
        return blame(error, command.map(texts), {});
      }
    }) as Replies<B, R>;
  }

  override discard(): void {
    this._end();
  }
}

install(
  Transaction.prototype,
  (name) =>
    function (this: Transaction, ...args: unknown[]): unknown {
      return this._put(name, args);
    },
);
