/** What is under test: it knows nothing of tests, and takes its clients as programs do. */
const Redis = require("ioredis");
const { createClient } = require("redis");

/** A cache of what `load` gives, for as many seconds. */
exports.cached = function cached(seconds) {
  const redis = new Redis(process.env.REDIS_URL ?? "redis://cache.internal:6379");
  return {
    redis,
    async get(key, load) {
      const hit = await redis.get(key);
      if (hit !== null) return hit;
      const value = await load(key);
      await redis.set(key, value, "EX", seconds);
      return value;
    },
  };
};

exports.counter = async function counter() {
  const client = await createClient({ url: "redis://user:secret@counter.internal:6379" })
    .on("error", (error) => console.error(error))
    .connect();
  return { client, hit: (name) => client.multi().incr(name).expire(name, 60).exec() };
};
