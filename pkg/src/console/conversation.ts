/**
 * What runs the lines of a console on a page: one after the other, over a link that is opened with the first and anew when
 * it was lost. It shows what happens on a `Stage` and touches no document itself.
 */

import { advice } from "../prompt/advice.js";
import { times, words } from "../prompt/format.js";
import { type Doc, docs, help } from "../prompt/hints.js";
import type { Link } from "../prompt/links.js";
import { Place, SLOW } from "../prompt/shell.js";
import { latin1 } from "../resp/latin1.js";
import type { Node } from "../resp/nodes.js";
import { encode } from "../resp/utf8.js";
import { colored, type Piece, pieces } from "./replies.js";
import type { Spoken } from "./transcript.js";

/** A command that was answered. */
export interface Answered {
  /** As it was typed. */
  line: string;
  /** One char a byte. */
  args: readonly string[];
  reply: Node;
  /** Milliseconds. */
  took: number;
}

export interface Stage {
  echo(prompt: string, line: string): void;
  show(make: () => Iterable<Piece>, node?: Node): void;
  message(node: Node): void;
  clear(): void;
  answered(what: Answered): void;
  /** What is sent now, as that line says, for the first time or `again`; undefined: who observes the database has heard of it. */
  sending(what: { line: string; again: boolean } | undefined): void;
  /** A line was answered here, and no database has seen it. */
  own(line: string, prompt: string): void;
  /** The prompt, or whether there is something to stop, may have changed. */
  changed(): void;
}

/** Milliseconds that commands may run before the page has its turn. */
const TURN = 12;

/** A line as bytes, one char each. */
export function narrow(line: string): string {
  return latin1(encode(line));
}

function failure(error: unknown): () => Piece[] {
  return () => [{ kind: "error", text: `Error: ${error instanceof Error ? error.message : String(error)}` }];
}

/** Documentation is the same for all engines of this package; of another link it is its own. */
let documented: Map<string, Doc> | undefined;

export class Session {
  docs: Map<string, Doc> = new Map();
  readonly place = new Place();
  private link: Link | undefined;
  private readonly queue: { line: string; done: () => void }[] = [];
  private working = false;
  private connecting: Promise<Link> | undefined;
  /** When the page has had its turn last. */
  private since = 0;
  /** Ctrl-C was pressed while a command ran. */
  private cancelled = false;

  constructor(
    private readonly stage: Stage,
    private readonly open: () => Promise<Link>,
    private readonly own: boolean,
    private readonly name = "wakey",
  ) {}

  get prompt(): string {
    return this.link ? this.place.prompt(this.link) : `${this.name}> `;
  }

  /** Whether a command waits, or messages are listened to. */
  get busy(): boolean {
    return this.working || this.link?.listening === true;
  }

  /** Runs a line after those before it. Resolves when it has run, or was given up. */
  run(line: string): Promise<void> {
    return new Promise((done) => {
      this.queue.push({ line, done });
      void this.work();
    });
  }

  /** Connects, and learns what can be typed. Fails with the reason. */
  async ready(): Promise<Link> {
    if (this.link?.connected && this.connecting === undefined) return this.link;
    // The focus and a command ask for it at once.
    this.connecting ??= this.connect().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async connect(): Promise<Link> {
    const link = await this.open();
    this.link = link;
    link.onmessage = (node) => this.stage.message(node);
    void link.ended.then(() => {
      if (this.link !== link) return;
      this.place.left();
      this.stage.changed();
    });
    if (this.docs.size === 0) {
      let found = this.own ? documented : undefined;
      if (found === undefined) {
        const reply = await link.send(["COMMAND", "DOCS"]);
        found = reply === undefined ? new Map() : docs(reply);
        if (this.own) documented = found;
      }
      this.docs = found;
    }
    if (this.place.database !== 0) await link.send(["SELECT", String(this.place.database)]);
    this.stage.changed();
    return link;
  }

  /** Ctrl-C: ends what waits or listens. False: nothing did. */
  interrupt(): boolean {
    if (!this.busy) return false;
    for (const { done } of this.queue.splice(0)) done();
    this.cancelled = this.working;
    const { link } = this;
    if (link && !link.cancel()) this.place.left();
    this.stage.changed();
    return true;
  }

  close(): void {
    this.interrupt();
    const { link } = this;
    this.link = undefined;
    link?.close();
    this.place.left(0);
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    this.since = performance.now();
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      try {
        await this.one(next.line);
      } catch (error) {
        if (!this.cancelled) this.stage.show(failure(error));
      }
      next.done();
      await this.turn();
    }
    this.working = false;
    this.stage.changed();
  }

