//! Fields that end: HEXPIRE and its kind, HGETEX, HSETEX, and HGETDEL.

use super::{bulk, dragonfly, limits, valkey};
use crate::allocator;
use crate::commands::keys::Condition;
use crate::commands::shared::deadlines::Expiry;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{self, Deadline, class};
use crate::resp::args::{Args, Options, Word};
use crate::resp::dialect::Dialect;
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
pub const LAST: i64 = (1 << 46) - 1;

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

/// The fields of a command that changes them and has nothing else behind its key.
fn only_fields<'a>(cx: &mut Ctx<'_>, args: Args<'a>) -> Result<Args<'a>, Error> {
    if cx.server.dialect == Dialect::Valkey {
        return valkey::fields(args, Error::FieldsNotAsSaid);
    }
    cx.db.write::<Hash>(args.at(1))?;
    fields(args, 2, Error::FieldsPositive)
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

/// The conditions, the deadline and the fields.
fn timed<'a>(
    cx: &mut Ctx<'_>,
    args: Args<'a>,
    seconds: bool,
    absolute: bool,
) -> Result<(Condition, i64, Args<'a>), Error> {
    if cx.server.dialect == Dialect::Valkey {
        return valkey::timed(cx, args, seconds, absolute);
    }
    cx.db.write::<Hash>(args.at(1))?;
    let deadline = deadline(Expiry { text: args.at(2), seconds, absolute }, cx)?;
    let (when, fields) = condition_and_fields(args)?;
    Ok((when, deadline, fields))
}

/// For each field: -2 no such field, 0 not allowed by the condition, 1 done, 2 gone, because its time had come.
fn give_ttl(cx: &mut Ctx<'_>, args: Args<'_>, seconds: bool, absolute: bool) -> Done {
    let key = args.at(1);
    let (when, deadline, fields) = timed(cx, args, seconds, absolute)?;
    let now = cx.now;
    let (mut told, telling) = (Vec::new(), cx.db.journaling() || cx.db.log.effects.names_fields());
    let mut hash = cx.db.write::<Hash>(key)?;
    let mut changed = 0;
    cx.out.array(fields.len());
    if let Some(hash) = &mut hash
        && !cx.server.is_valkey()
    {
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
        cx.changed(key, class::HASH, if deadline <= now { gone(cx) } else { "hexpire" }, changed);
        cx.about(&mut told.iter().copied());
        propagate_deadline(cx, key, deadline, &told);
    }
    cx.db.delete_or_reindex(key);
    Ok(())
}

