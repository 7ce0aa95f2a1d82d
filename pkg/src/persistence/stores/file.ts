/**
 * `file:` a folder in Node. Its `appendonlydir` is what Redis 7 and later keep: a real server started on the folder with
 * `--appendonly yes` loads it, and what that wrote is loaded here. The single `appendonly.aof` of Redis 6 and earlier is moved
 * into it, as Redis 7 does. Where there is only a `dump.rdb` that is loaded, and copied into it as the snapshot. What is made
 * here only its owner can read: files 0600, folders 0700.
 */
import {
  closeSync,
  existsSync,
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
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Engine } from "../../core/engine.js";
import { type AofFile, AofStore, type Files, isOwn, MANIFEST, PREFIX } from "./aof.js";
import { Backup } from "./backup.js";
import { DumpFile, DumpStore, syncFolder } from "./dump.js";
import { Lock } from "./lock.js";
import { readManifest, writeManifest } from "./manifest.js";
import { type Store, storeError } from "./store.js";

const FOLDER = "appendonlydir";
const DUMP = "dump.rdb";
/** What is made can be read by its owner alone. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
/** What Redis writes, beside what is loaded here. */
const REDIS = /^(.*\.(rdb|aof)|appendonly.*)$/;

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
  readonly rdb = true;

  private constructor(
    readonly folder: string,
    private readonly lock: Lock,
  ) {
    this.place = join(folder, FOLDER);
  }

  /** Makes the folder if it is not there. Rejects with a StoreError when somebody else holds it. */
  static async open(path: string, warn: (message: string) => void): Promise<NodeFiles> {
    let folder: string;
    try {
      mkdirSync(resolve(path), { recursive: true, mode: PRIVATE_FOLDER });
      folder = realpathSync(resolve(path));
    } catch (error) {
      throw storeError(error);
    }
    const lock = await Lock.take(folder, warn);
    try {
      const files = new NodeFiles(folder, lock);
      mkdirSync(files.place, { recursive: true, mode: PRIVATE_FOLDER });
      syncFolder(folder);
      files.adopt();
      return files;
    } catch (error) {
      lock.release();
      throw storeError(error);
    }
  }

  /**
   * Moves the one file of Redis 6 and earlier to where Redis 7 moves it: it is the snapshot that a manifest names. First the
   * manifest, then the file; where only the first has happened the second is made up for.
   */
  private adopt(): void {
    const from = join(this.folder, PREFIX);
    const to = join(this.place, PREFIX);
    const text = this.readManifest();
    if (text === undefined) {
      if (!existsSync(from) || this.list().some(isOwn)) return;
      this.writeManifest(writeManifest({ base: { name: PREFIX, seq: 1 }, increments: [], history: [] }));
    } else if (readManifest(text, join(this.place, MANIFEST)).base?.name !== PREFIX || existsSync(to) || !existsSync(from)) return;
    renameSync(from, to);
    syncFolder(this.folder);
    syncFolder(this.place);
  }

  /** SAVE and BGSAVE write to the folder, as they do where a Redis has it. */
  attach(engine: Engine): void {
    DumpFile.attach(engine, this.folder, () => this.lock.check());
  }

  /** What a Redis without an append-only file leaves. */
  dump(): { file: AofFile; path: string } | undefined {
    const path = join(this.folder, DUMP);
    return existsSync(path) ? { file: new NodeFile(this.folder, openSync(path, "r"), DUMP, DUMP), path } : undefined;
  }

  /** In the folder itself nothing else is read. A `dump.rdb` was, or SAVE has written it. */
  unread(): string[] {
    return readdirSync(this.folder).filter((name) => REDIS.test(name) && name !== FOLDER && name !== DUMP);
  }

  open(name: string): AofFile {
    return new NodeFile(this.place, openSync(join(this.place, name), "r+"), name, name);
  }

  create(name: string, beside: boolean): AofFile {
    const first = beside ? `temp-${name}` : name;
    this.lock.check();
    // The folder may have been removed: a new snapshot makes up for it.
    mkdirSync(this.place, { recursive: true, mode: PRIVATE_FOLDER });
    return new NodeFile(this.place, openSync(join(this.place, first), "w+", PRIVATE_FILE), first, name);
  }

  /** Not at once: a large file takes the system a while. */
  async remove(name: string): Promise<void> {
    this.lock.check();
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
    this.lock.check();
    const beside = join(this.place, `temp-${MANIFEST}`);
    const fd = openSync(beside, "w", PRIVATE_FILE);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, join(this.place, MANIFEST));
    syncFolder(this.place);
  }

  check(within?: number): void {
    this.lock.check(within);
  }

  close(): void {
    this.lock.release();
  }
}

/** Opens the store of a folder, or of an RDB file by its name: `where` is what stands behind `file:`, a path or a URL's `//...`. */
export async function fileStore(where: string, options: { onWarning?: (message: string) => void }): Promise<Store> {
  const path = where.startsWith("//") ? fileURLToPath(`file:${where}`) : where;
  if (path === "") throw new TypeError("open(): 'file:' needs a folder, as in 'file:./data'");
  if (path.endsWith(".rdb") && !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return new DumpStore(path);
  const files = await NodeFiles.open(path, options.onWarning ?? (() => {}));
  try {
    const store = new AofStore("file", files);
    store.backup = new Backup(store, files.folder, files.place);
    return store;
  } catch (error) {
    files.close();
    throw error;
  }
}
