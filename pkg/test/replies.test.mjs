/**
 * What the command table says of replies (`.reply(...)` of a row, from which the TypeScript types follow) is what the engine answers:
 * each reply of the dialogues is held against its row. In RESP3, of which the types speak.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { manualClock, open } from "wakey";
import { fits, read, typeOf } from "../../scripts/notation.mjs";
import { REPLIES, replyTo } from "../../scripts/replies.mjs";
import { table } from "../../scripts/table.mjs";
import { cases, source, until } from "./support.mjs";

const { play, pretty, parse, latin1 } = await source("terminal/dialogue", "prompt/format", "resp/nodes", "resp/latin1");

const rows = new Map();
for (const row of await table()) {
  rows.set(row.name.toLowerCase(), row);
  for (const sub of row.subcommands ?? []) rows.set(sub.name.toLowerCase().replace("|", " "), sub);
}

/** The row of a command's words: a subcommand's, where there is one. */
function rowOf([name, sub = ""]) {
  return rows.get(`${name} ${sub}`.toLowerCase()) ?? rows.get(name.toLowerCase());
}

/** What follows from the options of a command that was sent; of others what the row says. */
function replyOf(row, args) {
  const own = args.slice(row.name.split(/[| ]/).length);
  return replyTo(row.name.replace("|", " "), own, row.args.filter((arg) => !arg.optional).length) ?? row.reply;
}

/** Plays a file, and tells `observe` each reply with the words of its command. */
async function replies(file, text, observe) {
  let sessions = new Map();
  const heard = (session, args, node, protocol) => {
    const name = args[0]?.toLowerCase();
    const state = sessions.get(session) ?? { protocol, queue: undefined };
    sessions.set(session, state);
    if (name === "hello" && node.type !== "error" && args.length > 1) state.protocol = Number(args[1]);
    if (state.protocol === 3) {
      if (node.type === "simple" && node.text === "QUEUED") state.queue?.push(args);
      else {
        observe(args, node);
        if (name === "exec" && node.type === "array" && state.queue?.length === node.items.length)
          for (const [i, queued] of state.queue.entries()) observe(queued, node.items[i]);
      }
    }
    if (["multi", "exec", "discard", "reset"].includes(name)) state.queue = name === "multi" ? [] : undefined;
    if (name === "reset") state.protocol = 2;
  };
  const begin = () => (sessions = new Map());
  await play(file, text, { open, manualClock, heard, begin });
}

const seen = new Set();

for (const [file, text] of cases()) {
  test(`the replies of ${file} are those of the table`, async () => {
    const wrong = new Set();
    await replies(file, text, (args, node) => {
      const row = rowOf(args);
      if (row === undefined || node.type === "error") return;
      seen.add(row.name);
      const narrow = replyOf(row, args);
      if (!fits(read(row.reply || "any"), node) || !fits(read(narrow || "any"), node))
        wrong.add(
          `${row.name} says '${narrow}' ('${row.reply}'), and ${args.join(" ").slice(0, 100)} answers\n${pretty(node).slice(0, 300)}`,
        );
    });
    assert.deepEqual([...wrong], []);
  });
}

