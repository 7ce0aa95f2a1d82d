/**
 * `make size`: what the module weighs, raw, gzip and brotli, and on what its code was spent, by crate and by module of
 * ours. Fails over budget. The names come from a second build that keeps them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { bind, build, dist, fail, kilobytes, run, target } from "./common.mjs";

const BUDGET = 230 * 1024;

function weight(bytes) {
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli.length };
}

function row(name, { raw, gzip, brotli }) {
  console.log(`${name.padEnd(28)}${kilobytes(raw).padStart(12)}${kilobytes(gzip).padStart(12)}${kilobytes(brotli).padStart(12)}`);
}

/** Reads LEB128 numbers and sections of a module. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  u32() {
    let n = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      n += (byte & 127) * 2 ** shift;
      if (byte < 128) return n;
    }
  }
  text() {
    const n = this.u32();
    this.at += n;
    return this.bytes.toString("utf8", this.at - n, this.at);
  }
}

const SECTIONS = [
  "custom",
  "types",
  "imports",
  "functions",
  "tables",
  "memory",
  "globals",
  "exports",
  "start",
  "elements",
  "code",
  "data",
  "data count",
  "tags",
];

function sections(bytes) {
  const out = [];
  const reader = new Reader(bytes, 8);
  while (reader.at < bytes.length) {
    const id = reader.bytes[reader.at++];
    const size = reader.u32();
    const start = reader.at;
    const name = id === 0 ? reader.text() : SECTIONS[id];
    out.push({ id, name, start: id === 0 ? reader.at : start, end: start + size, size });
    reader.at = start + size;
  }
  return out;
}

/** Bytes of code by function name. */
function functions(bytes) {
  const all = sections(bytes);
  const names = new Map();
  const custom = all.find((one) => one.name === "name");
  if (!custom) return new Map();
  const reader = new Reader(bytes, custom.start);
  while (reader.at < custom.end) {
    const kind = bytes[reader.at++];
    const size = reader.u32();
    const end = reader.at + size;
    if (kind === 1) for (let n = reader.u32(); n > 0; n--) names.set(reader.u32(), reader.text());
    reader.at = end;
  }
  let imported = 0;
  const imports = all.find((one) => one.id === 2);
  if (imports) {
    const r = new Reader(bytes, imports.start);
    for (let n = r.u32(); n > 0; n--) {
      r.text();
      r.text();
      const kind = bytes[r.at++];
      if (kind === 0) {
        r.u32();
        imported++;
      } else fail("size: an import that is no function");
    }
  }
  const code = new Reader(bytes, all.find((one) => one.id === 10).start);
  const out = new Map();
  const count = code.u32();
  for (let i = 0; i < count; i++) {
    const size = code.u32();
    const name = names.get(imported + i) ?? "?";
    out.set(name, (out.get(name) ?? 0) + size);
    code.at += size;
  }
  return out;
}

/** `wakey::commands::hashes` for a function of ours, else its crate. Knows Rust's two manglings, plain enough. */
function owner(name) {
  const inner = name.replace(/^<+(?:&|mut |dyn |\[)*/, "");
  const path = /^_?([a-z_][a-z0-9_]*)((?:::[a-z_][a-z0-9_]*)*)/.exec(inner);
  if (!path) return "other";
  if (path[1] !== "wakey") return path[1];
  return ["wakey", ...path[2].split("::").filter(Boolean).slice(0, 2)].join("::");
}

const module = readFileSync(join(build, "core.wasm"));
console.log(`${"".padEnd(28)}${"raw".padStart(12)}${"gzip".padStart(12)}${"brotli".padStart(12)}`);
const total = weight(module);
row("core.wasm", total);
for (const name of ["node.cjs", "inline.js"]) {
  try {
    row(`dist/${name}`, weight(readFileSync(join(dist, name))));
  } catch {
    // Not built: only the module is this command's matter.
  }
}
console.log("\nsections of core.wasm");
for (const one of sections(module)) row(`  ${one.name}`, weight(module.subarray(one.start, one.end)));

if (!process.argv.includes("--brief")) {
  const folder = join(target(), "size");
  run("cargo", [
    "build",
    "--release",
    "--target",
    "wasm32-unknown-unknown",
    "--lib",
    "--quiet",
    "--config",
    'profile.release.strip="none"',
    "--config",
    "profile.release.debug=0",
    "--target-dir",
    folder,
  ]);
  const out = join(folder, "named");
  bind(join(folder, "wasm32-unknown-unknown/release/wakey.wasm"), out);
  const named = readFileSync(join(out, "core_bg.wasm"));
  const owners = new Map();
  for (const [name, size] of functions(named)) owners.set(owner(name), (owners.get(owner(name)) ?? 0) + size);
  console.log("\ncode before wasm-opt, by module");
  for (const [name, size] of [...owners].sort((a, b) => b[1] - a[1]).slice(0, 30))
    console.log(`  ${name.padEnd(38)}${kilobytes(size).padStart(12)}`);
  console.log("\nthe largest functions");
  for (const [name, size] of [...functions(named)].sort((a, b) => b[1] - a[1]).slice(0, 15))
    console.log(`  ${name.slice(0, 90).padEnd(92)}${kilobytes(size).padStart(12)}`);
}

if (total.gzip > BUDGET) fail(`core.wasm is ${kilobytes(total.gzip)} gzip: over the budget of ${kilobytes(BUDGET)}`);
console.log(`\nwithin the budget of ${kilobytes(BUDGET)} gzip`);
