/**
 * `wakey ui` and `wakey serve --web`: the page out of the package, who gets it, whom it speaks to, and as whom. REDIS=host:port has it shown
 * a real server, too.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createSecure } from "node:tls";
import { createClient } from "redis";
import { serve } from "wakey/server";
import WebSocket from "ws";
import { chromium, cli, dist, freePort, launch, until } from "./support.mjs";

const PASSWORD = "open sesame é";
const executablePath = chromium();
const skip = executablePath === undefined && "no browser";
const onUnix = { skip: process.platform === "win32" && "no Unix sockets" };

let plain;
let guarded;
let browser;
const children = new Set();
before(async () => {
  plain = await serve({ port: 0 });
  guarded = await serve({ port: 0, requirepass: PASSWORD });
  browser = skip ? undefined : await launch(executablePath);
});
after(async () => {
  await browser?.close();
  for (const child of children) child.kill("SIGKILL");
  await plain.close();
  await guarded.close();
});

/** The program, until it ends or has said `ready`. */
async function start(args, { env = {}, program = cli, ready = /#token=\S+\n|\?live\n/ } = {}) {
  const clean = { WAKEY_PASSWORD: undefined, REDISCLI_AUTH: undefined, WAKEY_URL: undefined };
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...clean, ...env } });
  children.add(child);
  const said = { child, out: "", err: "", ended: once(child, "exit").then(([status]) => status) };
  child.stdout.on("data", (chunk) => (said.out += chunk));
  child.stderr.on("data", (chunk) => (said.err += chunk));
  void said.ended.then(() => children.delete(child));
  await Promise.race([until(() => ready.test(said.out), 10_000), once(child, "close")]);
  const [, url, token] = /(http:\S+?)\?live(?:#token=(\S+))?\n/.exec(said.out) ?? [];
  /** Ends as with Ctrl-C. */
  said.stop = async () => {
    child.kill("SIGINT");
    return said.ended;
  };
  return Object.assign(said, { url, token, link: /http:\S+/.exec(said.out)?.[0] });
}

/** A program that runs while `body` does. */
async function running(args, options, body) {
  const program = await start(args, options);
  try {
    assert.ok(program.url, program.out + program.err);
    await body(program);
  } finally {
    assert.equal(await program.stop(), 0, program.err);
  }
}

/** What a program says that does not begin. */
async function refusal(args, options) {
  const program = await start(args, options);
  assert.equal(await program.ended, 1, program.out);
  return program.err;
}

const ui = (server, ...args) => ["ui", "-p", String(server.port), "--web", "0", ...args];

/** Opens a WebSocket as a page does: the socket, or the status that refuses it. */
async function dial(url, headers = { origin: new URL(url).origin }) {
  const socket = new WebSocket(url.replace("http", "ws"), { headers });
  return new Promise((done, failed) => {
    socket.on("open", () => done(socket));
    socket.on("unexpected-response", (_, response) => {
      response.destroy();
      done(response.statusCode);
    });
    socket.on("error", failed);
  });
}

async function status(url, headers) {
  const socket = await dial(url, headers);
  if (typeof socket === "number") return socket;
  socket.terminate();
  return 101;
}

/** The reply to one command over a new WebSocket. */
async function ask(url, line) {
  const socket = await dial(url);
  socket.send(`${line}\r\n`);
  const [data] = await once(socket, "message");
  socket.terminate();
  return String(data);
}

