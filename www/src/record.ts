/** What a session is made of, as it is kept, and what can be shared of it. */

/** A command that was given: milliseconds since the session's start, the console, the words in latin1. */
export interface Event {
  at: number;
  by: string;
  args: string[];
  /** As it was typed, where that differs from what `typedAs` says; empty where nobody typed it. */
  line?: string;
  /** It ran once more for the same line. */
  again?: true;
  /** Milliseconds that its console told it took. */
  took?: number;
}

/** A line that a console answered by itself, when so many events had happened. */
export interface Aside {
  n: number;
  by: string;
  line: string;
  prompt: string;
}

/** What can be shared: all that a session follows from. */
export interface Record {
  v: 1;
  seed: number;
  start: number;
  now: number;
  events: Event[];
  asides?: Aside[];
  /** What it is, and what there is to say about it, for who opens it. */
  title?: string;
  note?: string;
  /** The clock is to stand still when it is opened. */
  paused?: true;
}

/** Another way that events went, and its name; without one it is named by what it began with. */
export interface Branch {
  name: string;
  events: Event[];
  asides?: Aside[];
  /** The lesson that it belongs to. */
  lesson?: string | undefined;
  /** It was left for a lesson, and is what one comes back to. */
  home?: true | undefined;
  /** How many of the events had happened when it was left, where that is not all, and the time on the clock. */
  position?: number;
  now?: number;
}

/** What a command did, as the table of commands has it. */
export type Deed = "write" | "read" | "failed" | "other";

/** A session with what is ahead of its present, and beside it. */
export interface Whole extends Record {
  /** How many of the events have happened. */
  position: number;
  branches: Branch[];
  /** The name of the way that it is on. */
  name?: string;
  /** The lesson that this is. */
  lesson?: string | undefined;
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
