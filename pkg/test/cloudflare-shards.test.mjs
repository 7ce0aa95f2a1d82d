/** One database over several objects of `wakey/cloudflare`, in the real workerd. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createConnection } from "node:net";
import { test } from "node:test";
import { dial, FULL, READING, resp, runtime } from "./cloudflare/runtime.mjs";
import { source, until } from "./support.mjs";

/** What CLUSTER KEYSLOT of a real Redis 8 answers. */
const SLOTS = [
  ["a", 15495],
  ["foo", 12182],
  ["user{1}x", 9842],
  ["{}a", 10875],
  ["a{}b", 13694],
  ["{a}{b}", 15495],
  ["a{b", 13340],
  ["é", 10180],
  ["123456789", 12739],
  ["x{{y}}z", 15133],
  ["a}{b}", 3300],
  ["", 0],
];

test("a key's slot is that of Redis", async () => {
  const { slotOf, shardOf } = await source("cloudflare/slots");
  for (const [key, slot] of SLOTS) assert.equal(slotOf(key), slot, key);
  for (const shards of [1, 3, 7, 256]) {
    const found = new Set(Array.from({ length: 20_000 }, (_, i) => shardOf(`key:${i}`, shards)));
    assert.deepEqual(
      [...found].sort((a, b) => a - b),
      Array.from({ length: shards }, (_, i) => i),
    );
  }
});

