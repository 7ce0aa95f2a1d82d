/**
 * COMPAT.md: every command that Redis 8.6 knows (recorded in `tests/data/commands.json`), and whether it is here, here
 * with a difference, or not here and why. What differs is written down in this file.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./common.mjs";

const CURSOR = "same guarantees, but a different order and other cursors for a hashtable; COUNT is followed closely";
const TABLE = "members of a hashtable come in a different order";
const FIELDS = "the fields of a hashtable come in a different order";
const SEED = "random, from the engine's own seed";
const HUGE = `${SEED}; a negative count whose reply would exceed proto-max-bulk-len is out of range, where Redis builds the reply until it runs out of memory`;
const GONE = "a field past its deadline is gone; Redis can still give it a new deadline until it has removed it";
const STORED = "a result in a listpack can have its members in a different order";
const ENCODING = `${STORED}; with set-max-intset-entries below set-max-listpack-entries it can have a different encoding, since both depend on the order of hashtables`;
const SORT =
  "elements that ALPHA considers equal keep their order, also with LIMIT; ALPHA compares bytes: there is no locale-collate; what BY and GET look up counts as neither a hit nor a miss nor an access, and causes no `keymiss`; BY a constant, the members of a hashtable come in a different order";
const ALL_CHANNELS = "without arguments: the replies come in a different order";

/** Differences of single commands, in lower case. */
const DIFFERENT = {
  bgrewriteaof: "writes a snapshot to the open store; an error if there is none",
  bgsave:
    "writes an RDB file where the host has files (`file:`, `serve`), otherwise a snapshot to the open store; an error if there is neither",
  save: "like BGSAVE, but answered when it is done; an error if there is neither",
  shutdown: "the host decides what ends: the server, the process, or the database",
  acl: "CAT: a different order; GENPASS draws from the engine's seed; LOG: `client-info` is like CLIENT LIST's; a PSUBSCRIBE pattern is compared as a whole with those of `&` (Redis 8.6.3: up to its first zero byte)",
  exec: "checks again whether the user may access the keys of the queued commands; Redis 8.6.3 only checks commands and channels (8.0 checks all three)",
  vadd: "neighbours are chosen by an algorithm of its own, so VLINKS, `max-level` and the elements that a search among thousands misses differ; CAS and NOTHREAD change nothing, as there are no threads; DOCS describes REDUCE as an option with a number",
  vsim: "scores of vectors of more than seven dimensions may differ in their last digits: the order in which products are added is not Redis's; among elements equally far away, TRUTH shows first the one that was added first, as long as nothing was removed or set again",
  vinfo: "`vset-uid` is 0 for a set that was loaded or restored",
  auth: "within MULTI a wrong password is an error like any other; Redis 8.6.3 leaves its place in EXEC's reply empty",
  client:
    "LIST and INFO: descriptors are -1; `qbuf`, `obl`, `omem` and `tot-mem` are what the engine holds, not what is in a socket's own buffers; `rbs` and `rbp` are its capacity; `argv-mem` is 0; `maxmemory-clients` counts the same, after each call from a socket; sessions that the host opened in process are listed too, without addresses. PAUSE holds up what comes over sockets, but no calls in process; a key that expires meanwhile is still removed when somebody looks at it",
  command:
    "COUNT, LIST and INFO cover what is here; DOCS gives no `since` for single arguments; GETKEYS names the destination of ZUNIONSTORE and the like first",
  config:
    "every parameter of Redis 8.6 is there, with its values and errors; those without a meaning here are stored but change nothing: all of `active-defrag-*`, `cluster-*`, `io-threads`, `lazyfree-*`, `oom-score-adj*`, `repl*`, `tls-*` and `*-cpulist`, those about the process, its log and its threads, `activerehashing`, `hz`, `key-memory-histograms`, `list-compress-depth`. `bind` and `port` are the host's and cannot be set; `appendonly` and `dir` are `serve`'s: an append-only file can be started and ended while the server runs (but not beside a store that is one RDB file, nor with several shards), and `dir` must be a folder, where RDB files go; elsewhere `appendonly` only accepts its current value. `save` is empty by default; if it is not empty, snapshots are written as it says, as RDB files where SAVE writes those; REWRITE needs the file that the server was started with",
  dbsize: "keys to which SET gave a deadline in the past are not counted (Redis counts them until it comes across them)",
  debug:
    "OBJECT (no address), SET-ACTIVE-EXPIRE, SLEEP (over a socket everyone waits for the host's timer; a call in process is answered at once), RELOAD (in memory: NOSAVE has no file), DIGEST, DIGEST-VALUE, LISTPACK, QUICKLIST, SDSLEN (lengths alone), HTSTATS and HTSTATS-KEY (no chains), PROTOCOL, POPULATE, ERROR, LOADAOF (its error), HELP; those that switch something missing here (DICT-RESIZING, PAUSE-CRON, QUICKLIST-PACKED-THRESHOLD ...) answer OK; STRINGMATCH-LEN, which Redis 8.6 no longer has; needs no enable-debug-command",
  dump: "the members of a hashtable come in a different order, as from any other server",
  hdel: "a field past its deadline is gone, and not counted as deleted",
  hello: "lists no modules",
  hexpire: GONE,
  hexpireat: GONE,
  hgetall: FIELDS,
  hkeys: FIELDS,
  hlen: "fields past their deadline are not counted (Redis counts them until it has removed them)",
  hpexpire: GONE,
  hpexpireat: GONE,
  hrandfield: HUGE,
  hscan: CURSOR,
  hset: "a field past its deadline counts as new",
  hsetex:
    "also takes `key field value seconds`: sets one field and the TTL of the whole hash, answers 1 for a new field and 0 for an updated one. In Redis that is an arity error",
  hvals: FIELDS,
  hotkeys:
    "processor time is that of the commands; DURATION ends to the millisecond; names over 64 KB are left out; keys with equal sums can come in a different order",
  info: "lines about processes, disks, replicas, CPU, rates and the allocator are left out or zero; times in commandstats and latencystats are measured over sockets, and in process once a client sets `slowlog-log-slower-than`, `latency-monitor-threshold` or `latency-tracking`, or sends HOTKEYS START; Keysizes looks at every key, which takes some tenths of a second for a million: beyond 100,000 keys it is only there if it is named",
  latency:
    "measured over sockets; in process once a client sets `slowlog-log-slower-than`, `latency-monitor-threshold` or `latency-tracking`. The events are `command` and `fast-command`",
  slowlog: "commands over sockets; in process once a client sets `slowlog-log-slower-than`",
  keys: "a different order",
  pubsub: "CHANNELS and SHARDCHANNELS: a different order",
  punsubscribe: ALL_CHANNELS,
  randomkey: SEED,
  lolwut: "in every version the picture is a maze, of one size",
  memory:
    "USAGE and STATS count Wakey's own structures; MALLOC-STATS has nothing to report and DOCTOR only looks at the peak, as there is no jemalloc",
  scan: "same guarantees, but a different order and other cursors; COUNT is followed closely",
  script: "DEBUG accepts its modes, but there is no debugger",
  restore:
    "checks every byte whatever `sanitize-dump-payload` says, and refuses an element that occurs twice; an IDLETIME over 194 days is kept as it is (Redis's clock wraps around)",
  sdiff: TABLE,
  sdiffstore: ENCODING,
  sinter: TABLE,
  sinterstore: STORED,
  smembers: TABLE,
  sort: SORT,
  sort_ro: SORT,
  spop: SEED,
  srandmember: HUGE,
  sscan: CURSOR,
  sunion: TABLE,
  sunionstore: ENCODING,
  sunsubscribe: ALL_CHANNELS,
  time: "as precise as the host's clock: Date.now() has milliseconds",
  unsubscribe: ALL_CHANNELS,
  xadd: "IDMPAUTO derives different ids from the same message: one that one server knows is new to the other",
  xdelex: "with DELREF, a pending entry that is already gone from the stream is removed from journals, too",
  xinfo: "STREAM: producers' messages (IDMP) are counted until they expire, not until somebody looks for them",
  xread: "MAXCOUNT and MAXSIZE follow Redis's documents, with errors in Wakey's words",
  xreadgroup:
    "MAXCOUNT and MAXSIZE follow Redis's documents, with errors in Wakey's words; a client that waits with CLAIM is served to the millisecond",
  zrandmember: HUGE,
  zscan: CURSOR,
};

