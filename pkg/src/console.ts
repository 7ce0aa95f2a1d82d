/** The entry `wakey/console`: importing it defines `<wakey-console>`. */
import type { Answered } from "./console/conversation.js";
import { standard } from "./console/databases.js";
import { WakeyConsole } from "./console/element.js";

export type { Answered } from "./console/conversation.js";
export { database } from "./console/databases.js";
export { linesOf, WakeyConsole } from "./console/element.js";
export { Link } from "./prompt/links.js";
export type { Node } from "./resp/nodes.js";

standard.open = async () => (await import("./inline.js")).open();

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
