/**
 * Compiles the crates that the module needs, for which nothing of npm's is wanted: `make` has that done while `npm ci` runs. What is wrong
 * here is so again, and is said, when `scripts/build.mjs core` compiles what is left. Nothing is done where the module was built before.
 */
import { spawnSync } from "node:child_process";
import { isKept } from "./cache.mjs";
import { MODULE, root, wasmTarget } from "./common.mjs";

if (!isKept()) {
  wasmTarget();
  spawnSync("cargo", ["build", "--keep-going", ...MODULE], {
    cwd: root,
    stdio: "ignore",
    env: { ...process.env, WAKEY_CRATES: "only" },
  });
}
