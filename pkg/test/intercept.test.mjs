/** Faults on purpose: commands that an interceptor answers, holds up, or ends the connection of, on every way into an engine. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import Redis from "ioredis";
import { manualClock, open, ReplyError } from "wakey";
import { options } from "wakey/ioredis";
import { serve } from "wakey/server";

const LOADING = new Error("LOADING Redis is loading the dataset in memory");

async function opened(t, more) {
  const db = await open(more);
  t.after(() => db.close());
  return db;
}

test("a command is answered with an error, a reply, or runs", async (t) => {
  const db = await opened(t);
  db.set("k", "v");
  const seen = [];
  const stop = db.intercept((args, session) => {
    seen.push([args, session.database, session.resp, session.waits]);
    if (args[0].toLowerCase() === "get") return LOADING;
    if (args[0].toLowerCase() === "hgetall") return { reply: new Map([["f", "1"]]) };
    return undefined;
  });
  assert.throws(() => db.get("k"), { name: "ReplyError", code: "LOADING", message: LOADING.message });
  assert.deepEqual({ ...db.hgetall("h") }, { f: "1" });
  assert.equal(db.set("k", "w"), "OK");
  assert.deepEqual(seen, [
    [["get", "k"], 0, 3, false],
    [["hgetall", "h"], 0, 3, false],
    [["set", "k", "w"], 0, 3, false],
  ]);
  stop();
  assert.equal(db.get("k"), "w");
  await null;
  assert.equal(db.get("k"), "w");
});

test("commands are told by name, some of them, from one on", async (t) => {
  const db = await opened(t);
  db.intercept("INCR", new Error("READONLY You can't write against a read only replica."), { after: 1, times: 2 });
  assert.equal(db.incr("n"), 1);
  assert.throws(() => db.incr("n"), { code: "READONLY" });
  assert.throws(() => db.incr("n"), { code: "READONLY" });
  assert.equal(db.incr("n"), 2);
  db.intercept(["config set", "Echo"], "no");
  assert.equal(db.call("CONFIG", "SET", "maxmemory", "1"), "no");
  assert.equal(db.echo("yes"), "no");
  assert.equal(db.call("CONFIG", "GET", "maxmemory").maxmemory, "0");
});

test("replies of every kind have the form of the session's protocol", async (t) => {
  const db = await opened(t);
  const values = [1, -5n, 1.5, "text", new Uint8Array([0, 255]), null, true, [1, ["a"], null], new Set(["a"]), new Map([["a", 1]])];
  let next;
  db.intercept("PING", () => ({ reply: next }));
  const answers = values.map((value) => {
    next = value;
    return db.call("PING");
  });
  const plain = answers.map((one) => (Object.getPrototypeOf(Object(one)) === null ? { ...one } : one));
  assert.deepEqual(plain, [1, -5, 1.5, "text", "\0\uFFFD", null, true, [1, ["a"], null], ["a"], { a: 1 }]);
  const server = await serve({ db, port: 0 });
  t.after(() => server.close());
  const socket = connect(server.port);
  const ask = async (value) => {
    next = value;
    socket.write("PING\r\n");
    return String((await once(socket, "data"))[0]);
  };
  assert.equal(await ask(1.5), "$3\r\n1.5\r\n");
  assert.equal(await ask(new Map([["a", 1]])), "*2\r\n$1\r\na\r\n:1\r\n");
  assert.equal(await ask(null), "$-1\r\n");
  assert.equal(await ask(true), ":1\r\n");
  assert.equal(await ask(new Error("broken")), "-ERR broken\r\n");
  assert.equal(await ask(() => 1), "-ERR a function is no reply\r\n");
  socket.destroy();
});

test("an error spoils a transaction as one of Redis's does", async (t) => {
  const db = await opened(t);
  const stop = db.intercept("INCR", new Error("OOM command not allowed when used memory > 'maxmemory'."));
  assert.throws(() => db.multi().set("a", 1).incr("n").exec(), { code: "EXECABORT" });
  stop();
  assert.equal(db.get("a"), null);
  db.intercept("EXEC", LOADING, { times: 1 });
  assert.throws(() => db.multi().set("a", 1).exec(), { message: `EXECABORT Transaction discarded because of: ${LOADING.message}` });
  assert.deepEqual(db.multi().set("a", 1).exec(), ["OK"]);
});

test("what a script runs is not shown, and what EXEC runs was", async (t) => {
  const db = await opened(t);
  const seen = [];
  db.intercept(([name]) => void seen.push(name.toLowerCase()));
  db.eval("redis.call('SET', KEYS[1], 1) return 1", 1, "k");
  db.multi().incr("n").exec();
  assert.deepEqual(seen, ["eval", "multi", "incr", "exec"]);
});

test("an interceptor cannot call the database, but the one that answers a promise can, over a connection", async (t) => {
  const db = await opened(t);
  db.set("other", "seen");
  const caught = [];
  const stop = db.intercept("GET", () => {
    for (const call of [() => db.get("other"), () => db.close(), () => db.session(), () => db.tick()]) {
      try {
        call();
      } catch (error) {
        caught.push(error.message);
      }
    }
    return undefined;
  });
  assert.equal(db.get("none"), null);
  assert.equal(caught.length, 4);
  for (const message of caught) assert.match(message, /cannot call the database while it is asked/);
  assert.equal(db.closed, false);
  stop();
  const redis = new Redis(options(db));
  t.after(() => redis.disconnect());
  db.intercept("ECHO", async () => {
    await null;
    return db.get("other");
  });
  assert.equal(await redis.echo("x"), "seen");
  assert.throws(() => db.echo("x"), { message: /promise/ });
});

test("a delay is by the clock, holds up what its connection sent behind it, and nobody else", async (t) => {
  const clock = manualClock(0);
  const db = await opened(t, { clock });
  const [slow, other] = [new Redis(options(db)), new Redis(options(db))];
  t.after(() => {
    for (const one of [slow, other]) one.disconnect();
  });
  await Promise.all([slow.ping(), other.ping()]);
  db.intercept("SET", { delay: 1000 }, { times: 1 });
  const order = [];
  const set = slow.set("k", "v").then((reply) => order.push(reply));
  const get = slow.get("k").then((reply) => order.push(reply));
  assert.equal(await other.get("k"), null);
  clock.advance(999);
  assert.equal(await other.get("k"), null);
  assert.deepEqual(order, []);
  clock.advance(1);
  await Promise.all([set, get]);
  assert.deepEqual(order, ["OK", "v"]);
});

test("a command that CLIENT PAUSE puts off is shown once", async (t) => {
  const clock = manualClock(0);
  const db = await opened(t, { clock });
  const redis = new Redis(options(db));
  t.after(() => redis.disconnect());
  await redis.ping();
  const seen = [];
  db.intercept("SET", async ([, key]) => void seen.push(key));
  db.call("CLIENT", "PAUSE", 100);
  const replies = Promise.all([redis.set("a", 1), redis.set("b", 2)]);
  while (seen.length === 0) await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.equal(db.get("a"), null);
  clock.advance(100);
  assert.deepEqual(await replies, ["OK", "OK"]);
  assert.deepEqual(seen, ["a", "b"]);
});

test("a delayed answer, and a client that goes meanwhile", async (t) => {
  const clock = manualClock(0);
  const db = await opened(t, { clock });
  const server = await serve({ db, port: 0 });
  t.after(() => server.close());
  db.intercept("GET", { delay: 50, reply: new Error("TRYAGAIN later") });
  const socket = connect(server.port);
  socket.write("GET k\r\n");
  while (!/cmd=/.test(db.call("CLIENT", "LIST")) || db.stats().sessions < 2) await new Promise(setImmediate);
  await new Promise(setImmediate);
  clock.advance(50);
  assert.equal(String((await once(socket, "data"))[0]), "-TRYAGAIN later\r\n");
  socket.write("GET k\r\n");
  await new Promise(setImmediate);
  socket.destroy();
  while (db.stats().sessions > 1) await new Promise(setImmediate);
  clock.advance(50);
  assert.equal(db.ping(), "PONG");
});

test("a dropped connection ends without an answer, and ioredis tries again", async (t) => {
  const db = await opened(t);
  const redis = new Redis(options(db, { retryStrategy: () => 1, maxRetriesPerRequest: 5 }));
  t.after(() => redis.disconnect());
  await redis.ping();
  const closes = [];
  redis.on("close", () => closes.push(1));
  db.intercept("SET", { drop: true }, { times: 2 });
  assert.equal(await redis.set("k", "v"), "OK");
  assert.equal(closes.length, 2);
  assert.equal(db.get("k"), "v");
  db.intercept("SET", { drop: true });
  assert.throws(() => db.set("k", "w"), ReplyError);
  assert.equal(db.get("k"), "v");
});

test("what is no verdict is refused", async (t) => {
  const db = await opened(t);
  assert.throws(() => db.intercept(), /takes a function/);
  assert.throws(() => db.intercept("GET"), /missing/);
  assert.throws(() => db.intercept("GET", { wait: 5 }), /delay, drop, reply/);
  assert.throws(() => db.intercept("GET", { delay: -1 }), /milliseconds/);
  assert.throws(() => db.intercept("GET", Symbol("x")), /no reply/);
  db.intercept("GET", () => ({ slow: 1 }));
  assert.throws(() => db.get("k"), /an object says delay, drop, reply/);
  db.intercept("SET", () => {
    throw new Error("LOADING thrown");
  });
  assert.throws(() => db.set("k", "v"), { code: "LOADING" });
});
