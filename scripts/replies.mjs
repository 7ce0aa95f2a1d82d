/**
 * Which of its replies a command gives, where its options decide: the alternatives of a row's reply (`src/table/spec.rs`), each behind
 * what brings it about. The first that holds is it; the last one stands alone.
 *
 * A condition is a word of the command ("GET"), one of several ("NX|XX"), several at once ("INCR & NX|XX"), or an argument's name in lower
 * case, which was given ("count"). `test/replies.test.mjs` holds what the engine answers against it.
 */
const scores = (words) => [[words, "array of [bulk double]"], "array of bulk"];
const popped = (reply) => [["count", reply], "bulk | null"];
const entries = [["COUNT", "array of entry | null"], "array of entry"];
/** Members, each with what was asked for, in this order. */
const near = { of: "bulk", with: { WITHDIST: "bulk", WITHHASH: "int", WITHCOORD: "[double double]" } };
const nearOrStored = [["STORE|STOREDIST", "int"], near];

/** What XINFO STREAM tells, with FULL and without. */
const stream = (...more) =>
  `{ ${[
    "length: int, radix-tree-keys: int, radix-tree-nodes: int, last-generated-id: bulk, max-deleted-entry-id: bulk, entries-added: int",
    "recorded-first-entry-id: bulk, idmp-duration: int, idmp-maxsize: int, pids-tracked: int, iids-tracked: int, iids-added: int",
    "iids-duplicates: int",
    ...more,
  ].join(", ")} }`;
const consumer = "{ name: bulk, seen-time: int, active-time: int, pel-count: int, pending: array of [bulk, int, int] }";
const group = (more) =>
  `{ name: bulk, last-delivered-id: bulk, entries-read: int | null, lag: int | null, pel-count: int, ${more}pending: array of [bulk, bulk, int, int], consumers: array of ${consumer} }`;

/** What VEMB tells with RAW: how it is quantised, its bytes, its length before, and with eight bits what the largest byte stands for. */
const raw = "[simple, bulk, double] | [simple, bulk, double, double] | null";

export const REPLIES = {
  SET: [["GET", "bulk | null"], ["NX|XX|IFEQ|IFNE|IFDEQ|IFDNE", "OK | null"], "OK"],
  LCS: [["LEN", "int"], ["IDX", "map of any"], "bulk"],
  SORT: [["STORE", "int"], ["GET", "array of (bulk | null)"], "array of bulk"],
  SORT_RO: [["GET", "array of (bulk | null)"], "array of bulk"],
  HRANDFIELD: [["WITHVALUES", "array of [bulk bulk]"], ["count", "array of bulk"], "bulk | null"],
  LPOP: popped("array of bulk | null"),
  RPOP: popped("array of bulk | null"),
  LPOS: [["COUNT", "array of int"], "int | null"],
  SPOP: popped("set of bulk"),
  SRANDMEMBER: popped("array of bulk"),
  BITFIELD: [["FAIL", "array of (int | null)"], "array of int"],
  ZADD: [["INCR & NX|XX|GT|LT", "double | null"], ["INCR", "double"], "int"],
  ZPOPMAX: [["count", "array of [bulk double]"], "[bulk double] | []"],
  ZPOPMIN: [["count", "array of [bulk double]"], "[bulk double] | []"],
  ZRANDMEMBER: [["WITHSCORES", "array of [bulk double]"], ["count", "array of bulk"], "bulk | null"],
  ZRANK: [["WITHSCORE", "[int double] | null"], "int | null"],
  ZREVRANK: [["WITHSCORE", "[int double] | null"], "int | null"],
  ZRANGE: scores("WITHSCORES"),
  ZREVRANGE: scores("WITHSCORES"),
  ZRANGEBYSCORE: scores("WITHSCORES"),
  ZREVRANGEBYSCORE: scores("WITHSCORES"),
  ZDIFF: scores("WITHSCORES"),
  ZINTER: scores("WITHSCORES"),
  ZUNION: scores("WITHSCORES"),
  GEOSEARCH: [near],
  GEORADIUS: nearOrStored,
  GEORADIUS_RO: [near],
  GEORADIUSBYMEMBER: nearOrStored,
  GEORADIUSBYMEMBER_RO: [near],
  XADD: [["NOMKSTREAM", "bulk | null"], "bulk"],
  XRANGE: entries,
  XREVRANGE: entries,
  XPENDING: [["filters", "array of [bulk, bulk, int, int]"], "[int, bulk | null, bulk | null, (array of [bulk, bulk]) | null]"],
  XREADGROUP: [["CLAIM", "map of (array of (entry | gone | claimed)) | null"], "map of (array of (entry | gone)) | null"],
  XAUTOCLAIM: [["JUSTID", "[bulk, array of bulk, array of bulk]"], "[bulk, array of entry, array of bulk]"],
  XCLAIM: [["JUSTID", "array of bulk"], "array of entry"],
  "XINFO CONSUMERS": ["array of { name: bulk, pending: int, idle: int, inactive: int }"],
  "XINFO GROUPS": [
    "array of { name: bulk, consumers: int, pending: int, last-delivered-id: bulk, entries-read: int | null, lag: int | null }",
  ],
  "XINFO STREAM": [
    ["FULL", stream("entries: array of entry", `groups: array of (${group("")} | ${group("nacked-count: int, ")})`)],
    stream("groups: int", "first-entry: entry | null", "last-entry: entry | null"),
  ],
  ARGREP: [["WITHVALUES", "array of [int bulk]"], "array of int"],
  VEMB: [["RAW", raw], "array of double | null"],
  VINFO: [
    "{ quant-type: simple, hnsw-m: int, vector-dim: int, projection-input-dim: int, size: int, max-level: int, attributes-count: int, vset-uid: int, hnsw-max-node-uid: int } | null",
  ],
  VLINKS: [["WITHSCORES", "array of (map of double) | null"], "array of (array of bulk) | null"],
  VRANDMEMBER: [["count", "array of bulk"], "bulk | null"],
  VSIM: [
    ["WITHSCORES & WITHATTRIBS", "map of [double, bulk | null] | []"],
    ["WITHSCORES", "map of double | []"],
    ["WITHATTRIBS", "map of (bulk | null) | []"],
    "array of bulk",
  ],
  PING: [["message", "bulk"], "simple"],
  "ACL LOG": [["RESET", "OK"], "array of any"],
};

/** All that a command may answer by its options, in the table's notation. */
export const notations = (name) =>
  (REPLIES[name] ?? []).flatMap((one) => (typeof one === "string" ? one : Array.isArray(one) ? one[1] : Object.values(one.with)));

/** The conditions of an alternative, all of which hold: each a list of words, or `{ name }` of an argument. */
export function conditions(text) {
  return text.split(" & ").map((one) => (one === one.toLowerCase() ? { name: one } : { words: one.split("|") }));
}

/** The reply's notation for a command as it was sent, or undefined where only the row says. `required` arguments it has at least. */
export function replyTo(name, args, required) {
  const upper = args.map((arg) => arg.toUpperCase());
  const holds = (one) => (one.name ? args.length > required : one.words.some((word) => upper.includes(word)));
  for (const one of REPLIES[name] ?? []) {
    if (Array.isArray(one)) {
      if (conditions(one[0]).every(holds)) return one[1];
    } else if (typeof one === "string") return one;
    else {
      const more = Object.entries(one.with).filter(([word]) => upper.includes(word));
      return more.length === 0 ? `array of ${one.of}` : `array of [${[one.of, ...more.map(([, notation]) => notation)].join(", ")}]`;
    }
  }
  return undefined;
}
