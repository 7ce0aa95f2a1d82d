/**
 * The entry `wakey/ioredis`: ioredis (5 and 6) on an engine in this process, `new Redis(options(db))`. Its Connector option
 * gives it one end of a pair of streams instead of a socket. ioredis does all that it does over a network: handshake, ready
 * check, pipelines, blocking commands, subscriptions, reconnecting.
 *
 * Each connection is a session that needs no password; ioredis's `db` option is the number of the database.
 */
import type { Duplex } from "node:stream";
import type { RedisOptions } from "ioredis";
import type { Client } from "./client/client.js";
import type { Entries } from "./client/command-types.js";
import { engineOf } from "./client/port.js";
import { connect } from "./net/pair.js";

/**
 * Options for ioredis: `new Redis(options(db))`, or with more of its own: `new Redis(options(db, { keyPrefix: "app:" }))`.
 * What concerns a network (host, port, path, tls, sentinels) has no effect. A database that is closed ends the client: its
 * commands fail, and it emits an `error` and `end`.
 */
export function options<More extends RedisOptions>(db: Client<string, Entries>, more?: More): More & Pick<RedisOptions, "Connector"> {
  const engine = engineOf(db);
  class Connector {
    private stream: Duplex | undefined = undefined;

    check(): boolean {
      return true;
    }

    async connect(): Promise<Duplex> {
      this.stream = connect(engine);
      return this.stream;
    }

    disconnect(): void {
      this.stream?.end();
    }
  }
  return { ...(more as More), Connector: Connector as unknown as NonNullable<RedisOptions["Connector"]> };
}
