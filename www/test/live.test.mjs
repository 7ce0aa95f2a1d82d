/**
 * `?live`: the page on a real server, through the WebSocket beside it; what is done there is seen over TCP, and the other way round.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { createClient } from "redis";
import WebSocket from "ws";
import { cli, freePort, root, until } from "../../pkg/test/support.mjs";
import { axe, BASE, key, open, shot, skip, type } from "./page.mjs";

const PASSWORD = "open sesame";
let port;
let server;
let client;
let visit;
let url;
let site;
let close;
const children = new Set();

/** The program `wakey serve` on the port of these tests. */
async function serve() {
  const child = spawn(process.execPath, [cli, "serve", "--port", String(port), "--requirepass", PASSWORD]);
  children.add(child);
  await once(child.stdout, "data");
  return child;
}

async function stop(child) {
  child.kill();
  await once(child, "exit");
  children.delete(child);
}

before(async () => {
  if (skip) return;
  port = await freePort();
  server = await serve();
  ({ visit, url, server: site, close } = await open(port));
  client = createClient({ url: `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}` });
  client.on("error", () => {});
  await client.connect();
});

after(async () => {
  await close?.();
  client?.destroy();
  for (const child of children) child.kill();
});

/** A page that has shown the password. */
const live = (body, options) =>
  visit(
    async (page, context) => {
      await page.getByLabel("The server’s password").fill(PASSWORD);
      await page.keyboard.press("Enter");
      await page.locator("wakey-console").first().waitFor();
      await body(page, context);
    },
    { at: "?live", ready: ".password", ...options },
  );

test("the password is asked for, a wrong one is told, and none is kept", { skip }, () =>
  visit(
    async (page, context) => {
      assert.deepEqual(await axe(page), []);
      await page.getByLabel("The server’s password").fill("wrong");
      await page.keyboard.press("Enter");
      await page.getByText("That is not the password.").waitFor();
      await shot(page, "live-password");
      assert.equal(await page.locator("wakey-console").count(), 0);
      await page.getByLabel("The server’s password").fill(PASSWORD);
      await page.keyboard.press("Enter");
      await page.locator("wakey-console").first().waitFor();
      assert.equal(JSON.stringify(await context.storageState({ indexedDB: true })).includes(PASSWORD), false);
      await page.reload();
      await page.getByLabel("The server’s password").waitFor();
    },
    { at: "?live", ready: ".password" },
  ),
);

test("what a client sets is on the page, what the page sets the client sees", { skip }, () =>
  live(async (page) => {
    await client.set("greeting", "hello");
    await key(page, "greeting").click();
    await page.locator(".viewer .value", { hasText: "hello" }).waitFor();
    await client.set("greeting", "good day");
    await page.locator(".viewer .value", { hasText: "good day" }).waitFor();
    await page.locator(".entry", { hasText: "good day" }).waitFor();
    await type(page, "SET typed here EX 1000");
    await page.locator("wakey-console").getByText("OK").waitFor();
    assert.equal(await client.get("typed"), "here");
    await key(page, "typed").locator(".countdown").waitFor();
    await page.locator(".entry", { hasText: "SET typed here" }).locator(".by", { hasText: "c1" }).waitFor();
    await page.getByRole("button", { name: "good day: change the value" }).click();
    await page.getByRole("textbox", { name: "the value" }).fill("good night");
    await page.getByRole("textbox", { name: "the value" }).press("Enter");
    await until(async () => (await client.get("greeting")) === "good night");
    await page.getByRole("button", { name: "Delete" }).click();
    assert.equal(await client.exists("greeting"), 1, "it asks once more");
    await page.getByRole("button", { name: "Delete for good" }).click();
    await until(async () => (await client.exists("greeting")) === 0);
    await page.getByText("This key doesn’t exist at this point").waitFor();
    // One that comes as another goes.
    await client.multi().del("typed").set("other", "1").exec();
    await key(page, "other").waitFor();
    await key(page, "typed").waitFor({ state: "detached" });
    assert.deepEqual(await axe(page), []);
  }),
);

