/** The words of COMMAND DOCS and HELP: in pages a part of their own, loaded when they are asked for, or with `wakey/words`. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open } from "wakey";

const dist = new URL("../dist/", import.meta.url);

/** Runs a program that imports what pages import, in a process of its own. */
function page(...lines) {
  const program = [`import { readFileSync } from "node:fs";`, `const wasm = readFileSync(new URL("${dist}core.wasm"));`, ...lines].join(
    "\n",
  );
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }));
}

const OPEN = `const { open } = await import("${dist}slim.js"); const db = await open({ wasm });`;
const TRY = `const told = (run) => { try { return run(); } catch ({ message }) { return message; } };`;
const ASK = `const ask = () => told(() => db.command("DOCS", "GET").get?.summary ?? "");`;
const LOADING = "LOADING the words of COMMAND DOCS and HELP; ask again";
const SUMMARY = "Returns the string value of a key.";

test("in a page the first who asks is refused, and has them loaded", () => {
  const said = page(
    OPEN,
    TRY,
    ASK,
    `const all = [ask(), told(() => db.call("OBJECT", "HELP")), db.multi().command("DOCS", "GET").exec()[0].message];`,
    `for (let i = 0; i < 1000 && ask().startsWith("LOADING"); i++) await new Promise((done) => setTimeout(done, 5));`,
    `console.log(JSON.stringify([...all, ask(), db.call("OBJECT", "HELP").length > 5, (await open({ wasm })).command("DOCS", "GET").get.summary]));`,
  );
  assert.deepEqual(said, [LOADING, LOADING, LOADING, SUMMARY, true, SUMMARY]);
});

test("with wakey/words they are there at once, whichever of the two is imported first", () => {
  const words = `await import("${dist}words.js");`;
  for (const imports of [`${words} ${OPEN}`, `${OPEN} ${words}`]) {
    assert.equal(page(imports, TRY, ASK, "console.log(JSON.stringify(ask()));"), SUMMARY);
  }
});

test("in Node, and in workerd's bundle, they are at hand", async () => {
  const db = await open();
  assert.equal(db.command("DOCS", "GET").get.summary, SUMMARY);
  await db.close();
  for (const name of ["workerd.js", "cloudflare.js"]) {
    const text = readFileSync(new URL(name, dist), "utf8");
    const chunks = [...text.matchAll(/from "(\.\/chunks\/[^"]+)"|import "(\.\/chunks\/[^"]+)"/g)].map(([, a, b]) => a ?? b);
    assert.ok(
      chunks.some((chunk) => readFileSync(new URL(chunk, dist), "utf8").includes(SUMMARY)),
      name,
    );
  }
});
