/** A command in JavaScript: what may be an argument, and how arguments are laid out in a row. */
import { ValueError } from "./errors.js";
import { isOptions, layOptions, type OptionTable, optionsAt } from "./options.js";
import { encode } from "./utf8.js";

/** What a command takes as one argument. */
export type Arg = string | number | bigint | Uint8Array | ArrayBuffer | ArrayBufferView;

/** An argument ready for the frame: numbers and bigints are text by now, views are bytes. */
export type Flat = string | Uint8Array;

/** A command: its name and its arguments. */
export type Command = readonly Flat[];

/** The bytes of an argument. */
export function encoded(arg: Flat): Uint8Array {
  return typeof arg === "string" ? encode(arg) : arg;
}

/** An argument in lower case, where it may be a name. */
export function word(arg: Flat | undefined): string {
  if (arg === undefined || arg.length > 32) return "";
  return (typeof arg === "string" ? arg : String.fromCharCode(...arg)).toLowerCase();
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
  // Nearly all objects that are none, without the look at what they say of themselves.
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) === Object.prototype) return false;
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

const NO_OPTIONS: OptionTable = {};

/**
 * Where objects and Maps may stand for pairs: nowhere, anywhere, or where a pair begins counted from argument `n`; "scored": anywhere, and
 * the first of each pair is a score.
 */
export type Pairs = number | "no" | "any" | "scored";

/**
 * Lays arguments out in order. Arrays are opened (and arrays in them, once), plain objects and Maps become key, value,
 * key, value where the command takes pairs, and plain objects become options where it takes these. `code` is the dialect's error code,
 * `name` the command for the message.
 */
export function flatten(
  out: Flat[],
  args: ArrayLike<unknown>,
  from: number,
  pairs: Pairs,
  code: string,
  name: string,
  table: OptionTable = NO_OPTIONS,
): void {
  const start = out.length;
  const refuse = (position: number, what: string): never => {
    throw new ValueError(code, `argument ${position} of ${name.toUpperCase()} ${what}`);
  };
  const scalar = (value: unknown, position: number, inside: string): void => {
    const one = flat(value);
    if (one === undefined) refuse(position, `${inside}is ${describe(value)}`);
    else out.push(one);
  };
  for (let i = from; i < args.length; i++) {
    const value = args[i];
    const position = i - from + 1;
    if (typeof value !== "object" || value === null) {
      scalar(value, position, "");
    } else if (Array.isArray(value)) {
      for (let j = 0; j < value.length; j++) {
        const item: unknown = value[j];
        if (Array.isArray(item)) for (let k = 0; k < item.length; k++) scalar(item[k], position, "holds a value that ");
        else if (pairs === "scored" && isMember(item)) {
          scalar(item.score, position, "holds a score that ");
          scalar(item.member, position, "holds a member that ");
        } else scalar(item, position, "holds a value that ");
      }
    } else if (ArrayBuffer.isView(value) || isBuffer(value)) {
      scalar(value, position, "");
    } else {
      const plain = isPlain(value);
      const map = !plain && isMap(value);
      const options = optionsAt(table, name, () => word(out[start]));
      if (plain && isOptions(value, options, position, pairs !== "no" && i === args.length - 1)) {
        const wrong = layOptions(value, options, (one) => scalar(one, position, "holds a value that "));
        if (wrong !== undefined) refuse(position, `is an object ${wrong}; its options are ${options}`);
        continue;
      }
      const fits = typeof pairs === "string" ? pairs !== "no" : out.length - start >= pairs && (out.length - start - pairs) % 2 === 0;
      if (!fits || !(map || plain)) {
        const others = options?.before === 1 ? "another" : `${options?.before || "no"} others`;
        refuse(position, `is ${describe(value)}${options === undefined ? "" : `; its options ${options} stand behind ${others}`}`);
      }
      if (plain && pairs !== "scored") {
        const keys = Object.keys(value);
        if (keys.length === 0) refuse(position, "is an empty object");
        for (const key of keys) {
          out.push(key);
          scalar((value as Record<string, unknown>)[key], position, "holds a value that ");
        }
        continue;
      }
      const entries: [unknown, unknown][] = map ? [...Map.prototype.entries.call(value)] : Object.entries(value);
      if (entries.length === 0) refuse(position, `is an empty ${map ? "Map" : "object"}`);
      const byMember = plain && !entries.every(([key]) => isNumeral(key as string));
      if (plain && !byMember && entries.some(([, item]) => typeof item === "number"))
        refuse(position, "is an object of numbers, and which are the scores is not known; [{ score, member }] says it");
      for (const [key, item] of entries) {
        if (byMember) scalar(item, position, "holds a score that ");
        scalar(key, position, "holds a key that ");
        if (!byMember) scalar(item, position, "holds a value that ");
      }
    }
  }
}

function isMember(item: unknown): item is { score: unknown; member: unknown } {
  return typeof item === "object" && item !== null && "score" in item && "member" in item;
}

function isNumeral(text: string): boolean {
  return (text.trim() !== "" && !Number.isNaN(Number(text))) || /^[+-]?inf$/i.test(text);
}
