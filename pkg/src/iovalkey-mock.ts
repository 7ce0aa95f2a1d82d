/**
 * The entry `wakey/iovalkey-mock`: iovalkey itself, whose servers are in this process. `new Redis()` at once, in CommonJS and as ESM;
 * `jest.mock("iovalkey", () => require("wakey/iovalkey-mock"))`, `vi.mock("iovalkey", () => import("wakey/iovalkey-mock"))`.
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
} from "iovalkey";
import * as commandFile from "iovalkey/built/Command.js";
import * as clusterFile from "iovalkey/built/cluster/index.js";
import * as abstractFile from "iovalkey/built/connectors/AbstractConnector.js";
import * as sentinelFile from "iovalkey/built/connectors/SentinelConnector/index.js";
import * as pipelineFile from "iovalkey/built/Pipeline.js";
import * as redisFile from "iovalkey/built/Redis.js";
import * as scanFile from "iovalkey/built/ScanStream.js";
import { openSync } from "./node.js";
import type { OpenSyncOptions } from "./open/open.js";
import { ioredisHere } from "./testing/ioredis.js";
import { type Data, type Seed, serversWith } from "./testing/servers.js";

export type { Data, OpenSyncOptions, Seed };

const servers = serversWith(openSync);
const here = ioredisHere(
  "iovalkey",
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

/** Options of a client: iovalkey's, and what its server begins with. */
export interface RedisOptions extends RealOptions {
  /** Keys and values that replace the server's data when the client is created. */
  data?: Data;
}

/** Options of a client of a cluster. */
export interface ClusterOptions extends RealClusterOptions {
  data?: Data;
}

/** iovalkey's Cluster, on a node of this process that has all slots. */
export const Cluster = here.Cluster as typeof RealCluster &
  (new (
    nodes: readonly (string | number | { host?: string; port?: number })[],
    options?: ClusterOptions,
  ) => RealCluster);

/** iovalkey's Redis, on a server of this process. */
export const Redis = here.Redis as typeof RealRedis & {
  new (options: RedisOptions): RealRedis;
  new (port: number, options: RedisOptions): RealRedis;
  new (port: number, host: string, options: RedisOptions): RealRedis;
  new (path: string, options: RedisOptions): RealRedis;
  Cluster: typeof Cluster;
};

/** As iovalkey calls it, too. */
export const Valkey = Redis;

/** iovalkey's own, as the next four are: a command. */
export const Command = here.Command as typeof RealCommand;
/** iovalkey's stream of keys. */
export const ScanStream = here.ScanStream as typeof RealScanStream;
/** iovalkey's pipeline. */
export const Pipeline = here.Pipeline as typeof RealPipeline;
/** What iovalkey's connectors extend. */
export const AbstractConnector = here.AbstractConnector as typeof RealAbstractConnector;
/** iovalkey's connector by sentinels. */
export const SentinelConnector = here.SentinelConnector as typeof RealSentinelConnector;
/** The database behind a client: its clock, `intercept`, other sessions. */
export const databaseOf = here.databaseOf;
/** iovalkey's print, for callbacks. */
export const print = here.print;
/** iovalkey's class of error replies. */
export const ReplyError = here.ReplyError;

export default Redis;
