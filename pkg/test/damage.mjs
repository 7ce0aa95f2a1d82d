/**
 * Damages the files of a `file:` folder at random, and opens it: what is there is the beginning of what was acknowledged, or there is
 * an error that says where; it never traps, and nothing is missing without a word. For `make test` and `make fuzz`.
 *
 * A changed byte in a value cannot be noticed, since the format has no checksums; but then as much is there as was.
 */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "../dist/node.mjs";
import { random } from "./shared-world.mjs";
import { scratch, source } from "./support.mjs";

const { AofStore, NodeFiles } = await source("persistence/stores/aof", "persistence/stores/file");
const MANIFEST = "appendonly.aof.manifest";

async function opened(path, shared, onWarning) {
  const files = await NodeFiles.open(path, onWarning);
  return open({ store: new AofStore("file", files, shared), onWarning, appendfsync: "no", seed: 1 });
}

/** Writes numbers in their order, each with a transaction of its own, and snapshots in between; how many. */
async function written(path, shared, draw) {
  const db = await opened(path, shared, assert.fail);
  const { persistence } = db._engine;
  const count = Math.floor(draw() * 30);
  for (let i = 0; i < count; i++) {
    if (draw() < 0.1) db.select(Math.floor(draw() * 3));
    db.multi()
      .rpush("log", i)
      .set(`key:${i}`, "x".repeat(draw() * 40))
      .exec();
    if (shared) {
      persistence.note({ request: `client:${i}`, replies: [Buffer.from(`:${i}\r\n`)] });
      if (i > 3 && draw() < 0.3) persistence.note({ request: `client:${i - 3}` });
    }
    if (draw() < 0.08) await persistence.rewrite();
    // Ended in the middle of one: then there are two increments.
    if (draw() < 0.03) await persistence.rewrite().catch(() => {});
  }
  if (draw() < 0.2) void persistence.rewrite();
  await db.close();
  return count;
}

/** The numbers that are there, and how many keys, in all databases. */
function found(db) {
  const numbers = [];
  let keys = 0;
  for (let database = 0; database < 16; database++) {
    db.select(database);
    for (const key of db.keys("*")) {
      if (db.type(key) === "list") numbers.push(...db.lrange(key, 0, -1));
      else keys++;
    }
  }
  return { numbers, keys };
}

/** Each changes the files of a folder. `exact`: what is read then is a beginning of what was written, or an error. */
const WAYS = {
  "cut the last file": {
    exact: true,
    damage({ last, bytes, write, draw }) {
      write(last, bytes(last).subarray(0, draw() * (bytes(last).length + 1)));
    },
  },
  "cut any file": {
    exact: true,
    damage({ any, bytes, write, draw }) {
      const name = any();
      write(name, bytes(name).subarray(0, draw() * (bytes(name).length + 1)));
    },
  },
  "flip a bit": {
    exact: false,
    damage({ any, bytes, write, draw }) {
      const name = any();
      const all = bytes(name);
      if (all.length > 0) all[Math.floor(draw() * all.length)] ^= 1 << (draw() * 8);
      write(name, all);
    },
  },
  "zeros behind, or in place of, the end": {
    exact: true,
    damage({ last, bytes, write, draw }) {
      const all = bytes(last);
      const kept = all.subarray(0, draw() < 0.5 ? all.length : draw() * all.length);
      write(last, Buffer.concat([kept, Buffer.alloc(1 + draw() * 5000)]));
    },
  },
  "garbage behind the end": {
    exact: true,
    damage({ last, bytes, write, draw }) {
      const garbage = Array.from({ length: 1 + Math.floor(draw() * 60) }, () => "*$0123456789-\r\n#aX\0"[Math.floor(draw() * 19)]).join("");
      write(last, Buffer.concat([bytes(last), Buffer.from(garbage)]));
    },
  },
  "a file removed": {
    exact: true,
    damage({ place, any }) {
      rmSync(join(place, any()));
    },
  },
  "two files with each other's names": {
    exact: false,
    damage({ place, any }) {
      const [one, other] = [any(), any()];
      if (one === other) return;
      renameSync(join(place, one), join(place, "beside"));
      renameSync(join(place, other), join(place, one));
      renameSync(join(place, "beside"), join(place, other));
    },
  },
  "the manifest cut": {
    exact: true,
    damage({ bytes, write, draw }) {
      write(MANIFEST, bytes(MANIFEST).subarray(0, draw() * (bytes(MANIFEST).length + 1)));
    },
  },
  "a bit of the manifest flipped": {
    exact: true,
    damage({ bytes, write, draw }) {
      const all = bytes(MANIFEST);
      all[Math.floor(draw() * all.length)] ^= 1 << (draw() * 8);
      write(MANIFEST, all);
    },
  },
  "the manifest's lines mixed, doubled, dropped, with garbage": {
    exact: true,
    damage({ bytes, write, draw }) {
      const lines = bytes(MANIFEST).toString("latin1").split("\n");
      const garbage = ["file", "file a seq 1 type b", "file appendonly.aof.9.incr.aof seq 9 type i", "\0\0\0", "seq x", '"', "# note", ""];
      const any = (list) => list[Math.floor(draw() * list.length)];
      for (let n = 1 + draw() * 3; n > 0; n--) {
        const at = Math.floor(draw() * lines.length);
        if (draw() < 0.4) lines.splice(at, 0, any(garbage));
        else if (draw() < 0.5) lines.splice(at, 1);
        else lines.splice(at, 0, any(lines));
      }
      write(MANIFEST, Buffer.from(lines.join("\n"), "latin1"));
    },
  },
};

