/**
 * A database that tabs and workers share: `open("idb:notes", { shared: true })`, and `opfs:`.
 *
 * One of them leads: it has the engine and the store. The others ask it, and take over when it has gone (`member.ts`, `leader.ts`).
 * A page can use an `opfs:`, which needs a worker, and cannot lead it: what it asks waits until somebody leads.
 *
 * A request that writes is answered when the store has it. Its answer is kept with its bytes, in the same transaction or unit,
 * under the request's number; so a request that was done, and whose answer got lost with the leader, is answered from there and
 * not done a second time (`receipts.ts`).
 *
 * Each request has a session of its own, in the database that the client has selected: what a session would have to remember
 * between requests (WATCH, MULTI without its EXEC, subscriptions) would be lost with a leader, and is refused.
 */

import { blame, texts } from "../client/blame.js";
import type { Wakey } from "../client/client.js";
import type { Answer, Entries, Mode, Promised } from "../client/command-types.js";
import { type Commands, ENTRIES, OPTIONS, PAIRS, WAITS } from "../client/commands.gen.js";
import { shaped, wantsObjects } from "../client/entries.js";
import { needsSession } from "../client/facts.js";
import type { CallArg, Database, Pending } from "../client/interface.js";
import { type Live, type LiveSource, live, type Settled } from "../client/live.js";
import { install } from "../client/methods.js";
import type { Replies } from "../client/multi.js";
import { type Prepared, type PrepareOptions, prepare } from "../client/prepared.js";
import { type ScanOptions, scanLater } from "../client/scan.js";
import { transaction } from "../client/transaction.js";
import { takeOptions, type WaitOptions } from "../client/wait.js";
import type { WebLock } from "../persistence/stores/weblock.js";
import { type Arg, type Command, type Flat, flatten } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import { decode, type Reply, text } from "../resp/values.js";
import { Base } from "./base.js";
import { Member } from "./member.js";
import type { Ports } from "./protocol.js";

/** What both faces of a client share. */
interface State {
  member: Member;
  database: number;
  /** Entries of streams come as objects. */
  objects: boolean;
  /** Told of commands as they are sent. */
  collectors: Set<(args: readonly string[]) => void>;
}

/** As `Queue`, of a shared database. */
export interface SharedQueue<B, R extends readonly unknown[], out E extends Entries = "array"> extends Mode {
  readonly gives: SharedTransaction<B, [...R, Awaited<this["reply"]>], E>;
}

/** A transaction of a shared database: `await db.multi().incr("a").get("a").exec()`. */
export interface SharedTransaction<B = string, R extends readonly unknown[] = [], out E extends Entries = "array">
  extends Commands<B, SharedQueue<B, R, E>, E> {
  /** Runs what was queued, as a unit; a reply for each command, errors as elements. */
  exec(): Promise<Replies<B, R>>;
  /** Queues any command by its name. */
  call(command: string, ...args: CallArg[]): SharedTransaction<B, [...R, Reply<B>], E>;
}

/** What is behind its type. */
class Multi implements Pending {
  private readonly commands: Command[] = [];

  constructor(private readonly client: SharedWakey) {}

  exec(): Promise<Reply[]> {
    return this.client._exec(this.commands);
  }

  call(name: string, ...args: unknown[]): this {
    this.commands.push(laid(name, args));
    return this;
  }
}

install(
  Multi.prototype,
  (name) =>
    function (this: Multi, ...args: unknown[]): unknown {
      return this.call(name, ...args);
    },
);

/**
 * A database that tabs share. Its methods are those of `Wakey`, and all return promises. What a session remembers (WATCH,
 * subscriptions) is missing, except `select`.
 */
export interface SharedWakey<B = string, out E extends Entries = "array"> extends Commands<B, Promised, E> {}

export class SharedWakey<B = string, out E extends Entries = "array"> implements Database<B, Promised, E> {
  /** @internal */
  readonly _state: State;
  /** @internal */
  readonly _bytes: boolean;

  /** @internal */
  constructor(state: State, bytes: boolean) {
    this._state = state;
    this._bytes = bytes;
  }

  /** The same, answering bulk strings as `Uint8Array` and maps as pairs. */
  get bytes(): SharedWakey<Uint8Array> {
    return new SharedWakey<Uint8Array>(this._state, true);
  }

  /** Whether the engine and the store are in this tab at present. */
  get leads(): boolean {
    return this._state.member.leader !== undefined;
  }

  get closed(): boolean {
    return this._state.member.closed;
  }

  /** Runs any command: `await db.call("HSET", "h", "f", 1)`. */
  call(command: string, ...args: (CallArg | WaitOptions)[]): Answer<Reply<B>, Promised> {
    return this._run(command, args) as Answer<Reply<B>, Promised>;
  }

  /** Turns a script into a function of its keys, followed by its arguments. */
  prepare<R = Reply<B>, const N extends number = number>(
    script: string,
    options: PrepareOptions<N> = {},
  ): Prepared<Promise<Awaited<R>>, N> {
    return prepare((name, args) => this._run(name, args), script, options) as Prepared<Promise<Awaited<R>>, N>;
  }

  /** Begins a transaction, which its `exec()` sends as a whole. */
  multi(): SharedTransaction<B, [], E> {
    return new Multi(this as unknown as SharedWakey) as unknown as SharedTransaction<B, [], E>;
  }

