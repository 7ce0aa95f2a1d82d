import { open } from "wakey";
import { fetchHandler } from "wakey/upstash";

/**
 * A database in the memory of a Durable Object, as Upstash answers it. In an object requests may wait for each other; in a
 * Worker alone, workerd keeps them apart.
 */
export class Store {
  constructor(_state, environment) {
    this.handler = open().then((db) => fetchHandler(db, { token: environment.WAKEY_TOKEN }));
  }

  async fetch(request) {
    return (await this.handler)(request);
  }
}

export default {
  fetch: (request, environment) => environment.STORE.get(environment.STORE.idFromName("one")).fetch(request),
};
