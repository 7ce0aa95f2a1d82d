//! Fields that end: HEXPIRE and its kind, HGETEX, HSETEX, and HGETDEL.

use super::{bulk, limits};
use crate::allocator;
use crate::commands::keys::Condition;
use crate::commands::shared::deadlines::Expiry;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{self, Deadline, class};
use crate::resp::args::{Args, Options, Word};
use crate::resp::error::{Error, quoted};
use crate::resp::reply::Reply;
use crate::table::spec::{flags::*, key::*};
use crate::types::hash::{FieldTtl, Hash, NEVER};
use crate::types::number::{INT_LEN, format_int, parse_int};

pub const TABLE: &[Row] = &[
    cmd("HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]", hexpire)
        .write(FAST).key(RW | UPDATE)
        .groups(&["condition", "fields"])
        .reply("array of int")
        .valkey().doc("7.4.0", "O(N) where N is the number of specified fields", "Set expiry for hash field using relative time to expire (seconds)"),
    cmd("HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]", hexpireat)
        .write(FAST).key(RW | UPDATE)
        .groups(&["condition", "fields"])
        .reply("array of int")
        .valkey().doc("7.4.0", "O(N) where N is the number of specified fields", "Set expiry for hash field using an absolute Unix timestamp (seconds)"),
    cmd("HEXPIRETIME key FIELDS numfields field [field ...]", hexpiretime)
        .read(FAST).key(RO | ACCESS)
        .groups(&["fields"])
        .reply("array of int")
        .valkey().doc("7.4.0", "O(N) where N is the number of specified fields", "Returns the expiration time of a hash field as a Unix timestamp, in seconds."),
    cmd("HGETDEL key FIELDS numfields field [field ...]", hgetdel)
        .write(FAST).key(RW | ACCESS | DELETE)
        .groups(&["fields"])
        .reply("array of (bulk | null)")
        .valkey().doc("8.0.0", "O(N) where N is the number of specified fields", "Returns the value of a field and deletes it from the hash."),
    cmd("HGETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] FIELDS numfields field [field ...]", hgetex)
        .write(FAST).key(RW | ACCESS | UPDATE)
        .key_note("RW and UPDATE because it changes the TTL")
        .groups(&["expiration", "fields"])
        .reply("array of (bulk | null)")
        .valkey().doc("8.0.0", "O(N) where N is the number of specified fields", "Get the value of one or more fields of a given hash key, and optionally set their expiration."),
    cmd("HPERSIST key FIELDS numfields field [field ...]", hpersist)
        .write(FAST).key(RW | UPDATE)
        .groups(&["fields"])
        .reply("array of int")
        .valkey().doc("7.4.0", "O(N) where N is the number of specified fields", "Removes the expiration time for each specified field"),
    cmd("HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]", hpexpire)
        .write(FAST).key(RW | UPDATE)
        .groups(&["condition", "fields"])
        .reply("array of int")
        .valkey().doc("7.4.0", "O(N) where N is the number of specified fields", "Set expiry for hash field using relative time to expire (milliseconds)"),
    cmd("HPEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]", hpexpireat)
        .write(FAST).key(RW | UPDATE)
        .groups(&["condition", "fields"])
        .reply("array of int")
        .valkey().doc("7.4.0", "O(N) where N is the number of specified fields", "Set expiry for hash field using an absolute Unix timestamp (milliseconds)"),
    cmd("HPEXPIRETIME key FIELDS numfields field [field ...]", hpexpiretime)
        .read(FAST).key(RO | ACCESS)
        .groups(&["fields"])
        .reply("array of int")
        .valkey().doc("7.4.0", "O(N) where N is the number of specified fields", "Returns the expiration time of a hash field as a Unix timestamp, in msec."),
    cmd("HPTTL key FIELDS numfields field [field ...]", hpttl)
        .read(FAST).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .groups(&["fields"])
        .reply("array of int")
        .valkey().doc("7.4.0", "O(N) where N is the number of specified fields", "Returns the TTL in milliseconds of a hash field."),
    cmd("HSETEX key [FNX | FXX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL] FIELDS numfields field value [field value ...]", hsetex)
        .also(5).write(DENYOOM | FAST).key(RW | UPDATE)
        .groups(&["condition", "expiration", "fields", "data"])
        .reply("int")
        .valkey().doc("8.0.0", "O(N) where N is the number of fields being set.", "Set the value of one or more fields of a given hash key, and optionally set their expiration."),
    cmd("HTTL key FIELDS numfields field [field ...]", httl)
        .read(FAST).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .groups(&["fields"])
        .reply("array of int")
        .valkey().doc("7.4.0", "O(N) where N is the number of specified fields", "Returns the TTL in seconds of a hash field."),
];

