/** One command, one crossing: what is not a client's method goes this way into an engine. */
import type { Command } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import { ERROR } from "../resp/frames.js";
import { errorReply } from "../resp/write.js";
import type { Engine } from "./engine.js";

const EMPTY = new Uint8Array(0);

/**
 * Runs a command in a session; gives a copy of its reply, how long it is, and the flags. A reply of more than `most` bytes is
 * not copied, unless it is an error. @internal
 */
export function cross(
  engine: Engine,
  session: number,
  command: Command,
  most = Number.POSITIVE_INFINITY,
): { reply: Uint8Array; length: number; flags: number } {
  let length: number;
  try {
    length = engine.run(session, command);
  } catch (error) {
    // The store refuses what the command did; or the command is over client-query-buffer-limit, and nothing has run.
    if (!(error instanceof ReplyError || error instanceof RangeError)) throw error;
    const reply = errorReply(error instanceof ReplyError ? error.message : `ERR ${error.message}`);
    return { reply, length: reply.length, flags: 0 };
  }
  const flags = engine.flags();
  const isTooLong = length > most && engine.bytes[engine.replyAt()] !== ERROR;
  return { reply: isTooLong ? EMPTY : engine.replyCopy(length), length, flags };
}
