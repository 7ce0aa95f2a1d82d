/** An instance of the compiled module, with an engine in it: its own memory, and its own glue. */
import { glue } from "../../build/glue.js";
import { encodeInto, UTF8 } from "../resp/utf8.js";
import type { Core, CoreOptions, Glue } from "./glue.js";

/** @internal */
export interface Instance {
  /** The compiled module, which can make more of these. */
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  core: Core;
}

/** The words of COMMAND DOCS and HELP, `docs.gen.ts`; empty while they are on their way. @internal */
export type Words = () => string;

type Bindings = Glue & WebAssembly.ModuleImports;

/** A function of the module: Lua's, which may throw. */
type Protected = (fn: number, state: number, argument: number) => void;

/** What Lua throws: an error of a script on its way to who catches it. */
const UNWINDING = { error: "of a script, on its way" };

/**
 * What the module asks of its host besides the glue: a way out for errors of scripts (src/lua/unwind.rs), a clock, and the words of
 * COMMAND DOCS and HELP, which are not in it (src/table/docs.rs).
 */
class Surroundings {
  _call: Protected | undefined;
  _memory: WebAssembly.Memory | undefined;

  constructor(private readonly words: Words) {}

  readonly imports: WebAssembly.ModuleImports = {
    try: (fn: number, state: number, argument: number) => {
      try {
        this._call?.(fn, state, argument);
      } catch (error) {
        if (error !== UNWINDING) throw error;
      }
    },
    throw: () => {
      throw UNWINDING;
    },
    clock: () => performance.now(),
    docs: (at: number, room: number) => {
      const words = this.words();
      const { length } = words;
      // ASCII, which scripts/gen.mjs sees to.
      if (room >= length && this._memory !== undefined) encodeInto(words, new Uint8Array(this._memory.buffer, at, length));
      return length;
    },
  };
}

function importsOf(module: WebAssembly.Module, bindings: Bindings, surroundings: Surroundings): WebAssembly.Imports {
  const imports: WebAssembly.Imports = { host: surroundings.imports };
  for (const { module: name } of WebAssembly.Module.imports(module)) imports[name] ??= bindings;
  return imports;
}

function begin(
  module: WebAssembly.Module,
  { exports }: WebAssembly.Instance,
  bindings: Bindings,
  surroundings: Surroundings,
  options: CoreOptions,
): Instance {
  bindings.__wbg_set_wasm(exports);
  surroundings._call = exports["wakey_call"] as Protected;
  surroundings._memory = exports["memory"] as WebAssembly.Memory;
  const start = exports["__wbindgen_start"];
  if (typeof start === "function") start();
  return { module, memory: surroundings._memory, core: new bindings.Core(options) };
}

/** Not in one step: older browsers refuse synchronous instances on a page. */
export async function instantiate(module: WebAssembly.Module, words: Words, options: () => CoreOptions): Promise<Instance> {
  const bindings = glue(UTF8);
  const surroundings = new Surroundings(words);
  const instance = await WebAssembly.instantiate(module, importsOf(module, bindings, surroundings));
  return begin(module, instance, bindings, surroundings, options());
}

/** As `instantiate`, at once. */
export function instantiateNow(module: WebAssembly.Module, words: Words, options: () => CoreOptions): Instance {
  const bindings = glue(UTF8);
  const surroundings = new Surroundings(words);
  const instance = new WebAssembly.Instance(module, importsOf(module, bindings, surroundings));
  return begin(module, instance, bindings, surroundings, options());
}