/** Requests a path as it stands: `fetch` would take the dots out. */
async function raw(url, path, more = "") {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${more}Connection: close\r\n\r\n`);
  return Buffer.concat(await socket.toArray()).toString("latin1");
}

test("the page comes with its headers, reads alone, and gives nothing outside its folder", () =>
  running(ui(plain), {}, async ({ url, out }) => {
    assert.match(out, new RegExp(`^The page on 127\\.0\\.0\\.1:${plain.port}: http://127\\.0\\.0\\.1:\\d+/\\?live\n$`));
    const page = await fetch(url);
    assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
    const policy = page.headers.get("content-security-policy");
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';.* frame-ancestors 'none'$/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(page.headers.get("x-content-type-options"), "nosniff");
    assert.equal(page.headers.get("referrer-policy"), "no-referrer");
    const html = await page.text();
    for (const [, file] of html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)) assert.equal((await fetch(url + file)).status, 200, file);
    assert.deepEqual(await (await fetch(`${url}live`)).json(), { server: `127.0.0.1:${plain.port}`, database: 0 });
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
      for (const path of ["", "live"]) {
        const answer = await fetch(url + path, { method });
        assert.deepEqual([answer.status, answer.headers.get("allow")], [405, "GET, HEAD"], `${method} ${path}`);
      }
    for (const path of [
      "/../cli.cjs",
      "/%2e%2e/cli.cjs",
      "/..%2fcli.cjs",
      "/assets/..%2f..%2fcli.cjs",
      "/_headers",
      "/.built",
      "/assets",
      "/%",
    ])
      assert.match(await raw(url, path), /^HTTP\/1\.1 404 /, path);
  }));

test("only the page's own origin gets a socket, under a name of this machine, on this machine", () =>
  running(ui(plain), {}, async ({ url }) => {
    const { origin, host, port } = new URL(url);
    const live = `${url}live`;
    assert.equal(await ask(live, "PING"), "+PONG\r\n");
    for (const [headers, what] of [
      [{ origin: "http://evil.example" }, "another site"],
      [{ origin: "null" }, "a page without an origin"],
      [{}, "no page"],
      [{ origin: "http://127.0.0.1:1" }, "another port"],
      [{ host: `evil.example:${port}`, origin: `http://evil.example:${port}` }, "a name that has come to mean this machine"],
    ])
      assert.equal(await status(live, headers), 403, what);
    assert.equal(await status(`${url}other`), 404);
    assert.match(await raw(url, "/live", "Origin: http://evil.example\r\n"), /^HTTP\/1\.1 403 /);
    for (const { address, family } of Object.values(networkInterfaces()).flat()) {
      if (family !== "IPv4" || address.startsWith("127.")) continue;
      await assert.rejects(fetch(`http://${address}:${port}/`), address);
    }
    // No handshake: no connection to the server is left of it.
    const connected = plain.clients;
    const wrong = `Origin: ${origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n`;
    const { hostname } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.end(`GET /live HTTP/1.1\r\nHost: ${host}\r\n${wrong}\r\n`);
    assert.match(Buffer.concat(await socket.toArray()).toString("latin1"), /^HTTP\/1\.1 400 /);
    await until(() => plain.clients === connected);
  }));

test("with a password only the link opens it, and neither the page nor its address has the password", () =>
  running(ui(guarded), { env: { WAKEY_PASSWORD: PASSWORD } }, async ({ url, token, link, out }) => {
    assert.match(token, /^[\w-]{32}$/);
    assert.equal(link, `${url}?live#token=${token}`);
    assert.equal(out.includes("sesame"), false);
    assert.equal(await ask(`${url}live?token=${token}`, "ACL WHOAMI"), "$7\r\ndefault\r\n");
    for (const query of ["", "?token=", "?token", `?token=${token.slice(1)}`, `?token=${token}x`, `?token=x&token=${token}`]) {
      assert.equal(await status(`${url}live${query}`), 401, query);
      assert.equal((await fetch(`${url}live${query}`)).status, 401, query);
    }
    // The token is no way around the other checks.
    assert.equal(await status(`${url}live?token=${token}`, { origin: "http://evil.example" }), 403);
    const answer = await fetch(`${url}live?token=${token}`);
    assert.equal(JSON.stringify(await answer.json()).includes("sesame"), false);
  }));

