import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock, open } from "wakey";
import { JobQueue } from "./job-queue.mjs";

test("each job goes to one worker, and is gone when it is done", async () => {
  const queue = new JobQueue(await open(), "mail");
  const stop = new AbortController();
  const done = [];
  const workers = ["a", "b"].map((name) =>
    queue.work(
      name,
      async (job) => {
        done.push(job.to);
        if (done.length === 3) stop.abort();
      },
      stop.signal,
    ),
  );
  for (const to of ["ann", "bob", "cid"]) queue.add({ to });
  await Promise.all(workers);
  assert.deepEqual(done.sort(), ["ann", "bob", "cid"]);
  assert.equal(queue.size, 0);
});

test("a job that a worker left goes to another one when its time is over", async () => {
  const clock = manualClock(1_700_000_000_000);
  const queue = new JobQueue(await open({ clock }), "mail", { patience: 5000 });
  queue.add({ to: "ann" });
  const crashed = new AbortController();
  await queue.work(
    "a",
    async () => {
      crashed.abort();
      throw new Error("crashed");
    },
    crashed.signal,
  );
  assert.equal(queue.size, 1);
  const stop = new AbortController();
  const done = [];
  const other = queue.work(
    "b",
    async (job) => {
      done.push(job.to);
      stop.abort();
    },
    stop.signal,
  );
  clock.advance(5000);
  await other;
  assert.deepEqual([done, queue.size], [["ann"], 0]);
});
