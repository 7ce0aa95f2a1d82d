/**
 * Builds the package: `node scripts/build.mjs core` makes the WebAssembly module and its glue, `js` the bundles and
 * types. The Makefile decides when.
 *
 * wasm-bindgen's glue keeps one instance in module variables. It is wrapped into a function here, so that every engine
 * has its own instance and memory.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as bundle, transformSync } from "esbuild";
import { bind, build, dist, kilobytes, pkg, root, run, target, wasmTarget } from "./common.mjs";
import { likeness, silence } from "./shrink.mjs";

const FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "simd",
  "sign-ext",
  "nontrapping-float-to-int",
  "mutable-globals",
  "reference-types",
  "multivalue",
];

function wasmOpt(from, to, flags) {
  const features = FEATURES.map((feature) => `--enable-${feature}`);
  run(process.execPath, [join(root, "node_modules/binaryen/bin/wasm-opt"), from, "-o", to, ...flags, ...features]);
}

function core() {
  wasmTarget();
  run("cargo", ["build", "--release", "--target", "wasm32-unknown-unknown", "--lib"]);
  mkdirSync(build, { recursive: true });
  mkdirSync(dist, { recursive: true });
  const raw = join(target(), "wasm32-unknown-unknown/release/wakey.wasm");
  const out = join(build, "bindgen");
  rmSync(out, { recursive: true, force: true });
  bind(raw, out);
  const optimised = join(build, "core.wasm");
  const step = join(out, "step.wasm");
  writeFileSync(step, silence(readFileSync(join(out, "core_bg.wasm"))));
  // Large functions that are called once stay where they are: smaller when compressed, and no slower.
  wasmOpt(step, step, ["-O3", "--one-caller-inline-max-function-size=15", "--strip-debug", "--strip-producers"]);
  writeFileSync(step, likeness(readFileSync(step)));
  wasmOpt(step, optimised, ["--reorder-functions-by-name", "--strip-debug"]);
  const glue = transformSync(readFileSync(join(out, "core_bg.js"), "utf8"), {
    format: "cjs",
    minifyWhitespace: true,
    minifySyntax: true,
    target: "es2022",
  }).code;
  writeFileSync(
    join(build, "glue.js"),
    `// wasm-bindgen's glue, as a factory. Made by scripts/build.mjs.\nexport function glue() {\nconst module = { exports: {} };\n${glue}\nreturn module.exports;\n}\n`,
  );
  writeFileSync(join(build, "glue.d.ts"), 'export { glue } from "../src/glue.js";\n');
  const bytes = readFileSync(optimised);
  const inline = `"${bytes.toString("base64")}"`;
  writeFileSync(join(build, "core.inline.js"), `export const core = ${inline};\n`);
  writeFileSync(join(build, "core.inline.d.ts"), "export declare const core: string;\n");
  writeFileSync(join(build, "core.inline.cjs"), `exports.core = ${inline};\n`);
  console.log(`core.wasm: ${kilobytes(bytes.length)}`);
}

/** Node-only bundles load each other as files, so that there is one implementation. */
const siblings = {
  name: "siblings",
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\/(node|server)\.js$/ }, ({ path, importer }) =>
      importer === "" ? undefined : { path: path.replace(".js", ".cjs"), external: true },
    );
    // One set of error classes: `instanceof` holds for what another bundle throws.
    plugin.onResolve({ filter: /^\.\/errors\.js$/ }, () =>
      /\/node\.ts$/.test(plugin.initialOptions.entryPoints[0]) ? undefined : { path: "./node.cjs", external: true },
    );
    plugin.onResolve({ filter: /core\.inline\.cjs$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** The ESM face of a CommonJS bundle: the same objects under the same names. */
function wrapper(name, exported) {
  const list = exported.join(", ");
  writeFileSync(join(dist, `${name}.mjs`), `import cjs from "./${name}.cjs";\nexport const { ${list} } = cjs;\n`);
}

async function js() {
  mkdirSync(dist, { recursive: true });
  for (const file of readdirSync(dist)) rmSync(join(dist, file), { recursive: true });
  copyFileSync(join(build, "core.wasm"), join(dist, "core.wasm"));
  copyFileSync(join(build, "core.inline.cjs"), join(dist, "core.inline.cjs"));
  for (const file of ["README.md", "LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(root, file), join(pkg, file));
  const version = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8")).version;
  const common = {
    bundle: true,
    logLevel: "warning",
    target: "es2022",
    define: { __VERSION__: JSON.stringify(version) },
    legalComments: "none",
  };
  const entry = (name) => join(pkg, "src", `${name}.ts`);
  await bundle({
    ...common,
    entryPoints: Object.fromEntries([
      ...["inline", "url", "slim", "workerd", "upstash"].map((name) => [name, entry(name)]),
      ["console", entry("console/index")],
    ]),
    outdir: dist,
    format: "esm",
    platform: "neutral",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    external: ["./core.wasm"],
    minifySyntax: true,
  });
  const node = { ...common, platform: "node", format: "cjs", target: "node20", plugins: [siblings], metafile: true };
  for (const name of ["node", "server", "ioredis", "upstash", "cli"]) {
    await bundle({
      ...node,
      entryPoints: [entry(name)],
      outfile: join(dist, `${name}.cjs`),
      ...(name === "cli" ? { banner: { js: "#!/usr/bin/env node" } } : {}),
    });
  }
  // `slim` in Node is the same engine with the module demanded; it lives in node.cjs.
  writeFileSync(
    join(dist, "slim.cjs"),
    'const { openSlim, ...rest } = require("./node.cjs");\nmodule.exports = { ...rest, open: openSlim };\n',
  );
  const { createRequire } = await import("node:module");
  const require = createRequire(import.meta.url);
  for (const name of ["node", "slim", "server", "ioredis", "upstash"]) {
    wrapper(
      name,
      Object.keys(require(join(dist, `${name}.cjs`))).filter((key) => key !== "openSlim" && key !== "__esModule"),
    );
  }
  types();
}

/** Declarations for ESM, and their copies for CommonJS. */
function types() {
  const out = join(dist, "types");
  run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", join(pkg, "tsconfig.build.json")]);
  for (const file of readdirSync(out)) {
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(join(out, file), "utf8");
    writeFileSync(join(out, file.replace(/\.d\.ts$/, ".d.cts")), text.replace(/(from |import\()"(\.\/[^"]+)\.js"/g, '$1"$2.cjs"'));
  }
}

const steps = { core, js };
for (const step of process.argv.slice(2)) await steps[step]();