/// No field lives longer, in milliseconds since the epoch.
const LAST: i64 = (1 << 46) - 1;

/// The deadline of a field, at least 1 (a listpackex has 0 for none). The past is allowed: the field then goes at once.
fn deadline(expiry: Expiry<'_>, cx: &Ctx<'_>) -> Result<i64, Error> {
    let value = parse_int(expiry.text).ok_or(Error::NotInteger)?;
    if value < 0 {
        return Err(Error::NegativeExpire);
    }
    let deadline =
        expiry.at(value, cx.now).filter(|&deadline| deadline <= LAST).ok_or(Error::ExpireTime(cx.cmd.title()))?;
    Ok(deadline.max(1))
}

/// The arguments behind `FIELDS numfields`, which must stand at `at`.
fn fields<'a>(args: Args<'a>, at: usize, not_positive: Error) -> Result<Args<'a>, Error> {
    if !args.get(at).is_some_and(|word| Word(word).is("FIELDS")) {
        return Err(Error::NoFields);
    }
    let count = args.get(at + 1).and_then(parse_int).filter(|&count| count > 0).ok_or(not_positive)?;
    if count != (args.len() - at - 2) as i64 {
        return Err(Error::FieldCount);
    }
    Ok(args.skip(at + 2))
}

fn hexpire(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    give_ttl(cx, args, true, false)
}

fn hpexpire(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    give_ttl(cx, args, false, false)
}

fn hexpireat(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    give_ttl(cx, args, true, true)
}

fn hpexpireat(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    give_ttl(cx, args, false, true)
}

/// What HEXPIRE and its kind have behind the time, in any order: conditions, of which one counts, and the fields.
fn condition_and_fields(args: Args<'_>) -> Result<(Condition, Args<'_>), Error> {
    let (mut when, mut fields) = (Condition::default(), None);
    let mut opts = args.options(3);
    while let Some(word) = opts.next() {
        match () {
            _ if word.is("NX") => when.nx = true,
            _ if word.is("XX") => when.xx = true,
            _ if word.is("GT") => when.gt = true,
            _ if word.is("LT") => when.lt = true,
            _ if !word.is("FIELDS") => return Err(unknown(word)),
            _ if fields.is_some() => return Err(Error::FieldsTwice),
            _ if opts.left() < 2 => return Err(Error::FieldsWithoutAny),
            _ => fields = Some(counted(&mut opts, 1, Error::FieldsGreater)?),
        }
    }
    let fields = fields.ok_or(Error::FieldsMissing)?;
    if [when.nx, when.xx, when.gt, when.lt].iter().filter(|&&given| given).count() > 1 {
        return Err(Error::ConditionTwice);
    }
    Ok((when, fields))
}

/// Takes a count, and so many fields behind it, each of `size` arguments.
fn counted<'a>(opts: &mut Options<'a>, size: usize, not_positive: Error) -> Result<Args<'a>, Error> {
    let count = opts.int().ok().filter(|count| (1..=i32::MAX as i64).contains(count)).ok_or(not_positive)?;
    opts.take(count as usize * size).ok_or(Error::FieldsShort)
}

fn unknown(word: Word<'_>) -> Error {
    Error::quoting(&[b"ERR unknown argument: ", quoted(word.0, usize::MAX)])
}

/// For each field: -2 no such field, 0 not allowed by the condition, 1 done, 2 gone, because its time had come.
fn give_ttl(cx: &mut Ctx<'_>, args: Args<'_>, seconds: bool, absolute: bool) -> Done {
    let key = args.at(1);
    cx.db.write::<Hash>(key)?;
    let deadline = deadline(Expiry { text: args.at(2), seconds, absolute }, cx)?;
    let (when, fields) = condition_and_fields(args)?;
    let now = cx.now;
    let (mut told, telling) = (Vec::new(), cx.db.journaling() || cx.db.log.effects.names_fields());
    let mut hash = cx.db.write::<Hash>(key)?;
    let mut changed = 0;
    cx.out.array(fields.len());
    if let Some(hash) = &mut hash {
        hash.expect_deadlines();
    }
    for field in fields.tail(0) {
        let answer = match hash.as_mut().and_then(|hash| Some((hash.deadline(field)?, hash))) {
            None => -2,
            Some((old, _)) if !when.allows(comparable(old), deadline as Deadline) => 0,
            Some((_, hash)) if deadline <= now => {
                hash.remove(field);
                2
            }
            Some((_, hash)) => {
                hash.set_deadline(field, deadline);
                1
            }
        };
        changed += (answer > 0) as u64;
        cx.out.int(answer);
        if answer > 0 && telling {
            told.push(field);
        }
    }
    if changed > 0 {
        cx.changed(key, class::HASH, if deadline <= now { "hdel" } else { "hexpire" }, changed);
        cx.about(&mut told.iter().copied());
        propagate_deadline(cx, key, deadline, &told);
    }
    cx.db.delete_or_reindex(key);
    Ok(())
}