test("shards: keys have their object, what concerns several is refused, what concerns all is merged", async (t) => {
  const { at } = runtime(t);
  const { shardOf } = await source("cloudflare/slots");
  const n = 4;
  const rpc = at("spread", "STORE", n);
  const names = Array.from({ length: 100 }, (_, i) => `key:${i}`);
  for (const [i, key] of names.entries()) assert.equal(await rpc("command", "SET", key, String(i)), "OK");
  assert.deepEqual(
    (
      await rpc(
        "pipeline",
        names.map((key) => ["GET", key]),
      )
    ).map(({ result }) => result),
    names.map((_, i) => String(i)),
  );
  const sizes = await Promise.all(
    [0, 1, 2, 3].map(
      async (shard) =>
        (await at(shard === 0 ? "spread" : `wakey-shard:${shard}:spread`)("query", "SELECT count(*) AS n FROM wakey_journal"))[0].n,
    ),
  );
  assert.deepEqual(
    sizes,
    [0, 1, 2, 3].map((shard) => names.filter((key) => shardOf(key, n) === shard).length),
  );
  assert.equal(await rpc("command", "DBSIZE"), 100);
  assert.deepEqual((await rpc("command", "KEYS", "*")).sort(), [...names].sort());
  assert.ok(names.includes(await rpc("command", "RANDOMKEY")));
  assert.match(await rpc("command", "INFO", "keyspace"), /^# Keyspace\r\ndb0:keys=100,expires=0,/);
  const scanned = [];
  let cursor = "0";
  do {
    const [next, keys] = await rpc("command", "SCAN", cursor, "COUNT", "7");
    scanned.push(...keys);
    cursor = next;
  } while (cursor !== "0");
  assert.deepEqual(scanned.sort(), [...names].sort());
  // Two keys of different objects.
  const other = names.find((key) => shardOf(key, n) !== shardOf("key:0", n));
  const cross = { message: "CROSSSLOT Keys in request don't hash to the same slot" };
  await assert.rejects(rpc("command", "MGET", "key:0", other), cross);
  await assert.rejects(rpc("command", "MSET", "key:0", "x", other, "x"), cross);
  await assert.rejects(rpc("command", "RENAME", "key:0", other), cross);
  assert.equal(await rpc("command", "MSET", "{tag}a", "1", "{tag}b", "2"), "OK");
  assert.deepEqual(await rpc("command", "MGET", "{tag}a", "{tag}b"), ["1", "2"]);
  assert.equal(await rpc("command", "HSET", "hash", "f", "1"), 1);
  assert.deepEqual(await rpc("command", "HGETALL", "hash"), { f: "1" });
  await assert.rejects(rpc("command", "NOPE", "x"), { message: "ERR unknown command 'NOPE', with args beginning with: 'x' " });
  await assert.rejects(rpc("command", "GET"), { message: "ERR wrong number of arguments for 'get' command" });
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    await assert.rejects(rpc("command", name, "x"), { message: `ERR unknown command '${name}', with args beginning with: 'x' ` });
  }
  assert.equal(await rpc("command", "PING"), "PONG");
  // Transactions and sessions.
  assert.deepEqual(await rpc("multi", [["INCR", "{tag}n"], ["PING"], ["GET", "{tag}a"]]), [
    { result: 1 },
    { result: "PONG" },
    { result: "1" },
  ]);
  await assert.rejects(
    rpc("multi", [
      ["SET", "key:0", "no"],
      ["SET", other, "no"],
    ]),
    { message: `EXECABORT Transaction discarded because of: ${cross.message}` },
  );
  await assert.rejects(rpc("multi", [["SET", "key:0", "no"], ["DBSIZE"]]), /CROSSSLOT A transaction is one object's/);
  assert.equal(await rpc("command", "GET", "key:0"), "0");
  assert.deepEqual(
    (
      await rpc("pipeline", [
        ["SELECT", "2"],
        ["SET", "key:0", "two"],
        ["SET", other, "two"],
        ["DBSIZE"],
        ["GET", other],
        ["MGET", "key:0", other],
      ])
    ).map((one) => one.result ?? one.error),
    ["OK", "OK", "OK", 2, "two", cross.message],
  );
  assert.equal(await rpc("command", "GET", other), String(names.indexOf(other)));
  const waiting = rpc("command", "BLPOP", "queue", "5");
  await rpc("command", "RPUSH", "queue", "job");
  assert.deepEqual(await waiting, ["queue", "job"]);
  assert.equal(await rpc("command", "FLUSHALL"), "OK");
  assert.equal(await rpc("command", "DBSIZE"), 0);
});

test("shards: over HTTP, with tokens, and subscribers hear what any object says", async (t) => {
  const { ask, send, miniflare } = runtime(t);
  const spread = { "x-object": "spread", "x-shards": "3" };
  const full = { authorization: FULL, ...spread };
  assert.deepEqual(await send("/pipeline", [["SET", "a", "1"], ["SET", "b", "2"], ["DBSIZE"]], full), [
    200,
    [{ result: "OK" }, { result: "OK" }, { result: 2 }],
  ]);
  assert.deepEqual(
    await send(
      "/multi-exec",
      [
        ["SET", "a", "1"],
        ["GET", "a"],
      ],
      full,
    ),
    [200, [{ result: "OK" }, { result: "1" }]],
  );
  assert.deepEqual(await ask("/get/a", { headers: { ...spread } }), [401, { error: "Unauthorized" }]);
  assert.equal((await ask("/set/a/1", { headers: { authorization: READING, ...spread } }))[0], 400);
  assert.deepEqual(await ask("/mget/a/b", { headers: { authorization: READING, ...spread } }), [
    400,
    { error: "CROSSSLOT Keys in request don't hash to the same slot" },
  ]);
  const stream = await miniflare.dispatchFetch("http://localhost/psubscribe/*", { headers: full });
  const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, "data: psubscribe,*,1\n\n");
  for (const channel of ["a", "b", "c", "d", "e"]) {
    assert.deepEqual(await ask(`/publish/${channel}/hello`, { headers: full }), [200, { result: 1 }]);
    assert.equal((await reader.read()).value, `data: pmessage,*,${channel},hello\n\n`);
  }
  await ask("/set/short/v/PX/50", { headers: full });
  assert.equal((await reader.read()).value, "data: pmessage,*,__keyevent@0__:expired,short\n\n");
  await reader.cancel();
});