test("every viewer works on a server", { skip }, () =>
  live(async (page) => {
    await client
      .multi()
      .hSet("user:1", { name: "Ann", town: "Bern" })
      .hExpire("user:1", "name", 500)
      .rPush("jobs", ["a", "b"])
      .sAdd("tags", ["x", "y"])
      .zAdd("board", [
        { score: 120, value: "Ann" },
        { score: 95, value: "Bob" },
      ])
      .geoAdd("places", [
        { longitude: 13.36, latitude: 38.11, member: "Palermo" },
        { longitude: 15.08, latitude: 37.5, member: "Catania" },
      ])
      .setBit("days", 130, 1)
      .pfAdd("visitors", ["a", "b"])
      .xAdd("work", "1-1", { task: "mail" })
      .xGroupCreate("work", "team", "0")
      .exec();
    const sees = async (name, text) => {
      await key(page, name).click();
      await page.locator(".viewer").getByText(text).first().waitFor();
      await shot(page, `live-${name}`);
    };
    await sees("jobs", "b");
    await sees("tags", "y");
    await sees("board", "120");
    await key(page, "places").click();
    await page.locator(".map text", { hasText: "Palermo" }).waitFor();
    await shot(page, "live-places");
    await sees("days", "1 of 136 bits are 1");
    await sees("visitors", "≈ 2");
    await sees("work", "mail");
    await page.getByRole("button", { name: "1 group" }).click();
    await page.getByRole("region", { name: "group team" }).waitFor();
    await key(page, "user:1").click();
    await page.locator(".viewer .pair", { hasText: "name" }).locator(".countdown").waitFor();
    await client.sendCommand(["FLUSHALL"]);
    await page.getByText("No keys yet").waitFor();
    await client.select(3);
    await client.set("elsewhere", "1");
    await page.getByLabel("Database").selectOption("3");
    await key(page, "elsewhere").waitFor();
    await client.select(0);
  }),
);

test("what is being typed into a form stays, as keys come and go", { skip }, () =>
  live(async (page) => {
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Type of the new key").selectOption("hash");
    await page.getByRole("textbox", { name: "New key" }).focus();
    for (const [i, part] of ["for", "m:", "1"].entries()) {
      await page.keyboard.type(part);
      await client.set(`other:${i}`, "1");
      // The second makes a group of them.
      await key(page, i === 0 ? "other:0" : String(i)).waitFor();
    }
    await page.keyboard.press("Tab");
    await page.keyboard.type("name");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Ann");
    await page.keyboard.press("Enter");
    await until(async () => (await client.hGet("form:1", "name")) === "Ann");
    await page.locator(".viewer h2", { hasText: "form:1" }).waitFor();
    await client.sendCommand(["FLUSHALL"]);
  }),
);

test("a console waits and listens on the server, and Ctrl-C ends it", { skip }, () =>
  live(async (page) => {
    const input = page.locator("wakey-console textarea");
    await type(page, "BLPOP queue 0");
    await until(async () => /cmd=blpop/.test(await client.sendCommand(["CLIENT", "LIST"])));
    await client.rPush("queue", "work");
    await page.locator("wakey-console").getByText('"work"').waitFor();
    await type(page, "SUBSCRIBE news");
    await page.locator("wakey-console").getByText("(subscribed mode)").waitFor();
    await client.publish("news", "hear, hear");
    await page.locator("wakey-console").getByText('"hear, hear"').waitFor();
    await input.press("Control+c");
    await until(async () => (await client.sendCommand(["PUBSUB", "NUMSUB", "news"]))[1] === 0);
    await client.set("long:name", "1");
    await page.locator(".keys").getByText("long:name", { exact: true }).waitFor();
    await input.pressSequentially("GET lo");
    await page.keyboard.press("Tab");
    assert.equal(await input.inputValue(), "GET long:name ");
    await input.press("Control+c");
    await type(page, "SELECT 2");
    await page.locator("wakey-console").getByText(`127.0.0.1:${port}[2]>`).waitFor();
  }),
);