/// Tells the journal that fields got a deadline, lost theirs ([`NEVER`]), or are gone, because it lies in the past.
fn propagate_deadline(cx: &mut Ctx<'_>, key: &[u8], deadline: i64, fields: &[&[u8]]) {
    if !cx.db.journaling() {
        return;
    }
    let (mut digits, mut number) = ([0; INT_LEN], [0; INT_LEN]);
    let count = format_int(fields.len() as i64, &mut number);
    let mut told: Vec<&[u8]> = match deadline {
        NEVER => vec![b"HPERSIST", key, b"FIELDS", count],
        _ if deadline <= cx.now => vec![b"HDEL", key],
        _ => vec![b"HPEXPIREAT", key, format_int(deadline, &mut digits), b"FIELDS", count],
    };
    told.extend(fields);
    cx.db.propagate(&told);
}

/// A field's deadline as a key's, for comparing.
fn comparable(deadline: i64) -> Deadline {
    if deadline == NEVER { keyspace::NEVER } else { deadline as Deadline }
}

fn httl(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_deadlines(cx, args, |deadline, now| seconds(deadline - now))
}

fn hpttl(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_deadlines(cx, args, |deadline, now| deadline - now)
}

fn hexpiretime(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_deadlines(cx, args, |deadline, _| seconds(deadline))
}

fn hpexpiretime(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_deadlines(cx, args, |deadline, _| deadline)
}

/// Milliseconds as seconds, a part of one counted as one (TTL rounds to the nearest, HTTL does not).
fn seconds(ms: i64) -> i64 {
    (ms + 999) / 1000
}

/// For each field: -2 no such field, -1 no TTL, else what `show` makes of the deadline.
fn reply_deadlines(cx: &mut Ctx<'_>, args: Args<'_>, show: fn(i64, i64) -> i64) -> Done {
    let hash = cx.db.read::<Hash>(args.at(1))?;
    let fields = fields(args, 2, Error::FieldsPositive)?;
    cx.out.array(fields.len());
    for field in fields.tail(0) {
        cx.out.int(match hash.and_then(|hash| hash.deadline(field)) {
            None => -2,
            Some(NEVER) => -1,
            Some(deadline) => show(deadline, cx.now),
        });
    }
    Ok(())
}

/// For each field: -2 no such field, -1 no TTL, 1 the TTL is taken away.
fn hpersist(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    cx.db.write::<Hash>(key)?;
    let fields = fields(args, 2, Error::FieldsPositive)?;
    let (mut changed, mut told, telling) = (0, Vec::new(), cx.db.log.effects.names_fields());
    let mut hash = cx.db.write::<Hash>(key)?;
    cx.out.array(fields.len());
    for field in fields.tail(0) {
        cx.out.int(match hash.as_mut().and_then(|hash| Some((hash.deadline(field)?, hash))) {
            None => -2,
            Some((NEVER, _)) => -1,
            Some((_, hash)) => {
                hash.set_deadline(field, NEVER);
                changed += 1;
                if telling {
                    told.push(field);
                }
                1
            }
        });
    }
    if changed > 0 {
        cx.changed(key, class::HASH, "hpersist", changed);
        cx.about(&mut told.into_iter());
    }
    cx.db.delete_or_reindex(key);
    Ok(())
}

/// Room for the values of these fields in the reply, before they are changed one by one.
fn make_room(out: &mut Reply, hash: Option<&Hash>, fields: Args<'_>) -> Done {
    if allocator::is_ample() {
        return Ok(());
    }
    let value = |field: &[u8]| hash.and_then(|hash| hash.get(field)).map_or(0, |value| value.len());
    out.room_for(fields.tail(0).map(|field| value(field) + 32).sum())
}

