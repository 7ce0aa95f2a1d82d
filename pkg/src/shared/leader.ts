/**
 * The side that has the engine. It does what is asked once, tells who has been answered before what he was answered, and ends
 * the waits of those who have gone, so that nothing is taken for nobody.
 */
import { Changes } from "../client/changes.js";
import { engineOf } from "../client/port.js";
import { ClosedError } from "../core/errors.js";
import type { Command, Flat } from "../resp/command.js";
import { decode } from "../resp/values.js";
import { pinned, shortened } from "./again.js";
import type { Base } from "./base.js";
import type { Outcome, Ports, Question } from "./protocol.js";
import { Receipts, request } from "./receipts.js";

/** The reasons of waits that are ended: nobody wants it any more, or this leader ends and the next one is asked. */
const UNWANTED = new Error("nobody wants this any more");

interface Running {
  controller: AbortController;
  ended: Promise<void>;
}

export class Leader {
  private readonly running = new Map<string, Running>();
  private readonly receipts: Receipts;
  /** Clients that are known to live: what ends the look after them. */
  private readonly watched = new Map<string, () => void>();
  /** Clients that have gone, and whose answers are forgotten: what arrives from them late was done already, or is for nobody. */
  private readonly dead = new Set<string>();
  closing = false;
  private endChanges: (() => void) | undefined = undefined;

  /**
   * @param name Its own, as a client.
   * @param began Is told what a question has become, where it must not begin anew with the next leader.
   */
  constructor(
    readonly base: Base,
    private readonly name: string,
    private readonly ports: Ports,
    private readonly began: (from: string, id: number, commands: Command[]) => void,
  ) {
    this.receipts = new Receipts(base.receipts(), (one) => base.forget(one));
    for (const from of this.receipts.names()) this.watch(from);
  }

  /** Has changed keys told, from now on; those of one turn together. */
  tellChanges(tell: (keys: readonly string[] | null) => void): void {
    if (this.endChanges !== undefined) return;
    let waiting: Set<string> | null | undefined;
    this.endChanges = Changes.of(engineOf(this.base.db)).changes((keys) => {
      if (waiting === undefined) {
        waiting = new Set();
        this.ports.later(() => {
          const all = waiting;
          waiting = undefined;
          if (!this.closing) tell(all === null || all === undefined ? null : [...all]);
        });
      }
      if (keys === null || waiting === null) waiting = null;
      else for (const key of keys) waiting.add(key);
    });
  }

  private watch(from: string): void {
    if (from === this.name || this.watched.has(from)) return;
    this.watched.set(
      from,
      this.ports.watch(from, () => this.gone(from)),
    );
  }

  /** A client has closed or died. */
  private gone(from: string): void {
    if (this.closing) return;
    this.watched.delete(from);
    this.dead.add(from);
    for (const [key, { controller }] of this.running) {
      if (key.startsWith(`${from}:`)) controller.abort(UNWANTED);
    }
    this.receipts.forget(from, Number.POSITIVE_INFINITY);
  }

  /**
   * Does what is asked, or finds what was answered to it. Undefined: nothing is to be said; it runs already, and will be
   * answered, or it has ended with this leader and is asked of the next one.
   */
  async ask(from: string, question: Question): Promise<Outcome | undefined> {
    const { id, done, over } = question;
    const key = request(from, id);
    if (this.closing || this.running.has(key) || this.dead.has(from)) return undefined;
    const kept = this.receipts.find(from, id);
    if (kept !== undefined) return { replies: kept };
    this.receipts.forget(from, done);
    if (over) return { undone: true };
    const controller = new AbortController();
    const outcome = this.run(from, question, controller.signal).finally(() => {
      this.running.delete(key);
      if (!this.closing && this.dead.has(from)) this.receipts.forget(from, Number.POSITIVE_INFINITY);
    });
    this.running.set(key, { controller, ended: outcome.then(() => {}) });
    this.watch(from);
    return outcome;
  }

  private async run(from: string, { id, database, commands, waited }: Question, signal: AbortSignal): Promise<Outcome | undefined> {
    try {
      const now = this.fixed(from, id, database, waited > 0 ? commands.map((one) => shortened(one, waited)) : commands);
      const replies = await this.base.run(request(from, id), database, now, signal, (kept) => this.receipts.keep(from, id, kept));
      return { replies };
    } catch (error) {
      if (error === UNWANTED) return { undone: true };
      // What ends with this leader is asked of the next one.
      if (this.closing) return undefined;
      const { name, message } = error as Error;
      return { error: { name, message } };
    }
  }

  /** One XREAD that waits for what comes from now on: "now" is this moment, also for the next leader. */
  private fixed(from: string, id: number, database: number, commands: Command[]): Command[] {
    if (commands.length !== 1) return commands;
    const one = pinned(commands[0] as Command, (key) => this.last(database, key));
    if (one === undefined) return commands;
    this.began(from, id, [one]);
    return [one];
  }

  private last(database: number, key: Flat): string {
    const reply = this.base.ask(database, ["XINFO", "STREAM", key]);
    if (reply[0] === 0x2d) return "0-0";
    return (decode(reply, 0, reply.length, false) as { "last-generated-id": string })["last-generated-id"];
  }

  /** A client does not want an answer any more: it is told whether it gets one all the same. */
  abort(from: string, id: number): void {
    this.running.get(request(from, id))?.controller.abort(UNWANTED);
  }

  /** Takes nothing more, and ends when what runs is answered; who waits asks the next leader. */
  async close(): Promise<void> {
    this.closing = true;
    for (const stop of this.watched.values()) stop();
    const running = [...this.running.values()];
    for (const { controller } of running) controller.abort(new ClosedError("this database is closed"));
    await Promise.all(running.map(({ ended }) => ended));
    await this.base.close();
  }
}
