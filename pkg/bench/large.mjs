/** What becomes of speed, memory and the longest call as things become large. */
import { child, target } from "./report.mjs";
import { ask, benchmark, redisVersion, withServers } from "./tcp.mjs";

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

const SIZES = [1_000, 100_000, 1_000_000, 10_000_000];

/** Redis's own figures by SIZES, where it is there: nanoseconds within the command, any of all members; bytes a member. */
async function redisGrowth() {
  if (redisVersion() === undefined) return [];
  return withServers(({ redis: port }) => {
    const used = () => Number(/used_memory:(\d+)/.exec(ask(port, "INFO", "memory"))?.[1]);
    const nanoseconds = (command) => {
      const usec = new RegExp(`cmdstat_${command}:calls=(\\d+),usec=(\\d+)`).exec(ask(port, "INFO", "commandstats"));
      return (Number(usec?.[2]) / Number(usec?.[1])) * 1000;
    };
    return SIZES.map((size) => {
      ask(port, "FLUSHALL");
      const before = used();
      let state = 1;
      for (let i = 0; i < size; ) {
        const args = [];
        for (let j = 0; j < 2000 && i < size; j++, i++) {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          args.push(Math.floor((state / 2 ** 32) * size), `member:${String(i).padStart(12, "0")}`);
        }
        ask(port, "ZADD", "zset", ...args);
      }
      const bytes = (used() - before) / size;
      ask(port, "CONFIG", "RESETSTAT");
      for (const command of ["ZADD zset __rand_int__ member:__rand_int__", "ZRANK zset member:__rand_int__"])
        benchmark(port, 16, 200_000, size, ...command.split(" "));
      return { zadd: nanoseconds("zadd"), zrank: nanoseconds("zrank"), bytes };
    });
  });
}

/** Sorted sets from a thousand members to ten million. */
export async function growth() {
  const runs = SIZES.map((size) => child("growth.mjs", [size]));
  const theirs = await redisGrowth();
  const columns = SIZES.map((size) => size.toLocaleString("en").padStart(12)).join("");
  const row = (name, all, digits = 0) => console.log(`  ${name.padEnd(44)}${all.map((n) => n.toFixed(digits).padStart(12)).join("")}`);
  const rows = (all, of) =>
    ["zadd", "zrank"].map((kind) =>
      row(
        `${of}${kind.toUpperCase()}`,
        all.map((run) => run[kind]),
      ),
    );
  console.log(`\nsorted sets, nanoseconds a call, by members\n${"".padEnd(46)}${columns}`);
  rows(runs, "");
  row(
    "one read that depends on the one before",
    runs.map((run) => run.chase),
  );
  row(
    "bytes a member:N",
    runs.map((run) => run.bytes),
    1,
  );
  if (theirs.length > 0) {
    rows(theirs, "within redis-server: ");
    row(
      "bytes a member:%012d there",
      theirs.map((run) => run.bytes),
      1,
    );
  }
  for (const kind of ["zadd", "zrank"]) {
    const ratio = (all) => (all.at(-1)[kind] / all[0][kind]).toFixed(2);
    const shown = theirs.length > 0 ? `${ratio(runs)}, redis-server ${ratio(theirs)}` : ratio(runs);
    target(`${kind.toUpperCase()}, 10^7 against 10^3 members`, shown, "3", ratio(runs) <= 3);
  }
  target("bytes a member:N at a million", runs[2].bytes.toFixed(1), "110", runs[2].bytes < 110);
}

/** The longest call while each structure grows and shrinks. */
export function pauses() {
  console.log("\nthe longest single call on the way to ten million elements, and on the way down again");
  console.log(`${"".padEnd(42)}${"up".padStart(9)}${"down".padStart(10)}${"bytes each".padStart(12)}`);
  for (const structure of ["SET", "SET EX", "HSET", "SADD", "ZADD", "LPUSH", "RPUSH", "LPUSH, a node each", "XADD"]) {
    const run = child("pauses.mjs", [structure, 1e7]);
    const [[up], [down]] = run ? [run.up, run.down] : [[Number.NaN], [Number.NaN]];
    const ms = (n) => (n > 0 ? `${n.toFixed(2)} ms` : "< 0.5 ms");
    const text = `${ms(up).padStart(9)}${ms(down).padStart(10)}${(run?.bytes.toFixed(0) ?? "failed").padStart(12)}`;
    target(structure, text, "5 ms", Math.max(up, down) <= 5);
  }
  growing();
}

/** What growing memory costs beside a program's own heap, and that reserved memory does not grow. */
function growing() {
  console.log("\n900 MB of strings, beside a program with a heap of its own: the longest call, and full collections of that heap");
  for (const heap of [0, 100]) {
    for (const [how, reserve] of [
      ["as it grows", 0],
      ["reserved", 1.25 * 2 ** 30],
    ]) {
      const runs = [1, 2].map(() => child("reserve.mjs", [heap, reserve]));
      const least = (name) => Math.min(...runs.map((run) => run?.[name] ?? Number.NaN));
      const figures = [
        `${least("longest").toFixed(1).padStart(5)} ms`,
        `${String(least("growths")).padStart(2)} growths`,
        `${String(least("collections")).padStart(2)} collections in ${least("collecting").toFixed(0)} ms`,
        `${least("seconds").toFixed(1)} s in all`,
      ];
      const good = reserve === 0 ? least("growths") > 0 : least("growths") === 0;
      target(`heap of ${heap} MB, memory ${how}`, figures.join(", "), reserve === 0 ? "it grows" : "no growth", good);
    }
  }
}
