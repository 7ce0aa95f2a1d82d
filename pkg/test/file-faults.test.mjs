/** `file:` on storage that refuses, at each of its calls in turn. */
import assert from "node:assert/strict";
import fs, { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import wakey from "../dist/node.cjs";
import { aof, content, crashed, failure, folder, quick, rewrite, withFaults } from "./file-folders.mjs";
import { until } from "./support.mjs";

const { open } = wakey;

test("after a failed fsync writes are refused until a new snapshot has made up for it", async () => {
  const path = folder();
  const db = await open(`file:${path}`, { appendfsync: "everysec" });
  db.set("a", 1);
  let failing = true;
  const inject = (name, _args, call) => {
    if (failing && name === "fdatasyncSync") throw failure("EIO");
    return call();
  };
  await withFaults(inject, async () => {
    await assert.rejects(db.durable(), { name: "StoreError", message: "EIO: injected", lost: true });
    assert.throws(() => db.set("b", 2), { code: "MISCONF" });
    assert.equal(db.get("a"), "1");
    failing = false;
    await db.durable();
    assert.ok(existsSync(join(aof(path), "appendonly.aof.2.base.rdb")));
    db.set("b", 2);
  });
  assert.deepEqual(await crashed(path), { a: "1", b: "2" });
  await db.close();
});

const FAULTS = {
  "refused once": (_name, _args, call, nth, k) => {
    if (nth === k) throw failure();
    return call();
  },
  "refused from then on": (name, _args, call, nth, k) => {
    if (nth >= k && name !== "closeSync") throw failure();
    return call();
  },
  "done, and reported as failed": (_name, _args, call, nth, k) => {
    const result = call();
    if (nth === k) throw failure("EIO");
    return result;
  },
  "cut short": (name, args, call, nth, k) => {
    if (nth === k && name === "writeSync" && args[3] > 1) return fs.writeSync(args[0], args[1], args[2], args[3] >> 1, args[4]);
    if (nth === k + 1) throw failure();
    return call();
  },
};

/** Whoever sleeps is woken at once, and finds that the time has passed. */
function hurry(t) {
  const { now } = performance;
  const { setTimeout } = globalThis;
  let slept = 0;
  t.mock.method(performance, "now", () => now.call(performance) + slept);
  t.mock.method(globalThis, "setTimeout", (wake, ms = 0, ...args) =>
    setTimeout(() => {
      slept += ms;
      wake(...args);
    }, 0),
  );
}

for (const [kind, fault] of Object.entries(FAULTS)) {
  test(`a fault at each storage call in turn, ${kind}: what was answered is there, and it catches up`, async (t) => {
    // A lock that a fault left without a name is waited for half a minute.
    hurry(t);
    let calls = 0;
    let faults = 0;
    for (let k = 1, met = true; met; k++) {
      met = false;
      const path = folder(quick);
      const expected = {};
      let unsure;
      let healed = false;
      let db;
      calls = 0;
      const write = (key, run, value) => {
        try {
          run();
          expected[key] = value;
        } catch (error) {
          assert.equal(error.code, "MISCONF", error.stack);
          unsure ??= key;
        }
      };
      const inject = (name, args, call) => {
        if (healed) return call();
        calls++;
        if (calls >= k) met = true;
        return fault(name, args, call, calls, k);
      };
      let closed;
      await withFaults(inject, async () => {
        try {
          db = await open(`file:${path}`, { appendfsync: "always" });
        } catch {
          return;
        }
        for (let i = 0; i < 3; i++) write("n", () => db.incr("n"), String(Number(db.get("n") ?? 0) + 1));
        await rewrite(db);
        write("b", () => db.set("b", "2"), "2");
        write("l", () => db.rpush("l", "1"), ["1"]);
        await rewrite(db);
        write("c", () => db.set("c", "3"), "3");
        // As a crash would leave it, with the storage as it is.
        const copied = healed;
        healed = true;
        const found = await crashed(path);
        for (const [key, value] of Object.entries(expected)) {
          if (key !== unsure && key !== "n") assert.deepEqual(found[key], value, `call ${k}: ${key} is answered and lost`);
        }
        assert.ok(Number(found.n ?? 0) >= Number(expected.n ?? 0), `call ${k}: n`);
        healed = copied;
        if (k % 2) healed = true;
        if (healed) {
          await db.durable();
          db.set("d", "4");
          assert.deepEqual(await crashed(path), content(db), `call ${k}: after catching up`);
        }
        const last = content(db);
        closed = await db.close().then(
          () => last,
          () => undefined,
        );
      });
      if (met) faults++;
      healed = true;
      // A close that failed may have left its lock to this process.
      const found = await crashed(path).catch((error) => {
        if (db === undefined && !existsSync(aof(path))) return {};
        throw error;
      });
      if (closed !== undefined) assert.deepEqual(found, closed, `call ${k}: after closing`);
      for (const key of Object.keys(expected)) assert.ok(key in found, `call ${k}: ${key} after closing`);
      const again = await open(`file:${path}`, { onWarning: () => {} });
      again.set("again", 1);
      await again.close();
    }
    assert.ok(faults > 60, `${faults} faults`);
  });
}

test("the files gone at each storage call in turn: it says so, and a snapshot brings all of them back", async () => {
  let faults = 0;
  for (let k = 1, met = true; met; k++) {
    met = false;
    const path = folder(quick);
    const db = await open(`file:${path}`, { appendfsync: "always" });
    let calls = 0;
    let done = false;
    const inject = (_name, _args, call) => {
      if (done || ++calls !== k) return call();
      met = true;
      done = true;
      fs.rmSync(aof(path), { recursive: true, force: true });
      return call();
    };
    const write = (run) => {
      try {
        run();
      } catch (error) {
        assert.equal(error.code, "MISCONF", error.stack);
      }
    };
    await withFaults(inject, async () => {
      write(() => db.incr("n"));
      await rewrite(db);
      write(() => db.set("b", "2"));
      await rewrite(db);
      write(() => db.incr("n"));
    });
    if (met) faults++;
    for (let i = 0; i < 100; i++) {
      const caught = await db.durable().then(
        () => true,
        () => false,
      );
      if (caught) break;
    }
    db.set("after", 1);
    assert.deepEqual(await crashed(path), content(db), `call ${k}`);
    await db.close();
  }
  assert.ok(faults > 20, `${faults} faults`);
});

test("while the storage refuses, writes get MISCONF, reads go on, and it catches up by itself", async () => {
  const path = folder();
  let full = false;
  const inject = (name, _args, call) => {
    if (full && name === "writeSync") throw failure();
    return call();
  };
  await withFaults(inject, async () => {
    for (const appendfsync of ["always", "everysec"]) {
      const db = await open(`file:${path}`, { appendfsync });
      const other = db.session();
      db.set("a", 1);
      full = true;
      // The first write is in memory. With `always` nobody is told that it is done.
      if (appendfsync === "always")
        assert.throws(() => db.incr("a"), { code: "MISCONF", message: /^MISCONF Errors writing to the AOF file: ENOSPC/ });
      else db.incr("a");
      assert.throws(() => db.incr("a"), { code: "MISCONF" });
      assert.throws(() => other.rpush("l", 1), { code: "MISCONF" });
      assert.equal(db.get("a"), "2");
      await assert.rejects(db.durable(), { name: "StoreError" });
      full = false;
      await until(() => {
        try {
          return other.incr("b") > 0;
        } catch {
          return false;
        }
      });
      assert.equal((await crashed(path)).a, "2");
      db.flushall();
      await db.close();
    }
  });
});
