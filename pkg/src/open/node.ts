/** What Node does for the package: faster UTF-8, randomness that is quick to load, and stores in folders. */
import { Buffer } from "node:buffer";
import { randomFillSync } from "node:crypto";
import { random } from "../core/random.js";
import { fileStore } from "../persistence/stores/file.js";
import { platform as utf8 } from "../resp/utf8.js";
import { schemes } from "./store-url.js";

export function platform(): void {
  const { utf8Slice } = Buffer.prototype as { utf8Slice?: (this: Uint8Array, from: number, to: number) => string };
  if (typeof utf8Slice === "function") utf8.decode = (bytes, from, to) => utf8Slice.call(bytes, from, to);
  random.bits = () => randomFillSync(new BigUint64Array(1))[0] as bigint;
}

export function fileStores(): void {
  schemes.set("file", fileStore);
}
