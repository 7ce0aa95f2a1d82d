/**
 * UTF-8, both ways. Nothing of the environment is taken as the package is loaded: a page under test (jsdom) has no TextEncoder,
 * or gets one later. Where there is none on first use, Node's Buffer does it, which such test environments have.
 */

interface Utf8 {
  encode(text: string): Uint8Array<ArrayBuffer>;
  /** Writes to `into`, which has room; how many bytes. */
  encodeInto(text: string, into: Uint8Array): number;
  decode(bytes: Uint8Array): string;
}

/** What is used of Node's Buffer. */
interface NodeBuffer {
  from(text: string): Uint8Array;
  from(buffer: ArrayBufferLike, at: number, length: number): { toString(): string };
}

let made: Utf8 | undefined;

function make(): Utf8 {
  if (typeof TextEncoder === "function" && typeof TextDecoder === "function") {
    const encoder = new TextEncoder();
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return {
      encode: (text) => encoder.encode(text),
      encodeInto: (text, into) => encoder.encodeInto(text, into).written,
      decode: (bytes) => decoder.decode(bytes),
    };
  }
  // By its name in brackets: bundlers for pages put a Buffer of theirs where they see the word.
  const buffer = (globalThis as { [name: string]: unknown })["Buffer"] as NodeBuffer | undefined;
  if (buffer === undefined) throw new Error("neither TextEncoder and TextDecoder nor Buffer are available");
  return {
    encode: (text) => new Uint8Array(buffer.from(text)),
    encodeInto: (text, into) => {
      const bytes = buffer.from(text);
      into.set(bytes);
      return bytes.length;
    },
    decode: (bytes) => buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
  };
}

/** How the platform reads UTF-8 from `bytes[from, to)`. In Node a faster way is put here. */
export const platform = {
  decode: (bytes: Uint8Array, from: number, to: number): string => decode(bytes.subarray(from, to)),
};

/** Text as bytes. */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  made ??= make();
  return made.encode(text);
}

/** Writes text to `into`, which has room for it; how many bytes that were. */
export function encodeInto(text: string, into: Uint8Array): number {
  made ??= make();
  return made.encodeInto(text, into);
}

/** Bytes as text; what is not UTF-8 becomes U+FFFD. */
export function decode(bytes: Uint8Array): string {
  made ??= make();
  return made.decode(bytes);
}

/** The same as the classes that wasm-bindgen's glue makes instances of. */
export const UTF8 = {
  TextEncoder: class {
    encode(text: string): Uint8Array {
      return encode(text);
    }
    encodeInto(text: string, into: Uint8Array): { read: number; written: number } {
      return { read: text.length, written: encodeInto(text, into) };
    }
  },
  TextDecoder: class {
    decode(bytes?: Uint8Array): string {
      return bytes === undefined ? "" : decode(bytes);
    }
  },
};
