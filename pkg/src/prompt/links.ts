/**
 * Whom a console talks to, in a terminal or on a page: an engine in this process, or (`terminal/remote.ts`) a server over a socket.
 * Both take words and give a typed reply; what comes unasked (messages, the lines of MONITOR, and the confirmations of
 * SUBSCRIBE and its kind) is heard.
 */
import type { Client } from "../client/client.js";
import { engineOf, sessionOf } from "../client/port.js";
import { WAITING } from "../core/mailbox.gen.js";
import { bytes, latin1 } from "../resp/latin1.js";
import { type Node, parse, wanting } from "../resp/nodes.js";

const MESSAGE = /^[ps]?message$/;
const CONFIRMATION = /^([ps]?)(un)?subscribe$/i;
/** What MONITOR sends begins with the time. */
const MONITORED = /^\d+\.\d{6} \[/;

/** Whether a push is of a subscription: a message, or a word on it. */
export function isSubscribed(node: Node): boolean {
  const [first] = node.type === "push" ? node.items : [];
  return first !== undefined && "text" in first && (MESSAGE.test(first.text) || CONFIRMATION.test(first.text));
}

/** The way of a prompt to a database, in process or elsewhere: commands go out, and replies come back in their order. */
export abstract class Link {
  /** Told what comes unasked. */
  onmessage: (node: Node) => void = () => {};
  connected = true;
  private received = "";
  private least = 0;
  private waiting: { resolve: (node: Node | undefined) => void; reject: (error: Error) => void } | undefined;
  /** How many confirmations the command that was sent last is still to get. */
  private confirmations = 0;
  private readonly topics = new Map<string, Set<string>>();
  private over: () => void = () => {};
  /** Resolves when the connection is lost. */
  readonly ended = new Promise<void>((done) => {
    this.over = done;
  });

  /** What stands in the prompt. */
  abstract readonly name: string;
  /** Ends the session. */
  abstract close(): void;
  /** Ends what waits and what listens. False: only a new connection does. */
  abstract cancel(): boolean;
  /** Sends a command. */
  protected abstract write(args: readonly string[]): void;

  /** MONITOR was answered: simple strings come unasked. */
  protected monitors = false;
  private asked = "";
  /** Replies that are gathered for `sendAll`, and how many are to come. */
  private gathering: { replies: Node[]; count: number } | undefined;

  /** Whether it listens: to channels, to patterns, or to what others do (MONITOR). */
  get listening(): boolean {
    if (this.monitors) return true;
    for (const names of this.topics.values()) if (names.size > 0) return true;
    return false;
  }

  /** Whether a reply is still to come. */
  get busy(): boolean {
    return this.waiting !== undefined;
  }

  /** Runs one command. Fails when there is no connection. `undefined`: there is no reply, or it was heard. */
  send(args: readonly string[]): Promise<Node | undefined> {
    if (!this.connected) return Promise.reject(new Error("not connected"));
    const [, topic, ends] = CONFIRMATION.exec(args[0] ?? "") ?? [];
    const all = topic === undefined || !ends ? 0 : (this.topics.get(topic.toLowerCase())?.size ?? 0);
    this.asked = (args[0] ?? "").toLowerCase();
    this.confirmations = topic === undefined ? 0 : args.length > 1 ? args.length - 1 : Math.max(all, 1);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      try {
        this.write(args);
      } catch (error) {
        this.waiting = undefined;
        reject(error);
      }
    });
  }

  /** Runs several commands, sent in one go where that can be. None of them may listen, wait or go without a reply. */
  async sendAll(commands: readonly (readonly string[])[]): Promise<Node[]> {
    const replies: Node[] = [];
    for (const args of commands) replies.push((await this.send(args)) as Node);
    return replies;
  }

  /** Gives the next `count` replies together. */
  protected gather(count: number): Promise<Node[]> {
    if (!this.connected) return Promise.reject(new Error("not connected"));
    if (count === 0) return Promise.resolve([]);
    const replies: Node[] = [];
    this.gathering = { replies, count };
    return new Promise<Node | undefined>((resolve, reject) => {
      this.waiting = { resolve, reject };
    }).then(() => replies);
  }

  /** The connection has ended. */
  protected lost(error: Error): void {
    this.connected = false;
    this.gathering = undefined;
    this.waiting?.reject(error);
    this.waiting = undefined;
    this.over();
  }

  /** What has come, as it comes. */
  protected receive(chunk: string): void {
    this.received += chunk;
    if (this.received.length < this.least) return;
    for (;;) {
      const found = parse(this.received);
      this.least = wanting();
      if (found === undefined) return;
      this.received = this.received.slice(found.end);
      this.take(found.node);
    }
  }

  /** There is no more to come for the command that was sent last. */
  protected answer(node: Node | undefined): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(node);
  }

  private take(node: Node): void {
    const { gathering } = this;
    if (gathering !== undefined && node.type !== "push") {
      if (gathering.replies.push(node) < gathering.count) return;
      this.gathering = undefined;
      this.answer(node);
      return;
    }
    const items = node.type === "push" || node.type === "array" ? node.items : [];
    const [kind, name] = items.map((item) => ("text" in item ? item.text : ""));
    const confirmation = kind !== undefined && (node.type === "push" || this.confirmations > 0) ? CONFIRMATION.exec(kind) : null;
    if (confirmation) {
      this.follow(confirmation[1] as string, confirmation[2] !== undefined, items[1]?.type === "null" ? undefined : name);
      this.tell(node);
      if (this.confirmations > 0 && --this.confirmations === 0) this.answer(undefined);
    } else if (node.type === "push" || (kind !== undefined && MESSAGE.test(kind) && this.listening)) {
      this.tell(node);
    } else if (this.waiting === undefined || (this.monitors && node.type === "simple" && MONITORED.test(node.text))) {
      this.tell(node);
    } else {
      this.confirmations = 0;
      if (this.asked === "monitor" && node.type === "simple") this.monitors = true;
      this.answer(node);
    }
  }

  /** Later than the reply in front of it, which somebody awaits. */
  private tell(node: Node): void {
    const { onmessage } = this;
    queueMicrotask(() => onmessage(node));
  }

  private follow(topic: string, ends: boolean, name: string | undefined): void {
    if (name === undefined) return;
    const names = this.topics.get(topic) ?? new Set();
    this.topics.set(topic, names);
    if (ends) names.delete(name);
    else names.add(name);
  }

  /** RESET, or a new session: nothing is listened to. */
  protected forget(): void {
    this.topics.clear();
    this.monitors = false;
  }
}

