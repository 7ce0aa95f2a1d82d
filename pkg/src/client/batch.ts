/**
 * Commands that wait to be sent together: frames one behind the other, each with its length in front, as the engine takes many at once.
 * What was given is copied, so that a buffer can be used for the next command.
 */
import type { Engine } from "../core/engine.js";
import { LENGTH } from "../core/mailbox.gen.js";
import type { Flat } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import { argumentsOf } from "../resp/frame.js";
import { decodeAny, decodedTo, short } from "../resp/values.js";
import { bound, headOf, lengthAt, SHORT, write, writeCall, writeCount, writeLength } from "../resp/write.js";
import { blame } from "./blame.js";

/** What a command of a name and three short arguments takes at most, beside its name. */
const CALL = 4 + 4 + 3 * (4 + SHORT);

/** Bytes of a buffer, at first. */
const FIRST = 512;

/** A buffer of more bytes is not kept. */
const KEEP = 2 ** 16;

const NOTHING = new Uint8Array(0);

/** That of the last batch that was sent: making one costs as much as five commands. */
let spare: Uint8Array | undefined;

/** @internal */
export class Batch {
  /** The frames, up to `end`. */
  bytes: Uint8Array = spare ?? new Uint8Array(FIRST);
  end = 0;
  /** The name of each command, as it was given. */
  readonly names: string[] = [];

  constructor() {
    spare = undefined;
  }

  /** It has been sent, and nobody asks it any more. */
  free(): void {
    if (this.bytes.length <= KEEP) spare = this.bytes;
    this.bytes = NOTHING;
  }

  /** Takes a command that is laid out. */
  add(command: readonly Flat[]): void {
    let need = 8;
    for (let i = 0; i < command.length; i++) need += bound(command[i] as Flat);
    this.room(need);
    let at = writeCount(this.bytes, this.end + 4, command.length);
    for (let i = 0; i < command.length; i++) at = write(this.bytes, at, command[i] as Flat);
    this.close(at, command[0] as string);
  }

  /** Where the one behind that at `from` is. */
  next(from: number): number {
    return from + 4 + lengthAt(this.bytes, from);
  }

  /** The arguments of the command at `from`, as text. */
  texts(from: number): string[] {
    return argumentsOf(this.bytes.subarray(from + 4, this.next(from)), false);
  }

  /** Makes room for so many bytes more. */
  room(need: number): void {
    if (this.end + need <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.end + need));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }

  /** Ends the frame that was written behind `end` and four bytes for its length. */
  close(at: number, name: string): void {
    writeLength(this.bytes, this.end, at - this.end - 4);
    this.end = at;
    this.names.push(name);
  }
}

/** Who sends a batch: a client. */
interface Sending {
  readonly _engine: Engine;
  readonly _id: number;
  readonly _bytes: boolean;
  readonly _state: { readonly open: boolean };
  _refuse(): never;
  _attendTo(copy: Uint8Array, flags: number): unknown;
}

/** What `work` gives, or the error reply that it throws. */
function orError<T>(work: () => T): T | ReplyError {
  try {
    return work();
  } catch (error) {
    if (error instanceof ReplyError) return error;
    throw error;
  }
}

/** Runs what a batch has; a reply for each command, errors among them. @internal */
export function sendAll(client: Sending, batch: Batch): unknown[] {
  const { _engine: engine, _bytes: bytes } = client;
  const replies: unknown[] = [];
  let from = 0;
  const take = (reply: unknown): void => {
    replies.push(reply instanceof ReplyError ? blame(reply, batch.texts(from), {}) : reply);
    from = batch.next(from);
  };
  while (from < batch.end) {
    if (!client._state.open) client._refuse();
    const ran = orError(() => engine.runMany(client._id, batch.bytes, from, batch.end));
    if (ran instanceof ReplyError) {
      // The store refuses what the one command did.
      take(ran);
      continue;
    }
    const flags = engine.flags();
    const length = engine.words[LENGTH] as number;
    // What the last one leaves to do may call the engine, and write over what is there.
    const m = flags === 0 ? engine.bytes : engine.replyCopy(length);
    let at = flags === 0 ? engine.replyAt() : 0;
    const end = at + length;
    for (let left = flags === 0 ? ran : ran - 1; left > 0; left--) {
      let reply: unknown;
      if (at < end) {
        if (!bytes) reply = short(m, at);
        if (reply === undefined) reply = decodeAny(m, at, bytes, end);
        at = decodedTo();
      }
      take(reply);
    }
    if (flags !== 0) take(orError(() => client._attendTo(m.subarray(at), flags)));
  }
  return replies;
}

/** What has a batch, until it has sent it. */
interface Queueing {
  readonly _batch: Batch | undefined;
  _put(name: string, args: ArrayLike<unknown>): unknown;
}

/** The method that queues a command: the way of short arguments, on which nothing is allocated, and the other. */
export function queues(name: string): (this: Queueing, a: unknown, b: unknown, c: unknown) => unknown {
  const head = headOf(name);
  return function (a, b, c) {
    const argc = arguments.length;
    const batch = this._batch;
    if (argc <= 3 && batch !== undefined) {
      batch.room(CALL + head.length);
      const at = writeCall(batch.bytes, batch.end + 4, head, argc, a, b, c);
      if (at >= 0) {
        batch.close(at, name);
        return this;
      }
    }
    return this._put(name, arguments);
  };
}
