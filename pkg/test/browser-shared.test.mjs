/** `shared: true` in headless Chromium: tabs and workers on one `idb:` or `opfs:`, leaders that close or die. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { context, ready, skip } from "./pages.mjs";
import { until } from "./support.mjs";

test("idb, shared: tabs and workers have one database, and every method answers a promise", { skip }, async () => {
  const { tab, close } = await context();
  const [first, second] = [await tab(), await tab()];
  const join = async () => {
    globalThis.db = await wakey.open("idb:notes", { shared: true });
    return globalThis.db.leads;
  };
  assert.equal(await first.evaluate(join), true);
  assert.equal(await second.evaluate(join), false);
  assert.equal(
    await second.evaluate(() => inWorker(1, 'globalThis.db = await wakey.open("idb:notes", { shared: true }); return db.set("w", 1)')),
    "OK",
  );
  const answers = await second.evaluate(async () => [
    await db.get("w"),
    await db.hset("h", { a: 1, b: 2 }),
    await db.hgetall("h"),
    [...(await db.bytes.get("w"))],
    await db
      .multi()
      .incr("n")
      .hset("n", "a", 1)
      .get("n")
      .exec()
      .then((all) => all.map(String)),
    await db.incr("h").catch((error) => `${error.name} ${error.code}`),
    await db.select(2),
    await db.get("w"),
    await db.call("SELECT", "0"),
    await db.watch("w").catch((error) => error.message),
    await db.set("w").catch((error) => error.message),
    await db.blpop("none", 0.01),
    await db.blpop("none", 0, { signal: AbortSignal.timeout(20) }).catch((error) => error.name),
  ]);
  assert.deepEqual(answers, [
    "1",
    2,
    { a: "1", b: "2" },
    [49],
    ["1", "ReplyError: WRONGTYPE Operation against a key holding the wrong kind of value", "1"],
    "ReplyError WRONGTYPE",
    "OK",
    null,
    "OK",
    "watch needs a session, which a shared database does not have",
    "ERR wrong number of arguments for 'set' command",
    null,
    "TimeoutError",
  ]);
  // Who waits in one tab is served by another one.
  const served = second.evaluate(() => db.blpop("jobs", 0));
  await first.evaluate(() => db.rpush("jobs", "work"));
  assert.deepEqual(await served, ["jobs", "work"]);
  // A second one in the same tab is a client of the first.
  assert.equal(await first.evaluate(async () => (await wakey.open("idb:notes", { shared: true })).get("w")), "1");
  await close();
});

test("idb, shared: scripts run where the leader is, and a prepared one outlives it; so do functions", { skip }, async () => {
  const { tab, close } = await context();
  const [first, second] = [await tab(), await tab()];
  const join = async () => {
    globalThis.db = await wakey.open("idb:notes", { shared: true, scriptTimeout: 50 });
  };
  await first.evaluate(join);
  await second.evaluate(join);
  const answers = await second.evaluate(async () => {
    globalThis.add = db.prepare("return redis.call('incrby', KEYS[1], ARGV[1])", { keys: 1 });
    return [
      await db.eval("return {KEYS[1], ARGV[1]}", ["k"], ["a"]),
      [...(await db.bytes.eval_ro("return ARGV[1]", [], [Uint8Array.of(0, 255)]))],
      await add("n", 1),
      await add("n", 1),
      await db.eval("while true do end", 0).catch((error) => error.message.slice(0, 31)),
      await db.function("LOAD", "#!lua name=l\nredis.register_function('f', function(k, a) return a[1] end)"),
      await db.multi().eval("return 1", []).fcall("f", [], ["x"]).exec(),
    ];
  });
  assert.deepEqual(answers, [["k", "a"], [0, 255], 1, 2, "ERR Script killed by user with ", "l", [1, "x"]]);
  await first.close();
  assert.deepEqual(await second.evaluate(async () => [await add("n", 1), await db.fcall("f", [], ["y"])]), [3, "y"]);
  await close();
});

test("idb, shared: when the first closes or dies another takes over; each request is done once", { skip }, async () => {
  const { tab, close } = await context();
  const join = async () => {
    globalThis.db = await wakey.open("idb:notes", { shared: true });
  };
  /** Increments from now on, one request after the other and several at a time. */
  const begin = (lanes) => {
    globalThis.answers = [];
    globalThis.stop = false;
    globalThis.lanes = Array.from({ length: lanes }, async () => {
      while (!stop) answers.push(await db.incr("n"));
    });
  };
  const watcher = await tab();
  const pages = [await tab()];
  await pages[0].evaluate(join);
  await watcher.evaluate(join);
  await watcher.evaluate(begin, 3);
  let changes = 0;
  for (let round = 0; round < 6; round++) {
    pages.push(await tab());
    await pages.at(-1).evaluate(join);
    // The leader is one of the pages here: it closes, or dies.
    for (const one of [...pages]) {
      if (!(await one.evaluate(() => db.leads))) continue;
      pages.splice(pages.indexOf(one), 1);
      if (round % 2) await one.evaluate(() => db.close());
      await one.close();
      changes++;
    }
    const before = await watcher.evaluate(() => answers.length);
    await watcher.waitForFunction((n) => answers.length > n + 20, before);
    // When it is the watcher's turn it gives up its place, and joins again.
    if (await watcher.evaluate(() => db.leads)) {
      await watcher.evaluate(async () => {
        globalThis.stop = true;
        await Promise.all(globalThis.lanes);
        globalThis.past = [...(globalThis.past ?? []), ...answers];
        await db.close();
      });
      await watcher.evaluate(join);
      await watcher.evaluate(begin, 3);
    }
  }
  const { seen, n } = await watcher.evaluate(async () => {
    globalThis.stop = true;
    await Promise.all(globalThis.lanes);
    return { seen: [...(globalThis.past ?? []), ...answers], n: Number(await db.get("n")) };
  });
  assert.ok(changes > 3, `${changes} leaders ended`);
  assert.equal(seen.length, n, "as many answers as increments");
  assert.deepEqual(
    seen.toSorted((a, b) => a - b),
    Array.from({ length: n }, (_, i) => i + 1),
  );
  await close();
});

