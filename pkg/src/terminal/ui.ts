/**
 * The page on a server: of `wakey ui`, in front of any server, and of `wakey serve --web`. It is in the package, in the folder `ui`; what
 * serves it is a script of its own, which nothing else loads.
 *
 * The page signs in by itself, and asks for the password. Where one was given here, connections are shown it before the page has them,
 * so that it is neither in the page nor in its address. Such a connection may more than others of this machine's users could, as one
 * through a Unix socket or with a certificate may: so the link has a token, in the part of an address that is sent to nobody.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Server } from "../net/options.js";
import type { Shown, Site } from "../web/site.js";
import { type Settings, UsageError } from "./argv.js";
import { attach } from "./connect.js";

const PORT = 8080;

/** Serves the page, and prints its link. `guarded`: whether only who has the link may use it. */
async function show(port: number, guarded: boolean, shown: Omit<Shown, "token">): Promise<Site> {
  const folder = join(__dirname, "ui");
  if (!existsSync(join(folder, "index.html")))
    throw new UsageError(`the page is missing: there is no ${folder}. Install wakey anew, or run make build in its repository`);
  const token = guarded ? randomBytes(24).toString("base64url") : undefined;
  const { site } = await import("../web/site.js");
  let page: Site;
  try {
    page = await site({ folder, port, search: true, shown: { ...shown, token } });
  } catch (error) {
    throw new UsageError(`The page cannot be served: ${(error as Error).message}. Another port: --web 8090`);
  }
  if (port !== 0 && page.port !== port) process.stdout.write(`Port ${port} is taken; the page has the next one that is free.\n`);
  // By this name also where the playground's own page, which `make run` had on this port, answers from the browser's cache.
  process.stdout.write(`The page on ${shown.name}: ${page.address}?live${token === undefined ? "" : `#token=${token}`}\n`);
  return page;
}

/** The page beside a server of this process. */
export async function beside({ host, port, path }: Pick<Server, "host" | "port" | "path">, web: number): Promise<Site> {
  const { open } = await import("../web/site.js");
  if (port === undefined) return show(web, true, { name: path as string, reach: () => open({ path: path as string }) });
  const where = { port, host: host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : (host as string) };
  return show(web, false, { name: `${where.host.includes(":") ? `[${where.host}]` : where.host}:${port}`, reach: () => open(where) });
}

/** `wakey ui`. */
export async function ui(settings: Settings): Promise<number> {
  const { password, socket: path, tls, database, web = PORT } = settings;
  // A mistake is better told here than on the page.
  const { socket, name, complaint } = await attach(settings);
  socket.destroy();
  if (complaint !== undefined) process.stderr.write(`Warning: ${complaint}\n`);
  // Where the password is not the right one, or no longer, the page asks for it.
  const reach = async () => {
    const { socket } = await attach(settings);
    return socket.setNoDelay(true);
  };
  const page = await show(web, password !== undefined || path !== undefined || tls?.cert !== undefined, { name, database, reach });
  await new Promise((ended) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, ended);
  });
  await page.close();
  return 0;
}
