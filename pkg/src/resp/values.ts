/**
 * Replies as JavaScript's values. RESP describes itself, so that one decoder serves every command: RESP3, and RESP2.
 *
 * What is read is the own engine's: whole and right, and nothing checks it. Short ASCII comes out in batches of eight codes to one
 * `String.fromCharCode`; what is long or not ASCII goes through the runtime's decoder. Strings are UTF-8 in the engine; bytes that
 * are not valid UTF-8 become U+FFFD in a string, which is why every command has a form that answers bytes.
 */
import { ReplyError } from "./errors.js";
import { platform } from "./utf8.js";
import { SHORT } from "./write.js";

/** Any reply, with bulk strings as `B`. */
export type Reply<B = string> = B | string | number | bigint | boolean | null | Reply<B>[] | { [key: string]: Reply<B> } | ReplyError;

let cursor = 0;

/** How deep the cursor is in arrays and maps; a script may answer with thousands of them in each other. */
let depth = 0;
const DEEPEST = 1000;

function enter(): void {
  if (++depth > DEEPEST) throw new ReplyError(`ERR the reply has more than ${DEEPEST} arrays in each other`);
}

/** ASCII of up to seven bytes, or a decoder's work when one is not ASCII. */
function tail(m: Uint8Array, p: number, n: number): string | undefined {
  const from = String.fromCharCode;
  const a = m[p] as number;
  if (n === 1) return a < 128 ? from(a) : undefined;
  const b = m[p + 1] as number;
  if (n === 2) return (a | b) < 128 ? from(a, b) : undefined;
  const c = m[p + 2] as number;
  if (n === 3) return (a | b | c) < 128 ? from(a, b, c) : undefined;
  const d = m[p + 3] as number;
  if (n === 4) return (a | b | c | d) < 128 ? from(a, b, c, d) : undefined;
  const e = m[p + 4] as number;
  if (n === 5) return (a | b | c | d | e) < 128 ? from(a, b, c, d, e) : undefined;
  const f = m[p + 5] as number;
  if (n === 6) return (a | b | c | d | e | f) < 128 ? from(a, b, c, d, e, f) : undefined;
  const g = m[p + 6] as number;
  return (a | b | c | d | e | f | g) < 128 ? from(a, b, c, d, e, f, g) : undefined;
}

/** The string in `n` bytes at `p`. */
export function text(m: Uint8Array, p: number, n: number): string {
  if (n > 64) return platform.decode(m, p, p + n);
  if (n === 0) return "";
  let at = p;
  let left = n;
  let out = "";
  while (left >= 8) {
    const a = m[at] as number;
    const b = m[at + 1] as number;
    const c = m[at + 2] as number;
    const d = m[at + 3] as number;
    const e = m[at + 4] as number;
    const f = m[at + 5] as number;
    const g = m[at + 6] as number;
    const h = m[at + 7] as number;
    if ((a | b | c | d | e | f | g | h) > 127) return platform.decode(m, p, p + n);
    out += String.fromCharCode(a, b, c, d, e, f, g, h);
    at += 8;
    left -= 8;
  }
  if (left === 0) return out;
  const rest = tail(m, at, left);
  return rest === undefined ? platform.decode(m, p, p + n) : out + rest;
}

/** Reads digits up to CRLF, which it passes. Lengths and counts only: at most ten digits, `-1` for RESP2's null. */
function count(m: Uint8Array): number {
  let p = cursor;
  let byte = m[p] as number;
  const negative = byte === 45;
  if (negative) byte = m[++p] as number;
  let n = 0;
  while (byte !== 13) {
    n = n * 10 + byte - 48;
    byte = m[++p] as number;
  }
  cursor = p + 2;
  return negative ? -n : n;
}

function line(m: Uint8Array): string {
  const start = cursor;
  let p = start;
  while (m[p] !== 13) p++;
  cursor = p + 2;
  return text(m, start, p - start);
}

