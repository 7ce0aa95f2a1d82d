/**
 * `make weights`: what each group of commands weighs in the module, compressed. Each is a feature of the crate; the module is built without
 * it, once without all of them, and with what a server with scripts has. What others use as well stays; where a feature needs another, the
 * other is weighed in a module that has neither.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, kibibytes, output, root, run, target } from "./common.mjs";

const SELF = "--one";
/** What a server with scripts has beside the rest. */
const SERVER = ["scripting", "users"];
const gzip = (path) => gzipSync(readFileSync(path), { level: 9 }).length;

const [mode, ...features] = process.argv.slice(2);
if (mode === SELF) {
  const { make } = await import("./module.mjs");
  make(join(build, "without"), features);
} else {
  // Of its own, so that the package's module need not be compiled again.
  const env = { ...process.env, CARGO_TARGET_DIR: join(target(), "weights") };
  const { packages } = JSON.parse(output("cargo", ["metadata", "--no-deps", "--format-version", "1"]));
  const { all, ...needs } = packages.find(({ name }) => name === "wakey").features;
  const weight = (features) => {
    run(process.execPath, [join(root, "scripts/weights.mjs"), SELF, "binding", ...features], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    return gzip(join(build, "without/core.wasm"));
  };
  const whole = gzip(join(build, "core.wasm"));
  const row = (name, bytes) => console.log(`  ${name.padEnd(32)}${kibibytes(bytes).padStart(12)}`);
  console.log("what the module has less of without a group, gzip");
  for (const feature of all) {
    const others = all.filter((other) => !needs[other].includes(feature));
    const before = others.length < all.length ? weight(others) : whole;
    row(feature, before - weight(others.filter((other) => other !== feature)));
  }
  row("all of these", whole - weight([]));
  console.log("modules, gzip");
  row("the package's", whole);
  row(SERVER.join(", "), weight(SERVER));
  rmSync(join(build, "without"), { recursive: true });
}
