/** Run by `pkg/test/vitest.test.mjs`: `wakey/vitest` as its user has it. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { freshWakey, keyspaceOf } from "wakey/vitest";

const redis = freshWakey({ data: { greeting: "hello" } });

afterEach(() => {
  vi.useRealTimers();
});

test("a test changes its database", () => {
  redis.db.set("greeting", "changed");
  redis.db.set("other", "1");
});

test("the next one has a fresh one", () => {
  expect(keyspaceOf(redis.db)).toEqual({ greeting: { type: "string", value: "hello" } });
});

test("fake timers drive the clock", () => {
  vi.useFakeTimers();
  const { db } = redis;
  db.set("session", "ann", "EX", 60);
  expect(db).toExpireIn("session", 60_000);
  vi.advanceTimersByTime(59_999);
  expect(db).toHaveKey("session", "ann");
  vi.advanceTimersByTime(1);
  expect(db).not.toHaveKey("session");
  expect(db.stats().keys).toBe(1);
});

test("the clock is moved by hand", () => {
  redis.db.set("k", "v", "PX", 1000);
  redis.clock.advance(1000);
  expect(redis).not.toHaveKey("k");
});

test("matchers say what is wrong", () => {
  const { db } = redis;
  expect(() => expect(db).toHaveKey("none")).toThrow('expected a key "none", and there is none');
  expect(() => expect(db).toHaveKey("greeting", "bye")).toThrow('expected key "greeting" to hold "bye"; it is a string, "hello"');
  expect(() => expect(db).not.toHaveKey("greeting")).toThrow('expected no key "greeting"');
  expect(() => expect(db).toExpireIn("greeting", 10)).toThrow("it stays for good");
  expect(() => expect({}).toHaveKey("k")).toThrow("needs a database of wakey");
  db.hset("h", { a: 1 });
  expect(db).toHaveKey("h", { a: "1" });
});

test("a keyspace is a snapshot", () => {
  const { db, clock } = redis;
  clock.pause();
  db.zadd("board", 7, "Ann", 3.5, "Bob");
  db.set("session", "ann", "EX", 60);
  expect(db).toMatchInlineSnapshot(`
    Wakey {
      "board": {
        "type": "zset",
        "value": [
          [
            "Bob",
            3.5,
          ],
          [
            "Ann",
            7,
          ],
        ],
      },
      "greeting": {
        "type": "string",
        "value": "hello",
      },
      "session": {
        "expiresIn": 60000,
        "type": "string",
        "value": "ann",
      },
    }
  `);
});

describe("a describe of its own", () => {
  const own = freshWakey();
  test("has its own database", async () => {
    expect(own.db.dbsize()).toBe(0);
    expect(redis.db.dbsize()).toBe(1);
    expect(await own.url()).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
  });
});
