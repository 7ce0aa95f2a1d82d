/** What the types allow, and what they refuse. Checked by `tsc`, never run. */
import { type Client, type ManualClock, manualClock, open, ReplyError, type Wakey } from "wakey";
import { type Server, serve } from "wakey/server";
import { open as slim } from "wakey/slim";

function is<T>(_value: T): void {}

export async function types(): Promise<void> {
  const clock: ManualClock = manualClock(0);
  const db: Wakey = await open({ clock, seed: 1n, dialect: "dicedb", databases: 4 });

  is<string | null>(db.get("k"));
  is<"OK" | string | null>(db.set("k", 1));
  db.set("k", "v", "EX", 60);
  db.set("k", "v", "NX", "GET", "PX", 1n);
  db.set("k", "v", "px", 5, "xx");
  db.set("k", new Uint8Array(1), "KEEPTTL");
  // @ts-expect-error a key without a value
  db.set("k");
  // @ts-expect-error no such option
  db.set("k", "v", "EXX", 60);
  // @ts-expect-error EX needs seconds
  db.set("k", "v", "EX");
  // @ts-expect-error a boolean is no value
  db.set("k", true);
  // @ts-expect-error an object is no value
  db.set("k", { a: 1 });
  // @ts-expect-error undefined is no value
  db.set("k", undefined);

  is<number>(db.hset("h", "f", 1));
  db.hset("h", { f: 1, g: "2", h: 3n });
  db.hset("h", new Map([["f", 1]]));
  db.hset("h", Object.entries({ f: 1 }));
  db.hset("h", "f", 1, "g", 2);
  // @ts-expect-error a field without a value
  db.hset("h", "f");
  // @ts-expect-error values are scalars
  db.hset("h", { f: { deep: 1 } });

  is<{ [field: string]: string }>(db.hgetall("h"));
  is<[Uint8Array, Uint8Array][]>(db.bytes.hgetall("h"));
  is<Uint8Array | null>(db.bytes.get("k"));
  is<(string | null)[]>(db.mget("a", "b"));
  is<(string | null)[]>(db.mget(["a", "b"]));
  // @ts-expect-error at least one key
  db.mget();
  is<number>(db.del("a", ["b", "c"]));
  is<"OK">(db.mset({ a: 1, b: 2 }));

  db.config("GET", "maxmemory", "timeout");
  db.config("set", { timeout: 1 });
  // @ts-expect-error no such subcommand
  db.config("FROB");
  // @ts-expect-error GET needs a parameter
  db.config("GET");
  is<number>(db.client("ID"));
  db.object("ENCODING", "k");
  db.scan(0, "MATCH", "a*", "COUNT", 10);
  db.scan(0, "COUNT", 10, "TYPE", "hash", "MATCH", "*");
  db.hexpire("h", 10, "NX", "FIELDS", 1, "f");
  db.hexpire("h", 10, "FIELDS", 2, "f", "g");
  // @ts-expect-error FIELDS is required
  db.hexpire("h", 10, "f");
  db.hsetex("h", "FNX", "EX", 10, "FIELDS", 1, "f", "v");
  db.lcs("a", "b", "IDX", "MINMATCHLEN", 2, "WITHMATCHLEN");
  db.copy("a", "b", "REPLACE", "DB", 1);
  db.expire("k", 5, "GT");

  const other: Client = db.session({ name: "x" });
  other.call("ANY", "thing", 1, [2, 3], { a: 1 });
  is<number>(db.nextDeadline());
  db.tick();
  const server: Server = await serve({ db, port: 0 });
  is<number | undefined>(server.port);
  await server.close();
  db.close();

  // @ts-expect-error no such dialect
  await open({ dialect: "mysql" });
  // @ts-expect-error no such option
  await open({ clok: 1 });
  // @ts-expect-error slim needs a module
  await slim({});
  await slim({ wasm: new Uint8Array(1) });
  is<string>(new ReplyError("ERR x").code);
}
