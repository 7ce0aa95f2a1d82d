/** Reads the command line of `wakey` and `wakey serve`. */

export interface Settings {
  serve: boolean;
  /** The RDB file of `wakey load`, where it goes (nowhere: it is shown), and whether what is there stays. */
  load: string | undefined;
  into: string | undefined;
  merge: boolean;
  /** The dialogue file of `wakey replay`. */
  replay: string | undefined;
  host: string | undefined;
  port: number | undefined;
  socket: string | undefined;
  user: string | undefined;
  password: string | undefined;
  database: number;
  resp: 2 | 3;
  output: "raw" | "pretty" | undefined;
  repeat: number;
  interval: number;
  lastFromStdin: boolean;
  stopOnError: boolean;
  console: boolean;
  open: {
    dialect?: string;
    compat?: string;
    databases?: number;
    maxmemory?: number;
    maxmemoryPolicy?: string;
    cluster?: boolean;
    requirepass?: string;
    seed?: number;
    store?: string;
  };
  /** CONFIG SET before serving. */
  config: [string, string][];
  /** A file of users. */
  aclfile: string | undefined;
  /** Whether clients may send WAKEY: a server for tests. */
  testing: boolean;
  /** How many nodes of a cluster to serve, instead of one server. */
  shards: number | undefined;
  /** A redis.conf. */
  file: string | undefined;
  /** Who may send DEBUG to a server. */
  debug: (typeof DEBUG)[number] | undefined;
  command: string[];
  /** To be said on standard error. */
  warnings: string[];
}

export const USAGE = `wakey: the Redis keyspace in a process

Usage: wakey [options] [command [argument ...]]
       wakey serve [redis.conf | dump.rdb] [options]
       wakey load dump.rdb [--into <where>] [--merge]
       wakey replay session.resp

Without -h, -p or -s the commands run on an empty engine in this process; with them on any RESP server.
Without a command: an interactive client where standard input is a terminal, else commands are read from it.

  -h, --host <host>        server's host (127.0.0.1 with -p)
  -p, --port <port>        server's port (6379 with -h)
  -s, --socket <path>      server's Unix socket
  -a, --pass <password>    password; better in the environment variable WAKEY_PASSWORD or REDISCLI_AUTH
  --user <name>            user name for -a
  -n <db>                  database number
  -2, -3                   RESP2, RESP3 (default)
  --raw, --no-raw          replies as values, with types (default: types on a terminal)
  -r <times>               repeat the command; -i <seconds> waits in between
  -x                       the last argument comes from standard input
  -e                       write errors to standard error
  --store <where>          on a folder instead: file:./data (engine in this process)
  --dialect <name>         redis, valkey, dicedb, dragonfly (engine in this process)
  --compat <release>       8.0, 8.2, 8.4, 8.6, 8.8 or 8.10: commands and replies of that Redis (the same)
  --databases <n>, --maxmemory <bytes>, --seed <n>
  --help, --version

wakey load: says what is in an RDB file
  --into <where>           puts it there instead, in the place of all that is there: file:./data
  --merge                  keys that are not in the file stay

wakey replay: plays a dialogue file, as the playground exports, and says what is answered otherwise; then it ends with 1

wakey serve: an RDB file is opened, and SAVE and the end write it. The parameters of a file whose name ends in .conf hold where no option
says otherwise, and CONFIG REWRITE writes it
  --port <port>            TCP port (6380; 0: none)
  --host, --bind <host>    address to listen on (127.0.0.1)
  --unixsocket <path>      also listen on a Unix socket
  --requirepass <password> clients must know it; better in the environment variable WAKEY_PASSWORD
  --aclfile <path>         users and what each may do, as Redis's ACL files
  --maxclients <n>, --timeout <seconds>, --protected-mode <yes|no>
  --enable-debug-command <no|yes|local>
  --store <where>          keep the data: file:./data (a folder that Redis can read, too)
  --appendfsync <always|everysec|no>
  --save "<s> <changes>"   write an RDB file after so many seconds, where there have been so many changes (default: never)
  --dialect <name>, --compat <release>, --databases <n>, --maxmemory <bytes>, --maxmemory-policy <name>, --seed <n>
  --cluster                the one node of a cluster: CLUSTER, CROSSSLOT
  --testing                for tests: WAKEY moves the clock and makes faults (WAKEY HELP)
  --shards <n>             a cluster of n nodes, in memory, on the port and those behind it (0: any free ones)
  --console                the interactive client on the same engine, where standard input is a terminal
`;

const DEBUG = ["no", "yes", "local"] as const;

/** A mistake of whoever typed the command line. */
export class UsageError extends Error {}

const UNITS = new Map(Object.entries({ "": 1, b: 1, k: 1000, kb: 1024, m: 1e6, mb: 1 << 20, g: 1e9, gb: 2 ** 30 }));

function oneOf<T extends string>(name: string, text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new UsageError(`${name} needs ${words.join(", ")}, not '${text}'`);
  return found;
}

function bytesOf(name: string, text: string): number {
  const found = /^(\d+)([a-z]*)$/i.exec(text);
  const unit = UNITS.get(found?.[2]?.toLowerCase() ?? "?");
  if (!found || unit === undefined) throw new UsageError(`${name} needs a number of bytes, not '${text}'`);
  return Number(found[1]) * unit;
}

/** Other users of the machine see command lines, and shells keep them. */
function visible(name: string): string {
  return `a password in ${name} can be seen by others on this machine; WAKEY_PASSWORD in the environment is for you alone`;
}

