/**
 * The way of a call with up to three short ASCII strings or integers: bytes into the request buffer, one crossing, one decode;
 * nothing is allocated but the answer.
 */
import type { Engine } from "../core/engine.js";
import { FLAGS } from "../core/mailbox.gen.js";
import type { Pairs } from "../resp/command.js";
import { writeInteger, writeShort } from "../resp/write.js";
import { PUBLISHES } from "./facts.gen.js";

/** What has such methods: a client. */
interface Caller {
  readonly _engine: Engine;
  readonly _id: number;
  readonly _state: { readonly open: boolean };
  _answer(length: number, direct?: boolean): unknown;
  _attend(length: number): unknown;
  _published(length: number, message: number): unknown;
  _many(name: string, args: ArrayLike<unknown>, pairs: Pairs): unknown;
}

/** A command's name as it stands in a frame: u32 length, bytes. */
function headOf(name: string): Uint8Array {
  const head = new Uint8Array(4 + name.length);
  writeShort(head, 0, name);
  return head;
}

/** The method of a command. */
export function fast(name: string, pairs: Pairs): (this: Caller, a: unknown, b: unknown, c: unknown) => unknown {
  const head = headOf(name);
  const size = head.length;
  const publishes = PUBLISHES.has(name);
  return function (a, b, c) {
    const argc = arguments.length;
    const engine = this._engine;
    if (argc <= 3 && this._state.open && engine.ended === undefined) {
      const bytes = engine.bytes;
      let at = engine.request;
      bytes[at] = argc + 1;
      bytes[at + 1] = 0;
      bytes[at + 2] = 0;
      bytes[at + 3] = 0;
      at += 4;
      for (let i = 0; i < size; i++) bytes[at + i] = head[i] as number;
      at += size;
      if (argc > 0) at = typeof a === "string" ? writeShort(bytes, at, a) : writeInteger(bytes, at, a);
      if (argc > 1 && at >= 0) at = typeof b === "string" ? writeShort(bytes, at, b) : writeInteger(bytes, at, b);
      if (argc > 2 && at >= 0) at = typeof c === "string" ? writeShort(bytes, at, c) : writeInteger(bytes, at, c);
      if (at >= 0) {
        const length = engine.exec(this._id, at - engine.request);
        if (engine.words[FLAGS] === 0) return this._answer(length, true);
        return publishes ? this._published(length, String(b).length) : this._attend(length);
      }
    }
    return this._many(name, arguments, pairs);
  };
}
