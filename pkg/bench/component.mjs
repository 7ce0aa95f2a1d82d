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

/** Compiles the host in Rust, once: what wasmtime is made of takes minutes. */
function inWasmtime(component) {
  const args = ["--release", "--locked", "--quiet", "--manifest-path", join(here, "component/Cargo.toml")];
  const env = { ...process.env, CARGO_TARGET_DIR: join(cargoTarget(), "host") };
  run("cargo", ["build", ...args], { env });
  const done = spawnSync(join(env.CARGO_TARGET_DIR, "release/calls"), [component, KEYS, CALLS].map(String), {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return done.status === 0 ? JSON.parse(done.stdout) : undefined;
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
  const binding = child("words.mjs", ["binding", KEYS, CALLS]);
  const ways = [
    ["the package's methods", child("words.mjs", ["methods", KEYS, CALLS])],
    ["component in wasmtime", inWasmtime(file("wakey.component.wasm")), 0.5],
    ["component through jco", child("words.mjs", ["jco", KEYS, CALLS, folder]), 0.1],
  ];
  const cells = (one) =>
    ["set", "get"].map((what) => `${count(one[what])} (${(one[what] / binding[what]).toFixed(2)})`.padStart(16)).join("");
  console.log("\ncalls a second by the way into the engine (ratio to the binding)");
  console.log(`${"".padEnd(42)}${["SET", "GET"].map((what) => what.padStart(16)).join("")}`);
  console.log(`       ${"binding".padEnd(35)}${cells(binding)}`);
  for (const [name, one, aim] of ways) {
    if (aim === undefined) console.log(`       ${name.padEnd(35)}${cells(one)}`);
    else target(name, cells(one), `at least ${aim}`, one.set >= aim * binding.set && one.get >= aim * binding.get);
  }
}
