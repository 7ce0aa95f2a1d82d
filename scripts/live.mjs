/**
 * A WebSocket in front of a RESP server, for the page beside it: each socket is a connection to the server, and its messages are that
 * connection's bytes. The server's own password protects it.
 *
 * Any page in the same browser could open such a socket, and with DNS rebinding under a name of its own: so the Host must be a name of
 * this machine, and the Origin the very address of this site. Others get 403.
 */
import { connect } from "node:net";
import { pipeline } from "node:stream";
import { createWebSocketStream, WebSocketServer } from "ws";
import { pathOf } from "./common.mjs";

const HERE = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

function allowed({ headers: { host = "", origin } }, needed) {
  return HERE.test(host) && (origin === `http://${host}` || (origin === undefined && !needed));
}

/** Answers GET and the WebSocket at `path` of an HTTP server; `port` is that of the RESP server. */
export function live(server, path, port) {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const [site] = server.listeners("request");
  const isLive = (request) => pathOf(request) === path;
  server.removeListener("request", site);
  server.on("request", (request, response) => {
    if (!isLive(request)) return site(request, response);
    if (!["GET", "HEAD"].includes(request.method)) return response.writeHead(405, { allow: "GET, HEAD" }).end();
    if (!allowed(request, false)) return response.writeHead(403).end();
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify({ server: `127.0.0.1:${port}` }));
  });
  server.on("upgrade", (request, socket, head) => {
    const refused = !isLive(request) ? "404 Not Found" : allowed(request, true) ? undefined : "403 Forbidden";
    if (refused !== undefined) return socket.end(`HTTP/1.1 ${refused}\r\nconnection: close\r\n\r\n`);
    socket.on("error", () => socket.destroy());
    // A page learns from a refused socket that there is no server, and not from one that is closed at once.
    const resp = connect(port, "127.0.0.1");
    const unreachable = () => socket.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n");
    resp.once("error", unreachable);
    resp.once("connect", () => {
      resp.off("error", unreachable);
      resp.setNoDelay(true);
      sockets.handleUpgrade(request, socket, head, (ws) => {
        const stream = createWebSocketStream(ws);
        pipeline(stream, resp, stream, () => ws.close());
      });
    });
  });
}