fn hgetdel(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    cx.db.write::<Hash>(key)?;
    let fields = fields(args, 2, Error::FieldsPositive)?;
    let (mut removed, mut told, telling) = (0, Vec::new(), cx.db.log.effects.names_fields());
    let mut hash = cx.db.write::<Hash>(key)?;
    make_room(cx.out, hash.as_deref(), fields)?;
    cx.out.array(fields.len());
    for field in fields.tail(0) {
        bulk(cx.out, hash.as_ref().and_then(|hash| hash.get(field)));
        if hash.as_mut().is_some_and(|hash| hash.remove(field)) {
            removed += 1;
            if telling {
                told.push(field);
            }
        }
    }
    if removed > 0 {
        cx.changed(key, class::HASH, "hdel", removed);
        cx.about(&mut told.into_iter());
    }
    cx.db.delete_or_reindex(key);
    Ok(())
}

fn hgetex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    cx.db.write::<Hash>(key)?;
    let given = Given::read(cx, args, 1, Error::OneExpirationOrPersist)?;
    if given.fnx || given.fxx || given.keep {
        return Err(Error::UnknownArgument);
    }
    let (new, fields) = (if given.persist { Some(NEVER) } else { given.deadline }, given.fields);
    let now = cx.now;
    let (mut told, telling) = (Vec::new(), cx.db.journaling() || cx.db.log.effects.names_fields());
    let mut hash = cx.db.write::<Hash>(key)?;
    let mut changed = 0;
    make_room(cx.out, hash.as_deref(), fields)?;
    if let (Some(hash), Some(_)) = (&mut hash, new) {
        hash.expect_deadlines();
    }
    cx.out.array(fields.len());
    for field in fields.tail(0) {
        bulk(cx.out, hash.as_ref().and_then(|hash| hash.get(field)));
        let touched = match (hash.as_mut(), new) {
            (Some(hash), Some(new)) if new <= now => hash.remove(field),
            (Some(hash), Some(new)) => {
                let old = hash.deadline(field);
                old.is_some() && (new != NEVER || old != Some(NEVER)) && hash.set_deadline(field, new)
            }
            _ => false,
        };
        changed += touched as u64;
        if touched && telling {
            told.push(field);
        }
    }
    if changed > 0 {
        let event = match new {
            Some(NEVER) => "hpersist",
            Some(new) if new <= now => "hdel",
            _ => "hexpire",
        };
        cx.changed(key, class::HASH, event, changed);
        cx.about(&mut told.iter().copied());
        propagate_deadline(cx, key, new.unwrap_or(NEVER), &told);
    }
    cx.db.delete_or_reindex(key);
    Ok(())
}

/// What HGETEX and HSETEX are given, in any order. Both read the words of either; what is the other's alone they refuse at
/// the end, without saying which it was.
struct Given<'a> {
    fnx: bool,
    fxx: bool,
    keep: bool,
    persist: bool,
    deadline: Option<i64>,
    fields: Args<'a>,
    /// The place of the first field.
    place: usize,
}

impl<'a> Given<'a> {
    /// `size` is how many arguments a field has. `two` is the error for a second expiry; only KEEPTTL and PERSIST may stand
    /// together, since no command has both.
    fn read(cx: &Ctx<'_>, args: Args<'a>, size: usize, two: Error) -> Result<Given<'a>, Error> {
        let (mut fnx, mut fxx, mut keep, mut persist) = (false, false, false, false);
        let (mut end, mut fields, mut place) = (None, None, 0);
        let mut opts = args.options(2);
        while let Some(word) = opts.next() {
            match () {
                _ if word.is("FIELDS") && fields.is_some() => return Err(Error::FieldsTwice),
                _ if word.is("FIELDS") && opts.left() == 0 => return Err(cx.arity()),
                _ if word.is("FIELDS") => {
                    place = opts.position() + 1;
                    fields = Some(counted(&mut opts, size, Error::FieldsInvalid)?);
                }
                _ if word.is("FNX") || word.is("FXX") => {
                    if fnx || fxx {
                        return Err(Error::OneCondition);
                    }
                    fnx = word.is("FNX");
                    fxx = !fnx;
                }
                _ if word.is("KEEPTTL") => {
                    if end.is_some() || keep {
                        return Err(two);
                    }
                    keep = true;
                }
                _ if word.is("PERSIST") => {
                    if end.is_some() || persist {
                        return Err(two);
                    }
                    persist = true;
                }
                _ if ["EX", "PX", "EXAT", "PXAT"].iter().any(|token| word.is(token)) => {
                    if end.is_some() || keep || persist {
                        return Err(two);
                    }
                    if opts.left() == 0 {
                        return Err(Error::NoExpireTime);
                    }
                    end = Some(deadline(Expiry::option(word, &mut opts, None)?, cx)?);
                }
                _ => return Err(unknown(word)),
            }
        }
        let fields = fields.ok_or(Error::FieldsMissing)?;
        Ok(Given { fnx, fxx, keep, persist, deadline: end, fields, place })
    }
}

