/**
 * Sockets that lead into this process, for clients that take no stream: they call `net.connect` themselves, with options. Options that
 * carry a way of their own get what that gives; all others get what they would have got.
 */
import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";

/** Where a client believes to connect. */
export interface Target {
  host?: string;
  port?: number;
  path?: string;
}

/** Gives the client's end of a new connection, which will emit `connect`. */
export type Way = (target: Target) => Duplex;

/** The property of options that carries the way. All copies of the package know it. */
const WAY = Symbol.for("wakey.way");

type Connecting = (...args: unknown[]) => unknown;

/** Puts a function of Node's in front of which options are looked at; once, however many copies of the package there are. */
function patch(module: object, name: string, event?: string): void {
  const functions = module as Record<string, Connecting & { [WAY]?: true }>;
  const real = functions[name] as Connecting & { [WAY]?: true };
  if (real[WAY]) return;
  const patched = function (this: unknown, ...args: unknown[]): unknown {
    const target = args[0] as (Target & { [WAY]?: Way }) | undefined;
    const way = typeof target === "object" && target !== null ? target[WAY] : undefined;
    if (way === undefined) return real.apply(this, args);
    const stream = way(target as Target);
    if (event !== undefined) stream.once("connect", () => stream.emit(event));
    return stream;
  };
  functions[name] = Object.defineProperties(patched, { [WAY]: { value: true }, name: { value: name } });
}

/** Options of a socket that leads this way. */
export function socketTo<T extends object>(way: Way, options?: T): T {
  for (const name of ["connect", "createConnection"]) patch(net, name);
  patch(tls, "connect", "secureConnect");
  return { ...options, [WAY]: way } as unknown as T;
}

/** The way that a socket's options carry. */
export function wayOf(options: unknown): Way | undefined {
  return (options as { [WAY]?: Way } | undefined)?.[WAY];
}
