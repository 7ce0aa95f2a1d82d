//! Strings: values of up to 512 MB that may be text, numbers or any bytes.

pub mod compared;
pub mod increx;

use crate::commands::shared::deadlines::Expiry;
use crate::commands::strings::compared::{Condition, Test};
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, Ttl, Value, class};
use crate::resp::args::Args;
use crate::resp::dialect::{Dialect, Release};
use crate::resp::error::Error;
use crate::server::config::Id;
use crate::table::spec::{KeyRule, arg, flags::*, key::*};
use crate::types::long_double::LongDouble;
use crate::types::number::{INT_LEN, format_int};
use crate::types::string::Str;

pub const TABLE: &[Row] = &[
    cmd("APPEND key value", append)
        .write(DENYOOM | FAST).key(RW | INSERT)
        .reply("int")
        .doc("2.0.0", "O(1). The amortized time complexity is O(1) assuming the appended value is small and the already present value is of any size, since the dynamic string library used by Redis will double the free space available on every reallocation.", "Appends a string to the value of a key. Creates the key if it doesn't exist."),
    cmd("PREPEND key value", prepend)
        .only(Dialect::Dragonfly)
        .write(DENYOOM).key(RW | INSERT)
        .reply("int")
        .doc("1.0.0", "O(N) where N is the length of the string", "Puts a string before the value of a key. Creates the key if it doesn't exist."),
    cmd("DECR key", decr)
        .write(DENYOOM | FAST).key(RW | ACCESS | UPDATE)
        .reply("int")
        .doc("1.0.0", "O(1)", "Decrements the integer value of a key by one. Uses 0 as initial value if the key doesn't exist."),
    cmd("DECRBY key decrement", decrby)
        .write(DENYOOM | FAST).key(RW | ACCESS | UPDATE)
        .reply("int")
        .doc("1.0.0", "O(1)", "Decrements a number from the integer value of a key. Uses 0 as initial value if the key doesn't exist."),
    cmd("GET key", get)
        .read(FAST).key(RO | ACCESS)
        .reply("bulk | null")
        .doc("1.0.0", "O(1)", "Returns the string value of a key."),
    cmd("GETDEL key", getdel)
        .write(FAST).key(RW | ACCESS | DELETE)
        .reply("bulk | null")
        .doc("6.2.0", "O(1)", "Returns the string value of a key after deleting the key."),
    cmd("GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]", getex)
        .write(FAST).key(RW | ACCESS | UPDATE)
        .groups(&["expiration"])
        .key_note("RW and UPDATE because it changes the TTL")
        .reply("bulk | null")
        .doc("6.2.0", "O(1)", "Returns the string value of a key after setting its expiration time."),
    cmd("GETRANGE key start end", getrange)
        .read(0).key(RO | ACCESS)
        .reply("bulk")
        .doc("2.4.0", "O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings.", "Returns a substring of the string stored at a key."),
    cmd("GETSET key value", getset)
        .write(DENYOOM | FAST).key(RW | ACCESS | UPDATE)
        .deprecated("6.2.0", "`SET` with the `!GET` argument")
        .reply("bulk | null")
        .doc("1.0.0", "O(1)", "Returns the previous string value of a key after setting it to a new value."),
    cmd("INCR key", incr)
        .write(DENYOOM | FAST).key(RW | ACCESS | UPDATE)
        .reply("int")
        .doc("1.0.0", "O(1)", "Increments the integer value of a key by one. Uses 0 as initial value if the key doesn't exist."),
    cmd("INCRBY key increment", incrby)
        .write(DENYOOM | FAST).key(RW | ACCESS | UPDATE)
        .reply("int")
        .doc("1.0.0", "O(1)", "Increments the integer value of a key by a number. Uses 0 as initial value if the key doesn't exist."),
    cmd("INCRBYFLOAT key increment", incrbyfloat)
        .double("increment")
        .write(DENYOOM | FAST).key(RW | ACCESS | UPDATE)
        .reply("bulk")
        .doc("2.6.0", "O(1)", "Increment the floating point value of a key by a number. Uses 0 as initial value if the key doesn't exist."),
    cmd("LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]", lcs)
        .read(0).key(RO | ACCESS)
        .reply("bulk | int | map of any")
        .doc("7.0.0", "O(N*M) where N and M are the lengths of s1 and s2, respectively", "Finds the longest common substring."),
    cmd("MGET key [key ...]", mget)
        .read(FAST).key(RO | ACCESS)
        .tips(&["request_policy:multi_shard"])
        .reply("array of (bulk | null)")
        .doc("1.0.0", "O(N) where N is the number of keys to retrieve.", "Atomically returns the string values of one or more keys."),
    cmd("MSET key value [key value ...]", mset)
        .write(DENYOOM).key(OW | UPDATE)
        .tips(&["request_policy:multi_shard", "response_policy:all_succeeded"])
        .groups(&["data"])
        .reply("OK")
        .doc("1.0.1", "O(N) where N is the number of keys to set.", "Atomically creates or modifies the string values of one or more keys."),
    cmd("MSETNX key value [key value ...]", msetnx)
        .write(DENYOOM).key(OW | INSERT)
        .groups(&["data"])
        .reply("int")
        .doc("1.0.1", "O(N) where N is the number of keys to set.", "Atomically modifies the string values of one or more keys only when all keys don't exist."),
    cmd("PSETEX key milliseconds value", psetex)
        .write(DENYOOM).key(OW | UPDATE)
        .deprecated("2.6.12", "`SET` with the `PX` argument")
        .reply("OK")
        .doc("2.6.0", "O(1)", "Sets both string value and expiration time in milliseconds of a key. The key is created if it doesn't exist."),
    cmd("SET key value [NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]", set)
        .write(DENYOOM).key(RW | ACCESS | UPDATE | VARIABLE).key_rule(KeyRule::Set)
        .later(&[(Release::V8_4, "IFEQ IFNE IFDEQ IFDNE")])
        .groups(&["condition", "expiration"])
        .args(&[arg(7).kind("integer"), arg(8).kind("integer")])
        .key_note("RW and ACCESS due to the optional `GET` argument")
        .history(&[("2.6.12", "Added the `EX`, `PX`, `NX` and `XX` options."), ("6.0.0", "Added the `KEEPTTL` option."), ("6.2.0", "Added the `GET`, `EXAT` and `PXAT` option."), ("7.0.0", "Allowed the `NX` and `GET` options to be used together."), ("8.4.0", "Added 'IFEQ', 'IFNE', 'IFDEQ', 'IFDNE' options.")])
        .reply("OK | bulk | null")
        .doc("1.0.0", "O(1)", "Sets the string value of a key, ignoring its type. The key is created if it doesn't exist."),
    cmd("SETEX key seconds value", setex)
        .write(DENYOOM).key(OW | UPDATE)
        .deprecated("2.6.12", "`SET` with the `EX` argument")
        .reply("OK")
        .doc("2.0.0", "O(1)", "Sets the string value and expiration time of a key. Creates the key if it doesn't exist."),
    cmd("SETNX key value", setnx)
        .write(DENYOOM | FAST).key(OW | INSERT)
        .deprecated("2.6.12", "`SET` with the `NX` argument")
        .reply("int")
        .doc("1.0.0", "O(1)", "Set the string value of a key only when the key doesn't exist."),
    cmd("SETRANGE key offset value", setrange)
        .write(DENYOOM).key(RW | UPDATE)
        .reply("int")
        .doc("2.2.0", "O(1), not counting the time taken to copy the new string in place. Usually, this string is very small so the amortized complexity is O(1). Otherwise, complexity is O(M) with M being the length of the value argument.", "Overwrites a part of a string value with another by an offset. Creates the key if it doesn't exist."),
    cmd("STRLEN key", strlen)
        .read(FAST).key(RO)
        .reply("int")
        .doc("2.2.0", "O(1)", "Returns the length of a string value."),
    cmd("SUBSTR key start end", substr)
        .read(0).key(RO | ACCESS)
        .deprecated("2.0.0", "`GETRANGE`")
        .reply("bulk")
        .doc("1.0.0", "O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings.", "Returns a substring from a string value."),
];

