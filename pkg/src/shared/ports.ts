/** The surroundings of those who share a store in a browser: a BroadcastChannel and Web Locks. */
import { beHere, takeLock, type WebLock, whenGone } from "../persistence/stores/weblock.js";
import type { Channel, Message, Ports } from "./protocol.js";

/** What a browser has for it; a simulation has its own. */
export interface Surroundings {
  locks: LockManager | undefined;
  BroadcastChannel: new (name: string) => Pick<BroadcastChannel, "postMessage" | "onmessage" | "close">;
  performance: { now(): number };
  setTimeout(task: () => void, ms: number): unknown;
}

function browser(): Surroundings {
  return { locks: navigator.locks, BroadcastChannel, performance, setTimeout: (task, ms) => setTimeout(task, ms) };
}

function join(around: Surroundings, place: string, hear: (message: Message) => void): Channel {
  const channel = new around.BroadcastChannel(`wakey:${place}`);
  channel.onmessage = ({ data }) => hear(data as Message);
  return { post: (message) => channel.postMessage(message), close: () => channel.close() };
}

export function browserPorts(place: string, around = browser()): Ports {
  const { locks } = around;
  return {
    name: () => crypto.randomUUID(),
    join: (hear) => join(around, place, hear),
    take: () => takeLock(place, {}, locks),
    queue: (wait) => takeLock(place, { wait }, locks),
    live: (id) => beHere(id, place, locks),
    watch: (id, gone) => whenGone(id, gone, locks),
    now: () => around.performance.now(),
    later: (task) => void around.setTimeout(task, 0),
  };
}

/** Lets those who would share a store know, as long as the lock is held, that it is not shared. */
export function heldAlone(lock: WebLock, ports: Pick<Ports, "join">): WebLock {
  const channel = ports.join(({ kind }) => {
    if (kind === "hello") channel.post({ kind: "alone" });
  });
  // Who has come between the lock and this has said hello already.
  channel.post({ kind: "alone" });
  return {
    check: () => lock.check(),
    release: () => {
      channel.close();
      return lock.release();
    },
  };
}
