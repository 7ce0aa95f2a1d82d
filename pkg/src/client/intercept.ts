/**
 * Faults on purpose: who is shown each command before it runs, and may answer it, hold it up, or end its connection. For tests of
 * what a program does when Redis is loading, read-only, out of memory, slow, or gone.
 *
 * Commands of all sessions are shown: of methods, of transactions as they are queued, of sockets and of clients in process; not what a
 * script runs. The engine asks in the midst of a call, so an interceptor may not call the database there; it can answer a promise, and
 * call it then.
 */
import { sleep } from "../core/clock.js";
import type { Engine } from "../core/engine.js";
import { perEngine } from "../core/per-engine.js";
import { soon } from "../core/soon.js";
import { encodeReply } from "../resp/encode.js";
import { ValueError } from "../resp/errors.js";
import { argumentsOf } from "../resp/frame.js";
import type { Reply } from "../resp/values.js";
import { errorReply } from "../resp/write.js";

/** The session that a command comes from. */
export interface Intercepted {
  /** The session's id, as CLIENT ID gives it. */
  readonly id: number;
  /** As CLIENT SETNAME gave it. */
  readonly name: string;
  readonly user: string;
  readonly database: number;
  /** 2 or 3. */
  readonly resp: 2 | 3;
  /** Whether it can wait: it came over a socket, or from a client that is given streams. Methods answer at once. */
  readonly waits: boolean;
  /** Whether it needs no login, or has one. */
  readonly admitted: boolean;
}

/** What happens to a command instead of running at once. */
export interface Fault {
  /** It runs, or is answered, after this many milliseconds by the database's clock. A method cannot wait: it goes on at once. */
  delay?: number;
  /** It does not run, and its connection ends without an answer. A method throws. */
  drop?: boolean;
  /** It does not run; this is its answer. */
  reply?: Reply | Error;
}

/**
 * What an interceptor returns: nothing, and the command runs; a `Fault`; or a reply: a string, a number, bytes, null, an array, a Map,
 * or an error, whose message is as Redis would word it (`new Error("LOADING Redis is loading the dataset in memory")`).
 */
export type Verdict =
  | undefined
  | Fault
  | Error
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly Reply[]
  | Map<unknown, unknown>;

/** Called with a command: its name and arguments as strings. */
export type Interceptor = (args: string[], session: Intercepted) => Verdict | Promise<Verdict>;

/** Which commands are shown. */
export interface InterceptOptions {
  /** How many commands it applies to; then it ends. Default: all. Commands that it lets run do not count. */
  times?: number;
  /** How many of them run first. Default: none. */
  after?: number;
}

/** What the engine is told: nothing, and the command runs; its reply; true: it waits; false: its session ends. */
type Answer = undefined | Uint8Array | boolean;

interface Entry {
  names: Set<string> | undefined;
  judge: Interceptor;
  times: number;
  after: number;
}

const FAULTS = ["delay", "drop", "reply"];

function isFault(verdict: unknown): verdict is Fault {
  if (typeof verdict !== "object" || verdict === null) return false;
  const prototype: unknown = Object.getPrototypeOf(verdict);
  return prototype === Object.prototype || prototype === null;
}

function check(verdict: unknown): void {
  if (!isFault(verdict)) return;
  const keys = Object.keys(verdict);
  if (keys.length === 0 || keys.some((key) => !FAULTS.includes(key)))
    throw new TypeError(`intercept(): an object says ${FAULTS.join(", ")}; a map is { reply: new Map(...) }`);
  const { delay } = verdict;
  if (delay !== undefined && !(typeof delay === "number" && delay >= 0)) throw new TypeError("intercept(): delay is in milliseconds");
}

const NO_METHOD_WAITS = "ERR an interceptor answered with a promise, and a method answers at once";
const DROPPED = "ERR the connection was dropped by an interceptor";

/** The interceptors of an engine. @internal */
export class Interceptors {
  /** Those of an engine. */
  static readonly of = perEngine((engine) => new Interceptors(engine));
  private entries: Entry[] = [];
  /** How many sessions wait for what a promise, or a delay, will say. */
  private open = 0;

  private constructor(private readonly engine: Engine) {}

  /** Adds one, until the returned function is called. The first that says something is heard. */
  add(
    names: readonly string[] | undefined,
    judge: Interceptor,
    { times = Number.POSITIVE_INFINITY, after = 0 }: InterceptOptions,
  ): () => void {
    const entry: Entry = { names: names && new Set(names.map((name) => name.toLowerCase())), judge, times, after };
    this.entries = [...this.entries, entry];
    this.engine.intercept((frame, session, facts) => this.judge(frame, session, facts));
    return () => this.remove(entry);
  }

