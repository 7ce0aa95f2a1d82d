/** What stands beside the data: streams and their groups, places, memory, the monitor, messages, scripts, and the prompt's own help. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../../pkg/test/support.mjs";
import { load } from "./load.mjs";
import { axe, key, open, shot, skip, type } from "./page.mjs";

let visit;
let close;

before(async () => {
  if (!skip) ({ visit, close } = await open());
});
after(() => close?.());

const said = (page, line) => page.locator(".entry code", { hasText: line }).first().waitFor();
const tool = (page, name) => page.getByRole("tab", { name, exact: true }).click();
const prompt = (page) => page.locator("wakey-console textarea").first();

test("a stream has columns, moments, and groups with what is pending", { skip }, () =>
  visit(async (page) => {
    for (const line of [
      "XADD events * type login user Ann ms 12",
      "XADD events * type logout user Bob ms 7 extra yes",
      "XADD events * type data user Eve ms 1 body '{\"a\":[1,2]}'",
      "XGROUP CREATE events team 0",
    ])
      await type(page, line);
    await key(page, "events").click();
    const heads = page.locator(".entry-row.heads span");
    await heads.first().waitFor();
    assert.deepEqual(await heads.allTextContents(), ["Time (UTC) and ID", "type", "user", "ms"]);
    await page
      .locator(".viewer .entry-row", { hasText: /\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\d{13}-\d/ })
      .first()
      .waitFor();
    // Columns stand below their heads.
    const lefts = (row) =>
      row.locator("> *").evaluateAll((cells) => cells.slice(0, 4).map((cell) => Math.round(cell.getBoundingClientRect().left)));
    assert.deepEqual(await lefts(page.locator(".viewer .pair.entry-row").first()), await lefts(page.locator(".entry-row.heads")));
    await page.locator(".viewer .cell", { hasText: '{"a"' }).click();
    await page.locator(".json-line", { hasText: '"a"' }).waitFor();
    await page.getByRole("button", { name: /^Back to/ }).click();
    await page.getByRole("button", { name: "+ Field" }).click();
    for (const [field, value] of [
      ["field", "type"],
      ["value", "new"],
      ["field 2", "user"],
      ["value 2", "Zoe"],
    ])
      await page.getByLabel(`New ${field}`, { exact: true }).fill(value);
    await page.locator(".viewer .add").getByRole("button", { name: "Add", exact: true }).click();
    await said(page, "XADD events * type new user Zoe");
    await shot(page, "stream-entries");
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "1 group" }).click();
    const group = page.getByRole("region", { name: "group team" });
    await group.getByText("0 consumers · 0 pending · lag 4").waitFor();
    await group.getByLabel("Consumer that reads and claims").fill("w1");
    await group.getByRole("button", { name: "Read next" }).click();
    await group.getByText("1 consumer · 1 pending · lag 3").waitFor();
    await group.getByRole("button", { name: "Read next" }).click();
    await group.getByText("1 consumer · 2 pending · lag 2").waitFor();
    await group.getByLabel("Consumer that reads and claims").fill("w2");
    await group
      .getByRole("button", { name: /^Claim .* for w2$/ })
      .first()
      .click();
    await group.getByText("2 consumers · 2 pending").waitFor();
    await shot(page, "stream-groups");
    assert.deepEqual(await axe(page), []);
    await group.getByRole("button", { name: /^Ack / }).first().click();
    await group.getByText("2 consumers · 1 pending").waitFor();
    await group.getByRole("button", { name: "Remove consumer w1" }).focus();
    await page.keyboard.press("Enter");
    await said(page, "XGROUP DELCONSUMER events team w1");
    await page.getByLabel("New group").fill("late");
    await page.getByRole("button", { name: "Create group" }).click();
    await said(page, "XGROUP CREATE events late $");
    await page.getByRole("button", { name: "2 groups" }).waitFor();
  }),
);

test("places stand on a map with coasts, degrees and a scale, and are searched by radius", { skip }, () =>
  visit(async (page) => {
    await type(page, "GEOADD places 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 12.4964 41.9028 Rome -0.1276 51.5072 London");
    await key(page, "places").getByText("GEO", { exact: true }).waitFor();
    await key(page, "places").click();
    const map = page.locator(".map");
    await map.locator("text.label", { hasText: "Palermo" }).waitFor();
    await page.waitForFunction(() => document.querySelector(".map .land")?.getAttribute("d").length > 1000);
    assert.ok((await map.locator("text.degree").allTextContents()).some((text) => /^\d+°[EW]$/.test(text)));
    assert.match(await map.locator(".scale text").textContent(), /^\d[\d,]* km$/);
    await shot(page, "geo-map");
    assert.deepEqual(await axe(page), []);
    await page.getByLabel("Search around…").selectOption("Palermo");
    const found = page.getByRole("region", { name: "Around Palermo" }).locator("li");
    await found.first().waitFor();
    const radius = page.getByLabel("Radius");
    await radius.fill("0");
    await until(async () => (await found.count()) === 1);
    await radius.fill("1000");
    await until(async () => (await found.count()) === 4);
    // As GEOSEARCH has it: 166 km to Catania, by the great circle.
    await found.filter({ hasText: "Catania" }).getByText("166 km").waitFor();
    assert.deepEqual(await found.locator("button").allTextContents(), ["Palermo", "Catania", "Rome", "London"]);
    await shot(page, "geo-radius");
    const before = await map.locator("text.label").count();
    for (let i = 0; i < 4; i++) await page.getByRole("button", { name: "Zoom in" }).click();
    await until(async () => (await map.locator("text.label").count()) < before);
    await page.getByRole("button", { name: "Show all places" }).click();
    await until(async () => (await map.locator("text.label").count()) === before);
  }),
);

test("memory is a map of tiles, which open", { skip }, () =>
  visit(async (page) => {
    for (const line of ["SETRANGE cache:page:big 200000 x", "SETRANGE cache:api:list 50000 x", "SETRANGE session:a 30000 x", "SET small 1"])
      await type(page, line);
    await page.getByRole("button", { name: "Explore" }).click();
    await page.getByRole("button", { name: /^cache:, 2\d\d\.\d KB$/ }).click();
    await page.getByRole("button", { name: /^page:, / }).click();
    await page.getByRole("button", { name: /^big, / }).click();
    await page.locator(".viewer h2", { hasText: "cache:page:big" }).waitFor();
    await page.getByRole("navigation", { name: "Where in the names" }).getByText("All keys").click();
    await page.getByRole("button", { name: /^session:, / }).waitFor();
    await shot(page, "treemap");
    assert.deepEqual(await axe(page), []);
  }),
);

test("tiles fill their rectangle, and each is as large as its share", async () => {
  const { tiles } = await load("treemap.ts");
  const shares = [600, 600, 400, 300, 200, 200, 100, 0];
  const all = tiles(shares, (one) => one, 600, 400);
  assert.equal(all.length, 7);
  for (const { of, width, height } of all) assert.ok(Math.abs(width * height - (of / 2400) * 240_000) < 1e-6);
  for (const [i, a] of all.entries()) {
    assert.ok(a.x >= -1e-9 && a.y >= -1e-9 && a.x + a.width <= 600 + 1e-6 && a.y + a.height <= 400 + 1e-6);
    for (const b of all.slice(i + 1))
      assert.ok(a.x + a.width <= b.x + 1e-6 || b.x + b.width <= a.x + 1e-6 || a.y + a.height <= b.y + 1e-6 || b.y + b.height <= a.y + 1e-6);
  }
  assert.ok(Math.max(...all.map(({ width, height }) => Math.max(width / height, height / width))) < 3);
  assert.deepEqual(
    tiles([], (one) => one, 10, 10),
    [],
  );
  assert.deepEqual(
    tiles([0], (one) => one, 10, 10),
    [],
  );
});

test("the monitor is filtered, paused and cleared; a press puts a command at the prompt", { skip }, () =>
  visit(async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    for (const line of ["SET a 1", "INCR b", "GET a", 'SET "sp ace" "x y"', "LPUSH a x"]) await type(page, line);
    const rows = page.locator(".monitor .entry");
    await until(async () => (await rows.count()) === 5);
    // The engine's own time, of each.
    assert.equal(await page.locator(".monitor .micros").count(), 5);
    for (const text of await page.locator(".monitor .micros").allTextContents()) assert.match(text, /^(< 5|[\d,]+) µs$|^[\d.]+ ms$/);
    const filter = page.getByLabel("Filter commands by text or by session");
    await filter.fill("set");
    await until(async () => (await rows.count()) === 2);
    await filter.fill("");
    await page.getByRole("button", { name: "Errors" }).click();
    await until(async () => (await rows.count()) === 1);
    await page.getByRole("button", { name: "Errors" }).click();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await type(page, "SET c 3");
    await page.getByRole("button", { name: "Resume (1 new)" }).waitFor();
    assert.equal(await rows.count(), 5);
    await page.getByRole("button", { name: "Resume (1 new)" }).click();
    await until(async () => (await rows.count()) === 6);
    await rows.filter({ hasText: "sp ace" }).getByTitle("Put this at the prompt").click();
    assert.equal(await prompt(page).inputValue(), 'SET "sp ace" "x y"');
    assert.equal(await page.evaluate(() => document.activeElement.localName), "wakey-console");
    await prompt(page).press("Enter");
    await until(async () => (await rows.count()) === 7);
    await rows.filter({ hasText: "INCR b" }).hover();
    await rows.filter({ hasText: "INCR b" }).getByRole("button", { name: "Copy command" }).click();
    await page.getByText("Copied the command.").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "INCR b");
    await rows.filter({ hasText: "INCR b" }).getByRole("button", { name: "Copy as code" }).click();
    await page.locator("pre.code", { hasText: "incr" }).waitFor();
    await page.keyboard.press("Escape");
    await shot(page, "monitor");
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "Clear", exact: true }).click();
    await page.getByText("Commands appear here as they run").waitFor();
    await type(page, "GET a");
    await until(async () => (await rows.count()) === 1);
  }),
);

test("messages of a pattern are heard, also after a journey in time, and one is sent", { skip }, () =>
  visit(async (page) => {
    await type(page, "SET a 1");
    await tool(page, "Pub/Sub");
    await page.getByLabel("New pattern").fill("news.*");
    await page.getByRole("button", { name: "Subscribe" }).click();
    await page.getByText("Listening.").waitFor();
    await page.getByLabel("New channel").fill("news.sport");
    await page.getByLabel("New message").fill("<b>Goal!</b>");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("1 subscriber received it.").waitFor();
    const messages = page.locator(".pubsub .entry");
    await messages.filter({ hasText: "<b>Goal!</b>" }).waitFor();
    await shot(page, "pubsub");
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "Undo" }).click();
    await type(page, "PUBLISH news.x again");
    await messages.filter({ hasText: "again" }).waitFor();
    await page.getByRole("button", { name: "Unsubscribe from news.*" }).click();
    await type(page, "PUBLISH news.x nobody");
    await page.locator("wakey-console").getByText("(integer) 0").waitFor();
    assert.equal(await messages.filter({ hasText: "nobody" }).count(), 0);
  }),
);

test("charts come when there is something to see, and their labels stand beside the lines", { skip }, () =>
  visit(async (page) => {
    await tool(page, "Stats");
    await page.getByText("Charts appear after a few seconds of data.").waitFor();
    await page.locator(".stats .chart").nth(2).waitFor({ timeout: 15_000 });
    const apart = await page.evaluate(() =>
      [...document.querySelectorAll(".stats svg")].every((svg) => {
        const line = svg.querySelector(".line-over").getBoundingClientRect();
        return [...svg.querySelectorAll("text")].every((text) => text.getBoundingClientRect().right <= line.left);
      }),
    );
    assert.ok(apart);
    assert.deepEqual(await axe(page), []);
    await shot(page, "stats");
  }),
);

test("a script of commands, and one in Lua, run from the editor; drafts stay", { skip }, () =>
  visit(async (page) => {
    await tool(page, "Script");
    const editor = page.getByRole("textbox", { name: "Script", exact: true });
    const paste = (text) =>
      editor.evaluate((content, text) => {
        const data = new DataTransfer();
        data.setData("text/plain", text);
        content.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      }, text);
    await editor.waitFor();
    await editor.press("Control+a");
    await paste('# a comment\nSET counter 10\nHSET h f "a b"\nNOSUCH\nINCRBY counter 5');
    await page.keyboard.press("Control+Enter");
    const replies = page.locator(".script-replies wakey-console");
    await replies.getByText("(integer) 15").waitFor();
    await replies.getByText("ERR unknown command 'NOSUCH'").waitFor();
    assert.equal(await replies.locator(".echo").count(), 4);
    await key(page, "h").waitFor();
    await shot(page, "script");
    assert.deepEqual(await axe(page), []);
    // The selection alone.
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+End");
    await page.keyboard.press("Control+Enter");
    await until(async () => (await replies.locator(".echo").count()) === 5);
    await page.getByRole("button", { name: "Lua (EVAL)" }).click();
    await editor.press("Control+a");
    await paste('local n = redis.call("INCRBY", KEYS[1], ARGV[1])\nreturn {n, "a\\\\b"} -- done');
    await page.getByLabel("KEYS", { exact: true }).fill("counter");
    await page.getByLabel("ARGV", { exact: true }).fill("100");
    await page.getByRole("button", { name: /^Run/ }).click();
    await replies.getByText("(integer) 110").waitFor();
    await replies.getByText('"a\\\\b"').first().waitFor();
    await shot(page, "script-lua");
    await page.reload();
    await tool(page, "Script");
    await page.getByText("HSET h f").waitFor();
  }),
);

test("the prompt ends a name that is begun, and asks about one that is mistyped", { skip }, () =>
  visit(async (page) => {
    await prompt(page).click();
    await page.keyboard.type("zran");
    await page.locator("wakey-console .help", { hasText: "ZRANGE: " }).waitFor();
    await page.keyboard.press("ArrowRight");
    assert.equal(await prompt(page).inputValue(), "zrange ");
    await prompt(page).fill("");
    await type(page, "STE a 1");
    await page.locator("wakey-console").getByText("Did you mean SET?").waitFor();
    await type(page, "JSON.SET a $ 1");
    await page.locator("wakey-console").getByText("JSON.SET belongs to RedisJSON, which is not in Wakey.").waitFor();
    await page.keyboard.type("hg");
    await page.keyboard.press("Tab");
    await page.locator("wakey-console .option[data-summary]").first().waitFor();
    await shot(page, "prompt");
  }),
);
