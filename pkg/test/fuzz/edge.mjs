/**
 * Garbage for what faces a network: requests of the REST interface, and messages over WebSockets. Used by `make fuzz` with many rounds, and
 * by `fuzz.test.mjs` with a few.
 */
import assert from "node:assert/strict";
import { manualClock, open } from "wakey";
import { fetchHandler } from "wakey/upstash";
import { contents, dial, FULL, READING, resp, runtime } from "../cloudflare/runtime.mjs";
import { source, until } from "../support.mjs";

/** A generator of random numbers below `n`, and of choices. */
export function chance(seed) {
  let state = seed >>> 0 || 1;
  const below = (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
  const one = (list) => list[below(list.length)];
  const some = (most, make) => Array.from({ length: below(most + 1) }, make);
  return { below, one, some };
}

const KEYS = ["k", "n", "list", "hash", "big", "__proto__", "constructor", "", "é", "{a}b", "%", "\u0000"];
const COMMANDS = [
  ["GET", "k"],
  ["SET", "k", "v"],
  ["SET", "k", "v", "EX", 10],
  ["INCR", "n"],
  ["APPEND", "k", "more"],
  ["RPUSH", "list", "a", "b"],
  ["LRANGE", "list", 0, -1],
  ["BLPOP", "none", 0],
  ["BLMOVE", "none", "list", "LEFT", "LEFT", 0],
  ["XREAD", "BLOCK", 0, "STREAMS", "s", "$"],
  ["HSET", "hash", "f", "v"],
  ["HGETALL", "hash"],
  ["MGET", "k", "n", "big", "big"],
  ["DEL", "k"],
  ["FLUSHALL"],
  ["SCAN", 0],
  ["PUBLISH", "c", "m"],
  ["SUBSCRIBE", "c"],
  ["PSUBSCRIBE", "*"],
  ["MONITOR"],
  ["MULTI"],
  ["EXEC"],
  ["DISCARD"],
  ["WATCH", "k"],
  ["SELECT", 3],
  ["HELLO", 2],
  ["HELLO", 3],
  ["CLIENT", "REPLY", "OFF"],
  ["CLIENT", "REPLY", "SKIP"],
  ["CLIENT", "KILL", "TYPE", "pubsub"],
  ["CONFIG", "SET", "client-query-buffer-limit", 1048576],
  ["CONFIG", "SET", "maxmemory", 1],
  ["CONFIG", "SET", "maxmemory", 0],
  ["COMMAND", "DOCS"],
  ["INFO"],
  ["OBJECT", "ENCODING", "k"],
  ["RESET"],
  ["QUIT"],
  ["PING"],
  ["NOSUCH"],
  ["constructor"],
  ["__proto__", "x"],
];

const MOST = 1 << 16;
const STATUSES = [200, 204, 400, 401, 403, 404, 405, 413];

/** Requests of all kinds: none is answered with 500 or more than it may be, and with the token that reads nothing changes. */
export async function requests(rounds, seed) {
  const { below, one, some } = chance(seed);
  let written = 0;
  const store = {
    kind: "test",
    synchronous: true,
    strict: true,
    load: () => {},
    append: (bytes) => {
      written += bytes.length;
    },
    rewrite: () => ({ begin: () => {}, write: () => {}, commit: () => {}, abort: () => {} }),
    close: () => {},
  };
  const db = await open({ clock: manualClock(1_700_000_000_000), seed, store });
  const limits = { maxReply: MOST, maxBody: 1 << 20, maxWait: 0.001 };
  const guarded = fetchHandler(db, { token: "all", readonlyToken: "read", cors: "https://page.test", ...limits });
  const unprotected = fetchHandler(db, { unprotected: true, base: "/redis", ...limits });

  const value = (depth) => {
    switch (below(depth > 2 ? 8 : 11)) {
      case 0:
        return one([null, true, false]);
      case 1:
        return one([0, -0, 1.5, 1e300, 2 ** 60, -1]);
      case 2:
        return "x".repeat(below(3000));
      case 3:
        return one(["\ud800", "\\", '"', "\u2028", "\u0000", "constructor", "__proto__"]);
      case 8:
        return some(3, () => value(depth + 1));
      case 9:
        return Object.fromEntries(some(2, () => [one(KEYS), value(depth + 1)]));
      default:
        return one(KEYS);
    }
  };
  const command = () => {
    const out = [...one(COMMANDS)];
    if (below(4) === 0) out[below(out.length + 1)] = value(0);
    if (below(8) === 0) out.push(...some(3, () => value(0)));
    return out;
  };
  const mutated = (text) => {
    let out = text;
    for (let n = below(4); n > 0; n--) {
      const at = below(out.length + 1);
      out = out.slice(0, at) + one(["", "[", "]", '"', "\\", ",", "\u0000", "1e999", "%", "-"]) + out.slice(at + below(2));
    }
    return out;
  };
  const body = () => {
    const isList = below(2) === 0;
    const text = JSON.stringify(isList ? some(below(20) === 0 ? 600 : 12, command) : command());
    if (below(40) === 0) return "x".repeat((1 << 20) + below(3) - 1);
    return below(4) === 0 ? mutated(text) : text;
  };
  const path = () => {
    if (below(2) === 0) return one(["/", "/pipeline", "/multi-exec", ""]);
    const words = (below(3) === 0 ? some(4, () => value(9)) : command()).map((word) => {
      const text = typeof word === "string" ? word : String(JSON.stringify(word));
      return below(4) === 0
        ? one(["%", "%f", "%ff", "..", ".", "%2F", "//", "\\"])
        : encodeURIComponent(text.toWellFormed?.() ?? text.slice(0, 9).replace(/[\ud800-\udfff]/g, ""));
    });
    return `/${words.join("/")}${below(3) === 0 ? `?${one(["EX=5", "_token=all", "_token=read", "NX", "=", "&&", "a=%ff"])}` : ""}`;
  };

  for (let round = 0; round < rounds; round++) {
    const isUnprotected = below(3) === 0;
    const token = isUnprotected ? undefined : one(["all", "read", "read", "wrong"]);
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(below(4) === 0 ? { "upstash-encoding": one(["base64", "BASE64", "x"]) } : {}),
      ...(below(4) === 0 ? { "upstash-response-format": one(["resp2", "json", "xml"]) } : {}),
      ...(below(6) === 0 ? { origin: one(["https://page.test", "https://evil.test", "null", ""]) } : {}),
      ...(below(6) === 0 ? { "sec-fetch-site": one(["cross-site", "same-origin", "none", "x"]) } : {}),
      ...(below(6) === 0 ? { host: one(["localhost", "evil.test", "[", "", "127.0.0.1:1"]) } : {}),
      ...(below(9) === 0 ? { "content-length": one(["9", "99999999999", "x"]) } : {}),
      ...(below(9) === 0 ? { "upstash-sync-token": "t" } : {}),
    };
    const method = one(["GET", "POST", "POST", "POST", "PUT", "HEAD", "OPTIONS", "DELETE"]);
    const init = { method, headers, ...(method === "POST" || method === "PUT" ? { body: body() } : {}) };
    const url = `http://localhost${isUnprotected ? one(["/redis", "/redis", ""]) : ""}${path()}`;
    const shown = `seed ${seed}, round ${round}: ${method} ${url.slice(0, 200)} ${JSON.stringify(headers)} ${init.body?.slice(0, 500)}`;
    const before = written;
    const response = await (isUnprotected ? unprotected : guarded)(new Request(url, init));
    assert.ok(STATUSES.includes(response.status), `${response.status}: ${shown}`);
    if (response.headers.get("content-type") === "text/event-stream") {
      await response.body?.cancel();
    } else {
      const text = await response.text();
      // Six bytes of JSON for one of a reply, and an error for each command that does not run.
      assert.ok(text.length < 6 * MOST + 200 * 700, `${text.length} bytes: ${shown}`);
      if (response.headers.get("content-type") === "application/json" && text !== "") JSON.parse(text);
    }
    if (token === "read") assert.equal(written, before, shown);
    if (below(50) === 0) {
      db.config("SET", "maxmemory", 0, "client-query-buffer-limit", 1 << 30);
      db.set("big", "\u0001".repeat(20_000));
    }
  }
  assert.equal(db.ping(), "PONG");
  await until(() => db.stats().sessions === 1);
  await db.close();
}

