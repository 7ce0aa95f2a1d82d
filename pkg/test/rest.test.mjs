/** `fetchHandler`: Upstash's REST interface, asked as a client asks it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { manualClock, open } from "wakey";
import { fetchHandler } from "wakey/upstash";
import { pkg, until } from "./support.mjs";

const HOST = "http://localhost:8080";

/** A handler on a database of its own, and short ways to ask it. */
async function setup(options = { unprotected: true }, more = {}) {
  const db = await open(more);
  const handler = fetchHandler(db, options);
  const ask = (path, init = {}) => handler(new Request(HOST + path, init));
  const answer = async (path, init) => {
    const response = await ask(path, init);
    return [response.status, await response.json()];
  };
  const post = (body, path = "/", init = {}) =>
    answer(path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), ...init });
  return { db, handler, ask, answer, post };
}

const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });

/** The lines of server-sent events of a response, as they come. */
async function* events(response) {
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 2);
    }
  }
}

async function take(iterator, n) {
  const out = [];
  while (out.length < n) {
    const { value, done } = await iterator.next();
    if (done) break;
    out.push(value);
  }
  return out;
}

test("a command is a JSON array in the body", async () => {
  const { post } = await setup();
  assert.deepEqual(await post(["SET", "k", "v", "EX", 100]), [200, { result: "OK" }]);
  assert.deepEqual(await post(["GET", "k"]), [200, { result: "v" }]);
  assert.deepEqual(await post(["ttl", "k"]), [200, { result: 100 }]);
  assert.deepEqual(await post(["GET", "none"]), [200, { result: null }]);
  assert.deepEqual(await post(["HSET", "h", "a", 1, "b", true]), [200, { result: 2 }]);
  assert.deepEqual(await post(["HGETALL", "h"]), [200, { result: ["a", "1", "b", "true"] }]);
  assert.deepEqual(await post(["ZADD", "z", 1.5, "m"]), [200, { result: 1 }]);
  assert.deepEqual(await post(["ZSCORE", "z", "m"]), [200, { result: "1.5" }]);
  assert.deepEqual(await post(["GET", "h"]), [400, { error: "WRONGTYPE Operation against a key holding the wrong kind of value" }]);
  assert.deepEqual(await post(["GET"]), [400, { error: "ERR wrong number of arguments for 'get' command" }]);
  assert.deepEqual(await post(["PING"], "", { method: "PUT" }), [200, { result: "PONG" }]);
});

test("a command is a path, then the body, then the query", async () => {
  const { answer, db } = await setup();
  assert.deepEqual(await answer("/set/k/v/EX/100"), [200, { result: "OK" }]);
  assert.deepEqual(await answer("/GET/k"), [200, { result: "v" }]);
  assert.equal(db.ttl("k"), 100);
  assert.deepEqual(await answer("/set/k2?PX=5000&NX", { method: "POST", body: '{"a":1}' }), [200, { result: "OK" }]);
  assert.deepEqual(await answer("/get/k2"), [200, { result: '{"a":1}' }]);
  assert.ok(db.pttl("k2") > 4000);
  assert.deepEqual(await answer("/set/k2/x?NX"), [200, { result: null }]);
  assert.deepEqual(await answer("/set/caf%C3%A9%2F1/a%20b+c"), [200, { result: "OK" }]);
  assert.equal(db.get("café/1"), "a b+c");
  assert.deepEqual(await answer("/set/empty/"), [200, { result: "OK" }]);
  assert.equal(db.get("empty"), "");
  assert.deepEqual(await answer("/set/bytes/%FF%00a"), [200, { result: "OK" }]);
  assert.deepEqual(db.bytes.get("bytes"), Uint8Array.of(255, 0, 97));
  const binary = Uint8Array.of(0, 255, 13, 10);
  await answer("/set/raw", { method: "POST", body: binary });
  assert.deepEqual(db.bytes.get("raw"), binary);
});

test("arrays and vector sets over REST, with RESP2's replies", async () => {
  const commands = [
    ["VADD", "rest:v", "VALUES", 2, 1, 0, "a", "SETATTR", '{"n":1}'],
    ["VADD", "rest:v", "VALUES", 2, 0, 1, "b"],
    ["VSIM", "rest:v", "ELE", "a", "WITHATTRIBS"],
    ["VSIM", "rest:v", "ELE", "a", "WITHSCORES", "FILTER", ".n == 1"],
    ["ARSET", "rest:a", 0, "x", "y"],
    ["ARSET", "rest:a", "9007199254740991", "z"],
    ["ARSCAN", "rest:a", 1, "18446744073709551614"],
    ["DEL", "rest:v", "rest:a"],
  ];
  const { post } = await setup();
  const [status, replies] = await post(commands, "/pipeline");
  assert.equal(status, 200);
  assert.deepEqual(
    replies.map(({ result, error }) => result ?? error),
    [
      1,
      1,
      ["a", '{"n":1}', "b", null],
      ["a", "1"],
      2,
      1,
      [
        [1, "y"],
        [9007199254740991, "z"],
      ],
      2,
    ],
  );
});

