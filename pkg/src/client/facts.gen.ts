/**
 * What hosts go by, from the rows of the command table: `OnSession`, `Shards`, `Secret` and `flags` in
 * `src/table/spec.rs` say what the words mean. Names are in lower case; a subcommand is behind a bar. Made by `make gen`; do not
 * edit.
 */
import { named } from "./named.js";

/** What a command does to the session that sends it; of others nothing. */
export type OnSession =
  | "asks"
  | "authenticates"
  | "ends"
  | "monitors"
  | "mutes"
  | "selects"
  | "sets"
  | "shuts down"
  | "subscribes"
  | "transaction"
  | "unsubscribes"
  | "unwatches"
  | "watches";
export const SESSION = /* @__PURE__ */ named<OnSession>({
  "acl|whoami": "asks",
  asking: "sets",
  auth: "authenticates",
  client: "sets",
  "client|caching": "sets",
  "client|getname": "asks",
  "client|getredir": "asks",
  "client|id": "asks",
  "client|no-evict": "sets",
  "client|no-touch": "sets",
  "client|reply": "mutes",
  "client|setinfo": "sets",
  "client|setname": "sets",
  "client|tracking": "sets",
  "client|trackinginfo": "asks",
  discard: "transaction",
  echo: "asks",
  exec: "transaction",
  hello: "sets",
  "himport|discard": "sets",
  "himport|discardall": "sets",
  "himport|prepare": "sets",
  monitor: "monitors",
  multi: "transaction",
  ping: "asks",
  psubscribe: "subscribes",
  punsubscribe: "unsubscribes",
  quit: "ends",
  readonly: "sets",
  readwrite: "sets",
  reset: "ends",
  select: "selects",
  shutdown: "shuts down",
  ssubscribe: "subscribes",
  subscribe: "subscribes",
  sunsubscribe: "unsubscribes",
  unsubscribe: "unsubscribes",
  unwatch: "unwatches",
  watch: "watches",
});

/** How the replies of several databases to a command become one. Others go to the database of their keys, or to any. */
export type Shards = "any" | "concat" | "cursor" | "first" | "info" | "least" | "once" | "sum";
export const SHARDS = /* @__PURE__ */ named<Shards>({
  "acl|deluser": "first",
  "acl|load": "first",
  "acl|save": "first",
  "acl|setuser": "first",
  "backup|abort": "first",
  "backup|cleanup": "first",
  "backup|list": "first",
  "backup|seal": "first",
  "backup|start": "first",
  "backup|status": "first",
  bgrewriteaof: "first",
  bgsave: "first",
  "client|pause": "first",
  "client|unpause": "first",
  "cluster|slot-stats": "concat",
  "config|resetstat": "first",
  "config|rewrite": "first",
  "config|set": "first",
  dbsize: "sum",
  flushall: "first",
  flushdb: "first",
  "function|delete": "first",
  "function|flush": "first",
  "function|kill": "once",
  "function|load": "first",
  "function|restore": "first",
  "function|stats": "first",
  info: "info",
  keys: "concat",
  "latency|reset": "sum",
  "memory|purge": "first",
  randomkey: "any",
  replicaof: "first",
  save: "first",
  scan: "cursor",
  "script|exists": "least",
  "script|flush": "first",
  "script|kill": "once",
  "script|load": "first",
  slaveof: "first",
  "slowlog|get": "concat",
  "slowlog|len": "sum",
  "slowlog|reset": "first",
  swapdb: "first",
});

/** Which arguments of a command are secret. */
export type Secret = "all" | "behind auth" | "passwords";
export const SECRETS = /* @__PURE__ */ named<Secret>({
  "acl|deluser": "all",
  "acl|getuser": "all",
  "acl|setuser": "all",
  auth: "all",
  "config|set": "passwords",
  hello: "behind auth",
});

/** What a transaction does not queue, but runs at once: it ends one, or cannot be in it. */
export const AT_ONCE: ReadonlySet<string> = /* @__PURE__ */ new Set(["discard", "exec", "multi", "quit", "reset", "watch"]);

/** What runs a script: its first argument; the second one says how many keys follow. */
export const RUNS: ReadonlySet<string> = /* @__PURE__ */ new Set(["eval", "evalsha", "evalsha_ro", "eval_ro", "fcall", "fcall_ro"]);

/** What sends to a channel, which is its first argument. */
export const PUBLISHES: ReadonlySet<string> = /* @__PURE__ */ new Set(["publish", "spublish"]);
