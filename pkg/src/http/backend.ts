/**
 * What the REST interface asks of a keyspace: lists of commands, each on a session of its own, and sessions that listen.
 * `local` gives it for an engine in this process; a Durable Object or a router over several gives its own.
 *
 * Replies are raw RESP2, so that whoever answers can pass them on as they are.
 */
import type { Client } from "../client/client.js";
import type { Entries } from "../client/command-types.js";
import { WAITS_FOR_ONE } from "../client/commands.gen.js";
import { engineOf } from "../client/port.js";
import { wait } from "../client/wait.js";
import { LONGEST_SLEEP } from "../core/clock.js";
import { cross } from "../core/cross.js";
import type { Engine } from "../core/engine.js";
import { CLOSE, WAITING } from "../core/mailbox.gen.js";
import type { OutputListener } from "../core/ports.js";
import { Turn } from "../core/turn.js";
import { type Command, encoded, word } from "../resp/command.js";
import { isError, isStatus } from "../resp/frames.js";
import { latin1 } from "../resp/latin1.js";
import { errorReply } from "../resp/write.js";

/** What a session may do: everything, read, or what a user may (`user:` and its name). */
export type Access = "all" | "reading" | `user:${string}`;

/** How a session with these rights is opened. The engine itself refuses what it may not do, also within a transaction. @internal */
export function sessionOf(access: Access): { resp: 2; trusted: true; readonly?: true; user?: string } {
  if (access === "all") return { resp: 2, trusted: true };
  // What is neither is no more than a reader, should it ever come here.
  return access.startsWith("user:") ? { resp: 2, trusted: true, user: access.slice(5) } : { resp: 2, trusted: true, readonly: true };
}

/** On what terms the commands of a request run. */
export interface Terms {
  access: Access;
  /** Ends a wait; the promise is rejected with its reason. */
  signal?: AbortSignal | undefined;
  /** Bytes of all replies together: past it a reply is an error, and what stands behind it does not run. Default: any number. */
  maxReply?: number | undefined;
  /** Whether what waits has no other end than its own. */
  isPatient?: boolean | undefined;
}

export interface Backend {
  /**
   * Runs commands one after the other on a fresh session, which is closed afterwards. Gives the reply of each; of length 0
   * where there is none (after QUIT, or CLIENT REPLY OFF). A command that waits waits. Others have their turn between two
   * commands of a long list.
   */
  run(commands: readonly Command[], terms: Terms): Promise<Uint8Array[]>;
  /**
   * Runs one command on a session that stays open, as SUBSCRIBE and MONITOR want it. Gives the reply, and a function that
   * closes the session. `onmessage` is told the RESP that follows, any number of frames at once; `ended`, that nothing does.
   */
  follow(
    command: Command,
    access: Access,
    onmessage: (frames: Uint8Array) => void,
    ended: () => void,
  ): Promise<{ reply: Uint8Array; close: () => void }>;
}

/** Bytes of a stream that may wait for their reader; then it ends. @internal */
export const MOST_UNREAD = 8 << 20;

const EMPTY = new Uint8Array(0);

/**
 * A session's own bound for the reply of one command, which the engine does not even build. A little more than the request may have:
 * what is not much over it is told that it has run. @internal
 */
export function boundOf(maxReply: number | undefined): { maxReply?: number } {
  return maxReply === undefined || maxReply === Number.POSITIVE_INFINITY ? {} : { maxReply: maxReply + MARGIN };
}

const MARGIN = 1 << 20;

const TOO_LONG = "-ERR the reply is longer than this session may be given";

/** Whether the engine has refused a reply for its length. */
function isTooLong(reply: Uint8Array): boolean {
  return isError(reply) && latin1(reply.subarray(0, TOO_LONG.length)) === TOO_LONG;
}

/**
 * Keeps the replies of a request within `maxReply` bytes. What is over it has run, and its reply is an error that says so; nothing
 * runs behind it. @internal
 */
export class Bound {
  /** Bytes that are left; below 0 nothing may run any more. */
  left: number;
  private refusal: Uint8Array | undefined = undefined;

  constructor(private readonly most = Number.POSITIVE_INFINITY) {
    this.left = most;
  }

