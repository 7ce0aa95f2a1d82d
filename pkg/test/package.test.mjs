/** What is published: the packed tarball in an empty project, in Node, in workerd, through bundlers. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import vm from "node:vm";
import { build } from "esbuild";
import { PAGE, stale, weigh } from "../../scripts/entries.mjs";
import { faults, missing } from "../../scripts/publishable.mjs";
import { pkg, root } from "./support.mjs";

const home = mkdtempSync(join(tmpdir(), "wakey-pack-"));
let tarball;

function run(program, args, options = {}) {
  const done = spawnSync(program, args, { encoding: "utf8", cwd: home, timeout: 120_000, ...options });
  return { out: done.stdout, all: `${done.stdout}${done.stderr}`, status: done.status };
}

function node(name, text) {
  writeFileSync(join(home, name), text);
  const { out, all, status } = run(process.execPath, [name]);
  assert.equal(status, 0, all);
  return out.trim();
}

before(() => {
  // Without the component, which takes minutes to build: packaging.test.mjs has it.
  const packed = run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", home], { cwd: pkg });
  assert.equal(packed.status, 0, packed.all);
  tarball = join(home, JSON.parse(packed.out)[0].filename);
  writeFileSync(join(home, "package.json"), '{ "name": "empty", "private": true }');
  const installed = run("npm", ["install", "--no-audit", "--no-fund", "--offline", tarball]);
  assert.equal(installed.status, 0, installed.all);
});

const BODY = 'db.hset("h", { f: 1 }); console.log(JSON.stringify([db.hget("h", "f"), db.get("none"), new ReplyError("ERR x").code]));';
const EXPECTED = '["1",null,"ERR"]';

test("the tarball has the licences and the README, and nothing that is not needed", () => {
  const { out } = run("tar", ["tzf", tarball]);
  for (const file of [
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "LICENSE-THIRD-PARTY",
    "README.md",
    "dist/core.wasm",
    "dist/types/node.d.cts",
    "dist/ui/index.html",
  ])
    assert.ok(out.includes(`package/${file}\n`), file);
  // The page has no engine of its own: no second copy of the module is in the package for it.
  assert.doesNotMatch(out, /\/ui\/.*\.wasm/);
  assert.doesNotMatch(out, /\/(src|test|bench|build)\/|\.built/);
});

test("ESM imports it", () => {
  assert.equal(node("a.mjs", `import { open, ReplyError } from "wakey"; const db = await open(); ${BODY}`), EXPECTED);
});

test("CommonJS requires it", () => {
  assert.equal(node("a.cjs", `const { open, ReplyError } = require("wakey"); open().then((db) => { ${BODY} });`), EXPECTED);
});

test("every entry for Node imports and requires", () => {
  node(
    "b.mjs",
    'import { serve } from "wakey/server"; import { open } from "wakey/slim"; const s = await serve({ port: 0 }); await s.close(); if (!open) throw 1;',
  );
  node(
    "b.cjs",
    'const { serve } = require("wakey/server"); serve({ port: 0 }).then((s) => s.close()); if (!require("wakey/slim").open) throw 1;',
  );
  node(
    "d.mjs",
    'import { options } from "wakey/ioredis"; import { requester, fetchHandler } from "wakey/upstash"; if (!options || !requester || !fetchHandler) throw 1;',
  );
  node(
    "d.cjs",
    'const { options } = require("wakey/ioredis"); const { requester, fetchHandler } = require("wakey/upstash"); if (!options || !requester || !fetchHandler) throw 1;',
  );
  node(
    "c.mjs",
    'import { open } from "wakey/slim"; import { readFileSync } from "node:fs"; const db = await open({ wasm: readFileSync(new URL(import.meta.resolve("wakey/core.wasm"))) }); if (db.ping() !== "PONG") throw 1;',
  );
  assert.equal(node("i.mjs", `import { open, ReplyError } from "wakey/inline"; const db = await open(); ${BODY}`), EXPECTED);
});

test("every entry has what COMMAND DOCS says in words, a page's with wakey/words, also in transactions, in scripts and at once", () => {
  const say = `const say = async ({ open, openSync }, given) => {
    const db = await open(given);
    const all = db.call("COMMAND", "DOCS");
    db.call("MULTI");
    db.call("COMMAND", "DOCS", "config|set");
    console.log(JSON.stringify([
      all,
      openSync(given).call("COMMAND", "DOCS", "get"),
      db.call("EXEC"),
      db.call("EVAL", "return redis.call('COMMAND', 'DOCS', 'getset')[2]", 0),
    ]));
    await db.close();
  };`;
  const slim = 'readFileSync(new URL("./node_modules/wakey/dist/core.wasm", import.meta.url))';
  const said = [
    node("docs-1.mjs", `${say} await say(await import("wakey"));`),
    node("docs-2.cjs", `${say} say(require("wakey"));`),
    node("docs-3.mjs", `${say} await import("wakey/words"); await say(await import("wakey/inline"));`),
    node("docs-4.cjs", `${say} say(require("wakey/inline"));`),
    node("docs-5.mjs", `import { readFileSync } from "node:fs"; ${say} await say(await import("wakey/slim"), { wasm: ${slim} });`),
    node("docs-6.mjs", `${say} await say(await import("./node_modules/wakey/dist/bundled/node.mjs"));`),
  ];
  const [all, now, exec, script] = JSON.parse(said[0]);
  assert.ok(Object.values(all).every(({ summary, since }) => summary && since));
  assert.equal(now.get.summary, "Returns the string value of a key.");
  assert.equal(exec[0]["config|set"].history[0][0], "7.0.0");
  assert.ok(script.includes("replaced_by"));
  for (const other of said) assert.equal(other, said[0]);
  // Rows differ between dialects, and what is said of them goes by their names.
  const wordless = `import { openSync } from "wakey";
    for (const dialect of ["redis", "valkey", "dicedb", "dragonfly"])
      for (const [name, { summary }] of Object.entries(openSync({ dialect }).call("COMMAND", "DOCS"))) if (!summary) console.log(dialect, name);
    console.log(openSync({ dialect: "dicedb" }).call("COMMAND", "DOCS", "xack").xack.summary);`;
  assert.equal(node("docs-7.mjs", wordless), all.xack.summary);
});

test("the program runs", () => {
  const { out } = run(join(home, "node_modules/.bin/wakey"), ["SET", "k", "v"]);
  assert.equal(out, "OK\n");
});

test("the program serves its page", async () => {
  const child = spawn(process.execPath, [join(home, "node_modules/wakey/dist/cli.cjs"), "serve", "--port", "0", "--web", "0"]);
  try {
    let out = "";
    for await (const chunk of child.stdout) if (/\?live\n/.test((out += chunk))) break;
    const [link] = /http:\S+/.exec(out);
    const page = await (await fetch(link)).text();
    const files = [...page.matchAll(/(?:src|href)="(\.\/[^"]+)"/g)].map(([, file]) => file);
    assert.ok(files.length > 3, page);
    for (const file of files) assert.equal((await fetch(new URL(file, link))).status, 200, file);
  } finally {
    child.kill();
    await once(child, "exit");
  }
});

test("a server bundle that has lost core.wasm uses the inlined copy", async () => {
  writeFileSync(join(home, "app.mjs"), `import { open, ReplyError } from "wakey"; const db = await open(); ${BODY}`);
  const outfile = join(home, "bundle", "app.mjs");
  mkdirSync(join(home, "bundle"), { recursive: true });
  await build({
    entryPoints: [join(home, "app.mjs")],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "error",
    conditions: ["production"],
  });
  const { out, all } = run(process.execPath, [outfile]);
  assert.equal(out.trim(), EXPECTED, all);
});

test("nothing of the environment is taken as an entry is loaded", async () => {
  // The language, WebAssembly, and what Node gives a CommonJS module: no TextEncoder, performance, navigator, process, timers.
  for (const [entry, platform] of [
    ...["wakey", "wakey/slim", "wakey/inline", "wakey/url", "wakey/upstash", "wakey/console"].map((name) => [name, "browser"]),
    ...["wakey", "wakey/slim", "wakey/server", "wakey/upstash", "wakey/ioredis"].map((name) => [name, "node"]),
  ]) {
    writeFileSync(join(home, "load.cjs"), `module.exports = require(${JSON.stringify(entry)});`);
    const { outputFiles } = await build({
      entryPoints: [join(home, "load.cjs")],
      bundle: true,
      platform,
      format: "cjs",
      write: false,
      logLevel: "silent",
      external: ["ioredis"],
    });
    const module = { exports: {} };
    const run = vm.runInContext(`(function (module, exports, require) {${outputFiles[0].text}\n})`, vm.createContext({}));
    run(module, module.exports, createRequire(import.meta.url));
    assert.ok(Object.keys(module.exports).length > 0, entry);
  }
});

test("a browser bundle has nothing of Node in it", async () => {
  writeFileSync(join(home, "page.mjs"), 'import { open } from "wakey"; open().then((db) => db.ping());');
  const { outputFiles, metafile } = await build({
    entryPoints: [join(home, "page.mjs")],
    bundle: true,
    platform: "browser",
    format: "esm",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const inputs = Object.keys(metafile.inputs).filter((file) => file.includes("node_modules"));
  assert.ok(
    inputs.some((file) => file.endsWith("inline.js")),
    inputs.join(),
  );
  assert.ok(!inputs.some((file) => file.endsWith(".cjs")), inputs.join());
  assert.doesNotMatch(outputFiles[0].text, /node:|require\(|process\./);
});

test("workerd runs it from a static import of the module", async (t) => {
  const { Miniflare } = await import("miniflare");
  writeFileSync(
    join(home, "worker.mjs"),
    `import { open, manualClock } from "wakey";
     export default { async fetch() {
       const clock = manualClock(1000);
       const db = await open({ clock });
       db.set("k", "v", "PX", 50);
       const before = db.get("k");
       clock.advance(50);
       const system = await open();
       system.set("t", "1", "EX", 100);
       const other = system.session();
       const heard = [];
       other.subscribe("done", (message) => heard.push(message));
       const echo = other.blpop("jobs", 0).then(([, job]) => other.rpush("results", job + "!"));
       system.rpush("jobs", "work");
       const [, result] = await system.blpop("results", 5);
       system.publish("done", result);
       await echo;
       const { summary } = system.call("COMMAND", "DOCS", "get").get;
       const waited = [summary, result, heard, await system.blpop("none", 0.02), system.multi().set("a", 1).get("a").exec()];
       return Response.json([before, db.get("k"), db.hset("h", { f: 1 }), system.get("t"), ...waited]);
     } };`,
  );
  const folder = join(home, "worker");
  await build({
    entryPoints: [join(home, "worker.mjs")],
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    external: ["*.wasm"],
    outfile: join(folder, "worker.mjs"),
    logLevel: "error",
  });
  const miniflare = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: readFileSync(join(folder, "worker.mjs"), "utf8") },
      { type: "CompiledWasm", path: "core.wasm", contents: readFileSync(join(home, "node_modules/wakey/dist/core.wasm")) },
    ],
    compatibilityDate: "2026-01-01",
  });
  t.after(() => miniflare.dispose());
  const response = await miniflare.dispatchFetch("http://localhost/");
  assert.deepEqual(await response.json(), ["v", null, 1, "1", "Returns the string value of a key.", "work!", ["work!"], null, ["OK", "1"]]);
});

test("publint finds nothing", async () => {
  const { publint } = await import("publint");
  const { messages } = await publint({ pkgDir: pkg, strict: true });
  // "browser" is for tools that do not read "exports", which has the same. The component is attached when the package is packed.
  const expected = ({ code, path }) =>
    code === "USE_EXPORTS_OR_IMPORTS_BROWSER" || (code === "FILE_DOES_NOT_EXIST" && path.join() === "exports,./component.wasm");
  assert.deepEqual(
    messages.filter((message) => !expected(message)),
    [],
  );
});

test("the page on runtimes says what each entry weighs", async () => {
  const page = readFileSync(PAGE, "utf8");
  const entries = await weigh();
  assert.deepEqual(stale(page, entries), []);
  // A figure that is off is found, and an entry that is missing.
  const [first, ...others] = entries;
  assert.equal(stale(page, [{ ...first, now: first.now * 2 }, ...others]).length, 1);
  assert.equal(stale(page, [{ ...first, entry: "wakey/none" }]).length, 1);
  const shown = new Set([
    ...entries.map(({ entry }) => entry.replace(/^wakey/, ".")),
    "./inline",
    "./package.json",
    "./core.wasm",
    "./component.wasm",
  ]);
  const { exports } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  assert.deepEqual(
    Object.keys(exports).filter((name) => !shown.has(name)),
    ["./iovalkey-mock", "./jest", "./vitest", "./markdown-it", "./remark"],
  );
});

test("a package without its page is not packed", () => {
  const folder = join(home, "node_modules/wakey");
  assert.deepEqual(missing(folder), []);
  rmSync(join(folder, "dist/ui/index.html"));
  assert.deepEqual(missing(folder), ["dist/ui/index.html"]);
});

test("what is published says where it lives, and is refused while that is to be filled in", () => {
  const manifest = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  const readme = readFileSync(join(home, "node_modules/wakey/README.md"), "utf8");
  assert.doesNotMatch(readme, /\]\((?!https:|#)/);
  assert.match(readme, /\]\(https:\/\/[^)]+\/blob\/main\/COMPAT\.md\)/);
  const filled = (text) => text.replaceAll("TO-BE-FILLED-IN", "someone");
  assert.deepEqual(faults(JSON.parse(filled(JSON.stringify(manifest))), filled(readme)), []);
  assert.equal(
    faults({ ...manifest, author: "TO-BE-FILLED-IN" }, filled(readme)).some((one) => one.includes("author")),
    true,
  );
  const { author: _, ...nobody } = JSON.parse(filled(JSON.stringify(manifest)));
  assert.deepEqual(faults(nobody, filled(readme)), ["package.json has no author"]);
  assert.equal(faults(JSON.parse(filled(JSON.stringify(manifest))), "[a](COMPAT.md)").length, 1);
});

test("attw finds nothing for any entry", () => {
  const { all, status } = run(process.execPath, [
    join(root, "node_modules/@arethetypeswrong/cli/dist/index.js"),
    tarball,
    "--no-emoji",
    "--no-color",
    "--exclude-entrypoints",
    "core.wasm",
    "component.wasm",
    "inline",
    "workerd",
    "console",
    "cloudflare",
    "react",
    "vue",
    "svelte",
    "stores",
    "words",
    "markdown-it",
    "remark",
    "vitest",
  ]);
  assert.equal(status, 0, all);
  const esm = run(process.execPath, [
    join(root, "node_modules/@arethetypeswrong/cli/dist/index.js"),
    tarball,
    "--no-emoji",
    "--no-color",
    "--profile",
    "esm-only",
    "--entrypoints",
    "inline",
    "workerd",
    "console",
    "cloudflare",
    "react",
    "vue",
    "svelte",
    "stores",
    "words",
    "markdown-it",
    "remark",
    "vitest",
  ]);
  assert.equal(esm.status, 0, esm.all);
});

test("types are right in every kind of project", () => {
  const text =
    'import { open, type Wakey } from "wakey"; import { fetchHandler } from "wakey/upstash"; export const answer = async (r: Request): Promise<Response> => fetchHandler(await open(), { token: "t" })(r); const f = async (): Promise<string | null> => { const db: Wakey = await open(); db.set("k", 1, "EX", 5); return db.get("k"); }; void f;\n';
  for (const extension of ["mts", "cts"]) writeFileSync(join(home, `t.${extension}`), text);
  writeFileSync(
    join(home, "console.mts"),
    'import "wakey/console"; import { database } from "wakey/console"; const one = document.createElement("wakey-console"); one.database = await database("a"); await one.run("PING"); one.addEventListener("wakey-reply", ({ detail }) => detail.took.toFixed());\n',
  );
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  for (const [module, resolution, files, more] of [
    ["nodenext", "nodenext", ["t.mts", "t.cts", "console.mts"], []],
    // A program of a server: no DOM, and Node's own types.
    ["nodenext", "nodenext", ["t.mts", "t.cts"], ["--lib", "es2022", "--types", "node", "--typeRoots", join(root, "node_modules/@types")]],
    ["node16", "node16", ["t.mts", "t.cts"], []],
    ["esnext", "bundler", ["t.mts", "console.mts"], []],
    ["esnext", "bundler", ["t.mts"], ["--customConditions", "workerd"]],
    ["esnext", "bundler", ["t.mts"], ["--customConditions", "browser"]],
  ]) {
    const { all, status } = run(process.execPath, [
      tsc,
      "--noEmit",
      "--strict",
      "--target",
      "es2022",
      "--lib",
      "es2022,dom",
      "--types",
      "",
      "--skipLibCheck",
      "false",
      "--module",
      module,
      "--moduleResolution",
      resolution,
      ...more,
      ...files,
    ]);
    assert.equal(status, 0, `${module} ${more}: ${all}`);
  }
});

test("the installed package needs no other", () => {
  assert.equal(existsSync(join(home, "node_modules/wakey/node_modules")), false);
  const manifest = JSON.parse(readFileSync(join(home, "node_modules/wakey/package.json"), "utf8"));
  assert.equal(manifest.dependencies, undefined);
  // None that an installation runs.
  assert.deepEqual(Object.keys(manifest.scripts), ["prepack", "prepublishOnly"]);
  process.on("exit", () => rmSync(home, { recursive: true, force: true }));
});
