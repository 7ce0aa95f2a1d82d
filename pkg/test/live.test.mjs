/** Live queries: what is read is read again when it has changed, and only then. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "redis";
import { manualClock, open } from "wakey";
import { serve } from "wakey/server";

async function opened(t, more) {
  const db = await open(more);
  t.after(() => db.close());
  return db;
}

const told = () => new Promise((resolve) => setImmediate(resolve));

/** A live query, and what it was told. */
function watched(db, query) {
  const heard = [];
  let runs = 0;
  const live = db.live(
    () => {
      runs++;
      return query();
    },
    (value) => heard.push(value),
  );
  return { live, heard, runs: () => runs };
}

test("a query is told at once, and again when a key that it read has changed", async (t) => {
  const db = await opened(t);
  const { heard, runs, live } = watched(db, () => db.hgetall("user:1"));
  assert.deepEqual(
    heard.map((one) => ({ ...one })),
    [{}],
  );
  db.hset("user:1", { name: "Ann", age: 41 });
  db.hincrby("user:1", "age", 1);
  db.set("other", 1);
  assert.equal(runs(), 1, "not within the call");
  await told();
  assert.deepEqual({ ...heard[1] }, { name: "Ann", age: "42" });
  assert.equal(runs(), 2, "several changes are one run, and other keys none");
  db.hset("user:1", "name", "Ann");
  await told();
  assert.deepEqual([runs(), heard.length], [3, 2], "what it gave before is told to nobody");
  live.stop();
  db.hset("user:1", "name", "Bob");
  await told();
  assert.equal(runs(), 3);
  assert.doesNotMatch(db.call("CLIENT", "LIST"), /wakey-live/);
});

test("deadlines, flushes, transactions, scripts and sockets count", async (t) => {
  const clock = manualClock(0);
  const db = await opened(t, { clock });
  const { heard } = watched(db, () => [db.get("a"), db.lrange("l", 0, -1)]);
  const last = async () => {
    await told();
    return heard.at(-1);
  };
  db.set("a", 1, "PX", 100);
  assert.deepEqual(await last(), ["1", []]);
  clock.advance(100);
  assert.deepEqual(await last(), [null, []]);
  db.multi().set("a", 2).rpush("l", "x").exec();
  assert.deepEqual(await last(), ["2", ["x"]]);
  db.eval("redis.call('INCR', KEYS[1])", 1, "a");
  assert.deepEqual(await last(), ["3", ["x"]]);
  db.session().rename("l", "m");
  assert.deepEqual(await last(), ["3", []]);
  const server = await serve({ db, port: 0 });
  t.after(() => server.close());
  const client = createClient({ url: `redis://127.0.0.1:${server.port}` });
  await client.connect();
  await client.set("a", "socket");
  assert.deepEqual(await last(), ["socket", []]);
  client.destroy();
  db.flushall();
  assert.deepEqual(await last(), [null, []]);
  assert.equal(heard.length, 8);
});

test("a query whose keys no argument names runs with any change", async (t) => {
  const db = await opened(t);
  const keys = watched(db, () => db.keys("user:*").sort());
  const size = watched(db, () => db.dbsize());
  const script = watched(db, () => db.eval("return redis.call('GET', 'k')", 0));
  db.set("user:1", "a");
  await told();
  db.set("k", "v");
  await told();
  assert.deepEqual(keys.heard, [[], ["user:1"]]);
  assert.deepEqual(size.heard, [0, 1, 2]);
  assert.deepEqual(script.heard, [null, "v"]);
});

test("a query that reads other keys than before follows those", async (t) => {
  const db = await opened(t);
  db.mset({ current: "a", a: 1, b: 2 });
  const { heard, runs } = watched(db, () => db.get(db.get("current")));
  db.set("b", 3);
  await told();
  assert.equal(runs(), 1);
  db.set("current", "b");
  await told();
  db.set("a", 9);
  await told();
  db.set("b", 4);
  await told();
  assert.deepEqual(heard, ["1", "3", "4"]);
});

test("as a store for useSyncExternalStore: the same object as long as it is the same", async (t) => {
  const db = await opened(t);
  db.rpush("l", "a");
  const live = db.live(() => db.lrange("l", 0, -1));
  const cold = live.getSnapshot();
  assert.equal(live.getSnapshot(), cold);
  db.rpush("l", "b");
  assert.deepEqual(live.getSnapshot(), ["a", "b"], "without a subscriber it looks each time");
  const heard = [];
  const stop = live.subscribe(() => heard.push(live.value));
  const before = live.getSnapshot();
  db.set("x", 1);
  assert.equal(live.getSnapshot(), before);
  db.rpush("l", "c");
  assert.deepEqual(live.getSnapshot(), ["a", "b", "c"], "a change is seen before it is told");
  await told();
  stop();
  stop();
  db.rpush("l", "d");
  await told();
  assert.deepEqual(live.value, ["a", "b", "c", "d"]);
  assert.equal(heard.length, 1);
});

test("a query that gives a promise is told when it is fulfilled, and runs again if something changed meanwhile", async (t) => {
  const db = await opened(t);
  const { heard, live } = watched(db, async () => {
    const name = db.get("name");
    await null;
    return [name, db.get("title")];
  });
  assert.deepEqual(heard, []);
  assert.equal(live.value, undefined);
  await told();
  db.set("title", "Dr");
  await told();
  db.set("name", "Ann");
  db.set("title", "Prof");
  await told();
  await told();
  assert.deepEqual(heard.at(-1), ["Ann", "Prof"]);
});

test("what a query throws goes to who makes it, and later is reported", async (t) => {
  const db = await opened(t);
  db.rpush("l", "a");
  assert.throws(
    () =>
      db.live(
        () => db.get("l"),
        () => {},
      ),
    { code: "WRONGTYPE" },
  );
  assert.doesNotMatch(db.call("CLIENT", "LIST"), /wakey-live/);
  assert.throws(() => db.live("GET k"), TypeError);
  const caught = [];
  const handlers = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => caught.push(error.code ?? error.message));
  const { heard, live } = watched(db, () => db.get("k"));
  db.lpush("k", "x");
  await told();
  db.del("k");
  db.set("k", "v");
  await told();
  process.removeAllListeners("uncaughtException");
  for (const handler of handlers) process.on("uncaughtException", handler);
  assert.deepEqual(caught, ["WRONGTYPE"]);
  assert.deepEqual(heard, [null, "v"]);
  live[Symbol.dispose]();
});

test("a query that writes what it reads ends all the same", async (t) => {
  const db = await opened(t);
  const { runs } = watched(db, () => db.incr("n"));
  await told();
  assert.equal(runs(), 1);
  db.set("n", 10);
  await told();
  assert.equal(runs(), 2);
});