test("HEAD runs a command and has no body", async () => {
  const { ask, db } = await setup();
  const response = await ask("/incr/n", { method: "HEAD" });
  assert.deepEqual([response.status, await response.text(), db.get("n")], [200, "", "1"]);
});

test("numbers keep every digit, in both directions", async () => {
  const { post, ask } = await setup();
  await post('["SET", "n", 9007199254740993]');
  assert.deepEqual(await post(["GET", "n"]), [200, { result: "9007199254740993" }]);
  await post('["MSET", "a\\"1", 1.10, "b\\\\", -0.5e3, "c", 12345678901234567890]');
  assert.deepEqual(await post(["MGET", 'a"1', "b\\", "c"]), [200, { result: ["1.10", "-0.5e3", "12345678901234567890"] }]);
  assert.equal(await (await ask("/incr/n")).text(), '{"result":9007199254740994}');
});

test("a pipeline gives each command its result or its error, on one session", async () => {
  const { post, db } = await setup();
  const commands = [
    ["SET", "key1", "valuex"],
    ["SETEX", "key2", 13, "valuez"],
    ["INCR", "key1"],
    ["ZADD", "myset", 11, "item1", 22, "item2"],
  ];
  assert.deepEqual(await post(commands, "/pipeline"), [
    200,
    [{ result: "OK" }, { result: "OK" }, { error: "ERR value is not an integer or out of range" }, { result: 2 }],
  ]);
  assert.deepEqual(await post([["SELECT", 1], ["SET", "k", "v"], ["MULTI"], ["GET", "k"], ["EXEC"]], "/pipeline"), [
    200,
    [{ result: "OK" }, { result: "OK" }, { result: "OK" }, { result: "QUEUED" }, { result: ["v"] }],
  ]);
  assert.deepEqual(await post(["GET", "k"]), [200, { result: null }]);
  assert.deepEqual(await post([["PING"], ["QUIT"], ["SET", "late", 1]], "/pipeline"), [
    200,
    [{ result: "PONG" }, { result: "OK" }, { result: null }],
  ]);
  assert.equal(db.get("late"), null);
});

test("a transaction runs whole or not at all", async () => {
  const { post, db } = await setup();
  assert.deepEqual(
    await post(
      [
        ["SET", "k", 1],
        ["INCR", "k"],
        ["HGET", "k", "f"],
        ["LRANGE", "none", 0, -1],
      ],
      "/multi-exec",
    ),
    [
      200,
      [{ result: "OK" }, { result: 2 }, { error: "WRONGTYPE Operation against a key holding the wrong kind of value" }, { result: [] }],
    ],
  );
  const [status, { error }] = await post(
    [
      ["SET", "k", 7],
      ["SET", "k"],
    ],
    "/multi-exec",
  );
  assert.deepEqual([status, error], [400, "EXECABORT Transaction discarded because of: ERR wrong number of arguments for 'set' command"]);
  for (const command of [["EXEC"], ["DISCARD"], ["MULTI"], ["WATCH", "k"], ["RESET"], ["QUIT"], ["SUBSCRIBE", "c"]]) {
    const [code, answer] = await post([["SET", "k", 7], command, ["SET", "k", 8]], "/multi-exec");
    assert.equal(code, 400);
    assert.match(answer.error, /^EXECABORT /, command[0]);
  }
  assert.equal(db.get("k"), "2");
});

test("base64 encodes every string but the status OK", async () => {
  const { post, ask, db } = await setup();
  const headers = { "Upstash-Encoding": "base64" };
  assert.deepEqual(await post(["SET", "foo", "bar"], "/", { headers }), [200, { result: "OK" }]);
  assert.deepEqual(await post(["GET", "foo"], "/", { headers }), [200, { result: "YmFy" }]);
  assert.deepEqual(await post(["PING"], "/", { headers }), [200, { result: "UE9ORw==" }]);
  db.set("raw", Uint8Array.of(0, 255));
  assert.deepEqual(await post([["MGET", "raw", "none"], ["INCR", "n"], ["NOSUCH"]], "/pipeline", { headers }), [
    200,
    [{ result: ["AP8=", null] }, { result: 1 }, { error: "ERR unknown command 'NOSUCH'" }],
  ]);
  assert.equal(await (await ask("/get/raw")).text(), '{"result":"\\u0000\ufffd"}'.replace("\\u0000", "\\u0000"));
});

test("replies come as RESP2 when they are asked for so", async () => {
  const { ask, db } = await setup();
  const headers = { "Upstash-Response-Format": "resp2" };
  const reply = async (path, init) => {
    const response = await ask(path, { headers, ...init });
    return [response.status, response.headers.get("content-type"), await response.text()];
  };
  db.set("foo", "bar");
  assert.deepEqual(await reply("/get/foo"), [200, "application/octet-stream", "$3\r\nbar\r\n"]);
  assert.deepEqual(await reply("/pipeline", { method: "POST", body: '[["PING"],["GET","none"]]' }), [
    200,
    "application/octet-stream",
    "+PONG\r\n$-1\r\n",
  ]);
  assert.equal((await ask("/ping", { headers: { "Upstash-Response-Format": "xml" } })).status, 400);
  assert.equal((await ask("/ping", { headers: { ...headers, "Upstash-Encoding": "base64" } })).status, 400);
});

