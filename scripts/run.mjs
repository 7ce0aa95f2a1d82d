/**
 * `make run`: the RESP server, and the playground beside it: `node scripts/run.mjs PORT WEB`. They end together. The environment
 * variable PASSWORD is what the server asks for.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { dist } from "./common.mjs";
import { site } from "./site.mjs";

const [port = "6380", web = "8080"] = process.argv.slice(2);
const server = await site(Number(web), "/", Number(port)).catch((error) => {
  console.error(`The playground cannot be served on 127.0.0.1:${web}: ${error.message}`);
  process.exit(1);
});
const address = `http://127.0.0.1:${server.address().port}/`;
console.log(`The playground is on ${address}, and the server's own keys are on ${address}?live`);
// By the environment: a command line can be read by everybody on the machine.
const { PASSWORD: WAKEY_PASSWORD = process.env.WAKEY_PASSWORD, ...rest } = process.env;
const env = WAKEY_PASSWORD ? { ...rest, WAKEY_PASSWORD } : rest;
const child = spawn(process.execPath, [join(dist, "cli.cjs"), "serve", "--port", port, "--console"], { stdio: "inherit", env });
// The server hears the terminal's own signals, and ends by itself.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (status) => process.exit(status ?? 0));
