/**
 * Append-only files with a manifest: a snapshot (base) and increments behind it, laid out as Redis 7 and later do it. What
 * they stand on is `Files`: a folder in Node, a directory of the origin private file system in a browser.
 *
 * Unless `aof-use-rdb-preamble` is `no` the snapshot is an RDB file: where `Files` says so a whole one, as Redis makes it, else one that goes
 * on as commands before the first large value. All are loaded, and those made of commands alone.
 *
 * Increments are written at positions that are kept here, not at the end of the file: bytes of a failed write are cut off if
 * that can be done, and overwritten by the next write, which brings the same again, if not. The manifest alone says which
 * files count. It is replaced in one step, so a rewrite happens or does not, and until it has, no file is removed.
 *
 * A store that is shared writes units (`units.ts`) in place of bare commands: an increment has one or the other. A snapshot
 * has no receipts; they go on into the first unit of the increment behind it.
 *
 * Nothing that may be data is deleted: a torn tail is kept beside as `*.torn`, files that hold something and that the manifest
 * should name and does not are an error, and what is not read is said.
 */
import type { Engine } from "../../core/engine.js";
import { StoreError } from "../../core/errors.js";
import { type Manifest, readManifest, writeManifest } from "./manifest.js";
import { startsRdb } from "./rdb-head.js";
import {
  type Backups,
  type Loading,
  type MaybePromise,
  type Receipt,
  type Rewrite,
  type Store,
  type StoreHost,
  storeError,
  whenDone,
} from "./store.js";
import { ofUnits, readNotes, unit, unitEnd } from "./units.js";

/** An open file. What fails throws. */
export interface AofFile {
  size(): number;
  /** How many bytes it read, 0 at the end. */
  read(into: Uint8Array, at: number): number;
  /** How many bytes it wrote. */
  write(bytes: Uint8Array, at: number): number;
  truncate(size: number): void;
  /** What was written survives a failure of power. */
  sync(): void;
  /** As `sync`, without keeping anybody waiting. */
  syncSoon(): Promise<void>;
  /** The file has its final name, and that survives too. */
  settle(): void;
  /** Whether it can still be found under its name. */
  found(): boolean;
  close(): void;
}

/** Where the files are. What fails throws. */
export interface Files {
  /** Where this is, for messages. */
  readonly place: string;
  /** Opens a file that is there. */
  open(name: string): MaybePromise<AofFile>;
  /** Makes an empty file; `beside`: under another name, until it is settled. */
  create(name: string, beside: boolean): MaybePromise<AofFile>;
  /** Removes a file, if it is there. */
  remove(name: string): MaybePromise<void>;
  /** The names of all files. */
  list(): MaybePromise<string[]>;
  readManifest(): string | undefined;
  /** In one step, and so that it survives. */
  writeManifest(text: string): void;
  /** Throws when somebody else has come to hold this place. What was found within so many milliseconds is believed. */
  check(within?: number): void;
  /** Whether snapshots may be RDB files. */
  readonly rdb?: boolean;
  /** Told that an engine is loaded from here. @internal */
  attach?(engine: Engine): void;
  /** An RDB file beside this place, which is loaded where there is nothing in it, and its path. */
  dump?(): { file: AofFile; path: string } | undefined;
  /** What stands beside this place and looks as if somebody would want it to be read; the names. */
  unread?(): string[];
  close(): MaybePromise<void>;
}

/** When an append is brought to the disk itself: before the call returns, once a second, or when the system likes. */
export type AppendFsync = "always" | "everysec" | "no";

/** When what a call wrote is given to the system: before it returns, or together with all else once the code that calls is done. */
export type Append = "call" | "turn";

export const PREFIX = "appendonly.aof";
/** The names of files that a manifest may name, and what they are called before they are settled. */
const OWN = /^(temp-)?appendonly\.aof(?:\.(\d+)\.(base|incr)\.(?:aof|rdb))?$/;
export const MANIFEST = `${PREFIX}.manifest`;
const TORN = ".torn";
/** Bytes read in one go. */
const CHUNK = 1 << 20;
/** For so many milliseconds a look at the lock is believed, where an append does not wait for the disk. */
const BELIEVED = 50;

/** A file as the manifest names it. */
interface Named {
  name: string;
  seq: number;
}

