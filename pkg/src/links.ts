/**
 * Whom the command-line client talks to: an engine in this process, or a server over a socket. Both take words and give
 * a typed reply.
 */
import { connect, type NetConnectOpts, type Socket } from "node:net";
import type { Client } from "./client.js";
import { bytes, command, latin1, type Node, parse } from "./resp.js";

export interface Link {
  /** What stands in the prompt. */
  readonly name: string;
  readonly connected: boolean;
  /** Runs one command. Fails when there is no connection. `undefined`: there is no reply (CLIENT REPLY OFF). */
  send(args: readonly string[]): Promise<Node | undefined>;
  close(): void;
}

/** A session of an engine in this process. */
export class Inside implements Link {
  readonly name = "wakey";

  constructor(private readonly client: Client) {}

  get connected(): boolean {
    return !this.client.closed;
  }

  send(args: readonly string[]): Promise<Node | undefined> {
    try {
      const reply = latin1(this.client._raw(args.map(bytes)));
      return Promise.resolve(reply === "" ? undefined : parse(reply)?.node);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  close(): void {
    this.client.close();
  }
}

/** A connection to a server. */
export class Remote implements Link {
  private received = "";
  private waiting: { resolve: (node: Node) => void; reject: (error: Error) => void } | undefined;
  connected = true;

  private constructor(
    readonly name: string,
    private readonly socket: Socket,
  ) {
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.receive(chunk.toString("latin1")));
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

  private lost(error: Error): void {
    this.connected = false;
    this.waiting?.reject(error);
    this.waiting = undefined;
  }

  private receive(chunk: string): void {
    this.received += chunk;
    try {
      for (;;) {
        const found = parse(this.received);
        if (found === undefined) return;
        this.received = this.received.slice(found.end);
        // A push stands between replies and answers nothing.
        if (found.node.type === "push" && !this.subscribing) continue;
        this.waiting?.resolve(found.node);
        this.waiting = undefined;
      }
    } catch (error) {
      this.socket.destroy();
      this.lost(error as Error);
    }
  }

  private subscribing = false;

  send(args: readonly string[]): Promise<Node> {
    if (!this.connected) return Promise.reject(new Error("not connected"));
    this.subscribing = /^p?s?(un)?subscribe$/i.test(args[0] ?? "");
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(command(args), "latin1");
    });
  }

  close(): void {
    this.socket.destroy();
  }
}