test("only the token opens, in the header or in the query", async () => {
  const { answer, db } = await setup({ token: "secret" });
  db.set("k", "v");
  const refused = [401, { error: "Unauthorized" }];
  assert.deepEqual(await answer("/get/k"), refused);
  for (const wrong of ["", "secre", "secrets", "secretsecret", "Secret", "sécret", "x".repeat(10_000)]) {
    assert.deepEqual(await answer(`/get/k?_token=${encodeURIComponent(wrong)}`), refused, wrong);
    if (wrong !== "sécret") assert.deepEqual(await answer("/get/k", bearer(wrong)), refused, wrong);
  }
  assert.deepEqual(await answer("/get/k", { headers: { authorization: "Basic secret" } }), refused);
  assert.deepEqual(await answer("/get/k?_token=secret", bearer("wrong")), refused);
  assert.deepEqual(await answer("/get/k", bearer("secret")), [200, { result: "v" }]);
  assert.deepEqual(await answer("/set/k?_token=secret&EX=9", { method: "POST", body: "w" }), [200, { result: "OK" }]);
  assert.deepEqual(await answer("/subscribe/c"), refused);
});

test("without a token everything is refused, unless it is said to be unprotected", async () => {
  for (const options of [undefined, {}, { token: "", readonlyToken: "" }, { token: undefined }]) {
    const db = await open();
    const handler = fetchHandler(db, options);
    for (const init of [{}, bearer(""), bearer("undefined"), bearer("null")])
      assert.equal((await handler(new Request(`${HOST}/ping`, init))).status, 401);
  }
  const { answer } = await setup({ unprotected: true });
  assert.deepEqual(await answer("/ping"), [200, { result: "PONG" }]);
});

test("scripts run over REST; with the read-only token those that cannot write", async () => {
  const { answer, post, db } = await setup({ token: "all", readonlyToken: "read" }, { scriptTimeout: 50 });
  const all = bearer("all");
  const read = bearer("read");
  const get = "return redis.call('get', KEYS[1])";
  assert.deepEqual(await post(["EVAL", "return redis.call('incr', KEYS[1])", 1, "n"], "/", all), [200, { result: 1 }]);
  assert.deepEqual(await answer(`/eval/${encodeURIComponent("return {ARGV[1], 1}")}/0/a`, all), [200, { result: ["a", 1] }]);
  assert.deepEqual(
    await post(
      [
        ["SCRIPT", "LOAD", get],
        ["EVALSHA", db.prepare(get).sha, 1, "n"],
      ],
      "/pipeline",
      all,
    ),
    [200, [{ result: db.prepare(get).sha }, { result: "1" }]],
  );
  assert.deepEqual(
    await post(
      [
        ["SET", "n", 5],
        ["EVAL", get, 1, "n"],
      ],
      "/multi-exec",
      all,
    ),
    [200, [{ result: "OK" }, { result: "5" }]],
  );
  db.function(
    "LOAD",
    `#!lua name=l\nredis.register_function{function_name='look', callback=function(k) ${get.replace("KEYS", "k")} end, flags={'no-writes'}}`,
  );
  assert.deepEqual(await post(["EVAL_RO", get, 1, "n"], "/", read), [200, { result: "5" }]);
  assert.deepEqual(await post(["EVALSHA_RO", db.prepare(get).sha, 1, "n"], "/", read), [200, { result: "5" }]);
  assert.deepEqual(await post(["FCALL_RO", "look", 1, "n"], "/", read), [200, { result: "5" }]);
  for (const call of ["redis.call('set', KEYS[1], 1)", "redis.call('publish', 'c', 'm')", "redis.call('keys', '*')"]) {
    const [status, { error }] = await post(["EVAL_RO", `return ${call}`, 1, "n"], "/", read);
    assert.equal(status, 400);
    assert.match(error, /^NOPERM/, call);
  }
  const [status, { error }] = await post(["EVAL", "while true do end", 0], "/", all);
  assert.deepEqual([status, error.slice(0, 40)], [400, "ERR Script killed by user with SCRIPT KI"]);
});

