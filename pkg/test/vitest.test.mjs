/** `wakey/vitest`, run by Vitest itself. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { pkg, root } from "./support.mjs";

test("Vitest has fresh databases, matchers and snapshots", () => {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--reporter", "json"];
  const done = spawnSync(process.execPath, args, {
    cwd: join(pkg, "test/vitest"),
    encoding: "utf8",
    env: { ...process.env, CI: "true", NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  const report = JSON.parse(done.stdout.slice(done.stdout.indexOf("{")));
  const failed = report.testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status !== "passed"));
  assert.deepEqual(
    failed.map(({ title, failureMessages }) => [title, failureMessages]),
    [],
  );
  assert.equal(report.numPassedTests, 7);
});
