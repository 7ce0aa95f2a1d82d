/** How a long piece of work lets others have their turn. */

/** Node's; elsewhere there is none. */
const { setImmediate } = globalThis as { setImmediate?: (done: () => void) => void };

/** Goes on once what waits in the event loop has run: a macrotask. */
export function breath(): Promise<void> {
  return new Promise((done) => {
    if (setImmediate === undefined) setTimeout(done, 0);
    else setImmediate(done);
  });
}

/** So much is done in one go. The clock stands still within a turn in workerd, therefore not the time alone. */
const MILLISECONDS = 10;
const STEPS = 1024;
const BYTES = 1 << 20;

/** Counts what has been done since others had their turn. */
export class Turn {
  private began = Date.now();
  private steps = 0;
  private bytes = 0;

  /** Notes a step that gave so many bytes. A promise where others are to have their turn before the next one. */
  spent(bytes: number): Promise<void> | undefined {
    this.bytes += bytes;
    if (++this.steps < STEPS && this.bytes < BYTES && Date.now() - this.began < MILLISECONDS) return undefined;
    return breath().then(() => {
      [this.began, this.steps, this.bytes] = [Date.now(), 0, 0];
    });
  }
}
