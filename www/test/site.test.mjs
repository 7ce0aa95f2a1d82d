/**
 * The playground as it is built, in Chromium, under a path, with the headers it asks for.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { until } from "../../pkg/test/support.mjs";
import { SITE } from "../../scripts/site.mjs";

import { axe, key, open, shot, skip, type } from "./page.mjs";

/** It was 350 KiB before scripts, which are 87 in the module. */
const BUDGET = 569 * 1024;
let browser;
let url;
let visit;
let persistent;
let close;

before(async () => {
  if (!skip) ({ browser, persistent, url, visit, close } = await open());
});

after(() => close?.());

test("the first load is under 569 KiB compressed", () => {
  const html = readFileSync(join(SITE, "index.html"), "utf8");
  const script = html.match(/src="\.\/(assets\/[^"]+\.js)"/)[1];
  const first = [
    "index.html",
    "icon.svg",
    "manifest.webmanifest",
    ...readdirSync(join(SITE, "assets"))
      .map((file) => `assets/${file}`)
      .filter(
        (file) =>
          html.includes(file) ||
          file.endsWith(".wasm") ||
          new RegExp(`from"\\./${file.slice(7)}"`).test(readFileSync(join(SITE, script), "utf8")),
      ),
  ];
  const sum = { gzip: 0, brotli: 0 };
  const tell = ({ gzip, brotli }, what) => {
    const of = (size) => `${(size / 1024).toFixed(1).padStart(7)} KiB`;
    console.log(`${of(gzip)} gzip ${of(brotli)} brotli  ${what}`);
  };
  for (const file of first) {
    const text = readFileSync(join(SITE, file));
    const size = { gzip: gzipSync(text, { level: 9 }).length, brotli: brotliCompressSync(text).length };
    tell(size, file);
    sum.gzip += size.gzip;
    sum.brotli += size.brotli;
  }
  tell(sum, "first load");
  assert.ok(sum.gzip < BUDGET);
});

test("two consoles exchange messages, and one waits for the other", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "New console" }).click();
    await page.getByRole("button", { name: "Split" }).click();
    await type(page, "SUBSCRIBE news", 0);
    await type(page, "PUBLISH news hello", 1);
    await page.locator("wakey-console").nth(0).getByText('"hello"').waitFor();
    await page.locator("wakey-console textarea").nth(0).press("Control+c");
    await type(page, "BLPOP jobs 0", 0);
    await type(page, "RPUSH jobs work", 1);
    await page.locator("wakey-console").nth(0).getByText('"work"').waitFor();
    await type(page, "BLPOP jobs 0", 0);
    await page.locator("wakey-console").nth(0).getByRole("button", { name: /^Stop/ }).click();
    await type(page, "RPUSH jobs more", 1);
    await key(page, "jobs").waitFor();
    await shot(page, "two-consoles");
    // All happens again; the wait that was stopped takes nothing then, either.
    await page.getByRole("button", { name: "Undo", exact: true }).first().click();
    await page.getByText("No keys yet").waitFor();
    await page.getByRole("button", { name: "Redo", exact: true }).first().click();
    await key(page, "jobs").waitFor();
  }),
);

test("an array shows its gaps, and is changed where it stands", { skip }, () =>
  visit(async (page) => {
    await type(page, "ARSET a 0 first second");
    await type(page, "ARSET a 1000000 far");
    await key(page, "a").getByText("array", { exact: true }).waitFor();
    await key(page, "a").click();
    const rows = page.locator(".viewer .virtual-row");
    const shown = () => rows.allTextContents();
    await until(async () => (await rows.count()) === 4);
    assert.deepEqual(await shown(), ["0first", "1second", "2999,998 empty", "1000000far"]);
    await page.locator(".viewer .tools", { hasText: "3 elements · length 1,000,001 · next index 0" }).waitFor();
    await page.getByRole("button", { name: "Remove element 1", exact: true }).click();
    await page.locator(".viewer .gap", { hasText: "999,999 empty" }).waitFor();
    await page.getByLabel("New value").fill("next");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await rows.getByText("next", { exact: true }).waitFor();
    await page.getByText("ARINFO", { exact: true }).last().click();
    await page.locator(".facts dl", { hasText: "next-insert-index1" }).waitFor();
    await shot(page, "array");
    assert.deepEqual(await axe(page), []);
  }),
);

