/**
 * Every command of the engine's table: its name, and its types. Made by `make gen`; do not edit.
 */
import type { Arg } from "../resp/command.js";
import type { Reply } from "../resp/values.js";
import type {
  Answer,
  Any1,
  Any2,
  ClaimedEntry,
  Each,
  Entries,
  Entry,
  Fields,
  Fits,
  Given,
  GoneEntry,
  Has,
  If,
  Later,
  Many,
  MapReply,
  NoOptions,
  Offered,
  PairsObject,
  PairsTail,
  ScoredPairs,
  ScoredTail,
  Token,
} from "./command-types.js";
import { named } from "./named.js";
import type { WaitOptions } from "./wait.js";

export interface FullOptions {
  full: { FULL: [] };
}
export interface RevOptions {
  rev: { REV: [] };
}
export interface LimitOptions {
  limit: { LIMIT: [limit: Arg] };
}
export interface ScheduleOptions {
  schedule: { SCHEDULE: [] };
}
export interface GetOptions {
  "*get-block": { GET: [encoding: Arg, offset: Arg] };
}
export interface CountExactlyOptions {
  "how-many": { COUNT: [count: Arg, ordering: Token<"OBO" | "BULK">]; EXACTLY: [exactly: Arg, ordering: Token<"OBO" | "BULK">] };
}
export interface CountOptions {
  count: { COUNT: [count: Arg] };
}
export interface TypeIdOptions {
  "client-type": { TYPE: [clientType: Token<"NORMAL" | "MASTER" | "REPLICA" | "PUBSUB">] };
  "client-id": { ID: Arg[] };
}
export interface WriteAllOptions {
  mode: { WRITE: []; ALL: [] };
}
export interface ClientTrackingOptions {
  "client-id": { REDIRECT: [clientId: Arg] };
  "*prefix": { PREFIX: [prefix: Arg] };
  bcast: { BCAST: [] };
  optin: { OPTIN: [] };
  optout: { OPTOUT: [] };
  noloop: { NOLOOP: [] };
}
export interface TimeoutErrorOptions {
  "unblock-type": { TIMEOUT: []; ERROR: [] };
}
export interface ForceTakeoverOptions {
  options: { FORCE: []; TAKEOVER: [] };
}
export interface HardSoftOptions {
  "reset-type": { HARD: []; SOFT: [] };
}
export interface DbReplaceOptions {
  "destination-db": { DB: [destinationDb: Arg] };
  replace: { REPLACE: [] };
}
export interface DelexOptions {
  condition: { IFEQ: [ifeqValue: Arg]; IFNE: [ifneValue: Arg]; IFDEQ: [ifdeqDigest: Arg]; IFDNE: [ifdneDigest: Arg] };
}
export interface ExpireOptions {
  condition: { NX: []; XX: []; GT: []; LT: [] };
}
export interface FailoverOptions {
  target: { TO: [host: Arg, port: Arg] | [Arg, Arg, Token<"FORCE">] };
  abort: { ABORT: [] };
  milliseconds: { TIMEOUT: [milliseconds: Arg] };
}
export interface AsyncSyncOptions {
  "flush-type": { ASYNC: []; SYNC: [] };
}
export interface LibrarynameWithcodeOptions {
  "library-name-pattern": { LIBRARYNAME: [libraryNamePattern: Arg] };
  withcode: { WITHCODE: [] };
}
export interface ReplaceOptions {
  replace: { REPLACE: [] };
}
export interface FunctionRestoreOptions {
  policy: { FLUSH: []; APPEND: []; REPLACE: [] };
}
export interface GeoaddOptions {
  condition: { NX: []; XX: [] };
  change: { CH: [] };
}
export interface GeodistOptions {
  unit: { M: []; KM: []; FT: []; MI: [] };
}
export interface GeoradiusOptions {
  withcoord: { WITHCOORD: [] };
  withdist: { WITHDIST: [] };
  withhash: { WITHHASH: [] };
  "count-block": { COUNT: [count: Arg] };
  any: { ANY: [] };
  order: { ASC: []; DESC: [] };
  store: { STORE: [storekey: Arg]; STOREDIST: [storedistkey: Arg] };
}
export interface GeoradiusbymemberRoOptions {
  withcoord: { WITHCOORD: [] };
  withdist: { WITHDIST: [] };
  withhash: { WITHHASH: [] };
  "count-block": { COUNT: [count: Arg] };
  any: { ANY: [] };
  order: { ASC: []; DESC: [] };
}
export interface GeosearchOptions {
  "!from": { FROMMEMBER: [member: Arg]; FROMLONLAT: [longitude: Arg, latitude: Arg] };
  "!by": {
    BYRADIUS: [radius: Arg, unit: Token<"M" | "KM" | "FT" | "MI">];
    BYBOX: [width: Arg, height: Arg, unit: Token<"M" | "KM" | "FT" | "MI">];
  };
  order: { ASC: []; DESC: [] };
  "count-block": { COUNT: [count: Arg] };
  any: { ANY: [] };
  withcoord: { WITHCOORD: [] };
  withdist: { WITHDIST: [] };
  withhash: { WITHHASH: [] };
}
export interface GeosearchstoreOptions {
  "!from": { FROMMEMBER: [member: Arg]; FROMLONLAT: [longitude: Arg, latitude: Arg] };
  "!by": {
    BYRADIUS: [radius: Arg, unit: Token<"M" | "KM" | "FT" | "MI">];
    BYBOX: [width: Arg, height: Arg, unit: Token<"M" | "KM" | "FT" | "MI">];
  };
  order: { ASC: []; DESC: [] };
  "count-block": { COUNT: [count: Arg] };
  any: { ANY: [] };
  storedist: { STOREDIST: [] };
}
export interface GetexOptions {
  expiration: { EX: [seconds: Arg]; PX: [milliseconds: Arg]; EXAT: [unixTimeSeconds: Arg]; PXAT: [unixTimeMilliseconds: Arg]; PERSIST: [] };
}
export interface HotkeysStartOptions {
  "!metrics": { METRICS: [count: Arg] | [Arg, Token<"CPU">] | [Arg, Token<"NET">] | [Arg, Token<"CPU">, Token<"NET">] };
  k: { COUNT: [k: Arg] };
  seconds: { DURATION: [seconds: Arg] };
  ratio: { SAMPLE: [ratio: Arg] };
}
export interface HscanOptions {
  pattern: { MATCH: [pattern: Arg] };
  count: { COUNT: [count: Arg] };
  novalues: { NOVALUES: [] };
}
export interface HsetexOptions {
  condition: { FNX: []; FXX: [] };
  expiration: { EX: [seconds: Arg]; PX: [milliseconds: Arg]; EXAT: [unixTimeSeconds: Arg]; PXAT: [unixTimeMilliseconds: Arg]; KEEPTTL: [] };
}
export interface IncrexOptions {
  increment: { BYFLOAT: [float: Arg]; BYINT: [integer: Arg] };
  lowerbound: { LBOUND: [lowerbound: Arg] };
  upperbound: { UBOUND: [upperbound: Arg] };
  saturate: { SATURATE: [] };
  expiration: { EX: [seconds: Arg]; PX: [milliseconds: Arg]; EXAT: [unixTimeSeconds: Arg]; PXAT: [unixTimeMilliseconds: Arg]; PERSIST: [] };
  enx: { ENX: [] };
}
export interface LcsOptions {
  len: { LEN: [] };
  idx: { IDX: [] };
  "min-match-len": { MINMATCHLEN: [minMatchLen: Arg] };
  withmatchlen: { WITHMATCHLEN: [] };
}
export interface VersionOptions {
  version: { VERSION: [version: Arg] };
}
export interface LposOptions {
  rank: { RANK: [rank: Arg] };
  "num-matches": { COUNT: [numMatches: Arg] };
  len: { MAXLEN: [len: Arg] };
}
export interface SamplesOptions {
  count: { SAMPLES: [count: Arg] };
}
export interface MsetexOptions {
  condition: { NX: []; XX: [] };
  expiration: { EX: [seconds: Arg]; PX: [milliseconds: Arg]; EXAT: [unixTimeSeconds: Arg]; PXAT: [unixTimeMilliseconds: Arg]; KEEPTTL: [] };
}
export interface RestoreOptions {
  replace: { REPLACE: [] };
  absttl: { ABSTTL: [] };
  seconds: { IDLETIME: [seconds: Arg] };
  frequency: { FREQ: [frequency: Arg] };
}
export interface ScanOptions {
  pattern: { MATCH: [pattern: Arg] };
  count: { COUNT: [count: Arg] };
  type: { TYPE: [type_: Arg] };
}
export interface SetOptions {
  condition: { NX: []; XX: []; IFEQ: [ifeqValue: Arg]; IFNE: [ifneValue: Arg]; IFDEQ: [ifdeqDigest: Arg]; IFDNE: [ifdneDigest: Arg] };
  get: { GET: [] };
  expiration: { EX: [seconds: Arg]; PX: [milliseconds: Arg]; EXAT: [unixTimeSeconds: Arg]; PXAT: [unixTimeMilliseconds: Arg]; KEEPTTL: [] };
}
export interface ShutdownOptions {
  "save-selector": { NOSAVE: []; SAVE: [] };
  now: { NOW: [] };
  force: { FORCE: [] };
  abort: { ABORT: [] };
}
export interface SortOptions {
  "by-pattern": { BY: [byPattern: Arg] };
  limit: { LIMIT: [offset: Arg, count: Arg] };
  "*get-pattern": { GET: [getPattern: Arg] };
  order: { ASC: []; DESC: [] };
  sorting: { ALPHA: [] };
  destination: { STORE: [destination: Arg] };
}
export interface SortRoOptions {
  "by-pattern": { BY: [byPattern: Arg] };
  limit: { LIMIT: [offset: Arg, count: Arg] };
  "*get-pattern": { GET: [getPattern: Arg] };
  order: { ASC: []; DESC: [] };
  sorting: { ALPHA: [] };
}
export interface MatchCountOptions {
  pattern: { MATCH: [pattern: Arg] };
  count: { COUNT: [count: Arg] };
}
export interface ApproxLimitOptions {
  approx: { APPROX: [] };
  limit: { LIMIT: [limit: Arg] };
}
export interface VaddOptions {
  cas: { CAS: [] };
  quant_type: { NOQUANT: []; BIN: []; Q8: [] };
  "build-exploration-factor": { EF: [buildExplorationFactor: Arg] };
  attributes: { SETATTR: [attributes: Arg] };
  numlinks: { M: [numlinks: Arg] };
}
export interface RawOptions {
  raw: { RAW: [] };
}
export interface WithscoresOptions {
  withscores: { WITHSCORES: [] };
}
export interface VsimOptions {
  withscores: { WITHSCORES: [] };
  withattribs: { WITHATTRIBS: [] };
  count: { COUNT: [count: Arg] };
  max_distance: { EPSILON: [maxDistance: Arg] };
  "search-exploration-factor": { EF: [searchExplorationFactor: Arg] };
  expression: { FILTER: [expression: Arg] };
  "max-filtering-effort": { "FILTER-EF": [maxFilteringEffort: Arg] };
  truth: { TRUTH: [] };
  nothread: { NOTHREAD: [] };
}
export interface XackdelOptions {
  condition: { KEEPREF: []; DELREF: []; ACKED: [] };
}
export interface XaddOptions {
  nomkstream: { NOMKSTREAM: [] };
  condition: { KEEPREF: []; DELREF: []; ACKED: [] };
  idmp: { IDMPAUTO: [pid: Arg]; IDMP: [pid: Arg, iid: Arg] };
  trim: {
    MAXLEN: [threshold: Arg] | [operator: Token<"=" | "~">, threshold: Arg];
    MINID: [threshold: Arg] | [operator: Token<"=" | "~">, threshold: Arg];
  };
  count: { LIMIT: [count: Arg] };
}
export interface CountJustidOptions {
  count: { COUNT: [count: Arg] };
  justid: { JUSTID: [] };
}
export interface IdmpDurationIdmpMaxsizeOptions {
  duration: { "IDMP-DURATION": [duration: Arg] };
  maxsize: { "IDMP-MAXSIZE": [maxsize: Arg] };
}
export interface XclaimOptions {
  ms: { IDLE: [ms: Arg] };
  "unix-time-milliseconds": { TIME: [unixTimeMilliseconds: Arg] };
  count: { RETRYCOUNT: [count: Arg] };
  force: { FORCE: [] };
  justid: { JUSTID: [] };
  lastid: { LASTID: [lastid: Arg] };
}
export interface MkstreamEntriesreadOptions {
  mkstream: { MKSTREAM: [] };
  entriesread: { ENTRIESREAD: [entriesread: Arg] };
}
export interface EntriesreadOptions {
  entriesread: { ENTRIESREAD: [entriesread: Arg] };
}
export interface FullCountOptions {
  "full-block": { FULL: [] };
  count: { COUNT: [count: Arg] };
}
export interface RetrycountForceOptions {
  count: { RETRYCOUNT: [count: Arg] };
  force: { FORCE: [] };
}
export interface XreadOptions {
  count: { COUNT: [count: Arg] };
  maxcount: { MAXCOUNT: [maxcount: Arg] };
  maxsize: { MAXSIZE: [maxsize: Arg] };
}
export interface XreadOptions_2 {
  count: { COUNT: [count: Arg] };
  maxcount: { MAXCOUNT: [maxcount: Arg] };
  maxsize: { MAXSIZE: [maxsize: Arg] };
  milliseconds: { BLOCK: [milliseconds: Arg] };
}
export interface XreadgroupOptions {
  "!group-block": { GROUP: [group: Arg, consumer: Arg] };
  count: { COUNT: [count: Arg] };
  maxcount: { MAXCOUNT: [maxcount: Arg] };
  maxsize: { MAXSIZE: [maxsize: Arg] };
  "min-idle-time": { CLAIM: [minIdleTime: Arg] };
  noack: { NOACK: [] };
}
export interface XreadgroupOptions_2 {
  "!group-block": { GROUP: [group: Arg, consumer: Arg] };
  count: { COUNT: [count: Arg] };
  maxcount: { MAXCOUNT: [maxcount: Arg] };
  maxsize: { MAXSIZE: [maxsize: Arg] };
  milliseconds: { BLOCK: [milliseconds: Arg] };
  "min-idle-time": { CLAIM: [minIdleTime: Arg] };
  noack: { NOACK: [] };
}
export interface EntriesaddedMaxdeletedidOptions {
  "entries-added": { ENTRIESADDED: [entriesAdded: Arg] };
  "max-deleted-id": { MAXDELETEDID: [maxDeletedId: Arg] };
}
export interface XtrimOptions {
  "!trim": {
    MAXLEN: [threshold: Arg] | [operator: Token<"=" | "~">, threshold: Arg];
    MINID: [threshold: Arg] | [operator: Token<"=" | "~">, threshold: Arg];
  };
  count: { LIMIT: [count: Arg] };
  condition: { KEEPREF: []; DELREF: []; ACKED: [] };
}
export interface ZaddOptions {
  condition: { NX: []; XX: [] };
  comparison: { GT: []; LT: [] };
  change: { CH: [] };
  increment: { INCR: [] };
}
export interface ZinterOptions {
  weight: { WEIGHTS: Arg[] };
  aggregate: { AGGREGATE: [aggregate: Token<"SUM" | "MIN" | "MAX" | "COUNT">] };
  withscores: { WITHSCORES: [] };
}
export interface WeightsAggregateOptions {
  weight: { WEIGHTS: Arg[] };
  aggregate: { AGGREGATE: [aggregate: Token<"SUM" | "MIN" | "MAX" | "COUNT">] };
}
export interface ZrangeOptions {
  sortby: { BYSCORE: []; BYLEX: [] };
  rev: { REV: [] };
  limit: { LIMIT: [offset: Arg, count: Arg] };
  withscores: { WITHSCORES: [] };
}
export interface LimitOptions_2 {
  limit: { LIMIT: [offset: Arg, count: Arg] };
}
export interface WithscoresLimitOptions {
  withscores: { WITHSCORES: [] };
  limit: { LIMIT: [offset: Arg, count: Arg] };
}
export interface ZrangestoreOptions {
  sortby: { BYSCORE: []; BYLEX: [] };
  rev: { REV: [] };
  limit: { LIMIT: [offset: Arg, count: Arg] };
}
export interface WithscoreOptions {
  withscore: { WITHSCORE: [] };
}

/**
 * The commands, each a method. `B` is what a bulk string becomes. `M` is undefined where methods answer themselves: at once,
 * and those that wait with a promise. Elsewhere it is a `Mode`: `Promised` where all of them answer promises, `Queue` or
 * `SharedQueue` in a transaction. `E` says how entries of streams come.
 */
