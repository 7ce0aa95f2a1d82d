/** What a GET costs more that a user's rules are asked about, or whose client tracks what it reads. */
import { count, target } from "./report.mjs";
import { ask, benchmark, redisVersion, withServers } from "./tcp.mjs";

export async function guards() {
  if (redisVersion() === undefined) {
    console.log("\nguards: left out; REDIS_BIN=directory says where redis-server and redis-benchmark are");
    return;
  }
  await withServers(async (ports) => {
    console.log("\nGETs a second with -P 16, the best of five runs each, in turns: without and with, and their ratio");
    const kept = {};
    for (const [who, port] of Object.entries(ports)) {
      ask(port, "ACL", "SETUSER", "ann", "on", ">pw", "~key:*", "+@all");
      benchmark(port, 16, 200_000, 10_000, "SET", "key:__rand_int__", "value");
      const ways = { plain: [], "a user's rules": ["--user", "ann", "-a", "pw"], tracking: ["--enable-tracking"] };
      const best = Object.fromEntries(Object.keys(ways).map((way) => [way, 0]));
      for (let round = 0; round < 5; round++) {
        for (const [way, options] of Object.entries(ways))
          best[way] = Math.max(best[way], benchmark(port, 16, 500_000, 10_000, ...options, "GET", "key:__rand_int__") || 0);
      }
      for (const way of ["a user's rules", "tracking"]) {
        const ratio = best[way] / best.plain;
        const cells = `${count(best.plain).padStart(8)}${count(best[way]).padStart(14)}${ratio.toFixed(2).padStart(8)}`;
        // With tracking each of fifty clients remembers each key: that costs Redis half.
        const least = way === "tracking" ? kept[way] : 0.9;
        if (who === "wakey") target(`GET with ${way}`, cells, `at least ${least.toFixed(2)}`, ratio >= least);
        else console.log(`       GET with ${way}, ${who}`.padEnd(42), cells);
        kept[way] = ratio;
      }
    }
  });
}
