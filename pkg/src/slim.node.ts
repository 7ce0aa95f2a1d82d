/** The entry without a module, in Node: that of `slim.ts`, with Node's stores. */
import { fileStores, platform } from "./open/node.js";
import { type OpenSlim, openSlim } from "./open/open.js";

export * from "./api.js";

platform();

export const open: OpenSlim = openSlim(fileStores);
