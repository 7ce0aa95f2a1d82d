/** `serve({ shards })`: a Redis Cluster of several nodes in one process, and clients of clusters. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import Redis from "ioredis";
import { createClient, createCluster } from "redis";
import { manualClock, ReplyError } from "wakey";
import { serve } from "wakey/server";
import { cli, redisCli, until } from "./support.mjs";

const host = "127.0.0.1";
const node = (port) => ({ host, port });
let cluster;
before(async () => {
  cluster = await serve({ shards: 3, port: 0 });
});
after(() => cluster.close());

/** One key for each shard. */
const keys = ["b", "c", "a"]; // slots 3300, 7365, 15495

/** What a node answers, as it is. */
async function raw(shard, ...commands) {
  const client = new Redis({ ...node(cluster.ports[shard]), lazyConnect: true, maxRetriesPerRequest: 0 });
  await client.connect();
  try {
    const replies = [];
    for (const [name, ...args] of commands) replies.push(await client.call(name, ...args).catch((error) => error.message));
    return replies;
  } finally {
    client.disconnect();
  }
}

test("each node has its third, and knows the others", async () => {
  const { ports } = cluster;
  assert.equal(new Set(ports).size, 3);
  assert.deepEqual(
    keys.map((key) => cluster.shardOf(key)),
    [0, 1, 2],
  );
  for (const at of [0, 1, 2]) {
    const [info, slots, id] = await raw(at, ["CLUSTER", "INFO"], ["CLUSTER", "SLOTS"], ["CLUSTER", "MYID"]);
    assert.match(info, /cluster_state:ok\r\n.*cluster_slots_assigned:16384\r\n/s);
    assert.match(info, /cluster_known_nodes:3\r\ncluster_size:3\r\ncluster_current_epoch:3\r\n/);
    assert.match(info, new RegExp(`cluster_my_epoch:${at + 1}\r\n`));
    assert.deepEqual(
      slots.map(([first, last, [where, port]]) => [first, last, where, port]),
      [
        [0, 5460, host, ports[0]],
        [5461, 10922, host, ports[1]],
        [10923, 16383, host, ports[2]],
      ],
    );
    assert.equal(slots[at][2][2], id);
  }
  assert.deepEqual(await raw(0, ["GET", "a"], ["SET", "b", "1"], ["DEL", "b"], ["MGET", "a", "b"]), [
    `MOVED 15495 ${host}:${ports[2]}`,
    "OK",
    1,
    "CROSSSLOT Keys in request don't hash to the same slot",
  ]);
});

test("ioredis follows MOVED and ASK, and waits out TRYAGAIN", async () => {
  const redis = new Redis.Cluster([node(cluster.ports[1])], { retryDelayOnTryAgain: 10 });
  try {
    for (const key of keys) assert.equal(await redis.set(key, key), "OK");
    assert.deepEqual(await Promise.all(keys.map((key) => redis.get(key))), keys);
    assert.equal(redis.nodes("master").length, 3);
    await assert.rejects(redis.mget("a", "b"), /CROSSSLOT/);
    assert.deepEqual(await redis.multi().set("{b}1", 1).set("{b}2", 2, "PX", 60_000).exec(), [
      [null, "OK"],
      [null, "OK"],
    ]);

    const move = cluster.beginMove("{b}", 2);
    assert.deepEqual([move.slot, move.from, move.to], [3300, 0, 2]);
    assert.equal(move.moveKey("{b}1"), true);
    assert.equal(move.moveKey("{b}1"), false);
    assert.throws(() => move.moveKey("a"), RangeError);
    assert.deepEqual(await raw(0, ["GET", "{b}1"], ["GET", "{b}2"], ["MGET", "{b}1", "{b}2"]), [
      `ASK 3300 ${host}:${cluster.ports[2]}`,
      "2",
      "TRYAGAIN Multiple keys request during rehashing of slot",
    ]);
    assert.deepEqual([await redis.get("{b}1"), await redis.get("{b}2"), await redis.set("{b}3", 3)], ["1", "2", "OK"]);
    assert.equal(cluster.shards[2].db.call("CLUSTER", "COUNTKEYSINSLOT", 3300), 2);
    let done = false;
    const both = redis.mget("{b}1", "{b}2").finally(() => (done = true));
    await raw(0, ["PING"]);
    assert.equal(done, false);
    move.finish();
    assert.deepEqual(await both, ["1", "2"]);
    assert.throws(() => move.finish(), /over/);
    assert.equal(cluster.shardOf("b"), 2);
    for (const at of [0, 1, 2]) assert.equal(cluster.shards[at].db.call("CLUSTER", "SLOTS").length, at < 0 ? 3 : 5);
    assert.deepEqual(await Promise.all(["b", "{b}1", "{b}2", "{b}3"].map((key) => redis.get(key))), ["b", "1", "2", "3"]);
    assert.ok((await redis.pttl("{b}2")) > 50_000);
    cluster.moveSlot(3300, 0);
    assert.deepEqual([await redis.get("b"), cluster.shardOf("b")], ["b", 0]);
    for (const { db } of cluster.shards) db.flushall();
  } finally {
    redis.disconnect();
  }
});

