/**
 * Once the code that runs now is done. Not by `queueMicrotask` or ticks, which fake timers of tests take, and then run when they are told
 * to: what waits for a reply would wait for good. A promise goes on whatever they do.
 */
const DONE = Promise.resolve();
const { queueMicrotask } = globalThis;

/** Calls `task` in a microtask. What it throws is reported as an uncaught error. */
export function soon(task: () => void): void {
  DONE.then(task).catch(raise);
}

/** Throws where nobody catches. */
export function raise(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
