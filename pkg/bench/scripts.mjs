/** Scripts against redis-server: what calls cost, what Lua costs, and what BullMQ makes of both. */
import { connect } from "node:net";
import { child, count, target } from "./report.mjs";
import { ask, benchmark, compare, heading, redisVersion, withServers } from "./tcp.mjs";

const SET = "return redis.call('SET', KEYS[1], ARGV[1])";

/** Programs that keep Lua busy for tens of milliseconds at least, each with how much it does of what; they answer an integer. */
const programs = [
  ["additions, 10^7", 1e7, "local n = 0 for i = 1, 10000000 do n = n + i end return n % 1000"],
  [
    "string concatenation",
    204_000,
    `local parts, text = {}, ''
for i = 1, 200000 do parts[#parts + 1] = 'item:' .. i .. ',' end
for i = 1, 4000 do text = text .. parts[i] end
return #table.concat(parts) + #text`,
  ],
  [
    "numbers sorted, 10^5",
    1e5,
    `local numbers, x = {}, 1
for i = 1, 100000 do x = x * 16807 % 2147483647 numbers[i] = x end
table.sort(numbers)
return numbers[1]`,
  ],
  [
    "cjson, 10 KB there and back",
    200,
    `local list = {}
for i = 1, 120 do list[i] = {id = i, name = 'name of ' .. i, tags = {'one', 'two', 'three'}, price = i * 1.25, open = i % 2 == 0} end
local text = cjson.encode(list)
for i = 1, 200 do text = cjson.encode(cjson.decode(text)) end
return #text`,
  ],
];

/** How much a second a server does in a script that does `amount`, run after run. */
async function worked(port, digest, amount) {
  const socket = connect({ port, noDelay: true });
  const request = `*3\r\n$7\r\nEVALSHA\r\n$40\r\n${digest}\r\n$1\r\n0\r\n`;
  const times = 3;
  const start = performance.now();
  for (let i = 0; i < times; i++) {
    socket.write(request);
    const reply = await new Promise((done, failed) => socket.once("data", done).once("error", failed));
    if (reply[0] !== 0x3a) throw new Error(`${reply}`);
    socket.removeAllListeners("error");
  }
  socket.destroy();
  return (times * amount * 1000) / (performance.now() - start);
}

export async function scripts() {
  const version = redisVersion();
  if (version === undefined) {
    console.log("\nscripts: left out; REDIS_BIN=directory says where redis-server and redis-benchmark are");
    return;
  }
  await withServers(async (ports) => {
    heading("scripts", version);
    const load = (text) => Object.values(ports).map((port) => ask(port, "SCRIPT", "LOAD", text))[0];
    const set = load(SET);
    await compare("EVALSHA of one SET -P 16", ports, 0.8, (port) =>
      benchmark(port, 16, 500_000, 100_000, "EVALSHA", set, "1", "key:__rand_int__", "value"),
    );
    for (const [name, amount, text] of programs) {
      const digest = load(text);
      await compare(name, ports, 0.6, (port) => worked(port, digest, amount));
    }
    console.log("\nscripts in process, calls a second");
    const calls = child("evalsha.mjs", []);
    for (const [name, n] of Object.entries(calls ?? {})) console.log(`       ${name.padEnd(34)} ${count(n).padStart(8)}`);
    console.log("\nBullMQ, jobs a second: in process, and on a server over loopback");
    const ours = child("bullmq.mjs", ["wakey"]);
    const theirs = child("bullmq.mjs", [ports.redis]);
    for (const what of ["added", "added in bulk", "run"]) {
      const ratio = (ours?.[what] ?? 0) / theirs[what];
      const cells = `${count(ours?.[what]).padStart(8)}${count(theirs[what]).padStart(14)}${ratio.toFixed(2).padStart(8)}`;
      target(`BullMQ jobs ${what}`, cells, "> 1", ratio > 1);
    }
  });
}