/** Commands whose replies are the same everywhere. */
const PLAIN = [
  ["SET", "k", "v"],
  ["SET", "{k}2", "x".repeat(40)],
  ["GET", "k"],
  ["DEL", "k"],
  ["APPEND", "k", "\r\n*1\r\n$4\r\nPING\r\n"],
  ["ECHO", "DEL k\r\n"],
  ["ECHO", resp("FLUSHALL")],
  ["FLUSHALL"],
  ["RPUSH", "{k}l", "a"],
  ["LRANGE", "{k}l", "0", "-1"],
  ["MULTI"],
  ["EXEC"],
  ["PING"],
  ["SELECT", "3"],
  ["CLIENT", "SETNAME", "me"],
  ["NOSUCH"],
];

const LENGTHS = [
  (n) => `0x${n.toString(16)}`,
  (n) => `0${n}`,
  (n) => ` ${n}`,
  (n) => `${n} `,
  (n) => `+${n}`,
  (n) => `${n}\r`,
  (n) => `${n}\r\r`,
  (n) => `${n}\n`,
  (n) => `${n}.0`,
  (n) => `${n}e0`,
  (n) => String(n + 1),
  (n) => String(n - 1),
  (n) => String(n + 2),
  () => "",
  () => "-1",
  () => "99999999999",
  () => "16777217",
];

