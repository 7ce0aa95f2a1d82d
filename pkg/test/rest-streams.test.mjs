/** `fetchHandler`: what takes its time: commands that wait, subscriptions, MONITOR. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock } from "wakey";
import { events, setup, take } from "./rest-kit.mjs";
import { until } from "./support.mjs";

test("a command that waits waits in its request, and ends with it", async () => {
  const clock = manualClock(1000);
  const { post, ask, db } = await setup({ unprotected: true }, { clock });
  const waiting = (n) => until(() => (db.client("LIST").match(/flags=b /g) ?? []).length === n);
  const reply = post(
    [
      ["BLPOP", "jobs", 0],
      ["GET", "k"],
    ],
    "/pipeline",
  );
  await waiting(1);
  db.set("k", "v");
  db.rpush("jobs", "now");
  assert.deepEqual(await reply, [200, [{ result: ["jobs", "now"] }, { result: "v" }]]);
  const late = post(["BLPOP", "jobs", 5]);
  await waiting(1);
  clock.advance(5000);
  assert.deepEqual(await late, [200, { result: null }]);
  const controller = new AbortController();
  const left = ask("/blpop/jobs/0", { signal: controller.signal });
  await waiting(1);
  controller.abort();
  assert.equal((await left).status, 499);
  assert.equal(db.stats().sessions, 1);
  assert.equal(db.rpush("jobs", "kept"), 1);
  const closing = post(["BLPOP", "none", 0]);
  await waiting(1);
  db.close();
  assert.deepEqual(await closing, [500, { error: "this database is closed" }]);
  assert.deepEqual(await post(["PING"]), [500, { error: "this database is closed" }]);
});

test("maxWait ends a wait as its own end would; a client that leaves is still told from that", async () => {
  const { post, ask, db } = await setup({ unprotected: true, maxWait: 0.05 });
  assert.deepEqual(await post(["BLPOP", "jobs", 0]), [200, { result: null }]);
  assert.deepEqual(await post(["BLPOP", "jobs", 0.01]), [200, { result: null }]);
  const raw = await ask("/blmove/jobs/other/LEFT/LEFT/0", { headers: { "upstash-response-format": "resp2" } });
  assert.equal(await raw.text(), "$-1\r\n");
  const pipeline = [
    ["XREAD", "BLOCK", 0, "STREAMS", "s", "$"],
    ["INCR", "n"],
  ];
  assert.deepEqual(await post(pipeline, "/pipeline"), [200, [{ result: null }, { result: 1 }]]);
  assert.equal((await ask("/blpop/jobs/0", { signal: AbortSignal.timeout(10) })).status, 499);
  assert.equal(db.stats().sessions, 1);
  await db.close();
});

test("a subscription is a stream of events, and ends with its reader", async () => {
  const { ask, db } = await setup();
  const response = await ask("/subscribe/chat/news", { method: "POST", body: "[]", headers: { accept: "text/event-stream" } });
  assert.deepEqual([response.status, response.headers.get("content-type")], [200, "text/event-stream"]);
  const stream = events(response);
  assert.deepEqual(await take(stream, 2), ["data: subscribe,chat,1", "data: subscribe,news,2"]);
  db.publish("chat", "how are you, today?");
  db.publish("news", "two\nlines");
  assert.deepEqual(await take(stream, 2), ["data: message,chat,how are you, today?", "data: message,news,two\ndata: lines"]);
  await stream.return();
  assert.equal(db.publish("chat", "x"), 0);
  assert.equal(db.stats().sessions, 1);

  const controller = new AbortController();
  const patterns = events(await ask("/psubscribe/n*", { signal: controller.signal }));
  assert.deepEqual(await take(patterns, 1), ["data: psubscribe,n*,1"]);
  db.publish("news", "é");
  assert.deepEqual(await take(patterns, 1), ["data: pmessage,n*,news,é"]);
  controller.abort();
  assert.deepEqual(await take(patterns, 1), []);
  assert.equal(db.stats().sessions, 1);
});

test("/monitor shows every command that runs", async () => {
  const { ask, db } = await setup();
  const shown = events(await ask("/monitor"));
  assert.deepEqual(await take(shown, 1), ['data: "OK"']);
  db.set("shown", "v");
  const [line] = await take(shown, 1);
  assert.match(line, /^data: \d+\.\d{6} \[0 \] "set" "shown" "v"$/);
  await shown.return();
  assert.equal(db.stats().sessions, 1);
});

test("streams end when they are killed, when the database is closed, and when nobody reads them", async () => {
  const { ask, db } = await setup();
  const killed = events(await ask("/subscribe/c"));
  await take(killed, 1);
  db.client("KILL", "TYPE", "pubsub");
  assert.deepEqual(await take(killed, 1), []);
  const unread = await ask("/subscribe/c");
  const message = "x".repeat(1_000_000);
  for (let i = 0; i < 20; i++) db.publish("c", message);
  assert.equal(db.publish("c", "x"), 0);
  await assert.rejects(unread.text(), /unread/);
  const closed = events(await ask("/subscribe/c"));
  await take(closed, 1);
  db.close();
  assert.deepEqual(await take(closed, 1), []);
});

test("a stream that cannot be is an error, and in a list of commands an element", async () => {
  const { answer, post } = await setup();
  assert.deepEqual(await answer("/subscribe"), [400, { error: "ERR wrong number of arguments for 'subscribe' command" }]);
  const [, [error, result]] = await post([["SUBSCRIBE", "c"], ["PING"]], "/pipeline");
  assert.deepEqual(result, { result: "PONG" });
  assert.match(error.error, /^ERR SUBSCRIBE is a stream/);
});
