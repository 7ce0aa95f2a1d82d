/**
 * What COMMAND DOCS and HELP say in words: `src/table/docs.rs` has the format. Made by `make gen`; do not edit.
 */
export const DOCS = `APPEND	Appends a string to the value of a key. Creates the key if it doesn't exist.	O(1). The amortized time complexity is O(1) assuming the appended value is small and the already present value is of any size, since the dynamic string library used by Redis will double the free space available on every reallocation.		
DECR	Decrements the integer value of a key by one. Uses 0 as initial value if the key doesn't exist.	O(1)		
DECRBY	Decrements a number from the integer value of a key. Uses 0 as initial value if the key doesn't exist.	O(1)		
GET	Returns the string value of a key.	O(1)		
GETDEL	Returns the string value of a key after deleting the key.	O(1)		
GETEX	Returns the string value of a key after setting its expiration time.	O(1)		
GETRANGE	Returns a substring of the string stored at a key.	O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings.		
GETSET	Returns the previous string value of a key after setting it to a new value.	O(1)	6.2.0	\`SET\` with the \`!GET\` argument
INCR	Increments the integer value of a key by one. Uses 0 as initial value if the key doesn't exist.	O(1)		
INCRBY	Increments the integer value of a key by a number. Uses 0 as initial value if the key doesn't exist.	O(1)		
INCRBYFLOAT	Increment the floating point value of a key by a number. Uses 0 as initial value if the key doesn't exist.	O(1)		
LCS	Finds the longest common substring.	O(N*M) where N and M are the lengths of s1 and s2, respectively		
MGET	Atomically returns the string values of one or more keys.	O(N) where N is the number of keys to retrieve.		
MSET	Atomically creates or modifies the string values of one or more keys.	O(N) where N is the number of keys to set.		
MSETNX	Atomically modifies the string values of one or more keys only when all keys don't exist.	O(N) where N is the number of keys to set.		
PSETEX	Sets both string value and expiration time in milliseconds of a key. The key is created if it doesn't exist.	O(1)	2.6.12	\`SET\` with the \`PX\` argument
SET	Sets the string value of a key, ignoring its type. The key is created if it doesn't exist.	O(1)			2.6.12	Added the \`EX\`, \`PX\`, \`NX\` and \`XX\` options.	6.0.0	Added the \`KEEPTTL\` option.	6.2.0	Added the \`GET\`, \`EXAT\` and \`PXAT\` option.	7.0.0	Allowed the \`NX\` and \`GET\` options to be used together.	8.4.0	Added 'IFEQ', 'IFNE', 'IFDEQ', 'IFDNE' options.
SETEX	Sets the string value and expiration time of a key. Creates the key if it doesn't exist.	O(1)	2.6.12	\`SET\` with the \`EX\` argument
SETNX	Set the string value of a key only when the key doesn't exist.	O(1)	2.6.12	\`SET\` with the \`NX\` argument
SETRANGE	Overwrites a part of a string value with another by an offset. Creates the key if it doesn't exist.	O(1), not counting the time taken to copy the new string in place. Usually, this string is very small so the amortized complexity is O(1). Otherwise, complexity is O(M) with M being the length of the value argument.		
STRLEN	Returns the length of a string value.	O(1)		
SUBSTR	Returns a substring from a string value.	O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings.	2.0.0	\`GETRANGE\`
DELEX	Conditionally removes the specified key based on value or digest comparison.	O(1) for IFEQ/IFNE, O(N) for IFDEQ/IFDNE where N is the length of the string value.		
DIGEST	Returns the XXH3 hash of a string value.	O(N) where N is the length of the string value.		
MSETEX	Atomically sets multiple string keys with a shared expiration in a single operation. Supports flexible argument parsing where condition and expiration flags can appear in any order.	O(N) where N is the number of keys to set.		
INCREX	Increments the numeric value of a key by a number and sets its expiration time. Uses 0 as initial value if the key doesn't exist.	O(1)		
COPY	Copies the value of a key to a new key.	O(N) worst case for collections, where N is the number of nested items. O(1) for string values.		
DEL	Deletes one or more keys.	O(N) where N is the number of keys that will be removed. When a key to remove holds a value other than a string, the individual complexity for this key is O(M) where M is the number of elements in the list, set, sorted set or hash. Removing a single key that holds a string value is O(1).		
EXISTS	Determines whether one or more keys exist.	O(N) where N is the number of keys to check.			3.0.3	Accepts multiple \`key\` arguments.
EXPIRE	Sets the expiration time of a key in seconds.	O(1)			7.0.0	Added options: \`NX\`, \`XX\`, \`GT\` and \`LT\`.
EXPIREAT	Sets the expiration time of a key to a Unix timestamp.	O(1)			7.0.0	Added options: \`NX\`, \`XX\`, \`GT\` and \`LT\`.
EXPIRETIME	Returns the expiration time of a key as a Unix timestamp.	O(1)		
KEYS	Returns all key names that match a pattern.	O(N) with N being the number of keys in the database, under the assumption that the key names in the database and the given pattern have limited length.		
MOVE	Moves a key to another database.	O(1)		
OBJECT	A container for object introspection commands.	Depends on subcommand.		
OBJECT ENCODING	Returns the internal encoding of a Redis object.	O(1)		
OBJECT FREQ	Returns the logarithmic access frequency counter of a Redis object.	O(1)		
OBJECT HELP	Returns helpful text about the different subcommands.	O(1)		
OBJECT IDLETIME	Returns the time since the last access to a Redis object.	O(1)		
OBJECT REFCOUNT	Returns the reference count of a value of a key.	O(1)		
PERSIST	Removes the expiration time of a key.	O(1)		
PEXPIRE	Sets the expiration time of a key in milliseconds.	O(1)			7.0.0	Added options: \`NX\`, \`XX\`, \`GT\` and \`LT\`.
PEXPIREAT	Sets the expiration time of a key to a Unix milliseconds timestamp.	O(1)			7.0.0	Added options: \`NX\`, \`XX\`, \`GT\` and \`LT\`.
PEXPIRETIME	Returns the expiration time of a key as a Unix milliseconds timestamp.	O(1)		
PTTL	Returns the expiration time in milliseconds of a key.	O(1)			2.8.0	Added the -2 reply.
RANDOMKEY	Returns a random key name from the database.	O(1)		
RENAME	Renames a key and overwrites the destination.	O(1)		
RENAMENX	Renames a key only when the target key name doesn't exist.	O(1)			3.2.0	The command no longer returns an error when source and destination names are the same.
SCAN	Iterates over the key names in the database.	O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.			6.0.0	Added the \`TYPE\` subcommand.
TOUCH	Returns the number of existing keys out of those specified after updating the time they were last accessed.	O(N) where N is the number of keys that will be touched.		
TTL	Returns the expiration time in seconds of a key.	O(1)			2.8.0	Added the -2 reply.
TYPE	Determines the type of value stored at a key.	O(1)		
UNLINK	Asynchronously deletes one or more keys.	O(1) for each key removed regardless of its size. Then the command does O(N) work in a different thread in order to reclaim memory, where N is the number of allocations the deleted objects where composed of.		
DUMP	Returns a serialized representation of the value stored at a key.	O(1) to access the key and additional O(N*M) to serialize it, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1).		
RESTORE	Creates a key from the serialized representation of a value.	O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1). However for sorted set values the complexity is O(N*M*log(N)) because inserting values into sorted sets is O(log(N)).			3.0.0	Added the \`REPLACE\` modifier.	5.0.0	Added the \`ABSTTL\` modifier.	5.0.0	Added the \`IDLETIME\` and \`FREQ\` options.
SORT	Sorts the elements in a list, a set, or a sorted set, optionally storing the result.	O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. When the elements are not sorted, complexity is O(N).		
SORT_RO	Returns the sorted elements of a list, a set, or a sorted set.	O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. When the elements are not sorted, complexity is O(N).		
HDEL	Deletes one or more fields and their values from a hash. Deletes the hash if no fields remain.	O(N) where N is the number of fields to be removed.			2.4.0	Accepts multiple \`field\` arguments.
HEXISTS	Determines whether a field exists in a hash.	O(1)		
HGET	Returns the value of a field in a hash.	O(1)		
HGETALL	Returns all fields and values in a hash.	O(N) where N is the size of the hash.		
HINCRBY	Increments the integer value of a field in a hash by a number. Uses 0 as initial value if the field doesn't exist.	O(1)		
HINCRBYFLOAT	Increments the floating point value of a field by a number. Uses 0 as initial value if the field doesn't exist.	O(1)		
HKEYS	Returns all fields in a hash.	O(N) where N is the size of the hash.		
HLEN	Returns the number of fields in a hash.	O(1)		
HMGET	Returns the values of all fields in a hash.	O(N) where N is the number of fields being requested.		
HMSET	Sets the values of multiple fields.	O(N) where N is the number of fields being set.	4.0.0	\`HSET\` with multiple field-value pairs
HRANDFIELD	Returns one or more random fields from a hash.	O(N) where N is the number of fields returned		
HSCAN	Iterates over fields and values of a hash.	O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.		
HSET	Creates or modifies the value of a field in a hash.	O(1) for each field/value pair added, so O(N) to add N field/value pairs when the command is called with multiple field/value pairs.			4.0.0	Accepts multiple \`field\` and \`value\` arguments.
HSETNX	Sets the value of a field in a hash only when the field doesn't exist.	O(1)		
HSTRLEN	Returns the length of the value of a field.	O(1)		
HVALS	Returns all values in a hash.	O(N) where N is the size of the hash.		
HEXPIRE	Set expiry for hash field using relative time to expire (seconds)	O(N) where N is the number of specified fields		
HEXPIREAT	Set expiry for hash field using an absolute Unix timestamp (seconds)	O(N) where N is the number of specified fields		
HEXPIRETIME	Returns the expiration time of a hash field as a Unix timestamp, in seconds.	O(N) where N is the number of specified fields		
HGETDEL	Returns the value of a field and deletes it from the hash.	O(N) where N is the number of specified fields		
HGETEX	Get the value of one or more fields of a given hash key, and optionally set their expiration.	O(N) where N is the number of specified fields		
HPERSIST	Removes the expiration time for each specified field	O(N) where N is the number of specified fields		
HPEXPIRE	Set expiry for hash field using relative time to expire (milliseconds)	O(N) where N is the number of specified fields		
HPEXPIREAT	Set expiry for hash field using an absolute Unix timestamp (milliseconds)	O(N) where N is the number of specified fields		
HPEXPIRETIME	Returns the expiration time of a hash field as a Unix timestamp, in msec.	O(N) where N is the number of specified fields		
HPTTL	Returns the TTL in milliseconds of a hash field.	O(N) where N is the number of specified fields		
HSETEX	Set the value of one or more fields of a given hash key, and optionally set their expiration.	O(N) where N is the number of fields being set.		
HTTL	Returns the TTL in seconds of a hash field.	O(N) where N is the number of specified fields		
HIMPORT	A container for session-based hash import commands using fieldsets.	Depends on subcommand.		
HIMPORT DISCARD	Removes a fieldset of the session.	O(1)		
HIMPORT DISCARDALL	Removes all fieldsets of the session.	O(N) where N is the number of fieldsets.		
HIMPORT PREPARE	Defines a session-local fieldset that maps a name to a sorted set of field names.	O(N*log(N)) where N is the number of fields.		
HIMPORT SET	Creates a fieldset-based hash from values supplied in the order matching a previously prepared fieldset.	O(N) where N is the number of fields in the fieldset.		
BLMOVE	Pops an element from a list, pushes it to another list and returns it. Blocks until an element is available otherwise. Deletes the list if the last element was moved.	O(1)		
BLMOVEM	Moves up to (or exactly) a number of elements from one list to another and returns them. Blocks until the elements are available otherwise. Deletes the source list if it becomes empty.	O(N) where N is the number of elements moved.		
BLMPOP	Pops the first element from one of multiple lists. Blocks until an element is available otherwise. Deletes the list if the last element was popped.	O(N+M) where N is the number of provided keys and M is the number of elements returned.		
BLPOP	Removes and returns the first element in a list. Blocks until an element is available otherwise. Deletes the list if the last element was popped.	O(N) where N is the number of provided keys.			6.0.0	\`timeout\` is interpreted as a double instead of an integer.
BRPOP	Removes and returns the last element in a list. Blocks until an element is available otherwise. Deletes the list if the last element was popped.	O(N) where N is the number of provided keys.			6.0.0	\`timeout\` is interpreted as a double instead of an integer.
BRPOPLPUSH	Pops an element from a list, pushes it to another list and returns it. Block until an element is available otherwise. Deletes the list if the last element was popped.	O(1)	6.2.0	\`BLMOVE\` with the \`RIGHT\` and \`LEFT\` arguments	6.0.0	\`timeout\` is interpreted as a double instead of an integer.
LINDEX	Returns an element from a list by its index.	O(N) where N is the number of elements to traverse to get to the element at index. This makes asking for the first or the last element of the list O(1).		
LINSERT	Inserts an element before or after another element in a list.	O(N) where N is the number of elements to traverse before seeing the value pivot. This means that inserting somewhere on the left end on the list (head) can be considered O(1) and inserting somewhere on the right end (tail) is O(N).		
LLEN	Returns the length of a list.	O(1)		
LMOVE	Returns an element after popping it from one list and pushing it to another. Deletes the list if the last element was moved.	O(1)		
LMOVEM	Moves up to (or exactly) a number of elements from one list to another and returns them. Deletes the source list if it becomes empty.	O(N) where N is the number of elements moved.		
LMPOP	Returns multiple elements from a list after removing them. Deletes the list if the last element was popped.	O(N+M) where N is the number of provided keys and M is the number of elements returned.		
LPOP	Returns the first elements in a list after removing it. Deletes the list if the last element was popped.	O(N) where N is the number of elements returned			6.2.0	Added the \`count\` argument.
LPOS	Returns the index of matching elements in a list.	O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time.		
LPUSH	Prepends one or more elements to a list. Creates the key if it doesn't exist.	O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.			2.4.0	Accepts multiple \`element\` arguments.
LPUSHX	Prepends one or more elements to a list only when the list exists.	O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.			4.0.0	Accepts multiple \`element\` arguments.
LRANGE	Returns a range of elements from a list.	O(S+N) where S is the distance of start offset from HEAD for small lists, from nearest end (HEAD or TAIL) for large lists; and N is the number of elements in the specified range.		
LREM	Removes elements from a list. Deletes the list if the last element was removed.	O(N+M) where N is the length of the list and M is the number of elements removed.		
LSET	Sets the value of an element in a list by its index.	O(N) where N is the length of the list. Setting either the first or the last element of the list is O(1).		
LTRIM	Removes elements from both ends a list. Deletes the list if all elements were trimmed.	O(N) where N is the number of elements to be removed by the operation.		
RPOP	Returns and removes the last elements of a list. Deletes the list if the last element was popped.	O(N) where N is the number of elements returned			6.2.0	Added the \`count\` argument.
RPOPLPUSH	Returns the last element of a list after removing and pushing it to another list. Deletes the list if the last element was popped.	O(1)	6.2.0	\`LMOVE\` with the \`RIGHT\` and \`LEFT\` arguments
RPUSH	Appends one or more elements to a list. Creates the key if it doesn't exist.	O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.			2.4.0	Accepts multiple \`element\` arguments.
RPUSHX	Appends an element to a list only when the list exists.	O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.			4.0.0	Accepts multiple \`element\` arguments.
SADD	Adds one or more members to a set. Creates the key if it doesn't exist.	O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.			2.4.0	Accepts multiple \`member\` arguments.
SCARD	Returns the number of members in a set.	O(1)		
SDIFF	Returns the difference of multiple sets.	O(N) where N is the total number of elements in all given sets.		
SDIFFCARD	Returns the number of members of the difference of multiple sets.	O(N) where N is the total number of elements in all given sets.		
SDIFFSTORE	Stores the difference of multiple sets in a key.	O(N) where N is the total number of elements in all given sets.		
SINTER	Returns the intersect of multiple sets.	O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.		
SINTERCARD	Returns the number of members of the intersect of multiple sets.	O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.		
SINTERSTORE	Stores the intersect of multiple sets in a key.	O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.		
SISMEMBER	Determines whether a member belongs to a set.	O(1)		
SMEMBERS	Returns all members of a set.	O(N) where N is the set cardinality.		
SMISMEMBER	Determines whether multiple members belong to a set.	O(N) where N is the number of elements being checked for membership		
SMOVE	Moves a member from one set to another.	O(1)		
SPOP	Returns one or more random members from a set after removing them. Deletes the set if the last member was popped.	Without the count argument O(1), otherwise O(N) where N is the value of the passed count.			3.2.0	Added the \`count\` argument.
SRANDMEMBER	Get one or multiple random members from a set	Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count.			2.6.0	Added the optional \`count\` argument.
SREM	Removes one or more members from a set. Deletes the set if the last member was removed.	O(N) where N is the number of members to be removed.			2.4.0	Accepts multiple \`member\` arguments.
SSCAN	Iterates over members of a set.	O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.		
SUNION	Returns the union of multiple sets.	O(N) where N is the total number of elements in all given sets.		
SUNIONCARD	Returns the number of members of the union of multiple sets.	O(N) where N is the total number of elements in all given sets.		
SUNIONSTORE	Stores the union of multiple sets in a key.	O(N) where N is the total number of elements in all given sets.		
BITCOUNT	Counts the number of set bits (population counting) in a string.	O(N)			7.0.0	Added the \`BYTE|BIT\` option.
BITFIELD	Performs arbitrary bitfield integer operations on strings.	O(1) for each subcommand specified		
BITFIELD_RO	Performs arbitrary read-only bitfield integer operations on strings.	O(1) for each subcommand specified		
BITOP	Performs bitwise operations on multiple strings, and stores the result.	O(N)		
BITPOS	Finds the first set (1) or clear (0) bit in a string.	O(N)			7.0.0	Added the \`BYTE|BIT\` option.
GETBIT	Returns a bit value by offset.	O(1)		
SETBIT	Sets or clears the bit at offset of the string value. Creates the key if it doesn't exist.	O(1)		
BZMPOP	Removes and returns a member by score from one or more sorted sets. Blocks until a member is available otherwise. Deletes the sorted set if the last element was popped.	O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.		
BZPOPMAX	Removes and returns the member with the highest score from one or more sorted sets. Blocks until a member available otherwise.  Deletes the sorted set if the last element was popped.	O(log(N)) with N being the number of elements in the sorted set.			6.0.0	\`timeout\` is interpreted as a double instead of an integer.
BZPOPMIN	Removes and returns the member with the lowest score from one or more sorted sets. Blocks until a member is available otherwise. Deletes the sorted set if the last element was popped.	O(log(N)) with N being the number of elements in the sorted set.			6.0.0	\`timeout\` is interpreted as a double instead of an integer.
ZADD	Adds one or more members to a sorted set, or updates their scores. Creates the key if it doesn't exist.	O(log(N)) for each item added, where N is the number of elements in the sorted set.			2.4.0	Accepts multiple elements.	3.0.2	Added the \`XX\`, \`NX\`, \`CH\` and \`INCR\` options.	6.2.0	Added the \`GT\` and \`LT\` options.
ZCARD	Returns the number of members in a sorted set.	O(1)		
ZINCRBY	Increments the score of a member in a sorted set.	O(log(N)) where N is the number of elements in the sorted set.		
ZMPOP	Returns the highest- or lowest-scoring members from one or more sorted sets after removing them. Deletes the sorted set if the last member was popped.	O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.		
ZMSCORE	Returns the score of one or more members in a sorted set.	O(N) where N is the number of members being requested.		
ZPOPMAX	Returns the highest-scoring members from a sorted set after removing them. Deletes the sorted set if the last member was popped.	O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.		
ZPOPMIN	Returns the lowest-scoring members from a sorted set after removing them. Deletes the sorted set if the last member was popped.	O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.		
ZRANDMEMBER	Returns one or more random members from a sorted set.	O(N) where N is the number of members returned		
ZRANK	Returns the index of a member in a sorted set ordered by ascending scores.	O(log(N))			7.2.0	Added the optional \`WITHSCORE\` argument.
ZREM	Removes one or more members from a sorted set. Deletes the sorted set if all members were removed.	O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed.			2.4.0	Accepts multiple elements.
ZREVRANK	Returns the index of a member in a sorted set ordered by descending scores.	O(log(N))			7.2.0	Added the optional \`WITHSCORE\` argument.
ZSCAN	Iterates over members and scores of a sorted set.	O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.		
ZSCORE	Returns the score of a member in a sorted set.	O(1)		
ZCOUNT	Returns the count of members in a sorted set that have scores within a range.	O(log(N)) with N being the number of elements in the sorted set.		
ZLEXCOUNT	Returns the number of members in a sorted set within a lexicographical range.	O(log(N)) with N being the number of elements in the sorted set.		
ZRANGE	Returns members in a sorted set within a range of indexes.	O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.			6.2.0	Added the \`REV\`, \`BYSCORE\`, \`BYLEX\` and \`LIMIT\` options.
ZRANGEBYLEX	Returns members in a sorted set within a lexicographical range.	O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)).	6.2.0	\`ZRANGE\` with the \`BYLEX\` argument
ZRANGEBYSCORE	Returns members in a sorted set within a range of scores.	O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)).	6.2.0	\`ZRANGE\` with the \`BYSCORE\` argument	2.0.0	Added the \`WITHSCORES\` modifier.
ZRANGESTORE	Stores a range of members from sorted set in a key.	O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored into the destination key.		
ZREMRANGEBYLEX	Removes members in a sorted set within a lexicographical range. Deletes the sorted set if all members were removed.	O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.		
ZREMRANGEBYRANK	Removes members in a sorted set within a range of indexes. Deletes the sorted set if all members were removed.	O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.		
ZREMRANGEBYSCORE	Removes members in a sorted set within a range of scores. Deletes the sorted set if all members were removed.	O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.		
ZREVRANGE	Returns members in a sorted set within a range of indexes in reverse order.	O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.	6.2.0	\`ZRANGE\` with the \`REV\` argument
ZREVRANGEBYLEX	Returns members in a sorted set within a lexicographical range in reverse order.	O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)).	6.2.0	\`ZRANGE\` with the \`REV\` and \`BYLEX\` arguments
ZREVRANGEBYSCORE	Returns members in a sorted set within a range of scores in reverse order.	O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)).	6.2.0	\`ZRANGE\` with the \`REV\` and \`BYSCORE\` arguments	2.1.6	\`min\` and \`max\` can be exclusive.
ZDIFF	Returns the difference between multiple sorted sets.	O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.		
ZDIFFSTORE	Stores the difference of multiple sorted sets in a key.	O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.		
ZINTER	Returns the intersect of multiple sorted sets.	O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.		
ZINTERCARD	Returns the number of members of the intersect of multiple sorted sets.	O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.		
ZINTERSTORE	Stores the intersect of multiple sorted sets in a key.	O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.		
ZUNION	Returns the union of multiple sorted sets.	O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.		
ZUNIONSTORE	Stores the union of multiple sorted sets in a key.	O(N)+O(M log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.		
GEOADD	Adds one or more members to a geospatial index. The key is created if it doesn't exist.	O(log(N)) for each item added, where N is the number of elements in the sorted set.			6.2.0	Added the \`CH\`, \`NX\` and \`XX\` options.
GEODIST	Returns the distance between two members of a geospatial index.	O(1)		
GEOHASH	Returns members from a geospatial index as geohash strings.	O(1) for each member requested.		
GEOPOS	Returns the longitude and latitude of members from a geospatial index.	O(1) for each member requested.		
GEORADIUS	Queries a geospatial index for members within a distance from a coordinate, optionally stores the result.	O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.	6.2.0	\`GEOSEARCH\` and \`GEOSEARCHSTORE\` with the \`BYRADIUS\` argument	6.2.0	Added the \`ANY\` option for \`COUNT\`.	7.0.0	Added support for uppercase unit names.
GEORADIUS_RO	Returns members from a geospatial index that are within a distance from a coordinate.	O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.	6.2.0	\`GEOSEARCH\` with the \`BYRADIUS\` argument	6.2.0	Added the \`ANY\` option for \`COUNT\`.	7.0.0	Added support for uppercase unit names.
GEORADIUSBYMEMBER	Queries a geospatial index for members within a distance from a member, optionally stores the result.	O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.	6.2.0	\`GEOSEARCH\` and \`GEOSEARCHSTORE\` with the \`BYRADIUS\` and \`FROMMEMBER\` arguments	6.2.0	Added the \`ANY\` option for \`COUNT\`.	7.0.0	Added support for uppercase unit names.
GEORADIUSBYMEMBER_RO	Returns members from a geospatial index that are within a distance from a member.	O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.	6.2.0	\`GEOSEARCH\` with the \`BYRADIUS\` and \`FROMMEMBER\` arguments	6.2.0	Added the \`ANY\` option for \`COUNT\`.	7.0.0	Added support for uppercase unit names.
GEOSEARCH	Queries a geospatial index for members inside an area of a box or a circle.	O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape			7.0.0	Added support for uppercase unit names.
GEOSEARCHSTORE	Queries a geospatial index for members inside an area of a box or a circle, optionally stores the result.	O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape			7.0.0	Added support for uppercase unit names.
PSUBSCRIBE	Listens for messages published to channels that match one or more patterns.	O(N) where N is the number of patterns to subscribe to.		
PUBLISH	Posts a message to a channel.	O(N+M) where N is the number of clients subscribed to the receiving channel and M is the total number of subscribed patterns (by any client).		
PUBSUB	A container for Pub/Sub commands.	Depends on subcommand.		
PUBSUB CHANNELS	Returns the active channels.	O(N) where N is the number of active channels, and assuming constant time pattern matching (relatively short channels and patterns)		
PUBSUB HELP	Returns helpful text about the different subcommands.	O(1)		
PUBSUB NUMPAT	Returns a count of unique pattern subscriptions.	O(1)		
PUBSUB NUMSUB	Returns a count of subscribers to channels.	O(N) for the NUMSUB subcommand, where N is the number of requested channels		
PUBSUB SHARDCHANNELS	Returns the active shard channels.	O(N) where N is the number of active shard channels, and assuming constant time pattern matching (relatively short shard channels).		
PUBSUB SHARDNUMSUB	Returns the count of subscribers of shard channels.	O(N) for the SHARDNUMSUB subcommand, where N is the number of requested shard channels		
PUNSUBSCRIBE	Stops listening to messages published to channels that match one or more patterns.	O(N) where N is the number of patterns to unsubscribe.		
SPUBLISH	Post a message to a shard channel	O(N) where N is the number of clients subscribed to the receiving shard channel.		
SSUBSCRIBE	Listens for messages published to shard channels.	O(N) where N is the number of shard channels to subscribe to.		
SUBSCRIBE	Listens for messages published to channels.	O(N) where N is the number of channels to subscribe to.		
SUNSUBSCRIBE	Stops listening to messages posted to shard channels.	O(N) where N is the number of shard channels to unsubscribe.		
UNSUBSCRIBE	Stops listening to messages posted to channels.	O(N) where N is the number of channels to unsubscribe.		
DISCARD	Discards a transaction.	O(N), when N is the number of queued commands		
EXEC	Executes all commands in a transaction.	Depends on commands in the transaction		
MULTI	Starts a transaction.	O(1)		
UNWATCH	Forgets about watched keys of a transaction.	O(1)		
WATCH	Monitors changes to keys to determine the execution of a transaction.	O(1) for every key.		
EVAL	Executes a server-side Lua script.	Depends on the script that is executed.		
EVAL_RO	Executes a read-only server-side Lua script.	Depends on the script that is executed.		
EVALSHA	Executes a server-side Lua script by SHA1 digest.	Depends on the script that is executed.		
EVALSHA_RO	Executes a read-only server-side Lua script by SHA1 digest.	Depends on the script that is executed.		
SCRIPT	A container for Lua scripts management commands.	Depends on subcommand.		
SCRIPT DEBUG	Sets the debug mode of server-side Lua scripts.	O(1)		
SCRIPT EXISTS	Determines whether server-side Lua scripts exist in the script cache.	O(N) with N being the number of scripts to check (so checking a single script is an O(1) operation).		
SCRIPT FLUSH	Removes all server-side Lua scripts from the script cache.	O(N) with N being the number of scripts in cache			6.2.0	Added the \`ASYNC\` and \`SYNC\` flushing mode modifiers.
SCRIPT HELP	Returns helpful text about the different subcommands.	O(1)		
SCRIPT KILL	Terminates a server-side Lua script during execution.	O(1)		
SCRIPT LOAD	Loads a server-side Lua script to the script cache.	O(N) with N being the length in bytes of the script body.		
FCALL	Invokes a function.	Depends on the function that is executed.		
FCALL_RO	Invokes a read-only function.	Depends on the function that is executed.		
FUNCTION	A container for function commands.	Depends on subcommand.		
FUNCTION DELETE	Deletes a library and its functions.	O(1)		
FUNCTION DUMP	Dumps all libraries into a serialized binary payload.	O(N) where N is the number of functions		
FUNCTION FLUSH	Deletes all libraries and functions.	O(N) where N is the number of functions deleted		
FUNCTION HELP	Returns helpful text about the different subcommands.	O(1)		
FUNCTION KILL	Terminates a function during execution.	O(1)		
FUNCTION LIST	Returns information about all libraries.	O(N) where N is the number of functions		
FUNCTION LOAD	Creates a library.	O(1) (considering compilation time is redundant)		
FUNCTION RESTORE	Restores all libraries from a payload.	O(N) where N is the number of functions on the payload		
FUNCTION STATS	Returns information about a function during execution.	O(1)		
PFADD	Adds elements to a HyperLogLog key. Creates the key if it doesn't exist.	O(1) to add every element.		
PFCOUNT	Returns the approximated cardinality of the set(s) observed by the HyperLogLog key(s).	O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys.		
PFDEBUG	Internal commands for debugging HyperLogLog values.	N/A		
PFMERGE	Merges one or more HyperLogLog values into a single key.	O(N) to merge N HyperLogLogs, but with high constant times.		
PFSELFTEST	An internal command for testing HyperLogLog values.	N/A		
XADD	Appends a new message to a stream. Creates the key if it doesn't exist.	O(1) when adding a new entry, O(N) when trimming where N being the number of entries evicted.			6.2.0	Added the \`NOMKSTREAM\` option, \`MINID\` trimming strategy and the \`LIMIT\` option.	7.0.0	Added support for the \`<ms>-*\` explicit ID form.	8.2.0	Added the \`KEEPREF\`, \`DELREF\` and \`ACKED\` options.
XDEL	Returns the number of messages after removing them from a stream.	O(1) for each single item to delete in the stream, regardless of the stream size.		
XLEN	Return the number of messages in a stream.	O(1)		
XRANGE	Returns the messages from a stream within a range of IDs.	O(N) with N being the number of elements being returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).			6.2.0	Added exclusive ranges.
XREAD	Returns messages from multiple streams with IDs greater than the ones requested. Blocks until a message is available otherwise.			
XREVRANGE	Returns the messages from a stream within a range of IDs in reverse order.	O(N) with N being the number of elements returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).			6.2.0	Added exclusive ranges.
XSETID	An internal command for replicating stream values.	O(1)			7.0.0	Added the \`entries_added\` and \`max_deleted_entry_id\` arguments.
XTRIM	Deletes messages from the beginning of a stream.	O(N), with N being the number of evicted entries. Constant times are very small however, since entries are organized in macro nodes containing multiple entries that can be released with a single deallocation.			6.2.0	Added the \`MINID\` trimming strategy and the \`LIMIT\` option.	8.2.0	Added the \`KEEPREF\`, \`DELREF\` and \`ACKED\` options.
XACK	Returns the number of messages that were successfully acknowledged by the consumer group member of a stream.	O(1) for each message ID processed.		
XGROUP	A container for consumer groups commands.	Depends on subcommand.		
XGROUP CREATE	Creates a consumer group.	O(1)			7.0.0	Added the \`entries_read\` named argument.
XGROUP CREATECONSUMER	Creates a consumer in a consumer group.	O(1)		
XGROUP DELCONSUMER	Deletes a consumer from a consumer group.	O(1)		
XGROUP DESTROY	Destroys a consumer group.	O(N) where N is the number of entries in the group's pending entries list (PEL).		
XGROUP HELP	Returns helpful text about the different subcommands.	O(1)		
XGROUP SETID	Sets the last-delivered ID of a consumer group.	O(1)			7.0.0	Added the optional \`entries_read\` argument.
XPENDING	Returns the information and entries from a stream consumer group's pending entries list.	O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer.			6.2.0	Added the \`IDLE\` option and exclusive range intervals.
XREADGROUP	Returns new or historical messages from a stream for a consumer in a group. Blocks until a message is available otherwise.	For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). On the other side when XREADGROUP blocks, XADD will pay the O(N) time in order to serve the N clients blocked on the stream getting new data.		
XAUTOCLAIM	Changes, or acquires, ownership of messages in a consumer group, as if the messages were delivered to as consumer group member.	O(1) if COUNT is small.			7.0.0	Added an element to the reply array, containing deleted entries the command cleared from the PEL
XCLAIM	Changes, or acquires, ownership of a message in a consumer group, as if the message was delivered a consumer group member.	O(log N) with N being the number of messages in the PEL of the consumer group.		
XINFO	A container for stream introspection commands.	Depends on subcommand.		
XINFO CONSUMERS	Returns a list of the consumers in a consumer group.	O(1)			7.2.0	Added the \`inactive\` field, and changed the meaning of \`idle\`.
XINFO GROUPS	Returns a list of the consumer groups of a stream.	O(1)			7.0.0	Added the \`entries-read\` and \`lag\` fields
XINFO HELP	Returns helpful text about the different subcommands.	O(1)		
XINFO STREAM	Returns information about a stream.	O(1)			6.0.0	Added the \`FULL\` modifier.	7.0.0	Added the \`max-deleted-entry-id\`, \`entries-added\`, \`recorded-first-entry-id\`, \`entries-read\` and \`lag\` fields	7.2.0	Added the \`active-time\` field, and changed the meaning of \`seen-time\`.	8.6.0	Added the \`idmp-duration\`, \`idmp-maxsize\`, \`pids-tracked\`, \`iids-tracked\`, \`iids-added\` and \`iids-duplicates\` fields for IDMP tracking.
XACKDEL	Acknowledges and deletes one or multiple messages for a stream consumer group.	O(1) for each message ID processed.		
XDELEX	Deletes one or multiple entries from the stream.	O(1) for each single item to delete in the stream, regardless of the stream size.		
XCFGSET	Sets the IDMP configuration parameters for a stream.	O(1)		
XIDMPRECORD	An internal command for setting IDMP metadata on an existing stream message.	O(1)		
XNACK	Releases pending messages back to the group's PEL without acknowledging them, making them available for re-delivery.	O(1) for each message ID processed.		
ARCOUNT	Returns the number of non-empty elements in an array.	O(1)		
ARDEL	Deletes elements at the specified indices in an array.	O(N) where N is the number of indices to delete		
ARDELRANGE	Deletes elements in one or more ranges.	Proportional to the number of existing elements / slices touched, not to the numeric span of the requested ranges		
ARGET	Gets the value at an index in an array.	O(1)		
ARGETRANGE	Gets values in a range of indices.	O(N) where N is the range length		
ARGREP	Searches array elements in a range using textual predicates.	O(P * C) where P is the number of visited positions in touched slices and C is the cost of evaluating the predicates on one existing element.		
ARINFO	Returns metadata about an array.	O(1), or O(N) with FULL option where N is the number of slices.		
ARINSERT	Inserts one or more values at consecutive indices.	O(N) where N is the number of values		
ARLASTITEMS	Returns the most recently inserted elements.	O(N) where N is the count		
ARLEN	Returns the length of an array (max index + 1).	O(1)		
ARMGET	Gets values at multiple indices in an array.	O(N) where N is the number of indices		
ARMSET	Sets multiple index-value pairs in an array.	O(N) where N is the number of pairs		
ARNEXT	Returns the next index ARINSERT would use.	O(1)		
AROP	Performs aggregate operations on array elements in a range.	O(P) where P is visited positions in touched slices (dense scanned slots + sparse entries), with worst-case O(|end-start|+1) and typical case close to O(N), where N is the number of existing elements in range.		
ARRING	Inserts values into a ring buffer of specified size, wrapping and truncating as needed.	O(M) normally, O(N+M) on ring resize, where N is the maximum of the old and new ring size and M is the number of inserted values		
ARSCAN	Iterates existing elements in a range, returning index-value pairs.	O(P) where P is the number of visited positions in touched slices		
ARSEEK	Sets the ARINSERT / ARRING cursor to a specific index.	O(1)		
ARSET	Sets one or more contiguous values starting at an index in an array.	O(N) where N is the number of values		
ASKING	Signals that a cluster client is following an -ASK redirect.	O(1)		
CLUSTER	A container for Redis Cluster commands.	Depends on subcommand.		
CLUSTER ADDSLOTS	Assigns new hash slots to a node.	O(N) where N is the total number of hash slot arguments		
CLUSTER ADDSLOTSRANGE	Assigns new hash slot ranges to a node.	O(N) where N is the total number of the slots between the start slot and end slot arguments.		
CLUSTER BUMPEPOCH	Advances the cluster config epoch.	O(1)		
CLUSTER COUNT-FAILURE-REPORTS	Returns the number of active failure reports active for a node.	O(N) where N is the number of failure reports		
CLUSTER COUNTKEYSINSLOT	Returns the number of keys in a hash slot.	O(1)		
CLUSTER DELSLOTS	Sets hash slots as unbound for a node.	O(N) where N is the total number of hash slot arguments		
CLUSTER DELSLOTSRANGE	Sets hash slot ranges as unbound for a node.	O(N) where N is the total number of the slots between the start slot and end slot arguments.		
CLUSTER FAILOVER	Forces a replica to perform a manual failover of its master.	O(1)		
CLUSTER FLUSHSLOTS	Deletes all slots information from a node.	O(1)		
CLUSTER FORGET	Removes a node from the nodes table.	O(1)		
CLUSTER GETKEYSINSLOT	Returns the key names in a hash slot.	O(N) where N is the number of requested keys		
CLUSTER HELP	Returns helpful text about the different subcommands.	O(1)		
CLUSTER INFO	Returns information about the state of a node.	O(1)		
CLUSTER KEYSLOT	Returns the hash slot for a key.	O(N) where N is the number of bytes in the key		
CLUSTER LINKS	Returns a list of all TCP links to and from peer nodes.	O(N) where N is the total number of Cluster nodes		
CLUSTER MEET	Forces a node to handshake with another node.	O(1)			4.0.0	Added the optional \`cluster_bus_port\` argument.
CLUSTER MYID	Returns the ID of a node.	O(1)		
CLUSTER MYSHARDID	Returns the shard ID of a node.	O(1)		
CLUSTER NODES	Returns the cluster configuration for a node.	O(N) where N is the total number of Cluster nodes		
CLUSTER REPLICAS	Lists the replica nodes of a master node.	O(N) where N is the number of replicas.		
CLUSTER REPLICATE	Configure a node as replica of a master node.	O(1)		
CLUSTER RESET	Resets a node.	O(N) where N is the number of known nodes. The command may execute a FLUSHALL as a side effect.		
CLUSTER SAVECONFIG	Forces a node to save the cluster configuration to disk.	O(1)		
CLUSTER SET-CONFIG-EPOCH	Sets the configuration epoch for a new node.	O(1)		
CLUSTER SETSLOT	Binds a hash slot to a node.	O(1)		
CLUSTER SHARDS	Returns the mapping of cluster slots to shards.	O(N) where N is the total number of cluster nodes		
CLUSTER SLAVES	Lists the replica nodes of a master node.	O(N) where N is the number of replicas.	5.0.0	\`CLUSTER REPLICAS\`
CLUSTER SLOT-STATS	Return an array of slot usage statistics for slots assigned to the current node.	O(N) where N is the total number of slots based on arguments. O(N*log(N)) with ORDERBY subcommand.		
CLUSTER SLOTS	Returns the mapping of cluster slots to nodes.	O(N) where N is the total number of Cluster nodes	7.0.0	\`CLUSTER SHARDS\`	4.0.0	Added node IDs.	7.0.0	Added additional networking metadata field.
READONLY	Enables read-only queries for a connection to a Redis Cluster replica node.	O(1)		
READWRITE	Enables read-write queries for a connection to a Reids Cluster replica node.	O(1)		
AUTH	Authenticates the connection.	O(N) where N is the number of passwords defined for the user			6.0.0	Added ACL style (username and password).
ECHO	Returns the given string.	O(1)		
HELLO	Handshakes with the Redis server.	O(1)			6.2.0	\`protover\` made optional; when called without arguments the command reports the current connection's context.
PING	Returns the server's liveliness response.	O(1)		
QUIT	Closes the connection.	O(1)	7.2.0	just closing the connection
RESET	Resets the connection.	O(1)		
SELECT	Changes the selected database.	O(1)		
CLIENT	A container for client connection commands.	Depends on subcommand.		
CLIENT CACHING	Instructs the server whether to track the keys in the next request.	O(1)		
CLIENT GETNAME	Returns the name of the connection.	O(1)		
CLIENT GETREDIR	Returns the client ID to which the connection's tracking notifications are redirected.	O(1)		
CLIENT HELP	Returns helpful text about the different subcommands.	O(1)		
CLIENT ID	Returns the unique client ID of the connection.	O(1)		
CLIENT INFO	Returns information about the connection.	O(1)		
CLIENT KILL	Terminates open connections.	O(N) where N is the number of client connections			2.8.12	Added new filter format.	2.8.12	\`ID\` option.	3.2.0	Added \`master\` type in for \`TYPE\` option.	5.0.0	Replaced \`slave\` \`TYPE\` with \`replica\`. \`slave\` still supported for backward compatibility.	6.2.0	\`LADDR\` option.	7.4.0	\`MAXAGE\` option.
CLIENT LIST	Lists open connections.	O(N) where N is the number of client connections			2.8.12	Added unique client \`id\` field.	5.0.0	Added optional \`TYPE\` filter.	6.0.0	Added \`user\` field.	6.2.0	Added \`argv-mem\`, \`tot-mem\`, \`laddr\` and \`redir\` fields and the optional \`ID\` filter.	7.0.0	Added \`resp\`, \`multi-mem\`, \`rbs\` and \`rbp\` fields.	7.0.3	Added \`ssub\` field.	7.2.0	Added \`lib-name\` and \`lib-ver\` fields.	7.4.0	Added \`watch\` field.	8.0.0	Added \`io-thread\` field.
CLIENT NO-EVICT	Sets the client eviction mode of the connection.	O(1)		
CLIENT NO-TOUCH	Controls whether commands sent by the client affect the LRU/LFU of accessed keys.	O(1)		
CLIENT PAUSE	Suspends commands processing.	O(1)			6.2.0	\`CLIENT PAUSE WRITE\` mode added along with the \`mode\` option.
CLIENT REPLY	Instructs the server whether to reply to commands.	O(1)		
CLIENT SETINFO	Sets information specific to the client or connection.	O(1)		
CLIENT SETNAME	Sets the connection name.	O(1)		
CLIENT TRACKING	Controls server-assisted client-side caching for the connection.	O(1). Some options may introduce additional complexity.		
CLIENT TRACKINGINFO	Returns information about server-assisted client-side caching for the connection.	O(1)		
CLIENT UNBLOCK	Unblocks a client blocked by a blocking command from a different connection.	O(log N) where N is the number of client connections		
CLIENT UNPAUSE	Resumes processing commands from paused clients.	O(N) Where N is the number of paused clients		
ACL	A container for Access List Control commands.	Depends on subcommand.		
ACL CAT	Lists the ACL categories, or the commands inside a category.	O(1) since the categories and commands are a fixed set.		
ACL DELUSER	Deletes ACL users, and terminates their connections.	O(1) amortized time considering the typical user.		
ACL DRYRUN	Simulates the execution of a command by a user, without executing the command.	O(1).		
ACL GENPASS	Generates a pseudorandom, secure password that can be used to identify ACL users.	O(1)		
ACL GETUSER	Lists the ACL rules of a user.	O(N). Where N is the number of password, command and pattern rules that the user has.			6.2.0	Added Pub/Sub channel patterns.	7.0.0	Added selectors and changed the format of key and channel patterns from a list to their rule representation.
ACL HELP	Returns helpful text about the different subcommands.	O(1)		
ACL LIST	Dumps the effective rules in ACL file format.	O(N). Where N is the number of configured users.		
ACL LOAD	Reloads the rules from the configured ACL file.	O(N). Where N is the number of configured users.		
ACL LOG	Lists recent security events generated due to ACL rules.	O(N) with N being the number of entries shown.			7.2.0	Added entry ID, timestamp created, and timestamp last updated.
ACL SAVE	Saves the effective ACL rules in the configured ACL file.	O(N). Where N is the number of configured users.		
ACL SETUSER	Creates and modifies an ACL user and its rules.	O(N). Where N is the number of rules provided.			6.2.0	Added Pub/Sub channel patterns.	7.0.0	Added selectors and key based permissions.
ACL USERS	Lists all ACL users.	O(N). Where N is the number of configured users.		
ACL WHOAMI	Returns the authenticated username of the current connection.	O(1)		
BACKUP	A container for backup management commands.	Depends on subcommand.		
BACKUP ABORT	Cancel a backup that has not been sealed yet.	O(1)		
BACKUP CLEANUP	Remove sealed backup files and return to idle.	O(1)		
BACKUP HELP	Return helpful text about BACKUP command parameters.	O(1)		
BACKUP LIST	List the immutable backup file paths pinned so far.	O(1)		
BACKUP SEAL	Freeze the current backup (BASE + INCR + manifest).	O(1)		
BACKUP START	Start a new backup into the configured 'backupdirname'.	O(1)		
BACKUP STATUS	Report the current backup state.	O(1)		
COMMAND	Returns detailed information about all commands.	O(N) where N is the total number of Redis commands		
COMMAND COUNT	Returns a count of commands.	O(1)		
COMMAND DOCS	Returns documentary information about one, multiple or all commands.	O(N) where N is the number of commands to look up		
COMMAND GETKEYS	Extracts the key names from an arbitrary command.	O(N) where N is the number of arguments to the command		
COMMAND GETKEYSANDFLAGS	Extracts the key names and access flags for an arbitrary command.	O(N) where N is the number of arguments to the command		
COMMAND HELP	Returns helpful text about the different subcommands.	O(1)		
COMMAND INFO	Returns information about one, multiple or all commands.	O(N) where N is the number of commands to look up			7.0.0	Allowed to be called with no argument to get info on all commands.
COMMAND LIST	Returns a list of command names.	O(N) where N is the total number of Redis commands		
DBSIZE	Returns the number of keys in the database.	O(1)		
FLUSHALL	Removes all keys from all databases.	O(N) where N is the total number of keys in all databases			4.0.0	Added the \`ASYNC\` flushing mode modifier.	6.2.0	Added the \`SYNC\` flushing mode modifier.
FLUSHDB	Remove all keys from the current database.	O(N) where N is the number of keys in the selected database			4.0.0	Added the \`ASYNC\` flushing mode modifier.	6.2.0	Added the \`SYNC\` flushing mode modifier.
HOTKEYS	A container for hotkeys tracking commands.	Depends on subcommand.		
HOTKEYS GET	Returns lists of top K hotkeys depending on metrics chosen in HOTKEYS START command.	O(K) where K is the number of hotkeys returned.		
HOTKEYS HELP	Return helpful text about HOTKEYS command parameters.	O(1)		
HOTKEYS RESET	Release the resources used for hotkey tracking.	O(1)		
HOTKEYS START	Starts hotkeys tracking.	O(1)		
HOTKEYS STOP	Stops hotkeys tracking.	O(1)		
INFO	Returns information and statistics about the server.	O(1)			7.0.0	Added support for taking multiple section arguments.
LATENCY	A container for latency diagnostics commands.	Depends on subcommand.		
LATENCY DOCTOR	Returns a human-readable latency analysis report.	O(1)		
LATENCY GRAPH	Returns a latency graph for an event.	O(1)		
LATENCY HELP	Returns helpful text about the different subcommands.	O(1)		
LATENCY HISTOGRAM	Returns the cumulative distribution of latencies of a subset or all commands.	O(N) where N is the number of commands with latency information being retrieved.		
LATENCY HISTORY	Returns timestamp-latency samples for an event.	O(1)		
LATENCY LATEST	Returns the latest latency samples for all events.	O(1)		
LATENCY RESET	Resets the latency data for one or more events.	O(1)		
LOLWUT	Displays computer art and the Redis version			
ROLE	Returns the replication role.	O(1)		
SLOWLOG	A container for slow log commands.	Depends on subcommand.		
SLOWLOG GET	Returns the slow log's entries.	O(N) where N is the number of entries returned			4.0.0	Added client IP address, port and name to the reply.	8.10.0	Added the number of arguments to the reply.
SLOWLOG HELP	Show helpful text about the different subcommands	O(1)		
SLOWLOG LEN	Returns the number of entries in the slow log.	O(1)		
SLOWLOG RESET	Clears all entries from the slow log.	O(N) where N is the number of entries in the slowlog		
SWAPDB	Swaps two Redis databases.	O(N) where N is the count of clients watching or blocking on keys from both databases.		
TIME	Returns the server time.	O(1)		
CONFIG	A container for server configuration commands.	Depends on subcommand.		
CONFIG GET	Returns the effective values of configuration parameters.	O(N) when N is the number of configuration parameters provided			7.0.0	Added the ability to pass multiple pattern parameters in one call
CONFIG HELP	Returns helpful text about the different subcommands.	O(1)		
CONFIG RESETSTAT	Resets the server's statistics.	O(1)		
CONFIG REWRITE	Persists the effective configuration to file.	O(1)		
CONFIG SET	Sets configuration parameters in-flight.	O(N) when N is the number of configuration parameters provided			7.0.0	Added the ability to set multiple parameters in one call.
DEBUG	A container for debugging commands.	Depends on subcommand.		
MEMORY	A container for memory diagnostics commands.	Depends on subcommand.		
MEMORY DOCTOR	Outputs a memory problems report.	O(1)		
MEMORY HELP	Returns helpful text about the different subcommands.	O(1)		
MEMORY MALLOC-STATS	Returns the allocator statistics.	Depends on how much memory is allocated, could be slow		
MEMORY PURGE	Asks the allocator to release memory.	Depends on how much memory is allocated, could be slow		
MEMORY STATS	Returns details about memory usage.	O(1)		
MEMORY USAGE	Estimates the memory usage of a key.	O(N) where N is the number of samples.		
WAIT	Blocks until the asynchronous replication of all preceding write commands sent by the connection is completed.	O(1)		
WAITAOF	Blocks until all of the preceding write commands sent by the connection are written to the append-only file of the master and/or replicas.	O(1)		
FAILOVER	Starts a coordinated failover from a server to one of its replicas.	O(1)		
REPLICAOF	Configures a server as replica of another, or promotes it to a master.	O(1)		
SLAVEOF	Sets a Redis server as a replica of another, or promotes it to being a master.	O(1)	5.0.0	\`REPLICAOF\`
BGREWRITEAOF	Asynchronously rewrites the append-only file to disk.	O(1)		
BGSAVE	Asynchronously saves the database(s) to disk.	O(1)			3.2.2	Added the \`SCHEDULE\` option.
LASTSAVE	Returns the Unix timestamp of the last successful save to disk.	O(1)		
SAVE	Synchronously saves the database(s) to disk.	O(N) where N is the total number of keys in all databases		
SHUTDOWN	Synchronously saves the database(s) to disk and shuts down the Redis server.	O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)			7.0.0	Added the \`NOW\`, \`FORCE\` and \`ABORT\` modifiers.
MONITOR	Listens for all requests received by the server in real-time.			
VADD	Add one or more elements to a vector set, or update its vector if it already exists			
VCARD	Return the number of elements in a vector set			
VDIM	Return the dimension of vectors in the vector set			
VEMB	Return the vector associated with an element			
VGETATTR	Retrieve the JSON attributes of elements			
VINFO	Return information about a vector set			
VISMEMBER	Check if an element exists in a vector set			
VLINKS	Return the neighbors of an element at each layer in the HNSW graph			
VRANDMEMBER	Return one or multiple random members from a vector set			
VRANGE	Return vector set elements in a lex range			
VREM	Remove an element from a vector set			
VSETATTR	Associate or remove the JSON attributes of elements			
VSIM	Return elements by vector similarity			
DELIFEQ	Delete key if value matches string.	O(1)		
SCRIPT SHOW	Show server-side Lua script in the script cache.	O(1).		
CLUSTERSCAN	Iterates over the keys in the cluster.	O(N) where N is the number of elements returned.		
CLIENT CAPA	A client claims its capability.	O(1)		
CLIENT IMPORT-SOURCE	Marks this client as an import source when the server is in import mode.	O(1)		
COMMANDLOG	A container for command log commands.	Depends on subcommand.		
COMMANDLOG GET	Returns the specified command log's entries.	O(N) where N is the number of entries returned		
COMMANDLOG HELP	Shows helpful text about the different subcommands.	O(1)		
COMMANDLOG LEN	Returns the number of entries in the specified type of command log.	O(1)		
COMMANDLOG RESET	Clears all entries from the specified type of command log.	O(N) where N is the number of entries in the commandlog		
ABORT	Shuts down the server, without saving.	O(1)		
SLEEP	Answers after so many seconds; others are served meanwhile.	O(1)		
X.UNWATCH	GET.UNWATCH and so on: no longer tells of changes.	O(N), N being the number of watched commands		
X.WATCH	GET.WATCH and so on: answers as the command, and again when what it reads has changed.	That of the command		
PREPEND	Puts a string before the value of a key. Creates the key if it doesn't exist.	O(N) where N is the length of the string		
CL.THROTTLE	Limits a rate: whether one more may come, and when.	O(1)		
RM	Iterates over the keys in the database and deletes them.	O(1) for every call.		
FIELDEXPIRE	Sets the TTL of fields.	O(N) where N is the number of specified fields		
FIELDTTL	Returns the TTL of a field in seconds.	O(1)		
?OBJECT	ENCODING <key>	    Return the kind of internal representation used in order to store the value	    associated with a <key>.	FREQ <key>	    Return the access frequency index of the <key>. The returned integer is	    proportional to the logarithm of the recent access frequency of the key.	IDLETIME <key>	    Return the idle time of the <key>, that is the approximated number of	    seconds elapsed since the last access to the key.	REFCOUNT <key>	    Return the number of references of the value associated with the specified	    <key>.
?PUBSUB	CHANNELS [<pattern>]	    Return the currently active channels matching a <pattern> (default: '*').	NUMPAT	    Return number of subscriptions to patterns.	NUMSUB [<channel> ...]	    Return the number of subscribers for the specified channels, excluding	    pattern subscriptions(default: no channels).	SHARDCHANNELS [<pattern>]	    Return the currently active shard level channels matching a <pattern> (default: '*').	SHARDNUMSUB [<shardchannel> ...]	    Return the number of subscribers for the specified shard level channel(s)
?SCRIPT	DEBUG (YES|SYNC|NO)	    Set the debug mode for subsequent scripts executed.	EXISTS <sha1> [<sha1> ...]	    Return information about the existence of the scripts in the script cache.	FLUSH [ASYNC|SYNC]	    Flush the Lua scripts cache. Very dangerous on replicas.	    When called without the optional mode argument, the behavior is determined by the	    lazyfree-lazy-user-flush configuration directive. Valid modes are:	    * ASYNC: Asynchronously flush the scripts cache.	    * SYNC: Synchronously flush the scripts cache.	KILL	    Kill the currently executing Lua script.	LOAD <script>	    Load a script into the scripts cache without executing it.
?FUNCTION	LOAD [REPLACE] <FUNCTION CODE>	    Create a new library with the given library name and code.	DELETE <LIBRARY NAME>	    Delete the given library.	LIST [LIBRARYNAME PATTERN] [WITHCODE]	    Return general information on all the libraries:	    * Library name	    * The engine used to run the Library	    * Functions list	    * Library code (if WITHCODE is given)	    It also possible to get only function that matches a pattern using LIBRARYNAME argument.	STATS	    Return information about the current function running:	    * Function name	    * Command used to run the function	    * Duration in MS that the function is running	    If no function is running, return nil	    In addition, returns a list of available engines.	KILL	    Kill the current running function.	FLUSH [ASYNC|SYNC]	    Delete all the libraries.	    When called without the optional mode argument, the behavior is determined by the	    lazyfree-lazy-user-flush configuration directive. Valid modes are:	    * ASYNC: Asynchronously flush the libraries.	    * SYNC: Synchronously flush the libraries.	DUMP	    Return a serialized payload representing the current libraries, can be restored using FUNCTION RESTORE command	RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]	    Restore the libraries represented by the given payload, it is possible to give a restore policy to	    control how to handle existing libraries (default APPEND):	    * FLUSH: delete all existing libraries.	    * APPEND: appends the restored libraries to the existing libraries. On collision, abort.	    * REPLACE: appends the restored libraries to the existing libraries, On collision, replace the old	      libraries with the new libraries (notice that even on this option there is a chance of failure	      in case of functions name collision with another library).
?XGROUP	CREATE <key> <groupname> <id|$> [option]	    Create a new consumer group. Options are:	    * MKSTREAM	      Create the empty stream if it does not exist.	    * ENTRIESREAD entries_read	      Set the group's entries_read counter (internal use).	CREATECONSUMER <key> <groupname> <consumer>	    Create a new consumer in the specified group.	DELCONSUMER <key> <groupname> <consumer>	    Remove the specified consumer.	DESTROY <key> <groupname>	    Remove the specified group.	SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]	    Set the current group ID and entries_read counter.
?XINFO	CONSUMERS <key> <groupname>	    Show consumers of <groupname>.	GROUPS <key>	    Show the stream consumer groups.	STREAM <key> [FULL [COUNT <count>]	    Show information about the stream.
?CLUSTER	COUNTKEYSINSLOT <slot>	    Return the number of keys in <slot>.	GETKEYSINSLOT <slot> <count>	    Return key names stored by current node in a slot.	INFO	    Return information about the cluster.	KEYSLOT <key>	    Return the hash slot for <key>.	MYID	    Return the node id.	MYSHARDID	    Return the node's shard id.	NODES	    Return cluster configuration seen by node. Output format:	    <id> <ip:port@bus-port[,hostname]> <flags> <master> <pings> <pongs> <epoch> <link> <slot> ...	REPLICAS <node-id>	    Return <node-id> replicas.	SLOTS	    Return information about slots range mappings. Each range is made of:	    start, end, master and replicas IP addresses, ports and ids	SLOT-STATS	    Return an array of slot usage statistics for slots assigned to the current node.	SHARDS	    Return information about slot range mappings and the nodes associated with them.	ADDSLOTS <slot> [<slot> ...]	    Assign slots to current node.	ADDSLOTSRANGE <start slot> <end slot> [<start slot> <end slot> ...]	    Assign slots which are between <start-slot> and <end-slot> to current node.	BUMPEPOCH	    Advance the cluster config epoch.	COUNT-FAILURE-REPORTS <node-id>	    Return number of failure reports for <node-id>.	DELSLOTS <slot> [<slot> ...]	    Delete slots information from current node.	DELSLOTSRANGE <start slot> <end slot> [<start slot> <end slot> ...]	    Delete slots information which are between <start-slot> and <end-slot> from current node.	FAILOVER [FORCE|TAKEOVER]	    Promote current replica node to being a master.	FORGET <node-id>	    Remove a node from the cluster.	FLUSHSLOTS	    Delete current node own slots information.	MEET <ip> <port> [<bus-port>]	    Connect nodes into a working cluster.	REPLICATE <node-id>	    Configure current node as replica to <node-id>.	RESET [HARD|SOFT]	    Reset current node (default: soft).	SET-CONFIG-EPOCH <epoch>	    Set config epoch of current node.	SETSLOT <slot> (IMPORTING <node-id>|MIGRATING <node-id>|STABLE|NODE <node-id>)	    Set slot state.	SAVECONFIG	    Force saving cluster configuration on disk.	LINKS	    Return information about all network links between this node and its peers.	    Output format is an array where each array element is a map containing attributes of a link
?CLIENT	CACHING (YES|NO)	    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT modes.	GETREDIR	    Return the client ID we are redirecting to when tracking is enabled.	GETNAME	    Return the name of the current connection.	ID	    Return the ID of the current connection.	INFO	    Return information about the current client connection.	KILL <ip:port>	    Kill connection made from <ip:port>.	KILL <option> <value> [<option> <value> [...]]	    Kill connections. Options are:	    * ADDR (<ip:port>|<unixsocket>:0)	      Kill connections made from the specified address	    * LADDR (<ip:port>|<unixsocket>:0)	      Kill connections made to specified local address	    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)	      Kill connections by type.	    * USER <username>	      Kill connections authenticated by <username>.	    * SKIPME (YES|NO)	      Skip killing current connection (default: yes).	    * ID <client-id>	      Kill connections by client id.	    * MAXAGE <maxage>	      Kill connections older than the specified age.	LIST [options ...]	    Return information about client connections. Options:	    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)	      Return clients of specified type.	UNPAUSE	    Stop the current client pause, resuming traffic.	PAUSE <timeout> [WRITE|ALL]	    Suspend all, or just write, clients for <timeout> milliseconds.	REPLY (ON|OFF|SKIP)	    Control the replies sent to the current connection.	SETNAME <name>	    Assign the name <name> to the current connection.	SETINFO <option> <value>	    Set client meta attr. Options are:	    * LIB-NAME: the client lib name.	    * LIB-VER: the client lib version.	UNBLOCK <clientid> [TIMEOUT|ERROR]	    Unblock the specified blocked client.	TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]	         [OPTIN] [OPTOUT] [NOLOOP]	    Control server assisted client side caching.	TRACKINGINFO	    Report tracking status for the current connection.	NO-EVICT (ON|OFF)	    Protect current client connection from eviction.	NO-TOUCH (ON|OFF)	    Will not touch LRU/LFU stats when this mode is on.
?ACL	CAT [<category>]	    List all commands that belong to <category>, or all command categories	    when no category is specified.	DELUSER <username> [<username> ...]	    Delete a list of users.	DRYRUN <username> <command> [<arg> ...]	    Returns whether the user can execute the given command without executing the command.	GETUSER <username>	    Get the user's details.	GENPASS [<bits>]	    Generate a secure 256-bit user password. The optional \`bits\` argument can	    be used to specify a different size.	LIST	    Show users details in config file format.	LOAD	    Reload users from the ACL file.	LOG [<count> | RESET]	    Show the ACL log entries.	SAVE	    Save the current config to the ACL file.	SETUSER <username> <attribute> [<attribute> ...]	    Create or modify a user with the specified attributes.	USERS	    List all the registered usernames.	WHOAMI	    Return the current connection username.
?BACKUP	ABORT	    Cancel a backup that has not been sealed yet.	CLEANUP	    Remove the files of a backup that is sealed or has failed.	LIST	    The paths of the files that will not change any more.	SEAL	    Freeze the backup: a snapshot, what has happened since, and a manifest.	START	    Begin a backup in the folder that backupdirname names, which must be empty.	STATUS	    The state of the backup, its error, and when it was begun and sealed.
?COMMAND	(no subcommand)	    Return details about all Redis commands.	COUNT	    Return the total number of commands in this Redis server.	LIST	    Return a list of all commands in this Redis server.	INFO [<command-name> ...]	    Return details about multiple Redis commands.	    If no command names are given, documentation details for all	    commands are returned.	DOCS [<command-name> ...]	    Return documentation details about multiple Redis commands.	    If no command names are given, documentation details for all	    commands are returned.	GETKEYS <full-command>	    Return the keys from a full Redis command.	GETKEYSANDFLAGS <full-command>	    Return the keys and the access flags from a full Redis command.
?HOTKEYS	START <METRICS count [CPU] [NET]> [COUNT k] [DURATION duration] [SAMPLE ratio] [SLOTS count slot...]	    Starts hotkeys tracking with specified metrics.	    * METRICS count [CPU] [NET]	        Specify count of metrics and choose amongst:	        - CPU: Track hotkeys by CPU time percentage	        - NET: Track hotkeys by network bytes percentage	    * COUNT k	        Specifies the value of K for the top-K hotkeys tracking. Default: 10	    * DURATION duration	        Specifies tracking duration in seconds. 0 means tracking will continue until manually stopped. Default: 0	    * SAMPLE ratio	        Keys are tracked with probability 1/ratio. Default: 1 (tracks every key)	    * SLOTS count slot...	        Specify which slots to track keys from. Only available in cluster mode. Default: empty (track all slots)	STOP	    Stop hotkeys tracking. Results are still available via GET	GET	    Get results from hotkeys tracking.	RESET	    Reset memory used for hotkeys tracking. Tracking must have been stopped.	    Results will no longer be available after this command.
?LATENCY	DOCTOR	    Return a human readable latency analysis report.	GRAPH <event>	    Return an ASCII latency graph for the <event> class.	HISTORY <event>	    Return time-latency samples for the <event> class.	LATEST	    Return the latest latency samples for all events.	RESET [<event> ...]	    Reset latency data of one or more <event> classes.	    (default: reset all data for all event classes)	HISTOGRAM [COMMAND ...]	    Return a cumulative distribution of latencies in the format of a histogram for the specified command names.	    If no commands are specified then all histograms are replied.
?SLOWLOG	GET [<count>]	    Return top <count> entries from the slowlog (default: 10, -1 mean all).	    Entries are made of:	    id, timestamp, time in microseconds, arguments array, client IP and port,	    client name	LEN	    Return the length of the slowlog.	RESET	    Reset the slowlog.
?CONFIG	GET <pattern>	    Return parameters matching the glob-like <pattern> and their values.	SET <directive> <value>	    Set the configuration <directive> to <value>.	RESETSTAT	    Reset statistics reported by the INFO command.	REWRITE	    Rewrite the configuration file.
?MEMORY	DOCTOR	    Return memory problems reports.	MALLOC-STATS	    Return internal statistics report from the memory allocator.	PURGE	    Attempt to purge dirty pages for reclamation by the allocator.	STATS	    Return information about the memory usage of the server.	USAGE <key> [SAMPLES <count>]	    Return memory in bytes used by <key> and its value. Nested values are	    sampled up to <count> times (default: 5, 0 means sample all).
?DEBUG	CHANGE-REPL-ID	    Change the replication IDs of the instance.	    Dangerous: should be used only for testing the replication subsystem.	DIGEST	    Output a hex signature representing the current DB content.	DIGEST-VALUE <key> [<key> ...]	    Output a hex signature of the values of all the specified keys.	ERROR <string>	    Return a Redis protocol error with <string> as message. Useful for clients	    unit tests to simulate Redis errors.	HTSTATS <dbid> [full]	    Return hash table statistics of the specified Redis database.	HTSTATS-KEY <key> [full]	    Like HTSTATS but for the hash table stored at <key>'s value.	LISTPACK <key>	    Show low level info about the listpack encoding of <key>.	OBJECT <key>	    Show low level info about \`key\` and associated value.	POPULATE <count> [<prefix>] [<size>]	    Create <count> string keys named key:<num>. If <prefix> is specified then	    it is used instead of the 'key' prefix.	PROTOCOL <type>	    Reply with a test value of the specified type. <type> can be: string,	    integer, double, bignum, null, array, set, map, attrib, push, verbatim,	    true, false.	QUICKLIST <key> [<0|1>]	    Show low level info about the quicklist encoding of <key>.	RELOAD [option ...]	    Save all as an RDB file in memory and load it back. Valid <option> values:	    * MERGE: conflicting keys will be loaded from RDB.	    * NOFLUSH: the existing database will not be removed before load.	SDSLEN <key>	    Show low level SDS string info representing \`key\` and value.	SET-ACTIVE-EXPIRE <0|1>	    Setting it to 0 disables expiring keys (and hash-fields) in background	    when they are not accessed (otherwise the Redis behavior). Setting it	    to 1 reenables back the default.	SLEEP <seconds>	    Stop the server for <seconds>. Decimals allowed.	STRINGMATCH-LEN <len> <pattern>	    Match a string of <len> letters a against <pattern>.
?COMMANDLOG	GET <count> <type>	    Return top <count> entries of the specified <type> from the commandlog (-1 mean all).	    Entries are made of:	    id, timestamp,	        time in microseconds for type of slow,	        or size in bytes for type of large-request,	        or size in bytes for type of large-reply	    arguments array, client IP and port,	    client name	LEN <type>	    Return the length of the specified type of commandlog.	RESET <type>	    Reset the specified type of commandlog.
`;