test("a vector set shows its vectors, their attributes, and what is nearest to one", { skip }, () =>
  visit(async (page) => {
    await type(page, `VADD v VALUES 3 1 0 0 east SETATTR '{"side":"right"}'`);
    await type(page, "VADD v VALUES 3 0.9 0.2 0 nearly");
    await type(page, "VADD v VALUES 3 -1 0 0 west");
    await key(page, "v").click();
    await page.locator(".viewer .tools", { hasText: "3 elements · 3 dimensions · 8-bit integers · 1 with attributes · M 16" }).waitFor();
    assert.equal(await page.locator(".viewer .vector svg.bars").count(), 3);
    await page.getByText('{"side":"right"}').last().waitFor();
    await page.getByLabel("New element").fill("north");
    await page.getByLabel("New vector").fill("0, 1, 0");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.locator(".viewer .vector").getByText("north", { exact: true }).waitFor();
    await page.locator(".viewer .vector").getByText("east", { exact: true }).click();
    const near = page.locator(".nearest .pair");
    await near.first().waitFor();
    assert.deepEqual(await near.locator(".field").allTextContents(), ["nearly", "north", "west"]);
    await shot(page, "vectors");
    assert.deepEqual(await axe(page), []);
    // On from there, and back to all.
    await near.getByText("nearly", { exact: true }).click();
    await page.locator(".nearest", { hasText: '{"side":"right"}' }).waitFor();
    await page.getByRole("button", { name: "All elements" }).click();
    await page.getByRole("button", { name: "Remove west", exact: true }).click();
    await page.locator(".viewer .tools", { hasText: "3 elements" }).waitFor();
  }),
);

test("a field expires on the clock, which stands, steps, and jumps", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "Pause the clock" }).click();
    await type(page, "HSETEX h EX 5 FIELDS 1 f gone");
    await type(page, "HSET h g stays");
    await key(page, "h").click();
    const fields = page.locator(".viewer .field");
    await page.locator(".viewer .countdown", { hasText: "5.0 s" }).waitFor();
    await page.getByRole("button", { name: "+1 s" }).click();
    await page.locator(".viewer .countdown", { hasText: "4.0 s" }).waitFor();
    assert.equal(await fields.count(), 2);
    await page.getByRole("button", { name: /^Next expiry/ }).click();
    await page.waitForFunction(() => document.querySelectorAll(".viewer .field").length === 1);
    assert.equal(await fields.first().textContent(), "g");
  }),
);

test("what changes about a key shows in its row", { skip }, () =>
  visit(async (page) => {
    await type(page, "SET k 1");
    await key(page, "k").getByText("1 B", { exact: true }).waitFor();
    await key(page, "k").click();
    await page.locator(".key-meta", { hasText: "1 B · int" }).waitFor();
    await type(page, "EXPIRE k 100");
    await key(page, "k").locator(".countdown").waitFor();
    await type(page, "SET k text");
    await key(page, "k").getByText("4 B", { exact: true }).waitFor();
    await page.locator(".key-meta", { hasText: "4 B · embstr" }).waitFor();
    await key(page, "k").locator(".countdown").waitFor({ state: "detached" });
  }),
);

test("back on the time line, branching off, and undoing an edit", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "Pause the clock" }).click();
    for (const line of ["SET a 1", "SET b 2", "SADD s x y z", "SPOP s"]) await type(page, line);
    await page.locator(".timeline output", { hasText: "Step 4 of 4" }).waitFor();
    await key(page, "s").click();
    await page.locator(".viewer .value").first().waitFor();
    const members = () => page.locator(".viewer .value").allTextContents();
    const left = await members();
    assert.equal(left.length, 2);
    const range = page.getByLabel("Moment of the session");
    await range.fill("1");
    await page.locator(".timeline output", { hasText: "Step 1 of 4" }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll("button.key").length === 1);
    await range.fill("4");
    await page.waitForFunction(() => document.querySelectorAll(".viewer .value").length === 2);
    // What was random happens again as it did.
    assert.deepEqual(await members(), left);
    await range.fill("2");
    await page.locator(".timeline output", { hasText: "Step 2 of 4" }).waitFor();
    await shot(page, "time-travel");
    await range.fill("1");
    await page.locator(".timeline output", { hasText: "Step 1 of 4" }).waitFor();
    await type(page, "SET c 3");
    await key(page, "c").waitFor();
    assert.equal(await key(page, "b").count(), 0);
    await page.getByRole("button", { name: "1 branch" }).click();
    await shot(page, "branch-graph");
    await page.getByRole("button", { name: "Switch" }).click();
    await key(page, "b").waitFor();
    await key(page, "a").click();
    await page.getByRole("button", { name: "1: change the value" }).click();
    await page.getByRole("textbox", { name: "the value" }).fill("one");
    await page.getByRole("textbox", { name: "the value" }).press("Enter");
    await page.locator(".viewer .value", { hasText: "one" }).waitFor();
    await page.getByRole("button", { name: "Undo", exact: true }).first().click();
    await page.locator(".viewer .value", { hasText: /^1$/ }).waitFor();
    await shot(page, "branches");
  }),
);

