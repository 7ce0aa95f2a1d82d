/** The real @upstash/redis: in process over `requester`, and over `fetchHandler` behind node:http. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { createRequestListener } from "@remix-run/node-fetch-server";
import { Redis } from "@upstash/redis";
import { open, ReplyError } from "wakey";
import { fetchHandler, requester } from "wakey/upstash";
import { until } from "./support.mjs";

const WAYS = {
  "in process": async (_t, db) => () => new Redis(requester(db)),
  "over HTTP": async (t, db) => {
    const server = createServer(createRequestListener(fetchHandler(db, { token: "secret" }))).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.closeAllConnections() ?? server.close());
    return (more) => new Redis({ url: `http://127.0.0.1:${server.address().port}`, token: "secret", retry: false, ...more });
  },
};

for (const [way, connect] of Object.entries(WAYS)) {
  async function setup(t) {
    const db = await open();
    const client = await connect(t, db);
    t.after(() => db.close());
    return { db, client };
  }

  test(`@upstash/redis runs commands ${way}`, async (t) => {
    const { db, client } = await setup(t);
    const redis = client();
    assert.equal(await redis.set("k", { a: [1, "é"] }, { ex: 100 }), "OK");
    assert.deepEqual(await redis.get("k"), { a: [1, "é"] });
    assert.equal(db.ttl("k"), 100);
    assert.equal(await redis.get("none"), null);
    assert.equal(await redis.hset("h", { a: 1, b: "x" }), 2);
    assert.deepEqual(await redis.hgetall("h"), { a: 1, b: "x" });
    assert.equal(await redis.hgetall("none"), null);
    assert.equal(await redis.zadd("z", { score: 1.5, member: "one" }, { score: 2, member: "two" }), 2);
    assert.deepEqual(await redis.zrange("z", 0, -1, { withScores: true }), ["one", 1.5, "two", 2]);
    assert.deepEqual(await redis.scan(0, { match: "h" }), ["0", ["h"]]);
    assert.equal(await redis.ping(), "PONG");
    await redis.set("big", "9007199254740993");
    assert.equal(await redis.get("big"), "9007199254740993");
    const id = await redis.xadd("s", "*", { f: "v" });
    assert.deepEqual(await redis.xrange("s", "-", "+"), { [id]: { f: "v" } });
    assert.equal(await redis.del("k", "none"), 1);
  });

  test(`@upstash/redis runs scripts ${way}`, async (t) => {
    const { db, client } = await setup(t);
    const redis = client();
    assert.deepEqual(await redis.eval("return {KEYS[1], ARGV[1], ARGV[2]}", ["k"], ["a", { b: 1 }]), ["k", "a", { b: 1 }]);
    assert.equal(await redis.evalRo("return redis.call('get', KEYS[1])", ["none"], []), null);
    const sha = await redis.scriptLoad("return #ARGV");
    assert.equal(await redis.evalsha(sha, [], [1, 2]), 2);
    assert.equal(await redis.evalshaRo(sha, [], [1]), 1);
    assert.deepEqual(await redis.scriptExists(sha, "0".repeat(40)), [1, 0]);
    assert.equal(await redis.scriptFlush(), "OK");
    await assert.rejects(redis.evalsha(sha, [], []), /NOSCRIPT No matching script/);
    const script = redis.createScript("return redis.call('incrby', KEYS[1], ARGV[1])");
    assert.equal(await script.exec(["n"], ["5"]), 5);
    assert.equal(await script.evalsha(["n"], ["1"]), 6);
    assert.equal(await script.eval(["n"], ["1"]), 7);
    assert.equal(await redis.createScript("return redis.call('get', KEYS[1])", { readonly: true }).exec(["n"], []), 7);
    await assert.rejects(
      redis.evalRo("return redis.call('set', KEYS[1], 1)", ["n"], []),
      /Write commands are not allowed from read-only scripts/,
    );
    assert.deepEqual(await redis.pipeline().eval("return 1", [], []).evalsha(script.sha1, ["n"], ["1"]).exec(), [1, 8]);
    assert.deepEqual(await redis.multi().set("n", 1).eval("return redis.call('get', KEYS[1])", ["n"], []).exec(), ["OK", 1]);
    db.function("LOAD", "#!lua name=l\nredis.register_function('f', function(k, a) return {k[1], a[1]} end)");
    assert.deepEqual(await redis.exec(["FCALL", "f", 1, "k", "a"]), ["k", "a"]);
  });

  test(`@upstash/redis hears of errors ${way}`, async (t) => {
    const { db, client } = await setup(t);
    const redis = client();
    db.set("k", "text");
    await assert.rejects(redis.hget("k", "f"), /WRONGTYPE Operation against a key holding the wrong kind of value/);
    await assert.rejects(redis.incr("k"), { name: "UpstashError" });
    await assert.rejects(
      redis
        .multi()
        .set("k", "x")
        .exec()
        .then(() => redis.multi().incr("k").exec()),
      /not an integer/,
    );
    const results = await redis.pipeline().get("k").incr("k").exec({ keepErrors: true });
    assert.deepEqual([results[0].result, /not an integer/.test(results[1].error)], ["x", true]);
  });

  test(`@upstash/redis pipelines by itself and by request ${way}`, async (t) => {
    const { client } = await setup(t);
    const redis = client();
    const counts = await Promise.all(Array.from({ length: 200 }, () => redis.incr("n")));
    assert.deepEqual(
      counts,
      Array.from({ length: 200 }, (_, i) => i + 1),
    );
    assert.deepEqual(await redis.pipeline().set("k", 1).incr("k").get("k").hgetall("none").exec(), ["OK", 2, 2, null]);
    assert.deepEqual(await redis.multi().set("k", 1).incr("k").exec(), ["OK", 2]);
  });

  test(`@upstash/redis subscribes ${way}`, async (t) => {
    const { db, client } = await setup(t);
    const redis = client();
    const heard = [];
    const sub = redis.subscribe(["chat", "news"]);
    sub.on("message", ({ channel, message }) => heard.push([channel, message]));
    const patterns = redis.psubscribe("n*");
    patterns.on("pmessage", ({ pattern, channel, message }) => heard.push([pattern, channel, message]));
    await until(() => db.pubsub("NUMSUB", "chat", "news").join() === "chat,1,news,1" && db.pubsub("NUMPAT") === 1);
    assert.equal(await redis.publish("chat", { text: "hello, you" }), 1);
    await until(() => heard.length === 1);
    assert.equal(db.publish("news", "1"), 2);
    await until(() => heard.length === 3);
    assert.deepEqual(heard[0], ["chat", { text: "hello, you" }]);
    assert.deepEqual(heard.slice(1).sort(), [
      ["n*", "news", 1],
      ["news", 1],
    ]);
    await sub.unsubscribe(["chat"]);
    await until(() => db.publish("chat", "x") === 0);
    await sub.unsubscribe();
    await patterns.unsubscribe();
    await until(() => db.stats().sessions === 1);
  });
}

test("@upstash/redis is refused with a wrong token, and writes with a read-only one", async (t) => {
  const db = await open();
  const server = createServer(createRequestListener(fetchHandler(db, { token: "all", readonlyToken: "read" }))).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.closeAllConnections() ?? server.close());
  const client = (token) => new Redis({ url: `http://127.0.0.1:${server.address().port}`, token, retry: false });
  await assert.rejects(client("wrong").get("k"), /Unauthorized/);
  assert.equal(await client("all").set("k", "v"), "OK");
  assert.equal(await client("read").get("k"), "v");
  await assert.rejects(client("read").set("k", "w"), /NOPERM/);
});

test("a request that its client leaves ends its wait", async (t) => {
  const db = await open();
  const server = createServer(createRequestListener(fetchHandler(db, { unprotected: true }))).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.closeAllConnections() ?? server.close());
  const controller = new AbortController();
  const left = fetch(`http://127.0.0.1:${server.address().port}/blpop/jobs/0`, { signal: controller.signal }).catch((error) => error.name);
  await until(() => /flags=b /.test(db.client("LIST")));
  controller.abort();
  assert.equal(await left, "AbortError");
  await until(() => db.stats().sessions === 1);
  assert.equal(db.rpush("jobs", "kept"), 1);
});

test("@upstash/redis pipelines by itself over a requester, when its autoPipeline() is asked to", async () => {
  const one = requester(await open());
  const paths = [];
  // For a requester its constructor leaves this out, whatever its options say.
  const redis = new Redis({
    ...one,
    request: (request) => {
      paths.push(request.path?.join() ?? "single");
      return one.request(request);
    },
  }).autoPipeline();
  assert.deepEqual(await Promise.all([redis.set("a", 1), redis.incr("a"), redis.incr("a")]), ["OK", 2, 3]);
  assert.deepEqual(paths, ["pipeline"]);
});

test("a wait in process ends with its signal, and a subscription too", async () => {
  const db = await open();
  const one = requester(db);
  const controller = new AbortController();
  const heard = [];
  const { signal } = controller;
  await one.request({ path: ["subscribe", "c"], isStreaming: true, onMessage: (line) => heard.push(line), signal });
  const waiting = one.request({ body: ["BLPOP", "jobs", 0], signal });
  db.publish("c", "1");
  await null;
  controller.abort();
  await assert.rejects(waiting, { name: "AbortError" });
  assert.deepEqual(heard, ["subscribe,c,1", "message,c,1"]);
  assert.deepEqual([db.publish("c", "2"), db.stats().sessions], [0, 1]);
});

test("a transaction that is refused is thrown in process, with the class of the package", async () => {
  const one = requester(await open());
  await assert.rejects(
    one.request({ path: ["multi-exec"], body: [["SET", "k"]] }),
    (error) => error instanceof ReplyError && error.code === "EXECABORT",
  );
  assert.deepEqual(await one.request({ body: [] }), { error: "ERR empty command" });
  assert.deepEqual(await one.request({ body: ["GET", null] }), { error: "ERR failed to parse command: argument 1 is null" });
  await assert.rejects(one.request({ path: ["pipeline"], body: "x" }), /failed to parse pipeline/);
});
