/**
 * Commands as code for the clients that people have. Words are bytes, one char each: what is UTF-8 becomes a string of the language, what is
 * not becomes bytes. Nothing of a word can end the literal it stands in.
 */
import { bytes, quoted } from "./text.js";

export type Client = "ioredis" | "node-redis" | "redis-py" | "go-redis" | "jedis" | "upstash" | "redis-cli";

export const CLIENTS: { [client in Client]: { name: string; language: string; head: string } } = {
  ioredis: { name: "ioredis", language: "JavaScript", head: 'import Redis from "ioredis";\n\nconst redis = new Redis();\n' },
  "node-redis": {
    name: "node-redis",
    language: "JavaScript",
    head: 'import { createClient } from "redis";\n\nconst client = await createClient().connect();\n',
  },
  "redis-py": { name: "redis-py", language: "Python", head: "import redis\n\nr = redis.Redis()\n" },
  "go-redis": {
    name: "go-redis",
    language: "Go",
    head: '// import "github.com/redis/go-redis/v9"\nctx := context.Background()\nrdb := redis.NewClient(&redis.Options{Addr: "localhost:6379"})\n',
  },
  jedis: {
    name: "Jedis",
    language: "Java",
    head: "// import redis.clients.jedis.UnifiedJedis;\n// import java.nio.charset.StandardCharsets;\n// import java.util.HexFormat;\nUnifiedJedis jedis = new UnifiedJedis();\n",
  },
  upstash: { name: "Upstash REST", language: "curl", head: "" },
  "redis-cli": { name: "redis-cli", language: "", head: "" },
};

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text that bytes are; undefined where they are none. */
function textOf(word: string): string | undefined {
  try {
    return strict.decode(bytes(word));
  } catch {
    return undefined;
  }
}

