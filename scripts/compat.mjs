/**
 * COMPAT.md: every command that Redis 8.6 knows (recorded in `tests/data/commands.json`), and whether it is here, here
 * with a difference, or not here and why. What differs is written down in this file.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./common.mjs";

const CURSOR = "same guarantees, other order and cursors where it is a table; COUNT is kept closely";
const TABLE = "members of a hashtable come in another order";
const FIELDS = "the fields of a hashtable come in another order";
const SEED = "random by the engine's own seed";
const HUGE = `${SEED}; a negative count whose reply would pass proto-max-bulk-len is out of range, where Redis builds it until its memory ends`;
const GONE = "a field past its deadline is gone; Redis can still give it a new one until it has removed it";
const STORED = "a result in a listpack can have its members in another order";
const ENCODING = `${STORED}; with set-max-intset-entries below set-max-listpack-entries it can have another encoding, since both follow from the order of tables`;
const SORT =
  "elements that ALPHA finds equal keep their order, also with LIMIT; ALPHA compares bytes: there is no locale-collate; what BY and GET look up counts neither as hit nor as miss, nor as access, and is no `keymiss`; BY a constant, the members of a hashtable come in another order";
const ALL_CHANNELS = "without arguments: the replies come in another order";

/** Differences of single commands, in lower case. */
const DIFFERENT = {
  bgrewriteaof: "writes a snapshot into the open store; an error where there is none",
  bgsave:
    "writes an RDB file where the host has files (`file:`, `serve`), else a snapshot into the open store; an error where there is neither",
  save: "as BGSAVE, and answered when it is finished; an error where there is none",
  shutdown: "the host decides what ends: the server, the process, or the database",
  acl: "CAT: another order; GENPASS draws from the engine's seed; LOG: `client-info` is as CLIENT LIST is; a pattern of PSUBSCRIBE is compared whole with those of `&` (Redis 8.6.3: up to its first zero byte)",
  exec: "looks again whether the user may touch the keys of what was queued; Redis 8.6.3 only looks at commands and channels (8.0 at all three)",
  vadd: "neighbours are chosen by an algorithm of its own, so that VLINKS, `max-level`, and who is missed by a search among thousands are others; CAS and NOTHREAD change nothing, as there are no threads; DOCS tells REDUCE as an option with a number",
  vsim: "scores of vectors of more than seven dimensions may differ in their last digits: the order in which products are added is not Redis's; of those that are equally far, TRUTH shows first what came first, as long as nothing was removed or set anew",
  vinfo: "`vset-uid` is 0 for a set that was loaded or restored",
  auth: "within MULTI a wrong password is an error as any other; Redis 8.6.3 leaves its place in EXEC's reply empty",
  client:
    "LIST and INFO: descriptors are -1; `qbuf`, `obl`, `omem` and `tot-mem` are what the engine holds, not what is in a socket's own buffers, `rbs` and `rbp` its room, and `argv-mem` is 0, and so `maxmemory-clients` counts it, after each call of a socket's; sessions that the host opened in process are listed too, without addresses. PAUSE holds up what comes over sockets, and no calls in process; a key whose time comes meanwhile is still removed by whoever looks at it",
  command:
    "COUNT, LIST and INFO are about what is here; DOCS gives no `since` of single arguments; GETKEYS names the destination of ZUNIONSTORE and its kind first",
  config:
    "every parameter of Redis 8.6 is there, with its values and errors; those without a meaning here are kept, and change nothing: all of `active-defrag-*`, `cluster-*`, `io-threads`, `lazyfree-*`, `oom-score-adj*`, `repl*`, `tls-*` and `*-cpulist`, what is about the process, its log and its threads, `activerehashing`, `hz`, `key-memory-histograms`, `list-compress-depth`. `bind` and `port` are the host's and cannot be set; `appendonly` and `dir` are `serve`'s: an append-only file can be begun and ended while it runs (not beside a store that is one RDB file, nor for several shards), `dir` must be a folder, and is where RDB files go; elsewhere `appendonly` takes what is so already. `save` is empty unless it is given, and where it is not, snapshots are written as it says, RDB files where SAVE writes them; REWRITE needs the file that a server was started with",
  dbsize: "keys that SET gave a deadline in the past are not counted (Redis counts them until it meets them)",
  debug:
    "OBJECT (no address), SET-ACTIVE-EXPIRE, SLEEP (over a socket all wait for the host's timer; a call in process is answered at once), RELOAD (in memory: NOSAVE has no file), DIGEST, DIGEST-VALUE, LISTPACK, QUICKLIST, SDSLEN (lengths alone), HTSTATS and HTSTATS-KEY (no chains), PROTOCOL, POPULATE, ERROR, LOADAOF (its error), HELP; those that turn what is not here (DICT-RESIZING, PAUSE-CRON, QUICKLIST-PACKED-THRESHOLD ...) answer OK; STRINGMATCH-LEN, which Redis 8.6 has no more; needs no enable-debug-command",
  dump: "the members of a table come in another order, as from any other server",
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
    "the processor's time is that of the commands; DURATION ends to the millisecond; names of more than 64 KB are left out; keys with equal sums can come in another order",
  info: "lines about processes, disks, replicas, CPU, rates and the allocator are left out or zero; times in commandstats and latencystats are measured over sockets, and in process once a client sets `slowlog-log-slower-than`, `latency-monitor-threshold` or `latency-tracking`, or sends HOTKEYS START; Keysizes looks at every key, some tenths of a second for a million: where there are more than 100,000, only for who names it",
  latency:
    "measured over sockets; in process once a client sets `slowlog-log-slower-than`, `latency-monitor-threshold` or `latency-tracking`. The events are `command` and `fast-command`",
  slowlog: "commands over sockets; in process once a client sets `slowlog-log-slower-than`",
  keys: "another order",
  pubsub: "CHANNELS and SHARDCHANNELS: another order",
  punsubscribe: ALL_CHANNELS,
  randomkey: SEED,
  lolwut: "the picture is a maze in every version, of one size",
  memory: "USAGE and STATS count Wakey's own structures; MALLOC-STATS has none, and DOCTOR looks at the peak alone: there is no jemalloc",
  scan: "same guarantees, other order and cursors; COUNT is kept closely",
  script: "DEBUG takes its modes, and there is no debugger",
  restore:
    "looks at every byte whatever `sanitize-dump-payload` says, and refuses an element that comes twice; an IDLETIME over 194 days is kept as it is (the clock of Redis begins anew)",
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
  time: "as fine as the host's clock: Date.now() knows milliseconds",
  unsubscribe: ALL_CHANNELS,
  xadd: "the ids that IDMPAUTO makes are other ones, of the same: a message that one server knows is new to the other",
  xdelex: "with DELREF a pending entry that is gone from a stream already is gone from journals, too",
  xinfo: "STREAM: messages of producers (IDMP) are counted until their time is over, not until they are looked for",
  xread: "MAXCOUNT and MAXSIZE are as Redis's documents say, their errors in Wakey's words",
  xreadgroup:
    "MAXCOUNT and MAXSIZE are as Redis's documents say, their errors in Wakey's words; who waits with CLAIM is served at the millisecond",
  zrandmember: HUGE,
  zscan: CURSOR,
};

