/**
 * The keys of a server.
 *
 * What is on the screen asks synchronously, so `ask` answers what it knows, fetches what it does not, and counts `version` when
 * another reply has come. Once a second, and soon after a command of somebody else, there is a round: all that is on the screen
 * is asked anew, in one batch; what no longer is, is soon forgotten.
 *
 * The server's `notify-keyspace-events` is left alone: it is a setting of all its clients. Names are read with SCAN: with
 * another DBSIZE, and every few seconds, since a key that comes as another one goes shows nowhere else.
 */
import { scanned } from "../glob.js";
import { Names } from "../names.js";
import { bytes, latin1 } from "../text.js";
import { LiveFacts } from "./facts.js";
import { type Pipe, plain } from "./wire.js";

/** Milliseconds between two rounds, and between two that commands bring about. */
const PERIOD = 1000;
const SOON = 150;
/** Keys read in one go; a keyspace of no more is read in each round. */
const SLICE = 2000;
/** Names that are kept; of more, these are the first ones that SCAN finds to match the filter. */
const MOST = 200_000;
/** Names that are offered for a completion. */
const OFFERED = 200;
/** Milliseconds between two readings of a larger one whose size is the same, and of one that is too large for all of its names. */
const AGAIN = 5000;
const SELDOM = 60_000;
const NEVER = Number.NEGATIVE_INFINITY;

/** Milliseconds that an answer is kept which nobody asks for any more. */
const KEPT = 3000;

interface Answer {
  args: string[];
  value: unknown;
  /** The reply as it came: another one is a change. */
  wire: string;
  /** The round in which it was asked last, and when that was. */
  round: number;
  asked: number;
}

export class LiveKeyspace extends Names {
  private pipe: Pipe | undefined;
  private readonly answers = new Map<string, Answer>();
  private wanted: Answer[] = [];
  private round = 0;
  private soon: ReturnType<typeof setTimeout> | undefined;
  private readonly timer = setInterval(() => this.look(), PERIOD);
  private reading = false;
  private readAt = NEVER;
  private selected = 0;
  /** How many keys there are. */
  private known = 0;
  private filter = "";
  override readonly facts = new LiveFacts(
    () => this.pipe,
    this.all,
    () => this.show(),
  );

  /** Asks there from now on; undefined: nowhere, and what is known stays. */
  attach(pipe: Pipe | undefined): void {
    this.pipe = pipe;
    this.loading.value = pipe !== undefined;
    this.wanted = [];
    this.reading = false;
    this.readAt = NEVER;
    this.selected = 0;
    // What was last seen stays where there is no connection.
    if (pipe !== undefined) this.facts.clear();
    this.look();
  }

  /** Where not all names are here, others are read. */
  override filtered(filter: string): void {
    if (filter === this.filter) return;
    this.filter = filter;
    if (this.partial.peek() === undefined) return;
    this.readAt = NEVER;
    this.look();
  }

  override end(): void {
    clearInterval(this.timer);
    clearTimeout(this.soon);
  }

  override ask(...args: (string | number)[]): unknown {
    const words = args.map(String);
    const name = JSON.stringify(words);
    let answer = this.answers.get(name);
    if (answer === undefined) this.answers.set(name, (answer = { args: words, value: undefined, wire: "", round: -1, asked: 0 }));
    if (answer.round !== this.round) {
      answer.round = this.round;
      answer.asked = performance.now();
      if (this.wanted.push(answer) === 1) queueMicrotask(() => this.fetch());
    }
    return answer.value;
  }

  /** Some names that begin so, where the database is the one that is looked at. */
  starting(prefix: string, database: number): string[] {
    const out: string[] = [];
    if (database !== this.selected) return out;
    for (const key of this.all) if (key.startsWith(prefix) && out.push(key) === OFFERED) break;
    return out.sort();
  }

  /** Something has happened: a round is due. */
  poke(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.look();
    }, SOON);
  }

  private look(): void {
    const { pipe } = this;
    if (pipe === undefined || document.hidden) return;
    const database = this.database.peek();
    if (database !== this.selected) {
      this.selected = database;
      this.reading = false;
      this.readAt = NEVER;
      this.answers.clear();
      this.clear();
      this.facts.clear();
      this.partial.value = undefined;
      pipe.send(["SELECT", String(database)], () => {});
    }
    const old = performance.now() - KEPT;
    for (const [name, { asked }] of this.answers) if (asked < old) this.answers.delete(name);
    this.round++;
    this.version.value++;
    pipe.send(["DBSIZE"], (node) => {
      const there = plain(node);
      if (typeof there !== "number") return;
      const isPart = this.partial.peek() !== undefined;
      const here = isPart ? this.known : this.all.size;
      const due = performance.now() - this.readAt > (there > MOST ? SELDOM : AGAIN);
      this.known = there;
      const isOther = there !== here;
      if (there <= SLICE || due || (isOther && !(isPart && there > MOST))) this.read(pipe);
      else if (isOther) this.show();
      this.facts.refresh();
    });
  }

  /** Asks what is wanted; another reply than before is shown. */
  private fetch(): void {
    const { wanted, pipe } = this;
    this.wanted = [];
    if (pipe === undefined) return;
    let left = wanted.length;
    let changed = false;
    for (const answer of wanted)
      pipe.send(answer.args, (node, wire) => {
        if (wire !== answer.wire) {
          answer.wire = wire;
          answer.value = plain(node);
          changed = true;
        }
        if (--left === 0 && changed) this.version.value++;
      });
  }

  private read(pipe: Pipe): void {
    if (this.reading) return;
    this.reading = true;
    const database = this.selected;
    const seen = new Set<string>();
    let changed = false;
    const { filter } = this;
    const many = this.known > MOST;
    const narrow = many && filter !== "" ? ["MATCH", scanned(filter)] : [];
    const slice = (cursor: string): void => {
      pipe.send(["SCAN", cursor, "COUNT", String(SLICE), ...narrow], (node) => {
        // Another server, or another database, by now.
        if (pipe !== this.pipe || database !== this.selected) return;
        const [next, keys] = (plain(node) ?? [bytes("0"), []]) as [Uint8Array, Uint8Array[]];
        for (const key of keys.map(latin1)) {
          seen.add(key);
          changed ||= !this.has(key);
          this.add(key);
        }
        const more = latin1(next);
        const full = seen.size >= MOST;
        const isOver = more === "0" || full;
        this.loading.value = !isOver && this.readAt === NEVER;
        if (!isOver) return slice(more);
        for (const key of this.all)
          if (!seen.has(key)) {
            this.remove(key);
            this.facts.happened(key);
            changed = true;
          }
        this.reading = false;
        this.readAt = performance.now();
        this.partial.value = many ? this.all.size : undefined;
        // It was typed on meanwhile.
        if (many && filter !== this.filter) this.read(pipe);
        if (changed || this.count.peek() !== this.total()) this.show();
      });
    };
    slice("0");
  }

  protected override show(): void {
    this.facts.begin();
    super.show();
  }

  protected override total(): number {
    return this.partial.peek() === undefined ? super.total() : this.known;
  }
}
