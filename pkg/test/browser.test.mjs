/** The package in headless Chromium: bundled, from a URL, and all dialogues. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { cases, chromium, commands, dist, launch, pkg } from "./support.mjs";

const executablePath = chromium();
const skip = executablePath === undefined && "no browser";
let browser;
let site;
let base;

const ENTRY = `
  import "wakey/words";
  import { open, manualClock } from "wakey";
  import { play } from "../src/terminal/dialogue.ts";
  globalThis.play = (file, text) => play(file, text, { open, manualClock });
  globalThis.wakey = { open, manualClock };
`;

before(async () => {
  if (skip) return;
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: join(pkg, "test"), loader: "js" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    logLevel: "error",
  });
  const types = { js: "text/javascript", wasm: "application/wasm" };
  site = createServer((request, response) => {
    if (request.url === "/bundle.js") return void response.setHeader("content-type", types.js).end(outputFiles[0].text);
    if (request.url.startsWith("/dist/")) {
      const file = request.url.slice(6);
      return void response.setHeader("content-type", types[file.split(".").pop()] ?? "text/plain").end(readFileSync(join(dist, file)));
    }
    response.setHeader("content-type", "text/html").end("<!doctype html><title>t</title>");
  });
  await new Promise((done) => site.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${site.address().port}`;
  browser = await launch(executablePath);
});

after(async () => {
  await browser?.close();
  site?.close();
});

async function page() {
  const one = await browser.newPage();
  await one.goto(base);
  return one;
}

test("a page opens a database from the bundle, and its timer expires keys", { skip }, async () => {
  const one = await page();
  await one.addScriptTag({ url: `${base}/bundle.js`, type: "module" });
  await one.waitForFunction(() => globalThis.wakey);
  // The page's timers and its clock, moved by hand.
  await one.clock.install({ time: 1_700_000_000_000 });
  await one.clock.pauseAt(1_700_000_001_000);
  await one.evaluate(async () => {
    const db = (globalThis.db = await globalThis.wakey.open());
    db.set("k", "v", "PX", 30);
    db.hset("h", { é: "ü" });
  });
  const answers = () => one.evaluate(() => [globalThis.db.stats().keys, globalThis.db.hget("h", "é"), globalThis.db.get("k")]);
  await one.clock.runFor(29);
  assert.deepEqual(await answers(), [2, "ü", "v"]);
  await one.clock.runFor(1);
  assert.deepEqual(await answers(), [1, "ü", null]);
});

test("two sessions of a page wait for each other", { skip }, async () => {
  const one = await page();
  await one.addScriptTag({ url: `${base}/bundle.js`, type: "module" });
  await one.waitForFunction(() => globalThis.wakey);
  const answers = await one.evaluate(async () => {
    const db = await globalThis.wakey.open();
    const other = db.session();
    const heard = [];
    const stop = other.subscribe("done", (message) => heard.push(message));
    const ping = (async () => {
      const [, job] = await other.blpop("jobs", 0);
      other.rpush("results", `${job}!`);
      return job;
    })();
    db.rpush("jobs", "work");
    const [, result] = await db.blpop("results", 5);
    db.publish("done", result);
    const nothing = await db.blpop("jobs", 0.02);
    stop();
    const reason = await other.blpop("jobs", 0, { signal: AbortSignal.timeout(20) }).catch((error) => error.name);
    return [await ping, result, heard, nothing, reason, db.multi().set("a", 1).get("a").exec()];
  });
  assert.deepEqual(answers, ["work", "work!", ["work!"], null, "TimeoutError", ["OK", "1"]]);
});

test("wakey/url fetches core.wasm from beside itself, with no bundler", { skip }, async () => {
  const one = await page();
  const answer = await one.evaluate(async (url) => {
    const { open } = await import(url);
    const db = await open();
    return db.set("k", "v") + db.get("k");
  }, `${base}/dist/url.js`);
  assert.equal(answer, "OKv");
});

test("the dialogues hold in Chromium", { skip }, async () => {
  const one = await page();
  await one.addScriptTag({ url: `${base}/bundle.js`, type: "module" });
  await one.waitForFunction(() => globalThis.play);
  const failures = [];
  for (const [file, text] of cases()) {
    const report = await one.evaluate(([name, source]) => globalThis.play(name, source), [file, text]);
    assert.equal(report.commands, commands(text), file);
    failures.push(...report.failures);
  }
  if (failures.length > 0) assert.fail(failures.join("\n"));
});