test("the replies of what needs a store, or is in no dialogue, are those of the table", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wakey-replies-"));
  const db = await open(`file:${folder}`);
  const { _engine: engine } = db;
  const sha = db.script("LOAD", "return {double=1}");
  db.function("LOAD", "#!lua name=l\nredis.register_function('spin', function() while true do end end)");
  db.config("SET", "busy-reply-threshold", 1);
  /** What is killed: it comes as over a socket, and is paused. */
  const running = { "SCRIPT KILL": "EVAL 'while true do end' 0\r\n", "FUNCTION KILL": "FCALL spin 0\r\n" };
  for (const command of [
    ...["SAVE", "LASTSAVE", "BGSAVE", "BGREWRITEAOF", "MEMORY HELP", "MONITOR", "QUIT"],
    ...[`EVALSHA_RO ${sha} 0`, "SCRIPT KILL", "FUNCTION KILL"],
  ]) {
    const args = command.split(" ");
    const { _id: id } = db.session();
    if (command in running) {
      await until(() => !engine.isPaused());
      engine.feed(db.session()._id, Buffer.from(running[command]));
      engine.attend(engine.flags());
      assert.ok(engine.isPaused());
    }
    const length = engine.run(id, args);
    const at = engine.replyAt();
    const { node } = parse(latin1(engine.bytes.slice(at, at + length)), 0);
    const row = rowOf(args);
    seen.add(row.name);
    assert.notEqual(node.type, "error", pretty(node));
    assert.ok(fits(read(row.reply), node), `${row.name} says '${row.reply}', and answers\n${pretty(node)}`);
  }
  await until(() => !engine.isPaused());
  await db.close();
  rmSync(folder, { recursive: true });
});

/** Rows that have no reply but errors here: they want replicas, a file, a command that took long, or the real server's own allocator. */
const SILENT = [
  ...["CLUSTER FAILOVER", "CLUSTER FORGET", "CLUSTER REPLICATE", "FAILOVER"],
  ...["ACL LOAD", "ACL SAVE", "CONFIG REWRITE", "SHUTDOWN"],
  ...["BACKUP ABORT", "BACKUP SEAL", "BACKUP START"],
  ...["LATENCY GRAPH", "MEMORY MALLOC-STATS"],
];

test("MEMORY MALLOC-STATS, which no dialogue can hold, is text", async () => {
  const db = await open();
  assert.match(db.call("MEMORY", "MALLOC-STATS"), /jemalloc/);
  await db.close();
});

test("every command's reply was seen", () => {
  const silent = [...rows.values()].filter((row) => !row.subcommands?.length && !seen.has(row.name)).map((row) => row.name);
  assert.deepEqual(silent.sort(), SILENT.sort());
});

test("the alternatives by options are of commands that there are, and all that their rows have", () => {
  const types = (notation) => read(notation).map((one) => typeOf([one]));
  for (const [name, alternatives] of Object.entries(REPLIES)) {
    const row = rows.get(name.toLowerCase());
    assert.ok(row, name);
    const some = alternatives.flatMap((one) => (Array.isArray(one) ? one[1] : typeof one === "string" ? one : "array of any"));
    // Named fields are a map of anything.
    const said = some.flatMap(types).flatMap((type) => (type.startsWith("Fields<") ? [type, ...types("map of any")] : [type]));
    for (const type of read(row.reply).length > 1 ? types(row.reply) : []) assert.ok(said.includes(type), `${name} never answers ${type}`);
  }
});

test("the notation tells apart what may be null", () => {
  const node = (...items) => ({ type: "array", items: items.map((type) => ({ type, text: "" })) });
  for (const [notation, reply, right] of [
    ["array of bulk | null", node("string"), true],
    ["array of bulk | null", { type: "null" }, true],
    ["array of bulk | null", node("null"), false],
    ["array of (bulk | null)", node("null", "string"), true],
    ["array of (bulk | null)", { type: "null" }, false],
    ["[int, bulk | null]", node("int", "null"), true],
    ["[int, bulk | null]", node("int"), false],
    ["map of array of int", { type: "map", pairs: [[{ type: "string", text: "k" }, node("int")]] }, true],
    ["map of array of int", { type: "map", pairs: [[{ type: "string", text: "k" }, node("string")]] }, false],
    ["set of bulk", node("string"), false],
    ["OK", { type: "simple", text: "Background saving started" }, false],
    ["int", { type: "double", text: "1" }, false],
  ])
    assert.equal(fits(read(notation), reply), right, `${notation} ${JSON.stringify(reply)}`);
  for (const bad of ["", "array of", "bulk |", "[bulk", "(int", "strings", "bulk int"])
    assert.throws(() => read(bad), /cannot be read/, bad);
});
