/**
 * The commands that make a key again as it is: its value, its groups, and when it and its fields expire. Types that have no command for all
 * of them (arrays, vector sets) come as what DUMP gives. What a group has delivered and nobody has acknowledged is left out.
 */
import { latin1 } from "./text.js";

/** Reads of a database, as `View.read`. */
export type Read = (args: string[]) => Promise<unknown>;

/** Elements in one command. */
const CHUNK = 100;

const text = (value: unknown): string => (value instanceof Uint8Array ? latin1(value) : String(value ?? ""));
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Numbers as commands take them. */
function score(value: unknown): string {
  const number = text(value);
  return number === "Infinity" ? "inf" : number === "-Infinity" ? "-inf" : number;
}

function chunked(head: readonly string[], words: readonly string[], each: number): string[][] {
  const out: string[][] = [];
  for (let i = 0; i < words.length; i += CHUNK * each) out.push([...head, ...words.slice(i, i + CHUNK * each)]);
  return out;
}

async function scanned(read: Read, scan: string, key: string): Promise<string[]> {
  const out: string[] = [];
  let cursor = "0";
  do {
    const reply = list(await read([scan, key, cursor, "COUNT", "1000"]));
    if (reply.length < 2) break;
    cursor = text(reply[0]);
    for (const word of list(reply[1])) out.push(text(word));
  } while (cursor !== "0");
  return out;
}

async function hash(read: Read, key: string): Promise<string[][]> {
  const words = await scanned(read, "HSCAN", key);
  const out = chunked(["HSET", key], words, 2);
  const fields = words.filter((_, i) => i % 2 === 0);
  for (let i = 0; i < fields.length; i += CHUNK) {
    const some = fields.slice(i, i + CHUNK);
    const ends = list(await read(["HPEXPIRETIME", key, "FIELDS", String(some.length), ...some]));
    for (const [j, end] of ends.entries()) if (Number(end) >= 0) out.push(["HPEXPIREAT", key, text(end), "FIELDS", "1", some[j]!]);
  }
  return out;
}

async function stream(read: Read, key: string): Promise<string[][]> {
  const out: string[][] = [];
  for (let from = "-"; ; ) {
    const entries = list(await read(["XRANGE", key, from, "+", "COUNT", "1000"]));
    for (const entry of entries) out.push(["XADD", key, text(list(entry)[0]), ...list(list(entry)[1]).map(text)]);
    if (entries.length < 1000) break;
    from = `(${out.at(-1)![2]}`;
  }
  for (const group of list(await read(["XINFO", "GROUPS", key]))) {
    const facts = new Map(list(group).map((pair) => [text(list(pair)[0]), list(pair)[1]]));
    out.push(["XGROUP", "CREATE", key, text(facts.get("name")), text(facts.get("last-delivered-id")), "MKSTREAM"]);
  }
  return out;
}

async function value(read: Read, type: string, key: string): Promise<string[][]> {
  switch (type) {
    case "hash":
      return hash(read, key);
    case "list": {
      const words: string[] = [];
      for (let i = 0; ; i += 1000) {
        const some = list(await read(["LRANGE", key, String(i), String(i + 999)])).map(text);
        for (const word of some) words.push(word);
        if (some.length < 1000) break;
      }
      return chunked(["RPUSH", key], words, 1);
    }
    case "set":
      return chunked(["SADD", key], (await scanned(read, "SSCAN", key)).sort(), 1);
    case "zset": {
      const pairs = list(await read(["ZRANGE", key, "0", "-1", "WITHSCORES"]));
      return chunked(
        ["ZADD", key],
        pairs.flatMap((pair) => [score(list(pair)[1]), text(list(pair)[0])]),
        2,
      );
    }
    case "stream":
      return stream(read, key);
  }
  const dump = await read(["DUMP", key]);
  return dump === null || dump === undefined ? [] : [["RESTORE", key, "0", text(dump), "REPLACE"]];
}

/** Empty where there is no such key. */
export async function making(read: Read, key: string): Promise<string[][]> {
  const type = text(await read(["TYPE", key]));
  if (type === "none" || type === "") return [];
  const expires = Number(await read(["PEXPIRETIME", key]));
  if (type === "string") return [["SET", key, text(await read(["GET", key])), ...(expires >= 0 ? ["PXAT", String(expires)] : [])]];
  const out = await value(read, type, key);
  if (expires >= 0) out.push(["PEXPIREAT", key, String(expires)]);
  return out;
}
