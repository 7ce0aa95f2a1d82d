/** What the viewers of all types share. */
import type { View } from "../app.js";
import { latin1 } from "../text.js";

/** Height of a row in pixels; as in style/keys.css. */
export const ROW = 32;
/** Of what has no places to ask for, at most so many members are read. */
export const MOST = 5000;

/** What a viewer shows, and how it changes it. */
export interface Shown {
  view: View;
  name: string;
  edit: (...args: string[]) => void;
}

export function text(value: unknown): string {
  return value instanceof Uint8Array ? latin1(value) : String(value ?? "");
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
