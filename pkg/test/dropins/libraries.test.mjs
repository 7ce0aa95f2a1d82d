/** Libraries over the drop-ins: Keyv, cache-manager, connect-redis, each as its README has it, given a client. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, test } from "node:test";
import KeyvRedis, { Keyv } from "@keyv/redis";
import { createCache } from "cache-manager";
import { RedisStore } from "connect-redis";
import session from "express-session";
import { manualClock } from "wakey";
import { createClient, createCluster, databaseOf, reset } from "wakey/redis-mock";

const clock = manualClock();
reset({ clock });
afterEach(() => reset({ clock }));

test("Keyv: values, time to live, namespaces, many at once, iteration", async () => {
  const client = createClient({ url: "redis://user:pass@localhost:6379" });
  const keyv = new Keyv(new KeyvRedis(client), { namespace: "users" });
  keyv.on("error", (error) => assert.fail(error));
  assert.equal(await keyv.set("foo", { deep: [1] }), true);
  assert.deepEqual(await keyv.get("foo"), { deep: [1] });
  await keyv.set("short", "lived", 5000);
  const other = new Keyv(new KeyvRedis(createClient()), { namespace: "cache" });
  assert.equal(await other.get("foo"), undefined);
  await other.set("foo", "other");
  assert.deepEqual(await keyv.getMany(["foo", "none"]), [{ deep: [1] }, undefined]);
  const keys = [];
  for await (const [key] of keyv.iterator()) keys.push(key);
  assert.deepEqual(keys.sort(), ["foo", "short"]);
  clock.advance(5001);
  assert.equal(databaseOf(client).call("DBSIZE"), 2);
  assert.equal(await keyv.delete("foo"), true);
  await keyv.set("bar", 1);
  await keyv.clear();
  assert.equal(await keyv.get("bar"), undefined);
  assert.equal(await other.get("foo"), "other");
  await Promise.all([keyv.disconnect(), other.disconnect()]);
});

test("Keyv on a cluster", async () => {
  const keyv = new Keyv({ store: new KeyvRedis(createCluster({ rootNodes: [{ url: "redis://127.0.0.1:7000" }] })) });
  await keyv.set("foo", "bar");
  assert.equal(await keyv.get("foo"), "bar");
  await keyv.disconnect();
});

test("cache-manager: what is wrapped is loaded once, until it expires", async () => {
  const client = createClient();
  const cache = createCache({ stores: [new Keyv(new KeyvRedis(client))], ttl: 10_000 });
  let loads = 0;
  const load = () => cache.wrap("key", async () => ({ loads: ++loads }));
  assert.deepEqual([await load(), await load()], [{ loads: 1 }, { loads: 1 }]);
  await cache.mset([
    { key: "a", value: 1 },
    { key: "b", value: [2] },
  ]);
  assert.deepEqual(await cache.mget(["a", "b", "none"]), [1, [2], undefined]);
  databaseOf(client).flushall();
  assert.deepEqual(await load(), { loads: 2 });
  await cache.del("a");
  assert.equal(await cache.get("a"), undefined);
  await cache.disconnect();
});

test("connect-redis: a session lives as long as it is touched", async (t) => {
  const client = await createClient().connect();
  const store = new RedisStore({ client, prefix: "app:", ttl: 60 });
  const handle = session({ store, secret: "keyboard cat", resave: false, saveUninitialized: false });
  const server = createServer((request, response) => {
    handle(request, response, () => {
      request.session.views = (request.session.views ?? 0) + 1;
      response.end(String(request.session.views));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.address().port}`;
  const visit = async (cookie) => {
    const response = await fetch(url, { headers: cookie ? { cookie, connection: "close" } : { connection: "close" } });
    return [await response.text(), response.headers.get("set-cookie")?.split(";")[0]];
  };
  const [first, cookie] = await visit();
  assert.equal(first, "1");
  assert.equal((await visit(cookie))[0], "2");
  const [key] = databaseOf(client).keys("app:*");
  assert.equal(databaseOf(client).ttl(key), 60);
  clock.advance(60_001);
  assert.equal((await visit(cookie))[0], "1");
  assert.equal((await store.ids()).length, 1);
  await client.close();
});
