/** The program `wakey`: one command, pipes, the interactive client, serving. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serve } from "wakey/server";
import { cli, source, until } from "./support.mjs";
import { onTerminal, typed } from "./typing.mjs";

const { pretty, raw, words, quote } = await source("prompt/format");
const { parse, latin1 } = await source("resp/nodes", "resp/latin1");
const { holdsSecret, isSecret } = await source("prompt/secrets");
const { read: settings } = await source("terminal/argv");
const { docs, remaining, completions, help } = await source("prompt/hints");

let server;
before(async () => {
  server = await serve({ port: 0 });
});
after(() => server.close());

async function wakey(args, input = "", env = {}) {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, WAKEY_PASSWORD: undefined, REDISCLI_AUTH: undefined, ...env },
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

const shown = (wire) => pretty(parse(wire).node);

test("a dialogue is played, and what is answered otherwise is told and makes the status 1", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wakey-replay-"));
  const path = join(folder, "a.resp");
  const text = "== a\n@clock 1700000000000\n> SET a 1 EX 5\nOK\n@advance 5000\n> GET a\n(nil)\n";
  writeFileSync(path, text);
  assert.deepEqual(await wakey(["replay", path]), { out: "2 commands, all as expected\n", err: "", status: 0 });
  writeFileSync(path, text.replace("(nil)", '"1"'));
  const { out, status } = await wakey(["replay", path]);
  assert.equal(status, 1);
  assert.match(out, /^a\.resp:6: > GET a\n {4}expected:\n {8}"1"\n {4}got:\n {8}\(nil\)\n\n2 commands, 1 difference\n$/);
  writeFileSync(path, "SET a 1\n");
  for (const [args, why] of [
    [["replay"], /needs a file/],
    [["replay", path], /is not a dialogue/],
    [["replay", join(folder, "none")], /cannot be read: ENOENT/],
  ]) {
    const done = await wakey(args);
    assert.equal(done.status, 1);
    assert.match(done.err, why);
  }
});

test("replies look as in redis-cli", () => {
  const bulk = (text) => `$${text.length}\r\n${text}\r\n`;
  assert.equal(shown("+OK\r\n"), "OK");
  assert.equal(shown(":5\r\n"), "(integer) 5");
  assert.equal(shown(",3.14\r\n"), "(double) 3.14");
  assert.equal(shown("_\r\n"), "(nil)");
  assert.equal(shown("$-1\r\n"), "(nil)");
  assert.equal(shown("#t\r\n"), "(true)");
  assert.equal(shown("-ERR no\r\n"), "(error) ERR no");
  assert.equal(shown("=9\r\ntxt:a\nb c\r\n"), "a\nb c");
  assert.equal(shown(bulk('a"\\\n\t\x00\xff')), '"a\\"\\\\\\n\\t\\x00\\xff"');
  assert.equal(shown("*0\r\n"), "(empty array)");
  assert.equal(shown("~0\r\n"), "(empty set)");
  assert.equal(shown("%0\r\n"), "(empty hash)");
  assert.equal(shown(`*2\r\n:1\r\n*2\r\n${bulk("a")}*1\r\n_\r\n`), '1) (integer) 1\n2) 1) "a"\n   2) 1) (nil)');
  assert.equal(shown(`*10\r\n${":7\r\n".repeat(10)}`).split("\n")[0], " 1) (integer) 7");
  assert.equal(
    shown(`%2\r\n${bulk("a")}%0\r\n${bulk("b")}*2\r\n:1\r\n:2\r\n`),
    '1# "a" => (empty hash)\n2# "b" => \n   1) (integer) 1\n   2) (integer) 2',
  );
  assert.equal(shown(`%1\r\n${bulk("a")}*1\r\n*1\r\n:1\r\n`), '1# "a" => 1) 1) (integer) 1');
  assert.equal(shown("~2\r\n+a\r\n+b\r\n"), "1~ a\n2~ b");
});

test("raw replies are values, one a line", () => {
  const one = (wire) => raw(parse(wire).node);
  assert.equal(one("*3\r\n:1\r\n*2\r\n$1\r\na\r\n_\r\n$1\r\nb\r\n"), "1\na\n\nb");
  assert.equal(one("%2\r\n+a\r\n:1\r\n+b\r\n*2\r\n:1\r\n:2\r\n"), "a 1\nb 1\n2");
  assert.equal(one("#f\r\n"), "(false)");
  assert.equal(one("-ERR no\r\n"), "ERR no\n");
});

test("a reply that is not complete is waited for", () => {
  const whole = "%1\r\n$1\r\na\r\n*2\r\n:1\r\n$3\r\nxyz\r\n";
  for (let n = 0; n < whole.length; n++) assert.equal(parse(whole.slice(0, n)), undefined);
  assert.equal(parse(whole).end, whole.length);
});

test("command lines are split as redis-cli splits them", () => {
  assert.deepEqual(words('set  k \'a b\' "\\x41\\n\\""'), ["set", "k", "a b", 'A\n"']);
  assert.deepEqual(words("'it\\'s' \"\""), ["it's", ""]);
  assert.deepEqual(words("   "), []);
  for (const bad of ['get "x', "get 'x", 'get "a"b', "get 'a'b"]) assert.equal(words(bad), undefined);
  assert.deepEqual(words(quote("\x00\x07\b\r\xfe'\"")), ["\x00\x07\b\r\xfe'\""]);
});

test("a line that ends inside quotes goes on with the next one", async () => {
  const { gathered, openQuote } = await source("prompt/format");
  for (const [line, open] of [
    ['EVAL "return 1', '"'],
    ["EVAL 'it\\'s", "'"],
    ['EVAL "a \\"', '"'],
    ["EVAL 'a' \"b' c", '"'],
    ['EVAL "return 1" 0', ""],
    ["GET k", ""],
    ['GET "a"b "', ""],
  ]) {
    assert.equal(openQuote(line), open, line);
    if (open !== "") assert.equal(words(line), undefined, line);
  }
  assert.deepEqual(gathered(["PING", 'EVAL "', "return 'x'", '" 0', "GET k"]), ["PING", "EVAL \"\nreturn 'x'\n\" 0", "GET k"]);
  assert.deepEqual(gathered(['SET k "', "v"]), ['SET k "\nv']);
  const { isSecret } = await source("prompt/secrets");
  assert.deepEqual(['GET "x\nAUTH secret', 'EVAL "\nreturn 1\n" 0'].map(isSecret), [true, false]);
});

test("hints say what is still to be typed", () => {
  const db = server.db;
  const { _engine: engine } = db;
  const length = engine.run(db._id, ["COMMAND", "DOCS"]);
  const all = docs(parse(latin1(engine.bytes.slice(engine.replyAt(), engine.replyAt() + length))).node);
  const rest = (name, ...typed) => remaining(all.get(name), typed);
  assert.equal(rest("GET"), "key");
  assert.equal(rest("GET", "k"), "");
  assert.match(rest("SET", "k", "v"), /^\[NX\|XX\|IFEQ [^\]]*\] \[GET\] \[EX seconds\|/);
  assert.match(rest("SET", "k", "v", "EX"), /^seconds \[NX\|XX\|IFEQ [^\]]*\] \[GET\]$/);
  assert.equal(rest("SET", "k", "v", "ex", "10", "NX"), "[GET]");
  assert.equal(rest("DEL", "a", "b"), "[key ...]");
  assert.deepEqual(completions(all, "getd"), ["getdel"]);
  assert.ok(completions(all, "CONFIG ").includes("CONFIG GET"));
  assert.ok(completions(all, "help get").includes("help get"));
  assert.match(help(all, ["get"]), /GET.*key[\s\S]*summary:/);
  assert.match(help(all, ["@string"]), /SETRANGE/);
});

test("one command runs in process, raw where no terminal reads", async () => {
  assert.deepEqual(await wakey(["SET", "k", "v"]), { out: "OK\n", err: "", status: 0 });
  assert.deepEqual(await wakey(["--no-raw", "INCR", "n"]), { out: "(integer) 1\n", err: "", status: 0 });
  assert.equal((await wakey(["-r", "3", "INCR", "n"])).out, "1\n2\n3\n");
  assert.equal((await wakey(["-x", "ECHO"], "from stdin")).out, "from stdin\n");
  assert.equal((await wakey(["ECHO", "h\u00e9"])).out, "h\xc3\xa9\n");
});

test("an error ends with status 1, on standard error where -e says so", async () => {
  const one = await wakey(["GET"]);
  assert.deepEqual(one, { out: "ERR wrong number of arguments for 'get' command\n\n", err: "", status: 1 });
  const two = await wakey(["-e", "GET"]);
  assert.deepEqual([two.out, two.status], ["", 1]);
  assert.match(two.err, /^ERR wrong number/);
});

test("commands come through a pipe", async () => {
  const { out, status } = await wakey(["--no-raw"], 'SET k "a\\x00b"\n\nGET k\nGET "open\n2 INCR n\nNOSUCH\nMGET k none\nquit\nGET k\n');
  assert.equal(
    out,
    'OK\n"a\\x00b"\nInvalid argument(s)\n(integer) 1\n(integer) 2\n(error) ERR unknown command \'NOSUCH\'\n1) "a\\x00b"\n2) (nil)\n',
  );
  assert.equal(status, 0);
});

test("-p talks to a server, in RESP3 or RESP2", async () => {
  const port = String(server.port);
  assert.equal((await wakey(["-p", port, "-n", "3", "SET", "k", "v"])).out, "OK\n");
  assert.equal((await wakey(["-p", port], "SELECT 3\nGET k\n")).out, "OK\nv\n");
  assert.match((await wakey(["-p", port, "-3", "--no-raw", "CONFIG", "GET", "maxmemory"])).out, /^1# "maxmemory" => "0"\n$/);
  assert.match((await wakey(["-p", port, "--no-raw", "CONFIG", "GET", "maxmemory"])).out, /^1\) "maxmemory"\n2\) "0"\n$/);
  const none = await wakey(["-p", "1", "PING"]);
  assert.deepEqual([none.out, none.status], ["", 1]);
  assert.match(none.err, /Could not connect .* Connection refused/);
});

test("--help, --version and mistakes", async () => {
  assert.match((await wakey(["--help"])).out, /Usage: wakey/);
  assert.match((await wakey(["--version"])).out, /^wakey \d+\.\d+\.\d+\n$/);
  const bad = await wakey(["--nonsense"]);
  assert.deepEqual([bad.status, /unknown option '--nonsense'/.test(bad.err)], [1, true]);
  assert.equal((await wakey(["-p", "99999999", "PING"])).status, 1);
  assert.match((await wakey(["--dialect", "mysql", "PING"])).err, /dialect must be one of/);
  assert.equal((await wakey(["--dialect", "dicedb", "GET"])).out, "ERROR wrong number of arguments for 'get' command\n\n");
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  test(`wakey serve listens, and ends cleanly with ${signal}`, async () => {
    const path = join(mkdtempSync(join(tmpdir(), "wakey-")), "w.sock");
    const child = spawn(process.execPath, [cli, "serve", "--port", "0", "--unixsocket", path, "--maxclients", "5"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, WAKEY_PASSWORD: "pw" },
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (err += chunk));
    await until(() => out.includes("\n"));
    assert.match(out, /^Wakey \d\S* serves RESP on /);
    const ask = ["-s", path, "CONFIG", "GET", "maxclients"];
    assert.match((await wakey(ask)).out, /^NOAUTH/);
    for (const name of ["WAKEY_PASSWORD", "REDISCLI_AUTH"])
      assert.deepEqual(await wakey(ask, "", { [name]: "pw" }), { out: "maxclients\n5\n", err: "", status: 0 });
    const warned = await wakey(["-a", "pw", ...ask]);
    assert.equal(warned.out, "maxclients\n5\n");
    assert.match(warned.err, /^Warning: a password in -a can be seen/);
    assert.equal(err, "");
    const open = connect(path);
    await until(() => !open.connecting);
    child.kill(signal);
    const status = await new Promise((done) => child.on("exit", done));
    assert.equal(status, 0);
    assert.equal(existsSync(path), false);
    open.destroy();
  });
}

test("a password in the command line works, with a warning; the environment needs none", () => {
  const of = (argv, env = {}) => {
    const { open, password, warnings } = settings(argv, env);
    return [open.requirepass, password, warnings.map((text) => /in (\S+) can/.exec(text)[1])];
  };
  assert.deepEqual(of(["serve", "--requirepass", "pw"]), ["pw", undefined, ["--requirepass"]]);
  assert.deepEqual(of(["serve"], { WAKEY_PASSWORD: "pw" }), ["pw", "pw", []]);
  assert.deepEqual(of(["serve", "--requirepass", "mine"], { WAKEY_PASSWORD: "pw" }).slice(0, 1), ["mine"]);
  // A server asks for nothing that is meant for clients.
  assert.deepEqual(of(["serve"], { REDISCLI_AUTH: "pw" }).slice(0, 1), [undefined]);
  assert.deepEqual(of(["-p", "1"], { WAKEY_PASSWORD: "a", REDISCLI_AUTH: "b" }), [undefined, "a", []]);
  assert.deepEqual(of(["-p", "1", "--pass", "c"], { REDISCLI_AUTH: "b" }), [undefined, "c", ["--pass"]]);
  assert.throws(() => settings(["serve", "--maxmemory", "5constructor"], {}), /number of bytes/);
});

test("wakey serve --reserve takes bytes with a unit", () => {
  assert.equal(settings(["serve", "--reserve", "1gb"], {}).open.reserve, 2 ** 30);
  assert.throws(() => settings(["serve", "--reserve", "much"], {}), /--reserve needs a number of bytes, not 'much'/);
});

const SECRETS = [
  "auth secret",
  '  "AUTH" secret',
  "3 AUTH secret",
  "3 'auth' user secret",
  '"\\x41UTH" secret',
  'AUTH "secret',
  "HELLO 3 AUTH default secret",
  'hello 3 setname x "auth" default secret',
  "CONFIG SET requirepass secret",
  'config "set" maxmemory 0 "requirepass" secret',
  "2 CONFIG SET masterauth secret",
  "MIGRATE h 1 k 0 5 AUTH secret",
  "migrate h 1 k 0 5 copy auth2 user secret keys k",
  "ACL SETUSER ann on >secret",
  '"acl" "setuser" ann >secret',
];
const HARMLESS = ["GET auth", "SET auth secret", "AUTHORS x", "CONFIG GET requirepass", "HELLO 3", "ACL LIST", "5 INCR auth", "", 'GET "x'];

test("a line with a password is told from others, however it is written", () => {
  for (const line of SECRETS) assert.equal(isSecret(line), true, line);
  for (const line of HARMLESS) assert.equal(isSecret(line), false, line);
  assert.equal(holdsSecret(["auth", "x"]), true);
  assert.equal(holdsSecret(["constructor", "x"]), false);
});

/** Runs the interactive client on a terminal that `script` makes; types each line once the prompt is back. */
async function terminal(args, lines, history) {
  const command = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qfec", command, "/dev/null"], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, WAKEY_HISTFILE: history, TERM: "xterm", NO_COLOR: "1" },
  });
  let out = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  const prompts = () => out.split(/> \x1b\[\d+G/).length - 1;
  for (let i = 0; i < lines.length; i++) {
    await until(() => prompts() > i, 10_000);
    child.stdin.write(`${lines[i]}\r`);
  }
  const status = await new Promise((done) => child.on("exit", done));
  return { out, status };
}

