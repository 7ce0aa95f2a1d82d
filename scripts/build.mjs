/**
 * Builds the package: `node scripts/build.mjs core` makes the WebAssembly module and its glue, `js` the bundles and
 * types. The Makefile decides when.
 *
 * wasm-bindgen's glue keeps one instance in module variables. It is wrapped into a function here, so that every engine
 * has its own instance and memory.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build as bundle, transformSync } from "esbuild";
import { keep, restored } from "./cache.mjs";
import { build, dist, fail, kibibytes, licensed, pkg, root } from "./common.mjs";
import { make } from "./module.mjs";
import { absolute } from "./publishable.mjs";

function core() {
  if (restored()) return console.log("core.wasm: built before, from the same sources");
  mkdirSync(dist, { recursive: true });
  make(build);
  const glue = transformSync(readFileSync(join(build, "bindgen/core_bg.js"), "utf8"), {
    format: "cjs",
    minifyWhitespace: true,
    minifySyntax: true,
    target: "es2022",
  }).code;
  writeFileSync(
    join(build, "glue.js"),
    `// wasm-bindgen's glue, as a factory. Made by scripts/build.mjs.\nexport function glue({ TextEncoder, TextDecoder } = globalThis) {\nconst module = { exports: {} };\n${glue}\nreturn module.exports;\n}\n`,
  );
  writeFileSync(join(build, "glue.d.ts"), 'export { glue } from "../src/core/glue.js";\n');
  const bytes = readFileSync(join(build, "core.wasm"));
  const inline = `"${bytes.toString("base64")}"`;
  writeFileSync(join(build, "core.inline.js"), `export const core = ${inline};\n`);
  writeFileSync(join(build, "core.inline.d.ts"), "export declare const core: string;\n");
  writeFileSync(join(build, "core.inline.cjs"), `exports.core = ${inline};\n`);
  console.log(`core.wasm: ${kibibytes(bytes.length)}`);
  keep();
}

/** The entries for Node. As ES modules they share chunks, so that there is one implementation. */
const NODE = ["node", "server", "ioredis", "ioredis-mock", "upstash", "testing", "jest", "redis-mock", "upstash-mock", "iovalkey-mock"];

/** In CommonJS these are the class itself, as what they stand for is, and the rest hangs on it. */
const CLASSES = new Map(["ioredis-mock", "iovalkey-mock"].map((name) => [name, "Redis"]));

function footer(name) {
  if (CLASSES.has(name))
    return `module.exports = Object.defineProperties(module.exports.${CLASSES.get(name)}, Object.getOwnPropertyDescriptors(module.exports));`;
  // For who reads and does not run: there is a default among the names.
  return name === "redis-mock" ? "0 && (module.exports.default = all);" : "";
}

const source = (name) => join(pkg, "src", `${name}.ts`);

/** The source that an import means, wherever it stands; undefined for what is not ours. */
const imported = ({ path, resolveDir }) => (path.startsWith(".") ? resolve(resolveDir, path.replace(/\.js$/, ".ts")) : undefined);

/** For Node: takes this source for `open/load.ts`, where the module comes from, and loads all parts at once. */
function loading(name) {
  const instead = new Map([
    [source("open/load"), source(name)],
    [source("open/parts"), source("open/parts.whole")],
  ]);
  return {
    name: "loading",
    setup(plugin) {
      plugin.onResolve({ filter: /(load|parts)\.js$/ }, (one) => {
        const path = instead.get(imported(one));
        return path === undefined ? undefined : { path };
      });
    },
  };
}

/** The inlined module is in `dist` once for all that need it. */
function inlined(path) {
  return {
    name: "inlined",
    setup(plugin) {
      plugin.onResolve({ filter: /build\/core\.inline\.js$/ }, () => ({ path, external: true }));
    },
  };
}

/** CommonJS files load each other, so that there is one implementation of these, too, and one set of error classes. */
const IN = new Map([
  [source("node"), "./node.cjs"],
  [source("server"), "./server.cjs"],
  [source("testing"), "./testing.cjs"],
  [source("web/site"), "./web.cjs"],
  [source("core/errors"), "./node.cjs"],
  [source("resp/errors"), "./node.cjs"],
]);
const siblings = {
  name: "siblings",
  setup(plugin) {
    const own = plugin.initialOptions.outfile;
    plugin.onResolve({ filter: /\.js$/ }, (one) => {
      const path = one.kind === "entry-point" ? undefined : IN.get(imported(one));
      return path === undefined || join(dist, path) === own ? undefined : { path, external: true };
    });
    plugin.onResolve({ filter: /core\.inline\.cjs$/ }, ({ path }) => ({ path, external: true }));
  },
};

/**
 * A drop-in that requires what it stands for would get itself, where that is replaced by it: `redis` is put together from its parts,
 * and @upstash/redis has more files than one.
 */
const unmocked = {
  name: "unmocked",
  setup(plugin) {
    plugin.onResolve({ filter: /^redis$/ }, () => ({ path: "redis", namespace: "unmocked" }));
    plugin.onResolve({ filter: /^@upstash\/redis$/ }, ({ path }) => ({ path: `${path}/cloudflare`, external: true }));
    plugin.onLoad({ filter: /^redis$/, namespace: "unmocked" }, () => ({
      contents: 'module.exports = require("./testing/redis.ts").redis();',
      resolveDir: join(pkg, "src"),
    }));
  },
};

