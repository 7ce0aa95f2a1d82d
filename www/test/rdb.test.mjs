/** RDB files on the playground: opened, explored, given up, damaged; and what becomes of the session that stands on one. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { manualClock, open as openWakey } from "../../pkg/dist/node.mjs";
import { axe, key, open, shot, skip, type } from "./page.mjs";

/** When the file was written. */
const WRITTEN = 1_700_000_000_000;
let visit;
let close;
let file;
let large;

before(async () => {
  if (skip) return;
  ({ visit, close } = await open());
  const db = await openWakey({ clock: manualClock(WRITTEN) });
  for (let i = 0; i < 100; i++) db.hset(`shop:order:${i}`, { total: i, note: "x".repeat(100) });
  for (let i = 0; i < 10; i++) db.set(`shop:cart:${i}`, "y", "EX", 30 + i);
  db.rpush("queue", ...Array.from({ length: 1000 }, (_, i) => `job ${i}`));
  db.set("<b>:1", "z", "EX", 5_000_000);
  db.select(3);
  db.set("elsewhere", "1");
  file = { name: "dump.rdb", mimeType: "application/octet-stream", buffer: Buffer.from(await db.exportRdb()) };
  db.select(0);
  for (let i = 0; i < 40; i++) db.set(`blob:${i}`, randomBytes(1 << 20));
  large = { ...file, name: "large.rdb", buffer: Buffer.from(await db.exportRdb()) };
  db.close();
});

after(() => close?.());

const load = (page, what) => page.locator('input[type="file"]').setInputFiles(what);
const tile = (page, name) => page.locator(".tile", { hasText: name }).locator("strong");
const line = (page, card, name) => page.getByRole("region", { name: card }).locator(".line", { hasText: name });

test("a file is opened where it lies, and explored by types, lives, names and sizes", { skip }, () =>
  visit(async (page) => {
    const asked = [];
    page.on("request", (request) => asked.push(request));
    await load(page, file);
    await page.getByText("dump.rdb is open.").waitFor();
    await tile(page, "Keys").getByText("112", { exact: true }).waitFor();
    assert.equal(await tile(page, "With a TTL").textContent(), "11");
    // The clock stands at the time of the file: what was to expire is there.
    assert.equal(await tile(page, "Next expiry").textContent(), "30.0 s");
    assert.match(await line(page, "Types", "hash").textContent(), /100/);
    assert.match(await line(page, "Time to live", "within a minute").textContent(), /10/);
    assert.match(await line(page, "Time to live", "later").textContent(), /1/);
    assert.match(await line(page, "Names", "shop:").first().textContent(), /110/);
    await page.getByLabel("What is below shop:").click();
    await line(page, "Names", "cart:").getByRole("button", { name: "cart:", exact: true }).click();
    assert.equal(await page.getByLabel("Filter keys by name").inputValue(), "shop:cart:*");
    await page.waitForFunction(() => document.querySelectorAll("button.key").length === 10);
    await line(page, "Largest keys", "queue").getByRole("button", { name: "queue" }).click();
    await page.locator(".viewer h2", { hasText: "queue" }).waitFor();
    await page.getByRole("button", { name: /^db 3/ }).click();
    await tile(page, "Keys").getByText("1", { exact: true }).waitFor();
    // The page's own files are all that was asked for.
    for (const request of asked) {
      assert.equal(request.method(), "GET");
      assert.match(request.url(), /\/docs\/playground\/(assets\/[\w.-]+\.(js|css)|sw\.js)$/);
    }
  }),
);

test("an RDB file that is chosen for an import is opened, too", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "More actions for keys" }).click();
    await page.getByRole("menuitem", { name: "Import…" }).click();
    await page.getByLabel("Choose a file of commands, JSON, CSV, AOF or RDB").setInputFiles(file);
    await tile(page, "Keys").getByText("112", { exact: true }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await key(page, "queue").waitFor();
  }),
);

test("undo goes back to the file as it was read, and the session is in no link", { skip }, () =>
  visit(async (page) => {
    await load(page, file);
    await tile(page, "Keys").getByText("112", { exact: true }).waitFor();
    await page.getByText("dump.rdb, as it was read").waitFor();
    await page.getByRole("button", { name: "Explore" }).click();
    await type(page, "DEL queue");
    await page.locator(".timeline output", { hasText: "Step 1 of 1" }).waitFor();
    await key(page, "queue").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo", exact: true }).first().click();
    await key(page, "queue").waitFor();
    await page.locator(".timeline output", { hasText: /Step 0 of 1.*dump\.rdb, as it was read/ }).waitFor();
    await page.getByRole("button", { name: "Redo", exact: true }).first().click();
    await key(page, "queue").waitFor({ state: "detached" });
    // The explorer follows.
    await page.getByRole("button", { name: "Explore" }).click();
    await tile(page, "Keys").getByText("111", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.getByText("This session starts from dump.rdb, which is too large for a link").waitFor();
    assert.equal(await page.getByLabel("Link to this session").count(), 0);
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.getByRole("button", { name: "Session", exact: true }).click();
    assert.equal(await page.getByRole("menuitemradio", { name: /^Remember this session/ }).isDisabled(), true);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: /^Download snapshot/ }).click(),
    ]);
    await load(page, await download.path());
    await tile(page, "Keys").getByText("111", { exact: true }).waitFor();
  }),
);

test("a reading that is given up, or a damaged file, leaves all as it was", { skip }, () =>
  visit(async (page) => {
    await type(page, "SET mine 1");
    await key(page, "mine").waitFor();
    await load(page, large);
    await page.locator("dialog.reading").getByRole("button", { name: "Cancel" }).click();
    await page.getByText("large.rdb: the reading was cancelled").waitFor();
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    await key(page, "mine").waitFor();
    const broken = Buffer.from(file.buffer);
    broken[broken.length >> 1] ^= 0xff;
    await load(page, { ...file, buffer: broken });
    await page.getByText(/dump\.rdb: the RDB file is damaged/).waitFor();
    await type(page, "GET mine");
    await page.locator("wakey-console").getByText('"1"').waitFor();
    await page.getByRole("button", { name: "Undo", exact: true }).first().click();
    await page.locator(".timeline output", { hasText: "Step 0 of 2" }).waitFor();
  }),
);

for (const colorScheme of ["light", "dark"]) {
  test(`a file is dropped on the page, ${colorScheme}, and axe finds nothing; on a phone nothing is wider than the screen`, { skip }, () =>
    visit(
      async (page) => {
        const data = await page.evaluateHandle(
          (bytes) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([Uint8Array.from(bytes)], "dropped.rdb"));
            return transfer;
          },
          [...file.buffer],
        );
        await page.dispatchEvent("body", "drop", { dataTransfer: data });
        await tile(page, "Keys").getByText("112", { exact: true }).waitFor();
        await page.getByLabel("What is below shop:").click();
        await shot(page, `explorer-${colorScheme}`);
        assert.deepEqual(await axe(page), []);
        await page.setViewportSize({ width: 390, height: 844 });
        await shot(page, `explorer-phone-${colorScheme}`);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
        await page.getByRole("button", { name: "shop:", exact: true }).click();
        await page.locator("button.key").first().waitFor();
      },
      { colorScheme },
    ),
  );
}
