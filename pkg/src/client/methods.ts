/** Puts the methods of the commands on a prototype: a method each, in one place for all that have them. */
import { NAMES } from "./commands.gen.js";
import { RUNS } from "./facts.gen.js";

/** `["script", ["key"], ["arg"]]` as words: what runs scripts takes arrays, too, and the number of keys follows. */
function counted([script, keys, ...rest]: readonly unknown[]): unknown[] {
  // Arrays in arrays are opened, once.
  const all = (keys as unknown[]).flat();
  return [script, all.length, all, ...rest];
}

/** `make` gives the method of a command. */
export function install(prototype: object, make: (name: string) => (...args: never[]) => unknown): void {
  for (const name of NAMES) {
    const words = make(name) as (...args: unknown[]) => unknown;
    const arrays = function (this: unknown, ...args: unknown[]): unknown {
      return words.apply(this, Array.isArray(args[1]) ? counted(args) : args);
    };
    Object.defineProperty(prototype, name, { value: RUNS.has(name) ? arrays : words, writable: true, configurable: true });
  }
}
