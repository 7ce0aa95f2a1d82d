/**
 * Units: what one append to a shared store brings, there whole or not at all. An increment of a shared store is made of
 * them, and begins with one:
 *
 *     #wakey:unit 143\n               so many bytes follow that belong to it
 *     #wakey:answer CLIENT:NUMBER\n   a request that the commands below have done,
 *     #wakey:reply BASE64\n           each of its replies,
 *     #wakey:more BASE64\n            and the rest of one that is long
 *     #wakey:forget CLIENT:NUMBER\n   a request that nobody will ask again
 *     *3\r\n$3\r\nSET\r\n...          commands
 *
 * A file that ends before its last unit does is cut where that begins: so an answer is never there without what it tells of,
 * nor that without the answer. The notes are annotations in Redis's sense: its server and its redis-check-aof skip them, for
 * which no line may be longer than 1023 bytes.
 */
import { StoreError } from "../../core/errors.js";
import { encode } from "../../resp/utf8.js";
import { joined } from "../../resp/write.js";
import type { Receipt } from "./store.js";

const HEAD = "#wakey:unit ";
/** Bytes of a unit's first line, at most. */
const HEAD_MOST = HEAD.length + 17;
/** More bytes than an engine has: of no unit. */
const LONGEST = 2 ** 32;
/** Bytes that one line holds of a reply: 960 characters of base64. */
const PIECE = 720;
const HASH = 0x23;
const NEWLINE = 0x0a;

/** ASCII, as all notes are. */
function text(bytes: Uint8Array, from: number, to: number): string {
  let out = "";
  for (let i = from; i < to; i++) out += String.fromCharCode(bytes[i] as number);
  return out;
}

function lines({ request, replies }: Receipt): string {
  if (replies === undefined) return `#wakey:forget ${request}\n`;
  let out = `#wakey:answer ${request}\n`;
  for (const reply of replies) {
    for (let at = 0; at === 0 || at < reply.length; at += PIECE) {
      out += `#wakey:${at === 0 ? "reply" : "more"} ${btoa(text(reply, at, Math.min(at + PIECE, reply.length)))}\n`;
    }
  }
  return out;
}

/** The unit of these commands and notes. */
export function unit(bytes: Uint8Array, receipts: readonly Receipt[]): Uint8Array {
  const notes = receipts.map(lines).join("");
  const head = encode(`${HEAD}${notes.length + bytes.length}\n${notes}`);
  const out = new Uint8Array(head.length + bytes.length);
  out.set(head);
  out.set(bytes, head.length);
  return out;
}

/** Whether a file that begins like this is made of units. */
export function ofUnits(start: Uint8Array): boolean {
  return text(start, 0, Math.min(start.length, HEAD.length)) === HEAD;
}

/**
 * Where the unit that begins at `at` ends. Greater than `bytes.length`: there is not all of it; how much is wanted at least.
 * Throws where none begins.
 */
export function unitEnd(bytes: Uint8Array, at: number): number {
  const line = text(bytes, at, Math.min(at + HEAD_MOST, bytes.length));
  const found = /^#wakey:unit (\d{1,16})\n/.exec(line);
  if (found !== null) {
    const length = Number(found[1]);
    if (length > LONGEST) throw new StoreError("no unit is that long");
    return at + found[0].length + length;
  }
  if (line.length < HEAD_MOST && /^\d{0,16}$/.test(line.slice(HEAD.length)) && HEAD.startsWith(line.slice(0, HEAD.length))) {
    return bytes.length + 1;
  }
  throw new StoreError("no unit begins here");
}

/** Reads the notes of a whole unit. Throws where they are damaged. */
export function readNotes(bytes: Uint8Array, from: number, to: number): Receipt[] {
  const receipts: Receipt[] = [];
  let replies: Uint8Array[] | undefined;
  let pieces: Uint8Array[] = [];
  const whole = (): void => {
    if (pieces.length > 0) replies?.push(joined(pieces));
    pieces = [];
  };
  for (let at = bytes.indexOf(NEWLINE, from) + 1; at < to && bytes[at] === HASH; ) {
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0 || end >= to) throw new StoreError("a note without an end");
    const [, kind, value] = /^#wakey:(answer|reply|more|forget) (\S*)$/.exec(text(bytes, at, end)) ?? [];
    at = end + 1;
    if (kind === undefined || value === undefined) throw new StoreError("an unknown note");
    if (kind === "more" && pieces.length > 0) {
      pieces.push(unbase64(value));
      continue;
    }
    whole();
    if (kind === "forget") receipts.push({ request: value });
    else if (kind === "answer") {
      replies = [];
      receipts.push({ request: value, replies });
    } else if (kind === "reply" && replies !== undefined) pieces.push(unbase64(value));
    else throw new StoreError("a reply to nothing");
    if (kind === "forget") replies = undefined;
  }
  whole();
  return receipts;
}

function unbase64(value: string): Uint8Array {
  try {
    return Uint8Array.from(atob(value), (char) => char.charCodeAt(0));
  } catch {
    throw new StoreError("a reply that is not base64");
  }
}
