/**
 * The entry `wakey/ioredis-mock`: ioredis itself, whose servers are in this process. `new Redis()` at once, in CommonJS and as ESM;
 * `jest.mock("ioredis", () => require("wakey/ioredis-mock"))`, `vi.mock("ioredis", () => import("wakey/ioredis-mock"))`.
 *
 * Clients of one host and port share a server; another port is another one. What concerns a network (tls, sentinels, passwords
 * where there are no users) has no effect.
 */
import type { Duplex } from "node:stream";
import type {
  AbstractConnector as RealAbstractConnector,
  Cluster as RealCluster,
  ClusterOptions as RealClusterOptions,
  Command as RealCommand,
  RedisOptions as RealOptions,
  Pipeline as RealPipeline,
  Redis as RealRedis,
  ScanStream as RealScanStream,
  SentinelConnector as RealSentinelConnector,
} from "ioredis";
import * as commandFile from "ioredis/built/Command.js";
import * as clusterFile from "ioredis/built/cluster/index.js";
import * as abstractFile from "ioredis/built/connectors/AbstractConnector.js";
import * as sentinelFile from "ioredis/built/connectors/SentinelConnector/index.js";
import * as pipelineFile from "ioredis/built/Pipeline.js";
import * as redisFile from "ioredis/built/Redis.js";
import * as scanFile from "ioredis/built/ScanStream.js";
import type { Wakey } from "./client/client.js";
import { engineOf } from "./client/port.js";
import { connect } from "./net/pair.js";
import { openSync } from "./node.js";
import type { OpenSyncOptions } from "./open/open.js";
import { addressOf, type Data, type Seed, seed, serversWith } from "./testing/servers.js";
import { classOf, requireWithin } from "./testing/within.js";

export type { Data, OpenSyncOptions, Seed };

const { at: serverAt, reset: resetAll } = serversWith(openSync);

/**
 * Ends all servers and what they hold. Clients that are connected see their connection end, and come back to empty ones. Servers are
 * opened with these options from then on: a clock, a seed, users.
 */
export const reset: (options?: OpenSyncOptions) => void = resetAll;

/** As much of ioredis's classes as is used here: its own declarations differ between its majors. */
interface AnyClient {
  options: RedisOptions;
  parseOptions(...args: readonly unknown[]): void;
}

type AnyClass<Args extends readonly unknown[], T> = new (...args: Args) => T;

const RedisClass = classOf<AnyClass<readonly unknown[], AnyClient>>(redisFile);
const ClusterClass =
  classOf<AnyClass<readonly [readonly Node[], object], { options: RealClusterOptions; startupNodes: readonly Node[] }>>(clusterFile);

/** Options of a client: ioredis's, and what its server begins with. */
export interface RedisOptions extends RealOptions {
  /** Keys and values that are put into the server when the client is made, in the place of what is there. */
  data?: Data;
}

/** Options of a client of a cluster. */
export interface ClusterOptions extends RealClusterOptions {
  data?: Data;
}

/** Where a client believes to go: a part of what ioredis has made of its arguments. */
type Target = Pick<RealOptions, "host" | "port" | "path" | "sentinels" | "name">;

/** Which server each client goes to. */
const servers = new WeakMap<object, () => Wakey>();

function nameOf({ host, port, path, sentinels, name }: Target): string {
  if (sentinels) return `sentinel:${name ?? "mymaster"}`;
  return path ? `unix:${path}` : addressOf(host, port);
}

/** ioredis's way to a stream, which leads to a server here. It is looked up anew for each connection. */
function connectorTo(server: () => Wakey, laddr: string): NonNullable<RealOptions["Connector"]> {
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
  return Connector as unknown as NonNullable<RealOptions["Connector"]>;
}

/** Passwords that a server without users would only warn of. */
function withoutPassword<T extends object>(options: T, server: Wakey): T {
  if (!engineOf(server).needsNoPassword()) return options;
  const { username: _, password: __, ...rest } = options as T & { username?: unknown; password?: unknown };
  return rest as T;
}

/** The database behind a client: its clock, `intercept`, other sessions. */
export function databaseOf(client: object): Wakey {
  const server = servers.get(client);
  if (server === undefined) throw new TypeError("this is no client of wakey/ioredis-mock");
  return server();
}

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

type Node = string | number | { host?: string; port?: number };

function portOf(node: Node | undefined): { host: string | undefined; port: number } {
  if (typeof node === "number") return { host: undefined, port: node };
  if (typeof node !== "string") return { host: node?.host, port: node?.port ?? 6379 };
  const url = new URL(/^[a-z]+:\/\//.test(node) ? node : `redis://${node}`);
  return { host: url.hostname || undefined, port: Number(url.port || 6379) };
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
Object.defineProperties(RedisHere, { name: { value: "Redis" }, Cluster: { value: ClusterHere, configurable: true } });
Object.defineProperty(ClusterHere, "name", { value: "Cluster" });

/** ioredis's Cluster, on a node of this process that has all slots. */
export const Cluster = ClusterHere as unknown as typeof RealCluster &
  (new (
    nodes: readonly Node[],
    options?: ClusterOptions,
  ) => RealCluster);

/** ioredis's Redis, on a server of this process. */
export const Redis = RedisHere as unknown as typeof RealRedis & {
  new (options: RedisOptions): RealRedis;
  new (port: number, options: RedisOptions): RealRedis;
  new (port: number, host: string, options: RedisOptions): RealRedis;
  new (path: string, options: RedisOptions): RealRedis;
  Cluster: typeof Cluster;
};

export const Command = classOf<typeof RealCommand>(commandFile);
export const ScanStream = classOf<typeof RealScanStream>(scanFile);
export const Pipeline = classOf<typeof RealPipeline>(pipelineFile);
export const AbstractConnector = classOf<typeof RealAbstractConnector>(abstractFile);
export const SentinelConnector = classOf<typeof RealSentinelConnector>(sentinelFile);

/** The class of errors that ioredis gives for errors of the server. */
export const ReplyError: new (message: string) => Error =
  requireWithin<{ ReplyError: new (message: string) => Error }>("ioredis/built/Redis.js", "redis-errors")?.ReplyError ?? Error;

/** Prints a reply, as ioredis's `print`. */
export function print(error: Error | null, reply?: unknown): void {
  console.log(error ? `Error: ${error}` : `Reply: ${reply}`);
}

export default Redis;
