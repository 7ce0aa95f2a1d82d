/**
 * The entry for Cloudflare's workerd, where a module must be a static import. No timer is set: a key expires when it is
 * read, and an alarm set to `db.nextDeadline()` can call `db.tick()`.
 */

import type { Wakey } from "./client.js";
import core from "./core.wasm";
import { type OpenOptions, opener } from "./open.js";

export * from "./api.js";

/** Opens a database in memory. */
export const open: (options?: OpenOptions) => Promise<Wakey> = opener(() => Promise.resolve(core), false);