/** An open increment. */
interface Increment {
  file: AofFile;
  name: string;
  /** Bytes that count: where the next append goes. */
  size: number;
  /** Whether something was appended since the last sync. */
  dirty: boolean;
  /** Whether it is made of units. */
  units: boolean;
  /** The next unit is to bring all receipts along, since the files before this one are going. */
  carry: boolean;
}

const NOTHING = new Uint8Array(0);

/** Whether this is the name of a file that a manifest may name. */
export function isOwn(name: string): boolean {
  return OWN.test(name);
}

/** Whether a file can still be found under its name. */
function there(file: AofFile): boolean {
  try {
    return file.found();
  } catch {
    return false;
  }
}

/** Whether a file is made of units. */
function starts(file: AofFile): boolean {
  const start = new Uint8Array(16);
  return ofUnits(start.subarray(0, file.read(start, 0)));
}

function writeAll(file: AofFile, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    const n = file.write(done === 0 ? bytes : bytes.subarray(done), at + done);
    if (!(n > 0)) throw new StoreError("No space left on device");
    done += n;
  }
}

export class AofStore implements Store {
  readonly synchronous: boolean;
  private readonly manifest: Manifest;
  /** Not before `load`. */
  private current!: Increment;
  private host!: StoreHost;
  private timer: ReturnType<typeof setInterval> | undefined = undefined;
  private syncing: Promise<void> | undefined = undefined;
  private last = "";
  /** What the last look each second found wrong. */
  private trouble: StoreError | undefined = undefined;
  /** Told of increments that are complete, and about to be removed. @internal */
  retiring: ((increments: readonly Named[]) => void) | undefined = undefined;
  /** @internal */
  backup: Backups | undefined = undefined;
  private readonly answered = new Map<string, readonly Uint8Array[]>();

  /** @param shared Whether receipts are kept: then appends wait for the end of the code that writes, where its receipts come. */
  constructor(
    readonly kind: string,
    private readonly files: Files,
    private readonly shared = false,
  ) {
    this.synchronous = !shared;
    this.manifest = readManifest(files.readManifest() ?? "", `${files.place}/${MANIFEST}`);
  }

  /** @internal */
  attach(engine: Engine): void {
    this.files.attach?.(engine);
  }

  get strict(): boolean {
    return this.synchronous && this.policy() === "always";
  }

  /** What is configured now, or was when the engine ended. */
  private policy(): string {
    const now = this.host.setting("appendfsync");
    if (now !== "") this.last = now;
    return this.last;
  }

  watch(host: StoreHost): void {
    this.host = host;
  }

  receipts(): ReadonlyMap<string, readonly Uint8Array[]> {
    return this.answered;
  }

  private remember(receipts: readonly Receipt[]): void {
    for (const { request, replies } of receipts) {
      if (replies === undefined) this.answered.delete(request);
      else this.answered.set(request, replies);
    }
  }

  /** Goes on in a new increment, which no manifest names yet. */
  private async increment(seq: number): Promise<void> {
    const name = `${PREFIX}.${seq}.incr.aof`;
    this.current = { file: await this.files.create(name, false), name, size: 0, dirty: false, units: this.shared, carry: false };
    this.manifest.increments.push({ name, seq });
  }

  // Loading.

  async load(into: Loading): Promise<void> {
    const { files, manifest } = this;
    const entries = manifest.base === undefined ? manifest.increments : [manifest.base, ...manifest.increments];
    await this.clear(entries.map(({ name }) => name));
    manifest.history.length = 0;
    const opened: { file: AofFile; name: string }[] = [];
    try {
      for (const { name } of entries) opened.push({ file: await this.existing(name), name });
      into.expect(opened.reduce((sum, { file }) => sum + file.size(), 0));
      for (const [i, { file, name }] of opened.entries()) {
        await this.loadFile(into, file, name, name === manifest.base?.name, i === opened.length - 1);
      }
      const last = manifest.increments.length > 0 ? opened.pop() : undefined;
      if (last !== undefined) {
        const size = last.file.size();
        const units = size === 0 ? this.shared || this.answered.size > 0 : starts(last.file);
        this.current = { ...last, size, dirty: false, units, carry: false };
      }
    } finally {
      for (const { file } of opened) file.close();
    }
    let adopted = false;
    if (manifest.base === undefined && manifest.increments.length === 0) {
      const dump = files.dump?.();
      adopted = dump !== undefined;
      if (dump === undefined) await this.createEmpty();
      else await this.adopt(into, dump.file, dump.path);
    } else if (this.current === undefined || (this.shared && !this.current.units)) {
      // Units stand in files of their own, and must not outlive the end of what is before them.
      const last: Increment | undefined = this.current;
      last?.file.sync();
      last?.file.close();
      await this.increment(1 + (manifest.increments.at(-1)?.seq ?? 0));
      files.writeManifest(writeManifest(manifest));
    }
    if (!adopted) await this.warnOfRest(into);
    this.timer = setInterval(() => this.everySecond(), 1000);
    (this.timer as { unref?: () => void }).unref?.();
  }

