/** `make bench`: installs the contestants once, then runs `pkg/bench/run.mjs`. */
import { existsSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { pkg, run } from "./common.mjs";

const folder = join(pkg, "bench");
const marker = join(folder, "node_modules/.package-lock.json");
const stale = !existsSync(marker) || statSync(marker).mtimeMs < statSync(join(folder, "package-lock.json")).mtimeMs;
if (stale) {
  run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder });
  utimesSync(marker, new Date(), new Date());
}
run(process.execPath, [join(folder, "run.mjs"), ...process.argv.slice(2)]);
