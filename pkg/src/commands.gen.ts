/**
 * Every command of the engine's table: its name, and its types. Made by `make gen`; do not edit.
 */
import type { Arg, Reply } from "./codec.js";

/** A word of a command's syntax, in upper or lower case. */
export type Token<W extends string> = W | Lowercase<W>;

/** One argument, or several in an array. */
export type Many = Arg | readonly Arg[];

/** Pairs: an object, a Map, or an array of pairs. */
export type Pairs = [pairs: { readonly [field: string]: Arg } | ReadonlyMap<Arg, Arg> | readonly (readonly [Arg, Arg])[]];

/** A map reply: a plain object, or pairs where bytes are asked for. */
export type MapReply<B, V> = [B] extends [string] ? { [field: string]: V } : [B, V][];

type List = readonly unknown[];

/** Options that may be left out, in any order. */
export type Any1<A extends List> = [] | A;
export type Any2<A extends List, B extends List> = [...Any1<A>, ...Any1<B>] | [...B, ...A];
export type Any3<A extends List, B extends List, C extends List> =
  | [...Any1<A>, ...Any2<B, C>]
  | [...B, ...A, ...Any1<C>]
  | [...B, ...C, ...A]
  | [...C, ...A, ...Any1<B>]
  | [...C, ...B, ...A];
export type Any4<A extends List, B extends List, C extends List, D extends List> =
  | [...Any1<A>, ...Any3<B, C, D>]
  | [...B, ...A, ...Any2<C, D>]
  | [...C, ...A, ...Any2<B, D>]
  | [...D, ...A, ...Any2<B, C>]
  | [...Any2<B, C>, ...A, ...D]
  | [...B, ...C, ...Any1<D>, ...A]
  | [...B, ...D, ...Any1<C>, ...A]
  | [...C, ...B, ...Any1<D>, ...A]
  | [...C, ...D, ...Any1<B>, ...A]
  | [...D, ...B, ...Any1<C>, ...A]
  | [...D, ...C, ...Any1<B>, ...A];

