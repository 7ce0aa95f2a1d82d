/**
 * RDB files of the whole keyspace, out and in, in slices between which others have their turn.
 *
 * The names are none of the commands' (DUMP, RESTORE, SAVE), which are about a key, or about the store.
 */
import type { Engine } from "../core/engine.js";
import { StoreError } from "../core/errors.js";
import { breath, Turn } from "../core/turn.js";
import { isBuffer } from "../resp/command.js";
import { joined } from "../resp/write.js";

/** How much of a file has been read or written. */
export interface RdbProgress {
  /** Bytes so far. */
  loaded: number;
  /** Bytes in all, if that is known; otherwise the same as `loaded`. */
  total: number;
}

/** `Uint8Array<ArrayBuffer>`, as compilers before 5.7 know it too. */
export type Bytes = ReturnType<Uint8ArrayConstructor["of"]>;

/** Where a file comes from: bytes, a Blob (a File of an `<input>`, too), or a stream: from `fetch`, from Node, or your own. */
export type RdbSource = ArrayBuffer | ArrayBufferView | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Options of `importRdb`. */
export interface ImportOptions {
  /** Whether existing keys stay, except those with the same names. Default: false: the file replaces everything. */
  merge?: boolean;
  /** Called with the progress of reading. */
  onProgress?: (progress: RdbProgress) => void;
  /** Aborts the import: nothing has changed then. */
  signal?: AbortSignal;
}

/** Options of `exportRdb` and `exportRdbStream`. */
export interface ExportOptions {
  /** Called with the progress of writing: how many bytes there are. */
  onProgress?: (progress: RdbProgress) => void;
}

/** Bytes that are read or written in one go. */
const SLICE = 1 << 18;

/** The size of a source where it has one. */
function sizeOf(source: RdbSource): number {
  if (source instanceof Blob) return source.size;
  return isBuffer(source) || ArrayBuffer.isView(source) ? source.byteLength : 0;
}

async function* ofStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    // Who is left in the middle is told.
    if (!ended) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
}

/** A Blob in pieces: its own stream may come in as small ones as it likes. */
async function* ofBlob(blob: Blob): AsyncGenerator<Uint8Array> {
  const piece = 4 * SLICE;
  for (let at = 0; at < blob.size; at += piece) yield new Uint8Array(await blob.slice(at, at + piece).arrayBuffer());
}

function chunks(source: RdbSource): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (ArrayBuffer.isView(source)) return [new Uint8Array(source.buffer, source.byteOffset, source.byteLength)];
  if (isBuffer(source)) return [new Uint8Array(source)];
  if (source instanceof Blob) return ofBlob(source);
  // The streams of Node are iterable, those of a browser may not be.
  if (typeof source === "object" && source !== null) {
    if (typeof (source as ReadableStream<Uint8Array>).getReader === "function") return ofStream(source as ReadableStream<Uint8Array>);
    if (Symbol.asyncIterator in source) return source;
  }
  throw new TypeError("importRdb(): an RDB file is bytes, a Blob, a ReadableStream or an async iterable of bytes");
}

/** An error of the core, which says where. */
function damaged(error: unknown): unknown {
  const found = /^at (\d+): (.*)$/s.exec((error as Error).message);
  return found === null ? error : new StoreError(`the RDB file is damaged at offset ${found[1]}: ${found[2]}`, { cause: error });
}

/** @internal */
export async function importRdb(engine: Engine, source: RdbSource, options: ImportOptions = {}): Promise<void> {
  const { merge = false, onProgress, signal } = options;
  const pieces = chunks(source);
  signal?.throwIfAborted();
  const free = await engine.turn();
  try {
    engine.check();
    signal?.throwIfAborted();
    await unpaused(engine);
    let kept = false;
    try {
      engine.beginImport(merge);
      await read(engine, pieces, sizeOf(source), onProgress, signal);
      if (merge) engine.mergeImport();
      // What the store keeps is replaced while nobody can write: it has the one or the other.
      await engine.persistence?.replace();
      kept = true;
    } catch (error) {
      throw damaged(error);
    } finally {
      if (engine.ended === undefined) engine.endImport(kept);
    }
  } finally {
    free();
  }
}

async function read(
  engine: Engine,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
  onProgress: ImportOptions["onProgress"],
  signal: AbortSignal | undefined,
): Promise<void> {
  const turn = new Turn();
  let loaded = 0;
  let done = false;
  for await (const piece of pieces) {
    if (!ArrayBuffer.isView(piece)) throw new TypeError("importRdb(): the stream has a chunk that is not bytes");
    const bytes = piece instanceof Uint8Array ? piece : new Uint8Array(piece);
    for (let at = 0; at < bytes.length; at += SLICE) {
      signal?.throwIfAborted();
      const slice = bytes.subarray(at, at + SLICE);
      const taken = engine.loadRdb(slice, true);
      done = taken.done;
      if (taken.used < slice.length) throw new Error(`at ${loaded + taken.used}: there is something after its end`);
      loaded += slice.length;
      onProgress?.({ loaded, total: Math.max(size, loaded) });
      await turn.spent(slice.length);
      engine.check();
    }
  }
  signal?.throwIfAborted();
  if (!done) engine.loadRdb(new Uint8Array(0), true);
}

/** What is there is half of what a paused script does. */
async function unpaused(engine: Engine): Promise<void> {
  while (engine.isPaused()) {
    await breath();
    engine.check();
  }
}

/** The file in slices, of the moment at which the first is asked for. Who stops early ends it. @internal */
export async function* exportSlices(engine: Engine, { onProgress }: ExportOptions = {}): AsyncGenerator<Bytes, void> {
  engine.check();
  const free = await engine.turn();
  try {
    engine.check();
    await unpaused(engine);
    engine.beginRdb();
    let loaded = 0;
    const turn = new Turn();
    for (let more = true; more; ) {
      engine.check();
      const slice = engine.snapshot(SLICE);
      more = slice.more;
      loaded += slice.bytes.length;
      const bytes = slice.bytes.slice();
      onProgress?.({ loaded, total: loaded });
      if (bytes.length > 0) yield bytes;
      await turn.spent(bytes.length);
    }
  } finally {
    if (engine.ended === undefined) engine.endSnapshot();
    free();
  }
}

/** @internal */
export async function exportRdb(engine: Engine, options?: ExportOptions): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  for await (const part of exportSlices(engine, options)) parts.push(part);
  return joined(parts);
}

/** @internal */
export function exportRdbStream(engine: Engine, options?: ExportOptions): ReadableStream<Bytes> {
  const slices = exportSlices(engine, options);
  return new ReadableStream<Bytes>(
    {
      async pull(to) {
        const { done, value } = await slices.next();
        if (done) to.close();
        else to.enqueue(value);
      },
      cancel: async () => void (await slices.return()),
    },
    { highWaterMark: 0 },
  );
}
