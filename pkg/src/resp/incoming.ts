/**
 * Commands as they come over a WebSocket, read strictly: lengths are digits without zeros in front, every line end is CR LF, and is
 * looked at. What was read here is what goes on, written anew. The bytes themselves go to the engine's own parser alone, which may read
 * them otherwise.
 */
import { bytes as bytesOf } from "./latin1.js";

/** What is wrong with bytes that were to be commands. */
export class ProtocolError extends Error {}

/** Bytes of one argument, and arguments, at most. */
const MOST_ARGUMENT = 16 << 20;
const MOST_ARGUMENTS = 1 << 20;

function broken(text: string): ProtocolError {
  return new ProtocolError(`ERR Protocol error: ${text}`);
}

/** A number behind `kind` at `at`, up to `most`, and where its line ends. Undefined: there is more to come. */
function head(text: string, at: number, kind: string, what: string, most: number): [n: number, end: number] | undefined {
  if (at >= text.length) return undefined;
  if (text[at] !== kind) throw broken(`expected '${kind}', got '${text[at]}'`);
  const [digits = ""] = /^\d*/.exec(text.slice(at + 1, at + 12)) as RegExpExecArray;
  const end = at + 1 + digits.length;
  const line = text.slice(end, end + 2);
  const isNumber = line === "" ? /^(0?|[1-9]\d{0,9})$/.test(digits) : /^(0|[1-9]\d{0,9})$/.test(digits);
  if (!isNumber || !"\r\n".startsWith(line) || Number(digits) > most) {
    throw broken(`invalid ${what} length`);
  }
  return line.length === 2 ? [Number(digits), end + 2] : undefined;
}

/** The command that begins at `at` of these bytes, a char each. Undefined: there is more to come. Throws ProtocolError. */
export function commandAt(text: string, at: number): { command: Uint8Array[]; end: number } | undefined {
  const first = head(text, at, "*", "multibulk", MOST_ARGUMENTS);
  if (first === undefined) return undefined;
  const [count] = first;
  let [, end] = first;
  const command: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const one = head(text, end, "$", "bulk", MOST_ARGUMENT);
    if (one === undefined) return undefined;
    const [length, from] = one;
    end = from + length + 2;
    if (text.length < end) return undefined;
    if (!text.startsWith("\r\n", end - 2)) throw broken("expected CR LF behind an argument");
    command.push(bytesOf(text.slice(from, end - 2)));
  }
  return { command, end };
}

/** The one command that a message is made of; undefined where it is anything else. */
export function onlyCommand(text: string): Uint8Array[] | undefined {
  try {
    const found = commandAt(text, 0);
    return found !== undefined && found.end === text.length && found.command.length > 0 ? found.command : undefined;
  } catch {
    return undefined;
  }
}