test("a stream of events that nobody reads ends, over one object and over several", async (t) => {
  const { miniflare, send } = runtime(t);
  const { port } = await miniflare.ready;
  const message = "x".repeat(1 << 20);
  for (const shards of [0, 2]) {
    const headers = { authorization: FULL, "x-object": `unread${shards}`, "x-shards": String(shards) };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = createConnection(Number(port), "127.0.0.1").on("error", () => {});
    socket.write(`GET /subscribe/c HTTP/1.1\r\nhost: x\r\n${lines.join("")}\r\n`);
    await once(socket, "data");
    socket.pause();
    const publish = async () => (await send("/", ["PUBLISH", "c", message], headers))[1].result;
    assert.equal(await publish(), 1);
    let sent = 0;
    await until(async () => ++sent > 100 || (await publish()) === 0, 30_000);
    assert.ok(sent < 100, "it goes on and on");
    socket.destroy();
  }
});

test("an object keeps no more of a stream than may wait for a router that does not read", async () => {
  const { follow } = await source("cloudflare/calls");
  let told;
  let closed = 0;
  let ended = 0;
  const backend = {
    follow: async (_, access, heard) => {
      assert.equal(access, "reading");
      told = heard;
      return { reply: new Uint8Array(0), close: () => closed++ };
    },
  };
  const { stream } = await follow(backend, ["MONITOR"], "reading", () => ended++);
  const frames = new Uint8Array(1 << 20);
  let sent = 0;
  while (closed === 0 && sent < 100) {
    told(frames);
    sent++;
  }
  assert.deepEqual([sent, closed, ended], [9, 1, 1]);
  await assert.rejects(stream.getReader().read(), /unread/);
});

test("shards: their number cannot be changed, nor passed by", async (t) => {
  const { at, ask } = runtime(t);
  const { shardOf } = await source("cloudflare/slots");
  assert.equal(await at("spread", "STORE", 4)("command", "SET", "k", "v"), "OK");
  const refused = (was, now) => ({ message: `ERR this data is kept in ${was} and was asked for in ${now}; the number cannot be changed` });
  await assert.rejects(at("spread", "STORE", 8)("command", "GET", "k"), refused("4 shards", "8 shards"));
  await assert.rejects(at("spread", "STORE", 3)("command", "SET", "k", "w"), refused("4 shards", "3 shards"));
  await assert.rejects(at("spread", "STORE", 1)("command", "GET", "k"), refused("4 shards", "one object"));
  assert.deepEqual(await ask("/get/k", { headers: { authorization: FULL, "x-object": "spread" } }), [
    400,
    { error: refused("4 shards", "one object").message },
  ]);
  assert.equal(await at("spread", "STORE", 4)("command", "GET", "k"), "v");
  assert.equal(await at("one")("command", "SET", "k", "v"), "OK");
  await assert.rejects(at("one", "STORE", 2)("command", "GET", "k"), refused("one object", "2 shards"));
  await assert.rejects(at("x", "STORE", 257)("command", "GET", "k"), /shards must be from 1 to 256/);
  // No database has the name of another one's shard.
  const spread = at("x", "STORE", 2);
  const key = ["a", "b", "c", "d", "e"].find((one) => shardOf(one, 2) === 1);
  await spread("command", "SET", key, "spread");
  await at("x:1", "STORE", 1)("command", "SET", key, "alone");
  assert.equal(await spread("command", "GET", key), "spread");
  await assert.rejects(at("wakey-shard:1:x", "STORE", 1)("command", "GET", key), /names that begin with 'wakey-shard:'/);
});

const SHARDED = { "x-object": "sockets", "x-shards": "4" };

