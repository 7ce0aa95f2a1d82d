/** BullMQ on a database in process (`bullmq.mjs wakey`), or on a server (`bullmq.mjs PORT`): prints jobs a second as JSON. */
import { Queue, Worker } from "bullmq";
import Redis from "ioredis";
import { open } from "wakey";
import { options } from "wakey/ioredis";

const [, , where] = process.argv;
const N = 10_000;
const db = where === "wakey" ? await open() : undefined;
const connection = () => new Redis({ ...(db ? options(db) : { port: Number(where) }), maxRetriesPerRequest: null });
const result = { added: 0, "added in bulk": 0, run: 0 };

/** Keeps the best: what disturbs a run makes it slower only. */
async function timed(what, n, run) {
  const start = performance.now();
  await run();
  result[what] = Math.max(result[what], Math.round((n * 1000) / (performance.now() - start)));
}

for (let round = 0; round < 3; round++) {
  const queue = new Queue(`bench${round}`, { connection: connection() });
  await queue.waitUntilReady();
  await timed("added", N / 5, async () => {
    for (let i = 0; i < N / 5; i += 100) await Promise.all(Array.from({ length: 100 }, (_, j) => queue.add("job", { n: i + j })));
  });
  await timed("added in bulk", N, async () => {
    for (let i = 0; i < N; i += 1000) await queue.addBulk(Array.from({ length: 1000 }, (_, j) => ({ name: "job", data: { n: i + j } })));
  });
  const all = N + N / 5;
  let done = 0;
  await timed("run", all, async () => {
    let finish;
    const finished = new Promise((resolve) => {
      finish = resolve;
    });
    const worker = new Worker(queue.name, async () => {}, { connection: connection(), concurrency: 50 });
    worker.on("completed", () => ++done === all && finish());
    // Nothing in process keeps this one alive.
    const alive = setInterval(() => {}, 1000);
    await finished;
    clearInterval(alive);
    worker.close(true);
  });
  await queue.obliterate({ force: true });
}
console.log(JSON.stringify(result));
process.exit();