test("the read-only token reads", async () => {
  const { answer, post, db } = await setup({ token: "all", readonlyToken: "read" });
  db.set("k", "v");
  const read = bearer("read");
  const denied = (name) => ({ error: `NOPERM this user has no permissions to run the '${name}' command or its subcommand` });
  assert.deepEqual(await answer("/get/k", read), [200, { result: "v" }]);
  assert.deepEqual(await answer("/ping", read), [200, { result: "PONG" }]);
  assert.deepEqual(await answer("/object/encoding/k", read), [200, { result: "embstr" }]);
  for (const command of [
    "SET k x",
    "del k",
    "GETEX k EX 1",
    "flushall",
    "keys *",
    "scan 0",
    "publish c m",
    "xgroup create s g $ mkstream",
    "CONFIG SET maxmemory 1",
    "config get requirepass",
    "client kill id 1",
    "debug sleep 0",
    "eval x 0",
    `evalsha ${"0".repeat(40)} 0`,
    "fcall f 0",
    "script load x",
    "script flush",
    "script kill",
    "function load x",
    "function flush",
    "sort k store l",
    "monitor",
  ]) {
    const [status, body] = await post(command.split(" "), "/", read);
    const name = command.split(" ")[0].toLowerCase();
    assert.deepEqual([status, body], [400, denied(name)], command);
  }
  assert.deepEqual(
    await post(
      [
        ["GET", "k"],
        ["DEL", "k"],
        ["STRLEN", "k"],
      ],
      "/pipeline",
      read,
    ),
    [200, [{ result: "v" }, denied("del"), { result: 1 }]],
  );
  assert.deepEqual(
    await post(
      [
        ["GET", "k"],
        ["DEL", "k"],
      ],
      "/multi-exec",
      read,
    ),
    [400, { error: `EXECABORT Transaction discarded because of: ${denied("del").error}` }],
  );
  assert.deepEqual(await answer("/nosuch", read), [400, { error: "ERR unknown command 'nosuch'" }]);
  assert.equal(db.get("k"), "v");
  assert.deepEqual(await answer("/del/k", bearer("all")), [200, { result: 1 }]);
});

test("what is no command gets 400 with a reason, and other methods 405", async () => {
  const { post, answer, ask } = await setup();
  for (const body of [
    "",
    "{",
    '"GET"',
    "{}",
    "[]",
    "[null]",
    '["GET", null]',
    '["GET", ["k"]]',
    '["GET", {}]',
    "[[]]",
    "12",
    "[1,]",
    "\u0000",
  ]) {
    const [status, { error }] = await post(body);
    assert.equal(status, 400, body);
    assert.match(error, /^ERR /, body);
  }
  for (const path of ["/pipeline", "/multi-exec"]) {
    for (const body of ["", "[]", "{}", '["GET","k"]', "[[]]", '[["GET",null]]'])
      assert.equal((await post(body, path))[0], 400, path + body);
    assert.equal((await answer(path))[0], 400);
  }
  assert.equal((await answer("/"))[0], 400);
  for (const method of ["DELETE", "PATCH", "OPTIONS"]) {
    const response = await ask("/ping", { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "HEAD, GET, POST, PUT"]);
  }
});

test("a body that is too long gets 413, announced or not, and is not read on", async () => {
  const { answer } = await setup({ unprotected: true, maxBody: 1000 });
  assert.deepEqual(await answer("/set/k", { method: "POST", body: "x".repeat(1000) }), [200, { result: "OK" }]);
  const refused = { error: "ERR max request size exceeded. Limit: 1000 bytes, Actual: 1001 bytes" };
  assert.deepEqual(await answer("/set/k", { method: "POST", body: "x".repeat(1001), headers: { "content-length": "1001" } }), [
    413,
    refused,
  ]);
  let pulled = 0;
  const body = new ReadableStream({
    pull: (controller) => (pulled++ < 100_000 ? controller.enqueue(new Uint8Array(100)) : controller.close()),
  });
  const [status] = await answer("/set/k", { method: "POST", body, duplex: "half" });
  assert.equal(status, 413);
  assert.ok(pulled < 20, String(pulled));
});

test("a half body is refused and nothing has run", async () => {
  const { ask, db } = await setup();
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("half"));
      controller.error(new Error("gone"));
    },
  });
  assert.equal((await ask("/set/k", { method: "POST", body, duplex: "half" })).status, 500);
  assert.equal(db.get("k"), null);
});

test("garbage is answered, never thrown", async () => {
  const { handler, db } = await setup();
  let seed = 7;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const bits = [
    "[",
    "]",
    '"',
    "\\",
    ",",
    "{",
    "GET",
    "k",
    "\\u0000",
    "1e999",
    "-",
    "\u00ff",
    "%",
    "%F",
    "%ff",
    "/",
    "?",
    "&",
    "=",
    "pipeline",
    "subscribe",
  ];
  for (let i = 0; i < 3000; i++) {
    const text = Array.from({ length: random(9) }, () => bits[random(bits.length)]).join("");
    const init = random(2) ? { method: "POST", body: text } : {};
    let request;
    try {
      request = new Request(`${HOST}/${random(2) ? text : ""}`, { ...init, headers: random(3) ? {} : { "upstash-encoding": "base64" } });
    } catch {
      continue;
    }
    const response = await handler(request);
    assert.ok([200, 400].includes(response.status), `${response.status} for ${text}`);
    await response.body?.cancel();
  }
  assert.equal(db.stats().sessions, 1);
});

test("the sync token comes back", async () => {
  const { ask } = await setup();
  const response = await ask("/ping", { headers: { "upstash-sync-token": "abc" } });
  assert.equal(response.headers.get("upstash-sync-token"), "abc");
  assert.equal((await ask("/ping")).headers.get("upstash-sync-token"), null);
});

