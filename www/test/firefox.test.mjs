/** The playground and the documentation in Firefox: what Chromium does in all other tests is not Chromium's alone. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { firefox } from "../../pkg/test/support.mjs";
import { site } from "../../scripts/site.mjs";
import { KEYS, start } from "./firefox.mjs";
import { BASE } from "./page.mjs";

const path = firefox();
const skip = path === undefined && "no Firefox";
let server;
let url;
let browser;

before(async () => {
  if (skip) return;
  server = await site(0, BASE);
  url = `http://127.0.0.1:${server.address().port}${BASE}`;
  browser = await start(path);
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

// What runs in the page.
const prompt = () => document.querySelector("wakey-console")?.shadowRoot?.querySelector("textarea") ?? null;
const button = (name) => [...document.querySelectorAll("button")].find((one) => (one.ariaLabel ?? one.textContent).trim() === name) ?? null;
const says = (text) => document.querySelector("wakey-console")?.shadowRoot?.querySelector(".log").textContent.includes(text) ?? false;
const hasKey = (name) => [...document.querySelectorAll("button.key .name")].some((one) => one.textContent === name);
const hasNoKeys = () => document.querySelector(".keys .empty")?.textContent.startsWith("No keys yet") ?? false;
const ofKey = (name) => [...document.querySelectorAll("button.key")].find((one) => one.querySelector(".name").textContent === name);
const step = () => document.querySelector(".timeline output")?.textContent ?? "";
const isAt = (text) => document.querySelector(".timeline output")?.textContent.includes(text) ?? false;

const type = async (line) => {
  await browser.sees(prompt);
  await browser.keys(line + KEYS.enter, prompt);
};

test("commands are typed, replies and keys are seen, a key is opened and changed", { skip }, async () => {
  await browser.go(url);
  await type("SET greeting hello EX 900");
  await browser.sees(says, "OK");
  await browser.sees(hasKey, "greeting");
  await type("HSET user:1 name Ann");
  await browser.sees(says, "(integer) 1");
  await browser.click(ofKey, "greeting");
  await browser.sees(() => document.querySelector(".viewer .value")?.textContent === "hello");
  assert.equal(await browser.run(() => document.querySelectorAll("button.key .countdown").length), 1);
  await browser.shot("keys");
  await browser.click(() => document.querySelector(".viewer .value"));
  await browser.keys(`good day${KEYS.enter}`, () => document.querySelector(".viewer input"));
  await type("GET greeting");
  await browser.sees(says, '"good day"');
});

test("time goes back, forth, and on to a branch", { skip }, async () => {
  await browser.click(button, "Pause the clock");
  const before = await browser.run(step);
  await browser.click(button, "Undo");
  await browser.sees(() => document.querySelector(".viewer .value")?.textContent === "hello");
  await browser.click(button, "Redo");
  await browser.sees((text) => document.querySelector(".timeline output").textContent === text, before);
  await browser.run(() => {
    const range = document.querySelector(".timeline input[type=range]");
    range.value = "0";
    range.dispatchEvent(new Event("input", { bubbles: true }));
    range.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await browser.sees(hasNoKeys);
  await type("SET other 1");
  await browser.sees(hasKey, "other");
  await browser.sees((name) => document.querySelector(`[aria-label="${name}"]`) !== null, "1 branch");
});

test("what is kept is there after a reload", { skip }, async () => {
  const there = () =>
    new Promise((done) => {
      indexedDB.databases().then(([found]) => {
        if (found === undefined) return done(false);
        indexedDB.open(found.name).onsuccess = ({ target: { result } }) => {
          result.transaction("session").objectStore("session").get("whole").onsuccess = ({ target }) => {
            result.close();
            done(target.result?.events.length === 1);
          };
        };
      });
    });
  await browser.sees(there);
  await browser.reload();
  await browser.sees(hasKey, "other");
  await browser.sees(isAt, "Step 1 of 1");
});

test("a link shows its session to whoever opens it", { skip }, async () => {
  await browser.click(button, "Share");
  const link = () => document.querySelector("dialog input[readonly], dialog .link input")?.value ?? "";
  await browser.sees(() => /#s=[\w-]+$/.test(document.querySelector("dialog input[readonly], dialog .link input")?.value ?? ""));
  const address = await browser.run(link);
  await browser
    .send("WebDriver:NewWindow", { type: "tab", focus: true })
    .then(({ handle }) => browser.send("WebDriver:SwitchToWindow", { handle }));
  await browser.go(address);
  await browser.sees(hasKey, "other");
  await browser.sees(says, "SET other 1");
  await browser.send("WebDriver:CloseWindow").then(([handle]) => browser.send("WebDriver:SwitchToWindow", { handle }));
});

test("a hundred thousand keys come in, and are filtered", { skip }, async () => {
  await browser.keys(KEYS.escape, () => document.activeElement);
  await type("EVAL \"for i = 1, 100000 do redis.call('SET', 'user:' .. i, i) end\" 0");
  await browser.sees(() => document.querySelector(".keys .count")?.textContent === "100,001");
  await browser.keys("user:9999", () => document.querySelector('.keys input[type="search"]'));
  await browser.sees(() => document.querySelector(".keys .count")?.textContent === "11 of 100,001");
  await browser.shot("many");
});

test("the console of a page of the documentation runs its example, and what its reader types", { skip }, async () => {
  await browser.go(`${url}docs/commands/zadd.html`);
  await browser.sees(says, '"Ann"');
  await type("ZSCORE board Ann");
  await browser.sees(says, '"10"');
  await browser.shot("docs");
});

test("nothing was thrown, and the policy refused nothing", { skip }, async () => {
  assert.deepEqual(await browser.wrong(url), []);
  // It would be told.
  await browser.run(() => setTimeout(() => globalThis.nothing.there()));
  await browser.sees(() => true);
  const told = async () => (await browser.wrong(url)).length;
  for (let i = 0; i < 50 && (await told()) === 0; i++) await browser.sees(() => true);
  assert.equal(await told(), 1);
});
