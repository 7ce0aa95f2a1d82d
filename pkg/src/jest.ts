/**
 * The entry `wakey/jest`: a fresh database for each test, matchers for keys, and snapshots of a keyspace. Importing it teaches `expect`
 * all of them.
 */

import { type Held, hooks, type Runner, type TestOptions } from "./testing/kit.js";
import { matchers, serializer } from "./testing/matchers.js";
import { createTestRedis } from "./testing.js";

export * from "./testing.js";

interface Globals extends Runner {
  expect: { extend(matchers: object): void; addSnapshotSerializer(serializer: object): void };
}

/** Jest's globals, or with `injectGlobals: false` those of its module. */
function globals(): Globals {
  const here = globalThis as unknown as Partial<Globals>;
  if (here.expect !== undefined && here.beforeEach !== undefined) return here as Globals;
  throw new Error("wakey/jest is for tests that Jest runs, with its globals");
}

const { expect, beforeEach, afterEach } = globals();
expect.extend(matchers);
expect.addSnapshotSerializer(serializer);

/** `const redis = freshWakey()` in a file or a `describe`: `redis.db` and `redis.clock` are those of the running test. */
export const freshWakey: (options?: TestOptions) => Held = hooks(createTestRedis, { beforeEach, afterEach });

declare global {
  namespace jest {
    interface Matchers<R> {
      /** The database has this key, and if a value is given, the key holds it. */
      toHaveKey(key: string, value?: unknown): R;
      /** The key expires in this many milliseconds, give or take `within` (default: a second). */
      toExpireIn(key: string, ms: number, within?: number): R;
    }
  }
}
