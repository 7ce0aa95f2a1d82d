/** Streams (SUBSCRIBE and its kind, MONITOR) as server-sent events. */
import type { Command } from "../resp/command.js";
import { frames } from "../resp/frames.js";
import { encode } from "../resp/utf8.js";
import { decodeAny } from "../resp/values.js";
import { type Access, MOST_UNREAD } from "./backend.js";
import type { Requests } from "./requests.js";

/**
 * The frames of a stream as Upstash writes them in server-sent events: `message,channel,payload`, or a line of MONITOR.
 */
export function* lines(wire: Uint8Array): Generator<string> {
  for (const one of frames(wire)) {
    const frame = decodeAny(one, 0, false);
    yield Array.isArray(frame)
      ? frame.map((item) => (item === null ? "" : String(item))).join(",")
      : frame === "OK"
        ? '"OK"'
        : String(frame);
  }
}

/** The events of a stream, as the body of an answer. Its session ends with it, and when its reader leaves too much unread. */
export async function serverSent(
  requests: Requests,
  command: Command,
  access: Access,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  let close = (): void => {};
  let open = true;
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const stop = (): boolean => {
    const was = open;
    open = false;
    signal?.removeEventListener("abort", end);
    close();
    return was;
  };
  const end = (): void => {
    if (stop()) controller.close();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given;
      },
      cancel: () => void stop(),
    },
    { highWaterMark: 0, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  const onmessage = (frames: Uint8Array): void => {
    if (!open) return;
    for (const line of lines(frames)) controller.enqueue(encode(`data: ${line.replace(/\r\n|\r|\n/g, "\ndata: ")}\n\n`));
    if ((controller.desiredSize ?? 0) < -MOST_UNREAD && stop()) controller.error(new Error("too many events were left unread"));
  };
  signal?.throwIfAborted();
  const opened = await requests.stream(command, access, onmessage, end);
  close = opened.close;
  // While it was opened it may have ended.
  if (!open) close();
  else if (signal?.aborted) end();
  else {
    signal?.addEventListener("abort", end);
    onmessage(opened.reply);
  }
  return body;
}
