//! Keys, whatever they hold: existence, names, expiry, moving and copying, iteration.

pub mod dragonfly;
pub mod dump;
pub mod sort;

use crate::commands::shared::deadlines::Expiry;
use crate::commands::shared::help;
use crate::commands::shared::results::room_for_result;
use crate::commands::shared::scan::{self, Over, ScanOptions, Scanned};
use crate::exec::row::{Row, cmd, container, sub};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, NEVER, Value, class};
use crate::resp::args::Args;
use crate::resp::error::{Error, quoted};
use crate::table::spec::{Shards, flags::*, key::*};
use crate::types::glob;
use crate::types::number::{INT_LEN, format_int, parse_int};

pub const TABLE: &[Row] = &[
    cmd("COPY source destination [DB destination-db] [REPLACE]", copy)
        .write(DENYOOM).key(RO | ACCESS).key(OW | UPDATE)
        .reply("int")
        .doc("6.2.0", "O(N) worst case for collections, where N is the number of nested items. O(1) for string values.", "Copies the value of a key to a new key."),
    cmd("DEL key [key ...]", del)
        .write(0).key(RM | DELETE)
        .tips(&["request_policy:multi_shard", "response_policy:agg_sum"])
        .reply("int")
        .doc("1.0.0", "O(N) where N is the number of keys that will be removed. When a key to remove holds a value other than a string, the individual complexity for this key is O(M) where M is the number of elements in the list, set, sorted set or hash. Removing a single key that holds a string value is O(1).", "Deletes one or more keys."),
    cmd("EXISTS key [key ...]", exists)
        .read(FAST).key(RO)
        .tips(&["request_policy:multi_shard", "response_policy:agg_sum"])
        .history(&[("3.0.3", "Accepts multiple `key` arguments.")])
        .reply("int")
        .doc("1.0.0", "O(N) where N is the number of keys to check.", "Determines whether one or more keys exist."),
    cmd("EXPIRE key seconds [NX | XX | GT | LT]", expire)
        .write(FAST).key(RW | UPDATE)
        .groups(&["condition"])
        .history(&[("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")])
        .reply("int")
        .doc("1.0.0", "O(1)", "Sets the expiration time of a key in seconds."),
    cmd("EXPIREAT key unix-time-seconds [NX | XX | GT | LT]", expireat)
        .write(FAST).key(RW | UPDATE)
        .groups(&["condition"])
        .history(&[("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")])
        .reply("int")
        .doc("1.2.0", "O(1)", "Sets the expiration time of a key to a Unix timestamp."),
    cmd("EXPIRETIME key", expiretime)
        .read(FAST).key(RO | ACCESS)
        .reply("int")
        .doc("7.0.0", "O(1)", "Returns the expiration time of a key as a Unix timestamp."),
    cmd("KEYS pattern", keys)
        .read(0)
        .tips(&["request_policy:all_shards", "nondeterministic_output_order"])
        .acl(&["dangerous"])
        .reply("array of bulk")
        .doc("1.0.0", "O(N) with N being the number of keys in the database, under the assumption that the key names in the database and the given pattern have limited length.", "Returns all key names that match a pattern."),
    cmd("MOVE key db", move_key)
        .write(FAST).key(RW | ACCESS | UPDATE)
        .reply("int")
        .doc("1.0.0", "O(1)", "Moves a key to another database."),
    container("OBJECT", OBJECT)
        .doc("2.2.3", "Depends on subcommand.", "A container for object introspection commands."),
    cmd("PERSIST key", persist)
        .write(FAST).key(RW | UPDATE)
        .reply("int")
        .doc("2.2.0", "O(1)", "Removes the expiration time of a key."),
    cmd("PEXPIRE key milliseconds [NX | XX | GT | LT]", pexpire)
        .write(FAST).key(RW | UPDATE)
        .groups(&["condition"])
        .history(&[("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")])
        .reply("int")
        .doc("2.6.0", "O(1)", "Sets the expiration time of a key in milliseconds."),
    cmd("PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]", pexpireat)
        .write(FAST).key(RW | UPDATE)
        .groups(&["condition"])
        .history(&[("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")])
        .reply("int")
        .doc("2.6.0", "O(1)", "Sets the expiration time of a key to a Unix milliseconds timestamp."),
    cmd("PEXPIRETIME key", pexpiretime)
        .read(FAST).key(RO | ACCESS)
        .reply("int")
        .doc("7.0.0", "O(1)", "Returns the expiration time of a key as a Unix milliseconds timestamp."),
    cmd("PTTL key", pttl)
        .read(FAST).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .history(&[("2.8.0", "Added the -2 reply.")])
        .reply("int")
        .doc("2.6.0", "O(1)", "Returns the expiration time in milliseconds of a key."),
    cmd("RANDOMKEY", randomkey)
        .shards(Shards::Any)
        .read(0)
        .tips(&["request_policy:all_shards", "response_policy:special", "nondeterministic_output"])
        .reply("bulk | null")
        .doc("1.0.0", "O(1)", "Returns a random key name from the database."),
    cmd("RENAME key newkey", rename)
        .write(0).key(RW | ACCESS | DELETE).key(OW | UPDATE)
        .reply("OK")
        .doc("1.0.0", "O(1)", "Renames a key and overwrites the destination."),
    cmd("RENAMENX key newkey", renamenx)
        .write(FAST).key(RW | ACCESS | DELETE).key(OW | INSERT)
        .history(&[("3.2.0", "The command no longer returns an error when source and destination names are the same.")])
        .reply("int")
        .doc("1.0.0", "O(1)", "Renames a key only when the target key name doesn't exist."),
    cmd("SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]", scan)
        .shards(Shards::Cursor)
        .read(0)
        .tips(&["nondeterministic_output", "request_policy:special", "response_policy:special"])
        .history(&[("6.0.0", "Added the `TYPE` subcommand.")])
        .reply("[bulk, array of bulk]")
        .doc("2.8.0", "O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.", "Iterates over the key names in the database."),
    cmd("TOUCH key [key ...]", touch)
        .read(FAST).key(RO)
        .tips(&["request_policy:multi_shard", "response_policy:agg_sum"])
        .reply("int")
        .doc("3.2.1", "O(N) where N is the number of keys that will be touched.", "Returns the number of existing keys out of those specified after updating the time they were last accessed."),
    cmd("TTL key", ttl)
        .read(FAST).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .history(&[("2.8.0", "Added the -2 reply.")])
        .reply("int")
        .doc("1.0.0", "O(1)", "Returns the expiration time in seconds of a key."),
    cmd("TYPE key", type_of)
        .read(FAST).key(RO)
        .reply("simple")
        .doc("1.0.0", "O(1)", "Determines the type of value stored at a key."),
    cmd("UNLINK key [key ...]", unlink)
        .write(FAST).key(RM | DELETE)
        .tips(&["request_policy:multi_shard", "response_policy:agg_sum"])
        .reply("int")
        .doc("4.0.0", "O(1) for each key removed regardless of its size. Then the command does O(N) work in a different thread in order to reclaim memory, where N is the number of allocations the deleted objects where composed of.", "Asynchronously deletes one or more keys."),
];