test("the interactive client has a prompt, typed replies, hints, help and a history", onTerminal, async () => {
  const folder = join(mkdtempSync(join(tmpdir(), "wakey-")), "new");
  const history = join(folder, "history");
  const lines = ["SELECT 3", "2 INCR n", "GET none", "help get", 'GET "x', ...SECRETS, "quit"];
  const { out, status } = await terminal([], lines, history);
  assert.equal(status, 0);
  assert.match(out, /wakey\[3\]> /);
  assert.match(out, /\(integer\) 1\r\n\(integer\) 2\r\n/);
  assert.match(out, /\(nil\)/);
  assert.match(out, /summary:/);
  assert.match(out, /Invalid argument\(s\)/);
  const kept = readFileSync(history, "utf8");
  assert.match(kept, /SELECT 3\n2 INCR n\n/);
  assert.doesNotMatch(kept, /secret/);
  assert.deepEqual([statSync(folder).mode & 0o777, statSync(history).mode & 0o777], [0o700, 0o600]);
  // What an earlier version kept is neither brought back nor left there.
  writeFileSync(history, '"AUTH" secret\n3 AUTH secret\nGET k\n');
  chmodSync(history, 0o644);
  await terminal([], ["PING", "quit"], history);
  assert.deepEqual([readFileSync(history, "utf8"), statSync(history).mode & 0o777], ["GET k\nPING\nquit\n", 0o600]);
});

