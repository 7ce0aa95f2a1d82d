/**
 * RESP as a terminal sees it: replies keep their wire types, bytes stay bytes. The client library uses `values.ts`, which
 * turns replies into plain values instead.
 */
import {
  ATTRIBUTES,
  BIG,
  BOOL,
  BULK,
  DOUBLE,
  ERROR,
  head,
  INT,
  LIST,
  LONG_ERROR,
  MAP,
  NULL,
  PUSH,
  SET,
  SIMPLE,
  VERBATIM,
} from "./frames.js";

/** One reply with its type. Text is in `latin1` strings, one char a byte, so that nothing is lost. */
export type Node =
  | { type: "string" | "simple" | "error" | "double" | "bignum" | "verbatim" | "int"; text: string }
  | { type: "bool"; value: boolean }
  | { type: "null" }
  | { type: "array" | "set" | "push"; items: Node[] }
  | { type: "map"; pairs: [Node, Node][] };

const LINES = { [SIMPLE]: "simple", [ERROR]: "error", [INT]: "int", [DOUBLE]: "double", [BIG]: "bignum" } as const;
const STRINGS = { [BULK]: "string", [VERBATIM]: "verbatim", [LONG_ERROR]: "error" } as const;
const LISTS = { [LIST]: "array", [SET]: "set", [PUSH]: "push" } as const;

let least = 0;

/**
 * How long the input must be at least before `parse`, which found it incomplete, is worth another try. Without that, each part of a
 * string of ten million bytes that arrives would join and look through all before it.
 */
export function wanting(): number {
  return least;
}

/** Reads one reply from `input` at `at`; undefined when it is not complete. The wire is given as a latin1 string. */
export function parse(input: string, at = 0): { node: Node; end: number } | undefined {
  least = 0;
  return read(input, at);
}

function read(input: string, at: number): { node: Node; end: number } | undefined {
  const found = head(input, at);
  if (found === undefined) return undefined;
  const { kind, to, next, length, items } = found;
  if ((length ?? items ?? 0) < 0) return { node: { type: "null" }, end: next };
  if (length !== undefined) {
    const end = next + length + 2;
    if (input.length < end) {
      least = end;
      return undefined;
    }
    const from = kind === VERBATIM ? next + 4 : next;
    return { node: { type: STRINGS[kind as keyof typeof STRINGS], text: input.slice(from, next + length) }, end };
  }
  if (items === undefined) {
    const text = input.slice(at + 1, to);
    if (kind === NULL) return { node: { type: "null" }, end: next };
    if (kind === BOOL) return { node: { type: "bool", value: text === "t" }, end: next };
    return { node: { type: LINES[kind as keyof typeof LINES], text }, end: next };
  }
  const list: Node[] = [];
  let end = next;
  for (let i = 0; i < items; i++) {
    const one = read(input, end);
    if (one === undefined) return undefined;
    list.push(one.node);
    end = one.end;
  }
  if (kind === ATTRIBUTES) return read(input, end);
  if (kind !== MAP) return { node: { type: LISTS[kind as keyof typeof LISTS], items: list }, end };
  const pairs: [Node, Node][] = [];
  for (let i = 0; i < list.length; i += 2) pairs.push([list[i] as Node, list[i + 1] as Node]);
  return { node: { type: "map", pairs }, end };
}