test("a WebSocket over several objects: each command at its keys, in order; sessions, transactions, RESP3", async (t) => {
  const { miniflare } = runtime(t);
  const headers = { authorization: FULL, ...SHARDED };
  const one = await dial(miniflare, "/", headers);
  assert.equal(one.status, 101);
  const two = await dial(miniflare, "/?_token=secret", SHARDED);
  // "a" and "foo" are in different objects.
  one.send(`${resp("SET", "a", "1")}${resp("SET", "foo", "2")}${resp("GET", "a")}${resp("INCR", "foo")}${resp("DBSIZE")}${resp("PING")}`);
  await one.hears("+OK\r\n+OK\r\n$1\r\n1\r\n:3\r\n:2\r\n+PONG\r\n");
  one.send(Buffer.from("*2\r\n$3\r\nGE"));
  one.send(Buffer.from("T\r\n$1\r\na"));
  one.send(Buffer.from("\r\n*0\r\n"));
  await one.hears("$1\r\n1\r\n");
  one.send(resp("MGET", "a", "foo") + resp("GET") + resp("NONSENSE"));
  await one.hears(
    "-CROSSSLOT Keys in request don't hash to the same slot\r\n-ERR wrong number of arguments for 'get' command\r\n" +
      "-ERR unknown command 'NONSENSE'\r\n",
  );
  // The session: database, protocol, name.
  one.send(resp("SELECT", "3") + resp("SET", "a", "third") + resp("CLIENT", "SETNAME", "me") + resp("HELLO", "3"));
  await one.hearsEnd("*0\r\n");
  one.send(resp("GET", "a") + resp("HSET", "h", "f", "1") + resp("HGETALL", "h") + resp("CLIENT", "GETNAME") + resp("GET", "none"));
  await one.hears("$5\r\nthird\r\n:1\r\n%1\r\n$1\r\nf\r\n$1\r\n1\r\n$2\r\nme\r\n_\r\n");
  one.send(resp("CLIENT", "LIST") + resp("WATCH", "a") + resp("RESET") + resp("GET", "a"));
  await one.hears(
    "-ERR CLIENT LIST needs a session of one object; this database has several\r\n" +
      "-ERR WATCH needs a session of one object; this database has several\r\n+RESET\r\n$1\r\n1\r\n",
  );
  // Transactions: of one object, or of none.
  one.send(resp("MULTI") + resp("INCR", "a") + resp("SELECT", "1") + resp("INCR", "a") + resp("EXEC") + resp("GET", "a"));
  await one.hears("+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n:2\r\n+OK\r\n:1\r\n$1\r\n1\r\n");
  one.send(resp("SELECT", "0") + resp("MULTI") + resp("INCR", "a") + resp("INCR", "foo") + resp("EXEC"));
  await one.hears("+OK\r\n+OK\r\n+QUEUED\r\n+QUEUED\r\n-CROSSSLOT Keys in request don't hash to the same slot\r\n");
  one.send(resp("MULTI") + resp("INCR", "a") + resp("INCR") + resp("EXEC") + resp("GET", "a") + resp("EXEC"));
  await one.hears(
    "+OK\r\n+QUEUED\r\n-ERR wrong number of arguments for 'incr' command\r\n" +
      "-EXECABORT Transaction discarded because of previous errors.\r\n$1\r\n2\r\n-ERR EXEC without MULTI\r\n",
  );
  one.send(resp("MULTI") + resp("INCR", "a") + resp("DISCARD") + resp("GET", "a"));
  await one.hears("+OK\r\n+QUEUED\r\n+OK\r\n$1\r\n2\r\n");
  // What is refused by a router runs nowhere; what aborts nothing leaves the transaction to the objects.
  one.send(resp("MULTI") + resp("SET", "a", "9") + resp("SUBSCRIBE", "ch") + resp("EXEC") + resp("GET", "a"));
  await one.hears(
    "+OK\r\n+QUEUED\r\n-ERR Command not allowed inside a transaction\r\n" +
      "-EXECABORT Transaction discarded because of previous errors.\r\n$1\r\n2\r\n",
  );
  one.send(resp("MULTI") + resp("MULTI") + resp("WATCH", "a") + resp("INCR", "a") + resp("EXEC") + resp("GET", "a") + resp("DECR", "a"));
  await one.hears(
    "+OK\r\n-ERR MULTI calls can not be nested\r\n-ERR WATCH inside MULTI is not allowed\r\n+QUEUED\r\n*1\r\n:3\r\n$1\r\n3\r\n:2\r\n",
  );
  one.send(resp("MULTI") + resp("INCR", "a") + resp("EXEC", "now") + resp("EXEC") + resp("GET", "a"));
  await one.hears(
    "+OK\r\n+QUEUED\r\n-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command\r\n" +
      "-ERR EXEC without MULTI\r\n$1\r\n2\r\n",
  );
  // A wait, served by another socket; what stands behind it waits, too.
  one.send(resp("BLPOP", "jobs", "0") + resp("PING", "behind"));
  const small = await dial(miniflare, "/", { ...headers, "x-class": "SMALL" });
  const asked = Date.now();
  small.send(resp("BLPOP", "none", "0.4") + resp("TIME"));
  two.send(resp("RPUSH", "jobs", "x"));
  await two.hears(":1\r\n");
  await one.hears("*2\r\n$4\r\njobs\r\n$1\r\nx\r\n$6\r\nbehind\r\n");
  // An object's `maxWait` is for HTTP.
  await until(() => small.said().startsWith("*-1\r\n*2"));
  assert.ok(Date.now() - asked >= 390);
  // Who leaves takes nothing.
  one.send(resp("BLPOP", "jobs", "0"));
  const clients = async () => {
    two.send(resp("INFO", "clients"));
    let found;
    await until(() => {
      found = /blocked_clients:(\d+)/.exec(two.said());
      return found !== null;
    });
    await two.hearsEnd("\r\n");
    return found[1];
  };
  await until(async () => (await clients()) === "1");
  one.socket.close(1000);
  await until(async () => (await clients()) === "0");
  two.send(resp("RPUSH", "jobs", "y") + resp("LLEN", "jobs") + resp("QUIT") + resp("DEL", "jobs"));
  await two.hears(":1\r\n:1\r\n+OK\r\n");
  await two.ends(1000);
});