fn get(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match cx.db.read::<Str>(args.at(1))? {
        Some(value) => cx.out.bulk(value.bytes(&mut [0; INT_LEN])),
        None => cx.out.null(),
    }
    Ok(())
}

fn set(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, value) = (args.at(1), args.at(2));
    if args.len() == 3 {
        return put(cx, key, value, Ttl::Clear);
    }
    let (mut nx, mut xx, mut get) = (false, false, false);
    let mut ttl = Ttl::Clear;
    let mut expiry: Option<Expiry<'_>> = None;
    let mut condition: Option<Condition<'_>> = None;
    let mut opts = args.options(3);
    while let Some(opt) = opts.next() {
        match () {
            _ if opt.is("NX") && !xx && (condition.is_none() || both_conditions(cx)) => nx = true,
            _ if opt.is("XX") && !nx && (condition.is_none() || both_conditions(cx)) => xx = true,
            _ if opt.is("GET") => get = true,
            _ if opt.is("KEEPTTL") && expiry.is_none() => ttl = Ttl::Keep,
            _ => match Test::named(opt, cx.server) {
                Some(test) if !nx && !xx => condition = Some(Condition::option(test, &mut opts, condition, cx.server)?),
                None if ttl == Ttl::Clear => expiry = Some(Expiry::option(opt, &mut opts, expiry)?),
                _ => return Err(Error::Syntax),
            },
        }
    }
    if let Some(expiry) = expiry {
        ttl = Ttl::At(expiry.deadline(cx)? as Deadline);
    }
    if get {
        match cx.db.read::<Str>(key)? {
            Some(old) => cx.out.bulk(old.bytes(&mut [0; INT_LEN])),
            None => cx.out.null(),
        }
        cx.out.written()?;
    }
    let met = match condition {
        _ if (nx || xx) && cx.db.meet(key) == nx => false,
        Some(condition) => condition.is_met(cx.db.write::<Str>(key)?.as_deref())?,
        None => true,
    };
    if !met {
        if !get {
            cx.out.null();
        }
        return Ok(());
    }
    let mark = cx.out.mark();
    put(cx, key, value, ttl)?;
    if get {
        cx.out.drop_to(mark);
    }
    Ok(())
}

