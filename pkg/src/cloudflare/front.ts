/**
 * A WebSocket to a database of several objects: RESP in, each command to the object of its keys (`router.ts`), replies out in
 * the order of the commands.
 *
 * What a session is (protocol, database, name, transaction, subscriptions) stands in a session of the engine without data
 * that the router has anyway: commands which concern the session alone run there and answer exactly as they should. Before
 * each other command the objects are told the same by the commands that `snapshotSession` gives. A transaction is queued there, so
 * that what is wrong is told at once, and sent whole by EXEC. Each subscription is a stream from every object.
 *
 * Left out: sleeping (a Worker's socket lives with the Worker), WATCH (no object keeps a session between two commands), what
 * CLIENT says of others, and inline commands.
 */

import { type OnSession, SESSION } from "../client/facts.gen.js";
import { isStreaming } from "../client/facts.js";
import { ABORTED, TransactionState, transaction } from "../client/transaction.js";
import { cross } from "../core/cross.js";
import { CLOSE } from "../core/mailbox.gen.js";
import { type Access, sessionOf } from "../http/backend.js";
import { Refusal } from "../http/requests.js";
import { type Command, word } from "../resp/command.js";
import { frames, isError, LIST, PUSH } from "../resp/frames.js";
import { commandAt, ProtocolError } from "../resp/incoming.js";
import { bytes as bytesOf, latin1 } from "../resp/latin1.js";
import { encode } from "../resp/utf8.js";
import { errorReply } from "../resp/write.js";
import type { ServerSocket } from "./platform.js";
import type { Router, Table } from "./router.js";

/** Bytes that may wait: a command that comes in pieces, commands behind one that waits. */
const MOST = 32 << 20;

/** What a command does to its session where the session that stands for the socket answers it, and no object does. */
const OWN: readonly (OnSession | undefined)[] = ["asks", "sets", "selects", "authenticates", "transaction", "unwatches", "ends"];

/** RESP2 frames as RESP3 pushes; a copy. */
function pushes(replies: Uint8Array): Uint8Array {
  const out = replies.slice();
  for (const frame of frames(out)) if (frame[0] === LIST) frame[0] = PUSH;
  return out;
}

export class Front {
  private readonly session: number;
  /** What has come and is no whole command yet. */
  private text = "";
  /** Commands are answered one after the other. */
  private turn: Promise<void> = Promise.resolve();
  private open = true;
  /** Bytes of replies since a message came that found all before it answered. */
  private answered = 0;
  /** The last command was QUIT. */
  private ends = false;
  /** What the objects are told before a command: protocol, database, name. */
  private state: Command[] = [];
  private readonly multi = new TransactionState();
  /** What ends a subscription, by its kind and name. */
  private readonly following = new Map<string, () => void>();
  private readonly left = new AbortController();

  constructor(
    private readonly table: Table,
    private readonly router: Router,
    private readonly access: Access,
    private readonly maxReply: number,
    private readonly socket: ServerSocket,
  ) {
    this.session = table.engine.openSession(sessionOf(access), () => {});
    socket.binaryType = "arraybuffer";
    socket.accept();
    socket.addEventListener("message", ({ data }) => this.receive(data as string | ArrayBuffer));
    socket.addEventListener("close", () => this.end(1000, ""));
    socket.addEventListener("error", () => this.end(1011, ""));
  }

  private receive(data: string | ArrayBuffer): void {
    if (this.text.length > MOST) this.end(1009, "too much at once");
    if (!this.open) return;
    // What was sent before may still be answered: that counts.
    if (this.text === "") this.answered = 0;
    this.text += latin1(typeof data === "string" ? encode(data) : new Uint8Array(data));
    this.turn = this.turn.then(() => this.work()).catch(() => this.end(1011, "failed"));
  }

  private async work(): Promise<void> {
    let at = 0;
    try {
      while (this.open) {
        const found = commandAt(this.text, at);
        if (found === undefined) break;
        at = found.end;
        if (found.command.length > 0) {
          const reply = await this.answer(found.command);
          this.answered += reply.length;
          if (this.answered > this.maxReply) this.end(1009, "the replies to one message are over maxReply");
          this.send(reply);
        }
        if (this.ends) this.end(1000, "");
      }
      this.text = this.text.slice(at);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.send(errorReply(error.message));
      this.end(1000, "");
    }
  }

  /** Runs a command in the session that stands for this socket. */
  private own(command: Command): Uint8Array {
    const { reply, flags } = cross(this.table.engine, this.session, command);
    if (flags & CLOSE) this.ends = true;
    else this.noteState();
    return reply;
  }

