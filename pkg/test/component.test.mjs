/**
 * The component, `make component`: the world that it has; the dialogues of `tests/cases` under wasmtime (its Python wheel), and those without scripts
 * under jco in Node, some in Chromium; the same digest in both as in the package; `wasi:keyvalue`; the examples, of which two are in Rust.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { manualClock, open } from "wakey";
import { target } from "../../scripts/common.mjs";
import { cases, chromium, commands, launch, pkg, provided, root, source } from "./support.mjs";

const { play } = await source("terminal/dialogue");

const folder = join(pkg, "build/component");
const file = join(folder, "wakey.component.wasm");
const venv = join(pkg, "build/wasmtime");
const python = provided("PYTHON", ["python3", "python3-venv"], () =>
  spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0 ? "python3" : undefined,
);
const options = { skip: python === undefined && "no Python" };
const executablePath = chromium();
const noBrowser = executablePath === undefined && "no browser";

function run(program, args, env = {}) {
  const done = spawnSync(program, args, { cwd: root, encoding: "utf8", timeout: 900_000, env: { ...process.env, ...env } });
  assert.equal(done.status, 0, `${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Of bytes, or of a text. */
const hex = (given) => Buffer.from(given).toString("hex");
const unhex = (text) => Buffer.from(text, "hex");

/** The component in wasmtime, in a process of its own that is asked at once: by pipes of the system, which are read until there is an answer. */
class Host {
  constructor() {
    const place = mkdtempSync(join(tmpdir(), "wakey-component-"));
    const [to, back] = ["to", "back"].map((name) => join(place, name));
    run("mkfifo", [to, back]);
    const script = new URL("component/host.py", import.meta.url).pathname;
    this.child = spawn(join(venv, "bin/python"), ["-B", script, file, to, back], { stdio: ["ignore", "inherit", "inherit"] });
    this.to = openSync(to, "w");
    this.back = openSync(back, "r");
    this.rest = "";
    this.buffer = Buffer.alloc(1 << 16);
    rmSync(place, { recursive: true });
  }

  ask(call) {
    const line = Buffer.from(`${JSON.stringify(call, (_, value) => (typeof value === "bigint" ? Number(value) : value))}\n`);
    for (let done = 0; done < line.length; ) done += writeSync(this.to, line, done);
    const parts = [];
    for (;;) {
      const n = readSync(this.back, this.buffer);
      if (n === 0) throw new Error("the host of the component has ended");
      const part = this.buffer.toString("utf8", 0, n);
      parts.push(part);
      if (part.endsWith("\n")) return JSON.parse(parts.join(""));
    }
  }

  close() {
    closeSync(this.to);
    closeSync(this.back);
  }
}

/** What jco makes of a component, in a folder. */
async function transpiled(component, outDir) {
  const example = join(root, "examples/component/node");
  if (!existsSync(join(example, "node_modules"))) run("npm", ["ci", "--no-audit", "--no-fund", "--prefix", example]);
  const { transpile, writeFiles } = await import(join(example, "node_modules/@bytecodealliance/jco-transpile/dist/index.js"));
  const { files } = await transpile(component, { outDir, name: "wakey", instantiation: { tag: "async" }, bindgenEnableWasmExnref: true });
  await writeFiles(files);
}

/** The component by way of jco, in this process: it is asked as `Host` is. */
class Jco {
  engines = [];
  modules = new Map();

  static async load() {
    const made = new Jco();
    made.folder = join(folder, "jco");
    await transpiled(plainFile, made.folder);
    ({ instantiate: made.instantiate } = await import(join(made.folder, "wakey.js")));
    return made;
  }

  async open({ seed, now, ...rest }) {
    const compiled = async (path) => {
      if (!this.modules.has(path)) this.modules.set(path, await WebAssembly.compile(readFileSync(join(this.folder, path))));
      return this.modules.get(path);
    };
    const { keyspace } = await this.instantiate(compiled, {
      "wasi:clocks/wall-clock": { now: () => ({ seconds: 0n, nanoseconds: 0 }) },
      "wasi:clocks/monotonic-clock": { now: () => process.hrtime.bigint() },
      "wasi:random/random": { getRandomU64: () => 1n },
    });
    return this.engines.push(keyspace.Engine.open({ seed: BigInt(seed), now, cluster: false, ...rest })) - 1;
  }

