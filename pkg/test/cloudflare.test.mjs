/** `wakey/cloudflare` in the real workerd: what outlives the runtime, alarms, memory, hostile requests and storage. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { Miniflare } from "miniflare";
import { bundle, contents, dial, FULL, folder, READING, resp, runtime, worker } from "./cloudflare/runtime.mjs";
import { dist, root, until } from "./support.mjs";

test("the Worker's bundle: its size", (t) => {
  const code = Buffer.byteLength(bundle);
  const wasm = readFileSync(join(dist, "core.wasm"));
  const kibibytes = (n) => `${(n / 1024).toFixed(1)} KiB`;
  const packed = gzipSync(bundle).length + gzipSync(wasm).length;
  t.diagnostic(`code ${kibibytes(code)}, module ${kibibytes(wasm.length)}, together ${kibibytes(packed)} gzip`);
  // A Worker of the free plan may weigh 3 MB, compressed. It was 300 KiB before scripts, which are 87 in the module, and the rest
  // of a server: users, RDB, tracking, a cluster's node, eviction, what saves by itself.
  assert.ok(packed < 534 * 1024, String(packed));
});

test("RPC: commands, pipelines, transactions, each call with a session of its own", async (t) => {
  const { rpc } = runtime(t);
  assert.equal(await rpc("command", "SET", "k", "v"), "OK");
  assert.equal(await rpc("command", "get", "k"), "v");
  assert.equal(await rpc("command", "HSET", "h", "f", 1, "__proto__", "2"), 2);
  assert.deepEqual(Object.entries(await rpc("command", "HGETALL", "h")), [
    ["f", "1"],
    ["__proto__", "2"],
  ]);
  assert.equal(await rpc("command", "SELECT", "5"), "OK");
  assert.equal(await rpc("command", "GET", "k"), "v");
  await assert.rejects(rpc("command", "LPUSH", "k", "v"), {
    message: "WRONGTYPE Operation against a key holding the wrong kind of value",
  });
  await assert.rejects(rpc("command", "SUBSCRIBE", "ch"), {
    message: "ERR SUBSCRIBE is a stream: ask for it over HTTP or a WebSocket, not by RPC",
  });
  await assert.rejects(rpc("command", 7), { message: "a command is its name, a string, and its arguments" });
  await assert.rejects(rpc("pipeline", "GET"), { message: "commands are given as an array of arrays" });
  assert.deepEqual(
    await rpc("pipeline", [
      ["SELECT", "1"],
      ["INCR", "n"],
      ["LPUSH", "n", "x"],
      ["GET", "n"],
    ]),
    [{ result: "OK" }, { result: 1 }, { error: "WRONGTYPE Operation against a key holding the wrong kind of value" }, { result: "1" }],
  );
  assert.deepEqual(
    await rpc("multi", [
      ["INCR", "m"],
      ["HGETALL", "h"],
      ["LPUSH", "m", "x"],
    ]),
    [
      { result: 1 },
      { result: JSON.parse('{"f":"1","__proto__":"2"}') },
      { error: "WRONGTYPE Operation against a key holding the wrong kind of value" },
    ],
  );
  await assert.rejects(rpc("multi", [["INCR", "m"], ["INCR"]]), {
    message: "EXECABORT Transaction discarded because of: ERR wrong number of arguments for 'incr' command",
  });
  await assert.rejects(rpc("multi", [["EXEC"]]), {
    message: "EXECABORT Transaction discarded because of: ERR Command not allowed inside a transaction",
  });
  assert.equal(await rpc("command", "GET", "m"), "1");
  // A call that waits keeps no other one waiting.
  const waiting = rpc("command", "BLPOP", "jobs", 5);
  assert.equal(await rpc("command", "BLPOP", "none", 0.05), null);
  await rpc("command", "RPUSH", "jobs", "work");
  assert.deepEqual(await waiting, ["jobs", "work"]);
});

test("objects are apart", async (t) => {
  const { at } = runtime(t);
  await at("one")("command", "SET", "k", "first");
  assert.equal(await at("two")("command", "GET", "k"), null);
  await at("two")("command", "SET", "k", "second");
  assert.equal(await at("one")("command", "GET", "k"), "first");
});

test("what was answered is there after the runtime was started anew, and after a crash of the object", async (t) => {
  const disk = folder(t);
  const first = runtime(t, { disk });
  const large = "x".repeat(3 << 20);
  await first.rpc("pipeline", [
    ["SET", "string", "v", "EX", "1000"],
    ["SET", "large", large],
    ["RPUSH", "list", ...Array.from({ length: 300 }, (_, i) => `item ${i}`)],
    ["HSET", "hash", "f", "1", "g", "2"],
    ["HPEXPIRE", "hash", "900000", "FIELDS", "1", "f"],
    ["SADD", "set", "a", "b", "c"],
    ["ZADD", "zset", "1.5", "a", "2", "b"],
    ["XADD", "stream", "1-1", "f", "v"],
    ["XGROUP", "CREATE", "stream", "g", "0"],
    ["XREADGROUP", "GROUP", "g", "c", "STREAMS", "stream", ">"],
    ["SELECT", "3"],
    ["SET", "third", "db"],
  ]);
  assert.ok((await first.rpc("rows")).every(({ longest }) => longest <= 1 << 20));
  const state = ({ rpc }) => contents(rpc);
  const expected = await state(first);
  assert.equal(Object.keys(expected).length, 8);
  assert.deepEqual(expected["0 large"], [createHash("sha1").update(large).digest("hex"), -1]);
  assert.equal(expected["0 stream"][2][0], 1);
  const life = await first.rpc("whichLife");
  await assert.rejects(first.rpc("crash"));
  assert.notEqual(await first.rpc("whichLife"), life);
  assert.deepEqual(await state(first), expected);
  await first.dispose();
  const second = runtime(t, { disk });
  assert.deepEqual(await state(second), expected);
});

test("the journal is replaced by a snapshot when it has outgrown it, and a crash in the middle loses nothing", async (t) => {
  const disk = folder(t);
  const { rpc } = runtime(t, { disk });
  const value = "x".repeat(1000);
  const journal = async () => (await rpc("rows")).reduce((sum, { n }) => sum + n, 0);
  for (let round = 0; round < 20; round++) {
    await rpc(
      "pipeline",
      Array.from({ length: 100 }, (_, i) => ["SET", `key ${i}`, `${round} ${value}`]),
    );
  }
  await until(async () => (await journal()) < 400);
  assert.equal(await rpc("command", "GET", "key 7"), `19 ${value}`);
  // Enough for many slices; the crash comes while they are written.
  for (let i = 0; i < 40; i++) await rpc("command", "SET", `big ${i}`, "y".repeat(200_000));
  const expected = await contents(rpc);
  await rpc("command", "BGREWRITEAOF");
  assert.match(await rpc("command", "INFO", "persistence"), /aof_rewrite_in_progress:1/);
  assert.equal(await rpc("command", "SET", "during", "1"), "OK");
  await assert.rejects(rpc("crash"));
  // Half a snapshot lies there until the object is opened.
  const named = JSON.parse((await rpc("parts"))[0].value);
  assert.equal((await rpc("rows")).filter(({ part }) => !named.includes(part)).length, 1);
  assert.equal(await rpc("command", "GET", "during"), "1");
  assert.deepEqual(
    (await rpc("rows")).filter(({ part }) => !named.includes(part)),
    [],
  );
  await rpc("command", "DEL", "during");
  assert.deepEqual(await contents(rpc), expected);
  await rpc("command", "BGREWRITEAOF");
  await rpc("command", "SET", "during", "2");
  await until(async () => /aof_rewrite_in_progress:0/.test(await rpc("command", "INFO", "persistence")));
  assert.equal((await rpc("parts"))[0].value.split(",").length, 2);
  await assert.rejects(rpc("crash"));
  assert.equal(await rpc("command", "GET", "during"), "2");
  await rpc("command", "DEL", "during");
  assert.deepEqual(await contents(rpc), expected);
});

test("a snapshot is an RDB file up to the first large value, and commands from there on", async (t) => {
  const { rpc } = runtime(t, { disk: folder(t) });
  /** The beginning of the snapshot, and whether there are commands in it. */
  const snapshot = async (...before) => {
    for (const command of before) await rpc("command", ...command);
    await rpc("command", "SAVE");
    const expected = await contents(rpc);
    const [base] = JSON.parse((await rpc("parts"))[0].value);
    const look = "SELECT instr(bytes, 'REDIS') = 1 AS rdb, instr(bytes, 'RPUSH') > 0 AS commands FROM wakey_journal WHERE part = ?";
    const rows = await rpc("query", look, base);
    await assert.rejects(rpc("crash"));
    assert.deepEqual(await contents(rpc), expected);
    return { rdb: rows[0].rdb === 1, commands: rows.some(({ commands }) => commands === 1) };
  };
  const small = Array.from({ length: 100 }, (_, i) => ["RPUSH", `list ${i}`, "one", "two"]);
  assert.deepEqual(await snapshot(...small, ["SELECT", "3"], ["HSET", "hash", "field", "value"]), { rdb: true, commands: false });
  const large = ["RPUSH", "large", ...Array.from({ length: 2000 }, (_, i) => `${i} ${"x".repeat(1000)}`)];
  assert.deepEqual(await snapshot(large), { rdb: true, commands: true });
  assert.deepEqual(await snapshot(["CONFIG", "SET", "aof-use-rdb-preamble", "no"]), { rdb: false, commands: true });
});

