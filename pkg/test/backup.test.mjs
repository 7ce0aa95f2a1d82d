/** BACKUP on `file:` stores: what is linked does not change, and is loaded as the data of that moment. A real Redis loads it where REDIS_BIN is set. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { basename, join } from "node:path";
import { test } from "node:test";
import wakey from "../dist/node.cjs";
import server from "../dist/server.cjs";
import { aof, content, failure, folder, rewrite, withFaults } from "./file-folders.mjs";
import { freePort, until } from "./support.mjs";

const { open, manualClock } = wakey;
const { serve } = server;
const REDIS = process.env.REDIS_BIN;

const state = (db) => db.backup("STATUS").state;
const names = (db) => db.backup("LIST").map((file) => basename(file));
const started = async (db) => {
  assert.equal(db.backup("START"), "OK");
  assert.equal(state(db), "snapshotting");
  await until(() => state(db) !== "snapshotting");
};

/** A folder in which the files of a backup are the append-only files. */
function restored(files) {
  const path = folder();
  mkdirSync(aof(path), { recursive: true });
  for (const file of files) cpSync(file, join(aof(path), basename(file)));
  return path;
}

async function found(files) {
  const db = await open(`file:${restored(files)}`);
  const all = content(db);
  await db.close();
  return all;
}

test("a backup is the data of the moment at which it was sealed", async () => {
  const path = folder();
  const clock = manualClock(1_700_000_000_000);
  const db = await open(`file:${path}`, { clock });
  db.set("before", 1);
  await started(db);
  assert.deepEqual({ ...db.backup("STATUS") }, { state: "incrementing", error: "", start_time: "1700000000", end_time: "0" });
  assert.deepEqual(names(db), ["appendonly.aof.2.base.rdb"]);
  assert.match(db.info("persistence"), /backup_in_progress:1/);
  db.set("while", 2);
  db.rpush("list", 1, 2, 3);
  db.del("before");
  clock.advance(5000);
  assert.equal(db.backup("SEAL"), "OK");
  db.set("after", 3);
  assert.deepEqual({ ...db.backup("STATUS") }, { state: "sealed", error: "", start_time: "1700000000", end_time: "1700000005" });
  assert.deepEqual(names(db), ["appendonly.aof.2.base.rdb", "appendonly.aof.2.incr.aof", "appendonly.aof.manifest"]);
  const files = db.backup("LIST");
  const bytes = files.map((file) => readFileSync(file, "latin1"));
  // What comes later is in other files.
  await rewrite(db);
  db.set("after", 4);
  assert.deepEqual(
    files.map((file) => readFileSync(file, "latin1")),
    bytes,
  );
  assert.deepEqual(await found(files), { list: ["1", "2", "3"], while: "2" });
  assert.throws(() => db.backup("START"), /exists already/);
  assert.equal(db.backup("CLEANUP"), "OK");
  assert.equal(state(db), "idle");
  assert.equal(existsSync(join(path, "backupdir")), false);
  await started(db);
  await db.close();
  // What was not sealed is nothing.
  assert.equal(existsSync(join(path, "backupdir")), false);
  const again = await open(`file:${path}`);
  assert.deepEqual(content(again), { after: "4", list: ["1", "2", "3"], while: "2" });
  assert.equal(state(again), "idle");
  await again.close();
});

test("rewrites while a backup is made leave it what it needs", async () => {
  const db = await open(`file:${folder()}`);
  db.set("a", 0);
  await started(db);
  for (let i = 1; i < 4; i++) {
    db.incr("a");
    await rewrite(db);
    db.set(`k${i}`, i);
  }
  // One that is under way is waited for.
  db.bgrewriteaof();
  db.set("last", 1);
  const sealing = db.backup("SEAL");
  assert.ok(sealing instanceof Promise);
  assert.equal(await sealing, "OK");
  db.set("a", "later");
  assert.equal(names(db).filter((name) => name.endsWith("incr.aof")).length, 5);
  const files = db.backup("LIST");
  await db.close();
  assert.deepEqual(await found(files), { a: "3", k1: "1", k2: "2", k3: "3", last: "1" });
});

