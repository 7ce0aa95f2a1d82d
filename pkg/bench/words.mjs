/**
 * One way into the engine in a process of its own: `node words.mjs WAY KEYS OPERATIONS FOLDER` prints SETs and GETs a second as JSON.
 * Ways: `methods` (`db.set`, decoded), `binding` (words in as bytes, replies out as RESP), `jco` (the same through the component, which is
 * transpiled in FOLDER).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { open } from "wakey";

const [, , way, keys, operations, folder] = process.argv;
const K = Number(keys);
const N = Number(operations);
const key = (i) => `key:${String((i * 7919) % K).padStart(12, "0")}`;
const value = (i) => `value:${String(i % 1e6).padStart(6, "0")}`;

async function methods() {
  const db = await open();
  return { set: (i) => db.set(key(i), value(i)), get: (i) => db.get(key(i)) };
}

/** Calls as words: `exec` gives the reply. */
const inWords = (exec) => ({
  set: (i) => exec([Buffer.from("SET"), Buffer.from(key(i)), Buffer.from(value(i))]),
  get: (i) => exec([Buffer.from("GET"), Buffer.from(key(i))]),
});

async function binding() {
  const { _engine: engine } = await open();
  const session = engine.openSession({ resp: 3, trusted: true, addr: "" }, () => {});
  return inWords((words) => {
    engine.run(session, words);
    return engine.output().slice();
  });
}

async function jco() {
  const { instantiate } = await import(pathToFileURL(join(folder, "wakey.js")));
  const { keyspace } = await instantiate(async (path) => WebAssembly.compile(readFileSync(join(folder, path))), {
    "wasi:clocks/wall-clock": { now: () => ({ seconds: 0n, nanoseconds: 0 }) },
    "wasi:clocks/monotonic-clock": { now: () => process.hrtime.bigint() },
    "wasi:random/random": { getRandomU64: () => 1n },
  });
  const engine = keyspace.Engine.open({ seed: 1n, now: Date.now(), cluster: false });
  const session = engine.openSession({ protocol: "resp3", trusted: true, readonly: false });
  return inWords((words) => engine.exec(session, Date.now(), words).reply);
}

const calls = await { methods, binding, jco }[way]();
const best = { set: 0, get: 0 };
let sink = 0;
for (let round = 0; round < 3; round++) {
  for (const [name, call] of Object.entries(calls)) {
    const start = performance.now();
    for (let i = 0; i < N; i++) sink += call(i).length;
    best[name] = Math.max(best[name], Math.round((N / (performance.now() - start)) * 1000));
  }
}
console.log(JSON.stringify(best));
process.exit(sink === -1 ? 1 : 0);
