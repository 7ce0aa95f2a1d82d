/** The entry without a module: `open({ wasm })` takes a WebAssembly.Module, bytes or a Response. */
import { type OpenSlim, openSlim } from "./open.js";
import { browserStores } from "./stores/browser.js";

export * from "./api.js";
export type { SlimOptions } from "./open.js";

/** Opens a database on the given module. */
export const open: OpenSlim = openSlim(browserStores);
