/** The README's JavaScript runs, and each `call; // value` is true. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./support.mjs";

const blocks = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1]);

/** Turns `expression; // value` into a comparison, where the comment begins with a value. */
function checked(block) {
  return block.replace(/^( *)([^\n;]*\S); \/\/ (.*)$/gm, (line, indent, expression, comment) => {
    const value = /^(Uint8Array \[.*?\]|\{.*?\}|\[.*\]|"(?:[^"\\]|\\.)*"|-?\d+|null|true|false)(?=$|[:,;])/.exec(comment)?.[1];
    if (value === undefined || /^(const|let|if|await server)/.test(expression)) return line;
    const literal = value.replace(/^Uint8Array (\[.*\])$/, "Uint8Array.of(...$1)");
    return `${indent}same(${expression}, ${literal});`;
  });
}

test("the README has examples", () => assert.ok(blocks.length >= 7));

for (const [i, block] of blocks.entries()) {
  test(`example ${i + 1} of the README runs and says the truth`, () => {
    const code = `import assert from "node:assert/strict";
const plain = (v) => (v && Object.getPrototypeOf(v) === null ? { ...v } : v);
const same = (a, b) => assert.deepEqual(plain(a), b);
${checked(block)}`;
    const done = spawnSync(process.execPath, ["--input-type=module", "-e", code], { cwd: root, encoding: "utf8", timeout: 20_000 });
    assert.equal(done.status, 0, `${code}\n${done.stderr}`);
  });
}
