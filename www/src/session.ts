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
import { type Answered, Scribe, SLOW, type Spoken, type WakeyConsole } from "wakey/console";
import { type Client, type ManualClock, manualClock, type Observed, open, ReplyError, type Wakey } from "wakey/slim";
import { type Base, readBase } from "./base.js";
import type { Aside, Branch, Deed, Entry, Event, Record, Whole } from "./record.js";
import { CANCEL, MAXMEMORY, named, Player, SCRIPT } from "./replay.js";
import { slices, turn } from "./slices.js";
import { T } from "./strings.js";
import { bytes, latin1, quoted } from "./text.js";

export type { Aside, Branch, Deed, Entry, Event, Record, Whole } from "./record.js";

/** The monitor remembers so many. */
const REMEMBERED = 500;

/** The names of consoles: of those that get a tab when a session is opened. */
const CONSOLE = /^c[1-6](\.\d{1,4})?$/;
/** So many parts a console shows at most. */
const KEPT = 1000;
/** Lines that no database saw are remembered so far. */
const MOST_ASIDES = 1000;
const LONGEST_ASIDE = 2000;

/** Bytes of the keyspace where a person opened a file, which is theirs. */
const ROOM = 3 * 2 ** 30;
/** What people begin with. */
const WARMING = (
  "SET a 1 EX 9; GET a; INCR a; DEL a; MSET b 1 c 2; APPEND b x; SETBIT i 9 1; PFADD p a b; PFCOUNT p; KEYS *; PING; HSET h f v g w; " +
  "HGETALL h; HGET h f; EXPIRE h 9; TTL h; RPUSH l a b; LPUSH l z; LRANGE l 0 -1; LPOP l; SADD s a b; SMEMBERS s; ZADD z 1 a 2 b; " +
  "ZINCRBY z 1 a; ZRANGE z 0 -1 WITHSCORES; GEOADD g 13.36 38.11 a; GEOSEARCH g FROMMEMBER a BYRADIUS 9 km; XADD x * a b; " +
  "XGROUP CREATE x g 0; XREADGROUP GROUP g c STREAMS x >"
).split("; ");

/** Something was done while a journey in time was under way: it leads nowhere. */
class Overtaken extends Error {}

export class Session {
  readonly db = signal<Wakey>(undefined as unknown as Wakey);
  /** How many of the events have happened. */
  readonly position = signal(0);
  readonly branches = signal<Branch[]>([]);
  /** The name of the way that the session is on. */
  readonly branchName = signal("");
  /** The lesson that this way belongs to: it has keys of its own, and a file's are not there. */
  readonly lesson = signal<string | undefined>(undefined);
  /** What stood in the consoles, by console, when the session was opened: to be shown by them. */
  readonly spoken = new Map<string, Spoken[]>();
  title = "";
  remark = "";
  /** It came by a link or a file: how many commands it had, and when the last was given. */
  shared: { commands: number; when: string } | undefined;
  /** Commands that had no room when the session was made again the last time. */
  readonly refused = signal(0);
  /** Counts what could change the keyspace, the events or the monitor. */
  readonly changes = signal(0);
  /** The present engine's. */
  readonly clock: ManualClock = {
    now: () => this.time.now(),
    advance: (ms) => this.time.advance(ms),
    set: (ms) => this.time.set(ms),
  };
  private time: ManualClock;
  /** Commands since the page was opened. */
  counted = 0;
  private list: Event[] = [];
  private entries: Entry[] = [];
  private asides: Aside[] = [];
  private readonly deeds = new WeakMap<Event, Deed>();
  /** Commands by what they are there for. */
  private names: { write?: Set<string>; read?: Set<string> } = {};
  private sessions = new Map<string, Client>();
  /** Consoles that are not on the page: of the session as it was opened. Their waits go on. */
  private scribes = new Map<string, Scribe>();
  /** Consoles that are looked at, and the names of their sessions. */
  private readonly consoles = new Set<{ element: WakeyConsole; console: string }>();
  private readonly sessionNames = new Map<number, string>();
  private unobserve: () => void = () => {};
  private busy: Promise<void> = Promise.resolve();

