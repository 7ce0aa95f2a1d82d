/**
 * What the REST interface asks of a keyspace: lists of commands, each on a session of its own, and sessions that listen.
 * `local` gives it for an engine in this process; a Durable Object or a router over several gives its own.
 *
 * Replies are raw RESP2, so that whoever answers can pass them on as they are.
 */
import type { Client } from "./client.js";
import { encoded, type Flat } from "./codec.js";
import { CLOSE, type Engine, LONGEST_SLEEP, WAITING } from "./engine.js";
import { ReplyError } from "./errors.js";
import { word } from "./requests.js";
import { wait } from "./wait.js";

/** A command: its name and its arguments. */
export type Command = readonly Flat[];

export interface Backend {
  /**
   * Runs commands one after the other on a fresh session, which is closed afterwards. Gives the reply of each; of length 0
   * where there is none (after QUIT, or CLIENT REPLY OFF). A command that waits waits; the signal ends that, and the promise
   * is rejected with its reason.
   */
  run(commands: readonly Command[], signal?: AbortSignal): Promise<Uint8Array[]>;
  /**
   * Runs one command on a session that stays open, as SUBSCRIBE and MONITOR want it. Gives the reply, and a function that
   * closes the session. `heard` is told the RESP that follows, any number of frames at once; `ended`, that nothing does.
   */
  follow(command: Command, heard: (frames: Uint8Array) => void, ended: () => void): Promise<{ reply: Uint8Array; close: () => void }>;
}

/** Runs a command in a session; gives a copy of its reply and the flags. @internal */
export function cross(engine: Engine, session: number, command: Command): { reply: Uint8Array; flags: number } {
  let length: number;
  try {
    length = engine.run(session, command);
  } catch (error) {
    // The store refuses what the command did.
    if (error instanceof ReplyError) return { reply: encoded(`-${error.message}\r\n`), flags: 0 };
    throw error;
  }
  const flags = engine.flags();
  const at = engine.replyAt();
  return { reply: engine.bytes.slice(at, at + length), flags };
}

/** The reason of a wait that ends because it has lasted long enough. */
const ENOUGH = {};

/** What a command that waits answers when its time is over. */
function nothing(command: Command): Uint8Array {
  return encoded(["blmove", "brpoplpush"].includes(word(command[0])) ? "$-1\r\n" : "*-1\r\n");
}

/**
 * Sessions of an engine in this process. They need no password: who may ask is the caller's matter. A command waits for
 * `maxWait` seconds at most.
 */
export function local(db: Client, maxWait = Number.POSITIVE_INFINITY): Backend {
  const engine = db._engine;
  const session = { resp: 2, trusted: true } as const;

  /** The reply of a command that waits in a session: when it comes, or when the signal or the time ends it. */
  const waited = async (id: number, command: Command, signal: AbortSignal | undefined): Promise<Uint8Array> => {
    if (maxWait === Number.POSITIVE_INFINITY) return wait(engine, id, engine.endings, signal, (bytes) => bytes);
    const end = new AbortController();
    const aborted = (): void => end.abort(signal?.reason);
    signal?.addEventListener("abort", aborted);
    const timer = setTimeout(() => end.abort(ENOUGH), Math.min(maxWait * 1000, LONGEST_SLEEP));
    try {
      return await wait(engine, id, engine.endings, end.signal, (bytes) => bytes);
    } catch (error) {
      if (error !== ENOUGH) throw error;
      return nothing(command);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    }
  };

  return {
    async run(commands, signal) {
      let open = true;
      const id = engine.openSession(session, (_, close) => {
        if (close) open = false;
      });
      const replies: Uint8Array[] = [];
      try {
        for (const command of commands) {
          if (!open) {
            replies.push(new Uint8Array(0));
            continue;
          }
          signal?.throwIfAborted();
          const { reply, flags } = cross(engine, id, command);
          const later = flags & WAITING ? waited(id, command, signal) : undefined;
          const saved = engine.attend(flags);
          if (saved !== undefined) await saved;
          if (flags & CLOSE) open = false;
          replies.push(later === undefined ? reply : await later);
        }
        return replies;
      } finally {
        engine.closeSession(id);
      }
    },

    async follow(command, heard, ended) {
      let open = true;
      const close = (): void => {
        if (!open) return;
        open = false;
        engine.endings.delete(gone);
        engine.closeSession(id);
      };
      const gone = (): void => {
        close();
        ended();
      };
      const id = engine.openSession(session, (frames, closed) => {
        if (frames.length > 0) heard(frames);
        if (closed && open) gone();
      });
      engine.endings.add(gone);
      try {
        const { reply, flags } = cross(engine, id, command);
        engine.attend(flags);
        return { reply, close };
      } catch (error) {
        close();
        throw error;
      }
    },
  };
}