test("a script is typed on several lines of a terminal, and is one line of the history", onTerminal, async () => {
  const history = join(mkdtempSync(join(tmpdir(), "wakey-")), "history");
  const lines = [
    'EVAL "',
    "local n = redis.call('INCR', KEYS[1])",
    'return {n, ARGV[1]}" 1 n x',
    "EVAL 'return",
    "1' 0",
    'GET "given up',
    "\x03",
    "GET n",
    "quit",
  ];
  const { out, status } = await terminal([], lines, history);
  assert.equal(status, 0);
  assert.match(out, /\.\.\.> /);
  assert.match(out, /1\) \(integer\) 1\r\n2\) "x"\r\n/);
  assert.match(out, /\(integer\) 1\r\n[^)]*\^C\r\n[^)]*"1"\r\n/s);
  // What single quotes hold cannot be written in one line.
  assert.equal(
    readFileSync(history, "utf8"),
    "EVAL \"\\nlocal n = redis.call('INCR', KEYS[1])\\nreturn {n, ARGV[1]}\" 1 n x\nGET n\nquit\n",
  );
});

test("the interactive client talks to a server, and says when it is gone", onTerminal, async () => {
  const history = join(mkdtempSync(join(tmpdir(), "wakey-")), "history");
  const { out } = await terminal(["-p", String(server.port)], ["SET x 1", "GET x", "QUIT"], history);
  assert.match(out, new RegExp(`127\\.0\\.0\\.1:${server.port}> `));
  assert.match(out, /"1"/);
});

