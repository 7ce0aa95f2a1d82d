/**
 * Who may have a `file:` folder: threads, contexts of node:vm, processes, PID namespaces with equal numbers, holders that have
 * died or cannot be asked; and what a holder does whose lock was taken away.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import vm from "node:vm";
import { Worker } from "node:worker_threads";
// CommonJS looks functions of node:fs up as it calls them: that is how faults get in here.
import wakey from "../dist/node.cjs";
import { dist } from "./support.mjs";

const { open } = wakey;

const root = mkdtempSync(join(realpathSync(tmpdir()), "wakey-lock-"));
after(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** A folder that is not there yet. */
function folder() {
  return join(root, String(count++));
}

const lock = (path) => join(path, "wakey.lock");
const quiet = { onWarning: () => {} };
/** Where Linux tells of threads and namespaces, nothing has to be waited for. */
const proc = existsSync("/proc/thread-self") ? false : "this system has no /proc/thread-self";

/**
 * Another one who opens a folder, tells what came of it, and does what it is told: `{ open }`, `{ run }`, `{ close }`. The
 * same code as a worker, and as a process that is talked to over its pipes.
 */
const OTHER = `
  const { open } = require(${JSON.stringify(join(dist, "node.cjs"))});
  let db;
  async function obey({ open: path, options, run, close }) {
    try {
      if (path !== undefined) db = await open("file:" + path, { onWarning: () => {}, ...options });
      if (run !== undefined) return { value: db.call(...run) };
      if (close) await db.close();
      return { value: "done" };
    } catch (error) {
      return { error: error.message };
    }
  }
`;

function thread() {
  const worker = new Worker(
    `${OTHER} const { parentPort } = require("node:worker_threads"); parentPort.on("message", async (what) => parentPort.postMessage(await obey(what)));`,
    { eval: true },
  );
  worker.unref();
  return {
    async tell(what) {
      worker.postMessage(what);
      return (await once(worker, "message"))[0];
    },
    end: () => worker.terminate(),
  };
}

/** `before`: the command in which Node is started. */
function processIn(...before) {
  const script = `${OTHER} require("node:readline").createInterface({ input: process.stdin }).on("line", async (line) => console.log(JSON.stringify(await obey(JSON.parse(line)))));`;
  const [command, ...args] = [...before, process.execPath, "-e", script];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = [];
  let rest = "";
  let heard = () => {};
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop();
    lines.push(...parts);
    heard();
  });
  return {
    async tell(what) {
      child.stdin.write(`${JSON.stringify(what)}\n`);
      while (lines.length === 0) {
        await new Promise((done) => {
          heard = done;
        });
      }
      return JSON.parse(lines.shift());
    },
    async end() {
      const ended = once(child, "close");
      // Of a namespace its first process: with it all others end.
      const first = before.length === 0 ? child.pid : Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8"));
      process.kill(first, "SIGKILL");
      await ended;
    },
  };
}

/** Its own instance of the package, as a test runner's context has it. */
function contextOf() {
  const path = join(dist, "node.cjs");
  const globals = { process, console, performance, setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, queueMicrotask };
  const context = vm.createContext({ ...globals, Buffer, TextEncoder, TextDecoder, URL, AbortController, AbortSignal, crypto });
  const module = { exports: {} };
  const names = ["exports", "require", "module", "__filename", "__dirname"];
  vm.compileFunction(readFileSync(path, "utf8"), names, { parsingContext: context })(
    module.exports,
    createRequire(path),
    module,
    path,
    dirname(path),
  );
  return module.exports;
}

test("two threads of a process do not both have a folder; one that was terminated has none", { skip: proc }, async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  db.set("k", "main");
  const other = thread();
  assert.deepEqual(await other.tell({ open: path }), { error: `${path} is held by another thread of this process` });
  await db.close();
  assert.deepEqual(await other.tell({ open: path }), { value: "done" });
  assert.deepEqual(await other.tell({ run: ["APPEND", "k", "+thread"] }), { value: 11 });
  await assert.rejects(open(`file:${path}`), { name: "StoreError", message: `${path} is held by another thread of this process` });
  const third = thread();
  assert.deepEqual(await third.tell({ open: path }), { error: `${path} is held by another thread of this process` });
  await other.end();
  const again = await open(`file:${path}`, { onWarning: assert.fail });
  assert.equal(again.get("k"), "main+thread");
  await again.close();
  await third.end();
});

test("two contexts of node:vm do not both have a folder", { skip: proc }, async () => {
  const path = folder();
  const [first, second] = [contextOf(), contextOf()];
  assert.notEqual(first.open, second.open);
  const db = await first.open(`file:${path}`, quiet);
  db.set("k", 1);
  const refused = { name: "StoreError", message: `${path} is open in this process already` };
  await assert.rejects(second.open(`file:${path}`, quiet), refused);
  await assert.rejects(open(`file:${path}`, quiet), refused);
  await db.close();
  const again = await second.open(`file:${path}`, quiet);
  assert.equal(again.get("k"), "1");
  await again.close();
});

