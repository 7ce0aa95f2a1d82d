/**
 * The manifest of append-only files, as Redis writes it: a line for each file,
 *
 *     file appendonly.aof.1.base.aof seq 1 type b
 *     file appendonly.aof.1.incr.aof seq 1 type i
 *
 * with type `b` for the snapshot, `i` for an increment, `h` for a file that is to be deleted. The order of the increments is
 * the order of what happened. In front of them stands a comment with a checksum of what follows, which Redis skips: a line
 * that is cut off or changed could else hide a file, and with it what was acknowledged.
 */
import { StoreError } from "../../core/errors.js";
import { encode } from "../../resp/utf8.js";

const SUM = "#wakey:checksum ";

/** FNV-1a of 32 bits: enough to tell what is half written, or has been changed. */
export function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function sumLine(text: string): string {
  return `${SUM}${checksum(encode(text)).toString(16).padStart(8, "0")}\n`;
}

/** One file of the manifest. */
export interface Entry {
  name: string;
  seq: number;
}

export interface Manifest {
  base: Entry | undefined;
  increments: Entry[];
  /** Left over from a rewrite. */
  history: Entry[];
}

function unquoted(word: string): string {
  if (!word.startsWith('"')) return word;
  return word.slice(1, -1).replace(/\\(x[0-9a-f]{2}|.)/gi, (_, what: string) => {
    if (what.length === 3) return String.fromCharCode(Number.parseInt(what.slice(1), 16));
    return { n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b" }[what] ?? what;
  });
}

/** Reads a manifest. Throws StoreError with the file, and the line where one is wrong; keys that are not known (`startoffset`) are skipped. */
export function readManifest(text: string, file: string): Manifest {
  const manifest: Manifest = { base: undefined, increments: [], history: [] };
  const lines = text.split("\n");
  if (text.startsWith(SUM) && `${lines[0]}\n` !== sumLine(text.slice(text.indexOf("\n") + 1))) {
    throw new StoreError(`${file}: damaged: its checksum does not match. If you changed it by hand, remove the first line`);
  }
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const words = line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
    const values: { [key: string]: string } = {};
    for (let at = 0; at + 1 < words.length; at += 2) values[words[at] as string] = unquoted(words[at + 1] as string);
    const { file: name, seq, type } = values;
    const wrong = (why: string): never => {
      throw new StoreError(`${file}: line ${i + 1}: ${why}`);
    };
    if (name === undefined || seq === undefined || type === undefined || !/^\d+$/.test(seq)) return wrong("not 'file NAME seq N type T'");
    if (/[/\\]/.test(name)) wrong("the name of a file holds no path");
    const entry = { name, seq: Number(seq) };
    if (type === "h") manifest.history.push(entry);
    else if (type === "b") {
      if (manifest.base !== undefined) wrong("a second snapshot");
      manifest.base = entry;
    } else if (type === "i") {
      const last = manifest.increments.at(-1);
      if (last !== undefined && last.seq >= entry.seq) wrong("increments out of order");
      manifest.increments.push(entry);
    } else wrong(`unknown type '${type}'`);
  }
  return manifest;
}

export function writeManifest({ base, increments, history }: Manifest): string {
  const line = ({ name, seq }: Entry, type: string): string => `file ${name} seq ${seq} type ${type}\n`;
  const text =
    history.map((one) => line(one, "h")).join("") + (base ? line(base, "b") : "") + increments.map((one) => line(one, "i")).join("");
  return sumLine(text) + text;
}
