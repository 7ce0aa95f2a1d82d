/**
 * RESP over TCP and a Unix socket, in front of an engine. Node only.
 *
 * What arrives is handed to the engine as it is: one crossing a chunk, however many commands are in it, and one write
 * for their replies, after all chunks that came at the same time. A client that does not read is not read from either: above `HIGH_WATER` bytes waiting in its
 * socket, reading stops until they are gone, and a long pipeline is answered in portions (`MORE`).
 *
 * Limits are the engine's configuration (maxclients, timeout, protected-mode, requirepass, client-output-buffer-limit),
 * so that CONFIG SET changes them while the server runs.
 */
import { chmodSync, rmSync, statSync } from "node:fs";
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from "node:net";
import type { Wakey } from "./client.js";
import { type OpenOptions, open } from "./node.js";

const CLOSE = 1;
const OUTPUT = 2;
/** The engine holds input back because its reply has grown long. */
const MORE = 4;

/** Bytes waiting in a socket above which its client is not read from. */
const HIGH_WATER = 1 << 20;
/** Replies up to this length are written as a string: the socket then needs no buffer of its own. */
const SHORT_REPLY = 512;
/** How long a client may take to read its last reply before the connection is cut, in milliseconds. */
const LINGER = 5000;

export interface ServeOptions extends OpenOptions {
  /** The database to serve; without it one is opened with the other options, and closed with the server. */
  db?: Wakey;
  /** Default: 6380. 0: any free port. null: no TCP. */
  port?: number | null;
  /** The address to listen on. Default: 127.0.0.1. */
  host?: string;
  /** Also listen on a Unix socket at this path. */
  path?: string;
  /** The mode of the Unix socket, as 0o700. */
  mode?: number;
  /** Told when the engine has stopped for good; the server has closed itself then. */
  onError?: (error: Error) => void;
}

/** A running server. */
export interface Server {
  readonly db: Wakey;
  /** The TCP port, or undefined without TCP. */
  readonly port: number | undefined;
  /** The path of the Unix socket. */
  readonly path: string | undefined;
  /** How many clients are connected. */
  readonly clients: number;
  /** Stops listening, ends all connections, removes the Unix socket. Closes the database if `serve` opened it. */
  close(): Promise<void>;
}

const DENIED =
  "-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. In this mode connections are only accepted from the loopback interface. If you want to connect from external computers to Redis you may adopt one of the following solutions: 1) Just disable protected mode sending the command 'CONFIG SET protected-mode no' from the loopback interface by connecting to Redis from the same host the server is running, however MAKE SURE Redis is not publicly accessible from internet if you do so. Use CONFIG REWRITE to make this change permanent. 2) Alternatively you can just disable the protected mode by editing the Redis configuration file, and setting the protected mode option to 'no', and then restarting the server. 3) If you started the server manually just for testing, restart it with the '--protected-mode no' option. 4) Set up an authentication password for the default user. NOTE: You only need to do one of the above things in order for the server to start accepting connections from the outside.\r\n";
const FULL = "-ERR max number of clients reached\r\n";

function isLoopback(address: string | undefined): boolean {
  return address === undefined || address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
}