  /**
   * Removes what an end in the middle of a rewrite has left: files that are empty, were never settled, or stand before the
   * snapshot. Throws where the manifest, or a line of it, is missing, and not just not there yet.
   */
  private async clear(named: readonly string[]): Promise<void> {
    const { files, manifest } = this;
    const { base, history } = manifest;
    const left = (await files.list()).filter((name) => OWN.test(name) && !named.includes(name));
    for (const name of left) {
      const [, unsettled, seq, type] = OWN.exec(name) as RegExpExecArray;
      const replaced = base !== undefined && (type !== "incr" || Number(seq) < base.seq);
      if (unsettled || replaced || history.some((one) => one.name === name)) continue;
      const file = await files.open(name);
      const size = file.size();
      file.close();
      if (size > 0) throw new StoreError(`${files.place}: there is ${name}, but no ${MANIFEST} that names it`);
    }
    for (const name of left) {
      try {
        await files.remove(name);
      } catch {
        // It does no harm; the next load tries again.
      }
    }
  }

  /** Says what stands here and was not read. */
  private async warnOfRest(into: Loading): Promise<void> {
    const { files, manifest } = this;
    const read = [MANIFEST, manifest.base?.name, ...manifest.increments.map(({ name }) => name)];
    const known = (name: string): boolean => read.includes(name) || name.endsWith(TORN) || /^(temp-|\.)/.test(name);
    const rest = [...(files.unread?.() ?? []), ...(await files.list()).filter((name) => !known(name))];
    if (rest.length > 0) into.warn(`${files.place}: only what ${MANIFEST} names is read; what is not: ${rest.sort().join(", ")}`);
  }

  private existing(name: string): MaybePromise<AofFile> {
    const failed = (error: unknown): never => {
      throw new StoreError(`${this.files.place}/${name}: named in the manifest, and cannot be opened: ${storeError(error).message}`, {
        cause: error,
      });
    };
    try {
      const file = this.files.open(name);
      return file instanceof Promise ? file.catch(failed) : file;
    } catch (error) {
      return failed(error);
    }
  }

  private async createEmpty(): Promise<void> {
    const { files, manifest } = this;
    const base = { name: `${PREFIX}.1.base.aof`, seq: 1 };
    (await files.create(base.name, false)).close();
    await this.increment(1);
    manifest.base = base;
    files.writeManifest(writeManifest(manifest));
  }

  /** Loads an RDB file, and keeps a copy of it as the snapshot, under the name that Redis would give it. */
  private async adopt(into: Loading, file: AofFile, path: string): Promise<void> {
    const { files, manifest } = this;
    const base = { name: `${PREFIX}.1.base.rdb`, seq: 1 };
    const size = file.size();
    into.expect(size);
    into.part(path, true, true);
    const start = new Uint8Array(6);
    if (!startsRdb(start.subarray(0, file.read(start, 0)))) {
      file.close();
      throw new StoreError(`${path}: damaged at offset 0: no RDB file begins so`);
    }
    try {
      const copy = await files.create(base.name, true);
      try {
        const whole = await this.loadCommands(into, file, size, (chunk, at) => writeAll(copy, chunk, at));
        if (whole !== size) throw new StoreError(`${path}: damaged at offset ${whole}: there is something after its end`);
        await copy.syncSoon();
        copy.settle();
      } catch (error) {
        await Promise.resolve(files.remove(base.name)).catch(() => {});
        throw error;
      } finally {
        copy.close();
      }
      await this.increment(1);
      manifest.base = base;
      files.writeManifest(writeManifest(manifest));
    } finally {
      file.close();
    }
  }

