/** Parts of the page that need no page: patterns, JSON, MessagePack, times to live, what comes in and goes out, code. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { load } from "./load.mjs";

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

/** Words that would break out of a literal, or look like something else. */
const HOSTILE = [
  "plain",
  "",
  " ",
  "a'b\"c`d\\e",
  `\${process.exit(1)}#{exit}$(exit)%s{0}`,
  "\n\r\t\0\x1b\x7f",
  "*/ // <!-- </script>",
  "\\u0022); evil(\\",
  "\\x22\\",
  "'; DROP TABLE keys; --'",
  "ä ✓ 😀",
  "\u2028\u2029\u202eabc\ufeff",
  "\ufeffbom",
  "__proto__",
].map((text) => Buffer.from(text).toString("latin1"));
const BINARY = ["\xff\xfe\0", "\x80", "a\xc3", '"\xff\\', "\xed\xa0\x80"];

const bytes = (word) => (Buffer.isBuffer(word) ? word : Buffer.from(String(word))).toString("latin1");
/** What a client would send: each word, those of lists and objects one after the other. */
const flat = (words) =>
  words.flatMap((word) =>
    Buffer.isBuffer(word) || typeof word !== "object"
      ? [bytes(word)]
      : Array.isArray(word)
        ? flat(word)
        : "score" in word && "value" in word
          ? flat([word.score, word.value])
          : flat(Object.entries(word).flat()),
  );

/** Commands of all shapes, with each word in each place. */
const COMMANDS = [...HOSTILE, ...BINARY].flatMap((word) => [
  ["SET", "k", word],
  ["SET", word, "v", "EX", "10"],
  ["HSET", "h", word, "1", "other", word],
  ["ZADD", "z", "1.5", word],
  ["RPUSH", word, word, "x"],
  ["XADD", "s", "*", word, word],
  ["GET", word],
]);

test("code for JavaScript sends what the command had, whatever its words are", async () => {
  const { line } = await load("code.ts");
  for (const [client, name] of [
    ["ioredis", "redis"],
    ["node-redis", "client"],
  ])
    for (const args of COMMANDS) {
      const written = line(client, args);
      assert.ok(!/[\n\r\u2028\u2029\u202e]/.test(written), written);
      let sent;
      const proxy = new Proxy(
        {},
        {
          get:
            (_, method) =>
            (...words) =>
              (sent = /^(call|sendCommand)$/.test(method) ? words : [method.toUpperCase(), ...words]),
        },
      );
      await new Function(name, `return (async () => { ${written} })()`)(proxy);
      assert.deepEqual(flat(sent), args, written);
    }
});

test("code for Python sends what the command had, whatever its words are", async () => {
  const { line } = await load("code.ts");
  const program = `
import json
out = []
def flat(words):
    for w in words:
        if isinstance(w, bytes): yield w.decode("latin1")
        elif isinstance(w, dict):
            for k, v in w.items(): yield from flat([k, v])
        else: yield str(w).encode("utf8").decode("latin1")
class R:
    def __getattr__(self, name):
        def call(*words, mapping=None):
            head = [] if name == "execute_command" else [{"delete": "DEL"}.get(name, name.upper())]
            w = head + list(flat(words)) + list(flat([mapping] if mapping else []))
            if name == "zadd": w = w[:2] + w[3:] + w[2:3]
            out.append(w)
        return call
r = R()
${COMMANDS.map((args) => line("redis-py", args)).join("\n")}
print(json.dumps(out))
`;
  const out = JSON.parse(execFileSync("python3", ["-"], { input: program, encoding: "utf8" }));
  assert.deepEqual(out, COMMANDS);
});