test("pages of other origins may ask only when they are named", async () => {
  const origin = { origin: "https://app.test" };
  const preflight = {
    method: "OPTIONS",
    headers: { ...origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization,upstash-encoding" },
  };
  const allowed = (response) => response.headers.get("access-control-allow-origin");
  const named = await setup({ token: "t", cors: ["https://app.test", "https://b.test"] });
  const answer = await named.ask("/", preflight);
  assert.deepEqual(
    [answer.status, allowed(answer), answer.headers.get("access-control-allow-headers"), answer.headers.get("vary")],
    [204, origin.origin, "authorization,upstash-encoding", "origin"],
  );
  assert.equal(allowed(await named.ask("/ping", { headers: origin })), origin.origin);
  assert.equal(allowed(await named.ask("/ping", { headers: { origin: "https://evil.test" } })), null);
  assert.equal(allowed(await named.ask("/ping", { ...preflight, headers: { origin: "https://evil.test" } })), null);
  assert.equal(allowed(await (await setup({ token: "t", cors: "*" })).ask("/ping", { headers: origin })), "*");
  const closed = await setup({ token: "t" });
  assert.deepEqual([(await closed.ask("/", preflight)).status, allowed(await closed.ask("/ping", { headers: origin }))], [405, null]);
});

test("it can be mounted under a path", async () => {
  const { answer, post } = await setup({ unprotected: true, base: "/api/redis/" });
  assert.deepEqual(await answer("/api/redis/set/k/v"), [200, { result: "OK" }]);
  assert.deepEqual(await post(["GET", "k"], "/api/redis"), [200, { result: "v" }]);
  assert.deepEqual(await post([["GET", "k"]], "/api/redis/pipeline"), [200, [{ result: "v" }]]);
  assert.equal((await answer("/get/k"))[0], 404);
  assert.equal((await answer("/api/redisx/get/k"))[0], 404);
});

test("a session ends with its request", async () => {
  const { post, db } = await setup();
  for (const command of [["MULTI"], ["WATCH", "k"], ["SELECT", 3], ["CLIENT", "SETNAME", "x"], ["CLIENT", "REPLY", "OFF"]]) {
    assert.equal((await post(command))[0], 200);
    assert.equal(db.stats().sessions, 1);
  }
  assert.deepEqual(await post(["HELLO", 3]), [400, { error: "NOPROTO unsupported protocol version" }]);
  assert.deepEqual(await post(["SET", "k", "v"]), [200, { result: "OK" }]);
  assert.equal(db.get("k"), "v");
});

test("a command that waits waits in its request, and ends with it", async () => {
  const clock = manualClock(1000);
  const { post, ask, db } = await setup({ unprotected: true }, { clock });
  const waiting = (n) => until(() => (db.client("LIST").match(/flags=b /g) ?? []).length === n);
  const reply = post(
    [
      ["BLPOP", "jobs", 0],
      ["GET", "k"],
    ],
    "/pipeline",
  );
  await waiting(1);
  db.set("k", "v");
  db.rpush("jobs", "now");
  assert.deepEqual(await reply, [200, [{ result: ["jobs", "now"] }, { result: "v" }]]);
  const late = post(["BLPOP", "jobs", 5]);
  await waiting(1);
  clock.advance(5000);
  assert.deepEqual(await late, [200, { result: null }]);
  const controller = new AbortController();
  const left = ask("/blpop/jobs/0", { signal: controller.signal });
  await waiting(1);
  controller.abort();
  assert.equal((await left).status, 499);
  assert.equal(db.stats().sessions, 1);
  assert.equal(db.rpush("jobs", "kept"), 1);
  const closing = post(["BLPOP", "none", 0]);
  await waiting(1);
  db.close();
  assert.deepEqual(await closing, [500, { error: "this database is closed" }]);
  assert.deepEqual(await post(["PING"]), [500, { error: "this database is closed" }]);
});

test("maxWait ends a wait as its own end would; a client that leaves is still told from that", async () => {
  const { post, ask, db } = await setup({ unprotected: true, maxWait: 0.05 });
  assert.deepEqual(await post(["BLPOP", "jobs", 0]), [200, { result: null }]);
  assert.deepEqual(await post(["BLPOP", "jobs", 0.01]), [200, { result: null }]);
  const raw = await ask("/blmove/jobs/other/LEFT/LEFT/0", { headers: { "upstash-response-format": "resp2" } });
  assert.equal(await raw.text(), "$-1\r\n");
  const pipeline = [
    ["XREAD", "BLOCK", 0, "STREAMS", "s", "$"],
    ["INCR", "n"],
  ];
  assert.deepEqual(await post(pipeline, "/pipeline"), [200, [{ result: null }, { result: 1 }]]);
  assert.equal((await ask("/blpop/jobs/0", { signal: AbortSignal.timeout(10) })).status, 499);
  assert.equal(db.stats().sessions, 1);
  await db.close();
});

test("a subscription is a stream of events, and ends with its reader", async () => {
  const { ask, db } = await setup();
  const response = await ask("/subscribe/chat/news", { method: "POST", body: "[]", headers: { accept: "text/event-stream" } });
  assert.deepEqual([response.status, response.headers.get("content-type")], [200, "text/event-stream"]);
  const stream = events(response);
  assert.deepEqual(await take(stream, 2), ["data: subscribe,chat,1", "data: subscribe,news,2"]);
  db.publish("chat", "how are you, today?");
  db.publish("news", "two\nlines");
  assert.deepEqual(await take(stream, 2), ["data: message,chat,how are you, today?", "data: message,news,two\ndata: lines"]);
  await stream.return();
  assert.equal(db.publish("chat", "x"), 0);
  assert.equal(db.stats().sessions, 1);

  const controller = new AbortController();
  const patterns = events(await ask("/psubscribe/n*", { signal: controller.signal }));
  assert.deepEqual(await take(patterns, 1), ["data: psubscribe,n*,1"]);
  db.publish("news", "é");
  assert.deepEqual(await take(patterns, 1), ["data: pmessage,n*,news,é"]);
  controller.abort();
  assert.deepEqual(await take(patterns, 1), []);
  assert.equal(db.stats().sessions, 1);
});

test("/monitor shows every command that runs", async () => {
  const { ask, db } = await setup();
  const shown = events(await ask("/monitor"));
  assert.deepEqual(await take(shown, 1), ['data: "OK"']);
  db.set("shown", "v");
  const [line] = await take(shown, 1);
  assert.match(line, /^data: \d+\.\d{6} \[0 \] "set" "shown" "v"$/);
  await shown.return();
  assert.equal(db.stats().sessions, 1);
});

test("streams end when they are killed, when the database is closed, and when nobody reads them", async () => {
  const { ask, db } = await setup();
  const killed = events(await ask("/subscribe/c"));
  await take(killed, 1);
  db.client("KILL", "TYPE", "pubsub");
  assert.deepEqual(await take(killed, 1), []);
  const unread = await ask("/subscribe/c");
  const message = "x".repeat(1_000_000);
  for (let i = 0; i < 20; i++) db.publish("c", message);
  assert.equal(db.publish("c", "x"), 0);
  await assert.rejects(unread.text(), /unread/);
  const closed = events(await ask("/subscribe/c"));
  await take(closed, 1);
  db.close();
  assert.deepEqual(await take(closed, 1), []);
});

test("a stream that cannot be is an error, and in a list of commands an element", async () => {
  const { answer, post } = await setup();
  assert.deepEqual(await answer("/subscribe"), [400, { error: "ERR wrong number of arguments for 'subscribe' command" }]);
  const [, [error, result]] = await post([["SUBSCRIBE", "c"], ["PING"]], "/pipeline");
  assert.deepEqual(result, { result: "PONG" });
  assert.match(error.error, /^ERR SUBSCRIBE is a stream/);
});

test("options are checked", async () => {
  const db = await open();
  for (const options of [
    { tokens: "x" },
    { token: 1 },
    { unprotected: "yes" },
    { token: "x", unprotected: true },
    { token: "x", readonlyToken: "x" },
    { cors: 1 },
    { cors: [1] },
    { base: "api" },
    { maxBody: -1 },
    { maxReply: -1 },
    { maxReply: "1" },
    { hosts: 1 },
    { hosts: [1] },
    { maxWait: 0 },
    null,
  ])
    assert.throws(() => fetchHandler(db, options), TypeError, JSON.stringify(options));
});

test("without a token, pages of other sites and names that are not known are refused; cors and hosts let them", async () => {
  const { handler, db } = await setup({ unprotected: true, cors: "https://app.test", hosts: ["Db.internal", "app.test:8080"] });
  const status = async (headers, url = "http://127.0.0.1:8080/incr/n", method = "POST") =>
    (await handler(new Request(url, { method, headers }))).status;
  const own = "http://127.0.0.1:8080";
  for (const [headers, ...where] of [
    [{}],
    [{ host: "localhost:8080" }],
    [{ host: "wakey.localhost" }],
    [{ host: "[::1]:8080" }],
    [{ host: "192.168.1.9" }],
    [{ host: "db.internal:6379" }],
    [{ host: "APP.test" }],
    [{ origin: own }],
    [{ origin: "https://localhost", host: "localhost" }],
    [{ "sec-fetch-site": "same-origin", origin: own }],
    [{ "sec-fetch-site": "none" }],
    [{ "sec-fetch-site": "cross-site", origin: "https://app.test" }],
    [{ origin: "https://app.test" }],
    [{}, "http://db.internal/incr/n"],
  ])
    assert.equal(await status(headers, ...where), 200, JSON.stringify([headers, ...where]));
  const before = db.get("n");
  for (const [headers, ...where] of [
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, undefined, "GET"],
    [{ "sec-fetch-site": "same-site", origin: "http://127.0.0.1:3000" }],
    [{ "sec-fetch-site": "cross-site", origin: "https://evil.test" }],
    [{ origin: "https://evil.test" }],
    [{ origin: "http://127.0.0.1:3000" }],
    [{ origin: "null" }],
    [{ origin: "https://app.test.evil.test" }],
    // DNS rebinding: the page's own name points here, so all is of one origin.
    [{ host: "evil.test:8080", origin: "http://evil.test:8080", "sec-fetch-site": "same-origin" }],
    [{ host: "evil.test" }, undefined, "GET"],
    [{ host: "127.0.0.1.evil.test" }],
    [{ host: "localhost.evil.test" }],
    [{ host: "evil.test@127.0.0.1" }],
    [{ host: "1.2.3.4.5" }],
    [{ host: "" }],
    [{}, "http://evil.test:8080/incr/n"],
  ])
    assert.equal(await status(headers, ...where), 403, JSON.stringify([headers, ...where]));
  assert.equal(db.get("n"), before);
  const [{ error }] = await Promise.all([(await handler(new Request(own, { headers: { origin: "null" } }))).json()]);
  assert.equal(error, "ERR requests of other sites' pages are refused; option cors names those that may ask");
  // A service worker sees a link that was followed, and not from where.
  const link = new Request("http://localhost/flushall");
  Object.defineProperty(link, "mode", { value: "navigate" });
  assert.equal((await handler(link)).status, 403);
  const anybody = fetchHandler(db, { unprotected: true, cors: "*" });
  const foreign = { "sec-fetch-site": "cross-site", origin: "https://evil.test" };
  assert.equal((await anybody(new Request("http://localhost/ping", { headers: foreign }))).status, 200);
  // With a token a page must know it, and no name matters.
  const guarded = fetchHandler(db, { token: "t" });
  const headers = { ...foreign, host: "evil.test", authorization: "Bearer t" };
  assert.equal((await guarded(new Request("http://evil.test/ping", { headers }))).status, 200);
});

