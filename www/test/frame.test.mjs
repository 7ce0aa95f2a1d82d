/** The page's frame: the first ten seconds, parts that are sized and put away, themes, menus, keys. */
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

const focused = (page) =>
  page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.getAttribute("aria-label") ?? at?.tagName;
  });

test("the prompt has the focus at once, and a greeting says what this is, with commands to click", { skip }, () =>
  visit(
    async (page) => {
      await until(async () => /^Redis command/.test(await focused(page)));
      await page.getByText("Redis in your browser").waitFor();
      await page.locator(".greeting", { hasText: "Nothing leaves your browser" }).waitFor();
      assert.match(await page.getByRole("link", { name: "Source" }).getAttribute("href"), /^https:\/\//);
      // The documentation stands beside the page, wherever that is.
      const docs = await page.getByRole("link", { name: "Docs" }).evaluate(({ href }) => href);
      assert.equal((await page.request.get(docs)).status(), 200);
      await page.keyboard.type("PING");
      await page.keyboard.press("Enter");
      await page.locator("wakey-console").getByText("PONG").waitFor();
      await page.locator(".greeting").getByRole("button", { name: "SET greeting hello" }).click();
      await key(page, "greeting").waitFor();
      await type(page, "CLEAR");
      await page.locator(".greeting").waitFor({ state: "hidden" });
      await shot(page, "first");
    },
    { viewport: { width: 1500, height: 900 } },
  ),
);

test("with a finger, no keyboard comes up by itself", { skip }, () =>
  visit(
    async (page) => {
      await page.locator(".greeting").waitFor();
      assert.equal(await focused(page), "BODY");
    },
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  ),
);

test("each example runs without an error, in the console", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "Examples", exact: true }).click();
    const names = await page.getByRole("menuitem").locator(".what").allInnerTexts();
    assert.equal(names.length, 6);
    await page.keyboard.press("Escape");
    for (const [i, name] of names.entries()) {
      await page.getByRole("button", { name: "Examples", exact: true }).click();
      await page.getByRole("menuitem").nth(i).click();
      await page.locator(".viewer h2").waitFor();
      await page.getByText(/^Ran \d+ commands\.$/).waitFor();
      assert.deepEqual(await page.locator("wakey-console .error").allTextContents(), [], name);
      await shot(page, `example-${i + 1}`);
      await page.getByRole("button", { name: "Session", exact: true }).click();
      await page.getByRole("menuitem", { name: "New session" }).click();
      await page.getByText("No keys yet").waitFor();
    }
    await page.getByRole("button", { name: "Bring the old one back" }).click();
    await page.locator("button.key").first().waitFor();
  }),
);

test("panels are resized by hand and from the keyboard, put away, and found again after a reload", { skip }, () =>
  visit(async (page) => {
    const width = async (part) => Math.round((await page.locator(part).boundingBox()).width);
    const side = page.getByRole("separator", { name: "Resize lessons" });
    const before = await width(".column.side");
    const { x, y, height } = await side.boundingBox();
    await page.mouse.move(x, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + 80, y + height / 2, { steps: 4 });
    await page.mouse.up();
    assert.equal(await width(".column.side"), before + 80);
    await side.press("ArrowLeft");
    assert.equal(await width(".column.side"), before + 56);
    assert.equal(await side.getAttribute("aria-valuenow"), String(before + 56));
    await page.getByRole("separator", { name: "Resize keys" }).press("Home");
    assert.equal(await width(".column.data"), 280);
    const monitor = page.getByRole("separator", { name: "Resize the monitor" });
    const high = (await page.locator(".monitor").boundingBox()).height;
    await monitor.press("ArrowUp");
    assert.equal((await page.locator(".monitor").boundingBox()).height, high + 24);
    await page.getByRole("button", { name: "Show or hide the monitor" }).click();
    await page.locator(".monitor").waitFor({ state: "detached" });
    await page.reload();
    await page.locator("wakey-console").waitFor();
    assert.equal(await width(".column.side"), before + 56);
    assert.equal(await width(".column.data"), 280);
    assert.equal(await page.locator(".monitor").count(), 0);
    await page.getByRole("button", { name: "Lessons", exact: true }).click();
    await page.locator(".column.side").waitFor({ state: "detached" });
    assert.deepEqual(await axe(page), []);
    await shot(page, "put-away");
    await page.getByRole("button", { name: "Lessons", exact: true }).click();
    await side.press("Enter");
    assert.equal(await width(".column.side"), before);
  }),
);

