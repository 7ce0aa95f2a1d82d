/**
 * The entry `wakey/redis-mock`: node-redis itself (`redis` 4 to 6), whose servers are in this process. Everything that `redis`
 * exports; `jest.mock("redis", () => require("wakey/redis-mock"))`, `vi.mock("redis", () => import("wakey/redis-mock"))`.
 *
 * Clients of one host and port share a server; another port is another one. A cluster is one node that has all slots; sentinels know
 * one master for each name. What concerns a network (tls, passwords where there are no users) has no effect.
 */
import * as actual from "redis";
import type { Wakey } from "./client/client.js";
import { engineOf } from "./client/port.js";
import { connect } from "./net/pair.js";
import { openSync } from "./node.js";
import type { OpenSyncOptions } from "./open/open.js";
import { mindImmediates } from "./testing/fakes.js";
import { addressOf, serversWith } from "./testing/servers.js";
import { socketTo, type Target, type Way, wayOf } from "./testing/sockets.js";

export * from "redis";
export type { OpenSyncOptions };

const { at: serverAt, reset: resetAll } = serversWith(openSync);

/**
 * Closes all servers and drops their data. Connected clients see their connection end, and reconnect to empty servers. From then on,
 * servers are opened with these options: a clock, a seed, users.
 */
export const reset: (options?: OpenSyncOptions) => void = resetAll;

/** As much of options as is used here: their declarations differ between the majors. */
interface Options {
  url?: string;
  socket?: Target;
  [name: string]: unknown;
}

interface ClusterOptions {
  rootNodes?: readonly Options[];
  defaults?: Options;
}

interface SentinelOptions {
  name?: string;
  sentinelRootNodes?: readonly Target[];
  nodeClientOptions?: Options;
  sentinelClientOptions?: Options;
}

type Make = (options?: object, ...rest: unknown[]) => { options?: Options };

/** Which server each client goes to. */
const servers = new WeakMap<object, () => Wakey>();
const serverOf = new WeakMap<Way, (target: Target) => Wakey>();

/** The way to servers, where connections believe to be at `laddr`. A server is looked up anew for each connection. */
function wayTo(server: (target: Target) => Wakey, laddr: (target: Target) => string = nameOf): Way {
  const way: Way = (target) => {
    mindImmediates();
    const engine = engineOf(server(target));
    return connect(engine, { laddr: laddr(target), trusted: engine.needsNoPassword() });
  };
  serverOf.set(way, server);
  return way;
}

function nameOf({ host, port, path }: Target): string {
  return addressOf(host, port, path);
}

/** Where options lead, as node-redis reads them: what it finds wrong with a URL is left to it. */
function targetOf({ url, socket }: Options): Target {
  if (url === undefined) return socket ?? {};
  if (!URL.canParse(url)) return {};
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol === "unix:") return { path: decodeURIComponent(pathname) };
  return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port || (socket?.port ?? 6379)) };
}

/** Options that lead this way; without the passwords that a server without users would not know. */
function leading(options: Options, way: Way, server: Wakey): Options {
  // For notices of maintenance node-redis would ask DNS about the host.
  const here = { maintNotifications: "disabled", socket: socketTo(way, options.socket) };
  if (!engineOf(server).needsNoPassword()) return { ...options, ...here };
  const { username: _, password: __, credentialsProvider: ___, url, ...rest } = options;
  return { ...rest, ...(url === undefined ? {} : { url: url.replace(/^(\w+:\/\/)[^/?#]*@/, "$1") }), ...here };
}

const toAddress = wayTo((target) => serverAt(nameOf(target)));

/** A maker of clients, whose options lead to servers here. */
function making(name: string): unknown {
  const make = (actual as unknown as Record<string, Make | undefined>)[name];
  return (
    make &&
    ((options: Options = {}, ...rest: unknown[]): object => {
      const address = nameOf(targetOf(options));
      const client = make(leading(options, toAddress, serverAt(address)), ...rest);
      servers.set(client, () => serverAt(address));
      return client;
    })
  );
}

function cluster(options: ClusterOptions): object {
  const { rootNodes = [], defaults = {} } = options;
  const first = targetOf(rootNodes[0] ?? {});
  const address = nameOf(first);
  const server = (): Wakey => {
    const db = serverAt(`cluster:${address}`, { cluster: true });
    engineOf(db).configure("port", String(first.port ?? 6379));
    return db;
  };
  const way = wayTo(server, () => address);
  const client = (actual.createCluster as unknown as Make)({
    ...options,
    rootNodes: rootNodes.map((node) => leading(node, way, server())),
    defaults: leading(defaults, way, server()),
  });
  servers.set(client, server);
  return client;
}

/** A sentinel that knows a master of every name, and no replica. */
function sentinelAt(address: string): Wakey {
  const db = serverAt(`sentinels:${address}`);
  if (sentinels.has(db)) return db;
  sentinels.add(db);
  db.intercept("SENTINEL", ([, what = ""]) => {
    if (what.toUpperCase() !== "MASTER") return [];
    return new Map([
      ["ip", "127.0.0.1"],
      ["port", "6379"],
      ["flags", "master"],
    ]);
  });
  return db;
}

const sentinels = new WeakSet<Wakey>();

function sentinel(options: SentinelOptions): object {
  const { name = "mymaster", nodeClientOptions = {}, sentinelClientOptions = {} } = options;
  const server = (): Wakey => serverAt(`sentinel:${name}`);
  const client = (actual.createSentinel as unknown as Make)({
    ...options,
    nodeClientOptions: leading(nodeClientOptions, wayTo(server), server()),
    sentinelClientOptions: leading(
      sentinelClientOptions,
      wayTo((target) => sentinelAt(nameOf(target))),
      server(),
    ),
  });
  servers.set(client, server);
  return client;
}

/** The database behind a client: its clock, `intercept`, other sessions. */
export function databaseOf(client: object): Wakey {
  const known = servers.get(client);
  if (known !== undefined) return known();
  // What a client was made from: `duplicate`, a node of a cluster.
  const { socket } = (client as { options?: Options }).options ?? {};
  const way = wayOf(socket);
  const server = way && serverOf.get(way);
  if (server === undefined) throw new TypeError("this is not a client of wakey/redis-mock");
  return server(socket ?? {});
}

type Real = typeof actual;
/** What a major may not have. */
type Maybe<Name extends string> = Real[Name & keyof Real];

/** node-redis's createClient, whose server is in this process. */
export const createClient: Real["createClient"] = making("createClient") as Real["createClient"];
/** node-redis's createClientPool, in this process; undefined before node-redis 5. */
export const createClientPool: Maybe<"createClientPool"> = making("createClientPool") as Maybe<"createClientPool">;
/** node-redis's createCluster, on a node of this process that has all slots. */
export const createCluster: Real["createCluster"] = cluster as unknown as Real["createCluster"];
/** node-redis's createSentinel, by sentinels of this process; undefined before node-redis 5. */
export const createSentinel: Maybe<"createSentinel"> = ("createSentinel" in actual
  ? sentinel
  : undefined) as unknown as Maybe<"createSentinel">;

/** All of node-redis, with these in the place of its own. */
const all: Real = { ...actual, createClient, createClientPool, createCluster, createSentinel };

export default all;
