/** What a page's author sets at `<wakey-console>`, its bar, and the one classic script: from a server, and off a disk. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inflateRawSync } from "node:zlib";
import { chromium, dist, launch, pkg, until } from "./support.mjs";

const executablePath = chromium();
const skip = executablePath === undefined && "no browser";
let browser;
let site;
let base;

before(async () => {
  if (skip) return;
  const types = { js: "text/javascript", wasm: "application/wasm", html: "text/html" };
  site = createServer(({ url }, response) => {
    if (url === "/favicon.ico") return void response.writeHead(204).end();
    if (url.startsWith("/play/")) return void response.setHeader("content-type", types.html).end("<!doctype html><title>play</title>");
    const path = url.startsWith("/dist/") ? join(dist, url.slice(6)) : join(pkg, "test/console", url);
    response.setHeader("content-type", types[path.split(".").pop()]);
    response.end(readFileSync(path));
  }).listen(0, "127.0.0.1");
  await new Promise((done) => site.once("listening", done));
  base = `http://127.0.0.1:${site.address().port}`;
  browser = await launch(executablePath);
});

after(async () => {
  await browser?.close();
  site?.close();
});

const shown = (page, n = 0) =>
  page
    .locator("wakey-console")
    .nth(n)
    .evaluate((one) => [...one.shadowRoot.querySelectorAll(".echo, .reply code")].flatMap((line) => line.textContent.split("\n")));
const shows = async (page, n, wanted) => {
  let last;
  await until(async () => {
    last = await shown(page, n);
    return JSON.stringify(last) === JSON.stringify(wanted);
  }).catch(() => assert.deepEqual(last, wanted));
};
const FIRST = ["redis> GET made", '"before"', "redis> TIME", '1) "1767323045"', '2) "0"'];

async function visit(at, body) {
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
  try {
    await page.goto(at);
    await body(page);
  } finally {
    await context.close();
  }
}

test("setup runs before, the clock stands, the prompt and the height are as they are set", { skip }, () =>
  visit(`${base}/settings.html`, async (page) => {
    await shows(page, 0, FIRST);
    const one = page.locator("wakey-console").first();
    const { height } = await one.boundingBox();
    assert.ok(Math.abs(height - 262) <= 1, `${height} pixels`);
    const help = one.locator(".help");
    assert.equal(await help.isVisible(), false);
    await one.locator("textarea").fill("HGET user name");
    assert.equal(await help.isVisible(), true);
    await one.locator("textarea").press("Enter");
    await shows(page, 0, [...FIRST, "redis> HGET user name", '"Ann"']);
    // What cannot be is told to the author, and no more than that.
    const bad = page.locator("wakey-console").nth(2);
    await bad.locator("textarea").fill("PING");
    await bad.locator("textarea").press("Enter");
    await shows(page, 2, ["wakey> PING", "PONG"]);
    assert.equal(await bad.locator(".bar").count(), 0);
    for (const name of ["setup", "clock", "seed", "height"])
      assert.ok(
        page.complaints.some((text) => text.startsWith(`<wakey-console ${name}>: `)),
        `${name}: ${page.complaints}`,
      );
    assert.ok(page.complaints.every((text) => text.startsWith("<wakey-console ")));
  }),
);

test("a console that is only to be read has no prompt", { skip }, () =>
  visit(`${base}/settings.html`, async (page) => {
    await shows(page, 1, ["wakey> SET k v", "OK"]);
    assert.equal(await page.locator("wakey-console").nth(1).locator("textarea").isVisible(), false);
  }),
);

test("what a framework sets as a property is the attribute, and offers of lines are what they were", { skip }, () =>
  visit(`${base}/settings.html`, async (page) => {
    await shows(page, 0, FIRST);
    const offers = await page.evaluate(() => {
      const one = document.createElement("wakey-console");
      one.offer = "";
      one.textContent = "PING";
      document.body.append(one);
      one.offer("ECHO 1");
      return { is: one.hasAttribute("offer"), buttons: one.shadowRoot.querySelectorAll(".offers button").length };
    });
    assert.deepEqual(offers, { is: true, buttons: 1 });
    assert.equal(await page.locator("wakey-console textarea").last().inputValue(), "ECHO 1");
  }),
);

test("Reset begins anew, Copy copies, and a link opens what was done in a playground", { skip }, () =>
  visit(`${base}/settings.html`, async (page) => {
    const one = page.locator("wakey-console").first();
    await shows(page, 0, FIRST);
    await one.locator("textarea").fill("DEL made");
    await one.locator("textarea").press("Enter");
    await shows(page, 0, [...FIRST, "redis> DEL made", "(integer) 1"]);
    await one.getByRole("button", { name: "Copy", exact: true }).first().click();
    await one.getByText("Copied.").waitFor({ state: "attached" });
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), [...FIRST, "redis> DEL made", "(integer) 1"].join("\n"));
    const link = one.getByRole("link", { name: "Open in the playground" });
    const told = async () => {
      const [address, packed = ""] = (await link.getAttribute("href")).split("#s=");
      assert.equal(address, `${base}/play/?x=1`);
      return packed === "" ? undefined : JSON.parse(inflateRawSync(Buffer.from(packed, "base64url")).toString());
    };
    await until(async () => (await told())?.events.length === 5);
    const { v, seed, start, events } = await told();
    assert.deepEqual({ v, seed, start }, { v: 1, seed: 7, start: Date.parse("2026-01-02T03:04:05Z") });
    assert.deepEqual(
      events.map(({ by, args }) => `${by} ${args.join(" ")}`),
      ["setup SET made before", "setup HSET user name Ann", "c1 GET made", "c1 TIME", "c1 DEL made"],
    );
    await one.getByRole("button", { name: "Reset", exact: true }).click();
    await shows(page, 0, FIRST);
    await until(async () => (await told())?.events.length === 4);
  }),
);

test("the classic script is all that a page needs, also off a disk", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "wakey-iife-"));
  try {
    copyFileSync(join(dist, "console.iife.js"), join(folder, "console.iife.js"));
    writeFileSync(
      join(folder, "page.html"),
      '<!doctype html><script src="console.iife.js"></script><wakey-console>\nINCR n\n</wakey-console>',
    );
    await visit(pathToFileURL(join(folder, "page.html")).href, async (page) => {
      await shows(page, 0, ["wakey> INCR n", "(integer) 1"]);
      await page.locator("wakey-console textarea").focus();
      await page.locator("wakey-console").getByText("HSET").count();
      assert.deepEqual(page.complaints, []);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
