/**
 * A session: an engine, its clock, and what was done to it.
 *
 * Everything that a person does is an event: a command with its words, who gave it, and the time. The same seed and the same
 * commands at the same times make the same keyspace, so a moment of the past is a fresh engine to which the events before it
 * happen again. That is how one goes back, branches off, undoes, and opens what somebody shared.
 *
 * Events that are ahead of the present stay until something else is done; then they are kept as a branch.
 *
 * A session may stand on an RDB file (`base.ts`): its first moment is that file then, and what follows from it alone is no Record.
 */
import { batch, signal } from "@preact/signals";
import type { WakeyConsole } from "wakey/console";
import { type Client, type ManualClock, manualClock, type Observed, open, ReplyError, type Wakey } from "wakey/slim";
import { type Base, readBase } from "./base.js";
import { bytes, latin1 } from "./text.js";

/** A command that was given: milliseconds since the session's start, the console, the words in latin1. */
export interface Event {
  at: number;
  by: string;
  args: string[];
}

/** What can be shared: all that a session follows from. */
export interface Record {
  v: 1;
  seed: number;
  start: number;
  now: number;
  events: Event[];
}

/** A session with what is ahead of its present, and beside it. */
export interface Whole extends Record {
  /** How many of the events have happened. */
  position: number;
  branches: Event[][];
}

/** A command in the monitor. */
export interface Entry {
  n: number;
  at: number;
  by: string;
  args: string[];
  /** Microseconds; undefined where nobody measured. */
  micros: number | undefined;
  failed: boolean;
}

/** The monitor remembers so many. */
const REMEMBERED = 500;

/** A wait that was ended by hand, among the words of commands. */
const CANCEL = "^C";

/** Bytes of the keyspace; writes past them answer an OOM error. A link of a few words could take all that the machine has. */
const MAXMEMORY = 256 << 20;
/** The same where a person opened a file, which is theirs. */
const ROOM = 3 * 2 ** 30;
/** Milliseconds after which a script ends: the page stands still for so long. */
const SCRIPT = 1000;

/** What people begin with. */
const WARMING = (
  "SET a 1 EX 9; GET a; INCR a; DEL a; MSET b 1 c 2; APPEND b x; SETBIT i 9 1; PFADD p a b; PFCOUNT p; KEYS *; PING; HSET h f v g w; " +
  "HGETALL h; HGET h f; EXPIRE h 9; TTL h; RPUSH l a b; LPUSH l z; LRANGE l 0 -1; LPOP l; SADD s a b; SMEMBERS s; ZADD z 1 a 2 b; " +
  "ZINCRBY z 1 a; ZRANGE z 0 -1 WITHSCORES; GEOADD g 13.36 38.11 a; GEOSEARCH g FROMMEMBER a BYRADIUS 9 km; XADD x * a b; " +
  "XGROUP CREATE x g 0; XREADGROUP GROUP g c STREAMS x >"
).split("; ");

export class Session {
  readonly db = signal<Wakey>(undefined as unknown as Wakey);
  /** How many of the events have happened. */
  readonly position = signal(0);
  readonly branches = signal<Event[][]>([]);
  /** Commands that had no room when the session was made again the last time. */
  readonly refused = signal(0);
  /** Counts what could change the keyspace, the events or the monitor. */
  readonly changes = signal(0);
  readonly clock: ManualClock;
  /** Commands since the page was opened. */
  counted = 0;
  private list: Event[] = [];
  private entries: Entry[] = [];
  private sessions = new Map<string, Client>();
  /** Consoles that are looked at, and the names of their sessions. */
  private readonly consoles = new Set<{ element: WakeyConsole; console: string }>();
  private readonly sessionNames = new Map<number, string>();
  private unobserve: () => void = () => {};
  private busy: Promise<void> = Promise.resolve();

  private constructor(
    private readonly wasm: WebAssembly.Module,
    readonly seed: number,
    readonly start: number,
    /** The file that it stands on. */
    readonly base?: Base,
  ) {
    this.clock = manualClock(start);
  }

