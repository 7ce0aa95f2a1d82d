/**
 * Real WebAssembly memory, filled to its end: what counts it, what bounds it, and that nothing is lost where it ends. Takes some
 * gigabytes of the machine while it runs.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "wakey";

const GIB = 2 ** 30;
const PIECE = 100 * 2 ** 20;

/** Keys of 100 MB until no more are taken; how many there are, and the error. */
function fill(db) {
  for (let n = 0; ; n++) {
    try {
      db.setrange(`k${n}`, PIECE - 1, "x");
    } catch (error) {
      return { n, error };
    }
  }
}

test("used_memory counts beyond 2 GiB, the ceiling holds, and what is there stays", async () => {
  const db = await open();
  try {
    const { n, error } = fill(db);
    assert.match(error.message, /^OOM command not allowed/);
    assert.ok(n >= 29, `${n} keys of 100 MB`);
    assert.ok(db.stats().usedMemory > 2.9 * GIB, `${db.stats().usedMemory} bytes`);
    assert.match(db.info("memory"), /used_memory_human:(2\.9|3\.0)/);
    // Small ones are refused as well, many times over, and what takes nothing is not.
    for (let i = 0; i < 1000; i++) assert.throws(() => db.set(`s${i}`, "v".repeat(1000)), /^ReplyError: OOM/);
    assert.throws(() => db.rpush("l", "v"), /OOM/);
    assert.throws(() => db.copy("k0", "copy"), /OOM/);
    assert.equal(db.strlen("k0"), PIECE);
    assert.equal(db.getrange("k1", PIECE - 1, PIECE - 1), "x");
    // The reply of a read finds room, or the error says that it does not; the engine lives either way.
    for (const read of [() => db.lcs("k0", "k1"), () => db.mget(...Array.from({ length: n }, (_, i) => `k${i}`))])
      assert.throws(read, /ERR|OOM/);
    assert.equal(db.dbsize(), n);
    assert.ok(db.stats().usedMemory < 3.1 * GIB, `${db.stats().usedMemory} bytes`);
    assert.equal(db.del("k0", "k1"), 2);
    assert.equal(db.set("s", "v"), "OK");
  } finally {
    db.close();
  }
});

test("maxmemory of 2 GiB is 2 GiB", async () => {
  const db = await open({ maxmemory: 2 * GIB });
  try {
    const { n, error } = fill(db);
    assert.match(error.message, /maxmemory/);
    assert.ok(n === 20 || n === 21, `${n} keys of 100 MB`);
  } finally {
    db.close();
  }
});

test("a list whose reply finds no memory keeps its elements", async () => {
  const db = await open();
  try {
    const element = "e".repeat(2 ** 20);
    db.set("e", element);
    for (let i = 0; i < 1800; i++) db.rpush("l", element);
    assert.throws(() => db.lpop("l", 1800), /^ReplyError: OOM command not allowed/);
    assert.equal(db.llen("l"), 1800);
    // In a transaction the others run, and it either gives them all or keeps them all.
    const [before, popped, after] = db.multi().incr("n").lpop("l", 1800).incr("n").exec();
    assert.deepEqual([before, after], [1, 2]);
    if (Array.isArray(popped)) {
      assert.deepEqual([popped.length, db.llen("l")], [1800, 0]);
      return;
    }
    assert.match(popped.message, /^OOM command not allowed/);
    assert.equal(db.llen("l"), 1800);
    assert.equal(db.lpop("l", 10).length, 10);
    assert.equal(db.llen("l"), 1790);
  } finally {
    db.close();
  }
});

test("memory grows by a megabyte or a sixteenth, not page by page", async () => {
  const db = await open();
  try {
    let size = db._engine.bytes.length;
    let steps = 0;
    for (let i = 0; i < 400_000; i++) {
      db.set(`key:${i}`, "value");
      const now = db._engine.bytes.length;
      if (now === size) continue;
      assert.ok(now - size >= Math.max(2 ** 20, Math.floor(size / 16 / 65536) * 65536), `${now - size} bytes more than ${size}`);
      size = now;
      steps++;
    }
    assert.ok(steps > 5, `${steps} steps`);
  } finally {
    db.close();
  }
});