test("in a transaction and over a socket", async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  const running = await serve({ port: 0, db });
  const talk = (text, enough) =>
    new Promise((done) => {
      const socket = connect(running.port, "127.0.0.1");
      let heard = "";
      socket.on("data", (chunk) => {
        heard += chunk;
        if (enough.test(heard)) socket.destroy();
      });
      socket.on("close", () => done(heard));
      socket.write(text);
    });
  await talk("MULTI\r\nSET a 1\r\nBACKUP START\r\nBACKUP STATUS\r\nEXEC\r\n", /end_time.*0\r\n$/s);
  await until(() => state(db) === "incrementing");
  assert.match(await talk("SET b 2\r\nBACKUP SEAL\r\nBACKUP STATUS\r\nSET c 3\r\n", /OK.*OK.*end_time.*\+OK\r\n$/s), /^\+OK\r\n\+OK\r\n/);
  const files = db.backup("LIST");
  assert.equal(state(db), "sealed");
  const all = await found(files);
  assert.equal(all.b, "2");
  await running.close();
  await db.close();
});

test("what cannot be backed up is told by its status", async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  db.set("a", 1);
  const failed = (error) => {
    assert.equal(state(db), "failed");
    assert.match(db.backup("STATUS").error, error);
    assert.deepEqual(db.backup("LIST"), []);
  };
  // A folder that holds something, which stays there.
  const kept = join(path, "backupdir", "kept");
  mkdirSync(join(path, "backupdir"));
  writeFileSync(kept, "");
  db.backup("START");
  failed(/not empty/);
  assert.ok(existsSync(kept));
  // Given up.
  const other = await open(`file:${folder()}`);
  assert.throws(() => other.backup("ABORT"), /no backup in progress/);
  other.backup("START");
  other.backup("ABORT");
  assert.equal(other.backup("STATUS").error, "aborted");
  await started(other);
  assert.throws(() => other.backup("CLEANUP"), /in progress/);
  // A keyspace that came in one piece is in no increment.
  await other.importRdb(await db.exportRdb());
  assert.equal(other.backup("SEAL"), "OK");
  assert.equal(state(other), "failed");
  assert.match(other.backup("STATUS").error, /replaced/);
  // Links that cannot be made.
  await withFaults(
    (name, _, run) => {
      if (name === "linkSync") throw failure("EPERM");
      return run();
    },
    async () => {
      await started(other);
      assert.match(other.backup("STATUS").error, /EPERM/);
    },
  );
  await started(other);
  assert.equal(state(other), "incrementing");
  await db.close();
  await other.close();
});

test("a store that is one file, and a database without one, have none", async () => {
  const db = await open();
  assert.throws(() => db.backup("START"), /no append-only file/);
  const file = await open(`file:${folder()}.rdb`);
  assert.throws(() => file.backup("START"), /no append-only file/);
  await file.close();
});

test("a sealed backup goes after backup-sealed-ttl, by the clock of the host", async () => {
  const path = folder();
  const clock = manualClock(1_700_000_000_000);
  const db = await open(`file:${path}`, { clock });
  await started(db);
  db.backup("SEAL");
  db.config("SET", "backup-sealed-ttl", 60);
  clock.advance(59_000);
  assert.equal(state(db), "sealed");
  assert.ok(existsSync(join(path, "backupdir", "appendonly.aof.manifest")));
  clock.advance(1000);
  assert.equal(state(db), "idle");
  assert.equal(existsSync(join(path, "backupdir")), false);
  await db.close();
});

test("a real Redis loads a backup", { skip: REDIS === undefined && "REDIS_BIN is not set" }, async () => {
  const db = await open(`file:${folder()}`);
  db.set("a", 1);
  await started(db);
  db.incr("a");
  await rewrite(db);
  db.hset("h", { f: "v" });
  db.backup("SEAL");
  const path = restored(db.backup("LIST"));
  await db.close();
  const check = spawnSync(join(REDIS, "redis-check-aof"), [join(aof(path), "appendonly.aof.manifest")], { encoding: "utf8" });
  assert.equal(check.status, 0, check.stdout + check.stderr);
  const port = String(await freePort());
  const redis = spawn(join(REDIS, "redis-server"), ["--port", port, "--dir", path, "--appendonly", "yes"], { stdio: "ignore" });
  const ask = (...args) => spawnSync(join(REDIS, "redis-cli"), ["-p", port, ...args], { encoding: "utf8" }).stdout.trim();
  await until(() => ask("PING") === "PONG");
  assert.equal(ask("GET", "a"), "2");
  assert.equal(ask("HGET", "h", "f"), "v");
  const ended = new Promise((done) => redis.on("close", done));
  ask("SHUTDOWN", "NOSAVE");
  await ended;
});