  ask({ call, engine: number, ...given }) {
    if (call === "open") return this.open(given);
    const engine = this.engines[number];
    const answer = ({ reply, state }) => ({ reply: hex(reply), state: Object.keys(state).filter((name) => state[name]) });
    const [first] = given.arguments ?? [];
    switch (call) {
      case "session": {
        const { resp, trusted, addr } = given;
        return Number(engine.openSession({ protocol: resp === 3 ? "resp3" : "resp2", trusted, readonly: false, address: addr }));
      }
      case "exec":
        return answer(engine.exec(BigInt(given.session), given.now, given.words.map(unhex)));
      case "feed":
        return answer(engine.feed(BigInt(given.session), given.now, unhex(given.bytes)));
      case "output": {
        const output = engine.nextOutput();
        return output === undefined ? null : { session: Number(output.session), bytes: hex(output.bytes), close: output.close };
      }
      case "configure":
        return engine.configure(...given.arguments);
      case "close-session":
        return engine.closeSession(BigInt(first));
      case "is-waiting":
        return engine.isWaiting(BigInt(first));
      case "next-deadline":
        return engine.nextDeadline() ?? null;
      case "tick":
        return engine.tick(first);
      case "digest":
        return Number(engine.digest() & 0xffff_ffffn);
      case "close":
        this.engines[number] = undefined;
    }
  }

  close() {}
}

