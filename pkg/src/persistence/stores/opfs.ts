/**
 * `opfs:` the origin private file system of a browser, through synchronous access handles, which only workers have.
 *
 * A directory `wakey/NAME` holds the files of `aof.ts`. There is no way to replace a file in one step, so the manifest is a
 * file of two slots, written in turns: a number that grows, a length, a checksum, the text. The valid slot with the higher
 * number counts; a slot that was being written when the power went is not valid.
 */
import { StoreError } from "../../core/errors.js";
import { decode, encode } from "../../resp/utf8.js";
import { type AofFile, AofStore, type Files, MANIFEST } from "./aof.js";
import { checksum } from "./manifest.js";
import { storeError } from "./store.js";
import type { WebLock } from "./weblock.js";

/** As TypeScript's library has it for workers. */
interface SyncHandle {
  read(into: Uint8Array, options: { at: number }): number;
  write(from: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

type WorkerFileHandle = FileSystemFileHandle & { createSyncAccessHandle?: () => Promise<SyncHandle> };

/** Bytes of a slot of the manifest, and of what stands in front of the text: number, length, checksum. */
const SLOT = 4096;
const HEAD = 12;
/** For how long a file may still be a dead worker's, and how often it is tried meanwhile; milliseconds. */
const PATIENCE = 10_000;
const STEP = 20;

/**
 * A file and its handle. The file is kept although nobody asks it again: Chromium never answers a `createSyncAccessHandle`
 * whose file was collected in the meantime.
 */
class OpfsFile implements AofFile {
  private there = true;

  private constructor(
    private readonly handle: SyncHandle,
    readonly file: FileSystemFileHandle,
  ) {}

  static async open(folder: FileSystemDirectoryHandle, name: string, create: boolean): Promise<OpfsFile> {
    const file: WorkerFileHandle = await folder.getFileHandle(name, { create });
    // Who holds the lock is alone; but a worker's lock may be free before the files of that worker are.
    for (let waited = 0; ; waited += STEP) {
      try {
        return new OpfsFile(await (file as Required<WorkerFileHandle>).createSyncAccessHandle(), file);
      } catch (error) {
        if ((error as Error).name !== "NoModificationAllowedError" || waited >= PATIENCE) throw error;
        await new Promise((done) => setTimeout(done, STEP));
      }
    }
  }

  size(): number {
    return this.handle.getSize();
  }

  read(into: Uint8Array, at: number): number {
    return this.handle.read(into, { at });
  }

  write(bytes: Uint8Array, at: number): number {
    return this.tried(() => this.handle.write(bytes, { at }));
  }

  truncate(size: number): void {
    this.tried(() => this.handle.truncate(size));
  }

  sync(): void {
    this.tried(() => this.handle.flush());
  }

  /** There is no flush that keeps nobody waiting. */
  async syncSoon(): Promise<void> {
    this.sync();
  }

  settle(): void {}

  /** While a handle is open the file cannot be removed; one that the browser has closed is of no use any more. */
  found(): boolean {
    return this.there;
  }

  private tried<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (["InvalidStateError", "NotFoundError"].includes((error as Error).name)) this.there = false;
      throw error;
    }
  }

  close(): void {
    this.handle.close();
  }
}

class OpfsFiles implements Files {
  private number = 0;
  private text: string | undefined = undefined;

  private constructor(
    readonly place: string,
    private readonly folder: FileSystemDirectoryHandle,
    /** What the folder is in: kept for the reason that files are. */
    readonly above: readonly FileSystemDirectoryHandle[],
    private manifest: OpfsFile,
    private readonly lock: WebLock,
  ) {
    for (const slot of [0, 1]) this.readSlot(slot);
  }

  static async open(name: string, take: (place: string) => Promise<WebLock>): Promise<OpfsFiles> {
    const place = `opfs:${name}`;
    if (!opfsHere()) {
      throw new StoreError(
        `${place}: synchronous access handles exist only in workers; open it in a worker (with shared: true, pages can ask that worker), or use 'idb:${name}'`,
      );
    }
    const lock = await take(place);
    try {
      const root = await navigator.storage.getDirectory();
      const all = await root.getDirectoryHandle("wakey", { create: true });
      const folder = await all.getDirectoryHandle(name, { create: true });
      return new OpfsFiles(place, folder, [root, all], await OpfsFile.open(folder, MANIFEST, true), lock);
    } catch (error) {
      void lock.release();
      throw storeError(error);
    }
  }

  private readSlot(slot: number): void {
    const bytes = new Uint8Array(SLOT);
    if (this.manifest.read(bytes, slot * SLOT) < HEAD) return;
    const view = new DataView(bytes.buffer);
    const number = view.getUint32(0, true);
    const length = view.getUint32(4, true);
    if (number <= this.number || length > SLOT - HEAD) return;
    const text = bytes.subarray(HEAD, HEAD + length);
    if (checksum(text) !== view.getUint32(8, true)) return;
    this.number = number;
    this.text = decode(text);
  }

  open(name: string): Promise<AofFile> {
    return OpfsFile.open(this.folder, name, false);
  }

  async create(name: string): Promise<AofFile> {
    // A snapshot makes up for what is gone; the manifest must be there for it.
    if (!this.manifest.found()) this.manifest = await OpfsFile.open(this.folder, MANIFEST, true);
    const file = await OpfsFile.open(this.folder, name, true);
    try {
      file.truncate(0);
    } catch (error) {
      file.close();
      throw error;
    }
    return file;
  }

  async remove(name: string): Promise<void> {
    try {
      await this.folder.removeEntry(name);
    } catch (error) {
      if ((error as Error).name !== "NotFoundError") throw error;
    }
  }

  async list(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of (this.folder as FileSystemDirectoryHandle & { keys(): AsyncIterable<string> }).keys()) names.push(name);
    return names;
  }

  readManifest(): string | undefined {
    return this.text;
  }

  writeManifest(text: string): void {
    const bytes = encode(text);
    if (bytes.length > SLOT - HEAD) throw new StoreError(`${this.place}: too many files`);
    const slot = new Uint8Array(HEAD + bytes.length);
    const view = new DataView(slot.buffer);
    const number = this.number + 1;
    view.setUint32(0, number, true);
    view.setUint32(4, bytes.length, true);
    view.setUint32(8, checksum(bytes), true);
    slot.set(bytes, HEAD);
    if (this.manifest.write(slot, (number % 2) * SLOT) !== slot.length) throw new StoreError("No space left on device");
    this.manifest.sync();
    this.number = number;
  }

  check(): void {
    this.lock.check();
  }

  close(): Promise<void> {
    this.manifest.close();
    return this.lock.release();
  }
}

/** Whether there are synchronous access handles here: in a worker of a page. */
export function opfsHere(): boolean {
  const handles = (globalThis as { FileSystemFileHandle?: { prototype: object } }).FileSystemFileHandle;
  return handles !== undefined && "createSyncAccessHandle" in handles.prototype;
}

/** Opens the store of a directory, which is held by the lock that `take` gives. One that is shared keeps receipts. */
export async function opfsStore(name: string, take: (place: string) => Promise<WebLock>, shared = false): Promise<AofStore> {
  const files = await OpfsFiles.open(name, take);
  try {
    return new AofStore("opfs", files, shared);
  } catch (error) {
    await files.close();
    throw error;
  }
}