  private async loadFile(into: Loading, file: AofFile, name: string, snapshot: boolean, last: boolean): Promise<void> {
    const path = `${this.files.place}/${name}`;
    const size = file.size();
    into.part(path, snapshot);
    const whole = starts(file) ? await this.loadUnits(into, file, path, size) : await this.loadCommands(into, file, size);
    if (whole === size) return;
    if (!last) throw new StoreError(`${path}: ends in the middle of a command, at offset ${whole}, and is not the last file`);
    if (this.host.setting("aof-load-truncated") !== "yes") {
      throw new StoreError(`${path}: ends in the middle of a command, at offset ${whole}; with aof-load-truncated yes it is cut there`);
    }
    const kept = await this.keep(file, name, whole, size);
    file.truncate(whole);
    file.sync();
    into.warn(`${path}: ended in the middle of a command; ${size - whole} bytes behind offset ${whole} were cut off, and are in ${kept}`);
  }

  /** Copies the end of a file to one beside it; its name. */
  private async keep(file: AofFile, name: string, from: number, size: number): Promise<string> {
    const { files } = this;
    const there = await files.list();
    let kept = name + TORN;
    for (let n = 2; there.includes(kept); n++) kept = `${name}.${n}${TORN}`;
    try {
      const copy = await files.create(kept, false);
      try {
        const buffer = new Uint8Array(Math.min(size - from, CHUNK));
        for (let at = from, n = 1; at < size && n > 0; at += n) {
          n = file.read(buffer, at);
          writeAll(copy, buffer.subarray(0, n), at - from);
        }
        copy.sync();
        copy.settle();
      } finally {
        copy.close();
      }
      return kept;
    } catch (error) {
      await Promise.resolve(files.remove(kept)).catch(() => {});
      throw new StoreError(
        `${files.place}/${name}: ends in the middle of a command, and what follows offset ${from} cannot be kept: ${storeError(error).message}`,
        { cause: error },
      );
    }
  }

  /** Runs the whole commands of a file, and the RDB file before them; how many bytes they are. `also` gets what was read. */
  private async loadCommands(into: Loading, file: AofFile, size: number, also?: (chunk: Uint8Array, at: number) => void): Promise<number> {
    const buffer = new Uint8Array(Math.max(Math.min(size, CHUNK), 1));
    for (let at = 0; ; ) {
      const n = file.read(buffer, at);
      if (n === 0) break;
      const chunk = buffer.subarray(0, n);
      into.feed(chunk);
      also?.(chunk, at);
      at += n;
      if (at % (8 * CHUNK) === 0) await new Promise((done) => setTimeout(done, 0));
    }
    return into.end();
  }

  /** Runs the whole units of a file, and takes their receipts; how many bytes they are. */
  private async loadUnits(into: Loading, file: AofFile, path: string, size: number): Promise<number> {
    let buffer = new Uint8Array(Math.min(size, CHUNK));
    let at = 0;
    for (let reads = 1; at < size; reads++) {
      let n = 0;
      for (let more = 1; more > 0 && n < buffer.length; n += more) more = file.read(n === 0 ? buffer : buffer.subarray(n), at + n);
      if (n === 0) break;
      const bytes = buffer.subarray(0, n);
      let [from, end] = [0, 0];
      try {
        for (;;) {
          end = from < n ? unitEnd(bytes, from) : n + 1;
          if (end > n) break;
          this.remember(readNotes(bytes, from, end));
          from = end;
        }
      } catch (error) {
        throw new StoreError(`${path}: damaged at offset ${at + from}: ${(error as Error).message}`, { cause: error });
      }
      if (from > 0) {
        into.feed(bytes.subarray(0, from));
        at += from;
      } else if (end > size - at) break;
      else buffer = new Uint8Array(Math.min(size - at, Math.max(end, 2 * n)));
      if (reads % 8 === 0) await new Promise((done) => setTimeout(done, 0));
    }
    const whole = into.end();
    if (whole !== at) throw new StoreError(`${path}: damaged at offset ${whole}: a command that is longer than its unit`);
    return whole;
  }

