/** The command table with all that its rows say, as the engine, built natively, prints it (`table.rs`): the module has only what it needs. */
import { execFileSync } from "node:child_process";
import { root } from "./common.mjs";

/** The rows, as plain objects. */
export async function table() {
  const printed = execFileSync("cargo", ["run", "--quiet", "--example", "table"], { cwd: root, maxBuffer: 2 ** 26, encoding: "utf8" });
  return JSON.parse(printed);
}
