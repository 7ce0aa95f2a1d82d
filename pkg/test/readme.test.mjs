/**
 * The examples of README.md and of every page of the documentation (`www/docs/pages`): JavaScript runs and each `call; // value` is true,
 * TypeScript compiles, command lines name targets and options that there are, consoles get no error. A block of a language that nothing here
 * knows fails. What fails says which block of which page it is, and in which line that begins.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { Player } from "../../scripts/scenes.mjs";
import { pkg, root, source } from "./support.mjs";

const GUIDES = "www/docs/pages";
const pages = [
  "README.md",
  ...readdirSync(join(root, GUIDES), { recursive: true }).map((name) => `${GUIDES}/${name.replaceAll("\\", "/")}`),
]
  .filter((name) => name.endsWith(".md"))
  .map((name) => [name, readFileSync(join(root, name), "utf8")]);

/** All fenced blocks: where they stand, their language with what is behind it, their text. */
const blocks = pages.flatMap(([name, text]) =>
  [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(({ index, 1: info, 2: code }) => {
    const [language] = info.split(" ");
    return { language, code, where: `${name}:${text.slice(0, index).split("\n").length}` };
  }),
);
const of = (language) => blocks.filter((block) => block.language === language);

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

test("every block is of a language that is tested, and no fence is open", () => {
  const known = ["js", "ts", "sh", "html", "redis"];
  assert.deepEqual(
    blocks.filter(({ language }) => !known.includes(language)).map(({ where, language }) => `${where}: ${language || "no language"}`),
    [],
  );
  for (const language of known) assert.ok(of(language).length > 0, language);
  for (const [name, text] of pages)
    assert.equal(text.match(/^```/gm)?.length ?? 0, blocks.filter(({ where }) => where.startsWith(`${name}:`)).length * 2, name);
});

/** Anchors of a page, as GitHub and the site make them. */
const anchors = (text) =>
  [...text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-"),
  );

test("links lead somewhere, anchors too", () => {
  const wrong = [];
  for (const [name, text] of pages) {
    for (const [, to] of text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(to)) continue;
      const [path, anchor] = to.split("#");
      const file = path === "" ? join(root, name) : resolve(root, name, "..", path);
      // Pages of commands are made, and so is the site.
      if (/www\/(docs\/pages\/commands|dist)\//.test(file.replaceAll("\\", "/"))) continue;
      if (!existsSync(file)) wrong.push(`${name}: ${to}`);
      else if (anchor !== undefined && !anchors(readFileSync(file, "utf8")).includes(anchor)) wrong.push(`${name}: ${to}: no such anchor`);
    }
  }
  assert.deepEqual(wrong, []);
});

for (const { where, code } of of("redis")) {
  test(`${where}: the console gets replies, and no error`, async () => {
    const player = await Player.open();
    for (const line of code.split("\n").filter(Boolean)) {
      const reply = player.run(line);
      assert.ok(reply !== undefined && !reply[0].startsWith("(error)"), `${where}: ${line}: ${reply}`);
    }
    player.close();
  });
}

for (const { where, code: block } of of("js")) {
  test(`${where} runs and says the truth`, () => {
    const { code: body, compared } = checked(block);
    assert.ok(compared >= told(block), `${told(block)} lines tell a value, and ${compared} are compared: ${where}\n${block}`);
    const code = `import assert from "node:assert/strict";
const plain = (v) => Array.isArray(v) ? v.map(plain) : v && [null, Object.prototype].includes(Object.getPrototypeOf(v)) ? Object.fromEntries(Object.entries(v).map(([k, one]) => [k, plain(one)])) : v;
const same = (a, b) => assert.deepEqual(plain(a), b);
${body}`;
    const done = spawnSync(process.execPath, ["--input-type=module", "-e", code], { cwd: root, encoding: "utf8", timeout: 20_000 });
    assert.equal(done.status, 0, `${where}\n${code}\n${done.stderr}`);
  });
}

test("TypeScript compiles", () => {
  const folder = join(pkg, "build/readme");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = of("ts").map(({ code, where }) => {
    // The compiler says the name.
    const file = join(folder, `${where.replace(/[^\w.]+/g, "-").replace(/\.md-/, "-line-")}.ts`);
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

test("there is a row for every option of open", async () => {
  const { open } = await import("wakey");
  const [, text] = pages.find(([name]) => name.endsWith("/options.md"));
  const [, table] = /^# Options\n[^|]*((?:\|.*\n)+)/.exec(text);
  const shown = table.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name));
  await assert.rejects(open({ none: 1 }), ({ message }) => {
    assert.deepEqual(/there are (.*)$/.exec(message)[1].split(", ").sort(), shown.sort());
    return true;
  });
});

test("command lines name targets and options that there are", async () => {
  const { read } = await source("terminal/argv");
  const { words } = await source("prompt/format");
  const targets = readFileSync(join(root, "Makefile"), "utf8");
  let tried = 0;
  for (const { code, where } of of("sh")) {
    for (const line of code.split("\n").filter((line) => /^[^#\s]/.test(line))) {
      const [, command] = /^(?:.*\| )?(.*?)(?: +#.*)?$/.exec(line);
      const [first, ...rest] = words(command);
      const [program, ...args] = first === "npx" ? rest : [first, ...rest];
      tried++;
      if (program === "wakey") assert.ok(read(args, {}), `${where}: ${line}`);
      else if (program === "make") assert.match(targets, new RegExp(`^${args[0]}:.*## `, "m"), `${where}: ${line}`);
      else if (program === "npm") assert.ok(/^(i|i -D) wakey$/.test(args.join(" ")), `${where}: ${line}`);
      else assert.fail(`${where}: nothing knows ${line}`);
    }
  }
  assert.ok(tried > 20);
});

test("HTML loads files that the package has, and ends its elements", () => {
  for (const { code, where } of of("html")) {
    for (const [, file] of code.matchAll(/src="wakey\/([^"]+)"/g)) assert.ok(existsSync(join(pkg, file)), `${where}: ${file}`);
    for (const [, name] of code.matchAll(/<([a-z][a-z-]*)/g))
      assert.equal(code.split(`<${name}`).length, code.split(`</${name}>`).length, `${where}: <${name}>`);
  }
});
