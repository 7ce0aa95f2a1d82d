/** `file:` against real folders, and a real Redis where REDIS_BIN is set. Storage that refuses: file-faults.test.mjs. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs, { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import wakey from "../dist/node.cjs";
import server from "../dist/server.cjs";
import { aof, content, crashed, failure, folder, increment, rewrite, withFaults } from "./file-folders.mjs";
import { cli, freePort, until } from "./support.mjs";

const { open } = wakey;
const { serve } = server;

const REDIS = process.env.REDIS_BIN;
const withRedis = REDIS === undefined && "REDIS_BIN is not set";

test("what was written is there again, of every type and database, and the folder is Redis's", async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  db.set("s", "text", "PX", 100_000_000);
  db.hset("h", { a: 1, b: 2 });
  db.rpush("l", 1, 2, 3);
  db.sadd("set", "a", "b");
  db.zadd("z", 1.5, "m");
  db.xadd("x", "1-1", { f: "v" });
  db.multi().select(3).set("other", 1).incr("other").exec();
  await db.close();
  assert.deepEqual(readdirSync(aof(path)).sort(), ["appendonly.aof.1.base.aof", "appendonly.aof.1.incr.aof", "appendonly.aof.manifest"]);
  assert.equal(existsSync(join(path, "wakey.lock")), false);

  const seen = [];
  const again = await open(`file:${path}`, { onProgress: (progress) => seen.push(progress) });
  assert.equal(again.get("s"), "text");
  assert.ok(again.pttl("s") > 0);
  assert.deepEqual({ ...again.hgetall("h") }, { a: "1", b: "2" });
  assert.deepEqual(again.lrange("l", 0, -1), ["1", "2", "3"]);
  assert.deepEqual(again.xrange("x", "-", "+"), [["1-1", ["f", "v"]]]);
  again.select(3);
  assert.equal(again.get("other"), "2");
  assert.ok(seen.length > 0 && seen.at(-1).loaded === seen.at(-1).total && seen.at(-1).total > 0);
  await again.close();
});

test("a snapshot is taken while writes go on, and replaces the files before it", async () => {
  const path = folder();
  const db = await open(`file:${path}`, { appendfsync: "no" });
  for (let i = 0; i < 20_000; i++) db.set(`key:${i}`, "x".repeat(50));
  const done = rewrite(db);
  let n = 0;
  let over = false;
  done.then(() => {
    over = true;
  });
  while (!over) {
    db.incr("n");
    db.del(`key:${n}`);
    db.set(`key:${20_000 + n++}`, "new");
    await new Promise(setImmediate);
  }
  assert.ok(n > 2, `${n} writes beside the snapshot`);
  db.set("last", 1);
  const before = content(db);
  assert.deepEqual(readdirSync(aof(path)).sort(), ["appendonly.aof.2.base.rdb", "appendonly.aof.2.incr.aof", "appendonly.aof.manifest"]);
  await db.close();
  const again = await open(`file:${path}`);
  assert.deepEqual(content(again), before);
  await again.close();
});

test("the journal is rewritten when it has outgrown the snapshot", async () => {
  const path = folder();
  const db = await open(`file:${path}`, { appendfsync: "no" });
  const value = "x".repeat(1 << 20);
  for (let i = 0; i < 70; i++) db.set("k", value);
  await until(() => existsSync(join(aof(path), "appendonly.aof.2.base.rdb")) && readdirSync(aof(path)).length === 3);
  await db.close();
  const again = await open(`file:${path}`);
  assert.equal(again.get("k"), value);
  await again.close();
});

test("a torn tail is cut with a warning, or refused; what is before it is there", async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  db.set("a", 1);
  db.multi().set("b", 1).set("c", 1).exec();
  await db.close();
  const file = increment(path);
  const whole = readFileSync(file);
  const values = [];
  for (let cut = whole.length - 1; cut > 0; cut--) {
    writeFileSync(file, whole.subarray(0, cut));
    const warnings = [];
    const one = await open(`file:${path}`, { onWarning: (message) => warnings.push(message) });
    values.push(JSON.stringify(content(one)));
    if (readFileSync(file).length !== cut)
      assert.match(warnings[0], /ended in the middle of a command; \d+ bytes behind offset \d+ were cut off/);
    one.set("later", 1);
    await one.close();
    const two = await open(`file:${path}`, { onWarning: assert.fail });
    assert.equal(two.get("later"), "1");
    await two.close();
  }
  // A transaction is there whole, or not.
  assert.deepEqual([...new Set(values)], ['{"a":"1"}', "{}"]);
  writeFileSync(file, whole.subarray(0, whole.length - 3));
  await assert.rejects(open(`file:${path}`, { aofLoadTruncated: false }), /incr\.aof: ends in the middle of a command, at offset \d+/);
  assert.equal(readFileSync(file).length, whole.length - 3);
});

test("damage in the middle is refused, with file and offset, and nothing is changed", async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  for (let i = 0; i < 100; i++) db.set(`key:${i}`, i);
  await db.close();
  const file = increment(path);
  const bytes = readFileSync(file);
  const offset = bytes.indexOf("*3", 1000);
  bytes[offset] = 65;
  writeFileSync(file, bytes);
  await assert.rejects(open(`file:${path}`), {
    name: "StoreError",
    message: `${file}: damaged at offset ${offset}: no command begins here`,
  });
  bytes[offset] = 42;
  bytes.write("sat", bytes.indexOf("set", offset));
  writeFileSync(file, bytes);
  await assert.rejects(open(`file:${path}`), new RegExp(`incr\\.aof: damaged at offset ${offset}: unknown command 'sat'`));
  assert.deepEqual(readFileSync(file), bytes);
});

test("flipped bytes give an error or other values, never a trap", async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  db.hset("h", { a: 1 });
  db.zadd("z", 1.5, "m");
  db.xadd("x", "1-1", { f: "v" });
  db.multi().set("b", 1).rpush("l", 1).exec();
  await db.close();
  const file = increment(path);
  const whole = readFileSync(file);
  let refused = 0;
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes[at] ^= 1 << (at % 8);
    writeFileSync(file, bytes);
    try {
      await (await open(`file:${path}`, { onWarning: () => {} })).close();
    } catch (error) {
      assert.equal(error.name, "StoreError");
      refused++;
    }
  }
  assert.ok(refused > whole.length / 3);
});

test("blocks that reached the disk out of order, with a hole before them: an error with its place, or what is whole", async () => {
  const path = folder();
  const db = await open(`file:${path}`, { appendfsync: "no" });
  for (let i = 0; i < 40; i++) db.set(`key ${i}`, `value ${i}`);
  await db.close();
  const file = join(aof(path), "appendonly.aof.1.incr.aof");
  const whole = readFileSync(file);
  let refused = 0;
  for (let from = 0; from < whole.length; from += 32) {
    for (const length of [32, 256, whole.length]) {
      const bytes = Buffer.from(whole);
      bytes.fill(0, from, Math.min(from + length, whole.length));
      writeFileSync(file, bytes);
      try {
        const one = await open(`file:${path}`, { onWarning: () => {} });
        // What stands before the hole is there.
        for (let i = 0; i < 40; i++) {
          const value = `value ${i}`;
          if (whole.indexOf(`${value}\r\n`) + value.length + 2 <= from) assert.equal(one.get(`key ${i}`), value);
        }
        await one.close();
      } catch (error) {
        const at = /appendonly\.aof\.1\.incr\.aof: (?:damaged at|ends in the middle of a command, at) offset (\d+)/.exec(
          error.message,
        )?.[1];
        assert.ok(error.name === "StoreError" && Number(at) <= from + 64, error.stack);
        assert.deepEqual(readFileSync(file), bytes, "nothing is written over it");
        refused++;
      }
    }
  }
  assert.ok(refused > 50, `${refused} refused`);
});

test("a damaged RDB snapshot and a manifest that names what is not there are refused clearly", async () => {
  const path = folder();
  await (await open(`file:${path}`)).close();
  const base = join(aof(path), "appendonly.aof.1.base.aof");
  writeFileSync(base, "REDIS0012...");
  await assert.rejects(open(`file:${path}`), /base\.aof: damaged at offset \d+: /);
  rmSync(base);
  await assert.rejects(open(`file:${path}`), /base\.aof: named in the manifest, and cannot be opened: ENOENT/);
  writeFileSync(join(aof(path), "appendonly.aof.manifest"), "file ../x seq 1 type b\n");
  await assert.rejects(open(`file:${path}`), /appendonly\.aof\.manifest: line 1: the name of a file holds no path/);
});

test("what an end in the middle of a rewrite has left is removed; files without their manifest are not touched", async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  db.set("k", "v");
  await db.close();
  for (const name of ["temp-appendonly.aof.2.base.rdb", "appendonly.aof.2.base.aof", "notes.txt"])
    writeFileSync(join(aof(path), name), "x");
  writeFileSync(join(aof(path), "appendonly.aof.2.incr.aof"), "");
  const warnings = [];
  await (await open(`file:${path}`, { onWarning: (message) => warnings.push(message) })).close();
  assert.deepEqual(warnings, [`${fs.realpathSync(aof(path))}: only what appendonly.aof.manifest names is read; what is not: notes.txt`]);
  const kept = ["appendonly.aof.1.base.aof", "appendonly.aof.1.incr.aof", "appendonly.aof.manifest", "notes.txt"];
  assert.deepEqual(readdirSync(aof(path)).sort(), kept);
  // An increment with something in it was named before that came.
  const second = join(aof(path), "appendonly.aof.2.incr.aof");
  writeFileSync(second, "x");
  await assert.rejects(open(`file:${path}`), /there is appendonly\.aof\.2\.incr\.aof, but no appendonly\.aof\.manifest that names it/);
  assert.equal(readFileSync(second, "utf8"), "x");
  rmSync(second);
  rmSync(join(aof(path), "appendonly.aof.manifest"));
  await assert.rejects(open(`file:${path}`), /there is appendonly\.aof\.1\.incr\.aof, but no appendonly\.aof\.manifest that names it/);
  assert.ok(readFileSync(join(aof(path), "appendonly.aof.1.incr.aof")).length > 0);
});

test("a folder is held by one: in this process, in another, and not by one that has died", async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  await assert.rejects(open(`file:${path}`), { name: "StoreError", message: `${fs.realpathSync(path)} is open in this process already` });
  const script = `
    import { open } from "wakey";
    try { await open("file:${path}"); console.log("opened"); } catch (error) { console.log(error.message); }`;
  const outside = () =>
    spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", cwd: import.meta.dirname ?? "test" });
  assert.equal(outside().stdout, `${fs.realpathSync(path)} is held by process ${process.pid}\n`);
  await db.close();
  // That process ends without closing: its lock is stale.
  assert.equal(outside().stdout, "opened\n");
  assert.ok(existsSync(join(path, "wakey.lock")));
  await (await open(`file:${path}`)).close();
});

test("files that were removed under it are written anew, from a snapshot", async () => {
  const path = folder();
  const db = await open(`file:${path}`, { appendfsync: "always" });
  db.set("a", 1);
  rmSync(aof(path), { recursive: true });
  assert.throws(() => db.set("b", 2), { code: "MISCONF" });
  await db.durable();
  db.set("c", 3);
  assert.deepEqual(await crashed(path), { a: "1", b: "2", c: "3" });
  await db.close();
});

const KILLS = Number(process.env.KILLS ?? 24);

test(`killed ${KILLS} times at a random moment: every answered write is there`, { timeout: KILLS * 5000 + 60_000 }, async () => {
  const path = folder();
  const script = `
    import { writeSync } from "node:fs";
    import { open } from "wakey";
    const db = await open("file:${path}", { appendfsync: "always", onWarning: () => {} });
    const steps = "redis.call('incr', KEYS[1]) redis.call('set', KEYS[2], ARGV[1]) redis.call('rpush', KEYS[3], ARGV[1])" +
      " redis.call('ltrim', KEYS[3], -20, -1)";
    const library = "#!lua name=steps\\nredis.register_function('step', function(KEYS, ARGV) " + steps + " end)";
    let n = Number(db.get("n") ?? 0);
    if (n === 0) db.function("LOAD", "REPLACE", library);
    writeSync(1, "ready " + n + "\\n");
    for (;;) {
      n++;
      const keys = ["n", "k:" + (n % 50), "l"];
      if (n % 3 === 0) db.multi().incr("n").set(keys[1], n).rpush("l", n).ltrim("l", -20, -1).exec();
      else if (n % 3 === 1) db.eval(steps, keys, [n]);
      else db.fcall("step", keys.length, ...keys, n);
      const of = (name) => name + ":" + (n % 7);
      db.multi()
        .vadd("vectors", "VALUES", 3, n % 5, 1, n % 11, of("element"), "SETATTR", '{"n":' + n + "}")
        .vrem("vectors", "element:" + ((n + 3) % 7))
        .himport("PREPARE", "set", "f", "g")
        .himport("SET", of("hash"), "set", n, n)
        .hsetex(of("hash"), "EX", 1000000, "FIELDS", 1, "f", n)
        .hsetex(of("other"), 1000000, "f", n, "g", n)
        .msetex(2, of("ms"), n, of("mt"), n, "EX", 1000000)
        .increx("count", "BYINT", 3, "EX", 1000000)
        .rpush("from", n)
        .lmovem("from", "to", "LEFT", "RIGHT", "COUNT", 2, "OBO")
        .ltrim("to", -20, -1)
        .xadd("stream", "IDMP", "p", n, "*", "n", n)
        .xadd("stream", "KEEPREF", "MAXLEN", 20, "*", "n", n)
        .xgroup("CREATE", "stream", of("group"), "$")
        .xgroup("DESTROY", "stream", "group:" + ((n + 1) % 7))
        .exec();
      // A real Redis, which is to load this, has no arrays.
      if (!process.env.REDIS_BIN) db.multi().arring(of("ring"), 5, n).arinsert(of("array"), n, n + 1).ardel(of("array"), n % 50).exec();
      writeSync(1, n + " " + db.debug("DIGEST") + "\\n");
      if (n % 40 === 0) db.bgrewriteaof();
      if (n % 5 === 0) await new Promise(setImmediate);
    }`;
  let answered = 0;
  let during = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      cwd: new URL(".", import.meta.url),
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    let ending = false;
    const killIn = (ms) => setTimeout(() => child.kill("SIGKILL"), ms);
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      // From the moment it is ready: loading is no writing. Some die at once, before it.
      if (!ending) killIn(Math.random() * 100);
      ending = true;
    });
    if (kill % 10 === 9) killIn(20 + Math.random() * 60);
    await new Promise((done) => child.on("close", done));
    const lines = text.split("\n").slice(0, -1);
    const [number, digest] = lines.length === 0 ? [answered] : lines.at(-1).replace("ready ", "").split(" ");
    const last = Number(number);
    assert.ok(last >= answered, "a write that was answered is gone when the next process opens the folder");
    if (readdirSync(aof(path)).length > 3) during++;
    const db = await open(`file:${path}`, { onWarning: () => {} });
    const n = Number(db.get("n") ?? 0);
    assert.ok(n === last || n === last + 1, `${last} was answered, ${n} is there`);
    if (n === last && digest !== undefined) assert.equal(db.debug("DIGEST"), digest);
    for (let i = Math.max(1, n - 49); i <= n; i++) assert.equal(db.get(`k:${i % 50}`), String(i));
    assert.deepEqual(
      db.lrange("l", 0, -1),
      Array.from({ length: Math.min(n, 20) }, (_, i) => String(Math.max(0, n - 20) + i + 1)),
    );
    answered = n;
    await db.close();
    if (REDIS && (kill % 100 === 99 || kill === KILLS - 1)) await redisLoads(path, String(n));
  }
  assert.ok(answered > KILLS, `${answered} writes`);
  if (process.env.KILLS) console.log(`${KILLS} kills, ${answered} answered writes, ${during} kills within a rewrite`);
});

/** Starts a real server on a copy of a folder. */
async function redis(path, port, preamble = "no") {
  const server = spawn(
    join(REDIS, "redis-server"),
    ["--port", port, "--dir", path, "--appendonly", "yes", "--aof-use-rdb-preamble", preamble, "--save", "", "--appendfsync", "always"].map(
      String,
    ),
    { stdio: "ignore" },
  );
  const ask = (...args) => spawnSync(join(REDIS, "redis-cli"), ["-p", String(port), ...args], { encoding: "utf8" }).stdout.trim();
  await until(() => ask("PING") === "PONG");
  const stop = async () => {
    const ended = new Promise((done) => server.on("close", done));
    ask("SHUTDOWN");
    await ended;
  };
  return { ask, stop };
}

