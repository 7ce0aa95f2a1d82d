/** `wakey/iovalkey-mock`: what is ioredis's is tested there; here is what is iovalkey's. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { afterEach, test } from "node:test";
import RealRedis from "iovalkey";
import IORedis from "wakey/ioredis-mock";
import Redis, { Cluster, databaseOf, ReplyError, reset, Valkey } from "wakey/iovalkey-mock";

const clients = [];
function made(client) {
  clients.push(client);
  return client;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
  reset();
});

test("the example of iovalkey's README, with data", async () => {
  const redis = made(new Redis({ data: { hash: { field: "1" } } }));
  assert.ok(redis instanceof RealRedis && redis instanceof Valkey);
  assert.equal(await redis.set("mykey", "value"), "OK");
  assert.equal(await redis.get("mykey"), "value");
  await redis.zadd("sortedSet", 1, "one", 2, "dos", 4, "quatro", 3, "three");
  assert.deepEqual(await redis.zrange("sortedSet", 0, 2, "WITHSCORES"), ["one", "1", "dos", "2", "three", "3"]);
  assert.equal(await redis.hincrby("hash", "field", 1), 2);
  const error = await redis.incr("mykey").catch((error) => error);
  assert.ok(error instanceof ReplyError && error instanceof RealRedis.ReplyError);
  assert.throws(() => databaseOf(made(new IORedis({ lazyConnect: true }))), /wakey\/iovalkey-mock/);
});

test("a cluster, and a server shared with other libraries", async () => {
  const cluster = made(new Redis.Cluster([{ host: "localhost", port: 7001 }]));
  assert.ok(cluster instanceof Cluster);
  await cluster.set("k", "v");
  assert.equal(databaseOf(cluster).get("k"), "v");
  await made(new Redis()).set("shared", "yes");
  assert.equal(await made(new IORedis()).get("shared"), "yes");
});

test("in CommonJS it is the class, as iovalkey is", () => {
  const Class = createRequire(import.meta.url)("wakey/iovalkey-mock");
  assert.equal(Class.name, RealRedis.name);
  assert.equal(Class.default, Class);
  assert.deepEqual(
    Object.keys(RealRedis).filter((key) => !(key in Class) && key !== "SentinelIterator"),
    [],
  );
});
