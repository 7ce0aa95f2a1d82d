/**
 * One database for several tabs and workers: `open("idb:notes", { shared: true })`, and `opfs:`.
 *
 * Who holds the Web Lock of the store leads: it has the engine and the store. The others send their requests over a
 * BroadcastChannel, and wait in the queue for the lock; the browser gives it to the next one when the leader is gone, however
 * it went. Then what was not answered is sent again, to the new leader. A page can use an `opfs:`, which needs a worker, and
 * cannot lead it: it does not queue for the lock, and what it asks waits until somebody leads.
 *
 * A request that writes is answered when the store has it. Its answer is kept with its bytes, in the same transaction or unit,
 * under the request's number; so a request that was done, and whose answer got lost with the leader, is answered from there and
 * not done a second time. A client says with each request which ones it has no more need of; one that has died, which shows
 * as a lock of its own that nobody holds, has need of none.
 *
 * Each request has a session of its own, in the database that the client has selected: what a session would have to remember
 * between requests (WATCH, MULTI without its EXEC, subscriptions) would be lost with a leader, and is refused.
 */
import { cross } from "./backend.js";
import type { CallArg, Wakey } from "./client.js";
import { type Arg, decode, type Flat, flatten, type Reply } from "./codec.js";
import { type Commands, NAMES, PAIRS, type Promised, WAITS } from "./commands.gen.js";
import { WAITING } from "./engine.js";
import { ClosedError, ReplyError, StoreError } from "./errors.js";
import { beHere, takeLock, type WebLock, whoIsHere } from "./stores/weblock.js";
import type { Replies, SharedQueue } from "./transaction.js";
import { takeOptions, type WaitOptions, wait } from "./wait.js";

type Command = Flat[];

/** What goes over the channel. */
type Message =
  | { kind: "hello" }
  | { kind: "lead"; leader: string }
  | { kind: "ask"; leader: string; from: string; id: number; done: number; database: number; commands: Command[] }
  | { kind: "abort"; leader: string; from: string; id: number }
  | { kind: "answer"; to: string; id: number; replies?: readonly Uint8Array[]; error?: { name: string; message: string } };

interface Request {
  id: number;
  database: number;
  commands: Command[];
  done(replies: readonly Uint8Array[]): void;
  failed(error: Error): void;
}

/** So many requests of its own a leader answers before it looks for those of others. */
const TOGETHER = 128;

/** What depends on a session that outlives a request. */
const REFUSED =
  /^(watch|unwatch|multi|exec|discard|p?subscribe|ssubscribe|p?unsubscribe|sunsubscribe|monitor|reset|quit|hello|client|shutdown)$/;

/** The side that has the engine. */
class Leader {
  private readonly running = new Map<string, AbortController>();
  private readonly ended: Promise<void>[] = [];
  closing = false;
  /** Which requests of a client have a receipt. */
  private readonly kept = new Map<string, Set<number>>();
  /** So many clients with receipts are looked at, whether they live. */
  private many = 0;

  constructor(readonly db: Wakey) {
    for (const key of db._engine.persistence?.receipts().keys() ?? []) {
      const at = key.lastIndexOf(":");
      this.keep(key.slice(0, at), Number(key.slice(at + 1)));
    }
    void this.tidy();
  }

  private keep(from: string, id: number): void {
    const ids = this.kept.get(from);
    if (ids !== undefined) return void ids.add(id);
    this.kept.set(from, new Set([id]));
    if (this.many > 0 && this.kept.size > this.many) void this.tidy();
  }

  /** Forgets the receipts of those who have died. */
  private async tidy(): Promise<void> {
    this.many = 0;
    const clients = [...this.kept.keys()];
    const here = await whoIsHere();
    if (this.closing || this.db._engine.gone !== undefined) return;
    for (const from of clients) {
      if (!here.has(from)) this.forget(from, Number.POSITIVE_INFINITY);
    }
    this.many = 2 * this.kept.size + 16;
  }

  /** A client has no more need of what came before number `done`. */
  private forget(from: string, done: number): void {
    const ids = this.kept.get(from);
    for (const id of ids ?? []) {
      if (id >= done) continue;
      ids?.delete(id);
      this.db._engine.persistence?.note({ request: `${from}:${id}` });
    }
    if (ids?.size === 0) this.kept.delete(from);
  }

