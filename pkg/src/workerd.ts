/**
 * The entry for Cloudflare's workerd, where a module must be a static import. No timer is set: a key expires when it is
 * read, and an alarm set to `db.nextDeadline()` can call `db.tick()`.
 */
import { DOCS } from "./core/docs.gen.js";
import core from "./core.wasm";
import { type Open, type OpenSync, opener, openerSync } from "./open/open.js";

export * from "./api.js";

const words = (): string => DOCS;

/** Opens a database: in memory, or on a store. */
export const open: Open = opener(() => Promise.resolve(core), { timer: false, words });

/** Opens a database at once, in memory. */
export const openSync: OpenSync = openerSync(() => core, { timer: false, words });
