/**
 * RESP2 replies as the body of a response: JSON as Upstash writes it, or the replies themselves.
 *
 * JSON can take six times the bytes of a reply. So a long body is a stream, whose next piece is made when the one before has been
 * read; strings are cut within, and a reply is forgotten once it is written.
 */
import { ReplyError } from "../resp/errors.js";
import { errorText, type Head, head, isError, isStatus } from "../resp/frames.js";
import { latin1 } from "../resp/latin1.js";
import { encode } from "../resp/utf8.js";
import { decodeAny, decodedTo, type Reply } from "../resp/values.js";
import { joined } from "../resp/write.js";

/** Bytes of a piece, about. Base64 takes three at a time. */
const PIECE = 3 << 14;

/** What is made while it is read: long pieces, and at last what is left. */
type Pieces<T extends string | Uint8Array<ArrayBuffer>> = Generator<T, T>;

/** A body of these pieces: a stream, unless there is one alone. */
function bodyOf<T extends string | Uint8Array<ArrayBuffer>>(pieces: Pieces<T>): T | ReadableStream<Uint8Array> {
  const first = pieces.next();
  if (first.done) return first.value;
  let next: IteratorResult<T, T> | undefined = first;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { value, done } = next ?? pieces.next();
        next = undefined;
        if (value.length > 0) controller.enqueue(typeof value === "string" ? encode(value) : value);
        if (done) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Replies as JSON: `{"result": ...}` or `{"error": ...}`, or an array of these. With `base64`, bulk strings are given as bytes. */
export function jsonOf(replies: Uint8Array[], isList: boolean, base64: boolean): string | ReadableStream<Uint8Array> {
  return bodyOf(entries(replies, isList, base64));
}

/** Replies as they are. */
export function rawOf(replies: Uint8Array[]): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  const length = replies.reduce((sum, reply) => sum + reply.length, 0);
  return length <= PIECE ? joined(replies) : bodyOf(each(replies));
}

function* each(replies: Uint8Array[]): Pieces<Uint8Array<ArrayBuffer>> {
  for (let i = 0; i < replies.length; i++) {
    const reply = replies[i] as Uint8Array<ArrayBuffer>;
    delete replies[i];
    if (reply.length > 0) yield reply;
  }
  return new Uint8Array(0);
}

export function failure(message: string): string {
  return JSON.stringify({ error: message });
}

function* entries(replies: Uint8Array[], isList: boolean, base64: boolean): Pieces<string> {
  let out = isList ? "[" : "";
  for (let i = 0; i < replies.length; i++) {
    const reply = replies[i] as Uint8Array;
    delete replies[i];
    if (i > 0) out += ",";
    if (reply.length <= PIECE) out += short(reply, base64);
    else out = `${yield* long(reply, `${out}{"result":`, base64)}}`;
    if (out.length <= PIECE) continue;
    yield out;
    out = "";
  }
  return isList ? `${out}]` : out;
}

/** The result of a reply that is made at once. */
function short(reply: Uint8Array, base64: boolean): string {
  if (reply.length === 0) return '{"result":null}';
  if (isError(reply)) return failure(errorText(reply));
  // The status alone is never encoded.
  return isStatus(reply, "OK") ? '{"result":"OK"}' : `{"result":${json(decodeAny(reply, 0, base64), base64)}}`;
}

/** Writes a long reply behind `before`. */
function* long(reply: Uint8Array, before: string, base64: boolean): Pieces<string> {
  let out = before;
  /** How many elements are left of each array that is open. */
  const left: number[] = [];
  let at = 0;
  do {
    const { next, length = 0, items = 0 } = head(reply, at) as Head;
    if (items > 0) {
      out += "[";
      left.push(items);
      at = next;
      continue;
    }
    if (length > PIECE) {
      out = yield* longString(reply.subarray(next, next + length), out, base64);
      at = next + length + 2;
    } else {
      out += json(decodeAny(reply, at, base64), base64);
      at = decodedTo();
    }
    for (let n = left.pop(); n !== undefined; n = left.pop()) {
      if (n > 1) {
        left.push(n - 1);
        out += ",";
        break;
      }
      out += "]";
    }
    if (out.length > PIECE) {
      yield out;
      out = "";
    }
  } while (left.length > 0);
  return out;
}

/** Writes a long string behind `before`. */
function* longString(bytes: Uint8Array, before: string, base64: boolean): Pieces<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let out = `${before}"`;
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    yield out + (base64 ? btoa(latin1(piece)) : JSON.stringify(decoder.decode(piece, { stream: true })).slice(1, -1));
    out = "";
  }
  return `${base64 ? "" : JSON.stringify(decoder.decode()).slice(1, -1)}"`;
}

/** A value as JSON; with `base64`, bulk strings are given as bytes. */
function json(value: Reply<Uint8Array>, base64: boolean): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(base64 ? btoa(latin1(encode(value))) : value);
  if (value instanceof Uint8Array) return `"${btoa(latin1(value))}"`;
  if (Array.isArray(value)) return `[${value.map((one) => json(one, base64)).join(",")}]`;
  return value instanceof ReplyError ? json(value.message, base64) : String(value);
}
