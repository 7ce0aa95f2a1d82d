/**
 * RESP over TCP and a Unix socket, in front of an engine. Node only. What happens on a connection is in `connection.ts`.
 *
 * Limits are the engine's configuration (maxclients, timeout, protected-mode, requirepass, client-output-buffer-limit),
 * so that CONFIG SET changes them while the server runs.
 */

import { chmodSync, readFileSync, rmSync, statSync } from "node:fs";
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from "node:net";
import { resolve } from "node:path";
import { setImmediate } from "node:timers";
import type { Wakey } from "../client/client.js";
import type { Entries } from "../client/command-types.js";
import { engineOf } from "../client/port.js";
import type { Clock } from "../core/clock.js";
import type { Engine } from "../core/engine.js";
import type { Open } from "../open/open.js";
import type { OpenOptions } from "../open/options.js";
import { DumpFile } from "../persistence/stores/dump.js";
import { ConfigFile, optionsOf, rewrite } from "./config-file.js";
import { Connection, type Limits, outputLimits } from "./connection.js";
import { intake } from "./intake.js";
import type { ServeOptions, Server } from "./options.js";
import { Places } from "./places.js";
import { type ShardedServer, serveShards } from "./shards.js";
import { writeWhole } from "./whole.js";

const DENIED =
  "-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. In this mode connections are only accepted from the loopback interface. If you want to connect from external computers to Redis you may adopt one of the following solutions: 1) Just disable protected mode sending the command 'CONFIG SET protected-mode no' from the loopback interface by connecting to Redis from the same host the server is running, however MAKE SURE Redis is not publicly accessible from internet if you do so. Use CONFIG REWRITE to make this change permanent. 2) Alternatively you can just disable the protected mode by editing the Redis configuration file, and setting the protected mode option to 'no', and then restarting the server. 3) If you started the server manually just for testing, restart it with the '--protected-mode no' option. 4) Set up an authentication password for the default user. NOTE: You only need to do one of the above things in order for the server to start accepting connections from the outside.\r\n";
const ATTACK =
  "Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands to Redis. This is likely due to an attacker attempting to use Cross Protocol Scripting to compromise your Redis instance.";
const FULL = "-ERR max number of clients reached\r\n";

function isLoopback(address: string | undefined): boolean {
  return address === undefined || address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
}

