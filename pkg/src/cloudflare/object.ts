/**
 * Wakey as a Durable Object: `export { WakeyObject } from "wakey/cloudflare"` in a Worker, with a binding to it.
 *
 * An object is a database. It restores itself from its SQLite storage when it is first used, has written what it answers,
 * sets its alarm to the next deadline, and sleeps when nobody asks. It is reached by RPC (`stub.command("SET", "k", "v")`),
 * which needs no token, and by `stub.fetch(request)`: Upstash's REST interface, or a WebSocket that carries RESP.
 *
 * `wakey(namespace, { shards })` spreads one database over several objects.
 */
import * as platform from "cloudflare:workers";
import core from "../core.wasm";
import type { Access } from "../http/backend.js";
import type { Arg } from "../resp/command.js";
import { carried, type Outcome, type RpcReply } from "./calls.js";
import { type Database, type DatabaseOptions, databases, type RpcCommand } from "./database.js";
import { Host } from "./host.js";
import type { ObjectOptions, Place, WakeyEnv } from "./options.js";
import type { ObjectContext, ObjectNamespace, ObjectSocket } from "./platform.js";
import type { ShardTerms } from "./router.js";

/**
 * A database for a Worker: `wakey(env.DATABASE).fetch(request)`, or `.command("GET", "k")`. With `shards` it is spread over that
 * many objects by the cluster slot of its keys. Cheap: create one for each request.
 */
export const wakey: (namespace: ObjectNamespace, options?: DatabaseOptions) => Database = databases(core, (work) =>
  platform.waitUntil?.(work),
);

/** The Durable Object: a database, kept in the object's storage. */
export class WakeyObject<Env extends WakeyEnv = WakeyEnv> extends platform.DurableObject<Env> {
  /** Set in a class that extends this one: `override options = { cors: "*" }`. */
  options: ObjectOptions = {};
  readonly #host: Host;

  constructor(ctx: ConstructorParameters<typeof platform.DurableObject>[0], env: Env) {
    super(ctx, env);
    this.#host = new Host(core, ctx as unknown as ObjectContext, env, () => this.options);
  }

  /**
   * Runs a command on a session of its own: `await stub.command("SET", "k", "v")`. Returns what `db.call` returns. A Redis
   * error is thrown as an `Error` with its text, such as `WRONGTYPE Operation against ...`.
   */
  async command(name: string, ...args: Arg[]): Promise<RpcReply> {
    return carried(this.#host.calls.command([name, ...args]));
  }

  /** Like `command`, with bulk strings as `Uint8Array`. */
  async commandBytes(name: string, ...args: Arg[]): Promise<RpcReply<Uint8Array>> {
    return carried(this.#host.calls.command([name, ...args], true));
  }

  /** Runs commands one after the other in one session; each has its result or its error. */
  async pipeline(commands: readonly RpcCommand[]): Promise<Outcome[]> {
    return carried(this.#host.calls.pipeline(commands));
  }

  /** Runs commands as a transaction. Throws if none of it ran. */
  async multi(commands: readonly RpcCommand[]): Promise<Outcome[]> {
    return carried(this.#host.calls.multi(commands));
  }

  /** Runs commands for a router that spreads a database over objects; RESP2. @internal */
  async shardRun(place: Place, commands: readonly (readonly (string | Uint8Array)[])[], terms: ShardTerms): Promise<Uint8Array[]> {
    return this.#host.run(place, commands, terms);
  }

  /** Calls off what a router has asked for under this name: its client has left. @internal */
  async shardCallOff(name: string): Promise<void> {
    this.#host.callOff(name);
  }

  /** Opens a session for a router that goes on talking: its reply, and a stream of RESP2. @internal */
  async shardFollow(
    place: Place,
    command: readonly (string | Uint8Array)[],
    access: Access,
    name: string,
  ): Promise<{ reply: Uint8Array; stream: ReadableStream<Uint8Array> }> {
    return this.#host.follow(place, command, access, name);
  }

  /** Upstash's REST interface, or a WebSocket that carries RESP. */
  override async fetch(request: Request): Promise<Response> {
    return this.#host.fetch(request);
  }

  /** Removes what is due; the platform calls it. */
  override async alarm(): Promise<void> {
    await this.#host.alarm();
  }

  /** RESP of a client; the platform calls it, and the next two. */
  override async webSocketMessage(socket: unknown, message: ArrayBuffer | string): Promise<void> {
    await this.#host.use();
    this.#host.sockets.receive(socket as ObjectSocket, message);
  }

  /** A client has left. */
  override webSocketClose(socket: unknown): void {
    this.#host.sockets.drop(socket as ObjectSocket, true);
  }

  /** A client was lost. */
  override webSocketError(socket: unknown): void {
    this.#host.sockets.drop(socket as ObjectSocket, false);
  }
}
