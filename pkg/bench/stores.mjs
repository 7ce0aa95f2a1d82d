/**
 * Writes a second with each store, against none; and the load of a million keys. Stores of the browser are measured in
 * Chromium, where there is one, in a persistent profile: in a private one OPFS is a hundredth of itself.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "../dist/node.mjs";
import { chromium, dist } from "../test/support.mjs";
import { count } from "./report.mjs";

const WRITES = 200_000;
/** `appendfsync` and `append`. */
const WAYS = [
  ["no", "call"],
  ["everysec", "call"],
  ["always", "call"],
  ["everysec", "turn"],
];
const named = (appendfsync, append) => (append === "turn" ? `${appendfsync}, by turns` : appendfsync);

/** Writes a second, from when the first is asked for until all are as safe as the store makes them. Runs in a page, too. */
async function speed(db, writes) {
  const start = performance.now();
  for (let i = 0; i < writes; i++) db.set(`key:${i % 1000}`, "value");
  await db.durable();
  return (writes / (performance.now() - start)) * 1000;
}

function row(name, persecond, none) {
  console.log(`  ${name.padEnd(34)}${count(persecond).padStart(9)}   ${(persecond / none).toFixed(2)} of none`);
}

async function files(none) {
  for (const [appendfsync, append] of WAYS) {
    const folder = mkdtempSync(join(tmpdir(), "wakey-bench-"));
    const db = await open(`file:${folder}`, { appendfsync, append });
    row(`file:, ${named(appendfsync, append)}`, await speed(db, appendfsync === "always" ? 2000 : WRITES), none);
    await db.close();
    rmSync(folder, { recursive: true });
  }
}

async function load() {
  const folder = mkdtempSync(join(tmpdir(), "wakey-bench-"));
  const db = await open(`file:${folder}`, { appendfsync: "no" });
  for (let i = 0; i < 1e6; i++) db.set(`key:${String(i).padStart(12, "0")}`, "value");
  await db.close();
  const start = performance.now();
  const again = await open(`file:${folder}`);
  console.log(`  a million keys are loaded in ${(performance.now() - start).toFixed(0)} ms (${again.dbsize()} keys)`);
  await again.close();
  rmSync(folder, { recursive: true });
}

async function browser() {
  const executablePath = chromium();
  if (executablePath === undefined) return console.log("  no Chromium: idb: and opfs: are left out");
  const site = createServer((request, response) => {
    if (request.url.startsWith("/dist/"))
      return void response.setHeader("content-type", "text/javascript").end(readFileSync(join(dist, request.url.slice(6))));
    if (request.url === "/worker.js") {
      const body = `import { open } from "/dist/inline.js";
        ${speed}
        onmessage = async ({ data: { where, options, writes } }) => {
          const db = await open(where, options);
          const persecond = await speed(db, writes);
          await db.close();
          postMessage(persecond);
        };`;
      return void response.setHeader("content-type", "text/javascript").end(body);
    }
    response.setHeader("content-type", "text/html").end("<!doctype html><title>bench</title>");
  });
  await new Promise((done) => site.listen(0, "127.0.0.1", done));
  const profile = mkdtempSync(join(tmpdir(), "wakey-bench-"));
  const { chromium: playwright } = await import("playwright-core");
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  const context = await playwright.launchPersistentContext(profile, { executablePath, args });
  try {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${site.address().port}`);
    const measure = (job) =>
      page.evaluate((job) => {
        const worker = new Worker("/worker.js", { type: "module" });
        return new Promise((done, failed) => {
          worker.onmessage = ({ data }) => done(data);
          worker.onerror = ({ message }) => failed(new Error(message));
          worker.postMessage(job);
        });
      }, job);
    const none = await measure({ where: "memory:", options: {}, writes: WRITES });
    row("memory, in the browser", none, none);
    for (const durability of ["relaxed", "strict"])
      row(`idb:, ${durability}`, await measure({ where: `idb:${durability}`, options: { durability }, writes: WRITES }), none);
    for (const [appendfsync, append] of WAYS) {
      const writes = appendfsync === "always" ? 2000 : WRITES;
      const job = { where: `opfs:${appendfsync}-${append}`, options: { appendfsync, append }, writes };
      row(`opfs:, ${named(appendfsync, append)}`, await measure(job), none);
    }
  } finally {
    await context.close();
    site.close();
    rmSync(profile, { recursive: true });
  }
}

/** See the head of this file. */
export async function stores() {
  console.log(`\nSET with each store, a second (${WRITES.toLocaleString("en")} in a row; 2,000 with always)`);
  const db = await open();
  const none = await speed(db, WRITES);
  row("none", none, none);
  await db.close();
  await files(none);
  await load();
  await browser();
}