  /** Runs a request, or finds what was answered to it. Undefined: it runs already, and will be answered. */
  ask(from: string, { id, done, database, commands }: { id: number; done: number; database: number; commands: Command[] }) {
    const key = `${from}:${id}`;
    if (this.running.has(key)) return undefined;
    const { persistence } = this.db._engine;
    const kept = persistence?.receipts().get(key);
    if (kept !== undefined) return Promise.resolve(kept);
    this.forget(from, done);
    const controller = new AbortController();
    this.running.set(key, controller);
    const answer = this.run(from, id, database, commands, controller.signal).finally(() => this.running.delete(key));
    this.ended.push(
      answer.then(
        () => {},
        () => {},
      ),
    );
    if (this.ended.length > 64)
      this.ended.splice(
        0,
        this.ended.length - 64,
        Promise.all(this.ended.slice(0, -64)).then(() => {}),
      );
    return answer;
  }

  /** No commands: what was answered before is to be as safe as the store can make it. */
  private async run(from: string, id: number, database: number, commands: Command[], signal: AbortSignal): Promise<Uint8Array[]> {
    const engine = this.db._engine;
    const { persistence } = engine;
    const session = engine.openSession({ resp: 3, trusted: true }, () => {});
    const before = persistence?.taken;
    const note = (replies: readonly Uint8Array[]): void => {
      if (persistence === undefined || persistence.taken === before) return;
      persistence.note({ request: `${from}:${id}`, replies });
      this.keep(from, id);
    };
    const replies: Uint8Array[] = [];
    try {
      if (database !== 0) cross(engine, session, ["SELECT", String(database)]);
      for (const command of commands) {
        const { reply, flags } = cross(engine, session, command);
        if ((flags & WAITING) === 0) {
          const saved = engine.attend(flags);
          if (saved !== undefined) await saved;
          replies.push(reply);
          continue;
        }
        // Read where it is delivered: beside the bytes of whoever served it.
        const later = wait(engine, session, engine.endings, signal, (bytes) => {
          note([...replies, bytes]);
          return bytes;
        });
        void engine.attend(flags);
        replies.push((await later) as Uint8Array);
        await persistence?.stored();
        return replies;
      }
      if (persistence?.taken !== before) {
        note(replies);
        await persistence?.stored();
      }
      if (commands.length === 0) await persistence?.durable();
      return replies;
    } finally {
      if (engine.gone === undefined) engine.closeSession(session);
    }
  }

  abort(from: string, id: number): void {
    this.running.get(`${from}:${id}`)?.abort();
  }

  /** Takes nothing more, and ends when what runs is answered; who waits is told by the next leader. */
  async close(): Promise<void> {
    this.closing = true;
    for (const controller of this.running.values()) controller.abort(new ClosedError("this database is closed"));
    await Promise.all(this.ended);
    await this.db.close();
  }
}

/** One tab's or worker's part. */
class Member {
  readonly id = crypto.randomUUID();
  private readonly channel: BroadcastChannel;
  private readonly pending = new Map<number, Request>();
  private readonly waiting = new AbortController();
  private next = 1;
  /** How many requests of its own the leader has answered. */
  private answered = 0;
  leader: Leader | undefined = undefined;
  /** Who leads, as far as is known. */
  private leads = "";
  closed = false;
  private found: () => void = () => {};
  private leave: () => void = () => {};
  /** There is a leader. */
  readonly ready = new Promise<void>((done) => {
    this.found = done;
  });

  constructor(
    private readonly place: string,
    private readonly open: (lock: WebLock) => Promise<Wakey>,
    private readonly canLead: boolean,
  ) {
    this.channel = new BroadcastChannel(`wakey:${place}`);
    this.channel.onmessage = ({ data }) => this.hear(data as Message);
  }

  private post(message: Message): void {
    this.channel.postMessage(message);
  }

