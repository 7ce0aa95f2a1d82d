/** What `serve` is given, and what it gives. */
import type { Wakey } from "../client/client.js";
import type { Entries } from "../client/command-types.js";
import type { OpenOptions } from "../open/options.js";

/** Options of `serve`, and those of `open` for the database that it opens. */
export interface ServeOptions<E extends Entries = "array"> extends OpenOptions<E> {
  /** The database to serve; without it one is opened with the other options, and closed with the server. */
  db?: Wakey<E>;
  /** Default: 6380, and with a `path` none. 0: any free port. null: no TCP. */
  port?: number | null;
  /** The address to listen on. Default: 127.0.0.1. */
  host?: string;
  /** Listen on a Unix socket at this path; with a `port` on both. */
  path?: string;
  /** The mode of the Unix socket, as 0o700. */
  mode?: number;
  /** Whether clients may send DEBUG: `local` for those of this machine. Default: no, as in Redis. In process it always works. */
  enableDebugCommand?: "no" | "yes" | "local";
  /** A file of users, as Redis's `aclfile`: read when the server starts and by ACL LOAD, written by ACL SAVE. */
  aclfile?: string;
  /**
   * When to save by itself, as Redis's parameter of this name: `"60 100"` writes an RDB file after 60 seconds in which 100 keys have
   * changed; several points stand behind each other. Default: never.
   */
  save?: string;
  /**
   * For tests: clients may send WAKEY, which moves the clock, makes faults and begins anew (`WAKEY HELP`). Whoever can connect may do
   * all of that. Default: false.
   */
  testing?: boolean;
  /**
   * A redis.conf: its parameters hold where no option says otherwise, and CONFIG REWRITE writes it. `appendonly yes` keeps the data in its
   * `dir`. Not together with `db` or `shards`.
   */
  config?: string;
  /**
   * So many nodes of a Redis Cluster, at `port`, `port + 1` and so on (0: any free ones), each with its part of the slots and in memory
   * only. What is served then is a `ShardedServer`.
   */
  shards?: number;
  /** Told when the engine has stopped for good; the server has closed itself then. */
  onError?: (error: Error) => void;
  /** Told of damage in a store, and of clients that speak HTTP: a page in a browser may make it send that. Default: `console.warn`. */
  onWarning?: (message: string) => void;
  /** Told when a client's SHUTDOWN has closed the server and the database. */
  onShutdown?: () => void;
}

/** A running server. */
export interface Server<E extends Entries = "array"> {
  readonly db: Wakey<E>;
  /** The TCP port, or undefined without TCP. */
  readonly port: number | undefined;
  /** The address that it listens on, or undefined without TCP. */
  readonly host: string | undefined;
  /** The path of the Unix socket. */
  readonly path: string | undefined;
  /** How many clients are connected. */
  readonly clients: number;
  /** Stops listening, ends all connections, removes the Unix socket. Closes the database if `serve` opened it. */
  close(): Promise<void>;
}
