/** Entries of streams as objects, where a session or `open` asks for them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock, open, openSync } from "wakey";
import { keyspaceOf } from "wakey/testing";

const plain = (value) => JSON.parse(JSON.stringify(value));

/** A stream of two entries, and a group whose consumer has both. */
function opened(t, options) {
  const db = openSync({ entries: "object", clock: manualClock(1_700_000_000_000), ...options });
  t.after(() => db.close());
  db.xadd("s", "1-1", "a", 1, "b", 2);
  db.xadd("s", "1-2", { a: "x" });
  db.xgroup("CREATE", "s", "g", 0);
  return db;
}
const FIRST = { id: "1-1", message: { a: "1", b: "2" } };
const SECOND = { id: "1-2", message: { a: "x" } };

test("every command that answers entries answers objects", async (t) => {
  const db = opened(t);
  assert.deepEqual(plain(db.xrange("s", "-", "+")), [FIRST, SECOND]);
  assert.deepEqual(plain(db.xrevrange("s", "+", "-", "COUNT", 1)), [SECOND]);
  assert.equal(db.xrange("s", "-", "+", "COUNT", -1), null);
  assert.deepEqual(plain(db.xread("STREAMS", "s", "1-1")), { s: [SECOND] });
  assert.equal(db.xread("STREAMS", "s", "$"), null);
  assert.deepEqual(plain(db.xreadgroup("GROUP", "g", "c", "STREAMS", "s", ">")), { s: [FIRST, SECOND] });
  assert.deepEqual(plain(db.xclaim("s", "g", "d", 0, "1-1")), [FIRST]);
  assert.deepEqual(db.xclaim("s", "g", "d", 0, "1-1", "1-2", "JUSTID"), ["1-1", "1-2"]);
  assert.deepEqual(plain(db.xautoclaim("s", "g", "c", 0, "0")), ["0-0", [FIRST, SECOND], []]);
  assert.deepEqual(db.xautoclaim("s", "g", "c", 0, "0", "JUSTID"), ["0-0", ["1-1", "1-2"], []]);
  const info = db.xinfo("STREAM", "s");
  assert.deepEqual(plain([info["first-entry"], info["last-entry"], info.length]), [FIRST, SECOND, 2]);
  const full = db.xinfo("STREAM", "s", "FULL");
  assert.deepEqual(plain(full.entries), [FIRST, SECOND]);
  assert.deepEqual(
    full.groups[0].pending.map(([id, consumer]) => [id, consumer]),
    [
      ["1-1", "c"],
      ["1-2", "c"],
    ],
  );
  assert.deepEqual(plain(db.xinfo("CONSUMERS", "s", "g").map(({ name }) => name)), ["c", "d"]);
  const waits = db.xread("BLOCK", 0, "STREAMS", "s", "$");
  db.xadd("s", "2-1", "c", 3);
  assert.deepEqual(plain(await waits), { s: [{ id: "2-1", message: { c: "3" } }] });
});

test("after HELLO 2 streams are arrays, and entries objects all the same", (t) => {
  const db = opened(t);
  db.call("HELLO", "2");
  assert.deepEqual(plain(db.xrange("s", "-", "+")), [FIRST, SECOND]);
  assert.deepEqual(plain(db.xread("STREAMS", "s", 0)), [["s", [FIRST, SECOND]]]);
  assert.deepEqual(db.xreadgroup("GROUP", "g", "c", "STREAMS", "s", 0), [["s", []]]);
  assert.deepEqual(plain(db.xreadgroup("GROUP", "g", "c", "STREAMS", "s", ">")), [["s", [FIRST, SECOND]]]);
  const info = db.xinfo("STREAM", "s");
  assert.deepEqual(plain(info[info.indexOf("last-entry") + 1]), SECOND);
});

test("one that a consumer has and that was deleted has no message", (t) => {
  const db = opened(t);
  db.xreadgroup("GROUP", "g", "c", "STREAMS", "s", ">");
  db.xdel("s", "1-1");
  assert.deepEqual(plain(db.xreadgroup("GROUP", "g", "c", "STREAMS", "s", 0)), { s: [{ id: "1-1", message: null }, SECOND] });
});

test("one that CLAIM took says how long ago it was delivered, and how often", (t) => {
  const db = opened(t);
  db.xreadgroup("GROUP", "g", "c", "STREAMS", "s", ">");
  const claimed = { millisElapsedFromDelivery: 0, deliveriesCounter: 1 };
  assert.deepEqual(plain(db.xreadgroup("GROUP", "g", "d", "CLAIM", 0, "STREAMS", "s", ">")), {
    s: [
      { ...FIRST, ...claimed },
      { ...SECOND, ...claimed },
    ],
  });
});

test("by name, in transactions and pipelines too, and of those commands alone", (t) => {
  const db = opened(t);
  db.hset("h", "f", "v");
  assert.deepEqual(plain(db.call("xrange", "s", "-", "1-1")), [FIRST]);
  assert.deepEqual(plain(db.multi().hscan("h", 0).call("XRANGE", "s", "-", "+").incr("s").exec().slice(0, 2)), [
    ["0", ["f", "v"]],
    [FIRST, SECOND],
  ]);
  assert.deepEqual(plain(db.pipeline().xrange("s", "-", "+").hscan("h", 0).exec()), [
    [FIRST, SECOND],
    ["0", ["f", "v"]],
  ]);
  assert.equal(db.watch("h"), "OK");
  db.session().hset("h", "f", "w");
  assert.equal(db.multi().xrange("s", "-", "+").exec(), null);
  assert.throws(() => db.xrange("h", "-", "+"), { code: "WRONGTYPE", command: "xrange" });
  assert.deepEqual(db.eval("return redis.call('XRANGE', KEYS[1], '-', '1-1')", ["s"]), [["1-1", ["a", "1", "b", "2"]]]);
});

test("a field may have any name, and the last one of two is there", (t) => {
  const db = opened(t);
  db.xadd("t", "1-1", "__proto__", "x", "a", 1, "a", 2);
  const [{ message }] = db.xrange("t", "-", "+");
  assert.deepEqual(Object.entries(message), [
    ["__proto__", "x"],
    ["a", "2"],
  ]);
});

test("sessions go by what they are told, else as the database; bytes stay as they are", async (t) => {
  const db = opened(t);
  assert.deepEqual(plain(db.session().xrange("s", "-", "1-1")), [FIRST]);
  assert.deepEqual(plain(db.duplicate().xrange("s", "-", "1-1")), [FIRST]);
  const lists = db.session({ entries: "array" });
  assert.deepEqual(lists.xrange("s", "-", "1-1"), [["1-1", ["a", "1", "b", "2"]]]);
  assert.equal(db.bytes.xrange("s", "-", "1-1")[0][1].length, 4);
  const other = await open();
  t.after(() => other.close());
  other.xadd("s", "1-1", "a", 1);
  assert.deepEqual(other.xrange("s", "-", "+"), [["1-1", ["a", "1"]]]);
  assert.deepEqual(plain(other.session({ entries: "object" }).xrange("s", "-", "+")), [{ id: "1-1", message: { a: "1" } }]);
  assert.deepEqual(keyspaceOf(db.session()).s, keyspaceOf(lists).s);
  for (const entries of ["map", null, true]) {
    assert.throws(() => openSync({ entries }), /entries must be one of array, object/);
    assert.throws(() => db.session({ entries }), /entries must be one of array, object/);
  }
});
