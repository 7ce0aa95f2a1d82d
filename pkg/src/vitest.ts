/**
 * The entry `wakey/vitest`: a fresh database for each test, matchers for keys, and snapshots of a keyspace. Importing it teaches
 * `expect` all of them.
 */
import { afterEach, beforeEach, expect } from "vitest";
import { type Held, hooks, type TestOptions } from "./testing/kit.js";
import { matchers, serializer } from "./testing/matchers.js";
import { createTestRedis } from "./testing.js";

export * from "./testing.js";

expect.extend(matchers as never);
expect.addSnapshotSerializer(serializer as never);

/** `const redis = freshWakey()` in a file or a `describe`: `redis.db` and `redis.clock` are those of the running test. */
export const freshWakey: (options?: TestOptions) => Held = hooks(createTestRedis, { beforeEach, afterEach });

declare module "vitest" {
  interface Matchers<T> {
    /** The database has this key, and if a value is given, the key holds it. */
    toHaveKey(key: string, value?: unknown): T;
    /** The key expires in this many milliseconds, give or take `within` (default: a second). */
    toExpireIn(key: string, ms: number, within?: number): T;
  }
}
