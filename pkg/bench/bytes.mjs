/**
 * What a key or an element takes: `used_memory` of `wakey serve` beside redis-server's, both filled by the same commands over TCP,
 * and what the host has given (`used_memory_rss`: the allocator's own share is in it, and room that it keeps). Each row has two fresh
 * servers. The aims are ratios.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { target } from "./report.mjs";
import { redisVersion, withServers } from "./tcp.mjs";

const digits = (i, n) => String(i).padStart(n, "0");
const some = (n, f) => Array.from({ length: n }, (_, i) => f(i));

/** Commands for `n` keys or elements. */
function* each(n, command) {
  for (let i = 0; i < n; i++) yield command(i);
}

/** The same for elements of one key, a hundred with each command; `element` gives their arguments. */
function* hundreds(n, name, key, element) {
  for (let i = 0; i < n; i += 100) yield [name, key, ...some(100, (j) => element(i + j)).flat()];
}

function* groups() {
  yield ["XGROUP", "CREATE", "stream", "group", "0", "MKSTREAM"];
  yield* each(100_000, (i) => ["XADD", "stream", `${1_700_000_000_000 + i}-0`, "field", `value:${i}`]);
  yield* each(1000, () => ["XREADGROUP", "GROUP", "group", "one", "COUNT", "100", "STREAMS", "stream", ">"]);
}

const K = 100_000;
const M = 1_000_000;
/** `[name, keys or elements, commands, aim]` */
const rows = [
  ["key:%012d -> value:%06d", M, () => each(M, (i) => ["SET", `key:${digits(i, 12)}`, `value:${digits(i, 6)}`]), 0.69],
  ["strings of 100 bytes, short keys", K, () => each(K, (i) => ["SET", `str:${i}`, "x".repeat(100)]), 0.85],
  ["short strings with a TTL", K, () => each(K, (i) => ["SET", `ttl:${i}`, `value:${i}`, "EX", 10_000 + i]), 0.8],
  ["hashes of ten fields", K, () => each(K, (i) => ["HSET", `hash:${i}`, ...some(10, (j) => [`field:${j}`, `value:${i}`]).flat()]), 0.85],
  ["sets of five", K, () => each(K, (i) => ["SADD", `set:${i}`, ...some(5, (j) => `m:${i + j}`)]), 0.85],
  ["sets of five integers", K, () => each(K, (i) => ["SADD", `ints:${i}`, ...some(5, (j) => i + j)]), 0.85],
  ["lists of five", K, () => each(K, (i) => ["RPUSH", `list:${i}`, ...some(5, (j) => `e:${i + j}`)]), 0.85],
  ["sorted sets of five", K, () => each(K, (i) => ["ZADD", `zset:${i}`, ...some(5, (j) => [i + j, `member:${j}`]).flat()]), 0.85],
  ["one hash, short fields", M, () => hundreds(M, "HSET", "hash", (i) => [`f${i}`, `${i}`]), 0.95],
  ["one hash, field:%d -> value:%d", M, () => hundreds(M, "HSET", "hash", (i) => [`field:${i}`, `value:${i}`]), 0.95],
  ["one set", M, () => hundreds(M, "SADD", "set", (i) => [`member:${i}`]), 0.95],
  ["one set of integers", M, () => hundreds(M, "SADD", "ints", (i) => [i]), 0.95],
  ["one sorted set", M, () => hundreds(M, "ZADD", "zset", (i) => [i, `member:${i}`]), 0.7],
  ["one list", M, () => hundreds(M, "RPUSH", "list", (i) => [`element:${i}`]), 1],
  ["one geo set", K, () => hundreds(K, "GEOADD", "geo", (i) => [(i % 360) - 180, (i % 170) - 85, `place:${i}`]), 0.7],
  [
    "hashes of 600 fields, a field",
    600_000,
    () => each(1000, (i) => ["HSET", `hash:${i}`, ...some(600, (j) => [`field:${j}`, `value:${i}`]).flat()]),
    0.95,
  ],
  ["sets of 200, a member", 400_000, () => each(2000, (i) => ["SADD", `set:${i}`, ...some(200, (j) => `member:${i + j}`)]), 0.95],
  ["sets of 200 integers, a member", 400_000, () => each(2000, (i) => ["SADD", `ints:${i}`, ...some(200, (j) => i + j)]), 1],
  ["HyperLogLogs of a hundred", 10_000, () => each(10_000, (i) => ["PFADD", `hll:${i}`, ...some(100, (j) => `${i}:${j}`)]), 1],
  ["a stream's entry", M, () => each(M, (i) => ["XADD", "stream", `${1_700_000_000_000 + i}-0`, "field", `value:${i}`]), 0.85],
  ["a stream's entry, pending in a group", K, groups, 0.85],
];

const encode = (args) => `*${args.length}\r\n${args.map((arg) => `$${String(arg).length}\r\n${arg}\r\n`).join("")}`;

/** A connection, once the server is there. */
async function connected(port) {
  for (let tries = 100; ; tries--) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return socket;
    } catch (error) {
      if (tries === 0) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

/** Sends commands, and waits until the last is answered. */
async function send(port, commands) {
  const socket = await connected(port);
  let answer = "";
  const done = once(socket, "close");
  socket.setEncoding("latin1").on("data", (chunk) => (answer = (answer + chunk).slice(-10_000)));
  let batch = "";
  for (const command of commands) {
    batch += encode(command);
    if (batch.length < 1 << 16) continue;
    if (!socket.write(batch, "latin1")) await once(socket, "drain");
    batch = "";
  }
  socket.write(`${batch}${encode(["INFO", "memory"])}${encode(["QUIT"])}`, "latin1");
  await done;
  return answer;
}

/** What INFO says of memory, once whoever filled it is gone. */
async function info(port) {
  await new Promise((done) => setTimeout(done, 300));
  const text = await send(port, []);
  const figure = (name) => Number(new RegExp(`${name}:(\\d+)`).exec(text)?.[1]);
  return { used: figure("used_memory"), held: figure("used_memory_rss") };
}

export async function bytes() {
  const version = redisVersion();
  if (version === undefined) {
    console.log("\nbytes a key or element: left out; REDIS_BIN=directory says where redis-server is");
    return;
  }
  console.log("\nbytes a key or element, used_memory; in brackets what the host has given");
  console.log(
    `${"".padEnd(42)}${"wakey".padStart(8)}${"".padStart(9)}${`redis ${version}`.padStart(14)}${"".padStart(9)}${"ratio".padStart(8)}`,
  );
  for (const [name, count, commands, aim] of rows) {
    const [wakey, redis] = await withServers(async (ports) => {
      const taken = [];
      for (const port of [ports.wakey, ports.redis]) {
        const before = await info(port);
        await send(port, commands());
        const after = await info(port);
        taken.push({ used: (after.used - before.used) / count, held: (after.held - before.held) / count });
      }
      return taken;
    });
    const ratio = wakey.used / redis.used;
    const shown = (n, width) => n.toFixed(1).padStart(width);
    const figures = `${shown(wakey.used, 8)} (${shown(wakey.held, 6)})${shown(redis.used, 13)} (${shown(redis.held, 6)})`;
    target(name, `${figures}${ratio.toFixed(2).padStart(8)}`, String(aim), ratio <= aim + 0.004);
  }
}