test("a user's name goes with the password", async () => {
  guarded.db.call("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+@read", "+acl|whoami");
  await running(ui(guarded, "--user", "reader", "-a", "secret", "--no-auth-warning"), {}, async ({ url, token }) => {
    assert.equal(await ask(`${url}live?token=${token}`, "ACL WHOAMI"), "$6\r\nreader\r\n");
    assert.match(await ask(`${url}live?token=${token}`, "SET k v"), /^-NOPERM/);
  });
  const uri = `redis://reader:secret@127.0.0.1:${guarded.port}/3`;
  await running(["ui", uri, "--web", "0", "--no-auth-warning"], {}, async ({ url, token }) => {
    assert.equal((await (await fetch(`${url}live?token=${token}`)).json()).database, 3);
  });
});

test("a password that is wrong, or holds no more, is asked for by the page", async () => {
  await running(ui(guarded, "-a", "wrong", "--no-auth-warning"), {}, async ({ url, token, err }) => {
    assert.match(err, /^Warning: WRONGPASS /);
    assert.match(await ask(`${url}live?token=${token}`, "PING"), /^-NOAUTH/);
  });
  guarded.db.call("ACL", "SETUSER", "passing", "on", ">secret", "~*", "+@all");
  await running(ui(guarded, "--user", "passing", "-a", "secret", "--no-auth-warning"), {}, async ({ url, token }) => {
    guarded.db.call("ACL", "SETUSER", "passing", "resetpass");
    assert.match(await ask(`${url}live?token=${token}`, "PING"), /^-NOAUTH/);
  });
});

test("a Unix socket is its owner's: only the link opens it", onUnix, async () => {
  const path = join(mkdtempSync(join(tmpdir(), "wakey-ui-")), "socket");
  const server = await serve({ path });
  try {
    await running(["ui", "-s", path, "--web", "0"], {}, async ({ url, token, out }) => {
      assert.ok(out.includes(`The page on ${path}: `));
      assert.equal(await status(`${url}live`), 401);
      assert.equal(await ask(`${url}live?token=${token}`, "PING"), "+PONG\r\n");
    });
  } finally {
    await server.close();
  }
  const other = join(mkdtempSync(join(tmpdir(), "wakey-ui-")), "socket");
  await running(["serve", "--port", "0", "--unixsocket", other, "--web", "0"], {}, async ({ url, token }) => {
    assert.equal(await status(`${url}live`), 401);
    assert.equal(await ask(`${url}live?token=${token}`, "PING"), "+PONG\r\n");
  });
});

test("the server may want TLS", async () => {
  const pem = (name) => readFileSync(new URL(`tls/${name}.pem`, import.meta.url));
  const secure = createSecure({ cert: pem("cert"), key: pem("key") }, (socket) => {
    const through = connect(plain.port, "127.0.0.1");
    socket.pipe(through).pipe(socket);
    socket.on("error", () => {}).on("close", () => through.destroy());
    through.on("error", () => {}).on("close", () => socket.destroy());
  });
  secure.listen(0, "127.0.0.1");
  await once(secure, "listening");
  const { port } = secure.address();
  try {
    await running(["ui", "-u", `rediss://127.0.0.1:${port}`, "--insecure", "--web", "0"], {}, async ({ url }) => {
      assert.equal(await ask(`${url}live`, "PING"), "+PONG\r\n");
    });
    assert.match(await refusal(["ui", "-p", String(port), "--tls", "--web", "0"]), /^Could not connect .*self-signed certificate/);
  } finally {
    secure.close();
  }
});

