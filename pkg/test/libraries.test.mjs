/** Real clients against `serve`. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import Redis from "ioredis";
import { createClient, createCluster, defineScript, RESP_TYPES, WatchError } from "redis";
import { open } from "wakey";
import { serve } from "wakey/server";
import { until } from "./support.mjs";

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

test("node-redis reaches a database in process over a Unix socket, and nothing else listens", async () => {
  const db = await open();
  const socket = join(mkdtempSync(join(tmpdir(), "wakey-")), "one.sock");
  const one = await serve({ db, path: socket });
  const client = createClient({ socket: { path: socket, tls: false } });
  try {
    await client.connect();
    assert.equal(one.port, undefined);
    assert.equal(await client.set("k", "v"), "OK");
    assert.equal(db.get("k"), "v");
  } finally {
    await client.close();
    await one.close();
  }
  assert.equal(db.get("k"), "v");
  db.close();
});

/** A list that grows, and a promise that it has reached a length. */
function collector() {
  const heard = [];
  return { heard, add: (...got) => heard.push(got), reached: (n) => until(() => heard.length >= n) };
}

test("ioredis waits with BLPOP while another connection works", async () => {
  const [a, b] = [1, 2].map(() => new Redis({ port: server.port, host: "127.0.0.1" }));
  try {
    await b.flushall();
    const reply = a.blpop("jobs", "urgent", 0);
    const behind = a.get("k");
    await until(async () => /flags=b /.test(await b.client("LIST")));
    assert.equal(await b.rpush("urgent", "now"), 1);
    assert.deepEqual(await reply, ["urgent", "now"]);
    assert.equal(await behind, null);
    assert.equal(await a.blpop("jobs", 0.02), null);
    const moved = a.blmove("jobs", "done", "LEFT", "RIGHT", 0);
    await until(async () => /flags=b /.test(await b.client("LIST")));
    await b.rpush("jobs", "x");
    assert.equal(await moved, "x");
    assert.deepEqual(await b.lrange("done", 0, -1), ["x"]);
  } finally {
    a.disconnect();
    b.disconnect();
  }
});

test("ioredis and node-redis wait for streams", async () => {
  const [a, b] = [1, 2].map(() => new Redis({ port: server.port, host: "127.0.0.1" }));
  const c = createClient({ url: `redis://127.0.0.1:${server.port}` });
  c.on("error", () => {});
  await c.connect();
  try {
    await b.flushall();
    await b.xgroup("CREATE", "s", "g", "$", "MKSTREAM");
    const waiting = async (n) => (await b.client("LIST")).match(/flags=b /g)?.length === n;
    const read = a.xread("COUNT", 5, "BLOCK", 0, "STREAMS", "s", "$");
    await until(() => waiting(1));
    const grouped = c.xReadGroup("g", "ann", { key: "s", id: ">" }, { BLOCK: 0, COUNT: 1 });
    await until(() => waiting(2));
    const id = await b.xadd("s", "*", "f", "v");
    const shape = await read;
    assert.deepEqual(Array.isArray(shape) ? shape : Object.entries(shape), [["s", [[id, ["f", "v"]]]]]);
    const [{ name, messages }] = await grouped;
    assert.deepEqual([name, messages[0].id, { ...messages[0].message }], ["s", id, { f: "v" }]);
    assert.equal(await b.xack("s", "g", id), 1);
    assert.equal(await c.xRead({ key: "s", id: "$" }, { BLOCK: 20 }), null);
  } finally {
    a.disconnect();
    b.disconnect();
    c.destroy();
  }
});

