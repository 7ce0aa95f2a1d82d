/** Lets events happen on an engine, in sessions of their own: the present of a session, or a moment beside it. */
import { type Client, type ManualClock, manualClock, open, type Wakey } from "wakey/slim";
import type { Event, Session } from "./session.js";
import { slices } from "./slices.js";
import { bytes } from "./text.js";

/** A wait that was ended by hand, among the words of commands. */
export const CANCEL = "^C";
/** Bytes of the keyspace; writes past them answer an OOM error. A link of a few words could take all that the machine has. */
export const MAXMEMORY = 256 << 20;
/** Milliseconds after which a script ends: the page stands still for so long. */
export const SCRIPT = 1000;

/** A session whose name tells who gives its commands. */
export function named(db: Wakey, by: string): Client {
  return db.session({ name: by.replace(/[^!-~]/g, "-") });
}

export class Player {
  readonly sessions = new Map<string, Client>();
  /** What ends the wait of a session. */
  private readonly waits = new Map<string, AbortController>();
  private readonly blocking: Set<string>;

  constructor(
    readonly db: Wakey,
    private readonly clock: ManualClock,
    private readonly start: number,
  ) {
    this.blocking = new Set((db.call("COMMAND", "LIST", "FILTERBY", "ACLCAT", "blocking") as string[]).map((name) => name.toUpperCase()));
  }

  /** The time comes at which it happened. False: it is that time. */
  reach({ at }: Event): boolean {
    if (this.start + at <= this.clock.now()) return false;
    this.clock.set(this.start + at);
    return true;
  }

  /** Throws what it was answered, if that was an error. */
  play(event: Event): void {
    this.reach(event);
    const { by, args } = event;
    let client = this.sessions.get(by);
    if (client === undefined || client.closed) this.sessions.set(by, (client = named(this.db, by)));
    if (args[0] === CANCEL) {
      this.waits.get(by)?.abort();
      return;
    }
    const [name = "", ...rest] = args;
    const end = this.blocking.has(name.toUpperCase()) ? new AbortController() : undefined;
    const options = end === undefined ? [] : [{ signal: end.signal }];
    const reply = client.bytes.call(name as "BLPOP", ...rest.map(bytes), ...options) as unknown;
    if (reply instanceof Promise) {
      if (end !== undefined) this.waits.set(by, end);
      reply.catch(() => {});
    }
  }
}

/** A moment beside the present, on an engine of its own, until it is closed. It goes on, and never back. */
export class Moment {
  /** How many events have happened there. */
  position = 0;
  private constructor(
    private readonly player: Player,
    private readonly events: readonly Event[],
  ) {}

  static async open({ wasm, seed, start }: Session, events: readonly Event[]): Promise<Moment> {
    const clock = manualClock(start);
    const db = await open({ wasm, clock, seed, maxmemory: MAXMEMORY, scriptTimeout: SCRIPT });
    return new Moment(new Player(db, clock, start), events);
  }

  get db(): Wakey {
    return this.player.db;
  }

  /** In slices, so that the page has its turn. Rejects when `signal` says so. */
  async go(position: number, signal?: AbortSignal): Promise<void> {
    const turn = slices(signal);
    while (this.position < position) {
      try {
        this.player.play(this.events[this.position]!);
      } catch {
        // It failed then, too.
      }
      this.position++;
      await turn();
    }
  }

  close(): void {
    this.db.close();
  }
}
