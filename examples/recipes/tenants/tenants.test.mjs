import assert from "node:assert/strict";
import { test } from "node:test";
import Redis from "ioredis";
import { serve } from "wakey/server";
import { tenants } from "./tenants.mjs";

test("a tenant has its own keys and channels, and no others", async () => {
  const { db, add, remove } = await tenants();
  const server = await serve({ db, port: 0 });
  const connect = (username, password) => new Redis({ port: server.port, username, password, retryStrategy: null });
  const [ann, bob] = [connect("ann", add("ann")), connect("bob", add("bob"))];
  ann.on("error", () => {});
  try {
    await ann.set("ann:greeting", "hello");
    await bob.set("bob:greeting", "hi");
    assert.equal(await ann.get("ann:greeting"), "hello");
    await assert.rejects(ann.get("bob:greeting"), /NOPERM/);
    await assert.rejects(ann.eval("return redis.call('GET', 'bob:greeting')", 0), /ACL failure in script/);
    await assert.rejects(ann.publish("bob:news", "x"), /NOPERM/);
    for (const line of [["keys", "*"], ["scan", 0], ["randomkey"], ["flushall"], ["acl", "list"], ["config", "get", "*"], ["monitor"]]) {
      await assert.rejects(ann.call(...line), /NOPERM/, line.join(" "));
    }
    assert.throws(() => add("a*"), RangeError);
    remove("ann");
    await assert.rejects(ann.get("ann:greeting"));
    assert.deepEqual(db.keys("*"), ["bob:greeting"]);
  } finally {
    ann.disconnect();
    bob.disconnect();
    await server.close();
    await db.close();
  }
});
