/**
 * What the package has to know of single commands, and the rows of the table do not say yet: the one place for it. Each list names the
 * fact of a row that would make it needless. What rows do say is in `commands.gen.ts`. Names are in lower case.
 */

const names = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Commands whose session stays open and goes on talking. Row: that a command is a stream. */
export const STREAMS = /* @__PURE__ */ names("subscribe psubscribe ssubscribe monitor");

/** What ends subscriptions, by the command that began them. Row: which stream a command ends. */
export const ENDS: ReadonlyMap<string, string> = new Map([
  ["unsubscribe", "subscribe"],
  ["punsubscribe", "psubscribe"],
  ["sunsubscribe", "ssubscribe"],
]);

/** What sends to a channel, which is its first argument. Row: a key spec of kind "channel". */
export const PUBLISHES = /* @__PURE__ */ names("publish spublish");

/** What would end a transaction before its end, or cannot be in one. Row: its effect on the session, "transaction" or "end". */
export const NOT_QUEUED = /* @__PURE__ */ names("multi exec discard watch reset quit");

/** What changes the session, or concerns it alone. Row: its effect on the session. */
export const SESSION = /* @__PURE__ */ names("select client hello auth reset quit unwatch");

/** Of these, and of what else a session answers by itself, those that need no data. Row: as above, "session" or "none". */
export const OWN = /* @__PURE__ */ names("hello auth select reset quit ping echo exec discard unwatch");

/** The same of the subcommands of CLIENT. */
export const OWN_CLIENT = /* @__PURE__ */ names("setname getname setinfo id no-evict no-touch");

/** The commands by which a session is made what another one was. Row: an effect on the session that lasts. */
export const RECALLED = /* @__PURE__ */ names("hello select client");

/** What needs a session that outlives a request. Row: its effect on the session, other than "none" and SELECT's. */
export const NEEDS_SESSION = /* @__PURE__ */ names(
  "watch unwatch multi exec discard subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe monitor reset quit hello client shutdown",
);

/** How the answers of several objects to a command that concerns all of them become one. Row: Redis's tips, `response_policy`. */
export const MERGED: ReadonlyMap<string, "sum" | "first" | "concat" | "any" | "info"> = new Map([
  ["dbsize", "sum"],
  ["flushall", "first"],
  ["flushdb", "first"],
  ["keys", "concat"],
  ["swapdb", "first"],
  ["randomkey", "any"],
  ["info", "info"],
  ["config|set", "first"],
  ["config|resetstat", "first"],
  ["save", "first"],
  ["bgsave", "first"],
  ["bgrewriteaof", "first"],
]);

/** Which words of a command hold a password, and when. Row: which argument is secret. */
export function holdsSecret(args: readonly string[]): boolean {
  const [name, sub] = args.slice(0, 2).map((one) => one.toLowerCase());
  const more = args.slice(1);
  switch (name) {
    case "auth":
      return more.length > 0;
    case "hello":
      return more.some((one) => /^auth$/i.test(one));
    case "migrate":
      return more.some((one) => /^auth2?$/i.test(one));
    case "config":
      return sub === "set" && more.some((one) => SECRET_PARAMETERS.test(one));
    case "acl":
      return sub === "setuser";
  }
  return false;
}

const SECRET_PARAMETERS = /^(requirepass|masterauth|tls-key-file-pass|tls-client-key-file-pass)$/i;

/** Commands of other servers whose reply is text for people; those of this one are in its table. */
export const TEXTS_ELSEWHERE = /* @__PURE__ */ names(
  "lolwut memory|doctor memory|malloc-stats latency|doctor latency|graph latency|histogram cluster|info cluster|nodes debug|htstats debug|htstats-key",
);
