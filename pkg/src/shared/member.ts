/**
 * One tab's or worker's part: it asks whoever leads, and comes to lead when it is its turn.
 *
 *     waits for the lock  --granted-->  loads  --loaded-->  leads
 *            |                            |                   |
 *            +-----------close------------+-------------------+--->  closed
 *
 * A question is sent once to each leader, until one has answered it. When the leader has gone, which its own lock tells, who leads
 * now is asked, and what has no answer is sent there. A question that is not wanted any more (an AbortSignal, `close`) stays until
 * its leader says whether it was done: what was taken for it is handed out, and nothing is taken afterwards.
 */
import { ClosedError, StoreError } from "../core/errors.js";
import type { WebLock } from "../persistence/stores/weblock.js";
import type { Command } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import type { Base } from "./base.js";
import { Leader } from "./leader.js";
import type { Channel, Message, Outcome, Ports, Question } from "./protocol.js";

interface Request {
  id: number;
  database: number;
  commands: Command[];
  /** When it was sent first. */
  began: number | undefined;
  /** The leaders that have it. */
  sent: Set<string>;
  /** Why it is not wanted any more. */
  unwanted: { reason: unknown } | undefined;
  done(replies: readonly Uint8Array[]): void;
  failed(error: unknown): void;
}

/** So many requests of its own a leader answers before it looks for those of others. */
const TOGETHER = 128;

function closed(): ClosedError {
  return new ClosedError("this database is closed");
}

/** An error that came over the channel. */
function again({ name, message }: { name: string; message: string }): Error {
  if (name === "ReplyError") return new ReplyError(message);
  return name === "StoreError" ? new StoreError(message) : Object.assign(new Error(message), { name });
}

export class Member {
  readonly name: string;
  private readonly pending = new Map<number, Request>();
  private readonly waiting = new AbortController();
  /** Who is told of changed keys. */
  private readonly watchers = new Set<(keys: readonly string[] | null) => void>();
  private next = 1;
  /** How many requests of its own the leader has answered. */
  private answered = 0;
  leader: Leader | undefined = undefined;
  /** Who leads, as far as is known; empty: nobody. */
  private leads = "";
  /** Ends the look after who leads. */
  private forgetLeader: () => void = () => {};
  private channel: Channel | undefined = undefined;
  private leave: () => void = () => {};
  /** Coming to lead, from the lock on. */
  private rising: Promise<void> | undefined = undefined;
  private ending: Promise<void> | undefined = undefined;
  closed = false;
  /** Whether there has been a leader. */
  private joined = false;
  private found: () => void = () => {};
  private refused: (error: Error) => void = () => {};
  /** There is a leader. Rejected when it is known that there will be none. */
  private readonly ready = new Promise<void>((done, failed) => {
    this.found = done;
    this.refused = failed;
  });

  /** @param open Opens the database, once its lock is held; gives the lock back when that fails. */
  constructor(
    private readonly place: string,
    private readonly ports: Ports,
    private readonly open: (lock: WebLock) => Promise<Base>,
    private readonly canLead: boolean,
  ) {
    this.name = ports.name();
    this.ready.catch(() => {});
  }

  /** Joins; done when there is a leader. */
  async begin(): Promise<void> {
    this.leave = await this.ports.live(this.name);
    this.channel = this.ports.join((message) => this.hear(message));
    if (this.canLead) {
      let lock: WebLock | undefined;
      try {
        lock = await this.ports.take();
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
      }
      if (lock !== undefined) return this.rise(lock);
      void this.queue();
    }
    this.post({ kind: "hello" });
    await this.ready;
  }

  /** Waits for its turn to lead. */
  private async queue(): Promise<void> {
    try {
      await this.rise(await this.ports.queue(this.waiting.signal));
    } catch (error) {
      if (!this.closed) await this.fail(error as Error);
    }
  }

  private post(message: Message): void {
    this.channel?.post(message);
  }