test("ioredis hears channels, patterns and shard channels", async () => {
  const [sub, pub] = [1, 2].map(() => new Redis({ port: server.port, host: "127.0.0.1" }));
  const { heard, add, reached } = collector();
  try {
    sub.on("message", add);
    sub.on("pmessage", add);
    sub.on("smessage", add);
    assert.equal(await sub.subscribe("news", "sport"), 2);
    assert.equal(await sub.psubscribe("n*"), 3);
    assert.equal(await sub.ssubscribe("shard"), 1);
    assert.equal(await pub.publish("news", "hello"), 2);
    await reached(2);
    assert.equal(await pub.publish("sport", "goal"), 1);
    await reached(3);
    assert.equal(await pub.spublish("shard", "part"), 1);
    await reached(4);
    assert.deepEqual(heard, [
      ["news", "hello"],
      ["n*", "news", "hello"],
      ["sport", "goal"],
      ["shard", "part"],
    ]);
    assert.equal(await sub.unsubscribe("news", "sport"), 1);
    assert.equal(await pub.publish("sport", "x"), 0);
    assert.deepEqual(await pub.pubsub("NUMSUB", "news"), ["news", 0]);
  } finally {
    sub.disconnect();
    pub.disconnect();
  }
});

test("ioredis runs transactions, and WATCH holds them back", async () => {
  const [a, b] = [1, 2].map(() => new Redis({ port: server.port, host: "127.0.0.1" }));
  try {
    await a.flushall();
    assert.deepEqual(await a.multi().set("k", 1).incr("k").exec(), [
      [null, "OK"],
      [null, 2],
    ]);
    await a.watch("k");
    await b.incr("k");
    assert.equal(await a.multi().set("k", 0).exec(), null);
    assert.equal(await a.get("k"), "3");
    await assert.rejects(a.multi().set("k").exec(), /EXECABORT/);
    const [[error]] = await a.multi().hget("k", "f").exec();
    assert.match(error.message, /WRONGTYPE/);
  } finally {
    a.disconnect();
    b.disconnect();
  }
});

for (const protocol of [2, 3]) {
  test(`node-redis waits, listens and runs transactions in RESP${protocol}`, async () => {
    const open = async () => {
      const client = createClient({ url: `redis://127.0.0.1:${server.port}/3`, RESP: protocol });
      client.on("error", () => {});
      await client.connect();
      return client;
    };
    const [a, b, sub] = await Promise.all([open(), open(), open()]);
    const { heard, add, reached } = collector();
    try {
      await a.flushAll();
      const reply = a.blPop(["jobs"], 0);
      await until(async () => /flags=b /.test(await b.sendCommand(["CLIENT", "LIST"])));
      await b.rPush("jobs", "one");
      assert.deepEqual({ ...(await reply) }, { key: "jobs", element: "one" });
      assert.equal(await a.blPop("jobs", 0.02), null);

      await sub.subscribe("news", add);
      await sub.pSubscribe("n*", add);
      await sub.sSubscribe("shard", add);
      assert.equal(await b.publish("news", "hello"), 2);
      await reached(2);
      assert.equal(await b.sPublish("shard", "part"), 1);
      await reached(3);
      assert.deepEqual(heard, [
        ["hello", "news"],
        ["hello", "news"],
        ["part", "shard"],
      ]);
      await sub.unsubscribe("news");
      await sub.pUnsubscribe();
      assert.equal(await b.publish("news", "x"), 0);

      assert.deepEqual(await a.multi().set("k", "1").incr("k").exec(), ["OK", 2]);
      await a.watch("k");
      await b.incr("k");
      await assert.rejects(a.multi().set("k", "0").exec(), WatchError);
      assert.equal(await a.get("k"), "3");
    } finally {
      await Promise.all([a, b, sub].map((client) => client.destroy()));
    }
  });
}

