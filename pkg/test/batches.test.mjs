/** Pipelines and transactions go into the engine many commands at once: what they answer is what the same commands answer one by one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock, open, ReplyError } from "wakey";

/** Some of everything that a crossing may leave to its host, or answer in another way than by one reply. */
const COMMANDS = [
  ["SET", "k", "v"],
  ["SET", "n", "1"],
  ["GET", "k"],
  ["GET", "none"],
  ["INCR", "n"],
  ["INCR", "k"],
  ["LPUSH", "list", "a", "b", "ü"],
  ["LRANGE", "list", "0", "-1"],
  ["BLPOP", "list", "0.01"],
  ["HSET", "h", "f", "v", "g", "w"],
  ["HGETALL", "h"],
  ["NOSUCH", "x"],
  ["GET"],
  ["SUBSCRIBE", "news"],
  ["UNSUBSCRIBE", "news"],
  ["PUBLISH", "news", "hello"],
  ["CLIENT", "REPLY", "SKIP"],
  ["CLIENT", "REPLY", "OFF"],
  ["CLIENT", "REPLY", "ON"],
  ["CLIENT", "TRACKING", "ON"],
  ["CLIENT", "TRACKING", "OFF"],
  ["MULTI"],
  ["EXEC"],
  ["DISCARD"],
  ["WATCH", "k"],
  ["SET", "long", "x".repeat(5000)],
  ["SETRANGE", "large", "400000", "y"],
  ["GET", "large"],
  ["EVAL", "return {1, redis.call('get', KEYS[1]), {err = 'ERR told'}}", "1", "k"],
  ["SCAN", "0"],
  ["SELECT", "1"],
  ["SELECT", "0"],
];

function random(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const shown = (reply) => (reply instanceof ReplyError ? `${reply.message} of ${reply.command} ${reply.args}` : reply);

/** The same commands one by one, and in pipelines of any length: replies and what is there in the end. */
async function compare(seed, prepare = () => {}) {
  // A transaction in which replies are turned off has fewer than it says: in Redis, too, and nobody can read that.
  const without = seed % 2 === 0 ? "MULTI" : "REPLY";
  const all = COMMANDS.filter((command) => !command.includes(without));
  const make = async () => {
    const db = await open({ clock: manualClock(1_700_000_000_000), seed });
    return [db, prepare(db)];
  };
  const [[one, more], [many, moreOfMany]] = [await make(), await make()];
  const next = random(seed);
  for (let round = 0; round < 60; round++) {
    const commands = Array.from({ length: next(30) }, () => all[next(all.length)]);
    const pipeline = many.pipeline();
    const expected = [];
    for (const command of commands) {
      pipeline.call(...command);
      try {
        expected.push(one._send(command));
      } catch (error) {
        assert.ok(error instanceof ReplyError, error);
        expected.push(error);
      }
    }
    assert.deepEqual(pipeline.exec().map(shown), expected.map(shown), `seed ${seed}, round ${round}`);
  }
  assert.equal(
    many._engine.ask((core) => core.digest()),
    one._engine.ask((core) => core.digest()),
  );
  assert.deepEqual(moreOfMany, more);
  await one.close();
  await many.close();
}

test("a pipeline answers what its commands answer one by one", async () => {
  for (let seed = 1; seed <= 40; seed++) await compare(seed);
});

test("and so it does where somebody observes, and hears each", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    await compare(seed, (db) => {
      const heard = [];
      db.observe(({ command, args }) => heard.push([command, args]));
      return heard;
    });
  }
});

test("short words, numbers, and what is neither are queued alike", async () => {
  const db = await open();
  const buffer = Uint8Array.of(1, 2, 3);
  const pipeline = db
    .pipeline()
    .set("a", 1)
    .set("b", 1.5)
    .set("c", "ü".repeat(100))
    .set("d", buffer)
    .set("e", "x".repeat(64))
    .set("f", 2 ** 40)
    .set("g", -0)
    .mset({ h: 1, i: "two" })
    .set("j", "v", { EX: 10 })
    .ping();
  buffer.fill(0);
  assert.equal(pipeline.length, 10);
  assert.deepEqual(pipeline.exec(), [...Array(9).fill("OK"), "PONG"]);
  assert.deepEqual(db.mget("a", "b", "c", "e", "f", "g", "h", "i", "j"), [
    "1",
    "1.5",
    "ü".repeat(100),
    "x".repeat(64),
    "1099511627776",
    "0",
    "1",
    "two",
    "v",
  ]);
  assert.deepEqual(db.bytes.get("d"), Uint8Array.of(1, 2, 3));
  assert.equal(db.ttl("j"), 10);
  await db.close();
});

