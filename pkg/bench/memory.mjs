/** A million `key:%012d` -> `value:%06d`: bytes a key, the longest single insert, and how long `open()` takes. Prints JSON. */
const before = performance.now();
const { open } = await import("wakey");
const imported = performance.now();
const db = await open();
const opened = performance.now();
await open();
const again = performance.now();

const N = 1_000_000;
const start = db.stats().usedMemory;
const pages = () => db._engine.memory.buffer.byteLength;
const firstPages = pages();
let longest = 0;
const slow = [];
for (let i = 0; i < N; i++) {
  const key = `key:${String(i).padStart(12, "0")}`;
  const value = `value:${String(i % 1_000_000).padStart(6, "0")}`;
  const from = performance.now();
  db.set(key, value);
  const took = performance.now() - from;
  if (took > longest) longest = took;
  if (took > 1) slow.push([i, took]);
}
console.log(
  JSON.stringify({
    import: imported - before,
    open: opened - imported,
    openAgain: again - opened,
    used: (db.stats().usedMemory - start) / N,
    wasm: (pages() - firstPages) / N,
    longest,
    over1ms: slow.length,
  }),
);
