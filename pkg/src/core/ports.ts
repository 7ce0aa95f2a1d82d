/**
 * What the engine asks of those who use it. It knows none of them: a store's driver, sessions and observers hang themselves on.
 */

/** What takes the journal of an engine with a store. @internal */
export interface JournalSink {
  /** Whether answers must not leave: what they are about has not been taken. */
  readonly holding: boolean;
  /**
   * Takes the journal of the last crossing, whose reply stays. Called when there is some. Throws ReplyError (MISCONF) where an
   * answer would say more than is true.
   */
  take(): void;
  /** Takes at once what `take` has left until later. */
  collect(): void;
  /** Writes a snapshot in the background; its failure is in INFO. */
  rewrite(): Promise<void>;
  /** The keyspace has become another one, and nobody can write: keeps it in the place of all that was kept. */
  replace(): Promise<void>;
  /** SAVE. With a promise the reply is to wait for it. Throws or rejects ReplyError. */
  save(): Promise<void> | undefined;
  /** BACKUP, as `HostRequest` of the core has it; what fails is in BACKUP STATUS. With a promise the reply is to wait for it. */
  backup(ask: number): Promise<void> | undefined;
  /** All that was answered before this call is as safe as the storage can make it. Rejected when the storage refuses. */
  durable(): Promise<void>;
  /** The engine is about to end: the last moment to ask it for something. */
  ending(): void;
  /** Writes what waits, and ends. Rejected when something could not be written. */
  close(): Promise<void>;
}

/** What writes RDB files for SAVE and BGSAVE. @internal */
export interface Saver {
  /** Where they go if `dir` does not say. */
  readonly folder: string;
  /** SAVE. With a promise the reply is to wait for it. Throws or rejects ReplyError. */
  save(): Promise<void> | undefined;
  /** BGSAVE. Its failure is in INFO. */
  saveSoon(): Promise<void>;
}

/**
 * Who gets what the engine has to say to a session outside of a reply. `close`: nothing follows. `more`: the session has sent
 * commands that wait for `feed` to be called again. @internal
 */
export type OutputListener = (bytes: Uint8Array, close: boolean, more: boolean) => void;

/** Told of commands that are run in this process, and of waits that it ends. @internal */
export interface Observer {
  /**
   * A command has run. `frame` and `reply` are copies: `u32 argc`, then `u32 length, bytes` for each argument; RESP. `time` is the
   * clock's, in milliseconds since the epoch; `took` is how long it ran, in milliseconds.
   */
  ran(session: number, frame: Uint8Array, reply: Uint8Array, time: number, took: number): void;
  /** The wait of a session was ended from outside. */
  cancelled(session: number, time: number): void;
}

/** What ends with an engine, or with a session: each is called with the reason. @internal */
export type EndListeners = Set<(reason: Error) => void>;
