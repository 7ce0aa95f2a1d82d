/**
 * The longest single call while one structure grows to N elements and shrinks again, in a process of its own: `node
 * pauses.mjs STRUCTURE N` prints milliseconds and where they were spent, as JSON.
 *
 * The engine's own time is what counts: JavaScript's collections within a call are taken off it. The same calls on the same
 * seed do the same work, so where a call still is long, all is done again, and its time is the least: the rest was another
 * process.
 */
import { PerformanceObserver } from "node:perf_hooks";

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
  RPUSH: [(db, i) => db.rpush("list", member(i)), (db) => db.lpop("list")],
  "LPUSH, a node each": [(db, i) => db.lpush("list", member(i)), (db) => db.rpop("list"), oneNode],
  SADD: [(db, i) => db.sadd("set", member(i)), (db, i) => db.srem("set", member(i))],
  ZADD: [(db, i) => db.zadd("zset", (i * 7919) % 1_000_003, member(i)), (db, i) => db.zrem("zset", member(i))],
  HSET: [(db, i) => db.hset("hash", member(i), "value"), (db, i) => db.hdel("hash", member(i))],
  XADD: [(db, i) => db.xadd("stream", `${i + 1}-1`, "field", "value"), (db, i) => db.xdel("stream", `${i + 1}-1`)],
};

/** Calls of more milliseconds than this are looked at, and rounds are repeated while there is one of more than LONG. */
const SHOWN = 0.5;
const LONG = 5;
const ROUNDS = 4;

const collections = [];
const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()));
observer.observe({ entryTypes: ["gc"] });

/** What `[from, to)` has in common with collections. */
function collected(from, to) {
  let sum = 0;
  for (const { startTime, duration } of collections) {
    sum += Math.max(0, Math.min(to, startTime + duration) - Math.max(from, startTime));
  }
  return sum;
}

const [grow, shrink, prepare] = structures[structure];

/** Long calls of one round: `{ up: Map of number to milliseconds, down }`, and bytes an element at the top. */
async function round() {
  const db = await open({ seed: 1 });
  const out = { bytes: 0 };
  prepare?.(db);
  for (const [way, one] of [
    ["up", grow],
    ["down", shrink],
  ]) {
    const seen = [];
    collections.length = 0;
    for (let i = 0; i < N; i++) {
      const from = performance.now();
      one(db, i);
      const to = performance.now();
      if (to - from > SHOWN) seen.push([i, from, to]);
    }
    // Collections are reported in a later turn.
    await new Promise((done) => setTimeout(done, 10));
    out[way] = new Map(seen.map(([i, from, to]) => [i, to - from - collected(from, to)]));
    if (way === "up") out.bytes = db.stats().usedMemory / N;
  }
  db.close();
  return out;
}

/** The longest call that was long in all rounds: `[milliseconds, number of the call]`. */
function longest(rounds) {
  let most = [0, 0];
  for (const i of rounds[0].keys()) {
    const least = Math.min(...rounds.map((round) => round.get(i) ?? SHOWN));
    if (least > most[0]) most = [least, i];
  }
  return most;
}

const rounds = [];
let result;
do {
  rounds.push(await round());
  result = { up: longest(rounds.map((round) => round.up)), down: longest(rounds.map((round) => round.down)) };
} while (rounds.length < ROUNDS && Math.max(result.up[0], result.down[0]) > LONG);
console.log(JSON.stringify({ ...result, bytes: rounds[0].bytes, rounds: rounds.length }));
