/** Scripts over sockets, where they are paused when they run for long, and in process, where they end. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { manualClock, open, ReplyError } from "wakey";
import { serve } from "wakey/server";
import { dial, until } from "./support.mjs";

const BUSY = "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n";
const BUSY_FUNCTION = "-BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.\r\n";

/** A command as RESP. */
const resp = (...args) => `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join("")}`;

/** A server on a database of its own, on which scripts are paused after 50 ms, and connections to it. */
async function serving(t, options) {
  const db = await open(options);
  db.config("SET", "busy-reply-threshold", 50);
  const server = await serve({ db, port: 0 });
  const peers = [];
  t.after(async () => {
    for (const peer of peers) peer.socket.destroy();
    await server.close();
    await db.close();
  });
  const client = () => {
    const peer = dial(server.port);
    peers.push(peer);
    return peer;
  };
  return { db, server, client };
}

/** Sends a command whose reply is to come late, and waits until others are told so. */
async function begin(peer, other, ...args) {
  peer.socket.write(resp(...args));
  await until(async () => {
    other.text = "";
    other.socket.write("PING\r\n");
    await until(() => other.text.endsWith("\r\n"));
    return other.text.startsWith("-BUSY");
  });
}

test("while an endless script runs others are told, until it is killed", async (t) => {
  const { db, client } = await serving(t, { clock: manualClock(0) });
  const [one, other] = [client(), client()];
  await begin(one, other, "EVAL", "while true do end", "0");
  await other.ask("GET k\r\n", BUSY);
  assert.throws(() => db.set("k", "v"), { name: "ReplyError", code: "BUSY" });
  await other.ask("FUNCTION KILL\r\n", BUSY);
  assert.throws(() => db.function("STATS"), { code: "BUSY" }, "it tells of functions alone");
  assert.equal(one.text, "");
  await other.ask("SCRIPT KILL\r\n", "+OK\r\n");
  await until(() => one.text.endsWith("\r\n"));
  assert.match(one.text, /^-ERR Script killed by user with SCRIPT KILL\.\.\. script: [0-9a-f]{40}, on @user_script:1\.\r\n$/);
  await other.ask("SCRIPT KILL\r\n", "-NOTBUSY No scripts in execution right now.\r\n");
  await one.ask("PING\r\n", "+PONG\r\n");
});

test("a script that runs for a second answers late and right, and what was sent behind it comes next", async (t) => {
  const { client } = await serving(t);
  const [one, other] = [client(), client()];
  const script = `
    local from = os.clock()
    local n = redis.call('incr', KEYS[1])
    while os.clock() - from < 1 do end
    return {n, redis.call('incr', KEYS[1])}`;
  await begin(one, other, "EVAL", script, "1", "n");
  one.socket.write("GET n\r\n");
  await other.ask("PING\r\n", BUSY);
  await other.ask(
    "SCRIPT KILL\r\n",
    "-UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.\r\n",
  );
  assert.equal(one.text, "");
  await until(() => one.text.endsWith("$1\r\n2\r\n"));
  assert.equal(one.text, "*2\r\n:1\r\n:2\r\n$1\r\n2\r\n");
  await other.ask("GET n\r\n", "$1\r\n2\r\n");
});

test("a function that runs for long is killed by FUNCTION KILL, and by nothing else", async (t) => {
  const { db, client } = await serving(t);
  const [one, other] = [client(), client()];
  db.function("LOAD", "#!lua name=spin\nredis.register_function('forever', function() while true do end end)");
  await begin(one, other, "FCALL", "forever", "0");
  await other.ask("SCRIPT KILL\r\n", BUSY_FUNCTION);
  const { running_script } = db.function("STATS");
  assert.deepEqual([running_script.name, running_script.command], ["forever", ["FCALL", "forever", "0"]]);
  await other.ask("FUNCTION KILL\r\n", "+OK\r\n");
  await until(() => one.text.startsWith("-ERR Script killed by user with SCRIPT KILL... script: forever"));
  assert.equal(db.function("STATS").running_script, null);
});

test("a script ends when its client leaves before it has written", async (t) => {
  const { db, client } = await serving(t);
  const [one, other] = [client(), client()];
  await begin(one, other, "EVAL", "while true do end", "0");
  one.socket.destroy();
  await until(() => db.stats().sessions === 2);
  await until(() => {
    other.text = "";
    other.socket.write("PING\r\n");
    return until(() => other.text.endsWith("\r\n")).then(() => other.text === "+PONG\r\n");
  });
});

