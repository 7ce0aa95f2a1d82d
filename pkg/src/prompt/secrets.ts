/** Which commands hold a password. Consoles do not keep such lines, and a session with one is not shared without a warning. */
import { holdsSecret } from "../client/facts.js";
import { times, words } from "./format.js";

/** Whether a line is not to be kept anywhere: it is read as it would be run. */
export function isSecret(line: string): boolean {
  // With a quote that is not closed it does not run, and holds what it would have sent all the same.
  const args = words(line) ?? line.replace(/["']/g, " ").trim().split(/\s+/);
  times(args);
  return holdsSecret(args);
}
