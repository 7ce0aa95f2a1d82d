/** The entry `wakey/console`: importing it defines `<wakey-console>`. */
import type { Answered } from "./console/conversation.js";
import { standard } from "./console/databases.js";
import { WakeyConsole } from "./console/element.js";
import { DOCS } from "./core/docs.gen.js";
import { parts } from "./open/parts.js";

export type { Answered } from "./console/conversation.js";
export { database } from "./console/databases.js";
export { linesOf, WakeyConsole } from "./console/element.js";
export { Link } from "./prompt/links.js";
export type { Node } from "./resp/nodes.js";

// What it shows beside the line is made of these.
parts.words = () => DOCS;

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
