/** Data in the playground: values in all their forms, keys in a tree, bulk work, import and export. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../../pkg/test/support.mjs";
import { axe, key, open, shot, skip, type } from "./page.mjs";

let visit;
let close;

before(async () => {
  if (!skip) ({ visit, close } = await open());
});
after(() => close?.());

const said = (page, line) => page.locator(".entry code", { hasText: line }).first().waitFor();
const form = (page, name) => page.getByRole("group", { name: "Show as" }).getByRole("button", { name, exact: true });
const isForm = (page, name) =>
  page.locator(".segments button[aria-pressed=true]").getByText(name, { exact: true }).waitFor({ timeout: 5000 });

test("a long value is opened from its row, read whole, and saved by the right command", { skip }, () =>
  visit(async (page) => {
    const long = "0123456789 ".repeat(500);
    await type(page, `HSET user:1 name Ann bio "${long}"`);
    await key(page, "user:1").click();
    await page.locator(".viewer .edit", { hasText: "0123456789" }).click();
    await page.getByRole("heading", { name: "field bio" }).waitFor();
    await page.getByText("5,500 bytes").waitFor();
    assert.equal((await page.locator(".viewer pre").textContent()).length, 5500);
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const area = page.getByRole("textbox", { name: "the value" });
    await area.fill(`${long}and an end ✓`);
    await area.press("Control+Enter");
    await page.locator(".viewer pre", { hasText: "and an end ✓" }).waitFor();
    await said(page, "HSETEX user:1 KEEPTTL FIELDS 1 bio");
    await shot(page, "detail-text");
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "Back to Fields" }).click();
    await page.locator(".viewer .field", { hasText: "name" }).waitFor();
    // An element of a list, by the keyboard.
    await type(page, "RPUSH queue a b");
    await key(page, "queue").click();
    await page.getByRole("button", { name: "Open element 1", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "b: change the value" }).click();
    await page.keyboard.type("B");
    await page.keyboard.press("Enter");
    await said(page, "LSET queue 1 B");
    // What is gone while one looks at it says so.
    await type(page, "DEL queue");
    await page.getByText("This key doesn’t exist at this point.").waitFor();
  }),
);

test("JSON folds, and is saved as tight as it was", { skip }, () =>
  visit(async (page) => {
    await type(page, `SET doc '{"id":12345678901234567890,"user":{"name":"Ann","tags":["a","b"]}}'`);
    await key(page, "doc").getByText("JSON", { exact: true }).waitFor();
    await key(page, "doc").click();
    await isForm(page, "JSON");
    const line = page.locator(".json-line");
    await until(async () => (await line.count()) === 10);
    await line.filter({ hasText: "12345678901234567890" }).waitFor();
    await line.filter({ hasText: '"user"' }).getByRole("button").click();
    await until(async () => (await line.count()) === 4);
    await line.filter({ hasText: "2 fields" }).waitFor();
    await shot(page, "detail-json");
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const area = page.getByRole("textbox", { name: "the value" });
    assert.match(await area.inputValue(), /\n {2}"user": \{\n/);
    const text = await area.inputValue();
    // What is no JSON is asked about.
    await area.fill(text.replace("}", ""));
    await area.press("Control+Enter");
    await page.getByText("This is no longer valid JSON").waitFor();
    await area.fill(text.replace("Ann", "Eve"));
    await area.press("Control+Enter");
    await line.filter({ hasText: "Eve" }).waitFor();
    await type(page, "GET doc");
    await page.locator("wakey-console").getByText('{\\"id\\":12345678901234567890,\\"user\\":{\\"name\\":\\"Eve\\",').waitFor();
    // And with its lines, where it had them.
    await type(page, 'SET lines "{\\n \\"a\\": 1\\n}"');
    await key(page, "lines").click();
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    assert.equal(await page.getByLabel("Minify JSON on save").isChecked(), false);
  }),
);

test("bytes are shown in hex, as MessagePack, and as bits that a press turns", { skip }, () =>
  visit(async (page) => {
    await type(page, "SETBIT days 9 1");
    await key(page, "days").getByText("BITS", { exact: true }).waitFor();
    await key(page, "days").click();
    await isForm(page, "Bits");
    await page.getByText("1 of 16 bits are 1").waitFor();
    await page.getByRole("button", { name: "Bit 3 (byte 0): 0" }).click();
    await page.getByText("2 of 16 bits are 1").waitFor();
    await said(page, "SETBIT days 3 1");
    await page.getByRole("button", { name: "Bit 9 (byte 1): 1" }).click();
    await said(page, "SETBIT days 9 0");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await said(page, "SETBIT days 8 1");
    await shot(page, "detail-bits");
    assert.deepEqual(await axe(page), []);
    await form(page, "Hex").click();
    await page.locator(".hex-row", { hasText: "10 80" }).waitFor();
    await shot(page, "detail-hex");
    // The bits of a field, for which there is no command of its own.
    await type(page, 'HSET h flags "\\x00\\x01"');
    await key(page, "h").click();
    await page.getByRole("button", { name: "Open field flags", exact: true }).click();
    await page.getByRole("button", { name: "Bit 0 (byte 0): 0" }).click();
    await said(page, 'HSETEX h KEEPTTL FIELDS 1 flags "\\x80\\x01"');
    await type(page, 'SET packed "\\x82\\xa4name\\xa3Ann\\xa3age\\x2a"');
    await key(page, "packed").click();
    await isForm(page, "MessagePack");
    await page.locator(".json-line", { hasText: '"age": 42' }).waitFor();
    await shot(page, "detail-msgpack");
  }),
);

test("the name of a key stands whole, and is copied", { skip }, () =>
  visit(
    async (page, context) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      const name = `tenant:42:${"a-rather-long-part:".repeat(12)}end`;
      await type(page, `SET ${name} 1`);
      await page.locator("button.key").first().click();
      assert.equal(await page.locator(".viewer h2").textContent(), name);
      assert.equal(await page.locator(".viewer h2").evaluate((h2) => h2.scrollWidth > h2.clientWidth), false);
      await page.getByRole("button", { name: "Copy the key’s name" }).click();
      await page.getByText("Copied the key’s name.").waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), name);
    },
    { viewport: { width: 1280, height: 720 } },
  ),
);

test("a TTL is added by a preset, a span or a moment, and what is no time is told", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "Pause the clock" }).click();
    await type(page, "SET k v");
    await key(page, "k").click();
    const countdown = page.locator(".viewer .countdown");
    await page.getByText("Add TTL", { exact: true }).click();
    await shot(page, "ttl");
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "1h", exact: true }).click();
    await countdown.getByText("1:00:00").waitFor();
    await countdown.click();
    const field = page.getByLabel("When the key expires");
    await field.fill("soon");
    await field.press("Enter");
    await page.getByText("Enter a time such as").waitFor();
    await field.fill("2001-01-01");
    await field.press("Enter");
    await page.getByText("That moment has passed.").waitFor();
    await field.fill("2099-12-31 18:00");
    await field.press("Enter");
    await said(page, "PEXPIREAT k 4102423200000");
    await countdown.click();
    await page.getByText("Expires 2099-12-31 18:00:00 UTC").waitFor();
    await page.getByRole("button", { name: "Remove TTL" }).click();
    await countdown.waitFor({ state: "detached" });
  }),
);

test("a double click on a key presses nothing of what comes under the pointer, and the key stays in view", { skip }, () =>
  visit(async (page) => {
    for (let i = 10; i < 40; i++) await type(page, `HSET k${i} a 1 b 2 c 3 d 4 e 5 f 6 g 7 h 8 i 9 j 10`);
    // Low in the list, where the viewer will be.
    const low = page.locator("button.key").nth(18);
    const name = await low.locator(".name").textContent();
    await page.locator(".viewer").waitFor({ state: "detached" });
    const box = await low.boundingBox();
    await page.mouse.dblclick(box.x + box.width - 40, box.y + 10);
    await page.locator(".viewer h2", { hasText: name }).waitFor();
    assert.equal(await page.locator(".viewer input.value").count(), 0);
    assert.equal(await page.locator(".viewer .pair").count(), 10);
    const inView = () =>
      page.evaluate(() => {
        const row = document.querySelector(".key[aria-pressed=true]")?.getBoundingClientRect();
        const list = document.querySelector(".keys .virtual").getBoundingClientRect();
        return row !== undefined && row.top >= list.top && row.bottom <= list.bottom + 1;
      });
    await until(inView);
  }),
);

/** A file of commands, run through the page. */
const file = async (page, name, text) => {
  await page.getByRole("button", { name: "More actions for keys" }).click();
  await page.getByRole("menuitem", { name: "Import…" }).click();
  await page
    .getByLabel("Choose a file of commands, JSON, CSV, AOF or RDB")
    .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
};
const count = (page, text) => page.locator(".keys .count").getByText(text, { exact: true }).waitFor();
const filter = (page) => page.getByLabel("Filter keys by name");

