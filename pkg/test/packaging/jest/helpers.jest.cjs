/** `wakey/jest`: a fresh database for each test, matchers, snapshots, and Jest's fake timers. */
const { keyspaceOf, freshWakey } = require("wakey/jest");

const redis = freshWakey({ data: { greeting: "hello" } });

test("a test changes its database", () => {
  redis.db.set("greeting", "changed");
});

test("the next one has a fresh one, and matchers know its keys", () => {
  expect(keyspaceOf(redis.db)).toEqual({ greeting: { type: "string", value: "hello" } });
  expect(redis.db).toHaveKey("greeting", "hello");
  expect(() => expect(redis.db).toHaveKey("none")).toThrow("there is none");
  expect(redis.db).toMatchInlineSnapshot(`
Wakey {
  "greeting": {
    "type": "string",
    "value": "hello",
  },
}
`);
});

test("fake timers drive the clock", () => {
  jest.useFakeTimers();
  try {
    const { db } = redis;
    db.set("session", "ann", "EX", 60);
    expect(db).toExpireIn("session", 60000);
    jest.advanceTimersByTime(60000);
    expect(db.stats().keys).toBe(1);
  } finally {
    jest.useRealTimers();
  }
});