test("what cannot be is told before there is a page", async () => {
  const free = String(await freePort());
  assert.match(
    await refusal(["ui", "-p", free, "--web", "0"]),
    /^Could not connect to a server at 127\.0\.0\.1:\d+: Connection refused\n$/,
  );
  const silent = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  await once(silent, "listening");
  assert.match(await refusal(["ui", "-p", String(silent.address().port), "-a", "x", "--no-auth-warning"]), /^Server closed the connection/);
  silent.close();
  const endless = createServer((socket) => socket.on("error", () => {}).write("x".repeat(10_000))).listen(0, "127.0.0.1");
  await once(endless, "listening");
  assert.match(await refusal(["ui", "-p", String(endless.address().port), "-a", "x", "--no-auth-warning"]), /there is not a RESP server/);
  endless.close();
  assert.match(await refusal(["ui", "--store", "file:./x"]), /wakey serve --web/);
  assert.match(await refusal(["ui", "somewhere"]), /a URI begins with redis/);
  assert.match(await refusal(["ui", "--web", "65536"]), /--web needs a port/);
  assert.match(await refusal(["--web", "1", "PING"]), /--web is for wakey serve and wakey ui/);
  assert.match(await refusal(["serve", "--port", "0", "--shards", "2", "--web", "0"]), /--shards is not for --web/);
  // A package that has lost its page.
  const folder = mkdtempSync(join(tmpdir(), "wakey-ui-"));
  for (const file of readdirSync(dist)) if (/\.cjs$|^core\.wasm$/.test(file)) copyFileSync(join(dist, file), join(folder, file));
  const program = join(folder, "cli.cjs");
  assert.match(await refusal(ui(plain), { program }), /the page is missing: there is no .*ui\. Install wakey anew/);
  assert.match(await refusal(["serve", "--port", "0", "--web", "0"], { program }), /the page is missing/);
});

test("a port that is taken gives way to the next one; Ctrl-C ends all connections", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address();
  const program = await start(["ui", "-p", String(plain.port), "--web", String(port)]);
  taken.close();
  assert.match(program.out, new RegExp(`^Port ${port} is taken; the page has the next one that is free\\.\n`));
  assert.ok(Number(new URL(program.url).port) > port);
  const socket = await dial(`${program.url}live`);
  const closed = once(socket, "close");
  assert.equal(await program.stop(), 0);
  await closed;
});

test("wakey serve --web: the server's own page", async () => {
  await running(["serve", "--port", "0", "--web", "0"], {}, async ({ url, token, out }) => {
    const port = /serves RESP on 127\.0\.0\.1:(\d+)/.exec(out)[1];
    assert.equal(token, undefined, "whoever reaches the page reaches the port");
    assert.deepEqual(await (await fetch(`${url}live`)).json(), { server: `127.0.0.1:${port}` });
    assert.equal(await ask(`${url}live`, "PING"), "+PONG\r\n");
  });
  await running(["serve", "--port", "0", "--web", "0"], { env: { WAKEY_PASSWORD: PASSWORD } }, async ({ url, token }) => {
    assert.equal(token, undefined, "the server asks for its password by itself");
    assert.match(await ask(`${url}live`, "PING"), /^-NOAUTH/);
  });
  // Every address is also this machine's.
  await running(["serve", "--port", "0", "--host", "0.0.0.0", "--web", "0"], {}, async ({ url }) => {
    assert.equal(await ask(`${url}live`, "PING"), "+PONG\r\n");
  });
});

test("help, and what is meant", async () => {
  const help = await start(["help", "ui"], { ready: /(?!)/ });
  assert.match(help.out, /^wakey ui: a page on a server[\s\S]*--web <port>.*\n$/);
  const serving = await start(["help", "serve"], { ready: /(?!)/ });
  assert.match(serving.out, /^wakey serve: [\s\S]*--web <port>/);
  assert.match(await refusal(["iu"]), /Did you mean 'wakey ui'\?/);
});

/** A page on which nothing may go wrong but what `expected` matches. */
async function visit(link, body, expected = /(?!)/) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.stack));
  page.on("console", (message) => message.type() === "error" && !expected.test(message.text()) && wrong.push(message.text()));
  try {
    await page.goto(link);
    await body(page);
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
}

const row = (page, name) => page.locator("button.key", { has: page.getByText(name, { exact: true }) });

async function type(page, line) {
  const input = page.locator("wakey-console textarea");
  await input.fill(line);
  await input.press("Enter");
}

/** Sees a key, edits it, and gives a command: `client` is another one of the server. */
async function used(page, client) {
  const name = "wakey-ui";
  try {
    await client.set(name, "hello");
    await page.getByLabel("Filter keys by name").fill(name);
    await row(page, name).click();
    await page.getByRole("button", { name: "hello: change the value" }).click();
    await page.getByRole("textbox", { name: "the value" }).fill("good night");
    await page.getByRole("textbox", { name: "the value" }).press("Enter");
    await until(async () => (await client.get(name)) === "good night");
    await type(page, `APPEND ${name} !`);
    await page.locator(".viewer .value", { hasText: "good night!" }).waitFor();
  } finally {
    await client.del(name);
  }
}

