/** What the tests do to the machine they run on (nothing, unless they are asked to), and that one finds them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pkg, provided, root } from "./support.mjs";

test("a program that is missing is installed in CI or when asked for, and never unasked", (t) => {
  const said = t.mock.method(console, "error", () => {});
  const needed = (env) => {
    const installed = [];
    let here;
    const apt = (packages) => {
      installed.push(...packages);
      here = "/usr/bin/thing";
    };
    return [provided("THING", ["thing"], () => here, { env, apt }), installed];
  };
  for (const env of [{}, { WAKEY_INSTALL: "0" }, { WAKEY_INSTALL: "" }]) {
    said.mock.resetCalls();
    assert.deepEqual(needed(env), [undefined, []]);
    assert.match(said.mock.calls[0].arguments[0], /NO THING: .*apt-get install thing.*WAKEY_INSTALL=1/);
  }
  for (const env of [{ CI: "true" }, { WAKEY_INSTALL: "1" }]) assert.deepEqual(needed(env), ["/usr/bin/thing", ["thing"]]);
  assert.throws(() => provided("THING", ["thing"], () => undefined, { env: { CI: "true" }, apt: () => {} }), /NO THING/);
});

test("nothing else runs apt-get", () => {
  for (const folder of ["scripts", "pkg/test", "www/test"]) {
    for (const file of readdirSync(join(root, folder)).filter((name) => name.endsWith(".mjs"))) {
      if (["support.mjs", "tools.test.mjs"].includes(file)) continue;
      assert.doesNotMatch(readFileSync(join(root, folder, file), "utf8"), /apt-get/, `${folder}/${file}`);
    }
  }
  assert.match(readFileSync(join(pkg, "../.ci/run"), "utf8"), /^export CI=true$/m);
});

test("tests/README.md names every file of tests, and no other; its parts and targets are there", () => {
  const text = readFileSync(join(root, "tests/README.md"), "utf8");
  const named = [...text.matchAll(/`((?:\.ci|src|tests|fuzz|pkg|www|examples)\/?[\w./-]*)`/g)].map(([, path]) => path);
  assert.deepEqual(
    named.filter((path) => !existsSync(join(root, path))),
    [],
  );
  const list = (folder, end) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(end))
      .map((name) => `${folder}/${name}`);
  const there = [...list("tests", ".rs"), ...list("pkg/test", ".test.mjs"), ...list("www/test", ".test.mjs")];
  assert.deepEqual(
    there.filter((path) => !named.includes(path)),
    [],
    "tests/README.md does not say what these prove",
  );
  const [, parts] = /^const parts = \{ (.*) \};$/m.exec(readFileSync(join(root, "scripts/test.mjs"), "utf8"));
  const table = text.split("\n## The parts\n")[1].split("\n## ")[0];
  const makefile = readFileSync(join(root, "Makefile"), "utf8");
  const helped = /^test:.*PART="([^"]*)"/m.exec(makefile)[1];
  assert.deepEqual(
    [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, part]) => part),
    parts.split(", "),
  );
  assert.equal(helped, parts.split(", ").join(" "));
  for (const [, target] of text.matchAll(/\bmake ([a-z-]+)/g)) assert.match(makefile, new RegExp(`^${target}:.*## `, "m"), target);
});

test("a module that was built from the same sources is taken from the cache, unless it is damaged, or CI builds", () => {
  const home = mkdtempSync(join(tmpdir(), "wakey-cache-"));
  const into = join(home, "build");
  const run = (code, env = {}) => {
    const script = `import { keep, restored } from ${JSON.stringify(join(root, "scripts/cache.mjs"))}; ${code}`;
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      env: { ...process.env, XDG_CACHE_HOME: home, CI: "", WAKEY_CACHE: "", ...env },
    });
    assert.equal(child.stderr, "");
    return child.stdout;
  };
  const restored = (env) => run(`process.stdout.write(String(restored(${JSON.stringify(into)})))`, env);
  assert.equal(restored(), "false");
  run("keep()");
  assert.equal(restored({ CI: "true" }), "false");
  assert.equal(restored({ WAKEY_CACHE: "off" }), "false");
  assert.equal(restored({ RUSTFLAGS: "-C debuginfo=2" }), "false");
  assert.equal(existsSync(into), false);
  assert.equal(restored(), "true");
  const module = (folder) => readFileSync(join(folder, "core.wasm"));
  assert.deepEqual(module(into), module(join(pkg, "build")));
  const [kept] = readdirSync(join(home, "wakey/core"));
  appendFileSync(join(home, "wakey/core", kept, "core.wasm"), "x");
  assert.equal(restored(), "false");
  rmSync(home, { recursive: true });
});
