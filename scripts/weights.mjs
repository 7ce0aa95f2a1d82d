/**
 * `make weights`: what each group of commands weighs in the module, compressed. Each is a feature of the crate; the module is built without
 * it, and once without all of them. What others use as well stays.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, kibibytes, output, root, run, target } from "./common.mjs";

const SELF = "--one";
const gzip = (path) => gzipSync(readFileSync(path), { level: 9 }).length;

const [mode, ...features] = process.argv.slice(2);
if (mode === SELF) {
  const { make } = await import("./module.mjs");
  make(join(build, "without"), features);
} else {
  // Of its own, so that the package's module need not be compiled again.
  const env = { ...process.env, CARGO_TARGET_DIR: join(target(), "weights") };
  const { packages } = JSON.parse(output("cargo", ["metadata", "--no-deps", "--format-version", "1"]));
  const { all } = packages.find(({ name }) => name === "wakey").features;
  const weight = (features) => {
    run(process.execPath, [join(root, "scripts/weights.mjs"), SELF, "binding", ...features], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    return gzip(join(build, "without/core.wasm"));
  };
  const whole = gzip(join(build, "core.wasm"));
  const row = (name, bytes) => console.log(`  ${name.padEnd(20)}${kibibytes(bytes).padStart(12)}`);
  console.log("what the module has less of without a group, gzip");
  for (const feature of all) row(feature, whole - weight(all.filter((other) => other !== feature)));
  row("all of these", whole - weight([]));
  row("the module", whole);
  rmSync(join(build, "without"), { recursive: true });
}
