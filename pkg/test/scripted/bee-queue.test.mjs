/** Bee-Queue: in process with ioredis, over a socket with the client that it brings (node-redis 3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import Queue from "bee-queue";
import IORedis from "ioredis";
import { DAY, MINUTE, SECOND, START, setup, turns, until, WAYS } from "./kit.mjs";

/** Bee-Queue knows clients by the name of their class, and an instance of ioredis 5 says that it is of an EventEmitter. */
class Redis extends IORedis {}

for (const way of Object.keys(WAYS)) {
  const named = (text) => `Bee-Queue ${way}: ${text}`;

  async function queueing(t) {
    const at = await setup(t, way);
    const redis = () => (way === "in process" ? at.ending(new Redis(at.to()), (it) => it.disconnect()) : at.to());
    return {
      ...at,
      make: (more) => at.ending(new Queue("q", { redis: redis(), activateDelayedJobs: true, ...more }), (it) => it.paused || it.close()),
    };
  }

  test(named("jobs run, and tell their producer of progress and results"), async (t) => {
    const { make, db, waiting } = await queueing(t);
    const producer = make({ isWorker: false });
    const worker = make();
    worker.process(3, async (job) => {
      job.reportProgress({ page: 1 });
      if (job.data.bad) throw new Error("no");
      return job.data.a + job.data.b;
    });
    await waiting(1);
    const told = [];
    const job = producer.createJob({ a: 1, b: 2 });
    job.on("progress", (progress) => told.push(progress));
    job.on("succeeded", (result) => told.push(result));
    await job.save();
    await until(() => told.length === 2);
    assert.deepEqual(told, [{ page: 1 }, 3]);
    const bad = producer.createJob({ bad: true });
    bad.on("failed", (error) => told.push(error.message));
    await bad.save();
    await until(() => told.length === 3);
    assert.equal(told[2], "no");
    const many = Array.from({ length: 200 }, (_, n) => producer.createJob({ a: n, b: n }));
    // saveAll() calls batch(), which ioredis does not have.
    if (way === "in process") await Promise.all(many.map((one) => one.save()));
    else assert.equal((await producer.saveAll(many)).size, 0);
    await until(() => db.scard("bq:q:succeeded") === 201);
    // And checkHealth() reads the replies of a transaction as node-redis 3 has them.
    if (way === "over a socket") {
      const { newestJob, ...health } = await producer.checkHealth();
      assert.deepEqual([newestJob, health], [202, { waiting: 0, active: 0, succeeded: 201, failed: 1, delayed: 0 }]);
    }
  });

  test(named("delays and retries, when the clock is moved"), async (t) => {
    const { make, advance, waiting } = await queueing(t);
    const queue = make({ nearTermWindow: 2 * DAY });
    const ran = [];
    const failed = [];
    queue.on("failed", (job, error) => failed.push([error.message, job.options.retries]));
    queue.process(async (job) => {
      ran.push([job.data, Date.now() - START]);
      if (job.data === "bad") throw new Error("no");
    });
    await waiting(1);
    await queue
      .createJob("tomorrow")
      .delayUntil(START + DAY)
      .save();
    await queue.createJob("bad").retries(2).backoff("exponential", MINUTE).save();
    for (const [n, wait] of [MINUTE, 2 * MINUTE].entries()) {
      await until(() => failed.length === n + 1);
      await turns(50);
      await advance(wait);
    }
    await until(() => failed.length === 3);
    assert.deepEqual(failed, [
      ["no", 1],
      ["no", 0],
      ["no", 0],
    ]);
    assert.deepEqual(ran, [
      ["bad", 0],
      ["bad", MINUTE],
      ["bad", 3 * MINUTE],
    ]);
    await advance(DAY - 3 * MINUTE - 1);
    await turns(100);
    assert.equal(ran.length, 3);
    await advance(1 + SECOND);
    await until(() => ran.length === 4);
    assert.deepEqual(ran[3][0], "tomorrow");
  });

  test(named("a job whose worker died runs again"), async (t) => {
    const { make, advance, meanwhile, waiting } = await queueing(t);
    const dead = make({ stallInterval: 5 * SECOND });
    const began = [];
    dead.process((job) => {
      began.push(job.id);
      return new Promise(() => {});
    });
    await waiting(1);
    await dead.createJob({}).save();
    await until(() => began.length === 1);
    await assert.rejects(meanwhile(dead.close(SECOND)), /timed out/);
    const alive = make({ stallInterval: 5 * SECOND });
    const ran = [];
    const stalled = [];
    alive.on("stalled", (id) => stalled.push(id));
    alive.process(async (job) => void ran.push(job.id));
    for (let n = 0; ran.length === 0 && n < 5; n++) {
      await alive.checkStalledJobs();
      await advance(6 * SECOND);
      await turns(50);
    }
    await until(() => ran.length === 1);
    assert.deepEqual([began, stalled, ran], [["1"], ["1"], ["1"]]);
  });
}
