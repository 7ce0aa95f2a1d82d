/** The scripts and functions of the clients themselves: ioredis's `defineCommand`, node-redis's `defineScript`, createScript of @upstash/redis. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Redis as Upstash } from "@upstash/redis";
import Redis from "ioredis";
import { createClient, defineScript } from "redis";
import { requester } from "wakey/upstash";
import { setup, WAYS } from "./kit.mjs";

const ADD = "return redis.call('INCRBY', KEYS[1], ARGV[1])";
const ECHO = "return {KEYS[1], KEYS[2], ARGV[1], #ARGV}";

for (const way of Object.keys(WAYS)) {
  test(`ioredis ${way}: defineCommand, in pipelines and transactions, with prefixes, buffers and errors`, async (t) => {
    const at = await setup(t, way);
    const client = (more) => at.ending(new Redis(at.to(more)), (it) => it.disconnect());
    const redis = client({
      keyPrefix: "app:",
      scripts: {
        given: { lua: ADD, numberOfKeys: 1 },
        peek: { lua: "return redis.call('GET', KEYS[1])", numberOfKeys: 1, readOnly: true },
      },
    });
    redis.defineCommand("add", { numberOfKeys: 1, lua: ADD });
    redis.defineCommand("echo2", { lua: ECHO });
    redis.defineCommand("bad", { numberOfKeys: 0, lua: "return redis.error_reply('WRONG it is')" });
    assert.deepEqual([await redis.add("n", 5), await redis.given("n", 2), await redis.peek("n")], [5, 7, "7"]);
    assert.deepEqual(await redis.echo2(2, "a", "b", "x", "y"), ["app:a", "app:b", "x", 2]);
    assert.deepEqual(await redis.echo2Buffer(2, "a", "b", Buffer.from([0, 255]), "y"), [
      Buffer.from("app:a"),
      Buffer.from("app:b"),
      Buffer.from([0, 255]),
      2,
    ]);
    await assert.rejects(redis.bad(), { name: "ReplyError", message: "WRONG it is" });
    // The database forgets the script, and the client sends it again: alone, and in a pipeline.
    at.db.call("SCRIPT", "FLUSH");
    assert.equal(await redis.add("n", 1), 8);
    at.db.call("SCRIPT", "FLUSH");
    // (What was not refused has run by then.)
    assert.deepEqual(await redis.pipeline().add("n", 1).get("n").add("n", 1).bad().exec().then(plain), [9, "8", 10, "WRONG it is"]);
    assert.deepEqual(await redis.multi().set("m", 1).add("m", 2).get("m").exec().then(plain), ["OK", 3, "3"]);
    assert.deepEqual(
      await redis
        .multi({ pipeline: false })
        .then(() => redis.add("m", 1))
        .then(() => redis.exec())
        .then(plain),
      [4],
    );
    const auto = client({ enableAutoPipelining: true });
    auto.defineCommand("add", { numberOfKeys: 1, lua: ADD });
    assert.deepEqual(await Promise.all([auto.add("z", 1), auto.add("z", 1), auto.get("z")]), [1, 2, "2"]);
    assert.equal(at.db.get("app:n"), "10");
    const digest = await redis.script("LOAD", ADD);
    assert.deepEqual([await redis.evalsha(digest, 1, "n", 1), await redis.script("EXISTS", digest, "0".repeat(40))], [11, [1, 0]]);
    await assert.rejects(redis.evalsha("0".repeat(40), 0), /^ReplyError: NOSCRIPT/);
  });

  test(`ioredis ${way}: functions`, async (t) => {
    const at = await setup(t, way);
    const redis = at.ending(new Redis(at.to()), (it) => it.disconnect());
    const library = `#!lua name=mine
redis.register_function('add', function(keys, args) return redis.call('INCRBY', keys[1], args[1]) end)
redis.register_function{function_name='look', callback=function(keys) return redis.call('GET', keys[1]) end, flags={'no-writes'}}`;
    assert.equal(await redis.function("LOAD", library), "mine");
    await assert.rejects(redis.function("LOAD", library), /already exists/);
    assert.deepEqual([await redis.fcall("add", 1, "n", 5), await redis.fcall_ro("look", 1, "n")], [5, "5"]);
    await assert.rejects(redis.fcall_ro("add", 1, "n", 5), /write flag/);
    const dump = await redis.callBuffer("FUNCTION", "DUMP");
    assert.equal(await redis.function("FLUSH"), "OK");
    await assert.rejects(redis.fcall("add", 1, "n", 5), /Function not found/);
    assert.equal(await redis.call("FUNCTION", "RESTORE", dump), "OK");
    assert.equal(await redis.fcall("add", 1, "n", 5), 10);
  });
}

/** What a pipeline or a transaction of ioredis gave: values, and texts of errors. */
const plain = (replies) => replies.map(([error, value]) => error?.message ?? value);

for (const RESP of [2, 3]) {
  test(`node-redis over a socket in RESP${RESP}: defineScript, functions, scripts in MULTI`, async (t) => {
    const at = await setup(t, "over a socket");
    const scripts = {
      add: defineScript({
        SCRIPT: ADD,
        NUMBER_OF_KEYS: 1,
        parseCommand(parser, key, n) {
          parser.pushKey(key);
          parser.push(String(n));
        },
        transformReply: (reply) => reply,
      }),
    };
    const functions = {
      mine: {
        twice: {
          NUMBER_OF_KEYS: 1,
          parseCommand(parser, key) {
            parser.pushKey(key);
          },
          transformReply: (reply) => reply,
        },
      },
    };
    const redis = at.ending(createClient({ url: `redis://127.0.0.1:${at.port}`, RESP, scripts, functions }));
    await redis.connect();
    assert.equal(await redis.add("n", 5), 5);
    await redis.scriptFlush();
    assert.equal(await redis.add("n", 1), 6);
    assert.deepEqual(await redis.multi().add("n", 1).get("n").exec(), [7, "7"]);
    await redis.functionLoad(
      "#!lua name=mine\nredis.register_function('twice', function(keys) return 2 * tonumber(redis.call('GET', keys[1])) end)",
    );
    assert.equal(await redis.mine.twice("n"), 14);
    assert.deepEqual(
      (await redis.functionList()).map((one) => one.library_name),
      ["mine"],
    );
    assert.equal(await redis.eval("return redis.call('GET', KEYS[1]) .. ARGV[1]", { keys: ["n"], arguments: ["!"] }), "7!");
    await assert.rejects(redis.eval("return nothing_there"), /nonexistent global variable 'nothing_there'/);
  });
}

test("@upstash/redis in process: createScript, eval, evalsha", async (t) => {
  const at = await setup(t, "in process");
  const redis = new Upstash(requester(at.db));
  const script = redis.createScript(ADD);
  assert.deepEqual([await script.exec(["n"], ["5"]), await script.eval(["n"], ["1"])], [5, 6]);
  at.db.call("SCRIPT", "FLUSH");
  await assert.rejects(script.evalsha(["n"], ["1"]), /NOSCRIPT/);
  assert.equal(await script.exec(["n"], ["1"]), 7);
  const peek = redis.createScript("return redis.call('GET', KEYS[1])", { readonly: true });
  assert.equal(await peek.exec(["n"], []), 7);
  assert.deepEqual(await redis.eval("return {1, 'two', {3}, false}", [], []), [1, "two", [3], null]);
});
