/** What a key holds, as people see it: the type, and for strings and sorted sets what they are used as. */
import { bytes, latin1 } from "./text.js";

/** What `ask` of a keyspace does. */
export type Ask = (...args: (string | number)[]) => unknown;

/** Chars of a string that are looked at, and the longest JSON that is read whole to know it. */
export const LOOKED = 64;
const WHOLE = 2048;

const strict = new TextDecoder("utf-8", { fatal: true });
const text = (value: unknown): string => (value instanceof Uint8Array ? latin1(value) : String(value ?? ""));

/** What is wrong with a text that should be JSON; undefined where nothing is. */
export function wrong(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Whether a text is an object or an array: numbers and words alone are texts to people. */
export function isJson(text: string): boolean {
  return /^\s*[[{]/.test(text) && wrong(text) === undefined;
}

/** How many a key has, and of what. */
export const COUNTS: { [type: string]: [command: string, one: string, many: string] } = {
  string: ["STRLEN", "B", "B"],
  hash: ["HLEN", "field", "fields"],
  list: ["LLEN", "element", "elements"],
  set: ["SCARD", "member", "members"],
  zset: ["ZCARD", "member", "members"],
  stream: ["XLEN", "entry", "entries"],
  array: ["ARCOUNT", "element", "elements"],
  vectorset: ["VCARD", "element", "elements"],
};

/** Whether bytes, of which more may follow, are no text. */
export function isBinary(value: string): boolean {
  if (/[\0-\x08\x0e-\x1f\x7f]/.test(value)) return true;
  // A character may be cut at the end.
  for (let cut = 0; cut < 4; cut++) {
    try {
      strict.decode(bytes(value.slice(0, value.length - cut)));
      return false;
    } catch {}
  }
  return true;
}

/** Scores of places are whole numbers of 52 bits: those of this century's milliseconds are smaller. */
export const isPlaces = (least: number, most: number): boolean =>
  least > 1e13 && most < 2 ** 52 && Number.isInteger(least) && Number.isInteger(most);

function zset(ask: Ask, name: string): string {
  const score = (at: number): number => {
    const [pair] = (ask("ZRANGE", name, at, at, "WITHSCORES") ?? []) as unknown[];
    return Array.isArray(pair) ? Number(pair[1]) : Number.NaN;
  };
  return isPlaces(score(0), score(-1)) ? "geo" : "zset";
}

function string(ask: Ask, name: string): string {
  const begin = text(ask("GETRANGE", name, 0, LOOKED - 1));
  if (begin.startsWith("HYLL")) return "hll";
  if (/^\s*[[{]/.test(begin)) {
    const length = Number(ask("STRLEN", name) ?? 0);
    const whole = length <= WHOLE;
    const end = text(ask("GETRANGE", name, whole ? 0 : -8, -1));
    if (whole ? isJson(end) : /[\]}]\s*$/.test(end)) return "json";
  }
  return isBinary(begin) ? "bits" : "string";
}

/** `json`, `hll`, `bits`, `geo`, or the type itself. */
export function kindOf(ask: Ask, type: string, name: string): string {
  return type === "string" ? string(ask, name) : type === "zset" ? zset(ask, name) : type;
}

/** What a chip says. */
export const LABELS: { [kind: string]: string } = { json: "JSON", hll: "HLL", bits: "BITS", geo: "GEO", vectorset: "vector" };
