/**
 * Writes LICENSE-THIRD-PARTY: the licences of what the WebAssembly module and the component contain of others, from where cargo has their
 * sources, and of what the package's scripts do, from node_modules. `--check` only says whether it is fresh.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail, output, root } from "./common.mjs";

const file = join(root, "LICENSE-THIRD-PARTY");
const HEAD = `What Wakey's WebAssembly module and component contain of others, and the program's server of a page (ws) and that page (the other
scripts), with their licences. Made by scripts/licences.mjs.
`;

/** Packages whose code is in those of the package's scripts that are bundled with it. A build fails where one is missing. */
const SCRIPTS = [
  "@codemirror/commands",
  "@codemirror/language",
  "@codemirror/legacy-modes",
  "@codemirror/state",
  "@codemirror/streamparser",
  "@codemirror/view",
  "@lezer/common",
  "@lezer/highlight",
  "@marijn/find-cluster-break",
  "@preact/signals",
  "@preact/signals-core",
  "preact",
  "style-mod",
  "w3c-keyname",
  "ws",
];

const RUST = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES
OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** What cargo knows of a workspace. */
function metadata(manifest) {
  const args = ["--format-version=1", "--locked", "--filter-platform", "wasm32-unknown-unknown", "--manifest-path", join(root, manifest)];
  return JSON.parse(output("cargo", ["metadata", ...args], { maxBuffer: 1 << 28 }) ?? fail(`cargo metadata failed for ${manifest}`));
}

const workspace = metadata("Cargo.toml");
const { packages } = workspace;

/** The crates whose code is in the module or the component: no macros, nothing that only builds or tests. */
function contained() {
  const found = new Map();
  for (const { packages, resolve } of [workspace, metadata("component/Cargo.toml")]) {
    const crates = new Map(packages.map((one) => [one.id, one]));
    const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
    const visit = (id) => {
      for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
        const one = crates.get(pkg);
        const macro = one.targets.some((target) => target.kind.includes("proc-macro"));
        if (found.has(pkg) || macro || !kinds.some((kind) => kind.kind === null)) continue;
        found.set(pkg, one);
        visit(pkg);
      }
    };
    visit(resolve.root);
  }
  return [...found.values()].filter(({ source }) => source !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The text of a licence, which is beside the manifest of a crate or a package: MIT's where there is a choice. */
function licence(crate) {
  const folder = dirname(crate.manifest_path);
  const names = readdirSync(folder).filter((name) => /^licen[cs]e/i.test(name));
  const name = names.find((one) => /mit/i.test(one)) ?? names.find((one) => !/apache/i.test(one)) ?? names[0];
  if (name === undefined) fail(`${crate.name} has no licence beside it`);
  return readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim();
}

/** Lua says its own in its header. */
function lua() {
  const crate = packages.find((one) => one.name === "lua-src");
  const header = readFileSync(join(dirname(crate.manifest_path), "lua-5.1.5/lua.h"), "utf8");
  const text = /\* (Copyright \(C\)[\s\S]*?)\*{20}/.exec(header)?.[1];
  return text?.replaceAll(/^\* ?/gm, "").trim() ?? fail("lua.h has no licence in it");
}

const texts = new Map([
  [lua(), ["Lua 5.1.5"]],
  [RUST, ["the standard library of Rust, MIT or Apache-2.0 (Copyright (c) The Rust Project Contributors)"]],
]);
const scripts = SCRIPTS.map((name) => {
  const manifest = join(root, "node_modules", name, "package.json");
  return { manifest_path: manifest, ...JSON.parse(readFileSync(manifest, "utf8")) };
});
for (const crate of [...contained(), ...scripts]) {
  const text = licence(crate);
  texts.set(text, [...(texts.get(text) ?? []), `${crate.name} ${crate.version}, ${crate.license}`]);
}
const line = "-".repeat(100);
const sections = [...texts].map(([text, names]) => `${line}\n${names.join("\n")}\n${line}\n\n${text}\n`);
const made = `${HEAD}\n${sections.join("\n")}`;
if (!process.argv.includes("--check")) writeFileSync(file, made);
else if (!existsSync(file) || readFileSync(file, "utf8") !== made) fail("LICENSE-THIRD-PARTY is not fresh: make gen");
