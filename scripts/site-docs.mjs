/**
 * The documentation as `docs/` of the site, beside the playground: `node scripts/site-docs.mjs`. Eleventy makes the pages (`www/docs`, which has
 * a lock file of its own); here come their scripts and styles, the index for the search, and `llms.txt`.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { install } from "../pkg/test/support.mjs";
import { fail, root, run } from "./common.mjs";

const home = join(root, "www/docs");
const dist = join(root, "www/dist");
const out = join(dist, "docs");

install(home);
rmSync(out, { recursive: true, force: true });
run(process.execPath, ["node_modules/@11ty/eleventy/cmd.cjs", "--config=eleventy.config.mjs", "--quiet"], { cwd: home });

const common = { bundle: true, minify: true, target: "es2022", logLevel: "error", legalComments: "none" };
await build({
  ...common,
  entryPoints: ["docs", "search", "consoles"].map((name) => join(home, `client/${name}.js`)),
  outdir: join(out, "assets"),
  format: "esm",
  splitting: true,
  chunkNames: "[name]-[hash]",
  conditions: ["browser"],
  // All consoles are told where the module is: it is nowhere inside.
  plugins: [
    {
      name: "module",
      setup(plugin) {
        plugin.onResolve({ filter: /\/core\.inline\.js$/ }, ({ path }) => ({ path, namespace: "none" }));
        plugin.onLoad({ filter: /./, namespace: "none" }, () => ({ contents: 'export const core = "";' }));
      },
    },
  ],
});
await build({ ...common, entryPoints: [join(home, "client/first.js")], outfile: join(out, "assets/first.js"), format: "iife" });
await build({ ...common, entryPoints: [join(home, "style/docs.css")], outfile: join(out, "assets/docs.css") });

const [, policy] =
  /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(readFileSync(join(dist, "index.html"), "utf8")) ??
  fail("the playground is not built");
const wasm = readdirSync(join(dist, "assets")).find((name) => name.endsWith(".wasm")) ?? fail("the playground has no module");
const files = readdirSync(out, { recursive: true })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".html"));
for (const file of files) {
  const path = join(out, file);
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    text.replace("@POLICY@", policy.replaceAll("&#39;", "'")).replace(/(<html[^>]*)>/, `$1 data-wasm="../assets/${wasm}">`),
  );
}

const { index, llms } = await import(pathToFileURL(join(home, "after.mjs")).href);
writeFileSync(join(out, "assets/search.json"), index(out, files));
const { short, full } = llms(out, files);
writeFileSync(join(out, "llms.txt"), short);
writeFileSync(join(out, "llms-full.txt"), full);
writeFileSync(join(dist, "llms.txt"), short.replace(/\]\((?!\.\.)/g, "](docs/").replaceAll("](../", "]("));
console.log(`${files.length} pages of documentation: www/dist/docs`);
