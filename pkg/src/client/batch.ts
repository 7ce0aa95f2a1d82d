/**
 * Commands that wait to be sent together: frames one behind the other, each with its length in front, as the engine takes many at once.
 * What was given is copied, so that a buffer can be used for the next command.
 */
import type { Flat } from "../resp/command.js";
import { argumentsOf } from "../resp/frame.js";
import { bound, headOf, lengthAt, SHORT, write, writeCall, writeCount, writeLength } from "../resp/write.js";

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
