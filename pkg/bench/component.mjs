/**
 * The component in wasmtime (a host in Rust, `component/`) and through jco in Node, against the package's own binding: SETs and GETs a second.
 * Words go in as bytes and replies come out as RESP in all three; what the package's methods do, which also encode and decode, is shown beside
 * them.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build, target as cargoTarget, root, run } from "../../scripts/common.mjs";
import { child, count, here, target } from "./report.mjs";

const KEYS = 100_000;
const CALLS = 500_000;
const ROUNDS = 3;

/** The host in Rust, compiled once: what wasmtime is made of takes minutes. */
function compiled() {
  const folder = join(cargoTarget(), "host");
  const args = ["--release", "--locked", "--quiet", "--manifest-path", join(here, "component/Cargo.toml")];
  run("cargo", ["build", ...args], { env: { ...process.env, CARGO_TARGET_DIR: folder } });
  return join(folder, "release/calls");
}

function inWasmtime(program, component) {
  const done = spawnSync(program, [component, KEYS, CALLS].map(String), { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(done.stdout);
}

/** Transpiles the component that jco takes. */
async function transpiled(component) {
  const example = join(root, "examples/component/node");
  if (!existsSync(join(example, "node_modules"))) run("npm", ["ci", "--no-audit", "--no-fund", "--prefix", example]);
  const { transpile, writeFiles } = await import(join(example, "node_modules/@bytecodealliance/jco-transpile/dist/index.js"));
  const outDir = join(build, "component/bench");
  const { files } = await transpile(component, { outDir, name: "wakey", instantiation: { tag: "async" } });
  await writeFiles(files);
  return outDir;
}

export async function component() {
  run("make", ["component"]);
  const file = (name) => join(build, "component", name);
  const folder = await transpiled(file("wakey.plain.component.wasm"));
  const program = compiled();
  const ways = [
    ["binding", () => child("words.mjs", ["binding", KEYS, CALLS])],
    ["the package's methods", () => child("words.mjs", ["methods", KEYS, CALLS])],
    ["component in wasmtime", () => inWasmtime(program, file("wakey.component.wasm")), 0.5],
    ["component through jco", () => child("words.mjs", ["jco", KEYS, CALLS, folder]), 0.1],
  ].map(([name, once, aim]) => ({ name, once, aim, set: 0, get: 0 }));
  // In turns, so that a machine that others use is slow for all.
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of ways) {
      const { set, get } = way.once();
      Object.assign(way, { set: Math.max(way.set, set), get: Math.max(way.get, get) });
    }
  }
  const [binding] = ways;
  console.log("\ncalls a second by the way into the engine (ratio to the binding)");
  console.log(`${"".padEnd(42)}${["SET", "GET"].map((what) => what.padStart(16)).join("")}`);
  for (const { name, aim, set, get } of ways) {
    const ratios = [set / binding.set, get / binding.get];
    const cells = [set, get].map((n, i) => `${count(n)} (${ratios[i].toFixed(2)})`.padStart(16)).join("");
    if (aim === undefined) console.log(`       ${name.padEnd(35)}${cells}`);
    else target(name, cells, `at least ${aim}`, Math.min(...ratios) >= aim);
  }
}
