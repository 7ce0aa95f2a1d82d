/**
 * MessagePack, to be read by people: the words of a JSON that may also hold bytes, dates and extensions. Bytes that are not exactly one
 * value, or nest deeper than people do, are none.
 */
import type { Token } from "./json.js";

const DEEP = 100;
/** Words of one value. */
const MOST = 200_000;

const strict = new TextDecoder("utf-8", { fatal: true });
const hex = (data: Uint8Array): string => [...data].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

class Reader {
  readonly out: Token[] = [];
  at = 0;
  private readonly view: DataView;

  constructor(private readonly data: Uint8Array) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  private word(text: string): void {
    this.put("word", text);
  }

  private put(kind: Token["kind"], text: string): void {
    if (this.out.push({ kind, text }) > MOST) throw new Error("too long");
  }

  private take(length: number): Uint8Array {
    if (this.at + length > this.data.length) throw new Error("too short");
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }

  private unsigned(bytes: number): number {
    const at = this.at;
    this.take(bytes);
    return bytes === 1 ? this.view.getUint8(at) : bytes === 2 ? this.view.getUint16(at) : this.view.getUint32(at);
  }

  private number(value: number | bigint): void {
    this.put("number", String(value));
  }

  private text(length: number): void {
    this.put("string", JSON.stringify(strict.decode(this.take(length))));
  }

  private bytes(length: number): void {
    this.word(`bin(${length}) ${hex(this.take(length).subarray(0, 64))}${length > 64 ? " …" : ""}`);
  }

  private extension(length: number): void {
    const type = (this.unsigned(1) << 24) >> 24;
    const begin = this.at;
    const data = this.take(length);
    if (type === -1 && length === 4) {
      this.word(date(this.view.getUint32(begin), 0));
      return;
    }
    if (type === -1 && length === 8) {
      const both = this.view.getBigUint64(begin);
      this.word(date(Number(both & 0x3ffffffffn), Number(both >> 34n)));
      return;
    }
    if (type === -1 && length === 12) {
      this.word(date(Number(this.view.getBigInt64(begin + 4)), this.view.getUint32(begin)));
      return;
    }
    this.word(`ext(${type}, ${length}) ${hex(data.subarray(0, 64))}${length > 64 ? " …" : ""}`);
  }

  private list(length: number, depth: number, pairs: boolean): void {
    // Each takes a byte at least.
    if (length * (pairs ? 2 : 1) > this.data.length - this.at) throw new Error("too short");
    this.put("open", pairs ? "{" : "[");
    for (let i = 0; i < length; i++) {
      if (i > 0) this.put("comma", ",");
      this.value(depth + 1);
      if (!pairs) continue;
      this.put("colon", ":");
      this.value(depth + 1);
    }
    this.put("close", pairs ? "}" : "]");
  }

  value(depth: number): void {
    if (depth > DEEP) throw new Error("too deep");
    const begin = this.unsigned(1);
    const at = this.at;
    if (begin < 0x80) {
      this.number(begin);
      return;
    }
    if (begin < 0x90) {
      this.list(begin & 15, depth, true);
      return;
    }
    if (begin < 0xa0) {
      this.list(begin & 15, depth, false);
      return;
    }
    if (begin < 0xc0) {
      this.text(begin & 31);
      return;
    }
    if (begin >= 0xe0) {
      this.number(begin - 256);
      return;
    }
    switch (begin) {
      case 0xc0:
        this.word("nil");
        return;
      case 0xc2:
        this.word("false");
        return;
      case 0xc3:
        this.word("true");
        return;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        this.bytes(this.unsigned(1 << (begin - 0xc4)));
        return;
      case 0xc7:
      case 0xc8:
      case 0xc9:
        this.extension(this.unsigned(1 << (begin - 0xc7)));
        return;
      case 0xca:
        this.take(4);
        this.number(Number(this.view.getFloat32(at).toPrecision(8)));
        return;
      case 0xcb:
        this.take(8);
        this.number(this.view.getFloat64(at));
        return;
      case 0xcc:
      case 0xcd:
      case 0xce:
        this.number(this.unsigned(1 << (begin - 0xcc)));
        return;
      case 0xcf:
        this.take(8);
        this.number(this.view.getBigUint64(at));
        return;
      case 0xd0:
        this.take(1);
        this.number(this.view.getInt8(at));
        return;
      case 0xd1:
        this.take(2);
        this.number(this.view.getInt16(at));
        return;
      case 0xd2:
        this.take(4);
        this.number(this.view.getInt32(at));
        return;
      case 0xd3:
        this.take(8);
        this.number(this.view.getBigInt64(at));
        return;
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        this.extension(1 << (begin - 0xd4));
        return;
      case 0xd9:
      case 0xda:
      case 0xdb:
        this.text(this.unsigned(1 << (begin - 0xd9)));
        return;
      case 0xdc:
      case 0xdd:
        this.list(this.unsigned(begin === 0xdc ? 2 : 4), depth, false);
        return;
      case 0xde:
      case 0xdf:
        this.list(this.unsigned(begin === 0xde ? 2 : 4), depth, true);
        return;
    }
    throw new Error("no value");
  }
}

function date(seconds: number, nanoseconds: number): string {
  return new Date(seconds * 1000 + nanoseconds / 1e6).toISOString();
}

/** The words of the value that the bytes are; undefined where they are no value, or more than one. */
export function unpacked(data: Uint8Array): Token[] | undefined {
  if (data.length === 0) return undefined;
  try {
    const reader = new Reader(data);
    reader.value(0);
    return reader.at === data.length ? reader.out : undefined;
  } catch {
    return undefined;
  }
}

/** Whether bytes that are no text are a map or a list of MessagePack: many bytes are a number of it. */
export function looksPacked(data: Uint8Array): boolean {
  const [first = 0] = data;
  return ((first >= 0x80 && first < 0xa0) || (first >= 0xdc && first <= 0xdf)) && unpacked(data) !== undefined;
}
