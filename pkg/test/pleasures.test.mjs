/** What makes a client pleasant: errors that say whose they are, iterators, JSON, a line for logs, aliases. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { open, openSync } from "wakey";

function opened(t, options) {
  const db = openSync(options);
  t.after(() => db.close());
  return db;
}

/** What a call throws. */
function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("it throws nothing");
}

test("openSync opens at once, in memory, and says so of what takes time", (t) => {
  const db = opened(t, { seed: 1, databases: 2 });
  assert.equal(db.set("k", "v"), "OK");
  assert.equal(opened(t).get("k"), null);
  assert.throws(() => openSync({ store: "file:./data" }), /openSync\(\) opens a database in memory/);
  assert.throws(() => openSync({ databases: 0 }), TypeError);
  assert.throws(() => openSync({ none: 1 }), /unknown option/);
  assert.throws(() => openSync({ wasm: Promise.resolve() }), /openSync\(\): wasm must be/);
  assert.throws(() => openSync({ users: ["ann on nonsense"] }));
});

test("an error says which command it was, and its stack begins at the caller", async (t) => {
  const db = opened(t);
  db.set("k", "v");
  for (const [call, command, args] of [
    [
      function here() {
        db.incr("k");
      },
      "incr",
      ["k"],
    ],
    [
      function here() {
        db.lpush("k", "a", "é", 1, 2, 3);
      },
      "lpush",
      ["k", "a", "é", "1", "2", "3"],
    ],
    [
      function here() {
        db.call("LPOP", "k");
      },
      "lpop",
      ["k"],
    ],
    [
      function here() {
        db.bytes.hset("k", { a: 1 });
      },
      "hset",
      ["k", "a", "1"],
    ],
    [
      function here() {
        db.eval("return redis.error_reply('MY fault')", 0);
      },
      "eval",
      ["return redis.error_reply('MY fault')", "0"],
    ],
  ]) {
    const error = thrown(call);
    assert.deepEqual([error.command, error.args], [command, args]);
    assert.match(error.stack.split("\n")[1], /at here /, error.stack);
  }
  const waited = await db.blpop("k", 1).catch((error) => error);
  assert.deepEqual([waited.command, waited.args], ["blpop", ["k", "1"]]);
  const [, failed] = db.multi().set("a", 1).incr("k").exec();
  assert.deepEqual([failed.command, failed.args], ["incr", ["k"]]);
  const long = thrown(() => db.hset("k", "f", "x".repeat(5000)));
  assert.equal(long.args[2].length, 257);
  assert.equal(thrown(() => db.call("LPUSH", "k", ...Array(200).fill("v"))).args.length, 64);
  assert.doesNotThrow(() => thrown(() => db.setbit("k", 0, 2 ** 21)));
});

test("an error hides what logs somebody in", (t) => {
  const db = opened(t, { requirepass: "right" });
  for (const [args, told] of [
    [["AUTH", "secret"], ["***"]],
    [
      ["AUTH", "ann", "secret"],
      ["***", "***"],
    ],
    [
      ["HELLO", "3", "AUTH", "ann", "secret"],
      ["3", "AUTH", "***", "***"],
    ],
    [
      ["CONFIG", "SET", "requirepass", "secret", "none", "1"],
      ["SET", "requirepass", "***", "none", "1"],
    ],
    [
      ["ACL", "SETUSER", "ann", ">secret", "nonsense"],
      ["***", "***", "***", "***"],
    ],
  ]) {
    const error = thrown(() => db.call(...args));
    assert.deepEqual(error.args, told);
    assert.doesNotMatch(inspect(error), /secret/);
  }
});

test("iterators give each element", (t) => {
  const db = opened(t);
  const names = Array.from({ length: 1000 }, (_, i) => `k:${i}`);
  for (const name of names) db.set(name, 1);
  db.hset("h", Object.fromEntries(names.map((name, i) => [name, i])));
  db.sadd("s", names);
  db.zadd("z", ...names.flatMap((name, i) => [i / 2, name]));
  assert.deepEqual([...db.scanIterator({ match: "k:*", count: 100 })].sort(), [...names].sort());
  assert.deepEqual([...db.scanIterator({ type: "hash" })], ["h"]);
  assert.deepEqual(Object.fromEntries(db.hscanIterator("h")), Object.fromEntries(names.map((name, i) => [name, String(i)])));
  assert.deepEqual([...db.sscanIterator("s", { match: "*99" })].length, 10);
  assert.deepEqual(new Map(db.zscanIterator("z")).get("k:7"), 3.5);
  assert.deepEqual([...db.zscanIterator("none")], []);
  for (const key of db.bytes.scanIterator({ match: "h" })) assert.deepEqual(key, new Uint8Array([104]));
  assert.throws(() => [...db.scanIterator({ pattern: "x" })], /unknown option 'pattern'/);
  for (const name of db.scanIterator({ match: "k:*" })) db.del(name);
  assert.equal(db.dbsize(), 3);
});

test("values as JSON", (t) => {
  const db = opened(t);
  assert.equal(db.setJSON("j", { a: [1, null, "é"] }, "EX", 60), "OK");
  assert.deepEqual(db.getJSON("j"), { a: [1, null, "é"] });
  assert.equal(db.ttl("j"), 60);
  assert.equal(db.getJSON("none"), null);
  assert.equal(db.setJSON("j", 1, "NX"), null);
  db.set("text", "no json");
  assert.throws(() => db.getJSON("text"), SyntaxError);
  assert.throws(() => db.setJSON("j", undefined), TypeError);
  assert.deepEqual(db.bytes.getJSON("j"), { a: [1, null, "é"] });
});

test("a database is a line in logs, and never its data", async (t) => {
  const db = opened(t);
  db.set("secret", "hidden");
  assert.match(inspect(db), /^Wakey \{ keys: 1, db: 0, memory: \d+ KB, store: none \}$/);
  assert.match(inspect({ session: db.session() }), /Client \{ keys: 1/);
  assert.deepEqual(Object.keys(JSON.parse(JSON.stringify({ db })).db), ["keys", "db", "memory", "store"]);
  assert.equal(Object.prototype.toString.call(db), "[object Wakey]");
  const other = await open();
  await other.close();
  assert.equal(inspect(other), "Wakey { closed: true }");
});

test("aliases do what other clients' methods do", (t) => {
  const db = opened(t);
  db.select(2);
  const other = db.duplicate();
  other.set("k", "v");
  assert.equal(db.get("k"), "v");
  const replies = db.pipeline().incr("k").set("a", 1).call("GET", "a").exec();
  assert.deepEqual([replies[0].code, replies[0].command, ...replies.slice(1)], ["ERR", "incr", "OK", "1"]);
  assert.deepEqual(db.pipeline().exec(), []);
  other.disconnect();
  assert.equal(other.closed, true);
  assert.equal(db.closed, false);
});
