/**
 * `open(where, options)`: checks the options, makes an engine from the compiled module, loads what a store keeps, hands out
 * the first session. The entries (`node`, `inline`, `url`, `slim`, `workerd`) differ in where the module comes from, and in
 * the stores they know.
 */
import { openWakey, type Wakey } from "../client/client.js";
import type { Entries } from "../client/command-types.js";
import { Engine } from "../core/engine.js";
import type { Words } from "../core/instance.js";
import type { Store } from "../persistence/stores/store.js";
import { isBuffer } from "../resp/command.js";
import type { SharedWakey } from "../shared/client.js";
import { check, type OpenOptions, refuse, type SlimOptions, type WasmModule, type WasmSource } from "./options.js";
import { parts } from "./parts.js";
import { openStore, sharers } from "./store-url.js";
import { usersText } from "./users.js";

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
  <E extends Entries = "array">(where: string, options: OpenOptions<E> & { shared: true }): Promise<SharedWakey<string, E>>;
  <E extends Entries = "array">(where?: string | OpenOptions<E>, options?: OpenOptions<E>): Promise<Wakey<E>>;
}

/** `openSync()`, `openSync(options)`: in memory alone. */
export type OpenSync = <E extends Entries = "array">(options?: OpenSyncOptions<E>) => Wakey<E>;

/** Options of `openSync`: what needs no waiting. */
export type OpenSyncOptions<E extends Entries = "array"> = Omit<
  OpenOptions<E>,
  "store" | "onProgress" | "append" | "durability" | "shared" | "wasm"
> & {
  wasm?: WasmModule | ArrayBuffer | Uint8Array;
};

/** How an entry's `open` differs from others. @internal */
interface Entry {
  /** Whether the engine sleeps until its next deadline, and removes what is due. */
  timer?: boolean;
  /** The words of COMMAND DOCS, where they are not loaded when they are wanted. */
  words?: Words;
  /** Adds the kinds of stores that this place has; called by each `open`, since the place may have got more. */
  stores?: () => void;
}

/** What an engine is told besides its options. */
function configure(engine: Engine, options: OpenOptions<Entries>): void {
  if (options.appendfsync !== undefined) engine.configure("appendfsync", options.appendfsync);
  if (options.aofLoadTruncated !== undefined) engine.configure("aof-load-truncated", options.aofLoadTruncated ? "yes" : "no");
  const users = usersText(options.users);
  if (users !== undefined) engine.loadUsers(users);
}

/** Makes an entry's `open` from where it gets the module by default. @internal */
export function opener(standard: () => Promise<WebAssembly.Module>, { timer = true, words, stores }: Entry = {}): Open {
  let compiled: Promise<WebAssembly.Module> | undefined;
  const open = async (
    where?: string | OpenOptions<Entries>,
    given?: OpenOptions<Entries>,
  ): Promise<Wakey<Entries> | SharedWakey<string, Entries>> => {
    if (typeof where !== "string" && given !== undefined) refuse("the first of two arguments", "a string");
    const options = typeof where === "string" ? { ...given, store: where } : where === undefined ? {} : where;
    const checked = check(options);
    usersText(options.users);
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
    const on = async (place: string | Store | undefined): Promise<Wakey<Entries>> => {
      const engine = await Engine.create(module, { ...checked, timer, words: words ?? (() => parts.words()) });
      try {
        configure(engine, options);
        const store = await openStore(place, { ...options, onWarning });
        if (store !== undefined)
          await (await parts.driver()).Persistence.open(engine, store, { onProgress, onWarning, append: options.append });
      } catch (error) {
        void engine.close();
        throw error;
      }
      return openWakey(engine, options.entries);
    };
    if (options.shared !== true) return on(options.store);
    const [, scheme, name] = /^([a-z]+):(.*)$/s.exec(typeof options.store === "string" ? options.store : "") ?? [];
    const share = sharers.get(scheme ?? "");
    if (share === undefined) refuse("shared", "with a store 'idb:' or 'opfs:', in a browser");
    return share(name as string, options, on);
  };
  return open as Open;
}

/** Makes an entry's `openSync` from where it gets the module's bytes, or the module itself, at once. @internal */
export function openerSync(standard: () => WebAssembly.Module, { timer = true, words }: Entry = {}): OpenSync {
  let compiled: WebAssembly.Module | undefined;
  const openSync = (given: OpenSyncOptions<Entries> = {}): Wakey<Entries> => {
    const options: OpenOptions<Entries> = given;
    const checked = check(options);
    const { store, shared, wasm } = options;
    if ((store !== undefined && store !== "memory:") || shared === true)
      throw new TypeError("openSync() opens a database in memory; for a store, which takes time, use open()");
    let module: WebAssembly.Module;
    if (wasm === undefined) {
      compiled ??= standard();
      module = compiled;
    } else module = compileNow(wasm);
    const engine = Engine.createNow(module, { ...checked, timer, words: words ?? (() => parts.words()) });
    try {
      configure(engine, options);
    } catch (error) {
      void engine.close();
      throw error;
    }
    return openWakey(engine, options.entries);
  };
  return openSync as OpenSync;
}

/** As `compile`, for what needs no waiting. */
function compileNow(given: WasmSource): WebAssembly.Module {
  if (Object.prototype.toString.call(given) === "[object WebAssembly.Module]") return given as WebAssembly.Module;
  if (isBuffer(given) || ArrayBuffer.isView(given)) return new WebAssembly.Module(given as BufferSource);
  throw new TypeError("openSync(): wasm must be a WebAssembly.Module or bytes; open() takes a Response");
}

/** As `Open`, with the module given by the caller. */
export type OpenSlim = (<E extends Entries = "array">(options: SlimOptions<E>) => Promise<Wakey<E>>) &
  (<E extends Entries = "array">(where: string, options: SlimOptions<E>) => Promise<Wakey<E>>);

/** As `OpenSync`, with the module given by the caller. */
export type OpenSyncSlim = <E extends Entries = "array">(
  options: OpenSyncOptions<E> & { wasm: WasmModule | ArrayBuffer | Uint8Array },
) => Wakey<E>;

/** The `openSync` of an entry without a module. @internal */
export const openSyncSlim = openerSync(() => {
  throw new TypeError("openSync(): wakey/slim needs the option wasm: a WebAssembly.Module or bytes");
}) as OpenSyncSlim;

/** Makes the `open` of an entry without a module. @internal */
export function openSlim(stores: () => void): OpenSlim {
  const none = (): Promise<never> =>
    Promise.reject(new TypeError("open(): wakey/slim needs the option wasm: a WebAssembly.Module, bytes, or a Response"));
  return opener(none, { stores }) as OpenSlim;
}
