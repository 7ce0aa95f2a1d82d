/** `file:` against real folders, a real Redis where REDIS_BIN is set, and storage that refuses. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs, { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
// CommonJS looks functions of node:fs up as it calls them: that is how faults get in here.
import wakey from "../dist/node.cjs";
import server from "../dist/server.cjs";
import { cli, freePort, scratch, until } from "./support.mjs";

const { open } = wakey;
const { serve } = server;

const REDIS = process.env.REDIS_BIN;
const withRedis = REDIS === undefined && "REDIS_BIN is not set";

const root = mkdtempSync(join(tmpdir(), "wakey-file-"));
const quick = scratch("file");
after(() => {
  for (const path of [root, quick]) rmSync(path, { recursive: true, force: true });
});
let count = 0;

/** A folder that is not there yet. */
function folder(where = root) {
  return join(where, String(count++));
}

const aof = (path) => join(path, "appendonlydir");
const increment = (path) => {
  const names = readFileSync(join(aof(path), "appendonly.aof.manifest"), "utf8").match(/\S+incr\.aof/g);
  return join(aof(path), names.at(-1));
};

/** All there is, as something to compare. */
function content(db) {
  return Object.fromEntries(
    db
      .keys("*")
      .sort()
      .map((key) => [key, db.type(key) === "list" ? db.lrange(key, 0, -1) : db.get(key)]),
  );
}

/** The content of a copy of a folder, as a process would find it that starts after a crash. */
async function crashed(path) {
  const copy = folder(quick);
  mkdirSync(copy);
  cpSync(aof(path), aof(copy), { recursive: true });
  const db = await open(`file:${copy}`, { onWarning: () => {} });
  const found = content(db);
  await db.close();
  rmSync(copy, { recursive: true });
  return found;
}

/** BGREWRITEAOF, to its end. */
async function rewrite(db) {
  db.bgrewriteaof();
  while (/aof_rewrite_in_progress:1/.test(db.info("persistence"))) await new Promise(setImmediate);
}

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
  assert.deepEqual(readdirSync(aof(path)).sort(), ["appendonly.aof.2.base.aof", "appendonly.aof.2.incr.aof", "appendonly.aof.manifest"]);
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
  await until(() => existsSync(join(aof(path), "appendonly.aof.2.base.aof")) && readdirSync(aof(path)).length === 3);
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

test("an RDB snapshot and a manifest that names what is not there are refused clearly", async () => {
  const path = folder();
  await (await open(`file:${path}`)).close();
  const base = join(aof(path), "appendonly.aof.1.base.aof");
  writeFileSync(base, "REDIS0012...");
  await assert.rejects(
    open(`file:${path}`),
    /an RDB snapshot, which is not read here: start Redis on this folder with --aof-use-rdb-preamble no/,
  );
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
  for (const name of ["temp-appendonly.aof.2.base.aof", "appendonly.aof.2.base.aof", "notes.txt"])
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
    assert.ok(existsSync(join(aof(path), "appendonly.aof.2.base.aof")));
    db.set("b", 2);
  });
  assert.deepEqual(await crashed(path), { a: "1", b: "2" });
  await db.close();
});

/** The functions of node:fs that the store calls; each call is given to `fault`, which may throw, or answer for it. */
const CALLS = [
  "openSync",
  "readdirSync",
  "writeSync",
  "writeFileSync",
  "fdatasyncSync",
  "fdatasync",
  "fsyncSync",
  "ftruncateSync",
  "renameSync",
  "rmSync",
  "closeSync",
  "mkdirSync",
  "fstatSync",
  "statSync",
  "linkSync",
  "readSync",
  "readFileSync",
];
async function withFaults(fault, run) {
  const real = Object.fromEntries(CALLS.map((name) => [name, fs[name]]));
  for (const name of CALLS) {
    fs[name] = (...args) => {
      if (name !== "fdatasync") return fault(name, args, () => real[name](...args));
      const done = args.pop();
      try {
        fault(name, args, () => real.fdatasyncSync(...args));
      } catch (error) {
        return void setImmediate(done, error);
      }
      setImmediate(done, null);
    };
  }
  const { rm } = fs.promises;
  fs.promises.rm = async (...args) => {
    let result;
    fault("rm", args, () => {
      result = rm(...args);
    });
    return result;
  };
  try {
    return await run();
  } finally {
    Object.assign(fs, real);
    fs.promises.rm = rm;
  }
}

function failure(code = "ENOSPC") {
  return Object.assign(new Error(`${code}: injected`), { code });
}

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

const KILLS = Number(process.env.KILLS ?? 24);

test(`killed ${KILLS} times at a random moment: every answered write is there`, { timeout: KILLS * 5000 + 60_000 }, async () => {
  const path = folder();
  const script = `
    import { writeSync } from "node:fs";
    import { open } from "wakey";
    const db = await open("file:${path}", { appendfsync: "always", onWarning: () => {} });
    let n = Number(db.get("n") ?? 0);
    writeSync(1, "ready " + n + "\\n");
    for (;;) {
      n++;
      db.multi().incr("n").set("k:" + (n % 50), n).rpush("l", n).ltrim("l", -20, -1).exec();
      writeSync(1, n + "\\n");
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
    const last = lines.length === 0 ? answered : Number(lines.at(-1).replace("ready ", ""));
    assert.ok(last >= answered, "a write that was answered is gone when the next process opens the folder");
    if (readdirSync(aof(path)).length > 3) during++;
    const db = await open(`file:${path}`, { onWarning: () => {} });
    const n = Number(db.get("n") ?? 0);
    assert.ok(n === last || n === last + 1, `${last} was answered, ${n} is there`);
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
async function redis(path, port) {
  const server = spawn(
    join(REDIS, "redis-server"),
    ["--port", port, "--dir", path, "--appendonly", "yes", "--aof-use-rdb-preamble", "no", "--save", "", "--appendfsync", "always"].map(
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

test("options and names are checked", async () => {
  await assert.rejects(open("file:"), { name: "TypeError", message: "open(): 'file:' needs a folder, as in 'file:./data'" });
  await assert.rejects(open("nowhere"), { name: "TypeError", message: /store must be a string as 'file:\.\/data', not 'nowhere'/ });
  await assert.rejects(open("s3:bucket"), { message: "open(): unknown store 's3:'; here there are 'file:'" });
  await assert.rejects(open("idb:notes"), { message: "open(): 'idb:' is for browsers, where there is IndexedDB; here there are 'file:'" });
  await assert.rejects(open("file:x", { appendfsync: "sometimes" }), /appendfsync must be one of always, everysec, no/);
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
  assert.ok(existsSync(join(aof(path), "appendonly.aof.2.base.aof")));
  assert.equal(db.save(), "OK");
  assert.ok(existsSync(join(aof(path), "appendonly.aof.3.base.aof")));
  assert.equal(db.bgsave(), "Background saving started");
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
    if (name === "openSync" && String(args[0]).includes("base")) throw failure();
    return call();
  };
  await withFaults(inject, async () => {
    assert.throws(() => db.save(), { name: "ReplyError", message: "ERR ENOSPC: injected" });
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
