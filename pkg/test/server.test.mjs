/** `serve` with raw sockets. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdtempSync, statSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { manualClock, open } from "wakey";
import { serve } from "wakey/server";
import { context, skip } from "./pages.mjs";
import { dial, until } from "./support.mjs";

/** A figure of INFO, or of a command in its statistics; 0 where there is none. */
function figure(db, name) {
  return Number(new RegExp(`^${name}(\\d+)`, "m").exec(db.info("everything"))?.[1] ?? 0);
}

async function serving(options, body) {
  const server = await serve({ port: 0, ...options });
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

test("inline and RESP commands are answered in order", () =>
  serving({}, async ({ port, clients }) => {
    assert.equal(clients, 0);
    const peer = dial(port);
    await peer.ask("PING\r\n", "+PONG\r\n");
    await peer.ask(
      "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\n\xff\x00\n\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\nPING x\r\n",
      "+OK\r\n$3\r\n\xff\x00\n\r\n$1\r\nx\r\n",
    );
    peer.socket.destroy();
  }));

test("a command may come byte by byte", () =>
  serving({}, async ({ port }) => {
    const peer = dial(port);
    peer.socket.setNoDelay(true);
    for (const byte of "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nhello\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n") {
      peer.socket.write(byte);
      await new Promise(setImmediate);
    }
    await until(() => peer.text === "+OK\r\n$5\r\nhello\r\n");
    peer.socket.destroy();
  }));

test("ten thousand commands in one write are answered", () =>
  serving({}, async ({ port }) => {
    const peer = dial(port);
    const n = 10_000;
    await peer.ask("*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n".repeat(n), Array.from({ length: n }, (_, i) => `:${i + 1}\r\n`).join(""));
    peer.socket.destroy();
  }));

test("who sends the end right behind a command is answered", () =>
  serving({}, async ({ port }) => {
    // As much as is read at once, so that the end is found in the same turn.
    const head = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$65500\r\n";
    const peer = dial(port);
    peer.socket.end(`${head}${"x".repeat(65_500)}\r\n${"\r\n".repeat((65_536 - head.length - 65_502) / 2)}`);
    await until(() => peer.closed);
    assert.equal(peer.text, "+OK\r\n");
  }));

test("a large value passes both ways", () =>
  serving({}, async ({ port }) => {
    const peer = dial(port);
    const value = "x".repeat(900_000);
    await peer.ask(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${value.length}\r\n${value}\r\n`, "+OK\r\n");
    await peer.ask("GET k\r\n", `$${value.length}\r\n${value}\r\n`);
    peer.socket.destroy();
  }));

test("HELLO 3 changes the protocol of its connection only", () =>
  serving({}, async ({ port }) => {
    const [a, b] = [dial(port), dial(port)];
    assert.match(await a.hello(3), /^%7\r\n\$6\r\nserver\r\n\$5\r\nredis\r\n/);
    await a.ask("GET none\r\n", "_\r\n");
    await b.ask("GET none\r\n", "$-1\r\n");
    for (const peer of [a, b]) peer.socket.destroy();
  }));

test("a protocol error is answered as Redis does, then the connection is closed", () =>
  serving({}, async ({ port }) => {
    for (const [send, reply] of [
      ["*1\r\n$x\r\n", "-ERR Protocol error: invalid bulk length\r\n"],
      ["*1\r\n!3\r\n", "-ERR Protocol error: expected '$', got '!'\r\n"],
      ["*99999999999\r\n", "-ERR Protocol error: invalid multibulk length\r\n"],
      ["PING\r\nGET 'x\r\nPING\r\n", "+PONG\r\n-ERR Protocol error: unbalanced quotes in request\r\n"],
    ]) {
      const peer = dial(port);
      peer.socket.write(send);
      await until(() => peer.closed);
      assert.equal(peer.text, reply);
    }
  }));

test("QUIT is answered and closes; what follows it is not run", () =>
  serving({}, async ({ port, db }) => {
    const peer = dial(port);
    peer.socket.write("QUIT\r\nSET k v\r\n");
    await until(() => peer.closed);
    assert.equal(peer.text, "+OK\r\n");
    assert.equal(db.exists("k"), 0);
  }));

test("CLIENT KILL ends another connection", () =>
  serving({}, async (server) => {
    const [a, b] = [dial(server.port), dial(server.port)];
    await b.ask("PING\r\n", "+PONG\r\n");
    await a.ask("PING\r\n", "+PONG\r\n");
    assert.equal(server.clients, 2);
    b.text = "";
    b.socket.write("CLIENT ID\r\n");
    await until(() => b.text.endsWith("\r\n"));
    await a.ask(`CLIENT KILL ID ${b.text.slice(1).trim()}\r\n`, ":1\r\n");
    await until(() => b.closed);
    await until(() => server.clients === 1);
    a.socket.destroy();
    await until(() => server.clients === 0);
  }));

test("a client that pipelines much and reads nothing does not fill memory", () =>
  serving({}, async ({ port, db }) => {
    db.set("big", "x".repeat(1 << 20));
    const peer = dial(port, true);
    await until(() => peer.socket.readyState === "open");
    peer.socket.pause();
    const before = process.memoryUsage().rss;
    peer.socket.write("GET big\r\n".repeat(2000));
    // Until the event loop has turned many times without one more command being run.
    const ran = () => figure(db, "cmdstat_get:calls=");
    for (let still = 0, before = -1; still < 100; await new Promise(setImmediate)) {
      still = before === ran() ? still + Number(before > 0) : 0;
      before = ran();
    }
    assert.ok(ran() < 2000, `${ran()} of 2000 commands were run`);
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 300e6, `grew by ${grown} bytes`);
    // And when it reads at last, everything comes.
    peer.socket.on("data", (chunk) => {
      peer.bytes += chunk.length;
    });
    peer.socket.resume();
    await until(() => peer.bytes === 2000 * ((1 << 20) + 12), 60_000);
    peer.socket.destroy();
  }));

test("a client over its output buffer limit is cut off", () =>
  serving({}, async (server) => {
    server.db.config("SET", "client-output-buffer-limit", "normal 2000000 0 0");
    server.db.set("big", "x".repeat(30_000_000));
    const peer = dial(server.port);
    await peer.ask("PING\r\n", "+PONG\r\n");
    assert.equal(server.clients, 1);
    peer.socket.pause();
    peer.socket.write("GET big\r\n");
    await until(() => server.clients === 0);
    peer.socket.destroy();
  }));

test("a command that waits is answered as soon as somebody pushes, from a socket or in process", () =>
  serving({}, async ({ port, db }) => {
    const [a, b] = [dial(port), dial(port)];
    a.socket.write("BLPOP jobs 0\r\n");
    await until(() => /flags=b /.test(db.client("LIST")));
    await b.ask("RPUSH jobs one\r\n", ":1\r\n");
    await until(() => a.text === "*2\r\n$4\r\njobs\r\n$3\r\none\r\n");
    a.text = "";
    a.socket.write("BRPOP jobs 0\r\n");
    await until(() => /flags=b /.test(db.client("LIST")));
    const reply = db.blpop("jobs", 0);
    db.rpush("jobs", "two", "three");
    assert.deepEqual(await reply, ["jobs", "two"]);
    await until(() => a.text === "*2\r\n$4\r\njobs\r\n$5\r\nthree\r\n");
    await a.ask("BLPOP jobs 0.05\r\n", "*-1\r\n");
    for (const peer of [a, b]) peer.socket.destroy();
  }));

test("what was sent behind a command that waits is answered once it is, however long", () =>
  serving({}, async ({ port, db }) => {
    db.set("big", "x".repeat(900_000));
    const peer = dial(port);
    peer.socket.write(`BLPOP jobs 0\r\nSET k v\r\n${"GET big\r\n".repeat(20)}GET k\r\n`);
    await until(() => /flags=b /.test(db.client("LIST")));
    const came = figure(db, "total_net_input_bytes:");
    peer.socket.write("PING\r\nQUIT\r\n");
    await until(() => figure(db, "total_net_input_bytes:") === came + 12);
    assert.equal(db.get("k"), null);
    db.rpush("jobs", "x");
    await until(() => peer.closed);
    assert.equal(db.get("k"), "v");
    assert.equal(peer.bytes, 21 + 5 + 20 * (900_000 + 11) + 7 + 7 + 5);
  }));

test("a socket that closes while it waits takes nothing", () =>
  serving({}, async (server) => {
    const peer = dial(server.port);
    peer.socket.write("BLPOP jobs 0\r\n");
    await until(() => /flags=b /.test(server.db.client("LIST")));
    peer.socket.destroy();
    await until(() => server.clients === 0);
    server.db.rpush("jobs", "one");
    assert.equal(server.db.llen("jobs"), 1);
  }));

test("messages reach sockets at once, in the shape of their protocol", () =>
  serving({}, async ({ port, db }) => {
    const [two, three] = [dial(port), dial(port)];
    await two.ask("SUBSCRIBE news\r\n", "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n");
    await two.ask(
      "GET k\r\n",
      "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n",
    );
    await three.hello(3);
    await three.ask("PSUBSCRIBE n*\r\n", ">3\r\n$10\r\npsubscribe\r\n$2\r\nn*\r\n:1\r\n");
    two.text = "";
    await three.ask("PUBLISH news x\r\n", ":2\r\n>4\r\n$8\r\npmessage\r\n$2\r\nn*\r\n$4\r\nnews\r\n$1\r\nx\r\n");
    await until(() => two.text === "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$1\r\nx\r\n");
    two.text = three.text = "";
    assert.equal(db.publish("news", "y"), 2);
    await until(() => two.text !== "" && three.text !== "");
    for (const peer of [two, three]) peer.socket.destroy();
  }));

test("a subscriber that does not read is cut off at the limit of its class", () =>
  serving({}, async (server) => {
    const { db } = server;
    db.config("SET", "client-output-buffer-limit", "pubsub 2000000 0 0");
    const peer = dial(server.port);
    await peer.ask("SUBSCRIBE c\r\n", "*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n");
    peer.socket.pause();
    const message = "x".repeat(1_000_000);
    for (let i = 0; i < 100 && server.clients > 0; i++) {
      db.publish("c", message);
      await new Promise(setImmediate);
    }
    assert.equal(server.clients, 0);
    peer.socket.destroy();
  }));

test("a client of MONITOR that does not read is cut off as one that listens; one that only waits is not", () =>
  serving({}, async (server) => {
    const { db } = server;
    db.config("SET", "client-output-buffer-limit", "pubsub 3000000 0 0");
    const [monitor, waiting] = [dial(server.port), dial(server.port)];
    await waiting.ask("PING\r\n", "+PONG\r\n");
    waiting.socket.pause();
    waiting.socket.write("BLPOP jobs 0\r\n");
    await until(() => /flags=b /.test(db.client("LIST")));
    db.rpush("jobs", "x".repeat(20_000_000));
    await monitor.ask("MONITOR\r\n", "+OK\r\n");
    monitor.socket.pause();
    for (let i = 0; i < 1000 && server.clients > 1; i++) {
      db.set("shown", "x".repeat(200_000));
      await new Promise(setImmediate);
    }
    assert.equal(server.clients, 1);
    assert.match(db.client("LIST"), / cmd=blpop /);
    monitor.socket.destroy();
    waiting.socket.destroy();
  }));

/** What serves a RESP port, and hears its warnings. */
async function attacked(body) {
  const warnings = [];
  await serving({ onWarning: (message) => warnings.push(message) }, async ({ port, db }) => {
    db.set("k", "v");
    await body(port, () => {
      assert.deepEqual([db.dbsize(), db.get("k")], [1, "v"]);
      const [warning, ...others] = warnings;
      assert.match(
        warning,
        /^Possible SECURITY ATTACK detected\. It looks like somebody is sending POST or Host: commands to Redis\. .* Connection from 127\.0\.0\.1:\d+ aborted\.$/,
      );
      // Once a minute.
      assert.deepEqual(others, []);
    });
  });
}

const BODIES = ["SET evil 1\r\n", "\r\nSET evil 1\r\nFLUSHALL\r\n", "*3\r\n$3\r\nSET\r\n$4\r\nevil\r\n$1\r\n1\r\n", "x".repeat(100_000)];

test("HTTP to the port runs nothing, ends at once, and is warned of", () =>
  attacked(async (port, check) => {
    for (const body of BODIES) {
      for (const method of ["POST", "PUT", "DELETE"]) {
        await assert.rejects(fetch(`http://127.0.0.1:${port}/`, { method, body, headers: { "content-type": "text/plain" } }));
      }
    }
    await assert.rejects(fetch(`http://127.0.0.1:${port}/SET%20evil%201`));
    check();
  }));

