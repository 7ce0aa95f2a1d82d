/** Messages: subscribe() and its kind, messages(), watchKeys(). */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { ClosedError, manualClock, open, TrapError, ValueError } from "wakey";
import { root } from "./support.mjs";

const clients = (db) => db.client("LIST").trim().split("\n").length;

/** What is thrown where nobody catches it, while `body` runs. */
async function uncaught(body) {
  const before = process.listeners("uncaughtException");
  const found = [];
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => found.push(error.message));
  await body();
  await new Promise(setImmediate);
  process.removeAllListeners("uncaughtException");
  for (const listener of before) process.on("uncaughtException", listener);
  return found;
}

test("a handler is called after the code that published, in order, until it is stopped", async () => {
  const db = await open();
  const heard = [];
  const stop = db.subscribe("news", (message, channel) => heard.push([channel, message]));
  assert.equal(db.publish("news", "one"), 1);
  assert.equal(db.publish("news", "two"), 1);
  assert.equal(db.publish("other", "x"), 0);
  assert.deepEqual(heard, []);
  await null;
  assert.deepEqual(heard, [
    ["news", "one"],
    ["news", "two"],
  ]);
  db.publish("news", "three");
  stop();
  stop();
  assert.equal(db.publish("news", "four"), 0);
  await null;
  assert.equal(heard.length, 2, "what was on its way when it was stopped is not heard");
  assert.equal(clients(db), 1);
});

test("several channels, patterns and shard channels", async () => {
  const db = await open();
  const heard = [];
  db.subscribe(["a", "b"], (...got) => heard.push(got));
  db.psubscribe(["a*", "?"], (...got) => heard.push(got));
  db.ssubscribe("a", (...got) => heard.push(["shard", ...got]));
  assert.equal(db.publish("a", "1"), 3);
  assert.equal(db.spublish("a", "2"), 1);
  assert.equal(db.publish("abc", "3"), 1);
  await null;
  assert.deepEqual(heard, [
    ["1", "a"],
    ["1", "a", "a*"],
    ["1", "a", "?"],
    ["shard", "2", "a"],
    ["3", "abc", "a*"],
  ]);
  assert.equal(clients(db), 2, "one session for all subscriptions");
});

test("handlers of one channel are one subscription, and end one by one", async () => {
  const db = await open();
  const heard = [];
  const [first, second] = [1, 2].map((n) => db.subscribe("c", (message) => heard.push([n, message])));
  assert.equal(db.publish("c", "x"), 1);
  await null;
  first();
  db.publish("c", "y");
  await null;
  second[Symbol.dispose]();
  assert.deepEqual(heard, [
    [1, "x"],
    [2, "x"],
    [2, "y"],
  ]);
  assert.equal(db.publish("c", "z"), 0);
});

test("unsubscribe() ends all handlers of the channels it names, or of all", async () => {
  const db = await open();
  const heard = [];
  for (const channel of ["a", "b", "c"]) db.subscribe(channel, (message) => heard.push(message));
  db.psubscribe("*", (message) => heard.push(`*${message}`));
  db.unsubscribe("a", ["b"]);
  for (const channel of ["a", "b", "c"]) db.publish(channel, channel);
  await null;
  assert.deepEqual(heard, ["*a", "*b", "c", "*c"]);
  db.unsubscribe();
  assert.equal(db.publish("c", "x"), 1);
  db.punsubscribe("*");
  db.sunsubscribe();
  assert.equal(db.publish("c", "x"), 0);
  assert.equal(clients(db), 1);
});

test("who subscribes hears what is published from then on", async () => {
  const db = await open();
  const heard = [];
  db.subscribe("c", (message) => heard.push(`1${message}`));
  db.publish("c", "a");
  db.subscribe("c", (message) => heard.push(`2${message}`));
  db.publish("c", "b");
  await null;
  assert.deepEqual(heard, ["1a", "1b", "2b"]);
});

test("a handler may call the database, and what it publishes comes behind", async () => {
  const db = await open();
  const heard = [];
  db.subscribe("c", (message) => {
    heard.push(`first ${message}`);
    if (message === "1") db.publish("c", "2");
    db.incr("n");
  });
  db.subscribe("c", (message) => heard.push(`second ${message}`));
  db.publish("c", "1");
  await null;
  assert.deepEqual(heard, ["first 1", "second 1", "first 2", "second 2"]);
  assert.equal(db.get("n"), "2");
});

test("what a handler throws is an uncaught error, and the others are called", async () => {
  const db = await open();
  const heard = [];
  const errors = await uncaught(async () => {
    db.subscribe("c", () => {
      throw new Error("mine");
    });
    db.subscribe("c", (message) => heard.push(message));
    assert.equal(db.publish("c", "x"), 1);
  });
  assert.deepEqual([errors, heard], [["mine"], ["x"]]);
  assert.equal(db.ping(), "PONG");
});