export interface Commands<B = string, M = undefined, out E extends Entries = "array"> {
  /**
   * Lists the ACL categories, or the commands inside a category. Cost: O(1) since the categories and commands are a fixed set. Since Redis 6.0.0.
   *
   * `ACL CAT [category]`
   * @see https://redis.io/docs/latest/commands/acl-cat/
   */
  acl(subcommand: Token<"CAT">, ...options: Any1<[category: Arg]>): Answer<B[], M>;
  /**
   * Deletes ACL users, and terminates their connections. Cost: O(1) amortized time considering the typical user. Since Redis 6.0.0.
   *
   * `ACL DELUSER username [username ...]`
   * @example
   * db.acl("DELUSER", "u") // 1
   * @see https://redis.io/docs/latest/commands/acl-deluser/
   */
  acl(subcommand: Token<"DELUSER">, username: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Simulates the execution of a command by a user, without executing the command. Cost: O(1). Since Redis 7.0.0.
   *
   * `ACL DRYRUN username command [arg [arg ...]]`
   * @example
   * db.acl("DRYRUN", "u", "quit") // "OK"
   * @see https://redis.io/docs/latest/commands/acl-dryrun/
   */
  acl(subcommand: Token<"DRYRUN">, username: Arg, command: Arg, ...options: Any1<[arg: Many, ...more: Many[]]>): Answer<"OK" | B, M>;
  /**
   * Generates a pseudorandom, secure password that can be used to identify ACL users. Cost: O(1). Since Redis 6.0.0.
   *
   * `ACL GENPASS [bits]`
   * @see https://redis.io/docs/latest/commands/acl-genpass/
   */
  acl(subcommand: Token<"GENPASS">, ...options: Any1<[bits: Arg]>): Answer<B, M>;
  /**
   * Lists the ACL rules of a user. Cost: O(N). Where N is the number of password, command and pattern rules that the user has. Since Redis 6.0.0.
   *
   * `ACL GETUSER username`
   * @example
   * db.acl("GETUSER", "nosuch") // null
   * @see https://redis.io/docs/latest/commands/acl-getuser/
   */
  acl(subcommand: Token<"GETUSER">, username: Arg): Answer<MapReply<B, Reply<B>> | null, M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 6.0.0.
   *
   * `ACL HELP`
   * @see https://redis.io/docs/latest/commands/acl-help/
   */
  acl(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Dumps the effective rules in ACL file format. Cost: O(N). Where N is the number of configured users. Since Redis 6.0.0.
   *
   * `ACL LIST`
   * @example
   * db.acl("LIST") // ["user default on nopass sanitize-payload ~* &* +@all", "user x on sanitize-payload #148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940 ~a resetchannels -@all +get"]
   * @see https://redis.io/docs/latest/commands/acl-list/
   */
  acl(subcommand: Token<"LIST">): Answer<B[], M>;
  /**
   * Reloads the rules from the configured ACL file. Cost: O(N). Where N is the number of configured users. Since Redis 6.0.0.
   *
   * `ACL LOAD`
   * @see https://redis.io/docs/latest/commands/acl-load/
   */
  acl(subcommand: Token<"LOAD">): Answer<"OK", M>;
  /**
   * Lists recent security events generated due to ACL rules. Cost: O(N) with N being the number of entries shown. Since Redis 6.0.0.
   *
   * `ACL LOG [count | RESET]`
   * @example
   * db.acl("LOG", "reset") // "OK"
   * @see https://redis.io/docs/latest/commands/acl-log/
   */
  acl<const O extends Given<NoOptions>>(
    subcommand: Token<"LOG">,
    ...options: Offered<O, NoOptions, "RESET">
  ): Answer<If<Has<O, "RESET">, "OK", Reply<B>[]>, M>;
  /**
   * Saves the effective ACL rules in the configured ACL file. Cost: O(N). Where N is the number of configured users. Since Redis 6.0.0.
   *
   * `ACL SAVE`
   * @see https://redis.io/docs/latest/commands/acl-save/
   */
  acl(subcommand: Token<"SAVE">): Answer<"OK", M>;
  /**
   * Creates and modifies an ACL user and its rules. Cost: O(N). Where N is the number of rules provided. Since Redis 6.0.0.
   *
   * `ACL SETUSER username [rule [rule ...]]`
   * @example
   * db.acl("SETUSER", "b") // "OK"
   * @see https://redis.io/docs/latest/commands/acl-setuser/
   */
  acl(subcommand: Token<"SETUSER">, username: Arg, ...options: Any1<[rule: Many, ...more: Many[]]>): Answer<"OK", M>;
  /**
   * Lists all ACL users. Cost: O(N). Where N is the number of configured users. Since Redis 6.0.0.
   *
   * `ACL USERS`
   * @example
   * db.acl("USERS") // ["", "B", "default"]
   * @see https://redis.io/docs/latest/commands/acl-users/
   */
  acl(subcommand: Token<"USERS">): Answer<B[], M>;
  /**
   * Returns the authenticated username of the current connection. Cost: O(1). Since Redis 6.0.0.
   *
   * `ACL WHOAMI`
   * @example
   * db.acl("WHOAMI") // "x"
   * @see https://redis.io/docs/latest/commands/acl-whoami/
   */
  acl(subcommand: Token<"WHOAMI">): Answer<B, M>;
  /**
   * Appends a string to the value of a key. Creates the key if it doesn't exist. Cost: O(1). The amortized time complexity is O(1) assuming the appended value is small and the already present value is of any size, since the dynamic string library used by Redis will double the free space available on every reallocation. Since Redis 2.0.0.
   *
   * `APPEND key value`
   * @example
   * db.append("j", 1) // 4
   * @see https://redis.io/docs/latest/commands/append/
   */
  append(key: Arg, value: Arg): Answer<number, M>;
  /**
   * Returns the number of non-empty elements in an array. Cost: O(1). Since Redis 8.8.0.
   *
   * `ARCOUNT key`
   * @example
   * db.arcount("a") // 5
   * @see https://redis.io/docs/latest/commands/arcount/
   */
  arcount(key: Arg): Answer<number, M>;
  /**
   * Deletes elements at the specified indices in an array. Cost: O(N) where N is the number of indices to delete. Since Redis 8.8.0.
   *
   * `ARDEL key index [index ...]`
   * @example
   * db.ardel("a", 1) // 1
   * @see https://redis.io/docs/latest/commands/ardel/
   */
  ardel(key: Arg, index: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Deletes elements in one or more ranges. Cost: Proportional to the number of existing elements / slices touched, not to the numeric span of the requested ranges. Since Redis 8.8.0.
   *
   * `ARDELRANGE key start end [start end ...]`
   * @example
   * db.ardelrange("a", 1, 3) // 3
   * @see https://redis.io/docs/latest/commands/ardelrange/
   */
  ardelrange<const O extends Given<NoOptions, PairsObject>>(
    key: Arg,
    ...pairs: Fits<O, NoOptions, "ARDELRANGE key start end [start end ...]", PairsTail, never, PairsObject>
  ): Answer<number, M>;
  /**
   * Gets the value at an index in an array. Cost: O(1). Since Redis 8.8.0.
   *
   * `ARGET key index`
   * @example
   * db.arget("a", 4) // "c"
   * @see https://redis.io/docs/latest/commands/arget/
   */
  arget(key: Arg, index: Arg): Answer<B | null, M>;
  /**
   * Gets values in a range of indices. Cost: O(N) where N is the range length. Since Redis 8.8.0.
   *
   * `ARGETRANGE key start end`
   * @example
   * db.argetrange("a", 9, 10) // [null, null]
   * @see https://redis.io/docs/latest/commands/argetrange/
   */
  argetrange(key: Arg, start: Arg, end: Arg): Answer<(B | null)[], M>;
  /**
   * Searches array elements in a range using textual predicates. Cost: O(P * C) where P is the number of visited positions in touched slices and C is the cost of evaluating the predicates on one existing element. Since Redis 8.8.0.
   *
   * `ARGREP key start end <EXACT string | MATCH string | GLOB pattern | RE pattern> [EXACT string | MATCH string | GLOB pattern | RE pattern | AND | OR | LIMIT limit | WITHVALUES | NOCASE ...]`
   * @example
   * db.argrep("a", 1, 2, "RE", "k") // [1, 2]
   * @see https://redis.io/docs/latest/commands/argrep/
   */
  argrep<const O extends [first: Many, ...more: Given<NoOptions>]>(
    key: Arg,
    start: Arg,
    end: Arg,
    ...options: Offered<O, NoOptions, "EXACT" | "MATCH" | "GLOB" | "RE" | "AND" | "OR" | "LIMIT" | "WITHVALUES" | "NOCASE">
  ): Answer<If<Has<O, "WITHVALUES">, [number, B][], number[]>, M>;
  /**
   * Returns metadata about an array. Cost: O(1), or O(N) with FULL option where N is the number of slices. Since Redis 8.8.0.
   *
   * `ARINFO key [FULL]`
   * @see https://redis.io/docs/latest/commands/arinfo/
   */
  arinfo<const O extends Given<FullOptions>>(
    key: Arg,
    ...options: Fits<O, FullOptions, "ARINFO key [FULL]">
  ): Answer<MapReply<B, number>, M>;
  /**
   * Inserts one or more values at consecutive indices. Cost: O(N) where N is the number of values. Since Redis 8.8.0.
   *
   * `ARINSERT key value [value ...]`
   * @example
   * db.arinsert("a", "c") // 2
   * @see https://redis.io/docs/latest/commands/arinsert/
   */
  arinsert(key: Arg, value: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Returns the most recently inserted elements. Cost: O(N) where N is the count. Since Redis 8.8.0.
   *
   * `ARLASTITEMS key count [REV]`
   * @example
   * db.arlastitems("r", 3) // ["v1", "v2", "v3"]
   * @see https://redis.io/docs/latest/commands/arlastitems/
   */
  arlastitems<const O extends Given<RevOptions>>(
    key: Arg,
    count: Arg,
    ...options: Fits<O, RevOptions, "ARLASTITEMS key count [REV]">
  ): Answer<(B | null)[], M>;
  /**
   * Returns the length of an array (max index + 1). Cost: O(1). Since Redis 8.8.0.
   *
   * `ARLEN key`
   * @example
   * db.arlen("a") // 5
   * @see https://redis.io/docs/latest/commands/arlen/
   */
  arlen(key: Arg): Answer<number, M>;
  /**
   * Gets values at multiple indices in an array. Cost: O(N) where N is the number of indices. Since Redis 8.8.0.
   *
   * `ARMGET key index [index ...]`
   * @example
   * db.armget("a", 6, 5, 5) // ["d", "b", "b"]
   * @see https://redis.io/docs/latest/commands/armget/
   */
  armget(key: Arg, index: Many, ...more: Many[]): Answer<(B | null)[], M>;
  /**
   * Sets multiple index-value pairs in an array. Cost: O(N) where N is the number of pairs. Since Redis 8.8.0.
   *
   * `ARMSET key index value [index value ...]`
   * @example
   * db.armset("a", 5, "b", 6, "c", 6, "d") // 1
   * @see https://redis.io/docs/latest/commands/armset/
   */
  armset<const O extends Given<NoOptions, PairsObject>>(
    key: Arg,
    ...pairs: Fits<O, NoOptions, "ARMSET key index value [index value ...]", PairsTail, never, PairsObject>
  ): Answer<number, M>;
  /**
   * Returns the next index ARINSERT would use. Cost: O(1). Since Redis 8.8.0.
   *
   * `ARNEXT key`
   * @example
   * db.arnext("a") // 2
   * @see https://redis.io/docs/latest/commands/arnext/
   */
  arnext(key: Arg): Answer<number | null, M>;
  /**
   * Performs aggregate operations on array elements in a range. Cost: O(P) where P is visited positions in touched slices (dense scanned slots + sparse entries), with worst-case O(|end-start|+1) and typical case close to O(N), where N is the number of existing elements in range. Since Redis 8.8.0.
   *
   * `AROP key start end <SUM | MIN | MAX | AND | OR | XOR | MATCH value | USED>`
   * @example
   * db.arop("b", 3, 4, "SUM") // "0.3"
   * @see https://redis.io/docs/latest/commands/arop/
   */
  arop(
    key: Arg,
    start: Arg,
    end: Arg,
    ...options:
      | [Token<"SUM">]
      | [Token<"MIN">]
      | [Token<"MAX">]
      | [Token<"AND">]
      | [Token<"OR">]
      | [Token<"XOR">]
      | [Token<"MATCH">, value: Arg]
      | [Token<"USED">]
  ): Answer<B | number | null, M>;
  /**
   * Inserts values into a ring buffer of specified size, wrapping and truncating as needed. Cost: O(M) normally, O(N+M) on ring resize, where N is the maximum of the old and new ring size and M is the number of inserted values. Since Redis 8.8.0.
   *
   * `ARRING key size value [value ...]`
   * @example
   * db.arring("r", 3, "v1") // 1
   * @see https://redis.io/docs/latest/commands/arring/
   */
  arring(key: Arg, size: Arg, value: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Iterates existing elements in a range, returning index-value pairs. Cost: O(P) where P is the number of visited positions in touched slices. Since Redis 8.8.0.
   *
   * `ARSCAN key start end [LIMIT limit]`
   * @see https://redis.io/docs/latest/commands/arscan/
   */
  arscan<const O extends Given<LimitOptions>>(
    key: Arg,
    start: Arg,
    end: Arg,
    ...options: Fits<O, LimitOptions, "ARSCAN key start end [LIMIT limit]">
  ): Answer<[number, B][], M>;
  /**
   * Sets the ARINSERT / ARRING cursor to a specific index. Cost: O(1). Since Redis 8.8.0.
   *
   * `ARSEEK key index`
   * @example
   * db.arseek("a", 7) // 1
   * @see https://redis.io/docs/latest/commands/arseek/
   */
  arseek(key: Arg, index: Arg): Answer<number, M>;
  /**
   * Sets one or more contiguous values starting at an index in an array. Cost: O(N) where N is the number of values. Since Redis 8.8.0.
   *
   * `ARSET key index value [value ...]`
   * @example
   * db.arset("c", 1, "z") // 1
   * @see https://redis.io/docs/latest/commands/arset/
   */
  arset(key: Arg, index: Arg, value: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Signals that a cluster client is following an -ASK redirect. Cost: O(1). Since Redis 3.0.0.
   *
   * `ASKING`
   * @see https://redis.io/docs/latest/commands/asking/
   */
  asking(): Answer<"OK", M>;
  /**
   * Authenticates the connection. Cost: O(N) where N is the number of passwords defined for the user. Since Redis 1.0.0.
   *
   * `AUTH [username] password`
   * @example
   * db.auth("x", "p") // "OK"
   * @see https://redis.io/docs/latest/commands/auth/
   */
  auth(...options: [...Any1<[username: Arg]>, Arg]): Answer<"OK", M>;
  /**
   * Cancel a backup that has not been sealed yet. Cost: O(1). Since Redis 8.10.0.
   *
   * `BACKUP ABORT`
   * @see https://redis.io/docs/latest/commands/backup-abort/
   */
  backup(subcommand: Token<"ABORT">): Answer<"OK", M>;
  /**
   * Remove sealed backup files and return to idle. Cost: O(1). Since Redis 8.10.0.
   *
   * `BACKUP CLEANUP`
   * @see https://redis.io/docs/latest/commands/backup-cleanup/
   */
  backup(subcommand: Token<"CLEANUP">): Answer<"OK", M>;
  /**
   * Return helpful text about BACKUP command parameters. Cost: O(1). Since Redis 8.10.0.
   *
   * `BACKUP HELP`
   * @see https://redis.io/docs/latest/commands/backup-help/
   */
  backup(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * List the immutable backup file paths pinned so far. Cost: O(1). Since Redis 8.10.0.
   *
   * `BACKUP LIST`
   * @see https://redis.io/docs/latest/commands/backup-list/
   */
  backup(subcommand: Token<"LIST">): Answer<B[], M>;
  /**
   * Freeze the current backup (BASE + INCR + manifest). Cost: O(1). Since Redis 8.10.0.
   *
   * `BACKUP SEAL`
   * @see https://redis.io/docs/latest/commands/backup-seal/
   */
  backup(subcommand: Token<"SEAL">): Answer<"OK" | Promise<"OK">, M>;
  /**
   * Start a new backup into the configured 'backupdirname'. Cost: O(1). Since Redis 8.10.0.
   *
   * `BACKUP START`
   * @see https://redis.io/docs/latest/commands/backup-start/
   */
  backup(subcommand: Token<"START">): Answer<"OK", M>;
  /**
   * Report the current backup state. Cost: O(1). Since Redis 8.10.0.
   *
   * `BACKUP STATUS`
   * @see https://redis.io/docs/latest/commands/backup-status/
   */
  backup(subcommand: Token<"STATUS">): Answer<MapReply<B, B>, M>;
  /**
   * Asynchronously rewrites the append-only file to disk. Cost: O(1). Since Redis 1.0.0.
   *
   * `BGREWRITEAOF`
   * @see https://redis.io/docs/latest/commands/bgrewriteaof/
   */
  bgrewriteaof(): Answer<string, M>;
  /**
   * Asynchronously saves the database(s) to disk. Cost: O(1). Since Redis 1.0.0.
   *
   * `BGSAVE [SCHEDULE]`
   * @see https://redis.io/docs/latest/commands/bgsave/
   */
  bgsave<const O extends Given<ScheduleOptions>>(...options: Fits<O, ScheduleOptions, "BGSAVE [SCHEDULE]">): Answer<string, M>;
  /**
   * Counts the number of set bits (population counting) in a string. Cost: O(N). Since Redis 2.6.0.
   *
   * `BITCOUNT key [start end [BYTE | BIT]]`
   * @example
   * db.bitcount("s") // 26
   * @see https://redis.io/docs/latest/commands/bitcount/
   */
  bitcount(key: Arg, ...options: Any1<[start: Arg, end: Arg, ...Any1<[unit: Token<"BYTE" | "BIT">]>]>): Answer<number, M>;
  /**
   * Performs arbitrary bitfield integer operations on strings. Cost: O(1) for each subcommand specified. Since Redis 3.2.0.
   *
   * `BITFIELD key [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value | INCRBY encoding offset increment>]`
   * @example
   * db.bitfield("s", "set", "i8", 0, 128, "get", "i8", 0) // [-1, -128]
   * @see https://redis.io/docs/latest/commands/bitfield/
   */
  bitfield<const O extends Given<NoOptions>>(
    key: Arg,
    ...options: Offered<O, NoOptions, "GET" | "OVERFLOW" | "WRAP" | "SAT" | "FAIL" | "SET" | "INCRBY">
  ): Answer<If<Has<O, "FAIL">, (number | null)[], number[]>, M>;
  /**
   * Performs arbitrary read-only bitfield integer operations on strings. Cost: O(1) for each subcommand specified. Since Redis 6.0.0.
   *
   * `BITFIELD_RO key [GET encoding offset ...]`
   * @example
   * db.bitfield_ro("s", "get", "u8", 0, "get", "u4", 4) // [255, 15]
   * @see https://redis.io/docs/latest/commands/bitfield_ro/
   */
  bitfield_ro<const O extends Given<GetOptions, PairsObject>>(
    key: Arg,
    ...options: Fits<O, GetOptions, "BITFIELD_RO key [GET encoding offset ...]", [], never, PairsObject>
  ): Answer<number[], M>;
  /**
   * Performs bitwise operations on multiple strings, and stores the result. Cost: O(N). Since Redis 2.6.0.
   *
   * `BITOP <AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE> destkey key [key ...]`
   * @example
   * db.bitop("not", "d", "s") // 6
   * @see https://redis.io/docs/latest/commands/bitop/
   */
  bitop(
    operation: Token<"AND" | "OR" | "XOR" | "NOT" | "DIFF" | "DIFF1" | "ANDOR" | "ONE">,
    destkey: Arg,
    key: Many,
    ...more: Many[]
  ): Answer<number, M>;
  /**
   * Finds the first set (1) or clear (0) bit in a string. Cost: O(N). Since Redis 2.8.7.
   *
   * `BITPOS key bit [start [end [BYTE | BIT]]]`
   * @example
   * db.bitpos("s", 1) // 1
   * @see https://redis.io/docs/latest/commands/bitpos/
   */
  bitpos(
    key: Arg,
    bit: Arg,
    ...options: Any1<[start: Arg, ...Any1<[end: Arg, ...Any1<[unit: Token<"BYTE" | "BIT">]>]>]>
  ): Answer<number, M>;
  /**
   * Pops an element from a list, pushes it to another list and returns it. Blocks until an element is available otherwise. Deletes the list if the last element was moved. Cost: O(1). Since Redis 6.2.0.
   *
   * `BLMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout`
   * @example
   * await db.blmove("l", "k", "LEFT", "RIGHT", 0) // "2"
   * @see https://redis.io/docs/latest/commands/blmove/
   */
  blmove(
    source: Arg,
    destination: Arg,
    wherefrom: Token<"LEFT" | "RIGHT">,
    whereto: Token<"LEFT" | "RIGHT">,
    timeout: Arg,
    ...options: Any1<[options: WaitOptions]>
  ): Later<B | null, M>;
  /**
   * Moves up to (or exactly) a number of elements from one list to another and returns them. Blocks until the elements are available otherwise. Deletes the source list if it becomes empty. Cost: O(N) where N is the number of elements moved. Since Redis 8.10.0.
   *
   * `BLMOVEM source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout [<COUNT count | EXACTLY exactly> <OBO | BULK>]`
   * @see https://redis.io/docs/latest/commands/blmovem/
   */
  blmovem<const O extends Given<CountExactlyOptions, WaitOptions>>(
    source: Arg,
    destination: Arg,
    wherefrom: Token<"LEFT" | "RIGHT">,
    whereto: Token<"LEFT" | "RIGHT">,
    timeout: Arg,
    ...options: Fits<
      O,
      CountExactlyOptions,
      "BLMOVEM source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout [<COUNT count | EXACTLY exactly> <OBO | BULK>]",
      Any1<[options: WaitOptions]>,
      never,
      WaitOptions
    >
  ): Later<B[] | null, M>;
  /**
   * Pops the first element from one of multiple lists. Blocks until an element is available otherwise. Deletes the list if the last element was popped. Cost: O(N+M) where N is the number of provided keys and M is the number of elements returned. Since Redis 7.0.0.
   *
   * `BLMPOP timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]`
   * @see https://redis.io/docs/latest/commands/blmpop/
   */
  blmpop<const O extends [first: Many, ...more: Given<CountOptions, WaitOptions>]>(
    timeout: Arg,
    numkeys: Arg,
    ...options: Offered<O, CountOptions, "LEFT" | "RIGHT", WaitOptions>
  ): Later<[B, B[]] | null, M>;
  /**
   * Removes and returns the first element in a list. Blocks until an element is available otherwise. Deletes the list if the last element was popped. Cost: O(N) where N is the number of provided keys. Since Redis 2.0.0.
   *
   * `BLPOP key [key ...] timeout`
   * @example
   * await db.blpop("m", "-0.0005") // ["m", "g"]
   * @see https://redis.io/docs/latest/commands/blpop/
   */
  blpop(key: Many, ...options: [...Many[], Arg, ...Any1<[options: WaitOptions]>]): Later<[B, B] | null, M>;
  /**
   * Removes and returns the last element in a list. Blocks until an element is available otherwise. Deletes the list if the last element was popped. Cost: O(N) where N is the number of provided keys. Since Redis 2.0.0.
   *
   * `BRPOP key [key ...] timeout`
   * @example
   * await db.brpop("no", "l", 0) // ["l", "h"]
   * @see https://redis.io/docs/latest/commands/brpop/
   */
  brpop(key: Many, ...options: [...Many[], Arg, ...Any1<[options: WaitOptions]>]): Later<[B, B] | null, M>;
  /**
   * Pops an element from a list, pushes it to another list and returns it. Block until an element is available otherwise. Deletes the list if the last element was popped. Cost: O(1). Since Redis 2.2.0.
   *
   * `BRPOPLPUSH source destination timeout`
   * @example
   * await db.brpoplpush("k", "l", 0) // "2"
   * @see https://redis.io/docs/latest/commands/brpoplpush/
   */
  brpoplpush(source: Arg, destination: Arg, timeout: Arg, ...options: Any1<[options: WaitOptions]>): Later<B | null, M>;
  /**
   * Removes and returns a member by score from one or more sorted sets. Blocks until a member is available otherwise. Deletes the sorted set if the last element was popped. Cost: O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped. Since Redis 7.0.0.
   *
   * `BZMPOP timeout numkeys key [key ...] <MIN | MAX> [COUNT count]`
   * @see https://redis.io/docs/latest/commands/bzmpop/
   */
  bzmpop<const O extends [first: Many, ...more: Given<CountOptions, WaitOptions>]>(
    timeout: Arg,
    numkeys: Arg,
    ...options: Offered<O, CountOptions, "MIN" | "MAX", WaitOptions>
  ): Later<[B, [B, number][]] | null, M>;
  /**
   * Removes and returns the member with the highest score from one or more sorted sets. Blocks until a member available otherwise.  Deletes the sorted set if the last element was popped. Cost: O(log(N)) with N being the number of elements in the sorted set. Since Redis 5.0.0.
   *
   * `BZPOPMAX key [key ...] timeout`
   * @example
   * await db.bzpopmax("nope", "z", 1) // ["z", "e", 5]
   * @see https://redis.io/docs/latest/commands/bzpopmax/
   */
  bzpopmax(key: Many, ...options: [...Many[], Arg, ...Any1<[options: WaitOptions]>]): Later<[B, B, number] | null, M>;
  /**
   * Removes and returns the member with the lowest score from one or more sorted sets. Blocks until a member is available otherwise. Deletes the sorted set if the last element was popped. Cost: O(log(N)) with N being the number of elements in the sorted set. Since Redis 5.0.0.
   *
   * `BZPOPMIN key [key ...] timeout`
   * @example
   * await db.bzpopmin("z", 0) // ["z", "a", 1]
   * @see https://redis.io/docs/latest/commands/bzpopmin/
   */
  bzpopmin(key: Many, ...options: [...Many[], Arg, ...Any1<[options: WaitOptions]>]): Later<[B, B, number] | null, M>;
  /**
   * Instructs the server whether to track the keys in the next request. Cost: O(1). Since Redis 6.0.0.
   *
   * `CLIENT CACHING <YES | NO>`
   * @example
   * db.client("CACHING", "YES") // "OK"
   * @see https://redis.io/docs/latest/commands/client-caching/
   */
  client(subcommand: Token<"CACHING">, mode: Token<"YES" | "NO">): Answer<"OK", M>;
  /**
   * Returns the name of the connection. Cost: O(1). Since Redis 2.6.9.
   *
   * `CLIENT GETNAME`
   * @example
   * db.client("GETNAME") // "n"
   * @see https://redis.io/docs/latest/commands/client-getname/
   */
  client(subcommand: Token<"GETNAME">): Answer<B | null, M>;
  /**
   * Returns the client ID to which the connection's tracking notifications are redirected. Cost: O(1). Since Redis 6.0.0.
   *
   * `CLIENT GETREDIR`
   * @example
   * db.client("GETREDIR") // -1
   * @see https://redis.io/docs/latest/commands/client-getredir/
   */
  client(subcommand: Token<"GETREDIR">): Answer<number, M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `CLIENT HELP`
   * @see https://redis.io/docs/latest/commands/client-help/
   */
  client(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Returns the unique client ID of the connection. Cost: O(1). Since Redis 5.0.0.
   *
   * `CLIENT ID`
   * @see https://redis.io/docs/latest/commands/client-id/
   */
  client(subcommand: Token<"ID">): Answer<number, M>;
  /**
   * Returns information about the connection. Cost: O(1). Since Redis 6.2.0.
   *
   * `CLIENT INFO`
   * @see https://redis.io/docs/latest/commands/client-info/
   */
  client(subcommand: Token<"INFO">): Answer<B, M>;
  /**
   * Terminates open connections. Cost: O(N) where N is the number of client connections. Since Redis 2.4.0.
   *
   * `CLIENT KILL <ip:port | [ID client-id] [TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB>] [USER username] [ADDR ip:port] [LADDR ip:port] [SKIPME <YES | NO>] [MAXAGE maxage]>`
   * @example
   * db.client("KILL", "ID", 4294967297) // 0
   * @see https://redis.io/docs/latest/commands/client-kill/
   */
  client(subcommand: Token<"KILL">, ...options: [ipPort: Arg] | [Token<"ID">, ...Arg[]]): Answer<"OK" | number, M>;
  /**
   * Lists open connections. Cost: O(N) where N is the number of client connections. Since Redis 2.4.0.
   *
   * `CLIENT LIST [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]`
   * @example
   * db.client("LIST", "ID", 4294967297) // []
   * @see https://redis.io/docs/latest/commands/client-list/
   */
  client<const O extends Given<TypeIdOptions>>(subcommand: Token<"LIST">, ...options: Offered<O, TypeIdOptions>): Answer<B, M>;
  /**
   * Sets the client eviction mode of the connection. Cost: O(1). Since Redis 7.0.0.
   *
   * `CLIENT NO-EVICT <ON | OFF>`
   * @example
   * db.client("NO-EVICT", "on") // "OK"
   * @see https://redis.io/docs/latest/commands/client-no-evict/
   */
  client(subcommand: Token<"NO-EVICT">, enabled: Token<"ON" | "OFF">): Answer<"OK", M>;
  /**
   * Controls whether commands sent by the client affect the LRU/LFU of accessed keys. Cost: O(1). Since Redis 7.2.0.
   *
   * `CLIENT NO-TOUCH <ON | OFF>`
   * @example
   * db.client("NO-TOUCH", "ON") // "OK"
   * @see https://redis.io/docs/latest/commands/client-no-touch/
   */
  client(subcommand: Token<"NO-TOUCH">, enabled: Token<"ON" | "OFF">): Answer<"OK", M>;
  /**
   * Suspends commands processing. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLIENT PAUSE timeout [WRITE | ALL]`
   * @example
   * db.client("PAUSE", 100000, "WRITE") // "OK"
   * @see https://redis.io/docs/latest/commands/client-pause/
   */
  client<const O extends Given<WriteAllOptions>>(
    subcommand: Token<"PAUSE">,
    timeout: Arg,
    ...options: Fits<O, WriteAllOptions, "CLIENT PAUSE timeout [WRITE | ALL]">
  ): Answer<"OK", M>;
  /**
   * Instructs the server whether to reply to commands. Cost: O(1). Since Redis 3.2.0.
   *
   * `CLIENT REPLY <ON | OFF | SKIP>`
   * @example
   * db.client("REPLY", "ON") // "OK"
   * @see https://redis.io/docs/latest/commands/client-reply/
   */
  client(subcommand: Token<"REPLY">, action: Token<"ON" | "OFF" | "SKIP">): Answer<"OK", M>;
  /**
   * Sets information specific to the client or connection. Cost: O(1). Since Redis 7.2.0.
   *
   * `CLIENT SETINFO <LIB-NAME libname | LIB-VER libver>`
   * @example
   * db.client("SETINFO", "LIB-NAME", "lib") // "OK"
   * @see https://redis.io/docs/latest/commands/client-setinfo/
   */
  client(subcommand: Token<"SETINFO">, ...options: [Token<"LIB-NAME">, libname: Arg] | [Token<"LIB-VER">, libver: Arg]): Answer<"OK", M>;
  /**
   * Sets the connection name. Cost: O(1). Since Redis 2.6.9.
   *
   * `CLIENT SETNAME connection-name`
   * @example
   * db.client("SETNAME", "me") // "OK"
   * @see https://redis.io/docs/latest/commands/client-setname/
   */
  client(subcommand: Token<"SETNAME">, connectionName: Arg): Answer<"OK", M>;
  /**
   * Controls server-assisted client-side caching for the connection. Cost: O(1). Some options may introduce additional complexity. Since Redis 6.0.0.
   *
   * `CLIENT TRACKING <ON | OFF> [REDIRECT client-id] [PREFIX prefix ...] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]`
   * @example
   * db.client("TRACKING", "ON") // "OK"
   * @see https://redis.io/docs/latest/commands/client-tracking/
   */
  client<const O extends Given<ClientTrackingOptions>>(
    subcommand: Token<"TRACKING">,
    status: Token<"ON" | "OFF">,
    ...options: Fits<
      O,
      ClientTrackingOptions,
      "CLIENT TRACKING <ON | OFF> [REDIRECT client-id] [PREFIX prefix ...] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]"
    >
  ): Answer<"OK", M>;
  /**
   * Returns information about server-assisted client-side caching for the connection. Cost: O(1). Since Redis 6.2.0.
   *
   * `CLIENT TRACKINGINFO`
   * @see https://redis.io/docs/latest/commands/client-trackinginfo/
   */
  client(subcommand: Token<"TRACKINGINFO">): Answer<MapReply<B, Reply<B>>, M>;
  /**
   * Unblocks a client blocked by a blocking command from a different connection. Cost: O(log N) where N is the number of client connections. Since Redis 5.0.0.
   *
   * `CLIENT UNBLOCK client-id [TIMEOUT | ERROR]`
   * @example
   * db.client("UNBLOCK", 999999) // 0
   * @see https://redis.io/docs/latest/commands/client-unblock/
   */
  client<const O extends Given<TimeoutErrorOptions>>(
    subcommand: Token<"UNBLOCK">,
    clientId: Arg,
    ...options: Fits<O, TimeoutErrorOptions, "CLIENT UNBLOCK client-id [TIMEOUT | ERROR]">
  ): Answer<number, M>;
  /**
   * Resumes processing commands from paused clients. Cost: O(N) Where N is the number of paused clients. Since Redis 6.2.0.
   *
   * `CLIENT UNPAUSE`
   * @example
   * db.client("UNPAUSE") // "OK"
   * @see https://redis.io/docs/latest/commands/client-unpause/
   */
  client(subcommand: Token<"UNPAUSE">): Answer<"OK", M>;
  /**
   * Assigns new hash slots to a node. Cost: O(N) where N is the total number of hash slot arguments. Since Redis 3.0.0.
   *
   * `CLUSTER ADDSLOTS slot [slot ...]`
   * @see https://redis.io/docs/latest/commands/cluster-addslots/
   */
  cluster(subcommand: Token<"ADDSLOTS">, slot: Many, ...more: Many[]): Answer<"OK", M>;
  /**
   * Assigns new hash slot ranges to a node. Cost: O(N) where N is the total number of the slots between the start slot and end slot arguments. Since Redis 7.0.0.
   *
   * `CLUSTER ADDSLOTSRANGE start-slot end-slot [start-slot end-slot ...]`
   * @see https://redis.io/docs/latest/commands/cluster-addslotsrange/
   */
  cluster<const O extends Given<NoOptions, PairsObject>>(
    subcommand: Token<"ADDSLOTSRANGE">,
    ...pairs: Fits<O, NoOptions, "CLUSTER ADDSLOTSRANGE start-slot end-slot [start-slot end-slot ...]", PairsTail, never, PairsObject>
  ): Answer<"OK", M>;
  /**
   * Advances the cluster config epoch. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER BUMPEPOCH`
   * @see https://redis.io/docs/latest/commands/cluster-bumpepoch/
   */
  cluster(subcommand: Token<"BUMPEPOCH">): Answer<string, M>;
  /**
   * Returns the number of active failure reports active for a node. Cost: O(N) where N is the number of failure reports. Since Redis 3.0.0.
   *
   * `CLUSTER COUNT-FAILURE-REPORTS node-id`
   * @see https://redis.io/docs/latest/commands/cluster-count-failure-reports/
   */
  cluster(subcommand: Token<"COUNT-FAILURE-REPORTS">, nodeId: Arg): Answer<number, M>;
  /**
   * Returns the number of keys in a hash slot. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER COUNTKEYSINSLOT slot`
   * @see https://redis.io/docs/latest/commands/cluster-countkeysinslot/
   */
  cluster(subcommand: Token<"COUNTKEYSINSLOT">, slot: Arg): Answer<number, M>;
  /**
   * Sets hash slots as unbound for a node. Cost: O(N) where N is the total number of hash slot arguments. Since Redis 3.0.0.
   *
   * `CLUSTER DELSLOTS slot [slot ...]`
   * @see https://redis.io/docs/latest/commands/cluster-delslots/
   */
  cluster(subcommand: Token<"DELSLOTS">, slot: Many, ...more: Many[]): Answer<"OK", M>;
  /**
   * Sets hash slot ranges as unbound for a node. Cost: O(N) where N is the total number of the slots between the start slot and end slot arguments. Since Redis 7.0.0.
   *
   * `CLUSTER DELSLOTSRANGE start-slot end-slot [start-slot end-slot ...]`
   * @see https://redis.io/docs/latest/commands/cluster-delslotsrange/
   */
  cluster<const O extends Given<NoOptions, PairsObject>>(
    subcommand: Token<"DELSLOTSRANGE">,
    ...pairs: Fits<O, NoOptions, "CLUSTER DELSLOTSRANGE start-slot end-slot [start-slot end-slot ...]", PairsTail, never, PairsObject>
  ): Answer<"OK", M>;
  /**
   * Forces a replica to perform a manual failover of its master. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER FAILOVER [FORCE | TAKEOVER]`
   * @see https://redis.io/docs/latest/commands/cluster-failover/
   */
  cluster<const O extends Given<ForceTakeoverOptions>>(
    subcommand: Token<"FAILOVER">,
    ...options: Fits<O, ForceTakeoverOptions, "CLUSTER FAILOVER [FORCE | TAKEOVER]">
  ): Answer<"OK", M>;
  /**
   * Deletes all slots information from a node. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER FLUSHSLOTS`
   * @see https://redis.io/docs/latest/commands/cluster-flushslots/
   */
  cluster(subcommand: Token<"FLUSHSLOTS">): Answer<"OK", M>;
  /**
   * Removes a node from the nodes table. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER FORGET node-id`
   * @see https://redis.io/docs/latest/commands/cluster-forget/
   */
  cluster(subcommand: Token<"FORGET">, nodeId: Arg): Answer<"OK", M>;
  /**
   * Returns the key names in a hash slot. Cost: O(N) where N is the number of requested keys. Since Redis 3.0.0.
   *
   * `CLUSTER GETKEYSINSLOT slot count`
   * @see https://redis.io/docs/latest/commands/cluster-getkeysinslot/
   */
  cluster(subcommand: Token<"GETKEYSINSLOT">, slot: Arg, count: Arg): Answer<B[], M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `CLUSTER HELP`
   * @see https://redis.io/docs/latest/commands/cluster-help/
   */
  cluster(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Returns information about the state of a node. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER INFO`
   * @see https://redis.io/docs/latest/commands/cluster-info/
   */
  cluster(subcommand: Token<"INFO">): Answer<B, M>;
  /**
   * Returns the hash slot for a key. Cost: O(N) where N is the number of bytes in the key. Since Redis 3.0.0.
   *
   * `CLUSTER KEYSLOT key`
   * @see https://redis.io/docs/latest/commands/cluster-keyslot/
   */
  cluster(subcommand: Token<"KEYSLOT">, key: Arg): Answer<number, M>;
  /**
   * Returns a list of all TCP links to and from peer nodes. Cost: O(N) where N is the total number of Cluster nodes. Since Redis 7.0.0.
   *
   * `CLUSTER LINKS`
   * @see https://redis.io/docs/latest/commands/cluster-links/
   */
  cluster(subcommand: Token<"LINKS">): Answer<Reply<B>[], M>;
  /**
   * Forces a node to handshake with another node. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER MEET ip port [cluster-bus-port]`
   * @see https://redis.io/docs/latest/commands/cluster-meet/
   */
  cluster(subcommand: Token<"MEET">, ip: Arg, port: Arg, ...options: Any1<[clusterBusPort: Arg]>): Answer<"OK", M>;
  /**
   * Returns the ID of a node. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER MYID`
   * @see https://redis.io/docs/latest/commands/cluster-myid/
   */
  cluster(subcommand: Token<"MYID">): Answer<B, M>;
  /**
   * Returns the shard ID of a node. Cost: O(1). Since Redis 7.2.0.
   *
   * `CLUSTER MYSHARDID`
   * @see https://redis.io/docs/latest/commands/cluster-myshardid/
   */
  cluster(subcommand: Token<"MYSHARDID">): Answer<B, M>;
  /**
   * Returns the cluster configuration for a node. Cost: O(N) where N is the total number of Cluster nodes. Since Redis 3.0.0.
   *
   * `CLUSTER NODES`
   * @see https://redis.io/docs/latest/commands/cluster-nodes/
   */
  cluster(subcommand: Token<"NODES">): Answer<B, M>;
  /**
   * Lists the replica nodes of a master node. Cost: O(N) where N is the number of replicas. Since Redis 5.0.0.
   *
   * `CLUSTER REPLICAS node-id`
   * @see https://redis.io/docs/latest/commands/cluster-replicas/
   */
  cluster(subcommand: Token<"REPLICAS">, nodeId: Arg): Answer<B[], M>;
  /**
   * Configure a node as replica of a master node. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER REPLICATE node-id`
   * @see https://redis.io/docs/latest/commands/cluster-replicate/
   */
  cluster(subcommand: Token<"REPLICATE">, nodeId: Arg): Answer<"OK", M>;
  /**
   * Resets a node. Cost: O(N) where N is the number of known nodes. The command may execute a FLUSHALL as a side effect. Since Redis 3.0.0.
   *
   * `CLUSTER RESET [HARD | SOFT]`
   * @see https://redis.io/docs/latest/commands/cluster-reset/
   */
  cluster<const O extends Given<HardSoftOptions>>(
    subcommand: Token<"RESET">,
    ...options: Fits<O, HardSoftOptions, "CLUSTER RESET [HARD | SOFT]">
  ): Answer<"OK", M>;
  /**
   * Forces a node to save the cluster configuration to disk. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER SAVECONFIG`
   * @see https://redis.io/docs/latest/commands/cluster-saveconfig/
   */
  cluster(subcommand: Token<"SAVECONFIG">): Answer<"OK", M>;
  /**
   * Sets the configuration epoch for a new node. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER SET-CONFIG-EPOCH config-epoch`
   * @see https://redis.io/docs/latest/commands/cluster-set-config-epoch/
   */
  cluster(subcommand: Token<"SET-CONFIG-EPOCH">, configEpoch: Arg): Answer<"OK", M>;
  /**
   * Binds a hash slot to a node. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLUSTER SETSLOT slot <IMPORTING node-id | MIGRATING node-id | NODE node-id | STABLE>`
   * @see https://redis.io/docs/latest/commands/cluster-setslot/
   */
  cluster(
    subcommand: Token<"SETSLOT">,
    slot: Arg,
    ...options: [Token<"IMPORTING">, importing: Arg] | [Token<"MIGRATING">, migrating: Arg] | [Token<"NODE">, node: Arg] | [Token<"STABLE">]
  ): Answer<"OK", M>;
  /**
   * Returns the mapping of cluster slots to shards. Cost: O(N) where N is the total number of cluster nodes. Since Redis 7.0.0.
   *
   * `CLUSTER SHARDS`
   * @see https://redis.io/docs/latest/commands/cluster-shards/
   */
  cluster(subcommand: Token<"SHARDS">): Answer<Reply<B>[], M>;
  /**
   * Lists the replica nodes of a master node. Cost: O(N) where N is the number of replicas. Since Redis 3.0.0.
   *
   * `CLUSTER SLAVES node-id`
   * @see https://redis.io/docs/latest/commands/cluster-slaves/
   */
  cluster(subcommand: Token<"SLAVES">, nodeId: Arg): Answer<B[], M>;
  /**
   * Return an array of slot usage statistics for slots assigned to the current node. Cost: O(N) where N is the total number of slots based on arguments. O(N*log(N)) with ORDERBY subcommand. Since Redis 8.2.0.
   *
   * `CLUSTER SLOT-STATS <SLOTSRANGE start-slot end-slot | ORDERBY metric [LIMIT limit] [ASC | DESC]>`
   * @see https://redis.io/docs/latest/commands/cluster-slot-stats/
   */
  cluster(
    subcommand: Token<"SLOT-STATS">,
    ...options:
      | [Token<"SLOTSRANGE">, startSlot: Arg, endSlot: Arg]
      | [Token<"ORDERBY">, metric: Arg, ...Any2<[Token<"LIMIT">, limit: Arg], [order: Token<"ASC" | "DESC">]>]
  ): Answer<[number, MapReply<B, number>][], M>;
  /**
   * Returns the mapping of cluster slots to nodes. Cost: O(N) where N is the total number of Cluster nodes. Since Redis 3.0.0.
   *
   * `CLUSTER SLOTS`
   * @see https://redis.io/docs/latest/commands/cluster-slots/
   */
  cluster(subcommand: Token<"SLOTS">): Answer<Reply<B>[], M>;
  /**
   * Returns a count of commands. Cost: O(1). Since Redis 2.8.13.
   *
   * `COMMAND COUNT`
   * @see https://redis.io/docs/latest/commands/command-count/
   */
  command(subcommand: Token<"COUNT">): Answer<number, M>;
  /**
   * Returns documentary information about one, multiple or all commands. Cost: O(N) where N is the number of commands to look up. Since Redis 7.0.0.
   *
   * `COMMAND DOCS [command-name [command-name ...]]`
   * @see https://redis.io/docs/latest/commands/command-docs/
   */
  command(subcommand: Token<"DOCS">, ...options: Any1<[commandName: Many, ...more: Many[]]>): Answer<MapReply<B, Reply<B>>, M>;
  /**
   * Extracts the key names from an arbitrary command. Cost: O(N) where N is the number of arguments to the command. Since Redis 2.8.13.
   *
   * `COMMAND GETKEYS command [arg [arg ...]]`
   * @example
   * db.command("GETKEYS", "DEL", "a", "b", "c") // ["a", "b", "c"]
   * @see https://redis.io/docs/latest/commands/command-getkeys/
   */
  command(subcommand: Token<"GETKEYS">, command: Arg, ...options: Any1<[arg: Many, ...more: Many[]]>): Answer<B[], M>;
  /**
   * Extracts the key names and access flags for an arbitrary command. Cost: O(N) where N is the number of arguments to the command. Since Redis 7.0.0.
   *
   * `COMMAND GETKEYSANDFLAGS command [arg [arg ...]]`
   * @see https://redis.io/docs/latest/commands/command-getkeysandflags/
   */
  command(subcommand: Token<"GETKEYSANDFLAGS">, command: Arg, ...options: Any1<[arg: Many, ...more: Many[]]>): Answer<[B, string[]][], M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `COMMAND HELP`
   * @see https://redis.io/docs/latest/commands/command-help/
   */
  command(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Returns information about one, multiple or all commands. Cost: O(N) where N is the number of commands to look up. Since Redis 2.8.13.
   *
   * `COMMAND INFO [command-name [command-name ...]]`
   * @see https://redis.io/docs/latest/commands/command-info/
   */
  command(subcommand: Token<"INFO">, ...options: Any1<[commandName: Many, ...more: Many[]]>): Answer<Reply<B>[], M>;
  /**
   * Returns a list of command names. Cost: O(N) where N is the total number of Redis commands. Since Redis 7.0.0.
   *
   * `COMMAND LIST [FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]`
   * @see https://redis.io/docs/latest/commands/command-list/
   */
  command(
    subcommand: Token<"LIST">,
    ...options: Any1<
      [Token<"FILTERBY">, ...([Token<"MODULE">, moduleName: Arg] | [Token<"ACLCAT">, category: Arg] | [Token<"PATTERN">, pattern: Arg])]
    >
  ): Answer<B[], M>;
  /**
   * Returns detailed information about all commands. Cost: O(N) where N is the total number of Redis commands. Since Redis 2.8.13.
   *
   * `COMMAND`
   * @see https://redis.io/docs/latest/commands/command/
   */
  command(): Answer<Reply<B>[], M>;
  /**
   * Returns the effective values of configuration parameters. Cost: O(N) when N is the number of configuration parameters provided. Since Redis 2.0.0.
   *
   * `CONFIG GET parameter [parameter ...]`
   * @see https://redis.io/docs/latest/commands/config-get/
   */
  config(subcommand: Token<"GET">, parameter: Many, ...more: Many[]): Answer<MapReply<B, B>, M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `CONFIG HELP`
   * @see https://redis.io/docs/latest/commands/config-help/
   */
  config(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Resets the server's statistics. Cost: O(1). Since Redis 2.0.0.
   *
   * `CONFIG RESETSTAT`
   * @example
   * db.config("RESETSTAT") // "OK"
   * @see https://redis.io/docs/latest/commands/config-resetstat/
   */
  config(subcommand: Token<"RESETSTAT">): Answer<"OK", M>;
  /**
   * Persists the effective configuration to file. Cost: O(1). Since Redis 2.8.0.
   *
   * `CONFIG REWRITE`
   * @see https://redis.io/docs/latest/commands/config-rewrite/
   */
  config(subcommand: Token<"REWRITE">): Answer<"OK", M>;
  /**
   * Sets configuration parameters in-flight. Cost: O(N) when N is the number of configuration parameters provided. Since Redis 2.0.0.
   *
   * `CONFIG SET parameter value [parameter value ...]`
   * @example
   * db.config("SET", "maxmemory", 1) // "OK"
   * @see https://redis.io/docs/latest/commands/config-set/
   */
  config<const O extends Given<NoOptions, PairsObject>>(
    subcommand: Token<"SET">,
    ...pairs: Fits<O, NoOptions, "CONFIG SET parameter value [parameter value ...]", PairsTail, never, PairsObject>
  ): Answer<"OK", M>;
  /**
   * Copies the value of a key to a new key. Cost: O(N) worst case for collections, where N is the number of nested items. O(1) for string values. Since Redis 6.2.0.
   *
   * `COPY source destination [DB destination-db] [REPLACE]`
   * @example
   * db.copy("a", "b") // 1
   * @see https://redis.io/docs/latest/commands/copy/
   */
  copy<const O extends Given<DbReplaceOptions>>(
    source: Arg,
    destination: Arg,
    ...options: Fits<O, DbReplaceOptions, "COPY source destination [DB destination-db] [REPLACE]">
  ): Answer<number, M>;
  /**
   * Returns the number of keys in the database. Cost: O(1). Since Redis 1.0.0.
   *
   * `DBSIZE`
   * @example
   * db.dbsize() // 1
   * @see https://redis.io/docs/latest/commands/dbsize/
   */
  dbsize(): Answer<number, M>;
  /**
   * A container for debugging commands. Cost: Depends on subcommand. Since Redis 1.0.0.
   *
   * `DEBUG`
   * @example
   * db.debug("LOG", "x") // "OK"
   * @see https://redis.io/docs/latest/commands/debug/
   */
  debug(...args: [Arg, ...Arg[]]): Answer<Reply<B>, M>;
  /**
   * Decrements the integer value of a key by one. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `DECR key`
   * @example
   * db.decr("n") // 1
   * @see https://redis.io/docs/latest/commands/decr/
   */
  decr(key: Arg): Answer<number, M>;
  /**
   * Decrements a number from the integer value of a key. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `DECRBY key decrement`
   * @example
   * db.decrby("n", 4) // 7
   * @see https://redis.io/docs/latest/commands/decrby/
   */
  decrby(key: Arg, decrement: Arg): Answer<number, M>;
  /**
   * Deletes one or more keys. Cost: O(N) where N is the number of keys that will be removed. When a key to remove holds a value other than a string, the individual complexity for this key is O(M) where M is the number of elements in the list, set, sorted set or hash. Removing a single key that holds a string value is O(1). Since Redis 1.0.0.
   *
   * `DEL key [key ...]`
   * @example
   * db.del("k") // 1
   * @see https://redis.io/docs/latest/commands/del/
   */
  del(key: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Conditionally removes the specified key based on value or digest comparison. Cost: O(1) for IFEQ/IFNE, O(N) for IFDEQ/IFDNE where N is the length of the string value. Since Redis 8.4.0.
   *
   * `DELEX key [IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest]`
   * @example
   * db.delex("l") // 1
   * @see https://redis.io/docs/latest/commands/delex/
   */
  delex<const O extends Given<DelexOptions>>(
    key: Arg,
    ...options: Fits<O, DelexOptions, "DELEX key [IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest]">
  ): Answer<number, M>;
  /**
   * Returns the XXH3 hash of a string value. Cost: O(N) where N is the length of the string value. Since Redis 8.4.0.
   *
   * `DIGEST key`
   * @example
   * db.digest("k") // "9555e8555c62dcfd"
   * @see https://redis.io/docs/latest/commands/digest/
   */
  digest(key: Arg): Answer<B | null, M>;
  /**
   * Returns a serialized representation of the value stored at a key. Cost: O(1) to access the key and additional O(N*M) to serialize it, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1). Since Redis 2.6.0.
   *
   * `DUMP key`
   * @example
   * db.dump("k") // null
   * @see https://redis.io/docs/latest/commands/dump/
   */
  dump(key: Arg): Answer<B | null, M>;
  /**
   * Returns the given string. Cost: O(1). Since Redis 1.0.0.
   *
   * `ECHO message`
   * @example
   * db.echo("hello") // "hello"
   * @see https://redis.io/docs/latest/commands/echo/
   */
  echo(message: Arg): Answer<B, M>;
  /**
   * Executes a server-side Lua script. Cost: Depends on the script that is executed. Since Redis 2.6.0.
   *
   * `EVAL script numkeys [key [key ...]] [arg [arg ...]]`
   * @see https://redis.io/docs/latest/commands/eval/
   */
  eval(script: Arg, numkeys: Arg, ...options: Any2<[key: Many, ...more: Many[]], [arg: Many, ...more: Many[]]>): Answer<Reply<B>, M>;
  /** With its keys and its arguments in arrays: the number of keys follows. */
  eval(script: Arg, keys: readonly Arg[], args?: readonly Arg[]): Answer<Reply<B>, M>;
  /**
   * Executes a server-side Lua script by SHA1 digest. Cost: Depends on the script that is executed. Since Redis 2.6.0.
   *
   * `EVALSHA sha1 numkeys [key [key ...]] [arg [arg ...]]`
   * @example
   * db.evalsha("e0e1f9fabfc9d4800c877a703b823ac0578ff8db", 0) // 1
   * @see https://redis.io/docs/latest/commands/evalsha/
   */
  evalsha(sha1: Arg, numkeys: Arg, ...options: Any2<[key: Many, ...more: Many[]], [arg: Many, ...more: Many[]]>): Answer<Reply<B>, M>;
  /** With its keys and its arguments in arrays: the number of keys follows. */
  evalsha(sha1: Arg, keys: readonly Arg[], args?: readonly Arg[]): Answer<Reply<B>, M>;
  /**
   * Executes a read-only server-side Lua script by SHA1 digest. Cost: Depends on the script that is executed. Since Redis 7.0.0.
   *
   * `EVALSHA_RO sha1 numkeys [key [key ...]] [arg [arg ...]]`
   * @see https://redis.io/docs/latest/commands/evalsha_ro/
   */
  evalsha_ro(sha1: Arg, numkeys: Arg, ...options: Any2<[key: Many, ...more: Many[]], [arg: Many, ...more: Many[]]>): Answer<Reply<B>, M>;
  /** With its keys and its arguments in arrays: the number of keys follows. */
  evalsha_ro(sha1: Arg, keys: readonly Arg[], args?: readonly Arg[]): Answer<Reply<B>, M>;
  /**
   * Executes a read-only server-side Lua script. Cost: Depends on the script that is executed. Since Redis 7.0.0.
   *
   * `EVAL_RO script numkeys [key [key ...]] [arg [arg ...]]`
   * @see https://redis.io/docs/latest/commands/eval_ro/
   */
  eval_ro(script: Arg, numkeys: Arg, ...options: Any2<[key: Many, ...more: Many[]], [arg: Many, ...more: Many[]]>): Answer<Reply<B>, M>;
  /** With its keys and its arguments in arrays: the number of keys follows. */
  eval_ro(script: Arg, keys: readonly Arg[], args?: readonly Arg[]): Answer<Reply<B>, M>;
  /**
   * Determines whether one or more keys exist. Cost: O(N) where N is the number of keys to check. Since Redis 1.0.0.
   *
   * `EXISTS key [key ...]`
   * @example
   * db.exists("w") // 1
   * @see https://redis.io/docs/latest/commands/exists/
   */
  exists(key: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Sets the expiration time of a key in seconds. Cost: O(1). Since Redis 1.0.0.
   *
   * `EXPIRE key seconds [NX | XX | GT | LT]`
   * @example
   * db.expire("k", -1) // 1
   * @see https://redis.io/docs/latest/commands/expire/
   */
  expire<const O extends Given<ExpireOptions>>(
    key: Arg,
    seconds: Arg,
    ...options: Fits<O, ExpireOptions, "EXPIRE key seconds [NX | XX | GT | LT]">
  ): Answer<number, M>;
  /**
   * Sets the expiration time of a key to a Unix timestamp. Cost: O(1). Since Redis 1.2.0.
   *
   * `EXPIREAT key unix-time-seconds [NX | XX | GT | LT]`
   * @example
   * db.expireat("k", -5) // 1
   * @see https://redis.io/docs/latest/commands/expireat/
   */
  expireat<const O extends Given<ExpireOptions>>(
    key: Arg,
    unixTimeSeconds: Arg,
    ...options: Fits<O, ExpireOptions, "EXPIREAT key unix-time-seconds [NX | XX | GT | LT]">
  ): Answer<number, M>;
  /**
   * Returns the expiration time of a key as a Unix timestamp. Cost: O(1). Since Redis 7.0.0.
   *
   * `EXPIRETIME key`
   * @example
   * db.expiretime("k") // -1
   * @see https://redis.io/docs/latest/commands/expiretime/
   */
  expiretime(key: Arg): Answer<number, M>;
  /**
   * Starts a coordinated failover from a server to one of its replicas. Cost: O(1). Since Redis 6.2.0.
   *
   * `FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]`
   * @see https://redis.io/docs/latest/commands/failover/
   */
  failover<const O extends Given<FailoverOptions>>(
    ...options: Fits<O, FailoverOptions, "FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]">
  ): Answer<"OK", M>;
  /**
   * Invokes a function. Cost: Depends on the function that is executed. Since Redis 7.0.0.
   *
   * `FCALL function numkeys [key [key ...]] [arg [arg ...]]`
   * @example
   * db.fcall("w", 1, "x", "y") // "OK"
   * @see https://redis.io/docs/latest/commands/fcall/
   */
  fcall(function_: Arg, numkeys: Arg, ...options: Any2<[key: Many, ...more: Many[]], [arg: Many, ...more: Many[]]>): Answer<Reply<B>, M>;
  /** With its keys and its arguments in arrays: the number of keys follows. */
  fcall(function_: Arg, keys: readonly Arg[], args?: readonly Arg[]): Answer<Reply<B>, M>;
  /**
   * Invokes a read-only function. Cost: Depends on the function that is executed. Since Redis 7.0.0.
   *
   * `FCALL_RO function numkeys [key [key ...]] [arg [arg ...]]`
   * @example
   * db.fcall_ro("g", 0) // 3
   * @see https://redis.io/docs/latest/commands/fcall_ro/
   */
  fcall_ro(function_: Arg, numkeys: Arg, ...options: Any2<[key: Many, ...more: Many[]], [arg: Many, ...more: Many[]]>): Answer<Reply<B>, M>;
  /** With its keys and its arguments in arrays: the number of keys follows. */
  fcall_ro(function_: Arg, keys: readonly Arg[], args?: readonly Arg[]): Answer<Reply<B>, M>;
  /**
   * Removes all keys from all databases. Cost: O(N) where N is the total number of keys in all databases. Since Redis 1.0.0.
   *
   * `FLUSHALL [ASYNC | SYNC]`
   * @example
   * db.flushall() // "OK"
   * @see https://redis.io/docs/latest/commands/flushall/
   */
  flushall<const O extends Given<AsyncSyncOptions>>(...options: Fits<O, AsyncSyncOptions, "FLUSHALL [ASYNC | SYNC]">): Answer<"OK", M>;
  /**
   * Remove all keys from the current database. Cost: O(N) where N is the number of keys in the selected database. Since Redis 1.0.0.
   *
   * `FLUSHDB [ASYNC | SYNC]`
   * @example
   * db.flushdb() // "OK"
   * @see https://redis.io/docs/latest/commands/flushdb/
   */
  flushdb<const O extends Given<AsyncSyncOptions>>(...options: Fits<O, AsyncSyncOptions, "FLUSHDB [ASYNC | SYNC]">): Answer<"OK", M>;
  /**
   * Deletes a library and its functions. Cost: O(1). Since Redis 7.0.0.
   *
   * `FUNCTION DELETE library-name`
   * @example
   * db.function("DELETE", "lib") // "OK"
   * @see https://redis.io/docs/latest/commands/function-delete/
   */
  function(subcommand: Token<"DELETE">, libraryName: Arg): Answer<"OK", M>;
  /**
   * Dumps all libraries into a serialized binary payload. Cost: O(N) where N is the number of functions. Since Redis 7.0.0.
   *
   * `FUNCTION DUMP`
   * @see https://redis.io/docs/latest/commands/function-dump/
   */
  function(subcommand: Token<"DUMP">): Answer<B, M>;
  /**
   * Deletes all libraries and functions. Cost: O(N) where N is the number of functions deleted. Since Redis 7.0.0.
   *
   * `FUNCTION FLUSH [ASYNC | SYNC]`
   * @example
   * db.function("FLUSH") // "OK"
   * @see https://redis.io/docs/latest/commands/function-flush/
   */
  function<const O extends Given<AsyncSyncOptions>>(
    subcommand: Token<"FLUSH">,
    ...options: Fits<O, AsyncSyncOptions, "FUNCTION FLUSH [ASYNC | SYNC]">
  ): Answer<"OK", M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 7.0.0.
   *
   * `FUNCTION HELP`
   * @see https://redis.io/docs/latest/commands/function-help/
   */
  function(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Terminates a function during execution. Cost: O(1). Since Redis 7.0.0.
   *
   * `FUNCTION KILL`
   * @see https://redis.io/docs/latest/commands/function-kill/
   */
  function(subcommand: Token<"KILL">): Answer<"OK", M>;
  /**
   * Returns information about all libraries. Cost: O(N) where N is the number of functions. Since Redis 7.0.0.
   *
   * `FUNCTION LIST [LIBRARYNAME library-name-pattern] [WITHCODE]`
   * @see https://redis.io/docs/latest/commands/function-list/
   */
  function<const O extends Given<LibrarynameWithcodeOptions>>(
    subcommand: Token<"LIST">,
    ...options: Fits<O, LibrarynameWithcodeOptions, "FUNCTION LIST [LIBRARYNAME library-name-pattern] [WITHCODE]">
  ): Answer<MapReply<B, Reply<B>>[], M>;
  /**
   * Creates a library. Cost: O(1) (considering compilation time is redundant). Since Redis 7.0.0.
   *
   * `FUNCTION LOAD [REPLACE] function-code`
   * @see https://redis.io/docs/latest/commands/function-load/
   */
  function<const O extends Given<ReplaceOptions>>(
    subcommand: Token<"LOAD">,
    ...options: Fits<O, ReplaceOptions, "FUNCTION LOAD [REPLACE] function-code", [functionCode: Arg]>
  ): Answer<B, M>;
  /**
   * Restores all libraries from a payload. Cost: O(N) where N is the number of functions on the payload. Since Redis 7.0.0.
   *
   * `FUNCTION RESTORE serialized-value [FLUSH | APPEND | REPLACE]`
   * @see https://redis.io/docs/latest/commands/function-restore/
   */
  function<const O extends Given<FunctionRestoreOptions>>(
    subcommand: Token<"RESTORE">,
    serializedValue: Arg,
    ...options: Fits<O, FunctionRestoreOptions, "FUNCTION RESTORE serialized-value [FLUSH | APPEND | REPLACE]">
  ): Answer<"OK", M>;
  /**
   * Returns information about a function during execution. Cost: O(1). Since Redis 7.0.0.
   *
   * `FUNCTION STATS`
   * @see https://redis.io/docs/latest/commands/function-stats/
   */
  function(subcommand: Token<"STATS">): Answer<MapReply<B, Reply<B>>, M>;
  /**
   * Adds one or more members to a geospatial index. The key is created if it doesn't exist. Cost: O(log(N)) for each item added, where N is the number of elements in the sorted set. Since Redis 3.2.0.
   *
   * `GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member ...]`
   * @example
   * db.geoadd("g", "CH", "13.4", "38.2", "Palermo") // 1
   * @see https://redis.io/docs/latest/commands/geoadd/
   */
  geoadd<const O extends Given<GeoaddOptions>>(
    key: Arg,
    ...options: Fits<
      O,
      GeoaddOptions,
      "GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member ...]",
      [longitude: Arg, latitude: Arg, member: Arg, ...rest: Arg[]]
    >
  ): Answer<number, M>;
  /**
   * Returns the distance between two members of a geospatial index. Cost: O(1). Since Redis 3.2.0.
   *
   * `GEODIST key member1 member2 [M | KM | FT | MI]`
   * @example
   * db.geodist("n", "a", "b") // "18919844.3072"
   * @see https://redis.io/docs/latest/commands/geodist/
   */
  geodist<const O extends Given<GeodistOptions>>(
    key: Arg,
    member1: Arg,
    member2: Arg,
    ...options: Fits<O, GeodistOptions, "GEODIST key member1 member2 [M | KM | FT | MI]">
  ): Answer<B | null, M>;
  /**
   * Returns members from a geospatial index as geohash strings. Cost: O(1) for each member requested. Since Redis 3.2.0.
   *
   * `GEOHASH key [member [member ...]]`
   * @example
   * db.geohash("g", "Palermo", "nope", "Catania") // ["sqc8b49rny0", null, "sqdtr74hyu0"]
   * @see https://redis.io/docs/latest/commands/geohash/
   */
  geohash(key: Arg, ...options: Any1<[member: Many, ...more: Many[]]>): Answer<(B | null)[], M>;
  /**
   * Returns the longitude and latitude of members from a geospatial index. Cost: O(1) for each member requested. Since Redis 3.2.0.
   *
   * `GEOPOS key [member [member ...]]`
   * @example
   * db.geopos("nope", "a", "b") // [null, null]
   * @see https://redis.io/docs/latest/commands/geopos/
   */
  geopos(key: Arg, ...options: Any1<[member: Many, ...more: Many[]]>): Answer<([number, number] | null)[], M>;
  /**
   * Queries a geospatial index for members within a distance from a coordinate, optionally stores the result. Cost: O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index. Since Redis 3.2.0.
   *
   * `GEORADIUS key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE key | STOREDIST key]`
   * @example
   * db.georadius("g", 15, 37, 200, "km") // ["Palermo", "Catania"]
   * @see https://redis.io/docs/latest/commands/georadius/
   */
  georadius<const O extends Given<GeoradiusOptions>>(
    key: Arg,
    longitude: Arg,
    latitude: Arg,
    radius: Arg,
    unit: Token<"M" | "KM" | "FT" | "MI">,
    ...options: Fits<
      O,
      GeoradiusOptions,
      "GEORADIUS key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE key | STOREDIST key]"
    >
  ): Answer<
    If<Has<O, "STORE" | "STOREDIST">, number, Each<O, B, [["WITHDIST", B], ["WITHHASH", number], ["WITHCOORD", [number, number]]]>>,
    M
  >;
  /**
   * Queries a geospatial index for members within a distance from a member, optionally stores the result. Cost: O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index. Since Redis 3.2.0.
   *
   * `GEORADIUSBYMEMBER key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE key | STOREDIST key]`
   * @example
   * db.georadiusbymember("g", "Palermo", 200, "km", "STOREDIST", "d") // 3
   * @see https://redis.io/docs/latest/commands/georadiusbymember/
   */
  georadiusbymember<const O extends Given<GeoradiusOptions>>(
    key: Arg,
    member: Arg,
    radius: Arg,
    unit: Token<"M" | "KM" | "FT" | "MI">,
    ...options: Fits<
      O,
      GeoradiusOptions,
      "GEORADIUSBYMEMBER key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE key | STOREDIST key]"
    >
  ): Answer<
    If<Has<O, "STORE" | "STOREDIST">, number, Each<O, B, [["WITHDIST", B], ["WITHHASH", number], ["WITHCOORD", [number, number]]]>>,
    M
  >;
  /**
   * Returns members from a geospatial index that are within a distance from a member. Cost: O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index. Since Redis 3.2.10.
   *
   * `GEORADIUSBYMEMBER_RO key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]`
   * @see https://redis.io/docs/latest/commands/georadiusbymember_ro/
   */
  georadiusbymember_ro<const O extends Given<GeoradiusbymemberRoOptions>>(
    key: Arg,
    member: Arg,
    radius: Arg,
    unit: Token<"M" | "KM" | "FT" | "MI">,
    ...options: Fits<
      O,
      GeoradiusbymemberRoOptions,
      "GEORADIUSBYMEMBER_RO key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]"
    >
  ): Answer<Each<O, B, [["WITHDIST", B], ["WITHHASH", number], ["WITHCOORD", [number, number]]]>, M>;
  /**
   * Returns members from a geospatial index that are within a distance from a coordinate. Cost: O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index. Since Redis 3.2.10.
   *
   * `GEORADIUS_RO key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]`
   * @see https://redis.io/docs/latest/commands/georadius_ro/
   */
  georadius_ro<const O extends Given<GeoradiusbymemberRoOptions>>(
    key: Arg,
    longitude: Arg,
    latitude: Arg,
    radius: Arg,
    unit: Token<"M" | "KM" | "FT" | "MI">,
    ...options: Fits<
      O,
      GeoradiusbymemberRoOptions,
      "GEORADIUS_RO key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]"
    >
  ): Answer<Each<O, B, [["WITHDIST", B], ["WITHHASH", number], ["WITHCOORD", [number, number]]]>, M>;
  /**
   * Queries a geospatial index for members inside an area of a box or a circle. Cost: O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape. Since Redis 6.2.0.
   *
   * `GEOSEARCH key <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]`
   * @example
   * db.geosearch("g", "FROMLONLAT", 15, 37, "BYRADIUS", 200, "km") // ["Palermo", "Catania"]
   * @see https://redis.io/docs/latest/commands/geosearch/
   */
  geosearch<const O extends Given<GeosearchOptions>>(
    key: Arg,
    ...options: Fits<
      O,
      GeosearchOptions,
      "GEOSEARCH key <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]"
    >
  ): Answer<Each<O, B, [["WITHDIST", B], ["WITHHASH", number], ["WITHCOORD", [number, number]]]>, M>;
  /**
   * Queries a geospatial index for members inside an area of a box or a circle, optionally stores the result. Cost: O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape. Since Redis 6.2.0.
   *
   * `GEOSEARCHSTORE destination source <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [STOREDIST]`
   * @example
   * db.geosearchstore("d", "g", "FROMLONLAT", 15, 37, "BYRADIUS", 200, "km") // 2
   * @see https://redis.io/docs/latest/commands/geosearchstore/
   */
  geosearchstore<const O extends Given<GeosearchstoreOptions>>(
    destination: Arg,
    source: Arg,
    ...options: Fits<
      O,
      GeosearchstoreOptions,
      "GEOSEARCHSTORE destination source <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [STOREDIST]"
    >
  ): Answer<number, M>;
  /**
   * Returns the string value of a key. Cost: O(1). Since Redis 1.0.0.
   *
   * `GET key`
   * @example
   * db.get("d") // "foobar"
   * @see https://redis.io/docs/latest/commands/get/
   */
  get(key: Arg): Answer<B | null, M>;
  /**
   * Returns a bit value by offset. Cost: O(1). Since Redis 2.2.0.
   *
   * `GETBIT key offset`
   * @example
   * db.getbit("s", 1) // 1
   * @see https://redis.io/docs/latest/commands/getbit/
   */
  getbit(key: Arg, offset: Arg): Answer<number, M>;
  /**
   * Returns the string value of a key after deleting the key. Cost: O(1). Since Redis 6.2.0.
   *
   * `GETDEL key`
   * @example
   * db.getdel("g") // "2"
   * @see https://redis.io/docs/latest/commands/getdel/
   */
  getdel(key: Arg): Answer<B | null, M>;
  /**
   * Returns the string value of a key after setting its expiration time. Cost: O(1). Since Redis 6.2.0.
   *
   * `GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]`
   * @example
   * db.getex("b") // "1"
   * @see https://redis.io/docs/latest/commands/getex/
   */
  getex<const O extends Given<GetexOptions>>(
    key: Arg,
    ...options: Fits<
      O,
      GetexOptions,
      "GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]"
    >
  ): Answer<B | null, M>;
  /**
   * Returns a substring of the string stored at a key. Cost: O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings. Since Redis 2.4.0.
   *
   * `GETRANGE key start end`
   * @example
   * db.getrange("k", 5, 2) // ""
   * @see https://redis.io/docs/latest/commands/getrange/
   */
  getrange(key: Arg, start: Arg, end: Arg): Answer<B, M>;
  /**
   * Returns the previous string value of a key after setting it to a new value. Cost: O(1). Since Redis 1.0.0.
   *
   * `GETSET key value`
   * @example
   * db.getset("k", 5) // "abc"
   * @see https://redis.io/docs/latest/commands/getset/
   */
  getset(key: Arg, value: Arg): Answer<B | null, M>;
  /**
   * Deletes one or more fields and their values from a hash. Deletes the hash if no fields remain. Cost: O(N) where N is the number of fields to be removed. Since Redis 2.0.0.
   *
   * `HDEL key field [field ...]`
   * @example
   * db.hdel("h", "a") // 1
   * @see https://redis.io/docs/latest/commands/hdel/
   */
  hdel(key: Arg, field: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Handshakes with the Redis server. Cost: O(1). Since Redis 6.0.0.
   *
   * `HELLO [protover [AUTH username password] [SETNAME clientname]]`
   * @see https://redis.io/docs/latest/commands/hello/
   */
  hello(
    ...options: Any1<[protover: Arg, ...Any2<[Token<"AUTH">, username: Arg, password: Arg], [Token<"SETNAME">, clientname: Arg]>]>
  ): Answer<MapReply<B, Reply<B>>, M>;
  /**
   * Determines whether a field exists in a hash. Cost: O(1). Since Redis 2.0.0.
   *
   * `HEXISTS key field`
   * @example
   * db.hexists("h", "f") // 1
   * @see https://redis.io/docs/latest/commands/hexists/
   */
  hexists(key: Arg, field: Arg): Answer<number, M>;
  /**
   * Set expiry for hash field using relative time to expire (seconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`
   * @example
   * db.hexpire("h", 100, "FIELDS", 2, "a", "XX") // [1, -2]
   * @see https://redis.io/docs/latest/commands/hexpire/
   */
  hexpire<const O extends Given<ExpireOptions>>(
    key: Arg,
    seconds: Arg,
    ...options: Fits<
      O,
      ExpireOptions,
      "HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]",
      [Token<"FIELDS">, Arg, Many, ...Many[]],
      "FIELDS"
    >
  ): Answer<number[], M>;
  /**
   * Set expiry for hash field using an absolute Unix timestamp (seconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`
   * @example
   * db.hexpireat("h", 1, "FIELDS", 3, "a", "c", "d") // [2, 2, 2]
   * @see https://redis.io/docs/latest/commands/hexpireat/
   */
  hexpireat<const O extends Given<ExpireOptions>>(
    key: Arg,
    unixTimeSeconds: Arg,
    ...options: Fits<
      O,
      ExpireOptions,
      "HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]",
      [Token<"FIELDS">, Arg, Many, ...Many[]],
      "FIELDS"
    >
  ): Answer<number[], M>;
  /**
   * Returns the expiration time of a hash field as a Unix timestamp, in seconds. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HEXPIRETIME key FIELDS numfields field [field ...]`
   * @example
   * db.hexpiretime("h", "FIELDS", 2, "a", "b") // [4102444801, 4102444801]
   * @see https://redis.io/docs/latest/commands/hexpiretime/
   */
  hexpiretime(key: Arg, token: Token<"FIELDS">, numfields: Arg, field: Many, ...more: Many[]): Answer<number[], M>;
  /**
   * Returns the value of a field in a hash. Cost: O(1). Since Redis 2.0.0.
   *
   * `HGET key field`
   * @example
   * db.hget("w", "f") // "1000"
   * @see https://redis.io/docs/latest/commands/hget/
   */
  hget(key: Arg, field: Arg): Answer<B | null, M>;
  /**
   * Returns all fields and values in a hash. Cost: O(N) where N is the size of the hash. Since Redis 2.0.0.
   *
   * `HGETALL key`
   * @see https://redis.io/docs/latest/commands/hgetall/
   */
  hgetall(key: Arg): Answer<MapReply<B, B>, M>;
  /**
   * Returns the value of a field and deletes it from the hash. Cost: O(N) where N is the number of specified fields. Since Redis 8.0.0.
   *
   * `HGETDEL key FIELDS numfields field [field ...]`
   * @example
   * db.hgetdel("h", "FIELDS", 2, "a", "x") // ["1", null]
   * @see https://redis.io/docs/latest/commands/hgetdel/
   */
  hgetdel(key: Arg, token: Token<"FIELDS">, numfields: Arg, field: Many, ...more: Many[]): Answer<(B | null)[], M>;
  /**
   * Get the value of one or more fields of a given hash key, and optionally set their expiration. Cost: O(N) where N is the number of specified fields. Since Redis 8.0.0.
   *
   * `HGETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] FIELDS numfields field [field ...]`
   * @example
   * db.hgetex("h", "FIELDS", 3, "a", "b", "x") // ["1", "2", null]
   * @see https://redis.io/docs/latest/commands/hgetex/
   */
  hgetex<const O extends Given<GetexOptions>>(
    key: Arg,
    ...options: Fits<
      O,
      GetexOptions,
      "HGETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] FIELDS numfields field [field ...]",
      [Token<"FIELDS">, Arg, Many, ...Many[]],
      "FIELDS"
    >
  ): Answer<(B | null)[], M>;
  /**
   * Removes a fieldset of the session. Cost: O(1). Since Redis 8.10.0.
   *
   * `HIMPORT DISCARD fieldset-name`
   * @example
   * db.himport("DISCARD", "u") // 1
   * @see https://redis.io/docs/latest/commands/himport-discard/
   */
  himport(subcommand: Token<"DISCARD">, fieldsetName: Arg): Answer<number, M>;
  /**
   * Removes all fieldsets of the session. Cost: O(N) where N is the number of fieldsets. Since Redis 8.10.0.
   *
   * `HIMPORT DISCARDALL`
   * @see https://redis.io/docs/latest/commands/himport-discardall/
   */
  himport(subcommand: Token<"DISCARDALL">): Answer<number, M>;
  /**
   * Defines a session-local fieldset that maps a name to a sorted set of field names. Cost: O(N*log(N)) where N is the number of fields. Since Redis 8.10.0.
   *
   * `HIMPORT PREPARE fieldset-name field [field ...]`
   * @example
   * db.himport("PREPARE", "u", "a") // "OK"
   * @see https://redis.io/docs/latest/commands/himport-prepare/
   */
  himport(subcommand: Token<"PREPARE">, fieldsetName: Arg, field: Many, ...more: Many[]): Answer<"OK", M>;
  /**
   * Creates a fieldset-based hash from values supplied in the order matching a previously prepared fieldset. Cost: O(N) where N is the number of fields in the fieldset. Since Redis 8.10.0.
   *
   * `HIMPORT SET key fieldset-name value [value ...]`
   * @example
   * db.himport("SET", "k", "v", 1) // "OK"
   * @see https://redis.io/docs/latest/commands/himport-set/
   */
  himport(subcommand: Token<"SET">, key: Arg, fieldsetName: Arg, value: Many, ...more: Many[]): Answer<"OK", M>;
  /**
   * Increments the integer value of a field in a hash by a number. Uses 0 as initial value if the field doesn't exist. Cost: O(1). Since Redis 2.0.0.
   *
   * `HINCRBY key field increment`
   * @example
   * db.hincrby("j", "a", 1) // 1
   * @see https://redis.io/docs/latest/commands/hincrby/
   */
  hincrby(key: Arg, field: Arg, increment: Arg): Answer<number, M>;
  /**
   * Increments the floating point value of a field by a number. Uses 0 as initial value if the field doesn't exist. Cost: O(1). Since Redis 2.6.0.
   *
   * `HINCRBYFLOAT key field increment`
   * @example
   * db.hincrbyfloat("h", "b", 5) // "5"
   * @see https://redis.io/docs/latest/commands/hincrbyfloat/
   */
  hincrbyfloat(key: Arg, field: Arg, increment: Arg): Answer<B, M>;
  /**
   * Returns all fields in a hash. Cost: O(N) where N is the size of the hash. Since Redis 2.0.0.
   *
   * `HKEYS key`
   * @example
   * db.hkeys("h") // ["a", "b", "c"]
   * @see https://redis.io/docs/latest/commands/hkeys/
   */
  hkeys(key: Arg): Answer<B[], M>;
  /**
   * Returns the number of fields in a hash. Cost: O(1). Since Redis 2.0.0.
   *
   * `HLEN key`
   * @example
   * db.hlen("h") // 6
   * @see https://redis.io/docs/latest/commands/hlen/
   */
  hlen(key: Arg): Answer<number, M>;
  /**
   * Returns the values of all fields in a hash. Cost: O(N) where N is the number of fields being requested. Since Redis 2.0.0.
   *
   * `HMGET key field [field ...]`
   * @example
   * db.hmget("h", "a", "b") // [null, "2"]
   * @see https://redis.io/docs/latest/commands/hmget/
   */
  hmget(key: Arg, field: Many, ...more: Many[]): Answer<(B | null)[], M>;
  /**
   * Sets the values of multiple fields. Cost: O(N) where N is the number of fields being set. Since Redis 2.0.0.
   *
   * `HMSET key field value [field value ...]`
   * @example
   * db.hmset("h", "f", "v") // "OK"
   * @see https://redis.io/docs/latest/commands/hmset/
   */
  hmset<const O extends Given<NoOptions, PairsObject>>(
    key: Arg,
    ...pairs: Fits<O, NoOptions, "HMSET key field value [field value ...]", PairsTail, never, PairsObject>
  ): Answer<"OK", M>;
  /**
   * Returns lists of top K hotkeys depending on metrics chosen in HOTKEYS START command. Cost: O(K) where K is the number of hotkeys returned. Since Redis 8.6.0.
   *
   * `HOTKEYS GET`
   * @example
   * db.hotkeys("GET") // null
   * @see https://redis.io/docs/latest/commands/hotkeys-get/
   */
  hotkeys(subcommand: Token<"GET">): Answer<MapReply<B, Reply<B>>[] | null, M>;
  /**
   * Return helpful text about HOTKEYS command parameters. Cost: O(1). Since Redis 8.6.1.
   *
   * `HOTKEYS HELP`
   * @see https://redis.io/docs/latest/commands/hotkeys-help/
   */
  hotkeys(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Release the resources used for hotkey tracking. Cost: O(1). Since Redis 8.6.0.
   *
   * `HOTKEYS RESET`
   * @example
   * db.hotkeys("RESET") // "OK"
   * @see https://redis.io/docs/latest/commands/hotkeys-reset/
   */
  hotkeys(subcommand: Token<"RESET">): Answer<"OK", M>;
  /**
   * Starts hotkeys tracking. Cost: O(1). Since Redis 8.6.0.
   *
   * `HOTKEYS START <METRICS count [CPU] [NET]> [COUNT k] [DURATION seconds] [SAMPLE ratio] [SLOTS count slot [slot ...]]`
   * @example
   * db.hotkeys("START", "METRICS", 1, "NET") // "OK"
   * @see https://redis.io/docs/latest/commands/hotkeys-start/
   */
  hotkeys<const O extends Given<HotkeysStartOptions>>(
    subcommand: Token<"START">,
    ...options: Fits<
      O,
      HotkeysStartOptions,
      "HOTKEYS START <METRICS count [CPU] [NET]> [COUNT k] [DURATION seconds] [SAMPLE ratio] [SLOTS count slot [slot ...]]",
      Any1<[Token<"SLOTS">, count: Arg, slot: Many, ...more: Many[]]>,
      "SLOTS"
    >
  ): Answer<"OK", M>;
  /**
   * Stops hotkeys tracking. Cost: O(1). Since Redis 8.6.0.
   *
   * `HOTKEYS STOP`
   * @example
   * db.hotkeys("STOP") // "OK"
   * @see https://redis.io/docs/latest/commands/hotkeys-stop/
   */
  hotkeys(subcommand: Token<"STOP">): Answer<"OK" | null, M>;
  /**
   * Removes the expiration time for each specified field Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPERSIST key FIELDS numfields field [field ...]`
   * @example
   * db.hpersist("h", "FIELDS", 2, "b", "x") // [1, -2]
   * @see https://redis.io/docs/latest/commands/hpersist/
   */
  hpersist(key: Arg, token: Token<"FIELDS">, numfields: Arg, field: Many, ...more: Many[]): Answer<number[], M>;
  /**
   * Set expiry for hash field using relative time to expire (milliseconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`
   * @example
   * db.hpexpire("h", 200, "FIELDS", 2, "b", "c") // [1, 1]
   * @see https://redis.io/docs/latest/commands/hpexpire/
   */
  hpexpire<const O extends Given<ExpireOptions>>(
    key: Arg,
    milliseconds: Arg,
    ...options: Fits<
      O,
      ExpireOptions,
      "HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]",
      [Token<"FIELDS">, Arg, Many, ...Many[]],
      "FIELDS"
    >
  ): Answer<number[], M>;
  /**
   * Set expiry for hash field using an absolute Unix timestamp (milliseconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`
   * @example
   * db.hpexpireat("h", 4102444800123, "FIELDS", 2, "a", "b") // [1, 1]
   * @see https://redis.io/docs/latest/commands/hpexpireat/
   */
  hpexpireat<const O extends Given<ExpireOptions>>(
    key: Arg,
    unixTimeMilliseconds: Arg,
    ...options: Fits<
      O,
      ExpireOptions,
      "HPEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]",
      [Token<"FIELDS">, Arg, Many, ...Many[]],
      "FIELDS"
    >
  ): Answer<number[], M>;
  /**
   * Returns the expiration time of a hash field as a Unix timestamp, in msec. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPEXPIRETIME key FIELDS numfields field [field ...]`
   * @example
   * db.hpexpiretime("h", "FIELDS", 2, "a", "b") // [4102444800123, 4102444800123]
   * @see https://redis.io/docs/latest/commands/hpexpiretime/
   */
  hpexpiretime(key: Arg, token: Token<"FIELDS">, numfields: Arg, field: Many, ...more: Many[]): Answer<number[], M>;
  /**
   * Returns the TTL in milliseconds of a hash field. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPTTL key FIELDS numfields field [field ...]`
   * @see https://redis.io/docs/latest/commands/hpttl/
   */
  hpttl(key: Arg, token: Token<"FIELDS">, numfields: Arg, field: Many, ...more: Many[]): Answer<number[], M>;
  /**
   * Returns one or more random fields from a hash. Cost: O(N) where N is the number of fields returned. Since Redis 6.2.0.
   *
   * `HRANDFIELD key [count [WITHVALUES]]`
   * @example
   * db.hrandfield("h") // "stays"
   * @see https://redis.io/docs/latest/commands/hrandfield/
   */
  hrandfield(key: Arg): Answer<B | null, M>;
  /**
   * Returns one or more random fields from a hash. Cost: O(N) where N is the number of fields returned. Since Redis 6.2.0.
   *
   * `HRANDFIELD key [count [WITHVALUES]]`
   * @example
   * db.hrandfield("h") // "stays"
   * @see https://redis.io/docs/latest/commands/hrandfield/
   */
  hrandfield(key: Arg, count: Arg): Answer<B[], M>;
  /**
   * Returns one or more random fields from a hash. Cost: O(N) where N is the number of fields returned. Since Redis 6.2.0.
   *
   * `HRANDFIELD key [count [WITHVALUES]]`
   * @example
   * db.hrandfield("h") // "stays"
   * @see https://redis.io/docs/latest/commands/hrandfield/
   */
  hrandfield(key: Arg, count: Arg, token: Token<"WITHVALUES">): Answer<[B, B][], M>;
  /**
   * Iterates over fields and values of a hash. Cost: O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection. Since Redis 2.8.0.
   *
   * `HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES]`
   * @see https://redis.io/docs/latest/commands/hscan/
   */
  hscan<const O extends Given<HscanOptions>>(
    key: Arg,
    cursor: Arg,
    ...options: Fits<O, HscanOptions, "HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES]">
  ): Answer<[B, B[]], M>;
  /**
   * Creates or modifies the value of a field in a hash. Cost: O(1) for each field/value pair added, so O(N) to add N field/value pairs when the command is called with multiple field/value pairs. Since Redis 2.0.0.
   *
   * `HSET key field value [field value ...]`
   * @example
   * db.hset("h", "f", "v") // 1
   * @see https://redis.io/docs/latest/commands/hset/
   */
  hset<const O extends Given<NoOptions, PairsObject>>(
    key: Arg,
    ...pairs: Fits<O, NoOptions, "HSET key field value [field value ...]", PairsTail, never, PairsObject>
  ): Answer<number, M>;
  /**
   * Set the value of one or more fields of a given hash key, and optionally set their expiration. Cost: O(N) where N is the number of fields being set. Since Redis 8.0.0.
   *
   * `HSETEX key [FNX | FXX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL] FIELDS numfields field value [field value ...]`
   * @example
   * db.hsetex("k", "FIELDS", 1, "c", 3) // 1
   * @see https://redis.io/docs/latest/commands/hsetex/
   */
  hsetex<const O extends Given<HsetexOptions>>(
    key: Arg,
    ...options: Fits<
      O,
      HsetexOptions,
      "HSETEX key [FNX | FXX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL] FIELDS numfields field value [field value ...]",
      [Token<"FIELDS">, Arg, ...PairsTail],
      "FIELDS"
    >
  ): Answer<number, M>;
  /** The short form: sets one field, and the TTL of the whole hash in seconds. 1: the field is new, 0: it was there. */
  hsetex(key: Arg, field: Arg, value: Arg, seconds: Arg): Answer<number, M>;
  /**
   * Sets the value of a field in a hash only when the field doesn't exist. Cost: O(1). Since Redis 2.0.0.
   *
   * `HSETNX key field value`
   * @example
   * db.hsetnx("h", "f", "v") // 1
   * @see https://redis.io/docs/latest/commands/hsetnx/
   */
  hsetnx(key: Arg, field: Arg, value: Arg): Answer<number, M>;
  /**
   * Returns the length of the value of a field. Cost: O(1). Since Redis 3.2.0.
   *
   * `HSTRLEN key field`
   * @example
   * db.hstrlen("h", "f") // 5
   * @see https://redis.io/docs/latest/commands/hstrlen/
   */
  hstrlen(key: Arg, field: Arg): Answer<number, M>;
  /**
   * Returns the TTL in seconds of a hash field. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HTTL key FIELDS numfields field [field ...]`
   * @example
   * db.httl("h", "FIELDS", 2, "a", "x") // [-1, -2]
   * @see https://redis.io/docs/latest/commands/httl/
   */
  httl(key: Arg, token: Token<"FIELDS">, numfields: Arg, field: Many, ...more: Many[]): Answer<number[], M>;
  /**
   * Returns all values in a hash. Cost: O(N) where N is the size of the hash. Since Redis 2.0.0.
   *
   * `HVALS key`
   * @example
   * db.hvals("h") // ["1", "2", ""]
   * @see https://redis.io/docs/latest/commands/hvals/
   */
  hvals(key: Arg): Answer<B[], M>;
  /**
   * Increments the integer value of a key by one. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `INCR key`
   * @example
   * db.incr("r") // 56
   * @see https://redis.io/docs/latest/commands/incr/
   */
  incr(key: Arg): Answer<number, M>;
  /**
   * Increments the integer value of a key by a number. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `INCRBY key increment`
   * @example
   * db.incrby("n", 10) // 11
   * @see https://redis.io/docs/latest/commands/incrby/
   */
  incrby(key: Arg, increment: Arg): Answer<number, M>;
  /**
   * Increment the floating point value of a key by a number. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 2.6.0.
   *
   * `INCRBYFLOAT key increment`
   * @example
   * db.incrbyfloat("f", 1) // "12345678901234567891"
   * @see https://redis.io/docs/latest/commands/incrbyfloat/
   */
  incrbyfloat(key: Arg, increment: Arg): Answer<B, M>;
  /**
   * Increments the numeric value of a key by a number and sets its expiration time. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 8.8.0.
   *
   * `INCREX key [BYFLOAT float | BYINT integer] [LBOUND lowerbound] [UBOUND upperbound] [SATURATE] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] [ENX]`
   * @example
   * db.increx("n") // [1, 1]
   * @see https://redis.io/docs/latest/commands/increx/
   */
  increx<const O extends Given<IncrexOptions>>(
    key: Arg,
    ...options: Fits<
      O,
      IncrexOptions,
      "INCREX key [BYFLOAT float | BYINT integer] [LBOUND lowerbound] [UBOUND upperbound] [SATURATE] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] [ENX]"
    >
  ): Answer<[number, number], M>;
  /**
   * Returns information and statistics about the server. Cost: O(1). Since Redis 1.0.0.
   *
   * `INFO [section [section ...]]`
   * @example
   * db.info("nosuchsection") // []
   * @see https://redis.io/docs/latest/commands/info/
   */
  info(...options: Any1<[section: Many, ...more: Many[]]>): Answer<B, M>;
  /**
   * Returns all key names that match a pattern. Cost: O(N) with N being the number of keys in the database, under the assumption that the key names in the database and the given pattern have limited length. Since Redis 1.0.0.
   *
   * `KEYS pattern`
   * @see https://redis.io/docs/latest/commands/keys/
   */
  keys(pattern: Arg): Answer<B[], M>;
  /**
   * Returns the Unix timestamp of the last successful save to disk. Cost: O(1). Since Redis 1.0.0.
   *
   * `LASTSAVE`
   * @see https://redis.io/docs/latest/commands/lastsave/
   */
  lastsave(): Answer<number, M>;
  /**
   * Returns a human-readable latency analysis report. Cost: O(1). Since Redis 2.8.13.
   *
   * `LATENCY DOCTOR`
   * @see https://redis.io/docs/latest/commands/latency-doctor/
   */
  latency(subcommand: Token<"DOCTOR">): Answer<B, M>;
  /**
   * Returns a latency graph for an event. Cost: O(1). Since Redis 2.8.13.
   *
   * `LATENCY GRAPH event`
   * @see https://redis.io/docs/latest/commands/latency-graph/
   */
  latency(subcommand: Token<"GRAPH">, event: Arg): Answer<B, M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 2.8.13.
   *
   * `LATENCY HELP`
   * @see https://redis.io/docs/latest/commands/latency-help/
   */
  latency(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Returns the cumulative distribution of latencies of a subset or all commands. Cost: O(N) where N is the number of commands with latency information being retrieved. Since Redis 7.0.0.
   *
   * `LATENCY HISTOGRAM [command [command ...]]`
   * @see https://redis.io/docs/latest/commands/latency-histogram/
   */
  latency(
    subcommand: Token<"HISTOGRAM">,
    ...options: Any1<[command: Many, ...more: Many[]]>
  ): Answer<MapReply<B, MapReply<B, Reply<B>>>, M>;
  /**
   * Returns timestamp-latency samples for an event. Cost: O(1). Since Redis 2.8.13.
   *
   * `LATENCY HISTORY event`
   * @see https://redis.io/docs/latest/commands/latency-history/
   */
  latency(subcommand: Token<"HISTORY">, event: Arg): Answer<[number, number][], M>;
  /**
   * Returns the latest latency samples for all events. Cost: O(1). Since Redis 2.8.13.
   *
   * `LATENCY LATEST`
   * @see https://redis.io/docs/latest/commands/latency-latest/
   */
  latency(subcommand: Token<"LATEST">): Answer<[B, number, number, number][], M>;
  /**
   * Resets the latency data for one or more events. Cost: O(1). Since Redis 2.8.13.
   *
   * `LATENCY RESET [event [event ...]]`
   * @example
   * db.latency("RESET") // 0
   * @see https://redis.io/docs/latest/commands/latency-reset/
   */
  latency(subcommand: Token<"RESET">, ...options: Any1<[event: Many, ...more: Many[]]>): Answer<number, M>;
  /**
   * Finds the longest common substring. Cost: O(N*M) where N and M are the lengths of s1 and s2, respectively. Since Redis 7.0.0.
   *
   * `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]`
   * @example
   * db.lcs("a", "b") // ""
   * @see https://redis.io/docs/latest/commands/lcs/
   */
  lcs<const O extends Given<LcsOptions>>(
    key1: Arg,
    key2: Arg,
    ...options: Fits<O, LcsOptions, "LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]">
  ): Answer<If<Has<O, "LEN">, number, If<Has<O, "IDX">, MapReply<B, Reply<B>>, B>>, M>;
  /**
   * Returns an element from a list by its index. Cost: O(N) where N is the number of elements to traverse to get to the element at index. This makes asking for the first or the last element of the list O(1). Since Redis 1.0.0.
   *
   * `LINDEX key index`
   * @example
   * db.lindex("l", 3) // "b"
   * @see https://redis.io/docs/latest/commands/lindex/
   */
  lindex(key: Arg, index: Arg): Answer<B | null, M>;
  /**
   * Inserts an element before or after another element in a list. Cost: O(N) where N is the number of elements to traverse before seeing the value pivot. This means that inserting somewhere on the left end on the list (head) can be considered O(1) and inserting somewhere on the right end (tail) is O(N). Since Redis 2.2.0.
   *
   * `LINSERT key <BEFORE | AFTER> pivot element`
   * @example
   * db.linsert("l", "after", "b", "y") // 6
   * @see https://redis.io/docs/latest/commands/linsert/
   */
  linsert(key: Arg, where: Token<"BEFORE" | "AFTER">, pivot: Arg, element: Arg): Answer<number, M>;
  /**
   * Returns the length of a list. Cost: O(1). Since Redis 1.0.0.
   *
   * `LLEN key`
   * @example
   * db.llen("l") // 6
   * @see https://redis.io/docs/latest/commands/llen/
   */
  llen(key: Arg): Answer<number, M>;
  /**
   * Returns an element after popping it from one list and pushing it to another. Deletes the list if the last element was moved. Cost: O(1). Since Redis 6.2.0.
   *
   * `LMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT>`
   * @example
   * db.lmove("l", "m", "LEFT", "RIGHT") // "a"
   * @see https://redis.io/docs/latest/commands/lmove/
   */
  lmove(source: Arg, destination: Arg, wherefrom: Token<"LEFT" | "RIGHT">, whereto: Token<"LEFT" | "RIGHT">): Answer<B | null, M>;
  /**
   * Moves up to (or exactly) a number of elements from one list to another and returns them. Deletes the source list if it becomes empty. Cost: O(N) where N is the number of elements moved. Since Redis 8.10.0.
   *
   * `LMOVEM source destination <LEFT | RIGHT> <LEFT | RIGHT> [<COUNT count | EXACTLY exactly> <OBO | BULK>]`
   * @example
   * db.lmovem("a", "b", "LEFT", "RIGHT", "COUNT", 2, "OBO") // ["3", "4"]
   * @see https://redis.io/docs/latest/commands/lmovem/
   */
  lmovem<const O extends Given<CountExactlyOptions>>(
    source: Arg,
    destination: Arg,
    wherefrom: Token<"LEFT" | "RIGHT">,
    whereto: Token<"LEFT" | "RIGHT">,
    ...options: Fits<
      O,
      CountExactlyOptions,
      "LMOVEM source destination <LEFT | RIGHT> <LEFT | RIGHT> [<COUNT count | EXACTLY exactly> <OBO | BULK>]"
    >
  ): Answer<B[] | null, M>;
  /**
   * Returns multiple elements from a list after removing them. Deletes the list if the last element was popped. Cost: O(N+M) where N is the number of provided keys and M is the number of elements returned. Since Redis 7.0.0.
   *
   * `LMPOP numkeys key [key ...] <LEFT | RIGHT> [COUNT count]`
   * @example
   * db.lmpop(2, "no", "l", "LEFT") // null
   * @see https://redis.io/docs/latest/commands/lmpop/
   */
  lmpop<const O extends [first: Many, ...more: Given<CountOptions>]>(
    numkeys: Arg,
    ...options: Offered<O, CountOptions, "LEFT" | "RIGHT">
  ): Answer<[B, B[]] | null, M>;
  /**
   * Displays computer art and the Redis version Since Redis 5.0.0.
   *
   * `LOLWUT [VERSION version]`
   * @see https://redis.io/docs/latest/commands/lolwut/
   */
  lolwut<const O extends Given<VersionOptions>>(...options: Fits<O, VersionOptions, "LOLWUT [VERSION version]">): Answer<B, M>;
  /**
   * Returns the first elements in a list after removing it. Deletes the list if the last element was popped. Cost: O(N) where N is the number of elements returned. Since Redis 1.0.0.
   *
   * `LPOP key [count]`
   * @example
   * db.lpop("l") // "a"
   * @see https://redis.io/docs/latest/commands/lpop/
   */
  lpop(key: Arg): Answer<B | null, M>;
  /**
   * Returns the first elements in a list after removing it. Deletes the list if the last element was popped. Cost: O(N) where N is the number of elements returned. Since Redis 1.0.0.
   *
   * `LPOP key [count]`
   * @example
   * db.lpop("l") // "a"
   * @see https://redis.io/docs/latest/commands/lpop/
   */
  lpop(key: Arg, count: Arg): Answer<B[] | null, M>;
  /**
   * Returns the index of matching elements in a list. Cost: O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time. Since Redis 6.0.6.
   *
   * `LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]`
   * @example
   * db.lpos("l", "c") // 2
   * @see https://redis.io/docs/latest/commands/lpos/
   */
  lpos<const O extends Given<LposOptions>>(
    key: Arg,
    element: Arg,
    ...options: Fits<O, LposOptions, "LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]">
  ): Answer<If<Has<O, "COUNT">, number[], number | null>, M>;
  /**
   * Prepends one or more elements to a list. Creates the key if it doesn't exist. Cost: O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments. Since Redis 1.0.0.
   *
   * `LPUSH key element [element ...]`
   * @example
   * db.lpush("l", 1) // 1
   * @see https://redis.io/docs/latest/commands/lpush/
   */
  lpush(key: Arg, element: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Prepends one or more elements to a list only when the list exists. Cost: O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments. Since Redis 2.2.0.
   *
   * `LPUSHX key element [element ...]`
   * @example
   * db.lpushx("l", "z") // 9
   * @see https://redis.io/docs/latest/commands/lpushx/
   */
  lpushx(key: Arg, element: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Returns a range of elements from a list. Cost: O(S+N) where S is the distance of start offset from HEAD for small lists, from nearest end (HEAD or TAIL) for large lists; and N is the number of elements in the specified range. Since Redis 1.0.0.
   *
   * `LRANGE key start stop`
   * @example
   * db.lrange("l", 2, 4) // ["c", "d", "e"]
   * @see https://redis.io/docs/latest/commands/lrange/
   */
  lrange(key: Arg, start: Arg, stop: Arg): Answer<B[], M>;
  /**
   * Removes elements from a list. Deletes the list if the last element was removed. Cost: O(N+M) where N is the length of the list and M is the number of elements removed. Since Redis 1.0.0.
   *
   * `LREM key count element`
   * @example
   * db.lrem("l", 1, "a") // 1
   * @see https://redis.io/docs/latest/commands/lrem/
   */
  lrem(key: Arg, count: Arg, element: Arg): Answer<number, M>;
  /**
   * Sets the value of an element in a list by its index. Cost: O(N) where N is the length of the list. Setting either the first or the last element of the list is O(1). Since Redis 1.0.0.
   *
   * `LSET key index element`
   * @example
   * db.lset("l", 1, "x") // "OK"
   * @see https://redis.io/docs/latest/commands/lset/
   */
  lset(key: Arg, index: Arg, element: Arg): Answer<"OK", M>;
  /**
   * Removes elements from both ends a list. Deletes the list if all elements were trimmed. Cost: O(N) where N is the number of elements to be removed by the operation. Since Redis 1.0.0.
   *
   * `LTRIM key start stop`
   * @example
   * db.ltrim("l", 5, 9) // "OK"
   * @see https://redis.io/docs/latest/commands/ltrim/
   */
  ltrim(key: Arg, start: Arg, stop: Arg): Answer<"OK", M>;
  /**
   * Outputs a memory problems report. Cost: O(1). Since Redis 4.0.0.
   *
   * `MEMORY DOCTOR`
   * @see https://redis.io/docs/latest/commands/memory-doctor/
   */
  memory(subcommand: Token<"DOCTOR">): Answer<B, M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 4.0.0.
   *
   * `MEMORY HELP`
   * @see https://redis.io/docs/latest/commands/memory-help/
   */
  memory(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Returns the allocator statistics. Cost: Depends on how much memory is allocated, could be slow. Since Redis 4.0.0.
   *
   * `MEMORY MALLOC-STATS`
   * @see https://redis.io/docs/latest/commands/memory-malloc-stats/
   */
  memory(subcommand: Token<"MALLOC-STATS">): Answer<B, M>;
  /**
   * Asks the allocator to release memory. Cost: Depends on how much memory is allocated, could be slow. Since Redis 4.0.0.
   *
   * `MEMORY PURGE`
   * @example
   * db.memory("PURGE") // "OK"
   * @see https://redis.io/docs/latest/commands/memory-purge/
   */
  memory(subcommand: Token<"PURGE">): Answer<"OK", M>;
  /**
   * Returns details about memory usage. Cost: O(1). Since Redis 4.0.0.
   *
   * `MEMORY STATS`
   * @see https://redis.io/docs/latest/commands/memory-stats/
   */
  memory(subcommand: Token<"STATS">): Answer<MapReply<B, Reply<B>>, M>;
  /**
   * Estimates the memory usage of a key. Cost: O(N) where N is the number of samples. Since Redis 4.0.0.
   *
   * `MEMORY USAGE key [SAMPLES count]`
   * @example
   * db.memory("USAGE", "no") // null
   * @see https://redis.io/docs/latest/commands/memory-usage/
   */
  memory<const O extends Given<SamplesOptions>>(
    subcommand: Token<"USAGE">,
    key: Arg,
    ...options: Fits<O, SamplesOptions, "MEMORY USAGE key [SAMPLES count]">
  ): Answer<number | null, M>;
  /**
   * Atomically returns the string values of one or more keys. Cost: O(N) where N is the number of keys to retrieve. Since Redis 1.0.0.
   *
   * `MGET key [key ...]`
   * @example
   * db.mget("a", "b") // ["1", "2"]
   * @see https://redis.io/docs/latest/commands/mget/
   */
  mget(key: Many, ...more: Many[]): Answer<(B | null)[], M>;
  /**
   * Listens for all requests received by the server in real-time. Since Redis 1.0.0.
   *
   * `MONITOR`
   * @see https://redis.io/docs/latest/commands/monitor/
   */
  monitor(): Answer<"OK", M>;
  /**
   * Moves a key to another database. Cost: O(1). Since Redis 1.0.0.
   *
   * `MOVE key db`
   * @example
   * db.move("j", 1) // 1
   * @see https://redis.io/docs/latest/commands/move/
   */
  move(key: Arg, db: Arg): Answer<number, M>;
  /**
   * Atomically creates or modifies the string values of one or more keys. Cost: O(N) where N is the number of keys to set. Since Redis 1.0.1.
   *
   * `MSET key value [key value ...]`
   * @example
   * db.mset("a", 1) // "OK"
   * @see https://redis.io/docs/latest/commands/mset/
   */
  mset<const O extends Given<NoOptions, PairsObject>>(
    ...pairs: Fits<O, NoOptions, "MSET key value [key value ...]", PairsTail, never, PairsObject>
  ): Answer<"OK", M>;
  /**
   * Atomically sets multiple string keys with a shared expiration in a single operation. Supports flexible argument parsing where condition and expiration flags can appear in any order. Cost: O(N) where N is the number of keys to set. Since Redis 8.4.0.
   *
   * `MSETEX numkeys key value [key value ...] [NX | XX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`
   * @example
   * db.msetex(1, "a", 3, "EX", 100) // 1
   * @see https://redis.io/docs/latest/commands/msetex/
   */
  msetex<const O extends [first: Many, ...more: Given<MsetexOptions>]>(
    numkeys: Arg,
    ...options: Offered<O, MsetexOptions>
  ): Answer<number, M>;
  /**
   * Atomically modifies the string values of one or more keys only when all keys don't exist. Cost: O(N) where N is the number of keys to set. Since Redis 1.0.1.
   *
   * `MSETNX key value [key value ...]`
   * @example
   * db.msetnx("o", 78) // 1
   * @see https://redis.io/docs/latest/commands/msetnx/
   */
  msetnx<const O extends Given<NoOptions, PairsObject>>(
    ...pairs: Fits<O, NoOptions, "MSETNX key value [key value ...]", PairsTail, never, PairsObject>
  ): Answer<number, M>;
  /**
   * Returns the internal encoding of a Redis object. Cost: O(1). Since Redis 2.2.3.
   *
   * `OBJECT ENCODING key`
   * @example
   * db.object("ENCODING", "a") // "sliced-array"
   * @see https://redis.io/docs/latest/commands/object-encoding/
   */
  object(subcommand: Token<"ENCODING">, key: Arg): Answer<B | null, M>;
  /**
   * Returns the logarithmic access frequency counter of a Redis object. Cost: O(1). Since Redis 4.0.0.
   *
   * `OBJECT FREQ key`
   * @example
   * db.object("FREQ", "k") // 77
   * @see https://redis.io/docs/latest/commands/object-freq/
   */
  object(subcommand: Token<"FREQ">, key: Arg): Answer<number | null, M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 6.2.0.
   *
   * `OBJECT HELP`
   * @see https://redis.io/docs/latest/commands/object-help/
   */
  object(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Returns the time since the last access to a Redis object. Cost: O(1). Since Redis 2.2.3.
   *
   * `OBJECT IDLETIME key`
   * @example
   * db.object("IDLETIME", "k") // 100
   * @see https://redis.io/docs/latest/commands/object-idletime/
   */
  object(subcommand: Token<"IDLETIME">, key: Arg): Answer<number | null, M>;
  /**
   * Returns the reference count of a value of a key. Cost: O(1). Since Redis 2.2.3.
   *
   * `OBJECT REFCOUNT key`
   * @example
   * db.object("REFCOUNT", "k") // 1
   * @see https://redis.io/docs/latest/commands/object-refcount/
   */
  object(subcommand: Token<"REFCOUNT">, key: Arg): Answer<number | null, M>;
  /**
   * Removes the expiration time of a key. Cost: O(1). Since Redis 2.2.0.
   *
   * `PERSIST key`
   * @example
   * db.persist("k") // 1
   * @see https://redis.io/docs/latest/commands/persist/
   */
  persist(key: Arg): Answer<number, M>;
  /**
   * Sets the expiration time of a key in milliseconds. Cost: O(1). Since Redis 2.6.0.
   *
   * `PEXPIRE key milliseconds [NX | XX | GT | LT]`
   * @example
   * db.pexpire("a", 100) // 1
   * @see https://redis.io/docs/latest/commands/pexpire/
   */
  pexpire<const O extends Given<ExpireOptions>>(
    key: Arg,
    milliseconds: Arg,
    ...options: Fits<O, ExpireOptions, "PEXPIRE key milliseconds [NX | XX | GT | LT]">
  ): Answer<number, M>;
  /**
   * Sets the expiration time of a key to a Unix milliseconds timestamp. Cost: O(1). Since Redis 2.6.0.
   *
   * `PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]`
   * @example
   * db.pexpireat("k", 1, "LT") // 1
   * @see https://redis.io/docs/latest/commands/pexpireat/
   */
  pexpireat<const O extends Given<ExpireOptions>>(
    key: Arg,
    unixTimeMilliseconds: Arg,
    ...options: Fits<O, ExpireOptions, "PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]">
  ): Answer<number, M>;
  /**
   * Returns the expiration time of a key as a Unix milliseconds timestamp. Cost: O(1). Since Redis 7.0.0.
   *
   * `PEXPIRETIME key`
   * @example
   * db.pexpiretime("k") // 4000000000000
   * @see https://redis.io/docs/latest/commands/pexpiretime/
   */
  pexpiretime(key: Arg): Answer<number, M>;
  /**
   * Adds elements to a HyperLogLog key. Creates the key if it doesn't exist. Cost: O(1) to add every element. Since Redis 2.8.9.
   *
   * `PFADD key [element [element ...]]`
   * @example
   * db.pfadd("h") // 1
   * @see https://redis.io/docs/latest/commands/pfadd/
   */
  pfadd(key: Arg, ...options: Any1<[element: Many, ...more: Many[]]>): Answer<number, M>;
  /**
   * Returns the approximated cardinality of the set(s) observed by the HyperLogLog key(s). Cost: O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys. Since Redis 2.8.9.
   *
   * `PFCOUNT key [key ...]`
   * @example
   * db.pfcount("h") // 3
   * @see https://redis.io/docs/latest/commands/pfcount/
   */
  pfcount(key: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Internal commands for debugging HyperLogLog values. Cost: N/A. Since Redis 2.8.9.
   *
   * `PFDEBUG subcommand key`
   * @example
   * db.pfdebug("DECODE", "h") // "Z:8436 v:1,1 Z:4274 v:2,1 Z:3068 v:1,1 Z:603"
   * @see https://redis.io/docs/latest/commands/pfdebug/
   */
  pfdebug(subcommand: Arg, key: Arg): Answer<Reply<B>, M>;
  /**
   * Merges one or more HyperLogLog values into a single key. Cost: O(N) to merge N HyperLogLogs, but with high constant times. Since Redis 2.8.9.
   *
   * `PFMERGE destkey [sourcekey [sourcekey ...]]`
   * @example
   * db.pfmerge("m") // "OK"
   * @see https://redis.io/docs/latest/commands/pfmerge/
   */
  pfmerge(destkey: Arg, ...options: Any1<[sourcekey: Many, ...more: Many[]]>): Answer<"OK", M>;
  /**
   * An internal command for testing HyperLogLog values. Cost: N/A. Since Redis 2.8.9.
   *
   * `PFSELFTEST`
   * @example
   * db.pfselftest() // "OK"
   * @see https://redis.io/docs/latest/commands/pfselftest/
   */
  pfselftest(): Answer<"OK", M>;
  /**
   * Returns the server's liveliness response. Cost: O(1). Since Redis 1.0.0.
   *
   * `PING [message]`
   * @example
   * db.ping("hello") // "hello"
   * @see https://redis.io/docs/latest/commands/ping/
   */
  ping(): Answer<string, M>;
  /**
   * Returns the server's liveliness response. Cost: O(1). Since Redis 1.0.0.
   *
   * `PING [message]`
   * @example
   * db.ping("hello") // "hello"
   * @see https://redis.io/docs/latest/commands/ping/
   */
  ping(message: Arg): Answer<B, M>;
  /**
   * Sets both string value and expiration time in milliseconds of a key. The key is created if it doesn't exist. Cost: O(1). Since Redis 2.6.0.
   *
   * `PSETEX key milliseconds value`
   * @example
   * db.psetex("k", 100400, "v") // "OK"
   * @see https://redis.io/docs/latest/commands/psetex/
   */
  psetex(key: Arg, milliseconds: Arg, value: Arg): Answer<"OK", M>;
  /**
   * Returns the expiration time in milliseconds of a key. Cost: O(1). Since Redis 2.6.0.
   *
   * `PTTL key`
   * @example
   * db.pttl("k") // -1
   * @see https://redis.io/docs/latest/commands/pttl/
   */
  pttl(key: Arg): Answer<number, M>;
  /**
   * Posts a message to a channel. Cost: O(N+M) where N is the number of clients subscribed to the receiving channel and M is the total number of subscribed patterns (by any client). Since Redis 2.0.0.
   *
   * `PUBLISH channel message`
   * @example
   * db.publish("c", "hello") // 1
   * @see https://redis.io/docs/latest/commands/publish/
   */
  publish(channel: Arg, message: Arg): Answer<number, M>;
  /**
   * Returns the active channels. Cost: O(N) where N is the number of active channels, and assuming constant time pattern matching (relatively short channels and patterns). Since Redis 2.8.0.
   *
   * `PUBSUB CHANNELS [pattern]`
   * @see https://redis.io/docs/latest/commands/pubsub-channels/
   */
  pubsub(subcommand: Token<"CHANNELS">, ...options: Any1<[pattern: Arg]>): Answer<B[], M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 6.2.0.
   *
   * `PUBSUB HELP`
   * @see https://redis.io/docs/latest/commands/pubsub-help/
   */
  pubsub(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Returns a count of unique pattern subscriptions. Cost: O(1). Since Redis 2.8.0.
   *
   * `PUBSUB NUMPAT`
   * @example
   * db.pubsub("NUMPAT") // 0
   * @see https://redis.io/docs/latest/commands/pubsub-numpat/
   */
  pubsub(subcommand: Token<"NUMPAT">): Answer<number, M>;
  /**
   * Returns a count of subscribers to channels. Cost: O(N) for the NUMSUB subcommand, where N is the number of requested channels. Since Redis 2.8.0.
   *
   * `PUBSUB NUMSUB [channel [channel ...]]`
   * @see https://redis.io/docs/latest/commands/pubsub-numsub/
   */
  pubsub(subcommand: Token<"NUMSUB">, ...options: Any1<[channel: Many, ...more: Many[]]>): Answer<Reply<B>[], M>;
  /**
   * Returns the active shard channels. Cost: O(N) where N is the number of active shard channels, and assuming constant time pattern matching (relatively short shard channels). Since Redis 7.0.0.
   *
   * `PUBSUB SHARDCHANNELS [pattern]`
   * @see https://redis.io/docs/latest/commands/pubsub-shardchannels/
   */
  pubsub(subcommand: Token<"SHARDCHANNELS">, ...options: Any1<[pattern: Arg]>): Answer<B[], M>;
  /**
   * Returns the count of subscribers of shard channels. Cost: O(N) for the SHARDNUMSUB subcommand, where N is the number of requested shard channels. Since Redis 7.0.0.
   *
   * `PUBSUB SHARDNUMSUB [shardchannel [shardchannel ...]]`
   * @see https://redis.io/docs/latest/commands/pubsub-shardnumsub/
   */
  pubsub(subcommand: Token<"SHARDNUMSUB">, ...options: Any1<[shardchannel: Many, ...more: Many[]]>): Answer<Reply<B>[], M>;
  /**
   * Closes the connection. Cost: O(1). Since Redis 1.0.0.
   *
   * `QUIT`
   * @see https://redis.io/docs/latest/commands/quit/
   */
  quit(): Answer<"OK", M>;
  /**
   * Returns a random key name from the database. Cost: O(1). Since Redis 1.0.0.
   *
   * `RANDOMKEY`
   * @example
   * db.randomkey() // "w"
   * @see https://redis.io/docs/latest/commands/randomkey/
   */
  randomkey(): Answer<B | null, M>;
  /**
   * Enables read-only queries for a connection to a Redis Cluster replica node. Cost: O(1). Since Redis 3.0.0.
   *
   * `READONLY`
   * @see https://redis.io/docs/latest/commands/readonly/
   */
  readonly(): Answer<"OK", M>;
  /**
   * Enables read-write queries for a connection to a Reids Cluster replica node. Cost: O(1). Since Redis 3.0.0.
   *
   * `READWRITE`
   * @see https://redis.io/docs/latest/commands/readwrite/
   */
  readwrite(): Answer<"OK", M>;
  /**
   * Renames a key and overwrites the destination. Cost: O(1). Since Redis 1.0.0.
   *
   * `RENAME key newkey`
   * @example
   * db.rename("a", "c") // "OK"
   * @see https://redis.io/docs/latest/commands/rename/
   */
  rename(key: Arg, newkey: Arg): Answer<"OK", M>;
  /**
   * Renames a key only when the target key name doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `RENAMENX key newkey`
   * @example
   * db.renamenx("b", "c") // 1
   * @see https://redis.io/docs/latest/commands/renamenx/
   */
  renamenx(key: Arg, newkey: Arg): Answer<number, M>;
  /**
   * Configures a server as replica of another, or promotes it to a master. Cost: O(1). Since Redis 5.0.0.
   *
   * `REPLICAOF <host port | NO ONE>`
   * @example
   * db.replicaof("NO", "ONE") // "OK"
   * @see https://redis.io/docs/latest/commands/replicaof/
   */
  replicaof(...options: [host: Arg, port: Arg] | [Token<"NO">, Token<"ONE">]): Answer<"OK", M>;
  /**
   * Resets the connection. Cost: O(1). Since Redis 6.2.0.
   *
   * `RESET`
   * @see https://redis.io/docs/latest/commands/reset/
   */
  reset(): Answer<string, M>;
  /**
   * Creates a key from the serialized representation of a value. Cost: O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1). However for sorted set values the complexity is O(N*M*log(N)) because inserting values into sorted sets is O(log(N)). Since Redis 2.6.0.
   *
   * `RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]`
   * @see https://redis.io/docs/latest/commands/restore/
   */
  restore<const O extends Given<RestoreOptions>>(
    key: Arg,
    ttl: Arg,
    serializedValue: Arg,
    ...options: Fits<O, RestoreOptions, "RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]">
  ): Answer<"OK", M>;
  /**
   * Returns the replication role. Cost: O(1). Since Redis 2.8.12.
   *
   * `ROLE`
   * @see https://redis.io/docs/latest/commands/role/
   */
  role(): Answer<[B, number, Reply<B>[]], M>;
  /**
   * Returns and removes the last elements of a list. Deletes the list if the last element was popped. Cost: O(N) where N is the number of elements returned. Since Redis 1.0.0.
   *
   * `RPOP key [count]`
   * @example
   * db.rpop("l") // "f"
   * @see https://redis.io/docs/latest/commands/rpop/
   */
  rpop(key: Arg): Answer<B | null, M>;
  /**
   * Returns and removes the last elements of a list. Deletes the list if the last element was popped. Cost: O(N) where N is the number of elements returned. Since Redis 1.0.0.
   *
   * `RPOP key [count]`
   * @example
   * db.rpop("l") // "f"
   * @see https://redis.io/docs/latest/commands/rpop/
   */
  rpop(key: Arg, count: Arg): Answer<B[] | null, M>;
  /**
   * Returns the last element of a list after removing and pushing it to another list. Deletes the list if the last element was popped. Cost: O(1). Since Redis 1.2.0.
   *
   * `RPOPLPUSH source destination`
   * @example
   * db.rpoplpush("m", "n") // "c"
   * @see https://redis.io/docs/latest/commands/rpoplpush/
   */
  rpoplpush(source: Arg, destination: Arg): Answer<B | null, M>;
  /**
   * Appends one or more elements to a list. Creates the key if it doesn't exist. Cost: O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments. Since Redis 1.0.0.
   *
   * `RPUSH key element [element ...]`
   * @example
   * db.rpush("l", "a") // 1
   * @see https://redis.io/docs/latest/commands/rpush/
   */
  rpush(key: Arg, element: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Appends an element to a list only when the list exists. Cost: O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments. Since Redis 2.2.0.
   *
   * `RPUSHX key element [element ...]`
   * @example
   * db.rpushx("l", "x", "y") // 8
   * @see https://redis.io/docs/latest/commands/rpushx/
   */
  rpushx(key: Arg, element: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Adds one or more members to a set. Creates the key if it doesn't exist. Cost: O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments. Since Redis 1.0.0.
   *
   * `SADD key member [member ...]`
   * @example
   * db.sadd("s", "x") // 1
   * @see https://redis.io/docs/latest/commands/sadd/
   */
  sadd(key: Arg, member: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Synchronously saves the database(s) to disk. Cost: O(N) where N is the total number of keys in all databases. Since Redis 1.0.0.
   *
   * `SAVE`
   * @see https://redis.io/docs/latest/commands/save/
   */
  save(): Answer<"OK" | Promise<"OK">, M>;
  /**
   * Iterates over the key names in the database. Cost: O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection. Since Redis 2.8.0.
   *
   * `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]`
   * @see https://redis.io/docs/latest/commands/scan/
   */
  scan<const O extends Given<ScanOptions>>(
    cursor: Arg,
    ...options: Fits<O, ScanOptions, "SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]">
  ): Answer<[B, B[]], M>;
  /**
   * Returns the number of members in a set. Cost: O(1). Since Redis 1.0.0.
   *
   * `SCARD key`
   * @example
   * db.scard("s") // 4
   * @see https://redis.io/docs/latest/commands/scard/
   */
  scard(key: Arg): Answer<number, M>;
  /**
   * Sets the debug mode of server-side Lua scripts. Cost: O(1). Since Redis 3.2.0.
   *
   * `SCRIPT DEBUG <YES | SYNC | NO>`
   * @example
   * db.script("DEBUG", "no") // "OK"
   * @see https://redis.io/docs/latest/commands/script-debug/
   */
  script(subcommand: Token<"DEBUG">, mode: Token<"YES" | "SYNC" | "NO">): Answer<"OK", M>;
  /**
   * Determines whether server-side Lua scripts exist in the script cache. Cost: O(N) with N being the number of scripts to check (so checking a single script is an O(1) operation). Since Redis 2.6.0.
   *
   * `SCRIPT EXISTS sha1 [sha1 ...]`
   * @example
   * db.script("EXISTS", "a", "b") // [0, 0]
   * @see https://redis.io/docs/latest/commands/script-exists/
   */
  script(subcommand: Token<"EXISTS">, sha1: Many, ...more: Many[]): Answer<number[], M>;
  /**
   * Removes all server-side Lua scripts from the script cache. Cost: O(N) with N being the number of scripts in cache. Since Redis 2.6.0.
   *
   * `SCRIPT FLUSH [ASYNC | SYNC]`
   * @example
   * db.script("FLUSH") // "OK"
   * @see https://redis.io/docs/latest/commands/script-flush/
   */
  script<const O extends Given<AsyncSyncOptions>>(
    subcommand: Token<"FLUSH">,
    ...options: Fits<O, AsyncSyncOptions, "SCRIPT FLUSH [ASYNC | SYNC]">
  ): Answer<"OK", M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `SCRIPT HELP`
   * @see https://redis.io/docs/latest/commands/script-help/
   */
  script(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Terminates a server-side Lua script during execution. Cost: O(1). Since Redis 2.6.0.
   *
   * `SCRIPT KILL`
   * @see https://redis.io/docs/latest/commands/script-kill/
   */
  script(subcommand: Token<"KILL">): Answer<"OK", M>;
  /**
   * Loads a server-side Lua script to the script cache. Cost: O(N) with N being the length in bytes of the script body. Since Redis 2.6.0.
   *
   * `SCRIPT LOAD script`
   * @see https://redis.io/docs/latest/commands/script-load/
   */
  script(subcommand: Token<"LOAD">, script: Arg): Answer<B, M>;
  /**
   * Returns the difference of multiple sets. Cost: O(N) where N is the total number of elements in all given sets. Since Redis 1.0.0.
   *
   * `SDIFF key [key ...]`
   * @see https://redis.io/docs/latest/commands/sdiff/
   */
  sdiff(key: Many, ...more: Many[]): Answer<B[], M>;
  /**
   * Returns the number of members of the difference of multiple sets. Cost: O(N) where N is the total number of elements in all given sets. Since Redis 8.10.0.
   *
   * `SDIFFCARD numkeys key [key ...] [LIMIT limit]`
   * @example
   * db.sdiffcard(1, "a") // 4
   * @see https://redis.io/docs/latest/commands/sdiffcard/
   */
  sdiffcard<const O extends [first: Many, ...more: Given<LimitOptions>]>(
    numkeys: Arg,
    ...options: Offered<O, LimitOptions>
  ): Answer<number, M>;
  /**
   * Stores the difference of multiple sets in a key. Cost: O(N) where N is the total number of elements in all given sets. Since Redis 1.0.0.
   *
   * `SDIFFSTORE destination key [key ...]`
   * @example
   * db.sdiffstore("d", "a", "b") // 1
   * @see https://redis.io/docs/latest/commands/sdiffstore/
   */
  sdiffstore(destination: Arg, key: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Changes the selected database. Cost: O(1). Since Redis 1.0.0.
   *
   * `SELECT index`
   * @example
   * db.select(1) // "OK"
   * @see https://redis.io/docs/latest/commands/select/
   */
  select(index: Arg): Answer<"OK", M>;
  /**
   * Sets the string value of a key, ignoring its type. The key is created if it doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `SET key value [NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`
   * @example
   * db.set("w", 1) // "OK"
   * @see https://redis.io/docs/latest/commands/set/
   */
  set<const O extends Given<SetOptions>>(
    key: Arg,
    value: Arg,
    ...options: Fits<
      O,
      SetOptions,
      "SET key value [NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]"
    >
  ): Answer<If<Has<O, "GET">, B | null, If<Has<O, "NX" | "XX" | "IFEQ" | "IFNE" | "IFDEQ" | "IFDNE">, "OK" | null, "OK">>, M>;
  /**
   * Sets or clears the bit at offset of the string value. Creates the key if it doesn't exist. Cost: O(1). Since Redis 2.2.0.
   *
   * `SETBIT key offset value`
   * @example
   * db.setbit("i", 2, 0) // 1
   * @see https://redis.io/docs/latest/commands/setbit/
   */
  setbit(key: Arg, offset: Arg, value: Arg): Answer<number, M>;
  /**
   * Sets the string value and expiration time of a key. Creates the key if it doesn't exist. Cost: O(1). Since Redis 2.0.0.
   *
   * `SETEX key seconds value`
   * @example
   * db.setex("h", 10, "v") // "OK"
   * @see https://redis.io/docs/latest/commands/setex/
   */
  setex(key: Arg, seconds: Arg, value: Arg): Answer<"OK", M>;
  /**
   * Set the string value of a key only when the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `SETNX key value`
   * @example
   * db.setnx("k", "v") // 1
   * @see https://redis.io/docs/latest/commands/setnx/
   */
  setnx(key: Arg, value: Arg): Answer<number, M>;
  /**
   * Overwrites a part of a string value with another by an offset. Creates the key if it doesn't exist. Cost: O(1), not counting the time taken to copy the new string in place. Usually, this string is very small so the amortized complexity is O(1). Otherwise, complexity is O(M) with M being the length of the value argument. Since Redis 2.2.0.
   *
   * `SETRANGE key offset value`
   * @example
   * db.setrange("n", 1, 99) // 5
   * @see https://redis.io/docs/latest/commands/setrange/
   */
  setrange(key: Arg, offset: Arg, value: Arg): Answer<number, M>;
  /**
   * Synchronously saves the database(s) to disk and shuts down the Redis server. Cost: O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1). Since Redis 1.0.0.
   *
   * `SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]`
   * @see https://redis.io/docs/latest/commands/shutdown/
   */
  shutdown<const O extends Given<ShutdownOptions>>(
    ...options: Fits<O, ShutdownOptions, "SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]">
  ): Answer<Reply<B>, M>;
  /**
   * Returns the intersect of multiple sets. Cost: O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets. Since Redis 1.0.0.
   *
   * `SINTER key [key ...]`
   * @example
   * db.sinter("a", "b") // ["2", "3", "x"]
   * @see https://redis.io/docs/latest/commands/sinter/
   */
  sinter(key: Many, ...more: Many[]): Answer<B[], M>;
  /**
   * Returns the number of members of the intersect of multiple sets. Cost: O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets. Since Redis 7.0.0.
   *
   * `SINTERCARD numkeys key [key ...] [LIMIT limit]`
   * @example
   * db.sintercard(1, "a") // 4
   * @see https://redis.io/docs/latest/commands/sintercard/
   */
  sintercard<const O extends [first: Many, ...more: Given<LimitOptions>]>(
    numkeys: Arg,
    ...options: Offered<O, LimitOptions>
  ): Answer<number, M>;
  /**
   * Stores the intersect of multiple sets in a key. Cost: O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets. Since Redis 1.0.0.
   *
   * `SINTERSTORE destination key [key ...]`
   * @example
   * db.sinterstore("d", "a", "b") // 3
   * @see https://redis.io/docs/latest/commands/sinterstore/
   */
  sinterstore(destination: Arg, key: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Determines whether a member belongs to a set. Cost: O(1). Since Redis 1.0.0.
   *
   * `SISMEMBER key member`
   * @example
   * db.sismember("s", "a") // 1
   * @see https://redis.io/docs/latest/commands/sismember/
   */
  sismember(key: Arg, member: Arg): Answer<number, M>;
  /**
   * Sets a Redis server as a replica of another, or promotes it to being a master. Cost: O(1). Since Redis 1.0.0.
   *
   * `SLAVEOF <host port | NO ONE>`
   * @example
   * db.slaveof("no", "one") // "OK"
   * @see https://redis.io/docs/latest/commands/slaveof/
   */
  slaveof(...options: [host: Arg, port: Arg] | [Token<"NO">, Token<"ONE">]): Answer<"OK", M>;
  /**
   * Returns the slow log's entries. Cost: O(N) where N is the number of entries returned. Since Redis 2.2.12.
   *
   * `SLOWLOG GET [count]`
   * @see https://redis.io/docs/latest/commands/slowlog-get/
   */
  slowlog(
    subcommand: Token<"GET">,
    ...options: Any1<[count: Arg]>
  ): Answer<([number, number, number, B[], B, B] | [number, number, number, B[], B, B, number])[], M>;
  /**
   * Show helpful text about the different subcommands Cost: O(1). Since Redis 6.2.0.
   *
   * `SLOWLOG HELP`
   * @see https://redis.io/docs/latest/commands/slowlog-help/
   */
  slowlog(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Returns the number of entries in the slow log. Cost: O(1). Since Redis 2.2.12.
   *
   * `SLOWLOG LEN`
   * @example
   * db.slowlog("LEN") // 0
   * @see https://redis.io/docs/latest/commands/slowlog-len/
   */
  slowlog(subcommand: Token<"LEN">): Answer<number, M>;
  /**
   * Clears all entries from the slow log. Cost: O(N) where N is the number of entries in the slowlog. Since Redis 2.2.12.
   *
   * `SLOWLOG RESET`
   * @example
   * db.slowlog("RESET") // "OK"
   * @see https://redis.io/docs/latest/commands/slowlog-reset/
   */
  slowlog(subcommand: Token<"RESET">): Answer<"OK", M>;
  /**
   * Returns all members of a set. Cost: O(N) where N is the set cardinality. Since Redis 1.0.0.
   *
   * `SMEMBERS key`
   * @example
   * db.smembers("s") // ["b", "c", "d"]
   * @see https://redis.io/docs/latest/commands/smembers/
   */
  smembers(key: Arg): Answer<B[], M>;
  /**
   * Determines whether multiple members belong to a set. Cost: O(N) where N is the number of elements being checked for membership. Since Redis 6.2.0.
   *
   * `SMISMEMBER key member [member ...]`
   * @example
   * db.smismember("no", "a", "b") // [0, 0]
   * @see https://redis.io/docs/latest/commands/smismember/
   */
  smismember(key: Arg, member: Many, ...more: Many[]): Answer<number[], M>;
  /**
   * Moves a member from one set to another. Cost: O(1). Since Redis 1.0.0.
   *
   * `SMOVE source destination member`
   * @example
   * db.smove("a", "b", 1) // 1
   * @see https://redis.io/docs/latest/commands/smove/
   */
  smove(source: Arg, destination: Arg, member: Arg): Answer<number, M>;
  /**
   * Sorts the elements in a list, a set, or a sorted set, optionally storing the result. Cost: O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. When the elements are not sorted, complexity is O(N). Since Redis 1.0.0.
   *
   * `SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA] [STORE destination]`
   * @example
   * db.sort("k") // ["1", "2"]
   * @see https://redis.io/docs/latest/commands/sort/
   */
  sort<const O extends Given<SortOptions>>(
    key: Arg,
    ...options: Fits<
      O,
      SortOptions,
      "SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA] [STORE destination]"
    >
  ): Answer<If<Has<O, "STORE">, number, If<Has<O, "GET">, (B | null)[], B[]>>, M>;
  /**
   * Returns the sorted elements of a list, a set, or a sorted set. Cost: O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. When the elements are not sorted, complexity is O(N). Since Redis 7.0.0.
   *
   * `SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA]`
   * @example
   * db.sort_ro("k", "GET", "w_*") // ["a", "b"]
   * @see https://redis.io/docs/latest/commands/sort_ro/
   */
  sort_ro<const O extends Given<SortRoOptions>>(
    key: Arg,
    ...options: Fits<O, SortRoOptions, "SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA]">
  ): Answer<If<Has<O, "GET">, (B | null)[], B[]>, M>;
  /**
   * Returns one or more random members from a set after removing them. Deletes the set if the last member was popped. Cost: Without the count argument O(1), otherwise O(N) where N is the value of the passed count. Since Redis 1.0.0.
   *
   * `SPOP key [count]`
   * @example
   * db.spop("s") // "a"
   * @see https://redis.io/docs/latest/commands/spop/
   */
  spop(key: Arg): Answer<B | null, M>;
  /**
   * Returns one or more random members from a set after removing them. Deletes the set if the last member was popped. Cost: Without the count argument O(1), otherwise O(N) where N is the value of the passed count. Since Redis 1.0.0.
   *
   * `SPOP key [count]`
   * @example
   * db.spop("s") // "a"
   * @see https://redis.io/docs/latest/commands/spop/
   */
  spop(key: Arg, count: Arg): Answer<B[], M>;
  /**
   * Post a message to a shard channel Cost: O(N) where N is the number of clients subscribed to the receiving shard channel. Since Redis 7.0.0.
   *
   * `SPUBLISH shardchannel message`
   * @see https://redis.io/docs/latest/commands/spublish/
   */
  spublish(shardchannel: Arg, message: Arg): Answer<number, M>;
  /**
   * Get one or multiple random members from a set Cost: Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count. Since Redis 1.0.0.
   *
   * `SRANDMEMBER key [count]`
   * @example
   * db.srandmember("s") // "a"
   * @see https://redis.io/docs/latest/commands/srandmember/
   */
  srandmember(key: Arg): Answer<B | null, M>;
  /**
   * Get one or multiple random members from a set Cost: Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count. Since Redis 1.0.0.
   *
   * `SRANDMEMBER key [count]`
   * @example
   * db.srandmember("s") // "a"
   * @see https://redis.io/docs/latest/commands/srandmember/
   */
  srandmember(key: Arg, count: Arg): Answer<B[], M>;
  /**
   * Removes one or more members from a set. Deletes the set if the last member was removed. Cost: O(N) where N is the number of members to be removed. Since Redis 1.0.0.
   *
   * `SREM key member [member ...]`
   * @example
   * db.srem("lpi", "a") // 1
   * @see https://redis.io/docs/latest/commands/srem/
   */
  srem(key: Arg, member: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Iterates over members of a set. Cost: O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection. Since Redis 2.8.0.
   *
   * `SSCAN key cursor [MATCH pattern] [COUNT count]`
   * @see https://redis.io/docs/latest/commands/sscan/
   */
  sscan<const O extends Given<MatchCountOptions>>(
    key: Arg,
    cursor: Arg,
    ...options: Fits<O, MatchCountOptions, "SSCAN key cursor [MATCH pattern] [COUNT count]">
  ): Answer<[B, B[]], M>;
  /**
   * Returns the length of a string value. Cost: O(1). Since Redis 2.2.0.
   *
   * `STRLEN key`
   * @example
   * db.strlen("s") // 13
   * @see https://redis.io/docs/latest/commands/strlen/
   */
  strlen(key: Arg): Answer<number, M>;
  /**
   * Returns a substring from a string value. Cost: O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings. Since Redis 1.0.0.
   *
   * `SUBSTR key start end`
   * @example
   * db.substr("k", -3, -1) // "rld"
   * @see https://redis.io/docs/latest/commands/substr/
   */
  substr(key: Arg, start: Arg, end: Arg): Answer<B, M>;
  /**
   * Returns the union of multiple sets. Cost: O(N) where N is the total number of elements in all given sets. Since Redis 1.0.0.
   *
   * `SUNION key [key ...]`
   * @see https://redis.io/docs/latest/commands/sunion/
   */
  sunion(key: Many, ...more: Many[]): Answer<B[], M>;
  /**
   * Returns the number of members of the union of multiple sets. Cost: O(N) where N is the total number of elements in all given sets. Since Redis 8.10.0.
   *
   * `SUNIONCARD numkeys key [key ...] [APPROX] [LIMIT limit]`
   * @example
   * db.sunioncard(2, "a", "b") // 5
   * @see https://redis.io/docs/latest/commands/sunioncard/
   */
  sunioncard<const O extends [first: Many, ...more: Given<ApproxLimitOptions>]>(
    numkeys: Arg,
    ...options: Offered<O, ApproxLimitOptions>
  ): Answer<number, M>;
  /**
   * Stores the union of multiple sets in a key. Cost: O(N) where N is the total number of elements in all given sets. Since Redis 1.0.0.
   *
   * `SUNIONSTORE destination key [key ...]`
   * @example
   * db.sunionstore("d", "a", "b") // 6
   * @see https://redis.io/docs/latest/commands/sunionstore/
   */
  sunionstore(destination: Arg, key: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Swaps two Redis databases. Cost: O(N) where N is the count of clients watching or blocking on keys from both databases. Since Redis 4.0.0.
   *
   * `SWAPDB index1 index2`
   * @example
   * db.swapdb(0, 1) // "OK"
   * @see https://redis.io/docs/latest/commands/swapdb/
   */
  swapdb(index1: Arg, index2: Arg): Answer<"OK", M>;
  /**
   * Returns the server time. Cost: O(1). Since Redis 2.6.0.
   *
   * `TIME`
   * @see https://redis.io/docs/latest/commands/time/
   */
  time(): Answer<[B, B], M>;
  /**
   * Returns the number of existing keys out of those specified after updating the time they were last accessed. Cost: O(N) where N is the number of keys that will be touched. Since Redis 3.2.1.
   *
   * `TOUCH key [key ...]`
   * @example
   * db.touch("k") // 1
   * @see https://redis.io/docs/latest/commands/touch/
   */
  touch(key: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Returns the expiration time in seconds of a key. Cost: O(1). Since Redis 1.0.0.
   *
   * `TTL key`
   * @example
   * db.ttl("c") // 100
   * @see https://redis.io/docs/latest/commands/ttl/
   */
  ttl(key: Arg): Answer<number, M>;
  /**
   * Determines the type of value stored at a key. Cost: O(1). Since Redis 1.0.0.
   *
   * `TYPE key`
   * @see https://redis.io/docs/latest/commands/type/
   */
  type(key: Arg): Answer<string, M>;
  /**
   * Asynchronously deletes one or more keys. Cost: O(1) for each key removed regardless of its size. Then the command does O(N) work in a different thread in order to reclaim memory, where N is the number of allocations the deleted objects where composed of. Since Redis 4.0.0.
   *
   * `UNLINK key [key ...]`
   * @example
   * db.unlink("c") // 1
   * @see https://redis.io/docs/latest/commands/unlink/
   */
  unlink(key: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Forgets about watched keys of a transaction. Cost: O(1). Since Redis 2.2.0.
   *
   * `UNWATCH`
   * @example
   * db.unwatch() // "OK"
   * @see https://redis.io/docs/latest/commands/unwatch/
   */
  unwatch(): Answer<"OK", M>;
  /**
   * Add one or more elements to a vector set, or update its vector if it already exists Since Redis 8.0.0.
   *
   * `VADD key [REDUCE dim] <FP32 | VALUES> vector element [CAS] [NOQUANT | BIN | Q8] [EF build-exploration-factor] [SETATTR attributes] [M numlinks]`
   * @see https://redis.io/docs/latest/commands/vadd/
   */
  vadd<const O extends [Token<"REDUCE" | "FP32" | "VALUES">, Many, Many, ...Given<VaddOptions>]>(
    key: Arg,
    ...options: Offered<O, VaddOptions, "REDUCE" | "FP32" | "VALUES">
  ): Answer<boolean, M>;
  /**
   * Return the number of elements in a vector set Since Redis 8.0.0.
   *
   * `VCARD key`
   * @example
   * db.vcard("k") // 2
   * @see https://redis.io/docs/latest/commands/vcard/
   */
  vcard(key: Arg): Answer<number, M>;
  /**
   * Return the dimension of vectors in the vector set Since Redis 8.0.0.
   *
   * `VDIM key`
   * @example
   * db.vdim("k") // 3
   * @see https://redis.io/docs/latest/commands/vdim/
   */
  vdim(key: Arg): Answer<number, M>;
  /**
   * Return the vector associated with an element Since Redis 8.0.0.
   *
   * `VEMB key element [RAW]`
   * @example
   * db.vemb("k", "a") // [1.0078740119934082, 1.984251856803894, 4]
   * @see https://redis.io/docs/latest/commands/vemb/
   */
  vemb<const O extends Given<RawOptions>>(
    key: Arg,
    element: Arg,
    ...options: Fits<O, RawOptions, "VEMB key element [RAW]">
  ): Answer<If<Has<O, "RAW">, [string, B, number] | [string, B, number, number] | null, number[] | null>, M>;
  /**
   * Retrieve the JSON attributes of elements Since Redis 8.0.0.
   *
   * `VGETATTR key element`
   * @example
   * db.vgetattr("k", "a") // "x"
   * @see https://redis.io/docs/latest/commands/vgetattr/
   */
  vgetattr(key: Arg, element: Arg): Answer<B | null, M>;
  /**
   * Return information about a vector set Since Redis 8.0.0.
   *
   * `VINFO key`
   * @see https://redis.io/docs/latest/commands/vinfo/
   */
  vinfo(key: Arg): Answer<
    Fields<
      B,
      {
        "quant-type": string;
        "hnsw-m": number;
        "vector-dim": number;
        "projection-input-dim": number;
        size: number;
        "max-level": number;
        "attributes-count": number;
        "vset-uid": number;
        "hnsw-max-node-uid": number;
      }
    > | null,
    M
  >;
  /**
   * Check if an element exists in a vector set Since Redis 8.2.0.
   *
   * `VISMEMBER key element`
   * @see https://redis.io/docs/latest/commands/vismember/
   */
  vismember(key: Arg, element: Arg): Answer<boolean, M>;
  /**
   * Return the neighbors of an element at each layer in the HNSW graph Since Redis 8.0.0.
   *
   * `VLINKS key element [WITHSCORES]`
   * @example
   * db.vlinks("k", "x") // null
   * @see https://redis.io/docs/latest/commands/vlinks/
   */
  vlinks<const O extends Given<WithscoresOptions>>(
    key: Arg,
    element: Arg,
    ...options: Fits<O, WithscoresOptions, "VLINKS key element [WITHSCORES]">
  ): Answer<If<Has<O, "WITHSCORES">, MapReply<B, number>[] | null, B[][] | null>, M>;
  /**
   * Return one or multiple random members from a vector set Since Redis 8.0.0.
   *
   * `VRANDMEMBER key [count]`
   * @example
   * db.vrandmember("k") // "a"
   * @see https://redis.io/docs/latest/commands/vrandmember/
   */
  vrandmember(key: Arg): Answer<B | null, M>;
  /**
   * Return one or multiple random members from a vector set Since Redis 8.0.0.
   *
   * `VRANDMEMBER key [count]`
   * @example
   * db.vrandmember("k") // "a"
   * @see https://redis.io/docs/latest/commands/vrandmember/
   */
  vrandmember(key: Arg, count: Arg): Answer<B[], M>;
  /**
   * Return vector set elements in a lex range Since Redis 8.4.0.
   *
   * `VRANGE key start end [count]`
   * @example
   * db.vrange("k", "-", "+", 2) // ["", "a"]
   * @see https://redis.io/docs/latest/commands/vrange/
   */
  vrange(key: Arg, start: Arg, end: Arg, ...options: Any1<[count: Arg]>): Answer<B[], M>;
  /**
   * Remove an element from a vector set Since Redis 8.0.0.
   *
   * `VREM key element`
   * @see https://redis.io/docs/latest/commands/vrem/
   */
  vrem(key: Arg, element: Arg): Answer<boolean, M>;
  /**
   * Associate or remove the JSON attributes of elements Since Redis 8.0.0.
   *
   * `VSETATTR key element json`
   * @see https://redis.io/docs/latest/commands/vsetattr/
   */
  vsetattr(key: Arg, element: Arg, json: Arg): Answer<boolean, M>;
  /**
   * Return elements by vector similarity Since Redis 8.0.0.
   *
   * `VSIM key <ELE | FP32 | VALUES> vector_or_element [WITHSCORES] [WITHATTRIBS] [COUNT count] [EPSILON max_distance] [EF search-exploration-factor] [FILTER expression] [FILTER-EF max-filtering-effort] [TRUTH] [NOTHREAD]`
   * @example
   * db.vsim("k", "ELE", "east", "EPSILON", "0.3") // ["east", "northeast"]
   * @see https://redis.io/docs/latest/commands/vsim/
   */
  vsim<const O extends Given<VsimOptions>>(
    key: Arg,
    format: Token<"ELE" | "FP32" | "VALUES">,
    vectorOrElement: Many,
    ...options: Fits<
      O,
      VsimOptions,
      "VSIM key <ELE | FP32 | VALUES> vector_or_element [WITHSCORES] [WITHATTRIBS] [COUNT count] [EPSILON max_distance] [EF search-exploration-factor] [FILTER expression] [FILTER-EF max-filtering-effort] [TRUTH] [NOTHREAD]"
    >
  ): Answer<
    If<
      If<Has<O, "WITHSCORES">, Has<O, "WITHATTRIBS">, false>,
      MapReply<B, [number, B | null]> | [],
      If<Has<O, "WITHSCORES">, MapReply<B, number> | [], If<Has<O, "WITHATTRIBS">, MapReply<B, B | null> | [], B[]>>
    >,
    M
  >;
  /**
   * Blocks until the asynchronous replication of all preceding write commands sent by the connection is completed. Cost: O(1). Since Redis 3.0.0.
   *
   * `WAIT numreplicas timeout`
   * @example
   * await db.wait(-1, 1) // 0
   * @see https://redis.io/docs/latest/commands/wait/
   */
  wait(numreplicas: Arg, timeout: Arg, ...options: Any1<[options: WaitOptions]>): Later<number, M>;
  /**
   * Blocks until all of the preceding write commands sent by the connection are written to the append-only file of the master and/or replicas. Cost: O(1). Since Redis 7.2.0.
   *
   * `WAITAOF numlocal numreplicas timeout`
   * @example
   * await db.waitaof(0, 0, 0) // [0, 0]
   * @see https://redis.io/docs/latest/commands/waitaof/
   */
  waitaof(numlocal: Arg, numreplicas: Arg, timeout: Arg, ...options: Any1<[options: WaitOptions]>): Later<[number, number], M>;
  /**
   * Monitors changes to keys to determine the execution of a transaction. Cost: O(1) for every key. Since Redis 2.2.0.
   *
   * `WATCH key [key ...]`
   * @example
   * db.watch("a") // "OK"
   * @see https://redis.io/docs/latest/commands/watch/
   */
  watch(key: Many, ...more: Many[]): Answer<"OK", M>;
  /**
   * Returns the number of messages that were successfully acknowledged by the consumer group member of a stream. Cost: O(1) for each message ID processed. Since Redis 5.0.0.
   *
   * `XACK key group id [id ...]`
   * @example
   * db.xack("s", "g", 1) // 1
   * @see https://redis.io/docs/latest/commands/xack/
   */
  xack(key: Arg, group: Arg, id: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Acknowledges and deletes one or multiple messages for a stream consumer group. Cost: O(1) for each message ID processed. Since Redis 8.2.0.
   *
   * `XACKDEL key group [KEEPREF | DELREF | ACKED] <IDS numids id [id ...]>`
   * @example
   * db.xackdel("s", "h", "ACKED", "IDS", 2, "2-0", "4-0") // [1, 2]
   * @see https://redis.io/docs/latest/commands/xackdel/
   */
  xackdel<const O extends Given<XackdelOptions>>(
    key: Arg,
    group: Arg,
    ...options: Fits<
      O,
      XackdelOptions,
      "XACKDEL key group [KEEPREF | DELREF | ACKED] <IDS numids id [id ...]>",
      [Token<"IDS">, Arg, Many, ...Many[]],
      "IDS"
    >
  ): Answer<number[], M>;
  /**
   * Appends a new message to a stream. Creates the key if it doesn't exist. Cost: O(1) when adding a new entry, O(N) when trimming where N being the number of entries evicted. Since Redis 5.0.0.
   *
   * `XADD key [NOMKSTREAM] [KEEPREF | DELREF | ACKED] [IDMPAUTO pid | IDMP pid iid] [<MAXLEN | MINID> [= | ~] threshold [LIMIT count]] <* | id> field value [field value ...]`
   * @example
   * db.xadd("n", "*", "f", "v") // "18446744073709551615-2"
   * @see https://redis.io/docs/latest/commands/xadd/
   */
  xadd<const O extends Given<XaddOptions, PairsObject>>(
    key: Arg,
    ...options: Fits<
      O,
      XaddOptions,
      "XADD key [NOMKSTREAM] [KEEPREF | DELREF | ACKED] [IDMPAUTO pid | IDMP pid iid] [<MAXLEN | MINID> [= | ~] threshold [LIMIT count]] <* | id> field value [field value ...]",
      [Arg, ...PairsTail],
      "*",
      PairsObject
    >
  ): Answer<If<Has<O, "NOMKSTREAM">, B | null, B>, M>;
  /**
   * Changes, or acquires, ownership of messages in a consumer group, as if the messages were delivered to as consumer group member. Cost: O(1) if COUNT is small. Since Redis 6.2.0.
   *
   * `XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]`
   * @see https://redis.io/docs/latest/commands/xautoclaim/
   */
  xautoclaim<const O extends Given<CountJustidOptions>>(
    key: Arg,
    group: Arg,
    consumer: Arg,
    minIdleTime: Arg,
    start: Arg,
    ...options: Fits<O, CountJustidOptions, "XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]">
  ): Answer<If<Has<O, "JUSTID">, [B, B[], B[]], [B, Entry<B, E>[], B[]]>, M>;
  /**
   * Sets the IDMP configuration parameters for a stream. Cost: O(1). Since Redis 8.6.0.
   *
   * `XCFGSET key [IDMP-DURATION duration] [IDMP-MAXSIZE maxsize]`
   * @example
   * db.xcfgset("s", "IDMP-DURATION", 100) // "OK"
   * @see https://redis.io/docs/latest/commands/xcfgset/
   */
  xcfgset<const O extends Given<IdmpDurationIdmpMaxsizeOptions>>(
    key: Arg,
    ...options: Fits<O, IdmpDurationIdmpMaxsizeOptions, "XCFGSET key [IDMP-DURATION duration] [IDMP-MAXSIZE maxsize]">
  ): Answer<"OK", M>;
  /**
   * Changes, or acquires, ownership of a message in a consumer group, as if the message was delivered a consumer group member. Cost: O(log N) with N being the number of messages in the PEL of the consumer group. Since Redis 5.0.0.
   *
   * `XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]`
   * @see https://redis.io/docs/latest/commands/xclaim/
   */
  xclaim<const O extends [first: Many, ...more: Given<XclaimOptions>]>(
    key: Arg,
    group: Arg,
    consumer: Arg,
    minIdleTime: Arg,
    ...options: Offered<O, XclaimOptions>
  ): Answer<If<Has<O, "JUSTID">, B[], Entry<B, E>[]>, M>;
  /**
   * Returns the number of messages after removing them from a stream. Cost: O(1) for each single item to delete in the stream, regardless of the stream size. Since Redis 5.0.0.
   *
   * `XDEL key id [id ...]`
   * @example
   * db.xdel("s", "2-0") // 1
   * @see https://redis.io/docs/latest/commands/xdel/
   */
  xdel(key: Arg, id: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Deletes one or multiple entries from the stream. Cost: O(1) for each single item to delete in the stream, regardless of the stream size. Since Redis 8.2.0.
   *
   * `XDELEX key [KEEPREF | DELREF | ACKED] <IDS numids id [id ...]>`
   * @example
   * db.xdelex("s", "DELREF", "IDS", 2, "3-0", 4) // [-1, 1]
   * @see https://redis.io/docs/latest/commands/xdelex/
   */
  xdelex<const O extends Given<XackdelOptions>>(
    key: Arg,
    ...options: Fits<
      O,
      XackdelOptions,
      "XDELEX key [KEEPREF | DELREF | ACKED] <IDS numids id [id ...]>",
      [Token<"IDS">, Arg, Many, ...Many[]],
      "IDS"
    >
  ): Answer<number[], M>;
  /**
   * Creates a consumer group. Cost: O(1). Since Redis 5.0.0.
   *
   * `XGROUP CREATE key group <id | $> [MKSTREAM] [ENTRIESREAD entries-read]`
   * @example
   * db.xgroup("CREATE", "s", "g", "$") // "OK"
   * @see https://redis.io/docs/latest/commands/xgroup-create/
   */
  xgroup<const O extends Given<MkstreamEntriesreadOptions>>(
    subcommand: Token<"CREATE">,
    key: Arg,
    group: Arg,
    idSelector: Arg,
    ...options: Fits<O, MkstreamEntriesreadOptions, "XGROUP CREATE key group <id | $> [MKSTREAM] [ENTRIESREAD entries-read]">
  ): Answer<"OK", M>;
  /**
   * Creates a consumer in a consumer group. Cost: O(1). Since Redis 6.2.0.
   *
   * `XGROUP CREATECONSUMER key group consumer`
   * @example
   * db.xgroup("CREATECONSUMER", "s", "g", "c") // 1
   * @see https://redis.io/docs/latest/commands/xgroup-createconsumer/
   */
  xgroup(subcommand: Token<"CREATECONSUMER">, key: Arg, group: Arg, consumer: Arg): Answer<number, M>;
  /**
   * Deletes a consumer from a consumer group. Cost: O(1). Since Redis 5.0.0.
   *
   * `XGROUP DELCONSUMER key group consumer`
   * @example
   * db.xgroup("DELCONSUMER", "s", "g", "f") // 2
   * @see https://redis.io/docs/latest/commands/xgroup-delconsumer/
   */
  xgroup(subcommand: Token<"DELCONSUMER">, key: Arg, group: Arg, consumer: Arg): Answer<number, M>;
  /**
   * Destroys a consumer group. Cost: O(N) where N is the number of entries in the group's pending entries list (PEL). Since Redis 5.0.0.
   *
   * `XGROUP DESTROY key group`
   * @example
   * db.xgroup("DESTROY", "s", "h") // 1
   * @see https://redis.io/docs/latest/commands/xgroup-destroy/
   */
  xgroup(subcommand: Token<"DESTROY">, key: Arg, group: Arg): Answer<number, M>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `XGROUP HELP`
   * @see https://redis.io/docs/latest/commands/xgroup-help/
   */
  xgroup(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Sets the last-delivered ID of a consumer group. Cost: O(1). Since Redis 5.0.0.
   *
   * `XGROUP SETID key group <id | $> [ENTRIESREAD entries-read]`
   * @example
   * db.xgroup("SETID", "s", "g", "$") // "OK"
   * @see https://redis.io/docs/latest/commands/xgroup-setid/
   */
  xgroup<const O extends Given<EntriesreadOptions>>(
    subcommand: Token<"SETID">,
    key: Arg,
    group: Arg,
    idSelector: Arg,
    ...options: Fits<O, EntriesreadOptions, "XGROUP SETID key group <id | $> [ENTRIESREAD entries-read]">
  ): Answer<"OK", M>;
  /**
   * An internal command for setting IDMP metadata on an existing stream message. Cost: O(1). Since Redis 8.6.2.
   *
   * `XIDMPRECORD key pid iid stream-id`
   * @example
   * db.xidmprecord("s", "p", "i", "99999999999990-1") // "OK"
   * @see https://redis.io/docs/latest/commands/xidmprecord/
   */
  xidmprecord(key: Arg, pid: Arg, iid: Arg, streamId: Arg): Answer<"OK", M>;
  /**
   * Returns a list of the consumers in a consumer group. Cost: O(1). Since Redis 5.0.0.
   *
   * `XINFO CONSUMERS key group`
   * @see https://redis.io/docs/latest/commands/xinfo-consumers/
   */
  xinfo(
    subcommand: Token<"CONSUMERS">,
    key: Arg,
    group: Arg,
  ): Answer<Fields<B, { name: B; pending: number; idle: number; inactive: number }>[], M>;
  /**
   * Returns a list of the consumer groups of a stream. Cost: O(1). Since Redis 5.0.0.
   *
   * `XINFO GROUPS key`
   * @see https://redis.io/docs/latest/commands/xinfo-groups/
   */
  xinfo(
    subcommand: Token<"GROUPS">,
    key: Arg,
  ): Answer<
    Fields<B, { name: B; consumers: number; pending: number; "last-delivered-id": B; "entries-read": number | null; lag: number | null }>[],
    M
  >;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `XINFO HELP`
   * @see https://redis.io/docs/latest/commands/xinfo-help/
   */
  xinfo(subcommand: Token<"HELP">): Answer<string[], M>;
  /**
   * Returns information about a stream. Cost: O(1). Since Redis 5.0.0.
   *
   * `XINFO STREAM key [FULL [COUNT count]]`
   * @see https://redis.io/docs/latest/commands/xinfo-stream/
   */
  xinfo<const O extends Given<FullCountOptions>>(
    subcommand: Token<"STREAM">,
    key: Arg,
    ...options: Fits<O, FullCountOptions, "XINFO STREAM key [FULL [COUNT count]]">
  ): Answer<
    If<
      Has<O, "FULL">,
      Fields<
        B,
        {
          length: number;
          "radix-tree-keys": number;
          "radix-tree-nodes": number;
          "last-generated-id": B;
          "max-deleted-entry-id": B;
          "entries-added": number;
          "recorded-first-entry-id": B;
          "idmp-duration": number;
          "idmp-maxsize": number;
          "pids-tracked": number;
          "iids-tracked": number;
          "iids-added": number;
          "iids-duplicates": number;
          entries: Entry<B, E>[];
          groups: (
            | Fields<
                B,
                {
                  name: B;
                  "last-delivered-id": B;
                  "entries-read": number | null;
                  lag: number | null;
                  "pel-count": number;
                  pending: [B, B, number, number][];
                  consumers: Fields<
                    B,
                    { name: B; "seen-time": number; "active-time": number; "pel-count": number; pending: [B, number, number][] }
                  >[];
                }
              >
            | Fields<
                B,
                {
                  name: B;
                  "last-delivered-id": B;
                  "entries-read": number | null;
                  lag: number | null;
                  "pel-count": number;
                  "nacked-count": number;
                  pending: [B, B, number, number][];
                  consumers: Fields<
                    B,
                    { name: B; "seen-time": number; "active-time": number; "pel-count": number; pending: [B, number, number][] }
                  >[];
                }
              >
          )[];
        }
      >,
      Fields<
        B,
        {
          length: number;
          "radix-tree-keys": number;
          "radix-tree-nodes": number;
          "last-generated-id": B;
          "max-deleted-entry-id": B;
          "entries-added": number;
          "recorded-first-entry-id": B;
          "idmp-duration": number;
          "idmp-maxsize": number;
          "pids-tracked": number;
          "iids-tracked": number;
          "iids-added": number;
          "iids-duplicates": number;
          groups: number;
          "first-entry": Entry<B, E> | null;
          "last-entry": Entry<B, E> | null;
        }
      >
    >,
    M
  >;
  /**
   * Return the number of messages in a stream. Cost: O(1). Since Redis 5.0.0.
   *
   * `XLEN key`
   * @example
   * db.xlen("s") // 1
   * @see https://redis.io/docs/latest/commands/xlen/
   */
  xlen(key: Arg): Answer<number, M>;
  /**
   * Releases pending messages back to the group's PEL without acknowledging them, making them available for re-delivery. Cost: O(1) for each message ID processed. Since Redis 8.8.0.
   *
   * `XNACK key group <SILENT | FAIL | FATAL> IDS numids id [id ...] [RETRYCOUNT count] [FORCE]`
   * @example
   * db.xnack("s", "g", "FAIL", "IDS", 1, "1-0") // 1
   * @see https://redis.io/docs/latest/commands/xnack/
   */
  xnack<const O extends [first: Many, ...more: Given<RetrycountForceOptions>]>(
    key: Arg,
    group: Arg,
    mode: Token<"SILENT" | "FAIL" | "FATAL">,
    token: Token<"IDS">,
    numids: Arg,
    ...options: Offered<O, RetrycountForceOptions>
  ): Answer<number, M>;
  /**
   * Returns the information and entries from a stream consumer group's pending entries list. Cost: O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer. Since Redis 5.0.0.
   *
   * `XPENDING key group [[IDLE min-idle-time] start end count [consumer]]`
   * @see https://redis.io/docs/latest/commands/xpending/
   */
  xpending(key: Arg, group: Arg): Answer<[number, B | null, B | null, [B, B][] | null], M>;
  /**
   * Returns the information and entries from a stream consumer group's pending entries list. Cost: O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer. Since Redis 5.0.0.
   *
   * `XPENDING key group [[IDLE min-idle-time] start end count [consumer]]`
   * @see https://redis.io/docs/latest/commands/xpending/
   */
  xpending(
    key: Arg,
    group: Arg,
    ...options: [...Any1<[Token<"IDLE">, minIdleTime: Arg]>, Arg, Arg, Arg, ...Any1<[consumer: Arg]>]
  ): Answer<[B, B, number, number][], M>;
  /**
   * Returns the messages from a stream within a range of IDs. Cost: O(N) with N being the number of elements being returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). Since Redis 5.0.0.
   *
   * `XRANGE key start end [COUNT count]`
   * @example
   * db.xrange("s", "-", "+", "COUNT", -1) // null
   * @see https://redis.io/docs/latest/commands/xrange/
   */
  xrange<const O extends Given<CountOptions>>(
    key: Arg,
    start: Arg,
    end: Arg,
    ...options: Fits<O, CountOptions, "XRANGE key start end [COUNT count]">
  ): Answer<If<Has<O, "COUNT">, Entry<B, E>[] | null, Entry<B, E>[]>, M>;
  /**
   * Returns messages from multiple streams with IDs greater than the ones requested. Blocks until a message is available otherwise. Since Redis 5.0.0.
   *
   * `XREAD [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]`
   * @example
   * db.xread("STREAMS", "s", "$") // null
   * @see https://redis.io/docs/latest/commands/xread/
   */
  xread<const O extends Given<XreadOptions>>(
    ...options: Fits<
      O,
      XreadOptions,
      "XREAD [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]",
      [Token<"STREAMS">, Many, Many, ...Many[]],
      "STREAMS"
    >
  ): Answer<MapReply<B, Entry<B, E>[]> | null, M>;
  /**
   * Returns messages from multiple streams with IDs greater than the ones requested. Blocks until a message is available otherwise. Since Redis 5.0.0.
   *
   * `XREAD [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]`
   * @example
   * db.xread("STREAMS", "s", "$") // null
   * @see https://redis.io/docs/latest/commands/xread/
   */
  xread<const O extends Given<XreadOptions_2, WaitOptions>>(
    ...options: Fits<
      O,
      XreadOptions_2,
      "XREAD [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]",
      [Token<"STREAMS">, Many, Many, ...Many[], ...Any1<[options: WaitOptions]>],
      "STREAMS",
      WaitOptions
    >
  ): Later<MapReply<B, Entry<B, E>[]> | null, M>;
  /**
   * Returns new or historical messages from a stream for a consumer in a group. Blocks until a message is available otherwise. Cost: For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). On the other side when XREADGROUP blocks, XADD will pay the O(N) time in order to serve the N clients blocked on the stream getting new data. Since Redis 5.0.0.
   *
   * `XREADGROUP <GROUP group consumer> [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] [CLAIM min-idle-time] [NOACK] STREAMS key [key ...] id [id ...]`
   * @see https://redis.io/docs/latest/commands/xreadgroup/
   */
  xreadgroup<const O extends Given<XreadgroupOptions>>(
    ...options: Fits<
      O,
      XreadgroupOptions,
      "XREADGROUP <GROUP group consumer> [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] [CLAIM min-idle-time] [NOACK] STREAMS key [key ...] id [id ...]",
      [Token<"STREAMS">, Many, Many, ...Many[]],
      "STREAMS"
    >
  ): Answer<
    If<
      Has<O, "CLAIM">,
      MapReply<B, (Entry<B, E> | GoneEntry<B, E> | ClaimedEntry<B, E>)[]> | null,
      MapReply<B, (Entry<B, E> | GoneEntry<B, E>)[]> | null
    >,
    M
  >;
  /**
   * Returns new or historical messages from a stream for a consumer in a group. Blocks until a message is available otherwise. Cost: For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). On the other side when XREADGROUP blocks, XADD will pay the O(N) time in order to serve the N clients blocked on the stream getting new data. Since Redis 5.0.0.
   *
   * `XREADGROUP <GROUP group consumer> [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] [CLAIM min-idle-time] [NOACK] STREAMS key [key ...] id [id ...]`
   * @see https://redis.io/docs/latest/commands/xreadgroup/
   */
  xreadgroup<const O extends Given<XreadgroupOptions_2, WaitOptions>>(
    ...options: Fits<
      O,
      XreadgroupOptions_2,
      "XREADGROUP <GROUP group consumer> [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] [CLAIM min-idle-time] [NOACK] STREAMS key [key ...] id [id ...]",
      [Token<"STREAMS">, Many, Many, ...Many[], ...Any1<[options: WaitOptions]>],
      "STREAMS",
      WaitOptions
    >
  ): Later<
    If<
      Has<O, "CLAIM">,
      MapReply<B, (Entry<B, E> | GoneEntry<B, E> | ClaimedEntry<B, E>)[]> | null,
      MapReply<B, (Entry<B, E> | GoneEntry<B, E>)[]> | null
    >,
    M
  >;
  /**
   * Returns the messages from a stream within a range of IDs in reverse order. Cost: O(N) with N being the number of elements returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). Since Redis 5.0.0.
   *
   * `XREVRANGE key end start [COUNT count]`
   * @see https://redis.io/docs/latest/commands/xrevrange/
   */
  xrevrange<const O extends Given<CountOptions>>(
    key: Arg,
    end: Arg,
    start: Arg,
    ...options: Fits<O, CountOptions, "XREVRANGE key end start [COUNT count]">
  ): Answer<If<Has<O, "COUNT">, Entry<B, E>[] | null, Entry<B, E>[]>, M>;
  /**
   * An internal command for replicating stream values. Cost: O(1). Since Redis 5.0.0.
   *
   * `XSETID key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id]`
   * @example
   * db.xsetid("s", 5) // "OK"
   * @see https://redis.io/docs/latest/commands/xsetid/
   */
  xsetid<const O extends Given<EntriesaddedMaxdeletedidOptions>>(
    key: Arg,
    lastId: Arg,
    ...options: Fits<O, EntriesaddedMaxdeletedidOptions, "XSETID key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id]">
  ): Answer<"OK", M>;
  /**
   * Deletes messages from the beginning of a stream. Cost: O(N), with N being the number of evicted entries. Constant times are very small however, since entries are organized in macro nodes containing multiple entries that can be released with a single deallocation. Since Redis 5.0.0.
   *
   * `XTRIM key <<MAXLEN | MINID> [= | ~] threshold [LIMIT count] [KEEPREF | DELREF | ACKED]>`
   * @example
   * db.xtrim("s", "MINID", 6) // 2
   * @see https://redis.io/docs/latest/commands/xtrim/
   */
  xtrim<const O extends Given<XtrimOptions>>(
    key: Arg,
    ...options: Fits<O, XtrimOptions, "XTRIM key <<MAXLEN | MINID> [= | ~] threshold [LIMIT count] [KEEPREF | DELREF | ACKED]>">
  ): Answer<number, M>;
  /**
   * Adds one or more members to a sorted set, or updates their scores. Creates the key if it doesn't exist. Cost: O(log(N)) for each item added, where N is the number of elements in the sorted set. Since Redis 1.2.0.
   *
   * `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`
   * @example
   * db.zadd("z", 1, "a") // 1
   * @see https://redis.io/docs/latest/commands/zadd/
   */
  zadd<const O extends Given<ZaddOptions, ScoredPairs>>(
    key: Arg,
    ...options: Fits<
      O,
      ZaddOptions,
      "ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]",
      ScoredTail,
      never,
      ScoredPairs
    >
  ): Answer<If<If<Has<O, "INCR">, Has<O, "NX" | "XX" | "GT" | "LT">, false>, number | null, If<Has<O, "INCR">, number, number>>, M>;
  /**
   * Returns the number of members in a sorted set. Cost: O(1). Since Redis 1.2.0.
   *
   * `ZCARD key`
   * @example
   * db.zcard("z") // 4
   * @see https://redis.io/docs/latest/commands/zcard/
   */
  zcard(key: Arg): Answer<number, M>;
  /**
   * Returns the count of members in a sorted set that have scores within a range. Cost: O(log(N)) with N being the number of elements in the sorted set. Since Redis 2.0.0.
   *
   * `ZCOUNT key min max`
   * @example
   * db.zcount("z", "-inf", "inf") // 7
   * @see https://redis.io/docs/latest/commands/zcount/
   */
  zcount(key: Arg, min: Arg, max: Arg): Answer<number, M>;
  /**
   * Returns the difference between multiple sorted sets. Cost: O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set. Since Redis 6.2.0.
   *
   * `ZDIFF numkeys key [key ...] [WITHSCORES]`
   * @see https://redis.io/docs/latest/commands/zdiff/
   */
  zdiff<const O extends [first: Many, ...more: Given<WithscoresOptions>]>(
    numkeys: Arg,
    ...options: Offered<O, WithscoresOptions>
  ): Answer<If<Has<O, "WITHSCORES">, [B, number][], B[]>, M>;
  /**
   * Stores the difference of multiple sorted sets in a key. Cost: O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set. Since Redis 6.2.0.
   *
   * `ZDIFFSTORE destination numkeys key [key ...]`
   * @example
   * db.zdiffstore("d", 1, "s") // 3
   * @see https://redis.io/docs/latest/commands/zdiffstore/
   */
  zdiffstore(destination: Arg, numkeys: Arg, key: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Increments the score of a member in a sorted set. Cost: O(log(N)) where N is the number of elements in the sorted set. Since Redis 1.2.0.
   *
   * `ZINCRBY key increment member`
   * @example
   * db.zincrby("v", 1, "d") // 1
   * @see https://redis.io/docs/latest/commands/zincrby/
   */
  zincrby(key: Arg, increment: Arg, member: Arg): Answer<number, M>;
  /**
   * Returns the intersect of multiple sorted sets. Cost: O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set. Since Redis 6.2.0.
   *
   * `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`
   * @example
   * db.zinter(2, "a", "b") // ["b", "c"]
   * @see https://redis.io/docs/latest/commands/zinter/
   */
  zinter<const O extends [first: Many, ...more: Given<ZinterOptions>]>(
    numkeys: Arg,
    ...options: Offered<O, ZinterOptions>
  ): Answer<If<Has<O, "WITHSCORES">, [B, number][], B[]>, M>;
  /**
   * Returns the number of members of the intersect of multiple sorted sets. Cost: O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets. Since Redis 7.0.0.
   *
   * `ZINTERCARD numkeys key [key ...] [LIMIT limit]`
   * @example
   * db.zintercard(2, "a", "b") // 2
   * @see https://redis.io/docs/latest/commands/zintercard/
   */
  zintercard<const O extends [first: Many, ...more: Given<LimitOptions>]>(
    numkeys: Arg,
    ...options: Offered<O, LimitOptions>
  ): Answer<number, M>;
  /**
   * Stores the intersect of multiple sorted sets in a key. Cost: O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set. Since Redis 2.0.0.
   *
   * `ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]`
   * @example
   * db.zinterstore("d", 2, "a", "b") // 2
   * @see https://redis.io/docs/latest/commands/zinterstore/
   */
  zinterstore<const O extends [first: Many, ...more: Given<WeightsAggregateOptions>]>(
    destination: Arg,
    numkeys: Arg,
    ...options: Offered<O, WeightsAggregateOptions>
  ): Answer<number, M>;
  /**
   * Returns the number of members in a sorted set within a lexicographical range. Cost: O(log(N)) with N being the number of elements in the sorted set. Since Redis 2.8.9.
   *
   * `ZLEXCOUNT key min max`
   * @example
   * db.zlexcount("z", "-", "+") // 7
   * @see https://redis.io/docs/latest/commands/zlexcount/
   */
  zlexcount(key: Arg, min: Arg, max: Arg): Answer<number, M>;
  /**
   * Returns the highest- or lowest-scoring members from one or more sorted sets after removing them. Deletes the sorted set if the last member was popped. Cost: O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped. Since Redis 7.0.0.
   *
   * `ZMPOP numkeys key [key ...] <MIN | MAX> [COUNT count]`
   * @example
   * db.zmpop(1, "y", "MIN") // null
   * @see https://redis.io/docs/latest/commands/zmpop/
   */
  zmpop<const O extends [first: Many, ...more: Given<CountOptions>]>(
    numkeys: Arg,
    ...options: Offered<O, CountOptions, "MIN" | "MAX">
  ): Answer<[B, [B, number][]] | null, M>;
  /**
   * Returns the score of one or more members in a sorted set. Cost: O(N) where N is the number of members being requested. Since Redis 6.2.0.
   *
   * `ZMSCORE key member [member ...]`
   * @example
   * db.zmscore("nope", "a", "b") // [null, null]
   * @see https://redis.io/docs/latest/commands/zmscore/
   */
  zmscore(key: Arg, member: Many, ...more: Many[]): Answer<(number | null)[], M>;
  /**
   * Returns the highest-scoring members from a sorted set after removing them. Deletes the sorted set if the last member was popped. Cost: O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped. Since Redis 5.0.0.
   *
   * `ZPOPMAX key [count]`
   * @example
   * db.zpopmax("z") // ["h", 8]
   * @see https://redis.io/docs/latest/commands/zpopmax/
   */
  zpopmax(key: Arg): Answer<[B, number] | [], M>;
  /**
   * Returns the highest-scoring members from a sorted set after removing them. Deletes the sorted set if the last member was popped. Cost: O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped. Since Redis 5.0.0.
   *
   * `ZPOPMAX key [count]`
   * @example
   * db.zpopmax("z") // ["h", 8]
   * @see https://redis.io/docs/latest/commands/zpopmax/
   */
  zpopmax(key: Arg, count: Arg): Answer<[B, number][], M>;
  /**
   * Returns the lowest-scoring members from a sorted set after removing them. Deletes the sorted set if the last member was popped. Cost: O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped. Since Redis 5.0.0.
   *
   * `ZPOPMIN key [count]`
   * @example
   * db.zpopmin("z") // ["a", 1]
   * @see https://redis.io/docs/latest/commands/zpopmin/
   */
  zpopmin(key: Arg): Answer<[B, number] | [], M>;
  /**
   * Returns the lowest-scoring members from a sorted set after removing them. Deletes the sorted set if the last member was popped. Cost: O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped. Since Redis 5.0.0.
   *
   * `ZPOPMIN key [count]`
   * @example
   * db.zpopmin("z") // ["a", 1]
   * @see https://redis.io/docs/latest/commands/zpopmin/
   */
  zpopmin(key: Arg, count: Arg): Answer<[B, number][], M>;
  /**
   * Returns one or more random members from a sorted set. Cost: O(N) where N is the number of members returned. Since Redis 6.2.0.
   *
   * `ZRANDMEMBER key [count [WITHSCORES]]`
   * @example
   * db.zrandmember("z") // "a"
   * @see https://redis.io/docs/latest/commands/zrandmember/
   */
  zrandmember(key: Arg): Answer<B | null, M>;
  /**
   * Returns one or more random members from a sorted set. Cost: O(N) where N is the number of members returned. Since Redis 6.2.0.
   *
   * `ZRANDMEMBER key [count [WITHSCORES]]`
   * @example
   * db.zrandmember("z") // "a"
   * @see https://redis.io/docs/latest/commands/zrandmember/
   */
  zrandmember(key: Arg, count: Arg): Answer<B[], M>;
  /**
   * Returns one or more random members from a sorted set. Cost: O(N) where N is the number of members returned. Since Redis 6.2.0.
   *
   * `ZRANDMEMBER key [count [WITHSCORES]]`
   * @example
   * db.zrandmember("z") // "a"
   * @see https://redis.io/docs/latest/commands/zrandmember/
   */
  zrandmember(key: Arg, count: Arg, token: Token<"WITHSCORES">): Answer<[B, number][], M>;
  /**
   * Returns members in a sorted set within a range of indexes. Cost: O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned. Since Redis 1.2.0.
   *
   * `ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`
   * @example
   * db.zrange("z", -2, -1) // ["d", "e"]
   * @see https://redis.io/docs/latest/commands/zrange/
   */
  zrange<const O extends Given<ZrangeOptions>>(
    key: Arg,
    start: Arg,
    stop: Arg,
    ...options: Fits<O, ZrangeOptions, "ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]">
  ): Answer<If<Has<O, "WITHSCORES">, [B, number][], B[]>, M>;
  /**
   * Returns members in a sorted set within a lexicographical range. Cost: O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)). Since Redis 2.8.9.
   *
   * `ZRANGEBYLEX key min max [LIMIT offset count]`
   * @example
   * db.zrangebylex("z", "-", "+", "LIMIT", 1, 2) // ["5", "a"]
   * @see https://redis.io/docs/latest/commands/zrangebylex/
   */
  zrangebylex<const O extends Given<LimitOptions_2>>(
    key: Arg,
    min: Arg,
    max: Arg,
    ...options: Fits<O, LimitOptions_2, "ZRANGEBYLEX key min max [LIMIT offset count]">
  ): Answer<B[], M>;
  /**
   * Returns members in a sorted set within a range of scores. Cost: O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)). Since Redis 1.0.5.
   *
   * `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`
   * @example
   * db.zrangebyscore("z", "-1e400", "1e-400") // ["a", "b", "c"]
   * @see https://redis.io/docs/latest/commands/zrangebyscore/
   */
  zrangebyscore<const O extends Given<WithscoresLimitOptions>>(
    key: Arg,
    min: Arg,
    max: Arg,
    ...options: Fits<O, WithscoresLimitOptions, "ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]">
  ): Answer<If<Has<O, "WITHSCORES">, [B, number][], B[]>, M>;
  /**
   * Stores a range of members from sorted set in a key. Cost: O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored into the destination key. Since Redis 6.2.0.
   *
   * `ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]`
   * @example
   * db.zrangestore("d", "z", 2, 3, "BYSCORE") // 2
   * @see https://redis.io/docs/latest/commands/zrangestore/
   */
  zrangestore<const O extends Given<ZrangestoreOptions>>(
    dst: Arg,
    src: Arg,
    min: Arg,
    max: Arg,
    ...options: Fits<O, ZrangestoreOptions, "ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]">
  ): Answer<number, M>;
  /**
   * Returns the index of a member in a sorted set ordered by ascending scores. Cost: O(log(N)). Since Redis 2.0.0.
   *
   * `ZRANK key member [WITHSCORE]`
   * @example
   * db.zrank("z", "d") // 3
   * @see https://redis.io/docs/latest/commands/zrank/
   */
  zrank<const O extends Given<WithscoreOptions>>(
    key: Arg,
    member: Arg,
    ...options: Fits<O, WithscoreOptions, "ZRANK key member [WITHSCORE]">
  ): Answer<If<Has<O, "WITHSCORE">, [number, number] | null, number | null>, M>;
  /**
   * Removes one or more members from a sorted set. Deletes the sorted set if all members were removed. Cost: O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed. Since Redis 1.2.0.
   *
   * `ZREM key member [member ...]`
   * @example
   * db.zrem("v", "a") // 1
   * @see https://redis.io/docs/latest/commands/zrem/
   */
  zrem(key: Arg, member: Many, ...more: Many[]): Answer<number, M>;
  /**
   * Removes members in a sorted set within a lexicographical range. Deletes the sorted set if all members were removed. Cost: O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation. Since Redis 2.8.9.
   *
   * `ZREMRANGEBYLEX key min max`
   * @example
   * db.zremrangebylex("z", "-", "+") // 5
   * @see https://redis.io/docs/latest/commands/zremrangebylex/
   */
  zremrangebylex(key: Arg, min: Arg, max: Arg): Answer<number, M>;
  /**
   * Removes members in a sorted set within a range of indexes. Deletes the sorted set if all members were removed. Cost: O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation. Since Redis 2.0.0.
   *
   * `ZREMRANGEBYRANK key start stop`
   * @example
   * db.zremrangebyrank("z", 1, 2) // 2
   * @see https://redis.io/docs/latest/commands/zremrangebyrank/
   */
  zremrangebyrank(key: Arg, start: Arg, stop: Arg): Answer<number, M>;
  /**
   * Removes members in a sorted set within a range of scores. Deletes the sorted set if all members were removed. Cost: O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation. Since Redis 1.2.0.
   *
   * `ZREMRANGEBYSCORE key min max`
   * @example
   * db.zremrangebyscore("z", "-inf", "inf") // 4
   * @see https://redis.io/docs/latest/commands/zremrangebyscore/
   */
  zremrangebyscore(key: Arg, min: Arg, max: Arg): Answer<number, M>;
  /**
   * Returns members in a sorted set within a range of indexes in reverse order. Cost: O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned. Since Redis 1.2.0.
   *
   * `ZREVRANGE key start stop [WITHSCORES]`
   * @example
   * db.zrevrange("z", 0, 1) // ["e", "d"]
   * @see https://redis.io/docs/latest/commands/zrevrange/
   */
  zrevrange<const O extends Given<WithscoresOptions>>(
    key: Arg,
    start: Arg,
    stop: Arg,
    ...options: Fits<O, WithscoresOptions, "ZREVRANGE key start stop [WITHSCORES]">
  ): Answer<If<Has<O, "WITHSCORES">, [B, number][], B[]>, M>;
  /**
   * Returns members in a sorted set within a lexicographical range in reverse order. Cost: O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)). Since Redis 2.8.9.
   *
   * `ZREVRANGEBYLEX key max min [LIMIT offset count]`
   * @example
   * db.zrevrangebylex("z", "+", "-", "LIMIT", 1, 2) // ["c", "b"]
   * @see https://redis.io/docs/latest/commands/zrevrangebylex/
   */
  zrevrangebylex<const O extends Given<LimitOptions_2>>(
    key: Arg,
    max: Arg,
    min: Arg,
    ...options: Fits<O, LimitOptions_2, "ZREVRANGEBYLEX key max min [LIMIT offset count]">
  ): Answer<B[], M>;
  /**
   * Returns members in a sorted set within a range of scores in reverse order. Cost: O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)). Since Redis 2.2.0.
   *
   * `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`
   * @example
   * db.zrevrangebyscore("z", "inf", "-inf", "LIMIT", 1, 2) // ["f", "e"]
   * @see https://redis.io/docs/latest/commands/zrevrangebyscore/
   */
  zrevrangebyscore<const O extends Given<WithscoresLimitOptions>>(
    key: Arg,
    max: Arg,
    min: Arg,
    ...options: Fits<O, WithscoresLimitOptions, "ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]">
  ): Answer<If<Has<O, "WITHSCORES">, [B, number][], B[]>, M>;
  /**
   * Returns the index of a member in a sorted set ordered by descending scores. Cost: O(log(N)). Since Redis 2.0.0.
   *
   * `ZREVRANK key member [WITHSCORE]`
   * @example
   * db.zrevrank("z", "a") // 3
   * @see https://redis.io/docs/latest/commands/zrevrank/
   */
  zrevrank<const O extends Given<WithscoreOptions>>(
    key: Arg,
    member: Arg,
    ...options: Fits<O, WithscoreOptions, "ZREVRANK key member [WITHSCORE]">
  ): Answer<If<Has<O, "WITHSCORE">, [number, number] | null, number | null>, M>;
  /**
   * Iterates over members and scores of a sorted set. Cost: O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection. Since Redis 2.8.0.
   *
   * `ZSCAN key cursor [MATCH pattern] [COUNT count]`
   * @see https://redis.io/docs/latest/commands/zscan/
   */
  zscan<const O extends Given<MatchCountOptions>>(
    key: Arg,
    cursor: Arg,
    ...options: Fits<O, MatchCountOptions, "ZSCAN key cursor [MATCH pattern] [COUNT count]">
  ): Answer<[B, B[]], M>;
  /**
   * Returns the score of a member in a sorted set. Cost: O(1). Since Redis 1.2.0.
   *
   * `ZSCORE key member`
   * @example
   * db.zscore("z", "b") // 2.5
   * @see https://redis.io/docs/latest/commands/zscore/
   */
  zscore(key: Arg, member: Arg): Answer<number | null, M>;
  /**
   * Returns the union of multiple sorted sets. Cost: O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set. Since Redis 6.2.0.
   *
   * `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]`
   * @see https://redis.io/docs/latest/commands/zunion/
   */
  zunion<const O extends [first: Many, ...more: Given<ZinterOptions>]>(
    numkeys: Arg,
    ...options: Offered<O, ZinterOptions>
  ): Answer<If<Has<O, "WITHSCORES">, [B, number][], B[]>, M>;
  /**
   * Stores the union of multiple sorted sets in a key. Cost: O(N)+O(M log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set. Since Redis 2.0.0.
   *
   * `ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]`
   * @example
   * db.zunionstore("u", 1, "v") // 4
   * @see https://redis.io/docs/latest/commands/zunionstore/
   */
  zunionstore<const O extends [first: Many, ...more: Given<WeightsAggregateOptions>]>(
    destination: Arg,
    numkeys: Arg,
    ...options: Offered<O, WeightsAggregateOptions>
  ): Answer<number, M>;
}

/** The names of these methods. */
export const NAMES: readonly string[] =
  "acl append arcount ardel ardelrange arget argetrange argrep arinfo arinsert arlastitems arlen armget armset arnext arop arring arscan arseek arset asking auth backup bgrewriteaof bgsave bitcount bitfield bitfield_ro bitop bitpos blmove blmovem blmpop blpop brpop brpoplpush bzmpop bzpopmax bzpopmin client cluster command config copy dbsize debug decr decrby del delex digest dump echo eval evalsha evalsha_ro eval_ro exists expire expireat expiretime failover fcall fcall_ro flushall flushdb function geoadd geodist geohash geopos georadius georadiusbymember georadiusbymember_ro georadius_ro geosearch geosearchstore get getbit getdel getex getrange getset hdel hello hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex himport hincrby hincrbyfloat hkeys hlen hmget hmset hotkeys hpersist hpexpire hpexpireat hpexpiretime hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl hvals incr incrby incrbyfloat increx info keys lastsave latency lcs lindex linsert llen lmove lmovem lmpop lolwut lpop lpos lpush lpushx lrange lrem lset ltrim memory mget monitor move mset msetex msetnx object persist pexpire pexpireat pexpiretime pfadd pfcount pfdebug pfmerge pfselftest ping psetex pttl publish pubsub quit randomkey readonly readwrite rename renamenx replicaof reset restore role rpop rpoplpush rpush rpushx sadd save scan scard script sdiff sdiffcard sdiffstore select set setbit setex setnx setrange shutdown sinter sintercard sinterstore sismember slaveof slowlog smembers smismember smove sort sort_ro spop spublish srandmember srem sscan strlen substr sunion sunioncard sunionstore swapdb time touch ttl type unlink unwatch vadd vcard vdim vemb vgetattr vinfo vismember vlinks vrandmember vrange vrem vsetattr vsim wait waitaof watch xack xackdel xadd xautoclaim xcfgset xclaim xdel xdelex xgroup xidmprecord xinfo xlen xnack xpending xrange xread xreadgroup xrevrange xsetid xtrim zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount zmpop zmscore zpopmax zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion zunionstore".split(
    " ",
  );

/** Commands that take pairs, and after how many arguments these begin; "scored": the first of each is a score. */
export const PAIRS = /* @__PURE__ */ named<number | "any" | "scored">({
  ardelrange: 1,
  armset: 1,
  bitfield_ro: 1,
  cluster: "any",
  config: "any",
  hmset: 1,
  hset: 1,
  hsetex: "any",
  mset: 0,
  msetex: 1,
  msetnx: 0,
  xadd: "any",
  zadd: "scored",
});

/**
 * Options of commands, in the order of their syntax, behind the number of arguments before them: `EX=` has values, `GET*` comes
 * with each of its values.
 */
export const OPTIONS = /* @__PURE__ */ named<string>({
  arinfo: "1 FULL",
  arlastitems: "2 REV",
  arscan: "3 LIMIT=",
  bgsave: "0 SCHEDULE",
  bitfield_ro: "1 GET*",
  blmovem: "5 COUNT= EXACTLY=",
  blmpop: "4 COUNT=",
  bzmpop: "4 COUNT=",
  "client|list": "0 TYPE= ID=",
  "client|pause": "1 WRITE ALL",
  "client|tracking": "1 REDIRECT= PREFIX* BCAST OPTIN OPTOUT NOLOOP",
  "client|unblock": "1 TIMEOUT ERROR",
  "cluster|failover": "0 FORCE TAKEOVER",
  "cluster|reset": "0 HARD SOFT",
  copy: "2 DB= REPLACE",
  delex: "1 IFEQ= IFNE= IFDEQ= IFDNE=",
  expire: "2 NX XX GT LT",
  expireat: "2 NX XX GT LT",
  failover: "0 TO= ABORT TIMEOUT=",
  flushall: "0 ASYNC SYNC",
  flushdb: "0 ASYNC SYNC",
  "function|flush": "0 ASYNC SYNC",
  "function|list": "0 LIBRARYNAME= WITHCODE",
  "function|load": "0 REPLACE",
  "function|restore": "1 FLUSH APPEND REPLACE",
  geoadd: "1 NX XX CH",
  geodist: "3 M KM FT MI",
  georadius: "5 WITHCOORD WITHDIST WITHHASH COUNT= ANY ASC DESC STORE= STOREDIST=",
  georadiusbymember: "4 WITHCOORD WITHDIST WITHHASH COUNT= ANY ASC DESC STORE= STOREDIST=",
  georadiusbymember_ro: "4 WITHCOORD WITHDIST WITHHASH COUNT= ANY ASC DESC",
  georadius_ro: "5 WITHCOORD WITHDIST WITHHASH COUNT= ANY ASC DESC",
  geosearch: "1 FROMMEMBER= FROMLONLAT= BYRADIUS= BYBOX= ASC DESC COUNT= ANY WITHCOORD WITHDIST WITHHASH",
  geosearchstore: "2 FROMMEMBER= FROMLONLAT= BYRADIUS= BYBOX= ASC DESC COUNT= ANY STOREDIST",
  getex: "1 EX= PX= EXAT= PXAT= PERSIST",
  hexpire: "2 NX XX GT LT",
  hexpireat: "2 NX XX GT LT",
  hgetex: "1 EX= PX= EXAT= PXAT= PERSIST",
  "hotkeys|start": "0 METRICS= COUNT= DURATION= SAMPLE=",
  hpexpire: "2 NX XX GT LT",
  hpexpireat: "2 NX XX GT LT",
  hscan: "2 MATCH= COUNT= NOVALUES",
  hsetex: "1 FNX FXX EX= PX= EXAT= PXAT= KEEPTTL",
  increx: "1 BYFLOAT= BYINT= LBOUND= UBOUND= SATURATE EX= PX= EXAT= PXAT= PERSIST ENX",
  lcs: "2 LEN IDX MINMATCHLEN= WITHMATCHLEN",
  lmovem: "4 COUNT= EXACTLY=",
  lmpop: "3 COUNT=",
  lolwut: "0 VERSION=",
  lpos: "2 RANK= COUNT= MAXLEN=",
  "memory|usage": "1 SAMPLES=",
  msetex: "2 NX XX EX= PX= EXAT= PXAT= KEEPTTL",
  pexpire: "2 NX XX GT LT",
  pexpireat: "2 NX XX GT LT",
  restore: "3 REPLACE ABSTTL IDLETIME= FREQ=",
  scan: "1 MATCH= COUNT= TYPE=",
  "script|flush": "0 ASYNC SYNC",
  sdiffcard: "2 LIMIT=",
  set: "2 NX XX IFEQ= IFNE= IFDEQ= IFDNE= GET EX= PX= EXAT= PXAT= KEEPTTL",
  shutdown: "0 NOSAVE SAVE NOW FORCE ABORT",
  sintercard: "2 LIMIT=",
  sort: "1 BY= LIMIT= GET* ASC DESC ALPHA STORE=",
  sort_ro: "1 BY= LIMIT= GET* ASC DESC ALPHA",
  sscan: "2 MATCH= COUNT=",
  sunioncard: "2 APPROX LIMIT=",
  vadd: "4 CAS NOQUANT BIN Q8 EF= SETATTR= M=",
  vemb: "2 RAW",
  vlinks: "2 WITHSCORES",
  vsim: "3 WITHSCORES WITHATTRIBS COUNT= EPSILON= EF= FILTER= FILTER-EF= TRUTH NOTHREAD",
  xackdel: "2 KEEPREF DELREF ACKED",
  xadd: "1 NOMKSTREAM KEEPREF DELREF ACKED IDMPAUTO= IDMP= MAXLEN= MINID= LIMIT=",
  xautoclaim: "5 COUNT= JUSTID",
  xcfgset: "1 IDMP-DURATION= IDMP-MAXSIZE=",
  xclaim: "5 IDLE= TIME= RETRYCOUNT= FORCE JUSTID LASTID=",
  xdelex: "1 KEEPREF DELREF ACKED",
  "xgroup|create": "3 MKSTREAM ENTRIESREAD=",
  "xgroup|setid": "3 ENTRIESREAD=",
  "xinfo|stream": "1 FULL COUNT=",
  xnack: "5 RETRYCOUNT= FORCE",
  xrange: "3 COUNT=",
  xread: "0 COUNT= MAXCOUNT= MAXSIZE= BLOCK=",
  xreadgroup: "0 GROUP= COUNT= MAXCOUNT= MAXSIZE= BLOCK= CLAIM= NOACK",
  xrevrange: "3 COUNT=",
  xsetid: "2 ENTRIESADDED= MAXDELETEDID=",
  xtrim: "1 MAXLEN= MINID= LIMIT= KEEPREF DELREF ACKED",
  zadd: "1 NX XX GT LT CH INCR",
  zdiff: "2 WITHSCORES",
  zinter: "2 WEIGHTS= AGGREGATE= WITHSCORES",
  zintercard: "2 LIMIT=",
  zinterstore: "3 WEIGHTS= AGGREGATE=",
  zmpop: "3 COUNT=",
  zrange: "3 BYSCORE BYLEX REV LIMIT= WITHSCORES",
  zrangebylex: "3 LIMIT=",
  zrangebyscore: "3 WITHSCORES LIMIT=",
  zrangestore: "4 BYSCORE BYLEX REV LIMIT=",
  zrank: "2 WITHSCORE",
  zrevrange: "3 WITHSCORES",
  zrevrangebylex: "3 LIMIT=",
  zrevrangebyscore: "3 WITHSCORES LIMIT=",
  zrevrank: "2 WITHSCORE",
  zscan: "2 MATCH= COUNT=",
  zunion: "2 WEIGHTS= AGGREGATE= WITHSCORES",
  zunionstore: "3 WEIGHTS= AGGREGATE=",
});

/** Commands that answer entries of streams. */
export const ENTRIES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "xautoclaim",
  "xclaim",
  "xinfo",
  "xrange",
  "xread",
  "xreadgroup",
  "xrevrange",
]);

/** Commands that wait for their reply: always, or if asked to with BLOCK. */
export const WAITS = /* @__PURE__ */ named<"always" | "asked">({
  blmove: "always",
  blmovem: "always",
  blmpop: "always",
  blpop: "always",
  brpop: "always",
  brpoplpush: "always",
  bzmpop: "always",
  bzpopmax: "always",
  bzpopmin: "always",
  wait: "always",
  waitaof: "always",
  xread: "asked",
  xreadgroup: "asked",
});

/** Of those that wait, the ones that wait for one string: when their time is over they answer a null string, not a null array. */
export const WAITS_FOR_ONE: ReadonlySet<string> = /* @__PURE__ */ new Set(["blmove", "brpoplpush"]);

/** Commands whose bulk reply is text for people; a subcommand is behind a bar. */
export const TEXTS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "client|info",
  "client|list",
  "cluster|info",
  "cluster|nodes",
  "info",
  "latency|doctor",
  "latency|graph",
  "lolwut",
  "memory|doctor",
  "memory|malloc-stats",
]);

/** The names of commands that always give a promise, and of those that do if asked to wait. */
export type Waiting = Token<
  "BLMOVE" | "BLMOVEM" | "BLMPOP" | "BLPOP" | "BRPOP" | "BRPOPLPUSH" | "BZMPOP" | "BZPOPMAX" | "BZPOPMIN" | "WAIT" | "WAITAOF"
>;
export type WaitingIfAsked = Token<"XREAD" | "XREADGROUP">;
