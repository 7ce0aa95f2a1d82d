/** Keeps a second tab or worker of the same origin out of a store, by a Web Lock. The browser frees it with its holder. */
import { StoreError } from "../../core/errors.js";

export interface WebLock {
  /** Throws when the lock was taken away. */
  check(): void;
  /** Done when others can have it. */
  release(): Promise<void>;
}

function locksFor(store: string): LockManager {
  const { locks } = navigator;
  if (locks === undefined) throw new StoreError(`${store}: this browser has no Web Locks here (a page must be served securely)`);
  return locks;
}

const MEMBER = "wakey-member:";

/** Shows others that this one lives, as long as it does: until what this gives is called, or its tab or worker ends. */
export function beHere(id: string, store: string, locks = locksFor(store)): Promise<() => void> {
  return new Promise((here, failed) => {
    locks.request(MEMBER + id, () => new Promise<void>((release) => here(release))).catch(failed);
  });
}

/** Calls `gone` once nobody lives under this name, until what this gives is called. */
export function whenGone(id: string, gone: () => void, locks = navigator.locks): () => void {
  const ended = new AbortController();
  locks.request(MEMBER + id, { signal: ended.signal }, () => gone()).catch(() => {});
  return () => ended.abort();
}

/** The name of a store's lock. */
export function lockName(store: string): string {
  return `wakey:${store}`;
}

/**
 * Takes the lock of a store, or throws StoreError when somebody else has it. With `wait` it waits for it; a signal ends that.
 */
export function takeLock(store: string, options: { wait?: AbortSignal } = {}, locks = locksFor(store)): Promise<WebLock> {
  return new Promise((taken, failed) => {
    let lost: StoreError | undefined;
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (lock === null) {
        failed(new StoreError(`${store} is open in another tab or worker, or in this one`));
        return undefined;
      }
      return new Promise<void>((release) => {
        taken({
          check() {
            if (lost) throw lost;
          },
          release() {
            release();
            return request.then(
              () => {},
              () => {},
            );
          },
        });
      });
    };
    const request =
      options.wait === undefined
        ? locks.request(lockName(store), { ifAvailable: true }, held)
        : locks.request(lockName(store), { signal: options.wait }, held);
    request.catch((error: Error) => {
      lost = new StoreError(`${store}: the lock was lost: ${error.message}`, { cause: error });
      failed(error);
    });
  });
}
