/**
 * Modules that were built before, by a digest of all that makes them: `$XDG_CACHE_HOME/wakey/core`, so that a second clone, or a branch one
 * returns to, builds in seconds. With `CI=true` or `WAKEY_CACHE=off` nothing is taken from there.
 */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { build, root } from "./common.mjs";

const HOME = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "wakey", "core");
/** Modules that are kept: those used last. */
const KEPT = 8;
/** What is read for a module, besides the sources. Tools are in the lock files, in their versions. */
const MAKERS = [
  ...["build.rs", "Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml", "package-lock.json"],
  ...["build", "cache", "common", "module", "shrink"].map((name) => `scripts/${name}.mjs`),
];
const SUMS = "sums.json";

function files(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? files(path) : [path];
    })
    .sort();
}

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The digest of what the module is made from. */
function source() {
  const hash = createHash("sha256");
  const paths = [...MAKERS.map((name) => join(root, name)), ...["src", "lua", "tools"].flatMap((name) => files(join(root, name)))];
  for (const path of paths) {
    const bytes = readFileSync(path);
    hash.update(`${relative(root, path)}\0${bytes.length}\0`).update(bytes);
  }
  for (const name of ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CFLAGS"]) hash.update(`${name}=${process.env[name] ?? ""}\0`);
  return hash.digest("hex");
}

/** What `core` writes, without what `js` adds. */
const MADE = ["core.wasm", "core.inline.js", "core.inline.cjs", "core.inline.d.ts", "glue.js", "glue.d.ts", "bindgen"];

function sums(folder) {
  const paths = MADE.flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
  return Object.fromEntries(paths.map((path) => [relative(folder, path), digest(readFileSync(path))]));
}

/** Whether the module of these sources was built before. */
export function isKept() {
  return !process.env.CI && process.env.WAKEY_CACHE !== "off" && existsSync(join(HOME, source(), SUMS));
}

/** Puts the module of these sources where it belongs, if it was built before. Whether it was. */
export function restored(into = build) {
  if (process.env.CI || process.env.WAKEY_CACHE === "off") return false;
  const folder = join(HOME, source());
  try {
    // One that is damaged is built anew.
    if (JSON.stringify(sums(folder)) !== readFileSync(join(folder, SUMS), "utf8")) return false;
    mkdirSync(into, { recursive: true });
    for (const name of MADE) cpSync(join(folder, name), join(into, name), { recursive: true });
    const now = new Date();
    utimesSync(folder, now, now);
    for (const name of MADE) utimesSync(join(into, name), now, now);
    return true;
  } catch {
    return false;
  }
}

/** Keeps the module that was built, whole or not at all. A cache that cannot be written is none. */
export function keep() {
  if (process.env.CI || process.env.WAKEY_CACHE === "off") return;
  const folder = join(HOME, source());
  const beside = `${folder}.${process.pid}`;
  try {
    mkdirSync(beside, { recursive: true });
    for (const name of MADE) cpSync(join(build, name), join(beside, name), { recursive: true });
    writeFileSync(join(beside, SUMS), JSON.stringify(sums(beside)));
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
    const old = readdirSync(HOME)
      .map((name) => ({ path: join(HOME, name), at: statSync(join(HOME, name)).mtimeMs }))
      .sort((a, b) => b.at - a.at);
    for (const { path } of old.slice(KEPT)) rmSync(path, { recursive: true, force: true });
  } catch {
    rmSync(beside, { recursive: true, force: true });
  }
}
