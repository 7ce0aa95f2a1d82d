/** What an object of `wakey/cloudflare` costs in workerd: a REST command against an object that does nothing, and its wake-up. */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { count, here } from "./report.mjs";

const WORKER = `
import { DurableObject } from "cloudflare:workers";
import { WakeyObject } from "wakey/cloudflare";
export class Database extends WakeyObject { crash() { this.ctx.abort("crash"); } }
/** As much as is needed to answer: the body is read, the token compared; for "/row" the body is written. */
export class Nothing extends DurableObject {
  async fetch(request) {
    const body = await request.text();
    if (new URL(request.url).pathname === "/row") {
      this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS rows (n INTEGER PRIMARY KEY, bytes TEXT)");
      this.ctx.storage.sql.exec("INSERT INTO rows (bytes) VALUES (?)", body);
    }
    const headers = { "content-type": "application/json", "cache-control": "no-store" };
    return new Response(request.headers.get("authorization") === "Bearer secret" ? '{"result":"OK"}' : "", { headers });
  }
}
export default {
  async fetch(request, env) {
    const stub = (name) => env[name].get(env[name].idFromName("main"));
    const path = new URL(request.url).pathname;
    if (path === "/nothing" || path === "/row") return stub("NOTHING").fetch(request);
    if (path !== "/rpc") return stub("DATABASE").fetch(request);
    const [method, ...args] = await request.json();
    return Response.json((await stub("DATABASE")[method](...args).catch((error) => error.message)) ?? null);
  },
};`;

/** Requests a second, so many at once. */
async function rate(url, body, atOnce, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const one = () =>
    new Promise((done, failed) => {
      const asked = request(url, { method: "POST", agent, headers: { authorization: "Bearer secret" } }, (response) => {
        response.resume();
        response.on("end", () => (response.statusCode === 200 ? done() : failed(new Error(`status ${response.statusCode}`))));
      });
      asked.on("error", failed);
      asked.end(body);
    });
  let n = 0;
  const start = performance.now();
  const until = start + seconds * 1000;
  const lane = async () => {
    for (; performance.now() < until; n++) await one();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  agent.destroy();
  return n / ((performance.now() - start) / 1000);
}

export async function cloudflare() {
  console.log("\nin workerd: a Durable Object");
  const { outputFiles } = await build({
    stdin: { contents: WORKER, resolveDir: here },
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    external: ["*.wasm", "cloudflare:*"],
  });
  const miniflare = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text },
      { type: "CompiledWasm", path: "core.wasm", contents: readFileSync(join(here, "../dist/core.wasm")) },
    ],
    compatibilityDate: "2026-01-01",
    bindings: { WAKEY_TOKEN: "secret" },
    durableObjects: { DATABASE: { className: "Database", useSQLite: true }, NOTHING: { className: "Nothing", useSQLite: true } },
  });
  try {
    const { href } = await miniflare.ready;
    const rpc = async (...args) => (await fetch(`${href}rpc`, { method: "POST", body: JSON.stringify(args) })).json();
    const subjects = [
      ["an object that does nothing", `${href}nothing`, '["GET","key"]'],
      ["REST GET", href, '["GET","key"]'],
      ["an object that writes a row", `${href}row`, '["SET","key","a value of some length"]'],
      ["REST SET", href, '["SET","key","a value of some length"]'],
    ];
    await rpc("command", "SET", "key", "a value of some length");
    for (const atOnce of [1, 16]) {
      const best = subjects.map(() => 0);
      for (let round = 0; round < 3; round++) {
        for (const [i, [, url, body]] of subjects.entries()) best[i] = Math.max(best[i], await rate(url, body, atOnce, 1));
      }
      for (const [i, [name]] of subjects.entries())
        console.log(
          `  ${name.padEnd(30)} ${count(best[i]).padStart(7)} a second, ${atOnce} at once (${(best[i] / best[0]).toFixed(2)} of nothing)`,
        );
    }
    const value = "x".repeat(1000);
    for (let i = 0; i < 10_000; i += 1000)
      await rpc(
        "pipeline",
        Array.from({ length: 1000 }, (_, j) => ["SET", `key:${i + j}`, value]),
      );
    for (const [what, before] of [
      ["10 MB, a row for each write", async () => {}],
      ["10 MB, after a snapshot", async () => await rpc("command", "SAVE")],
    ]) {
      await before();
      const times = [];
      for (let round = 0; round < 5; round++) {
        await rpc("crash");
        const start = performance.now();
        await rpc("command", "GET", "key:7");
        const cold = performance.now() - start;
        const again = performance.now();
        await rpc("command", "GET", "key:7");
        times.push(cold - (performance.now() - again));
      }
      console.log(`  wake-up with ${what}: ${Math.min(...times).toFixed(0)} ms`);
    }
    for (let i = 0; ; i += 100) {
      const answers = await rpc(
        "pipeline",
        Array.from({ length: 100 }, (_, j) => ["SET", `more:${i + j}`, value]),
      );
      if (answers.some(({ error }) => error?.startsWith("OOM"))) break;
    }
    const memory = await rpc("command", "INFO", "memory");
    const of = (name) => (Number(new RegExp(`^${name}:(\\d+)`, "m").exec(memory)?.[1]) / 2 ** 20).toFixed(1);
    console.log(`  full: ${of("used_memory")} MB`);
    await rpc("crash");
    const start = performance.now();
    await rpc("command", "DBSIZE");
    console.log(`  wake-up of a full one: ${(performance.now() - start).toFixed(0)} ms`);
  } finally {
    await miniflare.dispose();
  }
}

if (process.argv[1] === import.meta.filename) await cloudflare();
