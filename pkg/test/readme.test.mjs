/**
 * The README's examples, and those of the pages in docs: their JavaScript runs and each `call; // value` is true, its TypeScript compiles, and its command lines name
 * targets and options that there are. A block of a language that nothing here knows fails.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pkg, root, source } from "./support.mjs";

const text = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({ language, code }));
const of = (language) => blocks.filter((block) => block.language === language).map(({ code }) => code);

/** What a comment says that its line gives, where it begins with a value; what follows it explains. */
const VALUE = /^(Uint8Array \[.*?\]|\{.*?\}|\[.*\]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|null|true|false)(?=$|[:,;])/;

/** Turns `expression; // value` into a comparison, and counts them. `const name = expression; // value` compares the name. */
function checked(block) {
  let compared = 0;
  const code = block.replace(/^( *)([^\n;]*\S)([;,]) \/\/ (.*)$/gm, (line, indent, expression, end, comment) => {
    const value = VALUE.exec(comment)?.[1];
    if (value === undefined) return line;
    const literal = value.replace(/^Uint8Array (\[.*\])$/, "Uint8Array.of(...$1)");
    const [, name] = /^(?:const|let) (\w+) =/.exec(expression) ?? [];
    compared++;
    if (name !== undefined) return `${indent}${expression};\n${indent}same(await ${name}, ${literal});`;
    return `${indent}same(${expression}, ${literal})${end === "," ? "," : ";"}`;
  });
  return { code, compared };
}

/** How many lines of a block end in a comment that begins with a value. */
const told = (block) => block.split("\n").filter((line) => VALUE.test(/\S; \/\/ (.*)$/.exec(line)?.[1] ?? "")).length;

test("every block is of a language that is tested", () => {
  const known = ["js", "ts", "sh", "html"];
  assert.deepEqual(
    [...new Set(blocks.map(({ language }) => language))].filter((language) => !known.includes(language)),
    [],
  );
  for (const language of known) assert.ok(of(language).length > 0, language);
  // No opening fence was missed.
  assert.equal(text.match(/^```/gm).length, blocks.length * 2);
});

/** The pages of docs, by name. */
const pages = readdirSync(join(root, "docs"), { recursive: true })
  .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
  .map((name) => [name, readFileSync(join(root, "docs", name), "utf8")]);

const examples = [
  ...of("js").map((code, i) => [`example ${i + 1} of the README`, code]),
  ...pages.flatMap(([name, text]) =>
    [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => [`the example of docs/${name}`, code]),
  ),
];

test("pages of docs have examples, and links that lead somewhere", () => {
  assert.ok(pages.length >= 6);
  for (const [name, text] of pages) {
    for (const [, to] of text.matchAll(/\]\(([^)]+)\)/g)) assert.ok(existsSync(join(root, "docs", name, "..", to)), `${name}: ${to}`);
  }
});

for (const [what, block] of examples) {
  test(`${what} runs and says the truth`, () => {
    const { code: body, compared } = checked(block);
    assert.ok(compared >= told(block), `${told(block)} lines tell a value, and ${compared} are compared:\n${block}`);
    const code = `import assert from "node:assert/strict";
const plain = (v) => Array.isArray(v) ? v.map(plain) : v && [null, Object.prototype].includes(Object.getPrototypeOf(v)) ? Object.fromEntries(Object.entries(v).map(([k, one]) => [k, plain(one)])) : v;
const same = (a, b) => assert.deepEqual(plain(a), b);
${body}`;
    const done = spawnSync(process.execPath, ["--input-type=module", "-e", code], { cwd: root, encoding: "utf8", timeout: 20_000 });
    assert.equal(done.status, 0, `${code}\n${done.stderr}`);
  });
}

test("the README's TypeScript compiles", () => {
  const folder = join(pkg, "build/readme");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = of("ts").map((code, i) => {
    const file = join(folder, `example${i + 1}.ts`);
    // An example that shows what one does with a database does not say again where \`open\` is from.
    writeFileSync(
      file,
      `${/\bopen\(/.test(code) && !/import .*\bopen\b/.test(code) ? 'import { open } from "wakey";\n' : ""}${code}export {};\n`,
    );
    return file;
  });
  // What Cloudflare's own types say of a binding, as far as an example uses it.
  const platform = join(folder, "platform.d.ts");
  writeFileSync(
    platform,
    "interface DurableObjectNamespace<T> { idFromName(name: string): object; get(id: object): T & { fetch(request: Request): Promise<Response> } }",
  );
  files.push(platform, join(pkg, "src/cloudflare/workers.d.ts"));
  const options = { ...JSON.parse(readFileSync(join(pkg, "tsconfig.json"), "utf8")).compilerOptions, noUnusedLocals: false };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files }));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const done = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stdout);
});

test("the README has a row for every option of open", async () => {
  const { open } = await import("wakey");
  const [, table] = /\n## Options\n[^|]*((?:\|.*\n)+)/.exec(text);
  const shown = table.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name));
  await assert.rejects(open({ none: 1 }), ({ message }) => {
    assert.deepEqual(/there are (.*)$/.exec(message)[1].split(", ").sort(), shown.sort());
    return true;
  });
});

test("the README's command lines name targets and options that there are", async () => {
  const { read } = await source("terminal/argv");
  const { words } = await source("prompt/format");
  const targets = readFileSync(join(root, "Makefile"), "utf8");
  const lines = of("sh").flatMap((block) => block.split("\n"));
  let tried = 0;
  for (const line of lines) {
    const [, command] = /^(?:.*\| )?(.*?)(?: +#.*)?$/.exec(line);
    const [program, ...args] = words(command) ?? [];
    if (program === undefined) continue;
    tried++;
    if (program === "wakey") assert.ok(read(args, {}), line);
    else if (program === "make") assert.match(targets, new RegExp(`^${args[0]}:.*## `, "m"), line);
    else assert.fail(`nothing knows ${line}`);
  }
  assert.equal(tried, lines.filter((line) => /^[^#\s]/.test(line)).length);
});
