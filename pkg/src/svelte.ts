/**
 * The entry `wakey/svelte`: what is read from a database as a store, for `$user`.
 *
 *     const user = live(db, (db) => db.hgetall("user:1"));
 */
import type { Wakey } from "./client/client.js";
import type { Entries } from "./client/command-types.js";
import type { Settled } from "./client/live.js";
import type { SharedWakey } from "./shared/client.js";

/** A database of this tab, or one that tabs share. */
export type Database = Wakey<Entries> | SharedWakey<string, Entries>;

/** A Svelte store: subscribers get the value at once, and again when it changes. */
export interface Readable<T> {
  /** Calls `run` with the value until the returned function is called. */
  subscribe(run: (value: T) => void): () => void;
}

/** The result of a function that reads, as a store. If it returns a promise, the result is undefined until that is fulfilled. */
export function live<T, D extends Database>(db: D, query: (db: D) => T): Readable<Settled<T>> {
  const kept = db.live(() => query(db));
  return {
    subscribe(run) {
      const stop = kept.subscribe(run);
      run(kept.getSnapshot());
      return stop;
    },
  };
}