/** A session of an engine in this process. */
export class Inside extends Link {
  private alive: ReturnType<typeof setInterval> | undefined;

  /** `protocol` is the one that the session speaks, `name` what stands in the prompt. */
  constructor(
    private readonly client: Client,
    private protocol: 2 | 3 = 3,
    readonly name = "wakey",
  ) {
    super();
    engineOf(client).out.listeners.set(sessionOf(client), (output, close) => {
      if (output.length > 0) this.receive(latin1(output));
      if (close) this.lost(new Error("the session was closed"));
    });
  }

  protected override write(args: readonly string[]): void {
    const engine = engineOf(this.client);
    const id = sessionOf(this.client);
    if (this.client.closed) throw new Error("the session was closed");
    const length = engine.run(id, args.map(bytes));
    const flags = engine.flags();
    const reply = latin1(engine.replyCopy(length));
    this.note(args, reply);
    this.client._signal(flags);
    // As off a socket: when somebody awaits it.
    queueMicrotask(() => {
      if (reply !== "") this.receive(reply);
      else if ((flags & WAITING) === 0) this.answer(undefined);
      if (this.client.closed) this.lost(new Error("the session was closed"));
      // Nothing else may keep the process: it is to wait as long as the user wants.
      if (this.busy || this.listening) this.alive ??= setInterval(() => {}, 1 << 30);
      else this.rest();
    });
  }

  private note(args: readonly string[], reply: string): void {
    const name = (args[0] ?? "").toLowerCase();
    if (name === "reset") {
      this.forget();
      this.protocol = 2;
    } else if (name === "hello" && args.length > 1 && !reply.startsWith("-")) {
      this.protocol = args[1] === "2" ? 2 : 3;
    }
  }

  protected override answer(node: Node | undefined): void {
    super.answer(node);
    if (!this.listening) this.rest();
  }

  private rest(): void {
    clearInterval(this.alive);
    this.alive = undefined;
  }

  cancel(): boolean {
    const engine = engineOf(this.client);
    const id = sessionOf(this.client);
    // Also where the whole database was closed.
    if (this.client.closed) {
      this.forget();
      return true;
    }
    if (this.busy) engine.cancelWait(id);
    if (this.monitors) {
      // Only RESET ends MONITOR; what it takes besides is given back.
      const database = engine.database(id);
      for (const args of [["RESET"], ["HELLO", String(this.protocol)], ["SELECT", String(database)]]) engine.run(id, args);
    } else if (this.listening) for (const name of ["UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE"]) engine.run(id, [name]);
    this.forget();
    return true;
  }

  close(): void {
    this.rest();
    this.client.close();
  }
}
