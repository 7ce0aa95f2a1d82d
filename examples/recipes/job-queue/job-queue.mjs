/**
 * A job queue on a stream: each job goes to one worker of the group, and stays pending until it is done. A job that a worker
 * began and left for `patience` milliseconds goes to another one.
 */
export class JobQueue {
  constructor(db, name, { patience = 30_000 } = {}) {
    this.db = db;
    this.key = `jobs:${name}`;
    this.patience = patience;
    try {
      db.xgroup("CREATE", this.key, "workers", 0, "MKSTREAM");
    } catch (error) {
      if (error.code !== "BUSYGROUP") throw error;
    }
  }

  /** Adds a job; gives its id. */
  add(job) {
    return this.db.xadd(this.key, "*", "job", JSON.stringify(job));
  }

  /** Runs jobs one after the other as `worker`, until the signal aborts. A job that throws stays pending. */
  async work(worker, run, signal) {
    while (!signal.aborted) {
      const entry = this.abandoned(worker) ?? (await this.fresh(worker, signal));
      if (entry === undefined) continue;
      const [id, [, text]] = entry;
      try {
        await run(JSON.parse(text));
      } catch {
        continue;
      }
      this.db.multi().xack(this.key, "workers", id).xdel(this.key, id).exec();
    }
  }

  /** A job that somebody began and left. */
  abandoned(worker) {
    return this.db.xautoclaim(this.key, "workers", worker, this.patience, 0, "COUNT", 1)[1][0];
  }

  /** The next new job. Looks up every now and then, for abandoned ones. */
  async fresh(worker, signal) {
    try {
      const found = await this.db.xreadgroup("GROUP", "workers", worker, "COUNT", 1, "BLOCK", this.patience, "STREAMS", this.key, ">", {
        signal,
      });
      return found?.[this.key][0];
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** How many jobs are not done yet. */
  get size() {
    return this.db.xlen(this.key);
  }
}
