/** The static server of `make run`: files of the site, to be read, on this machine. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
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
