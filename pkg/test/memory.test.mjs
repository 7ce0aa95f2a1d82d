/**
 * Real WebAssembly memory, filled to its end: what counts it, what bounds it, and that nothing is lost where it ends. Takes some
 * gigabytes of the machine while it runs.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { open, openSync } from "wakey";

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const PAGE = 2 ** 16;
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

test("beyond 64 MB memory grows by an eighth", async () => {
  const db = await open();
  try {
    let size = db._engine.bytes.length;
    let steps = 0;
    for (let i = 0; size < 200 * MIB; i++) {
      db.setrange(`key:${i}`, 50_000, "x");
      const now = db._engine.bytes.length;
      if (now === size) continue;
      if (size >= 64 * MIB) {
        assert.ok(now - size >= Math.floor(size / 8 / PAGE) * PAGE, `${now - size} bytes more than ${size}`);
        steps++;
      }
      size = now;
    }
    assert.ok(steps > 5, `${steps} steps`);
  } finally {
    db.close();
  }
});

const held = (db) => Number(/used_memory_rss:(\d+)/.exec(db.info("memory"))[1]);

test("memory that is reserved is there from the start, and grows when it is used up", async () => {
  const plain = await open({ seed: 1 });
  const db = await open({ seed: 1, reserve: 32 * MIB });
  try {
    const length = () => db._engine.memory.buffer.byteLength;
    assert.equal(length(), 32 * MIB);
    assert.equal(db.stats().usedMemory, plain.stats().usedMemory);
    // What nothing has touched is not resident.
    assert.equal(held(db), held(plain));
    const value = "v".repeat(1000);
    let keys = 0;
    for (; db.stats().usedMemory < 30 * MIB; keys++) {
      db.set(`key:${keys}`, value);
      assert.equal(length(), 32 * MIB);
    }
    assert.ok(held(db) > 30 * MIB && held(db) <= 32 * MIB, `${held(db)} bytes`);
    for (; length() === 32 * MIB; keys++) db.set(`key:${keys}`, value);
    assert.ok(db.stats().usedMemory > 30.2 * MIB, `${db.stats().usedMemory} bytes`);
    // One value longer than what is left, which begins where the reserved memory ends.
    db.setrange("long", 8 * MIB, "end");
    assert.equal(db.getrange("long", -3, -1), "end");
    for (let i = 0; i < keys; i++) assert.equal(db.get(`key:${i}`), value);
  } finally {
    plain.close();
    db.close();
  }
});

test("all that 32 bits address can be reserved, and less than there is changes nothing", () => {
  const plain = openSync();
  const least = plain._engine.memory.buffer.byteLength;
  plain.close();
  for (const [reserve, length] of [
    [0, least],
    [1000, least],
    [100 * MIB + 1, 100 * MIB + PAGE],
    [4 * GIB, 4 * GIB],
  ]) {
    const db = openSync({ reserve });
    assert.equal(db._engine.memory.buffer.byteLength, length);
    assert.equal(db.set("k", "v"), "OK");
    db.close();
  }
});

test("where there is not so much to reserve, open says so", () => {
  const program = `import { open } from "wakey";
    const db = await open({ reserve: 60 * 2 ** 20 });
    console.log(db._engine.memory.buffer.byteLength);
    await open({ reserve: 65 * 2 ** 20 }).catch((error) => console.log(error.message));`;
  const argv = ["--wasm-max-mem-pages=1024", "--input-type=module", "-e", program];
  const said = execFileSync(process.execPath, argv, { cwd: import.meta.dirname, encoding: "utf8" });
  assert.equal(said, `${60 * MIB}\nthere are no 68157440 bytes of memory to reserve\n`);
});
