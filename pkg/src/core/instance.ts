/** An instance of the compiled module, with an engine in it: its own memory, and its own glue. */
import { glue } from "../../build/glue.js";
import { UTF8 } from "../resp/utf8.js";
import type { Core, CoreOptions, Glue } from "./glue.js";

/** @internal */
export interface Instance {
  /** The compiled module, which can make more of these. */
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  core: Core;
}

type Bindings = Glue & WebAssembly.ModuleImports;

function importsOf(module: WebAssembly.Module, bindings: Bindings): WebAssembly.Imports {
  return { [WebAssembly.Module.imports(module)[0]?.module ?? "env"]: bindings };
}

function begin(module: WebAssembly.Module, { exports }: WebAssembly.Instance, bindings: Bindings, options: CoreOptions): Instance {
  bindings.__wbg_set_wasm(exports);
  const start = exports["__wbindgen_start"];
  if (typeof start === "function") start();
  return { module, memory: exports["memory"] as WebAssembly.Memory, core: new bindings.Core(options) };
}

/** Not in one step: older browsers refuse synchronous instances on a page. */
export async function instantiate(module: WebAssembly.Module, options: () => CoreOptions): Promise<Instance> {
  const bindings = glue(UTF8);
  return begin(module, await WebAssembly.instantiate(module, importsOf(module, bindings)), bindings, options());
}

/** As `instantiate`, at once. */
export function instantiateNow(module: WebAssembly.Module, options: () => CoreOptions): Instance {
  const bindings = glue(UTF8);
  return begin(module, new WebAssembly.Instance(module, importsOf(module, bindings)), bindings, options());
}
