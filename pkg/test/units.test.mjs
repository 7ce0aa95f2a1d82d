/** The append-only files of a shared store, on real folders: cut at every byte, flipped, rewritten; and what Redis says to them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { open } from "../dist/node.mjs";
import { scratch, source, until } from "./support.mjs";

const { AofStore } = await source("persistence/stores/aof");
const { NodeFiles } = await source("persistence/stores/file");
const base = scratch("units");
after(() => rmSync(base, { recursive: true, force: true }));

/** Opens a folder; `shared`: as the leader of a shared store does. */
async function on(path, shared, options = {}) {
  const files = await NodeFiles.open(path, assert.fail);
  return open({ store: new AofStore("file", files, shared), onWarning: () => {}, appendfsync: "no", ...options });
}

/** Does what a request of a client does, within one task, and notes its answer. */
function request(db, id, reply = `:${id}\r\n`) {
  const multi = db.multi().sadd("done", id).set("value", "\n#wakey:unit 5\n*1\r\n");
  if (id % 2) multi.incr("n").exec();
  else {
    db.sadd("done", id);
    db.incr("n");
  }
  db._engine.persistence.note({ request: `client:${id}`, replies: [new TextEncoder().encode(reply), new Uint8Array(0)] });
}

function forget(db, id) {
  db._engine.persistence.note({ request: `client:${id}` });
}

function receipts(db) {
  return new Map([...db._engine.persistence.receipts()].map(([key, replies]) => [Number(key.split(":")[1]), replies]));
}

const INCREMENT = "appendonlydir/appendonly.aof.1.incr.aof";

/** A folder with four appends: one request, two in one append, one with a long answer, and one that forgets. */
async function written(path) {
  const db = await on(path, true);
  request(db, 1);
  await db.durable();
  request(db, 2);
  request(db, 3);
  await db.durable();
  request(db, 4, `$760\r\n${"x".repeat(760)}\r\n`);
  forget(db, 1);
  await db.durable();
  forget(db, 2);
  await db.durable();
  await db.close();
  return readFileSync(join(path, INCREMENT));
}

test("cut at every byte, there is never an answer without what was done, nor that without the answer", async () => {
  const path = join(base, "cut");
  const whole = await written(path);
  const ends = new Set();
  for (let cut = 0; cut <= whole.length; cut++) {
    const place = join(base, "one");
    mkdirSync(place);
    cpSync(join(path, "appendonlydir"), join(place, "appendonlydir"), { recursive: true });
    writeFileSync(join(place, INCREMENT), whole.subarray(0, cut));
    let db = await on(place, true);
    const look = () => {
      const done = db.smembers("done").map(Number);
      const kept = receipts(db);
      for (const id of kept.keys()) assert.ok(done.includes(id), `${cut}: an answer to ${id}, which was not done`);
      // Forgotten with what came later.
      const forgotten = [1, 2].filter((id) => done.includes(4) && !kept.has(id));
      for (const id of done) assert.ok(kept.has(id) || forgotten.includes(id), `${cut}: ${id} was done, and has no answer`);
      assert.equal(Number(db.get("n") ?? 0), done.length, `${cut}: each once`);
      return done;
    };
    const done = look();
    ends.add(done.length);
    if (done.includes(4)) assert.equal(receipts(db).get(4)[0].length, 768);
    // What is appended behind the cut is there the next time.
    if (cut % 7 === 0) {
      request(db, 9);
      await db.close();
      db = await on(place, true);
      assert.deepEqual(look().toSorted(), [...done, 9].toSorted());
    }
    await db.close();
    rmSync(place, { recursive: true });
  }
  assert.deepEqual([...ends], [0, 1, 3, 4]);
});

test("a byte flipped anywhere is an error with its place, or changes a value; it never traps and never hangs", async () => {
  const path = join(base, "flip");
  const whole = await written(path);
  let refused = 0;
  for (let at = 0; at < whole.length; at++) {
    const place = join(base, "one");
    mkdirSync(place);
    cpSync(join(path, "appendonlydir"), join(place, "appendonlydir"), { recursive: true });
    const bytes = Uint8Array.from(whole);
    bytes[at] ^= 1 << (at % 8);
    writeFileSync(join(place, INCREMENT), bytes);
    try {
      await (await on(place, true)).close();
    } catch (error) {
      assert.equal(error.name, "StoreError", error.stack);
      assert.match(error.message, /appendonly\.aof\.1\.incr\.aof: (damaged at|ends in the middle of a command, at) offset \d+/);
      refused++;
    }
    rmSync(place, { recursive: true });
  }
  assert.ok(refused > whole.length / 10, `${refused} of ${whole.length}`);
});

test("answers go on behind a snapshot; alone and shared take turns on the same files", async () => {
  const path = join(base, "turns");
  let db = await on(path, false);
  request(db, 1);
  await db.close();
  db = await on(path, true);
  assert.equal(receipts(db).size, 0, "alone, nothing is kept");
  request(db, 2);
  await db.durable();
  await db._engine.persistence.rewrite();
  forget(db, 2);
  request(db, 3);
  await db.durable();
  const rewriting = db._engine.persistence.rewrite();
  request(db, 4);
  await rewriting;
  await db.close();
  for (const shared of [false, true, false, true]) {
    db = await on(path, shared);
    assert.deepEqual([...receipts(db).keys()].toSorted(), [3, 4]);
    assert.deepEqual(db.smembers("done").toSorted(), ["1", "2", "3", "4"]);
    db.incr(shared ? "shared" : "alone");
    await db._engine.persistence.rewrite();
    db.incr(shared ? "shared" : "alone");
    await db.close();
  }
  db = await on(path, true);
  assert.deepEqual(db.mget("shared", "alone"), ["4", "4"]);
  await db.close();
});

const REDIS = process.env.REDIS_BIN;

test("Redis skips the notes: redis-check-aof and redis-server take the files", { skip: !REDIS && "REDIS_BIN is not set" }, async () => {
  const path = join(base, "redis");
  await written(path);
  const manifest = join(path, "appendonlydir/appendonly.aof.manifest");
  const checked = spawnSync(join(REDIS, "redis-check-aof"), [manifest], { encoding: "utf8" });
  assert.equal(checked.status, 0, checked.stdout + checked.stderr);
  const socket = join(path, "redis.sock");
  const args = ["--port", "0", "--unixsocket", socket, "--dir", path, "--appendonly", "yes", "--daemonize", "yes"];
  assert.equal(spawnSync(join(REDIS, "redis-server"), args).status, 0);
  const ask = (...words) => spawnSync(join(REDIS, "redis-cli"), ["-s", socket, ...words], { encoding: "utf8" }).stdout.trim();
  await until(() => ask("GET", "n") === "4");
  ask("SHUTDOWN", "NOSAVE");
});
