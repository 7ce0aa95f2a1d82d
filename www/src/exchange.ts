/**
 * Keys on their way in and out: files of commands, append-only files, JSON and CSV, as commands. What comes from outside becomes
 * words of commands, and nothing else.
 *
 * JSON in and out: `{"wakey":1,"keys":[{"key","type","expires","value"}]}`. Bytes that are no text are `{"base64": "..."}`. Any other object
 * is keys and their values, an array rows. A table is a hash for each row.
 */
import { linesOf } from "../../pkg/src/console/lines.js";
import { openQuote, words } from "../../pkg/src/prompt/format.js";
import { LIST } from "../../pkg/src/resp/frames.js";
import { appendOnly } from "./share.js";
import type { Turn } from "./slices.js";
import { bytes, latin1, quoted, typed } from "./text.js";

/** Nothing that is read is larger: it is in memory more than once. */
export const LARGEST = 64 << 20;

export type Kind = "commands" | "transcript" | "aof" | "json" | "csv";

export interface Found {
  kind: Kind;
  commands: string[][];
}

/** What a person may say of rows: what stands before their keys, and the column that has the rest of them. */
export interface Rows {
  prefix: string;
  column: string;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text, or what it is where it is none. */
function outward(word: string): string | { base64: string } {
  try {
    return strict.decode(bytes(word));
  } catch {
    return { base64: btoa(word) };
  }
}

function inward(value: unknown): string {
  if (typeof value === "string") return typed(value);
  if (typeof value === "object" && value !== null && "base64" in value) return atob(String(value.base64));
  return typed(typeof value === "object" ? JSON.stringify(value) : String(value));
}

const scalar = (value: unknown): boolean =>
  typeof value !== "object" || value === null || (Object.keys(value).length === 1 && "base64" in value);

/** The columns of a table: its first line, or the names that its objects have. */
export function columnsOf(text: string): string[] {
  const trimmed = text.trimStart();
  if (trimmed.startsWith("[")) {
    const [first] = JSON.parse(text) as unknown[];
    return typeof first === "object" && first !== null ? Object.keys(first) : [];
  }
  return table(text)[0] ?? [];
}

/** CSV as RFC 4180 has it; semicolons and tabs divide as well as commas do, whichever the first line has most of. */
export function table(text: string): string[][] {
  const head = text.slice(0, Math.max(0, text.indexOf("\n")) || text.length);
  const mark = [",", ";", "\t"].reduce((best, one) => (head.split(one).length > head.split(best).length ? one : best));
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      for (at++; at < text.length; at++) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[at++];
        else break;
      }
      if (at >= text.length) throw new Error(`row ${rows.length + 1}: a quote is not closed`);
      at++;
    }
    const begin = at;
    while (at < text.length && text[at] !== mark && text[at] !== "\n" && text[at] !== "\r") at++;
    row.push(cell + text.slice(begin, at));
    if (text[at] === mark) {
      at++;
      if (at < text.length && text[at] !== "\n" && text[at] !== "\r") continue;
      row.push("");
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

/** A hash for each row: the key is the prefix with what the column has, or with the row's number. */
function fromRows(names: readonly string[], rows: readonly (readonly unknown[])[], { prefix, column }: Rows): string[][] {
  const at = names.indexOf(column);
  return rows.flatMap((row, i) => {
    const key = typed(prefix) + (at >= 0 ? inward(row[at] ?? "") : String(i + 1));
    const pairs = names.flatMap((name, j) => (j === at || row[j] === undefined || row[j] === null ? [] : [inward(name), inward(row[j])]));
    return pairs.length > 0 ? [["HSET", key, ...pairs]] : [];
  });
}

function fromKey({ key, type, value, expires }: { key?: unknown; type?: unknown; value?: unknown; expires?: unknown }): string[][] {
  const name = inward(key);
  const list = Array.isArray(value) ? value : [];
  const flat = list.flatMap((pair) => (Array.isArray(pair) ? pair.map(inward) : [inward(pair)]));
  const out: string[][] = [];
  if (type === "string") out.push(["SET", name, inward(value)]);
  else if (type === "hash") out.push(["HSET", name, ...flat]);
  else if (type === "list") out.push(["RPUSH", name, ...flat]);
  else if (type === "set") out.push(["SADD", name, ...flat]);
  else if (type === "zset") out.push(["ZADD", name, ...list.flatMap((pair) => [inward(pair[1]), inward(pair[0])])]);
  else if (type === "commands") for (const words of list) out.push((words as unknown[]).map(inward));
  else throw new Error(`no type of keys: ${String(type)}`);
  if (typeof expires === "number") out.push(["PEXPIREAT", name, String(expires)]);
  return out;
}

/** Keys of JSON: its own form, an object of keys and values, or a list of rows. */
export function fromJson(text: string, rows: Rows): string[][] {
  const all = JSON.parse(text) as unknown;
  if (Array.isArray(all)) {
    const names = [...new Set(all.flatMap((row) => (typeof row === "object" && row !== null ? Object.keys(row) : [])))];
    if (names.length === 0) throw new Error("rows must be objects");
    return fromRows(
      names,
      all.map((row) => names.map((name) => (row as { [name: string]: unknown })?.[name])),
      rows,
    );
  }
  if (typeof all !== "object" || all === null) throw new Error("this is neither an object nor a list");
  if ("wakey" in all && "keys" in all && Array.isArray(all.keys)) return all.keys.flatMap(fromKey);
  return Object.entries(all).flatMap(([key, value]): string[][] => {
    const name = typed(key);
    if (scalar(value)) return [["SET", name, inward(value)]];
    if (Array.isArray(value) && value.length > 0 && value.every(scalar)) return [["RPUSH", name, ...value.map(inward)]];
    const pairs = Array.isArray(value) ? [] : Object.entries(value as object);
    if (pairs.length > 0 && pairs.every(([, one]) => scalar(one)))
      return [["HSET", name, ...pairs.flatMap(([field, one]) => [typed(field), inward(one)])]];
    return [["SET", name, inward(value)]];
  });
}

/** Commands as people write them, one a line, or more where quotes are open; without comments, prompts, and where there are prompts without replies. */
async function written(text: string, turn: Turn): Promise<Found> {
  const lines = text.split(/\r?\n/);
  const isTranscript = lines.some((line) => /^\s*(\S*[:\w)\]]|)> /.test(line) && linesOf(line)[0] !== line.trim());
  const out: string[][] = [];
  if (isTranscript) {
    for (const line of linesOf(text)) out.push(words(typed(line)) ?? []);
    return { kind: "transcript", commands: out.filter((args) => args.length > 0) };
  }
  let command = "";
  let open = "";
  let begin = 0;
  for (const [i, line] of lines.entries()) {
    await turn();
    if (open === "") {
      if (/^\s*(#|\/\/|$)/.test(line)) continue;
      begin = i + 1;
      command = line;
      open = /["']/.test(line) ? openQuote(line) : "";
    } else {
      command += `\n${line}`;
      open = openQuote(line, open);
    }
    if (open !== "") continue;
    const args = words(typed(command));
    if (args === undefined) throw new Error(`line ${begin}: a quote is not closed`);
    out.push(args);
  }
  if (open !== "") throw new Error(`line ${begin}: a quote is not closed`);
  return { kind: "commands", commands: out };
}

/** What the data is, and the commands in it, in slices as `turn` has them. Rejects where it is broken. */
export async function read(data: Uint8Array, name: string, rows: Rows, turn: Turn = () => undefined): Promise<Found> {
  if (data.length > LARGEST) throw new Error("this is too large to be read here");
  const aof = data[0] === LIST ? appendOnly(latin1(data)) : undefined;
  if (aof !== undefined) {
    const commands: string[][] = [];
    for (const args of aof) {
      commands.push(args);
      await turn();
    }
    return { kind: "aof", commands };
  }
  const text = new TextDecoder().decode(data);
  if (/^\s*[[{]/.test(text)) return { kind: "json", commands: fromJson(text, rows) };
  if (/\.(csv|tsv)$/i.test(name) || isTable(text)) {
    const [names = [], ...lines] = table(text);
    return { kind: "csv", commands: fromRows(names, lines, rows) };
  }
  return written(text, turn);
}

/** Whether lines that are pasted look like a table: two at least, with as many commas each. The first has no command before its first comma. */
function isTable(text: string): boolean {
  const [head = "", second] = text.split(/\r?\n/, 2);
  if (second === undefined || !/[,;\t]/.test(head) || /^\s*(#|\w+ +[^\s,;])/.test(head)) return false;
  try {
    const [names, ...lines] = table(text.split(/\r?\n/, 20).join("\n"));
    return names!.length > 1 && lines.length > 0 && lines.slice(0, -1).every((line) => line.length === names!.length);
  } catch {
    return false;
  }
}

/** Commands as a file that `redis-cli` reads, a line each. */
export function asCommands(all: readonly (readonly string[])[]): string {
  return all.map((args) => `${args.map(quoted).join(" ")}\n`).join("");
}

/** Commands as an append-only file. */
export function asAof(all: readonly (readonly string[])[]): Uint8Array<ArrayBuffer> {
  const text = all.map((args) => `*${args.length}\r\n${args.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`).join("");
  return bytes(text) as Uint8Array<ArrayBuffer>;
}

/** Keys with the commands that make them, as JSON. */
export function asJson(keys: readonly { key: string; commands: readonly (readonly string[])[] }[]): string {
  const one = ({ key, commands }: { key: string; commands: readonly (readonly string[])[] }): object => {
    const [first = []] = commands;
    const last = commands.at(-1) ?? [];
    const ends = last[0] === "PEXPIREAT" ? Number(last[2]) : first[0] === "SET" && first[3] === "PXAT" ? Number(first[4]) : undefined;
    const made = commands.filter(([name]) => name !== "PEXPIREAT");
    const words = made.flatMap((args) => args.slice(2));
    const is = (name: string): boolean => made.every(([one]) => one === name);
    const twos = (turn: boolean): unknown[] => {
      const out: unknown[] = [];
      for (let i = 0; i + 1 < words.length; i += 2)
        out.push(turn ? [outward(words[i + 1]!), Number(words[i])] : [outward(words[i]!), outward(words[i + 1]!)]);
      return out;
    };
    const whole = is("SET")
      ? { type: "string", value: outward(first[2] ?? "") }
      : is("HSET")
        ? { type: "hash", value: twos(false) }
        : is("RPUSH")
          ? { type: "list", value: words.map(outward) }
          : is("SADD")
            ? { type: "set", value: words.map(outward) }
            : is("ZADD") && !words.some((word) => /inf/.test(word))
              ? { type: "zset", value: twos(true) }
              : { type: "commands", value: made.map((args) => args.map(outward)) };
    return { key: outward(key), ...whole, ...(ends !== undefined && { expires: ends }) };
  };
  return `${JSON.stringify({ wakey: 1, keys: keys.map(one) }, null, 1)}\n`;
}
