/**
 * A WebSocket in front of a RESP server, for the page beside it: each socket is a connection to the server, and its messages are that
 * connection's bytes. Nothing of them is understood here.
 *
 * Any page in the same browser could open such a socket, and with DNS rebinding under a name of its own: so the Host must be a name of
 * this machine, and the Origin the very address of this site. Others get 403. Any user of the machine can reach the port, with whatever
 * headers they like: where a connection may more than theirs would, the page must show a token that its link has. Others get 401.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, RequestListener, Server } from "node:http";
import { type Duplex, pipeline } from "node:stream";
import { createWebSocketStream, WebSocketServer } from "ws";
import { pathOf, refused } from "./files.js";

/** What a page is shown. */
export interface Shown {
  /** What the server is called, for people. */
  name: string;
  /** The database that is looked at first. */
  database?: number;
  /** What the page must know. Undefined: it may no more than anybody on this machine. */
  token?: string | undefined;
  /** Opens a connection to the server. */
  reach: () => Promise<Duplex>;
}

const HERE = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

function allowed({ headers: { host = "", origin } }: IncomingMessage, needed: boolean): boolean {
  return HERE.test(host) && (origin === `http://${host}` || (origin === undefined && !needed));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Whether a request has the token, in time that does not depend on how much of it is right. */
function knows({ url }: IncomingMessage, token: string): boolean {
  const given = new URL(`http://localhost${url}`).searchParams.get("token") ?? "";
  return timingSafeEqual(digest(given), digest(token));
}

/** The status of a request that is refused; `socket`: whether it asks for a WebSocket. */
function status(request: IncomingMessage, { token }: Shown, socket: boolean): 401 | 403 | undefined {
  if (!allowed(request, socket)) return 403;
  return token === undefined || knows(request, token) ? undefined : 401;
}

const REASONS = { 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 502: "Bad Gateway" };

function answer(socket: Duplex, code: keyof typeof REASONS): void {
  socket.end(`HTTP/1.1 ${code} ${REASONS[code]}\r\nconnection: close\r\n\r\n`);
}

/** Answers GET and the WebSocket at `path` of an HTTP server whose other requests `site` answers. What it gives ends all sockets. */
export function live(server: Server, site: RequestListener, path: string, shown: Shown): () => void {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const all = new Set<Duplex>();
  const isLive = (request: IncomingMessage): boolean => pathOf(request) === path;
  server.on("request", (request, response) => {
    if (!isLive(request)) return void site(request, response);
    const wrong = refused(request);
    if (wrong !== undefined) return void response.writeHead(405, wrong).end();
    const code = status(request, shown, false);
    if (code !== undefined) return void response.writeHead(code).end();
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify({ server: shown.name, database: shown.database }));
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    all.add(socket);
    socket.once("close", () => all.delete(socket));
    const code = isLive(request) ? status(request, shown, true) : 404;
    if (code !== undefined) return answer(socket, code);
    // A page learns from a refused socket that there is no server, and not from one that is closed at once.
    shown.reach().then(
      (resp) => {
        const drop = (): void => void resp.destroy();
        resp.on("error", drop);
        if (socket.destroyed) return drop();
        // Also where it turns out to be no handshake.
        socket.once("close", drop);
        sockets.handleUpgrade(request, socket, head, (open) => {
          socket.off("close", drop);
          const stream = createWebSocketStream(open);
          pipeline(stream, resp, stream, () => open.close());
        });
      },
      () => answer(socket, 502),
    );
  });
  return () => {
    for (const socket of all) socket.destroy();
  };
}
