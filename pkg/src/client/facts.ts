/** What follows from the facts that rows of the command table state (`facts.gen.ts`). Names are in lower case. */
import { SESSION } from "./facts.gen.js";

/** Whether a command's session stays open and goes on talking. */
export function isStreaming(name: string): boolean {
  const effect = SESSION[name];
  return effect === "subscribes" || effect === "monitors";
}

/** Whether a command needs a session that outlives a request. */
export function needsSession(name: string): boolean {
  const effect = SESSION[name];
  return effect !== undefined && !["asks", "selects", "authenticates"].includes(effect);
}
