/**
 * An application's jobs, on BullMQ: a mail at once and one a day later, tried again and longer apart when the mail server is down.
 * `connect()` gives a connection of ioredis's: of a real server, or of a database in this process, as in the test.
 */
import { Queue, Worker } from "bullmq";

export const DAY = 86_400_000;
const MINUTE = 60_000;

export class Welcome {
  constructor(connect, send) {
    this.queue = new Queue("mail", { connection: connect() });
    this.worker = new Worker("mail", (job) => send(job.data.to, job.name), { connection: connect() });
  }

  async greet(to) {
    const again = { attempts: 3, backoff: { type: "exponential", delay: 10 * MINUTE } };
    await this.queue.add("welcome", { to }, again);
    await this.queue.add("tips", { to }, { ...again, delay: DAY });
  }

  async close() {
    await this.worker.close();
    await this.queue.close();
  }
}