test("every type can be made, added to and taken from, each with an ordinary command", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "Pause the clock" }).click();
    const said = (line) => page.locator(".entry code", { hasText: line }).first().waitFor();
    const make = async (kind, name, ...values) => {
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByLabel("Type of the new key").selectOption(kind);
      const group = page.getByRole("group", { name: "New key" });
      for (const [i, value] of [name, ...values].entries()) await group.locator("input").nth(i).fill(value);
      await group.getByRole("button", { name: "Create" }).click();
      await page.locator(".viewer h2", { hasText: name }).waitFor();
    };
    const add = async (button, ...values) => {
      for (const [i, value] of values.entries()) await page.locator(".viewer .add input").nth(i).fill(value);
      await page.locator(".viewer .add").getByRole("button", { name: button }).click();
    };
    const remove = (name) => page.getByRole("button", { name: `Remove ${name}`, exact: true }).click();
    await make("string", "text", "hällo");
    await page.locator(".viewer .value", { hasText: "hällo" }).waitFor();
    await make("hash", "user", "name", "Ann");
    await add("Set", "town", "Bern");
    await said("HSET user town Bern");
    await page.getByRole("button", { name: "Add a TTL to field town" }).click();
    await page.getByLabel("When field town expires").fill("2.5");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Change when field town expires" }).getByText("2.5 s").click();
    await page.getByRole("button", { name: "Remove TTL" }).click();
    await said("HPERSIST user FIELDS 1 town");
    await remove("field town");
    await said("HDEL user town");
    await page.getByRole("button", { name: "Add a TTL to the key" }).click();
    await page.getByLabel("When the key expires").fill("1m 30s");
    await page.keyboard.press("Enter");
    await page.locator(".viewer header .countdown", { hasText: "1:30" }).waitFor();
    await page.getByRole("button", { name: "user: change the key’s name" }).click();
    await page.getByRole("textbox", { name: "the key’s name" }).fill("text");
    await page.keyboard.press("Enter");
    await page.getByText("A key with this name already exists.").waitFor();
    await page.getByRole("button", { name: "user: change the key’s name" }).click();
    await page.getByRole("textbox", { name: "the key’s name" }).fill("person");
    await page.keyboard.press("Enter");
    await key(page, "person").waitFor();
    await page.locator(".viewer h2", { hasText: "person" }).waitFor();
    await make("list", "jobs", "b");
    await add("Push left", "a");
    for (const job of ["c", "b", "d"]) await add("Push right", job);
    await page.locator(".viewer .pair").nth(4).waitFor();
    await remove("element 3");
    const list = () => page.locator(".viewer .pair .value").allTextContents();
    await page.locator(".viewer .pair").nth(4).waitFor({ state: "detached" });
    assert.deepEqual(await list(), ["a", "b", "c", "d"]);
    await remove("element 0");
    await page.locator(".viewer .pair").nth(3).waitFor({ state: "detached" });
    assert.deepEqual(await list(), ["b", "c", "d"]);
    await page.getByRole("button", { name: "Undo", exact: true }).first().click();
    await page.locator(".viewer .pair").nth(3).waitFor();
    assert.deepEqual(await list(), ["a", "b", "c", "d"]);
    await make("set", "tags", "x");
    await add("Add", "y");
    await remove("x");
    await said("SREM tags x");
    await make("sorted set", "board", "Ann", "120");
    await add("Add", "Bob", "95");
    await remove("Ann");
    await said("ZREM board Ann");
    await add("Add", "Eve", "many");
    await page.getByText("ERR value is not a valid float").waitFor();
    await make("geo", "places", "Palermo", "13.36, 38.11");
    await add("Add", "Catania", "15.08 37.5");
    await page.locator(".map text", { hasText: "Catania" }).waitFor();
    await make("stream", "log", "event", "login");
    await add("Add", "event", "logout");
    await page.locator(".viewer .pair").nth(1).waitFor();
    await page.locator(".viewer .remove").first().click();
    await said("XDEL log");
    await make("HyperLogLog", "visitors", "Ann");
    await add("Add", "Bob");
    await page.getByText("≈ 2").waitFor();
    await shot(page, "edits");
    await type(page, 'SET poem "one\\ntwo"');
    await key(page, "poem").click();
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await page.getByRole("textbox", { name: "the value" }).fill("one\ntwo\nthree ✓");
    await shot(page, "edit-text");
    await page.keyboard.press("Control+Enter");
    await page.locator(".viewer pre", { hasText: "three ✓" }).waitFor();
    await type(page, "GET poem");
    await page.locator("wakey-console").getByText('"one\\ntwo\\nthree \\xe2\\x9c\\x93"').waitFor();
  }),
);

