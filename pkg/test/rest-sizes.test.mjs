/** `fetchHandler`: long requests and long answers: their bounds, and that they hold nobody up. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { open } from "wakey";
import { fetchHandler } from "wakey/upstash";
import { setup } from "./rest-kit.mjs";
import { pkg, until } from "./support.mjs";

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
