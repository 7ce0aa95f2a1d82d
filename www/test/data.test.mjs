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
