/**
 * `open(options)`: checks the options, makes an engine from the compiled module, hands out its first session. The
 * entries (`node`, `inline`, `url`, `slim`, `workerd`) differ only in where the module comes from.
 */

import { openWakey, type Wakey } from "./client.js";
import { type Clock, systemClock } from "./clock.js";
import { runtime } from "./codec.js";
import { Engine, type EngineOptions } from "./engine.js";

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
}

const KNOWN = ["clock", "seed", "dialect", "databases", "maxmemory", "requirepass", "wasm"];
const DIALECTS = ["redis", "dicedb", "dragonfly"];

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
  const { clock, seed, dialect, databases, maxmemory, requirepass } = options;
  if (clock !== undefined && (typeof clock !== "object" || clock === null || typeof clock.now !== "function"))
    refuse("clock", "an object with now()");
  if (seed !== undefined && typeof seed !== "bigint" && !Number.isSafeInteger(seed)) refuse("seed", "an integer or a bigint");
  if (dialect !== undefined && !DIALECTS.includes(dialect)) refuse("dialect", `one of ${DIALECTS.join(", ")}`);
  if (requirepass !== undefined && typeof requirepass !== "string") refuse("requirepass", "a string");
  return {
    clock: clock ?? systemClock,
    seed: seed === undefined ? runtime.random() : BigInt.asUintN(64, BigInt(seed)),
    ...(dialect === undefined ? {} : { dialect }),
    ...(databases === undefined ? {} : { databases: integer("databases", databases, 1, 16384) }),
    ...(maxmemory === undefined ? {} : { maxmemory: integer("maxmemory", maxmemory, 0, Number.MAX_SAFE_INTEGER) }),
    ...(requirepass === undefined || requirepass === "" ? {} : { requirepass }),
  };
}

function isResponse(value: unknown): value is Response {
  return typeof Response === "function" && value instanceof Response;
}

/** Compiles what `wasm` was given. @internal */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  if (isResponse(given)) {
    if (!given.ok) throw new Error(`fetching the WebAssembly module failed: ${given.status} ${given.statusText}`);
    const type = given.headers.get("content-type") ?? "";
    return type.startsWith("application/wasm") ? WebAssembly.compileStreaming(given) : WebAssembly.compile(await given.arrayBuffer());
  }
  if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) return WebAssembly.compile(given as BufferSource);
  refuse("wasm", "a WebAssembly.Module, bytes, or a Response");
}

/** Makes an entry's `open` from where it gets the module by default. @internal */
export function opener(standard: () => Promise<WebAssembly.Module>, timer = true): (options?: OpenOptions) => Promise<Wakey> {
  let compiled: Promise<WebAssembly.Module> | undefined;
  return async (options = {}) => {
    const checked = check(options);
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
    return openWakey(await Engine.create(module, { ...checked, timer }));
  };
}