const OBJECT: &[Row] = &[
    sub("OBJECT ENCODING key", object_encoding)
        .read(0)
        .key(RO)
        .tips(&["nondeterministic_output"])
        .reply("bulk | null")
        .doc("2.2.3", "O(1)", "Returns the internal encoding of a Redis object."),
    sub("OBJECT FREQ key", object_freq).read(0).key(RO).tips(&["nondeterministic_output"]).reply("int | null").doc(
        "4.0.0",
        "O(1)",
        "Returns the logarithmic access frequency counter of a Redis object.",
    ),
    sub("OBJECT HELP", object_help).plain(LOADING | STALE).reply("array of simple").doc(
        "6.2.0",
        "O(1)",
        "Returns helpful text about the different subcommands.",
    ),
    sub("OBJECT IDLETIME key", object_idletime)
        .read(0)
        .key(RO)
        .tips(&["nondeterministic_output"])
        .reply("int | null")
        .doc("2.2.3", "O(1)", "Returns the time since the last access to a Redis object."),
    sub("OBJECT REFCOUNT key", object_refcount)
        .read(0)
        .key(RO)
        .tips(&["nondeterministic_output"])
        .reply("int | null")
        .doc("2.2.3", "O(1)", "Returns the reference count of a value of a key."),
];

fn del(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let removed = args.tail(1).filter(|key| cx.remove_key(key)).count();
    cx.out.int(removed as i64);
    Ok(())
}

