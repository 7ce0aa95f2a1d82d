/**
 * What people use redis-cli for: the forms of replies, URIs and TLS, the modes, a cluster's redirections, and the comforts of a terminal.
 * The expected texts are those of redis-cli 8.6.3 on the same data, but for what is marked.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createSecure } from "node:tls";
import { open } from "wakey";
import { serve } from "wakey/server";
import { cli, source, until } from "./support.mjs";
import { onTerminal, typed } from "./typing.mjs";

const { read: settings } = await source("terminal/argv");
const { nearest } = await source("prompt/suggest");

const folder = mkdtempSync(join(tmpdir(), "wakey-terminal-"));
let server;
before(async () => {
  server = await serve({ port: 0 });
  const { db } = server;
  db.hset("h", "a", 1, "b", '"q"', "c", "\u00e9");
  db.set("s", 'a"b\nc\t\x01');
  db.rpush("l", 1, 2, 3);
  db.zadd("z", 1, "a", 2.5, "b");
  db.xadd("st", "1-1", "a", "b");
  db.select(1);
  db.set("one", 1);
  db.select(0);
});
after(() => server.close());

/** Runs the program; what it says is latin1. */
async function run(args, { input = "", env = {} } = {}) {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, WAKEY_PASSWORD: "", REDISCLI_AUTH: "", WAKEY_URL: "", ...env },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => (out += chunk.toString("latin1")));
  child.stderr.on("data", (chunk) => (err += chunk.toString("latin1")));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const status = await new Promise((done) => child.on("close", done));
  return { out, err, status };
}
const there = (...args) => run(["-p", String(server.port), ...args]);
const said = async (...args) => (await there(...args)).out;

test("where no terminal reads, replies come in RESP2, as scripts for redis-cli expect them", async () => {
  assert.equal(await said("HGETALL", "h"), 'a\n1\nb\n"q"\nc\n\xc3\xa9\n');
  assert.equal(await said("-3", "HGETALL", "h"), 'a 1\nb "q"\nc \xc3\xa9\n');
  assert.equal(await said("--no-raw", "HGET", "h", "a"), '"1"\n');
  assert.equal(await said("ZRANGE", "z", "0", "-1", "WITHSCORES"), "a\n1\nb\n2.5\n");
});

test("values and replies are divided by what -d and -D say", async () => {
  assert.equal(await said("-d", ";", "LRANGE", "l", "0", "-1"), "1;2;3\n");
  assert.equal(await said("-d", ";", "-D", "!", "-r", "2", "LRANGE", "l", "0", "-1"), "1;2;3!1;2;3!");
  assert.equal(await said("-D", "", "GET", "s"), 'a"b\nc\t\x01');
});

