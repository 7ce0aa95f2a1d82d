/**
 * The module, in what a bundler makes for Node: inside the code, so that one file is all there is, and whatever the bundler does
 * with `import.meta`, with dynamic imports and with files beside its output.
 */
import { Buffer } from "node:buffer";
import { core } from "../../build/core.inline.js";

export function loadNow(): WebAssembly.Module {
  return new WebAssembly.Module(Buffer.from(core, "base64"));
}

export async function load(): Promise<WebAssembly.Module> {
  return loadNow();
}