test("a script that has written comes to its end, though its client has left", async (t) => {
  const { db, client } = await serving(t);
  const [one, other] = [client(), client()];
  const script = `
    redis.call('set', KEYS[1], 'half')
    local from = os.clock()
    while os.clock() - from < 0.4 do end
    redis.call('set', KEYS[1], 'whole')`;
  await begin(one, other, "EVAL", script, "1", "k");
  one.socket.destroy();
  await once(one.socket, "close");
  await until(() => {
    other.text = "";
    other.socket.write("GET k\r\n");
    return until(() => other.text.endsWith("\r\n")).then(() => other.text === "$5\r\nwhole\r\n");
  });
  assert.equal(db.get("k"), "whole");
});

test("SHUTDOWN NOSAVE ends the server under a script that cannot be killed, and nothing of that is kept", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "wakey-scripts-"));
  const { client, server } = await serving(t, { store: `file:${folder}` });
  const [one, other] = [client(), client()];
  await other.ask("SET k whole\r\n", "+OK\r\n");
  await begin(one, other, "EVAL", "redis.call('set', KEYS[1], 'half') while true do end", "1", "k");
  await other.ask("SHUTDOWN\r\n", BUSY);
  other.socket.write("SHUTDOWN NOSAVE\r\n");
  await until(() => one.closed && other.closed);
  await server.close();
  const again = await open(`file:${folder}`);
  assert.equal(again.get("k"), "whole");
  await again.close();
});

test("what a paused script has done is kept as a whole or not at all, and no snapshot holds half of it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "wakey-scripts-"));
  const { db, client } = await serving(t, { store: `file:${folder}` });
  const [one, other] = [client(), client()];
  const script = `
    redis.call('set', KEYS[1], 'half')
    local from = os.clock()
    while os.clock() - from < 0.5 do end
    redis.call('set', KEYS[2], 'whole')`;
  // The snapshot is asked for in front of the script, and begins behind it.
  one.socket.write("BGREWRITEAOF\r\n");
  await begin(one, other, "EVAL", script, "2", "a", "b");
  await until(() => one.text.endsWith("$-1\r\n"));
  await until(() => /aof_rewrite_in_progress:0/.test(db.info("persistence")));
  assert.equal(db.get("b"), "whole");
  one.text = "";
  await begin(one, other, "EVAL", "redis.call('set', 'c', 'half') while true do end", "0");
  await db.close();
  const again = await open(`file:${folder}`);
  assert.deepEqual(again.mget("a", "b", "c"), ["half", "whole", null]);
  await again.close();
});

test("in process a script ends after scriptTimeout, unless it has written", async () => {
  const clock = manualClock(0);
  const db = await open({ clock, scriptTimeout: 40 });
  const killed = {
    name: "ReplyError",
    message: /^ERR Script killed by user with SCRIPT KILL\.\.\. script: [0-9a-f]{40}, on @user_script:1\.$/,
  };
  assert.throws(() => db.eval("while true do end", 0), killed);
  assert.throws(() => db.eval("while true do pcall(function() while true do end end) end", 0), ReplyError, "it cannot be caught");
  const script = "local from = os.clock() redis.call('set', 'k', 'v') while os.clock() - from < 0.1 do end return 'done'";
  assert.equal(db.eval(script, 0), "done");
  assert.deepEqual(db.multi().set("k", "w").eval("while true do end", 0).get("k").exec().map(String), [
    "OK",
    String(await attempt(() => db.eval("while true do end", 0))),
    "w",
  ]);
  assert.equal(clock.now(), 0);
  db.close();
});

test("scriptTimeout: 0 lets a script run as long as it wants", async () => {
  const db = await open({ scriptTimeout: 0 });
  assert.equal(db.eval("local from = os.clock() while os.clock() - from < 0.1 do end return 1", 0), 1);
  db.close();
  for (const scriptTimeout of [-1, 1.5, "1", Number.POSITIVE_INFINITY, null]) {
    await assert.rejects(open({ scriptTimeout }), { name: "TypeError", message: /^open\(\): scriptTimeout must be an integer/ });
  }
});

/** What a call throws. */
async function attempt(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
}