test("the page sees a key of wakey serve, edits it, and is no playground", { skip }, () =>
  running(ui(plain), {}, ({ link }) =>
    visit(link, async (page) => {
      const client = createClient({ url: `redis://127.0.0.1:${plain.port}` });
      await client.connect();
      try {
        await page.locator("wakey-console").waitFor();
        assert.equal(await page.getByText("playground").count(), 0);
        await used(page, client);
      } finally {
        client.destroy();
      }
    }),
  ),
);

test("the page of wakey serve --web asks for the server's password, and edits", { skip }, () =>
  running(["serve", "--port", "0", "--web", "0"], { env: { WAKEY_PASSWORD: PASSWORD } }, async ({ link, out }) => {
    const [, port] = /serves RESP on 127\.0\.0\.1:(\d+)/.exec(out);
    const client = createClient({ url: `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}` });
    await client.connect();
    try {
      await visit(link, async (page) => {
        await page.getByLabel("The server’s password").fill(PASSWORD);
        await page.keyboard.press("Enter");
        await used(page, client);
      });
    } finally {
      client.destroy();
    }
  }),
);

test("the link alone opens the page of a password; another database is looked at first", { skip }, () =>
  running(ui(guarded, "-n", "2"), { env: { WAKEY_PASSWORD: PASSWORD } }, async ({ url, link, token }) => {
    const other = guarded.db.session();
    other.select(2);
    other.set("in:two", "1");
    await visit(link, async (page) => {
      await page.locator("wakey-console").getByText(`127.0.0.1:${guarded.port}[2]>`).waitFor();
      await page.locator("wakey-console .echo").getByText(`127.0.0.1:${guarded.port}> SELECT 2`).waitFor();
      await page.locator(".keys").getByText("in:two", { exact: true }).or(row(page, "two")).first().waitFor();
      await page.reload();
      await page.locator("wakey-console").waitFor();
    });
    const refused = /status of 401/;
    await visit(
      `${url}?live`,
      async (page) => {
        await page.getByRole("heading", { name: "This page opens with its link" }).waitFor();
        assert.equal(await page.locator("wakey-console").count(), 0);
        // The link, pasted into the same tab.
        await page.evaluate((to) => location.assign(to), link);
        await page.locator("wakey-console").waitFor();
      },
      refused,
    );
    await visit(`${url}?live#token=${token.slice(1)}`, (page) => page.getByText("This page opens with its link").waitFor(), refused);
  }),
);

test("a server that goes away and comes back", { skip }, async () => {
  const port = await freePort();
  let server = await serve({ port, requirepass: PASSWORD });
  server.db.set("before", "1");
  const env = { WAKEY_PASSWORD: PASSWORD };
  await running(["ui", "-p", String(port), "--web", "0"], { env }, ({ link }) =>
    visit(
      link,
      async (page) => {
        await row(page, "before").waitFor();
        await server.close();
        await page.getByText("Not connected to").waitFor();
        server = await serve({ port, requirepass: PASSWORD });
        server.db.set("after", "1");
        await row(page, "after").waitFor();
        await row(page, "before").waitFor({ state: "detached" });
      },
      /WebSocket|status of 502/,
    ),
  );
  await server.close();
});

test("the page on a real Redis", { skip: skip || (process.env.REDIS === undefined && "REDIS is not set") }, async () => {
  const url = `redis://${process.env.REDIS}/9`;
  const client = createClient({ url });
  await client.connect();
  try {
    await running(["ui", url, "--web", "0"], {}, ({ link }) =>
      visit(link, async (page) => {
        await page.locator("wakey-console").getByText("[9]>").waitFor();
        await used(page, client);
      }),
    );
  } finally {
    client.destroy();
  }
});
