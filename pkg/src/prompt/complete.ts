/** What may stand where one types: completions with Tab, the rest of the syntax behind the cursor, a line of help. */
import type { Wakey } from "../client/client.js";
import { latin1 } from "../resp/latin1.js";
import { words } from "./format.js";
import { completions, type Doc, find, next, remaining } from "./hints.js";

/** Keys that are looked at for a completion, and those that are offered. */
export const LOOKED = 20_000;
export const OFFERED = 200;

/** What MATCH takes for names that begin with `prefix`. */
export function pattern(prefix: string): string {
  return `${prefix.replace(/[\\*?[\]]/g, "\\$&")}*`;
}

/** Candidates for the word that begins at `start` of the line. */
export interface Candidates {
  start: number;
  words: string[];
}

/** A word as it is typed: in quotes only where it needs them. The word is latin1. */
function spelled(word: string): string {
  if (/^[!#-&(-~]+$/.test(word)) return word;
  const body = word.replace(/[^ !#-[\]-~]/g, (char) =>
    char === '"' || char === "\\" ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${body}"`;
}

/** Names of keys that begin with `prefix`, in a database. In a session of its own, since that of the console may be in MULTI. */
export function keys(db: Wakey, database: number, prefix: string): string[] {
  const session = db.session();
  try {
    session.call("SELECT", database);
    const match = Uint8Array.from(pattern(prefix), (c) => c.charCodeAt(0));
    const found = new Set<string>();
    let cursor = "0";
    for (let looked = 0; looked < LOOKED && found.size < OFFERED; looked += 1000) {
      const [at, names] = session.bytes.call("SCAN", cursor, "MATCH", match, "COUNT", 1000) as [Uint8Array, Uint8Array[]];
      for (const name of names) found.add(latin1(name));
      cursor = latin1(at);
      if (cursor === "0") break;
    }
    return [...found].sort().slice(0, OFFERED);
  } finally {
    session.close();
  }
}

/** What the line (UTF-16) may end with. `existing` gives the keys that begin so. */
export function candidates(all: Map<string, Doc>, line: string, existing: (prefix: string) => string[]): Candidates {
  const names = completions(all, line.trimStart());
  const indent = line.length - line.trimStart().length;
  const start = line.search(/\S*$/);
  const typed = words(line.slice(0, start));
  const none = { start: line.length, words: [] };
  if (/^\s*$/.test(line)) return none;
  // A command itself, before its first argument.
  if (names.length > 0) return { start: indent, words: names };
  if (typed === undefined || typed.length === 0) return none;
  const found = find(all, typed);
  if (found === undefined) return none;
  const word = line.slice(start);
  const { tokens, key } = next(found.doc, typed.slice(found.names));
  const lower = word === "" ? typed[0] === typed[0]?.toLowerCase() : word === word.toLowerCase();
  const out = tokens.filter((token) => token.startsWith(word.toUpperCase())).map((token) => (lower ? token.toLowerCase() : token));
  if (key && !/["']/.test(word)) out.push(...existing(word).map(spelled));
  return { start, words: [...new Set(out)].filter((one) => one !== word) };
}

/** The longest beginning that all have. */
export function common(list: readonly string[]): string {
  let out = list[0] ?? "";
  for (const one of list) while (!one.startsWith(out)) out = out.slice(0, -1);
  return out;
}

/** Commands that people mean most often by their first letters, the most usual first. */
const USUAL = (
  "GET SET DEL EXISTS EXPIRE TTL INCR HSET HGET HGETALL LPUSH RPUSH LRANGE LPOP SADD SMEMBERS SISMEMBER ZADD ZRANGE ZINCRBY XADD XRANGE " +
  "KEYS SCAN MSET MGET APPEND STRLEN DECR SUBSCRIBE PUBLISH GEOADD GEOSEARCH PFADD PFCOUNT SETBIT BITCOUNT EVAL MULTI EXEC TYPE INFO FLUSHALL"
).split(" ");

/** The command that a line which is only begun is likely to be, in its case; undefined where that is not to be said. */
function likely(all: Map<string, Doc>, line: string): string | undefined {
  const begun = line.trimStart();
  if (!/^[a-z][\w.|-]*( [a-z][\w-]*)?$/i.test(begun)) return undefined;
  const names = completions(all, begun);
  const upper = begun.toUpperCase();
  const usual = USUAL.find((name) => name.startsWith(upper) && all.has(name));
  if (usual !== undefined) return names.find((name) => name.toUpperCase() === usual);
  return names.reduce<string | undefined>((best, name) => (best !== undefined && best.length <= name.length ? best : name), undefined);
}

/**
 * What can still be typed behind the line, and a line of help on its command. Of a name that is only begun, `rest` is the end of the one that
 * it is likely to be, and `taken` the line with it.
 */
export function hint(all: Map<string, Doc>, line: string): { rest: string; help: string; taken?: string } {
  const typed = words(line);
  const found = typed && find(all, typed);
  const name = found !== undefined && found.names === typed?.length ? undefined : likely(all, line);
  const doc = name === undefined ? undefined : all.get(name.toUpperCase());
  const begun = line.trimStart().length;
  if (name !== undefined && doc !== undefined && name.length > begun)
    return { rest: name.slice(begun), help: `${doc.name}: ${doc.summary}`, taken: `${line}${name.slice(begun)} ` };
  if (!typed || !found) return { rest: "", help: "" };
  const rest = remaining(found.doc, typed.slice(found.names));
  return { rest: rest !== "" && !/\s$/.test(line) ? ` ${rest}` : rest, help: `${found.doc.name}: ${found.doc.summary}` };
}