  /** The reply that is given in the place of one of `length` bytes: the same, if it is not too long. */
  take(command: Command, reply: Uint8Array, length = reply.length): Uint8Array {
    // What waits for EXEC is answered by EXEC.
    if (!isStatus(reply, "QUEUED")) this.left -= length;
    if (isTooLong(reply)) this.left = -1;
    if (this.left >= 0 || isError(reply)) return reply;
    const what = word(command[0]) === "exec" ? "the transaction has run" : "the command has run";
    return errorReply(`ERR the replies of one request may have ${this.most} bytes, and this one of ${length} is too long: ${what}`);
  }

  /** The reply of what does not run. */
  get refused(): Uint8Array {
    this.refusal ??= errorReply(`ERR not run: the replies of the commands before it have more than ${this.most} bytes`);
    return this.refusal;
  }
}

/** The reason of a wait that ends because it has lasted long enough. */
const ENOUGH = {};

/** What a command that waits answers when its time is over. */
function nothing(command: Command): Uint8Array {
  return encoded(WAITS_FOR_ONE.has(word(command[0])) ? "$-1\r\n" : "*-1\r\n");
}

/**
 * Sessions of an engine in this process. They need no password: who may ask is the caller's matter. A command waits for
 * `maxWait` seconds at most.
 */
export function local(db: Client<string, Entries>, maxWait = Number.POSITIVE_INFINITY): Backend {
  return new Local(engineOf(db), maxWait);
}

class Local implements Backend {
  constructor(
    private readonly engine: Engine,
    private readonly maxWait: number,
  ) {}

  private open(access: Access, maxReply: number | undefined, listener: OutputListener): number {
    return this.engine.openSession({ ...sessionOf(access), ...boundOf(maxReply) }, listener);
  }

  async run(commands: readonly Command[], { access, signal, maxReply }: Terms): Promise<Uint8Array[]> {
    const { engine } = this;
    let open = true;
    const id = this.open(access, maxReply, (_, close) => {
      if (close) open = false;
    });
    const replies: Uint8Array[] = [];
    const bound = new Bound(maxReply);
    const turn = new Turn();
    try {
      for (const command of commands) {
        if (!open || bound.left < 0) {
          replies.push(open ? bound.refused : EMPTY);
          continue;
        }
        signal?.throwIfAborted();
        const { reply, length, flags } = cross(engine, id, command, bound.left);
        const later = flags & WAITING ? this.waited(id, command, signal) : undefined;
        const saved = engine.attend(flags);
        if (saved !== undefined) await saved;
        if (flags & CLOSE) open = false;
        replies.push(later === undefined ? bound.take(command, reply, length) : bound.take(command, await later));
        const others = turn.spent(length);
        if (others !== undefined) await others;
      }
      return replies;
    } finally {
      engine.closeSession(id);
    }
  }

  /** The reply of a command that waits in a session: when it comes, or when the signal or the time ends it. */
  private async waited(id: number, command: Command, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const { engine, maxWait } = this;
    if (maxWait === Number.POSITIVE_INFINITY) return wait(engine, id, engine.endListeners, signal, (bytes) => bytes);
    const end = new AbortController();
    const aborted = (): void => end.abort(signal?.reason);
    signal?.addEventListener("abort", aborted);
    const timer = setTimeout(() => end.abort(ENOUGH), Math.min(maxWait * 1000, LONGEST_SLEEP));
    try {
      return await wait(engine, id, engine.endListeners, end.signal, (bytes) => bytes);
    } catch (error) {
      if (error !== ENOUGH) throw error;
      return nothing(command);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    }
  }

  async follow(
    command: Command,
    access: Access,
    onmessage: (frames: Uint8Array) => void,
    ended: () => void,
  ): Promise<{ reply: Uint8Array; close: () => void }> {
    const { engine } = this;
    let open = true;
    const close = (): void => {
      if (!open) return;
      open = false;
      engine.endListeners.delete(end);
      engine.closeSession(id);
    };
    const end = (): void => {
      close();
      ended();
    };
    const id = this.open(access, undefined, (frames, closed) => {
      if (frames.length > 0) onmessage(frames);
      if (closed && open) end();
    });
    engine.endListeners.add(end);
    try {
      const { reply, flags } = cross(engine, id, command);
      engine.attend(flags);
      return { reply, close };
    } catch (error) {
      close();
      throw error;
    }
  }
}
