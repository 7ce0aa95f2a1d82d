/**
 * ioredis and its like, whose servers are in this process: its own classes, given a connector that leads to a server here. The classes
 * are the entry's, which imports them file by file: the package itself may be what the entry stands for.
 */
import type { Duplex } from "node:stream";
import type { Wakey } from "../client/client.js";
import { engineOf } from "../client/port.js";
import { connect } from "../net/pair.js";
import { addressOf, type Data, type ServersHere, seed } from "./servers.js";
import { classOf, requireWithin } from "./within.js";

/** Options of a client, as much of them as is used here: their declarations differ between majors. */
interface Options {
  host?: string;
  port?: number;
  path?: string;
  sentinels?: unknown;
  name?: string;
  db?: number;
  keyPrefix?: string;
  data?: Data;
  Connector?: unknown;
}

interface ClusterOptions {
  data?: Data;
  keyPrefix?: string;
  redisOptions?: object;
}

interface AnyClient {
  options: Options;
  parseOptions(...args: readonly unknown[]): void;
}

interface AnyCluster {
  options: ClusterOptions;
  startupNodes: readonly Node[];
}

type AnyClass<Args extends readonly unknown[], T> = new (...args: Args) => T;

type Node = string | number | { host?: string; port?: number };

/** The files of a package that its index is made of, as they were imported. */
export interface Files {
  Redis: unknown;
  Cluster: unknown;
  Command: unknown;
  Pipeline: unknown;
  ScanStream: unknown;
  AbstractConnector: unknown;
  SentinelConnector: unknown;
}

/** What a drop-in exports: the package's classes, whose servers are here. The entry says of what types they are. */
export interface Here extends Files {
  /** The database behind a client: its clock, `intercept`, other sessions. */
  databaseOf(client: object): Wakey;
  /** The class of errors that the package gives for errors of the server. */
  ReplyError: new (
    message: string,
  ) => Error;
  /** Prints a reply, as the package's `print`. */
  print(error: Error | null, reply?: unknown): void;
}

function nameOf({ host, port, path, sentinels, name }: Options): string {
  return sentinels ? `sentinel:${name ?? "mymaster"}` : addressOf(host, port, path);
}

/** ioredis's way to a stream, which leads to a server here. It is looked up anew for each connection. */
function connectorTo(server: () => Wakey, laddr: string): unknown {
  class Connector {
    firstError: Error | undefined = undefined;
    private stream: Duplex | undefined = undefined;

    check(): boolean {
      return true;
    }

    async connect(): Promise<Duplex> {
      const engine = engineOf(server());
      this.stream = connect(engine, { laddr, trusted: engine.needsNoPassword() });
      return this.stream;
    }

    disconnect(): void {
      this.stream?.end();
    }
  }
  return Connector;
}

/** Passwords that a server without users would only warn of. */
function withoutPassword<T extends object>(options: T, server: Wakey): T {
  if (!engineOf(server).needsNoPassword()) return options;
  const { username: _, password: __, ...rest } = options as T & { username?: unknown; password?: unknown };
  return rest as T;
}

function portOf(node: Node | undefined): { host: string | undefined; port: number } {
  if (typeof node === "number") return { host: undefined, port: node };
  if (typeof node !== "string") return { host: node?.host, port: node?.port ?? 6379 };
  const url = new URL(/^[a-z]+:\/\//.test(node) ? node : `redis://${node}`);
  return { host: url.hostname || undefined, port: Number(url.port || 6379) };
}

/** Takes the files of a package (`ioredis`, `iovalkey`), and the servers of its clients. */
export function ioredisHere(name: string, files: Files, { at: serverAt }: ServersHere): Here {
  const RedisClass = classOf<AnyClass<readonly unknown[], AnyClient>>(files.Redis);
  const ClusterClass = classOf<AnyClass<readonly [readonly Node[], object], AnyCluster>>(files.Cluster);
  /** Which server each client goes to. */
  const servers = new WeakMap<object, () => Wakey>();

  const databaseOf = (client: object): Wakey => {
    const server = servers.get(client);
    if (server === undefined) throw new TypeError(`this is not a client of wakey/${name}-mock`);
    return server();
  };

  class RedisHere extends RedisClass {
    constructor(...args: readonly unknown[]) {
      super(...args);
      const { data, keyPrefix, db } = this.options;
      if (data === undefined) return;
      const session = databaseOf(this).session();
      if (db) session.call("SELECT", String(db));
      seed(session, data, keyPrefix);
      session.close();
    }

    /** What ioredis's constructor makes of its arguments, before it connects. */
    override parseOptions(...args: readonly unknown[]): void {
      super.parseOptions(...args);
      const target = nameOf(this.options);
      const server = (): Wakey => serverAt(target);
      servers.set(this, server);
      this.options = { ...withoutPassword(this.options, server()), Connector: connectorTo(server, target) };
    }

    duplicate(override?: object): RedisHere {
      const { data: _, ...options } = this.options;
      return new RedisHere({ ...options, ...override });
    }

    static createClient(...args: readonly unknown[]): RedisHere {
      return new RedisHere(...args);
    }
  }

  class ClusterHere extends ClusterClass {
    constructor(startupNodes: readonly Node[], options: ClusterOptions = {}) {
      const { data, ...rest } = options;
      const first = portOf(startupNodes[0]);
      const address = addressOf(first.host, first.port);
      const server = (): Wakey => {
        const db = serverAt(`cluster:${address}`, { cluster: true });
        engineOf(db).configure("port", String(first.port));
        return db;
      };
      super(startupNodes, {
        dnsLookup: (host: string, done: (error: null, address: string) => void) => done(null, host),
        ...rest,
        redisOptions: { ...withoutPassword(rest.redisOptions ?? {}, server()), Connector: connectorTo(server, address) },
      });
      servers.set(this, server);
      if (data !== undefined) seed(server(), data, this.options.keyPrefix);
    }

    duplicate(nodes?: readonly Node[], options?: object): ClusterHere {
      return new ClusterHere(nodes ?? this.startupNodes, { ...this.options, ...options });
    }
  }

  // Libraries tell ioredis by its name.
  Object.defineProperties(RedisHere, { name: { value: RedisClass.name }, Cluster: { value: ClusterHere, configurable: true } });
  Object.defineProperty(ClusterHere, "name", { value: ClusterClass.name });

  return {
    Redis: RedisHere,
    Cluster: ClusterHere,
    Command: classOf(files.Command),
    Pipeline: classOf(files.Pipeline),
    ScanStream: classOf(files.ScanStream),
    AbstractConnector: classOf(files.AbstractConnector),
    SentinelConnector: classOf(files.SentinelConnector),
    databaseOf,
    ReplyError: requireWithin<Pick<Here, "ReplyError">>(`${name}/built/Redis.js`, "redis-errors")?.ReplyError ?? Error,
    print: (error, reply) => console.log(error ? `Error: ${error}` : `Reply: ${reply}`),
  };
}