  /** Removes all. */
  clear(): void {
    this.entries = [];
    this.rest();
  }

  private remove(entry: Entry): void {
    this.entries = this.entries.filter((one) => one !== entry);
    this.rest();
  }

  /** Nobody is asked any more. */
  private rest(): void {
    if (this.entries.length > 0 || this.open > 0 || this.engine.ended !== undefined) return;
    // Within a call the engine is asked later: it is in the midst of asking.
    soon(() => {
      if (this.entries.length === 0 && this.open === 0 && this.engine.ended === undefined) this.engine.intercept(undefined);
    });
  }

  private judge(frame: Uint8Array, id: number, facts: number): Answer {
    // Behind the arguments stand the session's name and its user.
    const args = argumentsOf(frame, false);
    const user = args.pop() as string;
    const name = args.pop() as string;
    const waits = (facts & 1) !== 0;
    const session: Intercepted = { id, name, user, database: facts >>> 3, resp: facts & 2 ? 3 : 2, waits, admitted: (facts & 4) !== 0 };
    const first = (args[0] as string).toLowerCase();
    for (const entry of this.entries) {
      if (entry.names !== undefined && !entry.names.has(first) && !entry.names.has(`${first} ${args[1]?.toLowerCase()}`)) continue;
      let verdict: Verdict | Promise<Verdict>;
      try {
        verdict = entry.judge([...args], session);
      } catch (error) {
        verdict = error as Error;
      }
      if (verdict === undefined) continue;
      if (entry.after > 0) {
        entry.after--;
        continue;
      }
      if (--entry.times <= 0) this.remove(entry);
      return this.answer(verdict, session);
    }
    return undefined;
  }

  private answer(verdict: Verdict | Promise<Verdict>, session: Intercepted): Answer {
    const isLater = verdict instanceof Promise;
    if (session.waits && (isLater || (isFault(verdict) && verdict.delay !== undefined))) {
      void this.hold(session, verdict);
      return true;
    }
    if (!isLater) return this.said(verdict, session);
    verdict.catch(() => {});
    return errorReply(NO_METHOD_WAITS);
  }

  /** What a verdict says, its delay aside. */
  private said(verdict: Verdict, { resp, waits }: Intercepted): Answer {
    try {
      check(verdict);
      if (verdict === undefined) return undefined;
      if (!isFault(verdict)) return encodeReply(verdict, resp === 3);
      if (verdict.drop === true) return waits ? false : errorReply(DROPPED);
      return "reply" in verdict ? encodeReply(verdict.reply, resp === 3) : undefined;
    } catch (error) {
      return errorReply(`ERR ${(error as Error).message}`);
    }
  }

  /** Lets a session go on once it is known how. */
  private async hold(session: Intercepted, coming: Verdict | Promise<Verdict>): Promise<void> {
    const { engine } = this;
    this.open++;
    let verdict: Verdict;
    try {
      verdict = await coming;
      if (isFault(verdict) && verdict.delay !== undefined) await sleep(engine.clock, verdict.delay, engine.endListeners);
    } catch (error) {
      verdict = error as Error;
    }
    this.open--;
    if (engine.ended === undefined) engine.decide(session.id, this.said(verdict, session));
    this.rest();
  }
}

/** Reads what `intercept` is given. @internal */
export function interceptorOf(
  code: string,
  given: readonly unknown[],
): { names: readonly string[] | undefined; judge: Interceptor; options: InterceptOptions } {
  const [first] = given;
  if (typeof first === "function") return { names: undefined, judge: first as Interceptor, options: (given[1] ?? {}) as InterceptOptions };
  const names = typeof first === "string" ? [first] : first;
  if (!Array.isArray(names) || names.some((name) => typeof name !== "string"))
    throw new ValueError(code, "intercept() takes a function, or names of commands and what happens to them");
  const what = given[1];
  if (typeof what === "function") return { names, judge: what as Interceptor, options: (given[2] ?? {}) as InterceptOptions };
  if (what === undefined) throw new TypeError("intercept(): what happens to the commands is missing");
  check(what);
  if (isFault(what) || what === null || typeof what !== "object") encodeReply(isFault(what) ? null : what, true);
  return { names, judge: () => what as Verdict, options: (given[2] ?? {}) as InterceptOptions };
}
