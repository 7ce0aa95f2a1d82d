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
   * `APPEND key value`
   */
  append(key: Arg, value: Arg): number;
  /**
   * Authenticates the connection. Cost: O(N) where N is the number of passwords defined for the user. Since Redis 1.0.0.
   *
   * `AUTH [username] password`
   */
  auth(...options: [...Any1<[username: Arg]>, Arg]): "OK";
  /**
   * Returns the name of the connection. Cost: O(1). Since Redis 2.6.9.
   *
   * `CLIENT GETNAME`
   */
  client(subcommand: Token<"GETNAME">): B | null;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `CLIENT HELP`
   */
  client(subcommand: Token<"HELP">): string[];
  /**
   * Returns the unique client ID of the connection. Cost: O(1). Since Redis 5.0.0.
   *
   * `CLIENT ID`
   */
  client(subcommand: Token<"ID">): number;
  /**
   * Returns information about the connection. Cost: O(1). Since Redis 6.2.0.
   *
   * `CLIENT INFO`
   */
  client(subcommand: Token<"INFO">): B;
  /**
   * Terminates open connections. Cost: O(N) where N is the number of client connections. Since Redis 2.4.0.
   *
   * `CLIENT KILL <ip:port | [ID client-id] [TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB>] [USER username] [ADDR ip:port] [LADDR ip:port] [SKIPME <YES | NO>] [MAXAGE maxage]>`
   */
  client(subcommand: Token<"KILL">, ...options: [ipPort: Arg] | [Token<"ID">, ...Arg[]]): "OK" | number;
  /**
   * Lists open connections. Cost: O(N) where N is the number of client connections. Since Redis 2.4.0.
   *
   * `CLIENT LIST [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]`
   */
  client(
    subcommand: Token<"LIST">,
    ...options: Any2<
      [Token<"TYPE">, ...([Token<"NORMAL">] | [Token<"MASTER">] | [Token<"REPLICA">] | [Token<"PUBSUB">])],
      [Token<"ID">, clientId: Many, ...more: Many[]]
    >
  ): B;
  /**
   * Sets the client eviction mode of the connection. Cost: O(1). Since Redis 7.0.0.
   *
   * `CLIENT NO-EVICT <ON | OFF>`
   */
  client(subcommand: Token<"NO-EVICT">, ...options: [Token<"ON">] | [Token<"OFF">]): "OK";
  /**
   * Controls whether commands sent by the client affect the LRU/LFU of accessed keys. Cost: O(1). Since Redis 7.2.0.
   *
   * `CLIENT NO-TOUCH <ON | OFF>`
   */
  client(subcommand: Token<"NO-TOUCH">, ...options: [Token<"ON">] | [Token<"OFF">]): "OK";
  /**
   * Instructs the server whether to reply to commands. Cost: O(1). Since Redis 3.2.0.
   *
   * `CLIENT REPLY <ON | OFF | SKIP>`
   */
  client(subcommand: Token<"REPLY">, ...options: [Token<"ON">] | [Token<"OFF">] | [Token<"SKIP">]): "OK";
  /**
   * Sets information specific to the client or connection. Cost: O(1). Since Redis 7.2.0.
   *
   * `CLIENT SETINFO <LIB-NAME libname | LIB-VER libver>`
   */
  client(subcommand: Token<"SETINFO">, ...options: [Token<"LIB-NAME">, libname: Arg] | [Token<"LIB-VER">, libver: Arg]): "OK";
  /**
   * Sets the connection name. Cost: O(1). Since Redis 2.6.9.
   *
   * `CLIENT SETNAME connection-name`
   */
  client(subcommand: Token<"SETNAME">, connectionName: Arg): "OK";
  /**
   * Returns a count of commands. Cost: O(1). Since Redis 2.8.13.
   *
   * `COMMAND COUNT`
   */
  command(subcommand: Token<"COUNT">): number;
  /**
   * Returns documentary information about one, multiple or all commands. Cost: O(N) where N is the number of commands to look up. Since Redis 7.0.0.
   *
   * `COMMAND DOCS [command-name [command-name ...]]`
   */
  command(subcommand: Token<"DOCS">, ...options: Any1<[commandName: Many, ...more: Many[]]>): MapReply<B, Reply<B>>;
  /**
   * Extracts the key names from an arbitrary command. Cost: O(N) where N is the number of arguments to the command. Since Redis 2.8.13.
   *
   * `COMMAND GETKEYS command [arg [arg ...]]`
   */
  command(subcommand: Token<"GETKEYS">, command: Arg, ...options: Any1<[arg: Many, ...more: Many[]]>): B[];
  /**
   * Extracts the key names and access flags for an arbitrary command. Cost: O(N) where N is the number of arguments to the command. Since Redis 7.0.0.
   *
   * `COMMAND GETKEYSANDFLAGS command [arg [arg ...]]`
   */
  command(subcommand: Token<"GETKEYSANDFLAGS">, command: Arg, ...options: Any1<[arg: Many, ...more: Many[]]>): [B, string[]][];
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `COMMAND HELP`
   */
  command(subcommand: Token<"HELP">): string[];
  /**
   * Returns information about one, multiple or all commands. Cost: O(N) where N is the number of commands to look up. Since Redis 2.8.13.
   *
   * `COMMAND INFO [command-name [command-name ...]]`
   */
  command(subcommand: Token<"INFO">, ...options: Any1<[commandName: Many, ...more: Many[]]>): Reply<B>[];
  /**
   * Returns a list of command names. Cost: O(N) where N is the total number of Redis commands. Since Redis 7.0.0.
   *
   * `COMMAND LIST [FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]`
   */
  command(
    subcommand: Token<"LIST">,
    ...options: Any1<
      [Token<"FILTERBY">, ...([Token<"MODULE">, moduleName: Arg] | [Token<"ACLCAT">, category: Arg] | [Token<"PATTERN">, pattern: Arg])]
    >
  ): B[];
  /**
   * Returns detailed information about all commands. Cost: O(N) where N is the total number of Redis commands. Since Redis 2.8.13.
   *
   * `COMMAND`
   */
  command(): Reply<B>[];
  /**
   * Returns the effective values of configuration parameters. Cost: O(N) when N is the number of configuration parameters provided. Since Redis 2.0.0.
   *
   * `CONFIG GET parameter [parameter ...]`
   */
  config(subcommand: Token<"GET">, parameter: Many, ...more: Many[]): MapReply<B, B>;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 5.0.0.
   *
   * `CONFIG HELP`
   */
  config(subcommand: Token<"HELP">): string[];
  /**
   * Resets the server's statistics. Cost: O(1). Since Redis 2.0.0.
   *
   * `CONFIG RESETSTAT`
   */
  config(subcommand: Token<"RESETSTAT">): "OK";
  /**
   * Persists the effective configuration to file. Cost: O(1). Since Redis 2.8.0.
   *
   * `CONFIG REWRITE`
   */
  config(subcommand: Token<"REWRITE">): "OK";
  /**
   * Sets configuration parameters in-flight. Cost: O(N) when N is the number of configuration parameters provided. Since Redis 2.0.0.
   *
   * `CONFIG SET parameter value [parameter value ...]`
   */
  config(subcommand: Token<"SET">, ...options: Pairs | [parameter: Arg, value: Arg, ...rest: Arg[]]): "OK";
  /**
   * Copies the value of a key to a new key. Cost: O(N) worst case for collections, where N is the number of nested items. O(1) for string values. Since Redis 6.2.0.
   *
   * `COPY source destination [DB destination-db] [REPLACE]`
   */
  copy(source: Arg, destination: Arg, ...options: Any2<[Token<"DB">, destinationDb: Arg], [Token<"REPLACE">]>): number;
  /**
   * Returns the number of keys in the database. Cost: O(1). Since Redis 1.0.0.
   *
   * `DBSIZE`
   */
  dbsize(): number;
  /**
   * A container for debugging commands. Cost: Depends on subcommand. Since Redis 1.0.0.
   *
   * `DEBUG`
   */
  debug(): Reply<B>;
  /**
   * Decrements the integer value of a key by one. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `DECR key`
   */
  decr(key: Arg): number;
  /**
   * Decrements a number from the integer value of a key. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `DECRBY key decrement`
   */
  decrby(key: Arg, decrement: Arg): number;
  /**
   * Deletes one or more keys. Cost: O(N) where N is the number of keys that will be removed. When a key to remove holds a value other than a string, the individual complexity for this key is O(M) where M is the number of elements in the list, set, sorted set or hash. Removing a single key that holds a string value is O(1). Since Redis 1.0.0.
   *
   * `DEL key [key ...]`
   */
  del(key: Many, ...more: Many[]): number;
  /**
   * Returns the given string. Cost: O(1). Since Redis 1.0.0.
   *
   * `ECHO message`
   */
  echo(message: Arg): B;
  /**
   * Determines whether one or more keys exist. Cost: O(N) where N is the number of keys to check. Since Redis 1.0.0.
   *
   * `EXISTS key [key ...]`
   */
  exists(key: Many, ...more: Many[]): number;
  /**
   * Sets the expiration time of a key in seconds. Cost: O(1). Since Redis 1.0.0.
   *
   * `EXPIRE key seconds [NX | XX | GT | LT]`
   */
  expire(key: Arg, seconds: Arg, ...options: Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>): number;
  /**
   * Sets the expiration time of a key to a Unix timestamp. Cost: O(1). Since Redis 1.2.0.
   *
   * `EXPIREAT key unix-time-seconds [NX | XX | GT | LT]`
   */
  expireat(key: Arg, unixTimeSeconds: Arg, ...options: Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>): number;
  /**
   * Returns the expiration time of a key as a Unix timestamp. Cost: O(1). Since Redis 7.0.0.
   *
   * `EXPIRETIME key`
   */
  expiretime(key: Arg): number;
  /**
   * Removes all keys from all databases. Cost: O(N) where N is the total number of keys in all databases. Since Redis 1.0.0.
   *
   * `FLUSHALL [ASYNC | SYNC]`
   */
  flushall(...options: Any1<[...([Token<"ASYNC">] | [Token<"SYNC">])]>): "OK";
  /**
   * Remove all keys from the current database. Cost: O(N) where N is the number of keys in the selected database. Since Redis 1.0.0.
   *
   * `FLUSHDB [ASYNC | SYNC]`
   */
  flushdb(...options: Any1<[...([Token<"ASYNC">] | [Token<"SYNC">])]>): "OK";
  /**
   * Returns the string value of a key. Cost: O(1). Since Redis 1.0.0.
   *
   * `GET key`
   */
  get(key: Arg): B | null;
  /**
   * Returns the string value of a key after deleting the key. Cost: O(1). Since Redis 6.2.0.
   *
   * `GETDEL key`
   */
  getdel(key: Arg): B | null;
  /**
   * Returns the string value of a key after setting its expiration time. Cost: O(1). Since Redis 6.2.0.
   *
   * `GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]`
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
  ): B | null;
  /**
   * Returns a substring of the string stored at a key. Cost: O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings. Since Redis 2.4.0.
   *
   * `GETRANGE key start end`
   */
  getrange(key: Arg, start: Arg, end: Arg): B;
  /**
   * Returns the previous string value of a key after setting it to a new value. Cost: O(1). Since Redis 1.0.0.
   *
   * `GETSET key value`
   */
  getset(key: Arg, value: Arg): B | null;
  /**
   * Deletes one or more fields and their values from a hash. Deletes the hash if no fields remain. Cost: O(N) where N is the number of fields to be removed. Since Redis 2.0.0.
   *
   * `HDEL key field [field ...]`
   */
  hdel(key: Arg, field: Many, ...more: Many[]): number;
  /**
   * Handshakes with the Redis server. Cost: O(1). Since Redis 6.0.0.
   *
   * `HELLO [protover [AUTH username password] [SETNAME clientname]]`
   */
  hello(
    ...options: Any1<[protover: Arg, ...Any2<[Token<"AUTH">, username: Arg, password: Arg], [Token<"SETNAME">, clientname: Arg]>]>
  ): MapReply<B, Reply<B>>;
  /**
   * Determines whether a field exists in a hash. Cost: O(1). Since Redis 2.0.0.
   *
   * `HEXISTS key field`
   */
  hexists(key: Arg, field: Arg): number;
  /**
   * Set expiry for hash field using relative time to expire (seconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`
   */
  hexpire(
    key: Arg,
    seconds: Arg,
    ...options: [...Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>, Token<"FIELDS">, Arg, Many, ...Many[]]
  ): number[];
  /**
   * Set expiry for hash field using an absolute Unix timestamp (seconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`
   */
  hexpireat(
    key: Arg,
    unixTimeSeconds: Arg,
    ...options: [...Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>, Token<"FIELDS">, Arg, Many, ...Many[]]
  ): number[];
  /**
   * Returns the expiration time of a hash field as a Unix timestamp, in seconds. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HEXPIRETIME key FIELDS numfields field [field ...]`
   */
  hexpiretime(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): number[];
  /**
   * Returns the value of a field in a hash. Cost: O(1). Since Redis 2.0.0.
   *
   * `HGET key field`
   */
  hget(key: Arg, field: Arg): B | null;
  /**
   * Returns all fields and values in a hash. Cost: O(N) where N is the size of the hash. Since Redis 2.0.0.
   *
   * `HGETALL key`
   */
  hgetall(key: Arg): MapReply<B, B>;
  /**
   * Returns the value of a field and deletes it from the hash. Cost: O(N) where N is the number of specified fields. Since Redis 8.0.0.
   *
   * `HGETDEL key FIELDS numfields field [field ...]`
   */
  hgetdel(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): (B | null)[];
  /**
   * Get the value of one or more fields of a given hash key, and optionally set their expiration. Cost: O(N) where N is the number of specified fields. Since Redis 8.0.0.
   *
   * `HGETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] FIELDS numfields field [field ...]`
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
  ): (B | null)[];
  /**
   * Increments the integer value of a field in a hash by a number. Uses 0 as initial value if the field doesn't exist. Cost: O(1). Since Redis 2.0.0.
   *
   * `HINCRBY key field increment`
   */
  hincrby(key: Arg, field: Arg, increment: Arg): number;
  /**
   * Increments the floating point value of a field by a number. Uses 0 as initial value if the field doesn't exist. Cost: O(1). Since Redis 2.6.0.
   *
   * `HINCRBYFLOAT key field increment`
   */
  hincrbyfloat(key: Arg, field: Arg, increment: Arg): B;
  /**
   * Returns all fields in a hash. Cost: O(N) where N is the size of the hash. Since Redis 2.0.0.
   *
   * `HKEYS key`
   */
  hkeys(key: Arg): B[];
  /**
   * Returns the number of fields in a hash. Cost: O(1). Since Redis 2.0.0.
   *
   * `HLEN key`
   */
  hlen(key: Arg): number;
  /**
   * Returns the values of all fields in a hash. Cost: O(N) where N is the number of fields being requested. Since Redis 2.0.0.
   *
   * `HMGET key field [field ...]`
   */
  hmget(key: Arg, field: Many, ...more: Many[]): (B | null)[];
  /**
   * Sets the values of multiple fields. Cost: O(N) where N is the number of fields being set. Since Redis 2.0.0.
   *
   * `HMSET key field value [field value ...]`
   */
  hmset(key: Arg, ...options: Pairs | [field: Arg, value: Arg, ...rest: Arg[]]): "OK";
  /**
   * Removes the expiration time for each specified field Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPERSIST key FIELDS numfields field [field ...]`
   */
  hpersist(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): number[];
  /**
   * Set expiry for hash field using relative time to expire (milliseconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`
   */
  hpexpire(
    key: Arg,
    milliseconds: Arg,
    ...options: [...Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>, Token<"FIELDS">, Arg, Many, ...Many[]]
  ): number[];
  /**
   * Set expiry for hash field using an absolute Unix timestamp (milliseconds) Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`
   */
  hpexpireat(
    key: Arg,
    unixTimeMilliseconds: Arg,
    ...options: [...Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>, Token<"FIELDS">, Arg, Many, ...Many[]]
  ): number[];
  /**
   * Returns the expiration time of a hash field as a Unix timestamp, in msec. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPEXPIRETIME key FIELDS numfields field [field ...]`
   */
  hpexpiretime(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): number[];
  /**
   * Returns the TTL in milliseconds of a hash field. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HPTTL key FIELDS numfields field [field ...]`
   */
  hpttl(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): number[];
  /**
   * Returns one or more random fields from a hash. Cost: O(N) where N is the number of fields returned. Since Redis 6.2.0.
   *
   * `HRANDFIELD key [count [WITHVALUES]]`
   */
  hrandfield(key: Arg, ...options: Any1<[count: Arg, ...Any1<[Token<"WITHVALUES">]>]>): B | null | B[] | [B, B][];
  /**
   * Iterates over fields and values of a hash. Cost: O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection. Since Redis 2.8.0.
   *
   * `HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES]`
   */
  hscan(
    key: Arg,
    cursor: Arg,
    ...options: Any3<[Token<"MATCH">, pattern: Arg], [Token<"COUNT">, count: Arg], [Token<"NOVALUES">]>
  ): [B, B[]];
  /**
   * Creates or modifies the value of a field in a hash. Cost: O(1) for each field/value pair added, so O(N) to add N field/value pairs when the command is called with multiple field/value pairs. Since Redis 2.0.0.
   *
   * `HSET key field value [field value ...]`
   */
  hset(key: Arg, ...options: Pairs | [field: Arg, value: Arg, ...rest: Arg[]]): number;
  /**
   * Set the value of one or more fields of a given hash key, and optionally set their expiration. Cost: O(N) where N is the number of fields being set. Since Redis 8.0.0.
   *
   * `HSETEX key [FNX | FXX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL] FIELDS numfields field value [field value ...]`
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
  ): number;
  /** The short form: sets one field, and the TTL of the whole hash in seconds. 1: the field is new, 0: it was there. */
  hsetex(key: Arg, field: Arg, value: Arg, seconds: Arg): number;
  /**
   * Sets the value of a field in a hash only when the field doesn't exist. Cost: O(1). Since Redis 2.0.0.
   *
   * `HSETNX key field value`
   */
  hsetnx(key: Arg, field: Arg, value: Arg): number;
  /**
   * Returns the length of the value of a field. Cost: O(1). Since Redis 3.2.0.
   *
   * `HSTRLEN key field`
   */
  hstrlen(key: Arg, field: Arg): number;
  /**
   * Returns the TTL in seconds of a hash field. Cost: O(N) where N is the number of specified fields. Since Redis 7.4.0.
   *
   * `HTTL key FIELDS numfields field [field ...]`
   */
  httl(key: Arg, token: Token<"FIELDS">, ...options: [Arg, Many, ...Many[]]): number[];
  /**
   * Returns all values in a hash. Cost: O(N) where N is the size of the hash. Since Redis 2.0.0.
   *
   * `HVALS key`
   */
  hvals(key: Arg): B[];
  /**
   * Increments the integer value of a key by one. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `INCR key`
   */
  incr(key: Arg): number;
  /**
   * Increments the integer value of a key by a number. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `INCRBY key increment`
   */
  incrby(key: Arg, increment: Arg): number;
  /**
   * Increment the floating point value of a key by a number. Uses 0 as initial value if the key doesn't exist. Cost: O(1). Since Redis 2.6.0.
   *
   * `INCRBYFLOAT key increment`
   */
  incrbyfloat(key: Arg, increment: Arg): B;
  /**
   * Returns information and statistics about the server. Cost: O(1). Since Redis 1.0.0.
   *
   * `INFO [section [section ...]]`
   */
  info(...options: Any1<[section: Many, ...more: Many[]]>): B;
  /**
   * Returns all key names that match a pattern. Cost: O(N) with N being the number of keys in the database, under the assumption that the key names in the database and the given pattern have limited length. Since Redis 1.0.0.
   *
   * `KEYS pattern`
   */
  keys(pattern: Arg): B[];
  /**
   * Finds the longest common substring. Cost: O(N*M) where N and M are the lengths of s1 and s2, respectively. Since Redis 7.0.0.
   *
   * `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]`
   */
  lcs(
    key1: Arg,
    key2: Arg,
    ...options: Any4<[Token<"LEN">], [Token<"IDX">], [Token<"MINMATCHLEN">, minMatchLen: Arg], [Token<"WITHMATCHLEN">]>
  ): B | number | MapReply<B, Reply<B>>;
  /**
   * Atomically returns the string values of one or more keys. Cost: O(N) where N is the number of keys to retrieve. Since Redis 1.0.0.
   *
   * `MGET key [key ...]`
   */
  mget(key: Many, ...more: Many[]): (B | null)[];
  /**
   * Moves a key to another database. Cost: O(1). Since Redis 1.0.0.
   *
   * `MOVE key db`
   */
  move(key: Arg, db: Arg): number;
  /**
   * Atomically creates or modifies the string values of one or more keys. Cost: O(N) where N is the number of keys to set. Since Redis 1.0.1.
   *
   * `MSET key value [key value ...]`
   */
  mset(...options: Pairs | [key: Arg, value: Arg, ...rest: Arg[]]): "OK";
  /**
   * Atomically modifies the string values of one or more keys only when all keys don't exist. Cost: O(N) where N is the number of keys to set. Since Redis 1.0.1.
   *
   * `MSETNX key value [key value ...]`
   */
  msetnx(...options: Pairs | [key: Arg, value: Arg, ...rest: Arg[]]): number;
  /**
   * Returns the internal encoding of a Redis object. Cost: O(1). Since Redis 2.2.3.
   *
   * `OBJECT ENCODING key`
   */
  object(subcommand: Token<"ENCODING">, key: Arg): B | null;
  /**
   * Returns the logarithmic access frequency counter of a Redis object. Cost: O(1). Since Redis 4.0.0.
   *
   * `OBJECT FREQ key`
   */
  object(subcommand: Token<"FREQ">, key: Arg): number | null;
  /**
   * Returns helpful text about the different subcommands. Cost: O(1). Since Redis 6.2.0.
   *
   * `OBJECT HELP`
   */
  object(subcommand: Token<"HELP">): string[];
  /**
   * Returns the time since the last access to a Redis object. Cost: O(1). Since Redis 2.2.3.
   *
   * `OBJECT IDLETIME key`
   */
  object(subcommand: Token<"IDLETIME">, key: Arg): number | null;
  /**
   * Returns the reference count of a value of a key. Cost: O(1). Since Redis 2.2.3.
   *
   * `OBJECT REFCOUNT key`
   */
  object(subcommand: Token<"REFCOUNT">, key: Arg): number | null;
  /**
   * Removes the expiration time of a key. Cost: O(1). Since Redis 2.2.0.
   *
   * `PERSIST key`
   */
  persist(key: Arg): number;
  /**
   * Sets the expiration time of a key in milliseconds. Cost: O(1). Since Redis 2.6.0.
   *
   * `PEXPIRE key milliseconds [NX | XX | GT | LT]`
   */
  pexpire(key: Arg, milliseconds: Arg, ...options: Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>): number;
  /**
   * Sets the expiration time of a key to a Unix milliseconds timestamp. Cost: O(1). Since Redis 2.6.0.
   *
   * `PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]`
   */
  pexpireat(
    key: Arg,
    unixTimeMilliseconds: Arg,
    ...options: Any1<[...([Token<"NX">] | [Token<"XX">] | [Token<"GT">] | [Token<"LT">])]>
  ): number;
  /**
   * Returns the expiration time of a key as a Unix milliseconds timestamp. Cost: O(1). Since Redis 7.0.0.
   *
   * `PEXPIRETIME key`
   */
  pexpiretime(key: Arg): number;
  /**
   * Returns the server's liveliness response. Cost: O(1). Since Redis 1.0.0.
   *
   * `PING [message]`
   */
  ping(...options: Any1<[message: Arg]>): string | B;
  /**
   * Sets both string value and expiration time in milliseconds of a key. The key is created if it doesn't exist. Cost: O(1). Since Redis 2.6.0.
   *
   * `PSETEX key milliseconds value`
   */
  psetex(key: Arg, milliseconds: Arg, value: Arg): "OK";
  /**
   * Returns the expiration time in milliseconds of a key. Cost: O(1). Since Redis 2.6.0.
   *
   * `PTTL key`
   */
  pttl(key: Arg): number;
  /**
   * Closes the connection. Cost: O(1). Since Redis 1.0.0.
   *
   * `QUIT`
   */
  quit(): "OK";
  /**
   * Returns a random key name from the database. Cost: O(1). Since Redis 1.0.0.
   *
   * `RANDOMKEY`
   */
  randomkey(): B | null;
  /**
   * Renames a key and overwrites the destination. Cost: O(1). Since Redis 1.0.0.
   *
   * `RENAME key newkey`
   */
  rename(key: Arg, newkey: Arg): "OK";
  /**
   * Renames a key only when the target key name doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `RENAMENX key newkey`
   */
  renamenx(key: Arg, newkey: Arg): number;
  /**
   * Resets the connection. Cost: O(1). Since Redis 6.2.0.
   *
   * `RESET`
   */
  reset(): string;
  /**
   * Iterates over the key names in the database. Cost: O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection. Since Redis 2.8.0.
   *
   * `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]`
   */
  scan(cursor: Arg, ...options: Any3<[Token<"MATCH">, pattern: Arg], [Token<"COUNT">, count: Arg], [Token<"TYPE">, type_: Arg]>): [B, B[]];
  /**
   * Changes the selected database. Cost: O(1). Since Redis 1.0.0.
   *
   * `SELECT index`
   */
  select(index: Arg): "OK";
  /**
   * Sets the string value of a key, ignoring its type. The key is created if it doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`
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
  ): "OK" | B | null;
  /**
   * Sets the string value and expiration time of a key. Creates the key if it doesn't exist. Cost: O(1). Since Redis 2.0.0.
   *
   * `SETEX key seconds value`
   */
  setex(key: Arg, seconds: Arg, value: Arg): "OK";
  /**
   * Set the string value of a key only when the key doesn't exist. Cost: O(1). Since Redis 1.0.0.
   *
   * `SETNX key value`
   */
  setnx(key: Arg, value: Arg): number;
  /**
   * Overwrites a part of a string value with another by an offset. Creates the key if it doesn't exist. Cost: O(1), not counting the time taken to copy the new string in place. Usually, this string is very small so the amortized complexity is O(1). Otherwise, complexity is O(M) with M being the length of the value argument. Since Redis 2.2.0.
   *
   * `SETRANGE key offset value`
   */
  setrange(key: Arg, offset: Arg, value: Arg): number;
  /**
   * Returns the length of a string value. Cost: O(1). Since Redis 2.2.0.
   *
   * `STRLEN key`
   */
  strlen(key: Arg): number;
  /**
   * Returns a substring from a string value. Cost: O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings. Since Redis 1.0.0.
   *
   * `SUBSTR key start end`
   */
  substr(key: Arg, start: Arg, end: Arg): B;
  /**
   * Swaps two Redis databases. Cost: O(N) where N is the count of clients watching or blocking on keys from both databases. Since Redis 4.0.0.
   *
   * `SWAPDB index1 index2`
   */
  swapdb(index1: Arg, index2: Arg): "OK";
  /**
   * Returns the server time. Cost: O(1). Since Redis 2.6.0.
   *
   * `TIME`
   */
  time(): [B, B];
  /**
   * Returns the number of existing keys out of those specified after updating the time they were last accessed. Cost: O(N) where N is the number of keys that will be touched. Since Redis 3.2.1.
   *
   * `TOUCH key [key ...]`
   */
  touch(key: Many, ...more: Many[]): number;
  /**
   * Returns the expiration time in seconds of a key. Cost: O(1). Since Redis 1.0.0.
   *
   * `TTL key`
   */
  ttl(key: Arg): number;
  /**
   * Determines the type of value stored at a key. Cost: O(1). Since Redis 1.0.0.
   *
   * `TYPE key`
   */
  type(key: Arg): string;
  /**
   * Asynchronously deletes one or more keys. Cost: O(1) for each key removed regardless of its size. Then the command does O(N) work in a different thread in order to reclaim memory, where N is the number of allocations the deleted objects where composed of. Since Redis 4.0.0.
   *
   * `UNLINK key [key ...]`
   */
  unlink(key: Many, ...more: Many[]): number;
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
