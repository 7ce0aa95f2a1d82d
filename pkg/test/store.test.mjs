/** `open({ store })`: stores of one's own, synchronous and slow, that fail at random; what is kept is what the engine holds. */
import assert from "node:assert/strict";
import { createConnection } from "node:net";
import { test } from "node:test";
import { open } from "../dist/node.mjs";
import { serve } from "../dist/server.mjs";
import { until } from "./support.mjs";

/** Numbers from 0 to 1, the same for the same seed. */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A store in memory. `trouble()` says whether a call fails; `kept` outlives it. */
class Kept {
  kind = "mine";
  constructor(kept, synchronous, strict, trouble) {
    Object.assign(this, { kept, synchronous, strict, trouble, current: kept.increments.length - 1 });
  }

  /** Does `what` now or later; or fails, before it or (never half-way) instead of it. */
  run(what) {
    if (this.synchronous) {
      if (this.trouble()) throw new Error("no");
      return what();
    }
    return new Promise((done, failed) => {
      const end = () => {
        if (this.trouble()) failed(new Error("no"));
        else done(what());
      };
      if (this.trouble()) setImmediate(end);
      else queueMicrotask(end);
    });
  }

  load(into) {
    into.part("snapshot", true);
    into.feed(this.kept.base);
    into.end();
    for (const bytes of this.kept.increments) {
      into.part("increment", false);
      for (let at = 0; at < bytes.length; at += 7) into.feed(bytes.subarray(at, at + 7));
      assert.equal(into.end(), bytes.length);
    }
  }

  append(bytes) {
    return this.run(() => {
      const { increments } = this.kept;
      increments[this.current] = Buffer.concat([increments[this.current], bytes]);
    });
  }

  rewrite() {
    const slices = [];
    let from;
    return this.run(() => ({
      begin: () => {
        this.kept.increments.push(Buffer.alloc(0));
        from = this.current = this.kept.increments.length - 1;
      },
      write: (slice) => this.run(() => void slices.push(Buffer.from(slice))),
      commit: () =>
        this.run(() => {
          this.kept.base = Buffer.concat(slices);
          this.kept.increments = this.kept.increments.slice(from);
          this.current -= from;
        }),
      abort: () => {},
    }));
  }

  close() {}
}

const empty = () => ({ base: Buffer.alloc(0), increments: [Buffer.alloc(0)] });

function content(db) {
  return Object.fromEntries(
    db
      .keys("*")
      .sort()
      .map((key) => [key, db.type(key) === "list" ? db.lrange(key, 0, -1) : db.get(key)]),
  );
}

for (const [name, synchronous, strict, append] of [
  ["a store that answers at once", true, true, "call"],
  ["a store that answers at once, and lags behind", true, false, "call"],
  ["a store that is asked at the end of a turn", true, false, "turn"],
  ["a store that is strict although it is to be asked at the end of a turn", true, true, "turn"],
  ["a slow store", false, false, "call"],
]) {
  test(`${name} and fails at random keeps what the engine holds`, async () => {
    let refused = 0;
    let snapshots = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const dice = random(seed);
      let failing = 0;
      const kept = empty();
      const db = await open({ store: new Kept(kept, synchronous, strict, () => dice() < failing), append, seed });
      for (let step = 0; step < 150; step++) {
        if (step % 30 === 0) failing = dice() < 0.5 ? 0 : 0.3;
        try {
          const key = `k${Math.floor(dice() * 8)}`;
          if (dice() < 0.5) db.incr(key);
          else if (dice() < 0.4) db.del(key);
          else db.multi().rpush("l", step).ltrim("l", -5, -1).incr("n").exec();
          if (dice() < 0.05) db.bgrewriteaof();
        } catch (error) {
          assert.match(error.code, /^(MISCONF|EXECABORT)$/, error.stack);
          refused++;
        }
        if (dice() < 0.3) await new Promise(setImmediate);
        // What was lost by a refusal is tried again when asked for, too.
        if (dice() < 0.05) await db.durable().catch(() => {});
      }
      failing = 0;
      await db.durable();
      const held = content(db);
      if (kept.base.length > 0) snapshots++;
      const copy = { base: kept.base, increments: [...kept.increments] };
      const other = await open({ store: new Kept(copy, true, true, () => false) });
      assert.deepEqual(content(other), held, `seed ${seed}`);
      await db.close();
      await other.close();
    }
    assert.ok(refused > 100 && snapshots > 20, `${refused} refusals, ${snapshots} snapshots`);
  });
}

test("writes of one piece of code are one append of a slow store; close waits for it", async () => {
  const kept = empty();
  const sizes = [];
  const store = new Kept(kept, false, false, () => false);
  const { append } = store;
  store.append = (bytes, ...rest) => {
    sizes.push(bytes.length);
    return new Promise((done) => setImmediate(done)).then(() => append.call(store, bytes, ...rest));
  };
  const db = await open({ store });
  for (let i = 0; i < 100; i++) db.incr("n");
  await null;
  for (let i = 0; i < 100; i++) db.incr("n");
  await db.close();
  assert.equal(sizes.length, 2);
  const again = await open({ store: new Kept(kept, true, true, () => false) });
  assert.equal(again.get("n"), "200");
  await again.close();
});