test("keys are a tree, filtered by a part of the name or a pattern, by type and by expiry, and sorted", { skip }, () =>
  visit(async (page) => {
    const lines = [];
    for (let i = 0; i < 300; i++) lines.push(`SET item:${i % 10}:${i} ${"x".repeat(i + 1)}`);
    lines.push("HSET user:1 name Ann", "HSET user:2 name Bob", "ZADD board 1 a", "SET session:abc 1 EX 100", "SET session:def 1 EX 10");
    await file(page, "keys.redis", lines.join("\n"));
    await page.getByText("Commands: 305 commands.").waitFor();
    await page.getByRole("button", { name: "Import 305 commands" }).click();
    await count(page, "305");
    // More than a hundred below one prefix are closed at first.
    const group = (name) => page.locator("button.group", { has: page.getByText(name, { exact: true }) });
    await group("item:").click();
    await key(page, "100").waitFor();
    assert.equal(await key(page, "101").count(), 0);
    await group("0:").click();
    await key(page, "100").waitFor({ state: "detached" });
    await key(page, "101").waitFor();
    await shot(page, "keys-tree");
    assert.deepEqual(await axe(page), []);
    await filter(page).fill("item:*:29?");
    await count(page, "10 of 305");
    await until(async () => (await page.locator("button.key").count()) === 10);
    await filter(page).fill("ser:");
    await count(page, "2 of 305");
    await filter(page).fill("item:[");
    await page.getByText("No keys match “item:[”.").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await count(page, "305");
    const chips = page.getByRole("group", { name: "Show only" });
    await chips.getByText("hash", { exact: true }).click();
    await count(page, "2 of 305");
    await chips.getByText("zset", { exact: true }).click();
    await count(page, "3 of 305");
    await chips.getByText("hash", { exact: true }).click();
    await chips.getByText("zset", { exact: true }).click();
    await chips.getByText("expires", { exact: true }).click();
    await count(page, "2 of 305");
    await page.getByLabel("Sort by").selectOption("ttl");
    const names = () => page.locator("button.key .name").allTextContents();
    await until(async () => (await names()).join() === "session:def,session:abc");
    await chips.getByText("expires", { exact: true }).click();
    await page.getByLabel("Sort by").selectOption("size");
    await until(async () => (await names())[0] === "item:9:299");
    await shot(page, "keys-size");
    // A key that comes is in its place.
    await type(page, `SETRANGE largest 5000 x`);
    await until(async () => (await names())[0] === "largest");
    // From row to row by the keyboard.
    await page.getByLabel("Sort by").selectOption("name");
    await key(page, "board").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => /largest|0:/.test(document.activeElement.textContent));
  }),
);