/** A simple string. What nearly all are is not made anew, nor is what all commands of a transaction are answered. */
function status(m: Uint8Array): string {
  const p = cursor;
  if (m[p] === 79 && m[p + 1] === 75 && m[p + 2] === 13) {
    cursor = p + 4;
    return "OK";
  }
  if (m[p] === 81 && m[p + 1] === 85 && m[p + 2] === 69 && m[p + 3] === 85 && m[p + 4] === 69 && m[p + 5] === 68 && m[p + 6] === 13) {
    cursor = p + 8;
    return "QUEUED";
  }
  return line(m);
}

function integer(m: Uint8Array): number | bigint {
  let p = cursor;
  let byte = m[p] as number;
  const negative = byte === 45;
  if (negative) byte = m[++p] as number;
  let n = 0;
  const first = p;
  while (byte !== 13) {
    n = n * 10 + byte - 48;
    byte = m[++p] as number;
  }
  if (p - first > 15 && n > Number.MAX_SAFE_INTEGER) {
    const exact = BigInt(line(m));
    return exact >= Number.MIN_SAFE_INTEGER && exact <= Number.MAX_SAFE_INTEGER ? Number(exact) : exact;
  }
  cursor = p + 2;
  return negative ? 0 - n : n;
}

function double(m: Uint8Array): number {
  const s = line(m);
  if (s === "inf") return Number.POSITIVE_INFINITY;
  return s === "-inf" ? Number.NEGATIVE_INFINITY : Number(s);
}

/** Arrays of no more elements are made at their length; others grow. */
const FEW = 1024;

function list(m: Uint8Array, bytes: boolean): Reply<Uint8Array>[] | null {
  const n = count(m);
  if (n < 0) return null;
  enter();
  const out: Reply<Uint8Array>[] = n <= FEW ? new Array(n) : [];
  values(m, bytes, out, 0, n);
  depth--;
  return out;
}

/** The next replies, into `out[from, to)`. */
function values(m: Uint8Array, bytes: boolean, out: unknown[], from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const at = cursor;
    // Strings of up to 64 bytes in a long reply, without the detours.
    if (limit > 0 && m[at] === 36 && !bytes) {
      const tens = (m[at + 1] as number) - 48;
      const ones = m[at + 2] as number;
      const start = ones === 13 ? at + 4 : at + 5;
      const length = ones === 13 ? tens : tens * 10 + ones - 48;
      if (tens >= 0 && length <= SHORT && m[start - 2] === 13) {
        cursor = start + length + 2;
        out[i] = part(m, start, length);
        continue;
      }
    }
    out[i] = value(m, bytes);
  }
}

function map(m: Uint8Array, bytes: boolean): Reply<Uint8Array> {
  const n = count(m);
  enter();
  if (bytes) {
    const pairs: Reply<Uint8Array>[] = [];
    for (let i = 0; i < n; i++) pairs.push([value(m, true), value(m, true)]);
    depth--;
    return pairs;
  }
  const out: { [key: string]: Reply<Uint8Array> } = Object.create(null);
  for (let i = 0; i < n; i++) {
    const key = value(m, false) as string;
    out[key] = value(m, false);
  }
  depth--;
  return out;
}

/** Replies of fewer bytes are read string by string. */
const LONG_REPLY = 128;
/** Bytes that are read at once. A part of a string may keep the whole of it in memory. */
const WINDOW = 1024;

/** Where a long reply ends; 0 in others. */
let limit = 0;
/** What stands in bytes `[windowFrom, windowTo)` of it. */
let windowed = "";
let windowFrom = 0;
let windowTo = 0;

/** A short string in a long reply: cut out of what was read at once, as long as that has one char for each byte. */
function part(m: Uint8Array, start: number, n: number): string {
  if (start + n > windowTo) {
    windowFrom = start;
    windowTo = Math.min(start + WINDOW, limit);
    windowed = platform.decode(m, windowFrom, windowTo);
    if (windowed.length !== windowTo - windowFrom) {
      limit = 0;
      return text(m, start, n);
    }
  }
  return windowed.substring(start - windowFrom, start - windowFrom + n);
}

/** An integer of any size. A script may call something so that is none, which stays a string. */
function big(text: string): bigint | string {
  try {
    return BigInt(text);
  } catch {
    return text;
  }
}

