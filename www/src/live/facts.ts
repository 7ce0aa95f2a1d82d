/**
 * Type, deadline and size of a server's keys: asked for in batches, one after the other, and anew when what is shown depends on it, as long after
 * that was done the last time as the server needs for it several times over. Of very many keys the first are asked for.
 */
import { Facts } from "../facts.js";
import { latin1 } from "../text.js";
import { type Pipe, plain } from "./wire.js";

/** Keys of a batch. */
const BATCH = 200;
/** Of no more keys they are always known. */
const FEW = 1000;
/** Keys that are asked for. */
export const MOST = 20_000;
/** Milliseconds until they are asked for again: so many, and more where that takes long. */
const AGAIN = 3000;
const SHARE = 10;

export class LiveFacts extends Facts {
  /** Counts connections and databases: what was asked on the one before is no answer. */
  private turn = 0;
  private began = 0;
  private done = 0;
  private took = 0;

  constructor(
    private readonly pipe: () => Pipe | undefined,
    all: ReadonlySet<string>,
    learnt: () => void,
  ) {
    super(() => undefined, all, learnt);
  }

  override clear(): void {
    super.clear();
    this.turn++;
    this.done = 0;
  }

  protected override needed(): boolean {
    return this.wanted || this.all.size <= FEW;
  }

  protected override enqueue(): void {
    let room = MOST - this.facts.size - this.queue.size;
    for (const key of this.all) {
      if (room <= 0) break;
      if (!this.facts.has(key) && !this.queue.has(key)) {
        this.queue.add(key);
        room--;
      }
    }
  }

  /** Time has passed: what is known is asked for again where somebody looks at it. */
  refresh(): void {
    if (!this.wanted || this.queue.size > 0 || this.timer !== undefined) return;
    if (performance.now() - this.done < Math.max(AGAIN, SHARE * this.took)) return;
    for (const key of this.facts.keys()) this.queue.add(key);
    this.begin();
  }

  protected override slice(): void {
    const pipe = this.pipe();
    const { turn } = this;
    if (pipe === undefined) {
      this.timer = undefined;
      return;
    }
    // Else the timer stays set until the batch is answered: there is one at a time.
    if (this.began === 0) this.began = performance.now();
    const batch = [...this.queue].slice(0, BATCH);
    let left = batch.length;
    for (const key of batch) {
      this.queue.delete(key);
      const fact = { type: "none", expires: -1, bytes: 0 };
      pipe.send(["TYPE", key], (node) => {
        const type = plain(node);
        fact.type = type instanceof Uint8Array ? latin1(type) : String(type ?? "none");
      });
      pipe.send(["PEXPIRETIME", key], (node) => {
        fact.expires = Number(plain(node) ?? -1);
      });
      pipe.send(["MEMORY", "USAGE", key], (node) => {
        if (turn !== this.turn) return;
        fact.bytes = Number(plain(node) ?? 0);
        if (fact.type === "none") this.facts.delete(key);
        else this.facts.set(key, fact);
        if (--left === 0) this.over();
      });
    }
    if (left === 0) this.over();
  }

  private over(): void {
    this.stamp++;
    this.timer = undefined;
    if (this.queue.size > 0) {
      this.timer = setTimeout(() => this.slice());
      // What is known so far is shown.
      this.learnt();
      return;
    }
    this.done = performance.now();
    this.took = this.done - this.began;
    this.began = 0;
    this.known.value = true;
    this.learnt();
  }
}
