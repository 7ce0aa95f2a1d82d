/**
 * Commands that wait: BLPOP and its kind, and XREAD with BLOCK. Their methods give a promise.
 *
 * The command runs in the caller's own session, so that all which is true of that one (its database, its name, a
 * transaction) is true of the command. If it finds nothing, a session that is made for it takes over the wait: the caller's
 * is free at once, and the new one is closed when the promise settles.
 *
 * A wait with a deadline has a timer of its own, which keeps a Node process alive until then, and which works where the
 * engine has none (workerd). A wait for good keeps nothing alive: what could end it is a call in this process, or a socket.
 */
import { LONGEST_SLEEP } from "../core/clock.js";
import type { Engine } from "../core/engine.js";
import { ClosedError } from "../core/errors.js";
import type { EndListeners } from "../core/ports.js";
import { type Flat, word } from "../resp/command.js";

/** What stands behind the arguments of a command that waits. */
export interface WaitOptions {
  /** Ends the wait: the promise is rejected with the signal's reason, and the command takes nothing any more. */
  signal?: AbortSignal | undefined;
}

type Timer = ReturnType<typeof setTimeout>;

/**
 * Takes the options off the arguments of a command that waits, if there are some. Where the command has options of its own (`more`),
 * these may stand in the same object, and stay. @internal
 */
export function takeOptions(args: unknown[], more: boolean): WaitOptions | undefined {
  const last = args[args.length - 1];
  if (typeof last !== "object" || last === null || Array.isArray(last) || ArrayBuffer.isView(last)) return undefined;
  const prototype = Object.getPrototypeOf(last);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return undefined;
  args.pop();
  const { signal, ...others } = last as WaitOptions;
  const [other] = Object.keys(others);
  if (other !== undefined && !more) throw new TypeError(`unknown option '${other}'; a command that waits takes signal`);
  if (other !== undefined) args.push(others);
  if (signal !== undefined && (typeof signal !== "object" || signal === null || typeof signal.addEventListener !== "function"))
    throw new TypeError("signal must be an AbortSignal");
  return { signal };
}

/** Whether the arguments of XREAD or XREADGROUP, the command's name first, ask to wait. @internal */
export function asksToBlock(args: readonly Flat[]): boolean {
  return blockAt(args) >= 0;
}

/** Where the milliseconds of BLOCK stand in such arguments; -1 where there are none. @internal */
export function blockAt(args: readonly Flat[]): number {
  for (let i = 1; i < args.length; i++) {
    switch (word(args[i])) {
      case "block":
        return i + 1;
      case "count":
        i++;
        break;
      case "group":
        i += 2;
        break;
      case "noack":
        break;
      default:
        return -1;
    }
  }
  return -1;
}

/**
 * The reply of a command that waits in `session`. @internal
 * @param session Its wait is taken over: it is free when this returns.
 * @param endListeners Rejects the promise when it is called.
 * @param read Makes the result of the reply's RESP; what it throws rejects the promise.
 */
export function wait<T>(
  engine: Engine,
  session: number,
  endListeners: EndListeners,
  signal: AbortSignal | undefined,
  read: (reply: Uint8Array) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: Timer | undefined;
    let settled = false;
    const settle = (): void => {
      settled = true;
      clearTimeout(timer);
      endListeners.delete(ended);
      signal?.removeEventListener("abort", aborted);
      if (engine.ended === undefined) engine.closeSession(id);
    };
    const ended = (reason: Error): void => {
      settle();
      reject(reason);
    };
    const aborted = (): void => {
      settle();
      reject(signal?.reason);
    };
    const id = engine.cloneSession(session, (reply, close) => {
      if (reply.length > 0) {
        settle();
        try {
          resolve(read(reply));
        } catch (error) {
          reject(error);
        }
      } else if (close) {
        ended(new ClosedError("the session of this call was killed"));
      }
    });
    const deadline = engine.live ? engine.waitDeadline(id) : Number.POSITIVE_INFINITY;
    const sleep = (): void => {
      timer = setTimeout(
        () => {
          try {
            engine.tick();
          } catch {
            return;
          }
          if (!settled) sleep();
        },
        Math.min(Math.max(Math.ceil(deadline - engine.clock.now()), 1), LONGEST_SLEEP),
      );
    };
    if (deadline !== Number.POSITIVE_INFINITY) sleep();
    endListeners.add(ended);
    signal?.addEventListener("abort", aborted);
  });
}
