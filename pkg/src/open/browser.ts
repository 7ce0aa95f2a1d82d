/** The stores of a browser. Elsewhere (a Node bundle, workerd) there are none of these. */

import type { Entries } from "../client/command-types.js";
import { IdbStore } from "../persistence/stores/idb.js";
import { opfsHere, opfsStore } from "../persistence/stores/opfs.js";
import { takeLock, type WebLock } from "../persistence/stores/weblock.js";
import { share } from "../shared/client.js";
import { browserPorts, heldAlone } from "../shared/ports.js";
import type { OpenOptions } from "./options.js";
import { schemes, sharers } from "./store-url.js";

async function takeAlone(place: string): Promise<WebLock> {
  return heldAlone(await takeLock(place), browserPorts(place));
}

/** Lets `open` know the stores that this place has. @internal */
export function browserStores(): void {
  if (typeof indexedDB === "object" && typeof navigator === "object") {
    const on = (name: string, options: OpenOptions<Entries>, lock: WebLock): IdbStore => {
      const check = (): void => lock.check();
      return new IdbStore(`wakey:${name}`, options.durability ?? "relaxed", check, () => lock.release());
    };
    const named = (name: string): void => {
      if (name === "") throw new TypeError("open(): 'idb:' needs a name, as in 'idb:notes'");
    };
    schemes.set("idb", async (name, options) => {
      named(name);
      return on(name, options, await takeAlone(`idb:${name}`));
    });
    sharers.set("idb", async (name, options, open) => {
      named(name);
      const place = `idb:${name}`;
      return share(place, browserPorts(place), (lock) => open(on(name, options, lock)), true, options.entries);
    });
  }
  if (typeof navigator === "object" && typeof navigator.storage?.getDirectory === "function") {
    const named = (name: string): void => {
      if (name === "" || /[/\\]/.test(name)) throw new TypeError("open(): 'opfs:' needs a name without slashes, as in 'opfs:notes'");
    };
    schemes.set("opfs", async (name) => {
      named(name);
      return opfsStore(name, takeAlone);
    });
    sharers.set("opfs", async (name, options, open) => {
      named(name);
      const place = `opfs:${name}`;
      return share(
        place,
        browserPorts(place),
        async (lock) => open(await opfsStore(name, async () => lock, true)),
        opfsHere(),
        options.entries,
      );
    });
  }
}
