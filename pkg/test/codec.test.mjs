/** Frames in, replies out, without an engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { source } from "./support.mjs";

const { bound, decode, flat, flatten, text, write, writeCount, writeShort, decodedTo } = await source(
  "resp/command",
  "resp/values",
  "resp/write",
);
const wire = (reply) => new Uint8Array(Buffer.from(reply, "latin1"));
const read = (reply, bytes = false) => decode(wire(reply), 0, wire(reply).length, bytes);
const plain = (value) => JSON.parse(JSON.stringify(value));

function frame(args) {
  const memory = new Uint8Array(4 + args.reduce((sum, arg) => sum + bound(arg), 0));
  let at = writeCount(memory, 0, args.length);
  for (const arg of args) at = write(memory, at, arg);
  const view = new DataView(memory.buffer);
  const out = [];
  let p = 4;
  for (let i = 0; i < view.getUint32(0, true); i++) {
    const n = view.getUint32(p, true);
    out.push(Buffer.from(memory.subarray(p + 4, p + 4 + n)));
    p += 4 + n;
  }
  assert.equal(p, at, "the frame ends where its last argument does");
  return out;
}

test("a frame carries short and long, ASCII and other text, and bytes", () => {
  const args = [
    "GET",
    "",
    "x".repeat(64),
    "x".repeat(65),
    "é",
    "日本語".repeat(1000),
    "\u{1f600}",
    "x".repeat(70000),
    Uint8Array.of(0, 255, 10),
  ];
  assert.deepEqual(
    frame(args),
    args.map((arg) => Buffer.from(arg)),
  );
});

test("a lone surrogate becomes the replacement character", () => {
  assert.equal(frame(["a\ud800"])[0].toString(), "a\ufffd");
});

test("short ASCII is written in place, anything else is left to the slow way", () => {
  const memory = new Uint8Array(100);
  assert.equal(writeShort(memory, 1, "abc"), 8);
  assert.deepEqual([...memory.subarray(1, 8)], [3, 0, 0, 0, 97, 98, 99]);
  assert.equal(writeShort(memory, 0, "aé"), -1);
  assert.equal(writeShort(memory, 0, "x".repeat(65)), -1);
});

test("numbers are written as Redis reads them", () => {
  assert.deepEqual([0, -0, 1.5, 1e21, 2 ** 53, Infinity, -Infinity, 12345678901234567890n, NaN].map(flat), [
    "0",
    "0",
    "1.5",
    "1e+21",
    "9007199254740992",
    "inf",
    "-inf",
    "12345678901234567890",
    undefined,
  ]);
});

test("every kind of bytes is an argument", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  for (const value of [
    bytes,
    bytes.buffer,
    new DataView(bytes.buffer),
    Buffer.from(bytes),
    new Uint16Array(bytes.buffer),
    new Uint8ClampedArray(bytes),
  ]) {
    assert.deepEqual([...flat(value)], [1, 2, 3, 4]);
  }
  assert.deepEqual([...flat(new DataView(bytes.buffer, 1, 2))], [2, 3], "a view is its part of the buffer");
});

test("arrays, objects and Maps are laid out in order", () => {
  const lay = (args, pairs) => {
    const out = [];
    flatten(out, args, 0, pairs, "ERR", "hset");
    return out;
  };
  assert.deepEqual(lay(["h", { b: 1, a: "2" }], 1), ["h", "b", "1", "a", "2"]);
  assert.deepEqual(lay(["h", new Map([["f", 1]])], 1), ["h", "f", "1"]);
  assert.deepEqual(lay(["h", Object.entries({ f: 1, g: 2 })], 1), ["h", "f", "1", "g", "2"]);
  assert.deepEqual(lay([["a", "b"], "c"], "no"), ["a", "b", "c"]);
  assert.throws(() => lay(["h", "f", { a: 1 }], 1), /^ValueError: ERR value is not a valid string: argument 3 of HSET is an object$/);
  assert.throws(() => lay(["k", {}], "no"), /argument 2 of HSET is an object/);
  assert.throws(() => lay(["h", { f: undefined }], 1), /argument 2 of HSET holds a value that is undefined/);
  assert.throws(() => lay([[[["deep"]]]], "no"), /an array/);
});

test("replies become values", () => {
  assert.equal(read("+OK\r\n"), "OK");
  assert.equal(read("$5\r\nhello\r\n"), "hello");
  assert.equal(read("$0\r\n\r\n"), "");
  assert.equal(read(":-42\r\n"), -42);
  assert.equal(read(":9007199254740991\r\n"), 9007199254740991);
  assert.equal(read(":-9007199254740991\r\n"), -9007199254740991);
  assert.equal(read(":9007199254740992\r\n"), 9007199254740992n);
  assert.equal(read(":-9223372036854775808\r\n"), -9223372036854775808n);
  assert.equal(read("_\r\n"), null);
  assert.equal(read("$-1\r\n"), null);
  assert.equal(read("*-1\r\n"), null);
  assert.equal(read("#t\r\n"), true);
  assert.equal(read(",3.25\r\n"), 3.25);
  assert.equal(read(",-inf\r\n"), -Infinity);
  assert.equal(read("(123456789012345678901\r\n"), 123456789012345678901n);
  assert.equal(read("=8\r\ntxt:text\r\n"), "text");
  assert.deepEqual(read("*3\r\n:1\r\n*1\r\n$1\r\na\r\n_\r\n"), [1, ["a"], null]);
  assert.deepEqual(read("~2\r\n+a\r\n+b\r\n"), ["a", "b"]);
  assert.deepEqual(plain(read("%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n%0\r\n")), { a: 1, b: {} });
  assert.equal(Object.getPrototypeOf(read("%0\r\n")), null);
  assert.equal(read("|1\r\n+k\r\n+v\r\n:7\r\n"), 7, "attributes are passed over");
});

test("a map keeps a key named __proto__ as a field", () => {
  const map = read("%1\r\n$9\r\n__proto__\r\n:1\r\n");
  assert.deepEqual(Object.keys(map), ["__proto__"]);
});

test("with bytes, strings are copies and maps are pairs", () => {
  const memory = wire("%1\r\n$1\r\nf\r\n$2\r\n\xff\x00\r\n");
  const [[field, value]] = decode(memory, 0, memory.length, true);
  memory.fill(0);
  assert.deepEqual([[...field], [...value]], [[102], [255, 0]]);
});

test("an error reply is thrown, an error inside an array is an element", () => {
  assert.throws(() => read("-WRONGTYPE Operation against\r\n"), {
    name: "ReplyError",
    code: "WRONGTYPE",
    message: "WRONGTYPE Operation against",
  });
  assert.throws(() => read("!8\r\nERR a\r\nb\r\n"), { message: "ERR a\r\nb" });
  const [one] = read("*1\r\n-ERR no\r\n");
  assert.equal(one.code, "ERR");
});

test("text of every length is read back, ASCII or not", () => {
  for (let n = 0; n < 140; n++) {
    for (const letter of ["x", "é", "\0"]) {
      const expected = letter.repeat(n);
      const bytes = Buffer.from(`..${expected}..`);
      assert.equal(text(bytes, 2, bytes.length - 4), expected);
    }
    for (let i = 0; i < n; i += 7) {
      const expected = `${"a".repeat(i)}ü${"b".repeat(n - i)}`;
      const bytes = Buffer.from(expected);
      assert.equal(text(bytes, 0, bytes.length), expected);
    }
  }
});

test("strings of a long reply are read as those of a short one, whatever is among them", () => {
  const bulk = (bytes) => Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n")]);
  const array = (items) => Buffer.concat([Buffer.from(`*${items.length}\r\n`), ...items]);
  const odd = [
    Buffer.from("é"),
    Buffer.from("\u{1F600}"),
    Buffer.of(255),
    Buffer.of(0xc3),
    Buffer.of(0xe2, 0x82),
    Buffer.from("\ufeff"),
    Buffer.alloc(0),
  ];
  for (const strange of [undefined, ...odd]) {
    for (const place of strange === undefined ? [0] : [0, 60, 119]) {
      const strings = Array.from({ length: 120 }, (_, i) => Buffer.from("x".repeat(i % 80) + i));
      if (strange !== undefined) strings[place] = strange;
      const expected = strings.map((bytes) => text(bytes, 0, bytes.length));
      // What lies around a reply is not its own.
      const memory = Buffer.concat([Buffer.of(200, 200), array(strings.map(bulk)), Buffer.of(255, 200)]);
      assert.deepEqual(decode(memory, 2, memory.length - 2, false), expected);
      const nested = array([
        array(strings.slice(0, 60).map(bulk)),
        Buffer.from("$-1\r\n:7\r\n").subarray(0, 5),
        array(strings.slice(60).map(bulk)),
      ]);
      assert.deepEqual(decode(nested, 0, nested.length, false), [expected.slice(0, 60), null, expected.slice(60)]);
    }
  }
  assert.throws(() => read(`*2\r\n$3\r\nabc\r\n?${"x".repeat(200)}`), /cannot begin/);
  assert.deepEqual(read("*1\r\n$3\r\nxyz\r\n"), ["xyz"], "nothing is left of one that could not be read");
});

test("bytes that are no UTF-8 become replacement characters", () => {
  assert.equal(text(Uint8Array.of(97, 255, 98), 0, 3), "a\ufffdb");
  assert.equal(text(Uint8Array.of(0xef, 0xbb, 0xbf, 97), 0, 4), "\ufeffa", "a byte order mark is text");
});

test("the decoder says where a reply ends", () => {
  const two = wire("*1\r\n:1\r\n+OK\r\n");
  decode(two, 0, two.length, false);
  assert.equal(decode(two, decodedTo(), two.length, false), "OK");
});
