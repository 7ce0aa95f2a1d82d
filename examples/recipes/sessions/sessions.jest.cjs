/** The same with Jest, in CommonJS. */
const { manualClock, open } = require("wakey");
const { Sessions } = require("./sessions.cjs");

let clock;
let db;

beforeEach(async () => {
  clock = manualClock();
  db = await open({ clock });
});
afterEach(() => db.close());

test("a session is over half an hour after it was last used", () => {
  const sessions = new Sessions(db);
  const id = sessions.begin("ann");
  clock.advance(30 * 60_000 - 1);
  expect(sessions.use(id)).toEqual({ user: "ann", seen: "1" });
  clock.advance(30 * 60_000);
  expect(sessions.use(id)).toBeNull();
});
