/**
 * The entry `wakey/words`: the words of COMMAND DOCS and HELP, 18 KiB, at once, and not when they are first asked for: `import "wakey/words"`
 * beside `import { open } from "wakey"`. In pages; elsewhere they are at hand.
 */
import { DOCS } from "./core/docs.gen.js";
import { parts } from "./open/parts.js";

parts.words = () => DOCS;
