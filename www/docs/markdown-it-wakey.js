/**
 * A plugin for markdown-it: fenced blocks `redis` become consoles whose reader can type on, `<wakey-console>`. What stands behind the word are
 * the element's attributes: ```` ```redis offer db=shop resp=3 ````. A block is lines, of which all run, or a transcript (`> GET k`), whose
 * commands do.
 *
 * The page has to load `wakey/console`; until then, and without scripts, the lines are shown as they are:
 * `wakey-console:not(:defined) { display: block; white-space: pre-line }`.
 *
 *     markdownit().use(wakey)
 *     markdownit().use(wakey, { language: "redis-cli", theme: "dark" })
 */
const ATTRIBUTES = ["db", "resp", "theme", "wasm-src", "offer"];

const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

/** The attributes in a block's first line, with those that all have; those that the element does not know are refused. */
function attributes(info, common) {
  const own = Object.fromEntries(
    info.map((word) => (word.includes("=") ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] : [word, ""])),
  );
  const all = { ...common, ...own };
  for (const name of Object.keys(all))
    if (!ATTRIBUTES.includes(name)) throw new Error(`a console has no attribute '${name}'; it has ${ATTRIBUTES.join(", ")}`);
  return Object.entries(all).map(([name, value]) => (value === "" ? ` ${name}` : ` ${name}="${escaped(value)}"`));
}

/** The element that runs these lines. */
export function consoleOf(lines, info = [], common = {}) {
  return `<wakey-console${attributes(info, common).join("")}>\n${escaped(lines.trimEnd())}\n</wakey-console>\n`;
}

/** @param {{ language?: string, [attribute: string]: string }} options the fence's language, and attributes that all consoles have */
export default function wakey(md, { language = "redis", ...common } = {}) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, at, options, env, self) => {
    const [first, ...info] = tokens[at].info.trim().split(/\s+/);
    if (first === language) return consoleOf(tokens[at].content, info, common);
    return fence ? fence(tokens, at, options, env, self) : self.renderToken(tokens, at, options);
  };
}
