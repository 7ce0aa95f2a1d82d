/**
 * `?live` at work with data: types, orders and messages of a server, in front of Wakey's own, and of a real Redis with
 * `REDIS=127.0.0.1:port`, of which database 5 is used.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, test } from "node:test";
import { createClient } from "redis";
import { cli, freePort, until } from "../../pkg/test/support.mjs";
import { axe, key, open, shot, skip, type } from "./page.mjs";

const DATABASE = 5;
const [, real] = /^(?:127\.0\.0\.1|localhost):(\d+)$/.exec(process.env.REDIS ?? "") ?? [];
const endings = [];
after(async () => {
  for (const end of endings.reverse()) await end();
});

/** A server, a client of it, and the page in front of it. */
async function stage(port) {
  let child;
  const serve = async () => {
    child = spawn(process.execPath, [cli, "serve", "--port", String(port)]);
    await once(child.stdout, "data");
  };
  const stop = async () => {
    const exit = once(child, "exit");
    child.kill();
    await exit;
    child = undefined;
  };
  if (port === undefined) {
    port = await freePort();
    await serve();
    endings.push(() => child && stop());
  }
  const client = createClient({ url: `redis://127.0.0.1:${port}`, database: DATABASE });
  client.on("error", () => {});
  await client.connect();
  const { visit, close } = await open(port);
  endings.push(close, async () => {
    if (client.isReady) await client.flushDb();
    client.destroy();
  });
  const live = (body, options) =>
    visit(
      async (page, context) => {
        await client.flushDb();
        await page.getByLabel("Database").selectOption(String(DATABASE));
        await body(page, context);
      },
      { at: "?live", ready: "wakey-console", ...options },
    );
  return { client, live, serve, stop };
}

const servers = [["Wakey's server", undefined, skip]];
servers.push(["a real Redis", real, skip || (real === undefined && "REDIS=127.0.0.1:port is not set")]);
for (const [name, port, skip] of servers) {
  let all;
  const on = async () => (all ??= await stage(port));
  const names = (page) => page.locator("button.key .name").allTextContents();

  test(`${name}: keys by type, by what expires, and in every order`, { skip }, async () => {
    const { client, live } = await on();
    await live(async (page) => {
      await client
        .multi()
        .set("long", "x".repeat(5000))
        .set("short", "x", { EX: 5000 })
        .hSet("hash", { f: "v" })
        .rPush("list", ["a", "b"])
        .expire("list", 900)
        .exec();
      await key(page, "long").waitFor();
      const chips = page.getByRole("group", { name: "Show only" });
      // Those that are there, and no others.
      await until(async () => (await chips.getByRole("button").allTextContents()).sort().join() === "expires,hash,list,string");
      await chips.getByText("string").click();
      await until(async () => (await names(page)).join() === "long,short");
      await chips.getByText("expires").click();
      await until(async () => (await names(page)).join() === "short");
      await chips.getByText("string").click();
      await until(async () => (await names(page)).join() === "list,short");
      await chips.getByText("expires").click();
      await page.getByLabel("Sort by").selectOption("size");
      await until(async () => (await names(page))[0] === "long");
      await page.getByLabel("Sort by").selectOption("ttl");
      await until(async () => (await names(page)).slice(0, 2).join() === "list,short");
      await page.getByLabel("Sort by").selectOption("type");
      await until(async () => (await names(page)).join() === "hash,list,long,short");
      // What another client does is seen while one looks at it.
      await client.expire("hash", 60);
      await page.getByLabel("Sort by").selectOption("ttl");
      await until(async () => (await names(page))[0] === "hash", 15_000);
      assert.equal(await page.locator(".note.known").count(), 0);
      assert.deepEqual(await axe(page), []);
      await shot(page, "live-sorted");
    });
  });

  test(`${name}: of very many keys it is said of how many it is known`, { skip }, async () => {
    const { client, live } = await on();
    await live(async (page) => {
      const pairs = Array.from({ length: 25_000 }, (_, i) => [`many:${i}`, "x"]);
      for (let i = 0; i < pairs.length; i += 5000) await client.mSet(pairs.slice(i, i + 5000));
      await page.locator(".keys .count", { hasText: "25,000" }).waitFor();
      await page.getByLabel("Sort by").selectOption("size");
      await page.getByText(/^Read type, expiry and size of [\d,]+ of 25,000 keys so far\.$/).waitFor();
      await page.getByText("Type, expiry and size are known of 20,000 keys of 25,000").waitFor({ timeout: 30_000 });
      await shot(page, "live-many");
    });
  });

  test(`${name}: messages are heard and sent`, { skip }, async () => {
    const { client, live } = await on();
    await live(async (page) => {
      await page.getByRole("tab", { name: "Pub/Sub" }).click();
      const subscribe = async (pattern) => {
        await page.getByLabel("New pattern").fill(pattern);
        await page.getByRole("button", { name: "Subscribe", exact: true }).click();
        await until(async () => (await client.sendCommand(["PUBSUB", "NUMPAT"])) >= 1);
      };
      await subscribe("news.*");
      await client.publish("news.sport", "a goal");
      const entries = page.locator(".pubsub .entry");
      await entries.filter({ hasText: "news.sport" }).filter({ hasText: "a goal" }).waitFor();
      await subscribe("weather");
      await until(async () => (await client.sendCommand(["PUBSUB", "NUMPAT"])) === 2);
      await page.getByLabel("New channel").fill("weather");
      await page.getByLabel("New message").fill("rain");
      await page.getByRole("button", { name: "Publish" }).click();
      await entries.filter({ hasText: "rain" }).waitFor();
      await page.getByText("1 subscriber received it.").waitFor();
      await client.publish("elsewhere", "nobody hears it");
      await shot(page, "live-pubsub");
      await page.getByRole("button", { name: "Unsubscribe from news.*" }).click();
      await until(async () => (await client.sendCommand(["PUBSUB", "NUMPAT"])) === 1);
      await page.getByRole("button", { name: "Unsubscribe from weather" }).click();
      await until(async () => (await client.sendCommand(["PUBSUB", "NUMPAT"])) === 0);
      assert.equal(await entries.count(), 2);
    });
  });
}

test("of more names than a page holds there are the first, and those that a filter means", { skip }, async () => {
  const { client, live } = await stage();
  await live(async (page) => {
    const pairs = Array.from({ length: 205_000 }, (_, i) => [`many:${i}`, "x"]);
    for (let i = 0; i < pairs.length; i += 5000) await client.mSet(pairs.slice(i, i + 5000));
    await page.locator(".keys .count", { hasText: /^20[01],\d{3} of 205,000$/ }).waitFor({ timeout: 60_000 });
    for (const name of ["many:204999", "many:200001"]) {
      await page.getByLabel("Filter keys by name").fill(name);
      await page.locator("button.key .name", { hasText: name }).first().waitFor({ timeout: 20_000 });
    }
  });
});

test("messages are heard again when a lost server is back", { skip }, async () => {
  const { live, serve, stop } = await stage();
  await live(
    async (page) => {
      await page.getByRole("tab", { name: "Pub/Sub" }).click();
      await page.getByLabel("New pattern").fill("*");
      await page.getByRole("button", { name: "Subscribe", exact: true }).click();
      await stop();
      await page.getByText("Not connected to").waitFor();
      await serve();
      await page.getByText("Live on").waitFor({ timeout: 10_000 });
      await until(async () => {
        await type(page, "PUBLISH c again");
        return (await page.locator(".pubsub .entry", { hasText: "again" }).count()) > 0;
      });
    },
    { expected: /WebSocket|Failed to load resource/ },
  );
});
