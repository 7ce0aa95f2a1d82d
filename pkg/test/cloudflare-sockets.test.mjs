/** WebSockets to an object of `wakey/cloudflare`, in the real workerd: RESP, garbage, hibernation. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dial, FULL, READING, resp, runtime } from "./cloudflare/runtime.mjs";
import { pause, until } from "./support.mjs";

test("a WebSocket carries RESP: pieces, pipelines, RESP3, messages, garbage", async (t) => {
  const { miniflare, rpc } = runtime(t);
  const one = await dial(miniflare);
  one.send(`${resp("SET", "k", "v")}${resp("GET", "k")}PING\r\n`);
  await one.hears("+OK\r\n$1\r\nv\r\n+PONG\r\n");
  one.send(Buffer.from("*2\r\n$3\r\nGE"));
  one.send(Buffer.from("T\r\n$1\r\nk\r\n"));
  await one.hears("$1\r\nv\r\n");
  one.send(resp("HELLO", "3") + resp("HGETALL", "none"));
  await one.hearsEnd("%0\r\n");
  const two = await dial(miniflare, "/?_token=secret", {});
  two.send(resp("SUBSCRIBE", "ch"));
  await two.hears("*3\r\n$9\r\nsubscribe\r\n$2\r\nch\r\n:1\r\n");
  assert.equal(await rpc("command", "PUBLISH", "ch", "hello"), 1);
  await two.hears("*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$5\r\nhello\r\n");
  two.send(resp("QUIT"));
  await two.hears("+OK\r\n");
  await two.ends(1000);
  const three = await dial(miniflare);
  three.send("*1\r\n$-5\r\n");
  await three.hears("-ERR Protocol error: invalid bulk length\r\n");
  await three.ends(1000);
  const four = await dial(miniflare);
  four.send(resp("BLPOP", "jobs", "5"));
  await rpc("command", "RPUSH", "jobs", "work");
  await four.hears("*2\r\n$4\r\njobs\r\n$4\r\nwork\r\n");
  four.send(`*2\r\n$3\r\nGET\r\n$${20 << 20}\r\n`);
  await four.hears("-ERR Protocol error: invalid bulk length\r\n");
  await four.ends(1000);
  assert.deepEqual(await dial(miniflare, "/", { authorization: "Bearer wrong" }), { status: 401, error: "Unauthorized" });
  const reading = await dial(miniflare, "/", { authorization: READING });
  reading.send(`${resp("GET", "k")}${resp("SET", "k", "w")}${resp("PING")}`);
  await reading.hears("$1\r\nv\r\n-NOPERM this user has no permissions to run the 'set' command or its subcommand\r\n+PONG\r\n");
  // What may run is the engine's matter, however the bytes come.
  reading.send("SET k w\r\n");
  await reading.hears("-NOPERM this user has no permissions to run the 'set' command or its subcommand\r\n");
  for (const piece of ["*2\r\n$3\r\nGE", "T\r\n$1\r\nk\r\n"]) reading.send(piece);
  await reading.hears("$1\r\nv\r\n");
  assert.equal(await rpc("command", "GET", "k"), "v");
});

test("a WebSocket fed garbage: answered or closed, and the object goes on", async (t) => {
  const { miniflare, rpc } = runtime(t);
  await rpc("command", "SET", "k", "v");
  let seed = 7;
  const random = (n) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % n;
  };
  const whole = resp("SET", "other", "x") + resp("SUBSCRIBE", "ch") + resp("HELLO", "3") + resp("MULTI") + resp("BLPOP", "none", "0");
  for (let round = 0; round < 60; round++) {
    const socket = await dial(miniflare, "/", { authorization: round % 3 === 0 ? READING : FULL });
    for (let i = 0; i < 5 && socket.closed() === undefined; i++) {
      const bytes = Buffer.from(random(2) === 0 ? whole : "x".repeat(random(200)));
      for (let flips = random(6); flips > 0; flips--) bytes[random(bytes.length || 1)] = random(256);
      const cut = bytes.subarray(0, random(bytes.length + 1));
      socket.send(random(2) === 0 ? cut : cut.toString("latin1"));
    }
    socket.socket.close();
  }
  assert.equal(await rpc("command", "GET", "k"), "v");
  await until(async () => (await rpc("command", "CLIENT", "LIST")).trim().split("\n").length <= 2);
});

/** Messages in which a reader that takes lengths loosely sees an argument of GET or ECHO, and another one a command of its own. */
const HIDDEN = [
  // The engine takes the length's line to end two bytes earlier, and what follows for lines of inline commands.
  `*2\r\n$4\r\nECHO\r\n$13\r\r\r\n${"a".repeat(13)}E ${resp("ECHO", "\r\nDEL k\r\n")}`,
  ...["$31\r\r\r\n", "$0x1f\r\n", "$ 31\r\n", "$3.1e1\r\n", "$+31\r\n", "$31 \r\n", "$1\r\n", "$\r\n", "$-1\r\n"].map(
    (length) => `*2\r\n$4\r\nECHO\r\n${length}*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nw\r\n\r\n`,
  ),
  `*2\r\n$4\r\nECHO\r\n$1\r\nxyz${resp("SET", "k", "w")}`,
  `*2 \r\n$3\r\nGET\r\n$1\r\nk\r\n${resp("DEL", "k")}`,
  `*-1\r\n${resp("DEL", "k")}`,
  `$3\r\nGET\r\n${resp("DEL", "k")}`,
  `"${resp("DEL", "k")}"`,
  "DEL k\n",
  resp("MULTI") + resp("DEL", "k") + resp("EXEC"),
];

