/**
 * RESP as a terminal sees it: replies keep their wire types, bytes stay bytes. The client library uses `values.ts`, which
 * turns replies into plain values instead.
 */

/** One reply with its type. Text is in `latin1` strings, one char a byte, so that nothing is lost. */
export type Node =
  | { type: "string" | "simple" | "error" | "double" | "bignum" | "verbatim" | "int"; text: string }
  | { type: "bool"; value: boolean }
  | { type: "null" }
  | { type: "array" | "set" | "push"; items: Node[] }
  | { type: "map"; pairs: [Node, Node][] };

const CRLF = "\r\n";

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
  const eol = input.indexOf(CRLF, at);
  if (eol < 0) return undefined;
  const kind = input[at] as string;
  const head = input.slice(at + 1, eol);
  const next = eol + 2;
  switch (kind) {
    case "+":
      return { node: { type: "simple", text: head }, end: next };
    case "-":
      return { node: { type: "error", text: head }, end: next };
    case ":":
      return { node: { type: "int", text: head }, end: next };
    case ",":
      return { node: { type: "double", text: head }, end: next };
    case "(":
      return { node: { type: "bignum", text: head }, end: next };
    case "#":
      return { node: { type: "bool", value: head === "t" }, end: next };
    case "_":
      return { node: { type: "null" }, end: next };
    case "$":
    case "=":
    case "!": {
      const n = Number(head);
      if (n < 0) return { node: { type: "null" }, end: next };
      if (input.length < next + n + 2) {
        least = next + n + 2;
        return undefined;
      }
      const text = input.slice(next, next + n);
      const end = next + n + 2;
      if (kind === "=") return { node: { type: "verbatim", text: text.slice(4) }, end };
      return { node: { type: kind === "!" ? "error" : "string", text }, end };
    }
    case "*":
    case "~":
    case ">": {
      const n = Number(head);
      if (n < 0) return { node: { type: "null" }, end: next };
      const list = several(input, next, n);
      return list && { node: { type: kind === "*" ? "array" : kind === "~" ? "set" : "push", items: list.items }, end: list.end };
    }
    case "%":
    case "|": {
      const list = several(input, next, Number(head) * 2);
      if (list === undefined) return undefined;
      if (kind === "|") return parse(input, list.end);
      const pairs: [Node, Node][] = [];
      for (let i = 0; i < list.items.length; i += 2) pairs.push([list.items[i] as Node, list.items[i + 1] as Node]);
      return { node: { type: "map", pairs }, end: list.end };
    }
  }
  throw new Error(`Protocol error, got ${JSON.stringify(kind)} as reply type byte`);
}

function several(input: string, at: number, n: number): { items: Node[]; end: number } | undefined {
  const items: Node[] = [];
  let end = at;
  for (let i = 0; i < n; i++) {
    const one = parse(input, end);
    if (one === undefined) return undefined;
    items.push(one.node);
    end = one.end;
  }
  return { items, end };
}

/** A command as RESP. Arguments are latin1 strings, one char a byte. */
export function command(args: readonly string[]): string {
  return `*${args.length}${CRLF}${args.map((arg) => `$${arg.length}${CRLF}${arg}${CRLF}`).join("")}`;
}

/** The bytes of a latin1 string. */
export function bytes(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

/** One char for each byte. (`apply` takes the bytes as they lie there; spreading them walks an iterator, and takes eight times as long.) */
export function latin1(input: Uint8Array): string {
  let out = "";
  for (let i = 0; i < input.length; i += 8192) out += String.fromCharCode.apply(null, input.subarray(i, i + 8192) as unknown as number[]);
  return out;
}
