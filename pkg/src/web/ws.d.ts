/** As much of `ws` as is used here: its own types are a package of their own. Not published. */
declare module "ws" {
  import type { IncomingMessage } from "node:http";
  import type { Duplex } from "node:stream";

  export interface WebSocket {
    close(): void;
  }
  export class WebSocketServer {
    constructor(options: { noServer: true; perMessageDeflate: boolean });
    handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (socket: WebSocket) => void): void;
  }
  export function createWebSocketStream(socket: WebSocket): Duplex;
}