  /** The lock is ours: loads what is there, and answers from now on; or gives it back, where this one has closed meanwhile. */
  private rise(lock: WebLock): Promise<void> {
    this.rising = this.load(lock);
    return this.rising;
  }

  private async load(lock: WebLock): Promise<void> {
    if (this.closed) return lock.release();
    let base: Base;
    try {
      base = await this.open(lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
    if (this.closed) return base.close();
    this.leader = new Leader(base, this.name, this.ports, (from, id, commands) => this.pin(from, id, commands));
    this.follow(this.name);
    this.post({ kind: "lead", leader: this.name });
  }

  private pin(from: string, id: number, commands: Command[]): void {
    if (from !== this.name) this.post({ kind: "began", to: from, id, commands });
  }

  /** From now on this one leads, or (empty) nobody that is known. */
  private follow(leader: string): void {
    this.forgetLeader();
    this.leads = leader;
    if (leader === "") {
      this.forgetLeader = () => {};
      for (const request of this.pending.values()) this.giveUp(request);
      this.post({ kind: "hello" });
      return;
    }
    this.forgetLeader =
      leader === this.name
        ? () => {}
        : this.ports.watch(leader, () => {
            if (this.leads === leader) this.follow("");
          });
    this.joined = true;
    this.found();
    if (this.watchers.size > 0) {
      this.watchChanges();
      this.changed(null, false);
    }
    for (const request of [...this.pending.values()]) this.send(request);
  }

  private hear(message: Message): void {
    const { leader } = this;
    switch (message.kind) {
      case "hello":
        if (leader !== undefined && !leader.closing) this.post({ kind: "lead", leader: this.name });
        break;
      case "lead":
        if (leader === undefined && message.leader !== this.leads) this.follow(message.leader);
        break;
      case "alone":
        if (leader === undefined && this.leads === "") this.refuse();
        break;
      case "ask":
        if (leader === undefined || message.leader !== this.name) break;
        void leader.ask(message.from, message).then((outcome) => {
          if (outcome !== undefined) this.post({ kind: "answer", to: message.from, id: message.id, ...outcome });
        });
        break;
      case "watch":
        if (leader === undefined || leader.closing) break;
        leader.tellChanges((keys) => this.changed(keys, true));
        this.changed(null, true);
        break;
      case "changed":
        if (leader === undefined) this.changed(message.keys, false);
        break;
      case "abort":
        if (message.leader === this.name) leader?.abort(message.from, message.id);
        break;
      case "began": {
        const request = message.to === this.name ? this.pending.get(message.id) : undefined;
        if (request !== undefined) request.commands = message.commands;
        break;
      }
      case "answer": {
        const request = message.to === this.name ? this.pending.get(message.id) : undefined;
        if (request !== undefined) this.end(request, message);
        break;
      }
    }
  }

  /** Somebody has the store alone: nobody will lead before he has gone, and he says nothing then. */
  private refuse(): void {
    const error = new StoreError(`${this.place} is open in another tab or worker, or in this one, without shared: true`);
    this.refused(error);
    // One that has joined and waits for the lock is told nothing new: it has been in front of him, or its turn comes.
    if (this.joined && this.canLead) return;
    this.drop(error);
  }

  private drop(error: Error): void {
    for (const request of this.pending.values()) request.failed(error);
    this.pending.clear();
  }

  private end(request: Request, outcome: Outcome): void {
    if (!this.pending.delete(request.id)) return;
    if ("replies" in outcome) request.done(outcome.replies);
    else if ("error" in outcome) request.failed(again(outcome.error));
    else request.failed(request.unwanted === undefined ? closed() : request.unwanted.reason);
  }

  /** Ends a request that nobody wants, where nobody has it, or nobody can be waited for who would know. */
  private giveUp(request: Request): void {
    if (request.unwanted === undefined) return;
    const comes = this.canLead && !this.closed;
    if (request.sent.size === 0 || (this.leads === "" && !comes)) this.end(request, { undone: true });
  }

  private send(request: Request): void {
    const { id, database, commands, sent, unwanted } = request;
    const { leads, leader } = this;
    if (leads === "") return void this.post({ kind: "hello" });
    if (sent.has(leads)) return;
    const now = this.ports.now();
    const waited = request.began === undefined ? 0 : Math.max(now - request.began, 0);
    request.began ??= now;
    sent.add(leads);
    const done = Math.min(...this.pending.keys());
    const question: Question = { id, done, database, commands, waited, over: unwanted !== undefined };
    if (leader === undefined) return void this.post({ kind: "ask", leader: leads, from: this.name, ...question });
    void leader.ask(this.name, question).then((outcome) => {
      if (outcome === undefined) return void this.end(request, { undone: true });
      // Between two of these no event may have come: who writes without a pause would keep the others out.
      if (++this.answered % TOGETHER === 0) this.ports.later(() => this.end(request, outcome));
      else this.end(request, outcome);
    });
  }

  /** Calls with the keys that have changed, and with null where any may have, until the returned function is called. */
  changes(heard: (keys: readonly string[] | null) => void): () => void {
    const one = (keys: readonly string[] | null): void => heard(keys);
    this.watchers.add(one);
    if (this.watchers.size === 1) this.watchChanges();
    return () => void this.watchers.delete(one);
  }

  /** Asks who leads to tell of changes. What changed before he hears of it is not known. */
  private watchChanges(): void {
    if (this.leader !== undefined) this.leader.tellChanges((keys) => this.changed(keys, true));
    else if (this.leads !== "") this.post({ kind: "watch" });
  }

  private changed(keys: readonly string[] | null, ours: boolean): void {
    if (ours) this.post({ kind: "changed", keys });
    for (const heard of [...this.watchers]) heard(keys);
  }

  ask(database: number, commands: Command[], signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    if (this.closed) return Promise.reject(closed());
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const aborted = (): void => this.unwant(request, signal?.reason);
      const free = (): void => signal?.removeEventListener("abort", aborted);
      const request: Request = {
        id: this.next++,
        database,
        commands,
        began: undefined,
        sent: new Set(),
        unwanted: undefined,
        done(replies) {
          free();
          resolve(replies);
        },
        failed(error) {
          free();
          reject(error);
        },
      };
      this.pending.set(request.id, request);
      signal?.addEventListener("abort", aborted);
      this.send(request);
    });
  }

