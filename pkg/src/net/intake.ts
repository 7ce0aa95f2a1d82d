/**
 * Sockets of a server that read into one buffer, the same for all of them.
 *
 * Node makes a buffer of 64 KB for each reading, cuts it to what has come, and leaves it to the collector: two of the ten microseconds that
 * a request takes which comes alone. A socket can be given a buffer instead (`onread`), but not by a server, which makes its sockets itself.
 * So another one is made of what the server's has underneath. What has come is told as `data`, and is gone after that event.
 *
 * `handle` and `_handle` are in no documentation. Where one of them is missing, or this is not Node, the socket stays as it is. So it does on
 * Windows, where the system may be given the buffer before there is something to read.
 */
import { Socket, type SocketConstructorOpts } from "node:net";

/** As much as Node reads at once. */
const SIZE = 1 << 16;

interface Under {
  _handle?: { useUserBuffer?: unknown } | null;
}

let buffer: Buffer | undefined;

function able(): boolean {
  const { bun, deno } = process.versions as { bun?: string; deno?: string };
  return bun === undefined && deno === undefined && process.platform !== "win32";
}

/** The socket to use in the place of one that a server has just accepted. */
export function intake(accepted: Socket): Socket {
  const handle = (accepted as Under)._handle;
  if (!able() || typeof handle?.useUserBuffer !== "function") return accepted;
  buffer ??= Buffer.alloc(SIZE);
  const callback = (length: number, bytes: Uint8Array): boolean => {
    socket.emit("data", bytes.subarray(0, length));
    return true;
  };
  const options = { handle, readable: true, writable: true, onread: { buffer, callback } };
  const socket = new Socket(options as SocketConstructorOpts);
  if ((socket as Under)._handle !== handle) return accepted;
  (accepted as Under)._handle = null;
  // The server counts the one that it has made.
  return socket.on("close", () => accepted.destroy());
}
