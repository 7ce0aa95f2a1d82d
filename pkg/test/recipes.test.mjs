/** The recipes, with the tools that they are written for: Vitest, Jest, Express with connect-redis, BullMQ, Node's own tests. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { before, test } from "node:test";
import { install, root } from "./support.mjs";

const folder = join(root, "examples/recipes");

before(() => install(folder));

for (const [script, proof] of [
  ["vitest", /Tests .*2 passed/],
  ["jest", /Tests: .*1 passed/],
  ["node", /^# pass 9$/m],
]) {
  test(`recipes: npm run ${script}`, () => {
    // A test within a test would report to the outer one.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const done = spawnSync("npm", ["run", script], { cwd: folder, encoding: "utf8", timeout: 120_000, env: { ...env, NO_COLOR: "1" } });
    const all = `${done.stdout}${done.stderr}`;
    assert.equal(done.status, 0, all);
    assert.match(all, proof);
  });
}