test("bytes come as bytes, and a channel may be bytes", async () => {
  const db = await open();
  const heard = [];
  const channel = Uint8Array.of(0, 255);
  db.bytes.subscribe(channel, (...got) => heard.push(got));
  db.bytes.psubscribe("*", (...got) => heard.push(got));
  db.publish(channel, channel);
  await null;
  assert.deepEqual(heard, [
    [channel, channel],
    [channel, channel, Uint8Array.of(42)],
  ]);
});

test("sessions have subscriptions of their own, which end with them", async () => {
  const db = await open();
  const other = db.session({ name: "other" });
  const heard = [];
  other.subscribe("c", (message) => heard.push(message));
  assert.match(db.client("LIST", "TYPE", "PUBSUB"), /name=other .*sub=1/);
  assert.equal(db.publish("c", "x"), 1);
  await null;
  other.close();
  assert.equal(db.publish("c", "y"), 0);
  assert.equal(clients(db), 1);
  assert.deepEqual(heard, ["x"]);
  assert.throws(() => other.subscribe("c", () => {}), ClosedError);
});

test("a subscriber that is killed comes back, as a client library would", async () => {
  const db = await open();
  const heard = [];
  db.subscribe("c", (message) => heard.push(message));
  db.psubscribe("d*", (message) => heard.push(message));
  assert.equal(db.client("KILL", "TYPE", "PUBSUB"), 1);
  assert.equal(db.publish("c", "x"), 1);
  assert.equal(db.publish("d", "y"), 1);
  await null;
  assert.deepEqual(heard, ["x", "y"]);
});

test("wrong arguments are refused", async () => {
  const db = await open();
  assert.throws(() => db.subscribe("c"), /the handler must be a function/);
  assert.throws(() => db.subscribe([], () => {}), ValueError);
  assert.throws(() => db.subscribe({}, () => {}), ValueError);
  assert.throws(() => db.watchKeys("k"), TypeError);
});

test("messages() is read with for await, and leaving the loop ends it", async () => {
  const db = await open();
  const all = db.messages("news");
  for (const text of ["one", "two", "three", "four"]) db.publish("news", text);
  const heard = [];
  for await (const { channel, message, pattern } of all) {
    heard.push([channel, message, pattern]);
    if (message === "three") break;
  }
  assert.deepEqual(heard, [
    ["news", "one", null],
    ["news", "two", null],
    ["news", "three", null],
  ]);
  assert.equal(db.publish("news", "x"), 0);
});

test("messages() takes channels, patterns and shard channels together", async () => {
  const db = await open();
  const all = db.messages({ channels: ["a", "b"], patterns: "a*", shardChannels: "s" });
  const next = all.next();
  db.publish("a", "1");
  db.spublish("s", "2");
  assert.deepEqual((await next).value, { channel: "a", message: "1", pattern: null });
  assert.deepEqual((await all.next()).value, { channel: "a", message: "1", pattern: "a*" });
  assert.deepEqual((await all.next()).value, { channel: "s", message: "2", pattern: null });
  await all.return();
  assert.deepEqual(await all.next(), { done: true, value: undefined });
  assert.equal(clients(db), 1);
});

test("messages() ends with its session, throws the signal's reason, and says when the engine has trapped", async () => {
  const db = await open();
  const session = db.session();
  const one = session.messages("c").next();
  session.close();
  assert.deepEqual(await one, { done: true, value: undefined });
  const controller = new AbortController();
  const two = db.messages("c", { signal: controller.signal });
  const waiting = two.next();
  controller.abort(new Error("enough"));
  await assert.rejects(waiting, /^Error: enough$/);
  assert.equal((await two.next()).done, true);
  assert.throws(() => db.messages("c", { signal: controller.signal }), /^Error: enough$/);
  const three = db.messages("c").next();
  db._engine.core.exec = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  assert.throws(() => db.get("k"), TrapError);
  await assert.rejects(three, TrapError);
});

test("a session that subscribes itself stays usable, and onpush has its messages", async () => {
  const db = await open();
  const heard = [];
  assert.deepEqual(db.call("SUBSCRIBE", "a", "b"), [
    ["subscribe", "a", 1],
    ["subscribe", "b", 2],
  ]);
  db.onpush = (push) => heard.push(push);
  assert.equal(db.publish("a", "from itself"), 1);
  assert.equal(db.get("none"), null);
  const other = db.session();
  other.publish("b", "from another");
  assert.deepEqual(db.multi().publish("a", "in a transaction").get("none").exec(), [1, null]);
  await null;
  assert.deepEqual(heard, [
    ["message", "a", "from itself"],
    ["message", "b", "from another"],
    ["message", "a", "in a transaction"],
  ]);
  db.bytes.onpush = (push) => heard.push(push);
  db.publish("a", "x");
  await null;
  assert.deepEqual(heard.at(-1)[2], Uint8Array.of(120));
  db.onpush = undefined;
  assert.equal(db.publish("a", "nobody"), 1);
  assert.deepEqual(db.call("UNSUBSCRIBE"), [
    ["unsubscribe", "a", 1],
    ["unsubscribe", "b", 0],
  ]);
});

