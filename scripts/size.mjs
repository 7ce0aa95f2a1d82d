/**
 * `make size`: what the module weighs, raw, gzip and brotli, and on what its code was spent, by crate and by module of
 * ours; and what each entry of the package does (`entries.mjs`). Fails over budget, and where the module is not the one that
 * core.wasm.sha256 names; in CI too. The names are in what wasm-bindgen made, from which the module was shrunk.
 *
 * The component is weighed where `make component` has made it, and alone with `--component`, as its test does.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, dist, fail, kibibytes, root } from "./common.mjs";
import { weigh } from "./entries.mjs";
import { Reader } from "./shrink.mjs";

/**
 * Of the module, gzip. It was 230 KiB when every data type was there. What it has been raised for since: commands that happen whole
 * or not at all where memory ends, replies and requests within bounds, sessions that may only read (242); and scripts, for which 95 were
 * granted: Lua, its four libraries, and what runs them. RDB, eviction, users and what clients use: 60. It was 433 before words that only
 * documentation shows went to the host, 473 before Lua's compiler was built for size and deques, sorts and joins became what is there already,
 * and 476 before sines and SHA-1 did, data was in one piece, and texts of panics were gone.
 */
const BUDGET = 470 * 1024;
/**
 * Of the component, gzip. It has the words of COMMAND DOCS and HELP (18 KiB), which the package keeps beside its module. It was 523 before it was
 * shrunk as that is.
 */
const COMPONENT_BUDGET = 488 * 1024;
/** So far the figures of the documents may be off. */
const STALE = 5 * 1024;

function weight(bytes) {
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli.length };
}

function row(name, { raw, gzip, brotli }) {
  console.log(`${name.padEnd(28)}${kibibytes(raw).padStart(12)}${kibibytes(gzip).padStart(12)}${kibibytes(brotli).padStart(12)}`);
}

/** Fails where a document says another figure than there is. */
function told(file, what, figure, is) {
  const [, said] = figure.exec(readFileSync(join(root, file), "utf8")) ?? fail(`${file} does not say what ${what} weighs`);
  if (Math.abs(said * 1024 - is) > STALE) fail(`${file} says that ${what} is ${said} KiB, and it is ${kibibytes(is)} gzip`);
}

function within(name, { gzip }, budget) {
  if (gzip > budget) fail(`${name} is ${kibibytes(gzip)} gzip: over the budget of ${kibibytes(budget)}`);
}

const GUIDES = "www/docs/pages/guides";

/** Weighs the component, where it has been built. */
function component() {
  const file = join(build, "component/wakey.component.wasm");
  if (!existsSync(file)) return;
  const total = weight(readFileSync(file));
  row("wakey.component.wasm", total);
  told(`${GUIDES}/component.md`, "the component", /The component is \d+ KiB, (\d+) compressed/, total.gzip);
  within("wakey.component.wasm", total, COMPONENT_BUDGET);
}

if (process.argv.includes("--component")) {
  component();
  process.exit();
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

/** Bytes of code by function name. */
function functions(bytes) {
  const custom = Reader.sections(bytes).find((one) => one.name === "name");
  const names = new Map();
  const reader = new Reader(bytes, custom.start);
  while (reader.at < custom.end) {
    const kind = bytes[reader.at++];
    const size = reader.u32();
    const end = reader.at + size;
    if (kind === 1) for (let n = reader.u32(); n > 0; n--) names.set(reader.u32(), reader.text());
    reader.at = end;
  }
  const imported = Reader.imported(bytes);
  const out = new Map();
  Reader.bodies(bytes).forEach((body, n) => {
    const name = names.get(imported + n) ?? "?";
    out.set(name, (out.get(name) ?? 0) + body.length);
  });
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
component();
for (const name of ["node.cjs", "inline.js"]) {
  try {
    row(`dist/${name}`, weight(readFileSync(join(dist, name))));
  } catch {
    // Not built: only the module is this command's matter.
  }
}
console.log("\nsections of core.wasm");
for (const { id, name, start, end } of Reader.sections(module)) row(`  ${name || SECTIONS[id]}`, weight(module.subarray(start, end)));

if (!process.argv.includes("--brief")) {
  const named = readFileSync(join(build, "bindgen/core_bg.wasm"));
  const owners = new Map();
  for (const [name, size] of functions(named)) owners.set(owner(name), (owners.get(owner(name)) ?? 0) + size);
  console.log("\ncode before wasm-opt, by module");
  for (const [name, size] of [...owners].sort((a, b) => b[1] - a[1]).slice(0, 30))
    console.log(`  ${name.padEnd(38)}${kibibytes(size).padStart(12)}`);
  console.log("\nthe largest functions");
  for (const [name, size] of [...functions(named)].sort((a, b) => b[1] - a[1]).slice(0, 15))
    console.log(`  ${name.slice(0, 90).padEnd(92)}${kibibytes(size).padStart(12)}`);
}

if (!process.argv.includes("--write")) {
  console.log("\nthe entries without the module, minified and gzip");
  for (const { entry, place, now, later } of await weigh())
    console.log(`  ${`${entry}, ${place}`.padEnd(38)}${kibibytes(now).padStart(12)}${later > 0 ? `, and ${kibibytes(later)} later` : ""}`);
}

const inline = gzipSync(readFileSync(join(build, "core.inline.js")), { level: 9 }).length;
told("README.md", "the module", /The module is (\d+) KiB compressed/, total.gzip);
told(`${GUIDES}/console.md`, "core.wasm", /`core\.wasm` instead: (\d+) KiB/, total.gzip);
told(`${GUIDES}/runtimes.md`, "the module, beside what entries weigh,", /without the module \((\d+) more\)/, total.gzip);
told(`${GUIDES}/console.md`, "the module as base64", /inside as base64, is (\d+) KiB more/, inline);
within("core.wasm", total, BUDGET);
// The same sources and the same compilers, of which npm and rustup bring the versions that are named: the same bytes everywhere.
const made = createHash("sha256")
  .update(readFileSync(join(build, "core.wasm")))
  .digest("hex");
const named = join(root, "core.wasm.sha256");
if (process.argv.includes("--write")) writeFileSync(named, `${made}\n`);
else if (readFileSync(named, "utf8").trim() !== made) fail(`core.wasm is ${made}, and not what core.wasm.sha256 names: make gen`);
console.log(`\nwithin the budget of ${kibibytes(BUDGET)} gzip`);
