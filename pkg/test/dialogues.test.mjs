/** The dialogues of `tests/cases`, through wasm in Node. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock, open } from "wakey";
import { play } from "./dialogue.mjs";
import { cases, commands, source } from "./support.mjs";

const { words, pretty, quote } = await source("prompt/format");
const { parse, bytes, latin1 } = await source("resp/nodes", "resp/latin1");
const tools = { open, manualClock, words, pretty, quote, parse, bytes, latin1 };

for (const [file, text] of cases()) {
  test(`the dialogues of ${file} hold`, async () => {
    const report = await play(file, text, tools);
    assert.equal(report.commands, commands(text));
    if (report.failures.length > 0) assert.fail(report.failures.join("\n"));
  });
}