test("a request is given maxReply bytes of replies: what is over it has run and is told so, and what is behind it does not run", async () => {
  const { post, ask, db } = await setup({ unprotected: true, maxReply: 3000 });
  db.set("big", "x".repeat(1000));
  const commands = [
    ["GET", "big"],
    ["INCR", "n"],
    ["GET", "big"],
    ["APPEND", "n", "0"],
    ["GETDEL", "big"],
    ["INCR", "n"],
    ["SUBSCRIBE", "c"],
  ];
  const [status, replies] = await post(commands, "/pipeline");
  assert.equal(status, 200);
  assert.deepEqual(replies.slice(1, 4), [{ result: 1 }, { result: "x".repeat(1000) }, { result: 2 }]);
  assert.deepEqual(replies.slice(4, 6), [
    { error: "ERR the replies of one request may have 3000 bytes, and this one of 1009 is too long: the command has run" },
    { error: "ERR not run: the replies of the commands before it have more than 3000 bytes" },
  ]);
  assert.match(replies[6].error, /^ERR SUBSCRIBE is a stream/);
  assert.deepEqual([db.get("n"), db.exists("big")], ["10", 0]);
  // Errors are short, and say more than that they are too much.
  db.set("big", "x".repeat(2990));
  assert.deepEqual((await post([["GET", "big"], ["GET"], ["PING"]], "/pipeline"))[1].slice(1), [
    { error: "ERR wrong number of arguments for 'get' command" },
    { error: "ERR not run: the replies of the commands before it have more than 3000 bytes" },
  ]);
  const one = { error: "ERR the replies of one request may have 3000 bytes, and this one of 6006 is too long: the command has run" };
  db.append("big", "x".repeat(1));
  db.rpush(
    "list",
    ..."x"
      .repeat(100)
      .split("")
      .map((x) => x.repeat(53)),
  );
  assert.deepEqual(await post(["LRANGE", "list", 0, -1]), [400, one]);
  // A transaction cannot stop in the middle: it has run.
  const transaction = [["SET", "n", 7], ...Array(400).fill(["PING"]), ["GET", "big"], ["INCR", "n"]];
  assert.deepEqual(await post(transaction, "/multi-exec"), [
    400,
    { error: "ERR the replies of one request may have 3000 bytes, and this one of 5815 is too long: the transaction has run" },
  ]);
  assert.equal(db.get("n"), "8");
  db.rpush("jobs", "x".repeat(4000));
  const raw = await ask("/blpop/jobs/0", { headers: { "upstash-response-format": "resp2" } });
  assert.match(await raw.text(), /^-ERR the replies of one request .* the command has run\r\n$/);
  assert.equal(db.exists("jobs"), 0);
  const waiting = post(
    [
      ["BLPOP", "jobs", 0],
      ["INCR", "n"],
    ],
    "/pipeline",
  );
  await until(() => /flags=b /.test(db.client("LIST")));
  db.rpush("jobs", "x".repeat(4000));
  assert.match((await waiting)[1][0].error, /the command has run$/);
  assert.equal(db.get("n"), "8");
});