test("a damaged journal is refused with the place, and nothing is written over it", async (t) => {
  const { rpc } = runtime(t);
  await rpc("command", "SET", "k", "v");
  await rpc("command", "SET", "other", "v");
  await rpc("query", "UPDATE wakey_journal SET bytes = CAST('*3' || char(13, 10) || '$3' || char(13, 10) || 'BAD' AS BLOB) WHERE n = 1");
  await assert.rejects(rpc("crash"));
  const before = await rpc("query", "SELECT hex(bytes) AS bytes FROM wakey_journal");
  for (let i = 0; i < 2; i++) await assert.rejects(rpc("command", "GET", "k"), /part 0 of the object's journal: damaged/);
  assert.deepEqual(await rpc("query", "SELECT hex(bytes) AS bytes FROM wakey_journal"), before);
  await rpc("query", "DELETE FROM wakey_journal WHERE n = 0");
  await assert.rejects(rpc("command", "GET", "k"), /row 0 is missing/);
});

test("a journal with flipped bits: an error, or data, and the object is the same once they are back", async (t) => {
  const { rpc, at } = runtime(t);
  await at("other")("command", "SET", "secret", "of another tenant");
  for (let i = 0; i < 20; i++)
    await rpc("pipeline", [
      ["SET", `key ${i}`, String(i)],
      ["HSET", "h", `f${i}`, "v"],
      ["XADD", "s", "*", "f", "v"],
      ["ZADD", "z", String(i), "m"],
    ]);
  const expected = await contents(rpc);
  const rows = await rpc("query", "SELECT part, n, hex(bytes) AS hex FROM wakey_journal");
  const write = ({ part, n }, hex) => rpc("query", "UPDATE wakey_journal SET bytes = unhex(?) WHERE part = ? AND n = ?", hex, part, n);
  let seed = 11;
  const random = (n) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % n;
  };
  let damaged = 0;
  for (let round = 0; round < 60; round++) {
    const row = rows[random(rows.length)];
    const bytes = Buffer.from(row.hex, "hex");
    bytes[random(bytes.length)] ^= 1 << random(8);
    await write(row, bytes.toString("hex"));
    await assert.rejects(rpc("crash"));
    try {
      assert.ok(["0", null].includes(await rpc("command", "GET", "key 0")) || row.n === 0);
      assert.equal(await rpc("command", "GET", "secret"), null);
    } catch (error) {
      assert.match(error.message, /^StoreError: part 0 of the object's journal: damaged/);
      damaged++;
    }
    await write(row, row.hex);
  }
  assert.ok(damaged > 20, String(damaged));
  await assert.rejects(rpc("crash"));
  assert.deepEqual(await contents(rpc), expected);
});

test("alarms: keys, fields and waits end at their time, also while the object was gone", async (t) => {
  const disk = folder(t);
  const { rpc, ask, miniflare, dispose } = runtime(t, { disk });
  assert.equal(await rpc("nextAlarm"), null);
  const soon = Date.now();
  await rpc("command", "SET", "k", "v", "PX", 100_000);
  const first = await rpc("nextAlarm");
  assert.ok(first >= soon + 100_000 && first <= Date.now() + 100_000);
  // An earlier deadline moves it; a later one does not.
  await rpc("command", "HSET", "h", "f", "1", "g", "2");
  await rpc("command", "HPEXPIRE", "h", 400, "FIELDS", 1, "f");
  const second = await rpc("nextAlarm");
  assert.ok(second < first);
  await rpc("command", "SET", "later", "v", "PX", 200_000);
  assert.equal(await rpc("nextAlarm"), second);
  // Told by keyspace events: nobody reads the keys.
  const socket = await dial(miniflare);
  socket.send(resp("SUBSCRIBE", "__keyevent@0__:expired"));
  await socket.hears("*3\r\n$9\r\nsubscribe\r\n$22\r\n__keyevent@0__:expired\r\n:1\r\n");
  await rpc("command", "SET", "brief", "v", "PX", 150);
  await socket.hears("*3\r\n$7\r\nmessage\r\n$22\r\n__keyevent@0__:expired\r\n$5\r\nbrief\r\n");
  await until(async () => (await rpc("nextAlarm")) === first);
  assert.deepEqual(await rpc("command", "HGETALL", "h"), { g: "2" });
  assert.deepEqual(await ask("/blpop/none/0.1"), [200, { result: null }]);
  const waiting = await dial(miniflare);
  waiting.send(resp("BLPOP", "none", "0.1") + resp("PING"));
  await waiting.hears("*-1\r\n+PONG\r\n");
  // Gone when the time comes: the alarm is the storage's, and its key is deleted there.
  await rpc("command", "SET", "gone", "v", "PX", 500);
  await assert.rejects(rpc("crash"));
  await until(
    async () =>
      (await rpc("query", "SELECT 1 FROM wakey_journal WHERE instr(bytes, CAST('DEL' AS BLOB)) AND instr(bytes, CAST('gone' AS BLOB))"))
        .length > 0,
  );
  assert.equal(await rpc("nextAlarm"), first);
  await rpc("command", "PERSIST", "k");
  await rpc("command", "SET", "k", "v", "PX", 300);
  const deadline = Date.now() + 300;
  await dispose();
  // Nobody runs as the time comes, which is the machine's.
  await until(() => Date.now() > deadline);
  const restarted = runtime(t, { disk });
  assert.equal(await restarted.rpc("command", "EXISTS", "k"), 0);
  assert.equal(await restarted.rpc("command", "EXISTS", "later"), 1);
});

test("storage that refuses: writes answer MISCONF, reads go on, and what was answered is there", async (t) => {
  const { rpc } = runtime(t);
  const answered = new Map();
  const value = "x".repeat(20_000);
  await rpc("command", "PING");
  // The database itself refuses: the nth change of a table from now on, and all behind it.
  await rpc("query", "CREATE TABLE faults (n INTEGER)");
  for (const [event, table] of [
    ["INSERT", "wakey_journal"],
    ["DELETE", "wakey_journal"],
    ["INSERT", "wakey_meta"],
  ]) {
    await rpc(
      "query",
      `CREATE TRIGGER fail_${event}_${table} BEFORE ${event} ON ${table} WHEN (SELECT count(*) FROM faults) BEGIN
         UPDATE faults SET n = n - 1;
         SELECT RAISE(ABORT, 'database or disk is full') WHERE (SELECT n FROM faults) <= 0;
       END`,
    );
  }
  const heal = () => rpc("query", "DELETE FROM faults");
  const failAt = async (n) => {
    await heal();
    await rpc("query", "INSERT INTO faults VALUES (?)", n);
  };
  const write = async (key, text) => {
    try {
      await rpc("command", "SET", key, text);
      answered.set(key, text);
      return true;
    } catch (error) {
      assert.match(error.message, /^MISCONF /);
      return false;
    }
  };
  const check = async () => {
    const keys = [...answered.keys()];
    assert.deepEqual(await rpc("command", "MGET", ...keys), [...answered.values()]);
  };
  await write("first", "v");
  let refused = 0;
  // A fault at each change in turn, those of snapshots included: the journal is rewritten every few writes.
  for (let n = 1; n <= 24; n++) {
    await failAt(n);
    for (let i = 0; i < 12; i++) if (!(await write(`key ${i % 3}`, `${n} ${i} ${value}`))) refused++;
    assert.equal(await rpc("command", "GET", "first"), "v");
    if (n % 2 === 0) {
      await heal();
      await until(() => write("healed", String(n)));
      for (let i = 0; i < 3; i++) await write(`key ${i}`, `${n} again`);
    } else {
      // What was refused may be there or not; it is written anew.
      await heal();
      await assert.rejects(rpc("crash"));
      const kept = await rpc("command", "MGET", "first", "healed");
      assert.deepEqual(kept, ["v", answered.get("healed") ?? null]);
      for (let i = 0; i < 3; i++) assert.equal(await write(`key ${i}`, `${n} again`), true);
    }
    await check();
  }
  assert.ok(refused > 20, String(refused));
  await assert.rejects(rpc("crash"));
  await check();
});

test("a fault at each call of the storage in turn, opening included: what was answered is there, and it catches up", async (t) => {
  const { at } = runtime(t);
  const rpc = at("one", "FAULTY");
  const answered = new Map();
  const attempt = async (...command) => {
    try {
      await rpc("command", ...command);
      return true;
    } catch (error) {
      assert.match(error.message, /MISCONF |injected: disk I\/O error/);
      return false;
    }
  };
  let faults = 0;
  let refused = 0;
  for (let n = 1, met = true; met; n++) {
    await rpc("failAt", n);
    const work = async () => {
      for (const key of ["a", "b", "a"]) {
        const value = `${n} ${"x".repeat(n % 3 ? 10 : (1 << 20) + 10)}`;
        if (await attempt("SET", key, value)) answered.set(key, value);
        // What was refused is there, or not: it is written anew.
        else answered.delete(key);
      }
      await attempt("BGREWRITEAOF");
      await until(async () => /aof_rewrite_in_progress:0/.test(await rpc("command", "INFO", "persistence").catch(() => "")));
    };
    await work();
    // As it is opened again, with the fault where it has not been yet.
    await assert.rejects(rpc("crash"));
    if (!(await attempt("GET", "a"))) refused++;
    await work();
    met = await rpc("failAt", 0);
    if (met) faults++;
    await until(() => attempt("SET", "healed", String(n)));
    await assert.rejects(rpc("crash"));
    assert.equal(await rpc("command", "GET", "healed"), String(n));
    for (const [key, value] of answered) assert.ok((await rpc("command", "GET", key)) === value, `call ${n}: ${key}`);
  }
  assert.ok(faults > 20 && refused > 2, `${faults} faults, ${refused} while it was opened`);
});

test("memory: writes answer OOM, reads and deletions go on, also after the object was gone", async (t) => {
  const { at } = runtime(t);
  const rpc = at("one", "SMALL");
  const value = "x".repeat(100_000);
  const oom = { message: "OOM command not allowed when used memory > 'maxmemory'." };
  await assert.rejects(async () => {
    for (let i = 0; i < 100; i++) await rpc("command", "SET", `k${i}`, value);
  }, oom);
  assert.equal(await rpc("command", "GET", "k0"), value);
  const keys = await rpc("command", "DBSIZE");
  assert.ok(keys > 20 && keys < 50, String(keys));
  const held = await rpc("command", "SHUTDOWN").catch(() => undefined);
  assert.equal(held ?? undefined, undefined);
  assert.equal(await rpc("command", "DBSIZE"), keys);
  await assert.rejects(async () => {
    for (let i = 0; i < 3; i++) await rpc("command", "SET", `more${i}`, value);
  }, oom);
  await rpc("command", "DEL", "k0", "k1", "k2");
  assert.equal(await rpc("command", "SET", "more", value), "OK");
  await assert.rejects(at("one", "WRONG")("command", "GET", "k"), /maxmemory must be from 1 to 100663296/);
});

test("HTTP is Upstash's REST interface: tokens, status, forms, streams", async (t) => {
  const { ask, send, miniflare } = runtime(t);
  assert.deepEqual(await ask("/set/k/v/EX/100"), [200, { result: "OK" }]);
  assert.deepEqual(await send("/", ["GET", "k"]), [200, { result: "v" }]);
  assert.deepEqual(await ask("/set/body", { method: "POST", body: "as it is" }), [200, { result: "OK" }]);
  assert.deepEqual(await ask("/get/body?_token=secret", { headers: {} }), [200, { result: "as it is" }]);
  assert.deepEqual(
    await send("/pipeline", [
      ["INCR", "n"],
      ["LPUSH", "n", "x"],
    ]),
    [200, [{ result: 1 }, { error: "WRONGTYPE Operation against a key holding the wrong kind of value" }]],
  );
  assert.deepEqual(
    await send("/multi-exec", [
      ["INCR", "n"],
      ["GET", "n"],
    ]),
    [200, [{ result: 2 }, { result: "2" }]],
  );
  assert.deepEqual(await send("/", ["GET", "k"], { authorization: FULL, "upstash-encoding": "base64" }), [200, { result: "dg==" }]);
  assert.deepEqual(await send("/", ["NOPE"]), [400, { error: "ERR unknown command 'NOPE'" }]);
  assert.equal((await ask("/", { method: "DELETE" }))[0], 405);
  for (const headers of [
    {},
    { authorization: "Bearer wrong" },
    { authorization: "Bearer secre" },
    { authorization: "Basic secret" },
    { authorization: "Bearer " },
  ])
    assert.deepEqual(await ask("/get/k", { headers }), [401, { error: "Unauthorized" }]);
  assert.deepEqual(await ask("/get/k", { headers: { authorization: READING } }), [200, { result: "v" }]);
  assert.deepEqual(await ask("/set/k/w", { headers: { authorization: READING } }), [
    400,
    { error: "NOPERM this user has no permissions to run the 'set' command or its subcommand" },
  ]);
  const preflight = await miniflare.dispatchFetch("http://localhost/", { method: "OPTIONS", headers: { origin: "https://page.example" } });
  assert.equal(preflight.headers.get("access-control-allow-origin"), "https://page.example");
  const other = await miniflare.dispatchFetch("http://localhost/", { method: "OPTIONS", headers: { origin: "https://other.example" } });
  assert.equal(other.headers.get("access-control-allow-origin"), null);
  const stream = await miniflare.dispatchFetch("http://localhost/subscribe/chat?_token=secret");
  assert.equal(stream.headers.get("content-type"), "text/event-stream");
  const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, "data: subscribe,chat,1\n\n");
  assert.deepEqual(await ask("/publish/chat/hello"), [200, { result: 1 }]);
  assert.equal((await reader.read()).value, "data: message,chat,hello\n\n");
  await reader.cancel();
});

