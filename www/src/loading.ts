/** Running many commands for the person at the page, in slices: what was imported, what is done to many keys. */
import { batch } from "@preact/signals";
import type { View } from "./app.js";
import { slices } from "./slices.js";

export interface Done {
  /** Commands that ran, and those that failed. */
  count: number;
  failed: number;
  /** The first thing that went wrong, and the command. */
  error?: { message: string; args: readonly string[] };
}

/** Commands between two pictures of the page. */
const AT_ONCE = 200;

/** Runs commands one after the other. Rejects with what `signal` was aborted with; what ran has happened. */
export async function run(view: View, all: readonly string[][], signal: AbortSignal, told: (count: number) => void): Promise<Done> {
  const done: Done = { count: 0, failed: 0 };
  const turn = slices(signal);
  for (let i = 0; i < all.length; i += AT_ONCE) {
    // Those of one batch are given before the first is answered: what is drawn, is drawn once.
    const given = batch(() => all.slice(i, i + AT_ONCE).map((args) => [args, view.give([...args])] as const));
    for (const [args, reply] of given) {
      done.count++;
      try {
        await reply;
      } catch (error) {
        done.failed++;
        done.error ??= { message: (error as Error).message, args };
      }
    }
    told(done.count);
    await turn();
  }
  return done;
}
