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

/** A store of Svelte: who subscribes is told the value at once, and again when it has changed. */
export interface Readable<T> {
  /** Calls with the value until the returned function is called. */
  subscribe(run: (value: T) => void): () => void;
}

/** What a function reads, as a store. A function that gives a promise gives undefined until it is fulfilled. */
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