test("a page in a browser that posts commands to the port changes nothing", { skip: skip }, () =>
  attacked(async (port, check) => {
    const { tab, close } = await context();
    try {
      const page = await tab();
      await page.evaluate(
        async ([port, bodies]) => {
          const url = `http://127.0.0.1:${port}/`;
          for (const body of bodies) {
            await fetch(url, { method: "POST", mode: "no-cors", body }).catch(() => {});
            await fetch(url, { mode: "no-cors" }).catch(() => {});
            navigator.sendBeacon(url, body);
          }
          // A form with a field whose name is a line of commands.
          const form = document.createElement("form");
          Object.assign(form, { action: url, method: "post", enctype: "text/plain", target: "frame" });
          const frame = Object.assign(document.createElement("iframe"), { name: "frame" });
          const field = Object.assign(document.createElement("textarea"), { name: "x\r\nSET evil 1\r\n", value: "y" });
          form.append(field);
          document.body.append(frame, form);
          const loaded = new Promise((done) => {
            frame.onload = done;
          });
          form.submit();
          await loaded;
        },
        [port, BODIES],
      );
      check();
    } finally {
      await close();
    }
  }),
);

/** Stops the clock that idle clients are measured with. */
function stopped(t) {
  t.mock.timers.enable({ apis: ["setInterval", "Date"], now: Date.now() });
  return t.mock.timers;
}

