/** `<wakey-console>` in headless Chromium, as a person uses it: on bare, strict and documentation pages. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { chromium, dist, launch, pkg, root, source, until } from "./support.mjs";

const executablePath = chromium();
const skip = executablePath === undefined && "no browser";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where pictures go, to be looked at. */
const shots = join(pkg, "test/screenshots");
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; require-trusted-types-for 'script'";
let browser;
let site;
let base;

before(async () => {
  if (skip) return;
  const { outputFiles } = await build({
    stdin: { contents: 'import "wakey/console";', resolveDir: join(pkg, "test") },
    bundle: true,
    write: false,
    format: "esm",
    logLevel: "error",
  });
  const bundle = outputFiles[0].text;
  const types = { js: "text/javascript", wasm: "application/wasm", html: "text/html" };
  site = createServer((request, response) => {
    if (request.url === "/bundle.js") return void response.setHeader("content-type", types.js).end(bundle);
    if (request.url === "/empty") return void response.setHeader("content-type", types.html).end("<!doctype html><title>empty</title>");
    if (request.url === "/favicon.ico") return void response.writeHead(204).end();
    const path = request.url.startsWith("/dist/") ? join(dist, request.url.slice(6)) : join(pkg, "test/console", request.url);
    let body;
    try {
      body = readFileSync(path);
    } catch {
      return void response.writeHead(404).end();
    }
    response.setHeader("content-type", types[path.split(".").pop()]);
    if (path.endsWith("strict.html")) response.setHeader("content-security-policy", POLICY);
    response.end(body);
  }).listen(0, "127.0.0.1");
  await new Promise((done) => site.once("listening", done));
  base = `http://127.0.0.1:${site.address().port}`;
  browser = await launch(executablePath);
});

after(async () => {
  await browser?.close();
  site?.close();
});

/** Opens a page; what it complains of is collected. */
async function visit(file, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") page.complaints.push(message.text());
  });
  await page.goto(`${base}/${file}`);
  return page;
}

/** What a console shows, a line each, without how long something took: that is as long as the machine makes it. */
function shown(page, n = 0) {
  return page
    .locator("wakey-console")
    .nth(n)
    .evaluate((one) =>
      [...one.shadowRoot.querySelectorAll(".echo, .reply code")]
        .flatMap((line) => line.textContent.split("\n"))
        .filter((line) => !/^\(\d+\.\d\ds\)$/.test(line)),
    );
}

async function ends(page, n, ...lines) {
  let last;
  await until(async () => {
    last = await shown(page, n);
    return JSON.stringify(last.slice(-lines.length)) === JSON.stringify(lines);
  }).catch(() => assert.deepEqual(last.slice(-lines.length), lines));
}

const input = (page, n = 0) => page.locator("wakey-console").nth(n).locator("textarea");
const part = (page, n, selector) => page.locator("wakey-console").nth(n).locator(selector);

/** Goes to a console, and waits until it knows the commands. */
async function go(page, n = 0) {
  await input(page, n).focus();
  await until(() =>
    page
      .locator("wakey-console")
      .nth(n)
      .evaluate((one) => one.session?.docs.size > 0),
  );
}

async function type(page, line) {
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

async function picture(page, name) {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run());
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary}`).join("; ")}`);
}

test("the pieces of a reply are, together, what the terminal shows", async () => {
  const { pieces } = await source("console/replies");
  const { pretty } = await source("prompt/format");
  let seed = 7;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const text = () => Array.from({ length: random(9) === 0 ? 5000 : random(6) }, () => 'ab "\\\n\t\x00\xff'[random(9)]).join("");
  const node = (depth) => {
    const kind = random(depth > 3 ? 6 : 10);
    if (kind < 3) return { type: "string", text: text() };
    if (kind < 6)
      return [{ type: "int", text: "12" }, { type: "null" }, { type: "bool", value: true }, { type: "simple", text: "OK" }][random(4)];
    const items = Array.from({ length: random(12) }, () => node(depth + 1));
    if (kind === 9) return { type: "map", pairs: items.map((item) => [{ type: "string", text: text() }, item]) };
    return { type: kind === 6 ? "set" : "array", items };
  };
  for (let i = 0; i < 500; i++) {
    const one = node(0);
    assert.equal([...pieces(one)].map((piece) => piece.text).join(""), pretty(one));
  }
});

