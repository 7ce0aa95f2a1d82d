/** The plugins for Markdown, with the real markdown-it, remark and MDX, installed as `markdown/package-lock.json` names them. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import markdownItWakey from "wakey/markdown-it";
import remarkWakey from "wakey/remark";
import { install, pkg } from "./support.mjs";

const home = join(pkg, "build/markdown");
let md;
let html;
let mdx;

before(async () => {
  mkdirSync(home, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    cpSync(join(pkg, "test/markdown", file), join(home, file), { preserveTimestamps: true });
  install(home);
  const find = createRequire(join(home, "package.json")).resolve;
  const load = async (name) => import(pathToFileURL(join(home, "node_modules", name, (await manifest(name)).entry)).href);
  const manifest = async (name) => {
    const { exports, main } = createRequire(import.meta.url)(join(home, "node_modules", name, "package.json"));
    const entry = exports?.["."]?.import ?? exports?.["."] ?? exports ?? main ?? "index.js";
    return { entry: typeof entry === "string" ? entry : entry.default };
  };
  const MarkdownIt = (await import(pathToFileURL(find("markdown-it")).href)).default;
  md = (text, options) => new MarkdownIt().use(markdownItWakey, options).render(text);
  const [{ unified }, parse, rehype, stringify] = await Promise.all(
    ["unified", "remark-parse", "remark-rehype", "rehype-stringify"].map(load),
  );
  html = async (text, options) =>
    String(await unified().use(parse.default).use(remarkWakey, options).use(rehype.default).use(stringify.default).process(text));
  const { compile } = await load("@mdx-js/mdx");
  mdx = async (text) => String(await compile(text, { remarkPlugins: [remarkWakey], jsx: true }));
});

const BLOCK = '```redis offer db=shop setup="SET n 1"\nSET k "<b>&\n```\n\n```js\nredis\n```\n';

test("markdown-it makes consoles of redis blocks, and leaves the others alone", () => {
  assert.equal(
    md(BLOCK),
    '<wakey-console v-pre offer db="shop" setup="SET n 1"><pre>\nSET k &quot;&lt;b&gt;&amp;</pre></wakey-console>\n<pre><code class="language-js">redis\n</code></pre>\n',
  );
  assert.match(md("```cli\nPING\n```", { language: "cli", attributes: { tools: "" } }), /^<wakey-console v-pre tools><pre>\nPING<\/pre>/);
  // What is in a word stays in it.
  assert.match(md("```redis prompt='<b>\nPING\n```"), /^<wakey-console v-pre prompt="'&lt;b&gt;">/);
});

test("what Vue makes of it, as in VitePress, has the same lines, and nothing in them is Vue's", async () => {
  const app = createSSRApp({ template: md('```redis\nSET k "{{ v }}"\n\nGET k\n```') });
  app.config.compilerOptions.isCustomElement = (tag) => tag === "wakey-console";
  assert.equal(await renderToString(app), "<wakey-console><pre>SET k &quot;{{ v }}&quot;\n\nGET k</pre></wakey-console>");
});

test("remark does, in HTML and in MDX", async () => {
  assert.equal(
    await html(BLOCK),
    '<wakey-console offer="" db="shop" setup="SET n 1">\nSET k "&#x3C;b>&#x26;\n</wakey-console>\n<pre><code class="language-js">redis\n</code></pre>',
  );
  assert.match(await html("- in a list\n\n  ```redis\n  PING\n  ```"), /<li>[\s\S]*<wakey-console>\nPING\n<\/wakey-console>/);
  assert.match(await mdx(BLOCK), /_components\["wakey-console"\];\s+return <><_component0 offer="" db="shop" setup="SET n 1">/);
});

test("an attribute that the element has not is refused", async () => {
  assert.throws(() => md("```redis ofer\nPING\n```"), /a console has no attribute 'ofer'/);
  await assert.rejects(html("```redis onclick=x\nPING\n```"), /a console has no attribute 'onclick'/);
});