  private constructor(
    readonly wasm: WebAssembly.Module,
    readonly seed: number,
    readonly start: number,
    /** The file that it stands on. */
    readonly base?: Base,
  ) {
    this.time = manualClock(start);
  }

  static async open(wasm: WebAssembly.Module, record?: Record | Whole): Promise<Session> {
    const seed = record?.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
    const session = new Session(wasm, seed, record?.start ?? Date.now());
    session.list = record?.events ?? [];
    session.asides = record?.asides ?? [];
    session.title = record?.title ?? "";
    session.remark = record?.note ?? "";
    if (record && "branches" in record) session.branches.value = record.branches;
    if (record && "name" in record) session.branchName.value = record.name ?? "";
    if (record && "lesson" in record) session.lesson.value = record.lesson;
    const position = record && "position" in record ? record.position : session.list.length;
    await session.go(() => session.replay(session.list, position, record?.now, true));
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
    const aside = ({ detail: { line, prompt } }: CustomEvent<{ line: string; prompt: string }>): void => {
      if (this.position.peek() < this.list.length || this.asides.length >= MOST_ASIDES) return;
      this.asides.push({ n: this.list.length, by: console, line: line.slice(0, LONGEST_ASIDE), prompt });
      this.changes.value++;
    };
    const answered = ({ detail: { took } }: CustomEvent<Answered>): void => {
      const last = this.list.findLast(({ by }) => by === console || by.startsWith(`${console}.`));
      if (took >= SLOW && last !== undefined) last.took = Math.round(took);
    };
    element.stamp = () => this.list[this.position.peek() - 1];
    element.addEventListener("wakey-line", aside);
    element.addEventListener("wakey-reply", answered);
    return () => {
      element.removeEventListener("wakey-line", aside);
      element.removeEventListener("wakey-reply", answered);
      this.consoles.delete(watched);
    };
  }

  /** Whether an event has happened in the present. */
  happened(event: unknown): boolean {
    return event === undefined || this.present.has(event as Event);
  }

  private present = new Set<Event>();

  /** What a command did. */
  deed(event: Event): Deed {
    let found = this.deeds.get(event);
    if (found === undefined) this.deeds.set(event, (found = this.meant(event.args)));
    return found;
  }

  /** What a command is there for, as the table says: scripts and transactions may write. */
  private meant([name = "", sub = ""]: readonly string[]): Deed {
    const upper = name.toUpperCase();
    // What is longer is no name.
    const full = sub.length < 32 ? `${upper}|${sub.toUpperCase()}` : upper;
    const is = (kind: "write" | "read"): boolean => this.named(kind).has(upper) || this.named(kind).has(full);
    return is("write") || /^(exec|eval|evalsha|fcall)$/i.test(name) ? "write" : is("read") ? "read" : "other";
  }

  private named(kind: "write" | "read"): Set<string> {
    return this.names[kind]!;
  }

  /** Calls something a branch; the way that the session is on where no number is given. */
  rename(index: number | undefined, name: string): void {
    if (index === undefined) this.branchName.value = name;
    else this.branches.value = this.branches.peek().map((branch, i) => (i === index ? { ...branch, name } : branch));
    this.changes.value++;
  }

  /** Something ran on the present's engine: taken down where a console did it. */
  private observed({ command, reply, time, took, session }: Observed<Uint8Array>): void {
    const by = this.sessionNames.get(session) ?? this.nameOf(session);
    if (by === undefined) return;
    const words = command.map(latin1);
    // What a console asks to know the commands.
    if (words.length === 2 && words.join(" ") === "COMMAND DOCS") return;
    const isEnd = words[0] === "CLIENT" && words[1] === "UNBLOCK" && words[2] === String(session);
    const { line, again } = this.consoleOf(session)?.running ?? { line: "", again: false };
    const said = line === typedAs(words) ? undefined : line;
    this.note(time, by, isEnd ? [CANCEL] : words, took * 1000, reply instanceof ReplyError, isEnd ? undefined : said, again);
  }

