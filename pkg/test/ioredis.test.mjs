/** `wakey/ioredis`: both majors of the real ioredis on an engine in this process, without a socket. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { manualClock, open } from "wakey";
import { options } from "wakey/ioredis";
import { pkg, until } from "./support.mjs";

const MAJORS = { "ioredis 5": (await import("ioredis5")).default, "ioredis 6": (await import("ioredis")).default };

/** Names of what an emitter emits, in order. */
function told(redis, ...names) {
  const heard = [];
  for (const name of names) redis.on(name, () => heard.push(name));
  return heard;
}

for (const [name, Redis] of Object.entries(MAJORS)) {
  /** A database, and clients on it that are disconnected with the test. */
  async function setup(t, more) {
    const db = await open(more);
    const clients = [];
    t.after(() => {
      for (const client of clients) client.disconnect();
      db.close();
    });
    return [
      db,
      (given) => {
        const redis = new Redis(options(db, given));
        clients.push(redis);
        return redis;
      },
    ];
  }

  test(`${name} runs commands on the same keyspace as the database`, async (t) => {
    const [db, client] = await setup(t);
    const redis = client();
    assert.equal(await redis.set("k", "v", "EX", 100), "OK");
    assert.equal(db.get("k"), "v");
    db.hset("h", { a: 1, b: "2" });
    assert.deepEqual({ ...(await redis.hgetall("h")) }, { a: "1", b: "2" });
    assert.deepEqual(await redis.mget("k", "none"), ["v", null]);
    const binary = Buffer.from([0, 255, 13, 10, 128]);
    await redis.set("raw", binary);
    assert.deepEqual(await redis.getBuffer("raw"), binary);
    await assert.rejects(redis.hget("k", "f"), /^ReplyError: WRONGTYPE/);
    const keys = [];
    for await (const batch of redis.scanStream({ match: "*" })) keys.push(...batch);
    assert.deepEqual(keys.sort(), ["h", "k", "raw"]);
  });

  test(`${name} has commands that are scripts, alone and in pipelines and transactions`, async (t) => {
    const [db, client] = await setup(t, { clock: manualClock(0) });
    const redis = client({
      keyPrefix: "app:",
      scripts: {
        both: { numberOfKeys: 2, lua: "return {KEYS[1], KEYS[2], ARGV[1]}" },
        look: { numberOfKeys: 1, lua: "return #KEYS", readOnly: true },
      },
    });
    redis.defineCommand("add", { numberOfKeys: 1, lua: "return redis.call('incrby', KEYS[1], ARGV[1])" });
    redis.defineCommand("any", { lua: "return {#KEYS, #ARGV, ARGV[1]}" });
    assert.equal(await redis.add("n", 5), 5);
    assert.equal(await redis.add("n", 1), 6);
    assert.equal(db.get("app:n"), "6");
    assert.deepEqual(await redis.both("a", "b", "c"), ["app:a", "app:b", "c"]);
    assert.deepEqual(await redis.any(1, "k", "v"), [1, 1, "v"]);
    assert.equal(await redis.look("k"), 1);
    const raw = Buffer.from([0, 255, 13, 10]);
    assert.deepEqual((await redis.bothBuffer("a", "b", raw))[2], raw);
    assert.deepEqual(await redis.pipeline().add("n", 1).get("n").add("n", 1).exec(), [
      [null, 7],
      [null, "7"],
      [null, 8],
    ]);
    assert.deepEqual(await redis.multi().add("n", 1).both("a", "b", "c").exec(), [
      [null, 9],
      [null, ["app:a", "app:b", "c"]],
    ]);
    assert.equal(await redis.eval("return ARGV[1]", 0, "x"), "x");
    const sha = await redis.script("LOAD", "return KEYS[1]");
    assert.equal(await redis.evalsha(sha, 1, "k"), "app:k");
    assert.deepEqual(await redis.script("EXISTS", sha), [1]);
    await assert.rejects(redis.evalsha("0".repeat(40), 0), /NOSCRIPT No matching script/);
    redis.defineCommand("wrong", { numberOfKeys: 0, lua: "return redis.call('get')" });
    await assert.rejects(redis.wrong(), /Wrong number of args calling Redis command from script/);
    await redis.function("LOAD", "#!lua name=l\nredis.register_function('f', function(k, a) return {k[1], a[1]} end)");
    assert.deepEqual(await redis.fcall("f", 1, "k", "a"), ["app:k", "a"]);
  });

  test(`${name} hears of a script that runs for long, and kills it, on a clock that stands still`, async (t) => {
    const [db, client] = await setup(t, { clock: manualClock(0) });
    db.config("SET", "busy-reply-threshold", 30);
    const [one, other] = [client(), client()];
    await other.ping();
    const endless = one.eval("while true do end", 0).catch((error) => error);
    const late = one.get("k");
    await until(async () => /^BUSY/.test(await other.ping().catch((error) => error.message)));
    assert.equal(await other.script("KILL"), "OK");
    assert.match((await endless).message, /^ERR Script killed by user/);
    assert.equal(await late, null);
    const script = "local from = os.clock() while os.clock() - from < 0.1 do end return redis.call('incr', KEYS[1])";
    assert.equal(await one.eval(script, 1, "n"), 1);
  });

  test(`${name} is ready after its ready check, with the database and the name it was told`, async (t) => {
    const [db, client] = await setup(t);
    const redis = client({ db: 3, connectionName: "worker", keyPrefix: "app:" });
    const heard = told(redis, "connect", "ready");
    await redis.set("k", "v");
    assert.deepEqual(heard, ["connect", "ready"]);
    assert.match(String(await redis.client("LIST")), /name=worker .*db=3 /);
    db.select(3);
    assert.equal(db.get("app:k"), "v");
  });

  test(`${name} sends nothing before connect() when it is lazy`, async (t) => {
    const [db, client] = await setup(t);
    const redis = client({ lazyConnect: true, enableReadyCheck: false });
    assert.equal(db.stats().sessions, 1);
    await redis.connect();
    assert.equal(db.stats().sessions, 2);
    assert.equal(await redis.ping(), "PONG");
  });

  test(`${name} keeps the order of pipelines, transactions and single commands`, async (t) => {
    const [, client] = await setup(t);
    const redis = client();
    const replies = await redis.pipeline(Array.from({ length: 5000 }, (_, i) => ["incrby", "n", i])).exec();
    assert.equal(replies.at(-1)[1], (4999 * 5000) / 2);
    const singles = await Promise.all(Array.from({ length: 2000 }, () => redis.incr("m")));
    assert.deepEqual(
      singles,
      Array.from({ length: 2000 }, (_, i) => i + 1),
    );
    assert.deepEqual(
      await redis
        .multi()
        .set("k", 1)
        .incr("k")
        .hget("k", "f")
        .exec()
        .then((all) => all.map(([error, value]) => error?.message.slice(0, 9) ?? value)),
      ["OK", 2, "WRONGTYPE"],
    );
    const other = client();
    await redis.watch("k");
    await other.incr("k");
    assert.equal(await redis.multi().set("k", 0).exec(), null);
    await assert.rejects(redis.multi().set("k").exec(), /EXECABORT/);
    const auto = client({ enableAutoPipelining: true });
    assert.deepEqual(await Promise.all([auto.get("k"), auto.incr("m"), auto.get("none")]), ["3", 2001, null]);
  });

  test(`${name} sends and reads values of megabytes`, async (t) => {
    const [, client] = await setup(t);
    const redis = client();
    const big = Buffer.alloc(5_000_000, "wakey");
    await redis.set("big", big);
    const all = await Promise.all(Array.from({ length: 6 }, () => redis.getBuffer("big")));
    for (const one of all) assert.ok(one.equals(big));
  });

  test(`${name} waits with BLPOP, also for the database itself, and for a deadline`, async (t) => {
    const clock = manualClock(1000);
    const [db, client] = await setup(t, { clock });
    const redis = client();
    const reply = redis.blpop("jobs", 0);
    const behind = redis.get("k");
    await until(() => /flags=b /.test(db.client("LIST")));
    db.rpush("jobs", "now");
    assert.deepEqual(await reply, ["jobs", "now"]);
    assert.equal(await behind, null);
    const late = redis.blpop("jobs", 60);
    await until(() => /flags=b /.test(db.client("LIST")));
    clock.advance(60_000);
    assert.equal(await late, null);
    const read = redis.xread("BLOCK", 0, "STREAMS", "s", "$");
    await until(() => /flags=b /.test(db.client("LIST")));
    const id = db.xadd("s", "*", { f: "v" });
    const shape = await read;
    assert.deepEqual(Array.isArray(shape) ? shape : Object.entries(shape), [["s", [[id, ["f", "v"]]]]]);
  });

  test(`${name} hears channels, patterns and shard channels, and goes on after them`, async (t) => {
    const [db, client] = await setup(t);
    const redis = client();
    const heard = [];
    for (const event of ["message", "pmessage", "smessage"]) redis.on(event, (...got) => heard.push(got));
    assert.equal(await redis.subscribe("news", "sport"), 2);
    assert.equal(await redis.psubscribe("n*"), 3);
    assert.equal(await redis.ssubscribe("shard"), 1);
    assert.equal(db.publish("news", "hello"), 2);
    assert.equal(db.spublish("shard", "part"), 1);
    await until(() => heard.length === 3);
    assert.deepEqual(heard, [
      ["news", "hello"],
      ["n*", "news", "hello"],
      ["shard", "part"],
    ]);
    assert.equal(await redis.unsubscribe("news", "sport"), 1);
    assert.equal(await redis.punsubscribe(), 0);
    assert.equal(await redis.sunsubscribe(), 0);
    assert.equal(await redis.set("k", "v"), "OK");
  });

  test(`${name} ends with quit(), after what was sent before`, async (t) => {
    const [db, client] = await setup(t);
    const redis = client();
    const heard = told(redis, "close", "end", "reconnecting", "error");
    const replies = [redis.set("k", "v"), redis.incr("n"), redis.quit()];
    assert.deepEqual(await Promise.all(replies), ["OK", 1, "OK"]);
    await until(() => redis.status === "end");
    assert.deepEqual(heard, ["close", "end"]);
    assert.equal(db.stats().sessions, 1);
    await assert.rejects(redis.get("k"), /Connection is closed/);
  });

  test(`${name} disconnects, and connects again`, async (t) => {
    const [db, client] = await setup(t);
    const redis = client();
    await redis.set("k", "v");
    redis.disconnect();
    await until(() => redis.status === "end");
    assert.equal(db.stats().sessions, 1);
    await redis.connect();
    assert.equal(await redis.get("k"), "v");
  });

  test(`${name} comes back when its connection is killed, with its subscriptions`, async (t) => {
    const [db, client] = await setup(t);
    const redis = client({ retryStrategy: () => 1 });
    const heard = [];
    redis.on("message", (channel, message) => heard.push([channel, message]));
    await redis.subscribe("news");
    const before = told(redis, "close", "reconnecting", "ready");
    const id = /id=(\d+) [^\n]*sub=1/.exec(db.client("LIST"))[1];
    assert.equal(db.client("KILL", "ID", id), 1);
    await until(() => before.includes("ready") && db.pubsub("NUMSUB", "news").at(-1) === 1);
    assert.deepEqual(before, ["close", "reconnecting", "ready"]);
    db.publish("news", "again");
    await until(() => heard.length === 1);
    assert.deepEqual(heard, [["news", "again"]]);
  });

  test(`${name} is cut when it does not read, as on a socket`, async (t) => {
    const [db, client] = await setup(t);
    db.config("SET", "client-output-buffer-limit", "pubsub 4000000 0 0");
    const redis = client({ retryStrategy: null });
    const heard = told(redis, "close");
    await redis.subscribe("news");
    redis.stream.pause();
    const message = "x".repeat(1_000_000);
    let reached = 1;
    for (let sent = 0; reached === 1 && sent < 20; sent++) {
      reached = db.publish("news", message);
      await new Promise(setImmediate);
    }
    assert.equal(reached, 0);
    redis.stream.resume();
    await until(() => heard.length > 0);
  });

  test(`${name} ends when the database is closed, and says why`, async (t) => {
    const [db, client] = await setup(t);
    const redis = client({ retryStrategy: () => 1, maxRetriesPerRequest: null });
    const errors = [];
    redis.on("error", (error) => errors.push(error.name));
    await redis.ping();
    const waiting = redis.blpop("jobs", 0).catch((error) => error.message);
    await until(() => /flags=b /.test(db.client("LIST")));
    db.close();
    await until(() => redis.status === "end");
    assert.deepEqual(errors, ["ClosedError"]);
    assert.match(await waiting, /closed/);
  });

  test(`${name} needs no password in process, and checks one that is given`, async (t) => {
    const [, client] = await setup(t, { requirepass: "secret" });
    assert.equal(await client().set("k", "v"), "OK");
    assert.equal(await client({ password: "secret" }).get("k"), "v");
    const wrong = client({ password: "wrong", retryStrategy: null });
    const [error] = await new Promise((done) => wrong.on("error", (...got) => done(got)));
    assert.match(error.message, /WRONGPASS/);
  });
}

for (const protocol of [2, 3]) {
  test(`ioredis 6 speaks RESP${protocol}; 5 knows only RESP2`, async (t) => {
    const db = await open();
    const redis = new MAJORS["ioredis 6"](options(db, { protocol }));
    t.after(() => redis.disconnect());
    assert.match(String(await redis.client("LIST")), new RegExp(`resp=${protocol} lib-name=ioredis`));
    db.zadd("z", 1.5, "m");
    assert.deepEqual(await redis.zrange("z", 0, -1, "WITHSCORES"), ["m", "1.5"]);
  });
}

test("a wait with a deadline keeps the process alive until then, an idle client does not", () => {
  const code = `import Redis from "ioredis"; import { open } from "wakey"; import { options } from "wakey/ioredis";
    const redis = new Redis(options(await open()));
    console.log(await redis.blpop("none", 0.05), await redis.ping());`;
  const done = spawnSync(process.execPath, ["--input-type=module", "-e", code], { cwd: pkg, encoding: "utf8", timeout: 20_000 });
  assert.deepEqual([done.status, done.stdout], [0, "null PONG\n"], done.stderr);
});
