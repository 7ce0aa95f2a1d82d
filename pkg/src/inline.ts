/** The entry for browsers and bundlers: the module as base64 inside, compiled asynchronously, nothing to configure. */
import { core } from "../build/core.inline.js";
import type { Wakey } from "./client.js";
import { type OpenOptions, opener } from "./open.js";

export * from "./api.js";

function bytes(): Uint8Array<ArrayBuffer> {
  const binary = atob(core);
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < out.length; i++) out[i] = binary.charCodeAt(i);
  return out;
}

/** Opens a database in memory. */
export const open: (options?: OpenOptions) => Promise<Wakey> = opener(() => WebAssembly.compile(bytes()));