test("scripts take words, and keys and arguments in arrays", async () => {
  const db = await open({ clock: manualClock(0) });
  const script = "return {#KEYS, #ARGV, KEYS[1] or '', ARGV[1] or '', ARGV[2] or ''}";
  assert.deepEqual(db.eval(script, 1, "k", "a", "b"), [1, 2, "k", "a", "b"]);
  assert.deepEqual(db.eval(script, ["k"], ["a", "b"]), [1, 2, "k", "a", "b"]);
  assert.deepEqual(db.eval(script, ["k", "l"]), [2, 0, "k", "", ""]);
  assert.deepEqual(db.eval(script, [], [1, 2n]), [0, 2, "", "1", "2"]);
  assert.deepEqual(db.eval_ro(script, [], []), [0, 0, "", "", ""]);
  assert.deepEqual(db.call("EVAL", script, 1, "k"), [1, 0, "k", "", ""]);
  const sha = db.script("LOAD", script);
  assert.equal(sha, createHash("sha1").update(script).digest("hex"));
  assert.deepEqual(db.evalsha(sha, ["k"], ["a"]), [1, 1, "k", "a", ""]);
  assert.deepEqual(db.evalsha_ro(sha, 0, "a"), [0, 1, "", "a", ""]);
  assert.deepEqual(db.script("EXISTS", sha, "0".repeat(40)), [1, 0]);
  const library =
    "#!lua name=l\nredis.register_function{function_name='f', callback=function(k, a) return {k[1], a[1]} end, flags={'no-writes'}}";
  assert.equal(db.function("LOAD", "REPLACE", library), "l");
  assert.deepEqual(db.fcall("f", ["k"], ["a"]), ["k", "a"]);
  assert.deepEqual(db.fcall_ro("f", 1, "k", "a"), ["k", "a"]);
  assert.equal(db.function("LIST")[0].library_name, "l");
  assert.throws(() => db.eval(script, ["k"], [undefined]), /^ValueError: ERR value is not a valid string/);
  const replies = db.multi().eval(script, ["k"], ["a"]).fcall("f", ["k"], ["a"]).exec();
  assert.deepEqual(replies, [
    [1, 1, "k", "a", ""],
    ["k", "a"],
  ]);
  db.close();
});

test("buffers go into scripts and come back as they are", async () => {
  const db = await open();
  const raw = Uint8Array.of(0, 255, 13, 10, 128);
  assert.equal(db.eval("return redis.call('set', KEYS[1], ARGV[1])", ["k"], [raw]), "OK");
  assert.deepEqual(db.bytes.eval("return redis.call('get', KEYS[1])", ["k"]), raw);
  assert.deepEqual(db.bytes.prepare("return ARGV[1]")(raw.buffer), raw);
  assert.equal(db.eval(new TextEncoder().encode("return ARGV[1]"), [], ["é"]), "é");
  db.close();
});

test("a prepared script is sent once, and again when it was forgotten", async () => {
  const db = await open();
  const sent = [];
  const stop = db.observe(({ command }) => sent.push(command.slice(0, 2).join(" ").slice(0, 12)));
  const script = "return {KEYS[1], redis.call('incrby', KEYS[1], ARGV[1] or 1)}";
  const add = db.prepare(script, { keys: 1 });
  assert.deepEqual([add.script, add.sha], [script, createHash("sha1").update(script).digest("hex")]);
  assert.deepEqual(add("n", 5), ["n", 5]);
  assert.deepEqual(add("n"), ["n", 6]);
  db.script("FLUSH");
  assert.deepEqual(add("n"), ["n", 7]);
  await null;
  stop();
  const short = `evalsha ${add.sha}`.slice(0, 12);
  assert.deepEqual(sent, ["eval return ", short, "script FLUSH", short, "eval return "]);
  assert.throws(() => add(), /^ReplyError: ERR Number of keys can't be greater than number of args/);
  assert.throws(
    () => db.prepare("return redis.call('set', KEYS[1], 1)", { keys: 1, readonly: true })("k"),
    /Write commands are not allowed from read-only scripts/,
  );
  assert.throws(() => db.prepare("this is no Lua")(), /^ReplyError: ERR Error compiling script/);
  assert.throws(() => db.prepare(1), TypeError);
  assert.throws(() => db.prepare("return 1", { keys: -1 }), TypeError);
  db.close();
  assert.throws(() => add("n"), { name: "ClosedError" });
});

test("the digest of a text of any length is its SHA-1", async () => {
  const db = await open();
  for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1000, 100_000]) {
    const text = "é-- ".repeat(length).slice(0, length);
    assert.equal(db.prepare(text).sha, createHash("sha1").update(text).digest("hex"), `${length}`);
  }
  db.close();
});
