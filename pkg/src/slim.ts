/** The entry without a module: `open({ wasm })` takes a WebAssembly.Module, bytes or a Response. */
import { browserStores } from "./open/browser.js";
import { type OpenSlim, type OpenSyncSlim, openSlim, openSyncSlim } from "./open/open.js";

export * from "./api.js";
export type { SlimOptions } from "./open/options.js";

/** Opens a database on the given module. */
export const open: OpenSlim = openSlim(browserStores);

/** Opens a database on the given module at once, in memory. */
export const openSync: OpenSyncSlim = openSyncSlim;
