/**
 * Replies that follow from the options of a command, one test for each such command, in the three modes. Checked by `tsc`, never run.
 */
import { open, type Reply, type ReplyError, type SharedWakey, type StreamEntry, type Wakey } from "wakey";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The type of the value is `E`, and no other. */
function exactly<E>(): <T>(_value: T, ..._same: Same<T, E> extends true ? [] : ["another type"]) => void {
  return () => {};
}

const text = exactly<string>();
const texts = exactly<string[]>();
const scores = exactly<[string, number][]>();
const number = exactly<number>();
const numbers = exactly<number[]>();
const maybeText = exactly<string | null>();
const maybeTexts = exactly<(string | null)[]>();
const maybeNumber = exactly<number | null>();
const entries = exactly<[string, string[]][]>();

export function strings(db: Wakey, isNew: boolean, keep: string, words: string[]): void {
  const ok = exactly<"OK">();
  ok(db.set("k", "v"));
  ok(db.set("k", "v", "EX", 60));
  ok(db.set("k", "v", "px", 60n));
  ok(db.set("k", "v", { EX: 60, KEEPTTL: false }));
  exactly<"OK" | null>()(db.set("k", "v", "NX"));
  exactly<"OK" | null>()(db.set("k", "v", "EX", 60, "xx"));
  exactly<"OK" | null>()(db.set("k", "v", { ex: "60", nx: true }));
  exactly<"OK" | null>()(db.set("k", "v", { NX: isNew }));
  maybeText(db.set("k", "v", "GET"));
  maybeText(db.set("k", "v", "NX", "GET", "PX", 5));
  maybeText(db.set("k", "v", { GET: true, PX: 5 }));
  exactly<Uint8Array | null>()(db.bytes.set("k", "v", "GET"));
  // @ts-expect-error one of two
  db.set("k", "v", "NX", "XX");
  // @ts-expect-error once
  db.set("k", "v", "GET", "GET");
  // @ts-expect-error seconds are missing
  db.set("k", "v", "EX", "NX", "GET", "PX");
  // @ts-expect-error no such option
  db.set("k", "v", { EXX: 60 });
  // @ts-expect-error no such option beside one
  db.set("k", "v", { EX: 60, EXX: 60 });
  // @ts-expect-error it has a value
  db.set("k", "v", { EX: true });
  // @ts-expect-error it has none
  db.set("k", "v", { NX: 1 });
  // @ts-expect-error a text is no option
  db.set("k", "v", keep);
  // Of an array nothing is known.
  maybeText(db.get("k"));
  db.zadd("z", ...words);

  exactly<"OK" | null>()(db.setJSON("k", { a: 1 }, { EX: 60, NX: true }));
  db.setJSON("k", [1], "EX", 60);
  // @ts-expect-error no such option
  db.setJSON("k", [1], { EXX: 60 });
  exactly<{ a: number } | null>()(db.getJSON<{ a: number }>("k"));
  maybeText(db.getex("k", "EX", 60));
  maybeText(db.getex("k", { PERSIST: true }));
  // @ts-expect-error one of several
  db.getex("k", "EX", 60, "PERSIST");
  text(db.lcs("a", "b"));
  number(db.lcs("a", "b", "LEN"));
  number(db.lcs("a", "b", { LEN: true }));
  exactly<{ [field: string]: Reply }>()(db.lcs("a", "b", "IDX", "WITHMATCHLEN"));
  numbers(db.bitfield("b", "SET", "u8", 0, 1));
  exactly<(number | null)[]>()(db.bitfield("b", "OVERFLOW", "FAIL", "INCRBY", "u8", 0, 1));
  text(db.ping());
  text(db.ping("hello"));
  db.mset({ a: 1 });
  // @ts-expect-error a value is missing
  db.mset("a", 1, "b");
}

export function keys(db: Wakey): void {
  exactly<[string, string[]]>()(db.scan(0));
  exactly<[string, string[]]>()(db.scan(0, "COUNT", 10, "MATCH", "*"));
  exactly<[string, string[]]>()(db.scan(0, { MATCH: "*", TYPE: "hash" }));
  // @ts-expect-error no such option
  db.scan(0, "LIMIT", 10);
  texts(db.sort("k"));
  texts(db.sort("k", "LIMIT", 0, 10, "DESC", "ALPHA"));
  maybeTexts(db.sort("k", "BY", "w_*", "GET", "#", "GET", "o_*"));
  maybeTexts(db.sort("k", { BY: "w_*", GET: ["#", "o_*"], LIMIT: [0, 10] }));
  number(db.sort("k", "GET", "#", "STORE", "to"));
  number(db.sort("k", { STORE: "to" }));
  texts(db.sort_ro("k", "ASC"));
  maybeTexts(db.sort_ro("k", "GET", "#"));
  number(db.expire("k", 5, "NX"));
  number(db.expire("k", 5, { GT: true }));
  // @ts-expect-error one of several
  db.expire("k", 5, "NX", "GT");
  number(db.copy("a", "b", { DB: 1, REPLACE: true }));
}

