/** What a store keeps, run again: pieces that are cut anywhere become whole commands. */
import type { Engine } from "../core/engine.js";
import { StoreError } from "../core/errors.js";
import { joined } from "../resp/write.js";
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
}

/** A growing place in what is loaded: bytes that end in the middle of a command wait for the rest of it. @internal */
export class Replay implements Loading {
  loaded = 0;
  base = 0;
  private total = 0;
  private name = "";
  private snapshot = false;
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

  part(name: string, snapshot: boolean): void {
    this.name = name;
    this.snapshot = snapshot;
    this.at = 0;
    this.waiting = [];
    this.length = 0;
    this.needed = 0;
  }

  feed(chunk: Uint8Array): void {
    if (this.length === 0) this.run(chunk);
    else {
      this.waiting.push(chunk.slice());
      this.length += chunk.length;
      if (this.length >= this.needed) this.run(whole(this.waiting));
    }
    this.loaded += chunk.length;
    this.options.onProgress?.({ loaded: this.loaded, total: Math.max(this.total, this.loaded) });
  }

  private run(bytes: Uint8Array): void {
    let used: number;
    try {
      used = this.engine.load(bytes);
    } catch (error) {
      const found = /^at (\d+): (.*)$/s.exec((error as Error).message);
      if (found === null) throw error;
      const offset = this.at + Number(found[1]);
      throw new StoreError(`${this.name}: damaged at offset ${offset}: ${found[2]}`, { cause: error });
    }
    this.at += used;
    const rest = bytes.subarray(used);
    this.waiting = rest.length === 0 ? [] : [rest.slice()];
    this.length = rest.length;
    this.needed = rest.length * 2;
  }

  end(): number {
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
