/** What the parts of the page share: what they look at, and what is chosen. */
import { effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { Spoken, WakeyConsole } from "wakey/console";
import { Keyspace } from "./keyspace.js";
import type { Names } from "./names.js";
import type { Entry, Session } from "./session.js";
import { bytes, latin1 } from "./text.js";
import { Driver } from "./time.js";

/** What keys, viewers, consoles and the monitor look at: the page's own session, or a server (`live/live.ts`). */
export interface View {
  readonly keyspace: Names;
  /** Milliseconds since the epoch, as what is looked at has them. */
  readonly now: ReadonlySignal<number>;
  /** Whether what is done can be taken back. */
  readonly undo: boolean;
  /** The latest commands. Grows in place. */
  readonly monitor: readonly Entry[];
  /** Commands since the page was opened. */
  readonly counted: number;
  /** Bytes that the keyspace takes; undefined when that is not known now. */
  memory(): number | undefined;
  /**
   * Gives a command for the person at the page, in the database that is looked at. Resolves with a plain reply, rejects with what the
   * database says.
   */
  give(args: string[]): Promise<unknown>;
  /** A reply to a command that reads, in the database that is looked at; undefined where it fails. Nobody gave it. */
  read(args: string[]): Promise<unknown>;
  /** Counts other engines: what listened to the one before hears nothing more. */
  readonly epoch?: ReadonlySignal<unknown>;
  /** Hears messages of channels that match a pattern, until what it returns is called. */
  listen?(pattern: string, heard: (channel: string, message: string) => void): () => void;
  /** Lets an engine that nobody sees run for a moment, so that times of the first commands are not those of the compiler. */
  warm?(): Promise<void>;
  /** Connects a console, and keeps it connected until what it returns is called. */
  connect(element: WakeyConsole, id: string): () => void;
  /** What stood in a console when the session was opened, and which consoles there were. */
  spoken?(id: string): Iterable<Spoken> | undefined;
  tabs?(): string[];
  /** Whether somebody says what this is. */
  readonly introduced?: boolean;
  /** Whether what an entry of a console belongs to has happened, at the moment that is looked at. */
  happened?(stamp: unknown): boolean;
  /** Reads what that depends on. */
  moved?(): void;
}

export interface App extends View {
  session: Session;
  keyspace: Keyspace;
  driver: Driver;
}

export function makeApp(session: Session): App {
  const keyspace = new Keyspace(session);
  const driver = new Driver(session);
  return {
    session,
    keyspace,
    driver,
    now: driver.now,
    undo: true,
    get monitor() {
      return session.monitor;
    },
    get counted() {
      return session.counted;
    },
    memory: () => (session.alive ? session.db.value.stats().usedMemory : undefined),
    give: async (args) => {
      // An editor for each database: what one selects is no other's business.
      const database = keyspace.database.value;
      const by = database === 0 ? "editor" : `editor-${database}`;
      if (database !== 0) session.run(by, ["SELECT", String(database)]);
      return session.run(by, args);
    },
    spoken: (id) => {
      const found = session.spoken.get(id);
      session.spoken.delete(id);
      return found;
    },
    get introduced() {
      return session.shared !== undefined && session.title + session.remark !== "";
    },
    tabs: () => {
      const ids = [...session.spoken.keys()].sort();
      return ids.length === 0 ? ["c1"] : ids;
    },
    happened: (stamp) => session.happened(stamp),
    moved: () => {
      session.position.value;
      session.changes.value;
    },
    read: async (args) => keyspace.ask(...args),
    epoch: session.db,
    listen: (pattern, heard) => {
      const client = session.db.peek().session({ name: "messages" }).bytes;
      client.psubscribe(bytes(pattern), (message, channel) => heard(latin1(channel), latin1(message)));
      return () => client.close();
    },
    warm: () => session.warm(),
    connect: (element, id) => {
      const unwatch = session.watch(element, id);
      // After a journey in time the database is another one; what was said stays on the screen.
      const stop = effect(() => {
        const db = session.db.value;
        untracked(() => {
          element.database = db;
        });
      });
      return () => {
        stop();
        unwatch();
      };
    },
  };
}

/** The key that is looked at. */
export const chosen = signal<string | undefined>(undefined);
/** On a narrow screen one part is shown at a time. */
export const part = signal<"lesson" | "console" | "keys" | "explore" | "monitor">("console");
/** What the panel below the consoles shows, and a script that is to stand there. */
export const tool = signal<"monitor" | "script" | "pubsub" | "stats">("monitor");
export const drafted = signal<string | undefined>(undefined);
/** The dialog that is asked for. */
export const asked = signal<"share" | "keys" | "connect" | "palette" | "diff" | undefined>(undefined);
/** What names of the list of keys must hold, as it was typed; with a `*` at its end, what they begin with. */
export const filter = signal("");
/** What can be done about what was told: to take it back, or something else. */
export type Remedy = "undo" | { label: string; act: () => void };

/** A short word on what was done, or what went wrong, and what can be done about it; gone after a while. */
export const notice = signal<{ text: string; bad: boolean; remedy: Remedy | undefined } | undefined>(undefined);

let fading: ReturnType<typeof setTimeout> | undefined;

/** What can be taken back stands longer. */
export function tell(text: string, bad = false, remedy?: Remedy): void {
  notice.value = { text, bad, remedy };
  clearTimeout(fading);
  fading = setTimeout(
    () => {
      notice.value = undefined;
    },
    remedy === undefined ? 6000 : 12_000,
  );
}
