/** What a page's tests see: no TextEncoder, and Maps and bytes of the page's own realm. */
test("a page under test has a database", async () => {
  expect([typeof TextEncoder, typeof document]).toEqual(["undefined", "object"]);
  const { open, ReplyError } = require("wakey");
  const db = await open();
  expect(db.set("k", "v") + db.get("k")).toBe("OKv");
  const long = "é".repeat(300);
  expect(db.set(long, "ü\u{1f600}")).toBe("OK");
  expect(db.get(long)).toBe("ü\u{1f600}");
  expect(db.hset("h", new Map([["a", new Uint8Array([0xc3, 0xa9])]]))).toBe(1);
  expect(db.hget("h", "a")).toBe("é");
  expect(() => db.call("NONE")).toThrow(ReplyError);
  await db.close();
});
