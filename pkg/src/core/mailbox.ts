/**
 * An engine's memory as its host sees it: all of it, and the mailbox at a fixed address, whose words `mailbox.gen.ts` names.
 * Views are made anew when memory has grown, which shows as a view of length 0.
 */
import { CAPACITY, DEADLINE_AT, FLAGS, LENGTH, REPLY, REQUEST, WORDS } from "./mailbox.gen.js";

/** The engine is one, rather than having one: every call reads these fields, and a step more would show. @internal */
export class Mailbox {
  /** All of wasm memory. */
  bytes!: Uint8Array;
  view!: DataView;
  /** The words of the mailbox. */
  words!: Uint32Array;
  /** The next deadline. */
  deadline!: Float64Array;
  /** Address of the request buffer. */
  request = 0;
  capacity = 0;

  constructor(
    public memory: WebAssembly.Memory,
    private readonly at: number,
  ) {
    this.remap();
  }

  /** Makes the views anew. */
  remap(): void {
    const { buffer } = this.memory;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.words = new Uint32Array(buffer, this.at, WORDS);
    this.deadline = new Float64Array(buffer, this.at + DEADLINE_AT, 1);
    this.request = this.words[REQUEST] as number;
    this.capacity = this.words[CAPACITY] as number;
  }

  /** Whether memory has grown, or the request buffer has moved, since the views were made. */
  protected isStale(): boolean {
    const { words } = this;
    return words.length === 0 || words[CAPACITY] !== this.capacity || words[REQUEST] !== this.request;
  }

  /** Where the last reply, or output, stands. */
  replyAt(): number {
    return this.words[REPLY] as number;
  }

  /** Its bytes: a view, valid until the next crossing. */
  protected said(): Uint8Array {
    const at = this.words[REPLY] as number;
    return this.bytes.subarray(at, at + (this.words[LENGTH] as number));
  }

  /** A copy of the reply of the last crossing, of `length` bytes. */
  replyCopy(length: number): Uint8Array<ArrayBuffer> {
    const at = this.words[REPLY] as number;
    return this.bytes.slice(at, at + length) as Uint8Array<ArrayBuffer>;
  }

  flags(): number {
    return this.words[FLAGS] as number;
  }

  /** Views of length 0 send every fast path to where it is refused; the memory can be collected. */
  protected leave(): void {
    this.bytes = new Uint8Array(0);
    this.view = new DataView(this.bytes.buffer);
    this.words = new Uint32Array(0);
    this.deadline = new Float64Array(0);
    this.capacity = 0;
    this.memory = undefined as unknown as WebAssembly.Memory;
  }
}