const hex = (word: string): string => Array.from(word, (char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");

/** What would look like another text, or end a line somewhere: escaped, besides control characters. */
const HIDDEN = /[\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const unicode = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A literal that JavaScript, Python and Go read alike. */
const literal = (text: string): string => JSON.stringify(text).replace(HIDDEN, unicode);

/** Bytes as Python and Go write them between quotes. */
const escaped = (word: string): string => word.replace(/[^ !#-[\]-~]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);

/** Java reads `\u000a` as a line's end before it reads strings: control characters are octal. */
function java(text: string): string {
  const body = text
    .replace(/[\\"]/g, "\\$&")
    .replace(/[\0-\x1f]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`)
    .replace(HIDDEN, unicode);
  return `"${body}"`;
}

const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const js = (word: string): string => {
  const text = textOf(word);
  return text === undefined ? `Buffer.from("${hex(word)}", "hex")` : literal(text);
};
const python = (word: string): string => {
  const text = textOf(word);
  return text === undefined ? `b"${escaped(word)}"` : literal(text);
};
const go = (word: string): string => {
  const text = textOf(word);
  return text === undefined ? `"${escaped(word)}"` : literal(text);
};

/** Words in pairs, as a literal of a map; undefined where a name stands twice, which a map cannot say. */
function map(words: readonly string[], one: (name: string, value: string) => string): string[] | undefined {
  const names = words.filter((_, i) => i % 2 === 0);
  if (words.length % 2 !== 0 || new Set(names).size < names.length) return undefined;
  return names.map((name, i) => one(name, words[2 * i + 1]!));
}

const NUMBER = /^-?\d+(\.\d+)?$/;
const isText = (words: readonly string[]): boolean => words.every((word) => textOf(word) !== undefined);

/** Scores and members of a ZADD without options; undefined where it has some. */
function scores(args: readonly string[]): [score: string, member: string][] | undefined {
  const out: [string, string][] = [];
  for (let i = 2; i < args.length; i += 2) {
    if (!NUMBER.test(args[i]!) || args[i + 1] === undefined) return undefined;
    out.push([args[i]!, args[i + 1]!]);
  }
  return out.length > 0 && new Set(out.map(([, member]) => member)).size === out.length ? out : undefined;
}

/** Commands whose methods take their words as they are, in all of these clients. */
const PLAIN = new Set([
  "GET",
  "DEL",
  "INCR",
  "DECR",
  "EXISTS",
  "TTL",
  "TYPE",
  "HGET",
  "HDEL",
  "HGETALL",
  "LLEN",
  "RPUSH",
  "LPUSH",
  "SADD",
  "SREM",
]);
PLAIN.add("SMEMBERS").add("ZSCORE").add("STRLEN").add("PERSIST");

function nodeRedis(args: readonly string[], name: string): string {
  const METHODS: { [name: string]: string } = { RPUSH: "rPush", LPUSH: "lPush", SADD: "sAdd", SREM: "sRem", HGET: "hGet", HDEL: "hDel" };
  Object.assign(METHODS, { HGETALL: "hGetAll", LLEN: "lLen", SMEMBERS: "sMembers", ZSCORE: "zScore", STRLEN: "strLen" });
  const [, key = "", ...rest] = args;
  if (isText(args)) {
    if (PLAIN.has(name) && args.length > 1) {
      const words = rest.map(js);
      const many = /^(RPUSH|LPUSH|SADD|SREM|HDEL)$/.test(name) && rest.length > 1;
      const all = /^(DEL|EXISTS)$/.test(name) && rest.length > 0 ? `[${args.slice(1).map(js).join(", ")}]` : js(key);
      const call = all.startsWith("[") ? all : [all, ...(many ? [`[${words.join(", ")}]`] : words)].join(", ");
      return `await client.${METHODS[name] ?? name.toLowerCase()}(${call});`;
    }
    if (name === "SET" && args.length === 3) return `await client.set(${js(key)}, ${js(rest[0]!)});`;
    const pairs = name === "HSET" && rest.length > 0 ? map(rest, (field, value) => `[${js(field)}]: ${js(value)}`) : undefined;
    if (pairs && !rest.includes("__proto__")) return `await client.hSet(${js(key)}, { ${pairs.join(", ")} });`;
    const all = name === "ZADD" ? scores(args) : undefined;
    if (all)
      return `await client.zAdd(${js(key)}, [${all.map(([score, member]) => `{ score: ${score}, value: ${js(member)} }`).join(", ")}]);`;
    if (name === "EXPIRE" && rest.length === 1 && NUMBER.test(rest[0]!)) return `await client.expire(${js(key)}, ${rest[0]});`;
  }
  return `await client.sendCommand([${args.map(js).join(", ")}]);`;
}

function redisPy(args: readonly string[], name: string): string {
  const [, key = "", ...rest] = args;
  if (PLAIN.has(name) && args.length > 1)
    return `r.${name === "DEL" ? "delete" : name.toLowerCase()}(${args.slice(1).map(python).join(", ")})`;
  if (name === "SET" && args.length === 3) return `r.set(${python(key)}, ${python(rest[0]!)})`;
  const pairs = name === "HSET" && rest.length > 0 ? map(rest, (field, value) => `${python(field)}: ${python(value)}`) : undefined;
  if (pairs) return `r.hset(${python(key)}, mapping={${pairs.join(", ")}})`;
  const all = name === "ZADD" ? scores(args) : undefined;
  if (all) return `r.zadd(${python(key)}, {${all.map(([score, member]) => `${python(member)}: ${score}`).join(", ")}})`;
  if (name === "EXPIRE" && rest.length === 1 && /^\d+$/.test(rest[0]!)) return `r.expire(${python(key)}, ${Number(rest[0])})`;
  return `r.execute_command(${args.map(python).join(", ")})`;
}

function jedis(args: readonly string[]): string {
  const binary = !isText(args);
  const word = (one: string): string => {
    const text = textOf(one);
    if (text === undefined) return `HexFormat.of().parseHex("${hex(one)}")`;
    return binary ? `${java(text)}.getBytes(StandardCharsets.UTF_8)` : java(text);
  };
  const [name = "", ...rest] = args;
  const command = `() -> ${java(textOf(name) ?? "")}.getBytes(StandardCharsets.UTF_8)`;
  return `jedis.sendCommand(${[command, ...rest.map(word)].join(", ")});`;
}

/** One command as a line of code. */
export function line(client: Client, args: readonly string[]): string {
  const name = (args[0] ?? "").toUpperCase();
  switch (client) {
    case "ioredis":
      if ((PLAIN.has(name) || /^(SET|HSET|ZADD|EXPIRE|XADD)$/.test(name)) && args.length > 1)
        return `await redis.${name.toLowerCase()}(${args.slice(1).map(js).join(", ")});`;
      return `await redis.call(${args.map(js).join(", ")});`;
    case "node-redis":
      return nodeRedis(args, name);
    case "redis-py":
      return redisPy(args, name);
    case "go-redis":
      return `rdb.Do(ctx, ${args.map(go).join(", ")})`;
    case "jedis":
      return jedis(args);
    case "upstash": {
      const words = args.map(textOf);
      if (words.some((word) => word === undefined)) return "# This command holds bytes that are not UTF-8: JSON can’t carry them.";
      const body = `[${words.map((word) => literal(word!)).join(", ")}]`;
      return `curl "$UPSTASH_REDIS_REST_URL" -H "Authorization: Bearer $UPSTASH_REDIS_REST_TOKEN" -d ${shell(body)}`;
    }
    case "redis-cli":
      return args.map(quoted).join(" ");
  }
}

/** Commands as a piece of code that runs. */
export function code(client: Client, all: readonly (readonly string[])[]): string {
  const { head } = CLIENTS[client];
  return `${head}${head === "" ? "" : "\n"}${all.map((args) => line(client, args)).join("\n")}\n`;
}
