/**
 * The documentation as `docs/` of the site, beside the playground: `node scripts/site-docs.mjs`. Eleventy makes the pages (`www/docs`, which has
 * a lock file of its own); here come their scripts and styles, the index for the search, `llms.txt`, and a service worker that keeps all of them.
 */
import { createHash } from "node:crypto";
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

// Five hundred pages are much the same: in one file they are a third as large.
const packed = JSON.stringify(
  Object.fromEntries(
    [["./", "index.html"], ...files.map((file) => [file, file])].map(([as, file]) => [as, readFileSync(join(out, file), "utf8")]),
  ),
);
writeFileSync(join(out, "assets/pages.json"), packed);
const assets = readdirSync(join(out, "assets")).filter((file) => file !== "pages.json");
const version = createHash("sha256").update(packed);
for (const file of assets) version.update(readFileSync(join(out, "assets", file)));
const kept = [...assets.map((file) => `assets/${file}`), `../assets/${wasm}`, "../icon.svg"];
writeFileSync(
  join(out, "sw.js"),
  // Not the playground's name, with another word behind it: that removes what begins with its own.
  `const NAME = "docs-of-wakey";\nconst PACKED = "assets/pages.json";\nconst FILES = ${JSON.stringify(kept)};\nconst VERSION = "${version.digest("hex").slice(0, 12)}";\n${readFileSync(join(root, "www/worker.js"), "utf8")}`,
);
console.log(`${files.length} pages of documentation: www/dist/docs`);
