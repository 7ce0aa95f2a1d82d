/**
 * Bytes as text. Keys and words are latin1 strings here, one char a byte, as in the package's command-line client: every byte
 * string has exactly one, and they compare and hash as strings do.
 */

import { bytes, latin1 } from "../../pkg/src/resp/latin1.js";

export { bytes, latin1 };

const utf8 = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a person typed, as latin1 of its UTF-8. */
export function typed(text: string): string {
  // Most of it is the same in both, and is not encoded.
  return /[^\0-\x7f]/.test(text) ? latin1(utf8.encode(text)) : text;
}

/** What people read: UTF-8 where it is, escapes for control characters and for what is no text. At most `limit` bytes of it. */
export function readable(text: string, limit = 2000): string {
  const cut = text.length > limit ? text.slice(0, limit) : text;
  let out: string;
  try {
    out = strict.decode(bytes(cut));
  } catch {
    out = cut.replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);
  }
  // Control characters, and those that turn the direction of writing, would make a text look like another one.
  out = out.replace(/[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, (char) =>
    char === "\n" ? "\\n" : char === "\t" ? "\\t" : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return cut === text ? out : `${out}…`;
}

/** The characters of a value, where a person could type all of them; else undefined. */
export function typeable(value: string): string | undefined {
  try {
    const text = strict.decode(bytes(value));
    return /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A word as it would have to be typed. */
export function quoted(word: string): string {
  if (/^[!#-&(-~]+$/.test(word)) return word;
  const body = word.replace(/[^ !#-[\]-~]/g, (char) =>
    char === '"' || char === "\\" ? `\\${char}` : char === "\n" ? "\\n" : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${body}"`;
}

/** A command as it would have to be typed, for people: at most `limit` characters of it. */
export function said(args: readonly string[], limit: number): string {
  return readable(args.map((word) => quoted(word.slice(0, limit))).join(" "), limit);
}

/** Bytes, for people. */
export function size(n: number): string {
  return n < 1024 ? `${n} B` : n < 1 << 20 ? `${(n / 1024).toFixed(1)} KB` : `${(n / (1 << 20)).toFixed(1)} MB`;
}

/** A span of milliseconds, for people: `4.2 s`, `3:05`, `2 d 4 h`. */
export function span(ms: number): string {
  if (ms <= 0) return "0 s";
  const s = ms / 1000;
  if (s < 60) return `${s.toFixed(1)} s`;
  const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");
  if (s < 3600) return `${Math.floor(s / 60)}:${two(s % 60)}`;
  if (s < 86400) return `${Math.floor(s / 3600)}:${two((s / 60) % 60)}:${two(s % 60)}`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s / 3600) % 24)} h`;
}

/** A number, for people. */
export const number = (n: number): string => n.toLocaleString("en");

/** So many of something, for people. */
export const of = (n: number, one: string, many = `${one}s`): string => `${number(n)} ${n === 1 ? one : many}`;
