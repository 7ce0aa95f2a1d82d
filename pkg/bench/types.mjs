/**
 * One contestant in a process of its own: `node types.mjs NAME` prints operations a second of each piece of work as JSON,
 * null where the contestant does not know a command. All make the same calls; what answers later is asked in batches.
 */
const [, , name] = process.argv;
const quick = name === "wakey";
/** A round ends after so many calls, or so many milliseconds. */
const N = quick ? 200_000 : 5_000;
const LONGEST = 1500;
const ROUNDS = quick ? 5 : 2;
const BATCH = 100;
const SUBSCRIBERS = 10;
const LISTS = 100;
/** Elements of the list of which LRANGE reads a hundred. */
const LONG = 10_000;

const value = (i) => `value:${String(i % 1e6).padStart(6, "0")}`;
/** Members of a set, in no order. */
const member = (i) => `member:${(i * 7919) % N}`;
const turn = () => new Promise((done) => setImmediate(done));

/** A transaction of ten, where `multi()` gives something to queue in. */
function queued(session, i) {
  const transaction = session.multi();
  for (let j = 0; j < 10; j++) transaction.set(`key:${j}`, value(i));
  return transaction.exec();
}

/** `session()` has a method for each command; `listen` subscribes one; `ten` runs a transaction of ten. */
const contestants = {
  async wakey() {
    const { open } = await import("wakey");
    const db = await open({ seed: 1 });
    return {
      session: () => db.session(),
      listen: (session, channel, heard) => session.subscribe(channel, heard),
      ten: queued,
    };
  },
  async "ioredis-mock"() {
    const { default: Mock } = await import("ioredis-mock");
    return {
      session: () => new Mock(),
      async listen(session, channel, heard) {
        session.on("message", heard);
        await session.subscribe(channel);
      },
      ten: queued,
    };
  },
  async "js-redis-server"() {
    const { createInMemoryRedis } = await import("js-redis-server");
    const redis = await createInMemoryRedis();
    const connect = () => {
      const client = redis.connect();
      return new Proxy(client, { get: (_, command) => client[command]?.bind(client) ?? ((...args) => client.command(command, ...args)) });
    };
    return {
      session: connect,
      async listen(session, channel, heard) {
        await session.subscribe(channel);
        (async () => {
          for await (const _ of session.pushes()) heard();
        })();
      },
      ten(session, i) {
        session.multi();
        for (let j = 0; j < 10; j++) session.set(`key:${j}`, value(i));
        return session.exec();
      },
    };
  },
};

const contestant = await contestants[name]();
const redis = contestant.session();

/** Calls `add` with lists of a thousand, `n` in all. */
async function thousands(n, add, make) {
  for (let i = 0; i < n; i += 1000) await add(Array.from({ length: 1000 }, (_, j) => make(i + j)).flat());
}

const zset = () =>
  thousands(
    N,
    (all) => redis.zadd("zset", ...all),
    (i) => [i, member(i)],
  );
let heard = 0;
let published = 0;

/** `[name, prepare, one, after]`: `prepare` is not counted, `after` follows each batch of answers. */
const work = [
  ["LPUSH", null, (i) => redis.lpush(`list:${i % LISTS}`, value(i))],
  ["LPOP", () => lists(N / LISTS), (i) => redis.lpop(`list:${i % LISTS}`)],
  ["LRANGE 100", () => thousands(LONG, (all) => redis.rpush("list", ...all), value), () => redis.lrange("list", 0, 99)],
  ["SADD", null, (i) => redis.sadd("set", member(i))],
  ["SPOP", () => thousands(N, (all) => redis.sadd("set", ...all), member), () => redis.spop("set")],
  ["ZADD", null, (i) => redis.zadd("zset", i % 1000, member(i))],
  ["ZRANGE BYSCORE", zset, (i) => redis.zrange("zset", i, i + 9, "BYSCORE")],
  ["ZRANK", zset, (i) => redis.zrank("zset", member(i))],
  ["XADD", null, (i) => redis.xadd("stream", "*", "field", value(i))],
  [
    "XREADGROUP",
    async () => {
      for (let i = 0; i < N; i++) await redis.xadd("stream", `${i + 1}-1`, "field", value(i));
      await redis.xgroup("CREATE", "stream", "group", "0");
    },
    () => redis.xreadgroup("GROUP", "group", "one", "COUNT", 1, "STREAMS", "stream", ">"),
  ],
  [
    "PUBLISH to ten",
    async () => {
      if (published > 0) return;
      for (let i = 0; i < SUBSCRIBERS; i++) await contestant.listen(contestant.session(), "news", () => heard++);
    },
    (i) => {
      published++;
      return redis.publish("news", value(i));
    },
    async () => {
      while (heard < published * SUBSCRIBERS) await turn();
    },
  ],
  [
    "BLPOP hand-over",
    () => {
      waiter ??= contestant.session();
    },
    async (i) => {
      const waiting = waiter.blpop(`queue:${i % BATCH}`, 0);
      await redis.lpush(`queue:${i % BATCH}`, value(i));
      return waiting;
    },
  ],
  ["MULTI of ten", null, (i) => contestant.ten(redis, i)],
];
let waiter;

async function lists(length) {
  for (let i = 0; i < LISTS; i++) await redis.rpush(`list:${i}`, ...Array.from({ length }, (_, j) => value(i + j)));
}

async function round(prepare, one, after) {
  await redis.flushall();
  await prepare?.();
  const start = performance.now();
  let done = 0;
  while (done < N && performance.now() - start < LONGEST) {
    const answers = [];
    for (const end = done + BATCH; done < end; done++) {
      const answer = one(done);
      if (typeof answer?.then === "function") answers.push(answer);
    }
    if (answers.length > 0) await Promise.all(answers);
    await after?.();
  }
  return (done / (performance.now() - start)) * 1000;
}

const result = {};
for (const [what, prepare, one, after] of work) {
  let best = 0;
  try {
    for (let i = 0; i < ROUNDS; i++) best = Math.max(best, await round(prepare, one, after));
  } catch {
    best = 0;
  }
  result[what] = best === 0 ? null : Math.round(best);
}
console.log(JSON.stringify(result));
process.exit();
