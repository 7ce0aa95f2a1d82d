/** The entry that fetches `core.wasm` from beside itself and compiles it while it arrives. */
import type { Wakey } from "./client.js";
import { compile, type OpenOptions, opener } from "./open.js";

export * from "./api.js";

/** Opens a database in memory. */
export const open: (options?: OpenOptions) => Promise<Wakey> = opener(() => compile(fetch(new URL("./core.wasm", import.meta.url))));
