/**
 * A session as a link or a file. The link holds it in the fragment, which no browser sends anywhere: JSON, deflated, in
 * base64 for URLs. What comes from outside is checked before anything of it happens.
 */
import { linesOf, TRANSCRIPT } from "../../pkg/src/console/lines.js";
import { openQuote, words } from "../../pkg/src/prompt/format.js";
import { BULK, type Head, head, LIST } from "../../pkg/src/resp/frames.js";
import type { Aside, Event, Record } from "./session.js";
import { T } from "./strings.js";
import { quoted, typed } from "./text.js";

/** A link longer than this is refused by some that pass links on. */
export const LONGEST_LINK = 64_000;
/** Nothing that is shared is larger when unpacked. */
const LARGEST = 64 << 20;
export const LONGEST_TITLE = 120;
export const LONGEST_NOTE = 2000;

async function through(data: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const reader = new Blob([data]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.length;
    if (total > LARGEST) throw new Error(T.tooLarge);
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** The fragment of a link, without its `#`. */
export async function pack(record: Record): Promise<string> {
  const packed = await through(new TextEncoder().encode(JSON.stringify(record)), new CompressionStream("deflate-raw"));
  let binary = "";
  for (const byte of packed) binary += String.fromCharCode(byte);
  return `s=${btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** The session in a fragment; undefined when there is none. Throws when there is a broken one. */
export async function unpack(fragment: string): Promise<Record | undefined> {
  const found = /^#?s=([\w-]+)$/.exec(fragment);
  if (!found) return undefined;
  const binary = atob(found[1]!.replaceAll("-", "+").replaceAll("_", "/"));
  const data = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return parse(new TextDecoder().decode(await through(data, new DecompressionStream("deflate-raw"))));
}

/** A session from its JSON. */
export function parse(json: string): Record {
  const record = JSON.parse(json) as Partial<Record>;
  const time = (n: unknown): n is number => typeof n === "number" && Number.isFinite(n) && n >= 0 && n < 2 ** 50;
  const isEvent = (event: Partial<Event> | null): boolean =>
    typeof event === "object" &&
    event !== null &&
    time(event.at) &&
    typeof event.by === "string" &&
    event.by.length <= 20 &&
    Array.isArray(event.args) &&
    event.args.length > 0 &&
    event.args.every((word) => typeof word === "string" && !/[^\0-\xff]/.test(word)) &&
    (event.line === undefined || typeof event.line === "string") &&
    (event.took === undefined || time(event.took));
  const isAside = (aside: Partial<Aside> | null): boolean =>
    typeof aside === "object" &&
    aside !== null &&
    time(aside.n) &&
    /^c[1-6]$/.test(String(aside.by)) &&
    short(aside.line, 4096) &&
    short(aside.prompt, 200);
  const { v, seed, start, now, events, asides = [], title = "", note = "", paused } = record;
  if (v !== 1 || !time(seed) || !time(start) || !time(now) || !Array.isArray(events) || !events.every(isEvent))
    throw new Error(T.noSession);
  if (
    !Array.isArray(asides) ||
    asides.length > 1000 ||
    !asides.every(isAside) ||
    !short(title, LONGEST_TITLE) ||
    !short(note, LONGEST_NOTE)
  )
    throw new Error(T.noSession);
  return { v, seed, start, now, events, asides, title, note, ...(paused === true ? { paused } : {}) };
}

function short(text: unknown, limit: number): text is string {
  return typeof text === "string" && text.length <= limit;
}

/**
 * Commands as people write them in a file, one a line, or more where quotes are open; empty lines and lines with # in front are left
 * out. Where there are prompts, it is a transcript: what has none is a reply. One after the other, as they are asked for: there may be many.
 */
export function* commands(text: string): Generator<string[]> {
  if (TRANSCRIPT.test(text)) {
    for (const line of linesOf(text)) {
      const args = words(typed(line)) ?? [];
      if (args.length > 0) yield args;
    }
    return;
  }
  let command = "";
  let open = "";
  let begin = 0;
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (open === "") {
      if (/^\s*(#|$)/.test(line)) continue;
      begin = i + 1;
      command = line.replace(/^> /, "");
      open = openQuote(command);
    } else {
      command += `\n${line}`;
      open = openQuote(line, open);
    }
    if (open !== "") continue;
    const found = words(typed(command));
    if (found === undefined) throw new Error(T.openQuote(begin));
    if (found.length > 0) yield found;
  }
  if (open !== "") throw new Error(T.openQuote(begin));
}

const NOTHING: Head = { kind: 0, to: 0, next: 0, length: undefined, items: undefined };

/** An append-only file: commands as arrays of bulk strings, one after the other. Undefined when it is none. */
export function appendOnly(data: string): Iterable<string[]> | undefined {
  return data.startsWith("*") ? bulks(data) : undefined;
}

function* bulks(data: string): Generator<string[]> {
  let at = 0;
  const count = (kind: number): number => {
    const { items, length = items, next } = data.charCodeAt(at) === kind ? (head(data, at) ?? NOTHING) : NOTHING;
    if (length === undefined || !Number.isInteger(length) || length < 0) throw new Error(T.brokenAt(at));
    at = next;
    return length;
  };
  while (at < data.length) {
    const n = count(LIST);
    const args: string[] = [];
    for (let i = 0; i < n; i++) {
      const length = count(BULK);
      if (at + length + 2 > data.length) throw new Error(T.brokenAt(at));
      args.push(data.slice(at, at + length));
      at += length + 2;
    }
    if (args.length > 0) yield args;
  }
}

/** The commands of a session as a file that `commands` reads. */
export function written(events: readonly Event[]): string {
  return `${events
    .filter(({ args }) => args[0] !== "^C")
    .map(({ args }) => args.map(quoted).join(" "))
    .join("\n")}\n`;
}