test("without a token every request is refused, and no object is opened for a wrong one", async (t) => {
  const { ask, rpc, miniflare } = runtime(t, { bindings: {} });
  for (const headers of [{}, { authorization: "Bearer " }, { authorization: "Bearer undefined" }])
    assert.deepEqual(await ask("/get/k", { headers }), [401, { error: "Unauthorized" }]);
  assert.deepEqual(await ask("/get/k?_token=", { headers: {} }), [401, { error: "Unauthorized" }]);
  assert.deepEqual(await dial(miniflare), { status: 401, error: "Unauthorized" });
  assert.deepEqual(await rpc("query", "SELECT name FROM sqlite_master WHERE name LIKE 'wakey%'"), []);
  assert.equal(await rpc("command", "SET", "k", "v"), "OK");
});

test("garbage and oversize requests are refused, and the object goes on", async (t) => {
  const { ask, send, rpc } = runtime(t);
  const headers = { authorization: FULL };
  await rpc("command", "SET", "k", "v");
  for (const body of ["", "{", "null", "[]", "[[]]", "{}", '["GET"', "\u0000", '[["GET","k"]]', "x".repeat(100_000)]) {
    for (const path of ["/", "/pipeline", "/multi-exec"]) {
      if (path !== "/" && body === '[["GET","k"]]') continue;
      const [status, { error }] = await ask(path, { method: "POST", body, headers });
      assert.equal(status, 400, `${path} ${body.slice(0, 20)}`);
      assert.match(error, /^ERR /);
    }
  }
  assert.equal((await ask("/%ff%00%fe"))[0], 400);
  assert.equal((await ask(`/${"a/".repeat(3000)}`))[0], 400);
  const [status, { error }] = await ask("/set/k", { method: "POST", body: Buffer.alloc(11 << 20), headers });
  assert.equal(status, 413);
  assert.match(error, /^ERR max request size exceeded. Limit: 10485760 bytes, Actual: \d+ bytes$/);
  assert.equal((await send("/pipeline", Array(1000).fill(["PING"])))[1].length, 1000);
  assert.equal(await rpc("command", "GET", "k"), "v");
  assert.equal(await rpc("command", "DBSIZE"), 1);
});

