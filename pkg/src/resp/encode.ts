/** A reply made in JavaScript, as RESP: what interceptors answer with. */
import { encoded, flat, isBuffer } from "./command.js";
import { bulk, errorReply, joined } from "./write.js";

/** How deep a reply may be nested. */
const DEEPEST = 128;

function line(kind: string, text: string): Uint8Array {
  return encoded(`${kind}${text}\r\n`);
}

/** An error's text as it goes over the wire: with a code in front, as each has one. */
export function errorText({ message }: { message: string }): string {
  return /^[A-Z][A-Z0-9_]*( |$)/.test(message) ? message : `ERR ${message}`;
}

function entriesOf(value: object): [unknown, unknown][] {
  return value instanceof Map ? [...value] : Object.entries(value);
}

/**
 * A value as a reply in RESP2 or RESP3: strings, bytes and bigints over 64 bits are bulk strings; integers are integers, other numbers
 * doubles; `null` and `undefined` are null; arrays and sets; Maps and plain objects are maps; errors are errors. Throws TypeError.
 */
export function encodeReply(value: unknown, resp3: boolean, depth = 0): Uint8Array {
  if (depth > DEEPEST) throw new TypeError(`a reply is nested deeper than ${DEEPEST}`);
  const all = (head: string, items: readonly unknown[]): Uint8Array =>
    joined([encoded(head), ...items.map((item) => encodeReply(item, resp3, depth + 1))]);
  if (value === null || value === undefined) return line(resp3 ? "_" : "$-1", "");
  if (typeof value === "boolean") return resp3 ? line("#", value ? "t" : "f") : line(":", value ? "1" : "0");
  if (typeof value === "number" && Number.isSafeInteger(value)) return line(":", String(value));
  if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) return line(":", String(value));
  if (typeof value === "number" && resp3) return line(",", Number.isNaN(value) ? "nan" : String(value).replace("Infinity", "inf"));
  if (value instanceof Error) return errorReply(errorText(value));
  if (typeof value === "number" && Number.isNaN(value)) return bulk(encoded("nan"));
  const text = flat(value);
  if (text !== undefined) return bulk(encoded(text));
  if (Array.isArray(value)) return all(`*${value.length}\r\n`, value);
  if (value instanceof Set) return all(`${resp3 ? "~" : "*"}${value.size}\r\n`, [...value]);
  if (typeof value !== "object" || isBuffer(value)) throw new TypeError(`a ${typeof value} is no reply`);
  const entries = entriesOf(value);
  return all(resp3 ? `%${entries.length}\r\n` : `*${entries.length * 2}\r\n`, entries.flat(1));
}
