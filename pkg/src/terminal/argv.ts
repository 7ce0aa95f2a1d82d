/** Reads the command line of `wakey`, and of its programs: `wakey serve`, `wakey ui` and the others. */
import { words } from "../resp/words.js";
import type { Form } from "./formats.js";

/** What the program does instead of running commands. */
export const MODES = ["scan", "bigkeys", "memkeys", "hotkeys", "stat", "latency", "latency-history", "latency-dist", "pipe"] as const;
export type Mode = (typeof MODES)[number] | "rdb";

/** TLS, as redis-cli's options have it: files, not their contents. */
export interface TlsSettings {
  sni?: string;
  cacert?: string;
  cacertdir?: string;
  cert?: string;
  key?: string;
  ciphers?: string;
  suites?: string;
  insecure?: boolean;
}

export interface Settings {
  serve: boolean;
  ui: boolean;
  /** The port of the page: of `wakey ui`, or beside the server. */
  web: number | undefined;
  /** The RDB file of `wakey load`, where it goes (nowhere: it is shown), and whether what is there stays. */
  load: string | undefined;
  into: string | undefined;
  merge: boolean;
  /** The dialogue file of `wakey replay`. */
  replay: string | undefined;
  host: string | undefined;
  port: number | undefined;
  socket: string | undefined;
  /** 4 or 6: which addresses of a name are wanted; 0: any. */
  family: 0 | 4 | 6;
  /** Milliseconds to connect in; 0: as long as the system takes. */
  timeout: number;
  tls: TlsSettings | undefined;
  /** Whether redirections of a cluster are followed. */
  follow: boolean;
  user: string | undefined;
  password: string | undefined;
  /** Whether the password is asked for. */
  askpass: boolean;
  name: string | undefined;
  database: number;
  /** Undefined: what suits where the replies go. */
  resp: 2 | 3 | undefined;
  form: Form | undefined;
  between: string;
  end: string;
  /** Whether messages in RESP3 that nobody has subscribed to are shown. Undefined: on a terminal. */
  pushes: boolean | undefined;
  repeat: number;
  /** Seconds. */
  interval: number | undefined;
  lastFromStdin: boolean;
  /** The word that stands for what standard input has. */
  tag: string | undefined;
  /** Words of the command in quotes are read as in the client. */
  quoted: boolean;
  mode: Mode | undefined;
  /** Of `mode`: bytes as latin1. */
  pattern: string | undefined;
  count: number | undefined;
  type: string | undefined;
  samples: number | undefined;
  /** The file of `--rdb`. */
  dump: string | undefined;
  /** Seconds that `--pipe` waits for the last reply; 0: for good. */
  pipeTimeout: number;
  /** The script of `--eval`. */
  script: string | undefined;
  /** `wakey help`: of what. */
  help: string[] | undefined;
  stopOnError: boolean;
  console: boolean;
  open: {
    dialect?: string;
    compat?: string;
    databases?: number;
    maxmemory?: number;
    maxmemoryPolicy?: string;
    reserve?: number;
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
  /** Whether a password on the command line is warned of. */
  warns: boolean;
}

const YES_NO = ["y", "yes", "n", "no"] as const;
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

function seconds(name: string, text: string): number {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text)) throw new UsageError(`${name} needs a number of seconds, not '${text}'`);
  return Number(text);
}

function tls(settings: Settings): TlsSettings {
  settings.tls ??= {};
  return settings.tls;
}

