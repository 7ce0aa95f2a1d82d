/** The recipe for pytest: redis-py on `wakey serve --testing`, with the clock and faults in the hand of the test. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cli, pkg, provided, root } from "./support.mjs";

const folder = join(root, "examples/recipes/python");
const venv = join(pkg, "build/python");
const python = provided("PYTHON", ["python3", "python3-venv"], () =>
  spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0 ? "python3" : undefined,
);

function run(program, args, env = {}) {
  const done = spawnSync(program, args, { cwd: folder, encoding: "utf8", timeout: 120_000, env: { ...process.env, ...env } });
  assert.equal(done.status, 0, `${done.stdout}${done.stderr}`);
  return done.stdout;
}

test("pytest moves the clock and makes faults over the wire", { skip: python === undefined && "no Python" }, () => {
  const own = join(venv, "bin/python");
  if (!existsSync(join(venv, "bin/pytest"))) {
    rmSync(venv, { recursive: true, force: true });
    run(python, ["-m", "venv", venv]);
    run(own, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"]);
  }
  const said = run(own, ["-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"], { WAKEY: `${process.execPath} ${cli}` });
  assert.match(said, /^4 passed/m);
});
