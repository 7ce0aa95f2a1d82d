/**
 * Ten commands at once against ten calls: `node batches.mjs` prints nanoseconds of processor time for ten of each as JSON, without what the
 * making of keys and values takes, which is measured by itself. The ways take turns, so that whatever else the machine does meets all.
 */
import { open } from "wakey";

const KEYS = 1000;
const ROUNDS = 25;
/** Tens in a round. */
const N = 20_000;

/** New strings for each call, as in a program. */
const key = (i) => `key:${String((i * 7919) % KEYS).padStart(12, "0")}`;
const field = (i) => `field:${i % 10}`;
const value = (i) => `value:${String(i % 1e6).padStart(6, "0")}`;

const db = await open();
const ten = Array.from({ length: 10 }, (_, j) => j);
for (let i = 0; i < KEYS; i++) db.set(key(i), value(i));
for (const j of ten) db.hset("hash", field(j), value(j));

let sink = 0;
const seen = (replies) => {
  for (let j = 0; j < replies.length; j++) sink += replies[j].length;
};

/** Ten calls; ten commands on what gives something to queue in; ten strings in arrays for one command. */
const calls = (one) => (i) => {
  for (let j = 0; j < 10; j++) sink += one(db, i + j).length;
};
const queued = (begin, one) => (i) => {
  const queue = begin();
  for (let j = 0; j < 10; j++) one(queue, i + j);
  seen(queue.exec());
};
const made = (...makers) => calls((_, i) => ({ length: makers.reduce((sum, make) => sum + make(i).length, 0) }));

const get = (on, i) => on.get(key(i));
const set = (on, i) => on.set(key(i), value(i));
const hget = (on, i) => on.hget("hash", field(i));
const ping = (on) => on.ping();

/** By command: what makes its strings, ten calls, and the ways of ten at once. */
const work = {
  PING: [() => {}, { calls: calls(ping), pipeline: queued(() => db.pipeline(), ping), multi: queued(() => db.multi(), ping) }],
  GET: [
    made(key),
    {
      calls: calls(get),
      pipeline: queued(() => db.pipeline(), get),
      multi: queued(() => db.multi(), get),
      MGET: (i) => seen(db.mget(...ten.map((j) => key(i + j)))),
    },
  ],
  SET: [
    made(key, value),
    {
      calls: calls(set),
      pipeline: queued(() => db.pipeline(), set),
      multi: queued(() => db.multi(), set),
      MSET: (i) => {
        const pairs = [];
        for (let j = 0; j < 10; j++) pairs.push(key(i + j), value(i + j));
        sink += db.mset(...pairs).length;
      },
    },
  ],
  HGET: [
    made(field),
    {
      calls: calls(hget),
      pipeline: queued(() => db.pipeline(), hget),
      multi: queued(() => db.multi(), hget),
      HMGET: (i) => seen(db.hmget("hash", ...ten.map((j) => field(i + j)))),
    },
  ],
};

/** Nanoseconds of processor time for each run of `tens`. */
function time(tens) {
  const before = process.cpuUsage();
  for (let i = 0; i < N; i++) tens(i);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / N;
}

const result = {};
for (const [command, [strings, ways]] of Object.entries(work)) {
  const all = Object.entries({ strings, ...ways });
  const times = all.map(() => []);
  for (let round = 0; round < ROUNDS; round++) for (const [at, [, tens]] of all.entries()) times[at].push(time(tens));
  const [made, ...took] = times.map((rounds) => rounds.sort((a, b) => a - b)[ROUNDS >> 1]);
  result[command] = Object.fromEntries(Object.keys(ways).map((way, i) => [way, Math.round(took[i] - made)]));
}
console.log(JSON.stringify(result));
process.exit(sink === -1 ? 1 : 0);