export function hashes(db: Wakey, user: { name: string }): void {
  maybeText(db.hrandfield("h"));
  texts(db.hrandfield("h", 2));
  exactly<[string, string][]>()(db.hrandfield("h", 2, "WITHVALUES"));
  exactly<[Uint8Array, Uint8Array][]>()(db.bytes.hrandfield("h", 2, "WITHVALUES"));
  number(db.hset("h", "a", 1, "b", 2));
  number(db.hset("h", user));
  number(db.hset("h", [["a", 1]]));
  // @ts-expect-error a value is missing
  db.hset("h", "a", 1, "b");
  // @ts-expect-error a field is missing
  db.hset("h");
  db.hsetex("h", { FNX: true, EX: 10 }, "FIELDS", 1, "f", "v");
  db.hexpire("h", 10, { NX: true }, "FIELDS", 1, "f");
  db.hgetex("h", { EX: 10 }, "FIELDS", 1, "f");
  // @ts-expect-error FIELDS is needed
  db.hgetex("h", { EX: 10 });
}

export function lists(db: Wakey): void {
  maybeText(db.lpop("l"));
  exactly<string[] | null>()(db.lpop("l", 2));
  maybeText(db.rpop("l"));
  exactly<string[] | null>()(db.rpop("l", 2));
  maybeNumber(db.lpos("l", "a"));
  maybeNumber(db.lpos("l", "a", "RANK", 2));
  numbers(db.lpos("l", "a", "COUNT", 0));
  numbers(db.lpos("l", "a", { COUNT: 0, MAXLEN: 10 }));
  exactly<Promise<[string, string[]] | null>>()(db.blmpop(0, 1, "l", "LEFT", { COUNT: 2 }));
  exactly<[string, string[]] | null>()(db.lmpop(1, "l", "LEFT", "COUNT", 2));
}

export function sets(db: Wakey): void {
  maybeText(db.spop("s"));
  texts(db.spop("s", 2));
  maybeText(db.srandmember("s"));
  texts(db.srandmember("s", -2));
}

export function sortedSets(db: Wakey, board: { [name: string]: number }): void {
  number(db.zadd("z", 1, "a"));
  number(db.zadd("z", "NX", "CH", 1, "a", 2.5, "b"));
  number(db.zadd("z", { NX: true }, [{ score: 1, member: "a" }]));
  number(db.zadd("z", { Ann: 1, Bob: 2 }));
  number(db.zadd("z", board));
  number(db.zadd("z", [[1, "a"]]));
  number(db.zadd("z", "+inf", "a", "1.5", "b"));
  exactly<number | null>()(db.zadd("z", "NX", "INCR", 1, "a"));
  number(db.zadd("z", "INCR", 1, "a"));
  number(db.zadd("z", { INCR: true }, 1, "a"));
  // @ts-expect-error the score comes first
  db.zadd("z", "Ann", 10);
  // @ts-expect-error a member is missing
  db.zadd("z", 1, "a", 2);
  // @ts-expect-error one of two
  db.zadd("z", "NX", "XX", 1, "a");
  // @ts-expect-error a member is missing
  db.zadd("z", "NX");

  texts(db.zrange("z", 0, -1));
  texts(db.zrange("z", 0, -1, "REV", "LIMIT", 0, 10, "BYSCORE"));
  texts(db.zrange("z", 0, -1, { REV: true }));
  scores(db.zrange("z", 0, -1, "WITHSCORES"));
  scores(db.zrange("z", 0, -1, "rev", "withscores"));
  scores(db.zrange("z", 0, -1, { REV: true, WITHSCORES: true }));
  exactly<[Uint8Array, number][]>()(db.bytes.zrange("z", 0, -1, "WITHSCORES"));
  // @ts-expect-error LIMIT has two values
  db.zrange("z", 0, -1, "LIMIT", 0);
  texts(db.zrevrange("z", 0, -1));
  scores(db.zrevrange("z", 0, -1, "WITHSCORES"));
  texts(db.zrangebyscore("z", 0, 1, "LIMIT", 0, 1));
  scores(db.zrangebyscore("z", 0, 1, "WITHSCORES", "LIMIT", 0, 1));
  texts(db.zrevrangebyscore("z", 1, 0));
  scores(db.zrevrangebyscore("z", 1, 0, "WITHSCORES"));
  texts(db.zdiff(2, "a", "b"));
  scores(db.zdiff(2, ["a", "b"], "WITHSCORES"));
  texts(db.zinter(2, "a", "b", "AGGREGATE", "MAX"));
  scores(db.zinter(2, "a", "b", "WEIGHTS", 1, 2, "WITHSCORES"));
  scores(db.zunion(2, ["a", "b"], { WEIGHTS: [1, 2], AGGREGATE: "MAX", WITHSCORES: true }));
  texts(db.zunion(1, "a"));
  maybeNumber(db.zrank("z", "a"));
  exactly<[number, number] | null>()(db.zrank("z", "a", "WITHSCORE"));
  exactly<[number, number] | null>()(db.zrevrank("z", "a", { WITHSCORE: true }));
  maybeText(db.zrandmember("z"));
  texts(db.zrandmember("z", 2));
  scores(db.zrandmember("z", 2, "WITHSCORES"));
  exactly<[string, number] | []>()(db.zpopmin("z"));
  scores(db.zpopmin("z", 2));
  exactly<[string, number] | []>()(db.zpopmax("z"));
  scores(db.zpopmax("z", 2));
}

