/** What `open` is given, and whether it is valid: checked once, since plain JavaScript may pass anything. */
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

/** Which keys are evicted beyond `maxmemory`, and in which order: Redis's `maxmemory-policy`. */
export type EvictionPolicy = "noeviction" | "volatile-ttl" | `${"allkeys" | "volatile"}-${"lru" | "lrm" | "lfu" | "random"}`;

/** Whose commands and error codes to have. */
export type Dialect = "redis" | "valkey" | "dicedb" | "dragonfly";

/** A Redis release. */
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
  /** The Redis release to be like: later commands and options are absent, and replies are as they were. Default: the newest. */
  compat?: Release;
  /** How many databases SELECT knows, 1 to 16384. Default: 16. */
  databases?: number;
  /** Bytes the keyspace may use; 0 (default): no limit. */
  maxmemory?: number;
  /** Which keys are evicted beyond it. Default: `noeviction`, none: writes get the OOM error. */
  maxmemoryPolicy?: EvictionPolicy;
  /**
   * Bytes of memory to have from the start, up to 4 GiB; an error where the host has not so much. No command waits for memory to grow until they
   * are used, which takes milliseconds, and more where the program's own heap is large. What nothing has touched takes address space alone, on
   * Linux. Default: 0.
   */
  reserve?: number;
  /** Whether it is the single node of a Redis Cluster, with all slots: one database, CLUSTER, CROSSSLOT. Default: false. */
  cluster?: boolean;
  /**
   * Milliseconds after which a script run by a call in process is ended, with Redis's error for a killed script; 0: never.
   * A script that has written runs to its end, since half of its effects must not remain. Default: 5000.
   */
  scriptTimeout?: number;
  /** The password that sockets must give. Calls in process need none. */
  requirepass?: string;
  /**
   * Users, and what each may do: lines as ACL LIST gives them (`"ann on >secret ~ann:* +@all"`), or objects. They apply to what comes over
   * sockets; calls in process may do everything. The default user stays as it is, unless it is among them.
   */
  users?: readonly (string | User)[];
  /** The shape of stream entries, here and in sessions that do not say otherwise: see `SessionOptions`. Default: `array`. */
  entries?: E;
  /** Bring your own WebAssembly module. */
  wasm?: WasmSource;
  /** Where the data is kept: `"file:./data"`, `"idb:notes"`, `"opfs:notes"`, or a store of your own. Default: in memory only. */
  store?: string | Store;
  /** Called with the progress of a load, in bytes. */
  onProgress?: (progress: Progress) => void;
  /** Called with what the user should know but nothing stops for, such as a torn tail that was cut off. Default: `console.warn`. */
  onWarning?: (message: string) => void;
  /** `file:`, `opfs:`: when an append is flushed to the disk itself. Default: `everysec`. CONFIG SET changes it, too. */
  appendfsync?: AppendFsync;
  /**
   * `file:`, `opfs:`: when what a call wrote is handed to the system. `call` (default): before the call returns. `turn`: when the calling
   * code is done, in a microtask, or before `durable()` resolves: one system call for many writes, all of which are lost if the process is
   * killed before that. Not with `appendfsync: "always"`; a CONFIG SET of that takes effect from the next turn on.
   */
  append?: Append;
  /** `file:`, `opfs:`: whether a torn tail is cut off (default) or keeps the store from being opened. */
  aofLoadTruncated?: boolean;
  /** `idb:`: whether the browser flushes a batch to the disk itself before it counts as written. Default: `relaxed`. */
  durability?: Durability;
  /** `idb:`, `opfs:`: tabs and workers share it. Every method then returns a promise; see `SharedWakey`. Default: false. */
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
  "reserve",
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
  const { clock, seed, dialect, compat, databases, maxmemory, maxmemoryPolicy, reserve, cluster, scriptTimeout, requirepass } = options;
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
    ...(reserve === undefined ? {} : { reserve: integer("reserve", reserve, 0, 2 ** 32) }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(scriptTimeout === undefined ? {} : { scriptTimeout: integer("scriptTimeout", scriptTimeout, 0, 2 ** 31 - 1) }),
    ...(requirepass === undefined || requirepass === "" ? {} : { requirepass }),
  };
}