/** A word of the command line as bytes. */
export function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** A word in quotes as the client reads it: with `\\x00` for what cannot be typed. */
export function unquoted(text: string): string {
  const bytes = latin1(text);
  const [word, ...others] = words(bytes) ?? [];
  if (!/^["']/.test(bytes)) return bytes;
  if (word === undefined || others.length > 0) throw new UsageError(`'${text}' is not one string in quotes`);
  return word;
}

/** `redis://user:password@host:port/database`, `rediss://` for TLS. */
function readUri(settings: Settings, text: string): void {
  const [, secure] = /^(?:redis|valkey)(s?):\/\//.exec(text) ?? [];
  if (secure === undefined) throw new UsageError(`a URI begins with redis:// or rediss://, unlike '${text.replace(/:.*/s, ":...")}'`);
  let uri: URL;
  try {
    uri = new URL(text);
  } catch {
    throw new UsageError("the URI is not like redis://user:password@host:port/database");
  }
  const { hostname, port, username, password, pathname } = uri;
  const part = (encoded: string): string => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      throw new UsageError("the URI has a % that is not followed by two hexadecimal digits");
    }
  };
  if (hostname !== "") settings.host = part(hostname).replace(/^\[|\]$/g, "");
  else settings.host ??= "127.0.0.1";
  if (port !== "") settings.port = Number(port);
  if (username !== "") settings.user = part(username);
  if (password !== "") {
    settings.password = part(password);
    settings.warnings.push(visible("-u"));
  }
  const database = pathname.replace(/^\//, "");
  if (database !== "") settings.database = integer("the database of the URI", database);
  if (secure === "s") settings.tls ??= {};
}

/** Other users of the machine see command lines, and shells keep them. */
function visible(name: string): string {
  return `a password in ${name} can be seen by others on this machine; WAKEY_PASSWORD in the environment is for you alone`;
}

function integer(name: string, text: string): number {
  if (!/^-?\d+$/.test(text)) throw new UsageError(`${name} needs a number, not '${text}'`);
  return Number(text);
}

function atLeast(least: number, name: string, text: string): number {
  const found = integer(name, text);
  if (found < least) throw new UsageError(`${name} needs a number of at least ${least}, not '${text}'`);
  return found;
}

function port(name: string, text: string): number {
  const found = integer(name, text);
  if (found < 0 || found > 65535) throw new UsageError(`${name} needs a port, 0 to 65535`);
  return found;
}

/** Takes an option: its name as it was typed, and what gives the word behind it. */
type Take = (settings: Settings, name: string, next: () => string) => void;

const PASSED_ON: Take = (settings, name, next) => settings.config.push([name.slice(2), next()]);

/** The options, by all of their names. */
const OPTIONS: ReadonlyMap<string, Take> = new Map(
  Object.entries<Take>({
    "-h --host --bind": (settings, _, next) => (settings.host = next()),
    "-p --port": (settings, name, next) => (settings.port = port(name, next())),
    "--web": (settings, name, next) => (settings.web = port(name, next())),
    "-s --socket --unixsocket": (settings, _, next) => (settings.socket = next()),
    "-a --pass": (settings, name, next) => {
      settings.password = next();
      settings.warnings.push(visible(name));
    },
    "--user": (settings, _, next) => (settings.user = next()),
    "-u --uri": (settings, _, next) => readUri(settings, next()),
    "--askpass": (settings) => (settings.askpass = true),
    "--no-auth-warning": (settings) => (settings.warns = false),
    "--name": (settings, _, next) => (settings.name = next()),
    "-n": (settings, name, next) => (settings.database = integer(name, next())),
    "-t": (settings, name, next) => (settings.timeout = seconds(name, next()) * 1000),
    "-4": (settings) => (settings.family = 4),
    "-6": (settings) => (settings.family = 6),
    "-c": (settings) => (settings.follow = true),
    "--tls": (settings) => (settings.tls ??= {}),
    "--insecure": (settings) => (tls(settings).insecure = true),
    "--sni": (settings, _, next) => (tls(settings).sni = next()),
    "--cacert": (settings, _, next) => (tls(settings).cacert = next()),
    "--cacertdir": (settings, _, next) => (tls(settings).cacertdir = next()),
    "--cert": (settings, _, next) => (tls(settings).cert = next()),
    "--key": (settings, _, next) => (tls(settings).key = next()),
    "--tls-ciphers": (settings, _, next) => (tls(settings).ciphers = next()),
    "--tls-ciphersuites": (settings, _, next) => (tls(settings).suites = next()),
    "-2 --resp2": (settings) => (settings.resp = 2),
    "-3 --resp3": (settings) => (settings.resp = 3),
    "--raw": (settings) => (settings.form = "raw"),
    "--no-raw": (settings) => (settings.form = "pretty"),
    "--csv --json --quoted-json": (settings, name) => (settings.form = name.slice(2) as Form),
    "-d": (settings, _, next) => (settings.between = latin1(next())),
    "-D": (settings, _, next) => (settings.end = latin1(next())),
    "--show-pushes": (settings, name, next) => (settings.pushes = /^y/i.test(oneOf(name, next().toLowerCase(), YES_NO))),
    "-r": (settings, name, next) => (settings.repeat = integer(name, next())),
    "-i": (settings, name, next) => (settings.interval = seconds(name, next())),
    "-x": (settings) => (settings.lastFromStdin = true),
    "-X": (settings, _, next) => (settings.tag = next()),
    "--quoted-input": (settings) => (settings.quoted = true),
    // Nothing more is said than without it.
    "--verbose": () => {},
    [MODES.map((mode) => `--${mode}`).join(" ")]: (settings, name) => (settings.mode = name.slice(2) as Mode),
    "--rdb": (settings, _, next) => ([settings.mode, settings.dump] = ["rdb", next()]),
    "--pattern": (settings, _, next) => (settings.pattern = latin1(next())),
    "--quoted-pattern": (settings, _, next) => (settings.pattern = unquoted(next())),
    "--count": (settings, name, next) => (settings.count = atLeast(1, name, next())),
    "--type": (settings, _, next) => (settings.type = next()),
    "--memkeys-samples": (settings, name, next) => ([settings.mode, settings.samples] = ["memkeys", atLeast(0, name, next())]),
    "--pipe-timeout": (settings, name, next) => (settings.pipeTimeout = seconds(name, next())),
    "--eval": (settings, _, next) => (settings.script = next()),
    "-e": (settings) => (settings.stopOnError = true),
    "--testing": (settings) => (settings.testing = true),
    "--console": (settings) => (settings.console = true),
    "--dialect": (settings, _, next) => (settings.open.dialect = next()),
    "--compat": (settings, _, next) => (settings.open.compat = next()),
    "--databases": (settings, name, next) => (settings.open.databases = integer(name, next())),
    "--maxmemory": (settings, name, next) => (settings.open.maxmemory = bytesOf(name, next())),
    "--maxmemory-policy": (settings, _, next) => (settings.open.maxmemoryPolicy = next()),
    "--reserve": (settings, name, next) => (settings.open.reserve = bytesOf(name, next())),
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
    ui: argv[0] === "ui",
    web: undefined,
    load: undefined,
    into: undefined,
    merge: false,
    replay: undefined,
    host: undefined,
    port: undefined,
    socket: undefined,
    family: 0,
    timeout: 0,
    tls: undefined,
    follow: false,
    user: undefined,
    password: undefined,
    askpass: false,
    name: undefined,
    database: 0,
    resp: undefined,
    form: undefined,
    between: "\n",
    end: "\n",
    pushes: undefined,
    repeat: 1,
    interval: undefined,
    lastFromStdin: false,
    tag: undefined,
    quoted: false,
    mode: undefined,
    pattern: undefined,
    count: undefined,
    type: undefined,
    samples: undefined,
    dump: undefined,
    pipeTimeout: 30,
    script: undefined,
    help: undefined,
    warns: true,
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
  const password = environment["WAKEY_PASSWORD"] || environment["REDISCLI_AUTH"] || undefined;
  const uri = environment["WAKEY_URL"];
  if (uri !== undefined && uri !== "" && !settings.serve) {
    readUri(settings, uri);
    // Not on the command line.
    settings.warnings.length = 0;
  }
  settings.password = password ?? settings.password;
  if (settings.serve && environment["WAKEY_PASSWORD"]) settings.open.requirepass = environment["WAKEY_PASSWORD"];
  const loads = argv[0] === "load";
  if (argv[0] === "help") return { ...settings, help: argv.slice(1) };
  // REPLAY is no command of Redis.
  const replays = argv[0] === "replay";
  const isProgram = settings.serve || settings.ui || loads || replays;
  let i = isProgram ? 1 : 0;
  const file = argv[i];
  if (i > 0 && file !== undefined && !file.startsWith("-")) {
    i++;
    if (loads) settings.load = file;
    else if (replays) settings.replay = file;
    else if (settings.ui) readUri(settings, file);
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
    if (word === "--help" || (word === "-h" && i === argv.length - 1)) return "help";
    if (word === "--version" || word === "-v") return "version";
    const take = OPTIONS.get(word);
    if (take !== undefined) take(settings, word, next);
    else if (isProgram || word.startsWith("-")) throw new UsageError(`unknown option '${word}'; wakey --help lists them`);
    else {
      settings.command = argv.slice(i);
      break;
    }
  }
  // What goes to the server goes as bytes.
  for (const name of ["user", "password", "name"] as const) if (settings[name] !== undefined) settings[name] = latin1(settings[name]);
  if (loads && settings.load === undefined && !argv.includes("--help"))
    throw new UsageError("wakey load needs a file, as in wakey load dump.rdb");
  if (replays && settings.replay === undefined && !argv.includes("--help"))
    throw new UsageError("wakey replay needs a file, as in wakey replay session.resp");
  if (settings.ui && Object.keys(settings.open).length > 0)
    throw new UsageError("wakey ui shows a server that runs; wakey serve --web 8080 starts one with its page");
  if (settings.web !== undefined && !settings.ui && !settings.serve) throw new UsageError("--web is for wakey serve and wakey ui");
  if (!loads && (settings.into !== undefined || settings.merge)) throw new UsageError("--into and --merge are for wakey load");
  return settings;
}
