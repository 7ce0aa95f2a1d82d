/**
 * The keys of the page's own session.
 *
 * Names are read once, in slices with SCAN, and kept right by what `watchKeys` tells. Events that name no key (FLUSHALL,
 * SWAPDB) show as a number of keys that is not ours; then it is read anew. Type, size and expiry are asked for the rows that
 * are on the screen, and nothing is asked while nothing happens.
 */
import { effect, untracked } from "@preact/signals";
import type { Client, Stop, Wakey } from "wakey/slim";
import { Facts } from "./facts.js";
import { matching, scanned } from "./glob.js";
import { Names } from "./names.js";
import type { Session } from "./session.js";
import { bytes, latin1 } from "./text.js";

/** Names of a file's keys that are kept: as many as are put in order at once. Of more, these are the first ones that SCAN finds to match the filter. */
const MOST = 20_000;
/** Keys read in one go: well below what one would feel. Where few of them match, five times as many. */
const SLICE = 2000;
/** Bytes of a value that is looked at to see whether it has changed. */
const SHORT = 2048;
/** Rounds of changes are shown at most so often, in milliseconds; with very many keys less often. */
const PACE = 60;

export class Keyspace extends Names {
  private readonly effects: (() => void)[];
  private client: Client<Uint8Array> | undefined;
  private stop: Stop | undefined;
  private planned = false;
  private reading = 0;
  private turn = 0;
  /** Where not all names are here: how many keys there are, as we know. */
  private known = 0;
  private filter = "";
  private readonly most: number;
  override readonly facts = new Facts(
    (...args) => this.ask(...args),
    this.all,
    () => this.show(),
  );

  constructor(session: Session) {
    super();
    this.most = session.base === undefined ? Number.POSITIVE_INFINITY : MOST;
    const follow = effect(() => {
      const db = session.db.value;
      const number = this.database.value;
      untracked(() => this.attach(db, number));
    });
    const look = effect(() => {
      session.changes.value;
      untracked(() => {
        const db = session.db.peek();
        // CLIENT KILL ends this session, too.
        if (this.client?.closed && session.alive) this.attach(db, this.database.peek());
        // What changed is told a moment later: until then DBSIZE is another one.
        else this.plan();
      });
    });
    this.effects = [follow, look];
  }

  override end(): void {
    for (const end of this.effects) end();
    this.facts.clear();
    this.stop?.();
  }

  /** Reads with the page's own session, which nobody sees in the time line. */
  override ask(...args: (string | number)[]): unknown {
    if (this.client === undefined || this.client.closed) return undefined;
    try {
      const [name, ...rest] = args;
      return this.client.call(String(name), ...rest.map((arg) => (typeof arg === "string" ? bytes(arg) : arg)));
    } catch {
      return undefined;
    }
  }

  protected override valueAt(key: string, _type: string, size: number): unknown {
    return size > SHORT ? size : this.ask("DUMP", key);
  }

  /** Where not all names are here, others are read. */
  override filtered(filter: string): void {
    if (filter === this.filter) return;
    this.filter = filter;
    if (this.partial.peek() !== undefined) this.read();
  }

  private attach(db: Wakey, number: number): void {
    this.stop?.();
    const client = db.session({ name: "playground" });
    client.select(number);
    this.client = client.bytes;
    this.partial.value = undefined;
    this.stop = client.bytes.watchKeys("*", (event, key) => this.happened(event, latin1(key)));
    this.read();
  }

  private happened(event: string, key: string): void {
    const gone = event === "del" || event === "expired" || event === "evicted" || event === "rename_from" || event === "move_from";
    if (gone) this.remove(key);
    else if (this.partial.peek() === undefined || matching(this.filter)(key)) this.add(key);
    this.facts.happened(key);
    if (this.partial.peek() !== undefined) this.known = Number(this.ask("DBSIZE") ?? 0);
    this.plan();
  }

  private plan(): void {
    if (this.planned) return;
    this.planned = true;
    setTimeout(
      () => {
        this.planned = false;
        this.check();
      },
      PACE + this.all.size / 250,
    );
  }

  private check(): void {
    const there = this.ask("DBSIZE");
    const here = this.partial.peek() === undefined ? this.all.size : this.known;
    if (this.reading === 0 && typeof there === "number" && there !== here) this.read();
    else this.show();
  }

  private read(): void {
    const turn = ++this.turn;
    this.clear();
    this.facts.clear();
    this.reading = turn;
    let cursor = "0";
    const many = Number(this.ask("DBSIZE") ?? 0) > this.most;
    const { filter } = this;
    const narrow = many && filter !== "" ? ["COUNT", 5 * SLICE, "MATCH", scanned(filter)] : ["COUNT", SLICE];
    const slice = (): void => {
      if (turn !== this.turn) return;
      const reply = this.ask("SCAN", cursor, ...narrow) as [Uint8Array, Uint8Array[]] | undefined;
      if (reply !== undefined) for (const key of reply[1]) this.add(latin1(key));
      this.settle();
      cursor = reply === undefined ? "0" : latin1(reply[0]);
      const full = many && this.all.size >= this.most;
      if (cursor !== "0" && !full) {
        this.loading.value = true;
        setTimeout(slice);
        return;
      }
      this.reading = 0;
      // It was typed on meanwhile.
      if (many && filter !== this.filter) {
        this.read();
        return;
      }
      this.loading.value = false;
      this.known = Number(this.ask("DBSIZE") ?? 0);
      this.partial.value = many ? this.all.size : undefined;
      this.show();
    };
    slice();
  }

  protected override show(): void {
    this.facts.begin();
    super.show();
  }

  protected override total(): number {
    return this.partial.peek() === undefined ? super.total() : this.known;
  }
}
