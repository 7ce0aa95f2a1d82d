/** What tests of `file:` share: folders, what a crash would leave of them, and storage that refuses. */
import fs, { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
// CommonJS looks functions of node:fs up as it calls them: that is how faults get in here.
import wakey from "../dist/node.cjs";
import { scratch } from "./support.mjs";

const { open } = wakey;

const root = mkdtempSync(join(tmpdir(), "wakey-file-"));
export const quick = scratch("file");
after(() => {
  for (const path of [root, quick]) rmSync(path, { recursive: true, force: true });
});
let count = 0;

/** A folder that is not there yet. */
export function folder(where = root) {
  return join(where, String(count++));
}

export const aof = (path) => join(path, "appendonlydir");
export const increment = (path) => {
  const names = readFileSync(join(aof(path), "appendonly.aof.manifest"), "utf8").match(/\S+incr\.aof/g);
  return join(aof(path), names.at(-1));
};

/** All there is, as something to compare. */
export function content(db) {
  return Object.fromEntries(
    db
      .keys("*")
      .sort()
      .map((key) => [key, db.type(key) === "list" ? db.lrange(key, 0, -1) : db.get(key)]),
  );
}

/** The content of a copy of a folder, as a process would find it that starts after a crash. */
export async function crashed(path) {
  const copy = folder(quick);
  mkdirSync(copy);
  cpSync(aof(path), aof(copy), { recursive: true });
  const db = await open(`file:${copy}`, { onWarning: () => {} });
  const found = content(db);
  await db.close();
  rmSync(copy, { recursive: true });
  return found;
}

/** BGREWRITEAOF, to its end. */
export async function rewrite(db) {
  db.bgrewriteaof();
  while (/aof_rewrite_in_progress:1/.test(db.info("persistence"))) await new Promise(setImmediate);
}

/** The functions of node:fs that the store calls; each call is given to `fault`, which may throw, or answer for it. */
const CALLS = [
  "openSync",
  "readdirSync",
  "writeSync",
  "writeFileSync",
  "fdatasyncSync",
  "fdatasync",
  "fsyncSync",
  "ftruncateSync",
  "renameSync",
  "rmSync",
  "closeSync",
  "mkdirSync",
  "fstatSync",
  "statSync",
  "linkSync",
  "readSync",
  "readFileSync",
];
export async function withFaults(fault, run) {
  const real = Object.fromEntries(CALLS.map((name) => [name, fs[name]]));
  for (const name of CALLS) {
    fs[name] = (...args) => {
      if (name !== "fdatasync") return fault(name, args, () => real[name](...args));
      const done = args.pop();
      try {
        fault(name, args, () => real.fdatasyncSync(...args));
      } catch (error) {
        return void setImmediate(done, error);
      }
      setImmediate(done, null);
    };
  }
  const { rm } = fs.promises;
  fs.promises.rm = async (...args) => {
    let result;
    fault("rm", args, () => {
      result = rm(...args);
    });
    return result;
  };
  try {
    return await run();
  } finally {
    Object.assign(fs, real);
    fs.promises.rm = rm;
  }
}

export function failure(code = "ENOSPC") {
  return Object.assign(new Error(`${code}: injected`), { code });
}
