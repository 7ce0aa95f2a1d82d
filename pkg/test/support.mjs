/** What several tests need: the built package, its sources where a part is tested by itself, Chromium, free ports. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const pkg = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const root = resolve(pkg, "..");
export const dist = join(pkg, "dist");
export const cli = join(dist, "cli.cjs");

/** Imports source files of the package, bundled on the fly as one module. */
export async function source(...names) {
  const { outputFiles } = await build({
    stdin: { contents: names.map((name) => `export * from "./${name}.js";`).join("\n"), resolveDir: join(pkg, "src") },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}

/** The dialogue files: name and text. */
export function cases() {
  const folder = join(root, "tests/cases");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".resp"))
    .sort()
    .map((file) => [file, readFileSync(join(folder, file), "utf8")]);
}

/** How many commands a dialogue file has: what a runner must have played. */
export function commands(text) {
  return text.match(/^(?:> |@raw |@hear\b)/gm).length;
}

function aptGet(packages) {
  const options = { stdio: ["ignore", 2, 2], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update"], options);
  spawnSync("apt-get", ["install", "-y", "--no-install-recommends", ...packages], options);
}

const hasApt = () => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

/**
 * A program that tests need and the package does not: what `find` finds. Nothing is installed unasked: only with CI=true or
 * WAKEY_INSTALL=1, from Debian. Where it stays away, that fails in CI; elsewhere it is said, with how to get it, and undefined is
 * the answer: the tests are skipped.
 */
export function provided(name, packages, find, { env = process.env, apt = hasApt() ? aptGet : undefined } = {}) {
  let found = find();
  if (found === undefined && apt !== undefined && (env.CI === "true" || env.WAKEY_INSTALL === "1")) {
    console.error(`installing ${packages.join(" and ")} with apt-get`);
    apt(packages);
    found = find();
  }
  if (found !== undefined) return found;
  const message = `*** NO ${name}: its tests cannot run. Install it (apt-get install ${packages.join(" ")}), or run with WAKEY_INSTALL=1 as root. ***`;
  if (env.CI) throw new Error(message);
  console.error(`\n${message}\n`);
  return undefined;
}

/** A Chromium on this machine. */
export function chromium() {
  return provided("BROWSER", ["chromium", "chromium-driver"], () =>
    [
      process.env.CHROMIUM,
      "/usr/bin/chromium",
      "/usr/bin/chromium-browser",
      "/usr/bin/google-chrome",
      "/usr/bin/google-chrome-stable",
    ].find((path) => path && existsSync(path)),
  );
}

/** A Firefox on this machine. */
export function firefox() {
  return provided("FIREFOX", ["firefox-esr"], () =>
    [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"].find(
      (path) => path && existsSync(path),
    ),
  );
}

/** redis-cli from REDIS_BIN or the PATH. */
export function redisCli() {
  return provided("REDIS-CLI", ["redis-tools"], () =>
    [process.env.REDIS_BIN && join(process.env.REDIS_BIN, "redis-cli"), "redis-cli"].find(
      (path) => path && spawnSync(path, ["--version"]).status === 0,
    ),
  );
}

/** Starts the browser at this path, with playwright-core. */
export async function launch(executablePath) {
  const { chromium: playwright } = await import("playwright-core");
  return playwright.launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
}

/** Waits until `test` holds, or fails after `ms`. */
export async function until(test, ms = 5000) {
  // Not Date.now(): a test may have stopped that clock.
  const end = performance.now() + ms;
  while (!(await test())) {
    if (performance.now() > end) throw new Error(`did not happen within ${ms} ms: ${test}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** A socket that collects what comes. */
export function dial(where, paused = false) {
  const socket = connect(
    typeof where === "string" ? { path: where } : typeof where === "number" ? { port: where, host: "127.0.0.1" } : where,
  );
  const peer = { socket, text: "", bytes: 0, closed: false };
  if (!paused) {
    socket.on("data", (chunk) => {
      peer.bytes += chunk.length;
      if (peer.text.length < 1 << 20) peer.text += chunk.toString("latin1");
    });
  }
  socket.on("error", () => {});
  socket.on("close", () => {
    peer.closed = true;
  });
  peer.ask = async (send, expected) => {
    peer.text = "";
    socket.write(send, "latin1");
    await until(() => peer.text.length >= expected.length || peer.closed);
    assert.equal(peer.text, expected);
  };
  /** The reply to HELLO, which ends in a list of no modules. */
  peer.hello = async (protocol) => {
    peer.text = "";
    socket.write(`HELLO ${protocol}\r\n`);
    await until(() => peer.text.endsWith("$7\r\nmodules\r\n*0\r\n"));
    return peer.text;
  };
  return peer;
}

export function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/**
 * Installs what a folder's lock file names, when it has changed since. Not `npm ci`, which wants the packages of all other
 * platforms to be in the lock file, where no registry need have them.
 */
export function install(folder) {
  const done = join(folder, "node_modules/.package-lock.json");
  if (existsSync(done) && statSync(done).mtimeMs > statSync(join(folder, "package-lock.json")).mtimeMs) return;
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--prefer-offline"];
  const { status, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm install in ${folder}:\n${stderr}`);
}

/**
 * A new folder, in memory where the system has such (Linux): for tests that open stores hundreds of times, and would do nothing but
 * wait for the disk. What a disk keeps when power fails no test can see anyway.
 */
export function scratch(name) {
  return mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), `wakey-${name}-`));
}

/** A port that nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