/** The commands, each a method that answers at once. `B` is what a bulk string becomes. */
export interface Commands<B = string> {
  /**
   * Appends a string to the value of a key. Creates the key if it doesn't exist. Cost: O(1). The amortized time complexity is O(1) assuming the appended value is small and the already present value is of any size, since the dynamic string library used by Redis will double the free space available on every reallocation. Since Redis 2.0.0.
   *
   * `APPEND`
   */
  append(key: Arg, value: Arg): Reply<B>;
  /**
   * Authenticates the connection. Cost: O(N) where N is the number of passwords defined for the user. Since Redis 1.0.0.
   *
   * `AUTH`
   */
  auth(...options: [...Any1<[username: Arg]>, Arg]): Reply<B>;
  /**
   * Resumes processing commands from paused clients. Cost: O(N) Where N is the number of paused clients. Since Redis 6.2.0.
   *
   * `CLIENT|UNPAUSE`
   */
  client(subcommand: Token<"UNPAUSE">): Reply<B>;
  /**
   * Unblocks a client blocked by a blocking command from a different connection. Cost: O(log N) where N is the number of client connections. Since Redis 5.0.0.
   *
   * `CLIENT|UNBLOCK`
   */
  client(subcommand: Token<"UNBLOCK">, clientId: Arg, ...options: Any1<[...([Token<"TIMEOUT">] | [Token<"ERROR">])]>): Reply<B>;
  /**
   * Returns the unique client ID of the connection. Cost: O(1). Since Redis 5.0.0.
   *
   * `CLIENT|ID`
   */
  client(subcommand: Token<"ID">): Reply<B>;
  /**
   * Suspends commands processing. Cost: O(1). Since Redis 3.0.0.
   *
   * `CLIENT|PAUSE`
   */
  client(subcommand: Token<"PAUSE">, timeout: Arg, ...options: Any1<[...([Token<"WRITE">] | [Token<"ALL">])]>): Reply<B>;
  /**
   * Sets the client eviction mode of the connection. Cost: O(1). Since Redis 7.0.0.
   *
   * `CLIENT|NO-EVICT`
   */
  client(subcommand: Token<"NO-EVICT">, ...options: [Token<"ON">] | [Token<"OFF">]): Reply<B>;
  /**
   * Sets information specific to the client or connection. Cost: O(1). Since Redis 7.2.0.
   *
   * `CLIENT|SETINFO`
   */
  client(subcommand: Token<"SETINFO">, ...options: [Token<"LIB-NAME">, libname: Arg] | [Token<"LIB-VER">, libver: Arg]): Reply<B>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `CLIENT|HELP`
   */
  client(subcommand: Token<"HELP">): Reply<B>;
  /**
   * Controls whether commands sent by the client affect the LRU/LFU of accessed keys. Cost: O(1). Since Redis 7.2.0.
   *
   * `CLIENT|NO-TOUCH`
   */
  client(subcommand: Token<"NO-TOUCH">, ...options: [Token<"ON">] | [Token<"OFF">]): Reply<B>;
  /**
   * Sets the connection name. Cost: O(1). Since Redis 2.6.9.
   *
   * `CLIENT|SETNAME`
   */
  client(subcommand: Token<"SETNAME">, connectionName: Arg): Reply<B>;
  /**
   * Instructs the server whether to track the keys in the next request. Cost: O(1). Since Redis 6.0.0.
   *
   * `CLIENT|CACHING`
   */
  client(subcommand: Token<"CACHING">, ...options: [Token<"YES">] | [Token<"NO">]): Reply<B>;
  /**
   * Controls server-assisted client-side caching for the connection. Cost: O(1). Some options may introduce additional complexity. Since Redis 6.0.0.
   *
   * `CLIENT|TRACKING`
   */
  client(subcommand: Token<"TRACKING">, ...options: [...([Token<"ON">] | [Token<"OFF">]), ...Arg[]]): Reply<B>;
  /**
   * Returns the name of the connection. Cost: O(1). Since Redis 2.6.9.
   *
   * `CLIENT|GETNAME`
   */
  client(subcommand: Token<"GETNAME">): Reply<B>;
  /**
   * Returns information about the connection. Cost: O(1). Since Redis 6.2.0.
   *
   * `CLIENT|INFO`
   */
  client(subcommand: Token<"INFO">): Reply<B>;
  /**
   * Lists open connections. Cost: O(N) where N is the number of client connections. Since Redis 2.4.0.
   *
   * `CLIENT|LIST`
   */
  client(
    subcommand: Token<"LIST">,
    ...options: Any2<
      [Token<"TYPE">, ...([Token<"NORMAL">] | [Token<"MASTER">] | [Token<"REPLICA">] | [Token<"PUBSUB">])],
      [Token<"ID">, clientId: Many, ...more: Many[]]
    >
  ): Reply<B>;
  /**
   * Terminates open connections. Cost: O(N) where N is the number of client connections. Since Redis 2.4.0.
   *
   * `CLIENT|KILL`
   */
  client(
    subcommand: Token<"KILL">,
    ...options:
      | [oldFormat: Arg]
      | [
          ...(
            | [Token<"ID">, clientId: Arg]
            | [Token<"TYPE">, ...([Token<"NORMAL">] | [Token<"MASTER">] | [Token<"SLAVE">] | [Token<"REPLICA">] | [Token<"PUBSUB">])]
            | [Token<"USER">, username: Arg]
            | [Token<"ADDR">, addr: Arg]
            | [Token<"LADDR">, laddr: Arg]
            | [Token<"SKIPME">, ...([Token<"YES">] | [Token<"NO">])]
            | [Token<"MAXAGE">, maxage: Arg]
          ),
        ]
  ): Reply<B>;
  /**
   * Returns information about server-assisted client-side caching for the connection. Cost: O(1). Since Redis 6.2.0.
   *
   * `CLIENT|TRACKINGINFO`
   */
  client(subcommand: Token<"TRACKINGINFO">): Reply<B>;
  /**
   * Returns the client ID to which the connection's tracking notifications are redirected. Cost: O(1). Since Redis 6.0.0.
   *
   * `CLIENT|GETREDIR`
   */
  client(subcommand: Token<"GETREDIR">): Reply<B>;
  /**
   * Instructs the server whether to reply to commands. Cost: O(1). Since Redis 3.2.0.
   *
   * `CLIENT|REPLY`
   */
  client(subcommand: Token<"REPLY">, ...options: [Token<"ON">] | [Token<"OFF">] | [Token<"SKIP">]): Reply<B>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `COMMAND|HELP`
   */
  command(subcommand: Token<"HELP">): Reply<B>;
  /**
   * Returns a count of commands. Cost: O(1). Since Redis 2.8.13.
   *
   * `COMMAND|COUNT`
   */
  command(subcommand: Token<"COUNT">): Reply<B>;
  /**
   * Returns information about one, multiple or all commands. Cost: O(N) where N is the number of commands to look up. Since Redis 2.8.13.
   *
   * `COMMAND|INFO`
   */
  command(subcommand: Token<"INFO">, ...options: Any1<[commandName: Many, ...more: Many[]]>): Reply<B>;
  /**
   * Returns documentary information about one, multiple or all commands. Cost: O(N) where N is the number of commands to look up. Since Redis 7.0.0.
   *
   * `COMMAND|DOCS`
   */
  command(subcommand: Token<"DOCS">, ...options: Any1<[commandName: Many, ...more: Many[]]>): Reply<B>;
  /**
   * Returns a list of command names. Cost: O(N) where N is the total number of Redis commands. Since Redis 7.0.0.
   *
   * `COMMAND|LIST`
   */
  command(
    subcommand: Token<"LIST">,
    ...options: Any1<
      [Token<"FILTERBY">, ...([Token<"MODULE">, moduleName: Arg] | [Token<"ACLCAT">, category: Arg] | [Token<"PATTERN">, pattern: Arg])]
    >
  ): Reply<B>;
  /**
   * Extracts the key names and access flags for an arbitrary command. Cost: O(N) where N is the number of arguments to the command. Since Redis 7.0.0.
   *
   * `COMMAND|GETKEYSANDFLAGS`
   */
  command(subcommand: Token<"GETKEYSANDFLAGS">, command: Arg, ...options: Any1<[arg: Many, ...more: Many[]]>): Reply<B>;
  /**
   * Extracts the key names from an arbitrary command. Cost: O(N) where N is the number of arguments to the command. Since Redis 2.8.13.
   *
   * `COMMAND|GETKEYS`
   */
  command(subcommand: Token<"GETKEYS">, command: Arg, ...options: Any1<[arg: Many, ...more: Many[]]>): Reply<B>;
  /**
   * Sets configuration parameters in-flight. Cost: O(N) when N is the number of configuration parameters provided. Since Redis 2.0.0.
   *
   * `CONFIG|SET`
   */
  config(subcommand: Token<"SET">, ...options: Pairs | [parameter: Arg, value: Arg, ...rest: Arg[]]): Reply<B>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `CONFIG|HELP`
   */
  config(subcommand: Token<"HELP">): Reply<B>;
  /**
   * Returns the effective values of configuration parameters. Cost: O(N) when N is the number of configuration parameters provided. Since Redis 2.0.0.
   *
   * `CONFIG|GET`
   */
  config(subcommand: Token<"GET">, parameter: Many, ...more: Many[]): Reply<B>;
  /**
   * Resets the server's statistics. Cost: O(1). Since Redis 2.0.0.
   *
   * `CONFIG|RESETSTAT`
   */
  config(subcommand: Token<"RESETSTAT">): Reply<B>;
  /**
   * Persists the effective configuration to file. Cost: O(1). Since Redis 2.8.0.
   *
   * `CONFIG|REWRITE`
   */
  config(subcommand: Token<"REWRITE">): Reply<B>;
  /**
   * Copies the value of a key to a new key. Cost: O(N) worst case for collections, where N is the number of nested items. O(1) for string values. Since Redis 6.2.0.
   *
   * `COPY`
   */
  copy(source: Arg, destination: Arg, ...options: Any2<[Token<"DB">, destinationDb: Arg], [Token<"REPLACE">]>): Reply<B>;
  /**
   * Returns the number of keys in the database. Cost: O(1). Since Redis 1.0.0.
   *
   * `DBSIZE`
   */
  dbsize(): Reply<B>;
  /**
   * A container for debugging commands. Cost: Depends on subcommand. Since Redis 1.0.0.
   *
   * `DEBUG`
   */
  debug(): Reply<B>;
  /**
   * Decrements the integer value of a key by one. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `DECR`
   */
  decr(key: Arg): Reply<B>;
  /**
   * Decrements a number from the integer value of a key. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `DECRBY`
   */
  decrby(key: Arg, decrement: Arg): Reply<B>;
  /**
   * Deletes one or more keys. Cost: O(N) where N is the number of keys that will be removed. When a key to remove holds a value other than a string, the individual complexity for this key is O(M) where M is the number of elements in the list, set, sorted set or hash. Removing a single key that holds a string value is O(1). Since Redis 1.0.0.
   *
   * `DEL`
   */
  del(key: Many, ...more: Many[]): Reply<B>;
  /**
   * Returns the given string. Cost: O(1). Since Redis 1.0.0.
   *
   * `ECHO`
   */
  echo(message: Arg): Reply<B>;
  /**
   * Determines whether one or more keys exist. Cost: O(N) where N is the number of keys to check. Since Redis 1.0.0.
   *
   * `EXISTS`
   */
  exists(key: Many, ...more: Many[]): Reply<B>;
  /**
   * Sets the expiration time of a key in seconds. Cost: O(1). Since Redis 1.0.0.
   *
   * `EXPIRE`
   */
  expire(key: Arg, seconds: Arg, ...options: Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>): Reply<B>;
  /**
   * Sets the expiration time of a key to a Unix timestamp. Cost: O(1). Since Redis 1.2.0.
   *
   * `EXPIREAT`
   */
  expireat(
    key: Arg,
    unixTimeSeconds: Arg,
    ...options: Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>
  ): Reply<B>;
  /**
   * Returns the expiration time of a key as a Unix timestamp. Cost: O(1). Since Redis 7.0.0.
   *
   * `EXPIRETIME`
   */
  expiretime(key: Arg): Reply<B>;
  /**
   * Removes all keys from all databases. Cost: O(N) where N is the total number of keys in all databases. Since Redis 1.0.0.
   *
   * `FLUSHALL`
   */
  flushall(...options: Any1<[...([Token<"ASYNC">] | [Token<"SYNC">])]>): Reply<B>;
  /**
   * Remove all keys from the current database. Cost: O(N) where N is the number of keys in the selected database. Since Redis 1.0.0.
   *
   * `FLUSHDB`
   */
  flushdb(...options: Any1<[...([Token<"ASYNC">] | [Token<"SYNC">])]>): Reply<B>;
  /**
   * Returns the string value of a key. Cost: O(1). Since Redis 1.0.0.
   *
   * `GET`
   */
  get(key: Arg): Reply<B>;
  /**
   * Returns the string value of a key after deleting the key. Cost: O(1). Since Redis 6.2.0.
   *
   * `GETDEL`
   */
  getdel(key: Arg): Reply<B>;
  /**
   * Returns the string value of a key after setting its expiration time. Cost: O(1). Since Redis 6.2.0.
   *
   * `GETEX`
   */
  getex(
    key: Arg,
    ...options: Any1<
      [
        ...(
          | [Token<"EX">, seconds: Arg]
          | [Token<"PX">, milliseconds: Arg]
          | [Token<"EXAT">, unixTimeSeconds: Arg]
          | [Token<"PXAT">, unixTimeMilliseconds: Arg]
          | [Token<"PERSIST">]
        ),
      ]
    >
  ): Reply<B>;
  /**
   * Returns a substring of the string stored at a key. Cost: O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings. Since Redis 2.4.0.
   *
   * `GETRANGE`
   */
  getrange(key: Arg, start: Arg, end: Arg): Reply<B>;
  /**
   * Returns the previous string value of a key after setting it to a new value. Cost: O(1). Since Redis 1.0.0.
   *
   * `GETSET`
   */
  getset(key: Arg, value: Arg): Reply<B>;
  /**
   * Deletes one or more fields and their values from a hash. Deletes the hash if no fields remain. Cost: O(N) where N is the number of fields to be removed. Since Redis 2.0.0.
   *
   * `HDEL`
   */
  hdel(key: Arg, field: Many, ...more: Many[]): Reply<B>;
  /**
   * Handshakes with the Redis server. Cost: O(1). Since Redis 6.0.0.
   *
   * `HELLO`
   */
  hello(
    ...options: Any1<[protover: Arg, ...Any2<[Token<"AUTH">, username: Arg, password: Arg], [Token<"SETNAME">, clientname: Arg]>]>
  ): Reply<B>;
  /**
   * Determines whether a field exists in a hash. Cost: O(1). Since Redis 2.0.0.
   *
   * `HEXISTS`
   */
  hexists(key: Arg, field: Arg): Reply<B>;
  /**
   * Set expiry for hash field using relative time to expire (seconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HEXPIRE`
   */
  hexpire(
    key: Arg,
    seconds: Arg,
    ...options: [...Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>, Token<"FIELDS">, Arg, Many, ...Many[]]
  ): Reply<B>;
  /**
   * Set expiry for hash field using an absolute Unix timestamp (seconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HEXPIREAT`
   */
  hexpireat(
    key: Arg,
    unixTimeSeconds: Arg,
    ...options: [...Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>, Token<"FIELDS">, Arg, Many, ...Many[]]
  ): Reply<B>;
  /**
   * Returns the expiration time of a hash field as a Unix timestamp, in seconds. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HEXPIRETIME`
   */
  hexpiretime(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): Reply<B>;
  /**
   * Returns the value of a field in a hash. Cost: O(1). Since Redis 2.0.0.
   *
   * `HGET`
   */
  hget(key: Arg, field: Arg): Reply<B>;
  /**
   * Returns all fields and values in a hash. Cost: O(N) where N is the size of the hash. Since Redis 2.0.0.
   *
   * `HGETALL`
   */
  hgetall(key: Arg): Reply<B>;
  /**
   * Returns the value of a field and deletes it from the hash. Cost: O(N) where N is the number of specified fields. Since Redis 8.0.0.
   *
   * `HGETDEL`
   */
  hgetdel(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): Reply<B>;
  /**
   * Get the value of one or more fields of a given hash key, and optionally set their expiration. Cost: O(N) where N is the number of specified fields. Since Redis 8.0.0.
   *
   * `HGETEX`
   */
  hgetex(
    key: Arg,
    ...options: [
      ...Any1<
        [
          ...(
            | [Token<"EX">, seconds: Arg]
            | [Token<"PX">, milliseconds: Arg]
            | [Token<"EXAT">, unixTimeSeconds: Arg]
            | [Token<"PXAT">, unixTimeMilliseconds: Arg]
            | [Token<"PERSIST">]
          ),
        ]
      >,
      Token<"FIELDS">,
      Arg,
      Many,
      ...Many[],
    ]
  ): Reply<B>;
  /**
   * Increments the integer value of a field in a hash by a number. Uses 0 as initial value if the field doesn't exist. Cost: O(1). Since Redis 2.0.0.
   *
   * `HINCRBY`
   */
  hincrby(key: Arg, field: Arg, increment: Arg): Reply<B>;
  /**
   * Increments the floating point value of a field by a number. Uses 0 as initial value if the field doesn't exist. Cost: O(1). Since Redis 2.6.0.
   *
   * `HINCRBYFLOAT`
   */
  hincrbyfloat(key: Arg, field: Arg, increment: Arg): Reply<B>;
  /**
   * Returns all fields in a hash. Cost: O(N) where N is the size of the hash. Since Redis 2.0.0.
   *
   * `HKEYS`
   */
  hkeys(key: Arg): Reply<B>;
  /**
   * Returns the number of fields in a hash. Cost: O(1). Since Redis 2.0.0.
   *
   * `HLEN`
   */
  hlen(key: Arg): Reply<B>;
  /**
   * Returns the values of all fields in a hash. Cost: O(N) where N is the number of fields being requested. Since Redis 2.0.0.
   *
   * `HMGET`
   */
  hmget(key: Arg, field: Many, ...more: Many[]): Reply<B>;
  /**
   * Sets the values of multiple fields. Cost: O(N) where N is the number of fields being set. Since Redis 2.0.0.
   *
   * `HMSET`
   */
  hmset(key: Arg, ...options: Pairs | [field: Arg, value: Arg, ...rest: Arg[]]): Reply<B>;
  /**
   * Removes the expiration time for each specified field Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPERSIST`
   */
  hpersist(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): Reply<B>;
  /**
   * Set expiry for hash field using relative time to expire (milliseconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPEXPIRE`
   */
  hpexpire(
    key: Arg,
    milliseconds: Arg,
    ...options: [...Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>, Token<"FIELDS">, Arg, Many, ...Many[]]
  ): Reply<B>;
  /**
   * Set expiry for hash field using an absolute Unix timestamp (milliseconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPEXPIREAT`
   */
  hpexpireat(
    key: Arg,
    unixTimeMilliseconds: Arg,
    ...options: [...Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>, Token<"FIELDS">, Arg, Many, ...Many[]]
  ): Reply<B>;
  /**
   * Returns the expiration time of a hash field as a Unix timestamp, in msec. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPEXPIRETIME`
   */
  hpexpiretime(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): Reply<B>;
  /**
   * Returns the TTL in milliseconds of a hash field. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPTTL`
   */
  hpttl(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): Reply<B>;
  /**
   * Returns one or more random fields from a hash. Cost: O(N) where N is the number of fields returned. Since Redis 6.2.0.
   *
   * `HRANDFIELD`
   */
  hrandfield(key: Arg, ...options: Any1<[count: Arg, ...Any1<[Token<"WITHVALUES">]>]>): Reply<B>;
  /**
   * Iterates over fields and values of a hash. Cost: O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection. Since Redis 2.8.0.
   *
   * `HSCAN`
   */
  hscan(
    key: Arg,
    cursor: Arg,
    ...options: Any3<[Token<"MATCH">, pattern: Arg], [Token<"COUNT">, count: Arg], [Token<"NOVALUES">]>
  ): Reply<B>;
  /**
   * Creates or modifies the value of a field in a hash. Cost: O(1) for each field/value pair added, so O(N) to add N field/value pairs when the command is called with multiple field/value pairs. Since Redis 2.0.0.
   *
   * `HSET`
   */
  hset(key: Arg, ...options: Pairs | [field: Arg, value: Arg, ...rest: Arg[]]): Reply<B>;
  /**
   * Set the value of one or more fields of a given hash key, and optionally set their expiration. Cost: O(N) where N is the number of fields being set. Since Redis 8.0.0.
   *
   * `HSETEX`
   */
  hsetex(
    key: Arg,
    ...options: [
      ...Any2<
        [...([Token<"FNX">] | [Token<"FXX">])],
        [
          ...(
            | [Token<"EX">, seconds: Arg]
            | [Token<"PX">, milliseconds: Arg]
            | [Token<"EXAT">, unixTimeSeconds: Arg]
            | [Token<"PXAT">, unixTimeMilliseconds: Arg]
            | [Token<"KEEPTTL">]
          ),
        ]
      >,
      Token<"FIELDS">,
      Arg,
      ...(Pairs | [field: Arg, value: Arg, ...rest: Arg[]]),
    ]
  ): Reply<B>;
  /**
   * Sets the value of a field in a hash only when the field doesn't exist. Cost: O(1). Since Redis 2.0.0.
   *
   * `HSETNX`
   */
  hsetnx(key: Arg, field: Arg, value: Arg): Reply<B>;
  /**
   * Returns the length of the value of a field. Cost: O(1). Since Redis 3.2.0.
   *
   * `HSTRLEN`
   */
  hstrlen(key: Arg, field: Arg): Reply<B>;
  /**
   * Returns the TTL in seconds of a hash field. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HTTL`
   */
  httl(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): Reply<B>;
  /**
   * Returns all values in a hash. Cost: O(N) where N is the size of the hash. Since Redis 2.0.0.
   *
   * `HVALS`
   */
  hvals(key: Arg): Reply<B>;
  /**
   * Increments the integer value of a key by one. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `INCR`
   */
  incr(key: Arg): Reply<B>;
  /**
   * Increments the integer value of a key by a number. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `INCRBY`
   */
  incrby(key: Arg, increment: Arg): Reply<B>;
  /**
   * Increment the floating point value of a key by a number. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 2.6.0.
   *
   * `INCRBYFLOAT`
   */
  incrbyfloat(key: Arg, increment: Arg): Reply<B>;
  /**
   * Returns information and statistics about the server. Cost: O(1). Since Redis 1.0.0.
   *
   * `INFO`
   */
  info(...options: Any1<[section: Many, ...more: Many[]]>): Reply<B>;
  /**
   * Returns all key names that match a pattern. Cost: O(N) with N being the number of keys in the database, under the assumption that the key names in the database and the given pattern have limited length. Since Redis 1.0.0.
   *
   * `KEYS`
   */
  keys(pattern: Arg): Reply<B>;
  /**
   * Finds the longest common substring. Cost: O(N*M) where N and M are the lengths of s1 and s2, respectively. Since Redis 7.0.0.
   *
   * `LCS`
   */
  lcs(
    key1: Arg,
    key2: Arg,
    ...options: Any4<[Token<"LEN">], [Token<"IDX">], [Token<"MINMATCHLEN">, minMatchLen: Arg], [Token<"WITHMATCHLEN">]>
  ): Reply<B>;
  /**
   * Atomically returns the string values of one or more keys. Cost: O(N) where N is the number of keys to retrieve. Since Redis 1.0.0.
   *
   * `MGET`
   */
  mget(key: Many, ...more: Many[]): Reply<B>;
  /**
   * Moves a key to another database. Cost: O(1). Since Redis 1.0.0.
   *
   * `MOVE`
   */
  move(key: Arg, db: Arg): Reply<B>;
  /**
   * Atomically creates or modifies the string values of one or more keys. Cost: O(N) where N is the number of keys to set. Since Redis 1.0.1.
   *
   * `MSET`
   */
  mset(...options: Pairs | [key: Arg, value: Arg, ...rest: Arg[]]): Reply<B>;
  /**
   * Atomically modifies the string values of one or more keys only when all keys don't exist. Cost: O(N) where N is the number of keys to set. Since Redis 1.0.1.
   *
   * `MSETNX`
   */
  msetnx(...options: Pairs | [key: Arg, value: Arg, ...rest: Arg[]]): Reply<B>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 6.2.0.
   *
   * `OBJECT|HELP`
   */
  object(subcommand: Token<"HELP">): Reply<B>;
  /**
   * Returns the internal encoding of a Redis object. Cost: O(1). Since Redis 2.2.3.
   *
   * `OBJECT|ENCODING`
   */
  object(subcommand: Token<"ENCODING">, key: Arg): Reply<B>;
  /**
   * Returns the logarithmic access frequency counter of a Redis object. Cost: O(1). Since Redis 4.0.0.
   *
   * `OBJECT|FREQ`
   */
  object(subcommand: Token<"FREQ">, key: Arg): Reply<B>;
  /**
   * Returns the reference count of a value of a key. Cost: O(1). Since Redis 2.2.3.
   *
   * `OBJECT|REFCOUNT`
   */
  object(subcommand: Token<"REFCOUNT">, key: Arg): Reply<B>;
  /**
   * Returns the time since the last access to a Redis object. Cost: O(1). Since Redis 2.2.3.
   *
   * `OBJECT|IDLETIME`
   */
  object(subcommand: Token<"IDLETIME">, key: Arg): Reply<B>;
  /**
   * Removes the expiration time of a key. Cost: O(1). Since Redis 2.2.0.
   *
   * `PERSIST`
   */
  persist(key: Arg): Reply<B>;
  /**
   * Sets the expiration time of a key in milliseconds. Cost: O(1). Since Redis 2.6.0.
   *
   * `PEXPIRE`
   */
  pexpire(key: Arg, milliseconds: Arg, ...options: Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>): Reply<B>;
  /**
   * Sets the expiration time of a key to a Unix milliseconds timestamp. Cost: O(1). Since Redis 2.6.0.
   *
   * `PEXPIREAT`
   */
  pexpireat(
    key: Arg,
    unixTimeMilliseconds: Arg,
    ...options: Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>
  ): Reply<B>;
  /**
   * Returns the expiration time of a key as a Unix milliseconds timestamp. Cost: O(1). Since Redis 7.0.0.
   *
   * `PEXPIRETIME`
   */
  pexpiretime(key: Arg): Reply<B>;
  /**
   * Returns the server's liveliness response. Cost: O(1). Since Redis 1.0.0.
   *
   * `PING`
   */
  ping(...options: Any1<[message: Arg]>): Reply<B>;
  /**
   * Sets both string value and expiration time in milliseconds of a key. The key is created if it doesn't exist. Cost: O(1). Since Redis 2.6.0.
   *
   * `PSETEX`
   */
  psetex(key: Arg, milliseconds: Arg, value: Arg): Reply<B>;
  /**
   * Returns the expiration time in milliseconds of a key. Cost: O(1). Since Redis 2.6.0.
   *
   * `PTTL`
   */
  pttl(key: Arg): Reply<B>;
  /**
   * Closes the connection. Cost: O(1). Since Redis 1.0.0.
   *
   * `QUIT`
   */
  quit(): Reply<B>;
  /**
   * Returns a random key name from the database. Cost: O(1). Since Redis 1.0.0.
   *
   * `RANDOMKEY`
   */
  randomkey(): Reply<B>;
  /**
   * Renames a key and overwrites the destination. Cost: O(1). Since Redis 1.0.0.
   *
   * `RENAME`
   */
  rename(key: Arg, newkey: Arg): Reply<B>;
  /**
   * Renames a key only when the target key name doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `RENAMENX`
   */
  renamenx(key: Arg, newkey: Arg): Reply<B>;
  /**
   * Resets the connection. Cost: O(1). Since Redis 6.2.0.
   *
   * `RESET`
   */
  reset(): Reply<B>;
  /**
   * Iterates over the key names in the database. Cost: O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection. Since Redis 2.8.0.
   *
   * `SCAN`
   */
  scan(cursor: Arg, ...options: Any3<[Token<"MATCH">, pattern: Arg], [Token<"COUNT">, count: Arg], [Token<"TYPE">, type_: Arg]>): Reply<B>;
  /**
   * Changes the selected database. Cost: O(1). Since Redis 1.0.0.
   *
   * `SELECT`
   */
  select(index: Arg): Reply<B>;
  /**
   * Sets the string value of a key, ignoring its type. The key is created if it doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `SET`
   */
  set(
    key: Arg,
    value: Arg,
    ...options: Any3<
      [...([Token<"NX">] | [Token<"XX">])],
      [Token<"GET">],
      [
        ...(
          | [Token<"EX">, seconds: Arg]
          | [Token<"PX">, milliseconds: Arg]
          | [Token<"EXAT">, unixTimeSeconds: Arg]
          | [Token<"PXAT">, unixTimeMilliseconds: Arg]
          | [Token<"KEEPTTL">]
        ),
      ]
    >
  ): Reply<B>;
  /**
   * Sets the string value and expiration time of a key. Creates the key if it doesn't exist. Cost: O(1). Since Redis 2.0.0.
   *
   * `SETEX`
   */
  setex(key: Arg, seconds: Arg, value: Arg): Reply<B>;
  /**
   * Set the string value of a key only when the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `SETNX`
   */
  setnx(key: Arg, value: Arg): Reply<B>;
  /**
   * Overwrites a part of a string value with another by an offset. Creates the key if it doesn't exist. Cost: O(1), not counting the time taken to copy the new string in place. Usually, this string is very small so the amortized complexity is O(1). Otherwise, complexity is O(M) with M being the length of the value argument. Since Redis 2.2.0.
   *
   * `SETRANGE`
   */
  setrange(key: Arg, offset: Arg, value: Arg): Reply<B>;
  /**
   * Returns the length of a string value. Cost: O(1). Since Redis 2.2.0.
   *
   * `STRLEN`
   */
  strlen(key: Arg): Reply<B>;
  /**
   * Returns a substring from a string value. Cost: O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings. Since Redis 1.0.0.
   *
   * `SUBSTR`
   */
  substr(key: Arg, start: Arg, end: Arg): Reply<B>;
  /**
   * Swaps two Redis databases. Cost: O(N) where N is the count of clients watching or blocking on keys from both databases. Since Redis 4.0.0.
   *
   * `SWAPDB`
   */
  swapdb(index1: Arg, index2: Arg): Reply<B>;
  /**
   * Returns the server time. Cost: O(1). Since Redis 2.6.0.
   *
   * `TIME`
   */
  time(): Reply<B>;
  /**
   * Returns the number of existing keys out of those specified after updating the time they were last accessed. Cost: O(N) where N is the number of keys that will be touched. Since Redis 3.2.1.
   *
   * `TOUCH`
   */
  touch(key: Many, ...more: Many[]): Reply<B>;
  /**
   * Returns the expiration time in seconds of a key. Cost: O(1). Since Redis 1.0.0.
   *
   * `TTL`
   */
  ttl(key: Arg): Reply<B>;
  /**
   * Determines the type of value stored at a key. Cost: O(1). Since Redis 1.0.0.
   *
   * `TYPE`
   */
  type(key: Arg): Reply<B>;
  /**
   * Asynchronously deletes one or more keys. Cost: O(1) for each key removed regardless of its size. Then the command does O(N) work in a different thread in order to reclaim memory, where N is the number of allocations the deleted objects where composed of. Since Redis 4.0.0.
   *
   * `UNLINK`
   */
  unlink(key: Many, ...more: Many[]): Reply<B>;
}

/** The names of all methods. */
export const NAMES: readonly string[] =
  "append auth client command config copy dbsize debug decr decrby del echo exists expire expireat expiretime flushall flushdb get getdel getex getrange getset hdel hello hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex hincrby hincrbyfloat hkeys hlen hmget hmset hpersist hpexpire hpexpireat hpexpiretime hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl hvals incr incrby incrbyfloat info keys lcs mget move mset msetnx object persist pexpire pexpireat pexpiretime ping psetex pttl quit randomkey rename renamenx reset scan select set setex setnx setrange strlen substr swapdb time touch ttl type unlink".split(
    " ",
  );

/** Commands that take pairs, and after how many arguments these begin. */
export const PAIRS: { readonly [name: string]: number | "any" | undefined } = {
  config: "any",
  hmset: 1,
  hset: 1,
  hsetex: "any",
  mset: 0,
  msetnx: 0,
};
