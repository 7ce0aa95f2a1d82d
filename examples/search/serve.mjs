/** Puts the page together in memory, and serves it: node serve.mjs [port]. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { model } from "./words.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const TYPES = { html: "text/html", js: "text/javascript", txt: "text/plain", bin: "application/octet-stream" };

/** The page's files by their names; `words` is the model, if it is there already. */
export async function files(words = model()) {
  const { outputFiles } = await build({
    entryPoints: [`${folder}main.js`],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
  });
  const read = (name) => readFileSync(`${folder}${name}`);
  return { "index.html": read("index.html"), "main.js": outputFiles[0].contents, "texts.txt": read("texts.txt"), "words.bin": words };
}

export const typeOf = (name) => TYPES[name.split(".").at(-1)];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.argv[2] ?? 8081);
  const all = await files();
  createServer(({ url }, response) => {
    const name = new URL(url, "http://x").pathname.slice(1) || "index.html";
    if (!Object.hasOwn(all, name)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": typeOf(name) }).end(all[name]);
  }).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/`));
}
