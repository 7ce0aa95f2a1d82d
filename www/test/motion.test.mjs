/** What moves on the page: what changed is seen to change, of the rows on the screen alone, and nothing moves where nobody wants it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../../pkg/test/support.mjs";
import { load } from "./load.mjs";
import { key, open, skip, type } from "./page.mjs";

let visit;
let close;
before(async () => {
  if (!skip) ({ visit, close } = await open());
});
after(() => close?.());

/** Takes down which animations begin from now on, each with the text of what it moves. */
const listen = (page) =>
  page.evaluate(() => {
    globalThis.begun = [];
    document.addEventListener("animationstart", ({ animationName, target }) => {
      globalThis.begun.push(`${animationName}: ${target.closest(".virtual-row, section, dialog")?.textContent.slice(0, 60) ?? ""}`);
    });
  });
const begun = (page) => page.evaluate(() => globalThis.begun);
const forget = (page) => page.evaluate(() => void (globalThis.begun.length = 0));
const begins = (page, wanted) => until(async () => (await begun(page)).some((one) => wanted.test(one)));

/** Everything that moves. */
async function all(page, seen) {
  await page.getByRole("button", { name: "Pause the clock" }).click();
  await type(page, "SET first 1");
  await seen(/^added: stringfirst/);
  await type(page, "SET second 1");
  await seen(/^added: stringsecond/);
  await type(page, "INCR first");
  await seen(/^changed(-again)?: stringfirst/);
  await type(page, "INCR first");
  await seen(/^changed(-again)?: stringfirst/);
  await type(page, "HSET h f one g two");
  await key(page, "h").click();
  await page.locator(".viewer .pair").nth(1).waitFor();
  // What shows it may be still to come.
  await seen(/^open: (h|Reading)/);
  await type(page, "HSET h f other");
  await page.locator(".viewer .pair", { hasText: "other" }).waitFor();
  await seen(/^changed(-again)?: fother/);
  await type(page, "HSET h i three");
  await page.locator(".viewer .pair", { hasText: "three" }).waitFor();
  await seen(/^added(-again)?: ithree/);
  // Back in time, what differs.
  await page.getByRole("button", { name: "Undo", exact: true }).first().click();
  await page.locator(".viewer .pair", { hasText: "three" }).waitFor({ state: "detached" });
  await seen(/^changed(-again)?: hash *h/);
  await type(page, "RPUSH l a b c");
  await key(page, "l").click();
  await page.locator(".viewer .pair", { hasText: "c" }).waitFor();
  await type(page, "LPUSH l z");
  await seen(/^added(-again)?: 0z/);
  await type(page, "LSET l 1 y");
  await seen(/^changed(-again)?: 1y/);
  await type(page, "DEL second");
  await key(page, "second").waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /^Search commands/ }).waitFor();
  await seen(/^open: /);
  await page.keyboard.press("Escape");
}

test("what is new, what is another, what is gone, and what opens is seen", { skip }, () =>
  visit(async (page) => {
    await listen(page);
    await all(page, async (wanted) => {
      await begins(page, wanted);
      await forget(page);
    });
    await type(page, "DEL l");
    // It stands where it stood, and nobody meets it there.
    await begins(page, /^gone: gonel/);
    await until(async () => (await page.locator(".virtual-row.gone").count()) === 0);
  }),
);

test("where a person wants no motion, nothing moves", { skip }, () =>
  visit(
    async (page) => {
      await listen(page);
      await page.evaluate(() => {
        globalThis.ghosts = 0;
        new MutationObserver(() => {
          globalThis.ghosts += document.querySelectorAll(".virtual-row.gone").length;
        }).observe(document.body, { childList: true, subtree: true });
      });
      await all(page, () => {});
      assert.deepEqual(await begun(page), []);
      assert.equal(await page.evaluate(() => globalThis.ghosts), 0);
      await type(page, "SET short 1 EX 5");
      await key(page, "short").locator(".countdown.soon").waitFor();
      assert.equal(
        await key(page, "short")
          .locator(".countdown")
          .evaluate((one) => getComputedStyle(one).backgroundImage),
        "none",
      );
      assert.deepEqual(await page.evaluate(() => document.getAnimations().map((one) => one.animationName ?? one.transitionProperty)), []);
    },
    { reducedMotion: "reduce" },
  ),
);

test("the last ten seconds of a key run out by the clock of the page", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "Pause the clock" }).click();
    await type(page, "SET short 1 PX 11000");
    const countdown = key(page, "short").locator(".countdown");
    await countdown.waitFor();
    const left = () => countdown.evaluate((one) => Number.parseFloat(getComputedStyle(one).backgroundSize));
    assert.equal(await page.locator(".countdown.soon").count(), 0);
    for (const [text, share] of [
      ["10.0 s", undefined],
      ["9.0 s", 90],
      ["8.0 s", 80],
    ]) {
      await page.getByRole("button", { name: "+1 s" }).click();
      await countdown
        .getByText(text)
        .or(page.locator(".countdown", { hasText: text }))
        .first()
        .waitFor();
      if (share !== undefined) assert.equal(await left(), share);
    }
  }),
);

