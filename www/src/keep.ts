/**
 * Keeping the session over reloads, unless that is switched off: in IndexedDB, or, where the browser has none to offer (some private
 * windows) and it is asked for, in the address.
 *
 * One tab keeps at a time: it holds a Web Lock. Another one gets a copy of what is kept and is told that it is not kept; it
 * may take the lock, of which the first one is told. The session is written a moment after each change, what has changed of it
 * (`pieces.ts`); the time on the clock, which changes always, by itself.
 */
import { effect, signal } from "@preact/signals";
import { type App, tell } from "./app.js";
import { type Kept, Pieces } from "./pieces.js";
import type { Event, Whole } from "./session.js";
import { LONGEST_LINK, pack } from "./share.js";
import { T } from "./strings.js";

/** Whether the session is kept, and where. */
export const kept = signal<"no" | "here" | "address">("no");

const NAME = "wakey-playground";
const STORE = "session";
/** Milliseconds after a change, and between two looks at the clock. */
const PACE = 400;
const BEAT = 1000;

/** It was switched off. */
const OFF = "wakey-keep-off";

function isOff(): boolean {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

function setOff(off: boolean): void {
  try {
    if (off) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  } catch {
    // Then it holds until the page is left.
  }
}

let opened: Promise<IDBDatabase | undefined> | undefined;

/** The database; undefined where there is none. */
function database(): Promise<IDBDatabase | undefined> {
  opened ??= new Promise((done) => {
    if (!("locks" in navigator)) return done(undefined);
    try {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => done(request.result);
      request.onerror = () => done(undefined);
    } catch {
      done(undefined);
    }
  });
  return opened;
}

/** One transaction; resolves with the result of the request that `work` gives. Without a database: undefined. */
async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T> | undefined): Promise<T | undefined> {
  const db = await database();
  if (db === undefined) return undefined;
  return new Promise((done, failed) => {
    const transaction = db.transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => done(request?.result);
    transaction.onabort = () => failed(transaction.error ?? new Error(T.storesNothing));
  });
}

const pieces = new Pieces();
/** The keys of all pieces; those of the rest are words. */
const keys = (): IDBKeyRange => IDBKeyRange.bound(0, Number.MAX_SAFE_INTEGER);

/** Writes what has changed of a session, in one transaction and a task for each piece. */
function write(whole: Whole): Promise<unknown> {
  return within("readwrite", (store) => {
    if (!pieces.known) store.delete(keys());
    const { head, fresh, gone } = pieces.keep(whole);
    const next = (): void => {
      const piece = fresh.shift();
      if (piece !== undefined) {
        store.put(piece[1], piece[0]).onsuccess = next;
        return;
      }
      for (const number of gone) store.delete(number);
      store.put(head, "whole");
    };
    next();
    return undefined;
  });
}

/** What is kept; undefined where that is nothing. */
async function read(): Promise<Whole | undefined> {
  const kept = (await within("readonly", (store) => store.get("whole"))) as Kept | undefined;
  if (kept === undefined) return undefined;
  // Branches once were lists.
  for (const [i, branch] of kept.branches.entries()) if (Array.isArray(branch)) kept.branches[i] = { name: "", events: branch };
  return pieces.read(kept, async (number) => (await within("readonly", (store) => store.get(number))) as Event[]);
}

let release: () => void = () => {};

/** Takes the lock, until `release`. False: another tab has it. */
function lock(steal: boolean): Promise<boolean> {
  return new Promise((done) => {
    const held = (found: Lock | null): Promise<void> | undefined => {
      done(found !== null);
      return found === null ? undefined : new Promise((over) => (release = over));
    };
    navigator.locks.request(NAME, steal ? { steal } : { ifAvailable: true }, held).catch(() => {
      kept.value = "no";
      tell(T.tookOver, true);
    });
  });
}

/** The session that is kept, which this tab keeps from now on unless another one does, or `link` is to be shown. */
export async function recall(link: boolean): Promise<Whole | undefined> {
  if ((await database()) === undefined) {
    kept.value = link ? "address" : "no";
    return undefined;
  }
  // Who has the lock knows that nobody writes meanwhile.
  const mine = !link && (await lock(false));
  const found = await read().catch(() => undefined);
  if (link) {
    if ((found?.events.length ?? 0) > 0) tell(T.linkKept);
    return undefined;
  }
  if (mine && (found !== undefined || !isOff())) kept.value = "here";
  else if (mine) release();
  if (found === undefined) return undefined;
  const now = (await within("readonly", (store) => store.get("now")).catch(() => undefined)) as number | undefined;
  if (!mine && found.events.length > 0) tell(T.otherTab, true);
  return { ...found, now: Math.max(found.now, now ?? 0) };
}

/** Keeps a session from now on, or none. */
export async function setKept(on: boolean): Promise<void> {
  const address = (): void => history.replaceState(null, "", location.pathname + location.search);
  if (kept.value === "address" && !on) address();
  if (kept.value === "here" && !on) {
    kept.value = "no";
    await within("readwrite", (store) => store.clear());
    pieces.forget();
    release();
  }
  kept.value = "no";
  setOff(!on);
  if (!on) return;
  if ((await database()) === undefined) {
    kept.value = "address";
    return;
  }
  const others = (await read())?.events.length ?? 0;
  await lock(true);
  // Another tab may have written since.
  pieces.forget();
  // A link in front of it would be opened by the reload instead.
  address();
  kept.value = "here";
  if (others > 0) tell(T.keptInstead);
}

/** Follows a session, and writes it down while that is asked for. Returns what ends that. */
export function keep(app: App): () => void {
  const { session } = app;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = 0;
  const failed = (error: Error): void => {
    kept.value = "no";
    pieces.forget();
    tell(T.cannotKeep(error.message), true);
  };
  const follow = async (): Promise<void> => {
    timer = undefined;
    if (kept.value === "here") await write(session.whole()).catch(failed);
    if (kept.value !== "address") return;
    const fragment = await pack(session.record());
    if (kept.value === "address" && fragment.length <= LONGEST_LINK) history.replaceState(null, "", `#${fragment}`);
  };
  const end = effect(() => {
    session.changes.value;
    // A file is not kept; what was kept before it stays.
    if (session.base !== undefined) return;
    if (kept.value !== "no") timer ??= setTimeout(() => void follow(), PACE);
  });
  const clock = setInterval(() => {
    const now = session.clock.now();
    if (kept.value !== "here" || now === written || session.base !== undefined) return;
    written = now;
    void within("readwrite", (store) => store.put(now, "now")).catch(failed);
  }, BEAT);
  const leave = (): void => {
    if (document.visibilityState === "hidden" && timer !== undefined) void follow();
  };
  document.addEventListener("visibilitychange", leave);
  return () => {
    end();
    clearTimeout(timer);
    clearInterval(clock);
    document.removeEventListener("visibilitychange", leave);
  };
}
