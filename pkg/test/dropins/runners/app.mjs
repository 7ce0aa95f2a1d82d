/** As `app.cjs`, as an ES module. */
import Redis from "ioredis";
import { createClient } from "redis";

export function cached(seconds) {
  const redis = new Redis("redis://cache.internal:6379");
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
}

export async function counter() {
  const client = await createClient({ url: "redis://user:secret@counter.internal:6379" })
    .on("error", (error) => console.error(error))
    .connect();
  return { client, hit: (name) => client.multi().incr(name).expire(name, 60).exec() };
}