/** Commands of later releases than the server that was asked, and what the documents leave open of them. */
const DOCUMENTED = {
  xnack:
    "in journals and RDB files, an entry that was given back belongs to a consumer without a name since 1970, which Redis 8.6 can load; a CLAIM says how long ago 1970 was",
  backup:
    "on a store that is a folder, or with `appendonly yes`: no append-only file is started for a server without one. The OK of START means that it was requested; STATUS reports a folder that is not empty, and any other failure, in Wakey's words, like the errors. Nothing is `pending`. Rewrites go on meanwhile: LIST then has several increments. A backup that is not sealed ends with the server; a sealed one stays, but is not remembered. No `preload-file`: the files go into the `appendonlydir` of a new folder",
  lmovem: "one by one from an end of a list to the same end of it, it is always the same element",
  argrep:
    "RE takes POSIX expressions, and of what TRE adds to them `\\w \\s \\d \\b \\B \\< \\>`, `\\t \\n \\r \\f \\a \\e \\x`; an expression of more than 4096 states is refused (`Out of memory`)",
  arinfo: "`directory-size` is the number of slices, and `super-dir-entries` 0: there is one directory, sorted",
  arlastitems: "backwards from where the next element would be appended, including places where nothing is",
  arring: "ARLEN tells whether a ring changes its size, as no size is kept with it",
  arscan: "downwards if the first index is the higher one",
};

