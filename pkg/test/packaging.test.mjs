/**
 * The packed tarball in small projects (`packaging/`), each installed, built and run as its user would: bundlers' output in
 * Chromium, servers in Node, a Worker in workerd. Every one answers a SET and a GET.
 *
 * The projects are copied to `build/packaging` with the tools that `packaging/package-lock.json` names.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { chromium, freePort, install, launch, pkg } from "./support.mjs";

const ANSWER = "OKv";
const home = join(pkg, "build/packaging");
const executablePath = chromium();
const skip = executablePath === undefined && "no browser";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
let site;
let base;
let browser;

function run(program, args, folder = ".") {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: undefined };
  const done = spawnSync(program, args, { cwd: join(home, folder), encoding: "utf8", timeout: 180_000, env });
  assert.equal(done.status, 0, `${program} ${args.join(" ")}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** A module of the installed tools. */
function tool(name) {
  return import(createRequire(join(home, "package.json")).resolve(name));
}

before(async () => {
  mkdirSync(home, { recursive: true });
  const source = join(pkg, "test/packaging");
  for (const name of readdirSync(source)) if (!name.includes(".")) rmSync(join(home, name), { recursive: true, force: true });
  cpSync(source, home, { recursive: true, preserveTimestamps: true, filter: (path) => !path.includes("node_modules") });
  install(home);
  const packed = spawnSync("npm", ["pack", "--json", "--pack-destination", home], { cwd: pkg, encoding: "utf8" });
  assert.equal(packed.status, 0, packed.stderr);
  run("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--offline", join(home, JSON.parse(packed.stdout)[0].filename)]);
  assert.ok(realpathSync(join(home, "node_modules/wakey")).startsWith(realpathSync(home)), "the tarball, and not the workspace");

  site = createServer((request, response) => {
    const file = join(home, decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    if (!file.startsWith(home) || !statSync(file, { throwIfNoEntry: false })?.isFile()) return void response.writeHead(404).end();
    response.setHeader("content-type", TYPES[extname(file)] ?? "text/plain").end(readFileSync(file));
  });
  await once(site.listen(0, "127.0.0.1"), "listening");
  base = `http://127.0.0.1:${site.address().port}`;
  if (skip) return;
  browser = await launch(executablePath);
});

after(async () => {
  await browser?.close();
  site?.close();
});

/** Opens a page and waits for its answer. */
async function visit(url) {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(url);
  await page.waitForFunction((answer) => document.title === answer, ANSWER, { timeout: 20_000 }).catch(() => {});
  assert.equal(await page.title(), ANSWER, errors.join("\n"));
  await page.close();
}

/** A page for a bundle that has none. */
async function visitScript(url) {
  const page = await browser.newPage();
  await page.goto(`${base}/script/empty.html`);
  await page.addScriptTag({ url, type: "module" });
  await page.waitForFunction((answer) => document.title === answer, ANSWER, { timeout: 20_000 });
  await page.close();
}

/** Runs a server until `test` is done; `line` is what it prints when it listens. */
async function serving(program, args, folder, line, test) {
  const child = spawn(program, args, {
    cwd: join(home, folder),
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: undefined },
  });
  let text = "";
  const ready = new Promise((done, failed) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        text += chunk;
        if (line.test(text)) done();
      });
    }
    child.on("exit", (code) => failed(new Error(`ended with ${code}: ${text}`)));
  });
  try {
    await ready;
    await test();
  } finally {
    child.removeAllListeners("exit");
    child.kill();
    await once(child, "close");
  }
}

test("Node 20, ESM and CommonJS", () => {
  for (const file of ["main.mjs", "main.cjs"]) assert.equal(run(process.execPath, [file], "node"), `${ANSWER}\n`);
});

