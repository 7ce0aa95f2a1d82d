/** The dialogues of `tests/cases`, through wasm in Node. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock, open } from "wakey";
import { cases, commands, source } from "./support.mjs";

const { play } = await source("terminal/dialogue");

for (const [file, text] of cases()) {
  test(`the dialogues of ${file} hold`, async () => {
    const report = await play(file, text, { open, manualClock });
    assert.equal(report.commands, commands(text));
    if (report.failures.length > 0) assert.fail(report.failures.join("\n"));
  });
}
