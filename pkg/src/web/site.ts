/**
 * A folder of files as a site on this machine, and beside it, where that is asked for, a RESP server for its page: for `wakey ui`,
 * `wakey serve --web`, and for `make run`, which serves the playground.
 */
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { files } from "./files.js";
import { live, type Shown } from "./live.js";

export { pathOf } from "./files.js";
export type { Shown } from "./live.js";

const HOST = "127.0.0.1";
/** Ports that are tried, where one after the other is taken. */
const TRIED = 20;

export interface SiteOptions {
  folder: string;
  /** The path of the site, with a slash at both ends. Default: `/`. */
  base?: string;
  /** 0: any free port. */
  port: number;
  /** Whether the next port that is free is taken where this one is not. */
  search?: boolean;
  /** What the page beside `live` is shown. */
  shown?: Shown | undefined;
}

export interface Site {
  readonly server: Server;
  readonly port: number;
  /** Where its page is. */
  readonly address: string;
  /** Ends it, and all connections. */
  close(): Promise<void>;
}

/** A RESP server on this machine, as everybody can connect to it: a port, or a port of an address, or a Unix socket. */
export function open(where: { port: number; host?: string } | { path: string }): Promise<Duplex> {
  return new Promise((done, failed) => {
    const socket = connect("path" in where ? where : { host: HOST, ...where });
    socket.setNoDelay(true);
    socket.once("error", failed);
    socket.once("connect", () => {
      socket.off("error", failed);
      done(socket);
    });
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, HOST, () => {
      server.off("error", failed);
      done();
    });
  });
}

/** Resolves once it listens, on the loopback interface alone. */
export async function site({ folder, base = "/", port: first, search = false, shown }: SiteOptions): Promise<Site> {
  const server = createServer();
  const answer = files(folder, base);
  let end = (): void => {};
  if (shown === undefined) server.on("request", answer);
  else end = live(server, answer, `${base}live`, shown);
  for (let port = first; ; port++) {
    try {
      await listen(server, port);
      break;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const last = !search || port - first >= TRIED || port >= 65535;
      if (code !== "EADDRINUSE" || last) throw Object.assign(new Error(`${HOST}:${port} cannot be had: ${message}`), { code });
    }
  }
  const { port } = server.address() as { port: number };
  return {
    server,
    port,
    address: `http://${HOST}:${port}${base}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
        end();
      }),
  };
}