/// Whether NX or XX may stand behind a condition about the value, and both must be met. It was so in Redis before 8.10.
#[cold]
fn both_conditions(cx: &Ctx<'_>) -> bool {
    !cx.server.has(Release::V8_10) && cx.server.dialect != Dialect::Valkey
}

/// Sets a key and answers OK. A deadline in the past removes the key.
#[inline]
fn put(cx: &mut Ctx<'_>, key: &[u8], value: &[u8], ttl: Ttl) -> Done {
    cx.db.set(key, Value::Str(Str::new(value)), ttl);
    cx.changed(key, class::STRING, "set", 1);
    if let Ttl::At(deadline) = ttl {
        cx.event(key, class::GENERIC, "expire");
        cx.db.propagate(&[b"SET", key, value, b"PXAT", format_int(deadline as i64, &mut [0; INT_LEN])]);
        if deadline <= cx.now as Deadline {
            cx.db.exists(key); // which removes it
        }
    }
    cx.out.ok();
    Ok(())
}

fn setex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let expiry = Expiry { text: args.at(2), seconds: true, absolute: false };
    let deadline = expiry.deadline(cx)?;
    put(cx, args.at(1), args.at(3), Ttl::At(deadline as Deadline))
}

fn psetex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let expiry = Expiry { text: args.at(2), seconds: false, absolute: false };
    let deadline = expiry.deadline(cx)?;
    put(cx, args.at(1), args.at(3), Ttl::At(deadline as Deadline))
}

