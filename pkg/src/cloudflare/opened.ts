/** The database of an object, as its host and its sockets know it. */
import type { Engine } from "../core/engine.js";
import type { Backend } from "../http/backend.js";
import type { Place } from "./options.js";
import type { ObjectStore } from "./storage.js";

/** What there is while the object is awake. @internal */
export interface Opened {
  engine: Engine;
  /** For requests: what waits has an end. */
  backend: Backend;
  /** For sockets: what waits, waits. */
  patient: Backend;
  store: ObjectStore;
  /** What the storage says of it; undefined until it is first asked for. */
  place: Place | undefined;
}