/** One message, in ASCII, so that keys are names in JSON, too: commands whose lengths and line ends may be odd, with bytes that are changed, lost, or in lines. */
export function message({ below, one }) {
  const odd = below(3) === 0 ? 6 : 0;
  const length = (n) => (odd && below(odd) === 0 ? one(LENGTHS)(n) : String(n));
  const end = () => (odd && below(odd) === 0 ? one(["\n", "\r", "\r\r\n", "\rx", "xy", ""]) : "\r\n");
  let out = "";
  for (let n = 1 + below(4); n > 0; n--) {
    const args = [...one(PLAIN)];
    if (below(3) === 0) args[below(args.length)] = one(["", "k", "\r\n", "$3\r\n", "DEL k\r\n", "x".repeat(below(60))]);
    if (below(9) === 0) {
      out += `${args.join(" ")}${end()}`;
      continue;
    }
    out += `*${length(args.length)}${end()}`;
    for (const arg of args) out += `$${length(Buffer.byteLength(arg))}${end()}${arg}${end()}`;
  }
  if (below(5) > 0) return out;
  const bytes = Buffer.from(out, "latin1");
  for (let flips = below(4); flips > 0; flips--) bytes[below(bytes.length)] = below(128);
  return bytes.subarray(0, below(3) === 0 ? below(bytes.length + 1) : bytes.length).toString("latin1");
}

