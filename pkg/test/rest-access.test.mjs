/** `fetchHandler`: who may ask what: tokens, the read-only one, pages of other sites. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "wakey";
import { fetchHandler } from "wakey/upstash";
import { bearer, HOST, setup } from "./rest-kit.mjs";

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
