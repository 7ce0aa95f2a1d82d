/** What is passed on: a link that is opened shows what its sender saw; Markdown, a frame, files; and what comes in. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root, until } from "../../pkg/test/support.mjs";
import { axe, key, open, shot, skip, type } from "./page.mjs";

let url;
/** A page of another origin, and what it has. */
let elsewhere;
let other;
let body = "";
let visit;
let close;

before(async () => {
  if (skip) return;
  ({ url, visit, close } = await open());
  other = createServer((_, response) => response.setHeader("content-type", "text/html").end(body));
  await new Promise((done) => other.listen(0, "127.0.0.1", done));
  elsewhere = `http://127.0.0.1:${other.address().port}/`;
});

after(() => {
  other?.close();
  return close?.();
});

/** All that stands in the consoles, tab by tab: what was typed, and what was answered. */
const transcript = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("wakey-console")].map((element) =>
      [...element.shadowRoot.querySelectorAll(".log > :not(slot)")].map(
        (entry) => `${entry.className.replace(" later", "")}: ${entry.textContent}`,
      ),
    ),
  );

const prompt = (page, which) => page.locator("wakey-console textarea").nth(which);

/** Opens the dialog and gives the link, which may be slow to come. */
async function linkOf(page) {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const field = page.getByLabel("Link to this session");
  await until(async () => /#s=[\w-]+$/.test(await field.inputValue()));
  return field.inputValue();
}

test("a link that is opened in another browser shows the transcript byte for byte, in the tabs in which it was typed", {
  skip,
}, async () => {
  let link = "";
  let sent = [];
  await visit(async (page) => {
    const answered = (count, which = 0) =>
      page.waitForFunction(
        ([n, i]) => document.querySelectorAll("wakey-console")[i].shadowRoot.querySelectorAll(".echo").length >= n,
        [count, which],
      );
    for (const line of [
      "SET greeting hello",
      "INCR greeting",
      '  set   a "b\\x00c"',
      "SET é 'ü x'",
      "HELP GET",
      "3 INCR n",
      "TYPO x",
      'SET "open',
    ])
      await type(page, line);
    await prompt(page, 0).press("Control+c");
    await type(page, "MULTI");
    for (const line of [
      "INCR n",
      "LRANGE none 0 -1",
      "EXEC",
      "SADD s 1 2 3 4 5 6 7",
      "SPOP s 3",
      "HSET h f v g w",
      "HGETALL h",
      "SELECT 1",
      "SET there 1",
    ])
      await type(page, line);
    await page.getByRole("button", { name: "New console" }).click();
    await page.locator("wakey-console").nth(1).waitFor();
    await type(page, "SUBSCRIBE news", 1);
    await page.getByRole("tab", { name: "Console 1" }).click();
    await type(page, "PUBLISH news one", 0);
    await page.getByRole("tab", { name: "Console 2" }).click();
    await page.locator("wakey-console").nth(1).getByText('"one"').waitFor();
    await prompt(page, 1).press("Control+c");
    await type(page, "BLPOP jobs 0", 1);
    await answered(3, 1);
    await page.getByRole("tab", { name: "Console 1" }).click();
    await type(page, "SELECT 0", 0);
    await type(page, "RPUSH jobs work", 0);
    await page.getByRole("tab", { name: "Console 2" }).click();
    await page.locator("wakey-console").nth(1).getByText('"work"').waitFor();
    await type(page, "BLPOP jobs 0.6", 1);
    await page.locator("wakey-console").nth(1).getByText("(nil)").waitFor();
    await page
      .locator("wakey-console")
      .nth(1)
      .getByText(/^\(0\.\d+s\)$/)
      .waitFor();
    await type(page, "BLPOP jobs 0", 1);
    await prompt(page, 1).press("Control+c");
    await type(page, "GET greeting", 1);
    await page.locator("wakey-console").nth(1).getByText('"hello"').waitFor();
    sent = await transcript(page);
    await page.getByRole("tab", { name: "Console 1" }).click();
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.getByLabel("Title").fill("INCR <b>fails</b>");
    await page.getByLabel("Note").fill("It should <script>count</script>.\nSecond line.");
    await page.getByRole("button", { name: "Close", exact: true }).click();
    link = await linkOf(page);
    await shot(page, "share-dialog");
    assert.deepEqual(await axe(page), []);
  });
  assert.ok(sent[0].length > 30 && sent[1].length > 10);
  assert.match(sent[0].join("\n"), /WRONGTYPE|not an integer/);
  await visit(
    async (page) => {
      await page.locator("wakey-console").nth(1).waitFor({ state: "attached" });
      await until(async () => (await transcript(page))[1]?.length === sent[1].length);
      assert.deepEqual(await transcript(page), sent);
      // Title and note are text, and the clock stands.
      await page.locator(".greeting h2", { hasText: "INCR <b>fails</b>" }).waitFor();
      await page.locator(".greeting .remark", { hasText: "<script>count</script>" }).waitFor();
      assert.equal(await page.locator(".greeting :is(b, script)").count(), 0);
      await page.getByRole("button", { name: "Start the clock" }).waitFor();
      await key(page, "jobs").waitFor({ state: "detached" });
      await key(page, "greeting").waitFor();
      await shot(page, "shared-opened");
      assert.deepEqual(await axe(page), []);
    },
    { at: link.slice(url.length) },
  );
});

test("a reload brings the transcript back, too", { skip }, () =>
  visit(async (page) => {
    for (const line of ["SET a 1", "INCR a", "HELP PING", "LPUSH a x"]) await type(page, line);
    await page.locator("wakey-console").getByText("WRONGTYPE").waitFor();
    const before = await transcript(page);
    await until(() =>
      page.evaluate(
        () =>
          new Promise((done) => {
            indexedDB.open("wakey-playground").onsuccess = ({ target: { result } }) => {
              result.transaction("session").objectStore("session").get("whole").onsuccess = (event) =>
                done(event.target.result?.events.length === 3);
            };
          }),
      ),
    );
    await page.reload();
    await page.locator("wakey-console").getByText("WRONGTYPE").waitFor();
    assert.deepEqual(await transcript(page), before);
  }),
);

test("a session is copied as Markdown for an issue, and its fence holds whatever is inside", { skip }, () =>
  visit(
    async (page) => {
      await type(page, "SET a '````'");
      await type(page, "GET a");
      await type(page, "INCR a");
      await page.locator("wakey-console").getByText("not an integer").waitFor();
      await linkOf(page);
      await page.getByLabel("Title").fill("INCR fails");
      await page.getByRole("button", { name: "Copy as Markdown" }).click();
      await page.getByText("Copied as Markdown").waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(
        text,
        /^### INCR fails\n\n`{5}redis\nwakey> SET a '````'\nOK\nwakey> GET a\n"````"\nwakey> INCR a\n\(error\) ERR value is not an integer or out of range\n`{5}\n\n\[Open this session in Wakey\]\(http.*#s=[\w-]+\)$/,
      );
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  ),
);

test("the embed code is a frame with the console alone, which works and can be opened in the playground", { skip }, () =>
  visit(
    async (page, context) => {
      await type(page, "SET greeting hello");
      await type(page, "GET greeting");
      await page.locator("wakey-console").getByText('"hello"').waitFor();
      await linkOf(page);
      await page.getByRole("button", { name: "Copy embed code" }).click();
      await page.getByText("Embed code copied.").waitFor();
      const code = await page.evaluate(() => navigator.clipboard.readText());
      const [, src] = /^<iframe src="([^"]+)" title="Wakey" /.exec(code);
      assert.match(src, /\?embed#s=[\w-]+$/);
      body = `<h1>A page</h1>${code}`;
      const outer = await context.newPage();
      await outer.goto(elsewhere);
      const frame = outer.frameLocator("iframe");
      await frame.locator("wakey-console").getByText('"hello"').waitFor();
      await frame.locator("wakey-console textarea").fill("APPEND greeting !");
      await frame.locator("wakey-console textarea").press("Enter");
      await frame.locator("wakey-console").getByText("(integer) 6").waitFor();
      assert.equal(await frame.locator(".keys, .timeline, .top").count(), 0);
      assert.match(await frame.getByRole("link", { name: "Open in the playground" }).getAttribute("href"), /^\.\/#s=/);
      await shot(outer, "embedded");
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  ),
);

test("a live server is not shown inside another page", { skip }, () =>
  visit(async (_, context) => {
    body = `<iframe src="${url}?live"></iframe>`;
    const outer = await context.newPage();
    await outer.goto(elsewhere);
    await outer.frameLocator("iframe").getByText("isn’t shown inside another page").waitFor();
  }),
);

/** A fragment of any JSON. */
const fragment = (page, what) =>
  page.evaluate(async (text) => {
    const packed = new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw")));
    const binary = String.fromCharCode(...new Uint8Array(await packed.arrayBuffer()));
    return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  }, JSON.stringify(what));

test("what a hostile link says is bounded, and text", { skip }, () =>
  visit(async (page, context) => {
    const good = { v: 1, seed: 1, start: 1_700_000_000_000, now: 1_700_000_000_000, events: [{ at: 0, by: "c1", args: ["PING"] }] };
    const opened = async (record) => {
      const other = await context.newPage();
      await other.goto(`${url}#s=${await fragment(page, record)}`);
      await other.locator("wakey-console").first().waitFor();
      return other;
    };
    for (const bad of [
      { ...good, title: "x".repeat(121) },
      { ...good, note: "x".repeat(2001) },
      { ...good, title: { toString: 1 } },
      { ...good, asides: [{ n: 0, by: "c1", line: 7, prompt: "" }] },
      { ...good, asides: Array(1001).fill({ n: 0, by: "c1", line: "help", prompt: "" }) },
      { ...good, events: [{ at: 0, by: "c1", args: ["PING"], line: 3 }] },
    ]) {
      const other = await opened(bad);
      await other.getByText("This link is incomplete").waitFor();
      await other.close();
    }
    const line = "GET <img src=x onerror=alert(1)> \u202etxt";
    const other = await opened({
      ...good,
      title: "<img src=x>",
      events: [{ at: 0, by: "c1", args: ["GET", "x"], line }],
      asides: [{ n: 1, by: "c6", line: "help <script>", prompt: "<b>" }],
    });
    await other.locator("wakey-console").first().getByText("GET <img src=x onerror=alert(1)> \\u202etxt").waitFor();
    assert.equal(await other.locator("img, .greeting img").count(), 0);
    await other.getByRole("tab", { name: "Console 6" }).waitFor();
  }),
);

test("a session is exported as commands, as data for any Redis, and as a dialogue", { skip }, () =>
  visit(async (page) => {
    for (const line of ["SET a 1 EX 1000", "HSET h f v", "SADD s 1 2 3", "SPOP s", "SMEMBERS s", "INCR h", "SELECT 2", "SET other 1"])
      await type(page, line);
    await page.locator("wakey-console").getByText("WRONGTYPE").waitFor();
    const download = async (item) => {
      await page.getByRole("button", { name: "Session", exact: true }).click();
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: item }).click()]);
      return readFileSync(await file.path(), "latin1");
    };
    assert.match(await download(/^Download commands/), /^SET a 1 EX 1000\nHSET h f v\n/);
    const aof = await download(/^Download data/);
    assert.match(aof, /^\*2\r\n\$6\r\nSELECT\r\n\$1\r\n0\r\n/);
    const dialogue = await download(/^Download test dialogue/);
    assert.match(dialogue, /^== A session of the playground\n@clock \d+\n/);
    assert.match(dialogue, /@session c1\n@resp2\n/);
    assert.match(dialogue, /\n> INCR h\n\(error\) WRONGTYPE /);
    assert.match(dialogue, /\n@like\n> SPOP s\n<lines>\n/);
    // The data comes back as it was.
    await page.getByRole("button", { name: "Session", exact: true }).click();
    await page.getByRole("menuitem", { name: "New session" }).click();
    await page.getByText("No keys yet").waitFor();
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: "data.aof", mimeType: "text/plain", buffer: Buffer.from(aof, "latin1") });
    await key(page, "a").locator(".countdown").waitFor();
    await key(page, "s").waitFor();
    await page.getByLabel("Database").selectOption("2");
    await key(page, "other").waitFor();
  }),
);