  async begin(): Promise<void> {
    let lock: WebLock | undefined;
    this.leave = await beHere(this.id, this.place);
    if (!this.canLead) {
      this.post({ kind: "hello" });
      return this.ready;
    }
    try {
      lock = await takeLock(this.place);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
    if (lock !== undefined) return this.lead(lock);
    void takeLock(this.place, { wait: this.waiting.signal })
      .then((one) => (this.closed ? one.release() : this.lead(one)))
      .catch((error) => this.fail(error as Error));
    this.post({ kind: "hello" });
    await this.ready;
  }

  /** The lock is ours: loads what is there, and answers from now on. */
  private async lead(lock: WebLock): Promise<void> {
    try {
      this.leader = new Leader(await this.open(lock));
    } catch (error) {
      await lock.release();
      throw error;
    }
    this.leads = this.id;
    this.found();
    this.post({ kind: "lead", leader: this.id });
    for (const request of this.pending.values()) this.send(request);
  }

  private hear(message: Message): void {
    const { leader } = this;
    switch (message.kind) {
      case "hello":
        if (leader !== undefined && !leader.closing) this.post({ kind: "lead", leader: this.id });
        break;
      case "lead":
        if (leader !== undefined || message.leader === this.leads) break;
        this.leads = message.leader;
        this.found();
        for (const request of this.pending.values()) this.send(request);
        break;
      case "ask":
        if (leader === undefined || leader.closing || message.leader !== this.id) break;
        leader.ask(message.from, message)?.then(
          (replies) => this.post({ kind: "answer", to: message.from, id: message.id, replies }),
          ({ name, message: text }: Error) => {
            // What ended with this leader is asked of the next one.
            if (!leader.closing) this.post({ kind: "answer", to: message.from, id: message.id, error: { name, message: text } });
          },
        );
        break;
      case "abort":
        if (message.leader === this.id) leader?.abort(message.from, message.id);
        break;
      case "answer": {
        const request = message.to === this.id ? this.pending.get(message.id) : undefined;
        if (request === undefined) break;
        this.pending.delete(message.id);
        if (message.replies !== undefined) request.done(message.replies);
        else request.failed(again(message.error));
        break;
      }
    }
  }

  private send(request: Request): void {
    const { id, database, commands } = request;
    const done = Math.min(...this.pending.keys());
    if (this.leader === undefined) {
      if (this.leads !== "") this.post({ kind: "ask", leader: this.leads, from: this.id, id, done, database, commands });
      return;
    }
    const { pending } = this;
    this.leader.ask(this.id, { id, done, database, commands })?.then(
      (replies) => {
        if (!pending.delete(id)) return;
        // Between two of these no event may have come: who writes without a pause would keep the others out.
        if (++this.answered % TOGETHER === 0) setTimeout(() => request.done(replies), 0);
        else request.done(replies);
      },
      (error) => pending.delete(id) && request.failed(error),
    );
  }

  ask(database: number, commands: Command[], signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    if (this.closed) return Promise.reject(new ClosedError("this database is closed"));
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((done, failed) => {
      const id = this.next++;
      const request = { id, database, commands, done, failed };
      this.pending.set(id, request);
      signal?.addEventListener("abort", () => {
        if (!this.pending.delete(id)) return;
        if (this.leader !== undefined) this.leader.abort(this.id, id);
        else this.post({ kind: "abort", leader: this.leads, from: this.id, id });
        failed(signal.reason);
      });
      this.send(request);
    });
  }

  private fail(error: Error): void {
    for (const request of this.pending.values()) request.failed(error);
    this.pending.clear();
    this.closed = true;
    this.channel.close();
    this.leave();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.waiting.abort(new ClosedError("this database is closed"));
    const { leader } = this;
    await leader?.close();
    for (const request of this.pending.values()) request.failed(new ClosedError("this database is closed"));
    this.pending.clear();
    this.channel.close();
    this.leave();
  }
}

/** An error that came over the channel. */
function again({ name, message } = { name: "Error", message: "no answer" }): Error {
  if (name === "ReplyError") return new ReplyError(message);
  return name === "StoreError" ? new StoreError(message) : Object.assign(new Error(message), { name });
}

/** What both faces of a client share. */
interface State {
  member: Member;
  database: number;
}

/** A transaction of a shared database: `await db.multi().incr("a").get("a").exec()`. */
export interface SharedTransaction<B = string, R extends readonly unknown[] = []> extends Commands<B, SharedQueue<B, R>> {
  /** Runs what was queued, as one; a reply for each command, errors as elements. */
  exec(): Promise<Replies<B, R>>;
  /** Queues any command by its name. */
  call(command: string, ...args: CallArg[]): SharedTransaction<B, [...R, Reply<B>]>;
}

/**
 * A database that tabs share. Its methods are those of `Wakey`, and all answer promises. What a session remembers (WATCH,
 * subscriptions) is not there; `select` is.
 */
export interface SharedWakey<B = string> extends Commands<B, Promised> {}

export class SharedWakey<B = string> {
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

