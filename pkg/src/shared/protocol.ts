/**
 * What those who share a store say to each other, and what they need of their surroundings.
 *
 * Who holds the lock of the store leads. The others ask over a channel that all hear; what one says arrives in its order, what
 * two say in any. A message may come late, from one who has closed or died since: so nobody trusts a message to say who lives.
 * Everybody holds a lock of his own as long as he lives, and whoever depends on him waits for that lock.
 */
import type { WebLock } from "../persistence/stores/weblock.js";
import type { Command } from "../resp/command.js";

/** What a client asks. Without commands: what was answered before is to be as safe as the store can make it. */
export interface Question {
  /** The client's number for it: those of one client grow. */
  id: number;
  /** The client has the answers of all that it asked before this number, and will not ask them again. */
  done: number;
  database: number;
  commands: Command[];
  /** For so many milliseconds it has been asked already, of leaders before this one. */
  waited: number;
  /** The client wants it no more: it is answered if it was done, and is not begun. */
  over: boolean;
}

/** How a question ends: with replies, with an error, or undone since nobody wants it any more. */
export type Outcome = { replies: readonly Uint8Array[] } | { error: { name: string; message: string } } | { undone: true };

/** What goes over the channel. */
export type Message =
  | { kind: "hello" }
  | { kind: "lead"; leader: string }
  /** Somebody has the store, and shares it with nobody. */
  | { kind: "alone" }
  | ({ kind: "ask"; leader: string; from: string } & Question)
  /** What stands in place of `$` in a command that waits: the next leader is asked this. */
  | { kind: "began"; to: string; id: number; commands: Command[] }
  /** Somebody wants to know which keys change: the leader is to tell all. */
  | { kind: "watch" }
  /** These keys have changed; null: any may have. */
  | { kind: "changed"; keys: readonly string[] | null }
  | { kind: "abort"; leader: string; from: string; id: number }
  | ({ kind: "answer"; to: string; id: number } & Outcome);

export interface Channel {
  post(message: Message): void;
  close(): void;
}

/** The surroundings: a browser, or a simulation of one. */
export interface Ports {
  /** A name that nobody else has. */
  name(): string;
  /** Joins the channel of the store; does not hear itself. */
  join(hear: (message: Message) => void): Channel;
  /** Takes the store's lock, at once. Rejects with a StoreError when somebody has it. */
  take(): Promise<WebLock>;
  /** Waits for the store's lock, in turn; the signal ends that. */
  queue(signal: AbortSignal): Promise<WebLock>;
  /** Shows others that this one lives, until what this gives is called. */
  live(id: string): Promise<() => void>;
  /** Calls `gone` when nobody of this name lives, and not before this returns; until what this gives is called. */
  watch(id: string, gone: () => void): () => void;
  /** Milliseconds, for differences. */
  now(): number;
  /** Runs a task after those that wait already. */
  later(task: () => void): void;
}