test("clients that wait or listen are never idle", (t) => {
  const time = stopped(t);
  return serving({}, async (server) => {
    server.db.config("SET", "timeout", 1);
    const [waiting, listening, idle] = [dial(server.port), dial(server.port), dial(server.port)];
    waiting.socket.write("BLPOP jobs 0\r\n");
    await listening.ask("SUBSCRIBE c\r\n", "*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n");
    await until(() => /flags=b /.test(server.db.client("LIST")));
    await idle.ask("PING\r\n", "+PONG\r\n");
    time.tick(60_000);
    await until(() => idle.closed);
    server.db.publish("c", "x");
    server.db.rpush("jobs", "y");
    await until(() => listening.text.endsWith("$1\r\nx\r\n") && waiting.text === "*2\r\n$4\r\njobs\r\n$1\r\ny\r\n");
    assert.equal(server.clients, 2);
    for (const peer of [waiting, listening]) peer.socket.destroy();
  });
});

test("maxclients is the engine's, and can change while the server runs", () =>
  serving({}, async (server) => {
    server.db.config("SET", "maxclients", 1);
    const a = dial(server.port);
    await a.ask("PING\r\n", "+PONG\r\n");
    const b = dial(server.port);
    await until(() => b.closed);
    assert.equal(b.text, "-ERR max number of clients reached\r\n");
    assert.match(server.db.info("stats"), /rejected_connections:1/);
    await a.ask("CONFIG SET maxclients 2\r\n", "+OK\r\n");
    const c = dial(server.port);
    await c.ask("PING\r\n", "+PONG\r\n");
    for (const peer of [a, c]) peer.socket.destroy();
  }));