  /** Whether this tab has the engine and the store at present. */
  get leads(): boolean {
    return this._state.member.leader !== undefined;
  }

  get closed(): boolean {
    return this._state.member.closed;
  }

  /** Runs any command: `await db.call("HSET", "h", "f", 1)`. */
  call(command: string, ...args: (CallArg | WaitOptions)[]): Promise<Reply<B>> {
    return this._run(command, args) as Promise<Reply<B>>;
  }

  /** Begins a transaction, which is sent by its `exec()`, whole. */
  multi(): SharedTransaction<B> {
    const commands: Command[] = [];
    const put = (name: string, args: unknown[]): object => {
      commands.push(laid(name, args));
      return queue;
    };
    const queue = new Proxy({} as { [name: string]: unknown }, {
      get: (_, name) => {
        if (name === "exec") return () => this._exec(commands);
        if (name === "call") return (command: string, ...args: unknown[]) => put(command, args);
        if (typeof name !== "string" || !NAMES.includes(name)) return undefined;
        return (...args: unknown[]) => put(name, args);
      },
    });
    return queue as unknown as SharedTransaction<B>;
  }

  /** @internal */
  async _exec(commands: Command[]): Promise<Reply[]> {
    const replies = await this._state.member.ask(this._state.database, [["MULTI"], ...commands, ["EXEC"]]);
    const last = replies.at(-1) as Uint8Array;
    return decode(last, 0, last.length, this._bytes) as Reply[];
  }

  /** @internal */
  async _run(command: string, args: ArrayLike<unknown>): Promise<unknown> {
    const name = command.toLowerCase();
    const given = Array.from(args);
    const options = WAITS[name] === undefined ? undefined : takeOptions(given);
    const [reply] = await this._state.member.ask(this._state.database, [laid(name, given)], options?.signal);
    const value = decode(reply as Uint8Array, 0, (reply as Uint8Array).length, this._bytes);
    if (name === "select") this._state.database = Number(given[0]);
    return value;
  }

  /** All that was answered is as safe as the store can make it. Without it a write is answered when the store has it. */
  async durable(): Promise<void> {
    await this._state.member.ask(0, []);
  }

  /** Ends this tab's part. If it leads, the next one takes over; what was not answered is rejected here. */
  close(): Promise<void> {
    return this._state.member.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A command as it is sent. Throws TypeError for what needs a session. */
function laid(name: string, args: unknown[]): Command {
  const lower = name.toLowerCase();
  if (REFUSED.test(lower)) throw new TypeError(`${lower} needs a session, which a shared database does not have`);
  const out: Flat[] = [name];
  flatten(out, args as Arg[], 0, PAIRS[lower] ?? "no", "ERR", name);
  // Bytes alone: a view would be sent with all of its buffer.
  return out.map((one) => (typeof one === "string" ? one : one.slice()));
}

for (const name of NAMES) {
  const value = function (this: SharedWakey, ...args: unknown[]): unknown {
    return this._run(name, args);
  };
  Object.defineProperty(SharedWakey.prototype, name, { value, writable: true, configurable: true });
}

/** Joins those who share a place; `open` opens the database once its lock is held, where it can (`canLead`). @internal */
export async function share(place: string, open: (lock: WebLock) => Promise<Wakey>, canLead = true): Promise<SharedWakey> {
  const member = new Member(place, open, canLead);
  try {
    await member.begin();
  } catch (error) {
    await member.close();
    throw error;
  }
  return new SharedWakey({ member, database: 0 }, false);
}
