/** What Vitest's and Jest's `expect` learn about databases: matchers for keys, and how a snapshot shows one. */
import type { Client } from "../client/client.js";
import { isClient } from "../client/port.js";
import { entryOf, keyspaceOf } from "./keyspace.js";

/** What matchers find as `this`, in both runners. */
interface Runner {
  equals(a: unknown, b: unknown): boolean;
  utils: { printReceived(value: unknown): string; printExpected(value: unknown): string };
  isNot?: boolean;
}

interface Result {
  pass: boolean;
  message: () => string;
}

/** Milliseconds by which a deadline may be off where the test does not say. */
const NEARLY = 1000;

/** The session behind what is given to `expect`: a database, a session, or what holds one as `db`. */
function sessionOf(given: unknown): Client {
  const db = isClient(given) ? given : (given as { db?: unknown } | null)?.db;
  if (!isClient(db)) throw new TypeError("expect() needs a database of wakey, or one of its sessions");
  return db;
}

/** The matchers, for `expect.extend`. */
export const matchers = {
  /** `expect(db).toHaveKey("user:1")`, and with a value: a text, an array, an object, as `keyspaceOf` shows it. */
  toHaveKey(this: Runner, given: unknown, key: string, ...value: [] | [unknown]): Result {
    const { printExpected, printReceived } = this.utils;
    const entry = entryOf(sessionOf(given), key);
    if (entry === undefined) return { pass: false, message: () => `expected a key ${printExpected(key)}, and there is none` };
    if (value.length === 0)
      return { pass: true, message: () => `expected no key ${printExpected(key)}; it is a ${entry.type}, ${printReceived(entry.value)}` };
    const pass = this.equals(entry.value, value[0]);
    return {
      pass,
      message: () =>
        `expected key ${printExpected(key)} ${pass ? "not " : ""}to hold ${printExpected(value[0])}${pass ? "" : `; it is a ${entry.type}, ${printReceived(entry.value)}`}`,
    };
  },

  /** `expect(db).toExpireIn("session", 60_000)`: in this many milliseconds, give or take `within` (default: a second). */
  toExpireIn(this: Runner, given: unknown, key: string, ms: number, within = NEARLY): Result {
    const { printExpected, printReceived } = this.utils;
    const left = sessionOf(given).call("PTTL", key) as number;
    const found = left === -2 ? "there is no such key" : left === -1 ? "it stays for good" : `it does in ${printReceived(left)} ms`;
    const pass = left >= 0 && Math.abs(left - ms) <= within;
    return {
      pass,
      message: () => `expected key ${printExpected(key)} ${pass ? "not " : ""}to expire in ${printExpected(ms)} ms; ${found}`,
    };
  },
};

type Printer = (value: unknown, config: unknown, indentation: string, depth: number, refs: unknown) => string;

/** Shows a database in a snapshot by its keys: for `expect.addSnapshotSerializer`. */
export const serializer = {
  /** Whether it is a database or a session. */
  test(value: unknown): boolean {
    return isClient(value);
  },
  /** Its keys, as the runner prints objects. */
  serialize(value: unknown, config: unknown, indentation: string, depth: number, refs: unknown, printer: Printer): string {
    return `Wakey ${printer(keyspaceOf(value as Client), config, indentation, depth, refs).replace(/^Object /, "")}`;
  },
};
