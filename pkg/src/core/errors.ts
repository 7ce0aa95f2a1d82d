/** The binding's own errors: they say that no command ran. */
import { shared } from "../resp/errors.js";

/** The engine or the session was closed before this call. */
export class ClosedError extends Error {
  readonly code = "CLOSED";
}
shared(ClosedError, "ClosedError");

/**
 * The engine met a broken invariant or ran out of memory and stopped. Its data is gone; every later call throws this
 * error too, with the same `cause`. `open()` creates a new engine.
 */
export class TrapError extends Error {
  readonly code = "TRAP";
}
shared(TrapError, "TrapError");

/** A store cannot be opened, is damaged, is held by another process or tab, or its storage refuses to write. */
export class StoreError extends Error {
  readonly code = "STORE";
  /** Whether bytes that were already written may be lost. */
  readonly lost: boolean;

  constructor(message: string, options: { cause?: unknown; lost?: boolean } = {}) {
    super(message);
    if (options.cause !== undefined) this.cause = options.cause;
    this.lost = options.lost === true;
  }
}
shared(StoreError, "StoreError");