/// Tells the journal that fields got a deadline, lost theirs ([`NEVER`]), or are gone, because it lies in the past.
pub fn propagate_deadline(cx: &mut Ctx<'_>, key: &[u8], deadline: i64, fields: &[&[u8]]) {
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

/// The event of fields that are gone, because their deadline lies in the past.
fn gone(cx: &Ctx<'_>) -> &'static str {
    if cx.server.dialect == Dialect::Valkey { "hexpired" } else { "hdel" }
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
    let valkey = cx.server.dialect == Dialect::Valkey;
    let first = valkey.then(|| valkey::fields(args, Error::Syntax)).transpose()?;
    let hash = cx.db.read::<Hash>(args.at(1))?;
    let fields = first.map_or_else(|| fields(args, 2, Error::FieldsPositive), Ok)?;
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
    let fields = only_fields(cx, args)?;
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
    let fields = only_fields(cx, args)?;
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
    if let (Some(hash), Some(_)) = (&mut hash, new)
        && !cx.server.is_valkey()
    {
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
            Some(new) if new <= now => gone(cx),
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
pub struct Given<'a> {
    /// Conditions on the key, which Valkey has.
    pub nx: bool,
    pub xx: bool,
    pub fnx: bool,
    pub fxx: bool,
    pub keep: bool,
    pub persist: bool,
    pub deadline: Option<i64>,
    pub fields: Args<'a>,
    /// The place of the first field.
    pub place: usize,
}

impl<'a> Given<'a> {
    pub fn nothing(args: Args<'a>) -> Given<'a> {
        let [nx, xx, fnx, fxx, keep, persist] = [false; 6];
        Given { nx, xx, fnx, fxx, keep, persist, deadline: None, fields: args.slice(0, 0), place: 0 }
    }

    /// `size` is how many arguments a field has; HGETEX, whose have one, looks at the key first. `two` is the error for a second expiry; only KEEPTTL and PERSIST may stand
    /// together, since no command has both.
    fn read(cx: &mut Ctx<'_>, args: Args<'a>, size: usize, two: Error) -> Result<Given<'a>, Error> {
        if cx.server.dialect == Dialect::Valkey {
            return valkey::given(cx, args, size);
        }
        if size == 1 {
            cx.db.write::<Hash>(args.at(1))?;
        }
        let mut given = Given::nothing(args);
        let Given { fnx, fxx, keep, persist, deadline: end, place, .. } = &mut given;
        let mut fields = None;
        let mut opts = args.options(2);
        while let Some(word) = opts.next() {
            match () {
                _ if word.is("FIELDS") && fields.is_some() => return Err(Error::FieldsTwice),
                _ if word.is("FIELDS") && opts.left() == 0 => return Err(cx.arity()),
                _ if word.is("FIELDS") => {
                    *place = opts.position() + 1;
                    fields = Some(counted(&mut opts, size, Error::FieldsInvalid)?);
                }
                _ if word.is("FNX") || word.is("FXX") => {
                    if *fnx || *fxx {
                        return Err(Error::OneCondition);
                    }
                    *fnx = word.is("FNX");
                    *fxx = !*fnx;
                }
                _ if word.is("KEEPTTL") => {
                    if end.is_some() || *keep {
                        return Err(two);
                    }
                    *keep = true;
                }
                _ if word.is("PERSIST") => {
                    if end.is_some() || *persist {
                        return Err(two);
                    }
                    *persist = true;
                }
                _ if ["EX", "PX", "EXAT", "PXAT"].iter().any(|token| word.is(token)) => {
                    if end.is_some() || *keep || *persist {
                        return Err(two);
                    }
                    if opts.left() == 0 {
                        return Err(Error::NoExpireTime);
                    }
                    *end = Some(deadline(Expiry::option(word, &mut opts, None)?, cx)?);
                }
                _ => return Err(unknown(word)),
            }
        }
        given.fields = fields.ok_or(Error::FieldsMissing)?;
        Ok(given)
    }
}

/// Three systems have a command of this name, and Wakey's first documents a fourth; see [`Form`].
fn hsetex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match Form::of(cx, args) {
        Form::Fields if args.len() < 6 => Err(cx.arity()),
        Form::Fields => hsetex_fields(cx, args),
        Form::Dragonfly(at) => dragonfly::hsetex(cx, args, at),
        Form::Short => hsetex_short(cx, args),
    }
}

/// How HSETEX was written. What stands behind the key tells it, or behind the flags with which Dragonfly's begins in its own dialect:
/// an integer is its seconds, and no option of the form that Redis and Valkey have. Where four arguments are given and the last is an
/// integer, it is the short form, which the other dialects but Valkey's put first.
enum Form {
    /// `key [options] FIELDS numfields field value ...`
    Fields,
    /// `key [NX | FNX | FXX] [KEEPTTL] seconds field value ...`; the place of the seconds.
    Dragonfly(usize),
    /// `key field value seconds`
    Short,
}

impl Form {
    fn of(cx: &Ctx<'_>, args: Args<'_>) -> Form {
        let dialect = cx.server.dialect;
        let is_int = |at: usize| args.get(at).and_then(parse_int).is_some();
        let at = if dialect == Dialect::Dragonfly { dragonfly::behind_flags(args) } else { 2 };
        let (own, short) = (is_int(at), args.len() == 5 && is_int(4));
        match () {
            _ if dialect == Dialect::Valkey => Form::Fields,
            _ if own && (dialect == Dialect::Dragonfly || !short) => Form::Dragonfly(at),
            _ if short => Form::Short,
            _ => Form::Fields,
        }
    }
}

fn hsetex_fields(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let Given { nx, xx, fnx, fxx, keep, persist, deadline, fields: pairs, place } =
        Given::read(cx, args, 2, Error::OneExpiration)?;
    if persist {
        return Err(Error::UnknownArgument);
    }
    let ttl = match deadline {
        Some(deadline) => FieldTtl::At(deadline),
        None if keep => FieldTtl::Keep,
        None => FieldTtl::Clear,
    };
    let (now, limits, count, valkey) = (cx.now, limits(cx), pairs.len() / 2, cx.server.is_valkey());
    let hash = cx.db.write::<Hash>(key)?;
    let has = |field: &[u8]| hash.as_ref().is_some_and(|hash| hash.contains(field));
    if if hash.is_some() { nx } else { xx }
        || fnx && pairs.pairs(0).any(|(field, _)| has(field))
        || fxx && pairs.pairs(0).any(|(field, _)| !has(field))
    {
        cx.out.int(0);
        return Ok(());
    }
    let hash = cx.db.write_or(key, |_| Hash::new())?;
    // As in Redis, what stands behind the pairs counts with them.
    let long = args.tail(place + pairs.len()).any(|word| word.len() > limits.value);
    if !valkey {
        hash.expect(if long { usize::MAX } else { (args.len() - place) / 2 }, &limits);
    }
    for (field, value) in pairs.pairs(0) {
        if valkey && deadline.is_some_and(|deadline| deadline <= now) {
            hash.remove(field);
            continue;
        }
        hash.set(field, value, ttl, &limits);
        hash.expire_due(now, 1, &mut |_| {}); // a deadline in the past
    }
    cx.changed(key, class::HASH, "hset", count as u64);
    cx.about(&mut pairs.pairs(0).map(|(field, _)| field));
    if let Some(deadline) = deadline {
        let past = deadline <= now;
        for event in [(!past || valkey).then_some("hexpire"), past.then(|| gone(cx))].into_iter().flatten() {
            cx.event(key, class::HASH, event);
            cx.about(&mut pairs.pairs(0).map(|(field, _)| field));
        }
        propagate_fields(cx, key, Some(deadline), &pairs.tail(0).collect::<Vec<_>>());
    } else if (nx || xx) && cx.db.journaling() {
        // Without the conditions, which no other dialect has.
        let told: Vec<&[u8]> = pairs.tail(0).collect();
        match ttl {
            FieldTtl::Keep => propagate_fields(cx, key, None, &told),
            _ => cx.db.propagate(&[&[&b"HSET"[..], key][..], &told].concat()),
        }
    }
    cx.db.delete_or_reindex(key);
    cx.out.int(1);
    Ok(())
}

/// Tells the journal of fields that were set with a deadline, of no more than their end if that has come; or that kept theirs.
pub fn propagate_fields(cx: &mut Ctx<'_>, key: &[u8], deadline: Option<i64>, pairs: &[&[u8]]) {
    if !cx.db.journaling() {
        return;
    }
    if let Some(past) = deadline.filter(|&deadline| deadline <= cx.now) {
        let fields: Vec<&[u8]> = pairs.iter().step_by(2).copied().collect();
        return propagate_deadline(cx, key, past, &fields);
    }
    let (mut digits, mut number) = ([0; INT_LEN], [0; INT_LEN]);
    let mut told: Vec<&[u8]> = vec![b"HSETEX", key];
    match deadline {
        Some(deadline) => told.extend([b"PXAT", format_int(deadline, &mut digits)]),
        None => told.push(b"KEEPTTL"),
    }
    told.extend([b"FIELDS", format_int(pairs.len() as i64 / 2, &mut number)]);
    told.extend(pairs);
    cx.db.propagate(&told);
}

/// `HSETEX key field value seconds`: sets a field, and the TTL of the whole hash. Answers 1 for a new field, else 0.
fn hsetex_short(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, limits) = (args.at(1), limits(cx));
    let span = args.int(4)?;
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
