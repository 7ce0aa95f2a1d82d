/** The time line: where one is, what each step did, what differs, undo, branches. */
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

const status = (page, text) => page.locator(".timeline output", { hasText: text }).waitFor();

async function run(page, ...lines) {
  for (const line of lines) await type(page, line);
  await page.waitForFunction((n) => document.querySelector("wakey-console").shadowRoot.querySelectorAll(".echo").length >= n, lines.length);
}

/** The lines of the console that are faded. */
const faded = (page) =>
  page.evaluate(() =>
    [...document.querySelector("wakey-console").shadowRoot.querySelectorAll(".echo.later .typed")].map((line) => line.textContent),
  );

test("in the past the bar says so, what has not happened fades, and one click leads back", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "Pause the clock" }).click();
    await run(page, "SET a 1", "SET b 2", "GET a", "INCR b");
    await status(page, "Step 4 of 4");
    assert.equal(await page.getByRole("button", { name: "Back to now" }).count(), 0);
    assert.deepEqual(await faded(page), []);
    await page.getByLabel("Moment of the session").fill("1");
    await status(page, "Step 1 of 4");
    await until(async () => (await faded(page)).join() === "SET b 2,GET a,INCR b");
    assert.deepEqual(await axe(page), []);
    await shot(page, "past");
    await page.getByRole("button", { name: "Back to now" }).click();
    await status(page, "Step 4 of 4");
    await until(async () => (await faded(page)).length === 0);
    // What belongs to a branch that was left stays faded.
    await page.getByLabel("Moment of the session").fill("1");
    await status(page, "Step 1 of 4");
    await run(page, "SET c 3");
    await status(page, "Step 2 of 2");
    await until(async () => (await faded(page)).join() === "SET b 2,GET a,INCR b");
  }),
);

test("marks have the colour of what a command did, and pointing to one tells it and what it changed", { skip }, () =>
  visit(async (page) => {
    await run(page, "SET a 1", "GET a", "LPUSH a x", "DEL a", "SET b 1", "SET c 1", "FLUSHALL");
    await status(page, "Step 7 of 7");
    const marks = (deed) => page.locator(`.marks path.${deed}`).getAttribute("d");
    assert.equal((await marks("write")).match(/M/g).length, 5);
    assert.equal((await marks("read")).match(/M/g).length, 1);
    assert.equal((await marks("failed")).match(/M/g).length, 1);
    const { x, y, width } = await page.locator(".track").boundingBox();
    const point = (step) => page.mouse.move(x + 8 + ((width - 16) * step) / 7, y + 10);
    const peek = page.locator(".peek");
    await point(1);
    await peek.getByText("SET a 1").waitFor();
    await peek.locator("li.added", { hasText: "a" }).waitFor();
    await point(2);
    await peek.getByText("Changed nothing").waitFor();
    await point(3);
    await peek.getByText("Failed, changed nothing").waitFor();
    await point(4);
    await peek.locator("li.removed", { hasText: "a" }).waitFor();
    await point(7);
    await peek.locator("li.removed").nth(1).waitFor();
    await shot(page, "peek");
    await page.mouse.move(10, 10);
    await peek.waitFor({ state: "detached" });
    // From the keyboard, too.
    await page.getByLabel("Moment of the session").focus();
    await page.keyboard.press("ArrowLeft");
    await peek.getByText("Step 6").waitFor();
  }),
);

test("the difference of two moments: keys that came, went and changed, by element", { skip }, () =>
  visit(async (page) => {
    await run(page, "SET gone 1", "HSET h same 1 old 2", "RPUSH l a b", "SET ttl 1");
    await run(page, "DEL gone", "HSET h new 3", "HDEL h old", "LSET l 1 c", "EXPIRE ttl 100", "SADD '<b>s</b>' m", "SELECT 3", "SET far 1");
    await status(page, "Step 12 of 12");
    await page.getByRole("button", { name: "Changes" }).click();
    await page.getByLabel("From step").fill("4");
    await page.getByText("2 added, 1 removed, 3 changed.").waitFor();
    const of = async (name) =>
      (
        await page
          .locator(".changed-key", { has: page.getByRole("button", { name, exact: true }) })
          .locator("ul")
          .innerText()
      )
        .replace(/\s+/g, " ")
        .trim();
    assert.equal(await of("h"), "+ new 3 − old 2");
    assert.equal(await of("l"), "~ 1 b → c");
    assert.match(await of("ttl"), /^~ expires never → \d{4}-\d\d-\d\d /);
    assert.equal(await of("gone"), "− 1");
    assert.equal(await page.locator(".changed-key b b").count(), 0);
    await page.locator(".changed-key", { hasText: "far" }).getByText("db 3").waitFor();
    await shot(page, "changes");
    assert.deepEqual(await axe(page), []);
    await page.getByLabel("to step").fill("4");
    await page.getByText("Nothing differs between these two moments.").waitFor();
    await page.locator(".moment").first().locator("input").fill("0");
    await page.getByText("4 added, 0 removed, 0 changed.").waitFor();
    await page.getByRole("button", { name: "h", exact: true }).click();
    await page.locator(".viewer h2", { hasText: "h" }).waitFor();
    // The present was not touched.
    await status(page, "Step 12 of 12");
  }),
);

