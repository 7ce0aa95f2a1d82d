/**
 * RESP over a WebSocket to the server beside the page: each socket is a connection of its own there. `Wire` is a console's, one
 * command after the other; `Pipe` is the page's, many at once.
 */
import { Link } from "wakey/console";
import { type Node, parse, wanting } from "../../../pkg/src/resp/nodes.js";
import { command } from "../../../pkg/src/resp/write.js";
import { LIVE } from "../strings.js";
import { bytes, latin1 } from "../text.js";

/** Where the server is: `live` beside the page. What the page's link knows of it is behind the `#`, which is sent to nobody else. */
export const PLACE = new URL("live", location.href.replace(/[?#].*/, ""));
const token = new URLSearchParams(location.hash.slice(1)).get("token");
if (token !== null) PLACE.searchParams.set("token", token);

/** An open socket. Fails when there is none to be had. */
function dial(): Promise<WebSocket> {
  const url = new URL(PLACE);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  return new Promise((done, failed) => {
    socket.onopen = () => done(socket);
    socket.onclose = () => failed(new Error(LIVE.noAnswer));
  });
}

function chunk(event: MessageEvent<ArrayBuffer>): string {
  return latin1(new Uint8Array(event.data));
}

/** What a console talks to. */
export class Wire extends Link {
  private constructor(
    readonly name: string,
    private readonly socket: WebSocket,
  ) {
    super();
    socket.onmessage = (event) => this.receive(chunk(event));
    socket.onclose = () => this.lost(new Error(LIVE.ended));
  }

  /** `name` stands in the prompt. */
  static async open(name: string): Promise<Wire> {
    return new Wire(name, await dial());
  }

  protected override write(args: readonly string[]): void {
    if (/^reset$/i.test(args[0] ?? "")) this.forget();
    this.socket.send(bytes(command(args)) as Uint8Array<ArrayBuffer>);
  }

  cancel(): boolean {
    this.close();
    this.lost(new Error("cancelled"));
    return false;
  }

  close(): void {
    this.socket.close();
  }
}

/** What the page itself asks with: replies come in the order of the commands. What comes unasked is dropped, or heard by `unasked`. */
export class Pipe {
  unasked: (node: Node) => void = () => {};
  private out = "";
  /** Resolves when the connection is lost. */
  readonly ended: Promise<void>;
  private received = "";
  private least = 0;
  private readonly waiting: { done: (node: Node, wire: string) => void; failed: (error: Error) => void }[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.onmessage = (event) => this.receive(chunk(event));
    this.ended = new Promise((done) => {
      socket.onclose = () => {
        for (const { failed } of this.waiting.splice(0)) failed(new Error(LIVE.lostConnection));
        done();
      };
    });
  }

  static async open(): Promise<Pipe> {
    return new Pipe(await dial());
  }

  /** Sends one command; `done` gets its reply, and the very bytes of it. */
  send(args: readonly string[], done: (node: Node, wire: string) => void, failed: (error: Error) => void = () => {}): void {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.waiting.push({ done, failed });
      this.tell(args);
    } else failed(new Error(LIVE.lostConnection));
  }

  /** Sends a command that is answered by what comes unasked, as SUBSCRIBE. Those of one task go together. */
  tell(args: readonly string[]): void {
    if (this.out === "")
      queueMicrotask(() => {
        if (this.socket.readyState === WebSocket.OPEN) this.socket.send(bytes(this.out) as Uint8Array<ArrayBuffer>);
        this.out = "";
      });
    this.out += command(args);
  }

  /** Sends one command. An error reply is a reply. */
  call(...args: string[]): Promise<Node> {
    return new Promise((done, failed) => this.send(args, done, failed));
  }

  close(): void {
    this.socket.close();
  }

  private receive(more: string): void {
    this.received += more;
    if (this.received.length < this.least) return;
    let at = 0;
    for (;;) {
      const found = parse(this.received, at);
      if (found === undefined) break;
      const asked = found.node.type === "push" ? undefined : this.waiting.shift();
      if (asked) asked.done(found.node, this.received.slice(at, found.end));
      else this.unasked(found.node);
      at = found.end;
    }
    this.least = Math.max(wanting() - at, 0);
    this.received = this.received.slice(at);
  }
}

/** A reply as the client library's bytes face gives it; an error as undefined. */
export function plain(node: Node): unknown {
  switch (node.type) {
    case "error":
      return undefined;
    case "int":
    case "double":
      return node.text === "inf" ? Number.POSITIVE_INFINITY : node.text === "-inf" ? Number.NEGATIVE_INFINITY : Number(node.text);
    case "bool":
      return node.value;
    case "null":
      return null;
    case "array":
    case "set":
    case "push":
      return node.items.map(plain);
    case "map":
      return node.pairs.map((pair) => pair.map(plain));
    case "simple":
    case "bignum":
      return node.text;
  }
  return bytes(node.text);
}
