/** Users as `open` is given them, made into the lines that the engine reads: those of ACL LIST. */

/** A user and what it may do. */
export interface User {
  name: string;
  /** Passwords. Without one, nobody can log in as this user; the host can still open sessions for it. */
  passwords?: readonly string[];
  /** The rules of ACL SETUSER about commands, keys and channels: `["~tenant:*", "+@all", "-@dangerous"]`, or in one string. */
  rules?: string | readonly string[];
  /** Default: true. */
  enabled?: boolean;
}

function refuse(what: string): never {
  throw new TypeError(`open(): users: ${what}`);
}

function line(user: string | User): string {
  if (typeof user === "string") {
    if (/[\n\r\0]/.test(user)) refuse("a line has no line ends in it");
    return user.startsWith("user ") ? user : `user ${user}`;
  }
  if (typeof user !== "object" || user === null) refuse("each is a line as ACL LIST gives it, or an object");
  const { name, passwords = [], rules = [], enabled = true, ...rest } = user;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) refuse(`there is no field '${unknown}'; there are name, passwords, rules, enabled`);
  if (typeof name !== "string" || name === "" || /[\s\0]/.test(name)) refuse("a name has neither spaces nor line ends");
  if (!Array.isArray(passwords) || passwords.some((one) => typeof one !== "string" || one === "" || /[\s\0]/.test(one)))
    refuse(`passwords of '${name}' must be an array of texts without spaces`);
  const list: readonly unknown[] = typeof rules === "string" ? rules.split(" ") : rules;
  // A name that a program puts into a pattern must not become a rule of its own.
  const isRule = (one: unknown): boolean => typeof one === "string" && (/^\([^\n\r\0]*\)$/.test(one) || !/[\s\0]/.test(one));
  if (!Array.isArray(list) || !list.every(isRule)) refuse(`rules of '${name}' must be texts without spaces, or a selector in parentheses`);
  return ["user", name, enabled ? "on" : "off", ...passwords.map((one) => `>${one}`), ...list].join(" ");
}

/** The text for the engine; `undefined` where there is nothing to be set. @internal */
export function usersText(users: readonly (string | User)[] | undefined): string | undefined {
  if (users === undefined) return undefined;
  if (!Array.isArray(users)) refuse("an array");
  return users.map(line).join("\n");
}
