/**
 * The entry `wakey/vue`: a database for components, and what they read kept up to date.
 *
 *     app.use(wakey(db)); ... const user = useLive((db) => db.hgetall(`user:${id.value}`));
 */
import { type App, type InjectionKey, inject, type ShallowRef, shallowRef, watchEffect } from "vue";
import type { Wakey } from "./client/client.js";
import type { Entries } from "./client/command-types.js";
import type { Settled } from "./client/live.js";
import type { SharedWakey } from "./shared/client.js";

/** A database of this tab, or one that tabs share. */
export type Database = Wakey<Entries> | SharedWakey<string, Entries>;

const HERE: InjectionKey<Database> = Symbol("wakey");

/** A plugin that provides a database to the components of an app. */
export function wakey(db: Database): {
  /** Provides the database to the app. */
  install(app: App): void;
} {
  return {
    install(app) {
      app.provide(HERE, db);
    },
  };
}

/** The database of the app; `useWakey<SharedWakey>()` if it is shared. */
export function useWakey<D extends Database = Wakey>(): D {
  const db = inject(HERE, undefined);
  if (db === undefined) throw new Error("useWakey() is for components of an app that uses wakey(db)");
  return db as D;
}

/**
 * The result of a function that reads, as a ref that is updated when it changes, or when something reactive that it uses does. If the
 * function returns a promise, the result is undefined until that is fulfilled. Call it in `setup`: it ends with the component.
 */
export function useLive<T, D extends Database = Wakey>(query: (db: D) => T): Readonly<ShallowRef<Settled<T>>> {
  const db = useWakey<D>();
  const value = shallowRef<Settled<T>>(undefined as Settled<T>);
  watchEffect(
    (cleanup) => {
      const live = db.live(
        () => query(db),
        (now) => {
          value.value = now;
        },
      );
      cleanup(live.stop);
    },
    { flush: "sync" },
  );
  return value as Readonly<ShallowRef<Settled<T>>>;
}
