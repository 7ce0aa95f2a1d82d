import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock, open } from "wakey";
import { rateLimiter } from "./rate-limiter.mjs";

test("three calls a second, in any second", async () => {
  const clock = manualClock(1_700_000_000_000);
  const db = await open({ clock });
  const allow = rateLimiter(db, { limit: 3, window: 1000 });
  assert.equal(allow("ann").allowed, true);
  clock.advance(600);
  assert.deepEqual([allow("ann").allowed, allow("ann").allowed], [true, true]);
  assert.deepEqual(allow("ann"), { allowed: false, retryAfter: 400 });
  assert.equal(allow("bob").allowed, true);
  clock.advance(399);
  assert.equal(allow("ann").allowed, false);
  clock.advance(1);
  assert.equal(allow("ann").allowed, true);
  assert.deepEqual(allow("ann"), { allowed: false, retryAfter: 600 });
  clock.advance(1000);
  assert.deepEqual(db.keys("*"), []);
});
