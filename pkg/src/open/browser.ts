/** Which stores a browser has. Elsewhere (a Node bundle, workerd) there are none of these. */
import { parts } from "./parts.js";
import { schemes, sharers } from "./store-url.js";

/** Lets `open` know the stores that this place has. @internal */
export function browserStores(): void {
  if (typeof indexedDB === "object" && typeof navigator === "object") {
    schemes.set("idb", async (...given) => (await parts.browser()).idb(...given));
    sharers.set("idb", async (...given) => (await parts.browser()).sharedIdb(...given));
  }
  if (typeof navigator === "object" && typeof navigator.storage?.getDirectory === "function") {
    schemes.set("opfs", async (name) => (await parts.browser()).opfs(name));
    sharers.set("opfs", async (...given) => (await parts.browser()).sharedOpfs(...given));
  }
}
