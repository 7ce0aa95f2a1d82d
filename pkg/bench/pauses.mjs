/**
 * The longest single call while one structure grows to N elements and, but for streams, shrinks again, in a process of its
 * own: `node pauses.mjs STRUCTURE N` prints milliseconds and where they were spent, as JSON.
 *
 * The same calls on the same seed do the same work, so a call's own time is the least of two rounds; what is above it was
 * the collector of JavaScript or another process.
 */
const { open } = await import("wakey");

const [, , structure, size] = process.argv;
const N = Number(size);
const key = (i) => `key:${String(i).padStart(12, "0")}`;
const member = (i) => `member:${i}`;
const oneNode = (db) => db.config("SET", "list-max-listpack-size", "1");

/** `[grow, shrink, prepare]` */
const structures = {
  SET: [(db, i) => db.set(key(i), "value"), (db, i) => db.del(key(i))],
  "SET EX": [(db, i) => db.set(key(i), "value", "EX", 100_000 + (i % 1000)), (db, i) => db.del(key(i))],
  LPUSH: [(db, i) => db.lpush("list", member(i)), (db) => db.rpop("list")],
  "LPUSH, a node each": [(db, i) => db.lpush("list", member(i)), (db) => db.rpop("list"), oneNode],
  SADD: [(db, i) => db.sadd("set", member(i)), (db, i) => db.srem("set", member(i))],
  ZADD: [(db, i) => db.zadd("zset", (i * 7919) % 1_000_003, member(i)), (db, i) => db.zrem("zset", member(i))],
  HSET: [(db, i) => db.hset("hash", member(i), "value"), (db, i) => db.hdel("hash", member(i))],
  XADD: [(db, i) => db.xadd("stream", `${i + 1}-1`, "field", "value"), (db, i) => db.xdel("stream", `${i + 1}-1`)],
};

/** The longest of the least times: `[milliseconds, number of the call]`. */
function longest(least) {
  let at = 0;
  for (let i = 1; i < N; i++) if (least[i] > least[at]) at = i;
  return [least[at], at];
}

const [grow, shrink, prepare] = structures[structure];
const up = new Float32Array(N).fill(Number.POSITIVE_INFINITY);
const down = new Float32Array(N).fill(Number.POSITIVE_INFINITY);
let bytes = 0;
for (let round = 0; round < 2; round++) {
  const db = await open({ seed: 1 });
  prepare?.(db);
  for (const [least, one] of [
    [up, grow],
    [down, shrink],
  ]) {
    for (let i = 0; i < N; i++) {
      const from = performance.now();
      one(db, i);
      const took = performance.now() - from;
      if (took < least[i]) least[i] = took;
    }
    if (least === up) bytes = db.stats().usedMemory / N;
  }
  db.close();
}
console.log(JSON.stringify({ up: longest(up), down: longest(down), bytes }));
