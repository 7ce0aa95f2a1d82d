/** How the package is put together: one copy of what must be one. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { dist } from "./support.mjs";

/** The files of `dist` that define a class. */
function definitions(folder, type, name) {
  const files = readdirSync(join(dist, folder), { recursive: true }).filter((file) => type.test(file) && !file.startsWith("types"));
  assert.ok(files.length > 2, `${folder} has nothing of this kind`);
  return files.filter((file) =>
    new RegExp(`\\bclass (_?${name}\\d*)\\b|\\b${name} = class\\b`).test(readFileSync(join(dist, folder, file), "utf8")),
  );
}

test("what is loaded together has one set of error classes, and one engine", () => {
  for (const name of ["ReplyError", "ValueError", "StoreError", "TrapError", "ClosedError", "Engine"]) {
    // CommonJS files load node.cjs; inline.cjs is for other places, and alone there. An engine is what upstash.cjs is given.
    assert.deepEqual(definitions("", /^[^/]+\.cjs$/, name).sort(), ["inline.cjs", "node.cjs"], `${name} in CommonJS`);
    assert.equal(definitions("", /^[^/]+\.mjs$/, name).length, 1, `${name} in Node`);
    assert.equal(definitions("bundled", /\.mjs$/, name).length, 1, `${name} for bundlers`);
    assert.equal(definitions("", /(^|^chunks\/)[^/]+\.js$/, name).length, 1, `${name} elsewhere`);
  }
});
