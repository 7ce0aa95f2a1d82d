/**
 * The entry for Node (Bun, and Deno through npm:, too), as ESM and as CommonJS.
 *
 * Where the module comes from is `open/load.ts`, of which the build makes three: of a file beside an ES module (`load.ts`), beside a
 * CommonJS one (`load.require.ts`), and for bundlers of what is inside the code (`load.bundled.ts`).
 */
import { load, loadNow } from "./open/load.js";
import { fileStores, platform } from "./open/node.js";
import { type Open, type OpenSync, opener, openerSync } from "./open/open.js";

export * from "./api.js";

platform();

/** Opens a database: in memory, or on a store. */
export const open: Open = opener(load, { stores: fileStores });

/**
 * Opens a database at once, in memory: for places where a promise is in the way, such as the top of a CommonJS file or a constructor.
 * The module is compiled by the first call, which takes some milliseconds.
 */
export const openSync: OpenSync = openerSync(loadNow);
