/** A server over a socket, for the command-line client. */
import { connect, type NetConnectOpts, type Socket } from "node:net";
import { Link } from "../prompt/links.js";
import { command } from "../resp/write.js";

/** A connection to a server. */
export class Remote extends Link {
  private constructor(
    readonly name: string,
    private readonly socket: Socket,
  ) {
    super();
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      try {
        this.receive(chunk.toString("latin1"));
      } catch (error) {
        socket.destroy();
        this.lost(error as Error);
      }
    });
    socket.on("error", (error) => this.lost(error));
    socket.on("close", () => this.lost(new Error("Server closed the connection")));
  }

  /** Connects, or fails with the reason. */
  static open(where: NetConnectOpts, name: string): Promise<Remote> {
    return new Promise((done, failed) => {
      const socket = connect(where);
      socket.once("error", failed);
      socket.once("connect", () => {
        socket.off("error", failed);
        done(new Remote(name, socket));
      });
    });
  }

  protected override write(args: readonly string[]): void {
    if (/^reset$/i.test(args[0] ?? "")) this.forget();
    this.socket.write(command(args), "latin1");
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