/** Differences that belong to no single command. */
const GENERAL = [
  "A key or field is gone at the millisecond of its deadline, and its event comes then. Redis keeps it until the end of that millisecond, and emits the event on removal.",
  "A command takes at most 1,048,576 arguments; Redis accepts up to 2,147,483,647.",
  "HELP subcommands list what is there.",
  "Ranges by member (ZRANGEBYLEX, ZREVRANGEBYLEX, ZLEXCOUNT, ZREMRANGEBYLEX, BYLEX) are defined only among equal scores. Otherwise a skiplist answers differently from Redis's.",
  "Eviction: `volatile-ttl` is exact. Replies and the journal do not count towards `maxmemory`. `maxmemory-eviction-tenacity` is a number of keys, not a time: the host's timer continues with the rest. Without `maxmemory` the limit in WebAssembly is 3 GiB.",
  "A name such as `client|id` is not a command. Redis 8.6 accepts it on a connection whose last command it was.",
  "Redis 8.6 loses the reply to a failed AUTH that is not the first command of a pipeline, or in a transaction; Wakey answers.",
  "Redis 8.6.3 crashes on HSETEX with a deadline for a field of a hashtable that is named twice, and on HEXPIRE and the like with a number of fields near 2,147,483,647; after a command with a number out of range, its SORT can claim that numeric elements are not numbers. Wakey answers.",
  "To SET with GET and a digest whose length is not 16, Redis 8.6.3 sends the old value followed by an error; Wakey sends only the error.",
  "A session has at most 1,024 field sets of HIMPORT. Hashes made from them are kept like any other, with their fields in the order of PREPARE: there are no templates.",
  "In scripts `redis.log` writes nowhere, and `redis.breakpoint` and `redis.debug` do nothing: there is no log, and no debugger.",
  "A script may carry the flag `allow-key-locking`, which is Upstash's.",
  "A script that cannot be paused (in a transaction, in a C function such as `pcall`, or in process) ends as if it were killed when its time is up, unless it has changed something.",
  "A script that runs longer than `busy-reply-threshold` over a socket is paused, as in Redis: others get BUSY until it ends or is killed. A call in process cannot be paused: after `scriptTimeout` (5 seconds) it ends with the error of SCRIPT KILL, unless it has written.",
  "Arrays (Redis 8.8): they follow the documents, not a server. Slices have 4096 positions and are dense when three quarters of them are filled: there are no `array-slice-size`, `array-sparse-kmax` and `array-sparse-kmin`. How Redis 8.8 writes them to DUMP and RDB is not known here: Wakey writes a module's value, `wakey-arr`, which it reads back and Redis refuses (`redis-check-rdb` skips it); arrays in a file from Redis 8.8 are refused here. Snapshots as commands (`aof`) are ARMSET and ARSEEK. DEBUG DIGEST is Wakey's own for them.",
  "With `dialect: \"valkey\"`: keys are not ordered by slot, so CLUSTERSCAN walks a node's consecutive slots as one: a call looks at COUNT of all keys, as SCAN does; the tag is that of their first slot until all have been seen; a walk of one SLOT costs as much as one of all keys, and starts over at that slot if another one comes or goes after it. Parameters that only Valkey has are here if they do something: `commandlog-*` and `availability-zone`. HELP of CLIENT, SCRIPT, ACL and DEBUG, and COMMAND DOCS of commands that Redis has too, are Redis's. A field lives until the year 4199 at most; a later deadline becomes that. In distances from the middle of a polygon the last digits of a double may differ. DUMP, RESTORE and RDB files are Valkey's; DEBUG DIGEST-VALUE of fields with deadlines is Redis's, and a payload from Redis 8 is refused whatever `rdb-version-check` says. COMMANDLOG counts what EXEC runs by its own length, not by that of EXEC. Other differences from 9.1.2, as far as a million random commands have shown, and what was left out of those: an embedded string stays embedded when a TTL is given and taken away again; what FLUSHALL invalidates is sent before its reply, not after it; HSETEX and GEORADIUS update their keys in COMMAND INFO and GETKEYSANDFLAGS, where Valkey has `insert` and `variable_flags`; if a key of HSETEX is called NX, XX, FNX or FXX, Valkey reports its event under another name.",
  'With `dialect: "dragonfly"`: HSETEX in its own form, FIELDTTL and FIELDEXPIRE of hashes, PREPEND, RM and CL.THROTTLE follow the documents, not a server. Seconds of CL.THROTTLE are rounded up. SADDEX is not here: a table of deadlines beside each set would have to be maintained by every command that writes sets, by the journal, by snapshots and by DUMP, at the cost of all sets. Nor is STICK: an entry has no spare bit for keys that are never evicted.',
  'With `dialect: "dicedb"` errors without a code of their own begin with `ERROR` instead of `ERR`. `X.WATCH` is there for every command X that reads keys and does not wait (`GET.WATCH`, `HGETALL.WATCH`, ...), and in RESP3 sends pushes; a session watches at most 256 commands of 16 KiB, and a push is sent after each change, whether or not the reply differs. `X.WATCH GET key` is the same as `GET.WATCH key`. Q.WATCH is not here: its subset of SQL, over all keys, is a language of its own. SLEEP holds up only its own session; ABORT ends without saving. All other texts are those of Redis, since its documents contradict each other and its code: the page of MSET has `ERROR wrong number of arguments`, that of DBSIZE errors with `ERR`, and v0.1.0 answers `ERR` to both.',
  "Left out, as the keyspace has no table to make them cheap: KeyDB's EXPIREMEMBER and Garnet's ZEXPIRE, which need deadlines of members of sets and sorted sets, as SADDEX does; Garnet's ETags, which need a counter in every entry.",
  "From JavaScript, a value that is not a string, number, bigint or bytes is refused with `ERR value is not a valid string` (`ERROR` for DiceDB) before the command runs.",
];

