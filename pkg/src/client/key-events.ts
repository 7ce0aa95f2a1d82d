/**
 * Keyspace events, for watchers of keys: what was set stays set, and is restored with the last watcher unless somebody has
 * set something else since.
 */
import type { Engine } from "../core/engine.js";
import { perEngine } from "../core/per-engine.js";

const EVENTS = "notify-keyspace-events";

/** @internal */
export class KeyEvents {
  private watchers = 0;
  private before = "";
  private during = "";

  /** Those of an engine. */
  static readonly of = perEngine((engine) => new KeyEvents(engine));

  private constructor(private readonly engine: Engine) {}

  begin(): void {
    if (this.watchers++ > 0) return;
    this.before = this.engine.setting(EVENTS);
    try {
      this.engine.configure(EVENTS, `${this.before}KSA`);
    } catch {
      this.engine.configure(EVENTS, `${this.before}KA`); // like a release whose events do not name fields
    }
    this.during = this.engine.setting(EVENTS);
  }

  end(): void {
    if (--this.watchers > 0 || this.engine.ended !== undefined) return;
    if (this.engine.setting(EVENTS) === this.during) this.engine.configure(EVENTS, this.before);
  }
}

/** The fields in a message about subkeys: `event|length:field,length:field`. @internal */
export function fieldsOf(message: Uint8Array): Uint8Array[] {
  const fields: Uint8Array[] = [];
  let at = message.indexOf(0x7c /* | */) + 1;
  while (at < message.length) {
    const colon = message.indexOf(0x3a /* : */, at);
    let length = 0;
    for (const digit of message.subarray(at, colon)) length = length * 10 + digit - 0x30;
    fields.push(message.slice(colon + 1, colon + 1 + length));
    at = colon + length + 2;
  }
  return fields;
}