/** Commands of later releases than the server that was asked, and what the documents leave open of them. */
const DOCUMENTED = {
  xnack:
    "journals and RDB files say what is given back as if a consumer without a name had it since 1970, which Redis 8.6 can load; a CLAIM says of it how long ago 1970 was",
  backup:
    "on a store that is a folder, or with `appendonly yes`: nothing is begun for a server without an append-only file. OK of START says that it was asked for; that its folder is not empty, as any other failure, is told by STATUS, whose texts, and those of errors, are Wakey's words. Nothing is `pending`. Rewrites go on meanwhile: LIST then has several increments. A backup that is not sealed ends with the server; a sealed one stays, and is not remembered. No `preload-file`: the files go into the `appendonlydir` of a new folder",
  lmovem: "one by one from an end to the same end of one list, it is always the same element",
  argrep:
    "the expressions of RE are POSIX's, and of what TRE has beyond them `\\w \\s \\d \\b \\B \\< \\>`, `\\t \\n \\r \\f \\a \\e \\x`; one that comes to more than 4096 states is refused (`Out of memory`)",
  arinfo: "`directory-size` is the number of slices, and `super-dir-entries` 0: there is one directory, sorted",
  arlastitems: "from where the next element would be appended backwards, also where nothing is there",
  arring: "whether a ring changes its size is told by ARLEN, as there is no size kept with it",
  arscan: "downwards where the first index is the higher one",
};

