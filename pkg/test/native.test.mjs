/**
 * Same bytes in, same bytes out, natively and in WebAssembly: random sessions that a native engine has played
 * (`tests/record/mod.rs` says in which form) get the same replies, messages, deadlines, journal and digest here.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { open } from "wakey";
import { root } from "./support.mjs";

/** How many engines play, from which seed on: `make fuzz` has more. */
const ENGINES = Number(process.env.ENGINES ?? 20);
const SEED = process.env.SEED ?? "1";

const bytes = (hex) => (hex === "-" ? Buffer.alloc(0) : Buffer.from(hex, "hex"));
const hex = (view) => (view.length === 0 ? "-" : Buffer.from(view).toString("hex"));
/** A line with its bytes as text, as far as a reader wants to see them. */
const shown = (line) =>
  line
    .split(" ")
    .map((word) => (/^(?:[0-9a-f]{2}){9,}$/.test(word) ? JSON.stringify(bytes(word).toString("latin1")) : word))
    .join(" ")
    .replace(/^(.{500}).*(.{1000})$/s, "$1 ... $2");

/** A reply, unless the line says that it tells of the machine. */
const told = (line, reply) => (line.endsWith(" ?") ? "?" : reply);

/** A bare engine, without the session that `open` makes, whose crossings are those of `src/wasm.rs` itself. */
async function bare(seed, now) {
  const { _engine: model } = await open();
  const engine = await model.constructor.create(model.module, {
    seed: BigInt(seed),
    clock: { now: () => now },
    words: model.docs,
    timer: false,
  });
  model.close();
  const { core } = engine;
  core.keep_journal(true);
  const crossing = (name) => (session, at, chunk) => {
    engine.reserve(chunk.length);
    engine.bytes.set(chunk, engine.request);
    return mailed(core[name](Number(session), Number(at), chunk.length));
  };
  /** The bytes that the mailbox tells of. */
  const mailed = (length) => {
    engine.remap();
    return engine.bytes.subarray(engine.words[2], engine.words[2] + length);
  };
  return {
    exec: crossing("exec"),
    feed: crossing("feed"),
    tick(at) {
      core.tick(Number(at));
      engine.remap();
      return Number.isFinite(engine.deadline[0]) ? String(engine.deadline[0]) : "none";
    },
    heard() {
      const id = core.next_output();
      engine.remap();
      return [String(id), hex(mailed(engine.words[3]))];
    },
    journal() {
      engine.remap();
      const length = engine.words[5];
      const at = core.take_journal();
      return hex(new Uint8Array(engine.memory.buffer, at, length));
    },
    session: (resp) => String(core.open_session({ resp: Number(resp), trusted: true })),
    digest() {
      assert.equal(core.next_output(), 0, "a message that the native engine did not send");
      return core.digest().toString(16).padStart(16, "0");
    },
    close: () => engine.close(),
  };
}

test("a native engine and the module give the same bytes and the same keyspace", { timeout: 1_200_000 }, async () => {
  const args = ["run", "--quiet", "-p", "fuzz", "--bin", "fuzz-record", "--", String(ENGINES), SEED];
  const { stdout, stderr, status } = spawnSync("cargo", args, { cwd: root, encoding: "latin1", maxBuffer: 2 ** 30 });
  assert.equal(status, 0, stderr);
  const lines = stdout.trimEnd().split("\n");
  const seen = { engine: 0, exec: 0, feed: 0, tick: 0, heard: 0, journal: 0, digest: 0 };
  let engine;
  let before = [];
  for (const line of lines) {
    const [what, first, second, third] = line.split(" ");
    if (what === "engine") {
      engine?.close();
      engine = await bare(first, Number(second));
      before = [];
    }
    let here = line;
    if (what === "session") here = `session ${first} ${engine.session(first)}`;
    else if (what === "exec" || what === "feed")
      here = `${what} ${first} ${second} ${third} ${told(line, hex(engine[what](first, second, bytes(third))))}`;
    else if (what === "tick") here = `tick ${first} ${engine.tick(first)}`;
    else if (what === "heard") here = `heard ${engine.heard().join(" ")}`;
    else if (what === "journal") here = `journal ${engine.journal()}`;
    else if (what === "digest") here = `digest ${engine.digest()}`;
    if (here !== line) assert.fail([before[0], ...before.slice(1).slice(-5), `native: ${line}`, `module: ${here}`].map(shown).join("\n"));
    before.push(line);
    if (what !== "session") seen[what]++;
  }
  engine.close();
  // Three sessions of commands on one engine, and one of programs on another.
  assert.deepEqual([seen.engine, seen.journal, seen.digest], [2 * ENGINES, 4 * ENGINES, 4 * ENGINES]);
  assert.ok(seen.exec > 1000 && seen.feed > 1000 && seen.tick > 100 && seen.heard > 10, JSON.stringify(seen));
});
