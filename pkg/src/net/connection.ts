/**
 * One RESP connection: a stream in front of a session of an engine. The stream is a socket of the server, or one end of a
 * pair in this process (`pair.ts`).
 *
 * What arrives is handed to the engine as it is: one crossing a chunk, however many commands are in it, and one write
 * for their replies. A client that does not read is not read from either: above `HIGH_WATER` bytes waiting in its
 * stream, reading stops until they are gone, and a long pipeline is answered in portions (`BACKLOG`).
 */

import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers";
import type { Engine } from "../core/engine.js";
import type { CoreSessionOptions } from "../core/glue.js";
import { ASKS, BACKLOG, CLOSE } from "../core/mailbox.gen.js";
import { ReplyError } from "../resp/errors.js";
import { isStatus } from "../resp/frames.js";
import { errorReply } from "../resp/write.js";

/** Bytes waiting in a stream above which its client is not read from. */
const HIGH_WATER = 1 << 20;
/** Replies up to this length are written as a string: the stream then needs no buffer of its own. */
const SHORT_REPLY = 512;
/** How long a client may take to read its last reply before the connection is cut, in milliseconds. */
const LINGER = 5000;

const EMPTY = new Uint8Array(0);

/** The output limits of one class of clients: `client-output-buffer-limit class hard soft seconds`. */
export interface Limits {
  hard: number;
  soft: number;
  seconds: number;
}

/** The limits that are configured now. */
export function outputLimits(engine: Engine): { normal: Limits; pubsub: Limits } {
  const words = engine.setting("client-output-buffer-limit").split(" ");
  const of = (name: string): Limits => {
    const at = words.indexOf(name);
    return { hard: Number(words[at + 1] ?? 0), soft: Number(words[at + 2] ?? 0), seconds: Number(words[at + 3] ?? 0) };
  };
  return { normal: of("normal"), pubsub: of("pubsub") };
}

export class Connection {
  active = Date.now();
  /** How often it was told something unasked while `HIGH_WATER` bytes waited already. */
  private unread = 0;
  /** When the soft limit was first exceeded, or 0. */
  private overSince = 0;
  private ending = false;
  private paused = false;
  /** A SAVE is under way, whose reply waits; what arrives meanwhile does, too. */
  private saving: Promise<void> | undefined = undefined;
  private memory: Buffer = Buffer.alloc(0);
  readonly id: number;