  private consoleOf(session: number): WakeyConsole | undefined {
    return [...this.consoles].find(({ element }) => element.sessionId === session)?.element;
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
  private note(
    at: number,
    by: string,
    args: readonly string[],
    micros: number | undefined,
    failed: boolean,
    line?: string,
    again = false,
  ): void {
    batch(() => {
      const here = this.position.peek();
      if (here < this.list.length) {
        this.branches.value = [...this.branches.peek(), { name: this.branchName.peek(), events: this.list, lesson: this.lesson.peek() }];
        this.branchName.value = "";
        this.list = this.list.slice(0, here);
        this.asides = this.asides.filter(({ n }) => n <= here);
      }
      const event: Event = { at: at - this.start, by, args: [...args] };
      if (line !== undefined) event.line = line;
      if (again) event.again = true;
      this.deeds.set(event, failed ? "failed" : this.meant(args));
      this.list.push(event);
      this.present.add(event);
      this.position.value = this.list.length;
      this.entries.push({ n: ++this.counted, at: at - this.start, by, args: [...args], micros, failed });
      if (this.entries.length > 2 * REMEMBERED) this.entries = this.entries.slice(-REMEMBERED);
      this.changes.value++;
    });
  }

  /**
   * The present becomes the moment after `position` events; `now` is the time on the clock then. False: something else was done meanwhile,
   * and all is as that left it. Rejects where the session's file cannot be read again, or that was cancelled: all is as it was.
   */
  async travel(position: number, now?: number): Promise<boolean> {
    try {
      await this.go(() => this.replay(this.list, position, now));
      return true;
    } catch (error) {
      if (error instanceof Overtaken) return false;
      throw error;
    }
  }

  private go(journey: () => Promise<void>): Promise<void> {
    const done = this.busy.then(journey);
    this.busy = done.catch(() => {});
    return done;
  }

  /** The engine of the first moment, on a clock of its own. */
  private async first(clock: ManualClock): Promise<Wakey> {
    const { wasm, seed } = this;
    const base = this.lesson.peek() === undefined ? this.base : undefined;
    const db = await open({ wasm, clock, seed, maxmemory: base === undefined ? MAXMEMORY : ROOM, scriptTimeout: SCRIPT });
    try {
      if (base !== undefined) await readBase(db, base);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /**
   * Another engine becomes the present, when all that is to happen has happened on it: in slices, and until then the page is on the one
   * before. `speak`: what stood in the consoles is taken down, in `spoken`.
   */
  private async replay(list: Event[], position: number, now?: number, speak = false): Promise<void> {
    const clock = manualClock(this.start);
    const { counted } = this;
    const begun = this.clock.now();
    const db = await this.first(clock);
    const scribes = new Map<string, Scribe>();
    for (const kind of ["write", "read"] as const) {
      const list = (): string[] => db.call("COMMAND", "LIST", "FILTERBY", "ACLCAT", kind) as string[];
      this.names[kind] ??= new Set(list().map((name) => name.toUpperCase()));
    }
    this.spoken.clear();
    const player = new Player(db, clock, this.start);
    const pace = slices();
    const asides = this.asides.values();
    let aside = asides.next().value;
    let refused = 0;
    let present: Event | undefined;
    const told = (failed: boolean, message = ""): void => {
      if (failed) this.deeds.set(present as Event, "failed");
      if (message.startsWith("OOM ")) refused++;
    };
    const scribe = (by: string): Scribe => {
      let found = scribes.get(by);
      if (found?.open) return found;
      const lines = linesOf(this.spoken, by.split(".")[0]!);
      const tell = (spoken: Spoken): void => {
        if (lines.push(spoken) > 2 * KEPT) lines.splice(0, KEPT);
        if (spoken.kind === "reply" && spoken.node.type === "error") told(true, spoken.node.text);
      };
      found = new Scribe(db, tell, () => present);
      scribes.set(by, found);
      return found;
    };
    for (let i = 0; i <= position; i++) {
      for (; speak && aside !== undefined && aside.n <= i; aside = asides.next().value)
        linesOf(this.spoken, aside.by).push({ kind: "own", prompt: aside.prompt, line: aside.line, stamp: present });
      const event = list[i];
      if (i === position || event === undefined) break;
      const { by, args, line, again, took } = event;
      present = event;
      await pace();
      if (speak && CONSOLE.test(by)) {
        // Waits may end by then.
        if (player.reach(event)) await turn();
        const on = scribe(by);
        if (args[0] === CANCEL) on.cancel();
        else if (line === "") on.silently(args);
        else on.run(args, again ? undefined : (line ?? typedAs(args)), took);
        // What it is answered, and what others hear of it, comes in microtasks.
        await turn();
        continue;
      }
      try {
        player.play(event);
      } catch (error) {
        // It failed then, too.
        told(true, (error as Error).message);
      }
    }
    // The clock has gone on meanwhile.
    const then = now === undefined ? 0 : now + this.clock.now() - begun;
    if (then > clock.now()) clock.set(then);
    if (speak) await turn();
    if (this.counted !== counted) {
      db.close();
      throw new Overtaken(T.overtaken);
    }
    this.db.peek()?.close();
    for (const scribe of this.scribes.values()) scribe.close();
    this.scribes = scribes;
    batch(() => {
      this.time = clock;
      this.sessions = player.sessions;
      this.sessionNames.clear();
      this.list = list;
      this.present = new Set(list.slice(0, position));
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
    if (chosen !== undefined) await this.take(chosen);
  }

  /** Begins a lesson, or goes on with it, on a way of its own; `anew`: as if it had never been begun. */
  enter(lesson: string, name: string, anew = false): Promise<void> {
    const begun = anew ? undefined : this.branches.peek().findLast((branch) => branch.lesson === lesson);
    return this.take(begun ?? { name, events: [], lesson, now: this.clock.now() }, anew);
  }

  /** Back to where it was when a lesson was entered: to its keys, and the time on its clock. */
  leave(): Promise<void> {
    return this.take(this.branches.peek().find(({ home }) => home) ?? { name: "", events: [] });
  }

  /** What is left becomes a branch in place of the one that is taken, where it is worth that: not when `forget` says so. */
  private take(to: Branch, forget = false): Promise<void> {
    return this.go(async () => {
      const { lesson } = this;
      const from = lesson.peek();
      const here: Branch = { name: this.branchName.peek(), events: this.list, asides: this.asides, lesson: from };
      const home = from === undefined && to.lesson !== undefined;
      if (home) Object.assign(here, { home, position: this.position.peek() });
      if (home || from !== undefined) here.now = this.clock.now();
      lesson.value = to.lesson;
      try {
        await this.replay(to.events, to.position ?? to.events.length, to.now);
      } catch (error) {
        lesson.value = from;
        throw error;
      }
      batch(() => {
        const left = home || (!forget && here.events.length > 0) ? [here] : [];
        const others = this.branches.peek();
        const at = others.indexOf(to);
        const all = at < 0 ? [...others, ...left] : [...others.slice(0, at), ...left, ...others.slice(at + 1)];
        this.branches.value = home ? all.map((branch) => (branch === here ? here : { ...branch, home: undefined })) : all;
        this.branchName.value = to.name;
        this.asides = to.asides ?? [];
        this.changes.value++;
      });
    });
  }

  /** Nobody looks at it any more: its memory may be large. */
  end(): void {
    void this.go(async () => this.db.peek()?.close());
  }

  /** All that there is. */
  whole(): Whole {
    const position = this.position.peek();
    return {
      ...this.record(),
      events: this.list,
      position,
      branches: this.branches.peek(),
      name: this.branchName.peek(),
      lesson: this.lesson.peek(),
    };
  }

  /** All that the present follows from. */
  record(): Record {
    const position = this.position.value;
    return {
      v: 1,
      seed: this.seed,
      start: this.start,
      now: this.clock.now(),
      events: this.list.slice(0, position),
      ...(this.asides.length > 0 ? { asides: this.asides.filter(({ n }) => n <= position) } : {}),
      ...(this.title === "" ? {} : { title: this.title }),
      ...(this.remark === "" ? {} : { note: this.remark }),
    };
  }
}

/** How a command is typed, unless somebody typed it otherwise. */
export function typedAs(args: readonly string[]): string {
  return args.map(quoted).join(" ");
}

function linesOf(spoken: Map<string, Spoken[]>, console: string): Spoken[] {
  let found = spoken.get(console);
  if (found === undefined) spoken.set(console, (found = []));
  return found;
}
