/** The runtime of the tests of `wakey/cloudflare`: workerd by miniflare, with the Worker beside this file. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { dist, pkg, until } from "../support.mjs";

export const FULL = "Bearer secret";
export const READING = "Bearer look";
/** The Worker of the tests, bundled once. */
export const bundle = await worker(join(pkg, "test/cloudflare/worker.mjs"));

/** A Worker as wrangler and esbuild bundle it. */
export async function worker(file) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    external: ["*.wasm", "cloudflare:*"],
    minify: true,
  });
  return outputFiles[0].text;
}

/** A runtime on the Worker of the tests. `disk`: the same place finds the same data. */
export function runtime(t, { disk, flags = [], bindings = { WAKEY_TOKEN: "secret", WAKEY_READONLY_TOKEN: "look" } } = {}) {
  const miniflare = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: bundle },
      { type: "CompiledWasm", path: "core.wasm", contents: readFileSync(join(dist, "core.wasm")) },
    ],
    compatibilityDate: "2026-01-01",
    compatibilityFlags: flags,
    bindings,
    durableObjects: Object.fromEntries(
      ["Store", "Faulty", "Small", "Wrong"].map((className) => [className.toUpperCase(), { className, useSQLite: true }]),
    ),
    ...(disk === undefined ? {} : { durableObjectsPersist: disk }),
  });
  let over = false;
  const dispose = async () => {
    if (!over) await miniflare.dispose();
    over = true;
  };
  t.after(dispose);
  /** Calls a method of an object; throws what it throws. */
  const at =
    (object, binding = "STORE", shards = 0) =>
    async (...args) => {
      const headers = { "x-object": object, "x-class": binding, "x-shards": String(shards) };
      const response = await miniflare.dispatchFetch("http://localhost/rpc", { method: "POST", headers, body: JSON.stringify(args) });
      const { value, error } = await response.json();
      if (error !== undefined) throw new Error(error.message);
      return value;
    };
  const ask = async (path, { headers = { authorization: FULL }, ...init } = {}) => {
    const response = await miniflare.dispatchFetch(`http://localhost${path}`, { headers, ...init });
    return [response.status, await response.json()];
  };
  const send = (path, body, headers = { authorization: FULL }) => ask(path, { method: "POST", body: JSON.stringify(body), headers });
  return { miniflare, at, rpc: at("one"), ask, send, dispose };
}

export function folder(t) {
  const disk = mkdtempSync(join(tmpdir(), "wakey-object-"));
  t.after(() => rmSync(disk, { recursive: true, force: true }));
  return disk;
}

/** A WebSocket to an object: `said()` is all that came, as text. */
export async function dial(miniflare, path = "/", headers = { authorization: FULL }) {
  const response = await miniflare.dispatchFetch(`http://localhost${path}`, { headers: { upgrade: "websocket", ...headers } });
  if (response.webSocket === null) return { status: response.status, error: (await response.json()).error };
  const socket = response.webSocket;
  let heard = "";
  let closed;
  socket.addEventListener("message", ({ data }) => {
    heard += Buffer.from(data).toString("latin1");
  });
  socket.addEventListener("close", ({ code }) => {
    closed = code;
  });
  socket.accept();
  return {
    status: response.status,
    socket,
    send: (data) => socket.send(data),
    closed: () => closed,
    said: () => heard,
    /** Waits for exactly this text, and forgets it. */
    async hears(text, ms) {
      await until(() => heard.length >= text.length || closed !== undefined, ms).catch(() => {});
      assert.equal(heard, text);
      heard = "";
    },
    /** Waits for text that ends like this, and forgets it. */
    async hearsEnd(text) {
      await until(() => heard.endsWith(text));
      heard = "";
    },
    async ends(code) {
      await until(() => closed !== undefined);
      assert.equal(closed, code);
    },
  };
}

/** All that databases 0 and 3 hold, in an order that does not depend on how it is stored. */
export async function contents(rpc) {
  const out = {};
  for (const db of ["0", "3"]) {
    const within = async (...command) => (await rpc("pipeline", [["SELECT", db], command]))[1].result;
    for (const key of (await within("KEYS", "*")).sort()) {
      const type = await within("TYPE", key);
      const [read, isOrdered] = {
        string: [["GET", key], true],
        list: [["LRANGE", key, 0, -1], true],
        hash: [["HGETALL", key], true],
        set: [["SMEMBERS", key], false],
        zset: [["ZRANGE", key, 0, -1, "WITHSCORES"], true],
        stream: [["XRANGE", key, "-", "+"], true],
      }[type];
      let value = await within(...read);
      // Long values would be printed whole where they differ.
      if (value.length > 100_000) value = createHash("sha1").update(value).digest("hex");
      out[`${db} ${key}`] = [isOrdered ? value : value.sort(), await within("PEXPIRETIME", key)];
      if (type === "stream") out[`${db} ${key}`].push(await within("XPENDING", key, "g"), await within("XINFO", "GROUPS", key));
      if (type === "hash") out[`${db} ${key}`].push(await within("HPEXPIRETIME", key, "FIELDS", 2, "f", "g"));
    }
  }
  return out;
}

export function resp(...args) {
  return `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join("")}`;
}
