import { WakeyObject } from "wakey/cloudflare";

/** The database: an object with its own storage. Its name is in the migration of wrangler.jsonc. */
export class Database extends WakeyObject {
  options = {
    // Bytes the keyspace may use. Above it, writes answer Redis's OOM error.
    maxmemory: 64 * 1024 * 1024,
    // Pages that may ask: "*", or origins.
    cors: [],
  };
}

export default {
  /** Chooses the object. Each name is a database of its own; the object asks for the token. */
  fetch(request, env) {
    return env.DATABASE.get(env.DATABASE.idFromName("main")).fetch(request);
  },
};
