/**
 * The methods of an object that are called by RPC: commands in, plain values out, each call on a session of its own.
 *
 * What RPC does not carry is made what it carries: an object without a prototype one with, a ReplyError an Error (of a class
 * that the platform does not know it would put the name in front of the message).
 */
import { type Access, type Backend, type Command, MOST_UNREAD } from "../backend.js";
import type { CallArg, Client, Wakey } from "../client.js";
import type { Reply } from "../codec.js";
import { ReplyError } from "../errors.js";
import { isStream, NOT_QUEUED, word } from "../requests.js";

type Scalar<B> = B | string | number | bigint | boolean | null | undefined;
type Inner<B> = Scalar<B> | object;
type Middle<B> = Scalar<B> | Inner<B>[] | { [field: string]: Inner<B> };

/** A reply as RPC gives it: `Reply`, but to a depth, since the platform's types cannot follow a type that names itself. */
export type RpcReply<B = string> = Scalar<B> | Middle<B>[] | { [field: string]: Middle<B> };

/** What became of a command among several. */
export type Outcome = { result: RpcReply; error?: never } | { error: string; result?: never };

type Given = readonly unknown[];

/** Throws where this is no command that RPC can answer. @internal */
export function check(command: unknown): asserts command is [string, ...CallArg[]] {
  if (!Array.isArray(command) || typeof command[0] !== "string") throw new TypeError("a command is its name, a string, and its arguments");
  if (isStream(command as string[]))
    throw new Error(`ERR ${command[0].toUpperCase()} is a stream: ask for it over HTTP or a WebSocket, not by RPC`);
}

/** @internal */
export function checkAll(commands: unknown): asserts commands is [string, ...CallArg[]][] {
  if (!Array.isArray(commands)) throw new TypeError("commands are given as an array of arrays");
  for (const command of commands) check(command);
}

function outcome(value: unknown): Outcome {
  return value instanceof ReplyError ? { error: value.message } : { result: plain(value) as RpcReply };
}

function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof ReplyError) return new Error(value.message);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

/** What a session answers, or throws, as RPC carries it. */
async function answer<B>(work: () => Reply<B> | Promise<Reply<B>>): Promise<RpcReply<B>> {
  try {
    return plain(await work()) as RpcReply<B>;
  } catch (error) {
    throw error instanceof ReplyError ? new Error(error.message) : error;
  }
}

/** Works on a session that lives as long. */
async function within<T>(db: Wakey, work: (session: Client) => Promise<T> | T): Promise<T> {
  const session = db.session();
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

/** @internal */
export const calls = { command, commandBytes, pipeline, multi, follow };

async function command(db: Wakey, given: Given): Promise<RpcReply> {
  check(given);
  return answer(() => within(db, (session) => session.call(...given)));
}

async function commandBytes(db: Wakey, given: Given): Promise<RpcReply<Uint8Array>> {
  check(given);
  return answer(() => within(db, (session) => session.bytes.call(...given)));
}

async function pipeline(db: Wakey, commands: readonly Given[]): Promise<Outcome[]> {
  checkAll(commands);
  return within(db, async (session) => {
    const out: Outcome[] = [];
    for (const one of commands) {
      try {
        out.push(outcome(await session.call(...one)));
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error;
        out.push(outcome(error));
      }
    }
    return out;
  });
}

async function multi(db: Wakey, commands: readonly Given[]): Promise<Outcome[]> {
  checkAll(commands);
  for (const [name] of commands) {
    if (NOT_QUEUED.has(word(name)))
      throw new Error("EXECABORT Transaction discarded because of: ERR Command not allowed inside a transaction");
  }
  return within(db, async (session) => {
    session.call("MULTI");
    for (const one of commands) {
      try {
        await session.call(...one);
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error;
        throw new Error(`EXECABORT Transaction discarded because of: ${error.message}`);
      }
    }
    return (session.exec() ?? []).map(outcome);
  });
}

/**
 * A session that goes on talking: its reply, RESP2 that follows, and what ends it. It ends with the reader of the stream, too, and
 * where that leaves too much unread; `ended` is told in any case.
 */
async function follow(
  backend: Backend,
  command: Command,
  access: Access,
  ended: () => void,
): Promise<{ reply: Uint8Array; stream: ReadableStream<Uint8Array>; close: () => void }> {
  let end = (): void => {};
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const stream = new ReadableStream<Uint8Array>({
    type: "bytes",
    start: (given: unknown) => {
      controller = given as ReadableStreamDefaultController<Uint8Array>;
    },
    cancel: () => end(),
  } as unknown as UnderlyingDefaultSource<Uint8Array>);
  const heard = (frames: Uint8Array): void => {
    // A copy: a stream of bytes takes the buffer, and subscribers share theirs.
    controller.enqueue(frames.slice());
    if ((controller.desiredSize ?? 0) >= -MOST_UNREAD) return;
    end();
    controller.error(new Error("too many messages were left unread"));
  };
  const opened = await backend.follow(command, access, heard, () => {
    ended();
    controller.close();
  });
  let open = true;
  end = () => {
    if (open) opened.close();
    open = false;
    ended();
  };
  const close = (): void => {
    if (!open) return;
    end();
    controller.close();
  };
  return { reply: opened.reply, stream, close };
}
