/** What `open` is given, and whether it is right: checked once, as plain JavaScript may give anything. */
import type { Entries } from "../client/command-types.js";
import { wantsObjects } from "../client/entries.js";
import { type Clock, systemClock } from "../core/clock.js";
import type { EngineOptions } from "../core/engine.js";
import { random } from "../core/random.js";
import type { Progress } from "../persistence/load.js";
import type { Append, AppendFsync } from "../persistence/stores/aof.js";
import type { Durability } from "../persistence/stores/idb.js";
import type { Store } from "../persistence/stores/store.js";
import type { User } from "./users.js";

/** Which keys go past `maxmemory`, and which of them first: Redis's `maxmemory-policy`. */
export type EvictionPolicy = "noeviction" | "volatile-ttl" | `${"allkeys" | "volatile"}-${"lru" | "lrm" | "lfu" | "random"}`;

/** Whose small differences to speak: error codes and the like. */
export type Dialect = "redis" | "valkey" | "dicedb" | "dragonfly";

/** A release of Redis. */
export type Release = "8.0" | "8.2" | "8.4" | "8.6" | "8.8" | "8.10";

/** A `WebAssembly.Module`, in programs whose library has that type; in others an object. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M : object;

/** A WebAssembly module or where to get one: bytes, a Response, or a promise of any of them. */
export type WasmSource = WasmModule | ArrayBuffer | Uint8Array | Response | Promise<WasmModule | ArrayBuffer | Uint8Array | Response>;

/** Options of `open`. */
export interface OpenOptions<E extends Entries = "array"> {
  /** Where the time comes from. Default: the system clock, with a timer that expires keys at their deadline. */
  clock?: Clock;
  /** Makes randomness and hashing reproducible. Default: 64 bits from the host's random source. */
  seed?: number | bigint;
  /** Default: `redis`. */
  dialect?: Dialect;
  /** The release of Redis to be like: commands and options that came later are not there, and replies are as they were. Default: the newest. */
  compat?: Release;
  /** How many databases SELECT knows, 1 to 16384. Default: 16. */
  databases?: number;
  /** Bytes the keyspace may use; 0 (default): no limit. */
  maxmemory?: number;
  /** What goes past it. Default: `noeviction`, nothing: writes get the OOM error. */
  maxmemoryPolicy?: EvictionPolicy;
  /** It is the one node of a Redis Cluster, and has all slots: one database, CLUSTER, CROSSSLOT. Default: false. */
  cluster?: boolean;
  /**
   * After so many milliseconds a script ends that a call in process runs, with Redis's error of a script that was killed; 0: never.
   * A script that has written goes on to its end, since half of what it does must not stay. Default: 5000.
   */
  scriptTimeout?: number;
  /** The password that sockets must give. Calls in process need none. */
  requirepass?: string;
  /**
   * Users, and what each may do: lines as ACL LIST gives them (`"ann on >secret ~ann:* +@all"`), or objects. They bind what comes over
   * sockets; calls in process may do everything. The default user stays as it is, unless it is among them.
   */
  users?: readonly (string | User)[];
  /** How entries of streams come, here and in sessions that say nothing else: see `SessionOptions`. Default: `array`. */
  entries?: E;
  /** Bring your own WebAssembly module. */
  wasm?: WasmSource;
  /** Where the data is kept: `"file:./data"`, `"idb:notes"`, `"opfs:notes"`, or a store of your own. Default: in memory only. */
  store?: string | Store;
  /** Told how a load goes on, in bytes. */
  onProgress?: (progress: Progress) => void;
  /** Told what the user should know and nothing stops for: a torn tail that was cut off. Default: `console.warn`. */
  onWarning?: (message: string) => void;
  /** `file:`, `opfs:`: when an append is brought to the disk itself. Default: `everysec`. CONFIG SET changes it, too. */
  appendfsync?: AppendFsync;
  /**
   * `file:`, `opfs:`: when what a call wrote is given to the system. `call` (default): before the call returns. `turn`: when the code that
   * calls is done, in a microtask, or before `durable()` resolves: a system call for many writes, which a process that is killed before
   * loses together. Not with `appendfsync: "always"`; a CONFIG SET of that counts from the next turn on.
   */
  append?: Append;
  /** `file:`, `opfs:`: whether a torn tail is cut off (default) or keeps the store from being opened. */
  aofLoadTruncated?: boolean;
  /** `idb:`: whether the browser brings a batch to the disk itself before it counts as written. Default: `relaxed`. */
  durability?: Durability;
  /** `idb:`, `opfs:`: tabs and workers share it. Every method answers a promise then; see `SharedWakey`. Default: false. */
  shared?: boolean;
}