  // Appending.

  append(bytes: Uint8Array, receipts: readonly Receipt[] = []): void {
    const { current } = this;
    const strict = this.policy() === "always";
    if (!strict && this.trouble !== undefined) throw this.trouble;
    this.files.check(strict ? 0 : BELIEVED);
    let out = bytes;
    if (current.units) {
      const before = current.carry ? Array.from(this.answered, ([request, replies]) => ({ request, replies })) : [];
      out = unit(bytes, [...before, ...receipts]);
    }
    try {
      writeAll(current.file, out, current.size);
      if (strict) current.file.sync();
    } catch (error) {
      try {
        current.file.truncate(current.size);
      } catch {
        // Then the next write goes over it, or a load cuts it.
      }
      throw storeError(error, !this.found());
    }
    if (strict && !this.found()) throw new StoreError(`${this.files.place}/${current.name} is gone`, { lost: true });
    current.size += out.length;
    current.carry = false;
    this.remember(receipts);
    if (!strict) current.dirty = true;
  }

  private found(): boolean {
    return there(this.current.file);
  }

  /** Brings to the disk what was appended, and looks whether all is in its place. */
  private everySecond(): void {
    const { current } = this;
    try {
      this.files.check();
      if (!this.found()) throw new StoreError(`${this.files.place}/${current.name} is gone`, { lost: true });
      this.trouble = undefined;
    } catch (error) {
      this.trouble = storeError(error);
      this.host.failed(this.trouble);
      return;
    }
    if (this.policy() === "no" || !current.dirty || this.syncing !== undefined) return;
    current.dirty = false;
    this.syncing = current.file.syncSoon().then(
      () => {
        this.syncing = undefined;
      },
      (error) => {
        this.syncing = undefined;
        // What the system could not write it may have dropped: only a snapshot brings it back.
        this.host.failed(storeError(error, true));
      },
    );
  }

  sync(): void {
    const { current } = this;
    this.files.check();
    if (!this.found()) throw new StoreError(`${this.files.place}/${current.name} is gone`, { lost: true });
    this.trouble = undefined;
    try {
      current.file.sync();
      current.dirty = false;
    } catch (error) {
      throw storeError(error, true);
    }
  }

  // Rewriting.

  rewrite(): MaybePromise<Rewrite> {
    const { files } = this;
    files.check();
    const seq = this.nextSeq();
    const rdb = files.rdb === true && this.host.setting("aof-use-rdb-preamble") !== "no";
    const base = { name: `${PREFIX}.${seq}.base.${rdb ? "rdb" : "aof"}`, seq };
    const entry = { name: `${PREFIX}.${seq}.incr.aof`, seq };
    return whenDone(files.create(base.name, true), (snapshot) => {
      const failed = (error: unknown): never => {
        snapshot.close();
        throw storeError(error);
      };
      try {
        const made = whenDone(this.next(entry), (next) => this.prepared(snapshot, base, next, entry, rdb));
        return made instanceof Promise ? made.catch(failed) : made;
      } catch (error) {
        return failed(error);
      }
    });
  }

  private nextSeq(): number {
    const { base, increments } = this.manifest;
    return 1 + Math.max(base?.seq ?? 0, ...increments.map((one) => one.seq));
  }

  /** Makes an increment that nothing is appended to as yet. */
  private next(entry: Named): MaybePromise<Increment> {
    const { files, manifest } = this;
    return whenDone(files.create(entry.name, false), (file) => {
      try {
        // Named before anything is in it: what is appended to it counts from the first byte.
        files.writeManifest(writeManifest({ ...manifest, increments: [...manifest.increments, entry] }));
      } catch (error) {
        file.close();
        throw error;
      }
      return { file, name: entry.name, size: 0, dirty: false, units: this.shared, carry: false };
    });
  }

  /** Goes on in a new increment: those before it are on the disk, and do not change any more. Not beside a rewrite. @internal */
  rotate(): MaybePromise<void> {
    this.sync();
    const seq = this.nextSeq();
    const entry = { name: `${PREFIX}.${seq}.incr.aof`, seq };
    return whenDone(this.next(entry), (next) => this.beginIncrement(next, entry));
  }

