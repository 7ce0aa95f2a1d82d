/** Time: clocks, deadlines, the one timer. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { manualClock, open } from "wakey";
import { root } from "./support.mjs";

test("a key lives to its very millisecond", async () => {
  const clock = manualClock(1000);
  const db = await open({ clock });
  db.set("k", "v", "PX", 100);
  assert.equal(db.nextDeadline(), 1100);
  assert.equal(clock.advance(99), 1099);
  assert.equal(db.get("k"), "v");
  clock.advance(1);
  assert.equal(db.dbsize(), 0, "moving the clock has expired it already");
  assert.equal(db.nextDeadline(), Infinity);
});

test("one advance expires everything that is due, on every engine of that clock", async () => {
  const clock = manualClock(0);
  const [a, b] = [await open({ clock }), await open({ clock })];
  for (const db of [a, b]) for (let i = 0; i < 5000; i++) db.set(`k${i}`, i, "PX", i + 1);
  clock.advance(2500);
  assert.deepEqual([a.dbsize(), b.dbsize()], [2500, 2500]);
  b.close();
  clock.advance(2500);
  assert.equal(a.dbsize(), 0);
});

test("a clock that steps back breaks nothing", async () => {
  const clock = manualClock(10_000);
  const db = await open({ clock });
  db.set("k", "v", "PX", 100);
  clock.set(5000);
  assert.equal(db.get("k"), "v");
  clock.set(10_100);
  assert.equal(db.get("k"), null);
});

test("a clock refuses what is no time", () => {
  assert.throws(() => manualClock("x"), TypeError);
  assert.throws(() => manualClock(0).advance(NaN), TypeError);
});

/** The system clock and its timers, moved by hand. */
function stopped(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  return t.mock.timers;
}

test("with the system clock a timer removes a key without a call", async (t) => {
  const time = stopped(t);
  const db = await open();
  db.set("k", "v", "PX", 30);
  assert.equal(db._engine.sleeping, true);
  time.tick(29);
  assert.equal(db.stats().keys, 1);
  time.tick(1);
  assert.equal(db.stats().keys, 0);
  assert.equal(db._engine.sleeping, false);
});

test("the timer follows the earliest deadline", async (t) => {
  const time = stopped(t);
  const db = await open();
  db.set("late", "v", "EX", 1000);
  db.set("soon", "v", "PX", 20);
  time.tick(20);
  assert.equal(db.stats().keys, 1);
  assert.equal(db._engine.sleeping, true);
  time.tick(999_979);
  assert.equal(db.stats().keys, 1);
  db.set("other", "v", "EX", 1000);
  db.persist("late");
  time.tick(1_000_000);
  assert.equal(db.stats().keys, 1);
  db.expire("late", 1000);
  assert.equal(db._engine.sleeping, true);
  db.close();
  assert.equal(db._engine.sleeping, false);
});

test("a deadline beyond a timer's reach is slept towards", async (t) => {
  const time = stopped(t);
  const db = await open();
  const ms = 3 * 2 ** 31;
  db.set("k", "v", "PX", ms);
  for (const step of [2 ** 31, 2 ** 31, 2 ** 31 - 1]) {
    time.tick(step);
    assert.equal(db._engine.sleeping, true);
    assert.equal(db.stats().keys, 1);
  }
  time.tick(1);
  assert.equal(db.stats().keys, 0);
});

test("the timer does not keep the process alive", () => {
  const script = 'import { open } from "wakey"; const db = await open(); db.set("k", "v", "EX", 1000); console.log("done");';
  const done = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: root, encoding: "utf8", timeout: 10_000 });
  assert.equal(done.stdout, "done\n", done.stderr);
  assert.equal(done.status, 0);
});

test("a clock of one's own needs only now(), and tick() removes what is due", async () => {
  let now = 100;
  const db = await open({ clock: { now: () => now } });
  db.set("k", "v", "PX", 10);
  now = 110;
  assert.equal(db.stats().keys, 1);
  db.tick();
  assert.equal(db.stats().keys, 0);
});

test("an error of the clock is the caller's, and the engine lives", async () => {
  let broken = false;
  const db = await open({
    clock: {
      now() {
        if (broken) throw new Error("no time");
        return 5;
      },
    },
  });
  broken = true;
  assert.throws(() => db.ping(), /^Error: no time$/);
  broken = false;
  assert.equal(db.ping(), "PONG");
});