fn hsetex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len() == 5 {
        return hsetex_short(cx, args);
    }
    let key = args.at(1);
    let Given { fnx, fxx, keep, persist, deadline, fields: pairs, place } =
        Given::read(cx, args, 2, Error::OneExpiration)?;
    if persist {
        return Err(Error::UnknownArgument);
    }
    let ttl = match deadline {
        Some(deadline) => FieldTtl::At(deadline),
        None if keep => FieldTtl::Keep,
        None => FieldTtl::Clear,
    };
    let (now, limits, count) = (cx.now, limits(cx), pairs.len() / 2);
    let hash = cx.db.write::<Hash>(key)?;
    let has = |field: &[u8]| hash.as_ref().is_some_and(|hash| hash.contains(field));
    if fnx && pairs.pairs(0).any(|(field, _)| has(field)) || fxx && pairs.pairs(0).any(|(field, _)| !has(field)) {
        cx.out.int(0);
        return Ok(());
    }
    let hash = cx.db.write_or(key, |_| Hash::new())?;
    // As in Redis, what stands behind the pairs counts with them.
    let long = args.tail(place + pairs.len()).any(|word| word.len() > limits.value);
    hash.expect(if long { usize::MAX } else { (args.len() - place) / 2 }, &limits);
    for (field, value) in pairs.pairs(0) {
        hash.set(field, value, ttl, &limits);
        hash.expire_due(now, 1, &mut |_| {}); // a deadline in the past
    }
    cx.changed(key, class::HASH, "hset", count as u64);
    cx.about(&mut pairs.pairs(0).map(|(field, _)| field));
    if let Some(deadline) = deadline {
        cx.event(key, class::HASH, if deadline <= now { "hdel" } else { "hexpire" });
        cx.about(&mut pairs.pairs(0).map(|(field, _)| field));
        propagate_fields(cx, key, deadline, pairs);
    }
    cx.db.delete_or_reindex(key);
    cx.out.int(1);
    Ok(())
}

/// Tells the journal of fields that were set with a deadline; of no more than their end if that has come.
fn propagate_fields(cx: &mut Ctx<'_>, key: &[u8], deadline: i64, pairs: Args<'_>) {
    if !cx.db.journaling() {
        return;
    }
    let (mut digits, mut number) = ([0; INT_LEN], [0; INT_LEN]);
    if deadline <= cx.now {
        let fields: Vec<&[u8]> = pairs.pairs(0).map(|(field, _)| field).collect();
        return propagate_deadline(cx, key, deadline, &fields);
    }
    let count = format_int(pairs.len() as i64 / 2, &mut number);
    let mut told: Vec<&[u8]> = vec![b"HSETEX", key, b"PXAT", format_int(deadline, &mut digits), b"FIELDS", count];
    told.extend(pairs.tail(0));
    cx.db.propagate(&told);
}

/// `HSETEX key field value seconds`: sets a field, and the TTL of the whole hash. Answers 1 for a new field, else 0.
fn hsetex_short(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, limits) = (args.at(1), limits(cx));
    let span = parse_int(args.at(4)).ok_or_else(|| cx.arity())?;
    if span <= 0 {
        return Err(Error::ExpireTime(cx.cmd.title()));
    }
    let expiry = Expiry { text: args.at(4), seconds: true, absolute: false };
    let deadline = expiry.at(span, cx.now).ok_or(Error::ExpireTime(cx.cmd.title()))?;
    let hash = cx.db.write_or(key, |_| Hash::new())?;
    let added = hash.set(args.at(2), args.at(3), FieldTtl::Clear, &limits);
    cx.db.delete_or_reindex(key);
    cx.db.set_deadline(key, deadline as Deadline);
    cx.changed(key, class::HASH, "hset", 1);
    cx.about(&mut std::iter::once(args.at(2)));
    cx.event(key, class::GENERIC, "expire");
    cx.db.propagate(&[b"HSET", key, args.at(2), args.at(3)]);
    cx.db.propagate(&[b"PEXPIREAT", key, format_int(deadline, &mut [0; INT_LEN])]);
    cx.out.int(added as i64);
    Ok(())
}
