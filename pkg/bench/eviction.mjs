/**
 * Eviction against redis-server: how many reads of the same traces find their key, as a cache that is read first and filled where it has
 * nothing, and what a SET costs where each has to make room.
 */
import { connect } from "node:net";
import { count, target } from "./report.mjs";
import { ask, benchmark, redisVersion, withServers } from "./tcp.mjs";

const KEYS = 50_000;
/** So many of them have room. */
const ROOM = 5_000;
const READS = 200_000;
const BATCH = 100;
const VALUE = "x".repeat(100);

/** Numbers between 0 and 1, the same for all. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Key numbers of so many reads. */
const traces = {
  /** A few keys get most of the reads. */
  Zipf() {
    const random = generator(1);
    const sums = [];
    for (let i = 0, sum = 0; i < KEYS; i++) sums.push((sum += 1 / (i + 1)));
    const find = (x) => {
      let [low, high] = [0, KEYS - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sums[middle] < x) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    return Array.from({ length: READS }, () => find(random() * sums[KEYS - 1]));
  },
  /** The same, and now and then somebody reads everything once. */
  "Zipf and scans"() {
    const zipf = traces.Zipf();
    return zipf.map((key, i) => (i % 50_000 < 10_000 ? (i * 7) % KEYS : key));
  },
  /** Nine reads of ten go to a set of keys that moves on. */
  "a hot set that moves"() {
    const random = generator(2);
    return Array.from({ length: READS }, (_, i) => {
      const base = Math.floor(i / 40_000) * 6_000;
      return random() < 0.9 ? base + Math.floor(random() * 4_000) : Math.floor(random() * KEYS);
    });
  },
};

/** A connection that tells of each reply of a batch whether it is null. */
class Cache {
  constructor(port) {
    this.socket = connect({ port, noDelay: true });
  }
  /** The replies to a batch, whose bytes end where `done` says that it is whole. */
  send(request, replies) {
    return new Promise((resolve) => {
      let text = "";
      const listen = (chunk) => {
        text += chunk.toString("latin1");
        const found = read(text, replies);
        if (found === undefined) return;
        this.socket.off("data", listen);
        resolve(found);
      };
      this.socket.on("data", listen);
      this.socket.write(request);
    });
  }
}

/** Which of so many replies are no null; undefined where they are not whole. */
function read(text, replies) {
  const found = [];
  let at = 0;
  while (found.length < replies) {
    const end = text.indexOf("\r\n", at);
    if (end < 0) return undefined;
    const length = Number(text.slice(at + 1, end));
    if (text[at] === "$" && length >= 0) {
      at = end + 2 + length + 2;
      if (at > text.length) return undefined;
    } else at = end + 2;
    found.push(text[end - 1] !== "1" || length >= 0);
  }
  return found;
}

const name = (n) => `key:${String(n).padStart(8, "0")}`;
const get = (n) => `*2\r\n$3\r\nGET\r\n$12\r\n${name(n)}\r\n`;
const set = (n, volatile) =>
  volatile
    ? `*5\r\n$3\r\nSET\r\n$12\r\n${name(n)}\r\n$100\r\n${VALUE}\r\n$2\r\nEX\r\n$6\r\n100000\r\n`
    : `*3\r\n$3\r\nSET\r\n$12\r\n${name(n)}\r\n$100\r\n${VALUE}\r\n`;

/** What part of the reads finds its key. */
async function played(port, policy, trace) {
  const volatile = policy.startsWith("volatile");
  for (const [setting, value] of [
    ["maxmemory", "0"],
    ["maxmemory-policy", policy],
  ])
    ask(port, "CONFIG", "SET", setting, value);
  ask(port, "FLUSHALL");
  const cache = new Cache(port);
  // What that many keys take is what there is.
  for (let i = 0; i < ROOM; i += BATCH) {
    const some = Array.from({ length: BATCH }, (_, j) => set(KEYS + i + j, volatile));
    await cache.send(some.join(""), BATCH);
  }
  const used = /used_memory:(\d+)/.exec(ask(port, "INFO", "memory"))[1];
  ask(port, "CONFIG", "SET", "maxmemory", used);
  let hits = 0;
  for (let i = 0; i < trace.length; i += BATCH) {
    const keys = trace.slice(i, i + BATCH);
    const found = await cache.send(keys.map(get).join(""), keys.length);
    hits += found.filter(Boolean).length;
    const missing = keys.filter((_, j) => !found[j]);
    if (missing.length > 0) await cache.send(missing.map((n) => set(n, volatile)).join(""), missing.length);
  }
  cache.socket.destroy();
  const kept = Number(ask(port, "DBSIZE").replace(/\D/g, ""));
  return { rate: (hits * 100) / trace.length, kept };
}

export async function eviction() {
  const version = redisVersion();
  if (version === undefined) {
    console.log("\neviction: left out; REDIS_BIN=directory says where redis-server and redis-benchmark are");
    return;
  }
  await withServers(async (ports) => {
    console.log(`\neviction, reads that find their key, of a hundred: Wakey, Redis ${version}, and the difference`);
    for (const [what, make] of Object.entries(traces)) {
      const trace = make();
      for (const policy of ["allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-ttl"]) {
        const [ours, theirs] = await Promise.all([ports.wakey, ports.redis].map((port) => played(port, policy, trace)));
        const difference = ours.rate - theirs.rate;
        const cells = `${ours.rate.toFixed(1).padStart(8)}${theirs.rate.toFixed(1).padStart(14)}${difference.toFixed(1).padStart(8)}`;
        target(`${what}, ${policy}`, `${cells}  keys ${ours.kept}, ${theirs.kept}`, ">= -1.0", difference >= -1);
      }
    }
    const sets = (port) => benchmark(port, 16, 500_000, 1_000_000, "SET", "key:__rand_int__", VALUE);
    console.log("\nSETs a second with -P 16: below the limit, at it, and their ratio");
    const { wakey: port } = ports;
    for (const [setting, value] of [
      ["maxmemory", "0"],
      ["maxmemory-policy", "allkeys-lru"],
    ])
      ask(port, "CONFIG", "SET", setting, value);
    ask(port, "FLUSHALL");
    await sets(port);
    const below = await sets(port);
    const used = Number(/used_memory:(\d+)/.exec(ask(port, "INFO", "memory"))[1]);
    ask(port, "CONFIG", "SET", "maxmemory", String(Math.round(used * 0.5)));
    await sets(port);
    const at = await sets(port);
    const cells = `${count(below).padStart(8)}${count(at).padStart(14)}${(at / below).toFixed(2).padStart(8)}`;
    target("SET at the limit", cells, "at least 0.8", at / below >= 0.8);
  });
}
