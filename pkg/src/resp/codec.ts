/**
 * Between JavaScript values and the bytes in wasm memory.
 *
 * A request is a frame: `u32 argc`, then `u32 length, bytes` for each argument, little-endian. A reply is RESP3 (RESP2
 * is read as well), which describes itself, so that one decoder serves every command.
 *
 * Short ASCII goes in by a loop over char codes and comes out in batches of eight codes to one `String.fromCharCode`;
 * what is long or not ASCII goes through the runtime's encoder and decoder. Strings are UTF-8 in the engine; bytes that
 * are not valid UTF-8 become U+FFFD in a string, which is why every command has a form that answers bytes.
 */
import { ReplyError, ValueError } from "../core/errors.js";
import { decode as decodeUtf8, encode, encodeInto } from "./utf8.js";

/** What a command takes as one argument. */
export type Arg = string | number | bigint | Uint8Array | ArrayBuffer | ArrayBufferView;

/** Any reply, with bulk strings as `B`. */
export type Reply<B = string> = B | string | number | bigint | boolean | null | Reply<B>[] | { [key: string]: Reply<B> } | ReplyError;

/** Strings up to this length are tried as ASCII, one code at a time. */
export const SHORT = 64;

/** What the platform does for us. Node's loader puts its own ways here, which are faster or quicker to load. */
export const runtime = {
  /** 64 random bits. */
  random: (): bigint => crypto.getRandomValues(new BigUint64Array(1))[0] as bigint,
  /** Reads UTF-8 from `bytes[from, to)`. */
  utf8: (bytes: Uint8Array, from: number, to: number): string => decodeUtf8(bytes.subarray(from, to)),
};

/** Writes `u32 length, bytes` of a short ASCII string at `at`; returns the end, or -1 when it is not short ASCII. */
export function writeShort(memory: Uint8Array, at: number, text: string): number {
  const length = text.length;
  if (length > SHORT) return -1;
  memory[at] = length;
  memory[at + 1] = 0;
  memory[at + 2] = 0;
  memory[at + 3] = 0;
  const start = at + 4;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return -1;
    memory[start + i] = code;
  }
  return start + length;
}

/** The same of an integer of 32 bits; -1 for anything else. */
export function writeInteger(memory: Uint8Array, at: number, value: unknown): number {
  return typeof value === "number" && (value | 0) === value ? writeShort(memory, at, String(value)) : -1;
}

function writeLength(memory: Uint8Array, at: number, n: number): void {
  memory[at] = n;
  memory[at + 1] = n >>> 8;
  memory[at + 2] = n >>> 16;
  memory[at + 3] = n >>> 24;
}

export function writeCount(memory: Uint8Array, at: number, argc: number): number {
  writeLength(memory, at, argc);
  return at + 4;
}

/** An argument ready for the frame: numbers and bigints are text by now, views are bytes. */
export type Flat = string | Uint8Array;

/** The most bytes `arg` can take in a frame. */
export function bound(arg: Flat): number {
  return 4 + (typeof arg === "string" ? arg.length * 3 : arg.length);
}

/** The bytes of an argument. */
export function encoded(arg: Flat): Uint8Array {
  return typeof arg === "string" ? encode(arg) : arg;
}

/** Parts behind each other, copied. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Writes one argument; the caller has reserved `bound(arg)` bytes. Returns the end. */
export function write(memory: Uint8Array, at: number, arg: Flat): number {
  if (typeof arg === "string") {
    const end = writeShort(memory, at, arg);
    if (end >= 0) return end;
    const start = at + 4;
    const written = encodeInto(arg, memory.subarray(start, start + arg.length * 3));
    writeLength(memory, at, written);
    return start + written;
  }
  writeLength(memory, at, arg.length);
  memory.set(arg, at + 4);
  return at + 4 + arg.length;
}

/** The text of a number as Redis reads it. NaN is refused by `flat`. */
function numeral(n: number): string {
  if (n === Number.POSITIVE_INFINITY) return "inf";
  return n === Number.NEGATIVE_INFINITY ? "-inf" : String(n);
}

/** Turns one value into what a frame takes; undefined when it is no string, number, bigint or bytes. */
export function flat(value: unknown): Flat | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return value === value ? numeral(value) : undefined;
    case "bigint":
      return String(value);
    case "object":
      if (value instanceof Uint8Array) return value;
      // Views of other realms are views, too; their buffers are read through one of this realm.
      if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      if (isBuffer(value)) return new Uint8Array(value);
  }
  return undefined;
}

// What a value is, whichever realm it comes from (an iframe, node:vm, jsdom): a getter of this realm reads what only such a
// value has inside, and throws for all others. `instanceof` knows this realm's alone, and a tag can be anybody's.
function has(prototype: object, getter: string, value: unknown): boolean {
  try {
    Object.getOwnPropertyDescriptor(prototype, getter)?.get?.call(value);
    return true;
  } catch {
    return false;
  }
}

