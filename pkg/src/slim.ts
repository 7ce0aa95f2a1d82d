/** The entry without a module: `open({ wasm })` takes a WebAssembly.Module, bytes or a Response. */
import type { Wakey } from "./client.js";
import { type OpenOptions, opener, type WasmSource } from "./open.js";

export * from "./api.js";

/** `OpenOptions` with the module given by the caller. */
export type SlimOptions = OpenOptions & { wasm: WasmSource };

/** Opens a database in memory on the given module. */
export const open: (options: SlimOptions) => Promise<Wakey> = opener(() =>
  Promise.reject(new TypeError("open(): wakey/slim needs the option wasm: a WebAssembly.Module, bytes, or a Response")),
) as (options: SlimOptions) => Promise<Wakey>;
