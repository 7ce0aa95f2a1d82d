/**
 * `file:` a folder in Node. Its `appendonlydir` is what Redis 7 and later keep: a real server started on the folder with
 * `--appendonly yes` loads it, and what that wrote is loaded here.
 */
import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type AofFile, AofStore, type Files, MANIFEST } from "./aof.js";
import { Lock } from "./lock.js";
import { storeError } from "./store.js";

const FOLDER = "appendonlydir";

/** What is in a folder survives: its entries are written, too. Where a folder cannot be opened (Windows) the system does it. */
function syncFolder(path: string): void {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (error) {
    if (process.platform === "win32") return;
    throw error;
  }
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

class NodeFile implements AofFile {
  constructor(
    private readonly folder: string,
    private readonly fd: number,
    private name: string,
    private readonly final: string,
  ) {}

  size(): number {
    return fstatSync(this.fd).size;
  }

  read(into: Uint8Array, at: number): number {
    return readSync(this.fd, into, 0, into.length, at);
  }

  write(bytes: Uint8Array, at: number): number {
    return writeSync(this.fd, bytes, 0, bytes.length, at);
  }

  truncate(size: number): void {
    ftruncateSync(this.fd, size);
  }

  sync(): void {
    fdatasyncSync(this.fd);
  }

  syncSoon(): Promise<void> {
    return new Promise((done, failed) => {
      fdatasync(this.fd, (error) => (error ? failed(error) : done()));
    });
  }

  settle(): void {
    if (this.name !== this.final) renameSync(join(this.folder, this.name), join(this.folder, this.final));
    this.name = this.final;
    syncFolder(this.folder);
  }

  found(): boolean {
    return fstatSync(this.fd).nlink > 0;
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** A folder that is held. */
export class NodeFiles implements Files {
  readonly place: string;
  private readonly folder: string;
  private readonly lock: Lock;

  /** Makes the folder if it is not there. Throws StoreError when somebody else holds it. */
  constructor(path: string) {
    try {
      mkdirSync(resolve(path), { recursive: true });
      this.folder = realpathSync(resolve(path));
    } catch (error) {
      throw storeError(error);
    }
    this.place = join(this.folder, FOLDER);
    this.lock = Lock.take(this.folder);
    try {
      mkdirSync(this.place, { recursive: true });
      syncFolder(this.folder);
    } catch (error) {
      this.lock.release();
      throw storeError(error);
    }
  }

  open(name: string): AofFile {
    return new NodeFile(this.place, openSync(join(this.place, name), "r+"), name, name);
  }

  create(name: string, beside: boolean): AofFile {
    const first = beside ? `temp-${name}` : name;
    // The folder may have been removed: a new snapshot makes up for it.
    mkdirSync(this.place, { recursive: true });
    return new NodeFile(this.place, openSync(join(this.place, first), "w+"), first, name);
  }

  /** Not at once: a large file takes the system a while. */
  async remove(name: string): Promise<void> {
    await rm(join(this.place, name), { force: true });
    await rm(join(this.place, `temp-${name}`), { force: true });
  }

  list(): string[] {
    return readdirSync(this.place);
  }

  readManifest(): string | undefined {
    try {
      return readFileSync(join(this.place, MANIFEST), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw storeError(error);
    }
  }

  writeManifest(text: string): void {
    const beside = join(this.place, `temp-${MANIFEST}`);
    const fd = openSync(beside, "w");
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, join(this.place, MANIFEST));
    syncFolder(this.place);
  }

  check(): void {
    this.lock.check();
  }

  close(): void {
    this.lock.release();
  }
}

/** Opens the store of a folder: `where` is what stands behind `file:`, a path or a URL's `//...`. */
export function fileStore(where: string): AofStore {
  const path = where.startsWith("//") ? fileURLToPath(`file:${where}`) : where;
  if (path === "") throw new TypeError("open(): 'file:' needs a folder, as in 'file:./data'");
  const files = new NodeFiles(path);
  try {
    return new AofStore("file", files);
  } catch (error) {
    files.close();
    throw error;
  }
}
