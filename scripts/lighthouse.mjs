/**
 * `make lighthouse`: what Lighthouse says of the built site, as on a phone with a slow network and processor: of the playground, and of one
 * page of each kind of the documentation. A measurement, which nothing depends on: it ends with 1 where a score is below what is aimed at,
 * and a machine that is busy with something else costs performance ten points or more. Lighthouse is installed with the first run,
 * since nobody else needs its two hundred packages. `node scripts/lighthouse.mjs docs/index.html ...` measures some pages.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, freePort, install } from "../pkg/test/support.mjs";
import { fail, root } from "./common.mjs";
import { site } from "./site.mjs";

const PAGES = [
  "",
  "docs/index.html",
  "docs/guides/persistence.html",
  "docs/guides/console.html",
  "docs/commands/hsetex.html",
  "docs/commands/index.html",
  "docs/compatibility.html",
];
/** What each score is to be. */
const AIM = 95;
const TIMES = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"];

const folder = join(root, "www/bench");
install(folder);
const { default: lighthouse } = await import(join(folder, "node_modules/lighthouse/core/index.js"));

const browser = chromium() ?? fail("there is no browser");
const port = await freePort();
const profile = mkdtempSync(join(tmpdir(), "lighthouse-"));
const child = spawn(browser, [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  `--remote-debugging-port=${port}`,
  `--user-data-dir=${profile}`,
]);
await once(child.stderr, "data");
const server = await site(0);
const address = `http://127.0.0.1:${server.address().port}/`;
try {
  for (const page of process.argv.length > 2 ? process.argv.slice(2) : PAGES) {
    const { lhr } = await lighthouse(address + page, { port, logLevel: "error" });
    const scores = Object.values(lhr.categories).map(({ title, score }) => `${title} ${Math.round(score * 100)}`);
    console.log(`${page === "" ? "the playground" : page}: ${scores.join(", ")}`);
    if (Object.values(lhr.categories).some(({ score }) => score * 100 < AIM)) process.exitCode = 1;
    const times = TIMES.map((id) => `${lhr.audits[id].title} ${lhr.audits[id].displayValue}`);
    console.log(`    ${times.join(", ")}`);
    for (const { id, title, score, scoreDisplayMode, displayValue = "" } of Object.values(lhr.audits))
      if (score !== null && score < 0.9 && scoreDisplayMode !== "informative") console.log(`    ${id}: ${title} ${displayValue}`);
  }
} finally {
  server.closeAllConnections();
  server.close();
  child.kill();
  await once(child, "exit");
  rmSync(profile, { recursive: true, force: true });
}