/** The five documents the project began with: where they, Redis 8 and Wakey say different things. */
const DOCUMENTS = [
  "HMSET (Dragonfly's): the reply is the simple string OK; the quotes in the document are its client's. HGETALL answers a map in RESP3, and in RESP2 the array that the document shows.",
  "HSET (Redis's): no difference.",
  "MSET (DiceDB's): its error codes (`ERROR`) with `dialect: \"dicedb\"`, otherwise Redis's. `value is not a valid string` cannot happen over a socket, where everything is bytes; the JavaScript methods raise it before anything is set.",
  "HSETEX (Redis's): the example's EXAT is in the past by now, so the fields are set and removed at once, as in Redis 8.",
  "HSETEX has three forms, told apart by what follows the key. A word: Redis's `[FNX | FXX] [EX ...] FIELDS numfields field value ...`. An integer: Dragonfly's `seconds field value [field value ...]`, a TTL for each field. But where there are exactly four arguments and the last is an integer, it is the short form of Wakey's first documents, `key field value seconds`, a TTL for the whole hash: `HSETEX session 30 user alice` is Dragonfly's, `HSETEX session user alice 30` and `HSETEX session 30 visits 5` are the short form. With `dialect: \"dragonfly\"` Dragonfly's wins wherever it fits, and may begin with `[NX | FNX | FXX] [KEEPTTL]`; with `dialect: \"valkey\"` there is only Valkey's, which has `[NX | XX]` for the key.",
];