  private unwant(request: Request, reason: unknown): void {
    if (request.unwanted === undefined) {
      request.unwanted = { reason };
      if (this.leader !== undefined) this.leader.abort(this.name, request.id);
      else if (this.leads !== "" && request.sent.has(this.leads))
        this.post({ kind: "abort", leader: this.leads, from: this.name, id: request.id });
    }
    this.giveUp(request);
  }

  /** This one cannot lead: the store cannot be opened. */
  private async fail(error: Error): Promise<void> {
    this.refused(error);
    this.drop(error);
    await this.close();
  }

  /** Ends this part. What was asked and is not wanted any more ends first, one way or the other. */
  close(): Promise<void> {
    this.closed = true;
    this.ending ??= this.shut();
    return this.ending;
  }

  private async shut(): Promise<void> {
    this.waiting.abort(closed());
    this.refused(closed());
    const settled = [...this.pending.values()].map((request) => this.settled(request));
    for (const request of [...this.pending.values()]) this.unwant(request, closed());
    await this.rising?.catch(() => {});
    try {
      await this.leader?.close();
      await Promise.all(settled);
    } finally {
      for (const request of [...this.pending.values()]) this.end(request, { undone: true });
      this.forgetLeader();
      this.channel?.close();
      this.leave();
    }
  }

  /** Done when a request has ended, either way. */
  private settled(request: Request): Promise<void> {
    return new Promise((over) => {
      const { done, failed } = request;
      request.done = (replies) => {
        done(replies);
        over();
      };
      request.failed = (error) => {
        failed(error);
        over();
      };
    });
  }
}
