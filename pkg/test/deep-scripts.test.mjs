/**
 * Scripts that go deep (tests/garbage/deep.lua) in the module, whose stack is what the machine gives to JavaScript: each ends in a
 * value or in an error of the engine, none in an exception of the host, and the engine goes on.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { open, ReplyError } from "wakey";
import { root } from "./support.mjs";

const [head, ...programs] = readFileSync(join(root, "tests/garbage/deep.lua"), "utf8").split("\n----\n");

test("scripts that go deep end in an error or a value, and leave an engine that goes on", async () => {
  const db = await open();
  for (const program of programs) {
    if (process.env.VERBOSE) console.log(program);
    const started = performance.now();
    try {
      db.call("EVAL", `${head}\n${program}`, 0);
    } catch (error) {
      assert.ok(error instanceof ReplyError, `${program}: ${error.stack}`);
    }
    if (process.env.VERBOSE) console.log(Math.round(performance.now() - started));
    assert.ok(performance.now() - started < 20_000, `${program} takes long`);
    assert.equal(db.call("ECHO", "still there"), "still there", program);
  }
  db.close();
});

test("what a script calls a big number and is none stays a string", async () => {
  const db = await open();
  assert.equal(db.call("EVAL", "return {big_number='123456789012345678901'}", 0), 123456789012345678901n);
  assert.deepEqual(db.call("EVAL", "return {{big_number='x'}, 1}", 0), ["x", 1]);
});