test("--json, --quoted-json and --csv", async () => {
  const forms = async (...args) => [await said("--json", ...args), await said("--csv", ...args)];
  assert.deepEqual(await forms("HGETALL", "h"), ['{"a":"1","b":"\\"q\\"","c":"\xc3\xa9"}\n', '"a","1","b","\\"q\\"","c","\\xc3\\xa9"\n']);
  assert.deepEqual(await forms("GET", "s"), ['"a\\"b\\nc\\t\\u0001"\n', '"a\\"b\\nc\\t\\x01"\n']);
  assert.deepEqual(await forms("GET", "none"), ["null\n", "NULL\n"]);
  assert.deepEqual(await forms("ZRANGE", "z", "0", "-1", "WITHSCORES"), ['[["a",1],["b",2.5]]\n', '"a","1","b","2.5"\n']);
  assert.equal(await said("--json", "-2", "ZRANGE", "z", "0", "-1", "WITHSCORES"), '["a","1","b","2.5"]\n');
  assert.equal(await said("--csv", "-3", "ZRANGE", "z", "0", "-1", "WITHSCORES"), '"a",1,"b",2.5\n');
  assert.deepEqual(await forms("INCR", "s"), [
    'error:"ERR value is not an integer or out of range"\n',
    'ERROR,"ERR value is not an integer or out of range"\n',
  ]);
  assert.deepEqual(await forms("XRANGE", "st", "-", "+"), ['[["1-1",["a","b"]]]\n', '"1-1","a","b"\n']);
  const script = "redis.setresp(3) return {true, {double=1e300}, {map={[2]=3}}, {set={a=true}}, {double=math.huge}}";
  // A JSON of its own for what JSON has no number for.
  assert.equal(await said("--json", "EVAL", script, "0"), '[true,1e+300,{"2":3},["a"],"inf"]\n');
  // redis-cli leaves the quotation mark unescaped here, and so writes no JSON.
  const quoted = await said("--quoted-json", "HGETALL", "h");
  assert.deepEqual(JSON.parse(quoted), { a: "1", b: '\\"q\\"', c: "\\xc3\\xa9" });
  assert.match(await said("--json", "INFO", "server"), /^# Server\r\n/);
});

test("a URI says all of where to: address, user, password, database", async () => {
  const guarded = await serve({ port: 0, db: await open({ users: ["ann on >p@ss ~* +@all"], requirepass: "pw" }) });
  try {
    const { port } = guarded;
    const warned = await run(["-u", `redis://ann:p%40ss@127.0.0.1:${port}/3`, "CLIENT", "INFO"]);
    assert.match(warned.out, / db=3 .* user=ann /);
    assert.match(warned.err, /^Warning: a password in -u can be seen/);
    assert.equal((await run(["--no-auth-warning", "-u", `redis://:pw@127.0.0.1:${port}`, "PING"])).err, "");
    // In the environment it is for nobody else to see; options and WAKEY_PASSWORD count more.
    const env = { WAKEY_URL: `redis://ann:wrong@localhost:${port}/2` };
    const quiet = await run(["CLIENT", "INFO"], { env: { ...env, WAKEY_PASSWORD: "p@ss" } });
    assert.match(quiet.out, / db=2 .* user=ann /);
    assert.equal(quiet.err, "");
    assert.match((await run(["-n", "5", "-a", "p@ss", "CLIENT", "INFO"], { env })).out, / db=5 /);
  } finally {
    await guarded.close();
    await guarded.db.close();
  }
  for (const [uri, reason] of [
    ["http://localhost", /^a URI begins with redis:\/\/ or rediss:\/\/, unlike 'http:\.\.\.'/],
    ["redis://localhost:x", /^the URI is not like/],
    ["redis://localhost/x", /^the database of the URI needs a number/],
    ["redis://%zz@localhost", /^the URI has a %/],
  ]) {
    const { err, status } = await run(["-u", uri, "PING"]);
    assert.match(err, reason);
    assert.equal(status, 1);
  }
});

test("TLS: certificates are checked, names are told, and a mistake is said", async () => {
  const pem = (name) => new URL(`tls/${name}.pem`, import.meta.url);
  const [key, cert] = ["key", "cert"].map((name) => readFileSync(pem(name)));
  const names = [];
  const SNICallback = (name, done) => {
    names.push(name);
    done(null);
  };
  const secure = createSecure({ key, cert, SNICallback }, (socket) => {
    const plain = connect(server.port);
    socket.pipe(plain).pipe(socket);
    socket.on("error", () => plain.destroy());
    plain.on("error", () => socket.destroy());
  });
  await new Promise((done) => secure.listen(0, "127.0.0.1", done));
  const { port } = secure.address();
  const file = pem("cert").pathname;
  const to = (...args) => run(["-h", "127.0.0.1", "-p", String(port), ...args, "GET", "s"]);
  try {
    assert.equal((await to("--tls", "--cacert", file, "--sni", "wakey.test")).out, 'a"b\nc\t\x01\n');
    assert.deepEqual(names, ["wakey.test"]);
    const certificates = mkdtempSync(join(folder, "certificates-"));
    writeFileSync(join(certificates, "one.pem"), cert);
    assert.equal((await to("--tls", "--cacertdir", certificates, "--sni", "localhost")).status, 0);
    assert.match((await to("--tls", "--sni", "wakey.test")).err, /^Could not connect .*: self-signed certificate/);
    assert.match((await to("--tls", "--cacert", file, "--sni", "other.test")).err, /Hostname\/IP does not match certificate's altnames/);
    assert.equal((await to("--tls", "--insecure")).status, 0);
    assert.equal((await run(["-u", `rediss://localhost:${port}`, "-4", "--cacert", file, "GET", "s"])).status, 0);
    assert.match((await to("--tls", "--cacert", "/nowhere")).err, /^Can't read '\/nowhere': ENOENT/);
    // Who does not speak TLS there is told so, and does not wait for good.
    assert.match((await run(["-p", String(server.port), "--tls", "-t", "5", "PING"])).err, /^Could not connect/);
  } finally {
    secure.close();
  }
});

test("-t: who does not answer in time is given up", async () => {
  const silent = createServer(() => {});
  await new Promise((done) => silent.listen(0, "127.0.0.1", done));
  const { port } = silent.address();
  // A TLS handshake that is never answered.
  const { err, status } = await run(["-h", "127.0.0.1", "-p", String(port), "--tls", "-t", "0.2", "PING"]);
  assert.match(err, /^Could not connect to a server at 127\.0\.0\.1:\d+: Connection timed out/);
  assert.equal(status, 1);
  assert.match((await run(["-t", "x", "PING"])).err, /^-t needs a number of seconds/);
  silent.close();
  silent.unref();
});

test("--scan lists keys, by pattern and type; each as it is, or quoted", async () => {
  const lines = async (...args) => (await said("--scan", ...args)).split("\n").filter(Boolean).sort();
  assert.deepEqual(await lines(), ["h", "l", "s", "st", "z"]);
  assert.deepEqual(await lines("--pattern", "s*", "--count", "1"), ["s", "st"]);
  assert.deepEqual(await lines("--type", "hash"), ["h"]);
  assert.deepEqual(await lines("-n", "1"), ["one"]);
  assert.deepEqual(await lines("--quoted-pattern", '"\\x73*"', "--no-raw"), ['"s"', '"st"']);
  assert.match((await there("--scan", "--count", "0")).err, /^--count needs a number of at least 1/);
});

const SUMMARY = `
-------- summary -------

Sampled 5 keys in the keyspace!
Total key length in bytes is 6 (avg len 1.20)

Biggest   list found "l" has 3 items
Biggest   hash found "h" has 3 fields
Biggest stream found "st" has 1 entries
Biggest string found "s" has 7 bytes
Biggest   zset found "z" has 2 members

1 lists with 3 items (20.00% of keys, avg size 3.00)
1 hashs with 3 fields (20.00% of keys, avg size 3.00)
1 streams with 1 entries (20.00% of keys, avg size 1.00)
1 strings with 7 bytes (20.00% of keys, avg size 7.00)
0 sets with 0 members (00.00% of keys, avg size 0.00)
1 zsets with 2 members (20.00% of keys, avg size 2.00)
`;

test("--bigkeys, --memkeys and --hotkeys", async () => {
  const big = await said("--bigkeys");
  assert.match(big, /^\n# Scanning the entire keyspace to find biggest keys as well as\n# average sizes per key type\./);
  assert.match(big, /^\[00\.00%\] Biggest hash {3}found so far "h" with 3 fields$/m);
  assert.equal(big.slice(big.indexOf("\n-------- summary")), SUMMARY);
  const memory = await said("--memkeys", "--pattern", "[hs]");
  assert.match(memory, new RegExp(`^Biggest {3}hash found "h" has ${server.db.memory("USAGE", "h")} bytes$`, "m"));
  assert.match(memory, /^Sampled 2 keys in the keyspace!$/m);
  assert.match((await there("--hotkeys")).err, /^Error: ERR An LFU maxmemory policy is not selected/);
  server.db.config("SET", "maxmemory-policy", "allkeys-lfu");
  for (let i = 0; i < 50; i++) server.db.get("s");
  const hot = await said("--hotkeys");
  server.db.config("SET", "maxmemory-policy", "noeviction");
  assert.match(hot, /\n-------- summary -------\n\nSampled 5 keys in the keyspace!\nhot key found with counter: \d+\tkeyname: "s"\n/);
});

test("--stat and --latency", async () => {
  const lines = (await said("--stat", "-i", "0.01", "-r", "22")).split("\n");
  assert.equal(lines[0], "------- data ------ --------------------- load -------------------- - child -");
  assert.equal(lines[1], "keys       mem      clients blocked requests            connections          ");
  assert.match(lines[2], /^6 {10}\S+[KM] +\d+ +0 {7}\d+ \(\+0\) +\d+ +$/);
  assert.match(lines[3], / \(\+1\) /);
  assert.equal(lines[22], lines[0]);
  assert.match(await said("--latency", "-i", "0.05"), /^\d+ \d+ \d+\.\d\d \d+\n$/);
  assert.match(await said("--latency", "-i", "0.05", "--csv"), /^\d+,\d+,\d+\.\d\d,\d+\n$/);
  for (const [mode, expected] of [
    ["--latency-history", /^min: \d+, max: \d+, avg: \d+\.\d\d \(\d+ samples\) -- 0\.\d\d seconds range\n/],
    ["--latency-dist", /\[38;5;0m\x1b\[48;5;\d+m\..*\?\x1b\[0m\n/],
  ]) {
    const child = spawn(process.execPath, [cli, "-p", String(server.port), mode, "-i", "0.05"]);
    let out = "";
    child.stdout.on("data", (chunk) => (out += chunk));
    await until(() => expected.test(out));
    child.kill();
  }
});

test("--pipe sends what there is and counts the replies", async () => {
  const input = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n*1\r\n$4\r\nNOPE\r\nset b 2\r\nincr l\r\n";
  const to = (text, ...args) => run(["-p", String(server.port), "-n", "7", ...args, "--pipe"], { input: text });
  const end = (errors, replies) =>
    `All data transferred. Waiting for the last reply...\nLast reply received from server.\nerrors: ${errors}, replies: ${replies}\n`;
  assert.deepEqual(await to(input), {
    out: end(2, 4),
    err: "ERR unknown command 'NOPE'\nWRONGTYPE Operation against a key holding the wrong kind of value\n",
    status: 1,
  });
  assert.equal(await said("MGET", "a", "b"), "1\n2\n");
  assert.deepEqual(await to(""), { out: end(0, 0), err: "", status: 0 });
  assert.deepEqual(await to("DEL a b"), { out: end(0, 1), err: "", status: 0 });
  // A quarter of a million, into a folder, without a server.
  const many = Array.from({ length: 250_000 }, (_, i) => `*3\r\n$3\r\nSET\r\n$6\r\n${100_000 + i}\r\n$1\r\nv\r\n`).join("");
  const store = ["--store", `file:${join(folder, "piped")}`];
  assert.equal((await run([...store, "--pipe"], { input: many })).out, end(0, 250_000));
  assert.equal((await run([...store, "DBSIZE"])).out, "250000\n");
  const { out, status } = await run(["-p", String(server.port), "--pipe", "--pipe-timeout", "0.1"], { input: "CLIENT REPLY OFF" });
  assert.match(out, /No replies for 0\.1 seconds: exiting\.\nerrors: 1, replies: 0\n$/);
  assert.equal(status, 1);
});

test("--rdb: of a server as a replica gets it, of a folder as it is saved; whole, or not there", async () => {
  const store = ["--store", `file:${join(folder, "saved")}`];
  await run([...store, "SET", "k", "v"]);
  const file = join(folder, "a.rdb");
  assert.match((await run([...store, "--rdb", file])).err, /^\d+ bytes written to /);
  const saved = readFileSync(file);
  assert.equal((await run(["--store", `file:${file}`, "GET", "k"])).out, "v\n");
  const mark = "0123456789abcdef0123456789abcdef01234567";
  const answers = {
    marked: ["\n\n$EOF:", mark, "\r\n", saved, mark],
    counted: [`\n$${saved.length}\r\n`, saved],
    cut: [`$${saved.length + 1}\r\n`, saved],
    refused: ["-NOPERM no\r\n"],
  };
  const heard = [];
  let answer;
  const master = createServer((socket) => {
    socket.on("data", (chunk) => {
      for (const line of chunk.toString().trim().split("\r\n")) {
        heard.push(line);
        if (line !== "SYNC") socket.write("+OK\r\n");
        // Byte by byte, so that what ends it is cut anywhere.
        else for (const part of answer) for (const byte of Buffer.from(part)) socket.write(Uint8Array.of(byte));
        if (line === "SYNC") socket.end();
      }
    });
    socket.on("error", () => {});
  });
  await new Promise((done) => master.listen(0, "127.0.0.1", done));
  const at = ["-p", String(master.address().port), "--rdb"];
  for (const name of ["marked", "counted"]) {
    answer = answers[name];
    const target = join(folder, `${name}.rdb`);
    const { err, status } = await run([...at, target]);
    assert.match(err, new RegExp(`Transfer finished with success after ${saved.length} bytes\n$`));
    assert.equal(status, 0);
    assert.deepEqual(readFileSync(target), saved);
  }
  assert.deepEqual(heard.slice(0, 3), ["REPLCONF capa eof", "REPLCONF rdb-only 1", "SYNC"]);
  const before = readdirSync(folder);
  for (const [name, reason] of [
    ["cut", /Server closed the connection/],
    ["refused", /SYNC failed: NOPERM no/],
  ]) {
    answer = answers[name];
    const { err, status } = await run([...at, join(folder, "none.rdb")]);
    assert.match(err, reason);
    assert.equal(status, 1);
  }
  assert.deepEqual(readdirSync(folder), before);
  master.close();
});

test("--eval, -X, --quoted-input and --name", async () => {
  const script = join(folder, "e.lua");
  writeFileSync(script, "return {KEYS[1],ARGV[1],ARGV[2]}");
  assert.equal(await said("--eval", script, "k1", ",", "a", "b"), "k1\na\nb\n");
  assert.equal(await said("--eval", script, "k1", ",a"), "k1\n");
  assert.equal((await there("--eval", "nope.lua")).err, "Can't open file 'nope.lua': No such file or directory\n");
  const at = (args, input) => run(["-p", String(server.port), "-n", "4", ...args], { input });
  assert.equal((await at(["-X", "tag", "SET", "k", "tag", "KEEPTTL"], "xyz\n")).out, "OK\n");
  assert.equal((await at(["GET", "k"])).out, "xyz\n\n");
  assert.equal((await at(["-X", "tag", "GET", "k"], "")).err, "Using -X option but stdin tag not match.\n");
  assert.equal((await at(["--quoted-input", "SET", '"a\\x00b"', "'it'"])).out, "OK\n");
  assert.equal((await at(["--quoted-input", "--json", "GET", '"a\\x00b"'])).out, '"it"\n');
  assert.match((await at(["--quoted-input", "GET", '"a'])).err, /is not one string in quotes/);
  assert.equal((await at(["--name", "bob", "CLIENT", "GETNAME"])).out, "bob\n");
});

test("-c follows the redirections of a cluster", async () => {
  const cluster = await serve({ shards: 3, port: 0 });
  try {
    const at = (args, input) => run(["-p", String(cluster.ports[0]), ...args], { input });
    for (const key of ["a", "b", "c", "d"]) assert.equal((await at(["-c", "SET", key, key])).out, "OK\n");
    const { out } = await at(["-c", "--no-raw"], "GET a\nGET b\nGET c\nGET d\n");
    assert.match(out, /-> Redirected to slot \[\d+\] located at 127\.0\.0\.1:\d+\n/);
    assert.deepEqual(out.match(/^"."$/gm), ['"a"', '"b"', '"c"', '"d"']);
    assert.match((await at([], "GET a\nGET b\nGET c\nGET d\n")).out, /^MOVED \d+ /m);
    // A slot on its way: ASK.
    const slot = Number((await at(["CLUSTER", "KEYSLOT", "a"])).out);
    const from = cluster.shards.findIndex(({ db }) => db.cluster("COUNTKEYSINSLOT", slot) > 0);
    await cluster.beginMove(slot, (from + 1) % 3);
    assert.equal((await run(["-p", String(cluster.ports[from]), "-c", "SET", `{a}new`, "x"])).out, "OK\n");
    assert.equal((await run(["-p", String(cluster.ports[from]), "-c", "GET", `{a}new`])).out, "x\n");
  } finally {
    await cluster.close();
  }
});

test("wakey help, and what is meant by a word that is none", async () => {
  const { out, status } = await run(["help", "set"]);
  assert.match(out, /^\n {2}SET key value \[NX\|XX.*\n {2}summary: .*\n {2}since: 1\.0\.0\n {2}cost: O\(1\)\n {2}group: string\n/);
  assert.match(out, /\n {2}example:\n {4}> SET greeting hello EX 60\n {4}OK\n/);
  assert.equal(status, 0);
  assert.match((await run(["help", "@hyperloglog"])).out, /PFADD[\s\S]*PFMERGE/);
  assert.deepEqual(await run(["help", "gte"]), { out: "", err: "There is no command 'gte'. Did you mean GET?\n", status: 1 });
  assert.match((await run(["serv"])).err, /^Did you mean 'wakey serve'\?\n$/);
  assert.equal((await run(["PINGG"])).err, "");
  assert.match((await run(["-h"])).out, /^wakey: the Redis keyspace/);
  const names = ["GET", "SET", "GETSET", "HSET", "CONFIG GET", "CONFIG SET"];
  for (const [word, name] of [
    ["gett", "GET"],
    ["egt", "GET"],
    ["hest", "HSET"],
    ["config gte", "CONFIG GET"],
    ["xyz", undefined],
    ["a", undefined],
    ["x".repeat(100_000), undefined],
  ])
    assert.equal(nearest(word, names), name, word.slice(0, 20));
});

test("options that scripts have, and mistakes in them", () => {
  const of = (...argv) => settings(argv, {});
  assert.deepEqual(of("--no-auth-warning", "-a", "x", "PING").warns, false);
  assert.equal(of("-i", ".5", "PING").interval, 0.5);
  assert.equal(of("--verbose", "PING").command[0], "PING");
  assert.throws(() => of("-i", "soon"), /-i needs a number of seconds/);
  assert.throws(() => of("--show-pushes", "maybe"), /--show-pushes needs y, yes, n, no/);
  assert.throws(() => of("--memkeys-samples", "-1"), /needs a number of at least 0/);
  assert.throws(() => of("-u"), /-u needs a value/);
});

test("on a terminal replies have colours by type, and none with NO_COLOR or :set nocolours", onTerminal, async () => {
  const steps = [
    ["Press Tab to complete, or type help.\nwakey> ", "SET k v\n"],
    ["OK\nwakey> ", "GET k\n"],
    ['"v"\nwakey> ', "GTE k\n"],
    ["(error) ERR unknown command 'GTE', with args beginning with: 'k' \nDid you mean GET?\nwakey> ", ":set nocolours\n"],
    ["OK\nwakey> ", "STRLEN k\n"],
    ["(integer) 1\nwakey> ", ":set what\n"],
    [":set knows hints and nohints, colours and nocolours, timing and notiming\nwakey> ", "{C-d}"],
  ];
  const { out } = await typed([], steps);
  assert.match(out, /\x1b\[90mData is in memory/);
  assert.match(out, /\x1b\[35mOK\x1b\[0m/);
  assert.match(out, /\x1b\[32m"v"\x1b\[0m/);
  assert.match(out, /\x1b\[31m\(error\) ERR unknown command/);
  assert.match(out, /\r\n\(integer\) 1\r\n/);
  // What the shell says next begins a line.
  assert.match(out, /\n$/);
  const grey = await typed([], steps.slice(0, 2).concat([['"v"\nwakey> ', "quit\n"]]), { NO_COLOR: "1" });
  assert.match(grey.out, /\nOK\r\n/);
  assert.doesNotMatch(grey.out, /\x1b\[3[0-9]m/);
});

test("~/.wakeyrc has what is to hold from the beginning", onTerminal, async () => {
  const file = join(folder, "wakeyrc");
  writeFileSync(file, "# mine\n:set nohints\n:set nocolours\n");
  const { out } = await typed(
    [],
    [
      ["wakey> ", "SET k"],
      ["SET k", " v\n"],
      ["OK\nwakey> ", "quit\n"],
    ],
    { WAKEY_RCFILE: file },
  );
  assert.doesNotMatch(out, /value|\x1b\[90m/);
});

test("Ctrl-C clears what is typed, and ends the client where nothing is", onTerminal, async () => {
  const { plain } = await typed(
    ["-p", String(server.port), "-n", "9"],
    [
      ["[9]> ", "SET lost x"],
      ["SET lost x", "{C-c}"],
      ["^C\n", "EXISTS lost\n"],
      ["(integer) 0\n", "{C-c}"],
    ],
  );
  assert.match(plain, /\n$/);
});

test("Tab completes commands, options, and the names of keys", onTerminal, async () => {
  await typed(
    ["-p", String(server.port)],
    [
      ["> ", "SET tab:key 1\n"],
      ["OK\n", "GET tab:\t"],
      ["GET tab:key", "\n"],
      ['"1"\n', "ZRANGE z 0 -1 withsc\t"],
      ["withscores", "\n"],
      ["2.5", "DEL tab:\t"],
      ["key", "\n"],
      ["(integer) 1\n", "quit\n"],
    ],
  );
});

test("--askpass asks for the password and shows none of it", onTerminal, async () => {
  const guarded = await serve({ port: 0, db: await open({ requirepass: "s\u00e9cret" }) });
  try {
    const { out, plain } = await typed(
      ["--askpass", "-p", String(guarded.port), "PING"],
      [["Please input password: ", "s\u00e9crett\x7f\n"]],
    );
    assert.match(plain, /\*{7}[\s\S]*PONG/);
    assert.doesNotMatch(out, /cret/);
    assert.match((await run(["--askpass", "PING"])).err, /^--askpass needs a terminal/);
  } finally {
    await guarded.close();
    await guarded.db.close();
  }
});

test("help that is longer than the screen goes through the pager", onTerminal, async () => {
  const pager = join(folder, "pager.sh");
  writeFileSync(pager, '#!/bin/sh\necho "paged: $(wc -l)"\n', { mode: 0o755 });
  await typed(
    [],
    [
      ["wakey> ", "help @string\n"],
      ["paged: ", "help get\n"],
      ["summary: Returns the string value", "quit\n"],
    ],
    { PAGER: pager },
  );
});
