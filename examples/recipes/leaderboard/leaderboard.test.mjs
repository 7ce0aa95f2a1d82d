import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "wakey";
import { Leaderboard } from "./leaderboard.mjs";

test("the best result of each player counts", async () => {
  const board = new Leaderboard(await open(), "chess");
  for (const [player, score] of Object.entries({ ann: 1200, bob: 1500, cid: 900, dan: 1350 })) board.report(player, score);
  board.report("ann", 1000);
  board.report("cid", 1400);
  assert.deepEqual(board.top(2), [
    ["bob", 1500],
    ["cid", 1400],
  ]);
  assert.equal(board.place("ann"), 4);
  assert.equal(board.place("eve"), null);
  assert.deepEqual(board.around("dan", 1), ["cid", "dan", "ann"]);
  assert.deepEqual(board.around("bob", 1), ["bob", "cid"]);
});
