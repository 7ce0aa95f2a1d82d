/** Which commands hold a password. Consoles do not keep such lines, and a session with one is not shared without a warning. */
import { times, words } from "./format.js";

const SECRET_PARAMETERS = /^(requirepass|masterauth|tls-key-file-pass|tls-client-key-file-pass)$/i;

/** Whether a command's words hold a password. */
export function holdsSecret(args: readonly string[]): boolean {
  const [name, sub] = args.slice(0, 2).map((word) => word.toLowerCase());
  const more = args.slice(1);
  switch (name) {
    case "auth":
      return more.length > 0;
    case "hello":
      return more.some((word) => /^auth$/i.test(word));
    case "migrate":
      return more.some((word) => /^auth2?$/i.test(word));
    case "config":
      return sub === "set" && more.some((word) => SECRET_PARAMETERS.test(word));
    case "acl":
      return sub === "setuser";
  }
  return false;
}

/** Whether a line is not to be kept anywhere: it is read as it would be run. */
export function isSecret(line: string): boolean {
  // With a quote that is not closed it does not run, and holds what it would have sent all the same.
  const args = words(line) ?? line.replace(/["']/g, " ").trim().split(/\s+/);
  times(args);
  return holdsSecret(args);
}
