/** Which stores a browser has. Elsewhere (a Node bundle, workerd) there are none of these. */
import type * as Browser from "./browser-stores.js";
import { later, parts } from "./parts.js";
import { schemes, sharers } from "./store-url.js";

function browser(): Promise<typeof Browser> {
  parts.browser ??= () => later(import("./browser-stores.js"));
  return parts.browser();
}

/** Lets `open` know the stores that this place has. @internal */
export function browserStores(): void {
  if (typeof indexedDB === "object" && typeof navigator === "object") {
    schemes.set("idb", async (...given) => (await browser()).idb(...given));
    sharers.set("idb", async (...given) => (await browser()).sharedIdb(...given));
  }
  if (typeof navigator === "object" && typeof navigator.storage?.getDirectory === "function") {
    schemes.set("opfs", async (name) => (await browser()).opfs(name));
    sharers.set("opfs", async (...given) => (await browser()).sharedOpfs(...given));
  }
}