test("what a client waits for is nobody's when it has left, over one object and over several; a wait has an end", async (t) => {
  for (const [flags, most] of [
    [[], 0],
    [["enable_request_signal"], 2],
  ]) {
    const { miniflare, ask, send } = runtime(t, { flags });
    const { port } = await miniflare.ready;
    for (const shards of [0, 2].filter((n) => n <= most)) {
      const headers = { authorization: FULL, "x-object": `left${shards}`, "x-shards": String(shards) };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const blocked = async () => /^blocked_clients:(\d+)/m.exec((await send("/", ["INFO", "clients"], headers))[1].result)[1];
      const sockets = [
        ["/", '["BLPOP","jobs",0]'],
        ["/pipeline", '[["PING"],["BLPOP","jobs",0]]'],
      ].flatMap(([path, body]) =>
        // Plainly, as the process of a client ends; and with a reset.
        ["destroy", "resetAndDestroy"].map((leave) => {
          const socket = createConnection(Number(port), "127.0.0.1").on("error", () => {});
          socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\n${lines.join("")}content-length: ${body.length}\r\n\r\n${body}`);
          return [socket, leave];
        }),
      );
      await until(async () => (await blocked()) === "4");
      for (const [socket, leave] of sockets) socket[leave]();
      await until(async () => (await blocked()) === "0", 10_000);
      await send("/", ["RPUSH", "jobs", "work"], headers);
      assert.deepEqual(await ask("/llen/jobs", { headers }), [200, { result: 1 }]);
      await send("/", ["DEL", "jobs"], headers);
      // Who stays longer than a beat gets it, behind some white space; an error, too.
      await send("/", ["XGROUP", "CREATE", "s", "g", "$", "MKSTREAM"], headers);
      const asked = ["/blpop/jobs/0", "/xreadgroup/GROUP/g/c/BLOCK/0/STREAMS/s/%3E"].map((path) =>
        // Compressed it would come with the end.
        miniflare.dispatchFetch(`http://localhost${path}`, { headers: { ...headers, "accept-encoding": "identity" } }),
      );
      const readers = (await Promise.all(asked)).map((response) => response.body.pipeThrough(new TextDecoderStream()).getReader());
      assert.deepEqual(await Promise.all(readers.map((one) => one.read())), Array(2).fill({ done: false, value: " " }));
      const commands = [
        ["RPUSH", "jobs", "late"],
        ["DEL", "s"],
      ];
      await send("/pipeline", commands, headers);
      const answers = readers.map(async (one) => {
        let text = "";
        for (let part = await one.read(); !part.done; part = await one.read()) text += part.value;
        return JSON.parse(text);
      });
      assert.deepEqual(await Promise.all(answers), [
        { result: ["jobs", "late"] },
        { error: "NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option" },
      ]);
    }
  }
  const { ask } = runtime(t);
  const small = { authorization: FULL, "x-class": "SMALL" };
  assert.deepEqual(await ask("/blpop/none/0", { headers: small }), [200, { result: null }]);
  assert.deepEqual(await ask("/blmove/none/other/LEFT/LEFT/0", { headers: small }), [200, { result: null }]);
});

test("examples/worker: as its configuration says, with the real @upstash/redis", async (t) => {
  const { Redis } = await import("@upstash/redis");
  const example = join(root, "examples/worker");
  const config = JSON.parse(readFileSync(join(example, "wrangler.jsonc"), "utf8").replace(/^ *\/\/.*$/gm, ""));
  const [{ new_sqlite_classes: classes }] = config.migrations;
  const miniflare = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: await worker(join(example, config.main)) },
      { type: "CompiledWasm", path: "core.wasm", contents: readFileSync(join(dist, "core.wasm")) },
    ],
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: config.compatibility_flags,
    bindings: { WAKEY_TOKEN: "secret" },
    durableObjects: Object.fromEntries(
      config.durable_objects.bindings.map((one) => [one.name, { className: one.class_name, useSQLite: classes.includes(one.class_name) }]),
    ),
  });
  t.after(() => miniflare.dispose());
  const url = (await miniflare.ready).href;
  const redis = new Redis({ url, token: "secret" });
  assert.equal(await redis.set("greeting", "hello"), "OK");
  assert.deepEqual(await Promise.all([redis.get("greeting"), redis.incr("n"), redis.hset("h", { f: 1 })]), ["hello", 1, 1]);
  assert.deepEqual(await redis.multi().incr("n").get("n").exec(), [2, 2]);
  await assert.rejects(new Redis({ url, token: "wrong", retry: false }).get("greeting"), /Unauthorized/);
});