fn unlink(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut removed = 0;
    for key in args.tail(1) {
        if cx.db.unlink(key) {
            cx.changed(key, class::GENERIC, "del", 1);
            removed += 1;
        }
    }
    cx.out.int(removed);
    Ok(())
}

fn exists(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let found = args.tail(1).filter(|key| cx.db.look(key).is_some()).count();
    cx.out.int(found as i64);
    Ok(())
}

fn touch(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cx.db.access.touch = true; // also for a session with CLIENT NO-TOUCH
    let found = args.tail(1).filter(|key| cx.db.touch(key)).count();
    cx.out.int(found as i64);
    Ok(())
}

fn type_of(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let name = cx.db.look(args.at(1)).map_or("none", |entry| entry.value().type_name());
    cx.out.simple(name);
    Ok(())
}

fn randomkey(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    match cx.db.random_key()? {
        Some(key) => cx.out.bulk(&key),
        None => cx.out.null(),
    }
    Ok(())
}

fn keys(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let pattern = args.at(1);
    let matching = || cx.db.iter().filter(|(key, _)| pattern == b"*" || glob::matches(pattern, key));
    cx.out.array(matching().count());
    for (key, _) in matching() {
        cx.out.bulk(key);
    }
    Ok(())
}

fn scan(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let cursor = scan::cursor(args.at(1))?;
    let options = ScanOptions::parse(args, 2, Over::Keys, cx.server.is_valkey())?;
    let mut reply = Scanned::begin(cx.out);
    let next = cx.db.scan(cursor, options.count, &mut |key, entry| {
        if options.admits_key(key, entry) {
            reply.bulk(key);
        }
    });
    reply.end(next);
    Ok(())
}

fn rename(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !cx.db.meet(args.at(1)) {
        return Err(Error::NoSuchKey);
    }
    move_name(cx, args.at(1), args.at(2));
    cx.out.ok();
    Ok(())
}

fn renamenx(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !cx.db.meet(args.at(1)) {
        return Err(Error::NoSuchKey);
    }
    let free = !cx.db.meet(args.at(2));
    if free {
        move_name(cx, args.at(1), args.at(2));
    }
    cx.out.int(free as i64);
    Ok(())
}

/// Gives the value and TTL of a key another name.
fn move_name(cx: &mut Ctx<'_>, from: &[u8], to: &[u8]) {
    if from != to
        && let Some(mut entry) = cx.db.take(from)
    {
        let deadline = entry.deadline();
        entry.value_mut().leave(from, cx.server.embedded(from, deadline != NEVER));
        let replaced = cx.db.put(to, entry.into_value(), deadline);
        cx.changed(from, class::GENERIC, "rename_from", 1);
        cx.event(to, class::GENERIC, "rename_to");
        cx.db.note_replaced(to, replaced);
    }
}

/// A database's index among the arguments, checked.
pub fn database(cx: &Ctx<'_>, text: &[u8]) -> Result<usize, Error> {
    let index = parse_int(text).ok_or(Error::NotInteger)?;
    let index = i32::try_from(index).map_err(|_| Error::IntRange)?;
    usize::try_from(index).ok().filter(|&index| index < cx.db.databases().len()).ok_or(Error::DbIndex)
}

