/**
 * The errors a caller can meet. `ReplyError` is what the engine answered, word for word as Redis says it; the others
 * are the binding's own and say that no command ran.
 */

/** An error reply. `message` is Redis's text, `code` its first word (`ERR`, `WRONGTYPE`, `NOAUTH`, ...). */
export class ReplyError extends Error {
  readonly code: string;

  constructor(message: string) {
    super(message);
    const space = message.indexOf(" ");
    this.code = space < 0 ? message : message.slice(0, space);
  }
}
ReplyError.prototype.name = "ReplyError";

/**
 * A value that is no string, number, bigint or bytes was given as an argument. Thrown before the engine is called, so
 * nothing has changed.
 */
export class ValueError extends TypeError {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(`${code} value is not a valid string: ${detail}`);
    this.code = code;
  }
}
ValueError.prototype.name = "ValueError";

/** The engine or the session was closed before this call. */
export class ClosedError extends Error {
  readonly code = "CLOSED";
}
ClosedError.prototype.name = "ClosedError";

/**
 * The engine met a broken invariant or ran out of memory and stopped. Its data is gone; every later call throws this
 * error too, with the same `cause`. `open()` makes a new engine.
 */
export class TrapError extends Error {
  readonly code = "TRAP";
}
TrapError.prototype.name = "TrapError";

/** A store cannot be opened, is damaged, is held by another process or tab, or its storage refuses. */
export class StoreError extends Error {
  readonly code = "STORE";
  /** Whether bytes that had been written may be gone. */
  readonly lost: boolean;

  constructor(message: string, options: { cause?: unknown; lost?: boolean } = {}) {
    super(message);
    if (options.cause !== undefined) this.cause = options.cause;
    this.lost = options.lost === true;
  }
}
StoreError.prototype.name = "StoreError";
