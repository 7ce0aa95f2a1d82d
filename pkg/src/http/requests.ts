/**
 * What a request of Upstash's kind asks for, whatever carried it: a command, a pipeline, a transaction, a stream. Used over
 * HTTP (`fetch.ts`) and in process (`requester.ts`). Nothing here depends on a runtime.
 *
 * Replies stay RESP2 here; each caller makes of them what it needs.
 */

import { AT_ONCE } from "../client/facts.gen.js";
import { isStreaming } from "../client/facts.js";
import { discarded, executed, transaction } from "../client/transaction.js";
import { type Command, word } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import { elements, errorText, isError } from "../resp/frames.js";
import { errorReply } from "../resp/write.js";
import type { Access, Backend, Terms } from "./backend.js";

/** A request that is refused before anything ran: with which HTTP status, and why. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Whether a command wants a session that stays open. */
export function isStream(command: Command): boolean {
  return isStreaming(word(command[0]));
}

/** Why a command cannot be answered in a request. */
export function unanswerable(command: Command): string | undefined {
  const name = word(command[0]);
  if (isStreaming(name)) return `ERR ${name.toUpperCase()} is a stream of its own: ask for /${name}, not for a reply`;
  if (name === "hello" && command.length > 1 && word(command[1]) !== "2") return "NOPROTO unsupported protocol version";
  return undefined;
}

function kind(value: unknown): string {
  if (value === null || typeof value === "undefined") return "null";
  if (typeof value === "number") return "not a finite number";
  return Array.isArray(value) ? "an array" : "an object";
}

/** A command of JSON's values: strings, numbers and booleans. */
export function commandOf(value: unknown): Command {
  if (!Array.isArray(value)) throw new Refusal(400, "ERR failed to parse command: it must be a JSON array");
  if (value.length === 0) throw new Refusal(400, "ERR empty command");
  return value.map((one: unknown, i) => {
    if (typeof one === "string") return one;
    if (typeof one === "boolean" || (typeof one === "number" && Number.isFinite(one))) return String(one);
    throw new Refusal(400, `ERR failed to parse command: argument ${i} is ${kind(one)}`);
  });
}

/** The commands of a pipeline or a transaction. */
export function commandsOf(value: unknown): Command[] {
  if (!Array.isArray(value)) throw new Refusal(400, "ERR failed to parse pipeline request: it must be a JSON array of arrays");
  if (value.length === 0) throw new Refusal(400, "ERR empty pipeline request");
  return value.map(commandOf);
}

/** Runs what requests ask for. What they may do is the session's matter: the engine refuses the rest. */
export class Requests {
  constructor(readonly backend: Backend) {}

  /** The reply of one command. */
  async one(command: Command, terms: Terms): Promise<Uint8Array> {
    return (await this.pipeline([command], terms))[0] as Uint8Array;
  }

  /** The replies of several. What may not run gives an error in its place; the others run. */
  async pipeline(commands: readonly Command[], terms: Terms): Promise<Uint8Array[]> {
    const refused = commands.map(unanswerable);
    const replies = await this.backend.run(
      commands.filter((_, i) => refused[i] === undefined),
      terms,
    );
    let next = 0;
    return refused.map((text) => (text === undefined ? (replies[next++] as Uint8Array) : errorReply(text)));
  }

  /** The replies of a transaction, or the error for which none of it ran, or its replies are not given. */
  async transaction(commands: readonly Command[], terms: Terms): Promise<Uint8Array[] | ReplyError> {
    for (const command of commands) {
      if (AT_ONCE.has(word(command[0]))) return discarded("ERR Command not allowed inside a transaction");
      const refused = unanswerable(command);
      if (refused !== undefined) return discarded(refused);
    }
    const reply = executed(await this.backend.run(transaction(commands), terms));
    return reply instanceof ReplyError ? reply : elements(reply);
  }

  /** Opens a stream; throws what the command answers if that is an error. */
  async stream(
    command: Command,
    access: Access,
    onmessage: (frames: Uint8Array) => void,
    ended: () => void,
  ): Promise<{ reply: Uint8Array; close: () => void }> {
    const opened = await this.backend.follow(command, access, onmessage, ended);
    if (!isError(opened.reply)) return opened;
    opened.close();
    throw new Refusal(400, errorText(opened.reply));
  }
}
