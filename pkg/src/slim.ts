/** The entry without a module: `open({ wasm })` takes a WebAssembly.Module, bytes or a Response. */
import type { Wakey } from "./client.js";
import { type OpenOptions, opener, type WasmSource } from "./open.js";
import { browserStores } from "./stores/browser.js";

export * from "./api.js";

browserStores();

/** `OpenOptions` with the module given by the caller. */
export type SlimOptions = OpenOptions & { wasm: WasmSource };

/** Opens a database on the given module. */
export const open: ((options: SlimOptions) => Promise<Wakey>) & ((where: string, options: SlimOptions) => Promise<Wakey>) = opener(() =>
  Promise.reject(new TypeError("open(): wakey/slim needs the option wasm: a WebAssembly.Module, bytes, or a Response")),
);
