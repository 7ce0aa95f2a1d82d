/**
 * Whether a step of a lesson is done, by what was typed since it began and by what the keyspace says; what is still to be done; and what
 * is missing, told from what is there. All texts may have `code` in them.
 */
import { words } from "../../pkg/src/prompt/format.js";
import type { Check } from "../lesson.js";
import type { Names } from "./names.js";
import { L } from "./strings.js";
import { latin1, readable, said, typed } from "./text.js";

/** A command that was given. */
export interface Given {
  args: readonly string[];
  failed: boolean;
}

export interface Verdict {
  goal: string;
  holds: boolean;
  /** Why it does not hold, where something was done for it. */
  why: string | undefined;
}

/** Longer values are cut. */
const LONGEST = 60;
const NONE = "(nil)";

/** A reply as text: elements of lists and maps with a space between. Undefined: an error. */
function flat(reply: unknown): string | undefined {
  if (reply === undefined) return undefined;
  if (reply === null) return NONE;
  if (reply instanceof Uint8Array) return latin1(reply);
  if (reply instanceof Map) return [...reply].flat().map(flat).join(" ");
  return Array.isArray(reply) ? reply.map(flat).join(" ") : String(reply);
}

const code = (text: string): string => `\`${readable(text, LONGEST).replaceAll("`", "´")}\``;
const plain = (text: string): string => readable(text, LONGEST).replaceAll("`", "´");

/** What a command counts. */
const COUNTED: { [command: string]: keyof typeof L.counted } = {
  LLEN: "element",
  HLEN: "field",
  SCARD: "member",
  ZCARD: "member",
  XLEN: "entry",
  ARCOUNT: "value",
  VCARD: "element",
  BITCOUNT: "bit",
  PFCOUNT: "visitor",
};

/** What a command asks for: a value, by its name. */
function subject([name = "", key = "", ...rest]: readonly string[]): string | undefined {
  switch (name.toUpperCase()) {
    case "GET":
      return code(key);
    case "HGET":
      return code(rest[0] ?? "");
    case "LINDEX":
    case "ARGET":
      return L.elementOf(rest[0] ?? "", code(key));
    case "ZSCORE":
      return L.scoreOf(code(rest[0] ?? ""));
    case "ZRANK":
    case "ZREVRANK":
      return L.rankOf(code(rest[0] ?? ""));
    case "LRANGE":
      return code(key);
  }
  return undefined;
}

/** Of commands that answer 1 or 0: what is or is not there. */
function member([name = "", key = "", ...rest]: readonly string[]): string | undefined {
  if (/^EXISTS$/i.test(name)) return code(key);
  return /^(HEXISTS|SISMEMBER)$/i.test(name) ? L.inside(code(rest[0] ?? ""), code(key)) : undefined;
}

/** Of commands that answer a time to live: whose it is. */
function mortal([name = "", key = "", ...rest]: readonly string[]): string | undefined {
  if (/^P?TTL$/i.test(name)) return code(key);
  return /^HP?TTL$/i.test(name) ? code(rest.at(-1) ?? "") : undefined;
}

/** What an answer means to who reads it, and what it should be. */
function told(args: readonly string[], { equals, between }: Check, got: string): { goal: string; why: string } {
  const wanted = between ? L.range(...between) : plain(typed(equals ?? ""));
  const [name = "", key = ""] = args;
  const counted = COUNTED[name.toUpperCase()];
  if (counted !== undefined)
    return { goal: L.has(code(key), wanted, L.counted[counted]), why: L.hasNot(code(key), got, wanted, L.counted[counted]) };
  const there = member(args);
  if (there !== undefined) {
    const yes = equals === "1";
    return { goal: yes ? L.isThere(there) : L.isGone(there), why: yes ? L.notThere(there) : L.stillThere(there) };
  }
  const whose = mortal(args);
  if (whose !== undefined) {
    const goal = equals === "-1" ? L.neverExpires(whose) : L.expires(whose, wanted);
    if (got === "-2" || got === NONE) return { goal, why: L.notThere(whose) };
    return { goal, why: got === "-1" ? L.noExpiry(whose) : L.otherExpiry(whose, got, equals === "-1" ? undefined : wanted) };
  }
  const what = subject(args) ?? code(said(args, LONGEST));
  return { goal: L.is(what, wanted), why: got === NONE || got === "" ? L.notSet(what) : L.isNot(what, plain(got), wanted) };
}

function state(check: Check, keyspace: Names, tried: boolean): Verdict {
  const args = words(typed(check.command)) ?? [];
  const got = flat(keyspace.ask(...args));
  const { between, equals = "" } = check;
  const holds = got !== undefined && (between ? Number(got) >= between[0] && Number(got) <= between[1] : got === typed(equals));
  const { goal, why } = told(args, check, got ?? "");
  if (holds || !tried) return { goal, holds, why: undefined };
  if (got !== undefined) return { goal, holds, why };
  const type = flat(keyspace.ask("TYPE", args[1] ?? "")) ?? "";
  return { goal, holds, why: L.wrongType(code(args[1] ?? ""), type) };
}

const same = (a: string | undefined, b: string | undefined): boolean => a?.toLowerCase() === b?.toLowerCase();

function command(check: Check, given: readonly Given[]): Verdict {
  const wanted = words(typed(check.command)) ?? [];
  const fails = check.kind === "failed";
  const goal = fails ? L.runToFail(code(check.command)) : L.run(code(check.command));
  const alike = given.filter(({ args }) => wanted.every((word, i) => same(args[i], word)));
  if (alike.some(({ failed }) => failed === fails)) return { goal, holds: true, why: undefined };
  if (alike.length > 0) return { goal, holds: false, why: fails ? L.didNotFail(code(check.command)) : L.didFail(code(check.command)) };
  const near = given.findLast(({ args }) => same(args[0], wanted[0]));
  if (near === undefined) return { goal, holds: false, why: undefined };
  const at = wanted.findIndex((word, i) => !same(near.args[i], word));
  const found = near.args[at];
  return { goal, holds: false, why: found === undefined ? L.wordMissing(code(wanted[at]!)) : L.otherWord(code(found), code(wanted[at]!)) };
}

/** `given`: the commands since the step began. */
export function judge(check: Check, keyspace: Names, given: readonly Given[]): Verdict {
  return check.kind === "state" ? state(check, keyspace, given.length > 0) : command(check, given);
}