async function redisLoads(path, n) {
  const check = spawnSync(join(REDIS, "redis-check-aof"), [join(aof(path), "appendonly.aof.manifest")], { encoding: "utf8" });
  assert.equal(check.status, 0, check.stdout + check.stderr);
  const copy = folder();
  cpSync(path, copy, { recursive: true });
  const { ask, stop } = await redis(copy, await freePort());
  assert.equal(ask("GET", "n"), n);
  await stop();
}

test("with append: turn a kill leaves whole turns, and of the one that was under way at most its beginning", {
  timeout: 120_000,
}, async () => {
  const path = folder();
  const script = `
    import { writeSync } from "node:fs";
    import { open } from "wakey";
    const db = await open("file:${path}", { append: "turn", onWarning: () => {} });
    let n = Number(db.get("n") ?? 0);
    writeSync(1, "ready " + n + "\\n");
    for (;;) {
      for (let i = 0; i < 100; i++) db.multi().incr("n").set("k:" + (++n % 50), n).rpush("l", n).ltrim("l", -20, -1).exec();
      await null;
      writeSync(1, n + "\\n");
      if (n % 4000 === 0) db.bgrewriteaof();
      if (n % 500 === 0) await new Promise(setImmediate);
    }`;
  let answered = 0;
  for (let kill = 0; kill < 10; kill++) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      cwd: new URL(".", import.meta.url),
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      if (text === "") setTimeout(() => child.kill("SIGKILL"), Math.random() * 100);
      text += chunk;
    });
    await new Promise((done) => child.on("close", done));
    const last = Number(text.split("\n").at(-2).replace("ready ", ""));
    assert.ok(last >= answered, "a turn that was over is gone when the next process opens the folder");
    const db = await open(`file:${path}`, { onWarning: () => {} });
    const n = Number(db.get("n") ?? 0);
    assert.ok(n >= last && n <= last + 200, `${last} was answered, ${n} is there`);
    for (let i = Math.max(1, n - 49); i <= n; i++) assert.equal(db.get(`k:${i % 50}`), String(i));
    assert.deepEqual(
      db.lrange("l", 0, -1),
      Array.from({ length: Math.min(n, 20) }, (_, i) => String(Math.max(0, n - 20) + i + 1)),
    );
    answered = n;
    await db.close();
  }
  assert.ok(answered > 1000, `${answered} writes`);
});

