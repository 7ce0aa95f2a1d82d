/**
 * Libraries that live on Lua scripts (`scripted/`), as they come from npm, on the packed tarball: BullMQ, Bull, Bee-Queue, Redlock,
 * rate-limiter-flexible, Bottleneck, @upstash/ratelimit, and the scripts of ioredis and node-redis. Each over `wakey/ioredis` in
 * process and over a socket, where it can; @upstash/ratelimit also over REST in workerd.
 *
 * The files are copied to `build/scripted`, with the packages that `scripted/package-lock.json` names, and each is a run of Node's tests.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import { build } from "esbuild";
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

test("libraries on scripts: @upstash/ratelimit over REST, on a Durable Object in workerd", async (t) => {
  const { Miniflare } = await import("miniflare");
  const { outputFiles } = await build({
    stdin: {
      contents: `import { WakeyObject, wakey } from "wakey/cloudflare";
export class Database extends WakeyObject {}
export default { fetch: (request, env) => wakey(env.DATABASE, { token: "secret" }).fetch(request) };`,
      resolveDir: home,
    },
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    external: ["*.wasm", "cloudflare:workers"],
    logLevel: "error",
  });
  const miniflare = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text },
      { type: "CompiledWasm", path: "core.wasm", contents: readFileSync(join(home, "node_modules/wakey/dist/core.wasm")) },
    ],
    compatibilityDate: "2026-01-01",
    bindings: { WAKEY_TOKEN: "secret" },
    durableObjects: { DATABASE: { className: "Database", useSQLite: true } },
  });
  t.after(() => miniflare.dispose());
  const at = createRequire(join(home, "package.json"));
  const { Ratelimit } = at("@upstash/ratelimit");
  const { Redis } = at("@upstash/redis");
  const redis = new Redis({ url: (await miniflare.ready).origin, token: "secret", enableTelemetry: false });
  for (const limiter of [Ratelimit.fixedWindow(3, "1 d"), Ratelimit.slidingWindow(3, "1 d"), Ratelimit.tokenBucket(3, "1 d", 3)]) {
    const limit = new Ratelimit({ redis, limiter, prefix: `limit:${Math.random()}`, ephemeralCache: false });
    const answers = await Promise.all([1, 2, 3, 4].map(() => limit.limit("ann")));
    assert.deepEqual(
      [answers.map(({ success }) => success).sort(), (await limit.getRemaining("ann")).remaining],
      [[false, true, true, true], 0],
    );
  }
  const script = redis.createScript("return redis.call('INCRBY', KEYS[1], ARGV[1])");
  assert.deepEqual([await script.exec(["n"], ["5"]), await script.exec(["n"], ["1"]), await redis.get("n")], [5, 6, 6]);
});
