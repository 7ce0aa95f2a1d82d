/**
 * The entry `wakey/markdown-it`: a plugin (VitePress, Eleventy) that turns fenced `redis` blocks into consoles. The page loads
 * `wakey/console`; without scripts, the lines are shown as they are.
 */
import { attributesOf, type FenceOptions } from "./console/fence.js";

export type { FenceOptions } from "./console/fence.js";

interface Token {
  info: string;
  content: string;
}
type Rule = (tokens: Token[], at: number, options: never, env: unknown, self: never) => string;
/** As much of markdown-it as is needed. */
interface MarkdownIt {
  renderer: { rules: { fence?: unknown } };
}

const ESCAPES: { [char: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ESCAPES[char]!);
}

/** `markdownit().use(wakey)`. */
export default function wakey(md: MarkdownIt, options: FenceOptions = {}): void {
  const { language = "redis" } = options;
  const { rules } = md.renderer;
  const before = rules.fence as Rule;
  const fence: Rule = (tokens, at, ...rest) => {
    const { info, content } = tokens[at]!;
    const [, first, meta = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(info) ?? [];
    if (first !== language) return before(tokens, at, ...rest);
    const attributes = attributesOf(meta, options).map(([name, value]) => (value === "" ? ` ${name}` : ` ${name}="${escaped(value)}"`));
    // In VitePress, what Vue would take for its own is not, and lines stay lines: it makes a space of what is between them, but in a `pre`.
    return `<wakey-console v-pre${attributes.join("")}><pre>\n${escaped(content.trimEnd())}</pre></wakey-console>\n`;
  };
  rules.fence = fence;
}
