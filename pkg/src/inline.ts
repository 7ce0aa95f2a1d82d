/** The entry for browsers and bundlers: the module as base64 inside, compiled asynchronously, nothing to configure. */
import { core } from "../build/core.inline.js";
import { browserStores } from "./open/browser.js";
import { type Open, type OpenSync, opener, openerSync } from "./open/open.js";

export * from "./api.js";

function bytes(): Uint8Array<ArrayBuffer> {
  const binary = atob(core);
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < out.length; i++) out[i] = binary.charCodeAt(i);
  return out;
}

/** Opens a database: in memory, or on a store. */
export const open: Open = opener(() => WebAssembly.compile(bytes()), { stores: browserStores });

/**
 * Opens a database at once, in memory: where a promise would be in the way, at the top of a CommonJS file or in a constructor.
 * The module is compiled by the first call, which holds up a page for some milliseconds.
 */
export const openSync: OpenSync = openerSync(() => new WebAssembly.Module(bytes()));
