/**
 * One database, one user a tenant, each with its prefix: whatever a tenant's program sends, it reaches no key and no channel of
 * another. What a tenant may do is said once, when the tenant is made.
 */
import { randomBytes } from "node:crypto";
import { open } from "wakey";

/** A tenant's name stands in a pattern, and must not be one. */
const NAME = /^[a-z0-9-]{1,32}$/;

export async function tenants() {
  // Who has not said who they are may do nothing.
  const db = await open({ users: ["user default off"] });
  return {
    db,
    /** Makes a tenant; its password, which nobody can look up later. */
    add(name) {
      if (!NAME.test(name)) throw new RangeError(`no name for a tenant: ${name}`);
      const password = randomBytes(24).toString("base64url");
      const keys = [`~${name}:*`, "resetchannels", `&${name}:*`];
      // Not dangerous (KEYS, FLUSHALL, INFO ...), nothing about the server, no walk over all keys: SCAN shows the names of all tenants.
      const commands = ["+@all", "-@dangerous", "-@admin", "-scan", "-randomkey", "-dbsize", "-pubsub", "-script", "-function"];
      db.call("ACL", "SETUSER", name, "reset", "on", `>${password}`, ...keys, ...commands);
      return password;
    },
    /** Ends a tenant: its connections, and its keys. */
    remove(name) {
      db.call("ACL", "DELUSER", name);
      for (const key of db.keys(`${name}:*`)) db.del(key);
    },
  };
}