test("undo goes back to the last change, redo on to the next, by button, by key and in the notice", { skip }, () =>
  visit(async (page) => {
    await run(page, "SET a 1", "SET b 2", "GET a", "TYPO", "INCRBY a x");
    await status(page, "Step 5 of 5");
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await status(page, "Step 1 of 5");
    await page.getByText("Undone: SET b 2").waitFor();
    await key(page, "b").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Redo", exact: true }).first().click();
    await status(page, "Step 5 of 5");
    await key(page, "b").waitFor();
    // Keys, outside of fields.
    await page.locator("h1").click();
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press("Control+z");
    await status(page, "Step 1 of 5");
    await page.keyboard.press("Control+Shift+z");
    await status(page, "Step 5 of 5");
    const filter = page.getByLabel("Filter keys by name");
    await filter.fill("b");
    await filter.press("Control+z");
    await status(page, "Step 5 of 5");
    await filter.fill("");
    await page.getByRole("button", { name: "Examples", exact: true }).click();
    await page.getByRole("menuitem", { name: /^Leaderboard/ }).click();
    await key(page, "board:weekly").waitFor();
  }),
);

test("branches are a graph, named by what they began with, and can be renamed", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "Pause the clock" }).click();
    await run(page, "SET a 1", "SET b 2");
    await page.getByLabel("Moment of the session").fill("1");
    await status(page, "Step 1 of 2");
    await run(page, "SET c 3");
    await page.getByRole("button", { name: "1 branch" }).click();
    const rows = page.locator(".branches li");
    await rows.nth(0).getByText("SET c 3").waitFor();
    await rows.nth(1).getByText("SET b 2").waitFor();
    await page.getByRole("button", { name: "Rename SET b 2" }).click();
    await page.getByLabel("Name of the branch").fill("with b <i>");
    await page.keyboard.press("Enter");
    await rows.nth(1).getByText("with b <i>").waitFor();
    await shot(page, "branches-graph");
    assert.deepEqual(await axe(page), []);
    await rows.nth(1).getByRole("button", { name: "Switch" }).click();
    await key(page, "b").waitFor();
    await rows.nth(0).getByText("with b <i>").waitFor();
    await rows.nth(1).getByText("SET c 3").waitFor();
  }),
);

test("on a phone the past, and the branches, have room", { skip }, () =>
  visit(
    async (page) => {
      await run(page, "SET a 1", "SET b 2", "SET c 3");
      await page.getByLabel("Moment of the session").fill("1");
      await run(page, "SET d 4");
      await page.getByLabel("Moment of the session").fill("1");
      await status(page, "Step 1 of 2");
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(await wide(), false);
      await page.getByRole("button", { name: "1 branch" }).click();
      await page.locator(".branches").getByRole("button", { name: "Switch" }).waitFor();
      assert.equal(await wide(), false);
      const { x, width } = await page.locator(".branches").boundingBox();
      assert.ok(x >= 0 && x + width <= 390, `${x}, ${width}`);
      await shot(page, "phone-past");
      await page.getByRole("button", { name: "1 branch" }).click();
      await page.getByRole("button", { name: "Back to now" }).click();
      await status(page, "Step 2 of 2");
    },
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  ),
);

test("the clock is set to a date, moved by presets, and back to real time", { skip }, () =>
  visit(async (page) => {
    const time = page.locator(".clock time");
    const shown = async () => Date.parse(await time.getAttribute("datetime"));
    await page.locator(".clock .zone", { hasText: "UTC" }).waitFor();
    await type(page, "SET day 1 EX 86400");
    await type(page, "SET week 1 EX 604800");
    await key(page, "week").waitFor();
    const begin = await shown();
    const choose = async (item) => {
      await page.getByRole("button", { name: "Move the clock forward" }).click();
      await page.getByRole("menuitem", { name: item }).click();
    };
    await choose("+1 m");
    await page.getByRole("button", { name: "Start the clock" }).waitFor();
    assert.ok((await shown()) >= begin + 60_000);
    await choose("+1 h");
    assert.ok((await shown()) >= begin + 3_660_000);
    await choose("+1 d");
    await key(page, "day").waitFor({ state: "detached" });
    await choose("Set the clock");
    const field = page.getByLabel("Date and time (UTC)");
    await shot(page, "clock-set");
    await field.fill("2001-01-01T00:00:00");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await page.getByText("The clock only moves forward").waitFor();
    await field.fill("2050-01-02T03:04:05");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await key(page, "week").waitFor({ state: "detached" });
    assert.equal(await time.getAttribute("datetime"), "2050-01-02T03:04:05.000Z");
  }),
);

test("a journey while a console listens leaves it free", { skip }, () =>
  visit(async (page) => {
    await type(page, "SET k v");
    await type(page, "SUBSCRIBE news");
    await page.locator("wakey-console").getByText('"subscribe"').waitFor();
    await page.getByRole("button", { name: "Undo", exact: true }).first().click();
    await key(page, "k").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Redo", exact: true }).first().click();
    await key(page, "k").waitFor();
    await type(page, "GET k");
    await page.locator("wakey-console").getByText('"v"').waitFor();
  }),
);
