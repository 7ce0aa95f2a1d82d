/**
 * Commands that wait to be sent together: frames one behind the other, each with its length in front, as the engine takes many at once.
 * What was given is copied, so that a buffer can be used for the next command.
 */
import type { Engine } from "../core/engine.js";
import { LENGTH } from "../core/mailbox.gen.js";
import type { Flat } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import { argumentsOf } from "../resp/frame.js";
import { decodedTo, decodeEach, text } from "../resp/values.js";
import { bound, boundOf, FEW, headOf, lengthAt, write, writeArguments, writeCall, writeCount, writeLength } from "../resp/write.js";
import { blame } from "./blame.js";

/** Bytes of a buffer, at first. */
const FIRST = 512;

/** A buffer of more bytes is not kept. */
const KEEP = 2 ** 16;

/** The last one that was sent: making one costs as much as five commands. */
let spare: Batch | undefined;

/** @internal */
export class Batch {
  /** The frames, up to `end`. */
  bytes = new Uint8Array(FIRST);
  view = new DataView(this.bytes.buffer);
  end = 0;
  /** How many they are. */
  count = 0;
  /** The command that was asked for last, and where it is: commands are asked for in order. */
  private asked = 0;
  private found = 0;

  /** An empty one. */
  static take(): Batch {
    const batch = spare ?? new Batch();
    spare = undefined;
    return batch;
  }

  /** It has been sent, and nobody asks it any more. */
  free(): void {
    if (this.bytes.length > KEEP) return;
    this.end = this.count = this.asked = this.found = 0;
    spare = this;
  }

  /** Takes a command that is laid out. */
  add(command: readonly Flat[]): void {
    let need = 8;
    for (let i = 0; i < command.length; i++) need += bound(command[i] as Flat);
    this.room(need);
    let at = writeCount(this.bytes, this.end + 4, command.length);
    for (let i = 0; i < command.length; i++) at = write(this.bytes, at, command[i] as Flat);
    this.close(at);
  }

  /** Where command `i` begins; `end` behind the last one. */
  start(i: number): number {
    if (i === this.count) return this.end;
    if (i < this.asked) this.asked = this.found = 0;
    for (; this.asked < i; this.asked++) this.found += 4 + lengthAt(this.bytes, this.found);
    return this.found;
  }

  /** The name of command `i`, as it was given. */
  name(i: number): string {
    const at = this.start(i) + 8;
    return text(this.bytes, at + 4, lengthAt(this.bytes, at));
  }

  /** Command `i`, its name first, as text. */
  texts(i: number): string[] {
    const at = this.start(i) + 4;
    return argumentsOf(this.bytes.subarray(at, at + lengthAt(this.bytes, at - 4)), false);
  }

  /** Makes room for so many bytes more. */
  room(need: number): void {
    if (this.end + need <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.end + need));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  /** Ends the frame that was written behind `end` and four bytes for its length. */
  close(at: number): void {
    writeLength(this.bytes, this.end, at - this.end - 4);
    this.end = at;
    this.count++;
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
  const { count } = batch;
  const replies: unknown[] = new Array(count);
  for (let from = 0; from < count; ) {
    if (!client._state.open) client._refuse();
    const ran = orError(() => engine.runMany(client._id, batch.bytes, batch.start(from), batch.end));
    let to = from + 1;
    if (typeof ran !== "number") {
      // The store refuses what the one command did.
      replies[from] = ran;
    } else {
      to = from + ran;
      const flags = engine.flags();
      const length = engine.words[LENGTH] as number;
      const direct = flags === 0;
      // What the last one leaves to do may call the engine, and write over what is there.
      const m = direct ? engine.bytes : engine.replyCopy(length);
      const at = direct ? engine.replyAt() : 0;
      decodeEach(m, at, at + length, bytes, replies, from, direct ? to : to - 1);
      if (!direct) replies[to - 1] = orError(() => client._attendTo(m.subarray(decodedTo()), flags));
    }
    for (let i = from; i < to; i++) {
      const reply = replies[i];
      if (reply instanceof Error) blame(reply as ReplyError, batch.texts(i), {});
    }
    from = to;
  }
  return replies;
}

/** What has a batch, until it has sent it. */
interface Queueing {
  readonly _batch: Batch | undefined;
  _put(name: string, args: ArrayLike<unknown>): unknown;
}

/** The method that queues a command: the way of a few short arguments, and the other. */
export function queues(name: string): (this: Queueing, a: unknown, b: unknown, c: unknown) => unknown {
  const head = headOf(name);
  return function (a, b, c) {
    const argc = arguments.length;
    const batch = this._batch;
    if (argc <= FEW && batch !== undefined) {
      batch.room(4 + boundOf(head, argc));
      const at =
        argc <= 3
          ? writeCall(batch.bytes, batch.view, batch.end + 4, head, argc, a, b, c)
          : writeArguments(batch.bytes, batch.view, batch.end + 4, head, arguments);
      if (at >= 0) {
        batch.close(at);
        return this;
      }
    }
    return this._put(name, arguments);
  };
}
