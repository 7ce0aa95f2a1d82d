/** SCAN and its kind as iterators: cursors are their own matter. */
import type { Flat } from "../resp/command.js";
import { texts } from "./blame.js";

/** What an iterator asks for: MATCH, COUNT (a hint), and TYPE for SCAN. */
export interface ScanOptions {
  match?: string;
  count?: number;
  type?: string;
}

const KNOWN = ["match", "count", "type"];

/** One step of a scan: the command's words behind its name, up to the cursor's options. @internal */
export function scanArgs(first: readonly string[], cursor: string, options: ScanOptions): string[] {
  for (const name of Object.keys(options))
    if (!KNOWN.includes(name)) throw new TypeError(`unknown option '${name}'; there are ${KNOWN.join(", ")}`);
  const args = [...first, cursor];
  for (const name of ["match", "count", "type"] as const)
    if (options[name] !== undefined) args.push(name.toUpperCase(), String(options[name]));
  return args;
}

/** What a step answered, in pairs where it is of fields or scores. @internal */
export function scanned(reply: unknown, pairs: boolean): { next: string; items: unknown[] } {
  const [cursor, list] = reply as [Flat, unknown[]];
  const next = texts(cursor);
  if (!pairs || list.length === 0 || Array.isArray(list[0])) return { next, items: list };
  const items: unknown[] = [];
  for (let i = 0; i < list.length; i += 2) items.push([list[i], list[i + 1]]);
  return { next, items };
}

/** @internal */
export function* scan(
  call: (args: string[]) => unknown,
  first: readonly string[],
  options: ScanOptions,
  pairs: boolean,
): Generator<unknown> {
  let cursor = "0";
  do {
    const { next, items } = scanned(call(scanArgs(first, cursor, options)), pairs);
    yield* items;
    cursor = next;
  } while (cursor !== "0");
}

/** As `scan`, where each step is a promise. @internal */
export async function* scanLater(
  call: (args: string[]) => Promise<unknown>,
  first: readonly string[],
  options: ScanOptions,
  pairs: boolean,
): AsyncGenerator<unknown> {
  let cursor = "0";
  do {
    const { next, items } = scanned(await call(scanArgs(first, cursor, options)), pairs);
    yield* items;
    cursor = next;
  } while (cursor !== "0");
}
