/**
 * `make test`: everything, in the order in which it is quick to fail, and at the end how long each part took. `REDIS=host:port`
 * also plays the dialogues against a real server. Names of parts as arguments (`make test PART=...`) run only these;
 * tests/README.md says what they are.
 */
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { chromium, firefox, redisCli } from "../pkg/test/support.mjs";
import { fail, pkg, root, run, testRunner } from "./common.mjs";

const tsc = join(root, "node_modules/typescript/bin/tsc");

function rust() {
  run("cargo", ["test", "--workspace", "--exclude", "bindgen"]);
  // Without the groups of commands that are features: with RDB files, whose types are others then, and without them.
  const bare = ["test", "-p", "wakey", "--profile", "tool", "--no-default-features", "--test", "features"];
  run("cargo", [...bare, "--features", "rdb"]);
  run("cargo", bare);
}

/** The real server speaks first: then a wrong dialogue is not mistaken for a wrong engine. */
function redis() {
  run("cargo", ["test", "--test", "dialogues", "--", "--nocapture"], { env: { ...process.env, WAKEY_REDIS: process.env.REDIS } });
}

function binding() {
  const runner = testRunner();
  const test = (more) =>
    run("cargo", ["test", "--target", "wasm32-unknown-unknown", "--lib"], {
      env: { ...process.env, CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: runner, ...more },
    });
  test({});
  if (chromium() === undefined) return;
  const driver = ["/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver", process.env.CHROMEDRIVER].find(
    (path) => path && existsSync(path),
  );
  if (driver) test({ WASM_BINDGEN_USE_BROWSER: "1", CHROMEDRIVER: driver });
  else if (process.env.CI) fail("NO CHROMEDRIVER: the binding's tests cannot run in a browser");
  else console.error("\n*** NO CHROMEDRIVER: the binding's tests did not run in a browser. ***\n");
}

function types() {
  run(process.execPath, [tsc, "-p", join(pkg, "test")]);
}

/** What installs other packages first, and keeps the machine busy: by itself, where it disturbs no test of time. */
const BUSY = [
  "component.test.mjs",
  "docs.test.mjs",
  "dropins.test.mjs",
  "markdown.test.mjs",
  "packaging.test.mjs",
  "python.test.mjs",
  "recipes.test.mjs",
  "scripted.test.mjs",
];

/** Two files at a time at least: half of what they do is to wait for browsers, workerd and other processes. */
const AT_ONCE = Math.max(2, availableParallelism() - 1);

function node() {
  const files = readdirSync(join(pkg, "test")).filter((file) => file.endsWith(".test.mjs") && !BUSY.includes(file));
  run(process.execPath, ["--test", `--test-concurrency=${AT_ONCE}`, ...files.map((file) => `test/${file}`)], { cwd: pkg });
}

function projects() {
  run(process.execPath, ["--test", "--test-concurrency=1", ...BUSY.map((file) => `test/${file}`)], { cwd: pkg });
}

/** The playground, built, in a browser. */
function playground() {
  run(process.execPath, ["--test", "www/test/"], { cwd: root });
}

/** What was left out for want of a program, where a reader of the last lines sees it; each says so itself. */
function missing() {
  chromium();
  firefox();
  redisCli();
}

const parts = { redis, rust, binding, types, node, playground, projects };
const wanted = process.argv.slice(2);
for (const name of wanted) if (!(name in parts)) fail(`there is no part ${name}; the parts are ${Object.keys(parts).join(", ")}`);

const took = [];
// Also when a part fails, which ends the process.
process.on("exit", () => {
  if (took.length === 0) return;
  console.log("");
  for (const { name, seconds } of took)
    console.log(`  ${name.padEnd(12)}${seconds === undefined ? "FAILED" : `${seconds.toFixed(0).padStart(5)} s`}`);
});
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (name === "redis" && !process.env.REDIS) {
    if (wanted.includes(name)) fail("the part redis needs REDIS=host:port");
    continue;
  }
  const one = { name, seconds: undefined };
  took.push(one);
  console.log(`--- ${name}`);
  const start = performance.now();
  part();
  one.seconds = (performance.now() - start) / 1000;
}
missing();
