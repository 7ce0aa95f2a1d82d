/** What the types allow, and what they refuse. Checked by `tsc`, never run. */
import { Redis as Upstash } from "@upstash/redis";
import { Redis } from "ioredis";
import {
  type Client,
  type ManualClock,
  type Message,
  manualClock,
  open,
  type Reply,
  ReplyError,
  type SharedWakey,
  type Stop,
  type Store,
  type Wakey,
} from "wakey";
import { options } from "wakey/ioredis";
import { type Server, serve } from "wakey/server";
import { open as slim } from "wakey/slim";
import { fetchHandler, requester } from "wakey/upstash";

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

  is<Reply>(db.eval("return 1", 0));
  is<Reply>(db.eval("return 1", 1, "k", "arg", new Uint8Array(1)));
  is<Reply>(db.eval("return 1", ["k"], ["arg", 1, 2n, new Uint8Array(1)]));
  is<Reply>(db.eval_ro("return 1", ["k"]));
  is<Reply>(db.evalsha("sha", ["k"], []));
  is<Reply<Uint8Array>>(db.bytes.fcall("f", [], ["arg"]));
  is<string>(db.script("LOAD", "return 1"));
  is<number[]>(db.script("EXISTS", "sha", "sha"));
  is<string>(db.function("LOAD", "REPLACE", "#!lua name=l"));
  is<[Reply | ReplyError, "OK" | string | null | ReplyError] | null>(db.multi().eval("return 1", ["k"]).set("k", 1).exec());
  // @ts-expect-error the number of keys, or an array of them
  db.eval("return 1");
  // @ts-expect-error arguments are scalars
  db.eval("return 1", ["k"], [{ a: 1 }]);
  const one = db.prepare("return 1", { keys: 1 });
  is<Reply>(one("k", "arg", 1));
  is<string>(one.sha);
  // @ts-expect-error it has a key
  one();
  const two = db.prepare<number, 2>("return 1", { keys: 2, readonly: true });
  is<number>(two("a", "b", 1));
  // @ts-expect-error it has two keys
  two("a");
  is<number>(db.prepare<number>("return 1")("any", "number"));
  is<Reply<Uint8Array>>(db.bytes.prepare("return 1")());
  // @ts-expect-error no such option
  db.prepare("return 1", { key: 1 });

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

  is<boolean>(db.vadd("v", "VALUES", [3, 1, 0, 0], "a"));
  db.vadd("v", "VALUES", 3, 1, 0, 0, "a", "SETATTR", "{}", "M", 8);
  db.vadd("v", "VALUES", 3, [1, 0, 0], "a", "Q8");
  db.vadd("v", "FP32", Float32Array.of(1, 0, 0), "a", "NOQUANT", "EF", 100);
  db.vadd("v", "REDUCE", 2, "VALUES", [3, 1, 0, 0], "a");
  is<boolean>(db.vadd("v", "FP32", Float32Array.of(1, 0, 0), "a", { SETATTR: "{}", M: 8, NOQUANT: true }));
  db.vadd("v", "REDUCE", 2, "VALUES", [3, 1, 0, 0], "a", { ef: 100, CAS: true });
  // @ts-expect-error there is no such option
  db.vadd("v", "VALUES", [3, 1, 0, 0], "a", { ATTR: "{}" });
  // @ts-expect-error a vector without its form
  db.vadd("v", [1, 0, 0], "a");
  // @ts-expect-error no such form
  db.vadd("v", "FP64", new Uint8Array(24), "a");
  is<string[]>(db.vsim("v", "ELE", "a"));
  is<string[]>(db.vsim("v", "VALUES", [3, 1, 0, 0], "COUNT", 5, "FILTER", ".year > 1999", "TRUTH"));
  is<{ [element: string]: number } | []>(db.vsim("v", "ELE", "a", "WITHSCORES"));
  is<{ [element: string]: string | null } | []>(db.vsim("v", "ELE", "a", { WITHATTRIBS: true, COUNT: 5 }));
  is<{ [element: string]: [number, string | null] } | []>(db.vsim("v", "ELE", "a", "WITHSCORES", "WITHATTRIBS"));
  is<{ [element: string]: [number, string | null] } | []>(
    db.vsim("v", "FP32", Float32Array.of(1, 0, 0), { WITHSCORES: true, WITHATTRIBS: true, EPSILON: 0.2, "FILTER-EF": 500 }),
  );
  is<[Uint8Array, number][] | []>(db.bytes.vsim("v", "ELE", "a", "WITHSCORES"));
  // @ts-expect-error scores are numbers
  is<{ [element: string]: string } | []>(db.vsim("v", "ELE", "a", "WITHSCORES"));
  // @ts-expect-error COUNT needs a number
  db.vsim("v", "ELE", "a", "COUNT");
  // @ts-expect-error no such option
  db.vsim("v", "ELE", "a", { WITHSCORE: true });
  is<number[] | null>(db.vemb("v", "a"));
  is<[string, string, number] | [string, string, number, number] | null>(db.vemb("v", "a", "RAW"));
  is<string[][] | null>(db.vlinks("v", "a"));
  is<{ [element: string]: number }[] | null>(db.vlinks("v", "a", "WITHSCORES"));
  is<string | null>(db.vrandmember("v"));
  is<string[]>(db.vrandmember("v", 2));

  is<number>(db.arset("a", 0, "x", "y"));
  db.armset("a", 0, "x", 7, "y");
  is<(string | null)[]>(db.argetrange("a", 0, 9));
  is<[number, string][]>(db.arscan("a", 0, 9, { LIMIT: 2 }));
  is<number[]>(db.argrep("a", 0, 9, "MATCH", "x"));
  is<[number, string][]>(db.argrep("a", 0, 9, "GLOB", "x*", "WITHVALUES"));
  is<[number, Uint8Array][]>(db.bytes.arscan("a", 0, 9));
  // @ts-expect-error a predicate is needed
  db.argrep("a", 0, 9);
  // @ts-expect-error LIMIT needs a number
  db.arscan("a", 0, 9, "LIMIT");

  const other: Client = db.session({ name: "x" });
  other.call("ANY", "thing", 1, [2, 3], { a: 1 });

  const { signal } = new AbortController();
  is<Promise<[string, string] | null>>(db.blpop("a", 0));
  is<[string, string] | null>(await db.blpop("a", "b", 1.5, { signal }));
  is<[Uint8Array, Uint8Array] | null>(await db.bytes.blpop(["a", "b"], 0, { signal }));
  is<string | null>(await db.blmove("a", "b", "LEFT", "RIGHT", 0, { signal }));
  is<{ [field: string]: Reply } | null>(db.xread("COUNT", 1, "STREAMS", "s", "0"));
  is<Promise<{ [field: string]: Reply } | null>>(db.xread("COUNT", 1, "BLOCK", 0, "STREAMS", "s", "0"));
  is<Promise<unknown>>(db.xread("BLOCK", 0, "COUNT", 1, "STREAMS", "s", "0", { signal }));
  is<Promise<unknown>>(db.xreadgroup("GROUP", "g", "c", "BLOCK", 0, "STREAMS", "s", ">"));
  is<{ [field: string]: Reply } | null>(db.xreadgroup("GROUP", "g", "c", "STREAMS", "s", ">"));
  is<Promise<Reply>>(db.call("BLPOP", "a", 0, { signal }));
  is<Promise<Reply>>(db.call("blpop", "a", 0));
  is<Reply>(db.call("LPOP", "a"));
  // @ts-expect-error a promise is no pair
  is<[string, string] | null>(db.blpop("a", 0));
  // @ts-expect-error a timeout is needed
  db.blpop("a");
  // @ts-expect-error no such option
  db.blpop("a", 0, { sygnal: signal });
  // @ts-expect-error commands that do not wait have no signal
  db.lpop("a", { signal });

  is<["OK" | string | null | ReplyError, number | ReplyError, string | null | ReplyError] | null>(
    db.multi().set("a", 1).incr("a").get("a").exec(),
  );
  is<[Uint8Array | null | ReplyError] | null>(db.bytes.multi().get("a").exec());
  is<[[string, string] | null | ReplyError] | null>(db.multi().blpop("a", 0).exec());
  is<[{ [field: string]: string } | ReplyError] | null>(db.multi().hgetall("h").exec());
  const looped = db.multi();
  for (const key of ["a", "b"]) looped.del(key);
  is<Reply[] | null>(looped.exec());
  is<void>(db.multi().discard());
  // @ts-expect-error arguments are checked as ever
  db.multi().set("a");
  // @ts-expect-error a transaction does not subscribe
  db.multi().subscribe("c", () => {});
  // @ts-expect-error the second reply is a number
  is<[unknown, string] | null>(db.multi().get("a").incr("a").exec());

  const stop: Stop = db.subscribe("c", (message, channel) => is<[string, string]>([message, channel]));
  stop();
  db.subscribe(["c", new Uint8Array(1)], (message: string) => is<string>(message));
  db.psubscribe("c*", (message, channel, pattern) => is<string[]>([message, channel, pattern]));
  db.bytes.ssubscribe("c", (message) => is<Uint8Array>(message));
  db.watchKeys("user:*", (event, key) => is<[string, string]>([event, key]));
  db.bytes.watchKeys("user:*", (event, key) => is<[string, Uint8Array]>([event, key]));
  for await (const { channel, message, pattern } of db.messages({ patterns: "c*" }, { signal })) {
    is<[string, string, string | null]>([channel, message, pattern]);
    break;
  }
  is<AsyncIterableIterator<Message<Uint8Array>>>(db.bytes.messages("c"));
  db.onpush = (push) => is<Reply[]>(push);
  is<number>(db.publish("c", "x"));
  // @ts-expect-error a handler is needed
  db.subscribe("c");
  // @ts-expect-error no such topics
  db.messages({ chanels: "c" });

  is<number | null>(db.zadd("z", "NX", "CH", 1, "a", 2.5, "b"));
  db.zadd("z", { 1: "a", 2.5: "b" });
  db.zadd("z", [[1, "a"]]);
  db.zadd("z", { a: 1 });
  is<number[] | (number | null)[]>(db.bitfield("b", "SET", "u8", 0, 1, "OVERFLOW", "SAT", "INCRBY", "u8", "#1", 1, "GET", "u8", 0));
  is<[string, string[]][] | null>(db.xrange("x", "-", "+", "COUNT", 5));
  is<string[] | undefined>(db.xread("STREAMS", "x", 0)?.x?.[0]?.[1]);
  is<Promise<{ [key: string]: ([string, string[]] | [string, null])[] } | null>>(
    db.xreadgroup("GROUP", "g", "c", "BLOCK", 0, "STREAMS", "x", ">"),
  );
  db.debug("OBJECT", "z");
  // @ts-expect-error DEBUG needs a subcommand
  db.debug();

  is<number>(db.nextDeadline());
  db.tick();
  const server: Server = await serve({ db, port: 0 });
  is<number | undefined>(server.port);
  await server.close();
  db.close();

  is<Promise<void>>((await open("file:./data", { appendfsync: "always", onProgress: ({ loaded }) => is<number>(loaded) })).close());
  const shared: SharedWakey = await open("idb:notes", { shared: true, durability: "strict" });
  is<Promise<number>>(shared.incr("n"));
  is<Promise<"OK">>(shared.save());
  is<Promise<Reply>>(shared.eval("return 1", ["k"]));
  is<Promise<Reply>>(shared.prepare("return 1", { keys: 1 })("k"));
  is<Promise<number>>(shared.prepare<number>("return 1")());
  // At once, or a promise: which one is the store's matter.
  is<"OK" | Promise<"OK">>(db.save());
  // @ts-expect-error it may be a promise
  is<"OK">(db.save());
  is<"OK">(await db.save());
  is<Promise<string | null>>(shared.get("k"));
  is<Promise<Reply[]>>(shared.multi().exec());
  is<[number | ReplyError, string | null | ReplyError]>(await shared.multi().incr("visits").get("visits").exec());
  is<[Uint8Array | null | ReplyError]>(await shared.bytes.multi().get("a").exec());
  is<["OK" | ReplyError, Reply]>(await shared.multi().save().call("ANY").exec());
  // @ts-expect-error arguments are checked as ever
  shared.multi().set("a");
  // Every form of a command, and not the last alone.
  is<Promise<string | null>>(shared.object("ENCODING", "k"));
  is<Promise<number | null>>(shared.object("IDLETIME", "k"));
  is<Promise<{ [field: string]: string }>>(shared.config("GET", "maxmemory"));
  is<Promise<"OK">>(shared.client("SETNAME", "x"));
  is<Promise<number>>(shared.hsetex("h", "f", "v", 5));
  is<Promise<number>>(shared.hsetex("h", "EX", 5, "FIELDS", 1, "f", "v"));
  is<Promise<unknown>>(shared.xread("STREAMS", "s", "0"));
  is<Promise<unknown>>(shared.xread("BLOCK", 0, "STREAMS", "s", "0"));
  is<Promise<[string, string] | null>>(shared.blpop("a", 0, { signal }));
  is<Promise<[Uint8Array, Uint8Array][]>>(shared.bytes.hgetall("h"));
  // @ts-expect-error no such subcommand
  shared.object("FROB", "k");
  // @ts-expect-error a promise
  is<string | null>(shared.get("k"));
  const store: Store = {
    kind: "mine",
    synchronous: true,
    strict: true,
    load: (into) => into.expect(0),
    append: () => {},
    rewrite: () => ({ begin() {}, write() {}, commit() {}, abort() {} }),
    close: () => {},
  };
  await open({ store });
  // @ts-expect-error no such policy
  await open("file:./data", { appendfsync: "sometimes" });
  // @ts-expect-error no such dialect
  await open({ dialect: "mysql" });
  // @ts-expect-error no such option
  await open({ clok: 1 });
  // @ts-expect-error slim needs a module
  await slim({});
  await slim({ wasm: new Uint8Array(1) });
  await open({ scriptTimeout: 0 });
  is<string>(new ReplyError("ERR x").code);
}

export function clients(db: Wakey): void {
  is<Promise<string | null>>(new Redis(options(db)).get("k"));
  new Redis(options(db, { db: 3, keyPrefix: "app:" }));
  // @ts-expect-error no such option of ioredis
  new Redis(options(db, { prefix: "app:" }));
  is<Promise<string | null>>(new Upstash(requester(db)).get<string>("k"));
  is<(request: Request) => Promise<Response>>(fetchHandler(db, { token: "t", cors: ["https://a.test"] }));
  // @ts-expect-error an origin is a string
  fetchHandler(db, { cors: 1 });
}
