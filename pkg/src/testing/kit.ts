/** A database for a test, with what a test needs besides: a clock, faults, a socket for code in another process. */
import type { Wakey } from "../client/client.js";
import type { ServeOptions, Server } from "../net/options.js";
import type { OpenSync, OpenSyncOptions } from "../open/open.js";
import { type TestClock, testClock } from "./clock.js";
import { type Data, seed } from "./servers.js";

/** What a test database is opened with. */
export interface TestOptions extends Omit<OpenSyncOptions, "clock"> {
  /** The data it begins with. */
  data?: Data;
}

/** See `createTestRedis`. */
export interface TestRedis {
  readonly db: Wakey;
  /** It follows the system's clock, and fake timers; `clock.advance(60_000)` moves it, `clock.pause()` stops it. */
  readonly clock: TestClock;
  /** The address for a client that needs one: `redis://127.0.0.1:50123`. The server listens from the first call on. */
  url(): Promise<string>;
  /** Closes the database, and the server with it. */
  close(): Promise<void>;
  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Random numbers of tests are the same in each run. */
const SEED = 1;

/** Makes a database for a test. @internal */
export function kit(
  openSync: OpenSync,
  serve: (options: ServeOptions & { shards?: undefined }) => Promise<Server>,
): (options?: TestOptions) => TestRedis {
  return ({ data, ...options } = {}) => {
    const clock = testClock();
    const db = openSync({ seed: SEED, ...options, clock });
    if (data !== undefined) seed(db, data);
    let server: Promise<Server> | undefined;
    const close = async (): Promise<void> => {
      await (await server)?.close();
      if (!db.closed) await db.close();
    };
    return {
      db,
      clock,
      async url() {
        server ??= serve({ db, port: 0 });
        return `redis://127.0.0.1:${(await server).port}`;
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  };
}

/** What a runner gives to its helpers. */
export interface Runner {
  beforeEach(hook: () => void): void;
  afterEach(hook: () => Promise<void>): void;
}

/** What `freshWakey` gives: the members of the test database of the test that runs. */
export type Held = Omit<TestRedis, "close" | typeof Symbol.asyncDispose>;

/** A fresh database for each test of a file, or of a `describe`. @internal */
export function hooks(create: (options?: TestOptions) => TestRedis, { beforeEach, afterEach }: Runner): (options?: TestOptions) => Held {
  return (options = {}) => {
    let now: TestRedis | undefined;
    const current = (): TestRedis => {
      if (now === undefined)
        throw new Error("freshWakey(): the database is only there inside a test, and in hooks registered after this one");
      return now;
    };
    beforeEach(() => {
      now = create(options);
    });
    afterEach(async () => {
      const before = now;
      now = undefined;
      await before?.close();
    });
    return {
      get db() {
        return current().db;
      },
      get clock() {
        return current().clock;
      },
      url: () => current().url(),
    };
  };
}
