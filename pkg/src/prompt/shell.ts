/**
 * What a console has to know of a session to show its prompt and how much it keeps. Shared by the terminal's
 * and the page's.
 */
import { TransactionState } from "../client/transaction.js";
import { type Command, word } from "../resp/command.js";
import type { Node } from "../resp/nodes.js";
import type { Link } from "./links.js";

/** Replies that took longer than this many milliseconds show their time. */
export const SLOW = 500;
/** How many lines are kept. */
export const HISTORY = 1000;

/** Where a session is: its database, and whether it is in a transaction. */
export class Place {
  private readonly multi = new TransactionState();

  constructor(public database = 0) {}

  get transaction(): boolean {
    return this.multi.open;
  }

  /** Takes notice of a command that was answered. */
  follow(args: readonly string[], reply: Node): void {
    const { open } = this.multi;
    const ran = this.multi.take(args, reply.type === "error");
    if (reply.type === "array") for (const command of ran ?? []) this.select(command);
    if (reply.type === "error" || (open && this.multi.open)) return;
    const name = word(args[0]);
    if (name === "select") this.select(args);
    else if (name === "reset") this.database = 0;
  }

  private select(command: Command): void {
    if (word(command[0]) === "select") this.database = Number(command[1]);
  }

  /** The session is lost, or another one: its transaction with it. */
  left(database = this.database): void {
    this.multi.end();
    this.database = database;
  }

  prompt(on: Link): string {
    const where = on.connected ? `${on.name}${this.database === 0 ? "" : `[${this.database}]`}` : "not connected";
    const state = on.listening ? "(subscribed mode)" : this.transaction ? "(TX)" : "";
    return `${where}${state}> `;
  }
}
