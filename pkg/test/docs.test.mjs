/** The API reference (`make docs`): TypeDoc has no warning, so every public name is documented; and what it writes suits the site. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pkg, root } from "./support.mjs";

test("the API reference is made without a warning, of all commands, and without a script that is no file", () => {
  const out = join(pkg, "build/api");
  const done = spawnSync(process.execPath, [join(root, "scripts/docs.mjs"), out], { encoding: "utf8", timeout: 300_000 });
  assert.equal(done.status, 0, `${done.stdout}${done.stderr}`);
  const page = readFileSync(join(out, "interfaces/node.Commands.html"), "utf8");
  for (const method of ["set", "zrange", "xautoclaim", "json"]) assert.equal(page.includes(`id="${method}"`), method !== "json", method);
  for (const file of readdirSync(out, { recursive: true }))
    if (file.endsWith(".html")) assert.doesNotMatch(readFileSync(join(out, file), "utf8"), /<script>|\son[a-z]+="/, file);
});

test("every entry of the package is in it, but for those that are an other one elsewhere", () => {
  const { entryPoints } = JSON.parse(readFileSync(join(root, "docs/api/typedoc.json"), "utf8"));
  const { exports } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  const documented = new Set(entryPoints.map((path) => path.replace(/^.*\/(.*)\.ts$/, "./$1").replace("./node", ".")));
  const others = ["./inline", "./url", "./workerd", "./stores", "./words", "./core.wasm", "./component.wasm", "./package.json"];
  assert.deepEqual(
    Object.keys(exports)
      .filter((name) => !documented.has(name))
      .sort(),
    others.sort(),
  );
});
