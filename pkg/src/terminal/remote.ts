/** A server over a socket, for the command-line client: plain, by TLS, and in a cluster the node that a redirection names. */
import type { Socket } from "node:net";
import { Link } from "../prompt/links.js";
import type { Node } from "../resp/nodes.js";
import { command } from "../resp/write.js";

/** A socket that is connected, and what it is called. */
export interface Way {
  socket: Socket;
  name: string;
}

/** A connection to a server. */
export class Remote extends Link {
  name: string;
  private socket: Socket;

  constructor(way: Way) {
    super();
    this.name = way.name;
    this.socket = way.socket;
    this.hear();
  }

  private hear(): void {
    const { socket } = this;
    // What comes of a socket that another one has replaced is nobody's.
    const mine = <T extends unknown[]>(heard: (...args: T) => void) => {
      return (...args: T): void => {
        if (this.socket === socket) heard(...args);
      };
    };
    socket.setNoDelay(true);
    socket.on(
      "data",
      mine((chunk: Buffer) => {
        try {
          this.receive(chunk.toString("latin1"));
        } catch (error) {
          socket.destroy();
          this.lost(error as Error);
        }
      }),
    );
    socket.on(
      "error",
      mine((error: Error) => this.lost(error)),
    );
    socket.on(
      "close",
      mine(() => this.lost(new Error("Server closed the connection"))),
    );
  }

  /** Goes on at another server. Nothing may be waited for. */
  move(way: Way): void {
    const { socket } = this;
    this.forget();
    this.name = way.name;
    this.socket = way.socket;
    this.hear();
    socket.destroy();
  }

  protected override write(args: readonly string[]): void {
    if (/^reset$/i.test(args[0] ?? "")) this.forget();
    this.socket.write(command(args), "latin1");
  }

  override sendAll(commands: readonly (readonly string[])[]): Promise<Node[]> {
    const replies = this.gather(commands.length);
    if (this.connected) this.socket.write(commands.map((args) => command(args)).join(""), "latin1");
    return replies;
  }

  cancel(): boolean {
    this.socket.destroy();
    this.lost(new Error("cancelled"));
    return false;
  }

  close(): void {
    this.socket.destroy();
  }
}
