/** What limits rates: rate-limiter-flexible, Bottleneck, @upstash/ratelimit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ratelimit } from "@upstash/ratelimit";
import { Redis as Upstash } from "@upstash/redis";
import Bottleneck from "bottleneck";
import Redis from "ioredis";
import { BurstyRateLimiter, RateLimiterQueue, RateLimiterRedis, RLWrapperBlackAndWhite } from "rate-limiter-flexible";
import { createClient } from "redis";
import { fetchHandler, requester } from "wakey/upstash";
import { DAY, MINUTE, SECOND, START, setup, turns, WAYS } from "./kit.mjs";

for (const way of Object.keys(WAYS)) {
  /** A setup with clients of ioredis. */
  async function clients(t) {
    const at = await setup(t, way);
    return { ...at, client: (more) => at.ending(new Redis(at.to(more)), (it) => it.disconnect()) };
  }

  test(`rate-limiter-flexible ${way}: points, blocks, penalties, bursts and a queue`, async (t) => {
    const { client, db, advance, meanwhile } = await clients(t);
    const storeClient = client({ enableOfflineQueue: true });
    const limiter = new RateLimiterRedis({ storeClient, points: 3, duration: 60, keyPrefix: "login" });
    const left = [];
    for (let n = 0; n < 3; n++) left.push((await limiter.consume("ann")).remainingPoints);
    assert.deepEqual(left, [2, 1, 0]);
    await advance(20 * SECOND);
    const refused = await limiter.consume("ann").catch((answer) => answer);
    assert.deepEqual([refused.msBeforeNext, refused.consumedPoints, refused.isFirstInDuration], [40 * SECOND, 4, false]);
    assert.equal((await limiter.consume("bob", 2)).remainingPoints, 1);
    assert.equal((await limiter.get("bob")).consumedPoints, 2);
    assert.equal((await limiter.penalty("bob")).consumedPoints, 3);
    assert.equal((await limiter.reward("bob", 2)).consumedPoints, 1);
    await limiter.block("bob", 3600);
    assert.deepEqual([db.get("login:bob"), db.pttl("login:bob")], ["4", 3600 * SECOND]);
    await advance(40 * SECOND);
    assert.equal((await limiter.consume("ann")).remainingPoints, 2);
    assert.deepEqual([await limiter.delete("ann"), await limiter.get("ann")], [true, null]);

    const strict = new RateLimiterRedis({ storeClient, points: 1, duration: 1, blockDuration: 60, keyPrefix: "strict" });
    await strict.consume("ann");
    assert.equal((await strict.consume("ann").catch((answer) => answer)).msBeforeNext, 60 * SECOND);
    await advance(59 * SECOND);
    await assert.rejects(strict.consume("ann"), { msBeforeNext: SECOND });
    await advance(SECOND);
    assert.equal((await strict.consume("ann")).consumedPoints, 1);

    const listed = new RLWrapperBlackAndWhite({ limiter: strict, whiteList: ["127.0.0.1"], blackList: ["6.6.6.6"] });
    for (let n = 0; n < 3; n++) await listed.consume("127.0.0.1");
    await assert.rejects(listed.consume("6.6.6.6"), { msBeforeNext: Number.MAX_SAFE_INTEGER });

    const bursty = new BurstyRateLimiter(
      new RateLimiterRedis({ storeClient, points: 1, duration: 1, keyPrefix: "steady" }),
      new RateLimiterRedis({ storeClient, points: 2, duration: 60, keyPrefix: "burst" }),
    );
    for (let n = 0; n < 3; n++) await bursty.consume("ann");
    await assert.rejects(bursty.consume("ann"), { msBeforeNext: SECOND });

    const queue = new RateLimiterQueue(new RateLimiterRedis({ storeClient, points: 2, duration: 1, keyPrefix: "queue" }));
    const passed = await meanwhile(Promise.all(Array.from({ length: 5 }, () => queue.removeTokens(1).then(() => Date.now()))));
    assert.deepEqual(
      passed.map((time) => (time - passed[0]) / SECOND),
      [0, 0, 1, 1, 2],
    );
  });

  test(`Bottleneck ${way}: limiters of two processes share their slots, their pace and their reservoir`, async (t) => {
    const { client, db, ending, passing } = await clients(t);
    const errors = [];
    const limiter = (id, more) => {
      const connection = new Bottleneck.IORedisConnection({ client: client() });
      const one = new Bottleneck({ id, connection, heartbeatInterval: 5 * SECOND, ...more });
      // A handler that throws is told of that, too, and so on.
      one.on("error", (error) => errors.push(error));
      ending(one, (it) => it.disconnect(true));
      ending(connection, (it) => it.disconnect(true));
      return one;
    };
    const slots = [limiter("slots", { maxConcurrent: 2 }), limiter("slots", { maxConcurrent: 2 })];
    await Promise.all(slots.map((one) => one.ready()));
    const running = [];
    let most = 0;
    let done = 0;
    for (let n = 0; n < 6; n++)
      slots[n % 2]
        .schedule(async () => {
          most = Math.max(most, running.push(n));
          await new Promise((finish) => setTimeout(finish, MINUTE));
          running.splice(running.indexOf(n), 1);
        })
        .then(() => done++);
    await passing(() => running.length === 2);
    assert.equal(await slots[0].running(), 2);
    await passing(() => done === 6);
    assert.deepEqual([most, await slots[1].done()], [2, 6]);

    const paced = [limiter("paced", { minTime: 10 * SECOND }), limiter("paced", { minTime: 10 * SECOND })];
    await Promise.all(paced.map((one) => one.ready()));
    const ran = [];
    for (let n = 0; n < 4; n++) paced[n % 2].schedule(async () => void ran.push(Date.now()));
    await passing(() => ran.length === 4);
    assert.deepEqual(
      ran.map((time) => (time - ran[0]) / SECOND),
      [0, 10, 20, 30],
    );

    const filled = limiter("filled", {
      reservoir: 2,
      reservoirRefreshAmount: 2,
      reservoirRefreshInterval: MINUTE,
      highWater: 1,
      strategy: Bottleneck.strategy.OVERFLOW,
    });
    await filled.ready();
    const got = [];
    const lost = [];
    for (let n = 0; n < 4; n++) filled.schedule(async () => void got.push(n)).catch((error) => lost.push(error.message));
    await passing(() => got.length === 2 && lost.length === 1);
    assert.deepEqual([got, lost, await filled.currentReservoir()], [[0, 1], ["This job has been dropped by Bottleneck"], 0]);
    await passing(() => got.length === 3);
    assert.deepEqual(got, [0, 1, 2]);
    assert.ok(db.keys("b_*").length > 0);
    assert.deepEqual(errors, []);
  });
}

