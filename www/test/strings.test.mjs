/** What the page says stands in one file, `www/src/strings.ts`: no part of the page has words of its own. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseAst } from "vite";
import { root } from "../../pkg/test/support.mjs";

const SOURCES = join(root, "www/src");
/** Attributes that people read, or have read to them. */
const SAID = ["title", "label", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext"];
/** Words, unless they are the name of a command, as in a label of what INFO answers. */
const WORDS = /[a-z]{2}/;

/** The texts that a child of an element, or the value of an attribute, may be. */
function* texts(node) {
  if (node === null) return;
  if (node.type === "Literal" && typeof node.value === "string") yield node.value;
  else if (node.type === "JSXText") yield node.value;
  else if (node.type === "TemplateLiteral") yield* node.quasis.map((quasi) => quasi.value.cooked);
  else if (node.type === "JSXExpressionContainer") yield* texts(node.expression);
  else if (node.type === "ConditionalExpression") yield* [...texts(node.consequent), ...texts(node.alternate)];
  else if (node.type === "LogicalExpression") yield* texts(node.right);
}

/** What stands in the elements of a source, and in attributes that are read. Names of commands in <code> are no words. */
function literals(source) {
  const found = [];
  const walk = (node, code) => {
    if (Array.isArray(node)) for (const one of node) walk(one, code);
    if (node === null || typeof node !== "object" || Array.isArray(node)) return;
    const isCode = code || (node.type === "JSXElement" && node.openingElement.name.name === "code");
    if (node.type === "JSXElement" || node.type === "JSXFragment")
      if (!isCode) for (const child of node.children) found.push(...texts(child));
    if (node.type === "JSXAttribute" && SAID.includes(node.name.name)) found.push(...texts(node.value));
    for (const value of Object.values(node)) walk(value, isCode);
  };
  walk(parseAst(source, { lang: "tsx" }).body, false);
  return found.map((text) => text.trim()).filter((text) => WORDS.test(text));
}

test("a part of the page has no words of its own", () => {
  const parts = readdirSync(SOURCES, { recursive: true }).filter((file) => file.endsWith(".tsx"));
  assert.ok(parts.length > 40);
  const all = parts.flatMap((file) => literals(readFileSync(join(SOURCES, file), "utf8")).map((text) => `${file}: ${text}`));
  assert.deepEqual(all, []);
});

test("what it would find", () => {
  const found = (element) => literals(`const a = ${element};`);
  assert.deepEqual(found("<p>Some words <b>more</b></p>"), ["Some words", "more"]);
  assert.deepEqual(found('<input placeholder="Type here" class="large one" aria-label={on ? "Is on" : T.off} />'), ["Type here", "Is on"]);
  assert.deepEqual(found('<p>{wide && "Wide words"}{`as much`}</p>'), ["Wide words", "as much"]);
  assert.deepEqual(found("<summary>ARINFO</summary>"), []);
  assert.deepEqual(found("<p>{T.text} <code>make run</code></p>"), []);
});
