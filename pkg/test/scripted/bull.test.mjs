/** Bull. Its workers wait with BRPOPLPUSH, its delays with timers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import Queue from "bull";
import { DAY, MINUTE, SECOND, START, setup, until, WAYS } from "./kit.mjs";

for (const way of Object.keys(WAYS)) {
  const named = (text) => `Bull ${way}: ${text}`;

  async function queueing(t, more) {
    const at = await setup(t, way);
    const queue = () => at.ending(new Queue("q", { redis: at.to(), ...more }), (it) => it.close(true));
    return { ...at, queue: queue(), other: queue };
  }

  test(named("jobs by priority, with progress, results, and events at another queue object"), async (t) => {
    const { queue, other, meanwhile } = await queueing(t);
    const listener = other();
    await listener.isReady();
    const heard = [];
    listener.on("global:completed", (id, result) => heard.push([id, JSON.parse(result)]));
    listener.on("global:progress", (id, progress) => heard.push([id, progress]));
    await until(async () => (await queue.client.pubsub("CHANNELS", "*")).length + Number(await queue.client.pubsub("NUMPAT")) >= 2);
    for (const [jobId, priority] of [
      ["low", 10],
      ["high", 1],
      ["middle", 5],
    ])
      await queue.add({ jobId }, { jobId, priority });
    const ran = [];
    queue.process(async (job) => {
      ran.push(job.data.jobId);
      if (job.id === "high") await job.progress(50);
      return { was: job.id };
    });
    await until(() => heard.length === 4);
    assert.deepEqual(ran, ["high", "middle", "low"]);
    assert.deepEqual(heard, [
      ["high", 50],
      ["high", { was: "high" }],
      ["middle", { was: "middle" }],
      ["low", { was: "low" }],
    ]);
    const more = await queue.add({}, { jobId: "more" });
    assert.deepEqual(await meanwhile(more.finished()), { was: "more" });
  });

  test(named("delays, retries and a limit, when the clock is moved"), async (t) => {
    const { queue, advance, passing } = await queueing(t, { limiter: { max: 2, duration: MINUTE } });
    const ran = [];
    const failed = [];
    // Bull looks every five seconds for what is due.
    const minute = () => Math.floor((Date.now() - START) / MINUTE);
    queue.on("failed", (_job, error) => failed.push(error.message));
    queue.process(async (job) => {
      ran.push([job.data.name, minute()]);
      if (job.data.name === "bad") throw new Error(`try ${job.attemptsMade}`);
    });
    await queue.add({ name: "tomorrow" }, { delay: DAY });
    await queue.add({ name: "bad" }, { attempts: 3, backoff: { type: "fixed", delay: 10 * MINUTE } });
    await passing(() => failed.length === 3);
    assert.deepEqual(ran, [
      ["bad", 0],
      ["bad", 10],
      ["bad", 20],
    ]);
    assert.deepEqual(failed, ["try 0", "try 1", "try 2"]);
    await advance(START + DAY - MINUTE - Date.now());
    await passing(() => ran.length === 4);
    assert.deepEqual(ran[3], ["tomorrow", 24 * 60]);
    await advance(START + DAY + 2 * MINUTE - Date.now());
    for (let n = 0; n < 5; n++) await queue.add({ name: "more" });
    await passing(() => ran.length === 9);
    assert.deepEqual(
      ran.slice(4).map(([, at]) => at - 24 * 60),
      [2, 2, 3, 3, 4],
    );
  });

  test(named("a repeated job, a job whose worker died, pausing and emptying"), async (t) => {
    const { queue, other, advance, passing, db } = await queueing(t, {
      settings: { lockDuration: 30 * SECOND, stalledInterval: 30 * SECOND },
    });
    await queue.add({}, { jobId: "lost" });
    const dead = other();
    assert.equal((await dead.getNextJob()).id, "lost");
    const ran = [];
    const stalled = [];
    queue.on("stalled", (job) => stalled.push(job.id));
    queue.process(async (job) => void ran.push(job.opts.repeat ? Math.floor((Date.now() - START) / MINUTE) : job.id));
    await passing(() => ran.length === 1);
    assert.deepEqual([stalled, ran], [["lost"], ["lost"]]);
    await queue.add({}, { repeat: { cron: "0 * * * *", tz: "UTC" } });
    for (let hour = 1; hour <= 3; hour++) {
      await advance(START + hour * 60 * MINUTE - 10 * SECOND - Date.now());
      await passing(() => ran.length === 1 + hour);
    }
    assert.deepEqual(ran.slice(1), [60, 120, 180]);
    await queue.pause();
    await queue.add({});
    assert.deepEqual([await queue.getPausedCount(), await queue.isPaused()], [1, true]);
    await queue.empty();
    assert.equal(await queue.count(), 0);
    await queue.obliterate({ force: true });
    // Bull leaves the job that was to be the next one.
    assert.deepEqual(
      db.keys("bull:q:*").filter((key) => !key.startsWith("bull:q:repeat:")),
      [],
    );
  });
}
