/** The entry `wakey/cloudflare`: a database as a Durable Object, or over several. */

export type { Outcome, RpcReply } from "./cloudflare/calls.js";
export type { Database, DatabaseOptions, RpcCommand } from "./cloudflare/database.js";
export { WakeyObject, wakey } from "./cloudflare/object.js";
export type { ObjectOptions, WakeyEnv } from "./cloudflare/options.js";
