/** Vitest: the libraries are replaced by one line each; fake timers drive what expires. */
import { afterEach, expect, test, vi } from "vitest";

vi.mock("ioredis", () => import("wakey/ioredis-mock"));
vi.mock("redis", () => import("wakey/redis-mock"));
vi.mock("@upstash/redis", () => import("wakey/upstash-mock"));
vi.mock("iovalkey", () => import("wakey/iovalkey-mock"));

import { Redis as Upstash } from "@upstash/redis";
import Redis from "ioredis";
import Valkey from "iovalkey";
import redis, { createClient, ErrorReply } from "redis";
import { databaseOf, reset } from "wakey/ioredis-mock";
import { cached, counter } from "./app.mjs";

const destroy = (client) => (client.destroy ?? client.disconnect).call(client);
const ended = [];
afterEach(() => {
  vi.useRealTimers();
  for (const end of ended.splice(0)) end();
  reset();
});

test("a program's ioredis is in process", async () => {
  const cache = cached(10);
  ended.push(() => cache.redis.disconnect());
  const load = vi.fn(async (key) => `value of ${key}`);
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
  expect(redis.createClient).toBe(createClient);
  expect((await hit("page"))[0]).toBe(1);
  expect((await hit("page"))[0]).toBe(2);
  expect(await client.ttl("page")).toBe(60);
  await expect(client.hGet("page", "f")).rejects.toThrow(ErrorReply);
});

test("the others, too", async () => {
  const upstash = new Upstash();
  await upstash.set("k", { a: 1 });
  expect(await upstash.get("k")).toEqual({ a: 1 });
  const valkey = new Valkey();
  ended.push(() => valkey.disconnect());
  expect(await valkey.ping()).toBe("PONG");
});

for (const [name, options] of [
  ["what Vitest fakes", undefined],
  // Not nextTick: here it is Node's own, and no stream of Node's goes on without it.
  ["all of them", { toFake: ["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "Date", "performance"] }],
]) {
  test(`fake timers drive expiry for ioredis: ${name}`, async () => {
    vi.useFakeTimers(options);
    const cache = cached(10);
    const other = cache.redis.duplicate();
    ended.push(
      () => cache.redis.disconnect(),
      () => other.disconnect(),
    );
    const load = vi.fn(async () => "v");
    await cache.get("k", load);
    await vi.advanceTimersByTimeAsync(9_000);
    await cache.get("k", load);
    expect(load).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_001);
    await cache.get("k", load);
    expect(load).toHaveBeenCalledTimes(2);
    const popped = other.blpop("none", 5);
    await cache.redis.ping();
    await vi.advanceTimersByTimeAsync(5_001);
    expect(await popped).toBe(null);
  });
}

test("what fake timers would hold up for good is said", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  ended.push(() => warn.mockRestore());
  vi.useFakeTimers();
  const client = createClient({ url: "redis://held.internal" }).on("error", () => {});
  const connected = client.connect();
  await vi.waitFor(() =>
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/setImmediate is faked, in which node-redis writes.*toFake/)),
  );
  vi.useRealTimers();
  ended.push(() => destroy(client));
  vi.useFakeTimers({ toFake: ["nextTick"] });
  new Redis({ host: "held.internal", lazyConnect: true }).disconnect();
  vi.useRealTimers();
  expect(warn).toHaveBeenLastCalledWith(expect.stringContaining("process.nextTick is faked"));
  void connected.catch(() => {});
});

test("fake timers drive expiry for node-redis, which writes in setImmediate: that one stays real", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "Date"] });
  const { client, hit } = await counter();
  const other = await createClient({ url: "redis://counter.internal" })
    .on("error", () => {})
    .connect();
  ended.push(
    () => destroy(client),
    () => destroy(other),
  );
  await hit("page");
  vi.advanceTimersByTime(59_000);
  expect(await client.get("page")).toBe("1");
  vi.advanceTimersByTime(1_001);
  expect(await client.get("page")).toBe(null);
  const popped = other.blPop("none", 5);
  await client.ping();
  await vi.advanceTimersByTimeAsync(5_001);
  expect(await popped).toBe(null);
});
