/** The real redis-cli against `wakey serve`, and our client beside it: both must print the same. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
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
