/** How the package's own parts come to a client's engine: servers, REST, consoles, stores. Nobody else's. */
import type { Engine } from "../core/engine.js";
import type { Client } from "./client.js";

/** The engine of a database, or of any session of it. @internal */
export function engineOf(client: { readonly _engine: Engine }): Engine {
  return client._engine;
}

/** A session's id, as CLIENT ID gives it. @internal */
export function sessionOf(client: { readonly _id: number }): number {
  return client._id;
}

/** Whether it is a database or a session, of whichever copy of the package. @internal */
export function isClient(value: unknown): value is Client {
  return typeof value === "object" && value !== null && "_engine" in value && typeof (value as { call?: unknown }).call === "function";
}