test("idb, shared: what was done, and whose answer got lost with the leader, is answered and not done again", { skip }, async () => {
  const { tab, close } = await context();
  const [first, second] = [await tab(), await tab()];
  const join = async () => {
    globalThis.db = await wakey.open("idb:notes", { shared: true });
  };
  await first.evaluate(join);
  await second.evaluate(join);
  await first.evaluate(() => {
    const { postMessage } = BroadcastChannel.prototype;
    BroadcastChannel.prototype.postMessage = function (message) {
      if (message.kind !== "answer") postMessage.call(this, message);
    };
  });
  const answers = second.evaluate(() => Promise.all([db.incr("n"), db.multi().incr("n").incr("n").exec(), db.blpop("jobs", 0)]));
  await until(async () => (await first.evaluate(() => db.get("n"))) === "3");
  await first.evaluate(() => db.rpush("jobs", "one", "two"));
  await first.close();
  assert.deepEqual(await answers, [1, [2, 3], ["jobs", "one"]]);
  assert.deepEqual(await second.evaluate(() => Promise.all([db.get("n"), db.lrange("jobs", 0, -1), db.leads])), ["3", ["two"], true]);
  await close();
});

const JOIN = 'globalThis.db = await wakey.open("opfs:notes", { shared: true }); return db.leads';

/** Whether the worker of this number leads. */
function leads(page, n) {
  return page.evaluate((number) => inWorker(number, "return db.leads"), n);
}