/** Whether it is an ArrayBuffer, or a SharedArrayBuffer, which not every page has. */
export function isBuffer(value: unknown): value is ArrayBuffer {
  if (value instanceof ArrayBuffer) return true;
  const tag = Object.prototype.toString.call(value);
  if (tag === "[object ArrayBuffer]") return has(ArrayBuffer.prototype, "byteLength", value);
  return tag === "[object SharedArrayBuffer]" && has(SharedArrayBuffer.prototype, "byteLength", value);
}

function isMap(value: unknown): value is Map<unknown, unknown> {
  return value instanceof Map || has(Map.prototype, "size", value);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "number") return "NaN";
  if (typeof value !== "object")
    return typeof value === "boolean" ? `the boolean ${value}` : typeof value === "undefined" ? "undefined" : `a ${typeof value}`;
  const name = value.constructor?.name;
  return Array.isArray(value) ? "an array" : name && name !== "Object" ? `a ${name}` : "an object";
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** Where objects and Maps may stand: nowhere, anywhere, or where a pair begins counted from argument `n`. */
export type Pairs = number | "no" | "any";

/**
 * Lays arguments out in order. Arrays are opened (and arrays in them, once), plain objects and Maps become key, value,
 * key, value where the command takes pairs. `code` is the dialect's error code, `name` the command for the message.
 */
export function flatten(out: Flat[], args: ArrayLike<unknown>, from: number, pairs: Pairs, code: string, name: string): void {
  const start = out.length;
  const scalar = (value: unknown, position: number, inside: string): void => {
    const one = flat(value);
    if (one === undefined) throw new ValueError(code, `argument ${position} of ${name.toUpperCase()} ${inside}is ${describe(value)}`);
    out.push(one);
  };
  for (let i = from; i < args.length; i++) {
    const value = args[i];
    const position = i - from + 1;
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || isBuffer(value)) {
      scalar(value, position, "");
    } else if (Array.isArray(value)) {
      for (let j = 0; j < value.length; j++) {
        const item: unknown = value[j];
        if (Array.isArray(item)) for (let k = 0; k < item.length; k++) scalar(item[k], position, "holds a value that ");
        else scalar(item, position, "holds a value that ");
      }
    } else {
      const plain = isPlain(value);
      const map = !plain && isMap(value);
      const fits = pairs === "any" || (typeof pairs === "number" && out.length - start >= pairs && (out.length - start - pairs) % 2 === 0);
      if (!fits || !(map || plain)) scalar(value, position, "");
      const entries = map ? Map.prototype.entries.call(value) : Object.entries(value);
      for (const [key, item] of entries) {
        scalar(key, position, "holds a key that ");
        scalar(item, position, "holds a value that ");
      }
    }
  }
}

// --- replies ---

let cursor = 0;

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
  if (n > 64) return runtime.utf8(m, p, p + n);
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
    if ((a | b | c | d | e | f | g | h) > 127) return runtime.utf8(m, p, p + n);
    out += String.fromCharCode(a, b, c, d, e, f, g, h);
    at += 8;
    left -= 8;
  }
  if (left === 0) return out;
  const rest = tail(m, at, left);
  return rest === undefined ? runtime.utf8(m, p, p + n) : out + rest;
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
  const out: Reply<Uint8Array>[] = n <= FEW ? new Array(n) : [];
  for (let i = 0; i < n; i++) {
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
  return out;
}

function map(m: Uint8Array, bytes: boolean): Reply<Uint8Array> {
  const n = count(m);
  if (bytes) {
    const pairs: Reply<Uint8Array>[] = [];
    for (let i = 0; i < n; i++) pairs.push([value(m, true), value(m, true)]);
    return pairs;
  }
  const out: { [key: string]: Reply<Uint8Array> } = Object.create(null);
  for (let i = 0; i < n; i++) {
    const key = value(m, false) as string;
    out[key] = value(m, false);
  }
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
    windowed = runtime.utf8(m, windowFrom, windowTo);
    if (windowed.length !== windowTo - windowFrom) {
      limit = 0;
      return text(m, start, n);
    }
  }
  return windowed.substring(start - windowFrom, start - windowFrom + n);
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
      return line(m);
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
      return BigInt(line(m));
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

/** Reads the reply in `[at, end)`. An error reply is thrown; errors inside arrays are elements. */
export function decode(m: Uint8Array, at: number, end: number, bytes: boolean): Reply<Uint8Array> {
  cursor = at;
  limit = end - at >= LONG_REPLY ? end : 0;
  windowTo = 0;
  const reply = value(m, bytes);
  windowed = "";
  // Errors are all ReplyErrors here, and of this copy.
  if (reply instanceof Error) throw reply;
  return reply;
}

/** Reads the reply at `at`, whatever it is: an error reply is a value here. */
export function decodeAny(m: Uint8Array, at: number, bytes: boolean): Reply<Uint8Array> {
  cursor = at;
  limit = 0;
  return value(m, bytes);
}

/** Where the last decoded reply ended. */
export function decodedTo(): number {
  return cursor;
}
