/** `wakey/testing` and `serve({ testing: true })`: a clock in the hand, faults and a fresh start, in process and over the wire. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { createClient } from "redis";
import { open } from "wakey";
import { serve } from "wakey/server";
import { createTestRedis, keyspaceOf, matchers, serializer, testClock } from "wakey/testing";
import { cli } from "./support.mjs";

const TIMERS = { apis: ["setTimeout", "Date"], now: Date.UTC(2026, 0, 1) };

test("a test clock goes with the system's, and can be moved, stopped and set going", async (t) => {
  t.mock.timers.enable(TIMERS);
  const time = t.mock.timers;
  const clock = testClock();
  const db = await open({ clock });
  t.after(() => db.close());
  const keys = () => db.stats().keys;
  db.set("a", 1, "PX", 1000);
  time.tick(999);
  assert.equal(keys(), 1);
  time.tick(1);
  assert.equal(keys(), 0, "the timer of the engine has fired");
  db.set("a", 1, "PX", 1000);
  clock.advance(1000);
  assert.equal(keys(), 0, "to be moved expires at once");
  clock.pause();
  db.set("a", 1, "PX", 1000);
  time.tick(5000);
  assert.deepEqual([keys(), clock.running], [1, false]);
  assert.equal(db.pttl("a"), 1000);
  clock.run();
  time.tick(999);
  assert.equal(keys(), 1);
  time.tick(1);
  assert.equal(keys(), 0);
  assert.equal(clock.now(), Date.now() + 1000 - 5000);
  db.set("a", 1, "PX", 1000);
  clock.set(clock.now() - 500);
  time.tick(1499);
  assert.equal(keys(), 1);
  time.tick(1);
  assert.equal(keys(), 0);
  assert.equal(clock.restore(), Date.now());
  assert.throws(() => clock.advance(Number.NaN), TypeError);
});

test("a wait with a timeout ends when the clock is moved over it", async (t) => {
  const redis = createTestRedis();
  t.after(() => redis.close());
  const popped = redis.db.blpop("q", 10);
  redis.clock.advance(10_000);
  assert.equal(await popped, null);
});

test("a test database begins with data, is the same in each run, and has an address", async (t) => {
  const redis = createTestRedis({ data: { n: 1, h: { a: "1" } } });
  t.after(() => redis.close());
  assert.equal(redis.db.incr("n"), 2);
  const client = createClient({ url: await redis.url() });
  await client.connect();
  assert.equal(await client.hGet("h", "a"), "1");
  assert.equal(await redis.url(), await redis.url());
  client.destroy();
  await redis.close();
  assert.throws(() => redis.db.get("n"), { code: "CLOSED" });
  const draws = [1, 2].map(() => {
    const { db } = createTestRedis({ data: { s: new Set("abcdefghij") } });
    const drawn = db.srandmember("s", 5);
    db.close();
    return String(drawn);
  });
  assert.equal(draws[0], draws[1]);
});

test("a keyspace is plain values, whatever the order", async (t) => {
  const redis = createTestRedis();
  t.after(() => redis[Symbol.asyncDispose]());
  const { db, clock } = redis;
  clock.pause();
  db.rpush("list", "b", "a");
  db.sadd("set", "y", "x");
  db.hset("hash", { b: 2, a: 1 });
  db.zadd("zset", 2, "m", 1, "n");
  db.xadd("stream", "1-1", "f", "v", "g", "w");
  db.set("a", "text", "PX", 500);
  assert.deepEqual(keyspaceOf(db), {
    a: { type: "string", value: "text", expiresIn: 500 },
    hash: { type: "hash", value: { a: "1", b: "2" } },
    list: { type: "list", value: ["b", "a"] },
    set: { type: "set", value: ["x", "y"] },
    stream: { type: "stream", value: [["1-1", { f: "v", g: "w" }]] },
    zset: {
      type: "zset",
      value: [
        ["n", 1],
        ["m", 2],
      ],
    },
  });
  assert.deepEqual(Object.keys(keyspaceOf(db)), ["a", "hash", "list", "set", "stream", "zset"]);
  assert.deepEqual(keyspaceOf(db.session()), keyspaceOf(db));
  assert.equal(serializer.test(db), true);
  assert.equal(serializer.test({}), false);
  assert.throws(() => matchers.toHaveKey.call({ utils: {} }, {}, "k"), /needs a database/);
});

/** A server for tests in another process, as one in another language has it, and a client. */
async function served(t) {
  const child = spawn(process.execPath, [cli, "serve", "--port", "0", "--testing"], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill());
  const [line] = await once(child.stdout, "data");
  const port = Number(/:(\d+)/.exec(String(line))[1]);
  const client = createClient({ socket: { port, reconnectStrategy: () => 5 }, RESP: 3 });
  client.on("error", () => {});
  await client.connect();
  t.after(() => client.destroy());
  return client;
}