test("a WebSocket over several objects: messages and key events of all of them", async (t) => {
  const { miniflare } = runtime(t);
  const headers = { authorization: FULL, ...SHARDED };
  const [one, two] = [await dial(miniflare, "/", headers), await dial(miniflare, "/", headers)];
  one.send(resp("SUBSCRIBE", "c1", "c2", "__keyevent@0__:expired") + resp("GET", "a") + resp("PING"));
  await one.hears(
    "*3\r\n$9\r\nsubscribe\r\n$2\r\nc1\r\n:1\r\n*3\r\n$9\r\nsubscribe\r\n$2\r\nc2\r\n:2\r\n" +
      "*3\r\n$9\r\nsubscribe\r\n$22\r\n__keyevent@0__:expired\r\n:3\r\n" +
      "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n" +
      "*2\r\n$4\r\npong\r\n$0\r\n\r\n",
  );
  for (const channel of ["c1", "c2"]) {
    two.send(resp("PUBLISH", channel, "hello"));
    await two.hears(":1\r\n");
    await one.hears(`*3\r\n$7\r\nmessage\r\n$2\r\n${channel}\r\n$5\r\nhello\r\n`);
  }
  for (const key of ["a", "foo"]) {
    two.send(resp("SET", key, "v", "PX", "20"));
    await two.hears("+OK\r\n");
    await one.hears(`*3\r\n$7\r\nmessage\r\n$22\r\n__keyevent@0__:expired\r\n$${key.length}\r\n${key}\r\n`);
  }
  one.send(resp("UNSUBSCRIBE", "c1"));
  await one.hears("*3\r\n$11\r\nunsubscribe\r\n$2\r\nc1\r\n:2\r\n");
  await until(async () => {
    two.send(resp("PUBLISH", "c1", "nobody"));
    await until(() => two.said() !== "");
    return (await two.said()) === ":0\r\n" || (await two.hearsEnd("\r\n"));
  });
  await two.hears(":0\r\n");
  one.send(resp("UNSUBSCRIBE") + resp("HELLO", "3"));
  await one.hearsEnd("*0\r\n");
  one.send(resp("PSUBSCRIBE", "c*") + resp("GET", "none"));
  await one.hears(">3\r\n$10\r\npsubscribe\r\n$2\r\nc*\r\n:1\r\n_\r\n");
  two.send(resp("PUBLISH", "c9", "*3"));
  await one.hears(">4\r\n$8\r\npmessage\r\n$2\r\nc*\r\n$2\r\nc9\r\n$2\r\n*3\r\n");
});

