/** As `parts.ts`, where all is loaded at once. */
import { DOCS } from "../core/docs.gen.js";
import * as driver from "../persistence/driver.js";
import type { Parts } from "./parts.js";

/** @internal */
export const parts: Parts = { driver: () => Promise.resolve(driver), words: () => DOCS };
