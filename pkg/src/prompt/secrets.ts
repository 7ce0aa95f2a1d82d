/**
 * Which commands hold a password. Consoles do not keep such lines, and a session with one is not shared without a warning. Which
 * arguments of this server's commands are secret stands on the rows of its table; a console may also talk to another server.
 */
import { SECRETS, type Secret } from "../client/facts.gen.js";
import { named } from "../client/named.js";
import { times, words } from "./format.js";

/** The same of commands of other servers. */
const SECRETS_ELSEWHERE = /* @__PURE__ */ named<Secret>({ migrate: "behind auth", "acl|setuser": "all" });

const PASSWORDS = /^(requirepass|masterauth|tls-key-file-pass|tls-client-key-file-pass)$/i;

/** Whether there is a password among the words of a command. */
export function holdsSecret([name = "", ...more]: readonly string[]): boolean {
  const names = [name.toLowerCase(), `${name}|${more[0]}`.toLowerCase()];
  const [secret] = names.flatMap((one) => SECRETS[one] ?? SECRETS_ELSEWHERE[one] ?? []);
  if (secret === "behind auth") return more.some((one) => /^auth2?$/i.test(one));
  if (secret === "passwords") return more.some((one) => PASSWORDS.test(one));
  return secret === "all" && more.length > 0;
}

/**
 * Whether what was typed is not to be kept anywhere: it is read as it would be run. So is each of its lines, where it has several: who
 * has left a quote open may not know that what follows belongs to it.
 */
export function isSecret(typed: string): boolean {
  return isSecretLine(typed) || (typed.includes("\n") && typed.split("\n").some(isSecretLine));
}

function isSecretLine(line: string): boolean {
  // With a quote that is not closed it does not run, and holds what it would have sent all the same.
  const args = words(line) ?? line.replace(/["']/g, " ").trim().split(/\s+/);
  times(args);
  return holdsSecret(args);
}
