/** As `parts.ts`, where all is loaded at once: in Node, and in bundles for it, which may have to be one file. */
import * as driver from "../persistence/driver.js";
import type { parts as Parts } from "./parts.js";

/** @internal */
export const parts: typeof Parts = {
  driver: () => Promise.resolve(driver),
  browser: () => Promise.reject(new Error("there are no stores of browsers here")),
};