/** Why a command, or a subcommand of one that is here, is not. */
const REASONS = {
  "cluster migration": "nodes are of one process, and slots move at once",
  "cluster syncslots": "nodes are of one process, and slots move at once",
  migrate: "one engine is one node",
  module: "modules are native code",
  psync: "there are no replicas",
  replconf: "there are no replicas",
  "restore-asking": "one engine is one node",
  trimslots: "one engine is one node",
  sync: "there are no replicas",
};

/** Why a command is not here. Every one that is not has a reason. */
function absent(name) {
  const reason = REASONS[name];
  if (!reason) throw new Error(`compat.mjs does not say why ${name} is not here`);
  return reason;
}

/** The subcommands of a command that are not here, those with the same reason together. */
function missing(command, row) {
  const last = (one) => one.name.split(/[ |]/).pop().toLowerCase();
  const have = new Set((row.subcommands ?? []).map(last));
  const reasons = new Map();
  for (const sub of (command.subcommands ?? [])
    .map(last)
    .filter((sub) => !have.has(sub))
    .sort()) {
    const text = `not here (${absent(`${command.name.toLowerCase()} ${sub}`)})`;
    reasons.set(text, [...(reasons.get(text) ?? []), sub.toUpperCase()]);
  }
  return [...reasons].map(([text, subs]) => `${subs.join(", ")}: ${text}`);
}

/** What is written down above must be about commands that are here, or are not. */
function checkNames(commands, here) {
  const known = new Set(commands.map((command) => command.name.toLowerCase()));
  for (const name of Object.keys(DOCUMENTED)) {
    if (!here.has(name) || known.has(name)) throw new Error(`compat.mjs: ${name} is not here, or the server that was asked has it`);
  }
  for (const name of Object.keys(DIFFERENT)) {
    if (!here.has(name)) throw new Error(`compat.mjs: ${name} is not here, and cannot differ`);
  }
  for (const name of Object.keys(REASONS)) {
    const [top, sub] = name.split(" ");
    const is = sub ? here.get(top)?.subcommands.some((one) => one.name.toLowerCase().endsWith(sub)) : here.has(top);
    if (is || !known.has(top)) throw new Error(`compat.mjs: ${name} is here, or is no command`);
  }
}

export function compat(rows) {
  const { redis, commands } = JSON.parse(readFileSync(join(root, "tests/data/commands.json"), "utf8"));
  const here = new Map(rows.map((row) => [row.name.toLowerCase(), row]));
  checkNames(commands, here);
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
      note = [DIFFERENT[name], ...missing(command, row)].filter(Boolean).join("; ");
      if (note) state = "differs";
    } else [state, note] = ["no", absent(name)];
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(`| ${command.name.toUpperCase()} | ${state} | ${note} |`);
  }
  const isLater = (since) => since.localeCompare(redis, "en", { numeric: true }) > 0;
  const asked = new Set(commands.map((command) => command.name.toLowerCase()));
  for (const row of [...rows].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = row.name.toLowerCase();
    if (asked.has(name) || !isLater(row.since)) continue;
    const group = `${row.group} (Redis ${row.since.replace(/\.0$/, "")})`;
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(`| ${row.name.toUpperCase()} | documents | ${DOCUMENTED[name] ?? ""} |`);
  }
  const order = [...groups].sort(
    (a, b) =>
      Number(b[1].some((line) => !/\| no \|/.test(line))) - Number(a[1].some((line) => !/\| no \|/.test(line))) || (a[0] < b[0] ? -1 : 1),
  );
  return `# Compatibility

Compared with Redis ${redis}: ${there} of its ${commands.length} commands are here. A command that is here has every option,
reply (RESP2 and RESP3) and error text of Redis; where it differs, the difference is below, and a difference that is not
below is a bug. Commands of later releases, which that server does not have, follow Redis's documentation. \`make gen\` writes this file from the command table and \`tests/data/commands.json\`.

## In general

${GENERAL.map((line) => `- ${line}`).join("\n")}

## The documents it began with

${DOCUMENTS.map((line) => `- ${line}`).join("\n")}

${order.map(([group, lines]) => `## ${group}\n\n| command | here | |\n|---|---|---|\n${lines.join("\n")}`).join("\n\n")}
`;
}