for (const protocol of [2, 3]) {
  test(`node-redis has scripts and functions as methods in RESP${protocol}`, async () => {
    const library = `#!lua name=shop
redis.register_function('sell', function(keys, args) return redis.call('decrby', keys[1], args[1]) end)
redis.register_function{function_name='left', callback=function(keys) return redis.call('get', keys[1]) end, flags={'no-writes'}}`;
    const push = (parser, key, ...args) => {
      parser.pushKey(key);
      parser.push(...args.map(String));
    };
    const client = createClient({
      url: `redis://127.0.0.1:${server.port}/5`,
      RESP: protocol,
      scripts: {
        add: defineScript({
          SCRIPT: "return redis.call('incrby', KEYS[1], ARGV[1])",
          NUMBER_OF_KEYS: 1,
          parseCommand: push,
          transformReply: (reply) => Number(reply),
        }),
      },
      functions: {
        shop: {
          sell: { NUMBER_OF_KEYS: 1, parseCommand: push, transformReply: undefined },
          left: { NUMBER_OF_KEYS: 1, IS_READ_ONLY: true, parseCommand: push, transformReply: (reply) => Number(reply) },
        },
      },
    });
    await client.connect();
    try {
      await client.flushDb();
      await client.scriptFlush();
      assert.equal(await client.add("n", 5), 5, "EVALSHA, then EVAL");
      assert.equal(await client.add("n", 1), 6);
      assert.deepEqual(await client.multi().add("n", 1).get("n").exec(), [7, "7"]);
      assert.equal(await client.functionLoad(library, { REPLACE: true }), "shop");
      assert.equal(await client.shop.sell("n", 2), 5);
      assert.equal(await client.shop.left("n"), 5);
      assert.equal(await client.eval("return ARGV[1]", { arguments: ["x"] }), "x");
      const sha = await client.scriptLoad("return {KEYS[1], ARGV[1]}");
      assert.deepEqual(await client.evalSha(sha, { keys: ["k"], arguments: ["a"] }), ["k", "a"]);
      assert.deepEqual(await client.scriptExists([sha]), [1]);
      assert.equal(await client.fCallRo("left", { keys: ["n"] }), "5");
      assert.equal((await client.functionList())[0].library_name, "shop");
      const dump = await client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).functionDump();
      assert.equal(await client.functionFlush(), "OK");
      assert.equal(await client.functionRestore(dump), "OK");
      assert.equal(await client.shop.left("n"), 5);
      const stats = await client.functionStats();
      assert.deepEqual([stats.running_script, stats.engines.LUA], [null, { libraries_count: 1, functions_count: 2 }]);
      await assert.rejects(client.eval("return redis.call('get')"), /Wrong number of args calling Redis command from script/);
    } finally {
      await client.close();
    }
  });
}

test("ioredis defines commands over a socket", async () => {
  const redis = new Redis({ port: server.port, host: "127.0.0.1", db: 6 });
  try {
    redis.defineCommand("add", { numberOfKeys: 1, lua: "return redis.call('incrby', KEYS[1], ARGV[1])" });
    await redis.flushdb();
    await redis.script("FLUSH");
    assert.deepEqual(await redis.pipeline().add("n", 5).add("n", 1).exec(), [
      [null, 5],
      [null, 6],
    ]);
    assert.equal(await redis.add("n", 1), 7);
  } finally {
    redis.disconnect();
  }
});

test("node-redis's client-side cache is told what others change", async () => {
  const options = { url: `redis://127.0.0.1:${server.port}/3`, RESP: 3 };
  const cached = createClient({ ...options, clientSideCache: { ttl: 0, maxEntries: 0, evictPolicy: "LRU" } });
  const other = createClient(options);
  for (const client of [cached, other]) {
    client.on("error", () => {});
    await client.connect();
  }
  const calls = async () => Number(/cmdstat_get:calls=(\d+)/.exec(await other.info("commandstats"))[1]);
  try {
    await other.set("k", "1");
    assert.equal(await cached.get("k"), "1");
    const before = await calls();
    for (let i = 0; i < 10; i++) assert.equal(await cached.get("k"), "1");
    assert.equal(await calls(), before, "the cache answers");
    await other.set("k", "2");
    await until(async () => (await cached.get("k")) === "2");
    assert.equal(await calls(), before + 1);
    await other.hSet("h", "f", "1");
    assert.equal(await cached.hGet("h", "f"), "1");
    await other.multi().hSet("h", "f", "2").set("k", "3").exec();
    await until(async () => (await cached.hGet("h", "f")) === "2" && (await cached.get("k")) === "3");
    await other.flushDb();
    await until(async () => (await cached.get("k")) === null);
    await other.set("k", "4", { PX: 50 });
    await until(async () => (await cached.get("k")) === "4");
    await until(async () => (await cached.get("k")) === null);
    await other.eval("redis.call('set', 'k', 'script')");
    await until(async () => (await cached.get("k")) === "script");
    // One's own changes, too.
    await cached.set("k", "own");
    assert.equal(await cached.get("k"), "own");
    assert.match(await other.info("clients"), /tracking_clients:1/);
  } finally {
    cached.destroy();
    other.destroy();
  }
});

