/** What a store keeps, run again: pieces that are cut anywhere become whole commands, behind an RDB file where a snapshot begins with one. */
import type { Engine } from "../core/engine.js";
import { StoreError } from "../core/errors.js";
import { joined } from "../resp/write.js";
import type { Append } from "./stores/aof.js";
import { startsRdb } from "./stores/rdb-head.js";
import type { Loading } from "./stores/store.js";

/** How a load goes on: bytes that have been run, and all there are. */
export interface Progress {
  loaded: number;
  total: number;
}

/** @internal */
export interface PersistOptions {
  onProgress?: ((progress: Progress) => void) | undefined;
  onWarning: (message: string) => void;
  append?: Append | undefined;
}

/** A growing place in what is loaded: bytes that end in the middle of a command wait for the rest of it. @internal */
export class Replay implements Loading {
  loaded = 0;
  base = 0;
  private total = 0;
  private name = "";
  private snapshot = false;
  /** An RDB file is being read, and with `live` without what has expired. */
  private rdb = false;
  private live = false;
  /** Where the waiting bytes begin in the part. */
  private at = 0;
  private waiting: Uint8Array[] = [];
  private length = 0;
  /** How many bytes there must be before it is tried again: a long command would else be copied for each chunk. */
  private needed = 0;

  constructor(
    private readonly engine: Engine,
    private readonly options: PersistOptions,
  ) {}

  expect(total: number): void {
    this.total = total;
  }

  part(name: string, snapshot: boolean, live = false): void {
    this.name = name;
    this.snapshot = snapshot;
    this.rdb = false;
    this.live = live;
    this.at = 0;
    this.waiting = [];
    this.length = 0;
    this.needed = 0;
  }

  feed(chunk: Uint8Array): void {
    this.rdb ||= this.snapshot && this.at === 0 && this.length === 0 && startsRdb(chunk);
    if (this.rdb) this.runRdb(chunk);
    else if (this.length === 0) this.run(chunk);
    else {
      this.waiting.push(chunk.slice());
      this.length += chunk.length;
      if (this.length >= this.needed) this.run(whole(this.waiting));
    }
    this.loaded += chunk.length;
    this.options.onProgress?.({ loaded: this.loaded, total: Math.max(this.total, this.loaded) });
  }

  /** The next bytes of an RDB file; behind its end commands may stand. */
  private runRdb(bytes: Uint8Array): void {
    const { used, done } = this.checked(0, () => this.engine.loadRdb(bytes, this.live));
    this.at += used;
    this.rdb = !done;
    if (done && used < bytes.length) this.run(bytes.subarray(used));
  }

  private checked<T>(from: number, load: () => T): T {
    try {
      return load();
    } catch (error) {
      const found = /^at (\d+): (.*)$/s.exec((error as Error).message);
      if (found === null) throw error;
      throw new StoreError(`${this.name}: damaged at offset ${from + Number(found[1])}: ${found[2]}`, { cause: error });
    }
  }

  private run(bytes: Uint8Array): void {
    const used = this.checked(this.at, () => this.engine.load(bytes));
    this.at += used;
    const rest = bytes.subarray(used);
    this.waiting = rest.length === 0 ? [] : [rest.slice()];
    this.length = rest.length;
    this.needed = rest.length * 2;
  }

  end(): number {
    // An RDB file that is cut off is damaged: there is no whole beginning of it.
    if (this.rdb) this.runRdb(new Uint8Array(0));
    if (this.length > 0 && this.waiting.length > 1) this.run(whole(this.waiting));
    this.loaded -= this.length;
    if (this.snapshot) this.base += this.at;
    return this.at;
  }

  warn(message: string): void {
    this.options.onWarning(message);
  }
}

/** One part as it is, several as one. @internal */
export function whole(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? (parts[0] as Uint8Array) : joined(parts);
}