test("a move that is cancelled leaves all where it was", async () => {
  const [source, , target] = cluster.shards.map(({ db }) => db);
  source.call("MSET", "{b}1", "1", "{b}2", "2");
  const move = cluster.beginMove("b", 2);
  move.moveKey("{b}1");
  assert.equal(target.dbsize(), 1);
  move.cancel();
  assert.equal(target.dbsize(), 0);
  assert.deepEqual(source.call("MGET", "{b}1", "{b}2"), ["1", "2"]);
  assert.deepEqual(source.call("CLUSTER", "NODES").match(/\[.*\]/), null);
  assert.throws(
    () => target.call("GET", "b"),
    (error) => error instanceof ReplyError && error.code === "MOVED",
  );
  source.flushall();
});

for (const RESP of [2, 3]) {
  test(`node-redis works on the cluster in RESP${RESP}`, async () => {
    const redis = createCluster({ RESP, rootNodes: [{ socket: node(cluster.ports[0]) }] });
    await redis.connect();
    try {
      for (const key of keys) await redis.set(key, key);
      assert.deepEqual(await Promise.all(keys.map((key) => redis.get(key))), keys);
      assert.equal(redis.masters.length, 3);
      assert.equal(await redis.eval("return redis.call('GET', KEYS[1])", { keys: ["a"] }), "a");
      assert.deepEqual(await redis.multi().incr("{c}n").incr("{c}n").exec(), [1, 2]);
      const move = cluster.beginMove("c", 0);
      assert.equal(move.moveKey("c"), true);
      assert.deepEqual([await redis.get("c"), await redis.get("{c}n")], ["c", "2"]);
      move.finish();
      assert.deepEqual([await redis.get("c"), await redis.get("{c}n")], ["c", "2"]);
      cluster.moveSlot("c", 1);
      const heard = [];
      await redis.sSubscribe("{a}news", (message) => heard.push(message));
      assert.equal(await redis.sPublish("{a}news", "hello"), 1);
      await redis.subscribe("all", (message) => heard.push(message));
      for (const { db } of cluster.shards) db.publish("all", "from everywhere");
      await until(() => heard.length === 4);
      assert.deepEqual(heard, ["hello", ...Array(3).fill("from everywhere")]);
    } finally {
      await redis.destroy();
      for (const { db } of cluster.shards) db.flushall();
    }
  });
}

test("messages that were published in any way reach all nodes, in order", async () => {
  const heard = [];
  const listener = new Redis(node(cluster.ports[2]));
  listener.on("message", (_, message) => heard.push(message));
  await listener.subscribe("ch");
  assert.deepEqual(
    await raw(0, ["PUBLISH", "ch", "1"], ["EVAL", "redis.call('PUBLISH', 'ch', '2') return redis.call('PUBLISH', 'ch', '3')", 0]),
    [0, 0],
  );
  assert.deepEqual(await raw(0, ["MULTI"], ["PUBLISH", "ch", "4"], ["EXEC"]), ["OK", "QUEUED", [0]]);
  const many = "for i = 1, 2000 do redis.call('PUBLISH', 'ch', 'many') end";
  await raw(1, ["EVAL", many, 0]);
  await until(() => heard.length === 2004);
  assert.deepEqual(heard.slice(0, 5), ["1", "2", "3", "4", "many"]);
  listener.disconnect();
});

test("a client-side cache hears of changes at the node that has the key", async () => {
  const redis = createClient({ socket: node(cluster.ports[2]), RESP: 3, clientSideCache: { ttl: 0, maxEntries: 0, evictPolicy: "LRU" } });
  await redis.connect();
  const heard = [];
  try {
    await redis.set("a", "1");
    assert.equal(await redis.get("a"), "1");
    heard.push(...(await raw(2, ["SET", "a", "2"])));
    await until(async () => (await redis.get("a")) === "2");
  } finally {
    await redis.destroy();
    for (const { db } of cluster.shards) db.flushall();
  }
});

