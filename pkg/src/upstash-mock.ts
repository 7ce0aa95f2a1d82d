/**
 * The entry `wakey/upstash-mock`: @upstash/redis itself, whose databases are in this process. Everything that it exports;
 * `jest.mock("@upstash/redis", () => require("wakey/upstash-mock"))`, `vi.mock("@upstash/redis", () => import("wakey/upstash-mock"))`.
 *
 * Clients of one host share a database. No token is asked for, and no environment: without a URL there is one database.
 */
import { errors, Redis as RealRedis } from "@upstash/redis";
import type { Wakey } from "./client/client.js";
import { type Requester, requester, type UpstashRequest, type UpstashResponse } from "./http/requester.js";
import { openSync } from "./node.js";
import type { OpenSyncOptions } from "./open/open.js";
import { addressOf, serversWith } from "./testing/servers.js";

export * from "@upstash/redis";
export type { OpenSyncOptions };

const { at: serverAt, reset: resetAll } = serversWith(openSync);

/** Closes all databases and drops their data; clients go on with empty ones, opened with these options: a clock, a seed. */
export const reset: (options?: OpenSyncOptions) => void = resetAll;

interface Config {
  url?: string | undefined;
  token?: string | undefined;
  request?: Requester["request"];
  [name: string]: unknown;
}

/** As much of the class as is used here. */
type AnyClass = new (config: Config) => { client: Requester };

const servers = new WeakMap<object, () => Wakey>();
const requesters = new WeakMap<Wakey, Requester>();

function nameOf(url: string | undefined): string {
  if (url === undefined || !URL.canParse(url)) return "upstash";
  const { hostname, port, protocol } = new URL(url);
  return `upstash:${addressOf(hostname, port || (protocol === "http:" ? 80 : 443))}`;
}

/** A requester to a database, that throws what the one over HTTP throws. The database is looked up anew for each request. */
function requestTo(server: () => Wakey): Requester["request"] {
  const failed = (message: string, body: unknown): never => {
    throw new errors.UpstashError(`${message}, command was: ${JSON.stringify(body)}`);
  };
  return async <T>(request: UpstashRequest): Promise<UpstashResponse<T>> => {
    const db = server();
    let to = requesters.get(db);
    if (to === undefined) {
      to = requester(db);
      requesters.set(db, to);
    }
    const answer = await to.request<T>(request).catch((error: Error): never => {
      if (error.name !== "ReplyError") throw error;
      return failed(error.message, request.body);
    });
    return answer.error === undefined ? answer : failed(answer.error, request.body);
  };
}

class RedisHere extends (RealRedis as unknown as AnyClass) {
  constructor(config: Config = {}) {
    // The real one warns of these, where they are not there.
    super({ ...config, url: config.url?.trim() || "https://localhost", token: config.token?.trim() || "token" });
    const target = nameOf(config.url);
    const server = (): Wakey => serverAt(target);
    servers.set(this.client, server);
    this.client.request = config.request?.bind(config) ?? requestTo(server);
  }

  /** As in Node (`config`), and as on Cloudflare and Fastly (`env`, `config`). */
  static fromEnv(first: Config = {}, second: Config = {}): RedisHere {
    const env = { ...globalThis.process?.env, ...first } as Record<string, string | undefined>;
    const url = env["UPSTASH_REDIS_REST_URL"] || env["KV_REST_API_URL"];
    return new RedisHere({ ...first, ...second, url });
  }
}

Object.defineProperty(RedisHere, "name", { value: "Redis" });

/** The database behind a client: its clock, `intercept`, other sessions. */
export function databaseOf(client: object): Wakey {
  const server = servers.get((client as { client?: object }).client ?? client);
  if (server === undefined) throw new TypeError("this is not a client of wakey/upstash-mock");
  return server();
}

/** @upstash/redis's Redis, on a database of this process. */
export const Redis = RedisHere as unknown as typeof RealRedis & (new () => RealRedis);
/** An instance of it; @upstash/redis's class. */
export type Redis = RealRedis;
