/** Long work in slices, so that the page has its turn in between. */

/** Milliseconds of work in one go. */
const SLICE = 15;

/** To be awaited in a loop: gives the page its turn where a slice is over. Throws what `signal` was aborted with. */
export function slices(signal: AbortSignal): () => Promise<void> {
  let end = performance.now() + SLICE;
  return async () => {
    if (performance.now() < end) return;
    await new Promise((done) => setTimeout(done));
    signal.throwIfAborted();
    end = performance.now() + SLICE;
  };
}