test("what may stand next: words of the syntax and keys", async () => {
  const { candidates, common, hint, docs, parse, open, latin1 } = await tools();
  const db = await open();
  const session = db.session();
  const engine = session._engine;
  const length = engine.run(session._id, ["COMMAND", "DOCS"]);
  const all = docs(parse(latin1(engine.bytes.subarray(engine.replyAt(), engine.replyAt() + length))).node);
  db.close();
  const at = (line) => candidates(all, line, (prefix) => ["user:1", "user 2", "w\xff"].filter((key) => key.startsWith(prefix)));
  assert.ok(at("hge").words.includes("hget") && at("HGE").words.includes("HGET"));
  assert.deepEqual(at("set k v ").words.slice(0, 3), ["nx", "xx", "ifeq"]);
  assert.deepEqual(at("SET k v E"), { start: 8, words: ["EX", "EXAT"] });
  assert.deepEqual(at("SET k v NX E").words, ["EX", "EXAT"]);
  assert.deepEqual(at("get us"), { start: 4, words: ["user:1", '"user 2"'] });
  assert.deepEqual(at("get ").words, ["user:1", '"user 2"', '"w\\xff"']);
  assert.deepEqual(at("config g").words, ["config get"]);
  assert.deepEqual(at("").words, []);
  assert.deepEqual(at("nothing here").words, []);
  assert.equal(common(["hget", "hgetall", "hgetdel"]), "hget");
  assert.equal(hint(all, "hset k").rest, " field value [field value ...]");
  assert.equal(hint(all, "hset k f ").rest, "value [field value ...]");
  assert.match(hint(all, "get").help, /^GET: /);
});

async function tools() {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from "./src/prompt/complete.ts"; export * from "./src/prompt/advice.ts"; export { docs } from "./src/prompt/hints.ts"; export { parse } from "./src/resp/nodes.ts"; export { latin1 } from "./src/resp/latin1.ts";`,
      resolveDir: pkg,
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  const { open } = await import("wakey");
  return { open, ...(await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`)) };
}

test("what is said not to be here is what COMPAT.md has no", async () => {
  const { advice, MISSING, docs, parse, latin1, open } = await tools();
  const compat = readFileSync(join(root, "COMPAT.md"), "utf8");
  // Redis's own names, before what older releases and other servers have.
  const none = [...compat.matchAll(/^\| ([A-Z-]+) \| no \|/gm)].map(([, name]) => name);
  assert.deepEqual([...MISSING].sort(), none.sort());
  const db = await open();
  const session = db.session();
  const engine = session._engine;
  const length = engine.run(session._id, ["COMMAND", "DOCS"]);
  const known = docs(parse(latin1(engine.bytes.subarray(engine.replyAt(), engine.replyAt() + length))).node);
  db.close();
  const error = { type: "error", text: "ERR unknown command 'x'" };
  for (const [line, said] of [
    ["GTE a", "Did you mean GET?"],
    ["HGETAL h", "Did you mean HGETALL?"],
    ["zad z 1 a", "Did you mean ZADD?"],
    ["XGROUP CRAETE s g", "Did you mean XGROUP CREATE?"],
    ["FT.SEARCH i q", "FT.SEARCH belongs to Redis Search, which is not in Wakey."],
    ["__proto__.x", undefined],
    ["hello,world", undefined],
    ["", undefined],
  ])
    assert.equal(advice(known, line.split(" "), error), said, line);
  assert.equal(advice(known, ["GTE"], { type: "error", text: "WRONGTYPE" }), undefined);
});

test("a block of commands: lines, or a transcript", async () => {
  const { linesOf } = await import("wakey/console");
  assert.deepEqual(linesOf("\n  SET a 1\n\nGET a\n"), ["SET a 1", "GET a"]);
  assert.deepEqual(linesOf('> SET a 1\n"OK"\n> GET a\n"1"\n'), ["SET a 1", "GET a"]);
  assert.deepEqual(linesOf("127.0.0.1:6379> SET a 1\nOK\nredis> GET a"), ["SET a 1", "GET a"]);
  assert.deepEqual(linesOf("ZRANGEBYSCORE z 1 2"), ["ZRANGEBYSCORE z 1 2"]);
  assert.deepEqual(linesOf('  EVAL "\n    return 1\n  " 0\n  GET k'), ['EVAL "\n    return 1\n  " 0', "GET k"]);
  assert.deepEqual(linesOf('> EVAL "\nreturn 1" 0\n(integer) 1\n> GET k'), ['EVAL "\nreturn 1" 0', "GET k"]);
});