export function geo(db: Wakey): void {
  texts(db.geosearch("g", "FROMMEMBER", "a", "BYRADIUS", 5, "km", "ASC"));
  exactly<[string, string][]>()(db.geosearch("g", "FROMLONLAT", 1, 2, "BYBOX", 5, 5, "KM", "COUNT", 3, "ANY", "WITHDIST"));
  exactly<[string, string, number, [number, number]][]>()(
    db.geosearch("g", { FROMLONLAT: [1, 2], BYRADIUS: [5, "KM"], WITHCOORD: true, WITHDIST: true, WITHHASH: true }),
  );
  // @ts-expect-error a shape is needed
  db.geosearch("g", "FROMMEMBER", "a");
  // @ts-expect-error a unit is needed
  db.geosearch("g", "FROMMEMBER", "a", "BYRADIUS", 5);
  exactly<[string, [number, number]][]>()(db.georadius("g", 1, 2, 5, "KM", "WITHCOORD"));
  number(db.georadius("g", 1, 2, 5, "KM", "STORE", "to"));
  texts(db.georadius_ro("g", 1, 2, 5, "KM", { COUNT: 3, ANY: true }));
  texts(db.georadiusbymember("g", "a", 5, "KM"));
  number(db.georadiusbymember("g", "a", 5, "KM", { STOREDIST: "to" }));
  exactly<[string, string][]>()(db.georadiusbymember_ro("g", "a", 5, "KM", "WITHDIST"));
}

export function streams(db: Wakey): void {
  text(db.xadd("x", "*", "f", 1));
  maybeText(db.xadd("x", "NOMKSTREAM", "MAXLEN", "~", 100, "LIMIT", 10, "*", { f: 1 }));
  text(db.xadd("x", { MAXLEN: ["~", 100] }, "*", { f: 1 }));
  text(db.xadd("x", { MAXLEN: 100 }, "*", "f", 1));
  // @ts-expect-error a value is missing
  db.xadd("x", "*", "f");
  number(db.xtrim("x", "MAXLEN", 100));
  number(db.xtrim("x", { MINID: ["~", "5-0"], LIMIT: 5 }));
  entries(db.xrange("x", "-", "+"));
  exactly<[string, string[]][] | null>()(db.xrange("x", "-", "+", "COUNT", 5));
  entries(db.xrevrange("x", "+", "-"));
  exactly<[string, string[]][] | null>()(db.xrevrange("x", "+", "-", { COUNT: 5 }));
  exactly<{ [field: string]: [string, string[]][] } | null>()(db.xread({ COUNT: 1 }, "STREAMS", "x", 0));
  exactly<Promise<{ [field: string]: [string, string[]][] } | null>>()(db.xread({ COUNT: 1, BLOCK: 0 }, "STREAMS", "x", "$"));
  exactly<Promise<{ [field: string]: ([string, string[]] | [string, null])[] } | null>>()(
    db.xreadgroup("GROUP", "g", "c", "COUNT", 1, "BLOCK", 0, "NOACK", "STREAMS", "x", ">"),
  );
  // @ts-expect-error STREAMS is needed
  db.xread("COUNT", 1);
  exactly<[number, string | null, string | null, [string, string][] | null]>()(db.xpending("x", "g"));
  exactly<[string, string, number, number][]>()(db.xpending("x", "g", "-", "+", 10));
  exactly<[string, string, number, number][]>()(db.xpending("x", "g", "IDLE", 5, "-", "+", 10, "c"));
  exactly<[string, [string, string[]][], string[]]>()(db.xautoclaim("x", "g", "c", 0, "0"));
  exactly<[string, string[], string[]]>()(db.xautoclaim("x", "g", "c", 0, "0", "COUNT", 5, "JUSTID"));
  entries(db.xclaim("x", "g", "c", 0, "1-1", "2-1"));
  texts(db.xclaim("x", "g", "c", 0, ["1-1"], { JUSTID: true }));
  number(db.xinfo("STREAM", "x").length);
  exactly<[string, string[]] | null>()(db.xinfo("STREAM", "x")["first-entry"]);
  const full = db.xinfo("STREAM", "x", "FULL", "COUNT", 5);
  entries(full.entries);
  exactly<number | null | undefined>()(full.groups[0]?.lag);
  exactly<[string, number, number][] | undefined>()(full.groups[0]?.consumers[0]?.pending);
  exactly<[string, string, number, number][] | undefined>()(full.groups[0]?.pending);
  // @ts-expect-error with FULL the groups are a list
  number(full.groups);
  exactly<number | undefined>()(db.vinfo("v")?.["vector-dim"]);
  exactly<{ name: string; pending: number; idle: number; inactive: number }[]>()(db.xinfo("CONSUMERS", "x", "g"));
  exactly<string | undefined>()(db.xinfo("GROUPS", "x")[0]?.["last-delivered-id"]);
  exactly<[Uint8Array, Uint8Array | number | [Uint8Array, Uint8Array[]] | null][]>()(db.bytes.xinfo("STREAM", "x"));
}

