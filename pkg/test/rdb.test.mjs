/** RDB files of the whole keyspace: out and in, with stores and without. A real Redis reads and writes them where REDIS_BIN is set. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import wakey from "../dist/node.cjs";
import server from "../dist/server.cjs";
import { aof, folder } from "./file-folders.mjs";
import { cli, root, until } from "./support.mjs";

const { serve } = server;
const { open, StoreError, ClosedError } = wakey;
const REDIS = process.env.REDIS_BIN;
const LOADING = { code: "LOADING", message: "LOADING Redis is loading the dataset in memory" };

/** Equal where all databases hold the same. */
const content = (db) => db.call("DEBUG", "DIGEST");

function fill(db, count = 30_000) {
  for (let i = 0; i < count; i++) db.set(`key:${i}`, `value ${i}`);
  db.hset("h", { a: 1, b: 2 });
  db.set("t", "x", "PX", 100_000_000);
  db.function("LOAD", "#!lua name=lib\nredis.register_function('one', function() return 1 end)");
  db.select(5);
  db.set("other", "5");
  db.select(0);
}

/** A file, and what a database says that has it. */
async function made(count) {
  const db = await open({ seed: 1 });
  fill(db, count);
  const bytes = await db.exportRdb();
  const lines = content(db);
  await db.close();
  return { bytes, lines };
}

test("what is exported is imported again, from every kind of source, with its progress", async () => {
  const { bytes, lines } = await made(30_000);
  assert.equal(Buffer.from(bytes.subarray(0, 9)).toString(), "REDIS0012");
  const cut = (size) =>
    (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })();
  const sources = [
    bytes,
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    Buffer.from(bytes),
    new Blob([bytes]),
    new Blob([bytes]).stream(),
    new Response(bytes).body,
    Readable.from([Buffer.from(bytes)]),
    cut(1000),
  ];
  for (const source of sources) {
    const db = await open({ seed: 2 });
    db.set("gone", 1);
    const seen = [];
    await db.importRdb(source, { onProgress: (progress) => seen.push(progress) });
    assert.equal(content(db), lines);
    assert.deepEqual(seen.at(-1), { loaded: bytes.length, total: bytes.length });
    assert.ok(seen.length > 1);
    assert.equal(db.call("FCALL", "one", 0), 1);
    await db.close();
  }
});

test("an export shows one moment, whatever is written meanwhile, also as a stream", async () => {
  const db = await open({ seed: 1 });
  fill(db);
  const lines = content(db);
  const parts = [];
  for await (const part of db.exportRdbStream()) {
    parts.push(part);
    db.flushall();
    db.set("after", 1);
  }
  assert.ok(parts.length > 1);
  const again = await open();
  await again.importRdb(Buffer.concat(parts));
  assert.equal(content(again), lines);
  db.function("FLUSH");
  // One that is left in the middle keeps nobody from the next.
  fill(db);
  for await (const _ of db.exportRdbStream()) break;
  const [a, b] = await Promise.all([db.exportRdb(), db.exportRdb()]);
  assert.equal(a.length, b.length);
});

test("while a file is read, who needs the data gets LOADING; merge leaves what is not in it", async () => {
  const { bytes } = await made(30_000);
  const db = await open();
  db.mset({ "key:1": "old", mine: "stays" });
  const other = db.session();
  const told = [];
  await db.importRdb(bytes, {
    merge: true,
    onProgress: () => {
      assert.throws(() => other.get("mine"), LOADING);
      assert.throws(() => other.set("mine", 1), LOADING);
      assert.equal(other.echo("who needs no data"), "who needs no data");
      told.push(db.call("INFO", "persistence").includes("loading:1"));
    },
  });
  assert.ok(told.length > 1 && told.every(Boolean));
  assert.deepEqual(other.mget("key:1", "mine", "key:2"), ["value 1", "stays", "value 2"]);
  await db.close();
});

test("a damaged file, and one that is given up, change nothing", async () => {
  const { bytes } = await made(2000);
  const db = await open();
  fill(db, 10);
  db.set("mine", "stays");
  const lines = content(db);
  const flipped = bytes.slice();
  flipped[5000] ^= 0xff;
  for (const merge of [false, true]) {
    for (const [file, reason] of [
      [flipped, /^the RDB file is damaged at offset \d+: /],
      [bytes.subarray(0, -1), /^the RDB file is damaged at offset \d+: it ends before its end$/],
      [Buffer.concat([bytes, Buffer.from("more")]), new RegExp(`offset ${bytes.length}: there is something after its end$`)],
      [Buffer.from("SET a b\r\n"), /offset 0: no RDB file begins so$/],
      [new Uint8Array(0), /offset 0: it ends before its end$/],
    ]) {
      await assert.rejects(
        db.importRdb(file, { merge }),
        (error) => error instanceof StoreError && reason.test(error.message),
        String(reason),
      );
      assert.equal(content(db), lines);
      assert.equal(db.call("FCALL", "one", 0), 1);
    }
    const stop = new AbortController();
    const given = db.importRdb(bytes, { merge, signal: stop.signal, onProgress: () => stop.abort() });
    await assert.rejects(given, { name: "AbortError" });
    assert.equal(content(db), lines);
    await assert.rejects(db.importRdb(Readable.from([bytes, "text"].map((part) => part)), { merge }), TypeError);
    assert.equal(content(db), lines);
  }
  await assert.rejects(db.importRdb("dump.rdb"), TypeError);
  const closed = db.importRdb(bytes, { onProgress: () => void db.close() });
  await assert.rejects(closed, ClosedError);
  await assert.rejects(db.exportRdb(), ClosedError);
});

