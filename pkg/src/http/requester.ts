/**
 * Upstash in process: `new Redis(requester(db))`, for the real @upstash/redis without a network. Nothing here depends on a
 * runtime.
 */
import type { Client } from "../client/client.js";
import type { Entries } from "../client/command-types.js";
import { engineOf } from "../client/port.js";
import { ReplyError } from "../resp/errors.js";
import { errorText, isError } from "../resp/frames.js";
import { decodeAny, type Reply } from "../resp/values.js";
import { local } from "./backend.js";
import { lines } from "./events.js";
import { commandOf, commandsOf, isStream, Refusal, Requests } from "./requests.js";

/** What @upstash/redis asks of a requester. */
export interface UpstashRequest {
  path?: string[];
  body?: unknown;
  headers?: Record<string, string>;
  upstashSyncToken?: string;
  /** Told what comes, one message at a time. */
  onMessage?: (data: string) => void;
  isStreaming?: boolean;
  signal?: AbortSignal;
}

/** What it gets: one of the two; for a pipeline or a transaction a list of these. */
export interface UpstashResponse<T> {
  result?: T;
  error?: string;
}

/** @upstash/redis's own Requester, as far as it is asked for. */
export interface Requester {
  readYourWrites?: boolean;
  upstashSyncToken?: string;
  /** Runs what @upstash/redis would send. */
  request<T = unknown>(request: UpstashRequest): Promise<UpstashResponse<T>>;
}

/** A reply as JSON would give it; integers beyond 2^53 are strings, so that no digit is lost. */
function plain(value: Reply<Uint8Array>): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof ReplyError) return value.message;
  return Array.isArray(value) ? value.map(plain) : value;
}

function entry(reply: Uint8Array): UpstashResponse<unknown> {
  if (reply.length === 0) return { result: null };
  return isError(reply) ? { error: errorText(reply) } : { result: plain(decodeAny(reply, 0, false)) };
}

/**
 * A Requester for @upstash/redis: `new Redis(requester(db))`. It answers from the database at once; every request has a
 * session of its own, a pipeline is one session. A command's error comes as `{ error }`, that of a whole transaction is
 * thrown as a `ReplyError`. Subscriptions end with their signal.
 */
export function requester(db: Client<string, Entries>): Requester {
  const requests = new Requests(local(db));

  const stream = async (path: readonly string[], { onMessage, signal }: UpstashRequest): Promise<UpstashResponse<unknown>> => {
    signal?.throwIfAborted();
    const onmessage = (line: string): void => {
      if (signal?.aborted !== true) onMessage?.(line);
    };
    const told = (frames: Uint8Array): void => {
      for (const line of lines(frames)) engineOf(db).out.later(onmessage, line, undefined);
    };
    let close = (): void => {};
    const end = (): void => close();
    const ended = (): void => signal?.removeEventListener("abort", end);
    const opened = await requests.stream(path, "all", told, ended);
    close = opened.close;
    signal?.addEventListener("abort", end, { once: true });
    told(opened.reply);
    return { result: 1 };
  };

  /** A pipeline or a transaction: what is wrong with it as a whole is thrown. */
  const several = async (isTransaction: boolean, { body, signal }: UpstashRequest): Promise<UpstashResponse<unknown>[]> => {
    const commands = commandsOf(body);
    const terms = { access: "all", signal } as const;
    const replies = isTransaction ? await requests.transaction(commands, terms) : await requests.pipeline(commands, terms);
    if (replies instanceof ReplyError) throw replies;
    return replies.map(entry);
  };

  const one = async (request: UpstashRequest): Promise<UpstashResponse<unknown>> => {
    const { path = [], body, signal } = request;
    try {
      if (path.length > 0 && isStream(path)) return await stream(path, request);
      return entry(await requests.one(path.length > 0 ? path : commandOf(body), { access: "all", signal }));
    } catch (error) {
      if (error instanceof Refusal) return { error: error.message };
      throw error;
    }
  };

  return {
    readYourWrites: true,
    upstashSyncToken: "",
    async request<T>(request: UpstashRequest) {
      const [name, ...rest] = request.path ?? [];
      const isList = (name === "pipeline" || name === "multi-exec") && rest.length === 0;
      return (await (isList ? several(name === "multi-exec", request) : one(request))) as UpstashResponse<T>;
    },
  };
}
