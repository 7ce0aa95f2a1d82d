/** What the viewers of all types share. */
import type { View } from "../app.js";
import { latin1 } from "../text.js";

/** Height of a row in pixels; as in style/keys.css. */
export const ROW = 32;
/** Of what has no places to ask for, at most so many members are read. */
export const MOST = 5000;

/** One value of a key, to be looked at by itself. */
export interface Item {
  /** What it is, for people: `field bio`. */
  title: string;
  /** Its bytes, or the first of them; undefined when it is gone. */
  read: () => string | undefined;
  /** How many bytes there are, where `read` may give fewer. */
  length?: () => number;
  /** Puts another value in its place. */
  save?: (to: string) => void;
  /** Sets one bit of it, where there is a command for that. */
  bit?: (offset: number, to: number) => void;
}

/** What a viewer shows, and how it changes it. */
export interface Shown {
  view: View;
  name: string;
  edit: (...args: string[]) => void;
  /** Shows a value by itself. */
  open: (item: Item) => void;
}

export function text(value: unknown): string {
  return value instanceof Uint8Array ? latin1(value) : String(value ?? "");
}

/** What a reply has, as text; undefined where there is nothing. */
export function maybe(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : text(value);
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What a map has, as the bytes face gives it: in pairs. */
export function pairs(value: unknown): { [name: string]: unknown } {
  const out: { [name: string]: unknown } = Object.create(null);
  for (const pair of list(value)) if (Array.isArray(pair)) out[text(pair[0])] = pair[1];
  return out;
}

/** The first members of what can only be walked through. */
export function first(view: View, scan: string, name: string): string[] {
  const out: string[] = [];
  let cursor = "0";
  do {
    const reply = view.keyspace.ask(scan, name, cursor, "COUNT", 1000) as [Uint8Array, Uint8Array[]] | undefined;
    if (reply === undefined) break;
    cursor = latin1(reply[0]);
    out.push(...reply[1].map(latin1));
  } while (cursor !== "0" && out.length < MOST);
  return out;
}
