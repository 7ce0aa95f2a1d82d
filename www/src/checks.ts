/** Whether a step of a lesson is done: by what was typed since the step began, or by what the keyspace says. */
import { words } from "../../pkg/src/prompt/format.js";
import type { Check } from "../lesson.js";
import type { Names } from "./names.js";
import type { Entry } from "./session.js";
import { latin1, typed } from "./text.js";

/** A reply as text: elements of lists and maps with a space between. */
function flat(reply: unknown): string {
  if (reply === undefined) return "(error)";
  if (reply === null) return "(nil)";
  if (reply instanceof Uint8Array) return latin1(reply);
  return Array.isArray(reply) ? reply.map(flat).join(" ") : String(reply);
}

/** `given`: the commands since the step began. */
export function holds(check: Check, keyspace: Names, given: readonly Entry[]): boolean {
  const wanted = words(typed(check.command)) ?? [];
  if (check.kind !== "state")
    return given.some(
      ({ args, failed }) =>
        failed === (check.kind === "failed") && wanted.every((word, i) => args[i]?.toLowerCase() === word.toLowerCase()),
    );
  const reply = flat(keyspace.ask(...wanted));
  if (check.between !== undefined) return Number(reply) >= check.between[0] && Number(reply) <= check.between[1];
  return reply === typed(check.equals ?? "");
}