test("an idle client is closed after timeout seconds", (t) => {
  const time = stopped(t);
  return serving({}, async (server) => {
    server.db.config("SET", "timeout", 3);
    const peer = dial(server.port);
    await peer.ask("PING\r\n", "+PONG\r\n");
    time.tick(3000);
    await peer.ask("PING\r\n", "+PONG\r\n");
    time.tick(4000);
    await until(() => peer.closed);
  });
});

test("requirepass holds for sockets, not in process", () =>
  serving({ requirepass: "secret" }, async ({ port, db }) => {
    assert.equal(db.ping(), "PONG");
    const peer = dial(port);
    await peer.ask("GET k\r\n", "-NOAUTH Authentication required.\r\n");
    await peer.ask("AUTH wrong\r\n", "-WRONGPASS invalid username-password pair or user is disabled.\r\n");
    await peer.ask("AUTH secret\r\n", "+OK\r\n");
    await peer.ask("GET k\r\n", "$-1\r\n");
    peer.socket.destroy();
  }));

test("protected mode refuses the world while there is no password", async (t) => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one.family === "IPv4" && !one.internal)?.address;
  if (!outside) return t.skip("this machine has no address but loopback");
  await serving({ host: "0.0.0.0" }, async ({ port, db }) => {
    const refused = dial({ port, host: outside });
    await until(() => refused.closed);
    assert.match(refused.text, /^-DENIED Redis is running in protected mode/);
    db.config("SET", "protected-mode", "no");
    const allowed = dial({ port, host: outside });
    await allowed.ask("PING\r\n", "+PONG\r\n");
    allowed.socket.destroy();
  });
});

test("a Unix socket is served beside TCP, or alone, and removed at the end", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "wakey-")), "w.sock");
  await serving({ path, mode: 0o600 }, async ({ port }) => {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const [a, b] = [dial(path), dial(port)];
    await a.ask("SET k v\r\n", "+OK\r\n");
    await b.ask("GET k\r\n", "$1\r\nv\r\n");
    for (const peer of [a, b]) peer.socket.destroy();
  });
  assert.equal(existsSync(path), false);
  await serving({ path, port: null }, async (server) => {
    assert.equal(server.port, undefined);
    const peer = dial(path);
    await peer.ask("PING\r\n", "+PONG\r\n");
    peer.socket.destroy();
  });
});

