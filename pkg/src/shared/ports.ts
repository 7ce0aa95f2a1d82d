/** The surroundings of those who share a store in a browser: a BroadcastChannel and Web Locks. */
import { beHere, takeLock, type WebLock, whenGone } from "../stores/weblock.js";
import type { Channel, Message, Ports } from "./protocol.js";

function join(place: string, hear: (message: Message) => void): Channel {
  const channel = new BroadcastChannel(`wakey:${place}`);
  channel.onmessage = ({ data }) => hear(data as Message);
  return { post: (message) => channel.postMessage(message), close: () => channel.close() };
}

export function browserPorts(place: string): Ports {
  return {
    name: () => crypto.randomUUID(),
    join: (hear) => join(place, hear),
    take: () => takeLock(place),
    queue: (wait) => takeLock(place, { wait }),
    live: (id) => beHere(id, place),
    watch: whenGone,
    now: () => performance.now(),
    later: (task) => setTimeout(task, 0),
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