const remote = () => ["-p", String(server.port)];

for (const [where, args, prompt] of [
  ["an engine in this process", () => [], () => "wakey"],
  ["a server", remote, () => `127.0.0.1:${server.port}`],
]) {
  test(`on a terminal a command that waits ends with Ctrl-C, with ${where}`, onTerminal, async () => {
    const { status } = await typed(args(), [
      [`${prompt()}> `, "SELECT 3\n"],
      [`${prompt()}[3]> `, "BLPOP nothing 0\n"],
      ["BLPOP nothing 0\n", "{C-c}"],
      [`^C\n${prompt()}[3]> `, "BLPOP nothing 0.01\n"],
      [`(nil)\n${prompt()}[3]> `, "CLIENT LIST\n"],
      [" db=3 ", "quit\n"],
    ]);
    assert.equal(status, 0);
    assert.doesNotMatch(server.db.client("LIST"), /flags=b/);
  });

  test(`on a terminal messages are read until Ctrl-C, with ${where}`, onTerminal, async () => {
    const reading = "Reading messages... (press Ctrl-C to quit or any key to type command)";
    await typed(args(), [
      [`${prompt()}> `, "SUBSCRIBE news\n"],
      [`1) "subscribe"\n2) "news"\n3) (integer) 1\n${reading}`, "P"],
      [`${prompt()}(subscribed mode)> P`, "UBLISH news hello\n"],
      [`(integer) 1\n1) "message"\n2) "news"\n3) "hello"\n${reading}`, "{C-c}"],
      [`${prompt()}> `, "PUBLISH news nobody\n"],
      [`(integer) 0\n${prompt()}> `, "PSUBSCRIBE n*\n"],
      [reading, "PUNSUBSCRIBE\n"],
      [`1) "punsubscribe"\n2) "n*"\n3) (integer) 0\n${prompt()}> `, "quit\n"],
    ]);
  });

  test(`on a terminal MONITOR is read until Ctrl-C, with ${where}`, onTerminal, async () => {
    await typed(args(), [
      [`${prompt()}> `, "SELECT 2\n"],
      [`${prompt()}[2]> `, "MONITOR\n"],
      ["OK\nReading messages...", "P"],
      [`${prompt()}[2](subscribed mode)> P`, "ING\n"],
      ['] "PING"\n', "{C-c}"],
      [`${prompt()}[2]> `, "HGETALL nothing\n"],
      [`(empty hash)\n${prompt()}[2]> `, "quit\n"],
    ]);
  });

  test(`on a terminal the prompt shows a transaction, with ${where}`, onTerminal, async () => {
    await typed(args(), [
      [`${prompt()}> `, "MULTI\n"],
      [`OK\n${prompt()}(TX)> `, "SELECT 1\n"],
      [`QUEUED\n${prompt()}(TX)> `, "EXEC\n"],
      [`1) OK\n${prompt()}[1]> `, "MULTI\n"],
      [`${prompt()}[1](TX)> `, "GET\n"],
      [`${prompt()}[1](TX)> `, "EXEC\n"],
      [`(error) EXECABORT Transaction discarded because of previous errors.\n${prompt()}[1]> `, "MULTI\n"],
      [`${prompt()}[1](TX)> `, "DISCARD\n"],
      [`OK\n${prompt()}[1]> `, "quit\n"],
    ]);
  });
}

