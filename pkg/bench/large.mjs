/** What becomes of speed, memory and the longest call as things become large. */
import { child, target } from "./report.mjs";
import { ask, redisVersion, withServers } from "./tcp.mjs";

/** A million strings. */
export function memory() {
  console.log("\na million key:%012d -> value:%06d");
  const runs = [1, 2].map(() => child("memory.mjs", []));
  const least = (name) => Math.min(...runs.map((run) => run[name]));
  target("bytes a key, used", least("used").toFixed(1), "78", least("used") <= 78);
  target("bytes a key, of wasm memory", least("wasm").toFixed(1), "78", least("wasm") <= 78);
  target("longest single insert", `${least("longest").toFixed(2)} ms`, "2 ms", least("longest") <= 2);
  target("open()", `${least("open").toFixed(1)} ms, again ${least("openAgain").toFixed(1)} ms`, "10 ms", least("open") <= 10);
}

/** Bytes a member that Redis has for the same million; undefined where it is not. */
async function redisBytes() {
  if (redisVersion() === undefined) return undefined;
  return withServers(({ redis: port }) => {
    const used = () => Number(/used_memory:(\d+)/.exec(ask(port, "INFO", "memory"))?.[1]);
    const before = used();
    for (let i = 0; i < 1_000_000; i += 10_000) {
      const members = Array.from({ length: 10_000 }, (_, j) => [((i + j) * 7919) % 1_000_003, `member:${i + j}`]).flat();
      ask(port, "ZADD", "zset", ...members);
    }
    return (used() - before) / 1_000_000;
  });
}

/** Sorted sets from a thousand members to ten million. */
export async function growth() {
  console.log("\nsorted sets: nanoseconds a call");
  const sizes = [1_000, 100_000, 1_000_000, 10_000_000];
  const runs = sizes.map((size) => child("growth.mjs", [size]));
  for (const [i, size] of sizes.entries()) {
    const { zadd, zrank, bytes } = runs[i];
    const cells = `ZADD ${zadd.toFixed(0)}, ZRANK ${zrank.toFixed(0)}, ${bytes.toFixed(1)} bytes a member`;
    console.log(`  ${size.toLocaleString("en").padStart(12)} members: ${cells}`);
  }
  for (const kind of ["zadd", "zrank"]) {
    const ratio = runs.at(-1)[kind] / runs[0][kind];
    target(`${kind.toUpperCase()}, 10^7 against 10^3 members`, ratio.toFixed(2), "3", ratio <= 3);
  }
  const theirs = await redisBytes();
  const compared = theirs === undefined ? "" : `, redis-server ${theirs.toFixed(1)}`;
  target("bytes a member:N at a million", `${runs[2].bytes.toFixed(1)}${compared}`, "110", runs[2].bytes < 110);
}

/** The longest call while each structure grows and shrinks. */
export function pauses() {
  console.log("\nthe longest single call on the way up, and on the way down again");
  const all = {
    SET: 1e7,
    "SET EX": 5e6,
    LPUSH: 1e7,
    "LPUSH, a node each": 1e7,
    SADD: 1e7,
    ZADD: 1e7,
    HSET: 5e6,
    XADD: 5e6,
  };
  for (const [structure, size] of Object.entries(all)) {
    const run = child("pauses.mjs", [structure, size]);
    const name = `${structure} to ${size / 1e6} million`;
    if (run === undefined) {
      target(name, "failed", "5 ms", false);
      continue;
    }
    const [[up, upAt], [down, downAt]] = [run.up, run.down];
    const text = `${up.toFixed(2)} ms (call ${upAt}), down ${down.toFixed(2)} ms (${downAt}); ${run.bytes.toFixed(0)} bytes each`;
    target(name, text, "5 ms", Math.max(up, down) <= 5);
  }
}