test("of many keys those on the screen move, and none where all of them come", { skip }, () =>
  visit(async (page) => {
    await listen(page);
    await type(page, "EVAL \"for i = 1, 20000 do redis.call('SET', 'key' .. i, i) end\" 0");
    await page.getByText("20,000", { exact: true }).waitFor();
    assert.deepEqual(
      (await begun(page)).filter((one) => /^(added|changed|gone)/.test(one)),
      [],
    );
    await type(page, "SET key1 other");
    await begins(page, /^changed: stringkey1\d*/);
    await forget(page);
    // What is opened, filtered or sorted has not changed.
    await forget(page);
    await type(page, "MSET group:1 x group:2 x group:3 x");
    await page.locator("button.group").first().waitFor();
    const quiet = async () =>
      assert.deepEqual(
        (await begun(page)).filter((one) => /^(added|changed|gone)/.test(one)),
        [],
      );
    await page.getByLabel("Filter keys by name").fill("group");
    await key(page, "3").waitFor();
    await forget(page);
    await page.locator("button.group").first().click();
    await key(page, "3").waitFor({ state: "detached" });
    await page.locator("button.group").first().click();
    await key(page, "3").waitFor();
    await page.getByLabel("Filter keys by name").fill("");
    await page.getByLabel("Sort by").selectOption("size");
    await key(page, "key1").waitFor();
    await page.getByLabel("Sort by").selectOption("name");
    await page.locator("button.group").first().waitFor();
    await quiet();
    // Far below, and all of them at once.
    await type(page, "SET key9999 other");
    await type(page, "EVAL \"for i = 1, 20000 do redis.call('APPEND', 'key' .. i, i) end\" 0");
    await key(page, "key1").getByText("6 B").waitFor();
    const rows = await page.locator(".keys .virtual-row").count();
    const moved = async () => (await begun(page)).filter((one) => /^(added|changed|gone)/.test(one));
    assert.ok((await moved()).length <= rows, `${(await moved()).length} of ${rows} rows`);
    await forget(page);
    await page.locator(".keys .virtual").evaluate((element) => element.scrollTo(0, 100_000));
    await key(page, "key1").waitFor({ state: "detached" });
    await page.locator("button.key").first().waitFor();
    assert.deepEqual(await moved(), []);
  }),
);

test("what a list has to tell of its last picture", async () => {
  const { Motion } = await load("ui/motion.ts");
  const rows = (text, keyed = true) => text.split(" ").map((one) => ({ name: one[0], shows: one.slice(1), keyed, mute: one[0] === "G" }));
  const motion = new Motion(false);
  const draw = (text, first = 0, count = rows(text).length, quiet = false, now = 0) => {
    const { names, gone } = motion.draw(rows(text), first, count, quiet, now);
    return [names.map((name) => name + motion.of(name)).join(", "), gone.map(({ name, at }) => `${name}@${at}`).join(" ")];
  };
  assert.deepEqual(draw("a1 b1"), ["a, b", ""], "the first picture is nothing new");
  assert.deepEqual(draw("a1 b2"), ["a, b changed", ""]);
  assert.deepEqual(draw("a1 b3"), ["a, b changed again", ""]);
  assert.deepEqual(draw("a1 b4", 0, 2, false, 1500), ["a, b changed", ""], "also when nothing was drawn since it was over");
  assert.deepEqual(draw("a1 b4", 0, 2, false, 3000), ["a, b", ""], "it is over");
  assert.deepEqual(draw("a1 c1 b4", 0, 3, false, 3000), ["a, c added, b", ""]);
  assert.deepEqual(draw("a1 b4", 0, 2, false, 5000), ["a, b", "c@1"]);
  assert.deepEqual(draw("b4 d1", 1, 3, false, 7000), ["b, d", ""], "it was scrolled");
  assert.deepEqual(draw("b4 e1", 1, 3, false, 7000), ["b, e", ""], "in another order others come into view");
  const values = new Motion(false);
  values.draw(rows("a b", false), 0, 2);
  values.draw(rows("a e", false), 0, 2);
  assert.equal(values.of("e"), " changed", "one in the place of another");
  values.draw(rows("G a b", false), 0, 3);
  assert.equal(values.of("G"), "", "a group is none of them");
  assert.deepEqual(draw("x1 y1", 1, 9, true, 9000), ["x, y", ""], "there is more to come");
  assert.deepEqual(draw("b5 e1", 1, 3, false, 9000), ["b changed, e", ""], "compared with what was before all that");
  const many = Array.from({ length: 30 }, (_, i) => `${String.fromCharCode(65 + i)}1`).join(" ");
  assert.deepEqual(new Motion(true).draw(rows(many), 0, 30).names.length, 30);
  const fresh = new Motion(true);
  fresh.draw(rows("a1"), 0, 1, false, 0);
  assert.equal(fresh.of("a"), " added", "the list was empty");
  const unknown = new Motion(false);
  unknown.draw([{ name: undefined, shows: undefined }], 0, 1);
  unknown.draw([{ name: "a", shows: undefined }], 0, 1);
  unknown.draw([{ name: "a", shows: "1" }], 0, 1);
  assert.equal(unknown.of("a"), "", "what was not known is not new");
  const same = new Motion(false);
  assert.deepEqual(same.draw(rows("a a b"), 0, 3).names, ["a", "a 1", "b"]);
});
