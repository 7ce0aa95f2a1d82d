/** Stores by their names: `file:./data`, `idb:notes`, `opfs:notes`. Which there are is the entry's matter. */
import type { Wakey } from "../client/client.js";
import type { Entries } from "../client/command-types.js";
import { isStore, type MaybePromise, type Store } from "../persistence/stores/store.js";
import type { SharedWakey } from "../shared/client.js";
import { type OpenOptions, refuse } from "./options.js";

/** The kinds of stores that an entry knows: from what stands before the colon to what opens it. @internal */
export const schemes = new Map<string, (name: string, options: OpenOptions<Entries>) => MaybePromise<Store>>();

/** Kinds of stores that tabs can share: from the name, and what opens an engine on a store, to what is handed out. @internal */
export const sharers = new Map<
  string,
  (name: string, options: OpenOptions<Entries>, on: (store: Store) => Promise<Wakey<Entries>>) => Promise<SharedWakey<string, Entries>>
>();

/** Makes an error of a kind of store that is not here. */
function elsewhere(scheme: string): TypeError {
  const where = new Map([
    ["file", "is for Node"],
    ["idb", "is for browsers, where there is IndexedDB"],
    ["opfs", "is for workers of browsers"],
  ]).get(scheme);
  const here = [...schemes.keys()];
  const known = here.length === 0 ? "here are none" : `here there are ${here.map((one) => `'${one}:'`).join(", ")}`;
  return new TypeError(`open(): ${where ? `'${scheme}:' ${where}` : `unknown store '${scheme}:'`}; ${known}`);
}

/** The store that was asked for; undefined for none. @internal */
export async function openStore(store: string | Store | undefined, options: OpenOptions<Entries>): Promise<Store | undefined> {
  if (store === undefined) return undefined;
  if (typeof store !== "string") {
    if (!isStore(store)) refuse("store", "a string as 'file:./data', or a store: load, append, rewrite, close");
    return store;
  }
  const found = /^([a-z][a-z0-9]*):(.*)$/s.exec(store);
  if (found === null) refuse("store", `a string as 'file:./data', not '${store}'`);
  const [, scheme, name] = found as unknown as [string, string, string];
  if (scheme === "memory") return undefined;
  const make = schemes.get(scheme);
  if (make === undefined) throw elsewhere(scheme);
  return make(name, options);
}