test("a store keeps what was imported, and what is written after it; or what was there before", async () => {
  const { bytes, lines } = await made(3000);
  for (const merge of [false, true]) {
    const path = folder();
    const db = await open(`file:${path}`);
    db.set("mine", "stays");
    await assert.rejects(db.importRdb(bytes.subarray(0, -1), { merge }), StoreError);
    db.incr("n");
    await db.close();
    const second = await open(`file:${path}`);
    assert.deepEqual(second.mget("mine", "n"), ["stays", "1"]);
    const waits = second.blpop("list", 0);
    const before = second.lastsave();
    await second.importRdb(bytes, { merge });
    assert.ok(second.lastsave() >= before);
    second.rpush("list", "a", "b");
    await waits;
    second.set("after", 1);
    await second.close();
    const third = await open(`file:${path}`);
    assert.deepEqual(third.mget("mine", "after"), [merge ? "stays" : null, "1"]);
    assert.deepEqual(third.lrange("list", 0, -1), ["b"]);
    third.del("after", "list", "mine", "n");
    assert.equal(content(third), lines);
    await third.close();
    assert.equal(readdirSync(aof(path)).length, 3);
  }
});

test("an import waits for a snapshot that is being written, and a SAVE for an export", async () => {
  const { bytes, lines } = await made(3000);
  const path = folder();
  const db = await open(`file:${path}`);
  fill(db, 50_000);
  db.bgrewriteaof();
  await db.importRdb(bytes);
  assert.equal(content(db), lines);
  const stream = db.exportRdbStream().getReader();
  await stream.read();
  const saved = db.save();
  assert.ok(saved instanceof Promise);
  await stream.cancel();
  assert.equal(await saved, "OK");
  await db.close();
  const again = await open(`file:${path}`);
  assert.equal(content(again), lines);
  await again.close();
});

test("a close in the middle of an export does not hang", async () => {
  const db = await open(`file:${folder()}`);
  fill(db, 30_000);
  const reader = db.exportRdbStream().getReader();
  await reader.read();
  db.bgrewriteaof();
  await db.close();
  await assert.rejects(reader.read(), ClosedError);
});

test("Redis's files are imported, and redis-check-rdb takes ours", async () => {
  const db = await open();
  await db.importRdb(readFileSync(join(root, "tests/data/saved-8.6.rdb")));
  assert.ok(db.dbsize() > 0);
  await db.importRdb(readFileSync(join(root, "tests/data/saved-6.0.rdb")));
  assert.ok(db.dbsize() > 0);
  if (REDIS !== undefined) {
    const path = folder();
    mkdirSync(path);
    const file = join(path, "dump.rdb");
    writeFileSync(file, await db.exportRdb());
    const { status, stdout } = spawnSync(join(REDIS, "redis-check-rdb"), [file], { encoding: "utf8" });
    assert.equal(status, 0, stdout);
  }
  await db.close();
});

test("SAVE and BGSAVE of a server without a store write dump.rdb to its folder, as redis-server does", async () => {
  const path = folder();
  mkdirSync(path);
  const here = process.cwd();
  process.chdir(path);
  const running = await serve({ port: 0 }).finally(() => process.chdir(here));
  const { db } = running;
  db.set("k", "v");
  assert.match(db.info("persistence"), /aof_enabled:0/);
  assert.equal(db.save(), "OK");
  assert.ok(Math.abs(db.lastsave() - Date.now() / 1000) < 10);
  const again = await open({ store: `file:${join(path, "dump.rdb")}` });
  assert.equal(again.get("k"), "v");
  await again.close();
  fill(db, 20_000);
  assert.equal(db.bgsave(), "Background saving started");
  db.set("later", 1);
  await until(() => /rdb_bgsave_in_progress:0/.test(db.info("persistence")));
  await again.close();
  const third = await open(`file:${join(path, "dump.rdb")}`);
  assert.equal(third.exists("later"), 0);
  assert.equal(third.get("key:19999"), "value 19999");
  await third.close();
  // A folder that is gone.
  rmSync(path, { recursive: true });
  assert.throws(() => db.save(), { message: "ERR" });
  assert.equal(db.bgsave(), "Background saving started");
  await until(() => /rdb_last_bgsave_status:err/.test(db.info("persistence")));
  await running.close();
});

