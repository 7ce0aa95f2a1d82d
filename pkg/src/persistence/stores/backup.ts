/**
 * BACKUP: hard links to the files of an append-only store, in a folder beside it that `backupdirname` names. A snapshot is written as for a
 * rewrite, and its file linked; each increment behind it is linked when it is complete, before a later rewrite would remove it; sealing
 * begins a new increment, links those that are left, and writes a manifest of its own. What is linked does not change any more, and makes
 * an `appendonlydir` that Redis and this package load.
 *
 * A backup that is not sealed ends with the engine. A sealed one stays until BACKUP CLEANUP, and nothing is known of it after a restart.
 */
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ASK_BACKUP_ABORT, ASK_BACKUP_SEAL, ASK_BACKUP_START } from "../../core/mailbox.gen.js";
import { type AofStore, MANIFEST } from "./aof.js";
import { syncFolder } from "./dump.js";
import { type Entry, writeManifest } from "./manifest.js";
import type { Backups, SnapshotDriver } from "./store.js";

/** @internal */
export class Backup implements Backups {
  private state: "idle" | "snapshotting" | "incrementing" | "sealed" | "failed" = "idle";
  private error = "";
  /** The folder of the backup, and the files in it. */
  private path = "";
  private files: string[] = [];
  private base: Entry | undefined = undefined;
  private increments: Entry[] = [];
  /** Counts backups: what was begun for an earlier one does nothing to this. */
  private number = 0;
  /** Why this backup cannot be sealed. */
  private broken: unknown = undefined;

  /** @param folder Where backups go; `place` is the folder of the store's files. */
  constructor(
    private readonly store: AofStore,
    private readonly folder: string,
    private readonly place: string,
  ) {
    store.retiring = (entries) => this.retiring(entries);
  }

  get shown(): string {
    return [this.state, this.error, ...this.files].join("\n");
  }

  run(ask: number, driver: SnapshotDriver): Promise<void> | undefined {
    if (ask === ASK_BACKUP_SEAL) return this.seal(driver);
    if (ask === ASK_BACKUP_START) this.start(driver);
    else if (ask === ASK_BACKUP_ABORT) this.drop("failed", "aborted");
    else this.drop("idle", "");
    driver.tell();
    return undefined;
  }

  lost(why: string): void {
    this.broken ??= new Error(why);
  }

  end(): void {
    if (this.state === "snapshotting" || this.state === "incrementing") this.drop("failed", "the database was closed");
  }

  private start(driver: SnapshotDriver): void {
    this.number++;
    [this.state, this.error, this.files, this.increments, this.broken] = ["snapshotting", "", [], [], undefined];
    const { number } = this;
    try {
      const name = driver.setting("backupdirname");
      if (!/^[^/\\\r\n]+$/.test(name) || /^\.\.?$/.test(name)) throw new Error("backupdirname is no name of a folder");
      this.path = join(this.folder, name);
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      if (readdirSync(this.path).length > 0) throw new Error(`${this.path} is not empty`);
    } catch (error) {
      this.failed(error);
      return;
    }
    void driver.rewrite().then(() => {
      if (this.number !== number || this.state !== "snapshotting") return;
      try {
        if (driver.failure !== undefined) throw driver.failure;
        const { base } = this.store.kept;
        if (base === undefined) throw new Error("there is no snapshot");
        this.link(base);
        [this.base, this.state] = [base, "incrementing"];
      } catch (error) {
        this.failed(error);
      }
      driver.tell();
    });
  }

  /** Increments that the store is about to remove. Those of the backup stay, under their other name. */
  private retiring(entries: readonly Entry[]): void {
    if (this.state !== "incrementing") return;
    try {
      for (const one of entries) this.linkIncrement(one);
    } catch (error) {
      this.broken ??= error;
    }
  }

  private linkIncrement(one: Entry): void {
    if (one.seq < (this.base?.seq ?? 0) || this.increments.some(({ name }) => name === one.name)) return;
    this.link(one);
    this.increments.push(one);
  }

  private link({ name }: Entry): void {
    const to = join(this.path, name);
    linkSync(join(this.place, name), to);
    this.files.push(to);
  }

  /** At once where all that was answered is written, else when it is. */
  private seal(driver: SnapshotDriver): Promise<void> | undefined {
    if (!driver.quiet) return this.sealSoon(driver);
    this.sealNow(driver);
    return undefined;
  }

  private async sealSoon(driver: SnapshotDriver): Promise<void> {
    const { number } = this;
    try {
      while (!driver.quiet) await driver.quieten();
      if (this.number === number) this.sealNow(driver);
    } catch (error) {
      if (this.number !== number) return;
      this.failed(error);
      driver.tell();
    }
  }

  private sealNow(driver: SnapshotDriver): void {
    if (this.state !== "incrementing") return;
    try {
      if (this.broken !== undefined) throw this.broken;
      const { increments } = this.store.kept;
      const complete = [...increments];
      void this.store.rotate();
      for (const one of complete) this.linkIncrement(one);
      const { base, path } = this;
      const file = join(path, MANIFEST);
      this.files.push(file);
      const fd = openSync(file, "wx", 0o600);
      try {
        writeFileSync(fd, writeManifest({ base, increments: this.increments, history: [] }));
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      syncFolder(path);
      this.state = "sealed";
    } catch (error) {
      this.failed(error);
    }
    driver.tell();
  }

  private failed(error: unknown): void {
    this.drop("failed", (error as Error).message.replace(/[\r\n]+/g, " "));
  }

  /** Removes the files of the backup, and the folder where nothing else is in it. */
  private drop(state: "idle" | "failed", error: string): void {
    [this.state, this.error] = [state, error];
    this.number++;
    try {
      for (const file of this.files.splice(0)) rmSync(file, { force: true });
      if (this.path !== "") rmdirSync(this.path);
    } catch {
      // What stays there is in the way of the next backup, which says so.
    }
  }
}
