/** What the files beside this share: a database on a manual clock, the two ways to it, time that moves for everybody, waiting. */
import assert from "node:assert/strict";
import { mock } from "node:test";
import { manualClock, open } from "wakey";
import { options } from "wakey/ioredis";
import { serve } from "wakey/server";

/** Where every clock begins: 2026-01-01T00:00:00Z. */
export const START = Date.UTC(2026, 0, 1);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How a client of ioredis's options reaches a database: in this process, or over TCP. */
export const WAYS = {
  "in process": async (db) => ({ to: (more) => options(db, more), end: () => {} }),
  "over a socket": async (db) => {
    const server = await serve({ db, port: 0 });
    return { port: server.port, to: (more) => ({ host: "127.0.0.1", port: server.port, ...more }), end: () => server.close() };
  },
};

/**
 * A database on a manual clock, reached this way, until the test is over. `Date` and the timers of this process are the test
 * runner's, and follow the clock: `await at.advance(ms)`. What is given to `at.until` is ended first, the last one first.
 */
export async function setup(t, way, apis = ["Date", "setTimeout", "setInterval"]) {
  const clock = manualClock(START);
  const db = await open({ clock });
  const { to, end, port } = await WAYS[way](db);
  mock.timers.enable({ apis, now: START });
  const endings = [];
  t.after(async () => {
    const ended = (async () => {
      for (const one of endings.reverse()) await one();
      await end();
      await db.close();
    })();
    // What is being closed may wait with timers of its own.
    try {
      await alongside(ended, () => mock.timers.tick(SECOND));
    } finally {
      mock.timers.reset();
    }
  });
  /** Moves time on: for the database, whose replies arrive; then for `Date` and timers. */
  async function advance(ms) {
    mock.timers.setTime(clock.advance(ms));
    await turns(20);
    mock.timers.tick(0);
    await turns(20);
  }
  return {
    clock,
    db,
    port,
    to,
    /** Has this ended with the test; gives it back. */
    ending(one, how = (it) => it.close()) {
      endings.push(() => how(one));
      return one;
    },
    /** What this comes to, while time goes on. */
    meanwhile: (promise) => alongside(promise, () => advance(SECOND)),
    /** Commands wait in this many sessions. */
    waiting: (n) => until(() => waits(db) >= n, `${n} sessions wait`),
    advance,
    /** Waits until `test` holds, while time goes on a second at a time: for what looks up every few seconds. */
    passing: (test) => until(async () => (await test()) || void (await advance(SECOND)), String(test)),
  };
}

/** Does `what` again and again until this is settled; gives what it came to. */
async function alongside(promise, what) {
  let settled = false;
  const all = promise.finally(() => {
    settled = true;
  });
  all.catch(() => {});
  while (!settled) {
    await what();
    await turns(1);
  }
  return all;
}

/** How many sessions wait. */
export const waits = (db) => Number(/blocked_clients:(\d+)/.exec(db.info("clients"))[1]);

/** Lets everything that is ready in this process happen. */
export async function turns(n) {
  for (let i = 0; i < n; i++) await new Promise((done) => setImmediate(done));
}

/** Waits until `test` holds; what it is about if it never does. No timer and no `Date`: tests stop both. */
export async function until(test, what = String(test), ms = 10_000) {
  const end = performance.now() + ms;
  while (!(await test())) {
    if (performance.now() > end) assert.fail(`did not happen within ${ms} ms: ${what}`);
    await new Promise((done) => setImmediate(done));
  }
}
