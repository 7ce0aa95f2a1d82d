/**
 * A reply as pieces of text, each with what it is, so that a page can colour them: together they are what `pretty` gives.
 *
 * They are made one by one, and long strings in slices, so that the beginning of a reply of ten million bytes, or items,
 * costs no more than that of a short one. Text that is shown as it is (errors, statuses, INFO) is UTF-8 here; control
 * characters, and those that turn the direction of writing, are escaped.
 */
import { AGGREGATES, isText, quote, size } from "../prompt/format.js";
import { bytes } from "../resp/latin1.js";
import type { Node } from "../resp/nodes.js";
import { decode } from "../resp/utf8.js";

export type Kind = "string" | "number" | "status" | "error" | "null" | "bool" | "mark" | "text" | "name" | "label";

export interface Piece {
  kind: Kind;
  text: string;
}

/** Bytes of a string that become one piece. */
const SLICE = 512;

const UNSAFE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text from a reply (latin1, a char a byte) as a person may read it. */
export function readable(text: string): string {
  return safe(decode(bytes(text)));
}

/** Escapes what is not seen, or turns what is seen around. */
export function safe(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(UNSAFE, (char) => {
    const code = char.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

function* quoted(text: string): Generator<Piece> {
  if (text.length <= SLICE) return void (yield { kind: "string", text: quote(text) });
  for (let at = 0; at < text.length; at += SLICE) {
    let part = quote(text.slice(at, at + SLICE));
    if (at > 0) part = part.slice(1);
    if (at + SLICE < text.length) part = part.slice(0, -1);
    yield { kind: "string", text: part };
  }
}

function* plain(kind: Kind, text: string): Generator<Piece> {
  for (let at = 0; at < text.length || at === 0; ) {
    let end = Math.min(at + SLICE, text.length);
    // Not in the middle of a UTF-8 sequence.
    while (end < text.length && end < at + SLICE + 4 && (text.charCodeAt(end) & 0xc0) === 0x80) end++;
    yield { kind, text: readable(text.slice(at, end)) };
    at = Math.max(end, at + 1);
  }
}

function isLong(node: Node): boolean {
  if (node.type === "map") return node.pairs.length > 1 || node.pairs.some((pair) => pair.some(isLong));
  if ("items" in node) return node.items.length > 1 || node.items.some(isLong);
  return node.type !== "string" && "text" in node && node.text.includes("\n");
}

function* typed(node: Node, indent: string): Generator<Piece> {
  switch (node.type) {
    case "string":
      return yield* quoted(node.text);
    case "int":
      return void (yield { kind: "number", text: `(integer) ${node.text}` });
    case "double":
      return void (yield { kind: "number", text: `(double) ${node.text}` });
    case "error":
      return yield* plain("error", `(error) ${node.text}`);
    case "null":
      return void (yield { kind: "null", text: "(nil)" });
    case "bool":
      return void (yield { kind: "bool", text: node.value ? "(true)" : "(false)" });
    case "bignum":
      return void (yield { kind: "number", text: `(big number) ${node.text}` });
    case "simple":
      return yield* plain("status", node.text);
    case "verbatim":
      return yield* plain("text", node.text);
  }
  const [empty, mark] = AGGREGATES[node.type];
  const n = size(node);
  if (n === 0) return void (yield { kind: "null", text: empty });
  const width = String(n).length;
  const inner = indent + " ".repeat(width + 2);
  for (let i = 0; i < n; i++) {
    yield { kind: "mark", text: `${i === 0 ? "" : `\n${indent}`}${String(i + 1).padStart(width)}${mark} ` };
    if (node.type === "map") {
      const [key, value] = node.pairs[i] as [Node, Node];
      yield* typed(key, inner);
      yield { kind: "mark", text: size(value) > 0 && isLong(value) ? ` => \n${inner}` : " => " };
      yield* typed(value, inner);
    } else {
      yield* typed(node.items[i] as Node, inner);
    }
  }
}

/** The pieces of the reply to a command; of something heard, `args` is empty. */
export function pieces(node: Node, args: readonly string[] = []): Generator<Piece> {
  if (node.type === "string" && isText(args)) return plain("text", node.text.replace(/\r?\n$/, ""));
  return typed(node.type === "push" && args.length === 0 ? { type: "array", items: node.items } : node, "");
}

/** How much there is of a long reply, in words; empty where the number of its items would say little. */
export function amount(node: Node): string {
  const n = size(node);
  if (n > 16) return `${n.toLocaleString("en")} ${node.type === "map" ? "pairs" : "items"}`;
  return node.type === "string" ? `${node.text.length.toLocaleString("en")} bytes` : "";
}

const ANSI: { [code: string]: Kind } = { 0: "text", 1: "name", 33: "label", 90: "mark" };

/** Text with the colours of a terminal, as `help` gives it. */
export function* colored(text: string): Generator<Piece> {
  let kind: Kind = "text";
  for (const part of text.split(/\x1b\[(?:1;)?(\d+)m/).entries()) {
    const [i, words] = part;
    if (i % 2 === 1) kind = ANSI[words] ?? "text";
    else if (words !== "") yield { kind, text: safe(words) };
  }
}
