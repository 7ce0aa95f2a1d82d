/** Commands that wait give promises, and nothing else of their client waits. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { ClosedError, manualClock, open, ReplyError, TrapError, ValueError } from "wakey";
import { root } from "./support.mjs";

/** What has become of a promise once all that is due has run. */
async function state(promise) {
  let now = "pending";
  promise.then(
    (value) => (now = value),
    (error) => (now = error),
  );
  for (let i = 0; i < 5; i++) await null;
  return now;
}

const clients = (db) => db.client("LIST").trim().split("\n").length;

test("every command that the table calls blocking gives a promise, if it was asked to wait", async () => {
  const db = await open({ clock: manualClock(0) });
  const args = {
    blmove: ["k", "l", "LEFT", "LEFT", 1],
    blmovem: ["k", "l", "LEFT", "LEFT", 1],
    blmpop: [1, 1, "k", "LEFT"],
    brpoplpush: ["k", "l", 1],
    bzmpop: [1, 1, "k", "MIN"],
    wait: [1, 1000],
    waitaof: [0, 1, 1000],
    xread: ["BLOCK", 1000, "STREAMS", "k", "$"],
    xreadgroup: ["GROUP", "g", "c", "BLOCK", 1000, "STREAMS", "k", ">"],
  };
  const seen = [];
  for (const name of db.command("LIST")) {
    if (name.includes("|") || !db.command("INFO", name)[0][2].includes("blocking")) continue;
    seen.push(name);
    const given = args[name] ?? ["k", 1];
    for (const reply of [db[name](...given), db.call(name, ...given), db.call(name.toUpperCase(), ...given)]) {
      assert.ok(reply instanceof Promise, name);
      reply.catch(() => {});
    }
  }
  const expected = [
    "blmove",
    "blmovem",
    "blmpop",
    "blpop",
    "brpop",
    "brpoplpush",
    "bzmpop",
    "bzpopmax",
    "bzpopmin",
    "wait",
    "waitaof",
    "xread",
    "xreadgroup",
  ];
  assert.deepEqual(seen.sort(), expected);
  db.close();
});

test("BLPOP waits for an element, and its client goes on meanwhile", async () => {
  const db = await open();
  const reply = db.blpop("jobs", "urgent", 0);
  assert.equal(db.set("k", "v"), "OK");
  assert.equal(db.get("k"), "v");
  assert.equal(await state(reply), "pending");
  assert.equal(db.rpush("jobs", "a", "b"), 2);
  assert.deepEqual(await reply, ["jobs", "a"]);
  assert.deepEqual(await db.blpop("jobs", 0), ["jobs", "b"], "what is there is taken at once");
  assert.equal(db.exists("jobs"), 0);
});

test("who came first is served first, each with one element", async () => {
  const db = await open();
  const order = [];
  const all = [1, 2, 3].map((n) => db.blpop("jobs", 0).then(([, job]) => order.push([n, job])));
  db.rpush("jobs", "a", "b", "c");
  await Promise.all(all);
  assert.deepEqual(order, [
    [1, "a"],
    [2, "b"],
    [3, "c"],
  ]);
});

test("a chain of BLMOVE runs through", async () => {
  const db = await open();
  const last = db.blpop("c", 0);
  const [first, second] = [db.blmove("a", "b", "LEFT", "RIGHT", 0), db.blmove("b", "c", "LEFT", "RIGHT", 0)];
  db.rpush("a", "x");
  assert.deepEqual(await Promise.all([first, second, last]), ["x", "x", ["c", "x"]]);
});

test("the time is over when the clock says so", async () => {
  const clock = manualClock(1_000_000);
  const db = await open({ clock });
  const replies = [db.blpop("k", 1), db.call("BRPOP", "k", "1"), db.blmove("k", "l", "LEFT", "LEFT", 1.5)];
  assert.equal(db.nextDeadline(), 1_001_000);
  clock.advance(999);
  assert.equal(await state(replies[0]), "pending");
  clock.advance(1);
  assert.deepEqual(await Promise.all(replies.map(state)), [null, null, "pending"]);
  clock.advance(500);
  assert.equal(await replies[2], null);
  assert.equal(db.nextDeadline(), Infinity);
  assert.equal(clients(db), 1);
});

test("with the system clock a timer ends the wait", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  const db = await open();
  const reply = db.blpop("k", 0.03);
  t.mock.timers.tick(29);
  assert.equal(await state(reply), "pending");
  t.mock.timers.tick(1);
  assert.equal(await state(reply), null);
});