describe("on a page", { skip }, () => {
  test("a bare page runs its block, and one types on; RESP2 and RESP3", async () => {
    const page = await visit("bare.html");
    await ends(page, 0, ...'wakey> HGETALL myhash|1) "field1"|2) "Hello"|3) "field2"|4) "Hi"|5) "field3"|6) "World"'.split("|"));
    await go(page, 1);
    await type(page, "hget myhash field2");
    await ends(page, 1, "wakey> hget myhash field2", '"Hi"');
    await type(page, "set \"a b\" 'it\\'s' ex 100");
    await type(page, 'get "a b"');
    await ends(page, 1, 'wakey> get "a b"', '"it\'s"');
    await type(page, 'get "wrong"ly');
    await ends(page, 1, "Invalid argument(s)");
    await type(page, "nosuch 1");
    await ends(page, 1, "(error) ERR unknown command 'nosuch', with args beginning with: '1' ");
    assert.equal(await part(page, 1, ".error").count(), 2);
    await type(page, "3 incr n");
    await ends(page, 1, "wakey> 3 incr n", "(integer) 1", "(integer) 2", "(integer) 3");
    await type(page, "multi");
    await type(page, "set a 1");
    await ends(page, 1, "wakey(TX)> set a 1", "QUEUED");
    await type(page, "exec");
    await type(page, "select 3");
    await type(page, "help get");
    await ends(page, 1, "  GET key", "  summary: Returns the string value of a key.", "  since: 1.0.0", "  cost: O(1)", "  group: string");
    assert.equal(await part(page, 1, "label").innerText(), "wakey[3]> ");
    await go(page, 2);
    await type(page, "hset h a 1");
    await type(page, "hgetall h");
    await ends(page, 2, "wakey> hgetall h", '1# "a" => "1"');
    await type(page, "quit");
    await type(page, "get h");
    await ends(page, 2, "(error) WRONGTYPE Operation against a key holding the wrong kind of value");
    assert.deepEqual(page.complaints, []);
    await picture(page, "bare");
  });

  test("a page under a strict policy: looks, module and shared keyspace; commands that are offered", async () => {
    const page = await visit("strict.html");
    await ends(page, 0, "wakey> GET greeting", '"Hello"');
    await go(page, 1);
    await type(page, "get greeting");
    await ends(page, 1, '"Hello"');
    assert.deepEqual(await shown(page, 2), []);
    await part(page, 2, ".offers button").first().click();
    await ends(page, 2, "wakey> INCR visits", "(integer) 1");
    await part(page, 2, ".offers button").last().click();
    await ends(page, 2, "(integer) 3");
    const position = await part(page, 0, ".field").evaluate((one) => getComputedStyle(one).display);
    assert.equal(position, "grid");
    assert.deepEqual(page.complaints, []);
    await picture(page, "strict");
  });

  for (const [name, last] of [
    ["docusaurus", ["wakey> HGETALL myhash", '1) "field1"', '2) "Hello"']],
    ["hugo", ["wakey> HGET myhash field1", '"Hello"']],
  ]) {
    test(`a page that ${name} built: its style stays outside`, async () => {
      const page = await visit(`${name}.html`);
      await ends(page, 0, ...last);
      const border = await input(page).evaluate((one) => getComputedStyle(one).borderTopWidth);
      assert.equal(border, "0px");
      assert.deepEqual(page.complaints, []);
      assert.deepEqual(await violations(page), []);
      await picture(page, name);
    });
  }

  test("a bundle has it, in one file too; an element that a script makes; the page's own database", async () => {
    const page = await visit("bundled.html");
    await ends(page, 0, "wakey> PING", "PONG");
    const answers = await page.evaluate(async () => {
      const first = document.querySelector("wakey-console");
      const one = document.createElement("wakey-console");
      const heard = [];
      document.body.addEventListener("wakey-reply", ({ detail }) => heard.push([detail.line, detail.args, detail.reply.type]));
      one.database = first.database;
      document.body.append(one);
      await one.run("SET a 1\nGET a");
      one.offer("DEL a");
      return [heard, first.database.get("a"), one.shadowRoot.querySelector("textarea").value];
    });
    assert.deepEqual(answers, [
      [
        ["SET a 1", ["SET", "a", "1"], "simple"],
        ["GET a", ["GET", "a"], "string"],
      ],
      "1",
      "DEL a",
    ]);
    // Moved, it is the same; taken away, its session ends.
    const sessions = await page.evaluate(async () => {
      const [first, one] = document.querySelectorAll("wakey-console");
      const count = () => first.database.stats().sessions;
      const before = count();
      document.body.prepend(one);
      await new Promise((done) => setTimeout(done));
      const moved = count();
      one.remove();
      await new Promise((done) => setTimeout(done));
      return [moved - before, count() - before];
    });
    assert.deepEqual(sessions, [0, -1]);
    assert.deepEqual(page.complaints, []);
  });

  test("what is set before the element is defined is kept, and attributes may come later", async () => {
    const page = await visit("empty");
    const answers = await page.evaluate(async () => {
      const one = document.createElement("wakey-console");
      const { open } = await import("/dist/inline.js");
      one.database = await open();
      one.database.set("k", "mine");
      document.body.append(one);
      await import("/dist/console.js");
      await one.run("GET k");
      one.setAttribute("resp", "3");
      await one.run("HGETALL nothing");
      return [...one.shadowRoot.querySelectorAll("code")].map((code) => code.textContent);
    });
    assert.deepEqual(answers, ['"mine"', "(empty hash)"]);
  });

  test("variables of the page change the looks, and so does theme", async () => {
    const page = await visit("strict.html", { colorScheme: "light" });
    const colors = await page.evaluate(() => {
      const one = document.querySelector("wakey-console");
      const color = () => [getComputedStyle(one).backgroundColor, getComputedStyle(one).colorScheme];
      const light = color();
      one.setAttribute("theme", "dark");
      const dark = color();
      document.body.style.setProperty("--wakey-background", "rgb(1, 2, 3)");
      return [light, dark, color()];
    });
    assert.deepEqual(colors, [
      ["rgb(255, 255, 255)", "light"],
      ["rgb(20, 24, 31)", "dark"],
      ["rgb(1, 2, 3)", "dark"],
    ]);
  });

  test("what cannot be opened says so, and is tried again", async () => {
    const page = await visit("bundled.html");
    await page.evaluate(() => {
      const one = document.createElement("wakey-console");
      one.setAttribute("wasm-src", "/nothing.wasm");
      document.body.append(one);
    });
    await input(page, 1).focus();
    await until(async () => /could not be opened/.test(await part(page, 1, ".help").textContent()));
    await type(page, "ping");
    await ends(page, 1, "wakey> ping", "Error: fetching the WebAssembly module failed: 404 Not Found");
    await page.evaluate(() => document.querySelectorAll("wakey-console")[1].setAttribute("wasm-src", "/dist/core.wasm"));
    await type(page, "ping");
    await ends(page, 1, "wakey> ping", "PONG");
  });

  test("a name that is begun is ended dimly, and taken with the right arrow; a mistyped one is asked about", async () => {
    const page = await visit("bare.html");
    await go(page, 1);
    await page.keyboard.type("hget");
    // A command itself: nothing to guess.
    assert.match(await part(page, 1, ".help").textContent(), /^HGET: /);
    await page.keyboard.type("a");
    assert.equal(await part(page, 1, ".rest").textContent(), "ll");
    assert.match(await part(page, 1, ".help").textContent(), /^HGETALL: /);
    await page.keyboard.press("ArrowRight");
    assert.equal(await input(page, 1).inputValue(), "hgetall ");
    await page.keyboard.type("h");
    // Within the line the arrow moves.
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await ends(page, 1, "wakey> hgetall h", "(empty array)");
    await type(page, "STE a 1");
    await ends(page, 1, "(error) ERR unknown command 'STE', with args beginning with: 'a' '1' ", "Did you mean SET?");
    await type(page, "JSON.SET a $ 1");
    await ends(
      page,
      1,
      "(error) ERR unknown command 'JSON.SET', with args beginning with: 'a' '$' '1' ",
      "JSON.SET belongs to RedisJSON, which is not in Wakey.",
    );
    await type(page, "MIGRATE a");
    await ends(page, 1, "(error) ERR unknown command 'MIGRATE', with args beginning with: 'a' ", "MIGRATE is not in Wakey.");
    await type(page, "qwertyuiop");
    await ends(page, 1, "wakey> qwertyuiop", "(error) ERR unknown command 'qwertyuiop'");
  });

  test("completion, the hint behind the cursor, and a line of help", async () => {
    const page = await visit("bare.html");
    await go(page, 1);
    await page.keyboard.type("hexpi");
    await page.keyboard.press("Tab");
    assert.equal(await input(page, 1).inputValue(), "hexpire");
    assert.deepEqual(await part(page, 1, ".option").allInnerTexts(), ["hexpire", "hexpireat", "hexpiretime"]);
    assert.match(await part(page, 1, ".option").first().getAttribute("data-summary"), /^Set expiry for hash field/);
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    assert.equal(await part(page, 1, '[aria-selected="true"]').innerText(), "hexpireat");
    const id = await part(page, 1, '[aria-selected="true"]').getAttribute("id");
    assert.equal(await input(page, 1).getAttribute("aria-activedescendant"), id);
    await page.keyboard.press("Enter");
    assert.equal(await input(page, 1).inputValue(), "hexpireat ");
    assert.match(await part(page, 1, ".rest").textContent(), /^key unix-time-seconds /);
    assert.match(await part(page, 1, ".help").textContent(), /^HEXPIREAT: /);
    await page.keyboard.type("myh");
    await page.keyboard.press("Tab");
    assert.equal(await input(page, 1).inputValue(), "hexpireat myhash ");
    await page.keyboard.press("Control+c");
    await page.keyboard.type("SET k v E");
    await page.keyboard.press("Tab");
    await picture(page, "completion");
    await page.keyboard.press("Escape");
    assert.equal(await part(page, 1, ".list").isVisible(), false);
    await page.keyboard.press("Control+c");
    await ends(page, 1, "wakey> SET k v EX^C");
  });

  test("the history: arrows, search, and kept for the next visit; not secrets", async () => {
    const page = await visit("bare.html");
    await go(page, 1);
    for (const line of ["set one 1", "set two 2", "get one", "auth secret", '"AUTH" secret', "2 auth secret"]) await type(page, line);
    await page.keyboard.type("draft");
    await page.keyboard.press("ArrowUp");
    assert.equal(await input(page, 1).inputValue(), "get one");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.equal(await input(page, 1).inputValue(), "draft");
    await page.keyboard.press("Control+c");
    await page.keyboard.press("Control+r");
    await page.keyboard.type("set");
    assert.deepEqual(await part(page, 1, ".option").allInnerTexts(), ["set two 2", "set one 1"]);
    await page.keyboard.press("Control+r");
    await picture(page, "history");
    await page.keyboard.press("Enter");
    assert.equal(await input(page, 1).inputValue(), "set one 1");
    await page.keyboard.press("Control+l");
    assert.deepEqual(await shown(page, 1), []);
    await page.reload();
    await go(page, 1);
    await page.keyboard.press("ArrowUp");
    assert.equal(await input(page, 1).inputValue(), "get one");
  });

  test("a command that waits is ended by Ctrl-C and by the button; another console answers it", async () => {
    const page = await visit("bare.html");
    await go(page, 1);
    await type(page, "blpop queue 0");
    await part(page, 1, ".stop").waitFor();
    await page.keyboard.press("Control+c");
    await ends(page, 1, "wakey> blpop queue 0", "wakey> ^C");
    await type(page, "lpush queue mine");
    await ends(page, 1, "(integer) 1");
    await type(page, "lpop queue");
    await ends(page, 1, '"mine"');
    await type(page, "blpop queue 0");
    await part(page, 1, ".stop").click();
    await until(async () => !(await part(page, 1, ".stop").isVisible()));
    await go(page, 1);
    await type(page, "blpop queue 0");
    await go(page, 0);
    await type(page, "rpush queue job");
    await ends(page, 1, '1) "queue"', '2) "job"');
    await ends(page, 0, "wakey> rpush queue job", "(integer) 1");
  });

  test("two consoles exchange messages, and one watches the other", async () => {
    const page = await visit("bare.html");
    await go(page, 1);
    await type(page, "subscribe news");
    await ends(page, 1, '1) "subscribe"', '2) "news"', "3) (integer) 1");
    assert.equal(await part(page, 1, "label").innerText(), "wakey(subscribed mode)> ");
    await go(page, 0);
    await type(page, "publish news <b>hello</b>");
    await ends(page, 0, "(integer) 1");
    await ends(page, 1, '1) "message"', '2) "news"', '3) "<b>hello</b>"');
    await picture(page, "messages");
    await go(page, 1);
    await page.keyboard.press("Control+c");
    await type(page, "monitor");
    await ends(page, 1, "OK");
    await go(page, 0);
    await type(page, "publish news again");
    await ends(page, 0, "(integer) 0");
    await until(async () => (await shown(page, 1)).at(-1).endsWith('"publish" "news" "again"'));
    await go(page, 1);
    await page.keyboard.press("Control+c");
    await type(page, "get nothing");
    await ends(page, 1, "wakey> get nothing", "(nil)");
  });

  test("a script is typed on several lines: while quotes are open, and with Shift Enter", async () => {
    const page = await visit("bare.html", { permissions: ["clipboard-read", "clipboard-write"] });
    await go(page, 1);
    await type(page, 'EVAL "');
    assert.match(await part(page, 1, ".help").textContent(), /quote is still open/);
    await type(page, "local n = redis.call('INCR', KEYS[1])");
    await page.keyboard.type('return n" 1 n');
    const text = "EVAL \"\nlocal n = redis.call('INCR', KEYS[1])\nreturn n\" 1 n";
    assert.equal(await input(page, 1).inputValue(), text);
    await picture(page, "script");
    await page.keyboard.press("Enter");
    await ends(page, 1, 'wakey> EVAL "', "local n = redis.call('INCR', KEYS[1])", 'return n" 1 n', "(integer) 1");
    // It is one of the history, in which the arrows move line by line.
    await page.keyboard.press("ArrowUp");
    assert.equal(await input(page, 1).inputValue(), text);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowDown");
    assert.equal(await input(page, 1).inputValue(), text);
    await page.keyboard.press("Control+c");
    await page.keyboard.type("SET a");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("1");
    assert.equal(await input(page, 1).inputValue(), "SET a\n1");
    await page.keyboard.press("Enter");
    await ends(page, 1, "wakey> SET a", "1", "OK");
    await page.evaluate((text) => navigator.clipboard.writeText(`${text}\nGET n\nGET "a`), text);
    await page.keyboard.press("Control+v");
    await ends(page, 1, "(integer) 2", "wakey> GET n", '"2"');
    await page.keyboard.press("Enter");
    assert.equal(await input(page, 1).inputValue(), 'GET "a\n');
    await page.keyboard.press("Control+c");
    assert.equal(await input(page, 1).inputValue(), "");
    // A phone tells of its Enter by the line that it makes.
    await page.keyboard.type("GET a");
    await input(page, 1).evaluate((one) => {
      one.setRangeText("\n", one.value.length, one.value.length, "end");
      one.dispatchEvent(new InputEvent("input", { inputType: "insertLineBreak" }));
    });
    await ends(page, 1, "wakey> GET a", '"1"');
  });

  test("what is pasted runs line by line; the last line stays unless it is ended", async () => {
    const page = await visit("bare.html", { permissions: ["clipboard-read", "clipboard-write"] });
    await go(page, 1);
    await page.evaluate(() => navigator.clipboard.writeText("SET p 1\r\nINCR p\n\nINCR p"));
    await page.keyboard.press("Control+v");
    await ends(page, 1, "wakey> SET p 1", "OK", "wakey> INCR p", "(integer) 2");
    assert.equal(await input(page, 1).inputValue(), "INCR p");
    await page.keyboard.press("Enter");
    await ends(page, 1, "(integer) 3");
    await part(page, 1, ".reply").last().hover();
    await part(page, 1, ".copy").last().click();
    await until(async () => (await page.evaluate(() => navigator.clipboard.readText())) === "(integer) 3");
  });

  test("many lines that are pasted are asked about: how many, the first of them; what was typed stays where nobody wants them", async () => {
    const page = await visit("bare.html", { permissions: ["clipboard-read", "clipboard-write"] });
    await go(page, 1);
    const lines = (n) => Array.from({ length: n }, (_, i) => `INCR many${i === 2 ? " ".repeat(400) : ""}`).join("\n");
    const paste = async (text) => {
      await page.evaluate((all) => navigator.clipboard.writeText(all), text);
      await input(page, 1).focus();
      await page.keyboard.press("Control+v");
    };
    const asks = part(page, 1, ".ask");
    await paste(`${lines(20)}\n`);
    await ends(page, 1, "wakey> INCR many", "(integer) 20");
    await input(page, 1).fill("PING");
    await paste(lines(21));
    await asks.getByText("Run 21 commands?").waitFor();
    assert.equal(await asks.locator("code").count(), 3);
    assert.ok((await asks.innerText()).length < 400);
    await asks.getByText("and 18 more").waitFor();
    await picture(page, "asks");
    await page.keyboard.press("Escape");
    await asks.waitFor({ state: "detached" });
    assert.equal(await input(page, 1).inputValue(), "PING");
    await page.keyboard.press("Enter");
    await ends(page, 1, "PONG");
    await paste(`${lines(30)}\n`);
    await asks.getByRole("button", { name: "Cancel" }).click();
    await paste(`${lines(1000)}\n`);
    // It has the focus.
    await page.keyboard.press("Enter");
    await ends(page, 1, "wakey> INCR many", "(integer) 1020");
    assert.equal(await asks.count(), 0);
    // What is dropped is no less.
    await input(page, 1).evaluate((one, text) => {
      one.setRangeText(text, 0, one.value.length, "end");
      one.dispatchEvent(new InputEvent("input", { inputType: "insertFromDrop" }));
    }, lines(40));
    await asks.getByText("Run 40 commands?").waitFor();
    assert.equal(await input(page, 1).inputValue(), "");
    // Where a page has another place for them.
    await page
      .locator("wakey-console")
      .nth(1)
      .evaluate((one) => {
        one.elsewhere = { label: "Put them there", open: (text) => (globalThis.there = text) };
      });
    await paste(lines(21));
    await asks.getByText("Run 21 commands?").waitFor();
    assert.equal(await asks.count(), 1);
    await asks.getByRole("button", { name: "Put them there" }).click();
    assert.equal(await page.evaluate(() => globalThis.there), lines(21));
    assert.equal(await page.evaluate(() => document.activeElement.localName), "wakey-console");
  });

  test("of a transcript that is pasted the commands run, and comments do not", async () => {
    const page = await visit("bare.html", { permissions: ["clipboard-read", "clipboard-write"] });
    await go(page, 1);
    const text = '127.0.0.1:6379> SET q 1\nOK\n127.0.0.1:6379[2]> INCR q\n(integer) 2\n127.0.0.1:6379(TX)> GET q\n"2"';
    await page.evaluate((all) => navigator.clipboard.writeText(all), text);
    await page.keyboard.press("Control+v");
    await ends(page, 1, "wakey> SET q 1", "OK", "wakey> INCR q", "(integer) 2", "wakey> GET q", '"2"');
    assert.equal(await input(page, 1).inputValue(), "");
    await page.evaluate(() => navigator.clipboard.writeText("# a comment\nDEL q\n"));
    await page.keyboard.press("Control+v");
    await ends(page, 1, '"2"', "wakey> DEL q", "(integer) 1");
  });

  test("a long reply is folded, and opened with a button", async () => {
    const page = await visit("bare.html");
    await go(page, 1);
    await page
      .locator("wakey-console")
      .nth(1)
      .evaluate((one) => one.database.rpush("long", ...Array.from({ length: 300 }, (_, i) => `item ${i}`)));
    await type(page, "lrange long 0 -1");
    const more = part(page, 1, ".more");
    await more.waitFor();
    assert.equal(await more.innerText(), "Show more (300 items in all)");
    assert.ok((await shown(page, 1)).length < 30);
    await picture(page, "folded");
    await more.focus();
    await page.keyboard.press("Enter");
    await ends(page, 1, '300) "item 299"');
    assert.equal(await more.count(), 0);
  });

  test("hostile content is text, escaped, and shown in portions", async () => {
    const page = await visit("strict.html");
    await go(page, 0);
    await type(page, `set x "<img src=x onerror=alert(1)><script>alert(1)</script>\\x00\\x1b[31m\\xe2\\x80\\xae"`);
    await type(page, "get x");
    await ends(page, 0, `"<img src=x onerror=alert(1)><script>alert(1)</script>\\x00\\x1b[31m\\xe2\\x80\\xae"`);
    await type(page, '<b>\u202eevil</b> "a\u0007"');
    await ends(page, 0, "(error) ERR unknown command '<b>\\u202eevil</b>', with args beginning with: 'a\\x07' ");
    const [took, longest, items] = await page.evaluate(async () => {
      const one = document.querySelector("wakey-console");
      one.database.set("big", new Uint8Array(10_000_000));
      one.database.set("tags", "<i>".repeat(3_000_000));
      const start = performance.now();
      await one.run(["get big", "get tags"]);
      const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      await drawn();
      const took = performance.now() - start;
      const tasks = [];
      const note = (entries) => tasks.push(...entries.map((entry) => entry.duration));
      const observer = new PerformanceObserver((list) => note(list.getEntries()));
      const longest = async () => {
        await drawn();
        note(observer.takeRecords());
        return Math.max(0, ...tasks.splice(0));
      };
      for (let i = 0; i < 100_000; i += 1000) one.database.sadd("items", ...Array.from({ length: 1000 }, (_, j) => `item ${i + j}`));
      await drawn();
      observer.observe({ entryTypes: ["longtask"] });
      await one.run("smembers items");
      if (!one.shadowRoot.querySelector(".reply:last-child .more").textContent.includes("100,000 items")) throw new Error("not shown");
      const items = await longest();
      await one.run(["get big", "get tags"]);
      return [took, await longest(), items];
    });
    console.log(`    values of 10 and 9 MB: ${took.toFixed(0)} ms; longest task ${longest} ms, that of 100,000 items ${items} ms`);
    await until(async () => (await shown(page, 0)).at(-1).startsWith(`"${"<i>".repeat(500)}`));
    assert.ok((await shown(page, 0)).every((line) => line.length < 20_000));
    assert.equal(await part(page, 0, ".log img, .log script, .log i, .log b").count(), 0);
    assert.deepEqual(page.complaints, []);
    await picture(page, "hostile");
  });

  test("all of it with the keyboard alone, and the keyboard gets out", async () => {
    const page = await visit("strict.html");
    const focused = () =>
      page.evaluate(() => {
        const one = document.activeElement;
        return one?.shadowRoot
          ? `${[...document.querySelectorAll("wakey-console")].indexOf(one)} ${one.shadowRoot.activeElement?.className || one.shadowRoot.activeElement?.localName}`
          : "page";
      });
    await ends(page, 0, '"Hello"');
    const seen = new Set();
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press("Tab");
      const now = await focused();
      if (now === "page") break;
      seen.add(now);
    }
    for (const one of ["0 log", "0 copy", "0 textarea", "1 textarea", "2 all", "2 textarea"])
      assert.ok(seen.has(one), `${one} in ${[...seen]}`);
    await go(page, 0);
    await page.keyboard.type("hge");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "0 textarea");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    assert.notEqual(await focused(), "0 textarea");
  });

  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds no violation, ${colorScheme}, on a desk and on a phone`, async () => {
      for (const phone of [false, true]) {
        const page = await visit("strict.html", {
          colorScheme,
          ...(phone ? { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } : {}),
        });
        await go(page, 0);
        for (const line of ["nosuch", "incr n", "get nothing", "hset h a 1", "ping", "command docs get", "help get", "hello 3"])
          await type(page, line);
        await type(page, "hgetall h");
        await ends(page, 0, '1# "a" => "1"');
        await go(page, 1);
        await type(page, "blpop q 0");
        await page.keyboard.type("zra");
        await page.keyboard.press("Tab");
        await page.keyboard.press("Tab");
        await picture(page, `${colorScheme}${phone ? "-phone" : ""}`);
        assert.deepEqual(await violations(page), []);
        if (phone) {
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= 360, `${wide} wide`);
          assert.equal(await input(page, 0).evaluate((one) => getComputedStyle(one).fontSize), "16px");
          assert.ok(await part(page, 0, ".touch").first().isVisible());
        }
      }
    });
  }
});