test("a shared link makes the same keyspace, and a broken one is told of", { skip }, () =>
  visit(async (page, context) => {
    for (const line of ["HSET user:1 name Ann", "SADD s 1 2 3 4 5 6 7 8 9 x", "SPOP s 5", "EXPIRE user:1 1000"]) await type(page, line);
    await key(page, "s").click();
    await page.locator(".viewer .value").first().waitFor();
    const members = await page.locator(".viewer .value").allTextContents();
    const link = await linkOf(page);
    await shot(page, "share");
    const other = await context.newPage();
    await other.goto(link);
    await key(other, "s").click();
    await other.locator(".viewer .value").first().waitFor();
    assert.deepEqual(await other.locator(".viewer .value").allTextContents(), members);
    const broken = await context.newPage();
    await broken.goto(`${url}#s=AAAA`);
    await broken.getByText("This link is incomplete").waitFor();
  }),
);

test("a session with a password is not shared without a word", { skip }, () =>
  visit(async (page) => {
    const warning = page.getByText("This session contains a password");
    const share = async () => {
      await page.getByRole("button", { name: "Share", exact: true }).click();
      await page.getByRole("dialog").waitFor();
      await page.getByLabel("Link to this session").inputValue();
      const warned = await warning.isVisible();
      await page.getByRole("button", { name: "Close", exact: true }).click();
      return warned;
    };
    await type(page, "SET auth hello");
    await key(page, "auth").waitFor();
    assert.equal(await share(), false);
    await type(page, '2 "config" set requirepass secret');
    await type(page, "SET after 1");
    await key(page, "after").waitFor();
    assert.equal(await share(), true);
  }),
);

test("a link cannot take the machine's memory: writes past 256 MB are refused, and that is told", { skip }, () =>
  visit(async (page, context) => {
    const events = Array.from({ length: 8 }, (_, i) => ({ at: 0, by: "a", args: ["SETRANGE", `k${i}`, "134217727", "x"] }));
    const record = { v: 1, seed: 1, start: 1_700_000_000_000, now: 1_700_000_000_000, events };
    const fragment = await page.evaluate(async (text) => {
      const packed = new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw")));
      const binary = String.fromCharCode(...new Uint8Array(await packed.arrayBuffer()));
      return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    }, JSON.stringify(record));
    const other = await context.newPage();
    await other.goto(`${url}#s=${fragment}`);
    await other.getByText(/^\d commands of this session were refused/).waitFor();
    await type(other, "SET more 1");
    await other.getByText("OOM command not allowed when used memory").waitFor();
  }),
);

