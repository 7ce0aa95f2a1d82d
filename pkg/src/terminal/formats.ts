/**
 * How the program prints replies, as redis-cli does: with their types (in colours, on a terminal), as bare values, as CSV, or as JSON.
 *
 * Strings are latin1 here, one char a byte, and so is what is printed. JSON has the bytes of a string as they are, so that it is UTF-8 where
 * they are; `--quoted-json` writes those that are not printable ASCII as `\\x` and two digits.
 */
import { isText, type Paint, pretty, quote, raw } from "../prompt/format.js";
import type { Node } from "../resp/nodes.js";

export type Form = "raw" | "pretty" | "csv" | "json" | "quoted-json";

export interface Style {
  form: Form;
  /** What stands between values, and behind a reply, in the form `raw`. */
  between: string;
  end: string;
  colours: boolean;
}

const COLOURS: { [type in Node["type"]]?: number } = {
  string: 32,
  verbatim: 32,
  simple: 35,
  int: 34,
  double: 34,
  bignum: 34,
  bool: 34,
  error: 31,
  null: 90,
};

/** Whether a stream shows colours: https://no-color.org */
export function hasColours(to: { isTTY?: boolean }): boolean {
  const { NO_COLOR, TERM } = process.env;
  return to.isTTY === true && !NO_COLOR && TERM !== "dumb";
}

const painted: Paint = (text, type) => (COLOURS[type] === undefined ? text : `\x1b[${COLOURS[type]}m${text}\x1b[0m`);

/** Text that explains, less bright than replies. */
export function dim(text: string, colours: boolean): string {
  return colours ? `\x1b[90m${text}\x1b[0m` : text;
}

/** Text without colours. */
export function plain(text: string): string {
  return text.replace(/\x1b\[[\d;]*m/g, "");
}

function csv(node: Node): string {
  switch (node.type) {
    case "error":
      return `ERROR,${quote(node.text)}`;
    case "null":
      return "NULL";
    case "bool":
      return String(node.value);
    case "int":
    case "double":
    case "bignum":
      return node.text;
    case "map":
      return node.pairs.map(([key, value]) => `${csv(key)},${csv(value)}`).join(",");
    case "array":
    case "set":
    case "push":
      return node.items.map(csv).join(",");
  }
  return quote(node.text);
}

const ESCAPES: { [char: string]: string } = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };

function jsonString(text: string, quoted: boolean): string {
  const body = quoted ? quote(text).slice(1, -1) : text;
  return `"${body.replace(/["\\\0-\x1f]/g, (char) => ESCAPES[char] ?? `\\u00${char.charCodeAt(0).toString(16).padStart(2, "0")}`)}"`;
}

function json(node: Node, quoted: boolean): string {
  switch (node.type) {
    // As redis-cli has it, so that nobody takes it for a value.
    case "error":
      return `error:${jsonString(node.text, quoted)}`;
    case "null":
      return "null";
    case "bool":
      return String(node.value);
    case "int":
    case "double":
    case "bignum":
      return /\d/.test(node.text) ? node.text : jsonString(node.text, quoted);
    case "map":
      return `{${node.pairs.map(([key, value]) => `${name(key, quoted)}:${json(value, quoted)}`).join(",")}}`;
    case "array":
    case "set":
    case "push":
      return `[${node.items.map((item) => json(item, quoted)).join(",")}]`;
  }
  return jsonString(node.text, quoted);
}

/** The key of a map as JSON wants it: a string. */
function name(key: Node, quoted: boolean): string {
  return jsonString("text" in key ? key.text : json(key, quoted), quoted);
}

/** A reply as it is printed, with what stands behind it. */
export function printed(node: Node, args: readonly string[], { form, between, end, colours }: Style): string {
  if (form === "raw") return raw(node, between) + end;
  if (form === "csv") return `${csv(node)}\n`;
  if ((node.type === "string" || node.type === "verbatim") && isText(args)) return `${node.text}\n`;
  if (form === "pretty") return `${pretty(node, "", colours ? painted : undefined)}\n`;
  return `${json(node, form === "quoted-json")}\n`;
}