test("with append: turn the writes of one piece of code are one append, before whatever needs them", async () => {
  const kept = empty();
  const sizes = [];
  const store = new Kept(kept, true, false, () => false);
  const { append } = store;
  store.append = (bytes) => {
    sizes.push(bytes.length);
    return append.call(store, bytes);
  };
  const appended = () => sizes.splice(0).length;
  const there = () => Buffer.concat(kept.increments).toString();
  const db = await open({ store, append: "turn" });
  for (let i = 0; i < 100; i++) db.incr("n");
  assert.equal(appended(), 0);
  await null;
  assert.equal(appended(), 1);
  db.get("n");
  await null;
  assert.equal(appended(), 0);
  db.set("k", 1);
  const durable = db.durable();
  assert.equal(appended(), 1);
  await durable;
  // A snapshot has what was written before it, and no increment has it again.
  db.incr("n");
  db.save();
  assert.equal(appended(), 1);
  db.incr("n");
  await null;
  assert.equal(there(), "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*2\r\n$4\r\nincr\r\n$1\r\nn\r\n");
  assert.equal(appended(), 1);
  // What is long does not wait for its turn to end.
  for (let i = 0; i < 100; i++) db.set("long", "x".repeat(10_000));
  assert.equal(appended(), 3);
  await db.importRdb(await db.exportRdb());
  db.incr("n");
  const closed = db.close();
  assert.match(there(), /incr\r\n\$1\r\nn\r\n$/);
  await closed;
  const again = await open({ store: new Kept(kept, true, true, () => false) });
  assert.deepEqual([again.get("n"), again.get("k"), again.strlen("long")], ["103", "1", 10_000]);
  await again.close();
});

test("WAITAOF: a sync is enough for all who have asked before it", async () => {
  const store = new Kept(empty(), false, false, () => false);
  const syncs = [];
  store.sync = () => new Promise((done) => syncs.push(done));
  const db = await open({ store });
  db.set("k", 1);
  const waits = Array.from({ length: 50 }, () => db.session().waitaof(1, 0, 0));
  await until(() => syncs.length > 0);
  await new Promise(setImmediate);
  assert.equal(syncs.length, 1);
  syncs[0]();
  assert.deepEqual(await waits[0], [1, 0]);
  await until(() => syncs.length > 1);
  syncs[1]();
  for (const answer of await Promise.all(waits)) assert.deepEqual(answer, [1, 0]);
  assert.equal(syncs.length, 2);
  delete store.sync;
  await db.close();
});

test("a store that cannot be loaded, or damage in it, ends open() and closes the store", async () => {
  const kept = { base: Buffer.from("*1\r\n$3\r\nFOO\r\n"), increments: [] };
  const store = new Kept(kept, true, true, () => false);
  let closed = 0;
  store.close = () => void closed++;
  await assert.rejects(open({ store }), {
    name: "StoreError",
    message: /^snapshot: damaged at offset 0: unknown command 'FOO'/,
  });
  assert.equal(closed, 1);
});

test("SAVE is answered when the snapshot is what is kept, in process and on sockets; its failure is told", async () => {
  const kept = empty();
  const store = new Kept(kept, false, false, () => false);
  const { rewrite } = store;
  let go;
  let fails = false;
  store.rewrite = async () => {
    const prepared = await rewrite.call(store);
    const { commit } = prepared;
    prepared.commit = async () => {
      await new Promise((done) => {
        go = done;
      });
      if (fails) throw new Error("the disk is full");
      await commit();
    };
    return prepared;
  };
  const proceed = async () => {
    await until(() => go !== undefined);
    go();
    go = undefined;
  };
  const db = await open({ store });
  const server = await serve({ db, port: 0, host: "127.0.0.1" });
  const socket = createConnection(server.port, "127.0.0.1").setEncoding("latin1");
  let heard = "";
  socket.on("data", (text) => {
    heard += text;
  });
  db.set("a", 1);
  assert.equal(kept.base.length, 0);
  const saved = db.save();
  await until(() => go !== undefined);
  // Who asks in the meantime waits for the same one.
  socket.write("PING\r\nSAVE\r\nECHO behind\r\n");
  socket.write("ECHO later\r\n");
  db.set("b", 1);
  await until(() => db.stats().sessions > 1);
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
  assert.equal(heard, "");
  await proceed();
  assert.equal(await saved, "OK");
  assert.ok(kept.base.includes("$1\r\na\r\n") && !kept.base.includes("$1\r\nb\r\n"));
  await until(() => heard === "+PONG\r\n+OK\r\n$6\r\nbehind\r\n$5\r\nlater\r\n");
  heard = "";
  fails = true;
  const failed = assert.rejects(db.save(), { name: "ReplyError", message: "ERR the disk is full" });
  await proceed();
  await failed;
  socket.write("SAVE\r\n");
  await proceed();
  await until(() => heard === "-ERR the disk is full\r\n");
  fails = false;
  socket.write("SAVE\r\n");
  await proceed();
  await until(() => heard.endsWith("\r\n+OK\r\n"));
  assert.equal(db.get("b"), "1");
  socket.destroy();
  await server.close();
  await db.close();
});
