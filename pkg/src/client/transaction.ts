/**
 * MULTI, EXEC and what stands between: how a transaction is sent whole, what its replies say, and what the commands of a session
 * make of it one by one. Whoever sends, keeps, routes or shows transactions asks here.
 */
import { type Command, word } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import { errorText, isError } from "../resp/frames.js";

/** What EXEC answers where a command was refused as it was queued. */
export const ABORTED = "EXECABORT Transaction discarded because of previous errors.";

/** The commands of a transaction as a session is sent them. */
export function transaction<C extends Command>(commands: readonly C[]): (C | [string])[] {
  return [["MULTI"], ...commands, ["EXEC"]];
}

/** The error of a transaction of which nothing ran, for a reason that EXEC does not say. */
export function discarded(reason: string): ReplyError {
  return new ReplyError(`EXECABORT Transaction discarded because of: ${reason}`);
}

/** EXEC's reply, from those to a whole transaction; or the error for which nothing ran, with the reason if one is known. */
export function executed(replies: readonly Uint8Array[]): Uint8Array | ReplyError {
  const last = replies[replies.length - 1] as Uint8Array;
  if (!isError(last)) return last;
  const reason = replies.find(isError) as Uint8Array;
  return reason === last ? new ReplyError(errorText(last)) : discarded(errorText(reason));
}

/** Where a session is in its transaction, by its commands and whether each was answered by an error. */
export class TransactionState {
  /** MULTI has begun it, and nothing has ended it. */
  open = false;
  /** A command was refused as it was queued: EXEC will run nothing. */
  aborted = false;
  private queued: Command[] = [];

  /** Takes notice of a command that was answered. Gives the commands that it has run, where it is EXEC and has. */
  take(command: Command, failed: boolean): readonly Command[] | undefined {
    const { queued } = this;
    switch (word(command[0])) {
      case "multi":
        // One within another is an error that aborts nothing.
        if (!failed && !this.open) this.open = true;
        return undefined;
      case "exec":
        // Over, also where it is refused.
        this.end();
        return failed ? undefined : queued;
      case "discard":
      case "reset":
      case "quit":
        if (failed) break;
        this.end();
        return undefined;
      case "watch":
        // Not allowed within one, which aborts nothing.
        if (failed) return undefined;
    }
    if (!this.open) return undefined;
    if (failed) this.aborted = true;
    else queued.push(command);
    return undefined;
  }

  /** There is none any more. */
  end(): void {
    this.open = false;
    this.aborted = false;
    this.queued = [];
  }
}

/** The transactions in a list of commands: from MULTI to what ends it, or to the last command. */
export function* transactions(commands: readonly Command[]): Generator<readonly [from: number, to: number]> {
  const state = new TransactionState();
  let from = 0;
  for (let i = 0; i < commands.length; i++) {
    const was = state.open;
    state.take(commands[i] as Command, false);
    if (!was && state.open) from = i;
    else if (was && !state.open) yield [from, i];
  }
  if (state.open) yield [from, commands.length - 1];
}
