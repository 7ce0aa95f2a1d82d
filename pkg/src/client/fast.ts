/**
 * The way of a call with a few short ASCII strings or integers: bytes into the request buffer, one crossing, one decode; up to three of
 * them, nothing is allocated but the answer.
 */
import type { Engine } from "../core/engine.js";
import { FLAGS } from "../core/mailbox.gen.js";
import type { Pairs } from "../resp/command.js";
import { FEW, headOf, writeArguments, writeCall } from "../resp/write.js";
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

/** The method of a command. */
export function fast(name: string, pairs: Pairs): (this: Caller, a: unknown, b: unknown, c: unknown) => unknown {
  const head = headOf(name);
  const publishes = PUBLISHES.has(name);
  return function (a, b, c) {
    const argc = arguments.length;
    const engine = this._engine;
    if (argc <= FEW && this._state.open && engine.ended === undefined) {
      const at =
        argc <= 3
          ? writeCall(engine.bytes, engine.view, engine.request, head, argc, a, b, c)
          : writeArguments(engine.bytes, engine.view, engine.request, head, arguments);
      if (at >= 0) {
        const length = engine.exec(this._id, at - engine.request);
        if (engine.words[FLAGS] === 0) return this._answer(length, true);
        return publishes ? this._published(length, String(b).length) : this._attend(length);
      }
    }
    return this._many(name, arguments, pairs);
  };
}
