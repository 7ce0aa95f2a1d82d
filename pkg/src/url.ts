/** The entry that fetches `core.wasm` from beside itself and compiles it while it arrives. */
import { browserStores } from "./open/browser.js";
import { compile, type Open, opener } from "./open/open.js";

export * from "./api.js";

/** Opens a database: in memory, or on a store. */
export const open: Open = opener(() => compile(fetch(new URL("./core.wasm", import.meta.url))), { stores: browserStores });