test("rate-limiter-flexible over a socket, with node-redis", async (t) => {
  const { port, ending, advance } = await setup(t, "over a socket");
  const storeClient = ending(createClient({ url: `redis://127.0.0.1:${port}` }));
  await storeClient.connect();
  const limiter = new RateLimiterRedis({ storeClient, useRedisPackage: true, points: 1, duration: 60 });
  await limiter.consume("ann");
  await assert.rejects(limiter.consume("ann"), { msBeforeNext: MINUTE });
  await advance(MINUTE);
  await limiter.consume("ann");
});

/** How @upstash/redis reaches a database: by a requester, or by its REST interface, which `fetch` answers in this process. */
const UPSTASH = {
  "in process": (_t, db) => new Upstash(requester(db)),
  "over REST": (t, db) => {
    const answer = fetchHandler(db, { token: "secret" });
    t.mock.method(globalThis, "fetch", (url, init) => answer(new Request(url, init)));
    return new Upstash({ url: "https://db.test", token: "secret" });
  },
};

for (const [way, connect] of Object.entries(UPSTASH)) {
  test(`@upstash/ratelimit ${way}: windows, fixed and sliding, a token bucket, and several at once`, async (t) => {
    const { db, advance } = await setup(t, "in process");
    const redis = connect(t, db);
    const make = (limiter, more) => new Ratelimit({ redis, limiter, prefix: `p${Math.random()}`, ephemeralCache: false, ...more });
    const ask = async (limit, n) => {
      const answers = [];
      for (let i = 0; i < n; i++) answers.push((await limit.limit("ann")).success);
      return answers;
    };
    const fixed = make(Ratelimit.fixedWindow(2, "1 m"));
    assert.deepEqual(await ask(fixed, 3), [true, true, false]);
    const refused = await fixed.limit("ann");
    assert.deepEqual([refused.limit, refused.remaining, refused.reset], [2, 0, START + MINUTE]);
    await advance(MINUTE);
    assert.deepEqual(await ask(fixed, 3), [true, true, false]);

    const sliding = make(Ratelimit.slidingWindow(4, "1 m"));
    assert.deepEqual(await ask(sliding, 5), [true, true, true, true, false]);
    // Half of the next window: half of what was in the one before counts still.
    await advance(MINUTE + MINUTE / 2);
    assert.deepEqual(await ask(sliding, 3), [true, true, false]);
    assert.equal((await sliding.getRemaining("ann")).remaining, 0);
    await sliding.resetUsedTokens("ann");
    assert.deepEqual(await ask(sliding, 4), [true, true, true, true]);

    const bucket = make(Ratelimit.tokenBucket(2, "10 s", 5));
    assert.deepEqual(await ask(bucket, 6), [true, true, true, true, true, false]);
    await advance(10 * SECOND);
    assert.deepEqual(await ask(bucket, 3), [true, true, false]);
    await advance(DAY);
    assert.deepEqual([(await bucket.limit("ann", { rate: 4 })).remaining, await ask(bucket, 2)], [1, [true, false]]);

    const cached = make(Ratelimit.cachedFixedWindow(2, "1 m"), { ephemeralCache: new Map() });
    assert.deepEqual(await ask(cached, 3), [true, true, false]);
    await turns(5);

    const counted = make(Ratelimit.fixedWindow(1, "1 m"), { analytics: true });
    await (await counted.limit("ann")).pending;
    await (await counted.limit("ann")).pending;
    const [events] = db.keys(`${counted.prefix}:events:*`);
    assert.equal(db.zrange(events, 0, -1).length, 2);
  });
}
