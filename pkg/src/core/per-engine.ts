/** What there is one of for each engine, made when it is asked for first. */
import type { Engine } from "./engine.js";

/** Gives an engine's own; `make` makes it. It goes with the engine. */
export function perEngine<T>(make: (engine: Engine) => T): (engine: Engine) => T {
  const all = new WeakMap<Engine, T>();
  return (engine) => {
    let found = all.get(engine);
    if (found === undefined) {
      found = make(engine);
      all.set(engine, found);
    }
    return found;
  };
}