/** The link of the dialog, which stays open. */
async function linkOf(page) {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const field = page.getByLabel("Link to this session");
  await until(async () => /#s=[\w-]+$/.test(await field.inputValue()));
  return field.inputValue();
}

/** Asks for the session to be kept, or not. */
async function keep(page, on = true) {
  await page.getByRole("button", { name: "Session", exact: true }).click();
  const item = page.getByRole("menuitemradio", { name: /^Remember this session/ });
  if ((await item.getAttribute("aria-checked")) === String(on)) await page.keyboard.press("Escape");
  else await item.click();
  await item.waitFor({ state: "detached" });
}

/** What is stored under a name: of the session, how many events it has. */
const stored = (page, what = "whole") =>
  page.evaluate(async (name) => {
    const [found] = await indexedDB.databases();
    if (found === undefined) return 0;
    const db = await new Promise((done) => {
      indexedDB.open(found.name).onsuccess = (event) => done(event.target.result);
    });
    return new Promise((done) => {
      db.transaction("session").objectStore("session").get(name).onsuccess = (event) =>
        done(event.target.result?.events?.length ?? event.target.result ?? 0);
    });
  }, what);

const keeps = (page, count) => until(async () => (await stored(page)) === count);

test("a session that is kept is there after a reload: keys, clock, time line, branches", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "Pause the clock" }).click();
    // Nobody asked for it.
    await type(page, "SET dropped 1");
    await page.getByRole("button", { name: "Undo", exact: true }).first().click();
    assert.equal(new URL(page.url()).hash, "");
    // Days ahead, so that it is nobody else's time.
    await type(page, "SET far 1 EX 500000");
    await page.getByRole("button", { name: /^Next expiry in/ }).click();
    for (const line of ["SET kept yes EX 1000", "SET ahead 1"]) await type(page, line);
    await page.locator(".timeline output", { hasText: "Step 3 of 3" }).waitFor();
    await page.getByRole("button", { name: "+1 s" }).click();
    await page.getByRole("button", { name: "Undo", exact: true }).first().click();
    await page.locator(".timeline output", { hasText: "Step 2 of 3" }).waitFor();
    const shown = () => page.locator(".clock time").textContent();
    const before = await shown();
    await keeps(page, 3);
    const clock = await page.locator(".clock time").getAttribute("datetime");
    await until(async () => (await stored(page, "now")) === Date.parse(clock));
    await page.reload();
    await key(page, "kept").waitFor();
    await page.locator(".timeline output", { hasText: "Step 2 of 3" }).waitFor();
    await page.getByRole("button", { name: "1 branch" }).waitFor();
    assert.equal((await shown()).slice(0, 10), before.slice(0, 10));
    await page.getByRole("button", { name: "Redo", exact: true }).first().click();
    await key(page, "ahead").waitFor();
    await type(page, "CLIENT KILL TYPE normal SKIPME yes");
    await type(page, "SET after 1");
    await key(page, "after").waitFor();
    await type(page, "FLUSHALL");
    await page.getByText("No keys yet").waitFor();
    await keep(page, false);
    await keeps(page, 0);
    await page.reload();
    await page.locator(".timeline output", { hasText: "Your commands will appear here" }).waitFor();
  }),
);

test("of two tabs one keeps; the other is a copy, until it is asked to", { skip }, () =>
  visit(async (page, context) => {
    await type(page, "SET one 1");
    await keeps(page, 1);
    const other = await context.newPage();
    await other.goto(url);
    await key(other, "one").waitFor();
    await other.getByText("Another tab is already saving this session").waitFor();
    await type(other, "SET two 2");
    await key(other, "two").waitFor();
    await other.waitForTimeout(600);
    assert.equal(await stored(page), 1, "what the copy does is not kept");
    await keep(other);
    await page.getByText("Another tab took over saving").waitFor();
    await keeps(other, 2);
    await type(page, "SET three 3");
    await type(page, "SET four 4");
    await key(page, "four").waitFor();
    await page.waitForTimeout(600);
    assert.equal(await stored(other), 2);
    // A link does not touch what is kept.
    const link = await linkOf(other);
    const third = await context.newPage();
    await third.goto(link);
    await third.getByText("Your own session is safe").waitFor();
    await type(third, "SET five 5");
    await third.waitForTimeout(600);
    assert.equal(await stored(other), 2);
  }),
);

test("where there is no IndexedDB, a session is kept in the address", { skip }, () =>
  visit(async (page, context) => {
    await context.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { value: undefined }));
    await page.reload();
    await type(page, "SET kept yes EX 1000");
    await keep(page);
    await page.waitForFunction(() => location.hash.startsWith("#s="));
    await page.reload();
    await key(page, "kept").waitFor();
    await keep(page, false);
    assert.equal(new URL(page.url()).hash, "");
  }),
);

