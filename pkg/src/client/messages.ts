/**
 * Messages: handlers and streams of channels, patterns and shard channels, and of what happens to keys.
 *
 * All subscriptions of a client live in one session beside its own, opened with the first and closed with the last, so that
 * the client itself may go on with anything. Several handlers of one channel are one subscription.
 *
 * A handler is called once the code that published is done: in a microtask, in the order in which the messages were sent.
 * It may call the database. What it throws is reported as an uncaught error; the other handlers are called all the same.
 */
import type { Engine } from "../core/engine.js";
import { TrapError } from "../core/errors.js";
import type { EndListeners } from "../core/ports.js";
import { type Arg, encoded, type Flat, flat } from "../resp/command.js";
import { ValueError } from "../resp/errors.js";
import { latin1 } from "../resp/latin1.js";
import { decodeAny, decodedTo } from "../resp/values.js";

/** Ends what returned it. Calling it again does no harm. */
export interface Stop {
  (): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

/** One channel or pattern, or several. */
export type Names = Arg | readonly Arg[];

/** What `messages()` listens to. */
export interface Topics {
  channels?: Names;
  patterns?: Names;
  shardChannels?: Names;
}

/** A message as `messages()` gives it. */
export interface Message<B = string> {
  channel: B;
  message: B;
  /** The pattern that it matched; null if the channel itself was subscribed to. */
  pattern: B | null;
}

/** @internal */
export type Topic = "channel" | "pattern" | "shard";

/** @internal */
export type Handler = (message: unknown, channel: unknown, pattern?: unknown) => void;

const COMMANDS: { readonly [topic in Topic]: readonly [string, string] } = {
  channel: ["SUBSCRIBE", "UNSUBSCRIBE"],
  pattern: ["PSUBSCRIBE", "PUNSUBSCRIBE"],
  shard: ["SSUBSCRIBE", "SUNSUBSCRIBE"],
};

/** What the messages of each topic begin with. */
const KINDS: { readonly [kind: string]: Topic } = { message: "channel", pmessage: "pattern", smessage: "shard" };

interface Listener {
  handler: Handler;
  bytes: boolean;
  active: boolean;
}

function tell(listener: Listener, push: readonly unknown[]): void {
  if (!listener.active) return;
  if (push.length === 3) listener.handler(push[2], push[1]);
  else listener.handler(push[3], push[2], push[1]);
}

/** Lays out the names of channels. @internal */
export function namesOf(names: unknown, what: string, code: string): Flat[] {
  const all: readonly unknown[] = Array.isArray(names) ? names : [names];
  if (all.length === 0) throw new ValueError(code, `no ${what} is given`);
  return all.map((name) => {
    const one = flat(name);
    if (one === undefined) throw new ValueError(code, `a ${what} is a string or bytes`);
    return one;
  });
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** @internal */
export function makeStop(end: () => void): Stop {
  return Object.assign(() => end(), { [Symbol.dispose]: end });
}

/** One message: where it begins, its parts as strings, and the name that listeners are kept by. */
interface Push {
  at: number;
  parts: string[];
  topic: Topic;
  name: string;
}

/** The messages that were read last: a channel's sessions are told the same bytes, one after the other. */
let last: { readonly bytes: Uint8Array; readonly pushes: readonly Push[] } | undefined;

function forget(): void {
  last = undefined;
}

/** The messages in what a session is sent; not its confirmations. */
function readPushes(bytes: Uint8Array): Push[] {
  const out: Push[] = [];
  for (let at = 0; at < bytes.length; ) {
    const parts = decodeAny(bytes, at, false) as string[];
    const end = decodedTo();
    const topic = KINDS[parts[0] as string];
    if (topic !== undefined) {
      let name = parts[1] as string;
      if (!isAscii(name)) name = latin1((decodeAny(bytes, at, true) as Uint8Array[])[1] as Uint8Array);
      out.push({ at, parts, topic, name });
    }
    at = end;
  }
  return out;
}

/** The subscriptions of one client. @internal */
export class Inbox {
  private session = 0;
  private readonly listeners: { readonly [topic in Topic]: Map<string, Set<Listener>> } = {
    channel: new Map(),
    pattern: new Map(),
    shard: new Map(),
  };

  /** `like` is the client's session: that of the inbox has its name and its database. */
  constructor(
    private readonly engine: Engine,
    private readonly like: number,
    readonly endListeners: EndListeners,
  ) {
    endListeners.add(() => this.end());
  }

  /** Calls `handler` with each message until the returned function is called. */
  listen(topic: Topic, names: readonly Flat[], handler: Handler, bytes: boolean): () => void {
    const listener: Listener = { handler, bytes, active: true };
    const keys = [...new Set(names.map((name) => latin1(encoded(name))))];
    const fresh = keys.filter((key) => !this.listeners[topic].has(key));
    this.engine.out.deliverWaiting(); // what was sent before is not for this one
    this.open();
    if (fresh.length > 0) this.send(COMMANDS[topic][0], fresh);
    for (const key of keys) {
      const set = this.listeners[topic].get(key);
      if (set === undefined) this.listeners[topic].set(key, new Set([listener]));
      else set.add(listener);
    }
    return () => {
      if (!listener.active) return;
      listener.active = false;
      this.drop(topic, keys, (one) => one === listener);
    };
  }

  /** Ends all listeners of these names; of the whole topic when there are none. */
  forget(topic: Topic, names: readonly Flat[]): void {
    const keys = names.length > 0 ? names.map((name) => latin1(encoded(name))) : [...this.listeners[topic].keys()];
    this.drop(topic, keys, () => true);
  }

  private drop(topic: Topic, keys: readonly string[], which: (listener: Listener) => boolean): void {
    const left: string[] = [];
    for (const key of keys) {
      const set = this.listeners[topic].get(key);
      if (set === undefined) continue;
      for (const listener of set) {
        if (!which(listener)) continue;
        listener.active = false;
        set.delete(listener);
      }
      if (set.size > 0) continue;
      this.listeners[topic].delete(key);
      left.push(key);
    }
    if (this.session === 0 || this.engine.ended !== undefined) return;
    const { channel, pattern, shard } = this.listeners;
    if (channel.size + pattern.size + shard.size === 0) {
      this.engine.closeSession(this.session);
      this.session = 0;
    } else if (left.length > 0) {
      this.send(COMMANDS[topic][1], left);
    }
  }

  private open(): void {
    if (this.session === 0) this.session = this.engine.cloneSession(this.like, (bytes, close) => this.hear(bytes, close));
  }

  private send(command: string, keys: readonly string[]): void {
    const args: Flat[] = [command];
    for (const key of keys) args.push(Uint8Array.from(key, (char) => char.charCodeAt(0)));
    this.engine.run(this.session, args);
    this.engine.deliverIfAny();
  }

  private hear(bytes: Uint8Array, close: boolean): void {
    if (last?.bytes !== bytes) {
      last = { bytes, pushes: readPushes(bytes) };
      // Not kept beyond this delivery.
      this.engine.out.later(forget, undefined, undefined);
    }
    for (const push of last.pushes) {
      const listeners = this.listeners[push.topic].get(push.name);
      if (listeners === undefined) continue;
      let raw: unknown[] | undefined;
      for (const listener of listeners) {
        if (listener.bytes) raw ??= decodeAny(bytes, push.at, true) as unknown[];
        this.engine.out.later(tell, listener, listener.bytes ? (raw as unknown[]) : push.parts);
      }
    }
    if (close) this.again();
  }

  /** The session was killed: like the connection of a client library, it comes back. */
  private again(): void {
    this.engine.closeSession(this.session);
    this.session = 0;
    this.open();
    for (const topic of Object.keys(COMMANDS) as Topic[]) {
      const keys = [...this.listeners[topic].keys()];
      if (keys.length > 0) this.send(COMMANDS[topic][0], keys);
    }
  }

  /** The client has ended, or its engine. */
  private end(): void {
    for (const topic of Object.keys(COMMANDS) as Topic[]) this.forget(topic, []);
  }
}

/** Messages in a queue that is read with `for await`. */
class Stream implements AsyncIterableIterator<Message<unknown>> {
  private readonly queue: Message<unknown>[] = [];
  private readonly asked: { resolve: (result: IteratorResult<Message<unknown>>) => void; reject: (reason: unknown) => void }[] = [];
  private ended = false;
  private failure: { reason: unknown } | undefined;
  private readonly ending: (reason: Error) => void;
  private readonly aborted: () => void;

  constructor(
    private readonly endListeners: EndListeners,
    private readonly signal: AbortSignal | undefined,
    listen: (handler: Handler) => () => void,
  ) {
    this.ending = (reason) => this.end(reason instanceof TrapError ? { reason } : undefined);
    this.aborted = () => this.end({ reason: signal?.reason });
    this.stop = listen((message, channel, pattern = null) => {
      const one = { channel, message, pattern };
      const next = this.asked.shift();
      if (next === undefined) this.queue.push(one);
      else next.resolve({ done: false, value: one });
    });
    endListeners.add(this.ending);
    signal?.addEventListener("abort", this.aborted);
  }

  private readonly stop: () => void;

  private end(failure?: { reason: unknown }): void {
    if (this.ended) return;
    this.ended = true;
    this.endListeners.delete(this.ending);
    this.signal?.removeEventListener("abort", this.aborted);
    this.stop();
    const first = failure === undefined ? undefined : this.asked.shift();
    if (first === undefined) this.failure = failure;
    else first.reject(failure?.reason);
    for (const { resolve } of this.asked.splice(0)) resolve({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<Message<unknown>>> {
    const value = this.queue.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.failure !== undefined) {
      const { reason } = this.failure;
      this.failure = undefined;
      return Promise.reject(reason);
    }
    if (this.ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.asked.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<Message<unknown>>> {
    this.queue.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** @internal */
export function stream(
  inbox: Inbox,
  topics: readonly (readonly [Topic, readonly Flat[]])[],
  bytes: boolean,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<Message<unknown>> {
  return new Stream(inbox.endListeners, signal, (handler) => {
    const stops = topics.map(([topic, names]) => inbox.listen(topic, names, handler, bytes));
    return () => {
      for (const stop of stops) stop();
    };
  });
}
