/** What an object is told: by its bindings, by its class, by a router. */

/** The bindings that an object reads. */
export interface WakeyEnv {
  /** The token that may do everything. Without any token, every request over HTTP is refused. */
  WAKEY_TOKEN?: string;
  /** The token that may only read. */
  WAKEY_READONLY_TOKEN?: string;
}

/** Options of a `WakeyObject`. */
export interface ObjectOptions {
  /** Bytes the keyspace may use: beyond it, writes get Redis's OOM error. Up to 96 MB, of the isolate's 128. Default: 64 MB. */
  maxmemory?: number;
  /** The origins whose pages may send requests: `"*"` for all, an origin, or several. Default: none. */
  cors?: string | readonly string[];
  /** The path under which the object is reached over HTTP, such as `/redis`. Other paths get 404. */
  base?: string;
  /** The longest body of a request that is read, in bytes. Default: 10 MiB. */
  maxBody?: number;
  /**
   * Bytes of replies per request, or per message over a WebSocket. Beyond it a request gets an error, and a WebSocket is
   * closed with code 1009. Default: 16 MiB.
   */
  maxReply?: number;
  /**
   * How many seconds a command that comes over HTTP may wait, whatever it asks for; then it answers null. A waiting
   * command keeps the object awake. Default: 300.
   */
  maxWait?: number;
  /**
   * Milliseconds after which a script is ended that does not come over a WebSocket and has not written; 0: never. The platform's
   * clock stands still while code runs, so instructions are counted: as many as take about that long. Default: 5000.
   */
  scriptTimeout?: number;
  /** How many databases SELECT knows. Default: 16. */
  databases?: number;
  /** What CONFIG SET would set, each time the object wakes: `{ "notify-keyspace-events": "Ex" }`. */
  config?: { readonly [name: string]: string };
}

/** Which part of how many an object is. */
export interface Place {
  shards: number;
  shard: number;
}

const KNOWN = ["maxmemory", "cors", "base", "maxBody", "maxReply", "maxWait", "scriptTimeout", "databases", "config"];
/** @internal */
export const MAXMEMORY = 64 << 20;
/** @internal */
export const MAXREPLY = 16 << 20;
/** @internal */
export const MAXWAIT = 300;
/** How often a request that waits looks, by a byte, whether its client is still there; in milliseconds. @internal */
export const BEAT = 1000;
const MAXMEMORY_MOST = 96 << 20;

/** Throws TypeError for options that are not right. @internal */
export function check(options: ObjectOptions): void {
  const refuse = (text: string): never => {
    throw new TypeError(`WakeyObject: ${text}`);
  };
  if (typeof options !== "object" || options === null) refuse("options must be an object");
  for (const key of Object.keys(options)) if (!KNOWN.includes(key)) refuse(`unknown option '${key}'; there are ${KNOWN.join(", ")}`);
  const { maxmemory = MAXMEMORY, maxReply = MAXREPLY, maxWait = MAXWAIT, scriptTimeout = 0, databases = 16, config = {} } = options;
  if (!Number.isInteger(maxmemory) || maxmemory < 1 || maxmemory > MAXMEMORY_MOST) refuse(`maxmemory must be from 1 to ${MAXMEMORY_MOST}`);
  if (!Number.isSafeInteger(maxReply) || maxReply < 0) refuse("maxReply must be a number of bytes");
  if (typeof maxWait !== "number" || !(maxWait > 0)) refuse("maxWait must be a number of seconds");
  if (!Number.isInteger(scriptTimeout) || scriptTimeout < 0) refuse("scriptTimeout must be a number of milliseconds");
  if (!Number.isInteger(databases) || databases < 1 || databases > 16384) refuse("databases must be from 1 to 16384");
  if (typeof config !== "object" || config === null || Object.values(config).some((one) => typeof one !== "string"))
    refuse("config must be an object with strings");
}