  /** Leaves the page its turn, when commands have run for long enough. */
  private async turn(): Promise<void> {
    if (performance.now() - this.since < TURN) return;
    await new Promise((done) => setTimeout(done));
    this.since = performance.now();
  }

  private async one(line: string): Promise<void> {
    const { prompt } = this;
    this.stage.echo(prompt, line);
    const args = words(narrow(line));
    if (await this.ownAnswer(args)) return this.stage.own(line, prompt);
    const count = times(args as string[]);
    this.cancelled = false;
    for (let i = 0; i < count && !this.cancelled; i++) {
      await this.command(line, args as string[], i > 0);
      await this.turn();
    }
  }

  /** Answers what no database needs to. False: it is no such line. */
  private async ownAnswer(args: readonly string[] | undefined): Promise<boolean> {
    if (args === undefined) {
      this.stage.show(() => [{ kind: "error", text: "Invalid argument(s)" }]);
      return true;
    }
    switch ((args[0] ?? "").toLowerCase()) {
      case "":
        return true;
      case "clear":
        this.stage.clear();
        return true;
      case "quit":
      case "exit":
        this.link?.close();
        this.link = undefined;
        this.place.left(0);
        this.stage.show(() => [{ kind: "status", text: "Session closed. The next command starts a new one." }]);
        return true;
      case "help":
      case "?":
        await this.ready();
        this.stage.show(() => colored(help(this.docs, args.slice(1)).replace(/^\n+|\n+$/g, "")));
        return true;
    }
    return false;
  }

  /** Shows what was said before, by this console or by a scribe. */
  async recall(all: Iterable<Spoken>, stamped: (stamp: unknown) => void): Promise<void> {
    for (const spoken of all) {
      stamped(spoken.stamp);
      switch (spoken.kind) {
        case "echo":
          this.stage.echo(spoken.prompt, spoken.line);
          break;
        case "reply":
          this.replied(spoken.args, spoken.node);
          break;
        case "took":
          this.slow(spoken.ms);
          break;
        case "message":
          this.stage.message(spoken.node);
          break;
        case "own":
          this.stage.echo(spoken.prompt, spoken.line);
          if (!spoken.line.endsWith("^C")) await this.ownAnswer(words(narrow(spoken.line)));
      }
    }
  }

  private replied(args: readonly string[], reply: Node): void {
    this.stage.show(() => pieces(reply, args), reply);
    const said = advice(this.docs, args, reply);
    if (said !== undefined) this.stage.show(() => [{ kind: "mark", text: said }]);
  }

  private slow(took: number): void {
    this.stage.show(() => [{ kind: "mark", text: `(${(took / 1000).toFixed(2)}s)` }]);
  }

  private async command(line: string, args: readonly string[], again: boolean): Promise<void> {
    const link = await this.ready();
    const start = performance.now();
    this.stage.sending({ line, again });
    const sent = link.send(args);
    queueMicrotask(() => this.stage.sending(undefined));
    this.stage.changed();
    const reply = await sent;
    const took = performance.now() - start;
    if (reply === undefined || this.cancelled) return;
    this.place.follow(args, reply);
    this.replied(args, reply);
    if (took >= SLOW) this.slow(took);
    this.stage.answered({ line, args, reply, took });
  }
}