fn setnx(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let fresh = !cx.db.meet(args.at(1));
    if fresh {
        cx.store(args.at(1), Value::Str(Str::new(args.at(2))), class::STRING, "set");
    }
    cx.out.int(fresh as i64);
    Ok(())
}

fn getset(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    get(cx, args)?;
    cx.out.written()?;
    cx.store(args.at(1), Value::Str(Str::new(args.at(2))), class::STRING, "set");
    Ok(())
}

fn getdel(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    get(cx, args)?;
    cx.out.written()?;
    cx.remove_key(args.at(1));
    Ok(())
}

fn getex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let (mut persist, mut expiry) = (false, None);
    let mut opts = args.options(2);
    while let Some(opt) = opts.next() {
        match () {
            _ if opt.is("PERSIST") && expiry.is_none() => persist = true,
            _ if !persist => expiry = Some(Expiry::option(opt, &mut opts, expiry)?),
            _ => return Err(Error::Syntax),
        }
    }
    if let Some(expiry) = expiry.filter(|_| cx.server.is_valkey()) {
        expiry.deadline(cx)?;
    }
    get(cx, args)?;
    cx.out.written()?;
    if !cx.db.exists(key) {
        return Ok(());
    }
    match expiry {
        Some(expiry) => {
            let deadline = expiry.deadline(cx)?;
            if deadline <= cx.now {
                cx.remove_past(key);
                cx.db.propagate(&[b"DEL", key]);
            } else {
                cx.db.set_deadline(key, deadline as Deadline);
                cx.changed(key, class::GENERIC, "expire", 1);
                cx.db.propagate(&[b"PEXPIREAT", key, format_int(deadline, &mut [0; INT_LEN])]);
            }
        }
        None if persist && cx.db.persist(key) => {
            cx.changed(key, class::GENERIC, "persist", 1);
            cx.db.propagate(&[b"PERSIST", key]);
        }
        None => {}
    }
    Ok(())
}

fn strlen(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let len = cx.db.read::<Str>(args.at(1))?.map_or(0, Str::len);
    cx.out.int(len as i64);
    Ok(())
}

fn append(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    extend(cx, args, false)
}

fn prepend(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    extend(cx, args, true)?;
    let key = args.at(1);
    if cx.db.journaling()
        && let Some(whole) = cx.db.peek::<Str>(key).map(|value| value.bytes(&mut [0; INT_LEN]).to_vec())
    {
        cx.db.propagate(&[b"SET", key, &whole, b"KEEPTTL"]);
    }
    Ok(())
}

fn extend(cx: &mut Ctx<'_>, args: Args<'_>, before: bool) -> Done {
    let limit = cx.server.config.size(Id::MaxBulk);
    let (key, tail) = (args.at(1), args.at(2));
    let len = match cx.db.write::<Str>(key)? {
        Some(value) => {
            if value.len() + tail.len() > limit {
                return Err(Error::TooLong);
            }
            let bytes = value.raw();
            bytes.try_reserve(tail.len()).map_err(|_| Error::OutOfMemory)?;
            bytes.extend_from_slice(tail);
            if before {
                bytes.rotate_right(tail.len());
            }
            bytes.len()
        }
        None => {
            cx.db.set(key, Value::Str(Str::new(tail)), Ttl::Clear);
            tail.len()
        }
    };
    cx.changed(key, class::STRING, if before { "prepend" } else { "append" }, 1);
    cx.out.int(len as i64);
    Ok(())
}

