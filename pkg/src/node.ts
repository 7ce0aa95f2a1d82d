/**
 * The entry for Node (Bun, and Deno through npm:, too), as ESM and as CommonJS.
 *
 * Where the module comes from is `open/load.ts`, of which the build makes three: of a file beside an ES module (`load.ts`), beside a
 * CommonJS one (`load.require.ts`), and for bundlers of what is inside the code (`load.bundled.ts`).
 */
import { load } from "./open/load.js";
import { fileStores, platform } from "./open/node.js";
import { type Open, opener } from "./open/open.js";

export * from "./api.js";

platform();

/** Opens a database: in memory, or on a store. */
export const open: Open = opener(load, { stores: fileStores });
