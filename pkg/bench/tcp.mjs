/** Over TCP against redis-server, with redis-benchmark and `talk.mjs`. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { child, count, here, target } from "./report.mjs";

const folder = process.env.REDIS_BIN;
const path = (program) => (folder ? join(folder, program) : program);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The process behind a port. */
const processes = new Map();

/** Microseconds of processor time that the server behind a port has taken, its own and the system's for it; NaN where nothing tells. */
function taken(port) {
  try {
    const [user, system] = readFileSync(`/proc/${processes.get(port)}/stat`, "utf8")
      .split(") ")[1]
      .split(" ")
      .slice(11, 13);
    return (Number(user) + Number(system)) * 10_000;
  } catch {
    return Number.NaN;
  }
}

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
  processes.set(ports.redis, servers[0].pid).set(ports.wakey, servers[1].pid);
  await pause(1000);
  try {
    return await work(ports);
  } finally {
    processes.clear();
    // The ports are free only when they are gone.
    const running = servers.filter((server) => server.exitCode === null && server.kill());
    await Promise.all(running.map((server) => once(server, "exit")));
  }
}

/** What redis-cli answers. */
export const ask = (port, ...args) =>
  spawnSync(path("redis-cli"), ["-p", String(port), ...args.map(String)], { encoding: "utf8" }).stdout?.trim();

/** Requests a second by one run of redis-benchmark. */
export function benchmark(port, pipeline, n, range, ...command) {
  const done = spawnSync(
    path("redis-benchmark"),
    ["-p", String(port), "-n", String(n), "-P", String(pipeline), "-r", String(range), "-q", "--csv", ...command],
    { encoding: "utf8", timeout: 300_000 },
  );
  // The command's name may hold commas; requests a second are the first number behind it.
  return Number(/^".*?","([\d.]+)"(?:,|$)/m.exec(done.stdout)?.[1]);
}

/**
 * Compares the best of three runs each, in turns; of six, if three miss the target: what disturbs a run makes it slower only.
 * `once(port)` gives requests a second. Where `n` says how many there are, the least processor time one of them took the server stands
 * beside, which depends less on what else the machine does.
 */
export async function compare(name, ports, least, once, n) {
  const most = { redis: 0, wakey: 0 };
  const cost = { redis: Number.POSITIVE_INFINITY, wakey: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 3 || (round < 6 && most.wakey < least * most.redis); round++) {
    for (const who of ["redis", "wakey"]) {
      const before = taken(ports[who]);
      most[who] = Math.max(most[who], (await once(ports[who])) ?? 0);
      cost[who] = Math.min(cost[who], (taken(ports[who]) - before) / n);
    }
  }
  const ratio = most.wakey / most.redis;
  const costs = n === undefined ? "" : [cost.wakey, cost.redis, cost.redis / cost.wakey].map((one) => one.toFixed(2).padStart(8)).join("");
  target(
    name,
    `${count(most.wakey).padStart(8)}${count(most.redis).padStart(14)}${ratio.toFixed(2).padStart(8)}${costs}`,
    String(least),
    ratio >= least,
  );
}

export function heading(what, version) {
  console.log(
    `\nover TCP, ${what}, requests a second, the best of three runs each, in turns; microseconds of the server's processor a request`,
  );
  console.log(`${"".padEnd(42)}${"wakey".padStart(8)}${`redis ${version}`.padStart(14)}${"ratio".padStart(8)}   wakey   redis   ratio`);
}

/** Strings and hashes at three depths, as redis-benchmark has them. */
async function depths(ports, version) {
  heading("redis-benchmark's SET, GET and HSET", version);
  for (const [pipeline, least, n] of [
    [1, 0.85, 200_000],
    [16, 0.7, 1_500_000],
    [64, 0.8, 3_000_000],
  ]) {
    for (const kind of ["SET", "GET", "HSET"])
      await compare(`${kind} -P ${pipeline}`, ports, least, (port) => benchmark(port, pipeline, n, 100_000, "-t", kind.toLowerCase()), n);
  }
}

const N = 500_000;
const MANY = 1_000_000_000;
/** `[name, requests, range of __rand_int__, command]`, in an order in which each finds what it takes. */
const lines = [
  ["INCR", 2 * N, 100_000, "INCR counter:__rand_int__"],
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
  heading("16 deep", version);
  for (const port of Object.values(ports)) {
    ask(port, "FLUSHALL");
    ask(port, "XGROUP", "CREATE", "stream", "group", "0", "MKSTREAM");
  }
  for (const [name, n, range, command] of lines)
    await compare(name, ports, 0.7, (port) => benchmark(port, 16, n, range, ...command.split(" ")), n);
  for (const [name, what, n] of talks) await compare(name, ports, 0.7, (port) => child("talk.mjs", [port, what, n]), n);
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
