/** What the parts of the page share: the session, its keyspace and clock, and what is chosen. */
import { signal } from "@preact/signals";
import { Keyspace } from "./keyspace.js";
import type { Session } from "./session.js";
import { Driver } from "./time.js";

export interface App {
  session: Session;
  keyspace: Keyspace;
  driver: Driver;
}

export function makeApp(session: Session): App {
  return { session, keyspace: new Keyspace(session), driver: new Driver(session) };
}

/** The key that is looked at. */
export const chosen = signal<string | undefined>(undefined);
/** On a narrow screen one part is shown at a time. */
export const part = signal<"lesson" | "console" | "keys" | "monitor">("console");
/** A short word on what was done, or what went wrong; gone after a while. */
export const notice = signal<{ text: string; bad: boolean } | undefined>(undefined);

let fading: ReturnType<typeof setTimeout> | undefined;

export function tell(text: string, bad = false): void {
  notice.value = { text, bad };
  clearTimeout(fading);
  fading = setTimeout(() => {
    notice.value = undefined;
  }, 6000);
}