test("a real Redis loads the folder, and what it wrote is loaded here", { skip: withRedis }, async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  for (let i = 0; i < 1000; i++) db.set(`key:${i}`, i);
  db.hset("h", { a: 1, b: 2 });
  await rewrite(db);
  db.set("n", 7);
  db.select(2);
  db.zadd("z", 1.5, "m");
  await db.close();
  const check = spawnSync(join(REDIS, "redis-check-aof"), [join(aof(path), "appendonly.aof.manifest")], { encoding: "utf8" });
  assert.equal(check.status, 0, check.stdout + check.stderr);
  const { ask, stop } = await redis(path, await freePort());
  assert.equal(ask("DBSIZE"), "1002");
  assert.equal(ask("-n", "2", "ZSCORE", "z", "m"), "1.5");
  ask("INCR", "n");
  ask("BGREWRITEAOF");
  await until(() => /aof_rewrite_in_progress:0/.test(ask("INFO", "persistence")));
  ask("RPUSH", "l", "a", "b");
  ask("SPOP", "h2");
  await stop();
  const again = await open(`file:${path}`);
  assert.equal(again.get("n"), "8");
  assert.deepEqual(again.lrange("l", 0, -1), ["a", "b"]);
  assert.equal(again.stats().keys, 1004);
  await rewrite(again);
  again.incr("n");
  await again.close();
  const second = await redis(path, await freePort());
  assert.equal(second.ask("GET", "n"), "9");
  await second.stop();
});

