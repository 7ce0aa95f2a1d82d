/**
 * The module, in Node as ESM: read from beside this file, or from an inlined copy where a bundle has lost it.
 *
 * Reads and compiles at once: three milliseconds, once a process; the asynchronous ways wait longer for their threads.
 */
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";

export async function load(): Promise<WebAssembly.Module> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(readFileSync(new URL("./core.wasm", import.meta.url)));
  } catch {
    bytes = new Uint8Array(Buffer.from((await import("../../build/core.inline.js")).core, "base64"));
  }
  return new WebAssembly.Module(bytes);
}
