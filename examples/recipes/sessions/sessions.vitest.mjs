/** Half an hour passes at once: the clock is the test's own. */

import { afterEach, beforeEach, expect, test } from "vitest";
import { manualClock, open } from "wakey";
import { Sessions } from "./sessions.cjs";

const MINUTE = 60_000;
let clock;
let db;
let sessions;

beforeEach(async () => {
  clock = manualClock();
  db = await open({ clock });
  sessions = new Sessions(db);
});
afterEach(() => db.close());

test("a session is over half an hour after it was last used, to the millisecond", () => {
  const id = sessions.begin("ann");
  clock.advance(29 * MINUTE);
  expect(sessions.use(id)).toEqual({ user: "ann", seen: "1" });
  clock.advance(30 * MINUTE - 1);
  expect(db.exists(`session:${id}`)).toBe(1);
  clock.advance(1);
  expect(sessions.use(id)).toBeNull();
});

test("an end is an end", () => {
  const id = sessions.begin("ann");
  sessions.end(id);
  expect(sessions.use(id)).toBeNull();
});