const plainFile = join(folder, "wakey.plain.component.wasm");
let host;
let jco;
before(async () => {
  if (python === undefined) return;
  run("make", ["component"]);
  jco = await Jco.load();
  if (!existsSync(join(venv, "bin/python"))) {
    rmSync(venv, { recursive: true, force: true });
    run(python, ["-m", "venv", venv]);
    run(join(venv, "bin/python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "wasmtime==50.0.1"]);
  }
  host = new Host();
});
after(() => host?.close());

test("its world is the one of wit/engine.wit, and imports clocks and random numbers alone", options, () => {
  const [, written] = /^world wakey \{\n([\s\S]*?)^\}/m.exec(readFileSync(join(root, "wit/engine.wit"), "utf8"));
  const lines = (text) =>
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => /^(import|export) /.test(line))
      .map((line) => line.replace("export keyspace;", "export wakey:engine/keyspace@0.1.0;"))
      .sort();
  assert.deepEqual(lines(readFileSync(join(folder, "world.wit"), "utf8")), lines(written));
});

test("it is within its budget, and the page says what it weighs", options, () => {
  assert.match(run(process.execPath, ["scripts/size.mjs", "--component"]), /^wakey\.component\.wasm +[\d.]+ KiB/m);
});

/** An engine of the component, with what `dialogue.mjs` wants of one of the package. */
class Through {
  static module = undefined;
  static async create(_, { seed, clock, dialect, compat, cluster = false }) {
    // The one that dialogues ask for the module tells which host it is.
    const made = new this();
    made.clock = clock;
    made.number = await made.host.ask({ call: "open", seed, now: clock.now(), dialect, compat, cluster });
    made.listeners = new Map();
    clock.subscribe(() => {
      while ((made.ask("next-deadline") ?? Number.POSITIVE_INFINITY) <= clock.now()) made.ask("tick", { arguments: [clock.now()] });
      made.deliver();
    });
    return made;
  }

  ask(call, more) {
    return this.host.ask({ call, engine: this.number, ...more });
  }

  configure(...given) {
    this.ask("configure", { arguments: given });
  }

  openSession({ resp, trusted, addr }, listener) {
    const id = this.ask("session", { resp, trusted, addr });
    this.listeners.set(id, listener);
    return id;
  }

  closeSession(id) {
    this.ask("close-session", { arguments: [id] });
  }

  isWaiting(id) {
    return this.ask("is-waiting", { arguments: [id] });
  }

  took({ reply, state }) {
    this.bytes = unhex(reply);
    this.state = state;
    return this.bytes.length;
  }

  feed(session, chunk) {
    return this.took(this.ask("feed", { session, now: this.clock.now(), bytes: hex(chunk) }));
  }

  run(session, args) {
    return this.took(this.ask("exec", { session, now: this.clock.now(), words: args.map(hex) }));
  }

  replyAt() {
    return 0;
  }

  flags() {
    return (this.state.includes("close") ? 1 : 0) | (this.state.includes("outputs") ? 2 : 0);
  }

  deliver() {
    for (let one = this.ask("output"); one !== null; one = this.ask("output"))
      this.listeners.get(one.session)?.(unhex(one.bytes), one.close);
  }

  close() {
    if (this.number !== undefined) this.ask("close");
  }
}

class InWasmtime extends Through {
  host = host;
}

class InJco extends Through {
  host = jco;
}

const tools = (Engine) => ({ open: async () => ({ _engine: new Engine() }), manualClock });

/** Dialogues in which scripts run. */
const SCRIPTED = /^> .*\b(EVAL|EVALSHA|EVAL_RO|EVALSHA_RO|FCALL|FCALL_RO|SCRIPT|FUNCTION)\b/im;

for (const [name, text] of cases()) {
  for (const [where, Engine] of [
    ["wasmtime", InWasmtime],
    ["Node, through jco", InJco],
  ]) {
    if (Engine === InJco && SCRIPTED.test(text)) continue;
    test(`the dialogues of ${name} hold in ${where}`, options, async () => {
      const report = await play(name, text, tools(Engine));
      assert.equal(report.commands, commands(text));
      if (report.failures.length > 0) assert.fail(report.failures.join("\n"));
    });
  }
}

test("what is wrong is an error or a reply, and no trap", options, () => {
  const engine = host.ask({ call: "open", seed: 1, now: 0 });
  const ask = (call, ...given) => host.ask({ call, engine, arguments: given });
  assert.deepEqual(ask("configure", "none", "1"), { error: "err", payload: "there is no parameter 'none'" });
  // The bindings give what an error holds.
  assert.deepEqual(ask("next-slice", 1), { error: "err", payload: null });
  assert.deepEqual(ask("load", hex("*1\r\n$4\r\nPING\r\n?")), { at: 14, reason: "no command begins here" });
  ask("finish-load", 0);
  const { reply, state } = host.ask({ call: "exec", engine, session: 99, now: 0, words: [hex("PING")] });
  assert.deepEqual([unhex(reply).toString(), state], ["-ERR no such session\r\n", ["close"]]);
  assert.deepEqual(host.ask({ call: "feed", engine, session: 99, now: 0, bytes: hex("PING\r\n") }), { reply: "", state: ["close"] });
  for (const call of ["close-session", "is-waiting", "cancel-wait"]) assert.ok(!ask(call, 99), call);
  const session = host.ask({ call: "session", engine, resp: 2, trusted: true, addr: "" });
  const run = (now, ...words) => unhex(host.ask({ call: "exec", engine, session, now, words: words.map(hex) }).reply).toString();
  assert.match(run(0), /^-ERR /);
  assert.match(run(0, ""), /^-ERR unknown command/);
  // A time that is none, or far away.
  for (const now of [-1, 1e300, 0]) assert.equal(run(now, "PING"), "+PONG\r\n");
  host.ask({ call: "close", engine });
});

test("SAVE and its kind are requests to a host that saves", options, () => {
  const engine = host.ask({ call: "open", seed: 1, now: 0 });
  const ask = (call, ...given) => host.ask({ call, engine, arguments: given });
  const session = host.ask({ call: "session", engine, resp: 2, trusted: true, addr: "" });
  const feed = (now, command) => unhex(host.ask({ call: "feed", engine, session, now, bytes: hex(`${command}\r\n`) }).reply).toString();
  assert.match(feed(0, "SAVE"), /^-ERR no store is open/);
  assert.equal(ask("next-request"), null);
  ask("allow-saves", true);
  for (const [command, request] of [
    ["SAVE", "save"],
    ["BGSAVE", "save-in-background"],
    ["BGREWRITEAOF", "rewrite"],
  ]) {
    assert.match(feed(0, command), /^\+/);
    assert.equal(ask("next-request"), request);
  }
  ask("finish-save", true, 5000);
  assert.equal(feed(6000, "LASTSAVE"), ":5\r\n");
  // A SHUTDOWN whose save fails is told so.
  assert.equal(feed(6000, "SHUTDOWN"), "");
  assert.equal(ask("next-request"), "save-and-shut-down");
  assert.equal(ask("is-waiting", session), true);
  ask("finish-save", false, 7000);
  assert.match(unhex(host.ask({ call: "output", engine }).bytes).toString(), /^-ERR Errors trying to SHUTDOWN/);
  ask("allow-saves", false);
  assert.match(feed(8000, "BGSAVE"), /^-ERR no store is open/);
  host.ask({ call: "close", engine });
});

test("after the same session the digest is the same as in the package", options, async () => {
  const session = [];
  let state = 1;
  const dice = (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const kinds = [
    () => ["SET", `s${dice(20)}`, String(dice(1000))],
    () => ["HSET", `h${dice(5)}`, `f${dice(300)}`, String(dice(9))],
    () => ["SADD", `t${dice(5)}`, `m${dice(600)}`],
    () => ["SPOP", `t${dice(5)}`],
    () => ["ZADD", `z${dice(5)}`, String(dice(50)), `m${dice(300)}`],
    () => ["RPUSH", `l${dice(5)}`, "x".repeat(dice(100))],
    () => ["EXPIRE", `s${dice(20)}`, String(1 + dice(100))],
    () => ["XADD", `x${dice(3)}`, "*", "f", String(dice(9))],
  ];
  for (let i = 0; i < 5000; i++) session.push(kinds[dice(kinds.length)]());
  const played = async (Engine) => {
    const clock = manualClock(1_700_000_000_000);
    const engine = await Engine.create(undefined, { seed: 7, clock });
    const id = engine.openSession({ resp: 3, trusted: true, addr: "" }, () => {});
    for (const [i, args] of session.entries()) {
      engine.run(
        id,
        args.map((word) => Buffer.from(word)),
      );
      if (i % 50 === 0) clock.advance(700);
    }
    const digest = engine.ask("digest");
    engine.close();
    return BigInt(digest) & 0xffff_ffffn;
  };
  const clock = manualClock(1_700_000_000_000);
  const db = await open({ seed: 7n, clock });
  for (const [i, args] of session.entries()) {
    db.call(...args);
    if (i % 50 === 0) clock.advance(700);
  }
  const digest = db._engine.ask((core) => core.digest()) & 0xffff_ffffn;
  db.close();
  assert.equal(await played(InWasmtime), digest);
  assert.equal(await played(InJco), digest);
});

const example = (name) => join(root, "examples/component", name);

/** Runs cargo on a package of its own, with what it makes in a folder of cargo's. */
const cargo = (command, name, place, ...args) =>
  run("cargo", [command, "--locked", "--quiet", "--manifest-path", join(name, "Cargo.toml"), ...args], {
    CARGO_TARGET_DIR: join(target(), place),
  });

test("the examples in Python and Node say what they say they do", options, () => {
  assert.equal(run(join(venv, "bin/python"), ["-B", example("python/keyspace.py"), file]), "+OK\r\n\n:1\r\n\n$3\r\nann\r\n\n_\r\n\n");
  // This Node may be older than exceptions.
  const said = run(process.execPath, [example("node/keyspace.mjs"), plainFile, join(folder, "example")]).split("\n");
  assert.deepEqual(said.slice(0, 4), ["+OK", "60000", '"$3\\r\\nann\\r\\n"', '"_\\r\\n"']);
  assert.match(said[4], /^-ERR this build of Wakey has no scripts/);
});

test("scripts run through jco where there are exceptions: here, in Chromium", { skip: options.skip || noBrowser }, async (t) => {
  const out = join(folder, "jco-scripts");
  await transpiled(file, out);
  const glue = readFileSync(join(out, "wakey.js"), "utf8");
  const cores = readdirSync(out).filter((name) => name.endsWith(".wasm"));
  const wasm = Object.fromEntries(cores.map((name) => [name, readFileSync(join(out, name), "base64")]));
  const browser = await launch(executablePath);
  t.after(() => browser.close());
  const page = await browser.newPage();
  const said = await page.evaluate(
    async ([glue, wasm]) => {
      const { instantiate } = await import(URL.createObjectURL(new Blob([glue], { type: "text/javascript" })));
      const compiled = (name) => WebAssembly.compile(Uint8Array.from(atob(wasm[name]), (one) => one.charCodeAt(0)));
      const { keyspace } = await instantiate(compiled, {
        "wasi:clocks/wall-clock": { now: () => ({ seconds: 0n, nanoseconds: 0 }) },
        "wasi:clocks/monotonic-clock": { now: () => BigInt(Math.round(performance.now() * 1e6)) },
        "wasi:random/random": { getRandomU64: () => 1n },
      });
      const engine = keyspace.Engine.open({ seed: 1n, now: 0, cluster: false });
      const session = engine.openSession({ protocol: "resp3", trusted: true, readonly: false });
      const call = (...words) =>
        new TextDecoder().decode(
          engine.exec(
            session,
            0,
            words.map((word) => new TextEncoder().encode(word)),
          ).reply,
        );
      const script = "redis.call('SET', KEYS[1], 'x') local done = pcall(redis.call, 'INCR', KEYS[1]) return tostring(done)";
      return [call("EVAL", script, "1", "k"), call("EVAL", "error('no')", "0").slice(0, 7), call("GET", "k")];
    },
    [glue, wasm],
  );
  assert.deepEqual(said, ["$5\r\nfalse\r\n", "-ERR us", "$1\r\nx\r\n"]);
});

test("the example in Rust says what it says it does", options, () => {
  const said = cargo("run", example("rust"), "host", "--", file).split("\r\n");
  assert.match(said.splice(2, 1)[0], /^-ERR value is not an integer or out of range script: /);
  assert.deepEqual(said, ["+OK", ":1", "$3", "ann", "_", ":1", ""]);
});

test("a guest of wasi:keyvalue composed with it counts, and asks for clocks and random numbers alone", options, () => {
  cargo("build", example("guest"), "component", "--release", "--target", "wasm32-unknown-unknown");
  const tool = (name, ...args) => cargo("run", join(root, "component"), "component", "--profile", "tool", "-p", name, "--", ...args);
  const [guest, whole] = ["visits.wasm", "whole.wasm"].map((name) => join(folder, "guest", name));
  mkdirSync(join(folder, "guest"), { recursive: true });
  tool("encode", join(target(), "component/wasm32-unknown-unknown/release/visits.wasm"), guest);
  const world = tool("compose", guest, file, whole);
  assert.deepEqual(world.match(/(?<=^ {2}(?:import|export) ).*(?=;$)/gm), [
    "wasi:clocks/wall-clock@0.2.0",
    "wasi:clocks/monotonic-clock@0.2.0",
    "wasi:random/random@0.2.0",
    "visit: func(page: string) -> result<s64, string>",
  ]);
  const said = run(join(venv, "bin/python"), ["-B", example("guest/run.py"), whole]);
  assert.deepEqual(said.trim().split("\n"), ["/ 1", "/ 2", "/about 1", "/ 3"]);
});

test("wasi:keyvalue is on strings of a database for each bucket, and shares them with the engine", options, () => {
  const kv = (name, ...given) => host.ask({ call: "keyvalue", name, arguments: given });
  for (const bucket of ["default", "carts", "3"]) assert.equal(kv("open", bucket), true);
  assert.equal(kv("get", "default", "k"), null);
  kv("set", "default", "k", hex(Buffer.from("v\0")));
  assert.equal(kv("get", "default", "k"), hex(Buffer.from("v\0")));
  assert.equal(kv("get", "carts", "k"), null);
  assert.deepEqual([kv("exists", "default", "k"), kv("exists", "carts", "k")], [true, false]);
  assert.equal(kv("increment", "carts", "n", 5), 5);
  assert.equal(kv("increment", "carts", "n", -7), -2);
  assert.deepEqual(kv("increment", "default", "k", 1), { error: "other", payload: "ERR value is not an integer or out of range" });
  kv("set-many", "3", [
    ["a", "31"],
    ["b", "32"],
  ]);
  assert.deepEqual(kv("get-many", "3", ["b", "none", "a"]), [
    ["b", "32"],
    ["none", null],
    ["a", "31"],
  ]);
  const listed = [];
  for (let i = 0; i < 2000; i++) kv("set", "3", `key:${i}`, "00");
  for (let cursor = null; cursor !== undefined; ) {
    const page = kv("list-keys", "3", cursor);
    listed.push(...page.keys);
    cursor = page.cursor ?? undefined;
  }
  assert.equal(new Set(listed).size, 2002);
  kv("delete-many", "3", ["a", "none"]);
  assert.equal(kv("get", "3", "a"), null);
  // Compare and swap: who was overtaken gets a handle of what is there now.
  kv("cas", "default", "one", "c");
  kv("cas", "default", "two", "c");
  assert.equal(kv("swap", "one", "aa"), true);
  assert.equal(kv("swap", "two", "bb"), "cas-failed");
  assert.equal(kv("current", "two"), "aa");
  assert.equal(kv("swap", "two", "bb"), true);
  assert.equal(kv("get", "default", "c"), "bb");
});
