/** Redlock, 4 and 5, over three databases, of which two are a majority. */
import assert from "node:assert/strict";
import { test } from "node:test";
import Redis from "ioredis";
import Redlock4 from "redlock";
import { open } from "wakey";
import { MINUTE, SECOND, setup, until, WAYS } from "./kit.mjs";

// Its ESM files say import without the ending that Node asks for.
const { default: Redlock5 } = await import("redlock5");

for (const way of Object.keys(WAYS)) {
  const named = (text) => `Redlock ${way}: ${text}`;

  /** Clients of three databases on one clock. */
  async function three(t) {
    const at = await setup(t, way);
    const dbs = [at.db];
    const clients = [at.ending(new Redis(at.to()), (it) => it.disconnect())];
    for (let n = 1; n < 3; n++) {
      const db = await open({ clock: at.clock });
      const { to, end } = await WAYS[way](db);
      dbs.push(db);
      at.ending(undefined, () => end());
      clients.push(at.ending(new Redis(to()), (it) => it.disconnect()));
    }
    return { ...at, dbs, clients };
  }

  test(named("version 4: one holder at a time, extended, released, over when its time is"), async (t) => {
    const { dbs, clients, advance, meanwhile } = await three(t);
    const redlock = new Redlock4(clients, { retryCount: 3, retryDelay: 200, retryJitter: 0 });
    const lock = await redlock.lock("lock:a", MINUTE);
    assert.deepEqual(
      dbs.map((db) => db.pttl("lock:a")),
      [MINUTE, MINUTE, MINUTE],
    );
    await assert.rejects(meanwhile(redlock.lock("lock:a", MINUTE)), /Exceeded 3 attempts/);
    await lock.extend(2 * MINUTE);
    assert.ok(dbs.every((db) => db.pttl("lock:a") === 2 * MINUTE));
    await lock.unlock();
    assert.ok(dbs.every((db) => db.exists("lock:a") === 0));
    const other = await redlock.lock(["lock:a", "lock:b"], MINUTE);
    await advance(MINUTE);
    const next = await redlock.lock("lock:b", MINUTE);
    await assert.rejects(other.extend(MINUTE), /expired/);
    await next.unlock();
  });

  test(named("version 5: a lock that renews itself while its work goes on, and a majority is enough"), async (t) => {
    const { dbs, clients, advance, meanwhile } = await three(t);
    const redlock = new Redlock5(clients, { retryCount: 2, retryDelay: 200, retryJitter: 0, automaticExtensionThreshold: SECOND });
    const seen = [];
    let finish;
    const work = redlock.using(["lock:a", "lock:b"], 10 * SECOND, async (signal) => {
      await new Promise((done) => {
        finish = done;
      });
      seen.push(signal.aborted);
      return "done";
    });
    await until(() => finish !== undefined);
    for (let n = 0; n < 10; n++) {
      await advance(9 * SECOND);
      await until(() => dbs.every((db) => db.pttl("lock:a") === 10 * SECOND && db.pttl("lock:b") === 10 * SECOND));
    }
    await assert.rejects(meanwhile(redlock.acquire(["lock:b"], SECOND)), { name: "ExecutionError" });
    finish();
    assert.deepEqual([await work, seen], ["done", [false]]);
    assert.ok(dbs.every((db) => db.dbsize() === 0));
    dbs[1].set("lock:a", "somebody else's");
    const lock = await redlock.acquire(["lock:a"], MINUTE);
    assert.deepEqual(
      dbs.map((db) => db.get("lock:a") === lock.value),
      [true, false, true],
    );
    dbs[2].set("lock:a", "somebody else's");
    await assert.rejects(meanwhile(lock.extend(MINUTE)), { name: "ExecutionError" });
    await assert.rejects(meanwhile(lock.release()), { name: "ExecutionError" });
    assert.deepEqual([dbs[0].exists("lock:a"), dbs[1].get("lock:a")], [0, "somebody else's"]);
  });
}
