/** `db.observe`: what runs in this process, as it happens. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock, open, ReplyError } from "wakey";

async function watched() {
  const clock = manualClock(1000);
  const db = await open({ clock, seed: 1 });
  const seen = [];
  const stop = db.observe((one) => seen.push(one));
  const said = async () => {
    await null;
    return seen.splice(0).map(({ command, reply }) => [command.join(" "), reply instanceof ReplyError ? reply.message : reply]);
  };
  return { clock, db, seen, stop, said };
}

test("every command is told, of whichever session, with its reply and the clock's time", async () => {
  const { clock, db, seen, said } = await watched();
  const other = db.session();
  db.set("k", "v");
  clock.advance(5);
  other.hset("h", { f: 1 });
  assert.throws(() => db.incr("k"), ReplyError);
  await null;
  assert.deepEqual(
    seen.map(({ session, time }) => [session, time]),
    [
      [db.client("ID"), 1000],
      [other.client("ID"), 1005],
      [db.client("ID"), 1005],
    ],
  );
  assert.ok(seen.every(({ took }) => took >= 0));
  assert.deepEqual((await said()).slice(0, 3), [
    ["set k v", "OK"],
    ["hset h f 1", 1],
    ["incr k", "ERR value is not an integer or out of range"],
  ]);
});

test("transactions, waits and bytes are told as they are sent", async () => {
  const { db, said } = await watched();
  db.multi().incr("n").exec();
  assert.deepEqual(await said(), [
    ["MULTI", "OK"],
    ["incr n", "QUEUED"],
    ["EXEC", [1]],
  ]);
  const wait = db.blpop("jobs", 0);
  db.rpush("jobs", "x");
  await wait;
  assert.deepEqual(await said(), [
    ["blpop jobs 0", undefined],
    ["rpush jobs x", 1],
  ]);
  const raw = [];
  db.bytes.observe(({ command, reply }) => raw.push([...command, reply]));
  db.set("raw", Uint8Array.of(0, 255));
  db.get("raw");
  await null;
  assert.deepEqual(
    raw[0].slice(0, 3),
    [Buffer.from("set"), Buffer.from("raw"), Buffer.from([0, 255])].map((one) => new Uint8Array(one)),
  );
  assert.deepEqual(raw[1][2], Uint8Array.of(0, 255));
});

test("a handler may call the database, and is told of that, too; what it throws holds up nothing", async () => {
  const { db, said, stop } = await watched();
  const stops = db.observe(({ command: [name] }) => {
    if (name === "set") db.incr("sets");
  });
  const reply = db.set("k", "v");
  assert.equal(reply, "OK");
  assert.deepEqual((await said()).concat(await said()), [
    ["set k v", "OK"],
    ["incr sets", 1],
  ]);
  stops();
  stop();
  db.set("k", "w");
  assert.deepEqual(await said(), []);
  assert.equal(db.get("sets"), "1");
});

test("it outlives its session, and is refused on one that has ended", async () => {
  const { db, said, stop } = await watched();
  stop();
  const session = db.session();
  const heard = [];
  session.observe((one) => heard.push(one));
  db.ping();
  await null;
  assert.equal(heard.length, 1);
  db.client("KILL", "ID", session.client("ID"));
  assert.ok(session.closed);
  db.ping();
  await null;
  assert.deepEqual(heard.at(-1).command, ["ping"]);
  assert.throws(() => session.observe(() => {}), { code: "CLOSED" });
  assert.throws(() => db.observe("x"), TypeError);
  assert.deepEqual(await said(), []);
});
