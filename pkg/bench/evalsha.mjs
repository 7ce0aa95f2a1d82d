/** Scripts in process: prints calls a second as JSON. */
import { open } from "wakey";

const N = 200_000;
const db = await open();
const set = db.call("SCRIPT", "LOAD", "return redis.call('SET', KEYS[1], ARGV[1])");
const one = db.call("SCRIPT", "LOAD", "return 1");
const ten = db.call("SCRIPT", "LOAD", "for i = 1, 10 do redis.call('INCR', KEYS[1]) end return redis.call('GET', KEYS[1])");
const work = {
  "EVALSHA that returns 1": () => db.call("EVALSHA", one, 0),
  "EVALSHA of one SET": (i) => db.call("EVALSHA", set, 1, `key:${i % 1000}`, "value"),
  "EVALSHA of ten INCR and a GET": () => db.call("EVALSHA", ten, 1, "n"),
};
const result = {};
for (const [name, run] of Object.entries(work)) {
  result[name] = 0;
  for (let round = 0; round < 4; round++) {
    const start = performance.now();
    for (let i = 0; i < N; i++) run(i);
    result[name] = Math.max(result[name], Math.round((N * 1000) / (performance.now() - start)));
  }
}
console.log(JSON.stringify(result));
db.close();
