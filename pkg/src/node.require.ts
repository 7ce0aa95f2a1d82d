/** `node.cjs`: the entry for Node and the one without a module, so that both are one implementation. */
export * from "./node.js";
export { open as openSlim, openSync as openSlimSync } from "./slim.node.js";
