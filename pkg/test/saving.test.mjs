/** What a server does by itself, and what clients turn while it runs: `save`, `appendonly`, `dir`; WAITAOF; SHUTDOWN that fails. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import wakey from "../dist/node.cjs";
import server from "../dist/server.cjs";
import { aof, folder } from "./file-folders.mjs";
import { cli, until } from "./support.mjs";

const { serve } = server;
const { open, manualClock } = wakey;
const REDIS = process.env.REDIS_BIN;

/** A server in a new folder of its own. */
async function started(options = {}) {
  const path = folder();
  mkdirSync(path);
  const here = process.cwd();
  process.chdir(path);
  const running = await serve({ port: 0, ...options }).finally(() => process.chdir(here));
  return { path, running, db: running.db };
}

/** Says lines on one connection; resolves with what came back, once it is so much or the connection ends. */
function talk({ port }, line, enough) {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk;
      if (enough.test(heard)) socket.destroy();
    });
    socket.on("close", () => done(heard));
    socket.write(`${line}\r\n`);
  });
}

const status = (db) =>
  Object.fromEntries([...db.info("persistence").matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name, value]) => [name, value]));

async function kept(path) {
  const db = await open(path);
  const found = db.mget("a", "b");
  await db.close();
  return found;
}

test("points of save: dump.rdb is written by the clock of the host, and what has failed is tried again", async () => {
  const clock = manualClock(1_700_000_000_000);
  const { path, running, db } = await started({ clock, save: "60 1" });
  const file = join(path, "dump.rdb");
  db.set("a", 1);
  clock.advance(60_000);
  assert.equal(status(db).rdb_bgsave_in_progress, "0");
  clock.advance(1000);
  assert.equal(status(db).rdb_bgsave_in_progress, "1");
  db.set("b", 1);
  await until(() => status(db).rdb_bgsave_in_progress === "0");
  assert.deepEqual(await kept(`file:${file}`), ["1", null]);
  assert.equal(status(db).rdb_changes_since_last_save, "1");
  assert.equal(db.lastsave(), clock.now() / 1000);
  rmSync(path, { recursive: true });
  clock.advance(61_000);
  await until(() => status(db).rdb_last_bgsave_status === "err");
  assert.throws(() => db.set("c", 1), { code: "MISCONF", message: /^MISCONF Redis is configured to save RDB snapshots, but/ });
  assert.equal(await talk(running, "SHUTDOWN", /\n/), "-ERR Errors trying to SHUTDOWN. Check logs.\r\n");
  assert.equal(await talk(running, "GET b", /1/), "$1\r\n1\r\n");
  mkdirSync(path);
  clock.advance(6000);
  await until(() => status(db).rdb_last_bgsave_status === "ok");
  db.set("c", 1);
  db.config("SET", "save", "");
  clock.advance(1e9);
  assert.equal(status(db).rdb_changes_since_last_save, "1");
  await running.close();
});

test("points of save: a store that is one RDB file is written, too", async () => {
  const clock = manualClock(1_700_000_000_000);
  const file = `${folder()}.rdb`;
  const { running, db } = await started({ clock, store: `file:${file}`, save: "3600 1 10 2" });
  assert.deepEqual([status(db).aof_enabled, db.config("GET", "appendonly").appendonly], ["0", "no"]);
  db.mset({ a: 1, b: 2 });
  clock.advance(11_000);
  await until(() => status(db).rdb_changes_since_last_save === "0");
  writeFileSync(`${file}.copy.rdb`, readFileSync(file));
  assert.deepEqual(await kept(`file:${file}.copy.rdb`), ["1", "2"]);
  await running.close();
});

test("CONFIG SET appendonly: yes begins an append-only file in dir, no ends it", async () => {
  const warnings = [];
  const { path, running, db } = await started({ onWarning: (message) => warnings.push(message) });
  await assert.rejects(async () => db.waitaof(1, 0, 0), /appendonly is disabled/);
  db.set("a", 1);
  assert.equal(db.config("SET", "appendonly", "yes"), "OK");
  assert.equal(db.config("GET", "appendonly").appendonly, "yes");
  db.set("b", 1);
  await until(() => status(db).aof_rewrite_in_progress === "0" && existsSync(join(aof(path), "appendonly.aof.2.base.rdb")));
  assert.deepEqual(await db.waitaof(1, 0, 0), [1, 0]);
  db.set("b", 2);
  assert.equal(await talk(running, "SET a 2\r\nWAITAOF 1 0 0", /\*2\r\n:\d\r\n:\d\r\n/), "+OK\r\n*2\r\n:1\r\n:0\r\n");
  await until(() => status(db).aof_current_size !== undefined);
  assert.equal(db.config("SET", "appendonly", "no"), "OK");
  assert.equal(status(db).aof_enabled, "0");
  db.set("a", 3);
  await until(() => !existsSync(join(path, "wakey.lock")));
  assert.deepEqual(await kept(`file:${path}`), ["2", "2"]);
  // Again, in the place of what is kept there; and off at once.
  db.config("SET", "appendonly", "yes");
  db.config("SET", "appendonly", "no");
  db.config("SET", "appendonly", "yes");
  await until(() => status(db).aof_rewrite_in_progress === "0" && status(db).aof_base_size > "0");
  db.set("b", 3);
  await running.close();
  assert.deepEqual(await kept(`file:${path}`), ["3", "3"]);
  assert.deepEqual(warnings, []);
  if (REDIS === undefined) return;
  const check = spawnSync(join(REDIS, "redis-check-aof"), [join(aof(path), "appendonly.aof.manifest")], { encoding: "utf8" });
  assert.equal(check.status, 0, check.stdout);
});

