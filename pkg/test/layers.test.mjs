/** How the package is put together: which part rests on which, and one copy of what must be one. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { dist, pkg } from "./support.mjs";

/** The folders of `src` from the bottom up; the entries stand on top. A file imports from its own folder and from those in front. */
const ORDER = [
  "resp",
  "core",
  "client",
  "persistence",
  "shared",
  "open",
  "http",
  "net",
  "web",
  "testing",
  "prompt",
  "terminal",
  "console",
  "cloudflare",
  "",
];

const folderOf = (file) => (file.includes("/") ? file.slice(0, file.indexOf("/")) : "");

/** The sources of the package: by file, the files that it imports, types too. */
function imports() {
  const src = join(pkg, "src");
  const files = readdirSync(src, { recursive: true }).filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(src, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
      const own = [...text.matchAll(/(?:^(?:import|export)\b[^;"]*|\bimport\()"(\..*?\.js)"/gm)].map(([, name]) => name);
      const found = own.map((name) => join(file, "..", name).replace(/\.js$/, ".ts"));
      return [file, found.filter((name) => !name.startsWith("..") && !name.endsWith("glue.ts"))];
    }),
  );
}

/** What is wrong with these imports: arrows that point up, files that are not there, and the first circle. */
function faults(graph) {
  const out = [];
  for (const [file, found] of graph) {
    if (!ORDER.includes(folderOf(file))) out.push(`${file}: its folder has no place`);
    for (const name of found) {
      if (!graph.has(name)) out.push(`${file} imports ${name}, which is not there`);
      else if (ORDER.indexOf(folderOf(name)) > ORDER.indexOf(folderOf(file))) out.push(`${file} imports ${name}, which stands above it`);
    }
  }
  const done = new Set();
  const walk = (file, path) => {
    if (path.includes(file)) out.push(`a circle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
    if (path.includes(file) || done.has(file)) return;
    for (const name of graph.get(file) ?? []) walk(name, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return out;
}

test("imports point one way, and there is no circle, of types neither", () => {
  const graph = imports();
  assert.ok(graph.size > 80 && [...graph.values()].flat().length > 300, "the sources are not read");
  assert.deepEqual(faults(graph), []);
});

test("a circle, an arrow up and a file that is not there are found", () => {
  const wrong = (...edges) => faults(new Map(edges)).map((fault) => fault.replace(/ .*/s, ""));
  assert.deepEqual(wrong(["core/a.ts", ["core/b.ts"]], ["core/b.ts", ["core/c.ts"]], ["core/c.ts", ["core/a.ts"]]), ["a"]);
  assert.deepEqual(wrong(["resp/a.ts", ["core/b.ts"]], ["core/b.ts", []]), ["resp/a.ts"]);
  assert.deepEqual(wrong(["resp/a.ts", ["resp/b.ts"]]), ["resp/a.ts"]);
  assert.deepEqual(wrong(["new/a.ts", []]), ["new/a.ts:"]);
});

test("words of the mailbox go by their names, and clients' engines by their door", () => {
  const src = join(pkg, "src");
  for (const file of imports().keys()) {
    const text = readFileSync(join(src, file), "utf8");
    assert.doesNotMatch(text, /\bengine\.words\[\d/, file);
    if (folderOf(file) !== "client") assert.doesNotMatch(text, /\b_engine\b/, file);
  }
});

/** The files of `dist` that define a class. */
function definitions(folder, type, name) {
  const files = readdirSync(join(dist, folder), { recursive: true }).filter((file) => type.test(file) && !file.startsWith("types"));
  assert.ok(files.length > 2, `${folder} has nothing of this kind`);
  return files.filter((file) =>
    new RegExp(`\\bclass (_?${name}\\d*)\\b|\\b${name} = class\\b`).test(readFileSync(join(dist, folder, file), "utf8")),
  );
}

test("what is loaded together has one set of error classes, and one engine", () => {
  for (const name of ["ReplyError", "ValueError", "StoreError", "TrapError", "ClosedError", "Engine"]) {
    // CommonJS files load node.cjs; inline.cjs is for other places, and alone there. An engine is what upstash.cjs is given.
    assert.deepEqual(definitions("", /^[^/]+\.cjs$/, name).sort(), ["inline.cjs", "node.cjs"], `${name} in CommonJS`);
    assert.equal(definitions("", /^[^/]+\.mjs$/, name).length, 1, `${name} in Node`);
    assert.equal(definitions("bundled", /\.mjs$/, name).length, 1, `${name} for bundlers`);
    assert.equal(definitions("", /(^|^chunks\/)[^/]+\.js$/, name).length, 1, `${name} elsewhere`);
  }
});
