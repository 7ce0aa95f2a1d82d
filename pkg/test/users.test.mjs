// Users: what open() and serve() are given of them, and that each may do what it may.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { open } from "wakey";
import { serve } from "wakey/server";
import { fetchHandler } from "wakey/upstash";

const folder = mkdtempSync(join(tmpdir(), "wakey-users-"));
after(() => rmSync(folder, { recursive: true }));

/** The first lines that a server answers. */
async function ask(port, lines, count = lines.length) {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.write(lines.map((line) => `${line}\r\n`).join(""));
  for await (const bytes of socket) {
    text += bytes;
    if (text.split("\r\n").length > count) break;
  }
  socket.destroy();
  return text.split("\r\n").slice(0, count);
}

test("each tenant has its prefix, and nothing else", async () => {
  const users = [
    "user default off",
    { name: "ann", passwords: ["one"], rules: ["~ann:*", "&ann:*", "+@all", "-@dangerous", "-@admin"] },
    "bob on >two ~bob:* resetchannels &bob:* +@all -@dangerous",
    { name: "gone", passwords: ["three"], rules: "~* +@all", enabled: false },
  ];
  const db = await open({ users });
  const server = await serve({ db, port: 0 });
  try {
    const { port } = server;
    assert.deepEqual(await ask(port, ["GET ann:k"]), ["-NOAUTH Authentication required."]);
    assert.deepEqual(await ask(port, ["AUTH gone three"]), ["-WRONGPASS invalid username-password pair or user is disabled."]);
    const script = "EVAL \"return redis.pcall('GET', 'bob:k')\" 0";
    assert.deepEqual(await ask(port, ["AUTH ann one", "SET ann:k v", "SET bob:k v", script, "FLUSHALL", "PUBLISH bob:c m"]), [
      "+OK",
      "+OK",
      "-NOPERM No permissions to access a key",
      "-ERR ACL failure in script: No permissions to access a key",
      "-NOPERM User ann has no permissions to run the 'flushall' command",
      "-NOPERM No permissions to access a channel",
    ]);
    assert.deepEqual(await ask(port, ["AUTH bob two", "SET bob:k v", "GET ann:k", "ACL WHOAMI"], 5), [
      "+OK",
      "+OK",
      "-NOPERM No permissions to access a key",
      "$3",
      "bob",
    ]);
    // In process everything is allowed: whoever has the engine has the data.
    assert.equal(db.get("ann:k"), "v");
    assert.equal(db.flushall(), "OK");
  } finally {
    await server.close();
    await db.close();
  }
});

test("the default user keeps its password where users are given", async () => {
  const db = await open({ requirepass: "secret", users: ["ann on >one ~ann:* +@all"] });
  const server = await serve({ db, port: 0 });
  try {
    assert.deepEqual(await ask(server.port, ["PING"]), ["-NOAUTH Authentication required."]);
    assert.deepEqual(await ask(server.port, ["AUTH secret", "PING"]), ["+OK", "+PONG"]);
  } finally {
    await server.close();
    await db.close();
  }
});

test("users that are wrong are a mistake of whoever opens", async () => {
  for (const [users, message] of [
    ["ann", /an array/],
    [["ann on +nosuch"], /users:1: Error in applying operation '\+nosuch': Unknown command or category name in ACL/],
    [["ann on\nuser eve on +@all"], /line ends/],
    [["ann", "ann"], /Duplicate user 'ann'/],
    [[{ name: "a b" }], /neither spaces nor line ends/],
    [[{ name: "a", role: "x" }], /no field 'role'/],
    [[{ name: "a", rules: ["~x +@all"] }], /without spaces/],
    [[{ name: "a", rules: ["~x\n+@all"] }], /without spaces/],
    [[{ name: "a", passwords: "x" }], /an array of texts/],
    [[{ name: "a", passwords: ["x +@all"] }], /without spaces/],
  ]) {
    await assert.rejects(open({ users }), message, JSON.stringify(users));
  }
  const db = await open({ users: [{ name: "a", rules: ["+get", "(~x +set)"] }] });
  assert.deepEqual(db.call("ACL", "LIST"), [
    "user a on sanitize-payload resetchannels -@all +get (~x resetchannels -@all +set)",
    "user default on nopass sanitize-payload ~* &* +@all",
  ]);
  await db.close();
});

test("a file of users is read by ACL LOAD and written by ACL SAVE", async () => {
  const aclfile = join(folder, "users.acl");
  writeFileSync(aclfile, "user default on nopass ~* &* +@all\nuser ann on >one ~ann:* +@all\n");
  const server = await serve({ port: 0, aclfile });
  const { db, port } = server;
  try {
    assert.deepEqual(await ask(port, ["AUTH ann one", "GET k"]), ["+OK", "-NOPERM No permissions to access a key"]);
    assert.deepEqual(await ask(port, ["ACL SETUSER bob on >two +ping", "ACL SAVE"]), ["+OK", "+OK"]);
    assert.match(readFileSync(aclfile, "utf8"), /^user ann on .*\nuser bob on sanitize-payload #[0-9a-f]{64} resetchannels -@all \+ping\n/);
    assert.equal(statSync(aclfile).mode & 0o077, 0);
    writeFileSync(aclfile, "user default on nopass ~* &* +@all\nuser eve on zz\n");
    const [said] = await ask(port, ["ACL LOAD"]);
    assert.match(said, /^-ERR .*users\.acl:2: Syntax error\. WARNING: ACL errors detected, no change/);
    assert.equal(db.call("ACL", "USERS").length, 3);
    assert.equal(db.call("CONFIG", "GET", "aclfile").aclfile ?? db.call("CONFIG", "GET", "aclfile").get?.("aclfile"), aclfile);
  } finally {
    await server.close();
  }
  await assert.rejects(serve({ port: 0, aclfile: join(folder, "nosuch") }), /ENOENT/);
});

test("a token over HTTP is a user's", async () => {
  const db = await open({ users: [{ name: "ann", rules: ["~ann:*", "+@all", "-@dangerous"] }] });
  const handler = fetchHandler(db, { token: "all", readonlyToken: "read", userTokens: { anns: "ann", nobodys: "nobody" } });
  const ask = async (path, token) => {
    const response = await handler(new Request(`http://localhost${path}`, { headers: { authorization: `Bearer ${token}` } }));
    return { status: response.status, ...(await response.json()) };
  };
  assert.deepEqual(await ask("/set/ann:k/v", "anns"), { status: 200, result: "OK" });
  assert.deepEqual(await ask("/set/k/v", "anns"), { status: 400, error: "NOPERM No permissions to access a key" });
  assert.deepEqual(await ask("/set/k/v", "all"), { status: 200, result: "OK" });
  assert.deepEqual(await ask("/get/ann:k", "read"), { status: 200, result: "v" });
  assert.equal((await ask("/get/ann:k", "nobodys")).status, 400);
  assert.equal((await ask("/get/ann:k", "ann")).status, 401);
  assert.equal((await ask("/get/ann:k", "")).status, 401);
  for (const options of [
    { userTokens: { "": "ann" } },
    { userTokens: { x: "" } },
    { token: "x", userTokens: { x: "ann" } },
    { unprotected: true, userTokens: { x: "ann" } },
  ]) {
    assert.throws(() => fetchHandler(db, options), TypeError);
  }
  db.call("ACL", "SETUSER", "ann", "off");
  assert.equal((await ask("/get/ann:k", "anns")).status, 400);
  await db.close();
});
