/**
 * `dump.rdb`: what SAVE and BGSAVE write where there is a folder, as Redis does: beside itself first, then in one step under its name
 * (`dir` and `dbfilename`). It is made for its owner alone.
 */
import { closeSync, constants, fstatSync, fsync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Engine } from "../../core/engine.js";
import { StoreError } from "../../core/errors.js";
import type { Saver } from "../../core/ports.js";
import { breath } from "../../core/turn.js";
import { ReplyError } from "../../resp/errors.js";
import { startsRdb } from "./rdb-head.js";
import { type Loading, type Rewrite, type Store, storeError } from "./store.js";

/** Bytes that are written in one go. */
const SLICE = 1 << 18;

/** What is in a folder survives: its entries are written, too. Where a folder cannot be opened (Windows) the system does it. */
export function syncFolder(path: string): void {
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

/** How many files have been begun: several engines may write to one folder. */
let count = 0;

/** A file that is being written. */
class Beside {
  private readonly path: string;
  private readonly fd: number;

  constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {
    this.path = join(folder, `temp-${process.pid}.${count++}.rdb`);
    this.fd = openSync(this.path, "w", 0o600);
  }

  write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.fd, bytes, done, bytes.length - done);
  }

  /** It is whole: under its name from here on. */
  settle(): void {
    fsyncSync(this.fd);
    this.rename();
  }

  /** As `settle`, without keeping anybody waiting. */
  async settleSoon(): Promise<void> {
    await new Promise<void>((done, failed) => fsync(this.fd, (error) => (error ? failed(error) : done())));
    this.rename();
  }

  private rename(): void {
    renameSync(this.path, join(this.folder, this.name));
    syncFolder(this.folder);
    closeSync(this.fd);
  }

  giveUp(): void {
    try {
      closeSync(this.fd);
    } catch {
      // It was closed, or never will be.
    }
    rmSync(this.path, { force: true });
  }
}

/** Writes an engine's RDB files. @internal */
export class DumpFile implements Saver {
  /** One is being written, and the last that was. */
  private busy = false;
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly engine: Engine,
    readonly folder: string,
    private readonly check: () => void,
  ) {}

  /** From here on SAVE and BGSAVE of this engine write to this folder, or to that which `dir` names. `check` throws where it may not. */
  static attach(engine: Engine, folder: string, check: () => void = () => {}): void {
    engine.saver = new DumpFile(engine, folder, check);
    engine.setStore({ saves: true });
  }

  private begin(): Beside {
    this.check();
    const name = this.engine.setting("dbfilename");
    return new Beside(this.engine.setting("dir") || this.folder, name === "" ? "dump.rdb" : name);
  }

  private done(savedOk: boolean): void {
    this.busy = false;
    if (this.engine.ended !== undefined) return;
    const lastSave = Math.floor(this.engine.clock.now() / 1000);
    this.engine.setStore({ saving: false, savedOk, ...(savedOk ? { lastSave, savesDone: this.engine.savesDone + 1 } : {}) });
  }

  /** At once; where somebody else walks through the keyspace, or half of a script has run, when that is over. */
  save(): Promise<void> | undefined {
    const { engine } = this;
    if (engine.isTaken || engine.isPaused()) {
      return this.inTurn().catch((error) => {
        throw refused(error);
      });
    }
    let file: Beside | undefined;
    try {
      file = this.begin();
      engine.beginRdb();
      for (let more = true; more; ) {
        const slice = engine.snapshot(SLICE);
        more = slice.more;
        file.write(slice.bytes);
      }
      file.settle();
    } catch (error) {
      engine.endSnapshot();
      file?.giveUp();
      throw refused(error);
    }
    this.done(true);
    return undefined;
  }

  saveSoon(): Promise<void> {
    if (!this.busy) this.saving = this.inTurn().catch(() => {});
    return this.saving;
  }

  private async inTurn(): Promise<void> {
    const { engine } = this;
    this.busy = true;
    engine.setStore({ saving: true });
    // What is saved is of the moment of the command, where it can be.
    const turn = engine.turn();
    const free = turn instanceof Promise ? await turn : turn;
    let file: Beside | undefined;
    try {
      engine.check();
      while (engine.isPaused()) await breath();
      engine.beginRdb();
      file = this.begin();
      for (let more = true; more; ) {
        const slice = engine.snapshot(SLICE);
        more = slice.more;
        file.write(slice.bytes);
        await breath();
        engine.check();
      }
      await file.settleSoon();
      this.done(true);
    } catch (error) {
      if (engine.ended === undefined) engine.endSnapshot();
      file?.giveUp();
      this.done(false);
      throw error;
    } finally {
      free();
    }
  }
}

/** Redis says no more than that. Who calls in process finds the reason. */
function refused(cause: unknown): Error {
  const error = new ReplyError("ERR");
  error.cause = storeError(cause);
  return error;
}

/**
 * A single RDB file as a store, `file:./dump.rdb`: it is loaded, and written anew by SAVE, BGSAVE, `db.durable()` and at the end, as by a
 * Redis without an append-only file. What came after the last time is lost with the process.
 */
export class DumpStore implements Store {
  readonly kind = "file";
  readonly synchronous = true;
  readonly strict = false;
  unwritten = false;
  private readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  async load(into: Loading): Promise<void> {
    let fd: number;
    try {
      fd = openSync(this.path, "r");
    } catch (error) {
      // The first SAVE makes it.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw storeError(error);
    }
    try {
      const size = fstatSync(fd).size;
      into.expect(size);
      into.part(this.path, true, true);
      const buffer = new Uint8Array(Math.max(1, Math.min(size, 4 * SLICE)));
      let at = 0;
      for (let n = readSync(fd, buffer, 0, buffer.length, at); n > 0; n = readSync(fd, buffer, 0, buffer.length, at)) {
        if (at === 0 && !startsRdb(buffer.subarray(0, n))) throw new StoreError(`${this.path}: damaged at offset 0: no RDB file begins so`);
        into.feed(buffer.subarray(0, n));
        at += n;
        if (at % (32 * SLICE) === 0) await breath();
      }
      if (size === 0) throw new StoreError(`${this.path}: damaged at offset 0: no RDB file begins so`);
      const whole = into.end();
      if (whole !== at) throw new StoreError(`${this.path}: damaged at offset ${whole}: there is something after its end`);
    } finally {
      closeSync(fd);
    }
  }

  append(): void {
    this.unwritten = true;
  }

  rewrite(): Rewrite {
    const file = new Beside(dirname(this.path), basename(this.path));
    return {
      rdb: "alone",
      begin: () => {
        this.unwritten = false;
      },
      write: (slice) => file.write(slice),
      commit: (now) => (now ? file.settle() : file.settleSoon()),
      abort: () => {
        this.unwritten = true;
        file.giveUp();
      },
    };
  }

  close(): void {}
}
