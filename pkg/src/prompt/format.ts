/**
 * How redis-cli shows replies and reads command lines. Shared by the command-line client and the dialogue tests.
 *
 * Strings are latin1 here, one char a byte (see `resp/nodes.ts`); only printable ASCII is shown as it is.
 */

import { TEXTS } from "../client/commands.gen.js";
import type { Node } from "../resp/nodes.js";

export { words } from "../resp/words.js";

const ESCAPES: { [char: string]: string } = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x07": "\\a", "\b": "\\b" };

/** A string in quotes. */
export function quote(text: string): string {
  const body = text.replace(/[^ !#-[\]-~]/g, (char) => ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `"${body}"`;
}

/** What an aggregate is called when it is empty, and the mark behind its indices. */
export const AGGREGATES = {
  array: ["(empty array)", ")"],
  set: ["(empty set)", "~"],
  push: ["(empty push)", ">"],
  map: ["(empty hash)", "#"],
} as const;

/** How many items, or pairs, a reply has. */
export function size(node: Node): number {
  return node.type === "map" ? node.pairs.length : "items" in node ? node.items.length : 0;
}

/** Gives a scalar its colour. */
export type Paint = (text: string, type: Node["type"]) => string;

/** A scalar as a terminal shows it. */
function scalar(node: Exclude<Node, { items: Node[] } | { pairs: [Node, Node][] }>): string {
  switch (node.type) {
    case "string":
      return quote(node.text);
    case "int":
      return `(integer) ${node.text}`;
    case "double":
      return `(double) ${node.text}`;
    case "error":
      return `(error) ${node.text}`;
    case "null":
      return "(nil)";
    case "bool":
      return node.value ? "(true)" : "(false)";
    // redis-cli knows no such reply, and ends.
    case "bignum":
      return `(big number) ${node.text}`;
  }
  return node.text;
}

/** A reply as a terminal shows it, with types; no newline at the end. */
export function pretty(node: Node, indent = "", paint: Paint = (text) => text): string {
  if (!("items" in node || "pairs" in node)) return paint(scalar(node), node.type);
  const [empty, mark] = AGGREGATES[node.type];
  const n = size(node);
  if (n === 0) return paint(empty, "null");
  const width = String(n).length;
  const inner = indent + " ".repeat(width + 2);
  const lines: string[] = [];
  for (let i = 0; i < n; i++) {
    const index = `${i === 0 ? "" : indent}${String(i + 1).padStart(width)}${mark} `;
    if (node.type === "map") {
      const [key, value] = node.pairs[i] as [Node, Node];
      const text = pretty(value, inner, paint);
      const below = size(value) > 0 && text.includes("\n") ? `\n${inner}` : "";
      lines.push(`${index}${pretty(key, inner, paint)} => ${below}${text}`);
    } else {
      lines.push(index + pretty(node.items[i] as Node, inner, paint));
    }
  }
  return lines.join("\n");
}

/** A reply as programs want it: values only, one a line, or with `between` between them; no newline at the end. */
export function raw(node: Node, between = "\n"): string {
  switch (node.type) {
    case "null":
      return "";
    case "error":
      return `${node.text}\n`;
    case "bool":
      return node.value ? "(true)" : "(false)";
    case "map":
      return node.pairs.map(([key, value]) => `${raw(key, between)} ${raw(value, between)}`).join(between);
    case "array":
    case "set":
    case "push":
      return node.items.map((item) => raw(item, between)).join(between);
  }
  return node.text;
}

/**
 * The quote that is open at the end of a line, as `words` reads it; `quote` was open at its beginning. Empty where none is, and where
 * something stands right behind a quote that is closed: the line is wrong then, whatever follows.
 */
export function openQuote(line: string, quote = ""): string {
  let open = quote;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string;
    if (open === "") open = char === '"' || char === "'" ? char : "";
    else if (char === "\\") i += open === '"' || line[i + 1] === "'" ? 1 : 0;
    else if (char === open) {
      if (/[^\s\0]/.test(line[i + 1] ?? " ")) return "";
      open = "";
    }
  }
  return open;
}

/** Lines as commands: one each, with those that follow it while it ends inside quotes. The last may be open still. */
export function gathered(lines: readonly string[]): string[] {
  const out: string[] = [];
  let open = "";
  for (const line of lines) {
    if (open === "") out.push(line);
    else out[out.length - 1] += `\n${line}`;
    open = openQuote(line, open);
  }
  return out;
}

/** Commands of other servers whose reply is text for people; those of this one are in its table. */
const TEXTS_ELSEWHERE: ReadonlySet<string> = /* @__PURE__ */ new Set(
  "lolwut memory|doctor memory|malloc-stats latency|doctor latency|graph latency|histogram cluster|info cluster|nodes debug|htstats debug|htstats-key".split(
    " ",
  ),
);

/** Whether the bulk reply to a command is text for people: without RESP3's type for that, it is shown as it is. */
export function isText(args: readonly string[]): boolean {
  const [name = "", sub = ""] = args.slice(0, 2).map((word) => word.toLowerCase());
  return [name, `${name}|${sub}`].some((one) => TEXTS.has(one) || TEXTS_ELSEWHERE.has(one));
}

/** A message as it is shown: like an array, as in RESP2. */
export function message(node: Node): Node {
  return node.type === "push" ? { type: "array", items: node.items } : node;
}

/** How often a line's command is to be run, `5 incr x`; the number is taken off. */
export function times(args: string[]): number {
  return args.length > 1 && /^\d+$/.test(args[0] as string) ? Number(args.shift()) : 1;
}
