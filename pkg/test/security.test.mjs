/** Every promise of SECURITY.md has a test, of the name that it says. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./support.mjs";

/** The rows of the table of promises: file and test. */
function named(text) {
  const [, table] = text.split("\n## Promises, and their tests\n");
  return [...table.matchAll(/^\|([^|]*)\| `([^`]+)` \| (.+?) \|$/gm)].map(([, promise, file, name]) => ({
    promise: promise.trim(),
    file,
    name,
  }));
}

/** Whether a source has a test of this name: `test("name"` or `it("name"` in JavaScript, `fn name()` behind `#[test]` in Rust. */
function has(source, name, isRust) {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (isRust)
    return new RegExp(`#\\[(?:\\w+::)?(?:test|wasm_bindgen_test)\\]\\s*(?:#\\[[^\\]]*\\]\\s*)*(?:async )?fn ${literal}\\(`).test(source);
  return new RegExp(`\\b(?:test|it)\\((?:"${literal}"|\`${literal}\`|'${literal}')`).test(source);
}

const promises = named(readFileSync(join(root, "SECURITY.md"), "utf8"));

test("SECURITY.md has promises, and every line of its table can be read", () => {
  assert.ok(promises.length >= 25);
  const [, table] = readFileSync(join(root, "SECURITY.md"), "utf8").split("\n## Promises, and their tests\n");
  const lines = table.split("\n").filter((line) => line.startsWith("| ") && !/^\| (promise \||\*\*)/.test(line));
  assert.equal(lines.length, promises.length, "a row has another form");
  assert.notEqual(promises[0].promise, "");
});

for (const { promise, file, name } of promises) {
  test(`${file} has the test "${name}" of SECURITY.md`, () => {
    const path = join(root, file);
    assert.ok(existsSync(path), `${file} is not there: ${promise}`);
    assert.ok(has(readFileSync(path, "utf8"), name, file.endsWith(".rs")), `${file} has no test "${name}": ${promise}`);
  });
}

test("a test that is only spoken of is none", () => {
  assert.equal(has('// the read-only token reads\nconst x = "the read-only token reads";', "the read-only token reads", false), false);
  assert.equal(has('test("the read-only token reads", () => {})', "the read-only token", false), false);
  assert.equal(has("fn garbage() {}", "garbage", true), false);
  assert.equal(has("#[test]\nfn garbage() {}", "garbage", true), true);
});
