/** The entry `wakey/console`: importing it defines `<wakey-console>`. */
import { WakeyConsole } from "./element.js";
import type { Answered } from "./session.js";

export { Link } from "../links.js";
export type { Node } from "../resp.js";
export { database } from "./databases.js";
export { linesOf, WakeyConsole } from "./element.js";
export type { Answered } from "./session.js";

declare global {
  interface HTMLElementTagNameMap {
    "wakey-console": WakeyConsole;
  }
  interface HTMLElementEventMap {
    "wakey-reply": CustomEvent<Answered>;
  }
}

// Twice on a page, from two copies of the package, the first one stays.
if (globalThis.customElements?.get("wakey-console") === undefined) globalThis.customElements?.define("wakey-console", WakeyConsole);