test("what is missing is told: the engine's file, and what a browser lacks", { skip }, async () => {
  const told = async (prepare, text) => {
    const context = await browser.newContext({ serviceWorkers: "block" });
    try {
      const page = await context.newPage();
      await prepare(page);
      await page.goto(url);
      await page.getByRole("heading", { name: text }).waitFor();
      await shot(page, `told-${text.split(" ").at(-1).replace("’", "")}`);
      assert.deepEqual(await axe(page), []);
    } finally {
      await context.close();
    }
  };
  await told((page) => page.route("**/*.wasm", (route) => route.fulfill({ status: 500 })), "The engine did not load");
  await told((page) => page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly")), "This browser can’t");
});

test("?live on a host of files says that there is no server", { skip }, () =>
  visit(
    async (page) => {
      await page.getByRole("heading", { name: "This page has no server" }).waitFor();
      assert.deepEqual(await axe(page), []);
      await shot(page, "live-none");
      await page.getByRole("link", { name: "Back to the playground" }).click();
      await page.locator("wakey-console").waitFor();
    },
    { at: "?live", ready: ".waiting h2", expected: /Failed to load resource: the server responded with a status of 404/ },
  ),
);

test("a file of commands, an append-only file, and a file that is neither", { skip }, () =>
  visit(async (page) => {
    const load = (name, text) =>
      page.locator('input[type="file"]').setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
    await load("commands.redis", '# keys\nSET a "x y"\n\nHSET h f v\n');
    await page.getByText("Ran 2 commands from commands.redis").waitFor();
    await load("appendonly.aof", "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n");
    await key(page, "b").waitFor();
    await load("broken.aof", "*3\r\n$3\r\nSET\r\n$1");
    await page.getByText(/broken at byte/).waitFor();
    assert.equal(await page.locator("button.key").count(), 3);
  }),
);

test("without a network, after the first visit", { skip }, () =>
  visit(async (page, context) => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.reload();
    await page.locator("wakey-console").waitFor();
    await type(page, "SET k v");
    // Also what comes in scripts of its own.
    await key(page, "k").click();
    await page.locator(".viewer h2").waitFor();
    await page.locator("button.lesson").first().waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: /^Search commands/ }).fill("hset");
    await page.getByText("Creates or modifies the value of a field in a hash.").waitFor();
  }),
);

test("it can be installed", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "wakey-profile-"));
  const context = await persistent(folder);
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    const devtools = await context.newCDPSession(page);
    const { errors } = await devtools.send("Page.getAppManifest");
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    assert.deepEqual([errors, installabilityErrors], [[], []]);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("with the keyboard alone", { skip }, () =>
  visit(async (page) => {
    const focus = async (wanted) => {
      for (let i = 0; i < 150; i++) {
        await page.keyboard.press("Tab");
        const name = await page.evaluate(() => {
          let at = document.activeElement;
          while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
          return at?.getAttribute("aria-label") ?? at?.textContent ?? "";
        });
        if (wanted.test(name)) return;
      }
      assert.fail(`Tab does not come to ${wanted}`);
    };
    // The prompt has the focus from the beginning.
    await page.keyboard.type("SET k v EX 100");
    await page.keyboard.press("Enter");
    await key(page, "k").waitFor();
    await page.keyboard.press("Escape");
    await focus(/^New key$/);
    await page.keyboard.press("Enter");
    // The form has the focus, and gives it back.
    await page.waitForFunction(() => document.activeElement.ariaLabel === "Type of the new key");
    await page.keyboard.type("h");
    for (const word of ["user", "name", "Ann"]) {
      await page.keyboard.press("Tab");
      await page.keyboard.type(word);
    }
    await page.keyboard.press("Enter");
    await key(page, "user").waitFor();
    const has = (wanted) =>
      page.waitForFunction((text) => new RegExp(text).test(document.activeElement.ariaLabel ?? document.activeElement.textContent), wanted);
    await has("^New key$");
    await focus(/^Ann: change field name$/);
    await page.keyboard.press("Enter");
    await page.keyboard.type("Eve");
    await page.keyboard.press("Enter");
    await has("^Eve: change field name$");
    await page.keyboard.press("Tab");
    await has("^Add a TTL to field name");
    await page.keyboard.press("Enter");
    await page.keyboard.type("60");
    await page.keyboard.press("Enter");
    await has("^Change when field name expires");
    // Over the button that opens the field.
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("This key doesn’t exist at this point").waitFor();
    await focus(/^stringk/);
    await page.keyboard.press("Enter");
    await focus(/^Delete$/);
    await page.keyboard.press("Enter");
    await page.getByText("This key doesn’t exist at this point").waitFor();
    await focus(/^Undo$/);
    await page.keyboard.press("Enter");
    await key(page, "k").waitFor();
  }),
);

