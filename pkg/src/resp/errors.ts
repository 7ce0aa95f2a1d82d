/**
 * The errors that a command meets on the wire. `ReplyError` is what the engine answered, word for word as Redis says it.
 *
 * A program may have loaded the package twice: as ESM and as CommonJS, in a bundle and beside it, in another realm. `instanceof`
 * holds for the errors of all copies: it looks for a mark that they share.
 */

/** Makes `instanceof` hold for all copies of a class. @internal */
export function shared(type: new (...args: never[]) => Error, name: string): void {
  const mark = Symbol.for(`wakey.${name}`);
  Object.defineProperties(type.prototype, { name: { value: name, writable: true, configurable: true }, [mark]: { value: true } });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      // A class that extends this one inherits the method, and is asked for its own instances.
      if (this !== type) return Function.prototype[Symbol.hasInstance].call(this as typeof type, value);
      return typeof value === "object" && value !== null && mark in value;
    },
  });
}

/** An error reply. `message` is Redis's text, `code` its first word (`ERR`, `WRONGTYPE`, `NOAUTH`, ...). */
export class ReplyError extends Error {
  readonly code: string;
  /** The command that was answered so, in lower case, and its arguments: shortened, and without passwords. Where they are known. */
  declare command?: string;
  declare args?: string[];

  constructor(message: string) {
    super(message);
    const space = message.indexOf(" ");
    this.code = space < 0 ? message : message.slice(0, space);
  }
}
shared(ReplyError, "ReplyError");

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
shared(ValueError, "ValueError");