test("long answers are made as they are read, and are the same", async () => {
  const { post, ask, db } = await setup();
  const text = '\u0000"\\ é\u20ac\ud83d\ude00\n\ufeff'.repeat(50_000);
  const bytes = Uint8Array.from({ length: 200_003 }, (_, i) => (i * 7919) >> 3);
  db.set("text", text);
  db.set("bytes", bytes);
  db.rpush("list", "a", text, "", bytes, "b");
  const read = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  assert.deepEqual(await post(["GET", "text"]), [200, { result: text }]);
  assert.deepEqual(await post(["GET", "bytes"]), [200, { result: read }]);
  const commands = [["GET", "text"], ["LRANGE", "list", 0, -1], ["GET"], ["LRANGE", "none", 0, -1], ["GET", "none"], ["GET", "bytes"]];
  const all = [
    { result: text },
    { result: ["a", text, "", read, "b"] },
    { error: "ERR wrong number of arguments for 'get' command" },
    { result: [] },
    { result: null },
    { result: read },
  ];
  assert.deepEqual(await post(commands, "/pipeline"), [200, all]);
  assert.deepEqual(
    await post(
      commands.filter(([, key]) => key !== undefined),
      "/multi-exec",
    ),
    [200, all.filter((one) => !("error" in one))],
  );
  const headers = { "upstash-encoding": "base64" };
  const encoded = (value) => Buffer.from(value).toString("base64");
  assert.deepEqual(await post(["LRANGE", "list", 0, -1], "/", { headers }), [
    200,
    { result: ["YQ==", encoded(text), "", encoded(bytes), "Yg=="] },
  ]);
  const raw = await ask("/pipeline", { method: "POST", body: JSON.stringify(commands), headers: { "upstash-response-format": "resp2" } });
  assert.equal(
    (await raw.arrayBuffer()).byteLength,
    commands.reduce((sum, [name, key]) => sum + lengthOf(name, key), 0),
  );
  function lengthOf(name, key) {
    if (key === undefined) return "-ERR wrong number of arguments for 'get' command\r\n".length;
    const bulk = (value) => 5 + String(value).length + value;
    const [t, b] = [Buffer.byteLength(text), bytes.length];
    if (name === "LRANGE") return key === "none" ? 4 : 4 + bulk(1) * 2 + bulk(0) + bulk(t) + bulk(b);
    return key === "none" ? 5 : bulk(key === "text" ? t : b);
  }
  // Arrays within arrays.
  for (let i = 0; i < 3000; i++) db.xadd("s", `${i + 1}-1`, { field: "v".repeat(30), other: "" });
  const [, { result }] = await post(["XRANGE", "s", "-", "+"]);
  assert.deepEqual(
    result,
    Array.from({ length: 3000 }, (_, i) => [`${i + 1}-1`, ["field", "v".repeat(30), "other", ""]]),
  );
});

