/** Puts the methods of the commands on a prototype: a method each, in one place for all that have them. */
import { NAMES } from "./commands.gen.js";

/** `make` gives the method of a command. */
export function install(prototype: object, make: (name: string) => (...args: never[]) => unknown): void {
  for (const name of NAMES) Object.defineProperty(prototype, name, { value: make(name), writable: true, configurable: true });
}