function integer(name: string, text: string): number {
  if (!/^-?\d+$/.test(text)) throw new UsageError(`${name} needs a number, not '${text}'`);
  return Number(text);
}

/** Takes an option: its name as it was typed, and what gives the word behind it. */
type Take = (settings: Settings, name: string, next: () => string) => void;

const PASSED_ON: Take = (settings, name, next) => settings.config.push([name.slice(2), next()]);

/** The options, by all of their names. */
const OPTIONS: ReadonlyMap<string, Take> = new Map(
  Object.entries<Take>({
    "-h --host --bind": (settings, _, next) => (settings.host = next()),
    "-p --port": (settings, name, next) => {
      settings.port = integer(name, next());
      if (settings.port < 0 || settings.port > 65535) throw new UsageError(`${name} needs a port, 0 to 65535`);
    },
    "-s --socket --unixsocket": (settings, _, next) => (settings.socket = next()),
    "-a --pass": (settings, name, next) => {
      settings.password = next();
      settings.warnings.push(visible(name));
    },
    "--user": (settings, _, next) => (settings.user = next()),
    "-n": (settings, name, next) => (settings.database = integer(name, next())),
    "-2 --resp2": (settings) => (settings.resp = 2),
    "-3 --resp3": (settings) => (settings.resp = 3),
    "--raw": (settings) => (settings.output = "raw"),
    "--no-raw": (settings) => (settings.output = "pretty"),
    "-r": (settings, name, next) => (settings.repeat = integer(name, next())),
    "-i": (settings, _, next) => (settings.interval = Number(next())),
    "-x": (settings) => (settings.lastFromStdin = true),
    "-e": (settings) => (settings.stopOnError = true),
    "--testing": (settings) => (settings.testing = true),
    "--console": (settings) => (settings.console = true),
    "--dialect": (settings, _, next) => (settings.open.dialect = next()),
    "--compat": (settings, _, next) => (settings.open.compat = next()),
    "--databases": (settings, name, next) => (settings.open.databases = integer(name, next())),
    "--maxmemory": (settings, name, next) => (settings.open.maxmemory = bytesOf(name, next())),
    "--maxmemory-policy": (settings, _, next) => (settings.open.maxmemoryPolicy = next()),
    "--shards": (settings, name, next) => (settings.shards = integer(name, next())),
    "--cluster": (settings) => (settings.open.cluster = true),
    "--seed": (settings, name, next) => (settings.open.seed = integer(name, next())),
    "--requirepass": (settings, name, next) => {
      settings.open.requirepass = next();
      settings.warnings.push(visible(name));
    },
    "--aclfile": (settings, _, next) => (settings.aclfile = next()),
    "--into": (settings, _, next) => (settings.into = next()),
    "--merge": (settings) => (settings.merge = true),
    "--store": (settings, _, next) => (settings.open.store = next()),
    "--enable-debug-command": (settings, name, next) => (settings.debug = oneOf(name, next(), DEBUG)),
    "--appendfsync --maxclients --save --timeout --protected-mode": PASSED_ON,
  }).flatMap(([names, take]) => names.split(" ").map((name) => [name, take] as const)),
);

/** What `argv` (without node and script) asks for. `"help"` and `"version"` stand for themselves. */
export function read(argv: readonly string[], environment: { [name: string]: string | undefined }): Settings | "help" | "version" {
  const settings: Settings = {
    serve: argv[0] === "serve",
    load: undefined,
    into: undefined,
    merge: false,
    replay: undefined,
    host: undefined,
    port: undefined,
    socket: undefined,
    user: undefined,
    password: environment["WAKEY_PASSWORD"] ?? environment["REDISCLI_AUTH"],
    database: 0,
    resp: 3,
    output: undefined,
    repeat: 1,
    interval: 0,
    lastFromStdin: false,
    stopOnError: false,
    console: false,
    open: {},
    aclfile: undefined,
    testing: false,
    shards: undefined,
    debug: undefined,
    file: undefined,
    config: [],
    command: [],
    warnings: [],
  };
  if (settings.serve && environment["WAKEY_PASSWORD"]) settings.open.requirepass = environment["WAKEY_PASSWORD"];
  const loads = argv[0] === "load";
  // REPLAY is no command of Redis.
  const replays = argv[0] === "replay";
  let i = settings.serve || loads || replays ? 1 : 0;
  const file = argv[i];
  if (i > 0 && file !== undefined && !file.startsWith("-")) {
    i++;
    if (loads) settings.load = file;
    else if (replays) settings.replay = file;
    else if (file.endsWith(".conf")) settings.file = file;
    else settings.open.store = file.startsWith("file:") ? file : `file:${file}`;
  }
  const next = (): string => {
    const text = argv[++i];
    if (text === undefined) throw new UsageError(`${argv[i - 1]} needs a value`);
    return text;
  };
  for (; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === "--help") return "help";
    if (word === "--version" || word === "-v") return "version";
    const take = OPTIONS.get(word);
    if (take !== undefined) take(settings, word, next);
    else if (settings.serve || loads || replays || word.startsWith("-"))
      throw new UsageError(`unknown option '${word}'; wakey --help lists them`);
    else {
      settings.command = argv.slice(i);
      break;
    }
  }
  if (loads && settings.load === undefined && !argv.includes("--help"))
    throw new UsageError("wakey load needs a file, as in wakey load dump.rdb");
  if (replays && settings.replay === undefined && !argv.includes("--help"))
    throw new UsageError("wakey replay needs a file, as in wakey replay session.resp");
  if (!loads && (settings.into !== undefined || settings.merge)) throw new UsageError("--into and --merge are for wakey load");
  return settings;
}
