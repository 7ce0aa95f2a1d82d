/**
 * Serves www/dist on the loopback interface: `node scripts/site.mjs PORT`, and for tests under any path. With the headers that the
 * site asks for, and compressed as static hosts do.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { pathOf, root } from "./common.mjs";
import { live } from "./live.mjs";

export const SITE = join(root, "www/dist");
const READS = ["GET", "HEAD"];
/** What begins with a dot is the build's, or an editor's; `_headers` is the host's. */
const HIDDEN = /[/\\](\.|_headers$)/;
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

/** What the site's `_headers` says for all its files. */
function headers() {
  const lines = readFileSync(join(SITE, "_headers"), "utf8").split("\n").slice(1);
  return lines.flatMap((line) => {
    const [, name, value] = /^\s+([\w-]+): (.+)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value]];
  });
}

/**
 * Resolves with the server, which listens on 127.0.0.1. `base` is the path of the site, with a slash at both ends; `resp` the port of
 * a RESP server on this machine, which the page shows with `?live`.
 */
export async function site(port, base = "/", resp = undefined) {
  const packed = new Map();
  const server = createServer((request, response) => {
    if (!READS.includes(request.method)) return void response.writeHead(405, { allow: READS.join(", ") }).end();
    const path = pathOf(request);
    const inner = path.startsWith(base) ? path.slice(base.length) : undefined;
    const file = inner === undefined ? "" : normalize(join(SITE, inner === "" ? "index.html" : inner));
    if (!file.startsWith(SITE + sep) || HIDDEN.test(file.slice(SITE.length)) || !existsSync(file) || !statSync(file).isFile())
      return void response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
    const stamp = `${file} ${statSync(file).mtimeMs}`;
    if (!packed.has(stamp)) packed.set(stamp, gzipSync(readFileSync(file)));
    for (const [name, value] of headers()) response.setHeader(name, value);
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    response.setHeader("cache-control", inner.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    const body = packed.get(stamp);
    if (/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) response.setHeader("content-encoding", "gzip").end(body);
    else response.end(readFileSync(file));
  });
  if (resp !== undefined) live(server, `${base}live`, resp);
  await new Promise((done, fail) => server.once("error", fail).listen(port, "127.0.0.1", done));
  return server;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await site(Number(process.argv[2] ?? 8080));
  console.log(`The playground is on http://127.0.0.1:${server.address().port}/`);
}
