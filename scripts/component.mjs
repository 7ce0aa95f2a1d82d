/**
 * `make component`: the engine as a WebAssembly component, pkg/build/component/wakey.component.wasm, and its world as WIT beside it.
 *
 * cargo makes a module of the crate in `component`; binaryen merges into it how errors of scripts are thrown and caught, and shrinks it;
 * wit-component, of the lock file, makes a component of that.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, fail, kibibytes, output, root, run, target, wasmTarget } from "./common.mjs";

const FEATURES = [
  "bulk-memory",
  "simd",
  "sign-ext",
  "nontrapping-float-to-int",
  "mutable-globals",
  "reference-types",
  "multivalue",
  "exception-handling",
];
const manifest = join(root, "component/Cargo.toml");
const out = join(build, "component");

function binaryen(program, args) {
  const features = FEATURES.map((feature) => `--enable-${feature}`);
  run(process.execPath, [join(root, "node_modules/binaryen/bin", program), ...args, ...features]);
}

/** The words of COMMAND DOCS and HELP, as `make gen` has written them for the package. */
function words() {
  const text = readFileSync(join(root, "pkg/src/core/docs.gen.ts"), "utf8");
  const found = /^export const DOCS = `([\s\S]*)`;$/m.exec(text);
  if (found === null) fail("pkg/src/core/docs.gen.ts has no words; make gen");
  return found[1].replace(/\\([\s\S])/g, "$1");
}

wasmTarget();
mkdirSync(out, { recursive: true });
const path = (name) => join(out, name);
writeFileSync(path("words.txt"), words());
const cargo = ["--manifest-path", manifest, "--locked", "--quiet"];
run("cargo", ["build", ...cargo, "--release", "--target", "wasm32-unknown-unknown", "-p", "wakey-component"], {
  env: { ...process.env, WAKEY_WORDS: path("words.txt") },
});
const raw = join(target(), "wasm32-unknown-unknown/release/wakey_component.wasm");
binaryen("wasm-as", [join(root, "component/unwind.wat"), "-o", path("unwind.wasm")]);
binaryen("wasm-merge", [raw, "core", path("unwind.wasm"), "host", "-o", path("merged.wasm")]);
binaryen("wasm-opt", [path("merged.wasm"), "-o", path("module.wasm"), "-O2", "--one-caller-inline-max-function-size=15", "--strip-debug"]);
const wit = output("cargo", [
  "run",
  ...cargo,
  "--profile",
  "tool",
  "-p",
  "encode",
  "--",
  path("module.wasm"),
  path("wakey.component.wasm"),
]);
if (wit === undefined) fail("wit-component made no component of the module");
writeFileSync(path("world.wit"), wit);
const component = readFileSync(path("wakey.component.wasm"));
console.log(
  `wakey.component.wasm: ${kibibytes(statSync(path("wakey.component.wasm")).size)}, ${kibibytes(gzipSync(component, { level: 9 }).length)} gzip`,
);
