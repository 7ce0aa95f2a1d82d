/**
 * `open(where, options)`: checks the options, makes an engine from the compiled module, loads what a store keeps, hands out
 * the first session. The entries (`node`, `inline`, `url`, `slim`, `workerd`) differ in where the module comes from, and in
 * the stores they know.
 */

import { openWakey, type Wakey } from "../client/client.js";
import { type Clock, systemClock } from "../core/clock.js";
import { Engine, type EngineOptions } from "../core/engine.js";
import { random } from "../core/random.js";
import { Persistence, type Progress } from "../persistence/driver.js";
import type { AppendFsync } from "../persistence/stores/aof.js";
import type { Durability } from "../persistence/stores/idb.js";
import { isStore, type MaybePromise, type Store } from "../persistence/stores/store.js";
import { isBuffer } from "../resp/command.js";
import type { SharedWakey } from "../shared/client.js";

/** Whose small differences to speak: error codes and the like. */
export type Dialect = "redis" | "dicedb" | "dragonfly";

/** A WebAssembly module or where to get one: bytes, a Response, or a promise of any of them. */
export type WasmSource =
  | WebAssembly.Module
  | ArrayBuffer
  | Uint8Array
  | Response
  | Promise<WebAssembly.Module | ArrayBuffer | Uint8Array | Response>;

export interface OpenOptions {
  /** Where the time comes from. Default: the system clock, with a timer that expires keys at their deadline. */
  clock?: Clock;
  /** Makes randomness and hashing reproducible. Default: 64 bits from the host's random source. */
  seed?: number | bigint;
  /** Default: `redis`. */
  dialect?: Dialect;
  /** How many databases SELECT knows, 1 to 16384. Default: 16. */
  databases?: number;
  /** Bytes the keyspace may use; 0 (default): no limit. */
  maxmemory?: number;
  /** The password that sockets must give. Calls in process need none. */
  requirepass?: string;
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
  "databases",
  "maxmemory",
  "requirepass",
  "wasm",
  "store",
  "onProgress",
  "onWarning",
  "appendfsync",
  "aofLoadTruncated",
  "durability",
  "shared",
];
const DIALECTS = ["redis", "dicedb", "dragonfly"];
const FSYNCS = ["always", "everysec", "no"];
const DURABILITIES = ["relaxed", "strict"];

/** The kinds of stores that an entry knows: from what stands before the colon to what opens it. @internal */
export const schemes = new Map<string, (name: string, options: OpenOptions) => MaybePromise<Store>>();

/** Kinds of stores that tabs can share: from the name, and what opens an engine on a store, to what is handed out. @internal */
export const sharers = new Map<
  string,
  (name: string, options: OpenOptions, on: (store: Store) => Promise<Wakey>) => Promise<SharedWakey>
>();

/** Makes an error of a kind of store that is not here. */
function elsewhere(scheme: string): TypeError {
  const where = new Map([
    ["file", "is for Node"],
    ["idb", "is for browsers, where there is IndexedDB"],
    ["opfs", "is for workers of browsers"],
  ]).get(scheme);
  const here = [...schemes.keys()];
  const known = here.length === 0 ? "here are none" : `here there are ${here.map((one) => `'${one}:'`).join(", ")}`;
  return new TypeError(`open(): ${where ? `'${scheme}:' ${where}` : `unknown store '${scheme}:'`}; ${known}`);
}

async function openStore(store: string | Store | undefined, options: OpenOptions): Promise<Store | undefined> {
  if (store === undefined) return undefined;
  if (typeof store !== "string") {
    if (!isStore(store)) refuse("store", "a string as 'file:./data', or a store: load, append, rewrite, close");
    return store;
  }
  const found = /^([a-z][a-z0-9]*):(.*)$/s.exec(store);
  if (found === null) refuse("store", `a string as 'file:./data', not '${store}'`);
  const [, scheme, name] = found as unknown as [string, string, string];
  if (scheme === "memory") return undefined;
  const make = schemes.get(scheme);
  if (make === undefined) throw elsewhere(scheme);
  return make(name, options);
}

function refuse(name: string, wanted: string): never {
  throw new TypeError(`open(): ${name} must be ${wanted}`);
}

function integer(name: string, value: unknown, low: number, high: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high)
    refuse(name, `an integer from ${low} to ${high}`);
  return value;
}