  static async open(wasm: WebAssembly.Module, record?: Record | Whole): Promise<Session> {
    const seed = record?.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
    const session = new Session(wasm, seed, record?.start ?? Date.now());
    session.list = record?.events ?? [];
    if (record && "branches" in record) session.branches.value = record.branches;
    await session.travel(record && "position" in record ? record.position : session.list.length, record?.now);
    return session;
  }

  /** Another session, which stands on a file. This one stays as it is, also where that fails. */
  async openFile(base: Base): Promise<Session> {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    const session = new Session(this.wasm, seed, base.written ?? Date.now(), base);
    await session.travel(0);
    return session;
  }

  /** Whether the engine takes calls. Its first session may be gone all the same: CLIENT KILL ends it, too. */
  get alive(): boolean {
    try {
      this.db.value.nextDeadline();
      return true;
    } catch {
      return false;
    }
  }

  /** All events, also those ahead of the present. Grows in place. */
  get events(): readonly Event[] {
    this.changes.value;
    return this.list;
  }

  /** The latest commands. Grows in place. */
  get monitor(): readonly Entry[] {
    this.changes.value;
    return this.entries;
  }

  /** Runs another engine of the same module for a moment: the browser compiles a function when it is first called, which takes longer than to run it. */
  async warm(): Promise<void> {
    const db = await open({ wasm: this.wasm });
    for (let i = 0; i < 20; i++) {
      for (const line of WARMING) {
        const [name = "", ...args] = line.split(" ");
        try {
          db.bytes.call(name, ...args);
        } catch {
          // The group is there already.
        }
      }
      await new Promise((done) => setTimeout(done));
    }
    db.close();
  }

  /** Gives a command for a person, and returns its reply; errors are thrown. */
  run(by: string, args: readonly string[]): unknown {
    const at = this.clock.now();
    let failed = true;
    try {
      const [name = "", ...rest] = args;
      const reply = this.client(by).bytes.call(name, ...rest.map(bytes));
      if (reply instanceof Promise) reply.catch(() => {});
      failed = false;
      return reply;
    } finally {
      // What the page itself takes is not the engine's time.
      this.note(at, by, args, undefined, failed);
    }
  }

  private client(by: string): Client {
    let found = this.sessions.get(by);
    if (found === undefined || found.closed) this.sessions.set(by, (found = named(this.db.peek(), by)));
    return found;
  }

  /** Takes down what this console does from now on, until the returned function is called. */
  watch(element: WakeyConsole, console: string): () => void {
    const watched = { element, console };
    this.consoles.add(watched);
    return () => this.consoles.delete(watched);
  }

  /** Something ran on the present's engine: taken down where a console did it. */
  private observed({ command, reply, time, took, session }: Observed<Uint8Array>): void {
    const by = this.sessionNames.get(session) ?? this.nameOf(session);
    if (by === undefined) return;
    const words = command.map(latin1);
    // What a console asks to know the commands.
    if (words.length === 2 && words.join(" ") === "COMMAND DOCS") return;
    const isEnd = words[0] === "CLIENT" && words[1] === "UNBLOCK" && words[2] === String(session);
    this.note(time, by, isEnd ? [CANCEL] : words, took * 1000, reply instanceof ReplyError);
  }

  /** The name of a console's session. Another link is another session, also when all happens again. */
  private nameOf(session: number): string | undefined {
    const found = [...this.consoles].find(({ element }) => element.sessionId === session);
    if (found === undefined) return undefined;
    const used = new Set(this.list.map((event) => event.by));
    let by = found.console;
    for (let i = 2; used.has(by); i++) by = `${found.console}.${i}`;
    this.sessionNames.set(session, by);
    return by;
  }

  /** Takes down a command that was given at `at` on the clock. */
  private note(at: number, by: string, args: readonly string[], micros: number | undefined, failed: boolean): void {
    batch(() => {
      const here = this.position.peek();
      if (here < this.list.length) {
        this.branches.value = [...this.branches.peek(), this.list];
        this.list = this.list.slice(0, here);
      }
      this.list.push({ at: at - this.start, by, args: [...args] });
      this.position.value = this.list.length;
      this.entries.push({ n: ++this.counted, at: at - this.start, by, args: [...args], micros, failed });
      if (this.entries.length > 2 * REMEMBERED) this.entries = this.entries.slice(-REMEMBERED);
      this.changes.value++;
    });
  }

