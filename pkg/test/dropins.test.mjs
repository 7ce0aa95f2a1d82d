/**
 * The drop-ins of the packed tarball, where their users meet them (`dropins/`): libraries on top of them, Jest and Vitest with one line
 * for each library that is replaced and with fake timers, and the majors of ioredis and node-redis that the workspace does not have.
 *
 * The files are copied to `build/dropins`, with the packages that `dropins/package-lock.json` names.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { install, pkg, root } from "./support.mjs";

const home = join(pkg, "build/dropins");

function run(program, args, cwd = home) {
  // A test within a test would report to the outer one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const done = spawnSync(program, args, { cwd, encoding: "utf8", timeout: 120_000, env: { ...env, NO_COLOR: "1" } });
  assert.equal(done.status, 0, `${program} ${args.join(" ")}\n${done.stdout}${done.stderr}`);
  return done.stdout + done.stderr;
}

/** Runs a file of Node's tests, of which none may fail or, but for those that a major has no use for, be left out. */
function passes(file, cwd = home) {
  const all = run(process.execPath, ["--test", "--test-reporter=tap", file], cwd);
  assert.match(all, /^# pass [1-9]\d*$/m, all);
}

before(() => {
  mkdirSync(home, { recursive: true });
  cpSync(join(pkg, "test/dropins"), home, { recursive: true, preserveTimestamps: true, filter: (path) => !path.includes("node_modules") });
  install(home);
  const [{ filename }] = JSON.parse(
    spawnSync("npm", ["pack", "--json", "--pack-destination", home], { cwd: pkg, encoding: "utf8" }).stdout,
  );
  run("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--offline", join(home, filename)]);
  assert.ok(realpathSync(join(home, "node_modules/wakey")).startsWith(realpathSync(home)), "the tarball, and not the workspace");
});

/** A folder where these packages go by the names of others: `{ redis: "redis4" }`. */
function place(name, packages) {
  const folder = join(home, "places", name);
  const modules = join(folder, "node_modules");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(modules, { recursive: true });
  cpSync(join(home, "node_modules/wakey"), join(modules, "wakey"), { recursive: true });
  for (const [as, installed] of Object.entries(packages)) symlinkSync(join(home, "node_modules", installed), join(modules, as), "junction");
  return folder;
}

test("drop-ins: Keyv, cache-manager, connect-redis", () => passes("libraries.test.mjs"));

for (const [drop, library, major] of [
  ["ioredis-mock", "ioredis", "ioredis5"],
  ["ioredis-mock", "ioredis", "ioredis"],
  ["redis-mock", "redis", "redis4"],
  ["redis-mock", "redis", "redis5"],
  ["redis-mock", "redis", "redis"],
]) {
  test(`drop-ins: wakey/${drop} on ${major}`, () => {
    const folder = place(major, { [library]: major });
    cpSync(join(pkg, `test/${drop}.test.mjs`), join(folder, `${drop}.test.mjs`));
    passes(`${drop}.test.mjs`, folder);
  });
}

for (const majors of [
  { ioredis: "ioredis", redis: "redis" },
  { ioredis: "ioredis5", redis: "redis5" },
  { ioredis: "ioredis5", redis: "redis4" },
]) {
  const names = Object.values(majors).join(" and ");
  for (const [runner, args, tests] of [
    ["jest", ["jest/bin/jest.js", "-c", "jest.config.cjs"], 6],
    ["vitest", ["vitest/vitest.mjs", "run"], 7],
    // Vitest loads everything by itself, and not Node.
    ["vitest", ["vitest/vitest.mjs", "run", "-c", "vitest.inline-all.mjs"], 7],
    ["vitest", ["vitest/vitest.mjs", "run", "-c", "vitest.inline-wakey.mjs"], 7],
  ]) {
    test(`drop-ins: ${[runner, ...args.slice(3)].join(" ")}, its mocks and fake timers, with ${names}`, () => {
      const folder = place(`${runner}-${Object.values(majors).join("-")}`, {
        ...majors,
        iovalkey: "iovalkey",
        "@upstash": "@upstash",
        vitest: "vitest",
      });
      cpSync(join(pkg, "test/dropins/runners"), folder, { recursive: true });
      const [script, ...rest] = args;
      assert.match(run(process.execPath, [join(home, "node_modules", script), ...rest], folder), new RegExp(`\\b${tests} passed`));
    });
  }
}

/** A program in types: what a client of the library is, a client of the drop-in is. */
const TYPED = {
  "redis-mock": `
    import * as library from "redis";
    import * as mock from "wakey/redis-mock";
    import { createClient, createCluster, databaseOf, reset } from "wakey/redis-mock";
    export const make: typeof library.createClient = createClient;
    export const whole: Pick<typeof library, "createClient" | "createCluster" | "ErrorReply"> = mock;
    export async function used(): Promise<string | null> {
      const client = createClient({ url: "redis://localhost", socket: { connectTimeout: 5 } });
      client.on("error", (error: Error) => error.message);
      await client.connect();
      await client.set("k", "v", { EX: 5 });
      const name: string | null = await client.get("k");
      const fields: { [field: string]: string } = await client.hGetAll("h");
      const cluster = createCluster({ rootNodes: [{ url: "redis://localhost" }] });
      await cluster.connect();
      databaseOf(client).set("k", "w", "EX", 5);
      reset({ seed: 1 });
      // @ts-expect-error a value is missing
      await client.set("k");
      return fields["f"] ?? name;
    }`,
  "ioredis-mock": `
    import { Redis as Real } from "ioredis";
    import Redis, { Cluster, databaseOf, reset } from "wakey/ioredis-mock";
    export const redis: Real = new Redis({ host: "localhost", data: { k: "v" } });
    export const cluster = new Cluster(["localhost"]);
    export const value: Promise<string | null> = redis.get("k");
    databaseOf(redis).ttl("k").toFixed();
    reset();
    // @ts-expect-error a value is missing
    redis.set("k");`,
};

for (const [drop, library, major] of [
  ["redis-mock", "redis", "redis4"],
  ["redis-mock", "redis", "redis5"],
  ["redis-mock", "redis", "redis"],
  ["ioredis-mock", "ioredis", "ioredis5"],
  ["ioredis-mock", "ioredis", "ioredis"],
]) {
  test(`drop-ins: the types of wakey/${drop} are those of ${major}`, () => {
    const folder = place(`types-${major}`, { [library]: major });
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    for (const [file, module, resolution] of [
      ["t.mts", "nodenext", "nodenext"],
      ["t.cts", "nodenext", "nodenext"],
      ["t.mts", "esnext", "bundler"],
    ]) {
      writeFileSync(join(folder, file), TYPED[drop]);
      const options = [
        "--ignoreConfig",
        "--strict",
        "--skipLibCheck",
        "--noEmit",
        "--target",
        "es2022",
        "--esModuleInterop",
        "--types",
        "node",
      ];
      const where = ["--module", module, "--moduleResolution", resolution, "--typeRoots", join(root, "node_modules/@types")];
      run(process.execPath, [tsc, ...options, ...where, file], folder);
    }
  });
}