fn setrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let limit = cx.server.config.size(Id::MaxBulk) as i64;
    let (key, patch) = (args.at(1), args.at(3));
    let offset = args.int(2)?;
    if offset < 0 {
        return Err(Error::Offset);
    }
    let old = cx.db.write::<Str>(key)?.map_or(0, |value| value.len());
    if patch.is_empty() {
        cx.out.int(old as i64);
        return Ok(());
    }
    if offset.checked_add(patch.len() as i64).is_none_or(|end| end > limit) {
        return Err(Error::TooLong);
    }
    let (start, end) = (offset as usize, offset as usize + patch.len());
    let overwrite = |bytes: &mut Vec<u8>| -> Result<usize, Error> {
        if bytes.len() < end {
            bytes.try_reserve(end - bytes.len()).map_err(|_| Error::OutOfMemory)?;
            bytes.resize(end, 0);
        }
        bytes[start..end].copy_from_slice(patch);
        Ok(bytes.len())
    };
    let len = match cx.db.write::<Str>(key)? {
        Some(value) => overwrite(value.raw())?,
        None => {
            let mut bytes = Vec::new();
            let len = overwrite(&mut bytes)?;
            cx.db.set(key, Value::Str(Str::Raw(bytes)), Ttl::Clear);
            len
        }
    };
    cx.changed(key, class::STRING, "setrange", 1);
    cx.out.int(len as i64);
    Ok(())
}

fn getrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (start, end) = (args.int(2)?, args.int(3)?);
    match cx.db.read::<Str>(args.at(1))? {
        Some(value) => {
            let mut digits = [0; INT_LEN];
            let bytes = value.bytes(&mut digits);
            let range = range(start, end, bytes.len());
            cx.out.bulk(&bytes[range]);
        }
        None => cx.out.bulk(b""),
    }
    Ok(())
}

fn substr(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    getrange(cx, args)
}

/// The part of `len` bytes that `start` to `end` mean, both included and counted from the end where negative.
fn range(start: i64, end: i64, len: usize) -> std::ops::Range<usize> {
    if start < 0 && end < 0 && start > end {
        return 0..0;
    }
    let len = len as i64;
    let from = if start < 0 { (start + len).max(0) } else { start };
    let to = if end < 0 { (end + len).max(0) } else { end }.min(len - 1);
    if from > to || len == 0 { 0..0 } else { from as usize..to as usize + 1 }
}

fn incr(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    add(cx, args.at(1), 1)
}

fn decr(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    add(cx, args.at(1), -1)
}

fn incrby(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    add(cx, args.at(1), args.int(2)?)
}

fn decrby(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let by = args.int(2)?.checked_neg().ok_or(Error::DecrOverflow)?;
    add(cx, args.at(1), by)
}

fn add(cx: &mut Ctx<'_>, key: &[u8], by: i64) -> Done {
    let value = cx.db.write_or(key, |_| Str::Int(0))?;
    let sum = value.int().ok_or(Error::NotInteger)?.checked_add(by).ok_or(Error::Overflow)?;
    *value = Str::Int(sum);
    cx.changed(key, class::STRING, "incrby", 1);
    cx.out.int(sum);
    Ok(())
}

fn incrbyfloat(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let held = cx.db.write::<Str>(key)?;
    let old = match &held {
        Some(value) => LongDouble::parse(value.bytes(&mut [0; INT_LEN])).ok_or(Error::NotFloat)?,
        None => LongDouble::ZERO,
    };
    let sum = old + LongDouble::parse(args.at(2)).ok_or(Error::NotFloat)?;
    if !sum.is_finite() {
        return Err(Error::NanOrInfinity);
    }
    let mut text = Vec::new();
    sum.write_human(&mut text);
    match held {
        Some(value) => *value = Str::text(&text),
        None => cx.db.set(key, Value::Str(Str::text(&text)), Ttl::Clear),
    }
    cx.changed(key, class::STRING, "incrbyfloat", 1);
    cx.db.propagate(&[b"SET", key, &text, b"KEEPTTL"]);
    cx.out.bulk(&text);
    Ok(())
}

fn mget(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cx.out.array(args.len() - 1);
    for key in args.tail(1) {
        match cx.db.read::<Str>(key) {
            Ok(Some(value)) => cx.out.bulk(value.bytes(&mut [0; INT_LEN])),
            Ok(None) | Err(_) => cx.out.null(), // another type is as good as no key here
        }
    }
    Ok(())
}

fn mset(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len().is_multiple_of(2) {
        return Err(cx.arity());
    }
    set_all(cx, args);
    cx.out.ok();
    Ok(())
}