  /**
   * Keeps what a function reads up to date, across tabs: `db.live(async () => (await db.get("n")) ?? "0", (n) => show(n))`. Like `live`
   * of a database that is not shared; since all methods return promises, so does the function.
   */
  live<T>(query: () => T, listener?: (value: Settled<T>) => void): Live<Settled<T>> {
    const { member, collectors } = this._state;
    const source: LiveSource = {
      collect(note) {
        const one = (args: readonly string[]): void => note(args);
        collectors.add(one);
        return () => void collectors.delete(one);
      },
      changes: (heard) => member.changes(heard),
    };
    return live(source, query, listener);
  }

  /** Tells of commands that are about to be sent. */
  private tell(commands: readonly Command[]): void {
    const { collectors } = this._state;
    if (collectors.size === 0) return;
    for (const command of commands) {
      const args = command.map((one) => (typeof one === "string" ? one : text(one, 0, one.length)));
      for (const note of collectors) note(args);
    }
  }

  /** @internal */
  async _exec(commands: Command[]): Promise<Reply[]> {
    this.tell(commands);
    const replies = await this._state.member.ask(this._state.database, transaction(commands));
    const last = replies.at(-1) as Uint8Array;
    const all = decode(last, 0, last.length, this._bytes) as Reply[];
    return all.map((reply, i) => this._shaped(commands[i]?.[0] as string, reply)) as Reply[];
  }

  /** @internal A reply as the user wants it. */
  _shaped(name: string, reply: unknown): unknown {
    return this._state.objects && !this._bytes && ENTRIES.has(name.toLowerCase()) ? shaped(reply) : reply;
  }

  /** @internal */
  async _run(command: string, args: ArrayLike<unknown>): Promise<unknown> {
    const name = command.toLowerCase();
    const given = Array.from(args);
    const options = WAITS[name] === undefined ? undefined : takeOptions(given, OPTIONS[name] !== undefined);
    const sent = [laid(name, given)];
    this.tell(sent);
    const [reply] = await this._state.member.ask(this._state.database, sent, options?.signal);
    let value: unknown;
    try {
      value = decode(reply as Uint8Array, 0, (reply as Uint8Array).length, this._bytes);
    } catch (error) {
      throw error instanceof ReplyError ? blame(error, (sent[0] as Flat[]).map(texts), {}) : error;
    }
    if (name === "select") this._state.database = Number(given[0]);
    return this._shaped(name, value);
  }

  /** Each key once, with SCAN's guarantee: `for await (const key of db.scanIterator({ match: "user:*" }))`. */
  scanIterator(options: ScanOptions = {}): AsyncGenerator<B> {
    return scanLater((args) => this._run("SCAN", args), [], options, false) as AsyncGenerator<B>;
  }

  /** Each field of a hash, and its value. */
  hscanIterator(key: string, options: Omit<ScanOptions, "type"> = {}): AsyncGenerator<[field: B, value: B]> {
    return scanLater((args) => this._run("HSCAN", args), [key], options, true) as AsyncGenerator<[B, B]>;
  }

  /** Each member of a set. */
  sscanIterator(key: string, options: Omit<ScanOptions, "type"> = {}): AsyncGenerator<B> {
    return scanLater((args) => this._run("SSCAN", args), [key], options, false) as AsyncGenerator<B>;
  }

  /** A summary in one line: for JSON.stringify, logs and snapshots. */
  toJSON(): object {
    return this.closed ? { closed: true } : { db: this._state.database, leads: this.leads };
  }

  get [Symbol.toStringTag](): string {
    return "SharedWakey";
  }

  /** Resolves when everything answered so far is as safe as the store can make it. Even without it, a write is answered once stored. */
  async durable(): Promise<void> {
    await this._state.member.ask(0, []);
  }

  /** Ends this tab's part. If it leads, the next one takes over; calls not answered yet are rejected here. */
  close(): Promise<void> {
    return this._state.member.close();
  }

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A command as it is sent. Throws TypeError for what needs a session. */
function laid(name: string, args: unknown[]): Command {
  const lower = name.toLowerCase();
  if (needsSession(lower)) throw new TypeError(`${lower} needs a session, which a shared database does not have`);
  const out: Flat[] = [name];
  flatten(out, args as Arg[], 0, PAIRS[lower] ?? "no", "ERR", name, OPTIONS);
  // Bytes alone: a view would be sent with all of its buffer.
  return out.map((one) => (typeof one === "string" ? one : one.slice()));
}

install(
  SharedWakey.prototype,
  (name) =>
    function (this: SharedWakey, ...args: unknown[]): unknown {
      return this._run(name, args);
    },
);

/** Joins those who share a place; `open` opens the database once its lock is held, where it can (`canLead`). @internal */
export async function share(
  place: string,
  ports: Ports,
  open: (lock: WebLock) => Promise<Wakey<Entries>>,
  canLead = true,
  entries?: Entries,
): Promise<SharedWakey<string, Entries>> {
  const member = new Member(place, ports, async (lock) => new Base(await open(lock)), canLead);
  try {
    await member.begin();
  } catch (error) {
    await member.close();
    throw error;
  }
  return new SharedWakey<string, Entries>({ member, database: 0, objects: wantsObjects(entries), collectors: new Set() }, false);
}