test("chips come with the first key of a type, and go with the last", { skip }, () =>
  visit(async (page) => {
    const chips = () => page.getByRole("group", { name: "Show only" }).getByRole("button").allTextContents();
    const are = (wanted) => until(async () => (await chips()).sort().join() === wanted);
    await page.getByText("No keys yet").waitFor();
    await type(page, "SET a 1");
    await are("expires,string");
    await type(page, "HSET h f v");
    await are("expires,hash,string");
    await type(page, "DEL a");
    await are("expires,hash");
    await type(page, "DEL h");
    await are("");
  }),
);

test("many keys are deleted, given a TTL, and exported, after they were counted and shown", { skip }, () =>
  visit(async (page) => {
    const lines = [];
    for (let i = 0; i < 250; i++) lines.push(`SET temp:${i} ${i}`);
    lines.push("SET keep 1", 'SET "bin\\xff" "\\x00\\xfe"', "HSET temp:h f 1");
    await file(page, "keys.redis", lines.join("\n"));
    await page.getByRole("button", { name: "Import 253 commands" }).click();
    await count(page, "253");
    await filter(page).fill("temp:*");
    const act = async (name) => {
      await page.getByRole("button", { name: "More actions for keys" }).click();
      await page.getByRole("menuitem", { name }).click();
    };
    await act("Set expiry…");
    await page.getByText("251 of 253 keys match:").waitFor();
    await page.getByLabel("Type").selectOption("hash");
    await page.getByText("1 of 253 keys match:").waitFor();
    await page.getByLabel("Expire after").fill("90s");
    await page.getByRole("button", { name: "Set expiry of 1 key" }).click();
    await said(page, "PEXPIRE temp:h 90000");
    await act("Export…");
    await page.getByText("and 243 more").waitFor();
    await page.getByLabel("Keys matching").fill("*e*");
    await page.getByText("252 of 253 keys match:").waitFor();
    await shot(page, "bulk-export");
    assert.deepEqual(await axe(page), []);
    await page.getByLabel("Keys matching").fill("*");
    await page.getByText("253 of 253 keys match:").waitFor();
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export 253 keys" }).click();
    const stream = await (await saved).createReadStream();
    let json = "";
    for await (const part of stream) json += part;
    const { keys } = JSON.parse(json);
    assert.equal(keys.length, 253);
    assert.deepEqual(
      keys.find((one) => one.key.base64),
      { key: { base64: btoa("bin\xff") }, type: "string", value: { base64: btoa("\0\xfe") } },
    );
    await act("Delete…");
    await page.getByText("251 of 253 keys match:").waitFor();
    await shot(page, "bulk-delete");
    await page.getByRole("button", { name: "Delete 251 keys" }).click();
    await page.getByText("Deleted 251 keys.").waitFor();
    await page.getByText("No keys match “temp:*”.").waitFor();
    await filter(page).fill("");
    await count(page, "2");
    // And all in again.
    await file(page, "keys.json", json);
    await page.getByText("JSON: 254 commands.").waitFor();
    await page.getByRole("button", { name: "Import 254 commands" }).click();
    await count(page, "253");
    await filter(page).fill("temp:h");
    await key(page, "temp:h").locator(".countdown").waitFor();
  }),
);

