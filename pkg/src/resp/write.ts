/**
 * Writes commands: as a frame in wasm memory (`u32 argc`, then `u32 length, bytes` for each argument, little-endian), and as RESP.
 * And the few replies that are not an engine's.
 *
 * Short ASCII goes in by a loop over char codes; what is long or not ASCII goes through the runtime's encoder.
 */
import { encoded, type Flat } from "./command.js";
import { encodeInto } from "./utf8.js";

/** Strings up to this length are tried as ASCII, one code at a time. */
export const SHORT = 64;

/** Writes `u32 length, bytes` of a short ASCII string at `at`; returns the end, or -1 when it is not short ASCII. */
export function writeShort(memory: Uint8Array, at: number, text: string): number {
  const length = text.length;
  if (length > SHORT) return -1;
  writeLength(memory, at, length);
  const start = at + 4;
  for (let i = 0; i < length; i++) {
    // As a method of `text` it would be looked up anew for each char: V8 has more shapes of strings than it keeps lookups for.
    const code = String.prototype.charCodeAt.call(text, i);
    if (code > 127) return -1;
    memory[start + i] = code;
  }
  return start + length;
}

/** The same of an integer of 32 bits; -1 for anything else. */
export function writeInteger(memory: Uint8Array, at: number, value: unknown): number {
  return typeof value === "number" && (value | 0) === value ? writeShort(memory, at, String(value)) : -1;
}

/** A command's name as it stands in a frame (u32 length, bytes), to be written by words of four bytes. */
export interface Head {
  readonly words: Int32Array;
  /** Bytes, of which the last word may have more. */
  readonly length: number;
}

export function headOf(name: string): Head {
  const length = 4 + name.length;
  const bytes = new Uint8Array(Math.ceil(length / 4) * 4);
  writeShort(bytes, 0, name);
  const view = new DataView(bytes.buffer);
  return { words: Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(i * 4, true)), length };
}

/** Writes how many arguments there are, and the name; the end. */
function writeHead(view: DataView, start: number, { words, length }: Head, argc: number): number {
  const at = start + 4;
  view.setInt32(start, argc + 1, true);
  for (let i = 0; i < words.length; i++) view.setInt32(at + i * 4, words[i] as number, true);
  return at + length;
}

/** So many arguments are tried as short ones; the request buffer has room for them always. */
export const FEW = 32;

/** The most bytes that a command of so many short arguments takes in a frame. */
export function boundOf(head: Head, argc: number): number {
  return 4 + head.words.length * 4 + argc * (4 + SHORT);
}

/**
 * Writes the frame of a command with up to three arguments, short ASCII strings or integers of 32 bits: the end, or -1 where one is something
 * else. `view` is of `memory`, too. Nothing is allocated.
 */
export function writeCall(
  memory: Uint8Array,
  view: DataView,
  start: number,
  head: Head,
  argc: number,
  a: unknown,
  b: unknown,
  c: unknown,
): number {
  let at = writeHead(view, start, head, argc);
  if (argc > 0) at = typeof a === "string" ? writeShort(memory, at, a) : writeInteger(memory, at, a);
  if (argc > 1 && at >= 0) at = typeof b === "string" ? writeShort(memory, at, b) : writeInteger(memory, at, b);
  if (argc > 2 && at >= 0) at = typeof c === "string" ? writeShort(memory, at, c) : writeInteger(memory, at, c);
  return at;
}

/** The same of any number of arguments, which are in an object then. */
export function writeArguments(memory: Uint8Array, view: DataView, start: number, head: Head, args: ArrayLike<unknown>): number {
  let at = writeHead(view, start, head, args.length);
  for (let i = 0; i < args.length && at >= 0; i++) {
    const arg = args[i];
    at = typeof arg === "string" ? writeShort(memory, at, arg) : writeInteger(memory, at, arg);
  }
  return at;
}

export function writeLength(memory: Uint8Array, at: number, n: number): void {
  memory[at] = n;
  memory[at + 1] = n >>> 8;
  memory[at + 2] = n >>> 16;
  memory[at + 3] = n >>> 24;
}

/** The length that stands at `at`. */
export function lengthAt(memory: Uint8Array, at: number): number {
  return (
    (memory[at] as number) +
    (memory[at + 1] as number) * 0x100 +
    (memory[at + 2] as number) * 0x10000 +
    (memory[at + 3] as number) * 0x1000000
  );
}

export function writeCount(memory: Uint8Array, at: number, argc: number): number {
  writeLength(memory, at, argc);
  return at + 4;
}

/** The most bytes `arg` can take in a frame. */
export function bound(arg: Flat): number {
  return 4 + (typeof arg === "string" ? arg.length * 3 : arg.length);
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

/** A command as RESP. Arguments are latin1 strings, one char a byte. */
export function command(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join("")}`;
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

/** A bulk string as RESP. */
export function bulk(bytes: Uint8Array): Uint8Array {
  return joined([encoded(`$${bytes.length}\r\n`), bytes, encoded("\r\n")]);
}

/** An error as RESP. A line has no line breaks. */
export function errorReply(message: string): Uint8Array {
  return encoded(`-${message.replace(/[\r\n]+/g, " ")}\r\n`);
}