test("on a phone: one part at a time, and nothing wider than the screen", { skip }, () =>
  visit(
    async (page) => {
      await type(page, "ZADD board 1 a 2 b");
      for (const name of ["Keys", "Monitor", "Lessons", "Console"]) {
        await page.getByRole("navigation", { name: "Parts of the page" }).getByText(name).click();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(wide, false, name);
        await shot(page, `phone-${name.toLowerCase()}`);
        if (name === "Keys") {
          await key(page, "board").click();
          await page.locator(".viewer .pair").nth(1).waitFor();
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "a key");
          await shot(page, "phone-viewer");
        }
      }
    },
    { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true },
  ),
);

test("hostile names and values are text, and a hundred thousand keys leave the page responsive", { skip }, () =>
  visit(async (page) => {
    await page.evaluate(() => {
      globalThis.tasks = [];
      new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({
        type: "longtask",
      });
    });
    await type(page, 'SET "<img src=x onerror=alert(1)>" "<script>alert(2)</script>"');
    await type(page, 'HSET "\\x00\\xff\\x1b[31m" "\\xe2\\x80\\xaeabc" "javascript:alert(3)"');
    // A row moves as another one comes in before it: not under the pointer.
    await page.locator("button.key", { hasText: "\\xff" }).waitFor();
    await page.locator("button.key", { hasText: "<img" }).click();
    await page.locator(".viewer .value", { hasText: "<script>" }).waitFor();
    assert.equal(await page.locator("img, script:not([src])").count(), 0);
    await page.locator("button.key", { hasText: "\\xff" }).click();
    await page.locator(".viewer .field", { hasText: "\\x202e" }).waitFor();
    await type(page, "SETRANGE large 10000000 x");
    await key(page, "large").click();
    await page.getByText("10,000,001 bytes").or(page.getByText("80,000,008 bits")).waitFor();
    await type(page, "GET large");
    await page.getByText("10,000,001 bytes in all").waitFor();
    await page.getByRole("button", { name: "Bits", exact: true }).click();
    console.log(`with 10 MB: the longest task ${Math.max(0, ...(await page.evaluate(() => globalThis.tasks)))} ms`);
    const many = Array.from({ length: 100_000 }, (_, i) => `SET user:${i} ${i}`).join("\n");
    await page.locator('input[type="file"]').setInputFiles({ name: "many.redis", mimeType: "text/plain", buffer: Buffer.from(many) });
    await page.getByText("100,003", { exact: true }).waitFor({ timeout: 60_000 });
    assert.ok((await page.locator("button.key").count()) < 100);
    await page.evaluate(() => {
      globalThis.tasks.length = 0;
    });
    await type(page, "SET user:new 1");
    await page.getByText("100,004", { exact: true }).waitFor();
    await page.locator(".keys .virtual").evaluate((element) => element.scrollTo(0, 1_000_000));
    await page.waitForTimeout(300);
    const tasks = await page.evaluate(() => globalThis.tasks);
    console.log(`with 100,000 keys: ${tasks.length} tasks over 50 ms, the longest ${Math.max(0, ...tasks)} ms`);
    await shot(page, "hundred-thousand");
  }),
);

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing, ${colorScheme}`, { skip }, () =>
    visit(
      async (page) => {
        assert.deepEqual(await axe(page), []);
        await shot(page, `empty-${colorScheme}`);
        await page.getByRole("button", { name: "Pause the clock" }).click();
        const lines = ["SET greeting hello EX 900", "HSETEX user:1 EX 5 FIELDS 1 name Ann", "ZADD board 120 Ann 95 Bob", "INCR greeting"];
        for (const line of [
          ...lines,
          "GEOADD places 13.36 38.11 Palermo 15.08 37.5 Catania",
          "SETBIT days 130 1",
          "XADD work 1-1 a b",
          "XGROUP CREATE work team 0",
        ])
          await type(page, line);
        for (const name of ["board", "places", "work", "days", "user:1"]) {
          await key(page, name).first().click();
          await page.locator(".viewer h2").waitFor();
          assert.deepEqual(await axe(page), [], name);
          await shot(page, `${name}-${colorScheme}`);
        }
        await page.locator("button.lesson").first().click();
        await page.getByRole("button", { name: "Share", exact: true }).click();
        assert.deepEqual(await axe(page), []);
      },
      { colorScheme },
    ),
  );
}