test("what is wrong with the command rejects the promise", async () => {
  const db = await open();
  db.set("text", "v");
  await assert.rejects(db.blpop("text", 0), { name: "ReplyError", code: "WRONGTYPE" });
  await assert.rejects(db.blpop("k", "soon"), /timeout is not a float/);
  await assert.rejects(db.blpop("k", -1), /timeout is negative/);
  await assert.rejects(db.blpop("k"), /wrong number of arguments/);
  await assert.rejects(db.blpop(undefined, 0), ValueError);
  await assert.rejects(db.blpop("k", 0, { signals: 1 }), /unknown option 'signals'/);
  await assert.rejects(db.blpop("k", 0, { signal: 1 }), /signal must be an AbortSignal/);
});

test("a signal ends the wait at once, and nothing is taken", async () => {
  const db = await open();
  const controller = new AbortController();
  const reply = db.blpop("jobs", 0, { signal: controller.signal });
  const next = db.call("BLPOP", "jobs", 1000, { signal: controller.signal });
  assert.equal(clients(db), 3);
  controller.abort(new Error("enough"));
  assert.equal(db.nextDeadline(), Infinity);
  assert.equal(clients(db), 1);
  db.rpush("jobs", "a");
  await assert.rejects(reply, /^Error: enough$/);
  await assert.rejects(next, /^Error: enough$/);
  assert.equal(db.llen("jobs"), 1);
  await assert.rejects(db.blpop("jobs", 0, { signal: controller.signal }), /^Error: enough$/);
  assert.equal(db.llen("jobs"), 1, "a signal that has aborted before keeps the command from running");
});

test("a signal that aborts after the reply changes nothing", async () => {
  const db = await open();
  const controller = new AbortController();
  const reply = db.blpop("jobs", 0, { signal: controller.signal });
  db.rpush("jobs", "a", "b");
  controller.abort();
  assert.deepEqual(await reply, ["jobs", "a"]);
  assert.deepEqual(db.lrange("jobs", 0, -1), ["b"]);
});

test("the wait is in the database that was selected, under the client's name", async () => {
  const db = await open();
  db.select(1);
  db.client("SETNAME", "worker");
  const reply = db.blpop("jobs", 0);
  assert.match(db.client("LIST"), /name=worker .*flags=b db=1 .*cmd=blpop/);
  db.select(0);
  db.rpush("jobs", "in 0");
  assert.equal(await state(reply), "pending");
  db.select(1);
  db.rpush("jobs", "in 1");
  assert.deepEqual(await reply, ["jobs", "in 1"]);
  assert.equal(clients(db), 1);
});

test("XREAD answers at once, and waits only with BLOCK", async () => {
  const clock = manualClock(1000);
  const db = await open({ clock });
  assert.equal(db.xread("STREAMS", "s", "0"), null);
  assert.equal(db.call("XREAD", "STREAMS", "s", "0"), null);
  const later = db.xread("COUNT", 2, "block", 0, "STREAMS", "s", "$");
  assert.ok(later instanceof Promise);
  const over = db.call("XREAD", "BLOCK", 100, "STREAMS", "none", "$");
  const id = db.xadd("s", "*", { f: 1 });
  assert.deepEqual({ ...(await later) }, { s: [[id, ["f", "1"]]] });
  assert.deepEqual({ ...db.xread("STREAMS", "s", "0") }, { s: [[id, ["f", "1"]]] });
  clock.advance(100);
  assert.equal(await over, null);
  assert.throws(() => db.xread("STREAMS", "s"), ReplyError);
  await assert.rejects(db.xread("BLOCK", -1, "STREAMS", "s", "0"), /timeout is negative/);
  await assert.rejects(db.xread("BLOCK", 0, "STREAMS", undefined, "0"), ValueError);
  assert.throws(() => db.xread("STREAMS", undefined, "0"), ValueError);
});

test("XREADGROUP waits for its group, whatever the group is called", async () => {
  const db = await open();
  db.xgroup("CREATE", "s", "BLOCK", "$", "MKSTREAM");
  assert.equal(db.xreadgroup("GROUP", "BLOCK", "block", "STREAMS", "s", ">"), null);
  const controller = new AbortController();
  const read = (options) => db.xreadgroup("GROUP", "BLOCK", "ann", "COUNT", 1, "BLOCK", 0, "NOACK", "STREAMS", "s", ">", options);
  const dropped = read({ signal: controller.signal });
  const kept = read({});
  controller.abort(new Error("enough"));
  const id = db.xadd("s", "*", { f: 1 });
  await assert.rejects(dropped, /enough/);
  assert.deepEqual({ ...(await kept) }, { s: [[id, ["f", "1"]]] });
  const lost = read({});
  db.del("s");
  await assert.rejects(lost, { code: "NOGROUP" });
});

