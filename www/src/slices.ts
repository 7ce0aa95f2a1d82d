/** Long work in slices, so that the page has its turn in between. */

/** Milliseconds of work in one go: below what one would feel, also on a machine that takes four times as long. */
const SLICE = 12;

const channel = new MessageChannel();
channel.port1.start();

/** Resolves in a task of its own, when all microtasks are done; sooner than a timer, of which browsers delay the later ones. */
export function turn(): Promise<void> {
  return new Promise((done) => {
    channel.port1.addEventListener("message", () => done(), { once: true });
    channel.port2.postMessage(0);
  });
}

export type Turn = () => Promise<void> | undefined;

/** To be awaited in a loop: gives the page its turn where a slice is over. Throws what `signal` was aborted with. */
export function slices(signal?: AbortSignal): Turn {
  let end = performance.now() + SLICE;
  const next = async (): Promise<void> => {
    await turn();
    signal?.throwIfAborted();
    end = performance.now() + SLICE;
  };
  // In most rounds there is nothing to wait for.
  return () => (performance.now() < end ? undefined : next());
}
