/**
 * The entry `wakey/ioredis-mock`: ioredis itself, whose servers are in this process. `new Redis()` at once, in CommonJS and as ESM;
 * `jest.mock("ioredis", () => require("wakey/ioredis-mock"))`, `vi.mock("ioredis", () => import("wakey/ioredis-mock"))`.
 *
 * Clients of one host and port share a server; another port is another one. What concerns a network (tls, sentinels, passwords
 * where there are no users) has no effect.
 */
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
import { openSync } from "./node.js";
import type { OpenSyncOptions } from "./open/open.js";
import { ioredisHere } from "./testing/ioredis.js";
import { type Data, type Seed, serversWith } from "./testing/servers.js";

export type { Data, OpenSyncOptions, Seed };

const servers = serversWith(openSync);
const here = ioredisHere(
  "ioredis",
  {
    Redis: redisFile,
    Cluster: clusterFile,
    Command: commandFile,
    Pipeline: pipelineFile,
    ScanStream: scanFile,
    AbstractConnector: abstractFile,
    SentinelConnector: sentinelFile,
  },
  servers,
);

/**
 * Closes all servers and drops their data. Connected clients see their connection end, and reconnect to empty servers. From then on,
 * servers are opened with these options: a clock, a seed, users.
 */
export const reset: (options?: OpenSyncOptions) => void = servers.reset;

/** Options of a client: ioredis's, and what its server begins with. */
export interface RedisOptions extends RealOptions {
  /** Keys and values that replace the server's data when the client is created. */
  data?: Data;
}

/** Options of a client of a cluster. */
export interface ClusterOptions extends RealClusterOptions {
  data?: Data;
}

/** ioredis's Cluster, on a node of this process that has all slots. */
export const Cluster = here.Cluster as typeof RealCluster &
  (new (
    nodes: readonly (string | number | { host?: string; port?: number })[],
    options?: ClusterOptions,
  ) => RealCluster);

/** ioredis's Redis, on a server of this process. */
export const Redis = here.Redis as typeof RealRedis & {
  new (options: RedisOptions): RealRedis;
  new (port: number, options: RedisOptions): RealRedis;
  new (port: number, host: string, options: RedisOptions): RealRedis;
  new (path: string, options: RedisOptions): RealRedis;
  Cluster: typeof Cluster;
};

/** ioredis's own, as the next four are: a command. */
export const Command = here.Command as typeof RealCommand;
/** ioredis's stream of keys. */
export const ScanStream = here.ScanStream as typeof RealScanStream;
/** ioredis's pipeline. */
export const Pipeline = here.Pipeline as typeof RealPipeline;
/** What ioredis's connectors extend. */
export const AbstractConnector = here.AbstractConnector as typeof RealAbstractConnector;
/** ioredis's connector by sentinels. */
export const SentinelConnector = here.SentinelConnector as typeof RealSentinelConnector;
/** The database behind a client: its clock, `intercept`, other sessions. */
export const databaseOf = here.databaseOf;
/** ioredis's print, for callbacks. */
export const print = here.print;
/** ioredis's class of error replies. */
export const ReplyError = here.ReplyError;

export default Redis;
