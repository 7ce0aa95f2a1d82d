/** Types at the program on a terminal that `script` makes. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli, until } from "./support.mjs";

const KEYS = { "{C-c}": "\x03", "{C-d}": "\x04", "\n": "\r" };

/** For tests that need such a terminal. */
export const onTerminal = { skip: spawnSync("script", ["--version"]).status !== 0 && "no program `script`" };

/**
 * Each step waits for what it expects, colours left out, then types, or calls what it has instead of text. `{C-c}` is Ctrl-C, `{C-d}` Ctrl-D.
 * Gives the status, and what was shown, with colours and plain.
 */
export async function typed(args, steps, env = {}) {
  const place = mkdtempSync(join(tmpdir(), "wakey-"));
  const command = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qfec", command, "/dev/null"], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, WAKEY_HISTFILE: join(place, "history"), WAKEY_RCFILE: join(place, "none"), TERM: "xterm", ...env },
  });
  let out = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  const plain = () => out.replace(/\x1b\[[\d;]*[A-Za-z]|\r/g, "");
  const exited = new Promise((done) => child.on("exit", done));
  let seen = 0;
  try {
    for (const [expected, then] of steps) {
      const found = () => plain().indexOf(expected, seen);
      await until(() => found() >= 0, 10_000).catch(() =>
        assert.fail(`no ${JSON.stringify(expected)} in ${JSON.stringify(plain().slice(seen))}`),
      );
      seen = found() + expected.length;
      if (typeof then === "function") then();
      else child.stdin.write(then.replace(/\{C-[cd]\}|\n/g, (key) => KEYS[key]));
    }
    const status = await exited;
    return { status, out, plain: plain() };
  } finally {
    child.kill("SIGKILL");
  }
}
