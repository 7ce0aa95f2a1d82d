/**
 * What a console shows, taken down where none is on the page: a scribe runs commands on a database as a console does, and tells what
 * that one would show. A console shows it with `recall`.
 *
 * Each part has a stamp, of the scribe's owner: to what it belongs.
 */
import { openClient, type Wakey } from "../client/client.js";
import { engineOf } from "../client/port.js";
import { Inside } from "../prompt/links.js";
import { Place } from "../prompt/shell.js";
import type { Node } from "../resp/nodes.js";

/** A part of what a console shows. */
export type Spoken =
  | { kind: "echo"; prompt: string; line: string; stamp: unknown }
  | { kind: "reply"; args: readonly string[]; node: Node; stamp: unknown }
  /** The command took so many milliseconds, where they are told. */
  | { kind: "took"; ms: number; stamp: unknown }
  | { kind: "message"; node: Node; stamp: unknown }
  /** A line that no database has seen, as `help`, and what it is answered. */
  | { kind: "own"; prompt: string; line: string; stamp: unknown };

/** A console without a page. */
export class Scribe {
  private readonly link: Inside;
  private readonly place = new Place();
  private cancelled = false;

  constructor(
    db: Wakey,
    private readonly tell: (spoken: Spoken) => void,
    /** To what belongs what is told now. */
    private readonly stamp: () => unknown,
  ) {
    this.link = new Inside(openClient(engineOf(db), { resp: 2, trusted: true }), 2);
    this.link.onmessage = (node) => tell({ kind: "message", node, stamp: stamp() });
  }

  /**
   * Runs a command, which was typed as `line`; without one it was run once more. Its reply is told within the microtasks that follow,
   * or when its wait ends.
   */
  run(args: readonly string[], line: string | undefined, took: number | undefined): void {
    const { tell, stamp, link } = this;
    if (line !== undefined) tell({ kind: "echo", prompt: this.place.prompt(link), line, stamp: stamp() });
    this.cancelled = false;
    link.send(args).then(
      (node) => {
        if (node === undefined || this.cancelled) return;
        this.place.follow(args, node);
        tell({ kind: "reply", args, node, stamp: stamp() });
        if (took !== undefined) tell({ kind: "took", ms: took, stamp: stamp() });
      },
      () => {},
    );
  }

  /** Runs what nobody typed, as a console does to end what listens. Nothing is told. */
  silently(args: readonly string[]): void {
    const { onmessage } = this.link;
    this.link.onmessage = () => {};
    this.link.send(args).then(
      (node) => {
        if (node !== undefined) this.place.follow(args, node);
        this.link.onmessage = onmessage;
      },
      () => {},
    );
  }

  /** Whether its session takes commands. */
  get open(): boolean {
    return this.link.connected;
  }

  /** Ends what waits or listens. */
  cancel(): void {
    this.cancelled = true;
    this.link.cancel();
  }

  /** Ends its session. */
  close(): void {
    this.link.close();
  }
}
