/** The module, in Node as CommonJS: as `load.ts`. */
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export function loadNow(): WebAssembly.Module {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = readFileSync(join(__dirname, "core.wasm"));
  } catch {
    bytes = Buffer.from((require("./core.inline.cjs") as { core: string }).core, "base64");
  }
  return new WebAssembly.Module(bytes);
}

export async function load(): Promise<WebAssembly.Module> {
  return loadNow();
}