test("a message from elsewhere appears above what is being typed", onTerminal, async () => {
  const prompt = `127.0.0.1:${server.port}`;
  await typed(remote(), [
    [`${prompt}> `, "SUBSCRIBE news\n"],
    ["Reading messages...", () => server.db.publish("news", "one")],
    ['3) "one"\nReading messages...', "P"],
    [`${prompt}(subscribed mode)> P`, () => server.db.publish("news", "two")],
    [`3) "two"\n${prompt}(subscribed mode)> P`, "ING\n"],
    ["PONG\nReading messages...", "{C-c}"],
    [`${prompt}> `, "quit\n"],
  ]);
});

test("through a pipe a command that waits is waited for, and messages are printed as they come", async () => {
  const waiting = wakey(["--no-raw", ...remote()], "BLPOP jobs 0\nGET k2\n");
  await until(() => /flags=b /.test(server.db.client("LIST")));
  server.db.rpush("jobs", "x");
  assert.equal((await waiting).out, '1) "jobs"\n2) "x"\n(nil)\n');
  assert.equal((await wakey(["--no-raw"], "BLPOP jobs 0.05\nPING\n")).out, "(nil)\nPONG\n");
  const { out, status } = await wakey(["-3"], "SUBSCRIBE a b\nPUBLISH b hello\nUNSUBSCRIBE\nMULTI\nPING\nEXEC\n");
  assert.equal(out, "subscribe\na\n1\nsubscribe\nb\n2\n1\nmessage\nb\nhello\nunsubscribe\na\n1\nunsubscribe\nb\n0\nOK\nQUEUED\nPONG\n");
  assert.equal(status, 0);
});

test("serve --console has the client on the same engine", onTerminal, async () => {
  const history = join(mkdtempSync(join(tmpdir(), "wakey-")), "history");
  const { out, status } = await terminal(["serve", "--port", "0", "--console"], ["SET x 1", "GET x", "exit"], history);
  assert.match(out, /serves RESP on[\s\S]*wakey> [\s\S]*"1"/);
  assert.equal(status, 0);
});
