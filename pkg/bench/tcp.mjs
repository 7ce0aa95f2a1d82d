/** Over TCP against redis-server, with redis-benchmark and `talk.mjs`: pairs of runs, best of three of each. */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { child, count, here, target } from "./report.mjs";

const folder = process.env.REDIS_BIN;
const path = (program) => (folder ? join(folder, program) : program);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Redis's version; undefined where its programs are not. */
export function redisVersion() {
  if (spawnSync(path("redis-benchmark"), ["--version"]).status !== 0) return undefined;
  return /v=(\S+)/.exec(spawnSync(path("redis-server"), ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1];
}

/** Runs `work` with the ports of both servers. */
export async function withServers(work) {
  const base = 21000 + (process.pid % 10000);
  const ports = { redis: base, wakey: base + 1 };
  const servers = [
    spawn(path("redis-server"), ["--port", String(ports.redis), "--save", "", "--appendonly", "no"], { stdio: "ignore" }),
    spawn(process.execPath, [join(here, "../dist/cli.cjs"), "serve", "--port", String(ports.wakey)], { stdio: "ignore" }),
  ];
  await pause(1000);
  try {
    return await work(ports);
  } finally {
    for (const server of servers) server.kill();
  }
}

/** What redis-cli answers. */
export const ask = (port, ...args) =>
  spawnSync(path("redis-cli"), ["-p", String(port), ...args.map(String)], { encoding: "utf8" }).stdout?.trim();

/** Requests a second of each command by one run of redis-benchmark. */
function benchmark(port, pipeline, n, range, ...command) {
  const done = spawnSync(
    path("redis-benchmark"),
    ["-p", String(port), "-n", String(n), "-P", String(pipeline), "-r", String(range), "-q", "--csv", ...command],
    { encoding: "utf8", timeout: 300_000 },
  );
  return [...done.stdout.matchAll(/^"(.*?)","([\d.]+)"(?:,|$)/gm)].map(([, name, n]) => [name, Number(n)]);
}

function judge(name, wakey, redis, least) {
  const ratio = wakey / redis;
  target(name, `${count(wakey)} / ${count(redis)} = ${ratio.toFixed(2)}`, String(least), ratio >= least);
}

/** The best of three of each server, in turns: `{ name: n }` for each. */
async function best(ports, once) {
  const most = { redis: {}, wakey: {} };
  for (let round = 0; round < 3; round++) {
    for (const who of ["redis", "wakey"]) {
      for (const [name, n] of await once(ports[who])) most[who][name] = Math.max(most[who][name] ?? 0, n ?? 0);
    }
  }
  return most;
}

/** Strings and hashes at three depths. */
async function depths(ports, version) {
  console.log(`\nover TCP, redis-benchmark -t set,get,hset, requests a second: wakey / redis-server ${version} = ratio (best of 3)`);
  for (const [pipeline, wanted] of [
    [1, 0.85],
    [16, 0.7],
    [64, 0.8],
  ]) {
    const n = pipeline === 1 ? 200_000 : pipeline === 16 ? 1_500_000 : 3_000_000;
    const { redis, wakey } = await best(ports, (port) =>
      benchmark(port, pipeline, n, 100_000, "-t", "set,get,hset").map(([name, n]) => [name.split(" ")[0], n]),
    );
    for (const kind of ["SET", "GET", "HSET"]) judge(`${kind} -P ${pipeline}`, wakey[kind], redis[kind], wanted);
  }
}

const N = 500_000;
const MANY = 1_000_000_000;
/** `[name, requests, range of __rand_int__, command]`, in an order in which each finds what it takes. */
const lines = [
  ["LPUSH", N, MANY, "LPUSH list element:__rand_int__"],
  ["LRANGE 100", N / 10, MANY, "LRANGE list 0 99"],
  ["LPOP", N, MANY, "LPOP list"],
  ["SADD", N, MANY, "SADD set element:__rand_int__"],
  ["SPOP", N, MANY, "SPOP set"],
  ["ZADD", N, 100_000, "ZADD zset __rand_int__ element:__rand_int__"],
  ["ZRANGE BYSCORE, 10", N, 100_000, "ZRANGE zset __rand_int__ +inf BYSCORE LIMIT 0 10"],
  ["ZRANK", N, 100_000, "ZRANK zset element:__rand_int__"],
  ["XADD", N, MANY, "XADD stream * field value:__rand_int__"],
  ["XREADGROUP", N, MANY, "XREADGROUP GROUP group one COUNT 1 STREAMS stream >"],
];
const talks = [
  ["PUBLISH to ten", "publish", 100_000],
  ["BLPOP hand-over", "blpop", 100_000],
  ["MULTI of ten", "multi", 50_000],
];

/** The other types, messages, waiting and transactions, 16 deep. */
async function types(ports, version) {
  console.log(`\nover TCP, 16 deep, requests a second: wakey / redis-server ${version} = ratio (best of 3)`);
  const { redis, wakey } = await best(ports, (port) => {
    ask(port, "FLUSHALL");
    ask(port, "XGROUP", "CREATE", "stream", "group", "0", "MKSTREAM");
    const run = lines.map(([name, n, range, command]) => [name, benchmark(port, 16, n, range, ...command.split(" "))[0]?.[1]]);
    return [...run, ...talks.map(([name, what, n]) => [name, child("talk.mjs", [port, what, n])])];
  });
  for (const [name] of [...lines, ...talks]) judge(name, wakey[name], redis[name], 0.7);
}

export async function tcp(which) {
  const version = redisVersion();
  if (version === undefined) {
    console.log("\nover TCP: left out; REDIS_BIN=directory says where redis-server and redis-benchmark are");
    return;
  }
  await withServers(async (ports) => {
    if (which("tcp")) await depths(ports, version);
    if (which("tcp-types")) await types(ports, version);
  });
}
