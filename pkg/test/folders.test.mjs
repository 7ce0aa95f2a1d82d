/** What may stand in the folder of a `file:` store: Redis 6's single file, RDB snapshots, torn tails, manifests that are damaged. */
import assert from "node:assert/strict";
import fs, { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
// CommonJS looks functions of node:fs up as it calls them: that is how faults get in here.
import wakey from "../dist/node.cjs";
import { damaged } from "./damage.mjs";
import { until } from "./support.mjs";

const { open } = wakey;

const root = mkdtempSync(join(realpathSync(tmpdir()), "wakey-folders-"));
after(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** A folder with these files. */
function folder(files = {}) {
  const path = join(root, String(count++));
  mkdirSync(join(path, "appendonlydir"), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content, "latin1");
  return path;
}

const MANIFEST = "appendonlydir/appendonly.aof.manifest";
const INCREMENT = "appendonlydir/appendonly.aof.1.incr.aof";
const text = (path, name) => readFileSync(join(path, name), "latin1");
const command = (...words) => `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;

/** Opens a folder; what was warned of, and the database. */
async function opened(path, options = {}) {
  const warnings = [];
  const db = await open(`file:${path}`, { onWarning: (message) => warnings.push(message), ...options });
  return { db, warnings };
}

/** Writes a snapshot, and waits until what it replaces is removed. */
async function save(db, path) {
  db.bgrewriteaof();
  await until(() => /aof_rewrite_in_progress:0/.test(db.info("persistence")));
  await until(() => readdirSync(join(path, "appendonlydir")).length === 3);
}

/** What Redis 6.0 writes with --aof-use-rdb-preamble no. */
const OLD = [
  command("SELECT", "0"),
  command("set", "s", "text"),
  command("PEXPIREAT", "s", "4102444800000"),
  command("hset", "h", "a", "1", "b", "2"),
  command("SELECT", "3"),
  command("incr", "other"),
  command("SELECT", "0"),
  command("MULTI"),
  command("SET", "t", "1"),
  command("INCR", "t"),
  command("EXEC"),
  command("xadd", "x", "1-1", "f", "v"),
  command("xgroup", "create", "x", "g", "0"),
  ..."XCLAIM x g c 0 1-1 TIME 1795895776616 RETRYCOUNT 1 FORCE JUSTID LASTID 1-1".split("\n").map((line) => command(...line.split(" "))),
].join("");

test("the appendonly.aof of Redis 6 is moved in as the snapshot, as Redis 7 does it, and goes with the next one", async () => {
  for (const made of [true, false]) {
    const path = folder({ "appendonly.aof": OLD });
    if (!made) rmSync(join(path, "appendonlydir"), { recursive: true });
    const { db, warnings } = await opened(path);
    assert.deepEqual(warnings, []);
    assert.deepEqual(db.keys("*").sort(), ["h", "s", "t", "x"]);
    assert.equal(db.get("t"), "2");
    assert.ok(db.pttl("s") > 0);
    assert.deepEqual(db.xpending("x", "g"), [1, "1-1", "1-1", [["c", "1"]]]);
    db.incr("t");
    assert.equal(existsSync(join(path, "appendonly.aof")), false);
    assert.equal(text(path, "appendonlydir/appendonly.aof"), OLD);
    assert.match(text(path, MANIFEST), /^file appendonly\.aof seq 1 type b\nfile appendonly\.aof\.1\.incr\.aof seq 1 type i\n$/m);
    await db.close();
    const again = await open(`file:${path}`);
    assert.equal(again.get("t"), "3");
    await save(again, path);
    await again.close();
    const names = ["appendonly.aof.2.base.rdb", "appendonly.aof.2.incr.aof", "appendonly.aof.manifest"];
    assert.deepEqual(readdirSync(join(path, "appendonlydir")).sort(), names);
  }
});

test("a move that ended behind its first step is ended, and a torn tail of the old file is cut off", async () => {
  const path = folder({ "appendonly.aof": `${OLD}*3\r\n$3\r\nset\r\n$1`, [MANIFEST]: "file appendonly.aof seq 1 type b\n" });
  const { db, warnings } = await opened(path);
  assert.equal(db.get("t"), "2");
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /15 bytes behind offset \d+ were cut off, and are in appendonly\.aof\.torn$/);
  assert.equal(text(path, "appendonlydir/appendonly.aof.torn"), "*3\r\n$3\r\nset\r\n$1");
  await db.close();
});

/** An RDB file: `s` with a text, `gone` whose time has come, and in database 3 the integer `other`. No checksum. */
const KEY = "\x00\x01s\x04text";
const GONE = `\xfc\x01${"\x00".repeat(7)}\x00\x04gone\x01x`;
const SNAPSHOT = `REDIS0011\xfe\x00${KEY}${GONE}\xfe\x03\x00\x05other\xc0\x07\xff${"\x00".repeat(8)}`;

test("a snapshot that is an RDB file is read, with the commands behind it, and so is the next one", async () => {
  const base = "appendonlydir/appendonly.aof.1.base.rdb";
  const named = "file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n";
  const behind = command("SELECT", "0") + command("append", "s", "ed");
  for (const files of [{ [base]: SNAPSHOT, [MANIFEST]: named, [INCREMENT]: behind }, { "appendonly.aof": SNAPSHOT + behind }]) {
    const path = folder(files);
    const { db, warnings } = await opened(path);
    assert.deepEqual(warnings, []);
    assert.equal(db.get("s"), "texted");
    assert.equal(db.get("gone"), null);
    await save(db, path);
    assert.ok(readdirSync(join(path, "appendonlydir")).includes("appendonly.aof.2.base.rdb"));
    db.append("s", "!");
    await db.close();
    const again = (await opened(path)).db;
    assert.equal(again.get("s"), "texted!");
    again.select(3);
    assert.equal(again.get("other"), "7");
    await again.close();
  }
});

test("a folder with a dump.rdb alone: it is copied in as the snapshot, and stays", async () => {
  const path = folder({ "dump.rdb": SNAPSHOT });
  const { db, warnings } = await opened(path);
  assert.deepEqual(warnings, []);
  assert.equal(db.dbsize(), 1, "what has expired is left out");
  db.append("s", "ed");
  await db.close();
  assert.equal(text(path, "dump.rdb"), SNAPSHOT);
  assert.equal(text(path, "appendonlydir/appendonly.aof.1.base.rdb"), SNAPSHOT);
  const { db: again, warnings: later } = await opened(path);
  assert.equal(again.get("s"), "texted");
  assert.deepEqual(later, [], "it was read");
  await again.close();
});

test("an RDB file that is damaged or cut off is refused with its name and place, and nothing is changed", async () => {
  for (const [content, where] of [
    [SNAPSHOT.replace("\x00\x01s", "\xee\x01s"), "\\d+"],
    [SNAPSHOT.slice(0, -20), "\\d+"],
    ["*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n", "0"],
    [`${SNAPSHOT}*1\r\n`, `${SNAPSHOT.length}`],
  ]) {
    const path = folder({ "dump.rdb": content });
    const message = new RegExp(`^${path}/dump\\.rdb: damaged at offset ${where}: .`);
    await assert.rejects(open(`file:${path}`), { name: "StoreError", message });
    assert.deepEqual(readdirSync(join(path, "appendonlydir")), []);
    assert.equal(text(path, "dump.rdb"), content);
  }
  const path = folder({ "appendonly.aof": SNAPSHOT.slice(0, -20) });
  await assert.rejects(open(`file:${path}`), { name: "StoreError", message: /appendonlydir\/appendonly\.aof: damaged at offset \d+: / });
});

test("what is not read is said", async () => {
  const path = folder({ "notes.txt": "mine" });
  await (await opened(path)).db.close();
  writeFileSync(join(path, "dump.rdb"), "REDIS0011");
  const rest = (warnings) => warnings.map((one) => one.replace(/^.*; what is not: /, ""));
  const first = await opened(path);
  assert.deepEqual(rest(first.warnings), [], "SAVE writes it, and a Redis with append-only files does not read it either");
  await first.db.close();
  // A second file of old, and one of a Redis with another name for its files.
  writeFileSync(join(path, "appendonly.aof"), OLD);
  writeFileSync(join(path, "appendonlydir/other.aof.1.base.rdb"), "REDIS0011");
  const second = await opened(path);
  assert.deepEqual(rest(second.warnings), ["appendonly.aof, other.aof.1.base.rdb"]);
  assert.equal(second.db.dbsize(), 0);
  await second.db.close();
  assert.equal(text(path, "appendonly.aof"), OLD);
  // Where only the snapshot has something in it, it would be an empty database without a word.
  const lost = folder({ "appendonlydir/appendonly.aof.1.base.rdb": "REDIS0011", [INCREMENT]: "" });
  await assert.rejects(open(`file:${lost}`), /there is appendonly\.aof\.1\.base\.rdb, but no appendonly\.aof\.manifest that names it/);
});

test("what is made is its owner's alone", { skip: process.platform === "win32" && "there are no POSIX modes" }, async () => {
  const path = join(root, "modes", "below");
  const { db } = await opened(path);
  db.set("k", "v");
  await save(db, path);
  const mode = (name) => (statSync(join(path, name)).mode & 0o777).toString(8);
  assert.deepEqual(["..", ".", "appendonlydir"].map(mode), ["700", "700", "700"]);
  const files = readdirSync(join(path, "appendonlydir")).map((name) => `appendonlydir/${name}`);
  assert.equal(files.length, 3);
  for (const name of ["wakey.lock", ...files]) assert.equal(mode(name), "600", name);
  await db.close();
  writeFileSync(join(path, INCREMENT.replace("1", "2")), "*1\r\n", { flag: "a" });
  await (await opened(path)).db.close();
  assert.equal(mode(`${INCREMENT.replace("1", "2")}.torn`), "600");
});

test("each torn tail is kept in a file of its own, and one that cannot be kept is not cut off", async (t) => {
  const path = folder();
  const { db } = await opened(path);
  db.set("a", 1);
  await db.close();
  const whole = text(path, INCREMENT);
  for (const [tail, kept] of [
    ["*1\r\n$4\r\nFI", ".torn"],
    ["*2\r\n$3\r\n", ".2.torn"],
    ["*9", ".3.torn"],
  ]) {
    writeFileSync(join(path, INCREMENT), whole + tail);
    const one = await opened(path);
    assert.equal(one.db.get("a"), "1");
    assert.match(
      one.warnings.join(),
      new RegExp(`${tail.length} bytes behind offset ${whole.length} were cut off, and are in \\S+${kept}$`),
    );
    assert.equal(text(path, INCREMENT), whole);
    assert.equal(text(path, INCREMENT + kept), tail);
    await one.db.close();
  }
  const { db: last, warnings } = await opened(path);
  assert.deepEqual(warnings, [], "what was kept is not said again");
  await last.close();
  writeFileSync(join(path, INCREMENT), `${whole}*9`);
  const { writeSync } = fs;
  t.mock.method(fs, "writeSync", (...args) => {
    if (args[1].length === 2) throw Object.assign(new Error("ENOSPC: injected"), { code: "ENOSPC" });
    return writeSync(...args);
  });
  const refused = new RegExp(
    `incr\\.aof: ends in the middle of a command, and what follows offset ${whole.length} cannot be kept: ENOSPC: injected$`,
  );
  await assert.rejects(open(`file:${path}`), { name: "StoreError", message: refused });
  assert.equal(text(path, INCREMENT), `${whole}*9`);
});

test("lengths and counts that no command has are damage, wherever they stand, and nothing is cut off", async () => {
  const path = folder();
  await (await opened(path)).db.close();
  const before = command("SET", "a", "1");
  for (const wrong of [
    "*-1\r\n",
    "*0\r\n",
    "*1048577\r\n",
    "*99999999999999999999\r\n",
    "*2\r\n$-1\r\n",
    "*2\r\n$536870913\r\n",
    "*2\r\n$4294967295\r\nab",
    "*2\r\n$18446744073709551615\r\nab",
    "*2\r\n$9223372036854775807\r\n",
    `*3\r\n$3\r\nSET\r\n$1\r\na\r\n$-5\r\n`,
  ]) {
    for (const behind of ["", command("SET", "b", "1")]) {
      writeFileSync(join(path, INCREMENT), before + wrong + behind, "latin1");
      await assert.rejects(
        open(`file:${path}`),
        { name: "StoreError", message: new RegExp(`damaged at offset ${before.length}: `) },
        wrong,
      );
      assert.equal(text(path, INCREMENT), before + wrong + behind);
    }
  }
  assert.deepEqual(
    readdirSync(join(path, "appendonlydir")).filter((name) => name.endsWith(".torn")),
    [],
  );
});

test("a command with as many arguments as there may be can be loaded; one with more is refused before it does anything", async () => {
  const path = folder();
  const { db } = await opened(path, { appendfsync: "no" });
  const most = 1_048_576 - 2;
  assert.equal(db.rpush("list", Array(most).fill("")), most);
  assert.throws(() => db.rpush("list", Array(most + 1).fill("")), {
    name: "ReplyError",
    message: "ERR a command has at most 1048576 arguments",
  });
  await db.close();
  const again = await open(`file:${path}`);
  assert.equal(again.llen("list"), most);
  await again.close();
});

test("what a command removes is told in commands that can be loaded, however much it is", async () => {
  const path = folder();
  const { db } = await opened(path, { appendfsync: "no" });
  const half = Array.from({ length: 550_000 }, (_, i) => i);
  db.sadd("set", half);
  db.sadd(
    "set",
    half.map((i) => i + half.length),
  );
  assert.equal(db.spop("set", 1_099_995).length, 1_099_995);
  const left = db.smembers("set").sort();
  await db.close();
  const again = await open(`file:${path}`);
  assert.deepEqual(again.smembers("set").sort(), left);
  await again.close();
});

test("a manifest that is cut, flipped or has its lines in another order hides nothing", async () => {
  const path = folder();
  const { db } = await opened(path);
  db.set("a", 1);
  await save(db, path);
  db.set("b", 2);
  await db.close();
  const whole = text(path, MANIFEST);
  const files = readdirSync(join(path, "appendonlydir")).sort();
  const lines = whole.split("\n");
  const variants = Array.from(whole, (_, at) => whole.slice(0, at));
  for (let at = 0; at < whole.length; at++) {
    variants.push(whole.slice(0, at) + String.fromCharCode(whole.charCodeAt(at) ^ (1 << (at % 8))) + whole.slice(at + 1));
  }
  // Without the checksum, as Redis writes it.
  variants.push([lines[2], lines[1], ""].join("\n"), `${lines[1]}\n`, `${lines[2]}\n`, "garbage\n", "");
  let refused = 0;
  for (const variant of variants) {
    writeFileSync(join(path, MANIFEST), variant, "latin1");
    const found = await opened(path).then(
      ({ db: one }) => one,
      (error) => error,
    );
    if (found instanceof Error) {
      assert.equal(found.name, "StoreError", found.stack);
      refused++;
    } else {
      assert.deepEqual(found.mget("a", "b"), ["1", "2"], JSON.stringify(variant));
      await found.close();
    }
    assert.deepEqual(readdirSync(join(path, "appendonlydir")).sort(), files, JSON.stringify(variant));
  }
  assert.ok(refused > variants.length / 2, `${refused} of ${variants.length}`);
  writeFileSync(join(path, MANIFEST), whole);
  await (await opened(path)).db.close();
});

test("200 folders that were damaged at random: the beginning of what was acknowledged, or an error that says where", async () => {
  const { opened: read, refused } = await damaged(200, 1);
  assert.ok(read > 50 && refused > 50, `${read} could be opened, ${refused} were refused`);
});
