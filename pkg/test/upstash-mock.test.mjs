/** `wakey/upstash-mock`: what the documents of @upstash/redis show, without a network, a token or an environment. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { afterEach, test } from "node:test";
import * as actual from "@upstash/redis";
import { manualClock } from "wakey";
import * as named from "wakey/upstash-mock";
import { until } from "./support.mjs";

const { Redis, databaseOf, reset, errors } = named;

afterEach(() => reset());

test("the examples of @upstash/redis's README", async (t) => {
  t.mock.method(console, "warn", () => assert.fail("it warns"));
  t.mock.method(globalThis, "fetch", () => assert.fail("it goes over the network"));
  const redis = new Redis({ url: "https://eu1-new.upstash.io", token: "secret" });
  assert.ok(redis instanceof actual.Redis);
  assert.equal(await redis.set("key", "value"), "OK");
  assert.equal(await redis.get("key"), "value");
  assert.equal(await redis.set("key2", "value2", { ex: 1 }), "OK");
  assert.equal(await redis.zadd("scores", { score: 1, member: "team1" }), 1);
  assert.deepEqual(await redis.zrange("scores", 0, 100), ["team1"]);
  assert.equal(await redis.lpush("elements", "magnesium"), 1);
  assert.deepEqual(await redis.lrange("elements", 0, 100), ["magnesium"]);
  assert.equal(await redis.hset("people", { name: "joe" }), 1);
  assert.equal(await redis.hget("people", "name"), "joe");
  assert.equal(await redis.sadd("animals", "cat"), 1);
  assert.equal(await redis.spop("animals", 1).then(([one]) => one), "cat");
});

test("Redis.fromEnv and new Redis() need nothing, and a host is a database", async () => {
  const redis = Redis.fromEnv();
  await redis.set("k", { deep: [1] });
  assert.deepEqual(await new Redis().get("k"), { deep: [1] });
  assert.deepEqual(await Redis.fromEnv({ automaticDeserialization: false }).get("k"), '{"deep":[1]}');
  assert.equal(databaseOf(redis), databaseOf(new Redis({})));
  const [a, b, c] = ["https://one.upstash.io", "https://one.upstash.io/", "https://two.upstash.io"].map(
    (url) => new Redis({ url, token: "t" }),
  );
  await a.set("k", "one");
  assert.equal(await b.get("k"), "one");
  assert.equal(await c.get("k"), null);
  process.env.UPSTASH_REDIS_REST_URL = "https://one.upstash.io";
  try {
    assert.equal(await Redis.fromEnv().get("k"), "one");
  } finally {
    delete process.env.UPSTASH_REDIS_REST_URL;
  }
  assert.equal(await Redis.fromEnv({ UPSTASH_REDIS_REST_URL: "https://two.upstash.io", UPSTASH_REDIS_REST_TOKEN: "t" }).get("k"), null);
  assert.throws(() => databaseOf({}), TypeError);
});

test("pipelines, transactions, and pipelines of themselves", async () => {
  const redis = new Redis();
  const p = redis.pipeline();
  p.set("key", 2);
  p.incr("key");
  assert.deepEqual(await p.exec(), ["OK", 3]);
  assert.deepEqual(await redis.multi().set("foo", "bar").get("foo").exec(), ["OK", "bar"]);
  let commands = 0;
  databaseOf(redis).intercept("INCR", () => void commands++);
  const together = await Promise.all([redis.incr("n"), redis.incr("n"), redis.get("n")]);
  assert.deepEqual([together, commands], [[1, 2, 2], 2]);
  const single = new Redis({ enableAutoPipelining: false });
  assert.equal(await single.incr("n"), 3);
});

test("scripts, scans, subscriptions", async () => {
  const redis = new Redis();
  assert.deepEqual(await redis.eval("return {KEYS[1], ARGV[1]}", ["k"], ["a"]), ["k", "a"]);
  const script = redis.createScript("return ARGV[1];");
  assert.equal(await script.exec([], ["hello"]), "hello");
  await redis.mset({ "s:1": 1, "s:2": 2 });
  assert.deepEqual((await redis.scan(0, { match: "s:*" }))[1].sort(), ["s:1", "s:2"]);
  const subscription = redis.subscribe(["channel"]);
  const heard = [];
  subscription.on("message", ({ channel, message }) => heard.push([channel, message]));
  await new Promise((done) => subscription.on("subscribe", done));
  await redis.publish("channel", { id: 1 });
  await until(() => heard.length > 0);
  assert.deepEqual(heard, [["channel", { id: 1 }]]);
  await subscription.unsubscribe();
});

test("errors are @upstash/redis's, as a server's; time and faults are the test's", async () => {
  const clock = manualClock(0);
  reset({ clock });
  const redis = new Redis({ enableAutoPipelining: false });
  await redis.set("text", "x", { ex: 10 });
  const error = await redis.incr("text").catch((error) => error);
  assert.ok(error instanceof actual.errors.UpstashError && error instanceof errors.UpstashError);
  assert.equal(error.message, 'ERR value is not an integer or out of range, command was: ["incr","text"]');
  const results = await redis.pipeline().incr("text").get("text").exec({ keepErrors: true });
  assert.match(results[0].error, /not an integer/);
  assert.equal(results[1].result, "x");
  databaseOf(redis).intercept("GET", new Error("LOADING Redis is loading the dataset in memory"), { times: 1 });
  await assert.rejects(redis.get("text"), /LOADING/);
  clock.advance(10_001);
  assert.equal(await redis.get("text"), null);
  await redis.set("k", "v");
  reset();
  assert.equal(await redis.get("k"), null);
});

test("a requester of one's own is asked, and everything that @upstash/redis exports is there", async () => {
  const own = new Redis({ request: async ({ body }) => ({ result: body.join(" ") }) });
  assert.equal(await own.get("k"), "get k");
  for (const [name, value] of Object.entries(actual)) {
    if (name === "default" || name === "module.exports") continue;
    const here = new Map(Object.entries(named)).get(name);
    if (name === "Redis") assert.ok(here.prototype instanceof value);
    else assert.equal(here, value, name);
  }
  const required = createRequire(import.meta.url)("wakey/upstash-mock");
  await new required.Redis().set("shared", "yes");
  assert.equal(await new Redis().get("shared"), "yes");
  await assert.rejects(new required.Redis().hget("shared", "f"), required.errors.UpstashError);
});
