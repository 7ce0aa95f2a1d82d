/**
 * Libraries that live on Lua scripts (`scripted/`), as they come from npm, on the packed tarball: BullMQ, Bull, Bee-Queue, Redlock,
 * rate-limiter-flexible, Bottleneck, @upstash/ratelimit, and the scripts of ioredis and node-redis. Each over `wakey/ioredis` in
 * process and over a socket, where it can.
 *
 * The files are copied to `build/scripted`, with the packages that `scripted/package-lock.json` names, and each is a run of Node's tests.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { install, pkg } from "./support.mjs";

const home = join(pkg, "build/scripted");
const source = join(pkg, "test/scripted");

/** `npm` with the folder as its place. */
function npm(args, cwd = home) {
  const done = spawnSync("npm", args, { cwd, encoding: "utf8" });
  assert.equal(done.status, 0, `npm ${args.join(" ")}\n${done.stderr}`);
  return done.stdout;
}

before(() => {
  mkdirSync(home, { recursive: true });
  cpSync(source, home, { recursive: true, preserveTimestamps: true, filter: (path) => !path.includes("node_modules") });
  install(home);
  const [{ filename }] = JSON.parse(npm(["pack", "--json", "--pack-destination", home], pkg));
  npm(["install", "--no-save", "--no-audit", "--no-fund", "--offline", join(home, filename)]);
  assert.ok(realpathSync(join(home, "node_modules/wakey")).startsWith(realpathSync(home)), "the tarball, and not the workspace");
});

for (const file of readdirSync(source).filter((name) => name.endsWith(".test.mjs"))) {
  test(`libraries on scripts: ${file}`, () => {
    // A test within a test would report to the outer one.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const done = spawnSync(process.execPath, ["--test", file], {
      cwd: home,
      encoding: "utf8",
      timeout: 120_000,
      env: { ...env, NO_COLOR: "1" },
    });
    const all = `${done.stdout}${done.stderr}`;
    assert.equal(done.status, 0, all);
    assert.match(all, /^# pass [1-9]\d*$/m, all);
    for (const none of ["fail", "cancelled", "skipped", "todo"]) assert.match(all, new RegExp(`^# ${none} 0$`, "m"), all);
  });
}