test("CLIENT PAUSE holds up what writes until its time is over, by the host's timer", async () => {
  const [one, two] = [0, 1].map(() => new Redis({ port: server.port, host: "127.0.0.1" }));
  try {
    await one.set("k", "1");
    await one.client("PAUSE", "150", "WRITE");
    const began = performance.now();
    const written = two.set("k", "2");
    assert.equal(await one.get("k"), "1");
    assert.equal(await written, "OK");
    assert.ok(performance.now() - began > 100);
    assert.equal(await one.get("k"), "2");
    await one.client("PAUSE", "100000", "WRITE");
    const again = two.set("k", "3");
    assert.equal(await one.get("k"), "2");
    await one.client("UNPAUSE");
    assert.equal(await again, "OK");
  } finally {
    one.disconnect();
    two.disconnect();
  }
});

test("what comes over a socket is measured", async () => {
  const redis = new Redis({ port: server.port, host: "127.0.0.1" });
  try {
    await redis.config("RESETSTAT");
    await redis.eval("for i = 1, 200000 do end return 1", 0);
    assert.match(await redis.info("commandstats"), /cmdstat_eval:calls=1,usec=[1-9]/);
    assert.match(await redis.info("latencystats"), /latency_percentiles_usec_eval:p50=\d/);
    await redis.slowlog("RESET");
    await redis.config("SET", "slowlog-log-slower-than", "1");
    await redis.eval("for i = 1, 200000 do end return 2", 0);
    await redis.config("SET", "slowlog-log-slower-than", "10000");
    const [entry] = (await redis.slowlog("GET", "10")).filter(([, , , args]) => args[0].toLowerCase() === "eval");
    assert.ok(entry[2] > 1);
    assert.match(entry[4], /^127\.0\.0\.1:\d+$/);
  } finally {
    redis.disconnect();
  }
});

test("clients of clusters work with the one node of a cluster", async () => {
  const server = await serve({ port: 0, cluster: true });
  const node = { host: "127.0.0.1", port: server.port };
  const ioredis = new Redis.Cluster([node]);
  await ioredis.set("a", "1");
  assert.deepEqual([await ioredis.get("a"), await ioredis.set("b", "2")], ["1", "OK"]);
  await assert.rejects(ioredis.mget("a", "b"), /CROSSSLOT Keys in request don't hash to the same slot/);
  assert.deepEqual(await ioredis.multi().set("{t}1", 1).incr("{t}1").exec(), [
    [null, "OK"],
    [null, 2],
  ]);
  assert.deepEqual(ioredis.nodes().length, 1);
  ioredis.disconnect();
  const cluster = createCluster({ rootNodes: [{ socket: node }] });
  await cluster.connect();
  await cluster.set("c", "3");
  assert.deepEqual([await cluster.get("a"), await cluster.get("c")], ["1", "3"]);
  assert.equal(await cluster.eval("return redis.call('GET', KEYS[1])", { keys: ["b"] }), "2");
  await cluster.destroy();
  await server.close();
});
