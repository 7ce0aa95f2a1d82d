/**
 * The module, in Node as ESM: read from beside this file, or from an inlined copy where a bundle has lost it.
 *
 * Reads and compiles at once: six to nine milliseconds, once a process; the asynchronous ways take as long, and wait for their threads.
 */
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";

function beside(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL("./core.wasm", import.meta.url)));
}

export function loadNow(): WebAssembly.Module {
  try {
    return beside();
  } catch (cause) {
    const text = "openSync(): core.wasm is not beside this file any more; copy it there, give the option wasm, or use open()";
    throw new Error(text, { cause });
  }
}

export async function load(): Promise<WebAssembly.Module> {
  try {
    return beside();
  } catch {
    const { core } = await import("../../build/core.inline.js");
    return new WebAssembly.Module(Buffer.from(core, "base64"));
  }
}
