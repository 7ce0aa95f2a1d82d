/** `wakey/redis-mock`: what the documents of node-redis show, and what fails on mocks. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import net from "node:net";
import { afterEach, test } from "node:test";
import * as actual from "redis";
import { manualClock } from "wakey";
import mock, * as named from "wakey/redis-mock";

const { createClient, createClientPool, createCluster, createSentinel } = mock;
const { databaseOf, reset } = named;
const clients = [];

async function connected(client) {
  clients.push(client);
  client.on("error", () => {});
  await client.connect();
  return client;
}

afterEach(() => {
  for (const client of clients.splice(0)) if (client.isOpen) (client.destroy ?? client.disconnect).call(client);
  reset();
});

test("the first example of node-redis's README", async () => {
  const client = await createClient()
    .on("error", (error) => console.log("Redis Client Error", error))
    .connect();
  clients.push(client);
  await client.set("key", "value");
  assert.equal(await client.get("key"), "value");
  await client.hSet("user-session:123", { name: "John", surname: "Smith", company: "Redis", age: 29 });
  assert.deepEqual({ ...(await client.hGetAll("user-session:123")) }, { name: "John", surname: "Smith", company: "Redis", age: "29" });
  assert.equal(await client.set("key", "other", { EX: 10, NX: true }), null);
  assert.deepEqual(await client.multi().set("another-key", "another-value").get("key").exec(), ["OK", "value"]);
  assert.equal(client.isReady, true);
  await (client.close ?? client.quit).call(client);
});

test("clients of one address share a server, and others have their own, by url and by socket", async () => {
  const a = await connected(createClient());
  await a.set("k", "v");
  for (const same of [
    { url: "redis://127.0.0.1:6379" },
    { url: "rediss://alice:p%40ss@localhost" },
    { url: "redis://[::1]:6379/0" },
    { socket: { host: "localhost", port: 6379 } },
    { socket: { port: 6379, tls: true } },
  ]) {
    const b = await connected(createClient(same));
    assert.equal(await b.get("k"), "v");
    assert.equal(databaseOf(b), databaseOf(a));
  }
  for (const other of [{ url: "redis://localhost:6380" }, { url: "redis://elsewhere" }, { socket: { path: "/tmp/none.sock" } }]) {
    const b = await connected(createClient(other));
    assert.equal(await b.get("k"), null);
    assert.notEqual(databaseOf(b), databaseOf(a));
  }
  const second = await connected(createClient({ url: "redis://localhost/2" }));
  assert.equal(await second.get("k"), null);
  await second.set("k", "two");
  const third = await connected(createClient({ database: 2 }));
  assert.equal(await third.get("k"), "two");
  const copy = await connected(third.duplicate());
  assert.equal(await copy.get("k"), "two");
  assert.equal(databaseOf(copy), databaseOf(a));
  assert.throws(() => databaseOf({}), TypeError);
  assert.throws(() => createClient({ url: "http://localhost" }), TypeError);
});

test("sockets of others go where they went", async () => {
  await connected(createClient());
  const server = net.createServer((socket) => socket.end("real"));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  for (const make of [net.connect, net.createConnection]) {
    const socket = make(server.address().port, "127.0.0.1");
    assert.ok(socket instanceof net.Socket);
    let text = "";
    for await (const chunk of socket) text += chunk;
    assert.equal(text, "real");
  }
  assert.equal(net.connect.name, "connect");
  server.close();
});

test("subscriptions take two clients", async () => {
  const client = await connected(createClient());
  const subscriber = await connected(client.duplicate());
  const heard = [];
  await subscriber.subscribe("channel", (message, channel) => heard.push([channel, message]));
  await subscriber.pSubscribe("channe*", (message, channel) => heard.push([`p:${channel}`, message]));
  assert.equal(await client.publish("channel", "message"), 2);
  await new Promise(setImmediate);
  assert.deepEqual(heard, [
    ["channel", "message"],
    ["p:channel", "message"],
  ]);
});

test("blocking, isolated, by a pool and by two clients", async () => {
  const client = await connected(createClient());
  const other = await connected(client.duplicate());
  const popped = other.blPop("q", 0);
  await client.lPush("q", ["1", "2"]);
  assert.deepEqual({ ...(await popped) }, { key: "q", element: "2" });
  if (createClientPool === undefined) return;
  const pool = await connected(createClientPool());
  assert.equal(await pool.get("none"), null);
  const blocked = pool.blPop("p", 0);
  await pool.lPush("p", "x");
  assert.deepEqual({ ...(await blocked) }, { key: "p", element: "x" });
  assert.equal(databaseOf(pool), databaseOf(client));
});

test("WATCH in optimistic locking, scripts, scans, raw commands", async () => {
  const { defineScript } = actual;
  const add = defineScript({
    NUMBER_OF_KEYS: 1,
    SCRIPT: "return redis.call('GET', KEYS[1]) + ARGV[1];",
    ...(actual.createClientPool
      ? {
          parseCommand(parser, key, toAdd) {
            parser.pushKey(key);
            parser.push(toAdd.toString());
          },
        }
      : { transformArguments: (key, toAdd) => [key, toAdd.toString()] }),
    transformReply: (reply) => reply,
  });
  const client = await connected(createClient({ scripts: { add } }));
  const other = await connected(createClient());
  await client.set("n", "1");
  assert.equal(await client.add("n", 2), 3);
  await client.watch("n");
  await other.set("n", "5");
  await assert.rejects(client.multi().set("n", "6").exec(), actual.WatchError);
  assert.deepEqual(await client.sendCommand(["HGETALL", "none"]).then((reply) => Object.keys(reply)), []);
  await client.mSet({ "s:1": "a", "s:2": "b" });
  const keys = [];
  for await (const found of client.scanIterator({ MATCH: "s:*" })) keys.push(...[found].flat());
  assert.deepEqual(keys.sort(), ["s:1", "s:2"]);
});

test("a cluster is one node, whichever of its nodes is asked, and its keys belong together as in Redis", async () => {
  const cluster = await connected(createCluster({ rootNodes: [{ url: "redis://127.0.0.1:7001" }, { url: "redis://127.0.0.1:7002" }] }));
  await cluster.set("key", "value");
  assert.equal(await cluster.get("key"), "value");
  await cluster.mSet([
    ["{a}1", "one"],
    ["{a}2", "two"],
  ]);
  assert.deepEqual(await cluster.mGet(["{a}1", "{a}2"]), ["one", "two"]);
  await assert.rejects(cluster.sInter(["a", "b"]), /CROSSSLOT/);
  assert.equal(cluster.masters.length, 1);
  assert.equal(databaseOf(cluster).get("key"), "value");
});

test("a sentinel leads to its master", { skip: createSentinel === undefined && "not in this major" }, async () => {
  const sentinel = await connected(
    createSentinel({ name: "primary", sentinelRootNodes: [{ host: "localhost", port: 26379 }], nodeClientOptions: { password: "any" } }),
  );
  await sentinel.set("k", "v");
  assert.equal(await sentinel.get("k"), "v");
  assert.equal(await sentinel.use((client) => client.incr("n")), 1);
  assert.equal(databaseOf(sentinel).get("k"), "v");
});

test("callbacks, as of old", { skip: createClientPool === undefined && "by legacyMode in this major" }, async () => {
  const client = await connected(createClient());
  const legacy = client.legacy();
  const reply = await new Promise((done, failed) => {
    legacy.set("k", "v", (error) => (error ? failed(error) : legacy.get("k", (error, value) => (error ? failed(error) : done(value)))));
  });
  assert.equal(reply, "v");
});

test("time, faults, errors to the letter, and a server that begins anew", async () => {
  const clock = manualClock(0);
  reset({ clock });
  const client = await connected(createClient({ socket: { reconnectStrategy: () => 1 } }));
  await client.hSet("h", "f", "v");
  await client.hExpire?.("h", "f", 10);
  await client.set("k", "v", { PX: 5000 });
  clock.advance(10_001);
  assert.equal(await client.get("k"), null);
  if (client.hExpire) assert.equal(await client.exists("h"), 0);
  await client.set("text", "x");
  await assert.rejects(client.incr("text"), { message: "ERR value is not an integer or out of range" });
  await assert.rejects(client.hGet("text", "f"), actual.ErrorReply);
  databaseOf(client).intercept("GET", new Error("LOADING Redis is loading the dataset in memory"), { times: 1 });
  await assert.rejects(client.get("text"), /LOADING/);
  assert.equal(await client.get("text"), "x");
  const again = new Promise((done) => client.once("ready", done));
  reset();
  await again;
  assert.equal(await client.get("text"), null);
});

test("passwords need no server that has some, and bind where there are users", async () => {
  const any = await connected(createClient({ username: "somebody", password: "any" }));
  assert.equal(await any.ping(), "PONG");
  reset({ requirepass: "right" });
  const wrong = createClient({ url: "redis://:wrong@localhost", socket: { reconnectStrategy: false } });
  wrong.on("error", () => {});
  await assert.rejects(wrong.connect(), /WRONGPASS/);
  const right = await connected(createClient({ url: "redis://:right@localhost" }));
  assert.equal(await right.ping(), "PONG");
});

test("everything that redis exports is there, of one kind for both kinds of modules", async () => {
  const required = createRequire(import.meta.url)("wakey/redis-mock");
  for (const [name, value] of Object.entries(actual)) {
    if (name === "default" || name === "module.exports" || name === "__esModule") continue;
    assert.ok(name in required, `${name} in CommonJS`);
    assert.ok(name in named && name in mock, `${name} in ESM`);
    if (!name.startsWith("create")) assert.equal(required[name], value, name);
  }
  assert.equal(required.default.createClient, required.createClient);
  assert.equal(named.createClient, mock.createClient);
  const [a, b] = [await connected(createClient()), await connected(required.createClient())];
  await a.set("shared", "yes");
  assert.equal(await b.get("shared"), "yes");
  assert.deepEqual(Object.keys(b.json ?? {}), Object.keys(a.json ?? {}));
});
