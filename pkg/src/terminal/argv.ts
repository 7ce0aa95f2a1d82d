/** Reads the command line of `wakey` and `wakey serve`. */

export interface Settings {
  serve: boolean;
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
  open: { dialect?: string; databases?: number; maxmemory?: number; requirepass?: string; seed?: number; store?: string };
  /** CONFIG SET before serving. */
  config: [string, string][];
  /** Who may send DEBUG to a server. */
  debug: (typeof DEBUG)[number] | undefined;
  command: string[];
  /** To be said on standard error. */
  warnings: string[];
}

export const USAGE = `wakey: the Redis keyspace in a process

Usage: wakey [options] [command [argument ...]]
       wakey serve [options]

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
  --dialect <name>         redis, dicedb, dragonfly (engine in this process)
  --databases <n>, --maxmemory <bytes>, --seed <n>
  --help, --version

wakey serve:
  --port <port>            TCP port (6380; 0: none)
  --host, --bind <host>    address to listen on (127.0.0.1)
  --unixsocket <path>      also listen on a Unix socket
  --requirepass <password> clients must know it; better in the environment variable WAKEY_PASSWORD
  --maxclients <n>, --timeout <seconds>, --protected-mode <yes|no>
  --enable-debug-command <no|yes|local>
  --store <where>          keep the data: file:./data (a folder that Redis can read, too)
  --appendfsync <always|everysec|no>
  --dialect <name>, --databases <n>, --maxmemory <bytes>, --seed <n>
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

/** What `argv` (without node and script) asks for. `"help"` and `"version"` stand for themselves. */
export function read(argv: readonly string[], environment: { [name: string]: string | undefined }): Settings | "help" | "version" {
  const settings: Settings = {
    serve: argv[0] === "serve",
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
    debug: undefined,
    config: [],
    command: [],
    warnings: [],
  };
  if (settings.serve && environment["WAKEY_PASSWORD"]) settings.open.requirepass = environment["WAKEY_PASSWORD"];
  let i = settings.serve ? 1 : 0;
  const next = (): string => {
    const text = argv[++i];
    if (text === undefined) throw new UsageError(`${argv[i - 1]} needs a value`);
    return text;
  };
  for (; i < argv.length; i++) {
    const word = argv[i] as string;
    switch (word) {
      case "--help":
        return "help";
      case "--version":
      case "-v":
        return "version";
      case "-h":
      case "--host":
      case "--bind":
        settings.host = next();
        break;
      case "-p":
      case "--port":
        settings.port = integer(word, next());
        if (settings.port < 0 || settings.port > 65535) throw new UsageError(`${word} needs a port, 0 to 65535`);
        break;
      case "-s":
      case "--socket":
      case "--unixsocket":
        settings.socket = next();
        break;
      case "-a":
      case "--pass":
        settings.password = next();
        settings.warnings.push(visible(word));
        break;
      case "--user":
        settings.user = next();
        break;
      case "-n":
        settings.database = integer(word, next());
        break;
      case "-2":
      case "--resp2":
        settings.resp = 2;
        break;
      case "-3":
      case "--resp3":
        settings.resp = 3;
        break;
      case "--raw":
        settings.output = "raw";
        break;
      case "--no-raw":
        settings.output = "pretty";
        break;
      case "-r":
        settings.repeat = integer(word, next());
        break;
      case "-i":
        settings.interval = Number(next());
        break;
      case "-x":
        settings.lastFromStdin = true;
        break;
      case "-e":
        settings.stopOnError = true;
        break;
      case "--console":
        settings.console = true;
        break;
      case "--dialect":
        settings.open.dialect = next();
        break;
      case "--databases":
        settings.open.databases = integer(word, next());
        break;
      case "--maxmemory":
        settings.open.maxmemory = bytesOf(word, next());
        break;
      case "--seed":
        settings.open.seed = integer(word, next());
        break;
      case "--requirepass":
        settings.open.requirepass = next();
        settings.warnings.push(visible(word));
        break;
      case "--store":
        settings.open.store = next();
        break;
      case "--enable-debug-command":
        settings.debug = oneOf(word, next(), DEBUG);
        break;
      case "--appendfsync":
      case "--maxclients":
      case "--timeout":
      case "--protected-mode":
        settings.config.push([word.slice(2), next()]);
        break;
      default:
        if (settings.serve || word.startsWith("-")) throw new UsageError(`unknown option '${word}'; wakey --help lists them`);
        settings.command = argv.slice(i);
        return settings;
    }
  }
  return settings;
}
