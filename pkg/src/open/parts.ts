/**
 * What only a database with a store needs: a fifth of the code, and loaded when one is opened. A service worker may load nothing once it
 * runs; there `wakey/stores` is imported, which has all of it at hand (`stores.ts`).
 */
type Driver = typeof import("../persistence/driver.js");
type Browser = typeof import("./browser-stores.js");

/** @internal */
export const parts: { driver(): Promise<Driver>; browser(): Promise<Browser> } = {
  driver: () => import("../persistence/driver.js").catch(unloaded),
  browser: () => import("./browser-stores.js").catch(unloaded),
};

function unloaded(cause: unknown): never {
  if (!("ServiceWorkerGlobalScope" in globalThis)) throw cause;
  throw new Error("open(): a service worker loads nothing once it runs; import 'wakey/stores' beside 'wakey'", { cause });
}
