/**
 * What is asked again of a new leader must go on, and not begin anew: the time that has passed is taken off the timeout of a
 * command that waits, and `$`, "what comes from now on", is what it was at first.
 */
import { WAITS } from "../client/commands.gen.js";
import { blockAt } from "../client/wait.js";
import { type Command, encoded, type Flat, word } from "../resp/command.js";
import { decode } from "../resp/utf8.js";

const text = (arg: Flat): string => (typeof arg === "string" ? arg : decode(arg));

/** Where the timeout of a command stands, and its unit in milliseconds; undefined where it does not wait. */
function timeoutOf(command: Command): { at: number; unit: number } | undefined {
  const name = word(command[0]);
  if (WAITS[name] === undefined) return undefined;
  if (WAITS[name] === "asked") {
    const at = blockAt(command);
    return at < 0 || at >= command.length ? undefined : { at, unit: 1 };
  }
  return { at: name.endsWith("mpop") ? 1 : command.length - 1, unit: 1000 };
}

/** The command as it is after so many milliseconds of waiting. One that waits for good, or has no valid timeout, stays. */
export function shortened(command: Command, waited: number): Command {
  const found = timeoutOf(command);
  if (found === undefined) return command;
  const { at, unit } = found;
  const timeout = Number(text(command[at] as Flat)) * unit;
  if (!(timeout > 0)) return command;
  const left = Math.ceil(Math.max(timeout - waited, 1));
  return command.map((arg, i) => (i === at ? String(left / unit) : arg));
}

/**
 * An XREAD that waits, with the ids that its `$` stand for; undefined where there is none.
 * @param last The last id of a stream.
 */
export function pinned(command: Command, last: (key: Flat) => string): Command | undefined {
  if (word(command[0]) !== "xread" || blockAt(command) < 0) return undefined;
  const streams = command.findIndex((arg, i) => i > 0 && word(arg) === "streams") + 1;
  const count = (command.length - streams) / 2;
  if (streams === 0 || !Number.isInteger(count)) return undefined;
  let found = false;
  const out = command.map((arg, i) => {
    if (i < streams + count || encoded(arg).length !== 1 || text(arg) !== "$") return arg;
    found = true;
    return last(command[i - count] as Flat);
  });
  return found ? out : undefined;
}