test("in a transaction nothing waits", async () => {
  const db = await open();
  db.call("MULTI");
  assert.equal(await db.blpop("k", 0), "QUEUED");
  assert.deepEqual(db.exec(), [null]);
  assert.equal(clients(db), 1);
});

test("bytes wait as bytes", async () => {
  const db = await open();
  const reply = db.bytes.blpop("k", 0);
  db.rpush("k", Uint8Array.of(0, 255));
  assert.deepEqual(await reply, [Uint8Array.of(107), Uint8Array.of(0, 255)]);
});

test("a session that answers nothing (CLIENT REPLY OFF) still gets what it waits for", async () => {
  const db = await open();
  db.client("REPLY", "OFF");
  const reply = db.blpop("k", 0);
  db.rpush("k", "v");
  assert.deepEqual(await reply, ["k", "v"]);
});

test("CLIENT UNBLOCK and CLIENT KILL end a wait", async () => {
  const db = await open();
  const waiting = () => Number(/id=(\d+) [^\n]*flags=b/.exec(db.client("LIST"))[1]);
  const [a, b, c] = [db.blpop("k", 0), db.blpop("k", 0), db.blpop("k", 0)];
  assert.equal(db.call("CLIENT", "UNBLOCK", waiting()), 1);
  assert.equal(await a, null);
  assert.equal(db.call("CLIENT", "UNBLOCK", waiting(), "ERROR"), 1);
  await assert.rejects(b, (error) => error instanceof ReplyError && error.code === "UNBLOCKED");
  assert.equal(db.client("KILL", "ID", waiting()), 1);
  await assert.rejects(c, ClosedError);
  assert.equal(clients(db), 1);
});

test("closing rejects what waits: the session's own calls, then all", async () => {
  const db = await open();
  const other = db.session();
  const [mine, theirs] = [db.blpop("k", 0), other.blpop("k", 0)];
  other.close();
  await assert.rejects(theirs, { name: "ClosedError", message: "this session is closed" });
  await assert.rejects(other.blpop("k", 0), ClosedError);
  assert.equal(clients(db), 2);
  const third = db.session();
  const killed = third.blpop("k", 0);
  db.client("KILL", "ID", third.client("ID"));
  await assert.rejects(killed, ClosedError);
  db.close();
  await assert.rejects(mine, { name: "ClosedError", message: "this database is closed" });
  await assert.rejects(db.blpop("k", 0), ClosedError);
});

test("a trap rejects what waits", async () => {
  const db = await open();
  const reply = db.blpop("k", 0);
  db._engine.core.exec = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  assert.throws(() => db.get("k"), TrapError);
  await assert.rejects(reply, TrapError);
});

test("thousands may wait", async () => {
  const db = await open();
  const n = 5000;
  const all = Array.from({ length: n }, (_, i) => db.blpop(`k${i % 50}`, 0));
  for (let i = 0; i < n; i++) db.rpush(`k${i % 50}`, i);
  const replies = await Promise.all(all);
  assert.deepEqual(
    replies.map(([, value]) => Number(value)),
    Array.from({ length: n }, (_, i) => i),
  );
  assert.equal(clients(db), 1);
});

function run(script) {
  return spawnSync(process.execPath, ["--input-type=module", "-e", `import { open } from "wakey"; const db = await open(); ${script}`], {
    cwd: root,
    encoding: "utf8",
    timeout: 10_000,
  });
}

test("a wait with a deadline keeps the process alive until then", () => {
  const done = run('console.log(await db.blpop("k", 0.01)); console.log("done");');
  assert.equal(done.stdout, "null\ndone\n", done.stderr);
  assert.equal(done.status, 0);
});

test("a wait for good does not: a process that nothing could wake ends", () => {
  const done = run('db.blpop("k", 0).then(console.log); console.log("done");');
  assert.equal(done.stdout, "done\n", done.stderr);
  assert.equal(done.status, 0);
  assert.equal(run('await db.blpop("k", 0);').status, 13, "what Node says of a top-level await that never ends");
});

test("a wait that was answered keeps nothing alive", () => {
  const start = Date.now();
  const done = run('const reply = db.blpop("k", 60); db.rpush("k", "v"); console.log(await reply);');
  assert.equal(done.status, 0, done.stderr);
  assert.ok(Date.now() - start < 9000);
});
