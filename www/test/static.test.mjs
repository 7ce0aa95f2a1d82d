/** The static server of `make run`: files of the site, to be read, on this machine. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../../pkg/test/support.mjs";
import { SITE, site } from "../../scripts/site.mjs";

let server;
before(async () => {
  server = await site(0, "/", 1);
});
after(() => server.close());

/** Asks for a path as it stands: `fetch` would take the dots out. */
function ask(path, method = "GET") {
  return new Promise((done, failed) => {
    const sent = request({ host: "127.0.0.1", port: server.address().port, path, method }, (response) => {
      let body = "";
      response.on("data", (chunk) => (body += chunk));
      response.on("end", () => done({ status: response.statusCode, headers: response.headers, body }));
    });
    sent.on("error", failed).end();
  });
}

test("it answers GET and HEAD, and nothing else", async () => {
  for (const path of ["/", "/live"]) {
    assert.deepEqual([(await ask(path)).status, (await ask(path, "HEAD")).status], [200, 200], path);
    assert.equal((await ask(path, "HEAD")).body, "");
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      const { status, headers } = await ask(path, method);
      assert.deepEqual([status, headers.allow], [405, "GET, HEAD"], `${method} ${path}`);
    }
  }
});

test("files that begin with a dot, and what is outside the site, are not there", async () => {
  if (!existsSync(join(SITE, ".built"))) writeFileSync(join(SITE, ".built"), "");
  assert.ok(readdirSync(SITE).includes("_headers"));
  for (const path of [
    "/.built",
    "/%2ebuilt",
    "/assets/../.built",
    "/_headers",
    "/../src/main.tsx",
    "/%2e%2e/src/main.tsx",
    "/..%2fsrc%2fmain.tsx",
    "/assets/..%2f..%2fsrc/main.tsx",
    "//etc/passwd",
    "/index.html%00",
    "/assets",
    "/%",
  ])
    assert.equal((await ask(path)).status, 404, path);
  assert.equal((await ask("/index.html")).status, 200);
});

test("it listens on the loopback interface alone", async () => {
  assert.equal(server.address().address, "127.0.0.1");
  for (const { address } of Object.values(networkInterfaces()).flat()) {
    if (address.startsWith("127.") || address.includes(":")) continue;
    const refused = await fetch(`http://${address}:${server.address().port}/`).then(
      () => false,
      () => true,
    );
    assert.ok(refused, address);
  }
});

test("a site whose address is known when it is built tells it, and the whole address of its picture", () => {
  const folder = mkdtempSync(join(tmpdir(), "wakey-site-"));
  const build = (SITE_URL) => {
    const args = [
      "node_modules/vite/bin/vite.js",
      "build",
      "-c",
      "www/vite.config.ts",
      "--logLevel",
      "error",
      "--outDir",
      folder,
      "--emptyOutDir",
    ];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env: { ...process.env, SITE_URL }, encoding: "utf8" });
    return status === 0 ? readFileSync(join(folder, "index.html"), "utf8") : stderr;
  };
  try {
    const html = build("https://example.org/wakey");
    assert.match(html, /<meta property="og:image" content="https:\/\/example\.org\/wakey\/og\.png"/);
    assert.match(html, /<meta property="og:url" content="https:\/\/example\.org\/wakey\/"/);
    assert.match(html, /<link rel="canonical" href="https:\/\/example\.org\/wakey\/"/);
    assert.match(build("javascript:alert(1)"), /SITE_URL is no address of a site/);
    assert.match(readFileSync(join(SITE, "index.html"), "utf8"), /<meta property="og:image" content="\.\/og\.png"/, "else it is relative");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