test("a read-only WebSocket changes nothing, however its bytes may be read", async (t) => {
  const { miniflare, rpc } = runtime(t);
  assert.equal(await rpc("command", "SET", "k", "v"), "OK");
  for (const shards of [0, 2]) {
    const object = { "x-object": shards === 0 ? "one" : "several", "x-shards": String(shards) };
    const full = await dial(miniflare, "/", { ...object, authorization: FULL });
    full.send(resp("SET", "k", "v"));
    await full.hears("+OK\r\n");
    for (const message of HIDDEN) {
      const reading = await dial(miniflare, "/", { ...object, authorization: READING });
      // Enough for an argument that is not complete.
      reading.send(message + resp("QUIT").repeat(10));
      await until(() => reading.closed() !== undefined);
      full.send(resp("GET", "k") + resp("DBSIZE"));
      await full.hears("$1\r\nv\r\n:1\r\n");
    }
  }
});

test("what a message or a request is answered has a bound: then a socket is closed, and a request gets errors", async (t) => {
  const { miniflare, rpc, send } = runtime(t);
  const text = "x".repeat(1 << 20);
  for (const shards of [0, 2]) {
    const object = { "x-object": shards === 0 ? "one" : "several", "x-shards": String(shards) };
    const headers = { ...object, authorization: FULL };
    await send("/", ["SET", "big", text], headers);
    for (const authorization of [FULL, READING]) {
      const greedy = await dial(miniflare, "/", { ...object, authorization });
      greedy.send(resp("GET", "big").repeat(300) + resp("PING"));
      await until(() => greedy.closed() !== undefined, 20_000);
      assert.equal(greedy.closed(), 1009);
      // Whole portions of what is less than 16 MiB.
      const got = greedy.said().length;
      assert.ok(got > 0 && got <= 16 << 20, String(got));
    }
    // A message after the other is another matter.
    const patient = await dial(miniflare, "/", headers);
    for (let i = 0; i < 3; i++) {
      patient.send(resp("GET", "big").repeat(8) + resp("PING"));
      await patient.hearsEnd("+PONG\r\n");
    }
    const commands = [...Array(20).fill(["GET", "big"]), ["SET", "late", "v"]];
    const [status, replies] = await send("/pipeline", commands, headers);
    assert.equal(status, 200);
    assert.equal(replies.filter(({ result }) => result === text).length, 15);
    assert.match(
      replies[15].error,
      /^ERR the replies of one request may have 16777216 bytes, and this one of 1048588 is too long: the command has run$/,
    );
    for (const { error } of replies.slice(16)) assert.match(error, /^ERR not run: /);
    assert.deepEqual(await send("/", ["EXISTS", "late"], headers), [200, { result: 0 }]);
    const [refused, { error }] = await send("/multi-exec", [...commands], headers);
    assert.equal(refused, 400);
    // Over several objects, the second key may be another one's.
    if (shards === 0) {
      assert.match(error, /the transaction has run$/);
      const outcomes = await rpc("pipeline", Array(40).fill(["GET", "big"]));
      assert.equal(outcomes.filter(({ result }) => result === text).length, 31);
      assert.match(outcomes[31].error, /: the command has run$/);
      assert.match(outcomes[39].error, /^ERR not run: /);
      assert.equal(await rpc("command", "GET", "late"), "v");
    }
  }
});