function place(address: string | undefined, port: number | undefined): string {
  const host = address?.startsWith("::ffff:") ? address.slice(7) : (address ?? "?");
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The output limits of one class of clients: `client-output-buffer-limit class hard soft seconds`. */
interface Limits {
  hard: number;
  soft: number;
  seconds: number;
}

class Connection {
  active = Date.now();
  /** When the soft limit was first exceeded, or 0. */
  overSince = 0;
  ending = false;
  readonly id: number;

  constructor(
    private readonly hub: Hub,
    readonly socket: Socket,
    unix: boolean,
  ) {
    const engine = hub.db._engine;
    this.id = engine.openSession(
      {
        resp: 2,
        trusted: false,
        unix,
        addr: unix ? `${hub.path}:0` : place(socket.remoteAddress, socket.remotePort),
        laddr: unix ? `${hub.path}:0` : place(socket.localAddress, socket.localPort),
      },
      (bytes, close, more) => this.push(bytes, close, more),
    );
    socket.on("data", (chunk: Buffer) => this.receive(chunk));
    socket.on("drain", () => this.drained());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => hub.forget(this));
  }

  private receive(chunk: Uint8Array): void {
    if (this.ending || this.socket.destroyed) return;
    this.active = Date.now();
    try {
      this.crossing(chunk);
    } catch (error) {
      this.hub.fail(error as Error);
    }
  }

  private crossing(chunk: Uint8Array): void {
    const engine = this.hub.db._engine;
    const { socket } = this;
    const n = engine.feed(this.id, chunk);
    const flags = engine.words[4] as number;
    if (n > 0) this.write(n);
    if (flags & OUTPUT) engine.deliver();
    if (flags & CLOSE) this.end();
    else if (socket.writableLength > HIGH_WATER) this.pressure();
    else if (flags & MORE) this.goOn();
    else if (this.paused) {
      this.paused = false;
      socket.resume();
    }
  }

  private paused = false;

  private pause(): void {
    this.paused = true;
    this.socket.pause();
  }

  /** Writes the reply of the last crossing; it is copied, since the next one overwrites it. */
  private write(n: number): void {
    const engine = this.hub.db._engine;
    const at = engine.words[2] as number;
    this.hub.hold(this.socket);
    if (n <= SHORT_REPLY) this.socket.write(this.hub.view().toString("latin1", at, at + n), "latin1");
    else this.socket.write(Buffer.from(engine.bytes.subarray(at, at + n)));
  }

  /** The next portion of a long pipeline, once others have had their turn. */
  private goOn(): void {
    this.pause();
    setImmediate(() => this.receive(EMPTY));
  }

  /** What was not asked for: messages, the reply of a command that waited and of those that were sent behind it. */
  private push(bytes: Uint8Array, close: boolean, more: boolean): void {
    if (this.ending || this.socket.destroyed) return;
    if (bytes.length > 0) {
      this.hub.hold(this.socket);
      this.socket.write(bytes);
    }
    if (close) this.end();
    else if (this.socket.writableLength > HIGH_WATER) this.pressure();
    else if (more) this.goOn();
  }

  private pressure(): void {
    this.pause();
    this.measure(this.hub.limits(), Date.now());
  }

  /** Whether it may be silent for long: it waits, or it listens. */
  get patient(): boolean {
    const engine = this.hub.db._engine;
    return engine.isWaiting(this.id) || engine.isSubscriber(this.id);
  }

  /** Cuts the connection when it is over its output limits. */
  measure(all: { normal: Limits; pubsub: Limits }, now: number): void {
    const limits = this.hub.db._engine.isSubscriber(this.id) ? all.pubsub : all.normal;
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
    socket.end();
    socket.resume();
    setTimeout(() => socket.destroy(), LINGER).unref();
    socket.on("finish", () => socket.destroy());
  }
}

const EMPTY = new Uint8Array(0);

class Hub implements Server {
  readonly connections = new Set<Connection>();
  readonly servers: NetServer[] = [];
  port: number | undefined = undefined;
  path: string | undefined = undefined;
  private watch: ReturnType<typeof setInterval> | undefined = undefined;
  private buffer: Buffer = Buffer.alloc(0);
  private closing: Promise<void> | undefined = undefined;

  constructor(
    readonly db: Wakey,
    private readonly own: boolean,
    private readonly onError: ((error: Error) => void) | undefined,
  ) {}

  get clients(): number {
    return this.connections.size;
  }

  /** Wasm memory as a Buffer. */
  view(): Buffer {
    const { bytes } = this.db._engine;
    if (this.buffer.buffer !== bytes.buffer) this.buffer = Buffer.from(bytes.buffer as ArrayBuffer);
    return this.buffer;
  }

  private readonly held: Socket[] = [];

  /**
   * Holds back what is written to a socket until all that has arrived is answered. A client that is woken by each reply,
   * and sleeps again before the next one comes, costs twice the time of one that finds them together.
   */
  hold(socket: Socket): void {
    if (socket.writableCorked > 0) return;
    socket.cork();
    if (this.held.push(socket) === 1) setImmediate(() => this.release());
  }

  private release(): void {
    for (const socket of this.held.splice(0)) socket.uncork();
  }

  private setting(name: string): string {
    return this.db._engine.setting(name);
  }

