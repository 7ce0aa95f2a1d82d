/**
 * The component in Node, by way of jco: `npm i @bytecodealliance/jco-transpile wakey`, then `node keyspace.mjs COMPONENT FOLDER`. In JavaScript the
 * package itself is the shorter way; this is for hosts that hold components already.
 *
 * Errors of scripts are exceptions of WebAssembly, in the form that Node has since version 24. Before, wakey.plain.component.wasm is the component
 * to take, which has no scripts.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile, writeFiles } from "@bytecodealliance/jco-transpile";

const [, , component, folder] = process.argv;
const out = resolve(folder);
const options = { outDir: out, name: "wakey", instantiation: { tag: "async" }, bindgenEnableWasmExnref: true };
const { files } = await transpile(component, options);
await writeFiles(files);

const { instantiate } = await import(pathToFileURL(`${out}/wakey.js`));
const { keyspace } = await instantiate(async (path) => WebAssembly.compile(await readFile(`${out}/${path}`)), {
  "wasi:clocks/wall-clock": { now: () => ({ seconds: BigInt(Math.floor(Date.now() / 1000)), nanoseconds: (Date.now() % 1000) * 1e6 }) },
  "wasi:clocks/monotonic-clock": { now: () => process.hrtime.bigint() },
  "wasi:random/random": { getRandomU64: () => crypto.getRandomValues(new BigUint64Array(1))[0] },
});

const engine = keyspace.Engine.open({ seed: 1n, now: 0, cluster: false });
const session = engine.openSession({ protocol: "resp3", trusted: true, readonly: false });
const text = new TextEncoder();
const call = (now, ...words) =>
  Buffer.from(
    engine.exec(
      session,
      now,
      words.map((word) => text.encode(word)),
    ).reply,
  ).toString();
console.log(call(0, "SET", "session:1", "ann", "EX", "60").trim()); // +OK
console.log(engine.nextDeadline()); // 60000
console.log(JSON.stringify(call(59_999, "GET", "session:1"))); // "$3\r\nann\r\n"
console.log(JSON.stringify(call(60_000, "GET", "session:1"))); // "_\r\n"
console.log(call(60_000, "EVAL", "return redis.call('INCR', KEYS[1])", "1", "hits").trim()); // :1
console.log(engine.digest());
