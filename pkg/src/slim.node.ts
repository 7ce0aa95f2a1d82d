/** The entry without a module, in Node: that of `slim.ts`, with Node's stores. */
import { fileStores, platform } from "./open/node.js";
import { type OpenSlim, type OpenSyncSlim, openSlim, openSyncSlim } from "./open/open.js";

export * from "./api.js";

platform();

export const open: OpenSlim = openSlim(fileStores);

/** Opens a database on the given module at once, in memory. */
export const openSync: OpenSyncSlim = openSyncSlim;