fn move_key(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if cx.server.cluster.is_some() {
        return Err(Error::Fixed("ERR MOVE is not allowed in cluster mode"));
    }
    let key = args.at(1);
    let target = database(cx, args.at(2))?;
    if target == cx.session.db {
        return Err(Error::SameObject);
    }
    let moved = cx.db.meet(key) && !cx.db.within(target, |db| db.meet(key));
    if moved && let Some(entry) = cx.db.take(key) {
        let deadline = entry.deadline();
        cx.db.within(target, |db| db.put(key, entry.into_value(), deadline));
        cx.changed(key, class::GENERIC, "move_from", 1);
        cx.db.within(target, |db| db.note(key, class::GENERIC, "move_to"));
    }
    cx.out.int(moved as i64);
    Ok(())
}

fn copy(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (source, destination) = (args.at(1), args.at(2));
    let (mut target, mut replace) = (cx.session.db, false);
    let mut opts = args.options(3);
    while let Some(opt) = opts.next() {
        match () {
            _ if opt.is("REPLACE") => replace = true,
            _ if opt.is("DB") && opts.left() > 0 => target = database(cx, opts.value()?)?,
            _ => return Err(Error::Syntax),
        }
    }
    if target == cx.session.db && source == destination {
        return Err(Error::SameObject);
    }
    let free = cx.db.touch(source) && (!cx.db.within(target, |db| db.meet(destination)) || replace);
    if free {
        room_for_result(cx.db, std::iter::once(source), 1)?;
    }
    let Some(entry) = cx.db.entry(source).filter(|_| free) else {
        cx.out.int(0);
        return Ok(());
    };
    if let Value::Vectors(_) = entry.value() {
        return Err(Error::Fixed("ERR not supported for this module key"));
    }
    let (mut value, deadline) = (entry.value().clone(), entry.deadline());
    value.leave(source, cx.server.embedded(source, deadline != NEVER));
    cx.db.within(target, |db| {
        let replaced = db.put(destination, value, deadline);
        db.note(destination, class::GENERIC, "copy_to");
        db.note_replaced(destination, replaced);
    });
    cx.db.log.dirty += 1;
    cx.out.int(1);
    Ok(())
}

fn expire(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    give_ttl(cx, args, true, false)
}

fn pexpire(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    give_ttl(cx, args, false, false)
}

fn expireat(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    give_ttl(cx, args, true, true)
}

fn pexpireat(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    give_ttl(cx, args, false, true)
}

/// When EXPIRE and its kind, and HEXPIRE and its kind, set a TTL.
#[derive(Default, Clone, Copy)]
pub struct Condition {
    pub nx: bool,
    pub xx: bool,
    pub gt: bool,
    pub lt: bool,
}

impl Condition {
    /// What stands behind key and time.
    pub fn read(args: Args<'_>) -> Result<Condition, Error> {
        let mut when = Condition::default();
        let mut opts = args.options(3);
        while let Some(opt) = opts.next() {
            match () {
                _ if opt.is("NX") => when.nx = true,
                _ if opt.is("XX") => when.xx = true,
                _ if opt.is("GT") => when.gt = true,
                _ if opt.is("LT") => when.lt = true,
                _ => return Err(Error::quoting(&[b"ERR Unsupported option ", quoted(opt.0, usize::MAX)])),
            }
        }
        if when.nx && (when.xx || when.gt || when.lt) {
            return Err(Error::ExpireNxAndOthers);
        }
        if when.gt && when.lt {
            return Err(Error::ExpireGtAndLt);
        }
        Ok(when)
    }

    /// Whether a deadline may be replaced by a new one; [`NEVER`] counts as the latest of all.
    pub fn allows(self, old: Deadline, new: Deadline) -> bool {
        !(self.nx && old != NEVER || self.xx && old == NEVER || self.gt && new <= old || self.lt && new >= old)
    }
}

