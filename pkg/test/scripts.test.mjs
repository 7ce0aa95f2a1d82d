/** Scripts over sockets, where they are paused when they run for long, and in process, where they end. */
import assert from "node:assert/strict";
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
