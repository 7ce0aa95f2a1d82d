/**
 * What a console has to know of a session to show its prompt and how much it keeps. Shared by the terminal's
 * and the page's.
 */

import type { Node } from "../resp/nodes.js";
import type { Link } from "./links.js";

/** Replies that took longer than this many milliseconds show their time. */
export const SLOW = 500;
/** How many lines are kept. */
export const HISTORY = 1000;

/** Where a session is: its database, and whether it is in a transaction. */
export class Place {
  transaction = false;
  /** The database that EXEC will select. */
  private selected: number | undefined;

  constructor(public database = 0) {}

  /** Takes notice of a command that was answered. */
  follow(args: readonly string[], reply: Node): void {
    const name = (args[0] as string).toLowerCase();
    // A transaction that is refused is over, too.
    if (name === "exec") this.transaction = false;
    if (reply.type === "error") return;
    if (name === "select" && this.transaction) this.selected = Number(args[1]);
    else if (name === "select") this.database = Number(args[1]);
    else if (name === "multi" || name === "discard") this.transaction = name === "multi";
    else if (name === "exec" && reply.type === "array") this.database = this.selected ?? this.database;
    else if (name === "reset") {
      this.database = 0;
      this.transaction = false;
    }
    if (!this.transaction) this.selected = undefined;
  }

  prompt(on: Link): string {
    const where = on.connected ? `${on.name}${this.database === 0 ? "" : `[${this.database}]`}` : "not connected";
    const state = on.listening ? "(subscribed mode)" : this.transaction ? "(TX)" : "";
    return `${where}${state}> `;
  }
}