/** workerd imports the module from beside the entry. */
const beside = {
  name: "beside",
  setup(plugin) {
    plugin.onResolve({ filter: /\/core\.wasm$/ }, () => ({ path: "./core.wasm", external: true }));
  },
};

async function js() {
  mkdirSync(dist, { recursive: true });
  for (const file of readdirSync(dist)) rmSync(join(dist, file), { recursive: true });
  for (const file of ["core.wasm", "core.inline.js", "core.inline.cjs"]) copyFileSync(join(build, file), join(dist, file));
  for (const file of ["LICENSE-MIT", "LICENSE-APACHE", "LICENSE-THIRD-PARTY"]) copyFileSync(join(root, file), join(pkg, file));
  const typed = declared();
  const manifest = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  writeFileSync(join(pkg, "README.md"), absolute(readFileSync(join(root, "README.md"), "utf8"), manifest));
  const common = {
    bundle: true,
    logLevel: "warning",
    target: "es2022",
    define: { __VERSION__: JSON.stringify(manifest.version) },
    legalComments: "none",
    external: ["@upstash/redis", "ioredis", "iovalkey", "react", "redis", "vitest", "vue"],
  };
  const esm = { ...common, format: "esm", splitting: true, minifySyntax: true };
  await bundle({
    ...esm,
    entryPoints: [
      "inline",
      "url",
      "slim",
      "workerd",
      "upstash",
      "cloudflare",
      "console",
      "react",
      "vue",
      "svelte",
      "stores",
      "words",
      "remark",
      "markdown-it",
    ].map(source),
    outdir: dist,
    platform: "neutral",
    chunkNames: "chunks/[name]-[hash]",
    external: [...common.external, "cloudflare:workers"],
    plugins: [inlined("./core.inline.js"), beside],
  });
  // All of the console in one classic script: for pages off a disk, where there are no modules, and for tools that take a script and no folder.
  await bundle({
    ...common,
    format: "iife",
    globalName: "wakeyConsole",
    minify: true,
    platform: "neutral",
    entryPoints: [source("console")],
    outfile: join(dist, "console.iife.js"),
  });
  // For Node as it is, and for bundlers: these have the module inside.
  const nodeEntries = Object.fromEntries([...NODE, "vitest"].map((name) => [name, source(name)]).concat([["slim", source("slim.node")]]));
  for (const [outdir, load, core] of [
    [dist, "open/load", "./core.inline.js"],
    [join(dist, "bundled"), "open/load.bundled", "../core.inline.js"],
  ]) {
    await bundle({
      ...esm,
      entryPoints: nodeEntries,
      outdir,
      outExtension: { ".js": ".mjs" },
      platform: "node",
      target: "node20",
      plugins: [loading(load), inlined(core)],
    });
  }
  const cjs = { ...common, format: "cjs", define: { ...common.define, "import.meta.url": "__filename" } };
  for (const name of [...NODE, "cli"]) {
    await bundle({
      ...cjs,
      platform: "node",
      target: "node20",
      plugins: [siblings, unmocked, loading("open/load.require")],
      entryPoints: [source(name === "node" ? "node.require" : name)],
      outfile: join(dist, `${name}.cjs`),
      ...(name === "cli" ? { banner: { js: "#!/usr/bin/env node" } } : {}),
      footer: { js: footer(name) },
    });
  }
  // What serves a page, for the program alone, which loads it when it is asked to; `ws` without what makes it a little faster where it is installed.
  const { metafile } = await bundle({
    ...cjs,
    define: { ...cjs.define, "process.env.WS_NO_BUFFER_UTIL": "true", "process.env.WS_NO_UTF_8_VALIDATE": "true" },
    platform: "node",
    target: "node20",
    minify: true,
    entryPoints: [source("web/site")],
    outfile: join(dist, "web.cjs"),
    metafile: true,
  });
  licensed(Object.keys(metafile.inputs));
  // `slim` in Node as CommonJS is the same engine with the module demanded; it lives in node.cjs.
  writeFileSync(
    join(dist, "slim.cjs"),
    'const { openSlim, openSlimSync, ...rest } = require("./node.cjs");\nmodule.exports = { ...rest, open: openSlim, openSync: openSlimSync };\n',
  );
  // What tests load that play a page in Node (Jest with jsdom): they take the condition "browser", and CommonJS.
  await bundle({
    ...cjs,
    platform: "neutral",
    plugins: [inlined("./core.inline.cjs")],
    entryPoints: [source("inline.require")],
    outfile: join(dist, "inline.cjs"),
  });
  await typed;
}

/** Declarations for ESM, and their copies for CommonJS; beside the bundles, which do not need them. */
async function declared() {
  const out = join(dist, "types");
  const argv = [join(root, "node_modules/typescript/bin/tsc"), "-p", join(pkg, "tsconfig.build.json")];
  const [status] = await once(spawn(process.execPath, argv, { cwd: root, stdio: "inherit" }), "exit");
  if (status !== 0) fail(`tsc ended with ${status}`);
  for (const file of readdirSync(out, { recursive: true })) {
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(join(out, file), "utf8");
    writeFileSync(join(out, file.replace(/\.d\.ts$/, ".d.cts")), text.replace(/(from |import\()"(\.\.?\/[^"]+)\.js"/g, '$1"$2.cjs"'));
  }
}

const steps = { core, js };
for (const step of process.argv.slice(2)) await steps[step]();
