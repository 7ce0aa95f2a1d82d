/**
 * What the tests of the playground share: the site under a path, a browser, and pages on which nothing may go wrong. What the
 * content-security policy refuses, and what is thrown, fails the test in which it happens. Pictures of the page are left in
 * `www/test/screenshots`, to be looked at.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, root } from "../../pkg/test/support.mjs";
import { site } from "../../scripts/site.mjs";

const SHOTS = join(root, "www/test/screenshots");
const executablePath = chromium();
export const skip = executablePath === undefined && "no browser";
export const BASE = "/docs/playground/";

/** The site and a browser, until `close` is called; `resp` is the port of a server that it shows with `?live`. */
export async function open(resp) {
  const server = await site(0, BASE, resp);
  const url = `http://127.0.0.1:${server.address().port}${BASE}`;
  const { chromium: playwright } = await import("playwright-core");
  const launch = { executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] };
  const browser = await playwright.launch(launch);
  /** A browser with a profile in a folder: what it has besides a private window. */
  const persistent = (folder) => playwright.launchPersistentContext(folder, launch);
  const close = async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  };
  /** A page of its own; at its end, what went wrong on it is told, but for what `expected` matches. */
  const visit = async (body, { at = "", ready = "wakey-console", expected = /(?!)/, ...options } = {}) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(error.stack));
    page.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" && !/net::ERR_INTERNET_DISCONNECTED/.test(text) && !expected.test(text)) wrong.push(text);
    });
    try {
      await page.goto(url + at);
      await page.locator(ready).first().waitFor();
      await body(page, context);
      assert.deepEqual(wrong, []);
    } finally {
      await context.close();
    }
  };
  return { server, url, browser, persistent, visit, close };
}

/** Types a line into a console. */
export const type = async (page, line, which = 0) => {
  const input = page.locator("wakey-console textarea").nth(which);
  await input.fill(line);
  await input.press("Enter");
};

/** The row of a key. */
export const key = (page, name) => page.locator("button.key", { has: page.getByText(name, { exact: true }) });

export async function shot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** What axe finds. */
export async function axe(page) {
  // As a string: what the page's policy refuses a script, the browser's own tools may.
  await page.evaluate(readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
}
