import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { manualClock, open } from "wakey";
import { createApp } from "./app.mjs";

test("a session remembers, and is forgotten when its time is over", async (t) => {
  const clock = manualClock();
  const db = await open({ clock });
  const { app, close } = await createApp(db, join(mkdtempSync(join(tmpdir(), "recipe-")), "redis.sock"));
  const http = app.listen(0, "127.0.0.1");
  await once(http, "listening");
  t.after(async () => {
    http.closeAllConnections();
    http.close();
    await close();
  });
  let cookie = "";
  const visit = async () => {
    const response = await fetch(`http://127.0.0.1:${http.address().port}/`, { headers: { cookie } });
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return (await response.json()).visits;
  };
  assert.deepEqual([await visit(), await visit()], [1, 2]);
  assert.equal(db.keys("session:*").length, 1);
  clock.advance(60_000);
  assert.equal(await visit(), 1);
});
