/** What the scripts share: paths, versions, running a program, saying what happens. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(import.meta.url), "../..");
export const pkg = join(root, "pkg");
export const dist = join(pkg, "dist");
export const build = join(pkg, "build");

/** Runs a program to its end with its output shown; ends this process when it fails. */
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, { cwd: root, stdio: "inherit", ...options });
  if (done.error) fail(`${program}: ${done.error.message}`);
  if (done.status !== 0) fail(`${program} ${args.join(" ")} ended with ${done.status ?? done.signal}`);
  return done;
}

/** What runtimes have that run the module. */
const WASM = [
  ...["bulk-memory", "bulk-memory-opt", "simd", "sign-ext", "nontrapping-float-to-int", "mutable-globals"],
  ...["reference-types", "multivalue"],
];

/** Runs a program of binaryen's; `more`: what else the module may need. */
export function binaryen(program, args, more = []) {
  const features = [...WASM, ...more].map((feature) => `--enable-${feature}`);
  run(process.execPath, [join(root, "node_modules/binaryen/bin", program), ...args, ...features]);
}

/** The output of a program, or undefined when it cannot be run or fails. */
export function output(program, args, options = {}) {
  const done = spawnSync(program, args, { cwd: root, encoding: "utf8", ...options });
  return done.status === 0 ? done.stdout : undefined;
}

export function fail(message) {
  console.error(`\n*** ${message}\n`);
  process.exit(1);
}

/** Where cargo puts its work. */
export function target() {
  return resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
}

/** The version of a crate in Cargo.lock. */
export function locked(crate) {
  const text = readFileSync(join(root, "Cargo.lock"), "utf8");
  const found = new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`).exec(text);
  return found ? found[1] : fail(`Cargo.lock has no ${crate}`);
}

/** Makes sure that rustup has the wasm32 target: it may have been told not to install by itself. */
export function wasmTarget() {
  const have = output("rustup", ["target", "list", "--installed"]);
  if (have?.includes("wasm32-unknown-unknown")) return;
  if (output("rustup", ["--version"]) === undefined) return;
  const toolchain = /channel\s*=\s*"([^"]+)"/.exec(readFileSync(join(root, "rust-toolchain.toml"), "utf8"))?.[1];
  if (have === undefined && toolchain) {
    run("rustup", [
      "toolchain",
      "install",
      toolchain,
      "--profile",
      "minimal",
      "-c",
      "rustfmt",
      "-c",
      "clippy",
      "-t",
      "wasm32-unknown-unknown",
    ]);
  } else {
    run("rustup", ["target", "add", "wasm32-unknown-unknown"]);
  }
}

/**
 * The path of wasm-bindgen-cli's runner of tests, in the very version of the pinned crate, installed once a user into
 * `$XDG_CACHE_HOME/wakey`. It takes minutes to compile, and only tests need it.
 */
export function testRunner() {
  const version = locked("wasm-bindgen");
  const home = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "wakey", `wasm-bindgen-${version}`);
  const path = join(home, "bin", "wasm-bindgen-test-runner");
  if (!existsSync(path)) {
    console.log(`installing wasm-bindgen-cli ${version} into ${home} (once; a minute or two)`);
    run("cargo", [
      "install",
      "--locked",
      "wasm-bindgen-cli",
      "--version",
      version,
      "--root",
      home,
      "--target-dir",
      join(target(), "wasm-bindgen-cli"),
    ]);
  }
  return path;
}

/** What cargo is told to build for the module. */
export const MODULE = ["--release", "--target", "wasm32-unknown-unknown", "--lib"];

const GENERATOR = ["--quiet", "--profile", "tool", "-p", "bindgen"];

/** Begins to compile what `bind` runs, which waits for it: there is another core while the module is linked on one. */
export function prepareToBind() {
  spawn("cargo", ["build", ...GENERATOR], { cwd: root, stdio: "ignore" }).on("error", () => {});
}

/** Runs wasm-bindgen's generator on a module, for a bundler: `core_bg.wasm` and its glue `core_bg.js` in the folder `out`. */
export function bind(wasm, out) {
  run("cargo", ["run", ...GENERATOR, "--", wasm, out]);
}

/** Ends this process when one of the files is of a package whose licence LICENSE-THIRD-PARTY has not. */
export function licensed(files) {
  const text = readFileSync(join(root, "LICENSE-THIRD-PARTY"), "utf8");
  const names = new Set(files.flatMap((file) => /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));
  const without = [...names].filter((name) => !text.includes(`\n${name} `));
  if (without.length > 0)
    fail(`LICENSE-THIRD-PARTY has nothing of ${without.join(", ")}: see SCRIPTS in scripts/licences.mjs, and make gen`);
}

/** Bytes as KiB, the unit of every size that is said of the module and the package. */
export function kibibytes(n) {
  return `${(n / 1024).toFixed(1)} KiB`;
}