test("the configuration says where the server listens", () =>
  serving({}, async ({ port, db }) => {
    assert.deepEqual({ ...db.config("GET", "port", "bind") }, { port: String(port), bind: "127.0.0.1" });
  }));

test("a given database stays open when its server closes, and sees what clients did", async () => {
  const db = await open();
  const server = await serve({ db, port: 0 });
  const peer = dial(server.port);
  await peer.ask("SET k v\r\n", "+OK\r\n");
  await server.close();
  await until(() => peer.closed);
  assert.equal(db.get("k"), "v");
});

test("a port in use is an error, and leaves nothing behind", () =>
  serving({}, async ({ port }) => {
    await assert.rejects(serve({ port }), { code: "EADDRINUSE" });
    await assert.rejects(serve({ port: null }), TypeError);
    const db = await open();
    await assert.rejects(serve({ db, seed: 1 }), /with db there is no option 'seed'/);
  }));

test("when the engine traps, every client is cut off and the server is told", async () => {
  const db = await open();
  let told;
  const server = await serve({ db, port: 0, onError: (error) => (told = error) });
  const peer = dial(server.port);
  await peer.ask("PING\r\n", "+PONG\r\n");
  db._engine.core.feed = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  peer.socket.write("PING\r\n");
  await until(() => peer.closed);
  assert.equal(told.name, "TrapError");
});

test("DEBUG over a socket is for those whom enableDebugCommand lets", async () => {
  for (const [enableDebugCommand, expected] of [
    [undefined, /DEBUG command not allowed/],
    ["no", /DEBUG command not allowed/],
    ["local", /^\+OK/],
    ["yes", /^\+OK/],
  ]) {
    const server = await serve({ port: 0, ...(enableDebugCommand ? { enableDebugCommand } : {}) });
    const socket = connect(server.port, "127.0.0.1");
    try {
      socket.write("DEBUG SET-ACTIVE-EXPIRE 1\r\n");
      const [reply] = await once(socket, "data");
      assert.match(String(reply), expected, enableDebugCommand);
      assert.equal(server.db.call("DEBUG", "SET-ACTIVE-EXPIRE", "1"), "OK");
    } finally {
      socket.destroy();
      await server.close();
    }
  }
  await assert.rejects(serve({ port: 0, enableDebugCommand: "perhaps" }), /argument\(s\) must be one of/);
});

test("DEBUG SLEEP holds what comes over sockets, by the clock, and no call in process", async (t) => {
  const clock = manualClock(0);
  const server = await serve({ port: 0, clock, enableDebugCommand: "yes" });
  t.after(() => server.close());
  const [sleeper, other] = [dial(server.port), dial(server.port)];
  t.after(() => {
    for (const { socket } of [sleeper, other]) socket.destroy();
  });
  await sleeper.ask("PING\r\n", "+PONG\r\n");
  await other.ask("PING\r\n", "+PONG\r\n");
  sleeper.text = "";
  sleeper.socket.write("SET k v\r\nDEBUG SLEEP 1.5\r\nGET k\r\n");
  await until(() => sleeper.text === "+OK\r\n");
  other.text = "";
  other.socket.write("GET k\r\n");
  await until(() => server.db.info("clients").includes("blocked_clients:2"));
  assert.equal(server.db.get("k"), "v");
  clock.advance(1499);
  await new Promise(setImmediate);
  assert.deepEqual([sleeper.text, other.text], ["+OK\r\n", ""]);
  clock.advance(1);
  await until(() => other.text === "$1\r\nv\r\n" && sleeper.text === "+OK\r\n+OK\r\n$1\r\nv\r\n");
  await sleeper.ask("DEBUG SLEEP 0\r\n", "+OK\r\n");
  await sleeper.ask("DEBUG SLEEP soon\r\n", "+OK\r\n");
  await sleeper.ask("MULTI\r\nDEBUG SLEEP 9\r\nEXEC\r\n", "+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n");
  assert.equal(server.db.call("DEBUG", "SLEEP", "9"), "OK");
  // Who goes while asleep leaves nothing behind.
  sleeper.socket.write("DEBUG SLEEP 1\r\n");
  await until(() => server.db.info("clients").includes("blocked_clients:1"));
  sleeper.socket.destroy();
  await until(() => server.clients === 1);
  clock.advance(1000);
  await other.ask("PING\r\n", "+PONG\r\n");
});
