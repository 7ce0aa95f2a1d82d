/**
 * Answers HTTP requests with the files of a folder, to be read: with the headers that its `_headers` asks for, and compressed as static
 * hosts do. What begins with a dot is a build's or an editor's, and `_headers` is the host's: neither is there for anybody.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import type { IncomingMessage, RequestListener } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { gzipSync } from "node:zlib";

const READS: readonly string[] = ["GET", "HEAD"];
const HIDDEN = /[/\\](\.|_headers$)/;
const TYPES: { [extension: string]: string } = {
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

/** The path that a request asks for, decoded; empty where it is none. */
export function pathOf({ url }: IncomingMessage): string {
  try {
    return decodeURIComponent(new URL(`http://localhost${url}`).pathname);
  } catch {
    return "";
  }
}

/** What is wrong with the method of a request that may only read: the answer's headers. */
export function refused({ method }: IncomingMessage): { allow: string } | undefined {
  return READS.includes(method as string) ? undefined : { allow: READS.join(", ") };
}

/** What a folder's `_headers` says for all of its files. */
function headers(folder: string): [string, string][] {
  const file = join(folder, "_headers");
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(1) : [];
  return lines.flatMap((line) => {
    const [, name, value] = /^\s+([\w-]+): (.+)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as [string, string]];
  });
}

/** The files of `folder` under the path `base`, which has a slash at both ends. */
export function files(folder: string, base: string): RequestListener {
  const packed = new Map<string, Buffer>();
  return (request, response) => {
    const wrong = refused(request);
    if (wrong !== undefined) return void response.writeHead(405, wrong).end();
    const path = pathOf(request);
    const inner = path.startsWith(base) ? path.slice(base.length) : undefined;
    const file = inner === undefined ? "" : normalize(join(folder, inner === "" || inner.endsWith("/") ? `${inner}index.html` : inner));
    if (!file.startsWith(folder + sep) || HIDDEN.test(file.slice(folder.length)) || !existsSync(file) || !statSync(file).isFile())
      return void response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
    for (const [name, value] of headers(folder)) response.setHeader(name, value);
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    response.setHeader("cache-control", inner?.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    if (!/\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""))) return void response.end(readFileSync(file));
    const stamp = `${file} ${statSync(file).mtimeMs}`;
    let body = packed.get(stamp);
    if (body === undefined) packed.set(stamp, (body = gzipSync(readFileSync(file))));
    response.setHeader("content-encoding", "gzip").end(body);
  };
}