test("a WebSocket over several objects: tokens, garbage", async (t) => {
  const { miniflare } = runtime(t);
  for (const headers of [{}, { authorization: "Bearer wrong" }]) {
    assert.deepEqual(await dial(miniflare, "/", { ...SHARDED, ...headers }), { status: 401, error: "Unauthorized" });
  }
  const full = await dial(miniflare, "/", { ...SHARDED, authorization: FULL });
  full.send(resp("SET", "a", "v"));
  await full.hears("+OK\r\n");
  const reading = await dial(miniflare, "/", { ...SHARDED, authorization: READING });
  reading.send(resp("GET", "a") + resp("SET", "a", "w") + resp("MULTI") + resp("DEL", "a") + resp("GET", "a") + resp("EXEC"));
  await reading.hears(
    "$1\r\nv\r\n-NOPERM this user has no permissions to run the 'set' command or its subcommand\r\n" +
      "+OK\r\n-NOPERM this user has no permissions to run the 'del' command or its subcommand\r\n+QUEUED\r\n" +
      "-EXECABORT Transaction discarded because of previous errors.\r\n",
  );
  for (const bad of [
    "PING\r\n",
    "*1\r\n$-5\r\n",
    "*x\r\n",
    "*1\r\n:1\r\n",
    `*2\r\n$3\r\nGET\r\n$${20 << 20}\r\n`,
    "*1\r\n*1\r\n",
    "*".repeat(50),
  ]) {
    const socket = await dial(miniflare, "/", { ...SHARDED, authorization: FULL });
    socket.send(bad);
    await until(() => socket.said().startsWith("-ERR Protocol error"));
    await socket.ends(1000);
  }
  let seed = 9;
  const random = (n) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % n;
  };
  const whole = resp("SET", "other", "x") + resp("SUBSCRIBE", "ch") + resp("HELLO", "3") + resp("MULTI") + resp("BLPOP", "none", "0");
  for (let round = 0; round < 40; round++) {
    const socket = await dial(miniflare, "/", { ...SHARDED, authorization: round % 3 === 0 ? READING : FULL });
    for (let i = 0; i < 5 && socket.closed() === undefined; i++) {
      const bytes = Buffer.from(whole);
      for (let flips = random(6); flips > 0; flips--) bytes[random(bytes.length)] = random(256);
      socket.send(bytes.subarray(0, random(bytes.length + 1)));
    }
    socket.socket.close();
  }
  full.send(resp("GET", "a"));
  await full.hears("$1\r\nv\r\n");
});

