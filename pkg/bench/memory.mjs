/**
 * A million `key:%012d` -> `value:%06d`: bytes a key, the longest single insert, and how long `open()` takes. Prints JSON.
 *
 * The same inserts on the same seed do the same work, so an insert's own time is the least of several rounds; what is
 * above it was the collector of JavaScript or another process.
 */
const before = performance.now();
const { open } = await import("wakey");
const imported = performance.now();
await open();
const opened = performance.now();
await open();
const again = performance.now();

const N = 1_000_000;
const ROUNDS = 4;
const least = new Float32Array(N).fill(Number.POSITIVE_INFINITY);
let used = 0;
let wasm = 0;
let whole = Number.POSITIVE_INFINITY;
for (let round = 0; round < ROUNDS; round++) {
  const db = await open({ seed: 1 });
  const start = db.stats().usedMemory;
  const first = db._engine.memory.buffer.byteLength;
  const began = performance.now();
  for (let i = 0; i < N; i++) {
    const key = `key:${String(i).padStart(12, "0")}`;
    const value = `value:${String(i).padStart(6, "0")}`;
    const from = performance.now();
    db.set(key, value);
    const took = performance.now() - from;
    if (took < least[i]) least[i] = took;
  }
  whole = Math.min(whole, performance.now() - began);
  used = (db.stats().usedMemory - start) / N;
  wasm = (db._engine.memory.buffer.byteLength - first) / N;
  db.close();
}
let longest = 0;
let at = 0;
for (let i = 0; i < N; i++) {
  if (least[i] > longest) {
    longest = least[i];
    at = i;
  }
}
console.log(
  JSON.stringify({
    import: imported - before,
    open: opened - imported,
    openAgain: again - opened,
    used,
    wasm,
    longest,
    at,
    persecond: (N / whole) * 1000,
  }),
);