test("scripts in an object: by RPC, HTTP and WebSocket; functions outlive it", async (t) => {
  const disk = folder(t);
  const library = "#!lua name=l\nredis.register_function('add', function(k, a) return redis.call('incrby', k[1], a[1]) end)";
  const first = runtime(t, { disk });
  assert.equal(await first.rpc("command", "EVAL", "return redis.call('incrby', KEYS[1], ARGV[1])", 1, "n", 5), 5);
  const sha = await first.rpc("command", "SCRIPT", "LOAD", "return redis.call('get', KEYS[1])");
  assert.equal(await first.rpc("command", "EVALSHA", sha, 1, "n"), "5");
  assert.equal(await first.rpc("command", "FUNCTION", "LOAD", library), "l");
  assert.equal(await first.rpc("command", "FCALL", "add", 1, "n", 1), 6);
  await assert.rejects(first.rpc("command", "EVAL", "return redis.call('nope')", 0), {
    message: /^ERR Unknown Redis command called from script/,
  });
  assert.deepEqual(await first.send("/", ["EVAL_RO", "return redis.call('get', KEYS[1])", 1, "n"], { authorization: READING }), [
    200,
    { result: "6" },
  ]);
  assert.equal((await first.send("/", ["EVAL", "return 1", 0], { authorization: READING }))[0], 400);
  assert.deepEqual(
    await first.rpc("multi", [
      ["SET", "m", "1"],
      ["EVALSHA", sha, 1, "m"],
    ]),
    [{ result: "OK" }, { result: "1" }],
  );
  const socket = await dial(first.miniflare);
  socket.send(resp("EVALSHA", sha, "1", "n") + resp("FCALL", "add", "1", "n", "1"));
  await socket.hears("$1\r\n6\r\n:7\r\n");
  await first.dispose();
  const second = runtime(t, { disk });
  assert.equal(await second.rpc("command", "GET", "n"), "7");
  assert.equal(await second.rpc("command", "FCALL", "add", 1, "n", 1), 8);
  await assert.rejects(second.rpc("command", "EVALSHA", sha, 1, "n"), { message: "NOSCRIPT No matching script. Please use EVAL." });
});

test("an endless script ends, where no clock goes on while it runs", async (t) => {
  const { miniflare, at, rpc } = runtime(t);
  const killed = /^ERR Script killed by user with SCRIPT KILL/;
  await assert.rejects(at("one", "SMALL")("command", "EVAL", "while true do end", 0), { message: killed });
  // Over a WebSocket it is paused, and others are told so.
  await rpc("command", "CONFIG", "SET", "busy-reply-threshold", "20");
  const [one, other] = [await dial(miniflare), await dial(miniflare)];
  one.send(resp("EVAL", "while true do end", "0"));
  await until(async () => (await rpc("command", "GET", "k").catch((error) => error.message))?.startsWith("BUSY"));
  other.send(resp("SCRIPT", "KILL"));
  await other.hears("+OK\r\n");
  await until(() => killed.test(one.said().slice(1)));
  assert.equal(await rpc("command", "GET", "k"), null);
  const busy = await dial(miniflare);
  busy.send(resp("EVAL", "for i = 1, 10000000 do end return redis.call('incr', KEYS[1])", "1", "n"));
  await busy.hears(":1\r\n");
});