test("what two consoles did, waits and messages too, is a dialogue that wakey replay plays; a damaged one fails", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "wakey-dialogue-"));
  const replay = (text) => {
    const path = join(folder, "session.resp");
    writeFileSync(path, text);
    return spawnSync(process.execPath, [join(root, "pkg/dist/cli.cjs"), "replay", path], { encoding: "utf8" });
  };
  try {
    await visit(async (page) => {
      for (const line of [
        "SET a 1",
        "EXPIRE a 100",
        "SADD s z y x",
        "SMEMBERS s",
        "SRANDMEMBER s",
        "HGETALL none",
        'SET b "x\\x00\\n"',
        "GET b",
      ])
        await type(page, line);
      await page.getByRole("button", { name: "New console" }).click();
      await type(page, "SUBSCRIBE news other", 1);
      await page.locator("wakey-console").nth(1).getByText('"other"').waitFor();
      await page.getByRole("tab", { name: "Console 1" }).click();
      await type(page, "PUBLISH news hello", 0);
      await page.getByRole("button", { name: "New console" }).click();
      await type(page, "BLPOP jobs 0", 2);
      await page.getByText("BLPOP jobs 0").first().waitFor();
      await page.getByRole("tab", { name: "Console 1" }).click();
      await page.getByRole("button", { name: "+1 s" }).click();
      await type(page, "RPUSH jobs work", 0);
      await type(page, "MULTI", 0);
      await type(page, "INCR a", 0);
      await type(page, "EXEC", 0);
      await page.locator("wakey-console").first().getByText("1) (integer) 2").waitFor();
      await page.getByRole("button", { name: "Session", exact: true }).click();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: /^Download test dialogue/ }).click(),
      ]);
      const text = readFileSync(await file.path(), "utf8");
      assert.match(text, /@advance \d+\n/);
      assert.match(text, /@session c2\n@hear\n1\) "message"\n2\) "news"\n3\) "hello"/);
      assert.match(text, /@session c3\n@hear\n1\) "jobs"\n2\) "work"/);
      const good = replay(text);
      assert.equal(good.status, 0, `${good.stdout}\n${text}`);
      assert.match(good.stdout, /all as expected/);
      const bad = replay(text.replace('"hello"', '"bye"'));
      assert.equal(bad.status, 1);
      assert.match(bad.stdout, /1 difference\n$/);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the session's menu takes in what is pasted: prompts and replies stay out, and what is unknown is told before", { skip }, () =>
  visit(async (page) => {
    await page.getByRole("button", { name: "Session", exact: true }).click();
    await page.getByRole("menuitem", { name: /^Import data/ }).click();
    const field = page.getByLabel("Commands or data to import");
    await field.fill(
      '127.0.0.1:6379> SET a "x y"\nOK\n127.0.0.1:6379> LRANGE l 0 -1\n1) "one"\n2) "two"\n127.0.0.1:6379[1]> JSON.SET d $ 1\nOK\n',
    );
    await page.getByText("A redis-cli transcript: 3 commands.").waitFor();
    await page.getByText("Unknown here: json.set.").waitFor();
    assert.deepEqual(await axe(page), []);
    await field.fill("# keys\nSET a 1\nSET b 2\n");
    await page.getByText("Commands: 2 commands.", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Import 2 commands" }).click();
    await page.getByText("Imported 2 commands.").waitFor();
    await key(page, "b").waitFor();
  }),
);
