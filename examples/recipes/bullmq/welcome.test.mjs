import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "bullmq";
import { standstill } from "./time.mjs";
import { DAY, Welcome } from "./welcome.mjs";

const MINUTE = 60_000;

/** An application on a database that stands still, its connections closed in the end. */
async function setup(t, send, apis) {
  const time = await standstill(apis);
  const connections = [];
  const connect = () => {
    const connection = time.connect();
    connections.push(connection);
    return connection;
  };
  const app = new Welcome(connect, send);
  t.after(async () => {
    await app.close();
    for (const connection of connections) connection.disconnect();
    await time.close();
  });
  await app.worker.waitUntilReady();
  return { ...time, app, connect };
}

test("the second mail goes out a day after the first, and not before", async (t) => {
  const sent = [];
  const { app, advance, settle } = await setup(t, async (to, what) => sent.push(`${what} ${to}`));
  await app.greet("ann");
  await settle();
  assert.deepEqual(sent, ["welcome ann"]);
  await advance(DAY - 1);
  assert.deepEqual(sent, ["welcome ann"]);
  await advance(1);
  assert.deepEqual(sent, ["welcome ann", "tips ann"]);
});

test("a mail is tried after ten minutes and after twenty more, and then given up", async (t) => {
  let tries = 0;
  const { app, advance, settle } = await setup(t, async () => {
    tries++;
    throw new Error("no mail server");
  });
  await app.greet("ann");
  await settle();
  for (const [wait, expected] of [
    [10 * MINUTE - 1, 1],
    [1, 2],
    [20 * MINUTE - 1, 2],
    [1, 3],
    [60 * MINUTE, 3],
  ]) {
    await advance(wait);
    assert.equal(tries, expected);
  }
  assert.deepEqual(await app.queue.getJobCounts("failed", "delayed"), { failed: 1, delayed: 1 });
});

test("a worker with a limit goes on when its minute is over", async (t) => {
  let sent = 0;
  const { app, connect, advance, settle } = await setup(t, async () => {}, ["Date", "setTimeout", "setInterval"]);
  await app.worker.close();
  const worker = new Worker("mail", async () => void sent++, { connection: connect(), limiter: { max: 2, duration: MINUTE } });
  t.after(() => worker.close());
  for (const to of ["ann", "bob", "cid"]) await app.queue.add("welcome", { to });
  await settle();
  assert.equal(sent, 2);
  // It looks up every thirty seconds at least.
  await advance(MINUTE / 2);
  assert.equal(sent, 2);
  await advance(MINUTE / 2);
  assert.equal(sent, 3);
});
