/** The examples of commands (`wakey help`, the command's page): every command has one, of eight lines at most, and it says what is answered. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { open } from "wakey";
import "wakey/words";
import { commandOf, lines, ofCluster, Player } from "../../scripts/scenes.mjs";
import { dist, root, source } from "./support.mjs";

const { EXAMPLES } = await source("terminal/examples.gen");
const db = await open();
const docs = db.command("DOCS");
/** All commands and subcommands, and those that are only named with a subcommand. */
const names = new Map();
const containers = new Set();
for (const [name, { subcommands = {} }] of Object.entries(docs)) {
  names.set(name.toUpperCase(), true);
  for (const sub of Object.keys(subcommands)) names.set(sub.toUpperCase().replace("|", " "), true);
  if (Object.keys(subcommands).length > 0) containers.add(name.toUpperCase());
}

test("every command has an example, and no other name", () => {
  assert.deepEqual(
    [...names.keys()].filter((name) => EXAMPLES[name] === undefined && !containers.has(name)),
    [],
  );
  assert.deepEqual(
    Object.keys(EXAMPLES).filter((name) => !names.has(name)),
    [],
  );
});

test("an example has eight lines at most, and the command is in it", () => {
  for (const [name, scene] of Object.entries(EXAMPLES)) {
    const all = lines(scene).map(([line]) => line);
    assert.ok(all.length <= 8, name);
    assert.ok(
      all.some((line) => commandOf(line, names) === name),
      name,
    );
  }
});

for (const [name, scene] of Object.entries(EXAMPLES)) {
  test(`the example of ${name} is true`, async () => {
    const player = await Player.open({ cluster: ofCluster(name) });
    for (const [line, reply] of lines(scene)) assert.deepEqual(player.run(line) ?? ["(no reply)"], reply, line);
    player.close();
  });
}

test("the file is what the dialogues and scenes.txt make of it", () => {
  const done = spawnSync(process.execPath, [join(root, "scripts/scenes.mjs"), "--check"], { encoding: "utf8", timeout: 280_000 });
  assert.equal(done.status, 0, done.stdout + done.stderr);
});

test("they weigh on the terminal alone", () => {
  for (const file of readdirSync(dist, { recursive: true }))
    if (/\.(js|mjs)$/.test(file)) assert.ok(!readFileSync(join(dist, file), "utf8").includes("ZREVRANGEBYSCORE board 20 8"), file);
});
