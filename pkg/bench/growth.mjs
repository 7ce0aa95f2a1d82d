/**
 * A sorted set of N members in a process of its own: `node growth.mjs N` prints nanoseconds of ZADD (a new score for a member
 * that is there) and ZRANK, and bytes a member, as JSON. Members are asked for in no order, and their strings built anew, so
 * that a large set waits for main memory: `chase` is what one read costs that depends on the one before, anywhere in as much
 * memory as the set takes.
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

const result = {
  zadd: best(() => db.zadd("zset", any(), `member:${any()}`)),
  zrank: best(() => db.zrank("zset", `member:${any()}`)),
  bytes,
  chase: chase(Math.ceil((bytes * N) / 4)),
};
console.log(JSON.stringify(result));

/** Follows references through n words, which are one cycle in no order. */
function chase(n) {
  const next = new Int32Array(n).map((_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor((any() / N) * i);
    [next[i], next[j]] = [next[j], next[i]];
  }
  let at = 0;
  return best(() => {
    at = next[at];
  });
}
