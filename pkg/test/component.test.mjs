/**
 * The component, `make component`: the world that it has, and under wasmtime (its Python wheel) the dialogues of `tests/cases`, sessions that a native
 * engine has recorded, and `wasi:keyvalue`.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { manualClock } from "wakey";
import { play } from "./dialogue.mjs";
import { cases, commands, pkg, provided, root, source } from "./support.mjs";

const { words, pretty, quote } = await source("prompt/format");
const { parse, bytes, latin1 } = await source("resp/nodes", "resp/latin1");

const folder = join(pkg, "build/component");
const file = join(folder, "wakey.component.wasm");
const venv = join(pkg, "build/wasmtime");
const python = provided("PYTHON", ["python3", "python3-venv"], () =>
  spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0 ? "python3" : undefined,
);
const options = { skip: python === undefined && "no Python" };

function run(program, args) {
  const done = spawnSync(program, args, { cwd: root, encoding: "utf8", timeout: 600_000 });
  assert.equal(done.status, 0, `${done.stdout}${done.stderr}`);
  return done.stdout;
}

const hex = (view) => Buffer.from(view).toString("hex");
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

let host;
before(() => {
  if (python === undefined) return;
  run("make", ["component"]);
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

/** An engine of the component, with what `dialogue.mjs` wants of one of the package. */
class Through {
  static module = undefined;
  static async create(_, { seed, clock, dialect, compat, cluster }) {
    const made = new Through();
    made.clock = clock;
    made.number = host.ask({ call: "open", seed, now: clock.now(), dialect, compat, cluster });
    made.listeners = new Map();
    clock.subscribe(() => {
      while ((made.ask("next-deadline") ?? Number.POSITIVE_INFINITY) <= clock.now()) made.ask("tick", { arguments: [clock.now()] });
      made.deliver();
    });
    return made;
  }

  ask(call, more) {
    return host.ask({ call, engine: this.number, ...more });
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

const tools = { open: async () => ({ _engine: new Through() }), manualClock, words, pretty, quote, parse, bytes, latin1 };

for (const [name, text] of cases()) {
  test(`the dialogues of ${name} hold`, options, async () => {
    const report = await play(name, text, tools);
    assert.equal(report.commands, commands(text));
    if (report.failures.length > 0) assert.fail(report.failures.join("\n"));
  });
}

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
