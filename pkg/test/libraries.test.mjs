/** Real clients against `serve`. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import Redis from "ioredis";
import { createClient } from "redis";
import { serve } from "wakey/server";

const path = join(mkdtempSync(join(tmpdir(), "wakey-")), "w.sock");
let server;
before(async () => {
  server = await serve({ port: 0, path });
});
after(() => server.close());

for (const [name, options] of [
  ["TCP", () => ({ port: server.port, host: "127.0.0.1" })],
  ["a Unix socket", () => ({ path })],
]) {
  test(`ioredis works over ${name}`, async () => {
    const redis = new Redis(options());
    try {
      assert.equal(await redis.flushall(), "OK");
      assert.equal(await redis.set("k", "v", "EX", 100), "OK");
      assert.equal(await redis.get("k"), "v");
      assert.equal(await redis.ttl("k"), 100);
      assert.equal(await redis.hset("h", { a: 1, b: "2" }), 2);
      assert.deepEqual({ ...(await redis.hgetall("h")) }, { a: "1", b: "2" });
      assert.deepEqual(await redis.mget("k", "none"), ["v", null]);
      assert.deepEqual(await redis.getBuffer("k"), Buffer.from("v"));
      const replies = await redis.pipeline(Array.from({ length: 500 }, (_, i) => ["incrby", "n", i])).exec();
      assert.equal(replies.at(-1)[1], (499 * 500) / 2);
      await assert.rejects(redis.hget("k", "f"), /WRONGTYPE/);
      const keys = [];
      for await (const batch of redis.scanStream({ match: "*" })) keys.push(...batch);
      assert.deepEqual(keys.sort(), ["h", "k", "n"]);
      assert.match(await redis.info("server"), /redis_version:8/);
    } finally {
      redis.disconnect();
    }
  });
}

for (const protocol of [2, 3]) {
  test(`node-redis works in RESP${protocol}`, async () => {
    const client = createClient({ url: `redis://127.0.0.1:${server.port}/2`, RESP: protocol });
    client.on("error", () => {});
    await client.connect();
    try {
      await client.flushDb();
      assert.equal(await client.set("k", "v", { PX: 5000 }), "OK");
      assert.equal(await client.get("k"), "v");
      assert.equal(await client.hSet("h", { a: "1", b: "2" }), 2);
      assert.deepEqual({ ...(await client.hGetAll("h")) }, { a: "1", b: "2" });
      assert.deepEqual(await client.hExpire("h", "a", 100), [1]);
      assert.deepEqual(await client.mGet(["k", "none"]), ["v", null]);
      const many = await Promise.all(Array.from({ length: 300 }, () => client.incr("n")));
      assert.equal(many.at(-1), 300);
      await assert.rejects(client.hGet("k", "f"), /WRONGTYPE/);
      const keys = [];
      for await (const batch of client.scanIterator()) keys.push(...batch);
      assert.deepEqual(keys.sort(), ["h", "k", "n"]);
    } finally {
      await client.close();
    }
  });
}

test("a client that was told a password uses it", async () => {
  const locked = await serve({ port: 0, requirepass: "secret" });
  const redis = new Redis({ port: locked.port, host: "127.0.0.1", password: "secret" });
  try {
    assert.equal(await redis.ping(), "PONG");
  } finally {
    redis.disconnect();
    await locked.close();
  }
});
