/**
 * `make run`: the RESP server, and the playground beside it: `node scripts/run.mjs PORT WEB`. They end together. The environment
 * variable PASSWORD is what the server asks for. Where the playground's port is taken, it gets the next one that is free.
 */
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { dist, fail } from "./common.mjs";
import { site } from "./site.mjs";

/** Whether nobody listens on a port of this machine, or why it cannot be had. */
function free(port) {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", ({ code }) => done(code));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}

const [port = "6380", web = "8080"] = process.argv.slice(2);
const taken = await free(Number(port));
if (taken === "EADDRINUSE") fail(`Port ${port} is taken. Another one: make run PORT=${Number(port) + 1}`);
const server = await site(Number(web), "/", Number(port), true).catch((error) =>
  fail(`The playground cannot be served: ${error.message}. Another port: make run WEB=8090`),
);
const { port: found } = server.address();
const address = `http://127.0.0.1:${found}/`;
if (String(found) !== web && web !== "0") console.log(`Port ${web} is taken; the playground has the next one that is free.`);
console.log(`The playground:         ${address}`);
console.log(`The server's own keys:  ${address}?live`);
// By the environment: a command line can be read by everybody on the machine.
const { PASSWORD: WAKEY_PASSWORD = process.env.WAKEY_PASSWORD, ...rest } = process.env;
const env = WAKEY_PASSWORD ? { ...rest, WAKEY_PASSWORD } : rest;
const child = spawn(process.execPath, [join(dist, "cli.cjs"), "serve", "--port", port, "--console"], { stdio: "inherit", env });
// The server hears the terminal's own signals, and ends by itself.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (status) => process.exit(status ?? 0));