const KNOWN = [
  "clock",
  "seed",
  "dialect",
  "compat",
  "databases",
  "maxmemory",
  "maxmemoryPolicy",
  "cluster",
  "scriptTimeout",
  "requirepass",
  "users",
  "entries",
  "wasm",
  "store",
  "onProgress",
  "onWarning",
  "appendfsync",
  "append",
  "aofLoadTruncated",
  "durability",
  "shared",
];
const DIALECTS = ["redis", "valkey", "dicedb", "dragonfly"];
const RELEASES = ["8.0", "8.2", "8.4", "8.6", "8.8", "8.10"];
const POLICIES = [
  "noeviction",
  ...["lru", "lrm", "lfu", "random"].flatMap((order) => [`allkeys-${order}`, `volatile-${order}`]),
  "volatile-ttl",
];
const APPENDS = ["call", "turn"];
const FSYNCS = ["always", "everysec", "no"];
const DURABILITIES = ["relaxed", "strict"];

/** `OpenOptions` with the module given by the caller. */
export type SlimOptions<E extends Entries = "array"> = OpenOptions<E> & { wasm: WasmSource };

/** @internal */
export function refuse(name: string, wanted: string): never {
  throw new TypeError(`open(): ${name} must be ${wanted}`);
}

function integer(name: string, value: unknown, low: number, high: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high)
    refuse(name, `an integer from ${low} to ${high}`);
  return value;
}

/** Checks options as they come from plain JavaScript. Throws TypeError. @internal */
export function check(options: OpenOptions<Entries>): Omit<EngineOptions, "timer" | "words"> {
  if (typeof options !== "object" || options === null || Array.isArray(options)) refuse("the argument", "an object");
  for (const key of Object.keys(options)) {
    if (!KNOWN.includes(key)) throw new TypeError(`open(): unknown option '${key}'; there are ${KNOWN.join(", ")}`);
  }
  const { clock, seed, dialect, compat, databases, maxmemory, maxmemoryPolicy, cluster, scriptTimeout, requirepass } = options;
  const { onProgress, onWarning, append, appendfsync, durability } = options;
  if (clock !== undefined && (typeof clock !== "object" || clock === null || typeof clock.now !== "function"))
    refuse("clock", "an object with now()");
  if (seed !== undefined && typeof seed !== "bigint" && !Number.isSafeInteger(seed)) refuse("seed", "an integer or a bigint");
  if (dialect !== undefined && !DIALECTS.includes(dialect)) refuse("dialect", `one of ${DIALECTS.join(", ")}`);
  if (compat !== undefined && !RELEASES.includes(compat)) refuse("compat", `one of ${RELEASES.map((name) => `"${name}"`).join(", ")}`);
  if (maxmemoryPolicy !== undefined && !POLICIES.includes(maxmemoryPolicy)) refuse("maxmemoryPolicy", `one of ${POLICIES.join(", ")}`);
  if (cluster !== undefined && typeof cluster !== "boolean") refuse("cluster", "true or false");
  if (requirepass !== undefined && typeof requirepass !== "string") refuse("requirepass", "a string");
  wantsObjects(options.entries);
  if (onProgress !== undefined && typeof onProgress !== "function") refuse("onProgress", "a function");
  if (onWarning !== undefined && typeof onWarning !== "function") refuse("onWarning", "a function");
  if (appendfsync !== undefined && !FSYNCS.includes(appendfsync)) refuse("appendfsync", `one of ${FSYNCS.join(", ")}`);
  if (append !== undefined && !APPENDS.includes(append)) refuse("append", `one of ${APPENDS.join(", ")}`);
  if (append === "turn" && appendfsync === "always") refuse("append", '"call" with appendfsync: "always"');
  if (durability !== undefined && !DURABILITIES.includes(durability)) refuse("durability", `one of ${DURABILITIES.join(", ")}`);
  return {
    clock: clock ?? systemClock,
    seed: seed === undefined ? random.bits() : BigInt.asUintN(64, BigInt(seed)),
    ...(dialect === undefined ? {} : { dialect }),
    ...(compat === undefined ? {} : { compat }),
    ...(databases === undefined ? {} : { databases: integer("databases", databases, 1, 16384) }),
    ...(maxmemory === undefined ? {} : { maxmemory: integer("maxmemory", maxmemory, 0, Number.MAX_SAFE_INTEGER) }),
    ...(maxmemoryPolicy === undefined ? {} : { maxmemoryPolicy }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(scriptTimeout === undefined ? {} : { scriptTimeout: integer("scriptTimeout", scriptTimeout, 0, 2 ** 31 - 1) }),
    ...(requirepass === undefined || requirepass === "" ? {} : { requirepass }),
  };
}
