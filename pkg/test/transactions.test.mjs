/** multi(): commands that run together or not at all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock, open, ReplyError, Transaction, ValueError } from "wakey";

test("exec() gives a reply for each command", async () => {
  const db = await open();
  const replies = db.multi().set("a", 1).incr("a").get("a").hset("h", { f: 1 }).hgetall("h").exec();
  assert.deepEqual(replies.slice(0, 4), ["OK", 2, "2", 1]);
  assert.deepEqual({ ...replies[4] }, { f: "1" });
  assert.deepEqual(db.multi().exec(), []);
});

test("nothing is sent before exec(), and what is dropped leaves nothing behind", async () => {
  const db = await open();
  const transaction = db.multi().set("a", 1);
  assert.equal(db.get("a"), null);
  assert.equal(transaction.length, 1);
  transaction.discard();
  assert.equal(db.get("a"), null);
  assert.throws(() => transaction.set("a", 2), /this transaction has ended/);
  assert.throws(() => transaction.exec(), /this transaction has ended/);
  const done = db.multi();
  done.exec();
  assert.throws(() => done.exec(), /this transaction has ended/);
});

test("an error reply is an element, and the commands behind it ran", async () => {
  const db = await open();
  const [one, two, three] = db.multi().set("a", "x").incr("a").set("b", 1).exec();
  assert.deepEqual([one, three, db.get("b")], ["OK", "OK", "1"]);
  assert.ok(two instanceof ReplyError);
  assert.equal(two.message, "ERR value is not an integer or out of range");
});

test("a command that is refused as it is queued undoes the whole, and says why", async () => {
  const db = await open();
  assert.throws(
    () => db.multi().set("a", 1).call("NOSUCH").call("GET").exec(),
    (error) =>
      error instanceof ReplyError && error.code === "EXECABORT" && error.cause instanceof ReplyError && /NOSUCH/.test(error.cause.message),
  );
  assert.equal(db.get("a"), null);
  assert.equal(db.set("a", 2), "OK", "the session is out of the transaction");
});

test("values are checked when a command is added", async () => {
  const db = await open();
  assert.throws(() => db.multi().set("a", undefined), ValueError);
  assert.throws(() => db.multi().call(5), ValueError);
});

test("bytes are taken as they are when a command is added", async () => {
  const db = await open();
  const buffer = new Uint8Array(1);
  const transaction = db.bytes.multi();
  for (let i = 0; i < 3; i++) {
    buffer[0] = i;
    transaction.rpush("k", buffer);
  }
  assert.deepEqual(transaction.exec(), [1, 2, 3]);
  assert.deepEqual(db.bytes.multi().lrange("k", 0, -1).exec(), [[Uint8Array.of(0), Uint8Array.of(1), Uint8Array.of(2)]]);
});

test("WATCH: exec() gives null when a key has changed since, and nothing ran", async () => {
  const db = await open();
  const other = db.session();
  db.watch("n");
  other.set("n", 5);
  assert.equal(db.multi().set("n", 1).exec(), null);
  assert.equal(db.get("n"), "5");
  assert.deepEqual(db.multi().incr("n").exec(), [6], "a watch is for one transaction");
  db.watch("n");
  other.set("n", 7);
  db.multi().discard();
  assert.deepEqual(db.multi().incr("n").exec(), [8], "discard() forgets it");
  db.watch("n");
  db.unwatch();
});

test("a watched key that expires counts as changed", async () => {
  const clock = manualClock(0);
  const db = await open({ clock });
  db.set("k", "v", "PX", 10);
  db.watch("k");
  clock.advance(10);
  assert.equal(db.multi().set("x", 1).exec(), null);
});

test("commands that wait do not wait in a transaction", async () => {
  const db = await open();
  assert.deepEqual(db.multi().blpop("k", 0).rpush("k", "v").blpop("k", 0).exec(), [null, 1, ["k", "v"]]);
});

test("what a transaction pushes is there for those who wait once it is over", async () => {
  const db = await open();
  const reply = db.blpop("k", 0);
  assert.deepEqual(db.multi().rpush("k", "a").lpop("k").rpush("k", "b").exec(), [1, "a", 1]);
  assert.deepEqual(await reply, ["k", "b"]);
});

test("MULTI, EXEC and DISCARD work by name, too", async () => {
  const db = await open();
  assert.equal(db.call("MULTI"), "OK");
  assert.equal(db.set("a", 1), "QUEUED");
  assert.throws(() => db.multi().get("a").exec(), /MULTI calls can not be nested/);
  assert.equal(db.get("a"), "QUEUED");
  assert.deepEqual(db.exec(), ["OK", "1"]);
  db.call("MULTI");
  assert.equal(db.discard(), "OK");
  assert.throws(() => db.exec(), /EXEC without MULTI/);
});

test("a long transaction is one", async () => {
  const db = await open();
  const transaction = db.multi();
  assert.ok(transaction instanceof Transaction);
  for (let i = 0; i < 20_000; i++) transaction.set(`key:${i}`, "x".repeat(100));
  assert.equal(transaction.exec().length, 20_000);
  assert.equal(db.dbsize(), 20_000);
});

test("a clock that fails in the middle leaves no transaction open", async () => {
  let left = Infinity;
  const db = await open({
    clock: {
      now() {
        if (left-- === 0) throw new Error("no time");
        return 5;
      },
    },
  });
  // It is asked for MULTI, and once for what follows.
  for (const calls of [0, 1]) {
    left = calls;
    assert.throws(() => db.multi().set("a", 1).set("b", 1).exec(), /^Error: no time$/);
    left = Infinity;
    assert.equal(db.set("a", 1), "OK");
    assert.equal(db.exists("b"), 0);
  }
  left = 2;
  assert.deepEqual(db.multi().set("a", 1).set("b", 1).exec(), ["OK", "OK"]);
});