test("the clock is moved over the wire, and what is due expires", async (t) => {
  const client = await served(t);
  const wakey = (...args) => client.sendCommand(["WAKEY", ...args]);
  const before = Date.now();
  const now = await wakey("CLOCK", "GET");
  assert.ok(now >= before - 1 && now <= Date.now() + 1);
  const stopped = await wakey("CLOCK", "PAUSE");
  await client.set("k", "v", { expiration: { type: "PX", value: 60_000 } });
  assert.equal(await wakey("clock", "advance", "59999"), stopped + 59_999);
  assert.equal(await client.pTTL("k"), 1);
  await client.configSet("notify-keyspace-events", "Ex");
  const other = await client.duplicate().connect();
  const expired = new Promise((resolve) => void other.subscribe("__keyevent@0__:expired", resolve));
  while ((await client.sendCommand(["PUBSUB", "NUMSUB", "__keyevent@0__:expired"]))[1] !== 1);
  await wakey("CLOCK", "ADVANCE", "1");
  assert.equal(await expired, "k");
  other.destroy();
  assert.equal(await wakey("CLOCK", "SET", "5000"), 5000);
  assert.equal(await wakey("CLOCK", "GET"), 5000);
  assert.ok((await wakey("CLOCK", "RUN")) >= 5000);
  await assert.rejects(wakey("CLOCK", "SET", "soon"), { message: "ERR value is not a number or out of range" });
  await assert.rejects(wakey("CLOCK", "SET"), { message: "ERR wrong number of arguments for 'wakey|clock' command" });
  await assert.rejects(wakey("CLOCK", "TURN"), { message: "ERR syntax error" });
  await assert.rejects(wakey("WIND"), { message: "ERR unknown subcommand 'WIND'. Try WAKEY HELP." });
  await assert.rejects(wakey(), { message: "ERR wrong number of arguments for 'wakey' command" });
  assert.match((await wakey("HELP"))[0], /^WAKEY <subcommand>/);
});

