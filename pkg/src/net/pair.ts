/**
 * Two streams without a socket: what a client of a network is given to speak with an engine in this process (`ioredis.ts`).
 * One end is the client's; the other end is served as the server serves a socket (`connection.ts`).
 *
 * A write reaches the other end once the code that runs now is done, never within the call: ioredis queues a command after it has written it.
 */
import { Duplex } from "node:stream";
import { LONGEST_SLEEP } from "../core/clock.js";
import type { Engine } from "../core/engine.js";
import type { CoreSessionOptions } from "../core/glue.js";
import { soon } from "../core/soon.js";
import { Connection } from "./connection.js";

/** One end of a pair of streams, with as much of a socket as clients ask for. */
class End extends Duplex {
  other!: End;
  /** Until who listens to `connect` has been told: a client may be given its stream only later. Who does not listen can write at once. */
  connecting: boolean;
  /** What the other end waits for before it writes on. */
  private wanting: (() => void) | undefined = undefined;
  private told = false;

  constructor(private readonly isServer: boolean) {
    super({ allowHalfOpen: false });
    this.connecting = !isServer;
  }

  override _read(): void {
    const { wanting } = this;
    this.wanting = undefined;
    wanting?.();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const { other } = this;
    soon(() => {
      if (other.destroyed || other.push(chunk)) done();
      else other.wanting = done;
    });
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this._write(chunks.length === 1 ? (chunks[0] as { chunk: Buffer }).chunk : Buffer.concat(chunks.map(({ chunk }) => chunk)), "", done);
  }

  override _final(done: () => void): void {
    this.tell();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this._read();
    // The client reads what was sent before the end; the server has nobody left to answer.
    if (this.isServer) this.tell();
    else soon(() => this.other.destroy());
    done(error);
  }

  /** There is no more to come from here. */
  private tell(): void {
    if (this.told || this.other.destroyed) return;
    this.told = true;
    this.other.push(null);
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  /** There is nothing that could take long. */
  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

type Timer = ReturnType<typeof setTimeout>;

/**
 * A connection in this process. No socket keeps the process alive, so a wait with a deadline does, until then; a wait for
 * good does not, as with the methods of a database (`client/wait.ts`).
 */
class Inside extends Connection {
  private timer: Timer | undefined = undefined;

  protected override crossing(chunk: Uint8Array): void {
    super.crossing(chunk);
    this.keep();
  }

  protected override push(bytes: Uint8Array, close: boolean, more: boolean): void {
    super.push(bytes, close, more);
    this.keep();
  }

  keep(): void {
    const { engine } = this;
    clearTimeout(this.timer);
    this.timer = undefined;
    if (engine.ended !== undefined || this.socket.destroyed || !engine.live || !engine.isWaiting(this.id)) return;
    const deadline = engine.waitDeadline(this.id);
    if (deadline === Number.POSITIVE_INFINITY) return;
    this.timer = setTimeout(
      () => {
        if (engine.ended !== undefined) return;
        engine.tick();
        this.keep();
      },
      Math.min(Math.max(Math.ceil(deadline - engine.clock.now()), 1), LONGEST_SLEEP),
    );
  }
}

/** Connects to an engine; gives the client's end. `session` is as whom, and where it believes to be. Throws when the engine is closed. */
export function connect(engine: Engine, session: Partial<CoreSessionOptions> = {}): Duplex {
  engine.check();
  const client = new End(false);
  const server = new End(true);
  client.other = server;
  server.other = client;
  const gone = (): void => void server.destroy();
  const connection: Inside = new Inside(engine, server, { resp: 2, trusted: true, ...session }, gone, () => {
    engine.endListeners.delete(gone);
    connection.keep();
  });
  engine.endListeners.add(gone);
  client.on("newListener", function listens(event) {
    if (event !== "connect") return;
    client.off("newListener", listens);
    soon(() => {
      client.connecting = false;
      if (!client.destroyed) client.emit("connect");
    });
  });
  return client;
}
