/** The entry `wakey/console`: importing it defines `<wakey-console>`. */
import type { Answered } from "./console/conversation.js";
import { standard } from "./console/databases.js";
import { WakeyConsole } from "./console/element.js";
import { parts } from "./open/parts.js";

export type { Elsewhere } from "./console/ask.js";
export type { Answered } from "./console/conversation.js";
export { database } from "./console/databases.js";
export { WakeyConsole } from "./console/element.js";
export { linesOf } from "./console/lines.js";
export { Scribe, type Spoken } from "./console/transcript.js";
export { Link } from "./prompt/links.js";
export { SLOW } from "./prompt/shell.js";
export type { Node } from "./resp/nodes.js";

// What it shows beside the line is made of these.
standard.words = async () => {
  const { DOCS } = await import("./core/docs.gen.js");
  parts.words = () => DOCS;
};

standard.open = async (options) => (await import("./inline.js")).open(options);

/** The attributes of the element, as JSX and templates write them. */
export interface ConsoleAttributes {
  commands?: string;
  offer?: boolean | "";
  db?: string;
  resp?: "2" | "3" | 2 | 3;
  theme?: "light" | "dark";
  "wasm-src"?: string;
  setup?: string;
  clock?: string | number;
  seed?: string | number;
  prompt?: string;
  readonly?: boolean | "";
  height?: string | number;
  tools?: boolean | "";
  playground?: string;
  children?: unknown;
  class?: string;
  className?: string;
  id?: string;
  slot?: string;
  style?: unknown;
  key?: string | number;
  ref?: unknown;
  "aria-label"?: string;
}

/** For `JSX.IntrinsicElements` of React and Preact, and `GlobalComponents` of Vue (README). */
export interface ConsoleElements {
  "wakey-console": ConsoleAttributes;
}

declare global {
  interface HTMLElementTagNameMap {
    "wakey-console": WakeyConsole;
  }
  interface HTMLElementEventMap {
    "wakey-reply": CustomEvent<Answered>;
    /** A line that the console answered by itself, as `help`, or that was given up with Ctrl-C. */
    "wakey-line": CustomEvent<{ line: string; prompt: string }>;
  }
}

// Twice on a page, from two copies of the package, the first one stays.
if (globalThis.customElements?.get("wakey-console") === undefined) globalThis.customElements?.define("wakey-console", WakeyConsole);