test("opfs, shared: a page is a client of the worker that leads, and waits for one", { skip }, async () => {
  const { tab, close } = await context();
  const [page, other] = [await tab(), await tab()];
  await page.evaluate(() => {
    globalThis.state = "waits";
    globalThis.opening = wakey.open("opfs:notes", { shared: true }).then((db) => {
      globalThis.db = db;
      globalThis.state = "open";
    });
  });
  assert.match(
    await page.evaluate(() => wakey.open("opfs:notes").catch((error) => error.message)),
    /only in workers; open it in a worker \(with shared: true, pages can ask that worker\), or use 'idb:notes'$/,
  );
  assert.equal(await page.evaluate(() => state), "waits");
  assert.equal(await other.evaluate((body) => inWorker(1, body), JOIN), true);
  await page.evaluate(() => opening);
  assert.equal(await page.evaluate((body) => inWorker(1, body), JOIN), false);
  assert.match(
    await page.evaluate(() => inWorker(2, 'return wakey.open("opfs:notes").catch((error) => error.message)')),
    /^opfs:notes is open in another tab or worker/,
  );
  const answers = await page.evaluate(async () => [
    db.leads,
    await db.hset("h", { a: 1 }),
    await inWorker(1, 'return db.hget("h", "a")'),
    [...(await db.bytes.hget("h", "a"))],
    await db.incr("h").catch((error) => error.code),
    await db.multi().incr("n").incr("n").exec(),
    await db.config("SET", "appendfsync", "always"),
    await db.incr("n"),
    await db.durable(),
    await db.save(),
  ]);
  assert.deepEqual(answers, [false, 1, "1", [49], "WRONGTYPE", [1, 2], "OK", 3, undefined, "OK"]);
  const served = page.evaluate(() => db.blpop("jobs", 0));
  await other.evaluate(() => inWorker(1, 'await db.rpush("jobs", "work")'));
  assert.deepEqual(await served, ["jobs", "work"]);
  // The leader's tab is closed: the worker of this page takes over, and then nobody is there.
  await other.close();
  assert.deepEqual(await page.evaluate(async () => [await db.get("n"), await inWorker(1, "return db.leads")]), ["3", true]);
  await page.evaluate(() => inWorker(1, "await db.close()"));
  const asked = page.evaluate(() => db.incr("n"));
  assert.equal(await page.evaluate(() => Promise.race([db.get("n"), new Promise((done) => setTimeout(done, 50, "nobody"))])), "nobody");
  assert.equal(await page.evaluate((body) => inWorker(2, body), JOIN), true);
  assert.equal(await asked, 4);
  // Alone, it is as it was.
  await page.evaluate(() => inWorker(2, "await db.close()"));
  assert.equal(
    await page.evaluate(() => inWorker(3, 'const db = await wakey.open("opfs:notes"); const n = db.incr("n"); await db.close(); return n')),
    5,
  );
  assert.equal(await page.evaluate((body) => inWorker(2, body), JOIN), true);
  assert.equal(await page.evaluate(() => db.incr("n")), 6);
  // A leader that writes without a pause keeps nobody out.
  const counted = page.evaluate(() => inWorker(2, 'globalThis.on = true; let n; while (on) n = await db.incr("busy"); return n'));
  await page.evaluate(async () => {
    while (Number(await db.get("busy")) < 1000);
    await inWorker(2, "globalThis.on = false");
  });
  assert.ok((await counted) >= 1000);
  await close();
});

const ROUNDS = Number(process.env.ROUNDS ?? 5);

test(`opfs, shared: leaders ended ${ROUNDS} times in the middle of their writes: nothing lost, nothing twice`, { skip }, async () => {
  const { tab, close } = await context();
  const page = await tab();
  /** A worker that writes all the time, and begins a snapshot now and then when it leads. */
  const begin = (n) =>
    page.evaluate(
      (number) =>
        inWorker(
          number,
          `globalThis.db = await wakey.open("opfs:notes", { shared: true, appendfsync: ${number % 2} ? "always" : "everysec" });
          (async () => {
            for (;;) {
              await db.multi().incr("other").rpush("list", "x".repeat(1 + Math.random() * 1000)).exec();
              await new Promise((done) => setTimeout(done, Math.random() * 10));
            }
          })();
          setInterval(() => db._state.member.leader?.base.db._engine.persistence.rewrite(), 97);`,
        ),
      n,
    );
  await begin(1);
  await begin(2);
  await page.evaluate(async () => {
    globalThis.db = await wakey.open("opfs:notes", { shared: true });
    globalThis.answers = [];
    globalThis.stop = false;
    globalThis.lanes = Array.from({ length: 3 }, async (_, lane) => {
      while (!stop) {
        answers.push(lane % 2 ? await db.incr("n") : (await db.multi().incr("n").strlen("n").exec())[0]);
        await new Promise((done) => setTimeout(done, Math.random() * 4));
      }
    });
  });
  let workers = [1, 2];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await page.evaluate(() => answers.length);
    await page.waitForFunction((n) => answers.length > n + 5, before);
    await new Promise((done) => setTimeout(done, Math.random() * 60));
    let leading = [];
    await until(async () => {
      leading = [];
      for (const n of workers) if (await leads(page, n)) leading.push(n);
      return leading.length > 0;
    }, 20_000);
    assert.equal(leading.length, 1);
    await page.evaluate((n) => endWorker(n), leading[0]);
    workers = [...workers.filter((n) => n !== leading[0]), round + 3];
    await begin(round + 3);
  }
  const { seen, n, other, list } = await page.evaluate(async () => {
    globalThis.stop = true;
    await Promise.all(globalThis.lanes);
    const [other, list] = await db.multi().get("other").llen("list").exec();
    return { seen: answers, n: Number(await db.get("n")), other: Number(other), list };
  });
  assert.equal(list, other, "a transaction is there whole");
  assert.equal(seen.length, n, "as many answers as increments");
  assert.deepEqual(
    seen.toSorted((a, b) => a - b),
    Array.from({ length: n }, (_, i) => i + 1),
  );
  if (process.env.ROUNDS) console.log(`${ROUNDS} leaders ended, ${n} increments, ${other} other transactions`);
  await close();
});

