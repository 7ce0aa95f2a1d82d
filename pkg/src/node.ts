/**
 * The entry for Node (Bun, and Deno through npm:, too). It is built as CommonJS; the ESM entry is a thin wrapper around
 * that file, so that a program which loads both has one implementation and one set of classes.
 *
 * The module is read from beside this file, and from an inlined copy where a server bundle has lost it.
 */
import { randomFillSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runtime } from "./codec.js";
import { type Open, opener, schemes } from "./open.js";
import { fileStore } from "./stores/file.js";

export * from "./api.js";

const { utf8Slice } = Buffer.prototype as { utf8Slice?: (this: Uint8Array, from: number, to: number) => string };
if (typeof utf8Slice === "function") runtime.utf8 = (bytes, from, to) => utf8Slice.call(bytes, from, to);

runtime.random = () => randomFillSync(new BigUint64Array(1))[0] as bigint;

schemes["file"] = fileStore;

/** Reads and compiles at once: three milliseconds, once a process; the asynchronous ways wait longer for their threads. */
async function standard(): Promise<WebAssembly.Module> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(readFileSync(join(__dirname, "core.wasm")));
  } catch {
    bytes = new Uint8Array(Buffer.from((require("./core.inline.cjs") as { core: string }).core, "base64"));
  }
  return new WebAssembly.Module(bytes);
}

/** Opens a database: in memory, or on a store. */
export const open: Open = opener(standard);

/** What `wakey/slim` calls `open` in Node. @internal */
export { open as openSlim } from "./slim.js";