test("the component, which packing has attached, and its WIT", () => {
  const require = createRequire(join(home, "package.json"));
  const component = require.resolve("wakey/component.wasm");
  assert.equal(component, realpathSync(join(home, "node_modules/wakey/dist/component.wasm")));
  assert.deepEqual(readFileSync(component), readFileSync(join(pkg, "build/component/wakey.component.wasm")));
  // A module has 1 there, a component another version and layer.
  assert.equal(readFileSync(component).subarray(0, 8).toString("hex"), "0061736d0d000100");
  assert.match(readFileSync(join(home, "node_modules/wakey/dist/component.wit"), "utf8"), /^package wakey:engine@[\s\S]*^world wakey \{/m);
});

test("a plain <script type=module>, with the module inside and beside", { skip }, async () => {
  await visit(`${base}/script/index.html`);
  await visit(`${base}/script/url.html`);
});

test("Vite: what it builds", { skip }, async () => {
  run(process.execPath, ["../node_modules/vite/bin/vite.js", "build"], "vite");
  await visit(`${base}/vite/dist/index.html`);
  await visit(`${base}/vite/dist/url.html`);
});

test("Vite: its development server", { skip }, async () => {
  const port = await freePort();
  await serving(
    process.execPath,
    ["../node_modules/vite/bin/vite.js", "--host", "127.0.0.1", "--port", String(port), "--strictPort", "--logLevel", "info"],
    "vite",
    /127\.0\.0\.1/,
    async () => {
      await visit(`http://127.0.0.1:${port}/index.html`);
    },
  );
});

test("webpack: a page and a server", { skip }, async () => {
  const webpack = (await tool("webpack")).default;
  const { default: config } = await import(join(home, "webpack/webpack.config.js"));
  const stats = await new Promise((done, failed) => webpack(config, (error, result) => (error ? failed(error) : done(result))));
  assert.deepEqual([stats.hasErrors(), stats.hasWarnings()], [false, false], stats.toString());
  await visitScript(`${base}/webpack/out/main.js`);
  assert.equal(run(process.execPath, ["out/server.cjs"], "webpack"), `${ANSWER}\n`);
});

test("esbuild: a page", { skip }, async () => {
  const folder = join(home, "esbuild");
  await build({ entryPoints: [join(folder, "main.js")], bundle: true, format: "esm", outdir: join(folder, "out"), logLevel: "error" });
  await visitScript(`${base}/esbuild/out/main.js`);
});

test("a service worker answers @upstash/redis in its pages", { skip }, async () => {
  const folder = join(home, "service-worker");
  const entryPoints = [join(folder, "worker.js"), join(folder, "main.js")];
  // In pieces, of which it may load none once it runs: what its store needs is there from the beginning.
  await build({ entryPoints, bundle: true, splitting: true, format: "esm", outdir: join(folder, "out"), logLevel: "error" });
  cpSync(join(folder, "index.html"), join(folder, "out/index.html"));
  await visit(`${base}/service-worker/out/index.html`);
});

test("Rollup: a page", { skip }, async () => {
  run(process.execPath, ["../node_modules/rollup/dist/bin/rollup", "-c", "--failAfterWarnings"], "rollup");
  await visitScript(`${base}/rollup/out/main.js`);
});

for (const bundler of ["turbopack", "webpack"]) {
  test(`Next.js: its server bundle and its page, with ${bundler}`, { skip }, async () => {
    const next = "../node_modules/next/dist/bin/next";
    rmSync(join(home, "next/.next"), { recursive: true, force: true });
    run(process.execPath, [next, "build", `--${bundler}`], "next");
    const port = await freePort();
    await serving(process.execPath, [next, "start", "-H", "127.0.0.1", "-p", String(port)], "next", /Ready in/, async () => {
      assert.equal(await (await fetch(`http://127.0.0.1:${port}/api`)).text(), ANSWER);
      await visit(`http://127.0.0.1:${port}/page`);
    });
  });
}

/** Runs a bundle by itself, where it finds nothing of what it was made of. */
function alone(path) {
  const folder = mkdtempSync(join(tmpdir(), "wakey-bundle-"));
  try {
    cpSync(join(home, path), join(folder, basename(path)));
    const done = spawnSync(process.execPath, [basename(path)], { cwd: folder, encoding: "utf8", timeout: 60_000 });
    assert.equal(done.stdout, `${ANSWER}\n`, `${path}\n${done.stderr}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("esbuild: bundles for Node, as ESM and as CommonJS, whatever the conditions", async () => {
  const folder = join(home, "bundles");
  for (const [from, format, conditions] of [
    ["main.mjs", "esm", undefined],
    ["main.mjs", "esm", ["production"]],
    ["main.cjs", "esm", undefined],
    ["main.cjs", "cjs", undefined],
    ["main.cjs", "cjs", ["production"]],
  ]) {
    const outfile = join(folder, `out/${from}-${conditions?.[0] ?? "default"}.${format === "esm" ? "mjs" : "cjs"}`);
    const options = { bundle: true, platform: "node", target: "node20", logLevel: "silent", ...(conditions && { conditions }) };
    const { warnings } = await build({ ...options, entryPoints: [join(folder, from)], format, outfile });
    assert.deepEqual(warnings, []);
    alone(outfile.slice(home.length));
  }
});

test("tsup: a bundle for Node with the package in it", () => {
  run(process.execPath, ["../node_modules/tsup/dist/cli-default.js"], "bundles");
  alone("bundles/out/tsup/main.mjs");
});

test("Rollup: a bundle for Node in one file, without the CommonJS plugin", () => {
  run(process.execPath, ["../node_modules/rollup/dist/bin/rollup", "-c", "--failAfterWarnings"], "bundles");
  alone("bundles/out/rollup.mjs");
});

test("Parcel, with its defaults: a page", { skip }, async () => {
  run(
    process.execPath,
    ["../node_modules/parcel/lib/bin.js", "build", "index.html", "--no-cache", "--public-url", "./", "--dist-dir", "out"],
    "parcel",
  );
  await visit(`${base}/parcel/out/index.html`);
});

for (const [what, config] of [
  ["as a page", "jest.config.cjs"],
  ["with Node's conditions", "node.config.cjs"],
]) {
  test(`Jest with jsdom: require("wakey") ${what}`, () => {
    run(process.execPath, ["../node_modules/jest/bin/jest.js", "--config", config], "jest");
  });
}

test("TypeScript with moduleResolution node10 finds every entry", () => {
  run(process.execPath, ["../node_modules/typescript/lib/tsc.js", "-p", "."], "node10");
});

test("workerd: a Durable Object that answers Upstash's REST interface", async (t) => {
  const { Miniflare } = await import("miniflare");
  const folder = join(home, "workerd");
  await build({
    entryPoints: [join(folder, "worker.js")],
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    external: ["*.wasm"],
    outfile: join(folder, "out/worker.mjs"),
    logLevel: "error",
  });
  const miniflare = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: readFileSync(join(folder, "out/worker.mjs"), "utf8") },
      { type: "CompiledWasm", path: "core.wasm", contents: readFileSync(join(home, "node_modules/wakey/dist/core.wasm")) },
    ],
    compatibilityDate: "2026-01-01",
    bindings: { WAKEY_TOKEN: "secret" },
    durableObjects: { STORE: "Store" },
  });
  t.after(() => miniflare.dispose());
  const ask = async (path, init = {}) => {
    const response = await miniflare.dispatchFetch(`http://localhost${path}`, { headers: { authorization: "Bearer secret" }, ...init });
    return [response.status, await response.json()];
  };
  assert.deepEqual(await ask("/set/k/v"), [200, { result: "OK" }]);
  assert.deepEqual(await ask("/", { method: "POST", body: '["GET", "k"]' }), [200, { result: "v" }]);
  assert.deepEqual(await ask("/pipeline", { method: "POST", body: '[["BLPOP", "none", 0.02], ["INCR", "n"]]' }), [
    200,
    [{ result: null }, { result: 1 }],
  ]);
  const waiting = ask("/blpop/jobs/5");
  assert.deepEqual(await ask("/lpush/jobs/now"), [200, { result: 1 }]);
  assert.deepEqual(await waiting, [200, { result: ["jobs", "now"] }]);
  assert.deepEqual(await ask("/get/k", { headers: {} }), [401, { error: "Unauthorized" }]);
  const stream = await miniflare.dispatchFetch("http://localhost/subscribe/chat?_token=secret");
  const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, "data: subscribe,chat,1\n\n");
  assert.deepEqual(await ask("/publish/chat/hello"), [200, { result: 1 }]);
  assert.equal((await reader.read()).value, "data: message,chat,hello\n\n");
  await reader.cancel();
});