for (const snapshot of [false, true]) {
  const how = snapshot ? "also behind a snapshot" : "from the journal";
  test(`opfs, shared: an answer that got lost with the leader is given ${how}, and forgotten when nobody can want it`, {
    skip,
  }, async () => {
    const { tab, close } = await context();
    const page = await tab();
    await page.evaluate((body) => inWorker(1, body), JOIN);
    await page.evaluate(async (body) => {
      await inWorker(2, body);
      globalThis.db = await wakey.open("opfs:notes", { shared: true });
      await inWorker(
        1,
        `const { postMessage } = BroadcastChannel.prototype;
        BroadcastChannel.prototype.postMessage = function (message) {
          if (message.kind !== "answer") postMessage.call(this, message);
        };`,
      );
    }, JOIN);
    const long = "é".repeat(2000);
    const answers = page.evaluate(
      (value) => Promise.all([db.incr("n"), db.multi().set("long", value).incr("n").getdel("long").incr("n").exec(), db.blpop("jobs", 0)]),
      long,
    );
    await until(() => page.evaluate(() => inWorker(1, 'return (await db.get("n")) === "3"')));
    await page.evaluate(
      (rewrite) =>
        inWorker(
          1,
          `await db.rpush("jobs", "one", "two"); if (${rewrite}) await db._state.member.leader.base.db._engine.persistence.rewrite();`,
        ),
      snapshot,
    );
    await page.evaluate(() => endWorker(1));
    assert.deepEqual(await answers, [1, ["OK", 2, long, 3], ["jobs", "one"]]);
    assert.deepEqual(await page.evaluate(() => Promise.all([db.get("n"), db.lrange("jobs", 0, -1)])), ["3", ["two"]]);
    // The page is a client no more, and a new leader looks who is there.
    const kept = () =>
      page.evaluate(() => inWorker(2, "return [...db._state.member.leader.base.db._engine.persistence.receipts().keys()].length"));
    assert.equal(await page.evaluate(() => db.incr("n")), 4);
    assert.equal(await kept(), 1);
    await page.evaluate(() => db.close());
    await page.evaluate(async (body) => {
      await inWorker(2, "await db.close()");
      await inWorker(2, body);
    }, JOIN);
    await until(async () => (await kept()) === 0);
    await close();
  });
}

test("idb, shared: a client that closes, leaves its page, or dies while it waits takes nothing", { skip }, async () => {
  const { tab, close } = await context();
  const [first, page, other] = [await tab(), await tab(), await tab()];
  const join = async () => {
    globalThis.db = await wakey.open("idb:notes", { shared: true });
  };
  const blocked = (n) =>
    until(() => first.evaluate((count) => db.info("clients").then((text) => text.includes(`blocked_clients:${count}\r`)), n));
  const wait = () => {
    globalThis.waiting = [db.blpop("jobs", 0), db.xread("BLOCK", 0, "STREAMS", "log", "$")].map((one) =>
      one.catch((error) => `${error.name}: ${error.message}`),
    );
  };
  await first.evaluate(join);
  const ways = [
    () => page.evaluate(() => db.close()),
    async () => {
      await page.goto("about:blank");
      await ready(page);
    },
    () => page.evaluate(() => endWorker(1)),
    () => other.close(),
  ];
  for (const [i, end] of ways.entries()) {
    const inPage = i === 3 ? other : page;
    if (i === 2) {
      const body = `(${join})().then(() => (${wait})())`;
      await page.evaluate((text) => inWorker(1, `await ${text}`), body);
    } else {
      await inPage.evaluate(join);
      await inPage.evaluate(wait);
    }
    await blocked(2);
    await end();
    if (i === 0) {
      const ended = await page.evaluate(() => Promise.all(waiting));
      assert.deepEqual(ended, Array(2).fill("ClosedError: this database is closed"));
    }
    await blocked(0);
    await first.evaluate(() => db.rpush("jobs", "work"));
    assert.equal(await first.evaluate(() => db.lpop("jobs")), "work", "nobody has taken it");
  }
  await close();
});

