/** Parts of the page that need no page: patterns, JSON, MessagePack, times to live. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { root } from "../../pkg/test/support.mjs";

/** A module of the page, as it is in the bundle. */
async function load(name) {
  const { outputFiles } = await build({
    entryPoints: [join(root, "www/src", name)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

test("a pattern means the names that SCAN would find", async () => {
  const { globs, matching, literal } = await load("glob.ts");
  for (const [pattern, name, is] of [
    ["user:*", "user:1", true],
    ["user:*", "users:1", false],
    ["*", "", true],
    ["item:*:99*", "item:7:990", true],
    ["h?llo", "hello", true],
    ["h?llo", "hllo", false],
    ["h[ae]llo", "hallo", true],
    ["h[^e]llo", "hello", false],
    ["h[a-c]llo", "hbllo", true],
    ["h[c-a]llo", "hbllo", true],
    ["a\\*b", "a*b", true],
    ["a\\*b", "axb", false],
    ["[\\]]", "]", true],
    ["[ab", "a", true],
    ["", "", true],
    ["", "a", false],
    ["**a**", "bab", true],
  ])
    assert.equal(globs(pattern, name), is, `${pattern} ${name}`);
  // No pattern takes longer than its length times that of the name.
  assert.equal(globs(`${"a*".repeat(200)}b`, "a".repeat(20_000)), false);
  assert.equal(matching("ser:")("user:1"), true);
  assert.equal(globs(literal("a*[b]?\\"), "a*[b]?\\"), true);
});

test("JSON is shown line by line and keeps its numbers, escapes and doubles", async () => {
  const { lines, minified, pretty, tokens } = await load("json.ts");
  const { isJson, wrong } = await load("kinds.ts");
  const text = '{"n":12345678901234567890,"s":"a\\u0041\\"b","e":{},"l":[],"d":1,"d":2,"list":[1,{"x":null},true]}';
  assert.equal(minified(pretty(text)), text);
  assert.deepEqual(JSON.parse(pretty(text)), JSON.parse(text));
  const all = lines(tokens(text));
  assert.equal(all.length, pretty(text).split("\n").length);
  const list = all.find((line) => line.name === '"list"');
  assert.deepEqual([list.kind, list.count, all[list.close].text], ["open", 3, "]"]);
  assert.deepEqual([isJson(text), isJson("12"), isJson("{oops"), isJson(" [1]")], [true, false, false, true]);
  assert.match(wrong('{"a":}'), /JSON/);
  // However deep.
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  assert.equal(minified(deep), deep);
  assert.equal(lines(tokens(deep)).length, 99_999);
});

test("MessagePack is read as its specification has it, and nothing else is", async () => {
  const { looksPacked, unpacked } = await load("msgpack.ts");
  const read = (...data) =>
    unpacked(Uint8Array.from(data))
      ?.map(({ text }) => text)
      .join("");
  const words = (hex) => read(...Buffer.from(hex.replaceAll(" ", ""), "hex"));
  assert.equal(words("82 a7 636f6d70616374 c3 a6 736368656d61 00"), '{"compact":true,"schema":0}');
  assert.equal(words("93 c0 ff d0 80"), "[nil,-1,-128]");
  assert.equal(words("cb 3ff199999999999a"), "1.1");
  assert.equal(words("ca 3dcccccd"), "0.1");
  assert.equal(words("cf ffffffffffffffff"), "18446744073709551615");
  assert.equal(words("d3 8000000000000000"), "-9223372036854775808");
  assert.equal(words("c4 02 00ff"), "bin(2) 00 ff");
  assert.equal(words("d6 ff 6553f100"), "2023-11-14T22:13:20.000Z");
  assert.equal(words("c7 03 05 010203"), "ext(5, 3) 01 02 03");
  assert.equal(words("d9 02 c3a4"), '"ä"');
  for (const bad of ["", "c1", "93 01", "a3 61", "01 01", "dd ffffffff", "a1 ff", "df ffffffff 00"])
    assert.equal(words(bad), undefined, bad);
  assert.equal(read(...Array(500).fill(0x91), 0), undefined, "too deep");
  assert.equal(looksPacked(Uint8Array.of(5)), false);
  assert.equal(looksPacked(Uint8Array.of(0x91, 5)), true);
});

test("times to live are typed as spans and as moments", async () => {
  const { life, moment } = await load("life.ts");
  for (const [text, is] of [
    ["90", { after: 90_000 }],
    ["90s", { after: 90_000 }],
    ["2.5", { after: 2500 }],
    ["1h 30m", { after: 5_400_000 }],
    ["2H", { after: 7_200_000 }],
    ["1d", { after: 86_400_000 }],
    ["250ms", { after: 250 }],
    ["2026-12-31 18:00", { at: Date.UTC(2026, 11, 31, 18) }],
    ["2026-12-31T18:00:05Z", { at: Date.UTC(2026, 11, 31, 18, 0, 5) }],
    ["2026-12-31", { at: Date.UTC(2026, 11, 31) }],
    ["0", undefined],
    ["soon", undefined],
    ["5 parsecs", undefined],
    ["2026-13-01", undefined],
    ["-5", undefined],
  ])
    assert.deepEqual(life(text), is, text);
  assert.equal(moment(Date.UTC(2026, 0, 2, 3, 4, 5)), "2026-01-02 03:04:05");
});
