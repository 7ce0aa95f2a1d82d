/** A leaderboard: a sorted set of players, best first. Ties stand in the order of their names, last first. */
export class Leaderboard {
  constructor(db, name) {
    this.db = db;
    this.key = `leaderboard:${name}`;
  }

  /** A result counts if it is the player's best. */
  report(player, score) {
    this.db.zadd(this.key, "GT", score, player);
  }

  /** The best `n`: `[player, score]`, best first. */
  top(n) {
    return this.db.zrange(this.key, 0, n - 1, "REV", "WITHSCORES");
  }

  /** The place of a player, from 1; null for a player without a result. */
  place(player) {
    const rank = this.db.zrevrank(this.key, player);
    return rank === null ? null : rank + 1;
  }

  /** A player's neighbours, `n` on each side, with the player in between. */
  around(player, n) {
    const rank = this.db.zrevrank(this.key, player);
    return rank === null ? [] : this.db.zrange(this.key, Math.max(rank - n, 0), rank + n, "REV");
  }
}
