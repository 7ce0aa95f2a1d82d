/**
 * The entry `wakey/react`: a database for components, and what they read kept up to date.
 *
 *     <WakeyProvider value={db}> ... const user = useLive((db) => db.hgetall("user:1"));
 */
import {
  type Context,
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useMemo,
  useSyncExternalStore,
} from "react";
import type { Wakey } from "./client/client.js";
import type { Entries } from "./client/command-types.js";
import type { Settled } from "./client/live.js";
import type { SharedWakey } from "./shared/client.js";

/** A database of this tab, or one that tabs share. */
export type Database = Wakey<Entries> | SharedWakey<string, Entries>;

const Here: Context<Database | undefined> = createContext<Database | undefined>(undefined);

/** Provides a database to the components inside it. */
export function WakeyProvider({ value, children }: { value: Database; children?: ReactNode }): ReactElement {
  return createElement(Here.Provider, { value }, children);
}

/** The database of the nearest `WakeyProvider`; `useWakey<SharedWakey>()` if it is shared. */
export function useWakey<D extends Database = Wakey>(): D {
  const db = useContext(Here);
  if (db === undefined) throw new Error("useWakey() is for components within <WakeyProvider value={db}>");
  return db as D;
}

/**
 * The result of a function that reads; the component renders again when it changes: `const user = useLive((db) => db.hgetall(key), [key])`.
 * `deps` are what it depends on besides the database, as with `useMemo`. If the function returns a promise, the result is undefined until
 * that is fulfilled. The function must not write: it runs again after any change.
 */
export function useLive<T, D extends Database = Wakey>(query: (db: D) => T, deps: readonly unknown[] = []): Settled<T> {
  const db = useWakey<D>();
  const live = useMemo(() => db.live(() => query(db)), [db, ...deps]);
  return useSyncExternalStore(live.subscribe, live.getSnapshot, live.getSnapshot);
}
