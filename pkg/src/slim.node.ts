/** The entry without a module, in Node: that of `slim.ts`, with Node's stores. */
import { type OpenSlim, openSlim } from "./open.js";
import { fileStores, platform } from "./platform.js";

export * from "./api.js";

platform();

export const open: OpenSlim = openSlim(fileStores);