test("all nodes have one clock, and databases of their own", async () => {
  const clock = manualClock(1e12);
  const own = await serve({ shards: 2, port: 0, clock, seed: 1 });
  const [first, second] = own.shards.map(({ db }) => db);
  first.set("b", "v", "PX", 10);
  second.set("a", "v", "PX", 10);
  clock.advance(5);
  own.moveSlot("b", 1);
  assert.deepEqual([second.pttl("b"), second.pttl("a"), first.dbsize()], [5, 5, 0]);
  clock.advance(5);
  assert.equal(second.dbsize(), 0);
  first.flushall();
  first.call("FUNCTION", "LOAD", "#!lua name=l\nredis.register_function('f', function() return 1 end)");
  assert.deepEqual(second.call("FUNCTION", "LIST"), []);
  await own.close();
});

test("what shards cannot do is refused", async () => {
  for (const [options, wanted] of [
    [{ shards: 0 }, /shards must be an integer from 1 to 255/],
    [{ shards: 256 }, /1 to 255/],
    [{ shards: 1.5 }, /1 to 255/],
    [{ shards: 3, port: null }, /ports/],
    [{ shards: 3, port: 65534 }, /there are no 3 ports from 65534 on/],
    [{ shards: 3, store: "file:./none" }, /no option 'store'/],
    [{ shards: 3, path: "/tmp/none" }, /no option 'path'/],
  ])
    await assert.rejects(serve(options), wanted);
  assert.throws(() => cluster.shardOf(16384), RangeError);
  assert.throws(() => cluster.moveSlot(0, 3), RangeError);
  assert.throws(() => cluster.beginMove(0, 0), /already the owner/);
  // A port that is taken: nothing stays behind.
  await assert.rejects(serve({ shards: 2, port: cluster.ports[0] }), /EADDRINUSE/);
});

test("a node that is shut down goes alone", async () => {
  let gone = 0;
  const own = await serve({ shards: 2, port: 0, onShutdown: () => gone++ });
  const shut = async (port) => {
    const client = new Redis({ ...node(port), retryStrategy: null });
    client.on("error", () => {});
    await client.shutdown("NOSAVE").catch(() => {});
    client.disconnect();
  };
  await shut(own.ports[0]);
  await until(() => own.shards[0].clients === 0);
  assert.equal(gone, 0);
  assert.equal(own.shards[1].db.publish("ch", "m"), 0);
  await shut(own.ports[1]);
  await until(() => gone === 1);
  await own.close();
});

test("wakey serve --shards", async () => {
  const child = spawn(process.execPath, [cli, "serve", "--shards", "3", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout.setEncoding("utf8"), "data");
  const ports = line.match(/serves a cluster on 127\.0\.0\.1:(\d+), 127\.0\.0\.1:(\d+), 127\.0\.0\.1:(\d+)\n/).slice(1);
  const redis = new Redis.Cluster([node(Number(ports[0]))]);
  for (const key of keys) assert.equal(await redis.set(key, "v"), "OK");
  redis.disconnect();
  child.kill("SIGTERM");
  assert.equal((await once(child, "exit"))[0], 0);
});

const program = redisCli();
test("redis-cli follows redirections, and finds nothing wrong", { skip: program === undefined && "no redis-cli" }, async () => {
  const run = async (...args) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    const [status] = await once(child, "close");
    return { out, status };
  };
  const port = String(cluster.ports[0]);
  assert.equal((await run("-c", "-p", port, "SET", "a", "1")).out, "OK\n");
  assert.equal((await run("-c", "-p", String(cluster.ports[1]), "GET", "a")).out, "1\n");
  assert.match((await run("-p", port, "GET", "a")).out, /^MOVED 15495 /);
  const move = cluster.beginMove("a", 0);
  move.moveKey("a");
  assert.equal((await run("-c", "-p", port, "GET", "a")).out, "1\n");
  assert.match((await run("--cluster", "check", `${host}:${port}`)).out, /slots are open: 15495/);
  move.cancel();
  const check = await run("--cluster", "check", `${host}:${port}`);
  assert.match(check.out, /\[OK\] All nodes agree about slots configuration\..*\[OK\] All 16384 slots covered\./s);
  assert.equal(check.status, 0);
  assert.match((await run("--cluster", "info", `${host}:${port}`)).out, /\[OK\] 1 keys in 3 masters\./);
});
