/** Scripts that are held with their digest: sent whole once, and by the digest from then on. */

import type { Arg } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import { sha1 } from "../resp/sha1.js";
import { encode } from "../resp/utf8.js";
import type { Many } from "./command-types.js";

/** So many keys as arguments; any number of arguments where the number is not known. */
type Keys<N extends number, T extends readonly Arg[] = []> = number extends N
  ? Arg[]
  : T["length"] extends N
    ? T
    : Keys<N, [...T, key: Arg]>;

/** A prepared script: call it with its keys, followed by its arguments. */
export interface Prepared<R = unknown, N extends number = number> {
  (...args: [...keys: Keys<N>, ...args: Many[]]): R;
  /** Its text. */
  readonly script: string;
  /** Its digest, by which EVALSHA knows it. */
  readonly sha: string;
}

/** Options of `prepare`. */
export interface PrepareOptions<N extends number = number> {
  /** How many of the arguments are keys; they come first. Default: 0. */
  keys?: N;
  /** Whether it is run with EVALSHA_RO and EVAL_RO, and may not write. Default: false. */
  readonly?: boolean;
}

/** What a reply of a script that is not known here says. */
const isUnknown = (error: unknown): boolean => error instanceof ReplyError && error.code === "NOSCRIPT";

/** `run` runs a command; it answers at once, or with a promise. @internal */
export function prepare(
  run: (command: string, args: unknown[]) => unknown,
  script: string,
  { keys = 0, readonly = false }: PrepareOptions = {},
): Prepared {
  if (typeof script !== "string") throw new TypeError("prepare(): the script must be a string");
  if (!Number.isInteger(keys) || keys < 0) throw new TypeError("prepare(): keys must be the number of keys");
  const sha = sha1(encode(script));
  const [whole, short] = readonly ? ["eval_ro", "evalsha_ro"] : ["eval", "evalsha"];
  let sent = false;
  const call = (...args: unknown[]): unknown => {
    const send = (): unknown => run(whole as string, [script, keys, ...args]);
    if (!sent) {
      sent = true;
      return send();
    }
    const again = (error: unknown): unknown => {
      if (!isUnknown(error)) throw error;
      return send();
    };
    try {
      const reply = run(short as string, [sha, keys, ...args]);
      return reply instanceof Promise ? reply.catch(again) : reply;
    } catch (error) {
      return again(error);
    }
  };
  return Object.assign(call, { script, sha });
}
