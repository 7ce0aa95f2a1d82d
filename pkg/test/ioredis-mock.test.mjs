/** `wakey/ioredis-mock`: what the documents of ioredis-mock and ioredis show, and what fails on mocks. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { afterEach, test } from "node:test";
import RealRedis from "ioredis";
import { manualClock } from "wakey";
import Redis, { Cluster, databaseOf, Redis as Named, ReplyError, reset } from "wakey/ioredis-mock";

const clients = [];
function made(client) {
  clients.push(client);
  return client;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
  reset();
});

test("a client is made at once, with data, as ioredis-mock's README has it", async () => {
  const redis = made(
    new Redis({
      data: {
        user_next: "3",
        emails: { "clark@daily.planet": "1", "bruce@wayne.enterprises": "2" },
        "user:1": { id: "1", username: "superman", email: "clark@daily.planet" },
        "user:2": { id: "2", username: "batman", email: "bruce@wayne.enterprises" },
      },
    }),
  );
  assert.ok(redis instanceof RealRedis);
  const next = await redis.incr("user_next");
  assert.equal(next, 4);
  const user = new Map([
    ["id", next],
    ["username", "wonderwoman"],
    ["email", "diana@amazon.gr"],
  ]);
  await redis.hmset(`user:${next}`, user);
  assert.deepEqual({ ...(await redis.hgetall("user:4")) }, { id: "4", username: "wonderwoman", email: "diana@amazon.gr" });
  assert.equal(await redis.hget("emails", "clark@daily.planet"), "1");
});

test("values of every type are data", async () => {
  const data = {
    list: ["a", 1],
    set: new Set(["x"]),
    zset: new Map([
      ["m", 1.5],
      ["n", { score: 2, value: "n" }],
    ]),
    n: 5,
    raw: Buffer.from([0, 255]),
  };
  const redis = made(new Redis({ db: 3, keyPrefix: "app:", data }));
  assert.deepEqual(await redis.lrange("list", 0, -1), ["a", "1"]);
  assert.deepEqual(await redis.smembers("set"), ["x"]);
  assert.deepEqual(await redis.zrange("zset", 0, -1, "WITHSCORES"), ["m", "1.5", "n", "2"]);
  assert.deepEqual(await redis.getBuffer("raw"), Buffer.from([0, 255]));
  assert.equal(databaseOf(redis).call("DBSIZE"), 0);
  assert.equal(await made(new Redis({ db: 3 })).get("app:n"), "5");
});

test("clients of one address share a server, and others have their own", async () => {
  const [a, b, c, d] = [new Redis(), new Redis("redis://127.0.0.1:6379/0"), new Redis(6380), new Redis({ path: "/tmp/r.sock" })].map(made);
  await a.set("k", "v");
  assert.equal(await b.get("k"), "v");
  assert.equal(await c.get("k"), null);
  assert.equal(await d.get("k"), null);
  assert.equal(await made(a.duplicate()).get("k"), "v");
  assert.ok(made(a.duplicate()) instanceof Redis);
  assert.equal(databaseOf(a), databaseOf(b));
  assert.throws(() => databaseOf({}), TypeError);
});

test("subscriptions take two clients", async () => {
  const [pub, sub] = [made(new Redis()), made(new Redis())];
  const heard = new Promise((resolve) => sub.on("message", (channel, message) => resolve([channel, message])));
  await sub.subscribe("emails");
  assert.equal(await pub.publish("emails", "clark@daily.planet"), 1);
  assert.deepEqual(await heard, ["emails", "clark@daily.planet"]);
});

test("scripts run, as commands of their own too", async () => {
  const redis = made(new Redis());
  redis.defineCommand("multiply", { numberOfKeys: 1, lua: "return KEYS[1] * ARGV[1]" });
  assert.equal(await redis.multiply(6, 7), 42);
  await assert.rejects(redis.eval("return redis.error_reply('MINE own')", 0), { message: "MINE own" });
});

test("a cluster is one node, and its keys belong together as in Redis", async () => {
  const cluster = made(new Redis.Cluster(["redis://localhost:7001"], { data: { "{a}1": "one" } }));
  assert.equal(cluster instanceof Cluster, true);
  assert.equal(await cluster.get("{a}1"), "one");
  assert.deepEqual(
    cluster.nodes().map((node) => `${node.options.host}:${node.options.port}`),
    ["localhost:7001"],
  );
  assert.deepEqual(await cluster.mget("{a}1", "{a}2"), ["one", null]);
  await assert.rejects(cluster.mget("a", "b"), /CROSSSLOT/);
});

test("what mocks get wrong: waiting, groups, deadlines of fields, errors to the letter", async () => {
  const clock = manualClock(0);
  reset({ clock });
  const [redis, other] = [made(new Redis()), made(new Redis())];
  const popped = redis.blpop("q", 10);
  await other.rpush("q", "job");
  assert.deepEqual(await popped, ["q", "job"]);
  await redis.xgroup("CREATE", "s", "g", "$", "MKSTREAM");
  const read = redis.xreadgroup("GROUP", "g", "c", "BLOCK", 0, "STREAMS", "s", ">");
  const id = await other.xadd("s", "*", "f", "v");
  assert.deepEqual(await read, [["s", [[id, ["f", "v"]]]]]);
  await redis.call("HSETEX", "h", "EX", 10, "FIELDS", 1, "f", "v");
  clock.advance(10_001);
  assert.equal(await redis.hget("h", "f"), null);
  await redis.set("text", "x");
  const error = await redis.incr("text").catch((error) => error);
  assert.equal(error.message, "ERR value is not an integer or out of range");
  assert.ok(error instanceof ReplyError && error instanceof RealRedis.ReplyError);
});

test("faults, and a server that begins anew", async () => {
  const redis = made(new Redis({ retryStrategy: () => 1 }));
  await redis.set("k", "v");
  databaseOf(redis).intercept("GET", new Error("LOADING Redis is loading the dataset in memory"), { times: 1 });
  await assert.rejects(redis.get("k"), /LOADING/);
  assert.equal(await redis.get("k"), "v");
  reset();
  assert.equal(await redis.get("k"), null);
});

test("passwords need no server that has some, and bind where there are users", async () => {
  const redis = made(new Redis({ password: "any", username: "somebody" }));
  assert.equal(await redis.ping(), "PONG");
  reset({ requirepass: "right" });
  const wrong = made(new Redis({ password: "wrong", maxRetriesPerRequest: 0, retryStrategy: null }));
  wrong.on("error", () => {});
  await assert.rejects(wrong.ping());
  assert.equal(await made(new Redis({ password: "right" })).ping(), "PONG");
});

test("in CommonJS it is the class, as ioredis is", async () => {
  const Class = createRequire(import.meta.url)("wakey/ioredis-mock");
  assert.equal(typeof Class, "function");
  assert.equal(Class.name, "Redis");
  assert.equal(Class.default, Class);
  assert.equal(Class.Redis, Class);
  assert.equal(new Class({ lazyConnect: true }).status, "wait");
  const missing = Object.keys(RealRedis).filter((key) => !(key in Class));
  assert.deepEqual(
    missing,
    ["SentinelIterator"].filter((key) => missing.includes(key)),
  );
  assert.equal(Named, Redis);
  // One server for both kinds of modules.
  await made(new Redis()).set("shared", "yes");
  assert.equal(await made(new Class()).get("shared"), "yes");
});