  limits(): { normal: Limits; pubsub: Limits } {
    const words = this.setting("client-output-buffer-limit").split(" ");
    const of = (name: string): Limits => {
      const at = words.indexOf(name);
      return { hard: Number(words[at + 1] ?? 0), soft: Number(words[at + 2] ?? 0), seconds: Number(words[at + 3] ?? 0) };
    };
    return { normal: of("normal"), pubsub: of("pubsub") };
  }

  accept(socket: Socket, unix: boolean): void {
    try {
      socket.setNoDelay(true);
      if (!unix) socket.setKeepAlive(true, 300_000);
      if (this.connections.size >= Number(this.setting("maxclients"))) {
        this.db._engine.countRejected();
        refuse(socket, FULL);
        return;
      }
      if (!unix && !isLoopback(socket.remoteAddress) && this.setting("protected-mode") !== "no" && this.setting("requirepass") === "") {
        this.db._engine.countRejected();
        refuse(socket, DENIED);
        return;
      }
      this.connections.add(new Connection(this, socket, unix));
    } catch (error) {
      socket.destroy();
      this.fail(error as Error);
    }
  }

  forget(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    if (!this.db._engine.gone) this.db._engine.closeSession(connection.id);
  }

  /** Once a second: idle clients, and clients over their soft limit. */
  start(): void {
    this.watch = setInterval(() => {
      if (this.connections.size === 0) return;
      try {
        const idle = Number(this.setting("timeout")) * 1000;
        const now = Date.now();
        let limits: { normal: Limits; pubsub: Limits } | undefined;
        for (const connection of this.connections) {
          if (idle > 0 && now - connection.active > idle && !connection.patient) connection.end();
          if (connection.socket.writableLength > 0) connection.measure((limits ??= this.limits()), now);
        }
      } catch (error) {
        this.fail(error as Error);
      }
    }, 1000);
    this.watch.unref();
  }

  /** The engine has stopped: nothing can be served any more. */
  fail(error: Error): void {
    if (this.closing) return;
    void this.close();
    if (this.onError) this.onError(error);
    else console.error(`wakey: ${error.message}`);
  }

  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  private async shut(): Promise<void> {
    clearInterval(this.watch);
    const ended = this.servers.map((server) => new Promise<void>((done) => server.close(() => done())));
    for (const connection of this.connections) connection.socket.destroy();
    await Promise.all(ended);
    if (this.own) this.db.close();
  }
}

function refuse(socket: Socket, text: string): void {
  socket.on("error", () => socket.destroy());
  socket.end(text, () => socket.destroy());
}

function listen(server: NetServer, where: { host?: string; port?: number; path?: string }): Promise<void> {
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen({ ...where, backlog: 511 }, () => {
      server.off("error", failed);
      done();
    });
  });
}

/** Removes a socket file that a dead server has left. */
function clear(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
}

/** Serves a database to RESP clients. Resolves when it listens. */
export async function serve(options: ServeOptions = {}): Promise<Server> {
  const { db: given, port = 6380, host = "127.0.0.1", path, mode, onError, ...rest } = options;
  if (given !== undefined && Object.keys(rest).length > 0) {
    throw new TypeError(`serve(): with db there is no option '${Object.keys(rest)[0]}'`);
  }
  if (port === null && path === undefined) throw new TypeError("serve(): without a port there must be a path");
  const db = given ?? (await open(rest));
  const hub = new Hub(db, given === undefined, onError);
  const make = (unix: boolean): NetServer => {
    const server = createServer({ noDelay: true }, (socket) => hub.accept(socket, unix));
    hub.servers.push(server);
    return server;
  };
  try {
    if (port !== null) {
      const server = make(false);
      await listen(server, { host, port });
      hub.port = (server.address() as AddressInfo).port;
      db._engine.configure("port", String(hub.port));
      db._engine.configure("bind", host);
    }
    if (path !== undefined) {
      clear(path);
      await listen(make(true), { path });
      if (mode !== undefined) chmodSync(path, mode);
      hub.path = path;
      db._engine.configure("unixsocket", path);
    }
  } catch (error) {
    await hub.close();
    throw error;
  }
  hub.start();
  return hub;
}
