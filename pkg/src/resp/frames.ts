/**
 * Where frames of RESP begin and end, in bytes or in text with one char for each. Whoever makes something of what came over a
 * wire reads its heads here: consoles (`nodes.ts`), routers, REST. (`values.ts` has its own way, for speed: nothing there is cut.)
 */
import { platform } from "./utf8.js";

/** Bytes, or text with one char for each. */
export type Wire = Uint8Array | string;

// The types of frames, by the byte that they begin with.
export const SIMPLE = 43;
export const ERROR = 45;
export const INT = 58;
export const BULK = 36;
export const LIST = 42;
export const NULL = 95;
export const DOUBLE = 44;
export const BOOL = 35;
export const BIG = 40;
export const VERBATIM = 61;
export const LONG_ERROR = 33;
export const SET = 126;
export const PUSH = 62;
export const MAP = 37;
export const ATTRIBUTES = 124;

/** A frame's first line. */
export interface Head {
  /** The byte that it begins with. */
  kind: number;
  /** Where the rest of the line ends, which begins behind that byte. */
  to: number;
  /** Where the next line begins. */
  next: number;
  /** The bytes of a string, -1 of RESP2's null; undefined of other types. */
  length: number | undefined;
  /** How many frames an aggregate is made of, those of pairs counted singly; -1 of RESP2's null; undefined of other types. */
  items: number | undefined;
}

function lineEnd(wire: Wire, at: number): number {
  if (typeof wire === "string") return wire.indexOf("\r\n", at);
  let end = wire.indexOf(13, at);
  while (end >= 0 && wire[end + 1] !== 10) end = wire.indexOf(13, end + 1);
  return end;
}

/** Text of the wire, a char a byte. For lines, which are short. */
export function textOf(wire: Wire, from: number, to: number): string {
  return typeof wire === "string" ? wire.slice(from, to) : String.fromCharCode(...wire.subarray(from, to));
}

/** Reads the first line of the frame at `at`; undefined where it is not whole. Throws where no frame begins so. */
export function head(wire: Wire, at: number): Head | undefined {
  const to = lineEnd(wire, at);
  if (to < 0) return undefined;
  const kind = typeof wire === "string" ? wire.charCodeAt(at) : (wire[at] as number);
  const next = to + 2;
  switch (kind) {
    case SIMPLE:
    case ERROR:
    case INT:
    case NULL:
    case DOUBLE:
    case BOOL:
    case BIG:
      return { kind, to, next, length: undefined, items: undefined };
    case BULK:
    case VERBATIM:
    case LONG_ERROR:
      return { kind, to, next, length: Number(textOf(wire, at + 1, to)), items: undefined };
    case LIST:
    case SET:
    case PUSH:
      return { kind, to, next, length: undefined, items: Number(textOf(wire, at + 1, to)) };
    case MAP:
    case ATTRIBUTES:
      return { kind, to, next, length: undefined, items: 2 * Number(textOf(wire, at + 1, to)) };
  }
  throw new Error(`Protocol error, got ${JSON.stringify(String.fromCharCode(kind))} as reply type byte`);
}

/** Where the frame that begins at `at` ends; undefined where it is not whole. */
export function frameEnd(wire: Wire, at: number): number | undefined {
  let end = at;
  for (let left = 1; left > 0; left--) {
    const found = head(wire, end);
    if (found === undefined) return undefined;
    end = found.next;
    if (found.length !== undefined && found.length >= 0) end += found.length + 2;
    if (found.items !== undefined && found.items > 0) left += found.items;
    // Attributes stand in front of what they are about.
    if (found.kind === ATTRIBUTES) left++;
    if (end > wire.length) return undefined;
  }
  return end;
}

/** The whole frames that stand behind each other in `bytes` from `at` on: views. */
export function* frames(bytes: Uint8Array, at = 0): Generator<Uint8Array> {
  for (let end = frameEnd(bytes, at); end !== undefined; end = frameEnd(bytes, at)) {
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** How many bytes whole frames are that `bytes` begins with. */
export function wholeFrames(bytes: Uint8Array): number {
  let whole = 0;
  for (const frame of frames(bytes)) whole += frame.length;
  return whole;
}

/** The frames of an array's elements: views. */
export function elements(list: Uint8Array): Uint8Array[] {
  return [...frames(list, head(list, 0)?.next)];
}

export function isError(reply: Uint8Array): boolean {
  return reply[0] === ERROR;
}

/** The text of an error reply. (An Error would note where it was made, which takes ten times as long.) */
export function errorText(reply: Uint8Array): string {
  return platform.decode(reply, 1, reply.length - 2);
}

/** Whether a reply is this status, and nothing else. */
export function isStatus(reply: Uint8Array, text: string): boolean {
  if (reply.length !== text.length + 3 || reply[0] !== SIMPLE) return false;
  for (let i = 0; i < text.length; i++) if (reply[i + 1] !== text.charCodeAt(i)) return false;
  return true;
}
