/**
 * The entry for Node (Bun, and Deno through npm:, too). It is built as CommonJS; the ESM entry is a thin wrapper around
 * that file, so that a program which loads both has one implementation and one set of classes.
 *
 * The module is read from beside this file, and from an inlined copy where a server bundle has lost it.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Wakey } from "./client.js";
import { runtime } from "./codec.js";
import { type OpenOptions, opener } from "./open.js";

export * from "./api.js";

const slice = Buffer.prototype.utf8Slice;
if (typeof slice === "function") runtime.utf8 = (bytes, from, to) => slice.call(bytes as Buffer, from, to);

async function standard(): Promise<WebAssembly.Module> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readFile(join(__dirname, "core.wasm"));
  } catch {
    bytes = Buffer.from((require("./core.inline.cjs") as { core: string }).core, "base64");
  }
  return WebAssembly.compile(bytes);
}

/** Opens a database in memory. */
export const open: (options?: OpenOptions) => Promise<Wakey> = opener(standard);
