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
    this.engine.configure(EVENTS, `${this.before}KA`);
    this.during = this.engine.setting(EVENTS);
  }

  end(): void {
    if (--this.watchers > 0 || this.engine.ended !== undefined) return;
    if (this.engine.setting(EVENTS) === this.during) this.engine.configure(EVENTS, this.before);
  }
}
