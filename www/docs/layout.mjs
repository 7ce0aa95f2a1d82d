/** A page around its article: head, bar, side, contents, foot. */
const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const plain = (html) =>
  html
    .replace(/<[^>]+>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ")
    .trim();

const MARK =
  '<svg class="mark" width="26" height="26" viewBox="0 0 64 64" aria-hidden="true"><rect width="64" height="64" rx="15" fill="#0b6e64"/><path d="M13 24l8 23 11-19 11 19 5-14" fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"/><circle cx="50" cy="17" r="6.5" fill="#ffb84d"/></svg>';

/** What a page is about, from its article. */
export function about(html) {
  const title = plain(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? "Wakey");
  const description = plain(/<p(?: [^>]*)?>([\s\S]*?)<\/p>/.exec(html)?.[1] ?? "").slice(0, 300);
  return { title, description };
}

function side(url, { navigation, groups }) {
  const link = (label, to) => `<li><a href="/${to}"${`/${to}` === url ? ' aria-current="page"' : ""}>${escaped(label)}</a></li>`;
  const section = ([title, pages]) => `<h2>${escaped(title)}</h2>\n<ul>${pages.map(([label, to]) => link(label, to)).join("")}</ul>`;
  const group = groups.find(({ commands }) => commands.some(({ to }) => `/${to}` === url));
  if (url.startsWith("/commands/")) {
    const other = groups.map(({ name, id }) => [name, `commands/index.html#${id}`]);
    return [
      section(["Commands", [["All commands", "commands/index.html"]]]),
      ...(group ? [section([group.name, group.commands.map(({ name, to }) => [name, to])])] : []),
      section(["Groups", other]),
    ].join("\n");
  }
  return navigation.map(section).join("\n");
}

/** Links to the page before and the one behind. */
function around(url, navigation) {
  const pages = navigation.flatMap(([, list]) => list).filter(([, to]) => !to.startsWith("../"));
  const at = pages.findIndex(([, to]) => `/${to}` === url);
  if (at < 0) return "";
  const link = (page, word) =>
    page
      ? `<a class="${word}" href="/${page[1]}"><small>${word === "next" ? "Next" : "Previous"}</small>${escaped(page[0])}</a>`
      : "<span></span>";
  return `<nav class="around" aria-label="Other pages">${link(pages[at - 1], "previous")}${link(pages[at + 1], "next")}</nav>`;
}

export function layout(text, address, site) {
  const url = address.endsWith("/") ? `${address}index.html` : address;
  const isHome = url === "/index.html";
  const article = isHome ? text.replaceAll("<ul>", '<ul class="cards">') : text;
  const { title, description } = about(article);
  const headings = [...article.matchAll(/<h2 id="([^"]+)"[^>]*>([\s\S]*?)<\/h2>/g)].map(([, id, text]) => [id, plain(text)]);
  const contents =
    headings.length > 1 && !isHome
      ? `<nav class="contents" aria-label="On this page"><h2>On this page</h2><ul>${headings.map(([id, text]) => `<li><a href="#${id}">${escaped(text)}</a></li>`).join("")}</ul></nav>`
      : "";
  const bar = [
    ["Docs", "index.html", !url.startsWith("/commands/") && url !== "/compatibility.html"],
    ["Commands", "commands/index.html", url.startsWith("/commands/")],
    ["Compatibility", "compatibility.html", url === "/compatibility.html"],
    ["API", "../api/index.html", false],
    ["Playground", "../index.html", false],
  ];
  return `<!doctype html>
<html lang="en" data-root="/">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="@POLICY@">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${isHome ? "Wakey: Redis in your JavaScript process" : `${escaped(title)} · Wakey`}</title>
<meta name="description" content="${escaped(description)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/../icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/docs.css">
<script src="/assets/first.js"></script>
<script type="module" src="/assets/docs.js"></script>
</head>
<body${isHome ? ' class="home"' : ""}>
<a class="skip" href="#content">Skip to the text</a>
<header class="bar">
<a class="name" href="/index.html">${MARK}<span>wakey</span></a>
<nav aria-label="Site"><ul>${bar.map(([label, to, here]) => `<li><a href="/${to}"${here ? ' aria-current="true"' : ""}>${label}</a></li>`).join("")}</ul></nav>
<div class="tools">
<button type="button" class="find" hidden><span>Search</span><kbd>/</kbd></button>
<button type="button" class="theme" hidden aria-label="Dark or light">◐</button>
<button type="button" class="menu" hidden aria-expanded="false" aria-controls="side">Menu</button>
</div>
</header>
<div class="page">
<nav id="side" aria-label="Pages">
${side(url, site)}
</nav>
<main id="content">
<article>
${article}
</article>
${around(url, site.navigation)}
<footer><p>Wakey ${escaped(site.version)} · MIT or Apache-2.0 · <a href="${site.repository}">Source</a> · <a href="/llms.txt">llms.txt</a> · Redis is a trademark of Redis Ltd., with which this project has no connection.</p></footer>
</main>
${contents}
</div>
</body>
</html>
`;
}
