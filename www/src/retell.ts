/** A session told once more, by an engine beside the page: what its consoles show, command for command. */
import { Scribe, type Spoken } from "wakey/console";
import { manualClock, open, type Wakey } from "wakey/slim";
import { CANCEL, MAXMEMORY, SCRIPT } from "./replay.js";
import type { Event, Session } from "./session.js";

export interface Told {
  by: string;
  spoken: Spoken;
}

export interface Listener {
  /** So many milliseconds passed, in which this was told. */
  passed(ms: number, told: Told[]): void;
  /** It happened, and this was told. */
  happened(event: Event, told: Told[]): void;
}

/** What `event` was typed as; undefined where it was not. */
export function isWait(event: Event): boolean {
  return event.args[0] === CANCEL;
}

/** `listen` is asked for with the engine, before anything happens on it. */
export async function retell({ start, seed, wasm }: Session, events: readonly Event[], listen: (db: Wakey) => Listener): Promise<void> {
  const clock = manualClock(start);
  const db = await open({ wasm, clock, seed, maxmemory: MAXMEMORY, scriptTimeout: SCRIPT });
  const listener = listen(db);
  const scribes = new Map<string, Scribe>();
  let told: Told[] = [];
  const take = async (): Promise<Told[]> => {
    // Replies and messages come in microtasks.
    await new Promise((done) => setTimeout(done));
    const all = told;
    told = [];
    return all;
  };
  try {
    for (const event of events) {
      const { at, by, args, line, again } = event;
      const ms = start + at - clock.now();
      if (ms > 0) {
        clock.advance(ms);
        listener.passed(ms, await take());
      }
      let scribe = scribes.get(by);
      if (!scribe?.open)
        scribes.set(
          by,
          (scribe = new Scribe(
            db,
            (spoken) => told.push({ by, spoken }),
            () => undefined,
          )),
        );
      if (isWait(event)) scribe.cancel();
      else if (line === "") scribe.silently(args);
      else scribe.run(args, again ? undefined : (line ?? ""), undefined);
      listener.happened(event, await take());
    }
  } finally {
    for (const scribe of scribes.values()) scribe.close();
    db.close();
  }
}