fn msetnx(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len().is_multiple_of(2) {
        return Err(cx.arity());
    }
    let free = !args.pairs(1).any(|(key, _)| cx.db.meet(key));
    if free {
        set_all(cx, args);
    }
    cx.out.int(free as i64);
    Ok(())
}

fn set_all(cx: &mut Ctx<'_>, args: Args<'_>) {
    for (key, value) in args.pairs(1) {
        cx.store(key, Value::Str(Str::new(value)), class::STRING, "set");
    }
}

/// The longest common subsequence by dynamic programming, and on the way back through the table the ranges in which it
/// lies, last first. Time and memory grow with the product of the lengths; memory is limited to `proto-max-bulk-len`.
fn lcs(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (mut digits_a, mut digits_b) = ([0; INT_LEN], [0; INT_LEN]);
    for key in args.tail(1).take(2) {
        cx.db.read::<Str>(key).map_err(|_| Error::LcsTypes)?;
    }
    let db = &*cx.db;
    let a = db.peek::<Str>(args.at(1)).map_or(&[][..], |a| a.bytes(&mut digits_a));
    let b = db.peek::<Str>(args.at(2)).map_or(&[][..], |b| b.bytes(&mut digits_b));
    let (mut len_only, mut idx, mut with_len, mut min_len) = (false, false, false, 0);
    let mut opts = args.options(3);
    while let Some(opt) = opts.next() {
        match () {
            _ if opt.is("IDX") => idx = true,
            _ if opt.is("LEN") => len_only = true,
            _ if opt.is("WITHMATCHLEN") => with_len = true,
            _ if opt.is("MINMATCHLEN") && opts.left() > 0 => min_len = opts.int()?.max(0),
            _ => return Err(Error::Syntax),
        }
    }
    if idx && len_only {
        return Err(Error::LcsLenAndIdx);
    }
    let width = b.len() + 1;
    let cells = (a.len() as u64 + 1) * width as u64;
    if cells * 4 > cx.server.config.size(Id::MaxBulk) as u64 {
        return Err(Error::LcsMemory);
    }
    let mut table: Vec<u32> = Vec::new();
    table.try_reserve_exact(cells as usize).map_err(|_| Error::OutOfMemory)?;
    table.resize(cells as usize, 0);
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            table[i * width + j] = if a[i - 1] == b[j - 1] {
                table[(i - 1) * width + j - 1] + 1
            } else {
                table[(i - 1) * width + j].max(table[i * width + j - 1])
            };
        }
    }
    let total = table[cells as usize - 1] as usize;
    if len_only {
        cx.out.int(total as i64);
        return Ok(());
    }
    let mut common = vec![0; total];
    let mut matches: Vec<(usize, usize, usize)> = Vec::new(); // start in a, start in b, length
    let (mut i, mut j, mut left) = (a.len(), b.len(), total);
    while left > 0 {
        if a[i - 1] == b[j - 1] {
            (i, j, left) = (i - 1, j - 1, left - 1);
            common[left] = a[i];
            match matches.last_mut() {
                Some(last) if last.0 == i + 1 && last.1 == j + 1 => *last = (i, j, last.2 + 1),
                _ => matches.push((i, j, 1)),
            }
        } else if table[(i - 1) * width + j] > table[i * width + j - 1] {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    if !idx {
        cx.out.bulk(&common);
        return Ok(());
    }
    matches.retain(|&(_, _, len)| len as i64 >= min_len);
    cx.out.map(2);
    cx.out.bulk(b"matches");
    cx.out.array(matches.len());
    for (in_a, in_b, len) in matches {
        cx.out.array(2 + with_len as usize);
        for start in [in_a, in_b] {
            cx.out.array(2);
            cx.out.int(start as i64);
            cx.out.int((start + len - 1) as i64);
        }
        if with_len {
            cx.out.int(len as i64);
        }
    }
    cx.out.bulk(b"len");
    cx.out.int(total as i64);
    Ok(())
}