/** One reply at the cursor. Errors are values here: only the outermost one is thrown, by `decode`. */
function value(m: Uint8Array, bytes: boolean): Reply<Uint8Array> {
  const kind = m[cursor++] as number;
  switch (kind) {
    case 36: {
      const n = count(m);
      if (n < 0) return null;
      const start = cursor;
      cursor = start + n + 2;
      return bytes ? m.slice(start, start + n) : limit > 0 && n <= SHORT ? part(m, start, n) : text(m, start, n);
    }
    case 58:
      return integer(m);
    case 43:
      return status(m);
    case 95:
      cursor += 2;
      return null;
    case 45:
      return new ReplyError(line(m));
    case 42:
    case 126:
    case 62:
      return list(m, bytes);
    case 37:
      return map(m, bytes);
    case 44:
      return double(m);
    case 35: {
      const yes = m[cursor] === 116;
      cursor += 3;
      return yes;
    }
    case 61: {
      const n = count(m);
      const start = cursor + 4;
      cursor += n + 2;
      return bytes ? m.slice(start, start + n - 4) : text(m, start, n - 4);
    }
    case 40:
      return big(line(m));
    case 33: {
      const n = count(m);
      const start = cursor;
      cursor = start + n + 2;
      return new ReplyError(text(m, start, n));
    }
    case 124: {
      const n = count(m) * 2;
      for (let i = 0; i < n; i++) value(m, bytes);
      return value(m, bytes);
    }
  }
  throw new Error(`a reply cannot begin with byte ${kind}`);
}

/**
 * The reply at `at` if it is one of those that nearly all are, as text: a bulk string of up to 99 bytes, an integer of up to nine digits, a
 * simple string. Undefined for others.
 */
export function short(m: Uint8Array, at: number): string | number | undefined {
  const kind = m[at];
  let byte = m[at + 1] as number;
  if (kind === 36) {
    let n = byte - 48;
    let start = at + 4;
    if (m[at + 2] !== 13) {
      if (m[at + 3] !== 13 || n < 0) return undefined;
      n = n * 10 + (m[at + 2] as number) - 48;
      start++;
    }
    cursor = start + n + 2;
    return text(m, start, n);
  }
  if (kind === 58) {
    let n = 0;
    let p = at + 1;
    while (byte >= 48) {
      n = n * 10 + byte - 48;
      byte = m[++p] as number;
    }
    if (byte !== 13 || p - at > 10) return undefined;
    cursor = p + 2;
    return n;
  }
  if (kind !== 43) return undefined;
  cursor = at + 1;
  return status(m);
}

/** Reads the reply in `[at, end)`. An error reply is thrown; errors inside arrays are elements. */
export function decode(m: Uint8Array, at: number, end: number, bytes: boolean): Reply<Uint8Array> {
  const reply = decodeAny(m, at, bytes, end);
  // Errors are all ReplyErrors here, and of this copy.
  if (reply instanceof Error) throw reply;
  return reply;
}

/** Reads the reply at `at`, whatever it is: an error reply is a value here. Others may follow it up to `end`, if that is told. */
export function decodeAny(m: Uint8Array, at: number, bytes: boolean, end = 0): Reply<Uint8Array> {
  begin(at, end);
  const reply = value(m, bytes);
  windowed = "";
  return reply;
}

/**
 * Reads the replies that stand behind each other in `[at, end)` into `out[from, to)`, errors among them. The last one may be missing:
 * it is undefined then.
 */
export function decodeEach(m: Uint8Array, at: number, end: number, bytes: boolean, out: unknown[], from: number, to: number): void {
  begin(at, end);
  values(m, bytes, out, from, to - 1);
  if (to > from) out[to - 1] = cursor < end ? value(m, bytes) : undefined;
  windowed = "";
}

function begin(at: number, end: number): void {
  cursor = at;
  depth = 0;
  limit = end - at >= LONG_REPLY ? end : 0;
  windowTo = 0;
}

/** Where the last decoded reply ended. */
export function decodedTo(): number {
  return cursor;
}