test("the folder of a real Redis opens as it is, with an append-only file or a dump.rdb", { skip: withRedis }, async () => {
  for (const aofOn of ["yes", "no"]) {
    const path = folder();
    mkdirSync(path);
    const { ask, stop } = await redis(path, await freePort(), "yes");
    ask("SET", "n", "8");
    ask("RPUSH", "l", "a", "b");
    ask("HSET", "h", "f", "v");
    ask("HPEXPIRE", "h", "100000000", "FIELDS", "1", "f");
    ask("ZADD", "z", "1.5", "m");
    ask("XADD", "x", "1-1", "f", "v");
    ask("-n", "3", "SET", "t", "v", "EX", "100000");
    if (aofOn === "no") {
      ask("SAVE");
      await stop();
      rmSync(aof(path), { recursive: true });
    } else {
      ask("BGREWRITEAOF");
      await until(
        () => /aof_rewrite_in_progress:0/.test(ask("INFO", "persistence")) && existsSync(join(aof(path), "appendonly.aof.2.base.rdb")),
      );
      ask("INCR", "n");
      await stop();
    }
    const db = await open(`file:${path}`, { onWarning: () => {} });
    assert.equal(db.get("n"), aofOn === "yes" ? "9" : "8");
    assert.deepEqual(db.lrange("l", 0, -1), ["a", "b"]);
    assert.ok(Number(db.hpttl("h", "FIELDS", 1, "f")) > 0);
    assert.equal(Number(db.zscore("z", "m")), 1.5);
    assert.equal(db.xlen("x"), 1);
    assert.equal(db.stats().keys, 6);
    await rewrite(db);
    db.incr("n");
    const n = db.get("n");
    await db.close();
    await redisLoads(path, n);
  }
});

