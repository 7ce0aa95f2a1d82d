/** The documentation as it is built: links lead somewhere, the policy has nothing to refuse, consoles run, search finds, axe is content. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { open as openDatabase } from "wakey";
import "wakey/words";
import { SITE } from "../../scripts/site.mjs";
import { axe, open, skip } from "./page.mjs";

const DOCS = join(SITE, "docs");
const pages = readdirSync(DOCS, { recursive: true })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".html"));
const html = new Map(pages.map((file) => [file, readFileSync(join(DOCS, file), "utf8")]));

const unescaped = (text) =>
  text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&");

let visit;
let url;
let close;
before(async () => {
  if (!skip) ({ visit, url, close } = await open());
});
after(() => close?.());

test("after a visit all of it works without a network: pages, the search, consoles", { skip }, async () => {
  // A site of its own, which goes away: another one that began to keep it would go on.
  const { server, url, visit, close } = await open();
  try {
    await visit(
      async (page) => {
        await page.evaluate(() => navigator.serviceWorker.ready);
        await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
        const cached = await page.evaluate(async () => {
          const [name] = await caches.keys();
          return (await (await caches.open(name)).keys()).length;
        });
        assert.ok(cached > pages.length, `${cached}`);
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
        await assert.rejects(fetch(url));
        for (const file of ["commands/zadd.html", "index.html", "", "guides/persistence.html"]) {
          await page.goto(`${url}docs/${file}`);
          await page.locator("article h1").waitFor();
          const display = await page.evaluate(() => getComputedStyle(document.querySelector("header.bar")).display);
          assert.equal(display, "flex", "its styles are there");
        }
        await page.keyboard.press("/");
        await page.getByRole("combobox", { name: "Search the documentation" }).fill("hsetex");
        await page
          .getByRole("option", { name: /HSETEX/ })
          .first()
          .click();
        await page.waitForURL(/commands\/hsetex\.html/);
        const console = page.locator("wakey-console").first();
        await console.locator("textarea").fill("PING");
        await console.locator("textarea").press("Enter");
        await console.getByText("PONG").waitFor();
      },
      { at: "docs/guides/terminal.html", ready: "article h1", expected: /net::ERR_CONNECTION_REFUSED/ },
    );
  } finally {
    await close();
  }
});

test("every link leads to a page and an anchor that are there", () => {
  const wrong = [];
  const anchors = new Map([...html].map(([file, text]) => [file, new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id))]));
  for (const [file, text] of html) {
    for (const [, address] of text.matchAll(/\s(?:href|src)="([^"]+)"/g)) {
      if (/^[a-z]+:/.test(address)) {
        if (!/^https?:/.test(address)) wrong.push(`${file}: ${address}`);
        continue;
      }
      const [path, anchor] = address.split("#");
      const to = path === "" ? file : normalize(join(dirname(file), path)).replaceAll("\\", "/");
      // The API reference is made by itself.
      if (to.startsWith("../api/")) continue;
      if (!existsSync(join(DOCS, to))) wrong.push(`${file}: ${address}`);
      else if (anchor !== undefined && anchors.has(to) && !anchors.get(to).has(decodeURIComponent(anchor)))
        wrong.push(`${file}: ${address}: no such anchor`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(pages.length > 450);
});

test("links to files of the repository lead to files that there are", () => {
  const wrong = [];
  for (const [file, text] of html)
    for (const [, path] of text.matchAll(/href="https:\/\/github\.com\/[^"/]+\/wakey\/blob\/main\/([^"#]+)/g))
      if (!existsSync(join(SITE, "../..", path))) wrong.push(`${file}: ${path}`);
  assert.deepEqual(wrong, []);
});

test("no page has an inline script, a style or a handler, and each has the site's policy", () => {
  for (const [file, text] of html) {
    assert.equal(/<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle="|\son[a-z]+="/.exec(text)?.[0], undefined, file);
    assert.ok(text.includes(`http-equiv="Content-Security-Policy" content="default-src 'none';`), file);
    assert.equal(/@POLICY@|\[object Object/.exec(text)?.[0], undefined, file);
  }
});

test("every command and subcommand has its page, with a console on all but those that only contain others", async () => {
  const db = await openDatabase();
  for (const [name, { subcommands = {} }] of Object.entries(db.command("DOCS"))) {
    for (const one of [name, ...Object.keys(subcommands)]) {
      const text = html.get(`commands/${one.toLowerCase().replace("|", "-")}.html`);
      assert.ok(text, one);
      if (one !== name || Object.keys(subcommands).length === 0) assert.match(text, /<wakey-console/, one);
    }
  }
  db.close();
});

test("llms.txt names pages that there are, and llms-full.txt has them", () => {
  const short = readFileSync(join(DOCS, "llms.txt"), "utf8");
  const named = [...short.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to).filter((to) => !to.startsWith("../"));
  assert.deepEqual(
    named.filter((to) => !existsSync(join(DOCS, to))),
    [],
  );
  assert.ok(named.length > 40);
  const full = readFileSync(join(DOCS, "llms-full.txt"), "utf8");
  assert.match(full, /^# Persistence$/m);
  assert.match(full, /- `ZADD key \[NX\|XX\]/);
  for (const [, to] of readFileSync(join(SITE, "llms.txt"), "utf8").matchAll(/\]\(([^)]+)\)/g))
    assert.ok(to.startsWith("api/") || existsSync(join(SITE, to)), to);
});

/** One of each kind. */
const KINDS = [
  "index.html",
  "guides/persistence.html",
  "commands/zadd.html",
  "commands/index.html",
  "compatibility.html",
  "design.html",
  "start/tests.html",
];
const SCREENS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
for (const viewport of SCREENS)
  for (const colorScheme of ["light", "dark"])
    test(`axe finds nothing at ${viewport.width} px, ${colorScheme}`, { skip }, async () => {
      for (const file of KINDS)
        await visit(
          async (page) => {
            if (file === "commands/zadd.html") await page.locator("wakey-console .log").getByText("(integer) 2").waitFor();
            assert.deepEqual(await axe(page), [], file);
          },
          { at: `docs/${file}`, ready: "article h1", viewport, colorScheme },
        );
    });

