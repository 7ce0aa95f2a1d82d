/**
 * What each entry of the package weighs for who imports it: minified and compressed with gzip, as a bundler writes it. `make size` prints the
 * table, the page "Runtimes and sizes" shows it, and a test holds it to the truth; `node scripts/entries.mjs --write` writes it there.
 *
 * `console.iife.js` is as it is shipped, with the module. Of the others, the WebAssembly module is not counted, which most entries have inside as base64; nor is what a program brings itself (ioredis, React).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { dist, pkg, root } from "./common.mjs";

/** The page of the documentation that has the table. */
export const PAGE = join(root, "www/docs/pages/guides/runtimes.md");

/** For a page, for Node, and for workerd. */
const ENTRIES = {
  page: ["inline.js", "slim.js", "url.js", "stores.js", "words.js", "upstash.js", "react.js", "vue.js", "svelte.js", "console.js"],
  workerd: ["workerd.js", "cloudflare.js"],
  node: ["node.mjs", "server.mjs", "ioredis.mjs", "testing.mjs", "ioredis-mock.mjs", "redis-mock.mjs", "upstash-mock.mjs"],
};

/** How an entry is imported. */
function name(file) {
  const own = file.replace(/\.m?js$/, "");
  return own === "node" || own === "inline" ? "wakey" : `wakey/${own}`;
}

/** The bytes of an entry: what is loaded with it, and what may be loaded later. */
async function weight(file, place) {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(dist, file)],
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: place === "node" ? "node" : "neutral",
    external: ["*/core.inline.js", "*/core.wasm", "cloudflare:workers", "ioredis", "iovalkey", "react", "redis", "vue", "@upstash/redis"],
    write: false,
    metafile: true,
    absWorkingDir: root,
    outdir: join(pkg, "build/entries"),
    logLevel: "error",
  });
  const sizes = new Map(outputFiles.map(({ path, contents }) => [path, gzipSync(contents, { level: 9 }).length]));
  const all = Object.entries(metafile.outputs);
  const now = new Set();
  const walk = (path) => {
    if (now.has(path)) return;
    now.add(path);
    for (const one of metafile.outputs[path].imports) if (one.kind === "import-statement" && !one.external) walk(one.path);
  };
  walk(all.find(([, { entryPoint }]) => entryPoint?.endsWith(`/${file}`))[0]);
  const sum = (wanted) => all.reduce((bytes, [path]) => bytes + (wanted(path) ? sizes.get(join(root, path)) : 0), 0);
  return { now: sum((path) => now.has(path)), later: sum((path) => !now.has(path)) };
}

/** All entries with what they weigh, in bytes. */
export async function weigh() {
  const out = [];
  for (const [place, files] of Object.entries(ENTRIES))
    for (const file of files) out.push({ entry: name(file), place, ...(await weight(file, place)) });
  const script = gzipSync(readFileSync(join(dist, "console.iife.js")), { level: 9 }).length;
  return [...out, { entry: "dist/console.iife.js", place: "page", now: script, later: 0 }];
}

const kib = (bytes) => (bytes / 1024).toFixed(1);

/** The table as the page has it. */
export function markdown(entries) {
  const rows = entries.map(
    ({ entry, place, now, later }) =>
      `| \`${entry}\` | ${place === "page" ? "pages" : place === "node" ? "Node" : place} | ${kib(now)} | ${later < 512 ? "" : kib(later)} |`,
  );
  return ["| entry | for | KiB | later |", "|---|---|---|---|", ...rows].join("\n");
}

const TABLE = /\| entry \| for \| KiB \| later \|\n(?:\|.*\n)+/;

/** So far a figure may be off: a tenth, and a kibibyte. */
const off = (said, is) => Math.abs(said - is) > is / 10 + 1;

/** What the page says that is not so, in words. */
export function stale(page, entries) {
  const rows = (text) =>
    (TABLE.exec(text)?.[0] ?? "")
      .split("\n")
      .slice(2, -1)
      .map((row) =>
        row
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
  const said = rows(page);
  return rows(`${markdown(entries)}\n`).flatMap(([entry, place, now, later]) => {
    const row = said.find((one) => one[0] === entry && one[1] === place);
    if (row === undefined) return [`${entry} for ${place} is not in the table`];
    return off(Number(row[2]), Number(now)) || off(Number(row[3]), Number(later))
      ? [`${entry} for ${place} is ${now} and ${later || 0} KiB, and not ${row[2]} and ${row[3] || 0}`]
      : [];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const entries = await weigh();
  if (process.argv.includes("--write")) writeFileSync(PAGE, readFileSync(PAGE, "utf8").replace(TABLE, `${markdown(entries)}\n`));
  else console.log(markdown(entries));
}
