/** The stores of a browser. Elsewhere (a Node bundle, workerd) there are none of these. */
import { schemes } from "../open.js";
import { IdbStore } from "./idb.js";
import { opfsStore } from "./opfs.js";
import { takeLock } from "./weblock.js";

/** Lets `open` know the stores that this place has. @internal */
export function browserStores(): void {
  if (typeof indexedDB === "object" && typeof navigator === "object") {
    schemes["idb"] = async (name, options) => {
      if (name === "") throw new TypeError("open(): 'idb:' needs a name, as in 'idb:notes'");
      const lock = await takeLock(`idb:${name}`);
      return new IdbStore(
        `wakey:${name}`,
        options.durability ?? "relaxed",
        () => lock.check(),
        () => lock.release(),
      );
    };
  }
  if (typeof navigator === "object" && typeof navigator.storage?.getDirectory === "function") {
    schemes["opfs"] = async (name) => {
      if (name === "" || /[/\\]/.test(name)) throw new TypeError("open(): 'opfs:' needs a name without slashes, as in 'opfs:notes'");
      return opfsStore(name);
    };
  }
}
