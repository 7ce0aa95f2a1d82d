/** As `inline.ts`, for `require`: one file, which has the words of COMMAND DOCS in any case, and so at once. */
import { DOCS } from "./core/docs.gen.js";
import { parts } from "./open/parts.js";

export * from "./inline.js";

parts.words = () => DOCS;