test("a transcript, a table and what is broken are told apart before they are run", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "More actions for keys" }).click();
    await page.getByRole("menuitem", { name: "Import…" }).click();
    const area = page.getByLabel("Commands or data to import");
    await area.fill(
      '127.0.0.1:6379> SET a 1\nOK\n127.0.0.1:6379> NOSUCH\n(error) ERR unknown command\n127.0.0.1:6379> RPUSH l "x y" z\n(integer) 2',
    );
    await page.getByText("A redis-cli transcript: 3 commands.").waitFor();
    await page.getByText("Unknown here: nosuch.").waitFor();
    await shot(page, "import");
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "Import 3 commands" }).click();
    await page.getByText("1 of 3 commands failed. First: NOSUCH: ERR unknown command").waitFor();
    await key(page, "l").waitFor();
    await file(page, "cities.csv", "id,name,people\n1,Bern,134000\n2,Basel,173000\n");
    await page.getByText("A table: 2 commands.").waitFor();
    await page.getByText("HSET cities:1 name Bern people 134000").waitFor();
    await page.getByRole("button", { name: "Import 2 commands" }).click();
    await key(page, "1").waitFor();
    await file(page, "broken.json", '{"a": ');
    await page.getByText(/^This can’t be read: .*JSON/).waitFor();
    assert.equal(await page.getByRole("button", { name: "Import", exact: true }).isDisabled(), true);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }),
);

