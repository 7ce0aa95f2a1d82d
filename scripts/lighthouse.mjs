/**
 * `make lighthouse`: what Lighthouse says of the built site, as on a phone with a slow network and processor. A measurement, which
 * nothing depends on. Lighthouse is installed with the first run, since nobody else needs its two hundred packages.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, freePort, install } from "../pkg/test/support.mjs";
import { fail, root } from "./common.mjs";
import { site } from "./site.mjs";

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
try {
  const { lhr } = await lighthouse(`http://127.0.0.1:${server.address().port}/`, { port, logLevel: "error" });
  for (const { title, score } of Object.values(lhr.categories)) console.log(`${String(Math.round(score * 100)).padStart(8)}  ${title}`);
  for (const id of ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"])
    console.log(`${lhr.audits[id].displayValue.padStart(8)}  ${lhr.audits[id].title}`);
  for (const { id, title, score, scoreDisplayMode, displayValue = "" } of Object.values(lhr.audits))
    if (score !== null && score < 0.9 && scoreDisplayMode !== "informative") console.log(`          ${id}: ${title} ${displayValue}`);
} finally {
  server.closeAllConnections();
  server.close();
  child.kill();
  await once(child, "exit");
  rmSync(profile, { recursive: true, force: true });
}