test("faults and a fresh start over the wire", async (t) => {
  const client = await served(t);
  const wakey = (...args) => client.sendCommand(["WAKEY", ...args]);
  await client.set("k", "v");
  assert.equal(await wakey("INTERCEPT", "GET", "TIMES", "1", "ERROR", "LOADING Redis is loading the dataset in memory"), "OK");
  await assert.rejects(client.get("k"), /^.*LOADING/);
  assert.equal(await client.get("k"), "v");
  await wakey("INTERCEPT", "PING", "REPLY", "pung");
  assert.equal(await client.ping(), "pung");
  await wakey("INTERCEPT", "GET", "NIL");
  assert.equal(await client.get("k"), null);
  await wakey("INTERCEPT", "CLEAR");
  assert.equal(await client.get("k"), "v");
  assert.equal(await client.ping(), "PONG");
  await wakey("INTERCEPT", "SET", "AFTER", "1", "TIMES", "1", "DROP");
  await client.set("k", "1");
  await assert.rejects(client.set("k", "2"));
  assert.equal(await client.get("k"), "1");
  await wakey("CLOCK", "PAUSE");
  await wakey("INTERCEPT", "ECHO", "DELAY", "1000");
  const echo = client.echo("late");
  const other = await client.duplicate().connect();
  await other.sendCommand(["WAKEY", "CLOCK", "ADVANCE", "1000"]);
  assert.equal(await echo, "late");
  other.destroy();
  for (const bad of [["GET"], ["GET", "TIMES", "1"], ["GET", "DROP", "NIL"], ["GET", "SOON"], ["GET", "ERROR"]])
    await assert.rejects(wakey("INTERCEPT", ...bad), { message: "ERR syntax error" });
  await assert.rejects(wakey("INTERCEPT", "GET", "TIMES", "-1", "DROP"), { message: "ERR value is not an integer or out of range" });
  assert.equal(await wakey("RESET"), "OK");
  assert.equal(await client.dbSize(), 0);
  assert.equal(await client.echo("at once"), "at once");
  assert.ok(Math.abs((await wakey("CLOCK", "GET")) - Date.now()) < 60_000);
  await client.sAdd("s", [..."abcdefghij"]);
  const draw = async () => {
    await wakey("SEED", "7");
    return String(await client.sRandMemberCount("s", 5));
  };
  assert.equal(await draw(), await draw());
});

test("WAKEY is for who has logged in, and nobody where it was not asked for", async (t) => {
  const server = await serve({ port: 0, testing: true, requirepass: "secret" });
  t.after(() => server.close());
  const stranger = createClient({ socket: { port: server.port, reconnectStrategy: false }, disableClientInfo: true, RESP: 2 });
  stranger.on("error", () => {});
  await stranger.connect();
  await assert.rejects(stranger.sendCommand(["WAKEY", "RESET"]), /NOAUTH/);
  await stranger.auth({ password: "secret" });
  assert.equal(await stranger.sendCommand(["WAKEY", "RESET"]), "OK");
  stranger.destroy();
  const plain = await serve({ port: 0 });
  t.after(() => plain.close());
  const usual = createClient({ socket: { port: plain.port } });
  await usual.connect();
  await assert.rejects(usual.sendCommand(["WAKEY", "RESET"]), /unknown command 'WAKEY'/);
  usual.destroy();
});

test("nodes of a cluster for tests have one clock, and each its own faults", async (t) => {
  const cluster = await serve({ shards: 2, port: 0, testing: true });
  t.after(() => cluster.close());
  const clients = await Promise.all(cluster.ports.map((port) => createClient({ socket: { port } }).connect()));
  t.after(() => {
    for (const client of clients) client.destroy();
  });
  const [first, second] = clients.map(
    (client) =>
      (...args) =>
        client.sendCommand(args),
  );
  const stopped = await first("WAKEY", "CLOCK", "PAUSE");
  assert.equal(await second("WAKEY", "CLOCK", "ADVANCE", "1000"), stopped + 1000);
  assert.equal(await first("WAKEY", "CLOCK", "GET"), stopped + 1000);
  await first("WAKEY", "INTERCEPT", "PING", "REPLY", "mine");
  assert.deepEqual([await first("PING"), await second("PING")], ["mine", "PONG"]);
  await first("WAKEY", "RESET");
  assert.equal(await first("PING"), "PONG");
});

test("arrays and vector sets are plain values, too", async () => {
  const db = await open();
  db.arset("a", 3, "x");
  db.arset("a", 70000, "y");
  db.vadd("v", "VALUES", [2, 0.3, -0.4], "b", "NOQUANT");
  db.vadd("v", "VALUES", [2, 1, 0], "a", "NOQUANT", "SETATTR", '{"n":1}');
  assert.deepEqual(keyspaceOf(db), {
    a: {
      type: "array",
      value: [
        [3, "x"],
        [70000, "y"],
      ],
    },
    v: { type: "vectorset", value: { a: { vector: [1, 0], attributes: '{"n":1}' }, b: { vector: [0.3, -0.4] } } },
  });
});