test("CONFIG SET appendonly where that cannot be: it is refused, or said, and not kept", async () => {
  const warnings = [];
  const refused = /^ERR CONFIG SET failed \(possibly related to argument 'appendonly'\) - Unable to turn on AOF. Check server logs.$/;
  const { path, running, db } = await started({ onWarning: (message) => warnings.push(message) });
  rmSync(path, { recursive: true });
  writeFileSync(path, "");
  assert.throws(() => db.config("SET", "appendonly", "yes"), { message: refused });
  assert.match(warnings.pop(), /^Can't turn on the AOF: .*/);
  rmSync(path);
  // Somebody else has the folder.
  const other = await open(`file:${path}`);
  db.config("SET", "appendonly", "yes");
  await until(() => warnings.length > 0);
  assert.match(warnings.pop(), /^the AOF could not be begun: /);
  assert.deepEqual([status(db).aof_enabled, status(db).aof_last_bgrewrite_status], ["0", "err"]);
  assert.equal(db.config("GET", "appendonly").appendonly, "no");
  db.set("k", 1);
  await other.close();
  await running.close();
  const inFile = await started({ store: `file:${folder()}.rdb`, onWarning: (message) => warnings.push(message) });
  assert.throws(() => inFile.db.config("SET", "appendonly", "yes"), { message: refused });
  assert.match(warnings.pop(), /in an RDB file already/);
  await inFile.running.close();
});

test("CONFIG SET dir: what is no folder is refused, and SAVE goes where it says", async () => {
  const { path, running, db } = await started({ config: undefined });
  assert.equal(db.config("GET", "dir").dir, path);
  assert.match(await talk(running, "CONFIG SET dir /", /\n/), /can't set protected config/);
  await running.close();
  const file = join(path, "redis.conf");
  writeFileSync(file, `enable-protected-configs yes\ndir ${path}\nsave 3600 1\nsave 300 100\n`);
  const second = await serve({ config: file, port: 0 });
  const set = (dir) => second.db.config("SET", "dir", dir);
  const reason = (text) => ({ message: `ERR CONFIG SET failed (possibly related to argument 'dir') - ${text}` });
  assert.throws(() => set("/nonexistent"), reason("No such file or directory"));
  assert.throws(() => set(""), reason("No such file or directory"));
  assert.throws(() => set(file), reason("Not a directory"));
  assert.deepEqual({ ...second.db.config("GET", "dir", "save") }, { dir: path, save: "3600 1 300 100" });
  mkdirSync(join(path, "sub"));
  assert.equal(set("sub"), "OK");
  assert.equal(second.db.config("GET", "dir").dir, join(path, "sub"));
  second.db.save();
  assert.deepEqual(readdirSync(join(path, "sub")), ["dump.rdb"]);
  await second.close();
});

test("SHUTDOWN on a folder that is gone says so, unless it is forced", async () => {
  const file = `${folder()}/dump.rdb`;
  mkdirSync(join(file, ".."));
  let over = false;
  const { running, db } = await started({ store: `file:${file}`, onShutdown: () => (over = true), onError: () => (over = true) });
  db.set("k", 1);
  rmSync(join(file, ".."), { recursive: true });
  assert.equal(await talk(running, "SHUTDOWN\r\nPING", /PONG/), "-ERR Errors trying to SHUTDOWN. Check logs.\r\n+PONG\r\n");
  assert.equal(over, false);
  assert.equal(await talk(running, "SHUTDOWN SAVE FORCE", /never/), "");
  await until(() => over);
});

test("each node of a cluster saves to a file of its own", async () => {
  const { path, running } = await started({ shards: 2 });
  const [first, second] = running.shards;
  const key = running.shardOf("a") === 0 ? "a" : "b";
  first.db.set(key, 1);
  assert.equal(await talk(first, "SAVE", /\n/), "+OK\r\n");
  assert.match(await talk(second, "BGSAVE", /\n/), /^\+Background/);
  await until(() => readdirSync(path).length === 2 && !/temp/.test(readdirSync(path)));
  assert.deepEqual(readdirSync(path).sort(), running.ports.map((port) => `dump-${port}.rdb`).sort());
  assert.equal(first.db.config("GET", "dbfilename").dbfilename, `dump-${first.port}.rdb`);
  const db = await open(`file:${join(path, `dump-${first.port}.rdb`)}`);
  assert.equal(db.get(key), "1");
  await db.close();
  await running.close();
});

test("wakey serve --save: the end saves", async () => {
  const path = folder();
  mkdirSync(path);
  const child = spawn(process.execPath, [cli, "serve", "--port", "0", "--save", "3600 1"], {
    cwd: path,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  await until(() => /serves RESP on .*:\d+\n/.test(said));
  assert.equal(await talk({ port: Number(/:(\d+)\n/.exec(said)[1]) }, "SET a 1", /\n/), "+OK\r\n");
  child.kill("SIGTERM");
  const [code] = await new Promise((done) => child.on("exit", (...how) => done(how)));
  assert.equal(code, 0);
  assert.deepEqual(await kept(`file:${join(path, "dump.rdb")}`), ["1", null]);
});

test("points of save that are none: serve refuses them, and lets go of the store", async () => {
  const store = `file:${folder()}`;
  await assert.rejects(serve({ port: 0, store, save: "sixty 1" }), /Invalid save parameters/);
  await (await open(store)).close();
});
