/**
 * Keyspace events, for watchers of keys: what was set stays set, and is restored with the last watcher unless somebody has
 * set something else since.
 */
import type { Engine } from "../core/engine.js";

const EVENTS = "notify-keyspace-events";

/** @internal */
export class KeyEvents {
  private watchers = 0;
  private before = "";
  private during = "";

  private static readonly all = new WeakMap<Engine, KeyEvents>();

  private constructor(private readonly engine: Engine) {}

  /** Those of an engine. */
  static of(engine: Engine): KeyEvents {
    const found = KeyEvents.all.get(engine) ?? new KeyEvents(engine);
    KeyEvents.all.set(engine, found);
    return found;
  }

  begin(): void {
    if (this.watchers++ > 0) return;
    this.before = this.engine.setting(EVENTS);
    this.engine.configure(EVENTS, `${this.before}KA`);
    this.during = this.engine.setting(EVENTS);
  }

  end(): void {
    if (--this.watchers > 0 || this.engine.ended !== undefined) return;
    if (this.engine.setting(EVENTS) === this.during) this.engine.configure(EVENTS, this.before);
  }
}
