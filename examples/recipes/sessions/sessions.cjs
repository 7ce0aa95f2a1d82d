/** A session store: a hash for each session, which lives for half an hour after it was last used. */
const { randomUUID } = require("node:crypto");

const LIFETIME = 30 * 60;

class Sessions {
  /** @param db An open Wakey database; tests give one with a manual clock. */
  constructor(db) {
    this.db = db;
  }

  /** Begins a session; gives its id. */
  begin(user) {
    const id = randomUUID();
    this.db.multi().hset(`session:${id}`, { user, seen: 0 }).expire(`session:${id}`, LIFETIME).exec();
    return id;
  }

  /** What a session holds, and its life begins anew; null when it is over. */
  use(id) {
    const key = `session:${id}`;
    if (this.db.expire(key, LIFETIME) === 0) return null;
    this.db.hincrby(key, "seen", 1);
    return this.db.hgetall(key);
  }

  end(id) {
    this.db.del(`session:${id}`);
  }
}

module.exports = { Sessions };
