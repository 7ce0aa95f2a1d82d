/** The stores of a browser, and how tabs share them. Loaded with the first database that has one (`browser.ts`). */

import type { Wakey } from "../client/client.js";
import type { Entries } from "../client/command-types.js";
import { IdbStore } from "../persistence/stores/idb.js";
import { opfsHere, opfsStore } from "../persistence/stores/opfs.js";
import type { Store } from "../persistence/stores/store.js";
import { takeLock, type WebLock } from "../persistence/stores/weblock.js";
import { type SharedWakey, share } from "../shared/client.js";
import { browserPorts, heldAlone } from "../shared/ports.js";
import type { OpenOptions } from "./options.js";

type Options = OpenOptions<Entries>;
type OnStore = (store: Store) => Promise<Wakey<Entries>>;
type Shared = Promise<SharedWakey<string, Entries>>;

async function takeAlone(place: string): Promise<WebLock> {
  return heldAlone(await takeLock(place), browserPorts(place));
}

function idbNamed(name: string): string {
  if (name === "") throw new TypeError("open(): 'idb:' needs a name, as in 'idb:notes'");
  return `idb:${name}`;
}

function idbOn(name: string, options: Options, lock: WebLock): IdbStore {
  const check = (): void => lock.check();
  return new IdbStore(`wakey:${name}`, options.durability ?? "relaxed", check, () => lock.release());
}

/** @internal */
export async function idb(name: string, options: Options): Promise<Store> {
  return idbOn(name, options, await takeAlone(idbNamed(name)));
}

/** @internal */
export async function sharedIdb(name: string, options: Options, open: OnStore): Shared {
  const place = idbNamed(name);
  return share(place, browserPorts(place), (lock) => open(idbOn(name, options, lock)), true, options.entries);
}

function opfsNamed(name: string): string {
  if (name === "" || /[/\\]/.test(name)) throw new TypeError("open(): 'opfs:' needs a name without slashes, as in 'opfs:notes'");
  return `opfs:${name}`;
}

/** @internal */
export async function opfs(name: string): Promise<Store> {
  opfsNamed(name);
  return opfsStore(name, takeAlone);
}

/** @internal */
export async function sharedOpfs(name: string, options: Options, open: OnStore): Shared {
  const place = opfsNamed(name);
  const onStore = async (lock: WebLock): Promise<Wakey<Entries>> => open(await opfsStore(name, async () => lock, true));
  return share(place, browserPorts(place), onStore, opfsHere(), options.entries);
}