/** Differences that belong to no single command. */
const GENERAL = [
  "A key or field is gone at the millisecond of its deadline, and its event comes then. Redis keeps it until the end of that millisecond, and emits the event on removal.",
  "A command takes at most 1,048,576 arguments; Redis waits for up to 2,147,483,647.",
  "HELP subcommands list what is there.",
  "Ranges by member (ZRANGEBYLEX, ZREVRANGEBYLEX, ZLEXCOUNT, ZREMRANGEBYLEX, BYLEX) are defined among equal scores only. Over others a skiplist answers something else than Redis's.",
  "Eviction: `volatile-ttl` is exact. Replies and the journal do not count towards `maxmemory`. `maxmemory-eviction-tenacity` is a number of keys, not a time: the host's timer goes on with the rest. Without `maxmemory` the limit in WebAssembly is 3 GiB.",
  "A name such as `client|id` is no command. Redis 8.6 takes it for one on a connection whose last command it was.",
  "Redis 8.6 loses the reply to a failed AUTH that is not the first command of a pipeline, or in a transaction; Wakey answers.",
  "Redis 8.6.3 ends at HSETEX with a deadline for a field of a hashtable that it names twice, and at HEXPIRE and its kind with a number of fields near 2,147,483,647; after a command with a number out of range, SORT there can say that elements which are numbers are none. Wakey answers.",
  "To SET with GET and a digest of another length than 16, Redis 8.6.3 sends the old value and an error behind it; Wakey the error alone.",
  "Field sets of HIMPORT are at most 1,024 to a session. Hashes made of them are kept as others, with their fields in the order of PREPARE: there are no templates.",
  "In scripts `redis.log` writes nowhere, and `redis.breakpoint` and `redis.debug` do nothing: there is no log, and no debugger.",
  "A script may carry the flag `allow-key-locking`, which is Upstash's.",
  "A script that cannot be paused (in a transaction, in a function of C such as `pcall`, or in process) ends as if it were killed when its time is over, unless it has changed something.",
  "A script that runs longer than `busy-reply-threshold` over a socket is paused, as in Redis: others get BUSY until it ends or is killed. A call in process cannot be paused: after `scriptTimeout` (5 seconds) it ends with the error of SCRIPT KILL, unless it has written.",
  "Arrays (Redis 8.8): no server that has them was asked; they follow the documents. Slices have 4096 positions and are dense where three quarters of them are filled: there are no `array-slice-size`, `array-sparse-kmax` and `array-sparse-kmin`. What Redis 8.8 writes of them into DUMP and RDB is not known here: Wakey writes a module's value, `wakey-arr`, which it reads again and a Redis refuses (`redis-check-rdb` reads over it); arrays in a file of Redis 8.8 are refused here. Snapshots as commands (`aof`) are ARMSET and ARSEEK. DEBUG DIGEST is Wakey's own for them.",
  "With `dialect: \"valkey\"`: keys lie in no order of slots, so CLUSTERSCAN walks the slots of a node that follow one another as one: a call looks at COUNT keys of all as SCAN does, the tag is that of their first slot until all have been met, a walk of one SLOT costs what one of all keys does, and it begins again at that slot where another comes or goes behind it. Parameters that only Valkey has are here where they do something: `commandlog-*` and `availability-zone`. HELP of CLIENT, SCRIPT, ACL and DEBUG, and COMMAND DOCS of what Redis has, too, are those of Redis. A field lives until the year 4199 at most, and a later deadline is that one. In distances from the middle of a polygon the last digits of a double may differ. DUMP, RESTORE and RDB files are Valkey's; there DEBUG DIGEST-VALUE of fields with deadlines is Redis's, and a payload of Redis 8 is refused whatever `rdb-version-check` would say. COMMANDLOG counts what EXEC runs by its own length, not by that of EXEC. What else differs from 9.1.2, as far as a million random commands and what was left out of them have shown: a string that was embedded stays so where a TTL was given and taken again; what FLUSHALL invalidates comes before its reply, not behind it; HSETEX and GEORADIUS update their keys in COMMAND INFO and GETKEYSANDFLAGS, where Valkey has `insert` and `variable_flags`; where a key of HSETEX is called NX, XX, FNX or FXX, Valkey tells of its event under another name.",
  'With `dialect: "dragonfly"`: HSETEX in its own form, FIELDTTL and FIELDEXPIRE of hashes, PREPEND, RM and CL.THROTTLE follow the documents, since no server was asked. Seconds of CL.THROTTLE are rounded up. SADDEX is not here: a table of deadlines beside each set would have to be kept by every command that writes sets, by the journal, by snapshots and by DUMP, which all sets would pay for. Nor is STICK: an entry has no bit to spare for keys that are never evicted.',
  'With `dialect: "dicedb"` errors without a code of their own begin with `ERROR` instead of `ERR`. `X.WATCH` is there for every command X that reads keys and does not wait (`GET.WATCH`, `HGETALL.WATCH`, ...), and in RESP3 sends pushes; a session watches at most 256 commands of 16 KiB, and what is told is told after each change, whether or not the reply is another one. `X.WATCH GET key` is the same as `GET.WATCH key`. Q.WATCH is not here: its subset of SQL, over all keys, is a language of its own. SLEEP holds up its own session alone; ABORT ends without saving. Its other texts are those of Redis, since its documents contradict each other and its code: the page of MSET has `ERROR wrong number of arguments`, that of DBSIZE errors with `ERR`, and v0.1.0 answers `ERR` to both.',
  "Left out, as the keyspace has no table that would make them cheap: KeyDB's EXPIREMEMBER and Garnet's ZEXPIRE, which need deadlines of members of sets and sorted sets, as SADDEX does; Garnet's ETags, which need a counter in every entry.",
  "From JavaScript, a value that is no string, number, bigint or bytes is refused with `ERR value is not a valid string` (`ERROR` for DiceDB) before the command runs.",
];