test("the theme is chosen, and stays", { skip }, () =>
  visit(async (page) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    const choose = async (name) => {
      await page.getByRole("button", { name: "Theme", exact: true }).click();
      await page.getByRole("menuitemradio", { name }).click();
    };
    await choose("Dark");
    await until(async () => (await ground()) !== light);
    const dark = await ground();
    await page.reload();
    await page.locator("wakey-console").waitFor();
    assert.equal(await ground(), dark);
    assert.deepEqual(await axe(page), []);
    await page.emulateMedia({ colorScheme: "dark" });
    await choose("Light");
    await until(async () => (await ground()) === light);
    await choose("Same as system");
    await until(async () => (await ground()) === dark);
  }),
);

test("a menu is used from the keyboard, and gives the focus back", { skip }, () =>
  visit(async (page) => {
    const button = page.getByRole("button", { name: "Session", exact: true });
    await button.press("ArrowDown");
    const now = () => page.evaluate(() => document.activeElement.textContent);
    await until(async () => /^New session/.test(await now()));
    await page.keyboard.press("ArrowDown");
    assert.match(await now(), /^Open file/);
    await page.keyboard.press("i");
    assert.match(await now(), /^Import/);
    assert.deepEqual(await axe(page), []);
    await shot(page, "session-menu");
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });
    assert.equal(await now(), await button.textContent());
  }),
);

test("the palette finds commands, keys, lessons and actions; / filters, ? lists the keys", { skip }, () =>
  visit(async (page) => {
    await type(page, "SET user:ann 1");
    await key(page, "user:ann").waitFor();
    const field = page.getByRole("combobox", { name: /^Search commands/ });
    const first = page.locator('.palette [aria-selected="true"]');
    await page.keyboard.press("Control+k");
    await field.fill("hset");
    await first.locator(".what", { hasText: /^HSET$/ }).waitFor();
    await page.locator(".palette").getByText("Creates or modifies the value of a field in a hash.").waitFor();
    assert.deepEqual(await axe(page), []);
    await shot(page, "palette");
    await page.keyboard.press("Enter");
    await until(async () => (await page.locator("wakey-console textarea").inputValue()) === "HSET ");
    await page.locator("wakey-console textarea").fill("");
    await page.keyboard.press("Control+k");
    await field.fill("user:");
    await page.locator(".palette .what", { hasText: "user:ann" }).click();
    await page.locator(".viewer h2", { hasText: "user:ann" }).waitFor();
    await page.keyboard.press("Control+k");
    await field.fill("dark");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    await page.locator("h1").click();
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("Filter keys").waitFor();
    assert.deepEqual(await axe(page), []);
    await shot(page, "keys-sheet");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("/");
    await until(async () => (await focused(page)) === "Filter keys by name");
  }),
);