/** Checks options as they come from plain JavaScript. Throws TypeError. @internal */
export function check(options: OpenOptions): Omit<EngineOptions, "timer"> {
  if (typeof options !== "object" || options === null || Array.isArray(options)) refuse("the argument", "an object");
  for (const key of Object.keys(options)) {
    if (!KNOWN.includes(key)) throw new TypeError(`open(): unknown option '${key}'; there are ${KNOWN.join(", ")}`);
  }
  const { clock, seed, dialect, databases, maxmemory, requirepass, onProgress, onWarning, appendfsync, durability } = options;
  if (clock !== undefined && (typeof clock !== "object" || clock === null || typeof clock.now !== "function"))
    refuse("clock", "an object with now()");
  if (seed !== undefined && typeof seed !== "bigint" && !Number.isSafeInteger(seed)) refuse("seed", "an integer or a bigint");
  if (dialect !== undefined && !DIALECTS.includes(dialect)) refuse("dialect", `one of ${DIALECTS.join(", ")}`);
  if (requirepass !== undefined && typeof requirepass !== "string") refuse("requirepass", "a string");
  if (onProgress !== undefined && typeof onProgress !== "function") refuse("onProgress", "a function");
  if (onWarning !== undefined && typeof onWarning !== "function") refuse("onWarning", "a function");
  if (appendfsync !== undefined && !FSYNCS.includes(appendfsync)) refuse("appendfsync", `one of ${FSYNCS.join(", ")}`);
  if (durability !== undefined && !DURABILITIES.includes(durability)) refuse("durability", `one of ${DURABILITIES.join(", ")}`);
  return {
    clock: clock ?? systemClock,
    seed: seed === undefined ? random.bits() : BigInt.asUintN(64, BigInt(seed)),
    ...(dialect === undefined ? {} : { dialect }),
    ...(databases === undefined ? {} : { databases: integer("databases", databases, 1, 16384) }),
    ...(maxmemory === undefined ? {} : { maxmemory: integer("maxmemory", maxmemory, 0, Number.MAX_SAFE_INTEGER) }),
    ...(requirepass === undefined || requirepass === "" ? {} : { requirepass }),
  };
}

function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === "[object Response]";
}

/** Compiles what `wasm` was given. @internal */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  const given = await source;
  // Of another realm (jsdom, an iframe) it is no instance of the class here.
  if (Object.prototype.toString.call(given) === "[object WebAssembly.Module]") return given as WebAssembly.Module;
  if (isResponse(given)) {
    if (!given.ok) throw new Error(`fetching the WebAssembly module failed: ${given.status} ${given.statusText}`);
    const type = given.headers.get("content-type") ?? "";
    const streams = type.startsWith("application/wasm") && given instanceof Response;
    return streams ? WebAssembly.compileStreaming(given) : WebAssembly.compile(await given.arrayBuffer());
  }
  if (isBuffer(given) || ArrayBuffer.isView(given)) return WebAssembly.compile(given as BufferSource);
  refuse("wasm", "a WebAssembly.Module, bytes, or a Response");
}

/** `open()`, `open(options)`, `open("file:./data", options)`. */
export interface Open {
  (where: string, options: OpenOptions & { shared: true }): Promise<SharedWakey>;
  (where?: string | OpenOptions, options?: OpenOptions): Promise<Wakey>;
}

/** How an entry's `open` differs from others. @internal */
interface Entry {
  /** Whether the engine sleeps until its next deadline, and removes what is due. */
  timer?: boolean;
  /** Adds the kinds of stores that this place has; called by each `open`, since the place may have got more. */
  stores?: () => void;
}

/** Makes an entry's `open` from where it gets the module by default. @internal */
export function opener(standard: () => Promise<WebAssembly.Module>, { timer = true, stores }: Entry = {}): Open {
  let compiled: Promise<WebAssembly.Module> | undefined;
  const open = async (where?: string | OpenOptions, given?: OpenOptions): Promise<Wakey | SharedWakey> => {
    if (typeof where !== "string" && given !== undefined) refuse("the first of two arguments", "a string");
    const options = typeof where === "string" ? { ...given, store: where } : where === undefined ? {} : where;
    const checked = check(options);
    stores?.();
    let module: WebAssembly.Module;
    if (options.wasm !== undefined) {
      module = await compile(options.wasm);
    } else {
      compiled ??= standard();
      try {
        module = await compiled;
      } catch (error) {
        compiled = undefined;
        throw error;
      }
    }
    const { onProgress, onWarning = (message) => console.warn(`wakey: ${message}`) } = options;
    const on = async (place: string | Store | undefined): Promise<Wakey> => {
      const engine = await Engine.create(module, { ...checked, timer });
      try {
        if (options.appendfsync !== undefined) engine.configure("appendfsync", options.appendfsync);
        if (options.aofLoadTruncated !== undefined) engine.configure("aof-load-truncated", options.aofLoadTruncated ? "yes" : "no");
        const store = await openStore(place, { ...options, onWarning });
        if (store !== undefined) await Persistence.open(engine, store, { onProgress, onWarning });
      } catch (error) {
        void engine.close();
        throw error;
      }
      return openWakey(engine);
    };
    if (options.shared !== true) return on(options.store);
    const [, scheme, name] = /^([a-z]+):(.*)$/s.exec(typeof options.store === "string" ? options.store : "") ?? [];
    const share = sharers.get(scheme ?? "");
    if (share === undefined) refuse("shared", "with a store 'idb:' or 'opfs:', in a browser");
    return share(name as string, options, on);
  };
  return open as Open;
}

/** `OpenOptions` with the module given by the caller. */
export type SlimOptions = OpenOptions & { wasm: WasmSource };

/** As `Open`, with the module given by the caller. */
export type OpenSlim = ((options: SlimOptions) => Promise<Wakey>) & ((where: string, options: SlimOptions) => Promise<Wakey>);

/** Makes the `open` of an entry without a module. @internal */
export function openSlim(stores: () => void): OpenSlim {
  const none = (): Promise<never> =>
    Promise.reject(new TypeError("open(): wakey/slim needs the option wasm: a WebAssembly.Module, bytes, or a Response"));
  return opener(none, { stores }) as OpenSlim;
}
