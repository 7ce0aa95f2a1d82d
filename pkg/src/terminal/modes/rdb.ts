/** `--rdb`: an RDB file of what the server has, by the protocol of replicas; of an engine in this process, as it writes it itself. */
import { createWriteStream, renameSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { Wakey } from "../../client/client.js";
import { UsageError } from "../argv.js";

/** Bytes of the mark that says where a stream of unknown length ends. */
const MARK = 40;

/** A file that is there once it is whole; `-` is standard output. */
class Target {
  private readonly part: string;
  private readonly out: Writable;
  private failed: Error | undefined;
  written = 0;

  constructor(private readonly path: string) {
    this.part = `${path}.${process.pid}.part`;
    this.out = path === "-" ? process.stdout : createWriteStream(this.part, { mode: 0o600 });
    this.out.on("error", (error) => {
      this.failed = error;
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.failed !== undefined) throw this.failed;
    this.written += bytes.length;
    if (bytes.length > 0 && !this.out.write(bytes)) {
      await new Promise((done) => this.out.once("drain", done).once("error", done));
    }
  }

  async end(): Promise<void> {
    if (this.path === "-") return;
    await finished(this.out.end());
    renameSync(this.part, this.path);
  }

  async giveUp(): Promise<void> {
    if (this.path === "-") return;
    this.out.destroy();
    // It may be about to be opened, which would make it once more.
    if (!this.out.closed) await new Promise((done) => this.out.once("close", done));
    rmSync(this.part, { force: true });
  }
}

/** Writes what `give` gives, or nothing. */
async function into(path: string, give: (target: Target) => Promise<void>): Promise<number> {
  const target = new Target(path);
  try {
    await give(target);
    await target.end();
  } catch (error) {
    await target.giveUp();
    throw error;
  }
  return target.written;
}

/** What is read from a socket, as it is wanted. */
class Reader {
  private rest: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(socket: Socket) {
    this.chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** The next bytes; fails where there are none. */
  async some(): Promise<Buffer> {
    if (this.rest.length > 0) {
      const { rest } = this;
      this.rest = Buffer.alloc(0);
      return rest;
    }
    const { value, done } = await this.chunks.next();
    if (done) throw new UsageError("Server closed the connection");
    return value as Buffer;
  }

  /** The next line that is not empty. */
  async line(): Promise<string> {
    let text = "";
    for (;;) {
      text += (await this.some()).toString("latin1");
      text = text.replace(/^[\r\n]+/, "");
      const end = text.indexOf("\r\n");
      if (end >= 0) {
        this.rest = Buffer.from(text.slice(end + 2), "latin1");
        return text.slice(0, end);
      }
      if (text.length > 1 << 16) throw new UsageError("the server's answer is not a reply");
    }
  }
}

/** From a server, whose socket is at the beginning of its replies. */
export async function fetchRdb(socket: Socket, path: string): Promise<number> {
  const reader = new Reader(socket);
  for (const args of ["capa eof", "rdb-only 1"]) {
    process.stderr.write(`sending REPLCONF ${args}\n`);
    socket.write(`REPLCONF ${args}\r\n`);
    // A server that does not know it sends its RDB file all the same, or says no to SYNC.
    await reader.line();
  }
  socket.write("SYNC\r\n");
  const head = await reader.line();
  if (!head.startsWith("$")) throw new UsageError(`SYNC failed: ${head.replace(/^-/, "")}`);
  const mark = head.startsWith("$EOF:") ? Buffer.from(head.slice(5), "latin1") : undefined;
  if (mark !== undefined && mark.length !== MARK) throw new UsageError(`the server's mark of the end is not one: ${head}`);
  const wanted = mark === undefined ? Number(head.slice(1)) : Number.POSITIVE_INFINITY;
  const length = mark === undefined ? `${wanted} bytes` : "bytes of bulk transfer until EOF marker";
  process.stderr.write(`SYNC sent to master, writing ${length} to '${path}'\n`);
  const written = await into(path, async (target) => {
    // What may be the beginning of the mark is held back.
    let held: Buffer = Buffer.alloc(0);
    for (let ended = false; !ended && target.written < wanted; ) {
      const chunk = Buffer.concat([held, await reader.some()]);
      ended = mark !== undefined && chunk.length >= MARK && chunk.subarray(-MARK).equals(mark);
      const length = mark === undefined ? Math.min(chunk.length, wanted - target.written) : Math.max(0, chunk.length - MARK);
      await target.write(chunk.subarray(0, length));
      held = Buffer.from(chunk.subarray(length));
    }
  });
  socket.destroy();
  process.stderr.write(`Transfer finished with success after ${written} bytes\n`);
  return 0;
}

/** From an engine in this process. */
export async function saveRdb(db: Wakey, path: string): Promise<number> {
  const written = await into(path, async (target) => {
    for await (const slice of db.exportRdbStream() as unknown as AsyncIterable<Uint8Array>) await target.write(slice);
  });
  process.stderr.write(`${written} bytes written to '${path}'\n`);
  return 0;
}