/** Runs so many; throws with seed and way where something does not hold. How many could be opened, and were refused. */
export async function damaged(runs, seed) {
  // In memory where that can be: nothing here is about the disk.
  const root = scratch("damage");
  const seen = { opened: 0, refused: 0 };
  try {
    for (let i = 0; i < runs; i++) {
      const draw = random(seed + i);
      const names = Object.keys(WAYS);
      const way = names[Math.floor(draw() * names.length)];
      try {
        const outcome = await once(join(root, String(i)), WAYS[way], draw);
        seen[outcome]++;
      } catch (error) {
        throw new Error(`seed ${seed + i}, ${way}: ${error.stack}`, { cause: error });
      }
    }
    return seen;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function once(path, { exact, damage }, draw) {
  mkdirSync(path);
  const shared = draw() < 0.4;
  const count = await written(path, shared, draw);
  const place = join(path, "appendonlydir");
  const manifest = readFileSync(join(place, MANIFEST), "utf8");
  const named = [...manifest.matchAll(/^file (\S+)/gm)].map(([, name]) => name);
  // What a snapshot has replaced may still be there, as after a crash; it is no part of this.
  for (const name of readdirSync(place)) if (name !== MANIFEST && !named.includes(name)) rmSync(join(place, name), { force: true });
  damage({
    place,
    draw,
    last: named.at(-1),
    any: () => named[Math.floor(draw() * named.length)],
    bytes: (name) => readFileSync(join(place, name)),
    write: (name, bytes) => writeFileSync(join(place, name), bytes),
  });
  const warnings = [];
  let db;
  try {
    db = await opened(path, shared, (message) => warnings.push(message));
  } catch (error) {
    assert.equal(error.name, "StoreError", error.stack);
    assert.match(error.message, /appendonly/, "it says where");
    rmSync(path, { recursive: true });
    return "refused";
  }
  const { numbers, keys } = found(db);
  if (exact) {
    const sorted = numbers.map(Number).toSorted((a, b) => a - b);
    assert.deepEqual(
      sorted,
      Array.from({ length: sorted.length }, (_, i) => i),
      "a beginning of what was written",
    );
    assert.equal(keys, sorted.length, "transactions are whole");
    if (shared) {
      for (const request of db._engine.persistence.receipts().keys())
        assert.ok(Number(request.split(":")[1]) < sorted.length, `${request} was not done`);
    }
  } else if (warnings.length === 0) assert.equal(numbers.length, count, "nothing is missing without a word");
  db.select(0);
  db.set("later", 1);
  await db.close();
  const again = await opened(path, shared, () => {});
  again.select(0);
  assert.equal(again.get("later"), "1", "what is written afterwards is there");
  await again.close();
  rmSync(path, { recursive: true });
  return "opened";
}
