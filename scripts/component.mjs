/**
 * `make component`: the engine as a WebAssembly component, pkg/build/component/wakey.component.wasm, and its WIT in one file beside it; and
 * for hosts without exceptions of WebAssembly (jco) wakey.plain.component.wasm, which has no scripts.
 *
 * cargo makes a module of the crate in `component`; binaryen merges into it how errors of scripts are thrown and caught, and shrinks it;
 * wit-component, of the lock file, makes a component of that.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { binaryen, build, fail, kibibytes, output, root, run, target, wasmTarget } from "./common.mjs";
import { shrink } from "./module.mjs";
import { lastWords, silence } from "./shrink.mjs";

const manifest = join(root, "component/Cargo.toml");
const out = join(build, "component");

/** The words of COMMAND DOCS and HELP, as `make gen` has written them for the package. */
function words() {
  const text = readFileSync(join(root, "pkg/src/core/docs.gen.ts"), "utf8");
  const found = /^export const DOCS = `([\s\S]*)`;$/m.exec(text);
  if (found === null) fail("pkg/src/core/docs.gen.ts has no words; make gen");
  return found[1].replace(/\\([\s\S])/g, "$1");
}

/** The packages of `wit` as one: those that it uses are nested in it. */
function wit() {
  const nested = readdirSync(join(root, "wit/deps")).map((name) => {
    const text = readFileSync(join(root, `wit/deps/${name}/${name}.wit`), "utf8");
    return text.replace(/^(package [^;]+);\n([\s\S]*)$/m, (_, head, body) => `${head} {\n${body.trim().replace(/^(?=.)/gm, "    ")}\n}\n`);
  });
  return [readFileSync(join(root, "wit/engine.wit"), "utf8"), ...nested].join("\n");
}

wasmTarget();
mkdirSync(out, { recursive: true });
const path = (name) => join(out, name);
writeFileSync(path("words.txt"), words());
// Of its own: the core is compiled otherwise for JavaScript, under the same name.
const place = join(target(), "component");
const env = { ...process.env, CARGO_TARGET_DIR: place, WAKEY_WORDS: path("words.txt") };
const cargo = ["--manifest-path", manifest, "--locked", "--quiet"];
// The linker writes names as they are in the source, by which panics are found (shrink.mjs).
const named = ["--", "-C", "link-arg=--demangle"];
run("cargo", ["rustc", ...cargo, "--release", "--target", "wasm32-unknown-unknown", "-p", "wakey-component", ...named], { env });
const raw = readFileSync(join(place, "wasm32-unknown-unknown/release/wakey_component.wasm"));
const last = lastWords(raw);
/** What wit-component looks for in the module, and what the ways of errors call. */
const CALLED = /^(wakey:|wasi:|cabi_|memory$|wakey_call$)/;
writeFileSync(path("silent.wasm"), silence(raw, CALLED));

const EXCEPTIONS = ["exception-handling"];

/** Makes a component with one of the two ways that errors of scripts take. */
function encode(way, name) {
  binaryen("wasm-as", [join(root, `component/${way}.wat`), "-o", path(`${way}.wasm`)], EXCEPTIONS);
  binaryen("wasm-merge", [path("silent.wasm"), "core", path(`${way}.wasm`), "host", "-o", path("merged.wasm")], EXCEPTIONS);
  shrink(path("merged.wasm"), path("module.wasm"), last, EXCEPTIONS);
  const args = ["run", ...cargo, "--profile", "tool", "-p", "encode", "--", path("module.wasm"), path(name), path("wakey.component.wit")];
  const world = output("cargo", args, { env, stdio: ["ignore", "pipe", "inherit"] });
  if (world === undefined) fail("wit-component made no component of the module");
  writeFileSync(path("world.wit"), world);
  const component = readFileSync(path(name));
  console.log(`${name}: ${kibibytes(component.length)}, ${kibibytes(gzipSync(component, { level: 9 }).length)} gzip`);
}

writeFileSync(path("wakey.component.wit"), wit());
encode("plain", "wakey.plain.component.wasm");
encode("unwind", "wakey.component.wasm");
