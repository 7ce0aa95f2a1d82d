/** BullMQ. What it does by the time it does when the clock is moved; nothing here sleeps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowProducer, Queue, QueueEvents, UnrecoverableError, Worker } from "bullmq";
import { createClient } from "redis";
import { DAY, HOUR, MINUTE, SECOND, START, setup, turns, until, WAYS } from "./kit.mjs";

for (const way of Object.keys(WAYS)) {
  const named = (text) => `BullMQ ${way}: ${text}`;

  /** A queue, and workers and listeners on it. */
  async function queueing(t, more) {
    const at = await setup(t, way);
    const made = (Class, ...given) => {
      const rest = given.at(-1);
      const one = new Class(...given.slice(0, -1), { connection: at.to({ maxRetriesPerRequest: null, retryStrategy: () => 1 }), ...rest });
      one.on("error", (error) => at.errors.push(error));
      at.ending(one);
      return one;
    };
    Object.assign(at, {
      errors: [],
      queue: made(Queue, "q", more ?? {}),
      worker: (run, given = {}) => made(Worker, "q", run, given),
      events: (given = {}) => made(QueueEvents, "q", given),
      flows: () => made(FlowProducer, {}),
    });
    t.after(() => assert.deepEqual(at.errors, []));
    return at;
  }

  test(named("a job is run, and its producer hears its progress and its result"), async (t) => {
    const { queue, worker, events, waiting } = await queueing(t);
    const listener = events();
    await listener.waitUntilReady();
    const heard = [];
    listener.on("progress", ({ data }) => heard.push(data));
    worker(async (job) => {
      await job.updateProgress({ done: 50 });
      await job.log("half");
      return { sum: job.data.a + job.data.b };
    });
    await waiting(2);
    const job = await queue.add("add", { a: 1, b: 2 });
    assert.deepEqual(await job.waitUntilFinished(listener), { sum: 3 });
    assert.deepEqual(heard, [{ done: 50 }]);
    assert.deepEqual(await queue.getJobLogs(job.id), { logs: ["half"], count: 1 });
    assert.equal(await job.getState(), "completed");
    const again = await queue.getJob(job.id);
    assert.deepEqual([again.returnvalue, again.progress, again.timestamp, again.finishedOn], [{ sum: 3 }, { done: 50 }, START, START]);
  });

  test(named("events of a queue tell the life of its jobs, in order"), async (t) => {
    const { queue, worker, events, waiting } = await queueing(t);
    const heard = [];
    const listener = events();
    for (const name of ["added", "waiting", "active", "completed", "failed", "drained"])
      listener.on(name, ({ jobId }) => heard.push(jobId ? `${name} ${jobId}` : name));
    await listener.waitUntilReady();
    await waiting(1);
    worker(async (job) => {
      if (job.name === "bad") throw new Error("no");
    });
    await queue.add("good", {}, { jobId: "a" });
    await until(() => heard.includes("completed a"));
    await queue.add("bad", {}, { jobId: "b" });
    await until(() => heard.includes("failed b"));
    assert.deepEqual(
      heard.filter((one) => one !== "drained"),
      ["added a", "waiting a", "active a", "completed a", "added b", "waiting b", "active b", "failed b"],
    );
    assert.equal((await queue.getJob("b")).failedReason, "no");
  });

  test(named("priorities, LIFO and FIFO"), async (t) => {
    const { queue, worker } = await queueing(t);
    for (const [name, opts] of [
      ["low", { priority: 10 }],
      ["first", {}],
      ["second", {}],
      ["high", { priority: 1 }],
      ["now", { lifo: true }],
      ["middle", { priority: 5 }],
      ["high too", { priority: 1 }],
    ])
      await queue.add(name, {}, opts);
    assert.deepEqual(await queue.getCountsPerPriority([0, 1, 5, 10]), { 0: 3, 1: 2, 5: 1, 10: 1 });
    await (await queue.getJobs(["prioritized"])).find((job) => job.name === "low").changePriority({ priority: 2 });
    const ran = [];
    worker(async (job) => void ran.push(job.name));
    await until(() => ran.length === 7);
    assert.deepEqual(ran, ["now", "first", "second", "high", "high too", "low", "middle"]);
  });

  test(named("a job delayed by a day runs when the clock is a day on, and no millisecond before"), async (t) => {
    const { queue, worker, advance, waiting } = await queueing(t);
    const ran = [];
    worker(async (job) => void ran.push([job.name, Date.now() - START]));
    await queue.add("tomorrow", {}, { delay: DAY });
    await queue.add("week", {}, { delay: 7 * DAY });
    await queue.add("now", {});
    await until(() => ran.length === 1);
    await waiting(1);
    await advance(DAY - 1);
    await waiting(1);
    assert.deepEqual(ran, [["now", 0]]);
    assert.equal(await queue.getDelayedCount(), 2);
    await advance(1);
    await until(() => ran.length === 2);
    await waiting(1);
    await advance(6 * DAY);
    await until(() => ran.length === 3);
    assert.deepEqual(ran.slice(1), [
      ["tomorrow", DAY],
      ["week", 7 * DAY],
    ]);
    const moved = await queue.add("moved", {}, { delay: DAY });
    await moved.changeDelay(HOUR);
    const promoted = await queue.add("promoted", {}, { delay: DAY });
    await promoted.promote();
    await until(() => ran.length === 4);
    await waiting(1);
    await advance(HOUR);
    await until(() => ran.length === 5);
    assert.deepEqual(ran.slice(3), [
      ["promoted", 7 * DAY],
      ["moved", 7 * DAY + HOUR],
    ]);
  });

  test(named("retries wait longer and longer, and are given up"), async (t) => {
    const { queue, worker, advance, waiting } = await queueing(t);
    const tries = [];
    const failed = [];
    worker(async (job) => {
      tries.push(Date.now() - START);
      if (job.name === "hopeless") throw new UnrecoverableError("hopeless");
      throw new Error(`try ${job.attemptsMade}`);
    }).on("failed", (job, error) => failed.push(`${error.message}, ${job.attemptsMade} made`));
    const job = await queue.add("bad", {}, { attempts: 4, backoff: { type: "exponential", delay: MINUTE } });
    for (const [n, wait] of [MINUTE, 2 * MINUTE, 4 * MINUTE].entries()) {
      await until(() => failed.length === n + 1);
      await waiting(1);
      await advance(wait);
    }
    await until(() => failed.length === 4);
    assert.deepEqual(tries, [0, MINUTE, 3 * MINUTE, 7 * MINUTE]);
    assert.deepEqual(failed, ["try 0, 1 made", "try 1, 2 made", "try 2, 3 made", "try 3, 4 made"]);
    assert.equal(await job.getState(), "failed");
    await (await queue.getJob(job.id)).retry();
    await until(() => failed.length === 5);
    await queue.add("hopeless", {}, { attempts: 4, backoff: MINUTE });
    await until(() => failed.length === 6);
    assert.deepEqual([failed[5], await queue.getFailedCount()], ["hopeless, 1 made", 2]);
  });

  test(named("a flow: children first, their results in the parent"), async (t) => {
    const { queue, worker, flows } = await queueing(t);
    const order = [];
    let values;
    worker(async (job) => {
      order.push(job.name);
      if (job.name === "page") values = Object.values(await job.getChildrenValues()).sort();
      return job.name === "part" ? job.data.n * 10 : job.name;
    });
    const { job } = await flows().add({
      name: "page",
      queueName: "q",
      children: [
        { name: "part", queueName: "q", data: { n: 1 } },
        { name: "part", queueName: "q", data: { n: 2 }, children: [{ name: "leaf", queueName: "q" }] },
      ],
    });
    await until(async () => (await queue.getJob(job.id)).finishedOn !== undefined);
    assert.deepEqual([order.at(-1), order.length, values], ["page", 4, [10, 20]]);
    assert.ok(order.indexOf("leaf") < order.lastIndexOf("part"));
    const flow = await flows().add({
      name: "never",
      queueName: "q",
      children: [{ name: "leaf", queueName: "closed", opts: { failParentOnFailure: true } }],
    });
    assert.equal(await flow.job.getState(), "waiting-children");
    assert.deepEqual((await flow.job.getDependencies()).unprocessed, [`${flow.children[0].job.prefix}:closed:${flow.children[0].job.id}`]);
  });

  test(named("a scheduler makes a job every hour, and one at a time of the day"), async (t) => {
    const { queue, worker, advance, waiting } = await queueing(t);
    const ran = [];
    worker(async (job) => void ran.push([job.name, (Date.now() - START) / HOUR]));
    await queue.upsertJobScheduler("hourly", { every: HOUR }, { name: "tick" });
    await queue.upsertJobScheduler("daily", { pattern: "30 2 * * *", tz: "UTC" }, { name: "report" });
    await until(() => ran.length === 1);
    for (let half = 1; half <= 8; half++) {
      await waiting(1);
      await advance(HOUR / 2);
      if (half % 2 === 0) await until(() => ran.some(([name, at]) => name === "tick" && at === half / 2));
    }
    await waiting(1);
    assert.deepEqual(
      ran.filter(([name]) => name === "tick").map(([, at]) => at),
      [0, 1, 2, 3, 4],
    );
    assert.deepEqual(
      ran.filter(([name]) => name === "report"),
      [["report", 2.5]],
    );
    assert.equal(await queue.getJobSchedulersCount(), 2);
    assert.equal((await queue.getJobScheduler("daily")).next, START + DAY + 2.5 * HOUR);
    assert.equal(await queue.removeJobScheduler("hourly"), true);
    await advance(5 * HOUR);
    await waiting(1);
    assert.equal(ran.length, 6);
  });

  test(named("a limit of two jobs a minute"), async (t) => {
    const { queue, worker, advance, clock } = await queueing(t);
    const ran = [];
    worker(async () => void ran.push((Date.now() - START) / MINUTE), { limiter: { max: 2, duration: MINUTE } });
    await queue.addBulk(Array.from({ length: 5 }, (_, n) => ({ name: "job", data: { n } })));
    await until(() => ran.length === 2);
    await until(async () => (await queue.getRateLimitTtl(2)) === MINUTE);
    while (clock.now() < START + 2 * MINUTE) {
      await turns(20);
      await advance(15 * SECOND);
    }
    await until(() => ran.length === 5);
    assert.deepEqual(ran, [0, 0, 1, 1, 2]);
  });

  test(named("a job whose worker died goes to another one, and fails when that has happened too often"), async (t) => {
    const { queue, worker, advance } = await queueing(t);
    await queue.add("job", {}, { jobId: "lost" });
    const dead = worker(undefined, { autorun: false });
    assert.equal((await dead.getNextJob("token")).id, "lost");
    const told = [];
    const ran = [];
    const alive = worker(async (job) => void ran.push(job.id), { stalledInterval: 30 * SECOND });
    alive.on("stalled", (id) => told.push(id));
    for (let i = 0; i < 4 && ran.length === 0; i++) {
      await turns(20);
      assert.equal(await (await queue.getJob("lost")).getState(), "active");
      await advance(30 * SECOND + 1);
      await turns(100);
    }
    await until(() => ran.length === 1);
    assert.deepEqual([told, ran], [["lost"], ["lost"]]);
    await alive.close();
    await queue.add("job", {}, { jobId: "doomed" });
    const failed = [];
    const other = worker(undefined, { autorun: false });
    assert.equal((await other.getNextJob("token")).id, "doomed");
    worker(async () => {}, { stalledInterval: 30 * SECOND, maxStalledCount: 0 }).on("failed", (job, error) =>
      failed.push([job.id, error.message]),
    );
    for (let i = 0; i < 4 && failed.length === 0; i++) {
      await advance(30 * SECOND + 1);
      await turns(100);
    }
    await until(() => failed.length === 1);
    assert.deepEqual(failed, [["doomed", "job stalled more than allowable limit"]]);
  });

  test(named("pause, resume, deduplication, cleaning, and a thousand jobs each run once"), async (t) => {
    const { queue, worker, advance, db } = await queueing(t);
    const one = await queue.add("a", {}, { deduplication: { id: "same", ttl: MINUTE } });
    assert.equal((await queue.add("b", {}, { deduplication: { id: "same", ttl: MINUTE } })).id, one.id);
    await advance(MINUTE);
    assert.notEqual((await queue.add("c", {}, { deduplication: { id: "same", ttl: MINUTE } })).id, one.id);
    await queue.pause();
    const ran = new Map();
    worker(async (job) => void ran.set(job.id, (ran.get(job.id) ?? 0) + 1), { concurrency: 50 });
    await queue.addBulk(Array.from({ length: 1000 }, (_, n) => ({ name: "job", data: { n } })));
    await turns(100);
    assert.deepEqual([await queue.isPaused(), ran.size], [true, 0]);
    await queue.resume();
    await until(async () => (await queue.getCompletedCount()) === 1002);
    assert.deepEqual([ran.size, [...ran.values()].every((n) => n === 1)], [1002, true]);
    await advance(HOUR);
    assert.equal((await queue.clean(0, 600, "completed")).length, 600);
    assert.deepEqual(await queue.getJobCounts("completed", "wait", "active"), { completed: 402, wait: 0, active: 0 });
    await queue.obliterate({ force: true });
    assert.deepEqual(db.keys("bull:q:*").sort(), []);
  });

  test(named("workers whose connections are cut go on"), async (t) => {
    const at = await queueing(t);
    const { queue, worker, db, waiting, advance, errors } = at;
    const ran = [];
    const one = worker(async (job) => void ran.push(job.name));
    await waiting(1);
    const ids = [...db.client("LIST").matchAll(/^id=(\d+) .*?lib-name=ioredis/gm)].map((found) => found[1]);
    assert.ok(ids.length >= 3);
    for (const id of ids) db.client("KILL", "ID", id);
    await until(async () => {
      await advance(5 * SECOND);
      return one.isRunning() && /blocked_clients:1/.test(db.info("clients"));
    });
    await queue.add("after", {});
    await until(() => ran.length === 1);
    assert.deepEqual(ran, ["after"]);
    errors.length = 0;
  });
}

test("BullMQ over a socket, with node-redis in place of ioredis", async (t) => {
  const at = await setup(t, "over a socket");
  const client = () =>
    at.ending(
      createClient({ url: `redis://127.0.0.1:${at.port}` }).on("error", () => {}),
      (it) => it.isOpen && it.close(),
    );
  const queue = at.ending(new Queue("q", { connection: client() }));
  const ran = [];
  at.ending(new Worker("q", async (job) => void ran.push([job.name, Date.now() - START]), { connection: client() }));
  await queue.add("tomorrow", {}, { delay: DAY });
  await queue.add("now", {});
  await until(() => ran.length === 1);
  await at.waiting(1);
  await at.advance(DAY);
  await until(() => ran.length === 2);
  assert.deepEqual(ran, [
    ["now", 0],
    ["tomorrow", DAY],
  ]);
});
