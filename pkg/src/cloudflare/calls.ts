/**
 * The methods of an object that are called by RPC: commands in, plain values out, each call on a session of its own.
 *
 * What RPC does not carry is made what it carries: an object without a prototype one with, a ReplyError an Error (of a class
 * that the platform does not know it would put the name in front of the message).
 */
import { OPTIONS, PAIRS } from "../client/commands.gen.js";
import { AT_ONCE } from "../client/facts.gen.js";
import type { CallArg } from "../client/interface.js";
import { discarded, executed, transaction } from "../client/transaction.js";
import { type Access, type Backend, MOST_UNREAD } from "../http/backend.js";
import { isStream } from "../http/requests.js";
import { type Command, type Flat, flatten, word } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import { decodeAny } from "../resp/values.js";

type Scalar<B> = B | string | number | bigint | boolean | null | undefined;
type Inner<B> = Scalar<B> | object;
type Middle<B> = Scalar<B> | Inner<B>[] | { [field: string]: Inner<B> };

/** A reply as RPC gives it: `Reply`, but to a depth, since the platform's types cannot follow a type that names itself. */
export type RpcReply<B = string> = Scalar<B> | Middle<B>[] | { [field: string]: Middle<B> };

/** What became of a command among several. */
export type Outcome = { result: RpcReply; error?: never } | { error: string; result?: never };

type Given = readonly unknown[];

/** Throws where this is no command that RPC can answer. */
function check(command: unknown): asserts command is [string, ...CallArg[]] {
  if (!Array.isArray(command) || typeof command[0] !== "string") throw new TypeError("a command is its name, a string, and its arguments");
  if (isStream(command as string[]))
    throw new Error(`ERR ${command[0].toUpperCase()} is a stream: ask for it over HTTP or a WebSocket, not by RPC`);
}

function checkAll(commands: unknown): asserts commands is [string, ...CallArg[]][] {
  if (!Array.isArray(commands)) throw new TypeError("commands are given as an array of arrays");
  for (const command of commands) check(command);
}

/** Runs commands on a session of their own. */
type Run = (commands: readonly Command[]) => Promise<Uint8Array[]>;

/** Commands in, values out, over one object or several: each call on a session of its own. @internal */
export class Calls {
  constructor(private readonly run: Run) {}

  async command(given: Given, bytes = false): Promise<unknown> {
    check(given);
    const [value] = await this.values([flat(given)], bytes);
    if (value instanceof ReplyError) throw value;
    return value;
  }

  async pipeline(commands: readonly Given[]): Promise<Outcome[]> {
    checkAll(commands);
    return (await this.values(commands.map(flat), false)).map(outcome);
  }

  async multi(commands: readonly Given[]): Promise<Outcome[]> {
    checkAll(commands);
    if (commands.some(([name]) => AT_ONCE.has(word(name)))) throw discarded("ERR Command not allowed inside a transaction");
    const reply = executed(await this.replies(transaction(commands.map(flat))));
    if (reply instanceof ReplyError) throw reply;
    return (decodeAny(reply, 0, false) as unknown[]).map(outcome);
  }

  /** The replies in RESP3. */
  private async replies(commands: readonly Command[]): Promise<Uint8Array[]> {
    return (await this.run([["HELLO", "3"], ...commands])).slice(1);
  }

  /** The replies as values; errors among them. */
  private async values(commands: readonly Command[], bytes: boolean): Promise<unknown[]> {
    return (await this.replies(commands)).map((reply) => (reply.length === 0 ? undefined : decodeAny(reply, 0, bytes)));
  }
}

function outcome(value: unknown): Outcome {
  return value instanceof ReplyError ? { error: value.message } : { result: value as RpcReply };
}

/** Arguments as an object takes them: strings and bytes. */
function flat([name, ...args]: [string, ...CallArg[]]): Flat[] {
  const out: Flat[] = [name];
  flatten(out, args, 0, PAIRS[name.toLowerCase()] ?? "no", "ERR", name, OPTIONS);
  return out;
}

/** What a call gives, or throws, as RPC carries it. @internal */
export async function carried<T>(work: Promise<unknown>): Promise<T> {
  try {
    return plain(await work) as T;
  } catch (error) {
    throw error instanceof ReplyError ? new Error(error.message) : error;
  }
}

function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof ReplyError) return new Error(value.message);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

/**
 * A session that goes on talking: its reply, RESP2 that follows, and what ends it. It ends with the reader of the stream, too, and
 * where that leaves too much unread; `ended` is told in any case. @internal
 */
export async function follow(
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
  const onmessage = (frames: Uint8Array): void => {
    // A copy: a stream of bytes takes the buffer, and subscribers share theirs.
    controller.enqueue(frames.slice());
    if ((controller.desiredSize ?? 0) >= -MOST_UNREAD) return;
    end();
    controller.error(new Error("too many messages were left unread"));
  };
  const opened = await backend.follow(command, access, onmessage, () => {
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