  /**
   * The present becomes the moment after `position` events; `now` is the time on the clock then. Rejects where the session's file cannot
   * be read again, or that was cancelled: all is as it was.
   */
  travel(position: number, now?: number): Promise<void> {
    return this.go(() => this.replay(this.list, position, now));
  }

  private go(journey: () => Promise<void>): Promise<void> {
    const done = this.busy.then(journey);
    this.busy = done.catch(() => {});
    return done;
  }

  /** The engine of the first moment, on the session's clock. */
  private async first(): Promise<Wakey> {
    const { wasm, clock, seed, base } = this;
    // Two engines at a time only where there may be a way back.
    if (base === undefined) this.db.peek()?.close();
    const before = clock.now();
    clock.set(this.start);
    const db = await open({ wasm, clock, seed, maxmemory: base === undefined ? MAXMEMORY : ROOM, scriptTimeout: SCRIPT });
    if (base === undefined) return db;
    try {
      await readBase(db, base);
    } catch (error) {
      db.close();
      clock.set(before);
      throw error;
    }
    this.db.peek()?.close();
    return db;
  }

  private async replay(list: Event[], position: number, now?: number): Promise<void> {
    const db = await this.first();
    const sessions = new Map<string, Client>();
    /** What ends the wait of a session. */
    const waits = new Map<string, AbortController>();
    const waiting = new Set((db.call("COMMAND", "LIST", "FILTERBY", "ACLCAT", "blocking") as string[]).map((name) => name.toUpperCase()));
    let refused = 0;
    for (const { at, by, args } of list.slice(0, position)) {
      if (this.start + at > this.clock.now()) this.clock.set(this.start + at);
      let client = sessions.get(by);
      if (client === undefined || client.closed) sessions.set(by, (client = named(db, by)));
      try {
        if (args[0] === CANCEL) waits.get(by)?.abort();
        else {
          const [name = "", ...rest] = args;
          const end = new AbortController();
          const options = waiting.has(name.toUpperCase()) ? [{ signal: end.signal }] : [];
          const reply = client.bytes.call(name as "BLPOP", ...rest.map(bytes), ...options) as unknown;
          if (reply instanceof Promise) {
            waits.set(by, end);
            reply.catch(() => {});
          }
        }
      } catch (error) {
        // It failed then, too.
        if ((error as Error).message.startsWith("OOM ")) refused++;
      }
    }
    if (now !== undefined && now > this.clock.now()) this.clock.set(now);
    batch(() => {
      this.sessions = sessions;
      this.sessionNames.clear();
      this.list = list;
      this.db.value = db;
      this.position.value = position;
      this.refused.value = refused;
      this.changes.value++;
    });
    this.observe();
  }

  private observe(): void {
    const db = this.db.peek();
    this.unobserve = db.bytes.observe((observed) => {
      if (this.db.peek() === db) this.observed(observed);
    });
  }

  /** Work of the page itself, of very many commands, at the beginning of a task: none of them is looked at, which costs more than to run it. */
  quietly<T>(work: () => T): T {
    this.unobserve();
    try {
      return work();
    } finally {
      if (this.alive) this.observe();
    }
  }

  /** Takes another branch; what it leaves is a branch then. */
  async branch(index: number): Promise<void> {
    const chosen = this.branches.value[index];
    if (chosen === undefined) return;
    await this.go(async () => {
      const left = this.list;
      await this.replay(chosen, chosen.length);
      this.branches.value = this.branches.value.map((events, i) => (i === index ? left : events));
    });
  }

  /** Nobody looks at it any more: its memory may be large. */
  end(): void {
    void this.go(async () => this.db.peek()?.close());
  }

  /** All that there is. */
  whole(): Whole {
    const position = this.position.peek();
    return { ...this.record(), events: this.list, position, branches: this.branches.peek() };
  }

  /** All that the present follows from. */
  record(): Record {
    return { v: 1, seed: this.seed, start: this.start, now: this.clock.now(), events: this.list.slice(0, this.position.value) };
  }
}

/** A session whose name tells who gives its commands. */
function named(db: Wakey, by: string): Client {
  return db.session({ name: by.replace(/[^!-~]/g, "-") });
}