fn give_ttl(cx: &mut Ctx<'_>, args: Args<'_>, seconds: bool, absolute: bool) -> Done {
    let key = args.at(1);
    let when = Condition::read(args)?;
    let value = args.int(2)?;
    let deadline =
        Expiry { text: args.at(2), seconds, absolute }.at(value, cx.now).ok_or(Error::ExpireTime(cx.cmd.title()))?;
    let changed = match cx.db.writable(key) {
        Some(entry) if when.allows(entry.deadline(), deadline.max(0) as Deadline) => {
            if deadline <= cx.now {
                cx.remove_past(key);
                cx.db.propagate(&[b"DEL", key]);
            } else {
                cx.db.set_deadline(key, deadline as Deadline);
                cx.changed(key, class::GENERIC, "expire", 1);
                cx.db.propagate(&[b"PEXPIREAT", key, format_int(deadline, &mut [0; INT_LEN])]);
            }
            true
        }
        _ => false,
    };
    cx.out.int(changed as i64);
    Ok(())
}

fn persist(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let changed = cx.db.meet(args.at(1)) && cx.db.persist(args.at(1));
    if changed {
        cx.changed(args.at(1), class::GENERIC, "persist", 1);
    }
    cx.out.int(changed as i64);
    Ok(())
}

fn ttl(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_deadline(cx, args.at(1), |deadline, now| rounded(deadline - now))
}

fn pttl(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_deadline(cx, args.at(1), |deadline, now| deadline - now)
}

fn expiretime(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_deadline(cx, args.at(1), |deadline, _| rounded(deadline))
}

fn pexpiretime(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_deadline(cx, args.at(1), |deadline, _| deadline)
}

/// Milliseconds as the nearest number of seconds.
fn rounded(ms: i64) -> i64 {
    ms / 1000 + (ms % 1000 >= 500) as i64
}

/// Answers -2 where there is no such key, -1 where it has no TTL, else what `show` makes of the deadline.
fn reply_deadline(cx: &mut Ctx<'_>, key: &[u8], show: fn(i64, i64) -> i64) -> Done {
    let answer = match cx.db.look(key).map(|entry| entry.deadline()) {
        None => -2,
        Some(NEVER) => -1,
        Some(deadline) => show(deadline as i64, cx.now),
    };
    cx.out.int(answer);
    Ok(())
}

fn object_encoding(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match cx.db.inspect(args.at(2)) {
        Some(entry) => {
            let embedded = cx.server.embedded(args.at(2), entry.deadline() != NEVER);
            let encoding = match entry.value().encoding_under(args.at(2), embedded) {
                "listpackex" if cx.server.is_valkey() => "hashtable",
                encoding => encoding,
            };
            cx.out.bulk(encoding.as_bytes());
        }
        None => cx.out.null(),
    }
    Ok(())
}

fn object_refcount(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match cx.db.inspect(args.at(2)) {
        Some(_) => cx.out.int(1), // a value has one key, and no key shares it
        None => cx.out.null(),
    }
    Ok(())
}

fn object_idletime(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let lfu = cx.db.access.lfu();
    match cx.db.inspect(args.at(2)) {
        Some(_) if lfu => return Err(Error::Lfu),
        Some(entry) => cx.out.int(entry.access().idle_seconds(cx.now)),
        None => cx.out.null(),
    }
    Ok(())
}

fn object_freq(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let policy = cx.db.access;
    match cx.db.inspect(args.at(2)) {
        Some(_) if !policy.lfu() => return Err(Error::NoLfu),
        Some(entry) => cx.out.int(entry.access().frequency(policy, cx.now) as i64),
        None => cx.out.null(),
    }
    Ok(())
}

fn object_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "OBJECT",
        &[
            "ENCODING <key>",
            "    Return the kind of internal representation used in order to store the value",
            "    associated with a <key>.",
            "FREQ <key>",
            "    Return the access frequency index of the <key>. The returned integer is",
            "    proportional to the logarithm of the recent access frequency of the key.",
            "IDLETIME <key>",
            "    Return the idle time of the <key>, that is the approximated number of",
            "    seconds elapsed since the last access to the key.",
            "REFCOUNT <key>",
            "    Return the number of references of the value associated with the specified",
            "    <key>.",
        ],
    )
}
