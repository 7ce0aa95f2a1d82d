/** Words for what a key is, and how much it has. */
import { COUNTS, LABELS } from "../kinds.js";
import { size } from "../text.js";

/** A word on its type's ground. */
export function Chip({ type, kind = type }: { type: string; kind?: string }) {
  return <span class={`chip ${type}`}>{LABELS[kind] ?? kind}</span>;
}

/** How much a key has, in its own unit. */
export function amount(type: string, length: number): string {
  const [, one, many] = COUNTS[type] ?? ["", "", ""];
  return type === "string" ? size(length) : `${length.toLocaleString("en")} ${length === 1 ? one : many}`;
}
