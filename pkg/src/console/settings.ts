/**
 * What a page's author sets at a console, so that its documents are the same each time: `seed` and `clock` of its database, lines that
 * run before its reader sees it (`setup`), the word in its prompt, its height.
 */
import type { Wakey } from "../client/client.js";
import { manualClock } from "../core/clock.js";
import type { OpenOptions } from "../open/options.js";
import { words } from "../prompt/format.js";
import { bytes, latin1 } from "../resp/latin1.js";
import { encode } from "../resp/utf8.js";
import { linesOf } from "./lines.js";

export const SETTINGS = ["setup", "clock", "seed", "prompt"] as const;

/** Says to the page's author what is wrong with an attribute. */
function complain(name: string, why: string): void {
  console.error(`<wakey-console ${name}>: ${why}`);
}

/** When `clock` stands, in milliseconds since the epoch; undefined where there is none. */
export function clockOf(element: HTMLElement): number | undefined {
  const text = element.getAttribute("clock");
  if (!text) return undefined;
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(at) && at >= 0) return at;
  complain("clock", `'${text}' is no time; write 2026-01-01T00:00:00Z, or milliseconds since the epoch`);
  return undefined;
}

export function seedOf(element: HTMLElement): number | undefined {
  const text = element.getAttribute("seed");
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  complain("seed", `'${text}' is no number`);
  return undefined;
}

/** How its database is opened. */
export function optionsOf(element: HTMLElement): OpenOptions {
  const at = clockOf(element);
  const seed = seedOf(element);
  return { ...(at === undefined ? {} : { clock: manualClock(at) }), ...(seed === undefined ? {} : { seed }) };
}

/** The words of its prompt in front of the `>`. */
export function nameOf(element: HTMLElement): string {
  return (element.getAttribute("prompt") ?? "").replace(/\s*>?\s*$/, "") || "wakey";
}

/** The commands of `setup`, as words of one char a byte. */
export function setupOf(element: HTMLElement): string[][] {
  return linesOf(element.getAttribute("setup") ?? "").flatMap((line) => {
    const args = words(latin1(encode(line)));
    if (args === undefined) complain("setup", `a quote is open in: ${line}`);
    return args === undefined || args.length === 0 ? [] : [args];
  });
}

/** Runs `setup`, in a session that ends with it. What fails is told to the author, and the rest runs. */
export function setUp(element: HTMLElement, db: Wakey): void {
  const all = setupOf(element);
  if (all.length === 0) return;
  const session = db.session();
  try {
    for (const [name = "", ...args] of all) {
      try {
        const reply: unknown = session.bytes.call(name, ...args.map(bytes));
        if (reply instanceof Promise) reply.catch(() => {});
      } catch (error) {
        complain("setup", `${name}: ${(error as Error).message}`);
      }
    }
  } finally {
    session.close();
  }
}

/** Gives it the height that it is to have: pixels, or as CSS has it. */
export function size(element: HTMLElement): void {
  const height = element.getAttribute("height");
  if (height === null) return;
  const value = /^\d+$/.test(height) ? `${height}px` : height;
  if (!CSS.supports("height", value)) {
    complain("height", `'${height}' is no height`);
    return;
  }
  element.style.setProperty("--wakey-height", value);
  element.style.setProperty("--wakey-max-height", "none");
}
