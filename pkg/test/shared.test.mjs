/** `shared: true` in a simulated browser: whatever happens in whatever order, nothing is lost, taken for nobody, or left hanging. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "./shared-world.mjs";
import { source } from "./support.mjs";

const { pinned, shortened } = await source("shared/again");

test("300 simulated browsers: each element is delivered once or still there, no lock without an owner, every open() ends", async () => {
  const { pushes, got, leaders } = await simulate(300, 1);
  assert.ok(pushes > 1000 && got > 500 && leaders > 800, JSON.stringify({ pushes, got, leaders }));
});

test("orders in which something was wrong once", async () => {
  // Closed while it comes to lead; time anew; one who is alone; who closes beside a leader that does; aborted, and then closed;
  // what was done comes again from one who has died, when his answers are forgotten.
  for (const seed of [33, 1270, 14, 167, 469, 4288, 2055550]) await simulate(1, seed);
});

test("a command that is asked again waits for what is left of its time", () => {
  const left = (line, waited) => shortened(line.split(" "), waited).join(" ");
  assert.equal(left("BLPOP a b 10", 4000), "BLPOP a b 6");
  assert.equal(left("blmove a b LEFT LEFT 0.5", 100), "blmove a b LEFT LEFT 0.4");
  assert.equal(left("BLMPOP 10 1 a LEFT", 2500), "BLMPOP 7.5 1 a LEFT");
  assert.equal(left("BZMPOP 1 1 a MIN", 5000), "BZMPOP 0.001 1 a MIN");
  assert.equal(left("XREAD COUNT 1 BLOCK 1000 STREAMS s $", 400), "XREAD COUNT 1 BLOCK 600 STREAMS s $");
  assert.equal(left("XREADGROUP GROUP BLOCK c BLOCK 10 STREAMS s >", 400), "XREADGROUP GROUP BLOCK c BLOCK 1 STREAMS s >");
  for (const same of ["BLPOP a 0", "XREAD BLOCK 0 STREAMS s $", "XREAD STREAMS BLOCK 7", "BLPOP a soon", "BLPOP a -1", "GET a"])
    assert.equal(left(same, 400), same);
  assert.deepEqual(shortened([Buffer.from("BRPOP"), Buffer.from([255]), Buffer.from("2")], 500), [
    Buffer.from("BRPOP"),
    Buffer.from([255]),
    "1.5",
  ]);
});

test("what comes from now on comes from the same moment on with the next leader", () => {
  const fixed = (line) => pinned(line.split(" "), (key) => `5-${key}`)?.join(" ");
  assert.equal(fixed("XREAD BLOCK 0 STREAMS a b $ $"), "XREAD BLOCK 0 STREAMS a b 5-a 5-b");
  assert.equal(fixed("xread count 2 block 10 streams $ b 3-1 $"), "xread count 2 block 10 streams $ b 3-1 5-b");
  for (const none of [
    "XREAD BLOCK 0 STREAMS a 0",
    "XREAD STREAMS a $",
    "XREAD BLOCK 0 STREAMS a b $",
    "XREADGROUP GROUP g c BLOCK 0 STREAMS a >",
    "GET $",
  ])
    assert.equal(fixed(none), undefined);
});
