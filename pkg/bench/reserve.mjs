/**
 * What the growth of memory costs: 900 MB of strings are set, in a process of its own, whose program has a heap of so many megabytes
 * besides: `node reserve.mjs HEAP RESERVE`, the latter in bytes. Prints JSON: how often memory grew, how many full collections of JavaScript's
 * heap there were and how many milliseconds they took, the longest call, collections and all, and the processor's seconds.
 */
import { constants, PerformanceObserver } from "node:perf_hooks";

const { open } = await import("wakey");

const [, , heap, reserve] = process.argv.map(Number);
const N = 4_000_000;
const VALUE = "v".repeat(200);
/** Objects in a megabyte. */
const OBJECTS = 5600;

const program = Array.from({ length: heap * OBJECTS }, (_, i) => ({ name: `x${i}`, numbers: [i, i, i, i, i, i] }));
const db = await open({ seed: 1, reserve });
const collections = [];
const observer = new PerformanceObserver((list) => {
  for (const { detail, duration } of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) collections.push(duration);
});
observer.observe({ entryTypes: ["gc"] });

let size = db._engine.memory.buffer.byteLength;
let growths = 0;
let longest = 0;
const began = process.cpuUsage();
for (let i = 0; i < N; i++) {
  const from = performance.now();
  db.set(`key:${i}`, VALUE);
  longest = Math.max(longest, performance.now() - from);
  const now = db._engine.memory.buffer.byteLength;
  if (now !== size) growths++;
  size = now;
}
const { user, system } = process.cpuUsage(began);
// Collections are reported in a later turn.
await new Promise((done) => setTimeout(done, 10));
const collecting = collections.reduce((sum, duration) => sum + duration, 0);
console.log(
  JSON.stringify({
    growths,
    collections: collections.length,
    collecting,
    longest,
    seconds: (user + system) / 1e6,
  }),
);
// Until here it is the program's.
program.length = 0;
