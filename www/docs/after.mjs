/** What is made of the finished pages: the index for the search, and the texts for language models. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import MiniSearch from "minisearch";
import { OPTIONS } from "./client/search.js";
import { about } from "./layout.mjs";
import { NAVIGATION, ROOT_PAGES } from "./navigation.mjs";

const root = join(import.meta.dirname, "../..");

const text = (html) =>
  html
    .replace(/<(script|style|svg)[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]+>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ")
    .trim();

const article = (out, file) => /<article>([\s\S]*?)<\/article>/.exec(readFileSync(join(out, file), "utf8"))[1];

/** Each section of a page is found by itself; a command's page is one. */
export function index(out, files) {
  const search = new MiniSearch(OPTIONS);
  let id = 0;
  for (const file of files) {
    const html = article(out, file);
    const { title, description } = about(html);
    if (file.startsWith("commands/")) {
      if (file === "commands/index.html") continue;
      const words = /<h2 id="options"[\s\S]*?<\/table>/.exec(html)?.[0] ?? "";
      search.add({ id: id++, title, heading: "", url: file, about: description, text: `${description} ${text(words)}` });
      continue;
    }
    const [head, ...sections] = html.split(/(?=<h2 id=")/);
    search.add({ id: id++, title, heading: "", url: file, about: description, text: text(head) });
    for (const section of sections) {
      const [, anchor, heading] = /^<h2 id="([^"]+)"[^>]*>([\s\S]*?)<\/h2>/.exec(section);
      const body = text(section.replace(/^<h2[\s\S]*?<\/h2>/, ""));
      search.add({
        id: id++,
        title,
        heading: text(heading),
        url: `${file}#${anchor}`,
        about: body.slice(0, 120),
        text: body.slice(0, 6000),
      });
    }
  }
  return JSON.stringify(search);
}

/** `llms.txt` (llmstxt.org): what pages there are; and all of them but commands' in one file. */
export function llms(out, files) {
  const known = (to) => files.includes(to);
  const line = ([label, to]) => `- [${label}](${to})${known(to) ? `: ${about(article(out, to)).description}` : ""}`;
  const home = about(article(out, "index.html"));
  const sections = NAVIGATION.map(([title, pages]) => `## ${title}\n\n${pages.map(line).join("\n")}\n`);
  const short = `# Wakey\n\n> ${home.description}\n\nAll of it in one file: [llms-full.txt](llms-full.txt). Every command has a page, \`commands/zadd.html\`.\n\n${sections.join("\n")}`;
  const markdown = (to) => {
    const file = ROOT_PAGES.find(({ url, skip }) => url === to && !skip)?.file ?? `www/docs/pages/${to.replace(/\.html$/, ".md")}`;
    return readFileSync(join(root, file), "utf8");
  };
  const pages = NAVIGATION.flatMap(([, list]) => list)
    .map(([, to]) => to)
    .filter((to) => known(to) && !["commands/index.html", "design.html", "changelog.html", "contributing.html"].includes(to));
  const commands = files
    .filter((file) => file.startsWith("commands/") && file !== "commands/index.html")
    .sort()
    .map((file) => {
      const html = article(out, file);
      const { title, description } = about(html);
      const syntax = text(/<pre[\s\S]*?<\/pre>/.exec(html)?.[0] ?? title);
      return `- \`${syntax}\`: ${description}`;
    });
  return { short, full: `${pages.map(markdown).join("\n\n---\n\n")}\n\n---\n\n# Commands\n\n${commands.join("\n")}\n` };
}