test("a dialog has the focus as it comes and gives it back as it goes, not some pictures later", { skip }, () =>
  visit(async (page) => {
    // Who has the focus in the very moment in which the dialog has come, or is gone.
    await page.evaluate(() => {
      globalThis.focused = [];
      let there = false;
      new MutationObserver(() => {
        if ((document.querySelector("dialog.palette") !== null) === there) return;
        there = !there;
        globalThis.focused.push(document.activeElement.localName);
      }).observe(document.body, { childList: true, subtree: true });
    });
    // Its script is here by then.
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: /^Search commands/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog.palette").waitFor({ state: "detached" });
    await page.locator("wakey-console textarea").focus();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("hset");
    await page.keyboard.press("Enter");
    await until(async () => (await page.locator("wakey-console textarea").inputValue()) === "HSET ");
    const focused = await page.evaluate(() => globalThis.focused);
    assert.deepEqual(focused.slice(-2), ["input", "wakey-console"]);
    // The next key may come before it is told that a dialog has closed.
    await page.locator("h1").click();
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("Filter keys").waitFor();
    await page.evaluate(() => {
      document.querySelector("dialog[open]").close();
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true }));
    });
    await page.waitForFunction(() => document.activeElement.ariaLabel === "Filter keys by name");
  }),
);

test("a pointer that rests chooses nothing in the palette", { skip }, () =>
  visit(async (page) => {
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: /^Search commands/ });
    await field.fill("set");
    const options = page.locator(".palette [role=option]");
    await options.nth(3).waitFor();
    const { x, y } = await options.nth(3).boundingBox();
    await page.keyboard.press("Escape");
    await page.locator("dialog.palette").waitFor({ state: "detached" });
    await page.mouse.move(x + 20, y + 10);
    await page.keyboard.press("Control+k");
    await field.fill("set");
    await options.nth(3).dispatchEvent("pointermove", { movementX: 0, movementY: 0, bubbles: true });
    assert.equal(await options.nth(0).getAttribute("aria-selected"), "true");
    await page.mouse.move(x + 30, y + 12);
    await page.locator('.palette [role=option][aria-selected="true"]#palette-3').waitFor();
  }),
);

test("how a live server is looked at is told", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "Help", exact: true }).click();
    await page.getByRole("menuitem", { name: "Connect to a server" }).click();
    await page.getByLabel("Address of its page").fill("9090");
    assert.equal(await page.getByRole("link", { name: "Open the live page" }).getAttribute("href"), "http://127.0.0.1:9090/?live");
    await page.getByLabel("Address of its page").fill("javascript:alert(1)");
    const link = page.getByRole("link", { name: "Open the live page" });
    if ((await link.count()) > 0) assert.match(await link.getAttribute("href"), /^http/);
    assert.deepEqual(await axe(page), []);
    await shot(page, "connect");
  }),
);

test("on a tablet each tab shows another part", { skip }, () =>
  visit(
    async (page) => {
      await type(page, "SET a 1");
      const parts = { Console: ".consoles", Keys: ".keys", Monitor: ".monitor", Lessons: ".lessons", Explore: ".explorer" };
      const seen = [];
      for (const [name, part] of Object.entries(parts)) {
        await page.getByRole("navigation", { name: "Parts of the page" }).getByText(name).click();
        await page.locator(part).waitFor();
        const shown = [];
        for (const one of Object.values(parts)) if (await page.locator(one).isVisible()) shown.push(one);
        seen.push(shown.join(" "));
        await shot(page, `tablet-${name.toLowerCase()}`);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, name);
      }
      assert.equal(new Set(seen).size, seen.length, seen.join("; "));
    },
    { viewport: { width: 820, height: 1180 } },
  ),
);

test("on a phone with its keyboard up, replies are seen", { skip }, () =>
  visit(
    async (page) => {
      for (const line of ["SET a 1", "GET a", "INCR a"]) await type(page, line);
      await page.setViewportSize({ width: 390, height: 480 });
      await page.locator("wakey-console textarea").focus();
      await page.locator(".dock").waitFor({ state: "hidden" });
      const log = await page.locator("wakey-console .log").boundingBox();
      assert.ok(log.height > 250, `${log.height} pixels for replies`);
      await shot(page, "phone-keyboard");
      await page.setViewportSize({ width: 390, height: 844 });
      await page.locator(".dock").waitFor();
    },
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  ),
);