test("options and names are checked", async () => {
  await assert.rejects(open("file:"), { name: "TypeError", message: "open(): 'file:' needs a folder, as in 'file:./data'" });
  await assert.rejects(open("nowhere"), { name: "TypeError", message: /store must be a string as 'file:\.\/data', not 'nowhere'/ });
  await assert.rejects(open("s3:bucket"), { message: "open(): unknown store 's3:'; here there are 'file:'" });
  await assert.rejects(open("idb:notes"), { message: "open(): 'idb:' is for browsers, where there is IndexedDB; here there are 'file:'" });
  await assert.rejects(open("file:x", { appendfsync: "sometimes" }), /appendfsync must be one of always, everysec, no/);
  await assert.rejects(open("file:x", { append: "later" }), /append must be one of call, turn/);
  await assert.rejects(open("file:x", { append: "turn", appendfsync: "always" }), /append must be "call" with appendfsync: "always"/);
  await assert.rejects(open({ store: {} }), /store must be a string as 'file:\.\/data', or a store: load, append, rewrite, close/);
  const path = folder();
  appendFileSync(path, "a file");
  await assert.rejects(open(`file:${path}`), { name: "StoreError", message: /EEXIST|ENOTDIR/ });
});

test("BGREWRITEAOF, SAVE, LASTSAVE, INFO and CONFIG are about the store", async () => {
  const path = folder();
  const db = await open(`file:${path}`, { appendfsync: "always", aofLoadTruncated: false });
  assert.deepEqual({ ...db.config("GET", "appendfsync", "aof-load-truncated") }, { appendfsync: "always", "aof-load-truncated": "no" });
  db.set("k", "v");
  await rewrite(db);
  assert.ok(existsSync(join(aof(path), "appendonly.aof.2.base.rdb")));
  assert.equal(db.save(), "OK");
  assert.equal(readFileSync(join(path, "dump.rdb"), "latin1").slice(0, 9), "REDIS0012");
  rmSync(join(path, "dump.rdb"));
  assert.equal(db.bgsave(), "Background saving started");
  assert.match(db.info("persistence"), /rdb_bgsave_in_progress:1/);
  assert.throws(() => db.bgsave(), { message: "ERR Background save already in progress" });
  await until(() => /rdb_bgsave_in_progress:0/.test(db.info("persistence")));
  assert.ok(existsSync(join(path, "dump.rdb")));
  assert.ok(Math.abs(db.lastsave() - Date.now() / 1000) < 10);
  const info = db.info("persistence");
  assert.match(info, /aof_enabled:1/);
  assert.match(info, /aof_last_write_status:ok/);
  // From the next write on.
  let syncs = 0;
  const inject = (name, _args, call) => {
    if (name === "fdatasyncSync") syncs++;
    return call();
  };
  await until(() => !/aof_rewrite_in_progress:1/.test(db.info("persistence")));
  await withFaults(inject, async () => {
    db.set("k", 1);
    db.set("k", 2);
    assert.equal(syncs, 2);
    db.config("SET", "appendfsync", "no");
    db.set("k", 3);
    assert.equal(syncs, 2);
    db.get("k");
  });
  await db.close();
});

