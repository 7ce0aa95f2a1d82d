/** What an error says of the command that met it: its name, its arguments without secrets, and a stack that begins at the caller. */
import type { Engine } from "../core/engine.js";
import type { Flat } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import { text } from "../resp/values.js";
import { SECRETS } from "./facts.gen.js";

/** So many arguments are told, and so many characters of each. */
const MOST = 64;
const LONGEST = 256;

const HIDDEN = "***";

const PASSWORD = /^(requirepass|masterauth|tls-key-file-pass|tls-client-key-file-pass)$/i;

/** Arguments as an error shows them: short ones, and none that the table calls secret. */
function shown([name = "", ...rest]: readonly string[]): { command: string; args: string[] } {
  const command = name.toLowerCase();
  const secret = SECRETS[command] ?? SECRETS[`${command}|${rest[0]?.toLowerCase()}`];
  const auth = secret === "behind auth" ? rest.findIndex((arg) => /^auth2?$/i.test(arg)) : -1;
  const isSecret = (i: number): boolean =>
    secret === "all" || (auth >= 0 && i > auth) || (secret === "passwords" && PASSWORD.test(rest[i - 1] ?? ""));
  return {
    command,
    args: rest.map((arg, i) => (isSecret(i) ? HIDDEN : arg.length > LONGEST ? `${arg.slice(0, LONGEST)}…` : arg)),
  };
}

/** @internal */
export function texts(arg: Flat): string {
  return typeof arg === "string" ? arg : text(arg, 0, arg.length);
}

/** The command of the last call, out of the request, which lies there still. @internal */
export function lastCommand(engine: Engine): string[] {
  const { bytes, request: frame } = engine;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out: string[] = [];
  if (frame + 4 > bytes.length) return out;
  const argc = Math.min(view.getUint32(frame, true), MOST + 1);
  for (let at = frame + 4; out.length < argc && at + 4 <= bytes.length; ) {
    const length = view.getUint32(at, true);
    if (at + 4 + length > bytes.length) break;
    out.push(text(bytes, at + 4, Math.min(length, LONGEST * 4)));
    at += 4 + length;
  }
  return out;
}

type Capture = (error: Error, above: unknown) => void;
const { captureStackTrace } = Error as { captureStackTrace?: Capture };

/** An error whose stack is for `blame` to tell, where the runtime can: it is not asked for twice. @internal */
export function untraced(message: string): ReplyError {
  if (captureStackTrace === undefined) return new ReplyError(message);
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return new ReplyError(message);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Has an error begin at whoever called one of these, where the runtime can. To see whether one was called costs a stack in full. */
function beginAt(error: Error, functions: readonly unknown[]): void {
  if (captureStackTrace === undefined) return;
  for (const one of functions) {
    if (typeof one !== "function") continue;
    captureStackTrace(error, one);
    if (functions.length === 1 || error.stack?.includes("\n    at ")) return;
  }
  captureStackTrace(error, blame);
}

/**
 * Tells an error of its command; `client` is whose methods may have been called, and `direct` that it was the command's own. @internal
 */
export function blame(error: ReplyError, args: readonly string[], client: object, direct = false): ReplyError {
  if (error.command !== undefined || args.length === 0) return error;
  const { command, args: rest } = shown(args);
  error.command = command;
  error.args = rest;
  const methods = client as { [name: string]: unknown };
  beginAt(error, direct ? [methods[command]] : [methods[command], methods["call"], methods["exec"]]);
  return error;
}
