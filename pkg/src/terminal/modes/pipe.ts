/**
 * `--pipe`: sends what standard input has, RESP or lines, as fast as the server takes it, and counts replies and errors. What tells that all
 * has been answered is an ECHO behind it, of bytes that nobody else sends.
 */
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { parse, wanting } from "../../resp/nodes.js";
import { UsageError } from "../argv.js";
import { print } from "../print.js";

/** Whether there were no errors, as a status. `timeout`: seconds without a reply after all was sent; 0: for good. */
export async function pipe(socket: Socket, input: Readable, timeout: number): Promise<number> {
  const last = randomBytes(20).toString("hex");
  let errors = 0;
  let replies = 0;
  let received = "";
  let least = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sent = false;
  const ended = new Promise<boolean>((done, failed) => {
    const wait = (): void => {
      clearTimeout(timer);
      if (sent && timeout > 0) timer = setTimeout(() => done(false), timeout * 1000);
    };
    const take = (chunk: Buffer): void => {
      received += chunk.toString("latin1");
      if (received.length < least) return;
      let at = 0;
      for (;;) {
        const found = parse(received, at);
        least = wanting() - at;
        if (found === undefined) break;
        at = found.end;
        const { node } = found;
        if (node.type === "string" && node.text === last) return void done(true);
        replies++;
        if (node.type !== "error") continue;
        errors++;
        process.stderr.write(Buffer.from(`${node.text}\n`, "latin1"));
      }
      received = received.slice(at);
      if (sent) wait();
    };
    socket.on("data", (chunk) => {
      try {
        take(chunk);
      } catch (error) {
        failed(error as Error);
      }
    });
    socket.on("error", failed);
    socket.on("close", () => failed(new UsageError("Server closed the connection")));
    const send = async (): Promise<void> => {
      for await (const chunk of input) {
        if (!socket.write(chunk)) await new Promise((drained) => socket.once("drain", drained));
      }
      socket.write(`\r\n*2\r\n$4\r\nECHO\r\n$${last.length}\r\n${last}\r\n`);
      sent = true;
      await print("All data transferred. Waiting for the last reply...\n");
      wait();
    };
    send().catch(failed);
  });
  const whole = await ended.finally(() => clearTimeout(timer));
  if (whole) await print("Last reply received from server.\n");
  else {
    errors++;
    await print(`No replies for ${timeout} seconds: exiting.\n`);
  }
  await print(`errors: ${errors}, replies: ${replies}\n`);
  return errors === 0 ? 0 : 1;
}
