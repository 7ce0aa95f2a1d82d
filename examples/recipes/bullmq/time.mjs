/**
 * BullMQ with the clock in hand. Two clocks decide when its jobs run: the database's, by which its workers wait, and `Date.now()`,
 * which BullMQ sends along with its scripts. This moves both. With Vitest or Jest it is `vi.setSystemTime(clock.advance(ms))`
 * after `vi.useFakeTimers({ toFake: ["Date"] })`.
 *
 * That is enough for delays, retries, schedulers, deduplication and what expires. Two things in BullMQ run by a timer of Node's: a
 * worker that has reached its `limiter` sleeps, and every `stalledInterval` a worker looks for jobs of others that died. For
 * these, have "setTimeout" and "setInterval" in `apis` as well.
 */
import { mock } from "node:test";
import { Redis } from "ioredis";
import { manualClock, open } from "wakey";
import { options } from "wakey/ioredis";

/** Lets what is ready to happen in this process happen. */
async function settle() {
  for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
}

/** A database whose time, and BullMQ's, stands still until `advance`. */
export async function standstill(apis = ["Date"]) {
  const clock = manualClock(Date.UTC(2026, 0, 1));
  const db = await open({ clock });
  mock.timers.enable({ apis, now: clock.now() });
  return {
    db,
    connect: () => new Redis(options(db, { maxRetriesPerRequest: null })),
    settle,
    /** Moves time on. What is due then has begun when this is done, and so has what follows from it without waiting for more. */
    async advance(ms) {
      await settle();
      mock.timers.setTime(clock.advance(ms));
      await settle();
      // Timers come last: a reply that has arrived in time is there before the timer that gives it up.
      mock.timers.tick(0);
      await settle();
    },
    async close() {
      mock.timers.reset();
      await db.close();
    },
  };
}
