/**
 * COMPAT.md: every command that a Redis 8.0 knows (recorded in `tests/data/commands.json`), and whether it is here, here
 * with a difference, or not here and why. What differs is written down in this file.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./common.mjs";

/** Differences of single commands, in lower case; containers' subcommands with a space. */
const DIFFERENT = {
  hsetex:
    "also takes `key field value seconds`: sets one field and the TTL of the whole hash, answers 1 for a new field and 0 for an updated one. In Redis that is an arity error",
  debug: "OBJECT, SET-ACTIVE-EXPIRE, SLEEP (answers at once: time is the host's), STRINGMATCH-LEN, HELP",
  scan: "same guarantees, other order and cursors; COUNT is kept closely",
  hscan: "same guarantees, other order and cursors; COUNT is kept closely",
  keys: "another order",
  randomkey: "random by the engine's own seed",
  hrandfield:
    "random by the engine's own seed; a negative count whose reply would pass proto-max-bulk-len is out of range, where Redis builds it until its memory ends",
  hexpire: "a field past its deadline is gone; Redis can still give it a new one until it has removed it",
  object: "REFCOUNT of a small integer that COPY made counts as shared",
  hlen: "fields past their deadline are not counted (Redis counts them until it has removed them)",
  hset: "a field past its deadline counts as new",
  info: "lines about processes, disks, replicas and CPU are left out or zero; commandstats have no times",
  time: "as fine as the host's clock: Date.now() knows milliseconds",
  config: "the parameters that mean something here; REWRITE answers that there is no file",
  hello: "lists no modules",
  command: "DOCS gives no `since` of single arguments",
  client: "ID, GETNAME, SETNAME, SETINFO, INFO, LIST, KILL, REPLY, NO-EVICT, NO-TOUCH, HELP",
  flushall: "ASYNC frees at once: there is one thread",
  flushdb: "ASYNC frees at once: there is one thread",
  unlink: "frees at once: there is one thread",
  auth: "one user, `default`; no ACL yet",
};

/** Differences that belong to no single command. */
const GENERAL = [
  "A key or field is gone at the millisecond of its deadline. Redis lets it live through that millisecond.",
  "A command takes at most 1,048,576 arguments; Redis 8.0 waits for up to 2,147,483,647.",
  "HELP subcommands list what is there.",
  "`maxmemory-policy` is accepted (LFU policies change what OBJECT FREQ tells), but nothing is evicted yet: past `maxmemory`, writes get the OOM error as with `noeviction`. Without `maxmemory` the limit in WebAssembly is 3 GiB.",
  "Redis 8.0.2 loses the reply to a failed AUTH that is not the first command of a pipeline; Wakey answers.",
  'With `dialect: "dicedb"` errors without a code of their own begin with `ERROR` instead of `ERR`.',
  "From JavaScript, a value that is no string, number, bigint or bytes is refused with `ERR value is not a valid string` (`ERROR` for DiceDB) before the command runs.",
];

/** The five documents the project began with: where they, Redis 8 and Wakey say different things. */
const DOCUMENTS = [
  "HMSET (Dragonfly's): the reply is the simple string OK; the quotes in the document are its client's. HGETALL answers a map in RESP3, the array that the document shows in RESP2.",
  "HSET (Redis's): no difference.",
  "MSET (DiceDB's): its error codes (`ERROR`) with `dialect: \"dicedb\"`, else Redis's. `value is not a valid string` cannot happen over a socket, where everything is bytes; the JavaScript methods raise it before anything is set.",
  "HSETEX (Redis's): the example's EXAT lies in the past by now, which sets the fields and removes them at once, as in Redis 8.",
  "HSETEX (Dragonfly's short form): in every dialect; it is told from the other by having exactly four arguments, the last an integer. Any other four are Redis's arity error.",
];

/** Why a group is not here. */
const LATER = {
  list: "later: lists",
  set: "later: sets",
  "sorted-set": "later: sorted sets",
  stream: "later: streams",
  bitmap: "later: bitmaps",
  hyperloglog: "later: HyperLogLog",
  geo: "later: geo",
  pubsub: "later: publish and subscribe",
  transactions: "later: transactions",
  scripting: "later: scripting",
  cluster: "no: one engine is one node",
  module: "no: modules are native code",
};

/** Why a single command is not here. */
const REASONS = {
  dump: "later: with persistence",
  restore: "later: with persistence",
  "restore-asking": "no: one engine is one node",
  migrate: "no: one engine is one node",
  sort: "later: with lists",
  sort_ro: "later: with lists",
  wait: "no: there are no replicas",
  waitaof: "no: there is no append-only file",
  acl: "later: users",
  bgrewriteaof: "later: with persistence",
  bgsave: "later: with persistence",
  save: "later: with persistence",
  lastsave: "later: with persistence",
  shutdown: "no: the host ends the process",
  failover: "no: there are no replicas",
  psync: "no: there are no replicas",
  sync: "no: there are no replicas",
  replconf: "no: there are no replicas",
  replicaof: "no: there are no replicas",
  slaveof: "no: there are no replicas",
  role: "later",
  latency: "later",
  lolwut: "later",
  memory: "later",
  module: "no: modules are native code",
  monitor: "later",
  slowlog: "later",
};

export function compat(rows) {
  const { redis, commands } = JSON.parse(readFileSync(join(root, "tests/data/commands.json"), "utf8"));
  const here = new Map(rows.map((row) => [row.name.toLowerCase(), row]));
  const groups = new Map();
  let there = 0;
  for (const command of [...commands].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))) {
    const name = command.name.toLowerCase();
    const group = command.docs.group;
    const row = here.get(name);
    let state = "yes";
    let note = "";
    if (row) {
      there++;
      note = DIFFERENT[name] ?? "";
      if (note) state = "differs";
      const subs = (command.subcommands ?? []).map((one) => one.name.split("|").pop().toUpperCase());
      const have = new Set((row.subcommands ?? []).map((one) => one.name.split(/[ |]/).pop().toUpperCase()));
      const missing = subs.filter((one) => !have.has(one)).sort();
      if (missing.length > 0) {
        state = "differs";
        note = [note, `not here: ${missing.join(", ")}`].filter(Boolean).join("; ");
      }
    } else {
      state = "no";
      const reason = REASONS[name] ?? LATER[group] ?? "later";
      state = reason.startsWith("later") ? "not yet" : "no";
      note = reason.replace(/^(later|no)(: )?/, "");
    }
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(`| ${command.name.toUpperCase()} | ${state} | ${note} |`);
  }
  const order = [...groups].sort(
    (a, b) =>
      Number(b[1].some((line) => !/\| (no|not yet) \|/.test(line))) - Number(a[1].some((line) => !/\| (no|not yet) \|/.test(line))) ||
      (a[0] < b[0] ? -1 : 1),
  );
  return `# Compatibility

Held against Redis ${redis}: ${there} of its ${commands.length} commands are here. A command that is here has every option,
reply (RESP2 and RESP3) and error text of Redis; where it differs, the difference is below, and a difference that is not
below is a bug. \`make gen\` writes this file from the command table and \`tests/data/commands.json\`.

## In general

${GENERAL.map((line) => `- ${line}`).join("\n")}

## The documents it began with

${DOCUMENTS.map((line) => `- ${line}`).join("\n")}

${order.map(([group, lines]) => `## ${group}\n\n| command | here | |\n|---|---|---|\n${lines.join("\n")}`).join("\n\n")}
`;
}