test("shards: a script goes to the object of its keys, its text and libraries to all", async (t) => {
  const { at, miniflare } = runtime(t);
  const n = 3;
  const rpc = at("spread", "STORE", n);
  const { shardOf } = await source("cloudflare/slots");
  const keys = [0, 1, 2].map((shard) => Array.from({ length: 100 }, (_, i) => `key:${i}`).find((key) => shardOf(key, n) === shard));
  const add = "return redis.call('incrby', KEYS[1], ARGV[1])";
  for (const [shard, key] of keys.entries()) {
    assert.equal(await rpc("command", "EVAL", add, 1, key, shard + 1), shard + 1);
    assert.equal(await rpc("command", "GET", key), String(shard + 1));
  }
  const cross = { message: "CROSSSLOT Keys in request don't hash to the same slot" };
  await assert.rejects(rpc("command", "EVAL", "return 1", 2, keys[0], keys[1]), cross);
  assert.deepEqual(await rpc("command", "EVAL", "return KEYS", 2, "{t}a", "{t}b"), ["{t}a", "{t}b"]);
  const get = "return redis.call('get', KEYS[1])";
  const sha = await rpc("command", "SCRIPT", "LOAD", get);
  for (const [shard, key] of keys.entries()) {
    assert.equal(await rpc("command", "EVALSHA", sha, 1, key), String(shard + 1));
    assert.equal(await rpc("command", "EVALSHA_RO", sha, 1, key), String(shard + 1));
  }
  await assert.rejects(rpc("command", "EVALSHA", sha, 2, keys[0], keys[1]), cross);
  // A script that only one object has got by EVAL is not there.
  assert.equal(await rpc("command", "EVAL", "return 1", 1, keys[1]), 1);
  const known = createHash("sha1").update("return 1").digest("hex");
  assert.equal(await rpc("command", "EVALSHA", known, 1, keys[1]), 1);
  assert.deepEqual(await rpc("command", "SCRIPT", "EXISTS", sha, known), [1, 0]);
  assert.equal(await rpc("command", "SCRIPT", "FLUSH"), "OK");
  assert.deepEqual(await rpc("command", "SCRIPT", "EXISTS", sha, known), [0, 0]);
  await assert.rejects(rpc("command", "SCRIPT", "LOAD", "this is no Lua"), { message: /^ERR Error compiling script/ });
  await assert.rejects(rpc("command", "SCRIPT", "KILL"), { message: "NOTBUSY No scripts in execution right now." });
  // Without keys: always the same object, where it finds what it has done.
  for (let i = 1; i <= 3; i++) assert.equal(await rpc("command", "EVAL", "return redis.call('incr', 'undeclared')", 0), i);
  assert.deepEqual(
    await rpc("pipeline", [
      ["SET", keys[2], "x"],
      ["EVAL", "return redis.call('incr', 'undeclared')", 0],
    ]),
    [{ result: "OK" }, { result: 4 }],
  );
  assert.deepEqual(
    await rpc("multi", [
      ["SET", keys[2], "x"],
      ["EVAL", "return ARGV[1]", 0, "y"],
    ]),
    [{ result: "OK" }, { result: "y" }],
  );
  const library = "#!lua name=l\nredis.register_function('add', function(k, a) return redis.call('incrby', k[1], a[1]) end)";
  assert.equal(await rpc("command", "FUNCTION", "LOAD", library), "l");
  await rpc("command", "SET", keys[2], 3);
  for (const [shard, key] of keys.entries()) assert.equal(await rpc("command", "FCALL", "add", 1, key, 10), shard + 11);
  await assert.rejects(rpc("command", "FCALL", "add", 2, keys[0], keys[1]), cross);
  assert.deepEqual(
    (await rpc("command", "FUNCTION", "LIST")).map((one) => one.library_name),
    ["l"],
  );
  assert.equal((await rpc("command", "FUNCTION", "STATS")).engines.LUA.functions_count, 1);
  await assert.rejects(rpc("command", "FUNCTION", "LOAD", library), { message: "ERR Library 'l' already exists" });
  assert.equal(await rpc("command", "FUNCTION", "DELETE", "l"), "OK");
  for (const key of keys) await assert.rejects(rpc("command", "FCALL", "add", 1, key, 1), { message: "ERR Function not found" });
  const headers = { authorization: FULL, "x-object": "spread", "x-shards": String(n) };
  const socket = await dial(miniflare, "/", headers);
  socket.send(resp("EVAL", add, "1", keys[1], "1") + resp("EVAL", "return 1", "2", keys[0], keys[1]) + resp("SCRIPT", "LOAD", get));
  await socket.hears(`:13\r\n-${cross.message}\r\n$40\r\n${sha}\r\n`);
});