test("code for the shell and for Go ends no literal early", async () => {
  const { line } = await load("code.ts");
  const texts = COMMANDS.filter((args) => !args.some((word) => BINARY.includes(word)));
  for (const args of COMMANDS.filter((one) => !texts.includes(one))) assert.match(line("upstash", args), /^# [^\n]*$/);
  // The body that curl would send, from a shell.
  const script = texts.map((args) => line("upstash", args).replace(/^curl/, "sent")).join("\n");
  const sent = execFileSync("sh", ["-c", `sent() { shift 4; printf '%s\\n' "$1"; }\n${script}`], { encoding: "utf8" });
  assert.deepEqual(
    sent
      .trim()
      .split("\n")
      .map((body) => JSON.parse(body).map(bytes)),
    texts,
  );
  // Go's literals, read by its own grammar.
  for (const args of COMMANDS) {
    const written = line("go-redis", args);
    const literals = [...written.matchAll(/"((?:[^"\\\n]|\\(?:[abfnrtv\\"]|x[0-9a-f]{2}|u[0-9a-f]{4}))*)"/g)].map(([, body]) =>
      Buffer.concat(
        [...body.matchAll(/\\x(..)|\\u(....)|\\(.)|([^\\]+)/gs)].map(([, byte, code, char, plain]) =>
          byte !== undefined
            ? Buffer.from(byte, "hex")
            : Buffer.from(
                code !== undefined
                  ? String.fromCharCode(Number.parseInt(code, 16))
                  : char !== undefined
                    ? JSON.parse(`"\\${char}"`)
                    : plain,
              ),
        ),
      ).toString("latin1"),
    );
    assert.deepEqual(literals, args, written);
  }
});

test("Java's literals hold what they should, by its grammar", async () => {
  const { line } = await load("code.ts");
  for (const args of COMMANDS) {
    const written = line("jedis", args);
    // Unicode escapes come first, where an even number of backslashes stands before.
    const source = written.replace(/\\\\|\\u([0-9a-f]{4})/g, (all, code) => (code ? String.fromCharCode(Number.parseInt(code, 16)) : all));
    assert.ok(!/[\n\r]/.test(source));
    const words = [...source.matchAll(/parseHex\("([0-9a-f]*)"\)|"((?:[^"\\]|\\(?:[btnfr"\\]|[0-3][0-7]{2}))*)"/g)].map(([, hex, body]) =>
      hex !== undefined
        ? Buffer.from(hex, "hex").toString("latin1")
        : bytes(body.replace(/\\(?:([0-7]{3})|(.))/g, (_, octal, char) => (octal ? String.fromCharCode(Number.parseInt(octal, 8)) : char))),
    );
    assert.deepEqual(words, args, written);
  }
});

test("what comes in is told apart, and becomes commands", async () => {
  const { read, table } = await load("exchange.ts");
  const rows = { prefix: "p:", column: "id" };
  const of = (text, name = "") => read(Buffer.from(text), name, rows);
  assert.deepEqual(await of('SET a "x y"\n# no\nGET a\n'), {
    kind: "commands",
    commands: [
      ["SET", "a", "x y"],
      ["GET", "a"],
    ],
  });
  const session = '127.0.0.1:6379> SET a 1\nOK\n127.0.0.1:6379> LRANGE l 0 -1\n1) "x"\n2) "SET b 2"\n127.0.0.1:6379(TX)> GET a\nQUEUED\n';
  assert.deepEqual(await of(session), {
    kind: "transcript",
    commands: [
      ["SET", "a", "1"],
      ["LRANGE", "l", "0", "-1"],
      ["GET", "a"],
    ],
  });
  assert.deepEqual(await of("*1\r\n$4\r\nPING\r\n"), { kind: "aof", commands: [["PING"]] });
  assert.deepEqual(await of('id,name,"the town"\r\n1,Ann,"Bern, ""old"""\r\n2,Bob,\r\n'), {
    kind: "csv",
    commands: [
      ["HSET", "p:1", "name", "Ann", "the town", 'Bern, "old"'],
      ["HSET", "p:2", "name", "Bob", "the town", ""],
    ],
  });
  assert.equal((await of("SET a,b 1\nSET c,d 2\n")).kind, "commands");
  assert.deepEqual(table("a;b\n1;2"), [
    ["a", "b"],
    ["1", "2"],
  ]);
  assert.throws(() => table('a,b\n"1,2'), /not closed/);
  const plain = await of('{"s":"ä","n":12,"l":[1,"two"],"h":{"a":1},"deep":{"a":{"b":1}},"bin":{"base64":"/wA="}}');
  assert.equal(plain.kind, "json");
  assert.deepEqual(plain.commands, [
    ["SET", "s", "\xc3\xa4"],
    ["SET", "n", "12"],
    ["RPUSH", "l", "1", "two"],
    ["HSET", "h", "a", "1"],
    ["SET", "deep", '{"a":{"b":1}}'],
    ["SET", "bin", "\xff\0"],
  ]);
  assert.deepEqual((await of('[{"id":7,"a":1},{"id":8,"a":null,"b":{"c":2}}]')).commands, [
    ["HSET", "p:7", "a", "1"],
    ["HSET", "p:8", "b", '{"c":2}'],
  ]);
  for (const bad of ['{"a":', "[1,2]", "*3\r\n$3\r\nSET", 'SET a "b', '{"wakey":1,"keys":[{"key":"a","type":"nonsense"}]}'])
    await assert.rejects(() => of(bad), Error, bad);
});

test("what goes out comes in again as it was", async () => {
  const { asAof, asCommands, asJson, read } = await load("exchange.ts");
  const keys = [
    { key: "s\xff", commands: [["SET", "s\xff", "\0\xfe", "PXAT", "4102444800000"]] },
    {
      key: "h",
      commands: [
        ["HSET", "h", "f", "v", "g", "ä"],
        ["PEXPIREAT", "h", "4102444800000"],
      ].map((args) => args.map((word) => Buffer.from(word).toString("latin1"))),
    },
    {
      key: "f",
      commands: [
        ["HSET", "f", "a", "1"],
        ["HPEXPIREAT", "f", "4102444800000", "FIELDS", "1", "a"],
      ],
    },
    { key: "l", commands: [["RPUSH", "l", "a", "b"]] },
    { key: "z", commands: [["ZADD", "z", "1.5", "a", "2", "b"]] },
    {
      key: "st",
      commands: [
        ["XADD", "st", "1-1", "a", "b"],
        ["XGROUP", "CREATE", "st", "g", "0-0", "MKSTREAM"],
      ],
    },
  ];
  const flat = keys.flatMap(({ commands }) => commands);
  const rows = { prefix: "", column: "" };
  assert.deepEqual((await read(asAof(flat), "", rows)).commands, flat);
  assert.deepEqual((await read(Buffer.from(asCommands(flat)), "", rows)).commands, flat);
  const again = (await read(Buffer.from(asJson(keys)), "", rows)).commands;
  // A SET with its deadline is two commands in JSON.
  const [set, ...others] = flat;
  assert.deepEqual(again, [set.slice(0, 3), ["PEXPIREAT", set[1], set[4]], ...others]);
});

test("a session is kept in pieces that are written once, and is read as it was", async () => {
  const { Pieces } = await load("pieces.ts");
  const store = new Map();
  const write = (pieces, whole) => {
    const { head, fresh, gone } = pieces.keep(whole);
    for (const [number, events] of fresh) store.set(number, structuredClone(events));
    for (const number of gone) store.delete(number);
    store.set("whole", structuredClone(head));
    return [fresh.length, gone.length];
  };
  const read = (pieces) => pieces.read(structuredClone(store.get("whole")), async (number) => structuredClone(store.get(number)));
  const events = Array.from({ length: 4999 }, (_, i) => ({ at: i, by: "c1", args: ["SET", `k${i}`, "v"] }));
  const whole = { v: 1, seed: 1, start: 2, now: 3, position: 4999, events, branches: [], name: "", lesson: undefined };
  const pieces = new Pieces();
  assert.equal(pieces.known, false);
  assert.deepEqual(write(pieces, whole), [2, 0]);
  assert.equal(pieces.known, true);
  assert.deepEqual(await read(new Pieces()), whole);
  events.push({ at: 5000, by: "c1", args: ["PING"] });
  assert.deepEqual(write(pieces, whole), [0, 0], "what is behind the pieces is small");
  // A way off, from the middle: the two begin with the same piece.
  const branched = { ...whole, events: [...events.slice(0, 3000), ...events.slice(0, 1000).map((event) => ({ ...event }))] };
  branched.branches = [{ name: "old", events }];
  assert.deepEqual(write(pieces, branched), [1, 0]);
  const again = new Pieces();
  assert.deepEqual(await read(again), branched);
  // Who has read it goes on from there.
  assert.deepEqual(write(again, await read(again)), [0, 0]);
  assert.deepEqual(write(again, { ...whole, events: [] }), [0, 3]);
  assert.equal(store.size, 1);
  again.forget();
  assert.deepEqual(write(again, whole), [2, 0]);
  // As it was kept before there were pieces.
  assert.deepEqual(await new Pieces().read(whole, () => assert.fail()), whole);
});