export async function entriesAsObjects(db: Wakey<"object">, plain: Wakey): Promise<void> {
  exactly<StreamEntry[]>()(db.xrange("x", "-", "+"));
  exactly<StreamEntry[] | null>()(db.xrevrange("x", "+", "-", "COUNT", 5));
  exactly<{ [field: string]: StreamEntry[] } | null>()(db.xread("STREAMS", "x", 0));
  exactly<{ [field: string]: (StreamEntry | { id: string; message: null })[] } | null>()(
    db.xreadgroup("GROUP", "g", "c", "STREAMS", "x", ">"),
  );
  exactly<[string, StreamEntry[], string[]]>()(db.xautoclaim("x", "g", "c", 0, "0"));
  texts(db.xclaim("x", "g", "c", 0, "1-1", "JUSTID"));
  exactly<StreamEntry | null>()(db.xinfo("STREAM", "x")["last-entry"]);
  exactly<[StreamEntry[] | ReplyError] | null>()(db.multi().xrange("x", "-", "+").exec());
  exactly<StreamEntry[]>()(db.session().xrange("x", "-", "+"));
  entries(db.session({ entries: "array" }).xrange("x", "-", "+"));
  entries(plain.session().xrange("x", "-", "+"));
  exactly<StreamEntry[]>()(plain.session({ entries: "object", name: "n" }).xrange("x", "-", "+"));
  exactly<[Uint8Array, Uint8Array[]][]>()(db.bytes.xrange("x", "-", "+"));
  exactly<Wakey<"object">>()(await open({ entries: "object" }));
  exactly<Wakey>()(await open());
  exactly<Wakey>()(await open("file:./data", { databases: 1 }));
  exactly<Promise<StreamEntry[]>>()((await open("idb:n", { entries: "object", shared: true })).xrange("x", "-", "+"));
  // @ts-expect-error there is no such form
  plain.session({ entries: "map" });
  const either: Wakey<"array" | "object"> = db;
  either.close();
}

export function modes(db: Wakey, shared: SharedWakey): void {
  exactly<[[string, number][] | ReplyError, "OK" | null | ReplyError, string[] | null | ReplyError] | null>()(
    db.multi().zrange("z", 0, -1, "WITHSCORES").set("k", "v", { NX: true }).lpop("l", 2).exec(),
  );
  exactly<Promise<[string, number][]>>()(shared.zrange("z", 0, -1, { WITHSCORES: true }));
  exactly<Promise<"OK">>()(shared.set("k", "v", "EX", 5));
  exactly<Promise<string | null>>()(shared.set("k", "v", "GET"));
  exactly<Promise<[string[] | ReplyError, number | ReplyError]>>()(shared.multi().zrange("z", 0, -1).zadd("z", 1, "a").exec());
  exactly<Promise<Uint8Array[]>>()(shared.bytes.spop("s", 2));
  // @ts-expect-error arguments are checked as ever
  shared.zadd("z", "Ann", 10);
  // @ts-expect-error arguments are checked as ever
  db.multi().set("k", "v", "EXX");
}
