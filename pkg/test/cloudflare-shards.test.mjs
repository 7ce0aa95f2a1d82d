/** One database over several objects of `wakey/cloudflare`, in the real workerd. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dial, FULL, READING, runtime } from "./cloudflare/runtime.mjs";
import { source } from "./support.mjs";

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
  const { slotOf, shardOf } = await source("cloudflare/shards");
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
  const { shardOf } = await source("cloudflare/shards");
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
      async (shard) => (await at(shard === 0 ? "spread" : `spread:${shard}`)("query", "SELECT count(*) AS n FROM wakey_journal"))[0].n,
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
  assert.equal((await dial(miniflare, "/", full)).status, 501);
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

test("shards: their number cannot be changed, nor passed by", async (t) => {
  const { at, ask } = runtime(t);
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
});
