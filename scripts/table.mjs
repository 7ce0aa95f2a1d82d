/** The command table with all that its rows say, as the engine, built natively, prints it (`table.rs`): the module has only what it needs. */
import { execFileSync } from "node:child_process";
import { root } from "./common.mjs";

let printed;

function all() {
  const options = { cwd: root, maxBuffer: 2 ** 26, encoding: "utf8" };
  printed ??= JSON.parse(execFileSync("cargo", ["run", "--quiet", "--example", "table"], options));
  return printed;
}

/** The rows, as plain objects. */
export async function table() {
  return all().rows;
}

/** The words of COMMAND DOCS and HELP, as the module takes them (src/table/docs.rs). */
export async function docs() {
  return all().docs;
}