test("watchKeys() tells what happens to keys of the session's database", async () => {
  const clock = manualClock(0);
  const db = await open({ clock });
  const heard = [];
  const stop = db.watchKeys("user:*", (event, key) => heard.push([event, key]));
  db.set("user:1", "x", "PX", 10);
  db.set("other", "x");
  db.select(1);
  db.set("user:2", "x");
  db.select(0);
  clock.advance(10);
  db.rpush("user:3", 1);
  db.lpop("user:3");
  await null;
  assert.deepEqual(heard, [
    ["set", "user:1"],
    ["expire", "user:1"],
    ["expired", "user:1"],
    ["rpush", "user:3"],
    ["lpop", "user:3"],
    ["del", "user:3"],
  ]);
  stop();
  stop();
  db.set("user:1", "y");
  await null;
  assert.equal(heard.length, 6);
  db.select(2);
  db.bytes.watchKeys(Uint8Array.of(42), (event, key) => heard.push([event, key]));
  db.set(Uint8Array.of(255), 1);
  await null;
  assert.deepEqual(heard.at(-1), ["set", Uint8Array.of(255)]);
});

test("watchKeys() tells which fields of a hash an event is about", async () => {
  const clock = manualClock(0);
  const db = await open({ clock });
  const heard = [];
  db.watchKeys("user:*", (...told) => heard.push(told));
  db.hset("user:1", { name: "Ann", "a,1:b": "x" });
  db.hpexpire("user:1", 10, "FIELDS", 1, "name");
  clock.advance(10);
  db.hdel("user:1", "no", "a,1:b");
  db.set("user:2", "x");
  await null;
  assert.deepEqual(heard, [
    ["hset", "user:1", ["name", "a,1:b"]],
    ["hexpire", "user:1", ["name"]],
    ["hexpired", "user:1", ["name"]],
    ["hdel", "user:1", ["a,1:b"]],
    ["del", "user:1"],
    ["set", "user:2"],
  ]);
  db.bytes.watchKeys("b", (...told) => heard.push(told));
  db.hset("b", Uint8Array.of(255), 1);
  await null;
  assert.deepEqual(heard.at(-1), ["hset", Uint8Array.of(98), [Uint8Array.of(255)]]);
  const old = await open({ compat: "8.6" });
  old.watchKeys("h", (...told) => heard.push(told));
  old.hset("h", "f", 1);
  await null;
  assert.deepEqual(heard.at(-1), ["hset", "h"]);
  assert.equal(old.config("GET", "notify-keyspace-events")["notify-keyspace-events"], "AK");
});

test("watchKeys() turns on the events it needs, and restores what was set", async () => {
  const db = await open();
  const events = () => db.config("GET", "notify-keyspace-events")["notify-keyspace-events"];
  db.config("SET", "notify-keyspace-events", "Ex");
  const before = events();
  const stops = [db.watchKeys("a", () => {}), db.watchKeys("b", () => {})];
  assert.equal(events(), "AKES");
  stops[0]();
  assert.equal(events(), "AKES");
  db.punsubscribe();
  assert.equal(db.set("b", 1), "OK");
  stops[1]();
  assert.equal(events(), before);
  const session = db.session();
  session.watchKeys("c", () => {});
  assert.equal(events(), "AKES");
  session.close();
  assert.equal(events(), before, "a session that ends takes its watchers along");
  const stop = db.watchKeys("a", () => {});
  db.config("SET", "notify-keyspace-events", "Kg");
  stop();
  assert.equal(events(), "gK", "what was set meanwhile is left alone");
});

test("subscriptions do not keep the process alive", () => {
  const script =
    'import { open } from "wakey"; const db = await open(); db.subscribe("c", console.log); db.watchKeys("*", console.log); db.publish("c", "x"); db.set("k", 1);';
  const done = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: root, encoding: "utf8", timeout: 10_000 });
  assert.equal(done.stdout, "x c\nset k\n", done.stderr);
  assert.equal(done.status, 0);
});

test("a hundred thousand messages arrive", async () => {
  const db = await open();
  let sum = 0;
  db.subscribe("c", (message) => (sum += Number(message)));
  for (let i = 0; i < 100_000; i++) db.publish("c", i);
  await null;
  assert.equal(sum, (99_999 * 100_000) / 2);
});
