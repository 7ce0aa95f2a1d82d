/** `fetchHandler`: Upstash's REST interface, asked as a client asks it: commands, lists of them, and what is none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "wakey";
import { fetchHandler } from "wakey/upstash";
import { HOST, setup } from "./rest-kit.mjs";

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
