/** Which keys of an engine change, for live queries: one session that tracks all keys, as long as somebody wants to know. */
import type { Engine } from "../core/engine.js";
import { perEngine } from "../core/per-engine.js";
import { decodeAny, decodedTo } from "../resp/values.js";
import type { LiveSource } from "./live.js";
import { Observers } from "./observe.js";

type Heard = (keys: readonly string[] | null) => void;

/** @internal */
export class Changes implements LiveSource {
  /** Those of an engine. */
  static readonly of = perEngine((engine) => new Changes(engine));
  private readonly listeners = new Set<Heard>();
  private session = 0;

  private constructor(private readonly engine: Engine) {}

  collect(note: (args: readonly string[]) => void): () => void {
    return Observers.of(this.engine).collect(note);
  }

  changes(heard: Heard): () => void {
    this.engine.check();
    if (this.listeners.size === 0) this.begin();
    const one: Heard = (keys) => heard(keys);
    this.listeners.add(one);
    return () => {
      if (!this.listeners.delete(one) || this.listeners.size > 0 || this.engine.ended !== undefined) return;
      this.engine.closeSession(this.session);
    };
  }

  private begin(): void {
    const { engine } = this;
    this.session = engine.openSession({ resp: 3, trusted: true, name: "wakey-live" }, (bytes) => this.hear(bytes));
    engine.run(this.session, ["CLIENT", "TRACKING", "ON", "BCAST"]);
  }

  private hear(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const [kind, keys] = decodeAny(bytes, at, false) as [string, string[] | null];
      at = decodedTo();
      if (kind === "invalidate") for (const heard of [...this.listeners]) heard(keys);
    }
  }
}
