/** Options in objects, and the other objects that commands take: what is sent for them, and what is said where none fits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "wakey";
import { table } from "../../scripts/table.mjs";
import { source } from "./support.mjs";

const { flatten, OPTIONS, PAIRS } = await source("resp/command", "client/commands.gen");

/** The words that a call sends. */
function sent(name, ...args) {
  const out = [name];
  flatten(out, args, 0, PAIRS[name.toLowerCase()] ?? "no", "ERR", name, OPTIONS);
  return out.map(String).join(" ");
}

test("an object of options is the same as its words, in the order of the syntax", () => {
  for (const [call, words] of [
    [["SET", "k", "v", { EX: 60, NX: true }], "SET k v NX EX 60"],
    [["SET", "k", "v", { nx: false, px: 5n, GET: undefined, keepttl: false }], "SET k v PX 5"],
    [["SET", "k", "v", {}], "SET k v"],
    [["SET", "k", "v", { Ex: "60" }], "SET k v EX 60"],
    [["SET", "k", "v", "NX", { EX: 60 }], "SET k v NX EX 60"],
    [["ZRANGE", "z", 0, -1, { WITHSCORES: true, LIMIT: [0, 5], REV: true }], "ZRANGE z 0 -1 REV LIMIT 0 5 WITHSCORES"],
    [["SCAN", 0, { MATCH: "a*", COUNT: 5 }], "SCAN 0 MATCH a* COUNT 5"],
    [["SORT", "k", { GET: ["#", "o_*"], BY: "w_*", DESC: true }], "SORT k BY w_* GET # GET o_* DESC"],
    [["SORT", "k", { GET: "#" }], "SORT k GET #"],
    [["VADD", "v", "VALUES", [2, 1, 0], "a", { M: 8, SETATTR: "{}", BIN: true }], "VADD v VALUES 2 1 0 a BIN SETATTR {} M 8"],
    [
      ["GEOSEARCH", "g", { BYRADIUS: [5, "km"], FROMLONLAT: [1, 2], ANY: true, COUNT: 3 }],
      "GEOSEARCH g FROMLONLAT 1 2 BYRADIUS 5 km COUNT 3 ANY",
    ],
    [["HEXPIRE", "h", 5, { NX: true }, "FIELDS", 1, "f"], "HEXPIRE h 5 NX FIELDS 1 f"],
    [["HSETEX", "h", { FNX: true, EX: 5 }, "FIELDS", 1, { f: "v" }], "HSETEX h FNX EX 5 FIELDS 1 f v"],
    [["XADD", "x", { MAXLEN: ["~", 100], NOMKSTREAM: true }, "*", { maxlen: 5 }], "XADD x NOMKSTREAM MAXLEN ~ 100 * maxlen 5"],
    [["XREAD", { COUNT: 1, BLOCK: 0 }, "STREAMS", "x", "$"], "XREAD COUNT 1 BLOCK 0 STREAMS x $"],
    [["ZUNION", 2, ["a", "b"], { AGGREGATE: "MAX", WEIGHTS: [1, 2] }], "ZUNION 2 a b WEIGHTS 1 2 AGGREGATE MAX"],
    [["CLIENT", "TRACKING", "ON", { PREFIX: ["a", "b"], BCAST: true }], "CLIENT TRACKING ON PREFIX a PREFIX b BCAST"],
    [["client", "tracking", "on", { bcast: true }], "client tracking on BCAST"],
    [["XINFO", "STREAM", "x", { FULL: true, COUNT: 5 }], "XINFO STREAM x FULL COUNT 5"],
    [["ZADD", "z", { NX: true, CH: true }, 1, "a"], "ZADD z NX CH 1 a"],
    [["ZADD", "z", { NX: true }, { Ann: 1 }], "ZADD z NX 1 Ann"],
  ])
    assert.equal(sent(...call), words);
});

