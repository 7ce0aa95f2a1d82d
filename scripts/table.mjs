/** The engine's command table, read from the built core. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./common.mjs";

/** Makes a bare core from the built module: what the scripts need of it without the package. */
export async function bare(options = {}) {
  const { glue } = await import(join(build, "glue.js"));
  const module = new WebAssembly.Module(readFileSync(join(build, "core.wasm")));
  const bindings = glue();
  // Scripts do not run here: what they want of their host may do nothing.
  const imports = { host: { try: () => {}, throw: () => {}, clock: () => 0 } };
  for (const { module: name } of WebAssembly.Module.imports(module)) imports[name] ??= bindings;
  const instance = new WebAssembly.Instance(module, imports);
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  return new bindings.Core({ seed: 1n, now: 0, ...options });
}

/** The rows, as plain objects. */
export async function table() {
  const plain = (value) => {
    if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [key, plain(one)]));
    return Array.isArray(value) ? value.map(plain) : value;
  };
  return plain((await bare()).commands());
}