test("SHUTDOWN SAVE of a server without a store writes dump.rdb, SHUTDOWN alone does not; what cannot be saved goes on", async () => {
  const path = folder();
  mkdirSync(path);
  const here = process.cwd();
  const start = () => {
    process.chdir(path);
    let over;
    const ended = new Promise((done) => {
      over = done;
    });
    return serve({ port: 0, onShutdown: over })
      .then((running) => ({ running, ended }))
      .finally(() => process.chdir(here));
  };
  const ask = async ({ port }, line) => {
    const socket = connect(port, "127.0.0.1");
    socket.write(`${line}\r\n`);
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk;
      socket.end();
    });
    await new Promise((done) => socket.on("close", done));
    return heard;
  };
  const first = await start();
  first.running.db.set("k", "v");
  await ask(first.running, "SHUTDOWN");
  await first.ended;
  assert.deepEqual(readdirSync(path), []);
  const second = await start();
  second.running.db.set("k", "v");
  await ask(second.running, "SHUTDOWN SAVE");
  await second.ended;
  const kept = await open(`file:${join(path, "dump.rdb")}`);
  assert.equal(kept.get("k"), "v");
  await kept.close();
  const third = await start();
  rmSync(path, { recursive: true });
  assert.equal(await ask(third.running, "SHUTDOWN SAVE"), "-ERR Errors trying to SHUTDOWN. Check logs.\r\n");
  assert.equal(third.running.db.ping(), "PONG");
  await third.running.close();
});

test("file:./dump.rdb is that very file: SAVE, durable() and the end write it, and a real Redis reads it", async () => {
  const path = folder();
  mkdirSync(path);
  const file = join(path, "dump.rdb");
  const db = await open(`file:${file}`);
  db.set("a", 1);
  await db.durable();
  const saved = readFileSync(file);
  db.set("b", 1);
  assert.deepEqual(readFileSync(file), saved);
  await db.close();
  assert.deepEqual(readdirSync(path), ["dump.rdb"]);
  const again = await open(`file:${file}`);
  assert.deepEqual(again.mget("a", "b"), ["1", "1"]);
  await again.importRdb((await made(100)).bytes);
  again.bgsave();
  await again.close();
  const third = await open(`file:${file}`);
  assert.equal(third.dbsize(), 102);
  const before = readFileSync(file);
  await third.close();
  assert.deepEqual(readFileSync(file), before, "what was only read is not written");
  writeFileSync(file, "*1\r\n$8\r\nFLUSHALL\r\n");
  await assert.rejects(open(`file:${file}`), { name: "StoreError", message: /dump\.rdb: damaged at offset 0: no RDB file begins so/ });
  writeFileSync(file, before.subarray(0, -9));
  await assert.rejects(open(`file:${file}`), { name: "StoreError", message: /dump\.rdb: damaged at offset \d+: it ends before its end/ });
});

test("wakey load says what is in a file, and loads it into a store; wakey serve opens it", async () => {
  const path = folder();
  mkdirSync(path);
  const file = join(path, "dump.rdb");
  writeFileSync(file, (await made(100)).bytes);
  const run = (...args) => spawnSync(process.execPath, [cli, ...args], { encoding: "utf8" });
  const shown = run("load", file);
  assert.equal(shown.status, 0, shown.stderr);
  assert.match(shown.stdout, /^103 keys in 2 databases, \d+ bytes of file\n/);
  assert.match(shown.stdout, /^ +string +102$/m);
  assert.match(shown.stdout, /^ +hash +1$/m);
  const data = `file:${join(path, "data")}`;
  assert.equal(run("--store", data, "SET", "mine", "1").status, 0);
  assert.equal(run("load", file, "--into", data, "--merge").status, 0);
  assert.equal(run("--store", data, "GET", "key:7").stdout, "value 7\n");
  assert.equal(run("--store", data, "GET", "mine").stdout, "1\n");
  assert.equal(run("load", file, "--into", data).status, 0);
  assert.equal(run("--store", data, "EXISTS", "mine").stdout, "0\n");
  writeFileSync(file, readFileSync(file).subarray(0, -9));
  const broken = run("load", file, "--into", data);
  assert.equal(broken.status, 1);
  assert.match(broken.stderr, /damaged at offset \d+/);
  assert.equal(run("--store", data, "GET", "key:7").stdout, "value 7\n");
  assert.equal(run("load").status, 1);
  assert.equal(run("load", join(path, "none.rdb")).status, 1);
});
