/** `core.wasm` as workerd imports it. */
declare const core: WebAssembly.Module;
export default core;