test("no page is wider than a phone", { skip }, () =>
  visit(
    async (page) => {
      const wide = [];
      for (const file of pages.filter(
        (file) => !file.startsWith("commands/") || /\/(zadd|set|index|geosearch|xinfo-stream|acl|sort)\.html$/.test(file),
      )) {
        await page.goto(`${url}docs/${file}`, { waitUntil: "load" });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) wide.push(`${file}: ${over} px`);
      }
      assert.deepEqual(wide, []);
    },
    { at: "docs/index.html", ready: "article h1", viewport: { width: 390, height: 844 } },
  ),
);

test("the example of a command runs in its page, and its reader types on", { skip }, () =>
  visit(
    async (page) => {
      const log = page.locator("wakey-console .log");
      await log.getByText('"Ann"').waitFor();
      const input = page.locator("wakey-console textarea");
      await input.fill("ZSCORE board Ann");
      await input.press("Enter");
      await log.locator(".reply").nth(2).waitFor();
      assert.match(await log.textContent(), /ZSCORE board Ann"10"/);
    },
    { at: "docs/commands/zadd.html", ready: "wakey-console" },
  ),
);

test("every example runs in a console as its page has it, and answers what it should", { skip }, () =>
  visit(
    async (page) => {
      await page.locator("wakey-console .log").getByText("(integer) 2").waitFor();
      const wrong = [];
      let all = 0;
      for (const [file, text] of html) {
        const [, tag, lines] = /(<wakey-console[^>]*>)<pre>\n([\s\S]*?)<\/pre><\/wakey-console>/.exec(text) ?? [];
        if (!file.startsWith("commands/") || tag === undefined || tag.includes("db=")) continue;
        const { errors, replies } = await page.evaluate(
          async ([tag, lines]) => {
            const wasm = document.querySelector("wakey-console").getAttribute("wasm-src");
            const holder = document.createElement("div");
            holder.innerHTML = `${tag}</wakey-console>`;
            const one = holder.firstElementChild;
            one.setAttribute("wasm-src", wasm);
            const out = { errors: [], replies: 0 };
            one.addEventListener("wakey-reply", ({ detail }) => {
              out.replies++;
              if (detail.reply.type === "error") out.errors.push(`${detail.line}: ${detail.reply.text}`);
            });
            document.body.append(holder);
            // What listens, or has ended its session, gives no answer.
            await Promise.race([one.run(lines), new Promise((done) => setTimeout(done, 3000))]);
            holder.remove();
            return out;
          },
          [tag, unescaped(lines)],
        );
        all += replies;
        const said = [...text.matchAll(/^\(error\) (.*)$/gm)].length;
        if (errors.length > said) wrong.push(`${file}: ${errors.join("; ")}`);
      }
      assert.deepEqual(wrong, []);
      assert.ok(all > 700, `${all} replies`);
    },
    { at: "docs/commands/zadd.html", ready: "wakey-console" },
  ),
);

test("commands of a cluster are asked of a node of one", { skip }, () =>
  visit((page) => page.locator("wakey-console .log").getByText("(integer) 10778").waitFor(), {
    at: "docs/commands/cluster-keyslot.html",
    ready: "wakey-console",
  }),
);

test("search finds a command by its name, a guide by a word, and goes there", { skip }, () =>
  visit(
    async (page) => {
      await page.keyboard.press("/");
      const input = page.locator("dialog input");
      await input.fill("zadd");
      await page.locator("dialog li:first-child [role=option]", { hasText: /^ZADD/ }).waitFor();
      await input.fill("what survives");
      await page.locator("dialog li:first-child [role=option]", { hasText: "Persistence › What survives" }).waitFor();
      assert.deepEqual(await axe(page), []);
      await input.press("Enter");
      await page.waitForURL(/guides\/persistence\.html#what-survives$/);
      await page.keyboard.press("Control+k");
      await page.locator("dialog input").fill("qqqq zzzz");
      await page.locator("dialog").getByText("Nothing found.").waitFor();
    },
    { at: "docs/index.html", ready: "article h1" },
  ),
);

test("the table of differences is filtered", { skip }, () =>
  visit(
    async (page) => {
      await page.locator(".filter input").first().fill("spop");
      assert.equal(await page.locator("article table").first().locator("tbody tr:visible").count(), 1);
      await page.locator(".filter").first().getByText(/^1 of/).waitFor();
    },
    { at: "docs/compatibility.html", ready: "article h1" },
  ),
);

test("dark or light is kept from page to page, and a phone has a menu", { skip }, () =>
  visit(
    async (page) => {
      await page.locator("button.theme").click();
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
      await page.locator("button.menu").click();
      await page.locator("#side").getByText("Persistence", { exact: true }).click();
      await page.waitForURL(/persistence/);
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    },
    { at: "docs/index.html", ready: "article h1", colorScheme: "light", viewport: { width: 390, height: 844 } },
  ),
);
