/**
 * What only a database with a store needs: a third of the code, and loaded when one is opened. A service worker may load nothing once it
 * runs; there `wakey/stores` is imported, which has all of it at hand (`stores.ts`). In Node, and in bundles for it, which may have to be one
 * file, all is loaded at once (`parts.whole.ts`).
 */
import type * as Driver from "../persistence/driver.js";
import type * as Browser from "./browser-stores.js";

/** @internal */
export interface Parts {
  driver(): Promise<typeof Driver>;
  /** Where there are stores of browsers. */
  browser?: () => Promise<typeof Browser>;
}

/** @internal */
export const parts: Parts = { driver: () => later(import("../persistence/driver.js")) };

/** A part that is being loaded; or why it cannot be. @internal */
export async function later<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (cause) {
    if (!("ServiceWorkerGlobalScope" in globalThis)) throw cause;
    throw new Error("open(): a service worker loads nothing once it runs; import 'wakey/stores' beside 'wakey'", { cause });
  }
}
