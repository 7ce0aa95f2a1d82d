/** The client as programs use it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import vm from "node:vm";
import { Client, ClosedError, manualClock, open, ReplyError, TrapError, ValueError } from "wakey";
import { open as slim } from "wakey/slim";
import { dist, root } from "./support.mjs";

test("a value that was set is there at once, and await does no harm", async () => {
  const db = await open();
  assert.equal(db.set("k", "v"), "OK");
  assert.equal(db.get("k"), "v");
  assert.equal(await db.get("k"), "v");
  assert.equal(db.get("missing"), null);
});

test("every command of the table is a method", async () => {
  const db = await open();
  const names = (db) => db.command("LIST").filter((name) => !name.includes("|"));
  const [, promised] = /: (\d+) of its \d+ commands are here/.exec(readFileSync(join(root, "COMPAT.md"), "utf8"));
  assert.equal(names(await open({ compat: "8.6" })).length, Number(promised));
  for (const name of names(db)) assert.equal(typeof db[name.toLowerCase()], "function", name);
});

test("objects, Maps and arrays are laid out for commands that take pairs", async () => {
  const db = await open();
  assert.equal(db.mset({ a: 1, b: 2n, "": "empty" }), "OK");
  assert.deepEqual(db.mget("a", ["b", ""]), ["1", "2", "empty"]);
  assert.equal(db.hset("h", { f: 1, g: "two" }), 2);
  assert.equal(db.hset("h", new Map([["i", 3]])), 1);
  assert.deepEqual({ ...db.hgetall("h") }, { f: "1", g: "two", i: "3" });
  assert.equal(db.call("HSET", "h", { j: 4 }), 1);
  assert.equal(db.config("SET", { "hash-max-listpack-entries": 10 }), "OK");
});

test("tokens and options go in as they are written in the manual", async () => {
  const db = await open({ clock: manualClock(1000) });
  assert.equal(db.set("k", "v", "PX", 500, "NX"), "OK");
  assert.equal(db.set("k", "w", "nx"), null);
  assert.equal(db.pttl("k"), 500);
  assert.equal(db.object("ENCODING", "k"), "embstr");
  assert.deepEqual({ ...db.config("GET", "maxmemory") }, { maxmemory: "0" });
});

test("bytes come back as they went in, from the same session", async () => {
  const db = await open();
  const value = Uint8Array.from({ length: 256 }, (_, i) => i);
  db.set(value.buffer, value);
  assert.deepEqual(db.bytes.get(value), value);
  assert.equal(db.bytes, db.bytes);
  assert.equal(db.bytes.bytes, db.bytes);
  db.select(2);
  assert.equal(db.bytes.exists(value), 0);
  db.hset("h", value, "x");
  const [[field]] = db.bytes.hgetall("h");
  assert.deepEqual(field, value);
});

test("values that are no string, number, bigint or bytes are refused before anything changes", async () => {
  const db = await open();
  for (const bad of [undefined, null, true, NaN, {}, () => 1, Symbol("s"), new Date(), [[["x"]]]]) {
    assert.throws(() => db.set("k", bad), ValueError);
    assert.throws(() => db.mset("a", 1, "b", bad), { name: "ValueError", code: "ERR" });
    assert.throws(() => db.call("SET", "k", bad), TypeError);
  }
  assert.throws(() => db.set("k", undefined), /ERR value is not a valid string: argument 2 of SET is undefined/);
  assert.equal(db.dbsize(), 0);
  const dice = await open({ dialect: "dicedb" });
  assert.throws(() => dice.mset("a", "1", "b", null), /^ValueError: ERROR value is not a valid string/);
  assert.throws(() => dice.mset("a"), { code: "ERROR" });
  assert.equal(dice.dbsize(), 0);
});

test("a getter that calls the database while its arguments are laid out breaks nothing", async () => {
  const db = await open();
  const tricky = {
    get a() {
      db.set("other", "x".repeat(100000));
      return 1;
    },
    b: 2,
  };
  assert.equal(db.hset("h", tricky), 2);
  assert.deepEqual({ ...db.hgetall("h") }, { a: "1", b: "2" });
});

test("error replies are thrown with Redis's text and code", async () => {
  const db = await open();
  db.set("k", "v");
  assert.throws(
    () => db.hget("k", "f"),
    (error) => error instanceof ReplyError && error.code === "WRONGTYPE",
  );
  assert.throws(() => db.incr("k"), { message: "ERR value is not an integer or out of range" });
  assert.throws(() => db.call("nosuch", "x"), /^ReplyError: ERR unknown command 'nosuch', with args beginning with: 'x' $/);
});

test("integers beyond 2^53 are bigints", async () => {
  const db = await open();
  db.set("n", 9007199254740993n);
  assert.equal(db.incr("n"), 9007199254740994n);
  assert.equal(db.decrby("n", 10n), 9007199254740984);
});

test("large values pass, and memory that grows under a call is found again", async () => {
  const db = await open();
  for (const size of [100, 5000, 70_000, 3_000_000, 20_000_000]) {
    const value = "é".repeat(size / 2);
    db.set("k", value);
    assert.equal(db.get("k") === value, true);
    assert.equal(db.strlen("k"), size);
  }
  for (let i = 0; i < 200_000; i++) db.set(`key:${i}`, `value:${i}`);
  for (let i = 0; i < 200_000; i += 999) assert.equal(db.get(`key:${i}`), `value:${i}`);
});

test("a request that is too large is an error, and the engine lives on", async () => {
  const db = await open();
  db.config("SET", "client-query-buffer-limit", "1mb");
  db.set("k", "v");
  assert.throws(() => db.set("k", "x".repeat(2 ** 21)), RangeError);
  assert.throws(() => db.set("k", new Uint8Array(2 ** 21)), /client-query-buffer-limit/);
  assert.equal(db.get("k"), "v");
  db.config("SET", "client-query-buffer-limit", "1gb", "proto-max-bulk-len", "1mb");
  assert.throws(() => db.set("k", "x".repeat(2 ** 21)), { code: "ERR", message: /proto-max-bulk-len/ });
  assert.equal(db.get("k"), "v");
  db.config("SET", "proto-max-bulk-len", "512mb");
  const long = "\u00e9".repeat(20_000_000);
  assert.equal(db.set("k", long), "OK");
  assert.equal(db.strlen("k"), 40_000_000);
});

test("where memory ends, commands that need it answer OOM, and the engine lives on", async () => {
  const db = await open();
  db.set("k", "v");
  const { memory } = db._engine;
  // All but 64 MB of what wasm32 can address is taken away; pages that nobody touches cost nothing.
  memory.grow((2 ** 32 - 2 ** 26 - memory.buffer.byteLength) / 65536);
  db._engine.remap();
  assert.throws(() => db.set("k", new Uint8Array(100_000_000)), RangeError);
  assert.throws(() => db.set("k", new Uint8Array(40_000_000)), { code: "OOM" });
  // A command that keeps a large value asks for twice its bytes in one piece.
  assert.equal(db.set("large", new Uint8Array(10_000_000)), "OK");
  assert.throws(() => [..."abcdefgh"].map((name) => db.copy("large", name)), { code: "OOM" });
  assert.throws(() => db.setrange("k", 100_000_000, "x"), { code: "OOM" });
  assert.throws(() => db.mget(Array(8).fill("large")), { code: "OOM" });
  db.set("middling", "x".repeat(500_000));
  assert.throws(() => db.mget(Array(200).fill("middling")), { code: "OOM" });
  assert.equal(db.get("k"), "v");
  assert.equal(db.strlen("large"), 10_000_000);
});

test("sessions have their own database and name, and end alone", async () => {
  const db = await open();
  const other = db.session({ name: "worker" });
  assert.ok(other instanceof Client);
  assert.equal(other.client("GETNAME"), "worker");
  other.select(1);
  other.set("k", 1);
  assert.equal(db.get("k"), null);
  assert.notEqual(other.client("ID"), db.client("ID"));
  other.close();
  other.close();
  assert.throws(() => other.get("k"), { name: "ClosedError", message: "this session is closed" });
  assert.equal(other.closed, true);
  assert.equal(db.closed, false);
});

test("a session that is killed or quits takes no more calls", async () => {
  const db = await open();
  const other = db.session();
  assert.equal(db.client("KILL", "ID", other.client("ID")), 1);
  assert.throws(() => other.get("k"), ClosedError);
  const third = db.session();
  assert.equal(third.quit(), "OK");
  assert.throws(() => third.get("k"), ClosedError);
});

test("RESET brings a session back to how it was opened, RESP3 included", async () => {
  const db = await open();
  db.select(3);
  assert.equal(db.reset(), "RESET");
  assert.equal(Array.isArray(db.config("GET", "maxmemory")), false);
  assert.match(db.client("INFO"), /db=0/);
});

test("after close every call says so", async () => {
  const db = await open();
  const other = db.session();
  const { bytes } = db;
  db.set("k", "v");
  db.close();
  db.close();
  for (const call of [
    () => db.get("k"),
    () => db.get("é"),
    () => db.call("GET", "k"),
    () => bytes.get("k"),
    () => other.get("k"),
    () => db.session(),
    () => db.tick(),
    () => db.nextDeadline(),
    () => db.stats(),
  ]) {
    assert.throws(call, { name: "ClosedError", message: "this database is closed" });
  }
  assert.equal(db.closed, true);
});

test("using gives the memory back", async () => {
  const db = await open();
  db[Symbol.dispose]();
  assert.throws(() => db.ping(), ClosedError);
});

test("after a trap the engine is dead and says why, and other engines live on", async () => {
  const db = await open();
  const other = await open();
  db.set("k", "v");
  db._engine.core.exec = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  assert.throws(
    () => db.get("k"),
    (error) =>
      error instanceof TrapError &&
      /the engine stopped and its data is lost \(out of memory, or a broken invariant\)/.test(error.message) &&
      error.cause instanceof WebAssembly.RuntimeError,
  );
  assert.throws(() => db.set("k", "w"), TrapError);
  assert.throws(() => db.tick(), TrapError);
  db.close();
  assert.equal(other.ping(), "PONG");
});

test("engines share nothing", async () => {
  const [a, b] = await Promise.all([open({ seed: 1 }), open({ seed: 1 })]);
  a.set("k", "a");
  assert.equal(b.get("k"), null);
});

test("options are checked, and unknown ones refused", async () => {
  const wrong = [
    [{ clok: 1 }, /unknown option 'clok'/],
    [{ clock: 5 }, /clock must be/],
    [{ seed: 1.5 }, /seed must be/],
    [{ dialect: "mysql" }, /dialect must be one of redis, valkey, dicedb, dragonfly/],
    [{ compat: "7.2" }, /compat must be one of "8\.0", /],
    [{ databases: 0 }, /databases must be/],
    [{ maxmemory: -1 }, /maxmemory must be/],
    ...[-1, 1.5, Number.NaN, "1gb", 2 ** 32 + 1].map((reserve) => [{ reserve }, /reserve must be an integer from 0 to 4294967296$/]),
    [{ maxmemoryPolicy: "lru" }, /maxmemoryPolicy must be one of noeviction, allkeys-lru/],
    [{ requirepass: 5 }, /requirepass must be/],
    [{ wasm: 5 }, /wasm must be/],
    [null, /must be an object/],
  ];
  for (const [options, text] of wrong)
    await assert.rejects(open(options), (error) => error instanceof TypeError && text.test(error.message));
  const db = await open({ databases: 2, maxmemory: 1 << 20, requirepass: "pw", seed: 7n });
  assert.equal(db.select(1), "OK");
  assert.throws(() => db.select(2), /DB index is out of range/);
  assert.deepEqual({ ...db.config("GET", "maxmemory") }, { maxmemory: "1048576" });
});

test("the same seed, times and commands give the same answers", async () => {
  const run = async () => {
    const db = await open({ seed: 99, clock: manualClock(5) });
    for (let i = 0; i < 300; i++) db.set(`k${i}`, i);
    return [db.randomkey(), db.randomkey(), db.scan(0, "COUNT", 5)];
  };
  assert.deepEqual(await run(), await run());
});

test("a module can be brought along: bytes, a Module, a Response, a promise", async () => {
  const bytes = readFileSync(join(dist, "core.wasm"));
  const module = await WebAssembly.compile(bytes);
  const response = new Response(bytes, { headers: { "content-type": "application/wasm" } });
  for (const wasm of [bytes, new Uint8Array(bytes).buffer, module, Promise.resolve(module), response, new Response(bytes)]) {
    const db = await slim({ wasm });
    assert.equal(db.ping(), "PONG");
    db.close();
  }
  await assert.rejects(slim(), /needs the option wasm/);
  await assert.rejects(slim({ wasm: new Response("", { status: 404 }) }), /404/);
});

test("what CommonJS and ESM make goes together", async (t) => {
  const require = createRequire(import.meta.url);
  const other = require("wakey");
  assert.equal(require("wakey/slim").ReplyError, other.ReplyError);
  for (const name of ["ReplyError", "ValueError", "ClosedError", "TrapError", "StoreError"]) {
    const { [name]: here } = await import("wakey");
    const { [name]: there } = other;
    assert.ok(new here("ERR x", "") instanceof there && new there("ERR x", "") instanceof here, name);
    assert.ok(!(new Error("x") instanceof here) && !(Object.create(null) instanceof here));
    class Own extends here {}
    assert.ok(!(new there("ERR x", "") instanceof Own) && new Own("ERR x", "") instanceof there, name);
  }
  const clock = manualClock(0);
  const db = await other.open({ clock });
  const { serve } = await import("wakey/server");
  const { requester } = await import("wakey/upstash");
  const server = await serve({ db, port: 0 });
  t.after(() => server.close());
  assert.throws(() => db.call("NONE"), ReplyError);
  assert.match((await requester(db).request({ body: ["NONE"] })).error, /unknown command/);
  db.set("k", "v", "PX", 5);
  clock.advance(5);
  assert.equal(db.get("k"), null);
});

test("values of another realm are what they are", async () => {
  const db = await open();
  const other = vm.createContext({});
  const of = (code) => vm.runInContext(code, other);
  assert.equal(db.hset("h", of('new Map([["a", "1"], ["b", 2]])')), 2);
  assert.equal(
    db.hset("h", of("({ c: new Uint8Array([0x33]), d: new Uint8Array([0x34]).buffer, e: new DataView(new Uint8Array([0x35]).buffer) })")),
    3,
  );
  assert.equal(db.hset("h", of("Object.assign(Object.create(null), { f: 6 })")), 1);
  assert.equal(db.hset("h", of('[["g", "7"], ["h", new SharedArrayBuffer(0)]]')), 2);
  assert.deepEqual({ ...db.hgetall("h") }, { a: "1", b: "2", c: "3", d: "4", e: "5", f: "6", g: "7", h: "" });
  assert.equal(db.del(of('["h", "none"]')), 1);
  for (const [code, what] of [
    ["new Date(0)", "a Date"],
    ["new Set([1])", "a Set"],
    ["/x/", "a RegExp"],
    ["({ [Symbol.toStringTag]: 'Map', entries: () => [] , __proto__: { __proto__: {} } })", "a"],
    ["({ [Symbol.toStringTag]: 'ArrayBuffer', __proto__: { __proto__: {} } })", "a"],
  ])
    assert.throws(
      () => db.hset("h", of(code)),
      (error) => error instanceof ValueError && error.message.includes(`is ${what}`),
      code,
    );
  const module = await vm.runInContext("(bytes) => WebAssembly.compile(bytes)", other)(readFileSync(join(dist, "core.wasm")));
  assert.equal((await slim({ wasm: module })).ping(), "PONG");
  const bytes = vm.runInContext("(bytes) => new Uint8Array(bytes).buffer", other)(readFileSync(join(dist, "core.wasm")));
  assert.equal((await slim({ wasm: bytes })).ping(), "PONG");
  await db.close();
});

test("names that every object has are no commands, no stores and no options", async () => {
  const db = await open();
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    assert.throws(() => db.call(name, "a"), /unknown command/, name);
    assert.throws(() => db.multi().call(name, "a").exec(), /EXECABORT/, name);
    assert.throws(() => db.call(name, { a: 1 }), ValueError, name);
  }
  await assert.rejects(open("constructor:x"), /unknown store 'constructor:'/);
  await assert.rejects(open({ store: "constructor:x", shared: true }), /shared must be/);
  await db.close();
});

test("the entries for browsers share one implementation, too", async () => {
  const [inline, slim_] = await Promise.all(["inline", "slim"].map((name) => import(join(dist, `${name}.js`))));
  assert.equal(inline.Wakey, slim_.Wakey);
  assert.equal(inline.ReplyError, slim_.ReplyError);
});

test("names that every object inherits are unknown commands and unknown stores, like others", async () => {
  const db = await open();
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    assert.throws(() => db.call(name, "x"), { message: `ERR unknown command '${name}', with args beginning with: 'x' ` });
  }
  await assert.rejects(open("constructor:x"), /unknown store 'constructor:'/);
});

test("past maxmemory keys go as maxmemoryPolicy says", async () => {
  const db = await open({ maxmemory: 1 << 20, maxmemoryPolicy: "allkeys-lru" });
  for (let i = 0; i < 20_000; i++) db.set(`key:${i}`, "x".repeat(100));
  const evicted = Number(/evicted_keys:(\d+)/.exec(db.info("stats"))[1]);
  const { usedMemory, keys } = db.stats();
  assert.ok(usedMemory < 1.2 * 2 ** 20 && keys > 3000 && keys < 8000, `${keys} keys in ${usedMemory} bytes`);
  assert.equal(evicted, 20_000 - keys);
  db.close();
});