/** What the router takes for commands of a message, the engine takes for the same. */
export async function readings(rounds, seed) {
  const dice = chance(seed);
  const { commandAt } = await source("resp/incoming");
  const db = await open({ clock: manualClock(0), seed });
  const engine = db._engine;
  let shown = "";
  const watcher = engine.openSession({ resp: 2, trusted: true }, (bytes) => {
    shown += Buffer.from(bytes).toString("latin1");
  });
  engine.feed(watcher, Buffer.from(resp("MONITOR")));
  /** What MONITOR shows of bytes that a session is fed. */
  const ran = (bytes) => {
    shown = "";
    const session = engine.openSession({ resp: 2, trusted: true }, () => {});
    const n = engine.feed(session, bytes);
    const reply = Buffer.from(engine.bytes.slice(engine.replyAt(), engine.replyAt() + n)).toString("latin1");
    engine.attend(engine.flags());
    engine.closeSession(session);
    db.flushall();
    return [shown.replace(/^\+\d+\.\d+ /gm, ""), reply];
  };
  let taken = 0;
  for (let round = 0; round < rounds; round++) {
    const text = message(dice);
    const commands = [];
    let at = 0;
    try {
      for (let found = commandAt(text, at); found !== undefined; found = commandAt(text, at)) {
        if (found.command.length > 0) commands.push(found.command.map((arg) => Buffer.from(arg).toString("latin1")));
        at = found.end;
      }
    } catch (error) {
      assert.match(error.message, /^ERR Protocol error: /);
    }
    taken += commands.length;
    const anew = commands.map((args) => `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join("")}`).join("");
    assert.deepEqual(
      ran(Buffer.from(text.slice(0, at), "latin1")),
      ran(Buffer.from(anew, "latin1")),
      `seed ${seed}, round ${round}: ${JSON.stringify(text)}`,
    );
  }
  assert.ok(taken > rounds / 2, "hardly any message was taken for commands");
  await db.close();
}

/**
 * WebSockets to an object in workerd: with the token that reads nothing changes, over one object and over several; with the other one all
 * is as an engine has it that is fed the same bytes.
 */
export async function sockets(t, rounds, seed) {
  const dice = chance(seed);
  const { miniflare, at } = runtime(t);
  const db = await open({ seed });
  const engine = db._engine;
  engine.configure("proto-max-bulk-len", String(16 << 20));
  const rpc = at("one");
  const spread = at("several", "STORE", 2);
  for (const call of [rpc, spread]) for (const key of ["k", "{k}l"]) await call("command", "DEL", key);
  for (let round = 0; round < rounds; round++) {
    const text = message(dice);
    const about = `seed ${seed}, round ${round}: ${JSON.stringify(text)}`;
    const socket = await dial(miniflare, "/", { authorization: FULL });
    const session = engine.openSession({ resp: 2, trusted: true }, () => {});
    let reply = "";
    // As many QUITs as it takes to end a string that is not complete.
    for (const part of [text, resp("QUIT").repeat(10)]) {
      const n = engine.feed(session, Buffer.from(part, "latin1"));
      reply += Buffer.from(engine.bytes.slice(engine.replyAt(), engine.replyAt() + n)).toString("latin1");
    }
    engine.closeSession(session);
    socket.send(Buffer.from(text, "latin1"));
    socket.send(resp("QUIT").repeat(10));
    await closed(socket, about);
    assert.equal(socket.said(), reply, about);
    const held = await contents(rpc);
    assert.deepEqual(held, await contents(async (name, ...args) => local(db, name, args)), about);
    for (const [object, call] of [
      [{ "x-object": "one", "x-shards": "0" }, rpc],
      [{ "x-object": "several", "x-shards": "2" }, spread],
    ]) {
      await call("command", "SET", "k", "kept");
      const before = await contents(call);
      const reading = await dial(miniflare, "/", { ...object, authorization: READING });
      reading.send(Buffer.from(text, "latin1"));
      reading.send(resp("QUIT").repeat(10));
      await closed(reading, about);
      assert.deepEqual(await contents(call), before, about);
    }
    db.set("k", "kept");
  }
  await db.close();
}

async function closed(socket, about) {
  await until(() => socket.closed() !== undefined).catch(() => assert.fail(`it stays open: ${about}`));
}

/** What RPC answers, of a database in this process. */
function local(db, name, args) {
  if (name !== "pipeline") return db.call(...args);
  const session = db.session();
  const out = args[0].map((command) => ({ result: session.call(...command) }));
  session.close();
  return out;
}