test("an engine that ends takes no socket with it: the next one has the same sessions", async (t) => {
  const { miniflare, rpc } = runtime(t);
  const listener = await dial(miniflare);
  listener.send(resp("SELECT", "4") + resp("SET", "k", "fourth") + resp("SUBSCRIBE", "ch"));
  await listener.hears("+OK\r\n+OK\r\n*3\r\n$9\r\nsubscribe\r\n$2\r\nch\r\n:1\r\n");
  const busy = await dial(miniflare);
  busy.send(resp("MULTI"));
  await busy.hears("+OK\r\n");
  const reading = await dial(miniflare, "/", { authorization: READING });
  const life = await rpc("whichLife");
  await rpc("command", "SHUTDOWN").catch(() => {});
  assert.equal(await rpc("command", "PUBLISH", "ch", "hello"), 1);
  await listener.hears("*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$5\r\nhello\r\n");
  listener.send(resp("UNSUBSCRIBE") + resp("GET", "k"));
  await listener.hears("*3\r\n$11\r\nunsubscribe\r\n$2\r\nch\r\n:0\r\n$6\r\nfourth\r\n");
  // No command brings a transaction back.
  await busy.ends(1012);
  reading.send(resp("SET", "k", "w") + resp("PING"));
  await reading.hears("-NOPERM this user has no permissions to run the 'set' command or its subcommand\r\n+PONG\r\n");
  assert.equal(await rpc("whichLife"), life);
});

test("hibernation: the object sleeps, its sockets stay, and sessions wake as they were", { timeout: 120_000 }, async (t) => {
  const { miniflare, at, rpc } = runtime(t);
  await rpc("command", "SET", "k", "v");
  const listener = await dial(miniflare);
  listener.send(resp("HELLO", "3"));
  await listener.hearsEnd("$7\r\nmodules\r\n*0\r\n");
  const many = Array.from({ length: 300 }, (_, i) => `channel ${i}`);
  const other = await dial(miniflare);
  other.send(resp("SUBSCRIBE", ...many) + resp("PSUBSCRIBE", "news.*"));
  await other.hearsEnd("$6\r\nnews.*\r\n:301\r\n");
  const third = await dial(miniflare);
  third.send(resp("SELECT", "4") + resp("CLIENT", "SETNAME", "me") + resp("SET", "k", "fourth"));
  await third.hears("+OK\r\n+OK\r\n+OK\r\n");
  const worker = await dial(miniflare);
  worker.send(resp("BLPOP", "jobs", "0"));
  const reading = await dial(miniflare, "/", { authorization: READING });
  reading.send(resp("CLIENT", "SETNAME", "reader"));
  await reading.hears("+OK\r\n");
  const busy = await dial(miniflare, "/", { authorization: FULL, "x-object": "busy" });
  busy.send(resp("MULTI") + resp("SET", "k", "v"));
  await busy.hears("+OK\r\n+QUEUED\r\n");
  const [life, busyLife] = [await rpc("whichLife"), await at("busy")("whichLife")];
  await pause(13_000);
  assert.notEqual(await rpc("whichLife"), life, "the object did not sleep");
  third.send(resp("GET", "k") + resp("CLIENT", "GETNAME"));
  await third.hears("$6\r\nfourth\r\n$2\r\nme\r\n");
  reading.send(resp("DEL", "k") + resp("CLIENT", "GETNAME") + resp("GET", "k"));
  await reading.hears("-NOPERM this user has no permissions to run the 'del' command or its subcommand\r\n$6\r\nreader\r\n$1\r\nv\r\n");
  assert.equal(await rpc("command", "PUBLISH", "channel 299", "x"), 1);
  assert.equal(await rpc("command", "PUBLISH", "news.today", "y"), 1);
  await rpc("command", "RPUSH", "jobs", "work");
  await worker.hears("*2\r\n$4\r\njobs\r\n$4\r\nwork\r\n");
  await other.hears(
    "*3\r\n$7\r\nmessage\r\n$11\r\nchannel 299\r\n$1\r\nx\r\n*4\r\n$8\r\npmessage\r\n$6\r\nnews.*\r\n$10\r\nnews.today\r\n$1\r\ny\r\n",
  );
  listener.send(resp("HGETALL", "none"));
  await listener.hears("%0\r\n");
  other.socket.close();
  await until(async () => (await rpc("query", "SELECT count(*) AS n FROM wakey_sockets"))[0].n === 0);
  // A session in a transaction has kept its object awake.
  assert.equal(await at("busy")("whichLife"), busyLife);
  busy.send(resp("EXEC"));
  await busy.hears("*1\r\n+OK\r\n");
});
