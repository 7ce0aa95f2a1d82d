/** `make check`: formatting, lints, types, and that generated files are fresh. */
import { join } from "node:path";
import { root, run } from "./common.mjs";

const tsc = join(root, "node_modules/typescript/bin/tsc");

run("cargo", ["fmt", "--all", "--check"]);
for (const one of ["component", "examples/component/rust", "examples/component/guest"])
  run("cargo", ["fmt", "--manifest-path", join(root, one, "Cargo.toml"), "--all", "--check"]);
run("cargo", ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]);
// The engine without the groups of commands that are features.
run("cargo", ["clippy", "-p", "wakey", "--lib", "--no-default-features", "--quiet", "--", "-D", "warnings"]);
const module = ["clippy", "--target", "wasm32-unknown-unknown", "--lib", "--quiet"];
run("cargo", [...module, "--tests", "--", "-D", "warnings"]);
// The module of a server with scripts alone.
run("cargo", [...module, "--no-default-features", "--features", "binding,scripting,users", "--", "-D", "warnings"]);
run(process.execPath, [join(root, "node_modules/@biomejs/biome/bin/biome"), "check", "--error-on-warnings"]);
run(process.execPath, [tsc, "-p", "pkg"]);
run(process.execPath, [tsc, "-p", "pkg/test"]);
run(process.execPath, [tsc, "-p", "www"]);
run(process.execPath, ["scripts/gen.mjs", "--check"]);
run(process.execPath, ["scripts/licences.mjs", "--check"]);
console.log("all in order");
