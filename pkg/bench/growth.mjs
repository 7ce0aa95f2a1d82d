/**
 * A sorted set of N members in a process of its own: `node growth.mjs N` prints nanoseconds of ZADD (a new score for a member
 * that is there) and ZRANK, and bytes a member, as JSON. Members are asked for in no order, and their strings built anew.
 */
const { open } = await import("wakey");

const N = Number(process.argv[2]);
const CALLS = 20_000;
const ROUNDS = 12;
const db = await open({ seed: 1 });
const before = db.stats().usedMemory;

/** A number below N, from a generator that has them in no order. */
let state = 1;
function any() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * N);
}

for (let i = 0; i < N; ) {
  const args = [];
  for (let j = 0; j < 100 && i < N; j++, i++) args.push(any(), `member:${i}`);
  db.zadd("zset", ...args);
}
const bytes = (db.stats().usedMemory - before) / N;

function best(one) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < CALLS; i++) one();
    least = Math.min(least, performance.now() - start);
  }
  return (least / CALLS) * 1e6;
}

const zadd = best(() => db.zadd("zset", any(), `member:${any()}`));
const zrank = best(() => db.zrank("zset", `member:${any()}`));
console.log(JSON.stringify({ zadd, zrank, bytes }));