test("between the commands of a long pipeline others have their turn", async () => {
  const { post, db } = await setup();
  db.set("big", "x".repeat(1 << 20));
  for (const commands of [Array(40).fill(["GET", "big"]), Array(40 * 1024).fill(["PING"])]) {
    let turns = 0;
    let over = false;
    const turn = () => {
      turns++;
      if (!over) setImmediate(turn);
    };
    setImmediate(turn);
    await post(commands, "/pipeline", { headers: { "upstash-response-format": "resp2" } }).catch(() => {});
    over = true;
    assert.ok(turns >= 40, String(turns));
  }
});

test("what a small request asks for does not end a process with a small heap", () => {
  const script = `
    import { open } from "wakey";
    import { fetchHandler } from "wakey/upstash";
    const db = await open();
    db.set("big", "\\0".repeat(1 << 20));
    const handler = fetchHandler(db, { unprotected: true });
    const out = [];
    for (const [path, n] of [["pipeline", 320], ["pipeline", 3700], ["multi-exec", 320]]) {
      const body = "[" + Array(n).fill('["GET","big"]').join() + "]";
      const response = await handler(new Request("http://localhost/" + path, { method: "POST", body }));
      let length = 0;
      for await (const chunk of response.body) length += chunk.length;
      out.push([response.status, Math.floor(length / 6 / (1 << 20))]);
    }
    out.push(process.memoryUsage().rss < 1.2e9);
    console.log(JSON.stringify(out));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--max-old-space-size=128", "--input-type=module", "-e", script], {
    cwd: pkg,
    encoding: "utf8",
  });
  assert.deepEqual([status, stdout], [0, "[[200,63],[200,63],[400,0],true]\n"], stderr.slice(0, 2000));
});

test("a reply far over maxReply is not even built: what would have been taken out stays, and nothing runs behind it", async () => {
  const db = await open();
  try {
    const handler = fetchHandler(db, { token: "t", maxReply: 1 << 20 });
    const ask = async (path, body) =>
      (
        await handler(
          new Request(`http://x${path}`, { method: "POST", headers: { authorization: "Bearer t" }, body: JSON.stringify(body) }),
        )
      ).json();
    for (let i = 0; i < 40; i++) db.rpush("l", "e".repeat(1 << 20));
    const before = Number(/used_memory_peak:(\d+)/.exec(db.info("memory"))[1]);
    const [first, second, third] = await ask("/pipeline", [
      ["LPOP", "l", "40"],
      ["LRANGE", "l", "0", "-1"],
      ["DEL", "l"],
    ]);
    assert.match(first.error, /^ERR the reply is longer/);
    assert.match(second.error, /^ERR not run/);
    assert.match(third.error, /^ERR not run/);
    assert.equal(db.llen("l"), 40);
    const after = Number(/used_memory_peak:(\d+)/.exec(db.info("memory"))[1]);
    assert.ok(after - before < 8 << 20, `${after - before} bytes were used for it`);
  } finally {
    db.close();
  }
});
