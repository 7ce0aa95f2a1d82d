/** Jest: the libraries are replaced by one line each; fake timers drive what expires. */
jest.mock("ioredis", () => require("wakey/ioredis-mock"));
jest.mock("redis", () => require("wakey/redis-mock"));
jest.mock("@upstash/redis", () => require("wakey/upstash-mock"));
jest.mock("iovalkey", () => require("wakey/iovalkey-mock"));

const { databaseOf, reset } = require("wakey/ioredis-mock");
const Redis = require("ioredis");
const { createClient, ErrorReply } = require("redis");
const { cached, counter } = require("./app.cjs");

const destroy = (client) => (client.destroy ?? client.disconnect).call(client);
const ended = [];
afterEach(() => {
  jest.useRealTimers();
  for (const end of ended.splice(0)) end();
  reset();
});

test("a program's ioredis is in process", async () => {
  const cache = cached(10);
  ended.push(() => cache.redis.disconnect());
  const load = jest.fn(async (key) => `value of ${key}`);
  expect(await cache.get("k", load)).toBe("value of k");
  expect(await cache.get("k", load)).toBe("value of k");
  expect(load).toHaveBeenCalledTimes(1);
  expect(databaseOf(cache.redis).ttl("k")).toBe(10);
  expect(cache.redis).toBeInstanceOf(Redis);
  await expect(cache.redis.incr("k")).rejects.toThrow("ERR value is not an integer or out of range");
});

test("a program's node-redis is in process", async () => {
  const { client, hit } = await counter();
  ended.push(() => destroy(client));
  expect((await hit("page"))[0]).toBe(1);
  expect((await hit("page"))[0]).toBe(2);
  expect(await client.ttl("page")).toBe(60);
  await expect(client.hGet("page", "f")).rejects.toThrow(ErrorReply);
});

test("the others, too", async () => {
  const upstash = new (require("@upstash/redis").Redis)();
  await upstash.set("k", { a: 1 });
  expect(await upstash.get("k")).toEqual({ a: 1 });
  const valkey = new (require("iovalkey"))();
  ended.push(() => valkey.disconnect());
  expect(await valkey.ping()).toBe("PONG");
});

test("fake timers drive expiry for ioredis, all of them faked", async () => {
  jest.useFakeTimers();
  const cache = cached(10);
  const other = cache.redis.duplicate();
  ended.push(
    () => cache.redis.disconnect(),
    () => other.disconnect(),
  );
  const load = jest.fn(async () => "v");
  await cache.get("k", load);
  await jest.advanceTimersByTimeAsync(9_000);
  await cache.get("k", load);
  expect(load).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(1_001);
  await cache.get("k", load);
  expect(load).toHaveBeenCalledTimes(2);
  const popped = other.blpop("none", 5);
  await cache.redis.ping();
  await jest.advanceTimersByTimeAsync(5_001);
  expect(await popped).toBe(null);
  const messages = [];
  other.on("message", (_, message) => messages.push(message));
  await other.subscribe("news");
  await cache.redis.publish("news", "hot");
  await cache.redis.ping();
  expect(messages).toEqual(["hot"]);
});

test("fake timers drive expiry for @upstash/redis, all of them faked", async () => {
  jest.useFakeTimers();
  const redis = new (require("@upstash/redis").Redis)();
  await redis.set("k", "v", { ex: 10 });
  jest.advanceTimersByTime(9_000);
  expect(await redis.ttl("k")).toBe(1);
  jest.advanceTimersByTime(1_001);
  expect(await redis.get("k")).toBe(null);
});

test("fake timers drive expiry for node-redis, which writes in setImmediate: that one stays real", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate"] });
  const { client, hit } = await counter();
  const other = await createClient({ url: "redis://counter.internal" })
    .on("error", () => {})
    .connect();
  ended.push(
    () => destroy(client),
    () => destroy(other),
  );
  await hit("page");
  jest.advanceTimersByTime(59_000);
  expect(await client.get("page")).toBe("1");
  jest.advanceTimersByTime(1_001);
  expect(await client.get("page")).toBe(null);
  const popped = other.blPop("none", 5);
  await client.ping();
  await jest.advanceTimersByTimeAsync(5_001);
  expect(await popped).toBe(null);
});
