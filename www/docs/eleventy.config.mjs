/**
 * The documentation site, by Eleventy: pages in `pages`, DESIGN.md and its like as pages, a page for each command; written to
 * `www/dist/docs` beside the playground. `scripts/site-docs.mjs` runs it and adds scripts, styles and the index for the search.
 *
 * All addresses are relative, so that it works under any path; a page has neither inline scripts nor inline styles, as the site's policy
 * wants it.
 */
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import hljs from "highlight.js/lib/common";
import wakey from "wakey/markdown-it";
import { commandPages } from "./commands.mjs";
import { layout } from "./layout.mjs";
import { NAVIGATION, ROOT_PAGES } from "./navigation.mjs";

const here = import.meta.dirname;
const root = resolve(here, "../..");
const manifest = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
const REPOSITORY = manifest.repository.url.replace(/^git\+/, "").replace(/\.git$/, "");

/** As GitHub makes them: what links in the repository's own files go by. */
export const slug = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

/** Where a link of a Markdown file leads on the site: to a page, or to the file in the repository. */
function target(href, from) {
  if (/^[a-z]+:|^#/.test(href)) return href;
  const [path, hash = ""] = href.split(/(?=#)/);
  const file = relative(root, resolve(root, from, "..", path)).replaceAll("\\", "/");
  const page = ROOT_PAGES.find((one) => one.file === file);
  if (page) return `/${page.url}${hash}`;
  if (file.startsWith("www/docs/pages/")) return `/${file.slice(15).replace(/\.md$/, ".html")}${hash}`;
  if (file === "www/dist/index.html" || file === "www/dist/api/index.html") return `/../${file.slice(9)}${hash}`;
  return `${REPOSITORY}/blob/main/${file}${hash}`;
}

/** Links, headings with anchors, tables that scroll by themselves. */
function ours(md) {
  md.core.ruler.push("ours", ({ tokens, env }) => {
    const from = env.from ?? join("www/docs", env.page.inputPath);
    const seen = new Map();
    let heading = "";
    let tables = 0;
    for (const [i, token] of tokens.entries()) {
      // A table goes by its heading; a cell of its head in which nothing stands is none, nor is a row of such.
      if (token.type === "table_open") token.meta = { label: [heading, ++tables].filter(Boolean).join(", table ") };
      if (token.type === "th_open" && tokens[i + 1].content === "") for (const one of [token, tokens[i + 2]]) one.tag = "td";
      if (token.type === "thead_open") {
        const end = tokens.findIndex(({ type }, at) => at > i && type === "thead_close");
        if (tokens.slice(i, end).every(({ type, content }) => type !== "inline" || content === "")) token.attrSet("class", "empty");
      }
      if (token.type === "heading_open") {
        const text = tokens[i + 1].children
          .filter(({ type }) => ["text", "code_inline"].includes(type))
          .map(({ content }) => content)
          .join("");
        heading = text;
        const base = slug(text);
        const times = seen.get(base) ?? 0;
        seen.set(base, times + 1);
        token.attrSet("id", times === 0 ? base : `${base}-${times}`);
      }
      for (const child of token.children ?? []) {
        if (child.type === "link_open") child.attrSet("href", target(child.attrGet("href"), from));
      }
    }
  });
  md.renderer.rules.table_open = (tokens, at) =>
    `<div class="table" tabindex="0" role="region" aria-label="${md.utils.escapeHtml(tokens[at].meta.label)}">\n<table>\n`;
  md.renderer.rules.table_close = () => "</table>\n</div>\n";
  md.renderer.rules.td_open = (tokens, at, options, _, self) => {
    styleless(tokens[at]);
    return self.renderToken(tokens, at, options);
  };
  md.renderer.rules.th_open = md.renderer.rules.td_open;
}

/** Cells say how they are aligned in a style, which the policy refuses. */
function styleless(token) {
  const style = token.attrGet("style");
  if (style === null) return;
  token.attrs = token.attrs.filter(([name]) => name !== "style");
  token.attrJoin("class", style.replace("text-align:", "to-"));
}

function highlight(code, language) {
  const known = { sh: "bash", js: "javascript", ts: "typescript", html: "xml" }[language] ?? language;
  const body = hljs.getLanguage(known)
    ? hljs.highlight(code, { language: known }).value
    : code.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  return `<pre tabindex="0"><code class="language-${language || "text"}">${body}</code></pre>`;
}

/** Addresses from the site's root, which Eleventy's pages have, as seen from the page. */
function relativeTo(html, url) {
  const depth = url.split("/").length - 2;
  const up = depth === 0 ? "./" : "../".repeat(depth);
  return html.replace(/(\s(?:href|src|data-root)=")\/(?!\/)/g, (_, before) => `${before}${up}`);
}

export default async function config(eleventy) {
  eleventy.setQuietMode(true);
  eleventy.setUseGitIgnore(false);
  eleventy.amendLibrary("md", (md) => {
    md.set({ html: true, linkify: false, typographer: false, highlight });
    md.use(ours);
    md.use(wakey, { attributes: { theme: "dark" } });
  });
  eleventy.addGlobalData(
    "permalink",
    () =>
      ({ page }) =>
        `${page.filePathStem}.html`,
  );
  for (const { file, url, edit, skip } of ROOT_PAGES) {
    if (skip) continue;
    const text = readFileSync(join(root, file), "utf8");
    eleventy.addTemplate(url.replace(/\.html$/, ".md"), edit ? edit(text) : text, { from: file });
  }
  const { pages, groups } = await commandPages();
  for (const { name, text } of pages) eleventy.addTemplate(`commands/${name}.md`, text, { from: "www/docs/pages/commands/x.md" });
  // Markdown is Markdown: braces in examples are nobody's templates.
  eleventy.addTransform("site", function (html) {
    const { url, outputPath } = this.page;
    if (!outputPath?.endsWith(".html")) return html;
    return relativeTo(layout(html, url, { navigation: NAVIGATION, groups, repository: REPOSITORY, version: manifest.version }), url);
  });
  return {
    dir: { input: "pages", output: join("..", "dist", "docs"), includes: "../includes" },
    markdownTemplateEngine: false,
    htmlTemplateEngine: false,
    templateFormats: ["md"],
  };
}