/** The five documents the project began with: where they, Redis 8 and Wakey say different things. */
const DOCUMENTS = [
  "HMSET (Dragonfly's): the reply is the simple string OK; the quotes in the document are its client's. HGETALL answers a map in RESP3, the array that the document shows in RESP2.",
  "HSET (Redis's): no difference.",
  "MSET (DiceDB's): its error codes (`ERROR`) with `dialect: \"dicedb\"`, else Redis's. `value is not a valid string` cannot happen over a socket, where everything is bytes; the JavaScript methods raise it before anything is set.",
  "HSETEX (Redis's): the example's EXAT lies in the past by now, which sets the fields and removes them at once, as in Redis 8.",
  "HSETEX has three forms, told apart by what stands behind the key. A word: Redis's `[FNX | FXX] [EX ...] FIELDS numfields field value ...`. An integer: Dragonfly's `seconds field value [field value ...]`, a TTL for each field. But where there are exactly four arguments and the last is an integer, it is the short form of Wakey's first documents, `key field value seconds`, a TTL for the whole hash: `HSETEX session 30 user alice` is Dragonfly's, `HSETEX session user alice 30` and `HSETEX session 30 visits 5` are the short form. With `dialect: \"dragonfly\"` Dragonfly's wins wherever it fits, and may begin with `[NX | FNX | FXX] [KEEPTTL]`; with `dialect: \"valkey\"` there is only Valkey's, which has `[NX | XX]` for the key.",
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