test("a process that was killed holds nothing, and its claim stands in nobody's way", { skip: proc }, async () => {
  const path = folder();
  const other = processIn();
  assert.deepEqual(await other.tell({ open: path }), { value: "done" });
  await assert.rejects(open(`file:${path}`, quiet), /is held by process \d+$/);
  await other.end();
  // As one leaves it that was killed while it was opening.
  writeFileSync(`${lock(path)}.0123`, readFileSync(lock(path)));
  await (await open(`file:${path}`, { onWarning: assert.fail })).close();
  assert.deepEqual(readdirSync(path), ["appendonlydir"]);
  // The same number, given again to a process that started at another time.
  const holder = await open(`file:${path}`);
  const { namespace, boot, thread: own, started, host } = JSON.parse(readFileSync(lock(path), "utf8"));
  await holder.close();
  for (const said of [{ started: "1" }, { thread: "1 1" }, { thread: `${own.split(" ")[0]} 1` }]) {
    writeFileSync(lock(path), JSON.stringify({ pid: process.pid, host, boot, namespace, started, thread: own, ...said }));
    await (await open(`file:${path}`, { onWarning: assert.fail })).close();
  }
});

const unshare = (...args) => ["unshare", "--pid", "--fork", ...args];
function namespaces() {
  if (proc) return proc;
  const { status, error, stderr } = spawnSync(unshare("--mount-proc")[0], [...unshare("--mount-proc").slice(1), "true"], {
    encoding: "utf8",
  });
  return status === 0 ? false : `no PID namespace can be made here: ${error?.message ?? stderr.trim()}`;
}
const withoutNamespaces = namespaces();

// Each waits for a touch of the lock: seconds, so all at once.
describe("PID namespaces with one host name", { concurrency: true }, () => {
  for (const [numbers, what, how] of [
    ["equal", "each with its own /proc", ["--mount-proc"]],
    ["equal", "without one", []],
    ["other", "each with its own /proc", ["--mount-proc"]],
    ["other", "without one", []],
  ]) {
    test(`two with ${numbers} numbers, ${what}: one has the folder`, { skip: withoutNamespaces }, async () => {
      const path = folder();
      // The first is number 2 or higher there, which is not in the second's namespace; the second is number 1.
      const behind = ["sh", "-c", '"$0" "$@"; exit'];
      const [first, second] = [processIn(...unshare(...how), ...(numbers === "equal" ? [] : behind)), processIn(...unshare(...how))];
      assert.deepEqual(await first.tell({ open: path }), { value: "done" });
      assert.deepEqual(await first.tell({ run: ["SET", "k", "first"] }), { value: "OK" });
      assert.equal(JSON.parse(readFileSync(lock(path), "utf8")).pid === 1, numbers === "equal");
      // The holder shows within seconds that it lives: to one with its own number, and to one where there is no such number.
      const [here, there] = await Promise.all([
        open(`file:${path}`, quiet).then(assert.fail, (error) => error.message),
        second.tell({ open: path }),
      ]);
      const held = /is held by process \d+(, in another container or namespace)?$/;
      assert.match(here, held);
      assert.match(there.error, held);
      await first.end();
      // Nobody touches it any more.
      utimesSync(lock(path), 0, 0);
      assert.deepEqual(await second.tell({ open: path }), { value: "done" });
      assert.deepEqual(await second.tell({ run: ["GET", "k"] }), { value: "first" });
      await second.end();
    });
  }
});

test("who cannot be asked is waited for: refused once the lock is touched, and not when it is old", async () => {
  const path = folder();
  await (await open(`file:${path}`)).close();
  // Another machine; one of whom nothing is known; an end of the system before the content was on the disk.
  for (const content of [JSON.stringify({ pid: process.pid, host: "elsewhere" }), JSON.stringify({ pid: 1 }), ""]) {
    writeFileSync(lock(path), content);
    const warnings = [];
    const onWarning = (message) => {
      warnings.push(message);
      // A holder's touch.
      utimesSync(lock(path), Date.now() / 1000, Date.now() / 1000 + 1);
    };
    await assert.rejects(open(`file:${path}`, { onWarning }), /is held by (process \d+ on \S*|somebody)$/);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /: waiting to see whether (process \d+ on \S*|somebody) still has it, for 30 seconds at most$/);
    utimesSync(lock(path), 0, 0);
    await (await open(`file:${path}`, { onWarning: assert.fail })).close();
  }
  writeFileSync(lock(path), "a note");
  await assert.rejects(open(`file:${path}`), /wakey\.lock is no lock of this program; remove it if nothing uses this folder/);
  assert.equal(readFileSync(lock(path), "utf8"), "a note");
});