test("a hundred thousand commands and their replies pass through small buffers", async () => {
  const db = await open();
  const pipeline = db.pipeline();
  for (let i = 0; i < 100_000; i++) pipeline.set(`key:${i}`, "v".repeat(i % 60));
  const before = db.stats().usedMemory;
  assert.ok(pipeline.exec().every((reply) => reply === "OK"));
  const reads = db.multi();
  for (let i = 0; i < 100_000; i++) reads.strlen(`key:${i}`);
  assert.deepEqual(
    reads.exec(),
    Array.from({ length: 100_000 }, (_, i) => i % 60),
  );
  db.flushall();
  assert.ok(db.stats().usedMemory < before + 2 ** 20, "no buffer of that size stays");
  await db.close();
});

test("a command that ends the session ends the pipeline there", async () => {
  const db = await open();
  const session = db.session();
  const pipeline = session.pipeline().set("a", 1).call("QUIT").set("b", 1);
  assert.throws(() => pipeline.exec(), /this session is closed/);
  assert.deepEqual([db.exists("a"), db.exists("b")], [1, 0]);
  await db.close();
});

test("a pipeline within a transaction is queued, and two buffers are two", async () => {
  const db = await open();
  const [a, b] = [db.pipeline().set("a", "1"), db.pipeline().set("b", "2")];
  assert.deepEqual(a.exec(), ["OK"]);
  const c = db.pipeline().get("a");
  assert.deepEqual(b.get("b").exec(), ["OK", "2"]);
  assert.deepEqual(c.exec(), ["1"]);
  assert.deepEqual(db.multi().set("a", "x").call("NOSUCH").length, 2);
  assert.throws(() => c.exec(), /has ended/);
  await db.close();
});

/** What a call gives, errors as `shown`. */
function alone(client, name, args) {
  try {
    return client.call(name, ...args);
  } catch (error) {
    return shown(error);
  }
}

test("replies of every kind and length are read behind each other as they are alone", async () => {
  const db = await open();
  const values = ["", "a", "x".repeat(12), "x".repeat(64), "x".repeat(65), "x".repeat(100), "ü".repeat(7), "é".repeat(40), "QUEUED", "OK"];
  db.rpush("all", values);
  for (const [i, value] of values.entries()) db.set(`k${i}`, value);
  const commands = [
    ...values.map((_, i) => ["get", `k${i}`]),
    ["get", "none"],
    ["strlen", "k3"],
    ["lrange", "all", 0, -1],
    ["incrbyfloat", "f", "1.5"],
    ["incr", "k1"],
    ["ping"],
    ["eval", "return redis.status_reply('QUEUED')", 0],
    ["eval", "return redis.status_reply('QUEUEX')", 0],
    ["eval", "return redis.status_reply('OKAY')", 0],
    ["hgetall", "none"],
  ];
  const next = random(1);
  for (const client of [db, db.bytes]) {
    for (let round = 0; round < 40; round++) {
      const some = Array.from({ length: 1 + next(60) }, () => commands[next(commands.length)]);
      const [pipeline, transaction] = [client.pipeline(), client.multi()];
      for (const [name, ...args] of some) {
        pipeline[name](...args);
        transaction[name](...args);
      }
      db.del("f");
      const expected = some.map(([name, ...args]) => alone(client, name, args));
      db.del("f");
      assert.deepEqual(pipeline.exec().map(shown), expected);
      db.del("f");
      assert.deepEqual(transaction.exec().map(shown), expected);
    }
  }
  await db.close();
});

test("many short arguments, and what is none among them, come as they were given", async () => {
  const db = await open();
  for (const length of [3, 4, 31, 32, 33, 70]) {
    const plain = Array.from({ length }, (_, i) => (i % 3 === 0 ? i : "x".repeat(i % 65)));
    for (const odd of ["y".repeat(64), "y".repeat(65), "ü", 1.5, 2 ** 40, 10n, Uint8Array.of(65, 66)]) {
      const args = [...plain.slice(0, -1), odd];
      const expected = args.map((arg) => (arg instanceof Uint8Array ? "AB" : String(arg)));
      assert.equal(db.rpush("alone", ...args), length);
      assert.deepEqual(
        db
          .pipeline()
          .rpush("together", ...args)
          .lrange("together", 0, -1)
          .exec(),
        [length, expected],
      );
      assert.deepEqual(db.lrange("alone", 0, -1), expected);
      db.del("alone", "together");
    }
  }
  await db.close();
});