test("a key is copied as code", { skip }, () =>
  visit(async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await type(page, `HSET user:1 name "O'Neil" town Bern`);
    await type(page, "EXPIRE user:1 100");
    await key(page, "user:1").click();
    await page.locator(".viewer").getByRole("button", { name: "Copy as code" }).click();
    await page.getByRole("heading", { name: "user:1 as code" }).waitFor();
    await page.getByRole("button", { name: "redis-py" }).click();
    await page.locator("pre.code", { hasText: `r.hset("user:1", mapping={"name": "O'Neil", "town": "Bern"})` }).waitFor();
    await page.locator("pre.code", { hasText: 'r.execute_command("PEXPIREAT", "user:1",' }).waitFor();
    await shot(page, "code");
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "Copy the code" }).click();
    await page.getByText("Copied the code.").waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^import redis\n\nr = redis.Redis\(\)\n/);
    await page.reload();
    await type(page, "SET a 1");
    await key(page, "a").click();
    await page.locator(".viewer").getByRole("button", { name: "Copy as code" }).click();
    await page.locator("pre.code", { hasText: 'r.set("a", "1")' }).waitFor();
  }),
);

test("the list follows SELECT of the console until a database is chosen by hand", { skip }, () =>
  visit(async (page) => {
    await type(page, "SET zero 1");
    await key(page, "zero").waitFor();
    const database = page.getByLabel("Database");
    await type(page, "SELECT 3");
    await type(page, "SET three 1");
    await key(page, "three").waitFor();
    assert.equal(await database.inputValue(), "3");
    // There are keys elsewhere.
    await page.locator(".keys .dot").waitFor();
    assert.match(await database.locator("option").first().textContent(), /^db 0 · 1$/);
    await database.selectOption("0");
    await key(page, "zero").waitFor();
    await type(page, "SET more 1");
    await page.locator("wakey-console").getByText("OK").nth(3).waitFor();
    assert.equal(await database.inputValue(), "0");
    await page.getByRole("button", { name: "Follow the console’s SELECT again" }).click();
    await key(page, "more").waitFor();
    assert.equal(await database.inputValue(), "3");
  }),
);

