// Records what a real Redis says of itself: `node tests/data/record.mjs 127.0.0.1:6379`.
// Writes, beside this file and as JSON with one entry a line (so that differences read well):
//   commands.json  { redis, commands: [{ info: COMMAND INFO by name, docs: COMMAND DOCS, subcommands: [same] }] }
//   config.json    { redis, config: { name: default } }, CONFIG GET *
//   info.json      { redis, info: { section: [field] } }, INFO everything, the names alone
// Of a Valkey only its commands, as commands-valkey.json.
// The tests only read these files; run this again when the tracked Redis changes. A fresh server without arguments
// gives the truest defaults. A key `k` is set, so that INFO has something to tell.
import net from "node:net";
import { writeFileSync } from "node:fs";

const [host, port] = (process.argv[2] ?? "127.0.0.1:6379").split(":");

// A RESP3 reader: maps become arrays of pairs-as-objects with string keys, sets and arrays become arrays.
function read(buf, at) {
  const end = buf.indexOf("\r\n", at);
  if (end < 0) return null;
  const line = buf.toString("latin1", at + 1, end);
  let pos = end + 2;
  const many = (n) => {
    const out = [];
    for (let i = 0; i < n; i++) {
      const r = read(buf, pos);
      if (!r) return null;
      out.push(r[0]);
      pos = r[1];
    }
    return out;
  };
  switch (String.fromCharCode(buf[at])) {
    case "+": return [line, pos];
    case "-": throw new Error(line);
    case ":": return [Number(line), pos];
    case "_": return [null, pos];
    case "=": {
      const n = Number(line);
      if (buf.length < pos + n + 2) return null;
      return [buf.toString("latin1", pos + 4, pos + n), pos + n + 2];
    }
    case "$":
      if (line === "-1") return [null, pos];
      if (buf.length < pos + Number(line) + 2) return null;
      return [buf.toString("latin1", pos, pos + Number(line)), pos + Number(line) + 2];
    case "*": case "~": { const v = many(Number(line)); return v && [v, pos]; }
    case "%": {
      const v = many(2 * Number(line));
      if (!v) return null;
      const o = {};
      for (let i = 0; i < v.length; i += 2) o[v[i]] = v[i + 1];
      return [o, pos];
    }
    default: throw new Error(`reply type ${buf[at]}`);
  }
}

const socket = net.connect(Number(port), host);
let got = Buffer.alloc(0);
let wake = () => {};
socket.on("data", (d) => { got = Buffer.concat([got, d]); wake(); });
async function call(...args) {
  socket.write(`*${args.length}\r\n` + args.map((a) => `$${Buffer.byteLength(a)}\r\n${a}\r\n`).join(""));
  for (;;) {
    const r = read(got, 0);
    if (r) { got = got.subarray(r[1]); return r[0]; }
    await new Promise((ok) => (wake = ok));
  }
}

const hello = await call("HELLO", "3");
const redis = hello.version;
const valkey = hello.server === "valkey";
const sorted = (a) => [...a].sort();
const info = (row) => ({
  arity: row[1], flags: sorted(row[2]), first: row[3], last: row[4], step: row[5], acl: sorted(row[6]), tips: row[7],
  keySpecs: row[8].map((k) => ({ ...k, flags: sorted(k.flags) })),
});
function entry(row, docs) {
  const { subcommands, ...own } = docs ?? {};
  const subs = row[9].map((s) => entry(s, subcommands?.[s[0]])).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { name: row[0], ...info(row), docs: own, ...(subs.length ? { subcommands: subs } : {}) };
}
const rows = (await call("COMMAND")).sort((a, b) => (a[0] < b[0] ? -1 : 1));
const docs = await call("COMMAND", "DOCS");
const commands = rows.map((r) => entry(r, docs[r[0]]));
const line = (o) => JSON.stringify(o);
const here = (f) => new URL(f, import.meta.url);
writeFileSync(here(valkey ? "commands-valkey.json" : "commands.json"), `{"${hello.server}":${line(redis)},"commands":[\n${commands.map(line).join(",\n")}\n]}\n`);
if (valkey) {
  console.log(`Valkey ${redis}: ${commands.length} commands`);
  process.exit();
}
const config = await call("CONFIG", "GET", "*");
const own = new Set(["dir", "port", "bind", "logfile", "pidfile", "save", "enable-debug-command", "enable-protected-configs"]);
const names = Object.keys(config).filter((n) => !own.has(n)).sort(); // what the machine or its command line says
writeFileSync(here("config.json"),
  `{"redis":${line(redis)},"config":{\n${names.map((n) => `${line(n)}:${line(config[n])}`).join(",\n")}\n}}\n`);
const fields = {};
let section;
await call("SET", "k", "v");
for (const text of (await call("INFO", "everything")).split("\r\n")) {
  if (text.startsWith("# ")) fields[(section = text.slice(2))] = [];
  else if (text.includes(":")) fields[section].push(text.split(":")[0]);
}
writeFileSync(here("info.json"), `{"redis":${line(redis)},"info":{\n${
  Object.entries(fields).map(([n, f]) => `${line(n)}:${line(f)}`).join(",\n")}\n}}\n`);
socket.end();
console.log(`Redis ${redis}: ${commands.length} commands, ${names.length} settings`);