test("a lost connection is told, and comes back", { skip }, () =>
  live(
    async (page) => {
      await client.set("before", "1");
      await key(page, "before").waitFor();
      await stop(server);
      await page.getByText("Not connected to").waitFor();
      await page.getByRole("alert").getByText("What is shown is what was last seen").waitFor();
      assert.equal(await key(page, "before").count(), 1);
      assert.deepEqual(await axe(page), []);
      await shot(page, "live-lost");
      server = await serve();
      await page.getByText("Live on").waitFor({ timeout: 10_000 });
      await key(page, "before").waitFor({ state: "detached" });
      await type(page, "SET again 1");
      await key(page, "again").waitFor();
      await shot(page, "live-again");
    },
    { expected: /WebSocket|Failed to load resource/ },
  ),
);

test("on a phone, and in the dark", { skip }, () =>
  live(
    async (page) => {
      await client.set("k", "v");
      for (const name of ["Keys", "Monitor", "Console"]) {
        await page.getByRole("navigation").getByText(name).click();
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, name);
        await shot(page, `live-phone-${name.toLowerCase()}`);
      }
      assert.deepEqual(await axe(page), []);
    },
    { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true, colorScheme: "dark" },
  ),
);

/** The status that answers an attempt to open a WebSocket. */
async function attempt(address, headers) {
  const socket = new WebSocket(address, { headers });
  const status = await new Promise((done, failed) => {
    socket.on("open", () => done(101));
    socket.on("unexpected-response", (_, response) => done(response.statusCode));
    socket.on("error", failed);
  });
  socket.terminate();
  return status;
}

test("only the page's own origin gets a socket, and only under a name of this machine", { skip }, async () => {
  const { origin, host } = new URL(url);
  const address = `ws://${host}${BASE}live`;
  assert.equal(await attempt(address, { origin }), 101);
  assert.equal(await attempt(address, { origin: "http://evil.example" }), 403);
  assert.equal(await attempt(address, { origin: "null" }), 403);
  assert.equal(await attempt(address, {}), 403, "no browser");
  assert.equal(await attempt(address, { origin: origin.replace("http", "https") }), 403);
  assert.equal(await attempt(address, { origin: "http://127.0.0.1:1" }), 403, "another port");
  // A name that has come to mean this machine.
  assert.equal(
    await attempt(address, { host: `evil.example:${site.address().port}`, origin: `http://evil.example:${site.address().port}` }),
    403,
  );
  assert.equal(await attempt(`ws://${host}${BASE}other`, { origin }), 404);
});

test("what is no path is answered, and ends nothing", { skip }, async () => {
  const { hostname, port } = new URL(url);
  for (const path of ["//", "/%", "/%ff", "/%00", "x", "http://[/"]) {
    for (const more of [
      "",
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
    ]) {
      const socket = connect(Number(port), hostname);
      socket.end(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${more}Connection: close\r\n\r\n`);
      const answer = Buffer.concat(await socket.toArray()).toString("latin1");
      assert.match(answer, /^HTTP\/1\.1 40[04] /, `${path}: ${answer.slice(0, 100)}`);
    }
  }
  assert.equal((await fetch(url)).status, 200);
});

test("`make run` serves both, and its server asks for PASSWORD", { skip }, async () => {
  const [resp, web] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, ["scripts/run.mjs", String(resp), String(web)], { cwd: root, env: { ...process.env, PASSWORD } });
  children.add(child);
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  await until(() => said.includes("serves RESP"), 10_000);
  assert.match(said, new RegExp(`http://127.0.0.1:${web}/\\?live`));
  assert.match(said, new RegExp(`127.0.0.1:${resp}`));
  const answer = await fetch(`http://127.0.0.1:${web}/live`);
  assert.deepEqual(await answer.json(), { server: `127.0.0.1:${resp}` });
  const socket = connect(resp, "127.0.0.1");
  socket.write("PING\r\n");
  const [reply] = await once(socket, "data");
  assert.match(String(reply), /^-NOAUTH/);
  socket.destroy();
  await stop(child);
});