test("idb, shared: a client that is closed while it comes to lead keeps no lock", { skip }, async () => {
  const { tab, close } = await context();
  const [first, second] = [await tab(), await tab()];
  const join = async () => {
    globalThis.db = await wakey.open("idb:notes", { shared: true });
  };
  await first.evaluate(join);
  for (const delay of ["before", "at", "after"]) {
    await second.evaluate(join);
    // Closed when the lock has just been given to it, which the database shows that it opens then.
    await second.evaluate((when) => {
      const { open } = IDBFactory.prototype;
      globalThis.over = new Promise((done, failed) => {
        IDBFactory.prototype.open = function (...args) {
          IDBFactory.prototype.open = open;
          const end = () => db.close().then(done, failed);
          if (when === "before") end();
          const request = open.apply(this, args);
          if (when === "at") end();
          if (when === "after") request.addEventListener("success", end);
          return request;
        };
      });
    }, delay);
    await first.evaluate(() => db.close());
    await second.evaluate(() => over);
    const held = () => second.evaluate(() => navigator.locks.query().then(({ held: all, pending }) => [...all, ...pending].length));
    await until(async () => (await held()) === 0);
    await first.evaluate(join);
    assert.equal(await first.evaluate(() => db.leads), true, delay);
  }
  await close();
});

test("idb, shared: a wait goes on with the next leader, with the time that is left and from where it began", { skip }, async () => {
  const { tab, close } = await context();
  const pages = [await tab(), await tab(), await tab()];
  const [first, second, third] = pages;
  for (const page of pages) {
    await page.evaluate(async () => {
      globalThis.db = await wakey.open("idb:notes", { shared: true });
    });
  }
  await first.evaluate(() => db.xadd("log", "1-1", "f", "before"));
  await third.evaluate(() => {
    // The time of this page is what is asked for.
    const { now } = performance;
    globalThis.passed = 0;
    performance.now = () => now.call(performance) + globalThis.passed;
    globalThis.timed = db.blpop("jobs", 100);
    globalThis.lasting = db.blpop("others", 0);
    globalThis.read = db.xread("BLOCK", 100_000, "STREAMS", "log", "none", "$", "$");
  });
  await until(() => first.evaluate(() => db.info("clients").then((text) => text.includes("blocked_clients:3\r"))));
  await third.evaluate(() => {
    globalThis.passed = 99_990;
  });
  // An entry of which the waiting client hears only from the next leader, who asks from where it began.
  await first.evaluate(() => {
    const { postMessage } = BroadcastChannel.prototype;
    BroadcastChannel.prototype.postMessage = function (message) {
      if (message.kind !== "answer") postMessage.call(this, message);
    };
    return db.xadd("log", "2-1", "f", "between");
  });
  await first.close();
  assert.equal(await third.evaluate(() => timed), null);
  assert.deepEqual(await third.evaluate(() => read), { log: [["2-1", ["f", "between"]]] });
  await second.evaluate(() => db.rpush("others", "x"));
  assert.deepEqual(await third.evaluate(() => lasting), ["others", "x"]);
  await close();
});

test("idb and opfs: who has the store alone says so to those who would share it", { skip }, async () => {
  const { tab, close } = await context();
  const [first, second] = [await tab(), await tab()];
  const open = (store) =>
    second.evaluate(
      (name) =>
        wakey.open(name, { shared: true }).then(
          (db) => db.incr("n").then((n) => db.close().then(() => n)),
          (error) => `${error.name}: ${error.message}`,
        ),
      store,
    );
  const refused = (store) => `StoreError: ${store} is open in another tab or worker, or in this one, without shared: true`;
  await first.evaluate(async () => {
    globalThis.alone = await wakey.open("idb:notes");
    await inWorker(1, 'globalThis.alone = await wakey.open("opfs:notes")');
  });
  assert.equal(await open("idb:notes"), refused("idb:notes"));
  assert.equal(await open("opfs:notes"), refused("opfs:notes"));
  const page = await second.evaluate(async () => {
    globalThis.opened = wakey.open("opfs:other", { shared: true });
    await inWorker(1, 'globalThis.db = await wakey.open("opfs:other", { shared: true })');
    globalThis.db = await opened;
    await inWorker(1, "await db.close()");
    await inWorker(1, 'globalThis.db = await wakey.open("opfs:other")');
    return db.get("n").catch((error) => error.message);
  });
  assert.equal(page, refused("opfs:other").slice("StoreError: ".length));
  await first.evaluate(async () => {
    await alone.close();
    await inWorker(1, "await alone.close()");
  });
  assert.equal(await open("idb:notes"), 1);
  assert.equal(await second.evaluate(() => inWorker(2, 'return (await wakey.open("opfs:notes", { shared: true })).incr("n")')), 1);
  await close();
});