  /** The files that count. @internal */
  get kept(): Readonly<Manifest> {
    return this.manifest;
  }

  private prepared(snapshot: AofFile, base: Named, next: Increment, entry: Named, rdb: boolean): Rewrite {
    let size = 0;
    let begun = false;
    return {
      rdb: rdb ? "base" : "mixed",
      begin: () => {
        begun = true;
        this.beginIncrement(next, entry);
      },
      write: (slice) => {
        writeAll(snapshot, slice, size);
        size += slice.length;
      },
      commit: (now) => {
        // Where the new files are gone the old ones may be, too.
        const failed = (error: unknown): never => {
          throw storeError(error, !there(snapshot) || !there(this.current.file));
        };
        if (!now)
          return snapshot
            .syncSoon()
            .then(() => this.switchTo(snapshot, base, next, entry, false))
            .catch(failed);
        try {
          snapshot.sync();
          return this.switchTo(snapshot, base, next, entry, true);
        } catch (error) {
          return failed(error);
        }
      },
      abort: () => this.giveUp(snapshot, base, begun ? undefined : next),
    };
  }

  /** From here on what is appended stands behind the snapshot. */
  private beginIncrement(next: Increment, entry: Named): void {
    const { current } = this;
    this.trouble = undefined;
    next.carry = this.answered.size > 0;
    next.units ||= next.carry;
    this.current = next;
    this.manifest.increments.push(entry);
    const finish = (): void => {
      try {
        current.file.close();
      } catch {}
    };
    try {
      // An increment must not outlive the end of the one before it.
      if (current.dirty && this.policy() !== "no") current.file.sync();
    } catch (error) {
      queueMicrotask(() => this.host.failed(storeError(error, true)));
    }
    if (this.syncing !== undefined) void this.syncing.then(finish);
    else finish();
  }

  /** The snapshot is whole: names it, and removes what it stands for. */
  private switchTo(snapshot: AofFile, base: Named, next: Increment, entry: Named, now: boolean): MaybePromise<void> {
    const { files, manifest } = this;
    snapshot.settle();
    if (next.carry) this.append(NOTHING);
    const before = manifest.increments.filter((one) => one.seq < entry.seq);
    const old = [...(manifest.base ? [manifest.base] : []), ...before];
    const increments = manifest.increments.filter((one) => one.seq >= entry.seq);
    files.writeManifest(writeManifest({ base, increments, history: [] }));
    manifest.base = base;
    manifest.increments = increments;
    this.retiring?.(before);
    // What fails from here on does no harm: the old files are in no manifest any more, and the next load removes them.
    const steps: (() => MaybePromise<void>)[] = [
      () => snapshot.close(),
      ...old.map(
        ({ name }) =>
          () =>
            files.remove(name),
      ),
    ];
    const all = Promise.allSettled(steps.map(async (step) => step()));
    return now ? undefined : all.then(() => {});
  }

  /**
   * Takes a snapshot back, and `next` where nothing was appended to it. Which manifest is on the disk is not known when writing one
   * has failed, so it is written again, and nothing is removed before. What fails here leaves files that do no harm.
   */
  private async giveUp(snapshot: AofFile, base: Named, next: Increment | undefined): Promise<void> {
    const { files, manifest } = this;
    const quietly = async (step: () => MaybePromise<void>): Promise<boolean> => {
      try {
        await step();
        return true;
      } catch {
        return false;
      }
    };
    await quietly(() => snapshot.close());
    if (next !== undefined) await quietly(() => next.file.close());
    if (!(await quietly(() => files.writeManifest(writeManifest(manifest))))) return;
    await quietly(() => files.remove(base.name));
    if (next !== undefined) await quietly(() => files.remove(next.name));
  }

  close(): MaybePromise<void> {
    clearInterval(this.timer);
    const current: Increment | undefined = this.current;
    let closed: MaybePromise<void>;
    const finish = (): MaybePromise<void> => {
      try {
        if (current?.dirty) current.file.sync();
      } finally {
        try {
          current?.file.close();
        } finally {
          closed = this.files.close();
        }
      }
      return closed;
    };
    return this.syncing === undefined ? finish() : this.syncing.then(finish);
  }
}