function place(address: string | undefined, port: number | undefined): string {
  const host = address?.startsWith("::ffff:") ? address.slice(7) : (address ?? "?");
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** So many bytes are held without the socket's knowing of them. */
const PIECE = 1 << 14;

/**
 * A connection over a socket holds back what it writes until all that has arrived is answered. A client that is woken by
 * each reply, and sleeps again before the next one comes, costs twice the time of one that finds them together.
 */
class SocketConnection extends Connection {
  private static readonly held: SocketConnection[] = [];
  private isHeld = false;
  /** What is held, if that is one piece: most are, and a stream that is corked takes longer for it. */
  private piece: Uint8Array | string | undefined = undefined;

  protected override send(data: Uint8Array | string): void {
    const { socket, piece } = this;
    if (!this.isHeld) {
      this.isHeld = true;
      if (SocketConnection.held.push(this) === 1) setImmediate(SocketConnection.release);
      // What is longer counts as waiting in the socket at once.
      if (data.length <= PIECE) {
        this.piece = data;
        return;
      }
      socket.cork();
    } else if (piece !== undefined) {
      socket.cork();
      this.sendPiece();
    }
    super.send(data);
  }

  private sendPiece(): void {
    const { piece } = this;
    this.piece = undefined;
    if (piece !== undefined) super.send(piece);
  }

  protected override flush(): void {
    this.isHeld = false;
    if (this.piece !== undefined) this.sendPiece();
    else this.socket.uncork();
  }

  private static release(): void {
    for (const connection of SocketConnection.held.splice(0)) connection.flush();
  }
}

class Hub implements Server {
  readonly connections = new Set<Connection>();
  readonly servers: NetServer[] = [];
  port: number | undefined = undefined;
  host: string | undefined = undefined;
  path: string | undefined = undefined;
  /** Has WAKEY answered no more. */
  endTesting: () => void = () => {};
  private watch: ReturnType<typeof setInterval> | undefined = undefined;
  private closing: Promise<void> | undefined = undefined;
  /** When it was last told that somebody sends HTTP. */
  private warned = Number.NEGATIVE_INFINITY;

  constructor(
    readonly db: Wakey,
    private readonly own: boolean,
    private readonly onError: ((error: Error) => void) | undefined,
    private readonly onWarning: (message: string) => void,
  ) {}

  get clients(): number {
    return this.connections.size;
  }

  private setting(name: string): string {
    return engineOf(this.db).setting(name);
  }

  accept(socket: Socket, unix: boolean): void {
    try {
      socket.setNoDelay(true);
      if (!unix) socket.setKeepAlive(true, 300_000);
      if (this.connections.size >= Number(this.setting("maxclients"))) {
        engineOf(this.db).countRejected();
        refuse(socket, FULL);
        return;
      }
      if (!unix && !isLoopback(socket.remoteAddress) && this.setting("protected-mode") !== "no" && engineOf(this.db).needsNoPassword()) {
        engineOf(this.db).countRejected();
        refuse(socket, DENIED);
        return;
      }
      const session = {
        resp: 2 as const,
        trusted: false,
        unix,
        addr: unix ? `${this.path}:0` : place(socket.remoteAddress, socket.remotePort),
        laddr: unix ? `${this.path}:0` : place(socket.localAddress, socket.localPort),
      };
      const connection = new SocketConnection(
        engineOf(this.db),
        socket,
        session,
        (error) => this.fail(error),
        () => this.connections.delete(connection),
        () => this.attacked(session.addr),
      );
      this.connections.add(connection);
    } catch (error) {
      socket.destroy();
      this.fail(error as Error);
    }
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
          if (connection.socket.writableLength > 0) connection.measure((limits ??= outputLimits(engineOf(this.db))), now);
        }
      } catch (error) {
        this.fail(error as Error);
      }
    }, 1000);
    this.watch.unref();
  }

  /** Somebody makes a browser, or a server, send HTTP here. Told once a minute: a page may try it in a loop. */
  private attacked(from: string): void {
    const now = performance.now();
    if (now - this.warned < 60_000) return;
    this.warned = now;
    this.onWarning(`${ATTACK} Connection from ${from} aborted.`);
  }

  /** The engine has stopped: nothing can be served any more. */
  fail(error: Error): void {
    if (this.closing) return;
    this.close().catch(() => {});
    this.report(error);
  }

  report(error: Error): void {
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
    if (!this.db.closed) this.endTesting();
    if (this.own) await this.db.close();
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

/** Lets an engine have its users in a file. It is written whole beside itself first, for its owner alone. */
function useUsersFile(engine: Engine, path: string): void {
  engine.setUsersFile(
    path,
    () => readFileSync(path, "utf8"),
    (text) => writeWhole(path, Buffer.from(text), 0o600),
  );
}

/** What a server for tests has besides. @internal */
export interface Testing {
  clock(): Clock;
  answer(db: Wakey, clock: Clock): () => void;
}

/** Serves a database, or with `shards` a cluster, to RESP clients. Resolves when it listens. */
export interface Serve {
  (options: ServeOptions & { shards: number }): Promise<ShardedServer>;
  <E extends Entries = "array">(options?: ServeOptions<E> & { shards?: undefined }): Promise<Server<E>>;
}

/** Makes `serve` from what opens a database where it is given none. */
export function listener(open: Open, testing: Testing): Serve {
  const timed = (options: ServeOptions): ServeOptions => ({ ...(options.testing ? { clock: testing.clock() } : {}), ...options });
  const opened = ({ onWarning = warn, ...options }: ServeOptions): Promise<Wakey> => open({ ...openOptions(options), onWarning });
  const one = (options: ServeOptions, db: Wakey, file?: ConfigFile): Promise<Server> => serveOne(options, db, testing, file);
  const serve = async (given: ServeOptions = {}): Promise<Server | ShardedServer> => {
    const { config, ...others } = given;
    if (config !== undefined && given.db !== undefined) throw new TypeError("serve(): with db there is no option 'config'");
    if (config !== undefined && given.shards !== undefined) throw new TypeError("serve(): with shards there is no option 'config'");
    const file = config === undefined ? undefined : new ConfigFile(config);
    const options = file === undefined ? others : optionsOf(file, others);
    const { db, path, port = path === undefined ? (file === undefined ? 6380 : 6379) : null, shards } = options;
    if (shards !== undefined) return serveShards(opened, one, timed(options));
    const [extra] = Object.keys(openOptions(options)).filter((name) => name !== "onWarning");
    if (db !== undefined && extra !== undefined) throw new TypeError(`serve(): with db there is no option '${extra}'`);
    if (port === null && path === undefined) throw new TypeError("serve() needs a port or a path");
    return one({ ...options, port }, db ?? (await opened(timed(options))), file);
  };
  return serve as Serve;
}

const warn = (message: string): void => console.warn(`wakey: ${message}`);

/** What is left for `open`. */
function openOptions(options: ServeOptions): OpenOptions {
  const { db, path, port, host, mode, enableDebugCommand, aclfile, save, testing, config, shards, onError, onShutdown, ...rest } = options;
  return rest;
}

/** Serves a database, which is closed with the server unless it was given. */
async function serveOne(options: ServeOptions, db: Wakey, testing: Testing, file: ConfigFile | undefined): Promise<Server> {
  const { db: given, path, port = null, host = "127.0.0.1", mode, aclfile, save, shards, onError, onShutdown, onWarning = warn } = options;
  const debug = options.enableDebugCommand;
  const engine = engineOf(db);
  engine.measure();
  try {
    if (file !== undefined) {
      file.apply((name, value) => engine.configure(name, value));
      engine.setConfigFile(file.path, (parameters) => rewrite(file.path, parameters));
    }
    // As redis-server does, where nothing says otherwise.
    if (engine.saver === undefined && engine.persistence === undefined) DumpFile.attach(engine, process.cwd());
    if (engine.saver !== undefined && engine.setting("dir") === "") engine.configure("dir", engine.saver.folder);
    Places.attach(engine, shards === undefined, onWarning);
    if (save !== undefined) engine.configure("save", save);
    if (debug !== undefined) engine.configure("enable-debug-command", debug);
    if (aclfile !== undefined) useUsersFile(engine, resolve(aclfile));
  } catch (error) {
    if (given === undefined) await db.close();
    throw error;
  }
  const hub = new Hub(db, given === undefined, onError, onWarning);
  if (options.testing) hub.endTesting = testing.answer(db, engine.clock);
  const make = (unix: boolean): NetServer => {
    const server = createServer({ noDelay: true }, (socket) => hub.accept(intake(socket), unix));
    hub.servers.push(server);
    return server;
  };
  try {
    if (port !== null) {
      const server = make(false);
      await listen(server, { host, port });
      hub.port = (server.address() as AddressInfo).port;
      hub.host = host;
      engine.configure("port", String(hub.port));
      engine.configure("bind", host);
      // Nodes in one folder would write one file.
      if (shards !== undefined) engine.configure("dbfilename", `dump-${hub.port}.rdb`);
    }
    if (path !== undefined) {
      clear(path);
      await listen(make(true), { path });
      if (mode !== undefined) chmodSync(path, mode);
      hub.path = path;
      engine.configure("unixsocket", path);
    }
  } catch (error) {
    await hub.close();
    throw error;
  }
  hub.start();
  engine.onshutdown = () => {
    hub
      .close()
      .then(() => db.close())
      .then(onShutdown, (error: Error) => hub.report(error));
  };
  return hub;
}
