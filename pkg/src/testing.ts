/** The entry `wakey/testing`: what tests want of a database, whichever runner they have. `wakey/vitest` and `wakey/jest` stand on it. */
import { openSync } from "./node.js";
import { serve } from "./server.js";
import { kit, type TestOptions, type TestRedis } from "./testing/kit.js";

export { type TestClock, testClock } from "./testing/clock.js";
export { type Entry, keyspaceOf } from "./testing/keyspace.js";
export type { Held, TestOptions, TestRedis } from "./testing/kit.js";
export { matchers, serializer } from "./testing/matchers.js";
export { type Data, type Seed, seed } from "./testing/servers.js";

/**
 * Makes a database for a test, at once: `const { db, clock, url } = createTestRedis({ data: { n: 1 } })`. Its clock goes with fake timers
 * and can be moved by hand; random numbers are the same in each run.
 */
export const createTestRedis: (options?: TestOptions) => TestRedis = kit(openSync, serve);