test("a SAVE that fails throws, and what was kept stays", async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  db.set("k", "v");
  const inject = (name, args, call) => {
    if (name === "openSync" && /base|temp-[\d.]+\.rdb/.test(String(args[0]))) throw failure();
    return call();
  };
  await withFaults(inject, async () => {
    assert.throws(
      () => db.save(),
      ({ message, cause }) => message === "ERR" && cause.message === "ENOSPC: injected",
    );
    assert.match(db.info("persistence"), /rdb_last_bgsave_status:ok/);
    assert.equal(db.bgsave(), "Background saving started");
    await until(() => /rdb_last_bgsave_status:err/.test(db.info("persistence")));
    await rewrite(db);
    assert.match(db.info("persistence"), /aof_last_bgrewrite_status:err/);
  });
  db.set("k2", "v");
  assert.deepEqual(await crashed(path), { k: "v", k2: "v" });
  await db.close();
});

test("a server on a folder: a write that is refused ends its connection unanswered, SHUTDOWN ends the server", async () => {
  const path = folder();
  const port = await freePort();
  let ended;
  const over = new Promise((done) => {
    ended = done;
  });
  const server = await serve({ store: `file:${path}`, appendfsync: "always", port, onShutdown: () => ended() });
  const talk = async (text) => {
    const socket = connect(port, "127.0.0.1");
    let heard = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      heard += chunk;
    });
    socket.on("error", () => {});
    socket.write(text);
    const end = new Promise((done) => socket.on("close", () => done(heard)));
    return { socket, end, heard: () => heard };
  };
  const first = await talk("SET k 1\r\nRPUSH l a\r\n");
  await until(() => first.heard() === "+OK\r\n:1\r\n");
  const inject = (name, _args, call) => {
    if (name === "writeSync") throw failure();
    return call();
  };
  const waiter = await talk("BLPOP jobs 0\r\n");
  await until(() => /blocked_clients:1/.test(server.db.info("clients")));
  await withFaults(inject, async () => {
    const second = await talk("RPUSH jobs one\r\n");
    assert.equal(await second.end, "", "nobody is told what is not written");
    const third = await talk("GET k\r\nSET k 2\r\n");
    await until(() => third.heard().includes("MISCONF"));
    assert.equal(third.heard(), "$1\r\n1\r\n-MISCONF Errors writing to the AOF file: ENOSPC: injected\r\n");
    assert.equal(waiter.heard(), "", "who was served is not told either");
  });
  // It is back.
  await until(() => waiter.heard().includes("one"));
  assert.deepEqual(await crashed(path), { k: "1", l: ["a"] });
  const last = await talk("SET k 3\r\nSHUTDOWN\r\n");
  assert.equal(await last.end, "+OK\r\n");
  await over;
  assert.equal(server.db.closed, true);
  assert.deepEqual(await crashed(path), { k: "3", l: ["a"] });
});

test("the command line keeps data with --store", () => {
  const path = folder();
  const run = (...args) => spawnSync(process.execPath, [cli, "--store", `file:${path}`, ...args], { encoding: "utf8" }).stdout;
  assert.equal(run("SET", "k", "v"), "OK\n");
  assert.equal(run("GET", "k"), "v\n");
});
