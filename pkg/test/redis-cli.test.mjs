/** The real redis-cli against `wakey serve`, and our client beside it: both must print the same. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { serve } from "wakey/server";
import { cli, redisCli, until } from "./support.mjs";

const program = redisCli();
const skip = program === undefined && "no redis-cli";
let server;
before(async () => {
  server = await serve({ port: 0 });
});
after(() => server.close());

async function output(program, args, input) {
  const child = spawn(program, args);
  let out = "";
  child.stdout.on("data", (chunk) => (out += chunk.toString("latin1")));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  await new Promise((done) => child.on("close", done));
  return out;
}

const SCRIPT = `FLUSHALL
SET k "a\\x00\\n\\"b"
GET k
GET none
MGET k none
HSET h f 1 g "two words"
HGETALL h
HINCRBYFLOAT h f 0.5
HEXPIRE h 100 FIELDS 2 f x
SCAN 0
COMMAND DOCS get
COMMAND INFO set nosuch
COMMAND LIST FILTERBY PATTERN h*
LCS k k IDX
CONFIG GET max*
GET
HGET k f
NOSUCH a b
INCR n
OBJECT HELP
GET 'open
QUIT
`;

for (const [name, args] of [
  ["RESP2", ["--no-raw"]],
  ["RESP3", ["-3", "--no-raw"]],
  ["RESP2, raw", ["--raw"]],
  ["RESP3, raw", ["-3", "--raw"]],
]) {
  test(`redis-cli works in ${name}, and our client prints what it prints`, { skip }, async () => {
    const port = ["-p", String(server.port)];
    const theirs = await output(program, [...port, ...args], SCRIPT);
    assert.match(theirs, /two words/);
    assert.match(theirs, /WRONGTYPE/);
    const ours = await output(process.execPath, [cli, ...port, ...(args.includes("-3") ? [] : ["-2"]), ...args], SCRIPT);
    assert.equal(ours, theirs);
  });
}

test("redis-cli takes one command, over the Unix socket too", { skip }, async () => {
  assert.equal(await output(program, ["-p", String(server.port), "PING"], ""), "PONG\n");
});

for (const [command, message] of [
  ["SUBSCRIBE", "message\nnews\nhello\n"],
  ["PSUBSCRIBE", "pmessage\nnews\nnews\nhello\n"],
  ["SSUBSCRIBE", "smessage\nnews\nhello\n"],
]) {
  test(`redis-cli ${command} shows messages as they come, and so does our client`, { skip }, async () => {
    const subscribed = `${command.toLowerCase()}\nnews\n1\n`;
    const outputs = [];
    for (const words of [[program], [process.execPath, cli]]) {
      const child = spawn(words[0], [...words.slice(1), "-p", String(server.port), command, "news"]);
      let out = "";
      child.stdout.on("data", (chunk) => (out += chunk));
      await until(() => out.includes(subscribed));
      assert.equal(command === "SSUBSCRIBE" ? server.db.spublish("news", "hello") : server.db.publish("news", "hello"), 1);
      await until(() => out.endsWith("hello\n"));
      outputs.push(out);
      child.kill("SIGINT");
      await new Promise((done) => child.on("exit", done));
      await until(() => server.clients === 0);
    }
    assert.equal(outputs[0], subscribed + message);
    assert.equal(outputs[1], outputs[0]);
  });
}

test("redis-cli waits with BLPOP", { skip }, async () => {
  const child = spawn(program, ["-p", String(server.port), "BLPOP", "jobs", "0"]);
  let out = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  await until(() => /flags=b /.test(server.db.client("LIST")));
  server.db.rpush("jobs", "x");
  await new Promise((done) => child.on("exit", done));
  assert.equal(out, "jobs\nx\n");
});

/** Runs redis-cli until it has printed this, or ends it when it has. */
async function printed(args, wanted, input = "") {
  const child = spawn(program, ["-p", String(server.port), ...args]);
  const ended = new Promise((done) => child.on("close", done));
  let out = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (out += chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  await until(() => wanted.test(out) || child.exitCode !== null);
  child.kill("SIGINT");
  await ended;
  assert.match(out, wanted);
  return out;
}

/** What redis-cli says that it can do: older ones have fewer modes. */
const help = program === undefined ? "" : String(spawnSync(program, ["--help"]).stderr) + spawnSync(program, ["--help"]).stdout;
const mode = (name) => ({ skip: skip || (!help.includes(name) && `redis-cli has no ${name}`) });

function fill() {
  server.db.flushall();
  server.db.set("short", "v");
  server.db.set("long", "v".repeat(1000));
  server.db.rpush("list", ..."abc");
  server.db.hset("hash", { f: "v", g: "w" });
  server.db.sadd("set", "a", "b");
  server.db.zadd("sorted", 1, "a");
  server.db.xadd("stream", "*", { f: "v" });
}

test("redis-cli --stat shows keys and clients", mode("--stat"), async () => {
  fill();
  assert.match(await printed(["--stat", "-i", "0.01"], /\n7 +\S+ +\d+ +0 /), /requests +connections/);
});

for (const name of ["--bigkeys", "--memkeys", "--keystats"]) {
  test(`redis-cli ${name} finds the largest of each type`, mode(name), async () => {
    fill();
    const out = await output(program, ["-p", String(server.port), name]);
    for (const key of ["long", "list", "hash", "set", "sorted", "stream"]) assert.ok(out.includes(key), `${key} in ${out}`);
    assert.doesNotMatch(out, /ERR|WRONGTYPE|[Ff]ailed/);
  });
}

test("redis-cli --hotkeys needs LFU, and counts with it", mode("--hotkeys"), async () => {
  fill();
  assert.match(await output(program, ["-p", String(server.port), "--hotkeys"]), /^(?!.*hot key found with)/s);
  server.db.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu", "lfu-log-factor", "0");
  fill();
  for (let n = 0; n < 20; n += 1) server.db.get("long");
  const out = await printed(["--hotkeys"], /hot key found with counter: 2\d\tkeyname: "?long/);
  assert.doesNotMatch(out, /ERR|Error/);
  server.db.call("CONFIG", "SET", "maxmemory-policy", "noeviction", "lfu-log-factor", "10");
});

test("redis-cli --latency measures", mode("--latency"), async () => {
  await printed(["--latency", "--raw", "-i", "0.1"], /\d/);
});

test("redis-cli --scan lists keys, also by pattern", mode("--scan"), async () => {
  fill();
  const out = await output(program, ["-p", String(server.port), "--scan", "--pattern", "s*"]);
  assert.deepEqual(out.trim().split("\n").sort(), ["set", "short", "sorted", "stream"]);
});

test("redis-cli --pipe sends many commands, and counts replies and errors", mode("--pipe"), async () => {
  server.db.flushall();
  const sets = Array.from({ length: 5000 }, (_, i) => `SET key:${i} ${i}\r\n`).join("");
  await printed(["--pipe"], /errors: 1, replies: 5001/, `${sets}INCRBY key:1 x\r\n`);
  assert.equal(server.db.dbsize(), 5000);
});