  /** Notes what the objects are to be told of the session. Within a transaction it does not change. */
  private noteState(): void {
    const commands = this.table.engine.snapshotSession(this.session);
    if (commands === undefined) return;
    const text = latin1(commands);
    this.state = [];
    for (let at = 0; at < text.length; ) {
      const { command, end } = commandAt(text, at) as { command: Uint8Array[]; end: number };
      if (SESSION[word(command[0])] !== "subscribes") this.state.push(command);
      at = end;
    }
  }

  private isResp3(): boolean {
    return word(this.state[0]?.[0]) === "hello";
  }

  /** Runs commands in the objects; the last reply. */
  private async far(commands: readonly Command[]): Promise<Uint8Array> {
    try {
      const { access, maxReply } = this;
      const terms = { access, maxReply, signal: this.left.signal, isPatient: true };
      return (await this.router.run([...this.state, ...commands], terms)).at(-1) as Uint8Array;
    } catch (error) {
      if (error instanceof Refusal) return errorReply(error.message);
      throw error;
    }
  }

  private async answer(command: Command): Promise<Uint8Array> {
    const name = word(command[0]);
    if (name === "multi" || (this.multi.open && name !== "reset" && name !== "quit")) return this.queue(name, command);
    if (name === "reset") {
      this.multi.end();
      for (const key of this.following.keys()) this.unfollow(key);
    }
    if (isStreaming(name)) return this.subscribe(name, command);
    const second = word(command[1]);
    const effect = SESSION[name === "client" ? `client|${second}` : name];
    if (effect === "unsubscribes") {
      const kind = name.replace("un", "");
      const topics = command.slice(1).map((topic) => `${kind} ${latin1(topic as Uint8Array)}`);
      for (const key of topics.length > 0 ? topics : [...this.following.keys()].filter((one) => one.startsWith(`${kind} `))) {
        this.unfollow(key);
      }
      return this.own(command);
    }
    // Of these no command but its own may be sent, and that is what it says.
    if (OWN.includes(effect) || (this.table.engine.isSubscriber(this.session) && !this.isResp3())) return this.own(command);
    if (name === "client" || name === "watch") {
      const what = name === "client" ? `CLIENT ${second.toUpperCase()}` : "WATCH";
      return errorReply(`ERR ${what} needs a session of one object; this database has several`);
    }
    return this.far([command]);
  }

  /** MULTI, and what stands behind it. */
  private async queue(name: string, command: Command): Promise<Uint8Array> {
    if (name === "exec" && command.length === 1) {
      // It is the objects' to run: the session that stands for this socket has no data.
      this.own(["DISCARD"]);
      const { aborted } = this.multi;
      const queued = this.multi.take(command, aborted);
      if (queued === undefined) return errorReply(ABORTED);
      const reply = await this.far(transaction(queued));
      if (!isError(reply)) for (const one of queued) if (word(one[0]) === "select") this.own(one);
      return reply;
    }
    const reply = isStreaming(name) ? errorReply("ERR Command not allowed inside a transaction") : this.own(command);
    this.multi.take(command, isError(reply));
    return reply;
  }

  private async subscribe(name: string, command: Command): Promise<Uint8Array> {
    if (name !== "monitor" && command.length < 2) return this.own(command);
    const topics = name === "monitor" ? [undefined] : command.slice(1);
    for (const topic of topics) {
      const key = topic === undefined ? name : `${name} ${latin1(topic as Uint8Array)}`;
      if (this.following.has(key)) continue;
      const onmessage = (frames: Uint8Array): void => this.send(this.isResp3() ? pushes(frames) : frames);
      try {
        const { close } = await this.router.follow(topic === undefined ? [name] : [name, topic], this.access, onmessage, () =>
          this.end(1012, "an object ended"),
        );
        this.following.set(key, close);
      } catch (error) {
        if (error instanceof Refusal) return errorReply(error.message);
        throw error;
      }
      if (!this.open) this.unfollow(key);
    }
    return name === "monitor" ? bytesOf("+OK\r\n") : this.own(command);
  }

  private unfollow(key: string): void {
    this.following.get(key)?.();
    this.following.delete(key);
  }

  private send(reply: Uint8Array): void {
    if (!this.open || reply.length === 0) return;
    try {
      this.socket.send(reply);
    } catch {
      this.end(1011, "");
    }
  }

  private end(code: number, reason: string): void {
    if (!this.open) return;
    this.open = false;
    for (const key of [...this.following.keys()]) this.unfollow(key);
    this.left.abort();
    if (this.table.engine.ended === undefined) this.table.engine.closeSession(this.session);
    try {
      this.socket.close(code, reason);
    } catch {
      // It is closed.
    }
  }
}