test("ZADD takes members by their names, scores by theirs, and lists of both", () => {
  for (const [call, words] of [
    [[{ Ann: 1, Bob: 2.5 }], "1 Ann 2.5 Bob"],
    [[{ Ann: 1, 7: 2 }], "2 7 1 Ann"],
    [[{ 1: "a", 2.5: "b" }], "1 a 2.5 b"],
    [[{ inf: "a" }], "inf a"],
    [[{ nx: 5 }], "5 nx"],
    [
      [
        [
          { score: 1, member: "17" },
          { score: "+inf", member: new Uint8Array([97]) },
        ],
      ],
      "1 17 +inf 97",
    ],
    [[[[1, "a"]]], "1 a"],
    [[new Map([[1, "a"]])], "1 a"],
    [["NX", [{ member: "a", score: 1 }]], "NX 1 a"],
  ])
    assert.equal(sent("ZADD", "z", ...call), `ZADD z ${words}`);
  // Numbers on both sides: which are the scores?
  assert.throws(() => sent("ZADD", "z", { 17: 100 }), /\[\{ score, member \}\] says it/);
  assert.throws(() => sent("ZADD", "z", [{ score: 1, member: {} }]), /holds a member that is an object/);
});

test("an object that does not fit says so, and what would", () => {
  for (const [call, said] of [
    [["SET", "k", { EX: 60 }], /argument 2 of SET is an object; its options \{ NX: true, .*EX: value, .*\} stand behind 2 others$/],
    [["SET", "k", "v", { EXX: 60 }], /argument 3 of SET is an object in which 'EXX' is no option; its options are \{ NX: true, XX: true/],
    [["SET", "k", "v", { EX: 60, toString: 1 }], /'TOSTRING' is no option/],
    [["SET", "k", "v", { NX: 1 }], /in which NX is not true or false/],
    [["SET", "k", "v", { EX: true }], /in which EX has no value/],
    [["SET", "k", "v", { EX: null }], /argument 3 of SET holds a value that is null/],
    [["SET", "k", "v", { EX: {} }], /argument 3 of SET holds a value that is an object/],
    [["SET", "k", "v", new Map([["EX", 60]])], /argument 3 of SET is a Map/],
    [["GET", { a: 1 }], /argument 1 of GET is an object$/],
    [["HSET", "h", {}], /argument 2 of HSET is an empty object$/],
    [["HSET", "h", "f", { a: 1 }], /argument 3 of HSET is an object$/],
    [["constructor", { a: 1 }], /argument 1 of CONSTRUCTOR is an object$/],
  ])
    assert.throws(() => sent(...call), { name: "ValueError", message: said });
});

test("options in objects come with every way to call", async () => {
  const db = await open();
  assert.equal(db.set("k", "v", { EX: 60, NX: true }), "OK");
  assert.equal(db.ttl("k"), 60);
  assert.equal(db.call("SET", "k", "w", { GET: true }), "v");
  assert.equal(db.setJSON("j", { a: 1 }, { PX: 5000 }), "OK");
  assert.equal(db.ttl("j"), 5);
  assert.deepEqual(db.multi().set("k", "x", { XX: true }).get("k").exec(), ["OK", "x"]);
  db.zadd("z", { Ann: 1, Bob: 2 });
  assert.deepEqual(db.zrange("z", 0, -1, { REV: true, WITHSCORES: true }), [
    ["Bob", 2],
    ["Ann", 1],
  ]);
  db.rpush("l", "a", "b", "c");
  const { signal } = new AbortController();
  assert.deepEqual(await db.blmpop(0, 1, "l", "LEFT", { COUNT: 2, signal }), ["l", ["a", "b"]]);
  await assert.rejects(db.blmpop(0, 1, "l", "LEFT", { COUNT: 2, sygnal: signal }), /'SYGNAL' is no option/);
  await assert.rejects(db.blpop("none", 1, { COUNT: 2 }), /unknown option 'COUNT'; a command that waits takes signal/);
  const read = db.xread({ BLOCK: 0, COUNT: 1 }, "STREAMS", "x", "$");
  db.xadd("x", { MAXLEN: 10 }, "1-1", { f: "v" });
  assert.deepEqual({ ...(await read) }, { x: [["1-1", ["f", "v"]]] });
  assert.deepEqual({ ...db.xread({ COUNT: 1 }, "STREAMS", "x", "0") }, { x: [["1-1", ["f", "v"]]] });
  db.close();
});

test("the options of every command are words of its syntax", async () => {
  for (const row of (await table()).flatMap((one) => [one, ...(one.subcommands ?? [])])) {
    const [before, ...words] = OPTIONS[row.name.toLowerCase().replace(" ", "|")]?.split(" ") ?? [];
    assert.ok(before === undefined || (Number(before) >= 0 && words.length > 0), row.name);
    for (const word of words) assert.match(row.syntax, new RegExp(`[[<| ]${word.replace(/[=*]$/, "")}[\\]>| ]`), `${row.name} ${word}`);
  }
});