test("of many who find a dead holder's lock at the same time one gets the folder", { skip: proc }, async () => {
  const path = folder();
  const others = Array.from({ length: 6 }, thread);
  await (await open(`file:${path}`)).close();
  const dead = JSON.stringify({ pid: process.pid, host: "here", instance: "gone" });
  for (let round = 0; round < 20; round++) {
    writeFileSync(lock(path), dead);
    utimesSync(lock(path), 0, 0);
    const outcomes = await Promise.all(others.map((other) => other.tell({ open: path })));
    const winners = outcomes.flatMap(({ value }, i) => (value === "done" ? [others[i]] : []));
    assert.equal(winners.length, 1, JSON.stringify(outcomes));
    assert.deepEqual(await winners[0].tell({ run: ["INCR", "n"] }), { value: round + 1 });
    assert.deepEqual(await winners[0].tell({ close: true }), { value: "done" });
    assert.deepEqual(readdirSync(path), ["appendonlydir"]);
  }
  await Promise.all(others.map((other) => other.end()));
});

/** Every file of the append-only folder, and what is in it. */
function files(path) {
  const place = join(path, "appendonlydir");
  return readdirSync(place)
    .sort()
    .map((name) => [name, readFileSync(join(place, name), "latin1")]);
}

for (const appendfsync of ["always", "everysec", "no"]) {
  test(`who has lost the lock writes nothing any more, and says so: ${appendfsync}`, async (t) => {
    const path = folder();
    const db = await open(`file:${path}`, { appendfsync });
    db.set("a", 1);
    rmSync(lock(path));
    const other = await open(`file:${path}`, { appendfsync });
    other.set("a", "other");
    const before = files(path);
    // Time has passed since the last look: the process was stopped, perhaps.
    const { now } = Date;
    t.mock.method(Date, "now", () => now() + 60_000);
    const says = { code: "MISCONF", message: /^MISCONF .*wakey\.lock is no longer ours/ };
    if (appendfsync !== "always") db.set("a", 2);
    assert.throws(() => db.set("a", 3), says);
    assert.throws(() => db.set("a", 4), says);
    await assert.rejects(db.durable(), { name: "StoreError", message: /no longer ours/ });
    await assert.rejects(
      async () => db.save(),
      ({ message, cause }) => message === "ERR" && /no longer ours/.test(cause.message),
    );
    await assert.rejects(db.close(), { name: "StoreError", message: /closed, but not everything could be written: .*no longer ours/ });
    t.mock.restoreAll();
    assert.deepEqual(files(path), before);
    assert.ok(existsSync(lock(path)), "the lock of the other one stays");
    other.append("a", "+");
    await other.close();
    const again = await open(`file:${path}`);
    assert.equal(again.get("a"), "other+");
    await again.close();
  });
}

test("a rewrite whose holder loses the lock in its course changes no file", async () => {
  const path = folder();
  const db = await open(`file:${path}`);
  for (let i = 0; i < 20_000; i++) db.set(`key:${i}`, "x".repeat(50));
  db.bgrewriteaof();
  await new Promise(setImmediate);
  rmSync(lock(path));
  const other = await open(`file:${path}`);
  other.set("last", 1);
  while (/aof_rewrite_in_progress:1/.test(db.info("persistence"))) await new Promise(setImmediate);
  assert.match(db.info("persistence"), /aof_last_bgrewrite_status:err/);
  await db.close().catch(() => {});
  other.set("last", 2);
  await other.close();
  const again = await open(`file:${path}`);
  assert.equal(again.dbsize(), 20_001);
  assert.equal(again.get("last"), "2");
  await again.close();
});

test("a lock that a full disk keeps from being looked at is not lost", async () => {
  const path = folder();
  const db = await open(`file:${path}`, { appendfsync: "always" });
  const { statSync } = fs;
  fs.statSync = (...args) => {
    if (args[0] === lock(path)) throw Object.assign(new Error("EIO: injected"), { code: "EIO" });
    return statSync(...args);
  };
  assert.throws(() => db.set("a", 1), { code: "MISCONF", message: /EIO: injected/ });
  fs.statSync = statSync;
  await db.durable();
  db.set("b", 1);
  await db.close();
});

test("the lock is looked at when time has passed, and not for each write", async (t) => {
  const path = folder();
  mkdirSync(path);
  const db = await open(`file:${path}`, { appendfsync: "no" });
  const { statSync } = fs;
  const time = Date.now();
  let looks = 0;
  t.mock.method(fs, "statSync", (...args) => {
    looks++;
    return statSync(...args);
  });
  t.mock.method(Date, "now", () => time + 1000);
  for (let i = 0; i < 1000; i++) db.set("k", i);
  assert.equal(looks, 1);
  t.mock.restoreAll();
  await db.close();
});