  /**
   * @param failed Told when the engine has stopped.
   * @param closed Told when the stream is closed; the session is ended then.
   * @param attacked Told when it is closed because what came is HTTP.
   */
  constructor(
    protected readonly engine: Engine,
    readonly socket: Duplex,
    session: CoreSessionOptions,
    private readonly failed: (error: Error) => void,
    closed: () => void,
    private readonly attacked: () => void = () => {},
  ) {
    this.id = engine.openSession(session, (bytes, close, more) => this.push(bytes, close, more));
    socket.on("data", (chunk: Buffer) => this.receive(chunk));
    // Before the stream ends its own side: nothing can be written then.
    socket.prependListener("end", () => this.flush());
    socket.on("drain", () => this.drained());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (!engine.ended) engine.closeSession(this.id);
      closed();
    });
  }

  /** What has come: bytes that are another's once this is done (`intake.ts`). */
  private receive(chunk: Uint8Array): void {
    if (this.ending || this.socket.destroyed) return;
    if (this.saving !== undefined) {
      const kept = Uint8Array.from(chunk);
      return void this.saving.then(() => this.receive(kept));
    }
    this.active = Date.now();
    try {
      this.crossing(chunk);
    } catch (error) {
      // The store has not taken what the replies would be about: as where a server goes down, nobody learns more.
      if (error instanceof ReplyError) this.socket.destroy();
      else this.failed(error as Error);
    }
  }

  protected crossing(chunk: Uint8Array): void {
    const { engine, socket } = this;
    const n = engine.feed(this.id, chunk);
    const flags = engine.flags();
    if (flags & ASKS) {
      const reply = engine.replyCopy(n);
      let saving: Promise<void> | undefined;
      try {
        saving = engine.attend(flags);
      } catch (error) {
        if (!this.refused(reply, error)) throw error;
        return;
      }
      if (saving !== undefined) {
        this.pause();
        this.saving = saving.then(
          () => this.saved(reply, flags),
          (error) => {
            this.saving = undefined;
            if (this.refused(reply, error)) this.proceed(flags);
            else socket.destroy();
          },
        );
        return;
      }
      if (n > 0) this.send(reply);
      // What was asked of the host may be its end.
      this.flush();
    } else {
      if (n > 0) this.write(n);
      if (flags !== 0) engine.attend(flags);
    }
    this.proceed(flags);
  }

  /** After the reply of a crossing has been written. */
  private proceed(flags: number): void {
    const { socket } = this;
    if (flags & CLOSE) {
      if (this.engine.speaksHttp(this.id)) this.attacked();
      this.end();
    } else if (socket.writableLength > HIGH_WATER) this.pressure();
    else if (flags & BACKLOG) this.goOn();
    else if (this.paused) {
      this.paused = false;
      socket.resume();
    }
  }

  private saved(reply: Uint8Array, flags: number): void {
    this.saving = undefined;
    if (this.ending || this.socket.destroyed) return;
    this.send(reply);
    this.proceed(flags);
  }

  /** Whether a SAVE that failed can be told so: it came alone. */
  private refused(reply: Uint8Array, error: unknown): boolean {
    if (!(error instanceof ReplyError) || !isStatus(reply, "OK") || this.ending || this.socket.destroyed) return false;
    this.send(errorReply(error.message));
    return true;
  }

  private pause(): void {
    this.paused = true;
    this.socket.pause();
  }

  /** Writes the reply of the last crossing; it is copied, since the next one overwrites it. */
  private write(n: number): void {
    const { bytes } = this.engine;
    const at = this.engine.replyAt();
    if (n > SHORT_REPLY) {
      this.send(Buffer.from(bytes.subarray(at, at + n)));
      return;
    }
    if (this.memory.buffer !== bytes.buffer) this.memory = Buffer.from(bytes.buffer as ArrayBuffer);
    this.send(this.memory.toString("latin1", at, at + n));
  }

  /** Sends bytes, or what a string has of them, one in each character. */
  protected send(data: Uint8Array | string): void {
    this.socket.write(data, "latin1");
  }

  /** Writes what is held. */
  protected flush(): void {}

  /** The next portion of a long pipeline, once others have had their turn. */
  private goOn(): void {
    this.pause();
    setImmediate(() => this.receive(EMPTY));
  }

  /** What was not asked for: messages, the reply of a command that waited and of those that were sent behind it. */
  protected push(bytes: Uint8Array, close: boolean, more: boolean): void {
    if (this.ending || this.socket.destroyed) return;
    if (bytes.length > 0) {
      this.unread = this.socket.writableLength > HIGH_WATER ? this.unread + 1 : 0;
      this.send(bytes);
    }
    if (close) this.end();
    else if (this.socket.writableLength > HIGH_WATER) this.pressure();
    else if (more) this.goOn();
  }

  private pressure(): void {
    this.pause();
    this.measure(outputLimits(this.engine), Date.now());
  }

  /** Whether it may be silent for long: it waits, or it listens. */
  get patient(): boolean {
    return this.engine.isWaiting(this.id) || this.engine.isSubscriber(this.id);
  }

  /** Cuts the connection when it is over its output limits. */
  measure(all: { normal: Limits; pubsub: Limits }, now: number): void {
    // Who does not read gets one reply at most that it has waited for. Who is told more has sent MONITOR, and listens, too.
    const limits = this.engine.isSubscriber(this.id) || this.unread > 1 ? all.pubsub : all.normal;
    const waiting = this.socket.writableLength;
    if (limits.hard > 0 && waiting >= limits.hard) this.socket.destroy();
    else if (limits.soft <= 0 || waiting < limits.soft) this.overSince = 0;
    else if (this.overSince === 0) this.overSince = now;
    else if (now - this.overSince > limits.seconds * 1000) this.socket.destroy();
  }

  private drained(): void {
    if (this.paused) this.receive(EMPTY);
  }

  /** Lets what was written be sent, then closes. */
  end(): void {
    if (this.ending) return;
    this.ending = true;
    const { socket } = this;
    this.flush();
    socket.end();
    socket.resume();
    setTimeout(() => socket.destroy(), LINGER).unref();
    socket.on("finish", () => socket.destroy());
  }
}