test("many lines that are pasted are asked about, and can be looked at in the script tab", { skip }, () =>
  visit(
    async (page) => {
      const lines = Array.from({ length: 25 }, (_, i) => `SET pasted:${i} ${i}`).join("\n");
      await page.evaluate((text) => navigator.clipboard.writeText(text), lines);
      await page.locator("wakey-console textarea").focus();
      await page.keyboard.press("Control+v");
      await page.locator("wakey-console").getByText("Run 25 commands?").waitFor();
      assert.deepEqual(await axe(page), []);
      await shot(page, "paste");
      assert.equal(await page.locator("button.key, button.group").count(), 0);
      await page.getByRole("button", { name: "Show or hide the monitor" }).click();
      await page.locator("wakey-console").getByRole("button", { name: "Open in the script tab" }).click();
      const editor = page.locator(".script-editor .cm-content");
      await editor.getByText("SET pasted:0 0").waitFor();
      await until(async () => (await editor.innerText()).trim() === lines);
      // What a person wrote there stays.
      await page.evaluate(() => navigator.clipboard.writeText(`${"PING\n".repeat(21)}DBSIZE`));
      await page.locator(".consoles wakey-console textarea").focus();
      await page.keyboard.press("Control+v");
      await page.locator(".consoles wakey-console").getByRole("button", { name: "Open in the script tab" }).click();
      await editor.getByText("DBSIZE").waitFor();
      await editor.getByText("SET pasted:0 0").waitFor();
      await page.getByRole("button", { name: /^Run/ }).last().click();
      await page.locator(".script-replies wakey-console").getByText("(integer) 25").waitFor();
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  ),
);

test("what is pasted into the console is commands, also where it is a transcript", { skip }, () =>
  visit(async (page) => {
    const paste = (text) =>
      page.locator("wakey-console textarea").evaluate((area, text) => {
        const data = new DataTransfer();
        data.setData("text/plain", text);
        area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      }, text);
    await paste("127.0.0.1:6379> SET a 1\nOK\n127.0.0.1:6379> LPUSH l x\n(integer) 1\n");
    await key(page, "l").waitFor();
    await paste("# a comment\nSET b 2\n// another\nSET c 3\n");
    await key(page, "c").waitFor();
    assert.equal(await page.locator("wakey-console .error").count(), 0);
    assert.equal(await page.locator("wakey-console .echo").count(), 4);
  }),
);

test("with a hundred thousand keys each step of the list, of imports and of bulk work is a short task", { skip }, () =>
  visit(async (page) => {
    await page.evaluate(() => {
      globalThis.tasks = [];
      new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({
        type: "longtask",
      });
    });
    const longest = async (what) => {
      const tasks = await page.evaluate(() => globalThis.tasks.splice(0));
      console.log(`${what}: ${tasks.length} tasks over 50 ms, the longest ${Math.max(0, ...tasks)} ms`);
      // Far above what it is, since the machine may be busy: what went through all keys at once took three seconds.
      assert.ok(Math.max(0, ...tasks) < 2000, what);
    };
    const lines = [];
    for (let i = 0; i < 100_000; i++) lines.push(`SET ${["user", "item", "cache:page", "job"][i % 4]}:${i % 97}:${i} ${i}`);
    await file(page, "many.redis", lines.join("\n"));
    await page.getByText("Commands: 100,000 commands.").waitFor();
    await longest("what a file has");
    await page.getByRole("button", { name: "Import 100,000 commands" }).click();
    await page.locator(".keys .count").getByText("100,000", { exact: true }).waitFor({ timeout: 120_000 });
    await longest("import");
    await filter(page).fill("item:*:9?9??");
    await page.locator(".keys .count", { hasText: /^[\d,]+ of 100,000$/ }).waitFor();
    await longest("filter");
    await filter(page).fill("");
    await page.locator(".keys .count").getByText("100,000", { exact: true }).waitFor();
    await page.getByLabel("Sort by").selectOption("size");
    await page.waitForFunction(() => /^\d+ B$/.test(document.querySelector(".key .size")?.textContent ?? ""));
    await longest("sort by size");
    await page.getByLabel("Sort by").selectOption("name");
    await page.getByRole("group", { name: "Show only" }).getByText("string", { exact: true }).click();
    await type(page, "HSET other f 1");
    await page.locator(".keys .count").getByText("100,000 of 100,001", { exact: true }).waitFor({ timeout: 60_000 });
    await longest("type");
    await page.getByRole("button", { name: "More actions for keys" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByLabel("Keys matching").fill("job:*");
    await page.getByRole("button", { name: "Delete 25,000 keys" }).click();
    await page.getByText("Deleted 25,000 keys.").waitFor({ timeout: 60_000 });
    await longest("delete");
  }),
);
