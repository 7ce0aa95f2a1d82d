//! What Dragonfly has for fields that end: HSETEX in its own form, FIELDEXPIRE, FIELDTTL.

use super::expire::{LAST, propagate_deadline, propagate_fields};
use super::limits;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::class;
use crate::resp::args::{Args, Word};
use crate::resp::dialect::Dialect;
use crate::resp::error::Error;
use crate::table::spec::{flags::*, key::*};
use crate::types::hash::{FieldTtl, Hash, NEVER};

pub const TABLE: &[Row] = &[
    cmd("FIELDEXPIRE key seconds field [field ...]", fieldexpire)
        .only(Dialect::Dragonfly)
        .write(FAST)
        .key(RW | UPDATE)
        .reply("array of int | null")
        .doc("1.0.0", "O(N) where N is the number of specified fields", "Sets the TTL of fields."),
    cmd("FIELDTTL key field", fieldttl).only(Dialect::Dragonfly).read(FAST).key(RO | ACCESS).reply("int").doc(
        "1.0.0",
        "O(1)",
        "Returns the TTL of a field in seconds.",
    ),
];

/// The place behind the flags with which HSETEX begins.
pub fn behind_flags(args: Args<'_>) -> usize {
    let is_flag = |&at: &usize| ["NX", "FNX", "FXX", "KEEPTTL"].iter().any(|flag| Word(args.at(at)).is(flag));
    2 + (2..args.len()).take_while(is_flag).count()
}

/// The deadline of a field after so many seconds.
fn deadline(seconds: i64, now: i64) -> Result<i64, Error> {
    let deadline = seconds.checked_mul(1000).and_then(|span| span.checked_add(now));
    deadline.filter(|&deadline| seconds > 0 && deadline <= LAST).ok_or(Error::NotInteger)
}

/// `HSETEX key [NX | FNX | FXX] [KEEPTTL] seconds field value [field value ...]`, the seconds at this place: the number of fields that
/// are new. NX leaves fields alone that are there; KEEPTTL leaves them the TTL that they have.
pub fn hsetex(cx: &mut Ctx<'_>, args: Args<'_>, at: usize) -> Done {
    let key = args.at(1);
    let (mut nx, mut fnx, mut fxx, mut keep) = (false, false, false, false);
    for word in args.slice(0, at).tail(2).map(Word) {
        let flag = match () {
            _ if word.is("KEEPTTL") => &mut keep,
            _ if nx || fnx || fxx => return Err(Error::Syntax),
            _ if word.is("NX") => &mut nx,
            _ if word.is("FNX") => &mut fnx,
            _ => &mut fxx,
        };
        if std::mem::replace(flag, true) {
            return Err(Error::Syntax);
        }
    }
    let pairs = args.skip(at + 1);
    if pairs.len() == 0 || !pairs.len().is_multiple_of(2) {
        return Err(cx.arity());
    }
    let deadline = deadline(args.int(at)?, cx.now)?;
    let limits = limits(cx);
    let hash = cx.db.write::<Hash>(key)?;
    let has = |field: &[u8]| hash.as_ref().is_some_and(|hash| hash.contains(field));
    if fnx && pairs.pairs(0).any(|(field, _)| has(field)) || fxx && pairs.pairs(0).any(|(field, _)| !has(field)) {
        cx.out.int(0);
        return Ok(());
    }
    let hash = cx.db.write_or(key, |_| Hash::new())?;
    hash.expect(pairs.len() / 2, &limits);
    hash.expect_deadlines();
    let (mut added, mut timed, mut kept) = (0, Vec::new(), Vec::new());
    for (field, value) in pairs.pairs(0) {
        let old = hash.deadline(field);
        if nx && old.is_some() {
            continue;
        }
        let keeps = keep && old.is_some_and(|old| old != NEVER);
        added += hash.set(field, value, if keeps { FieldTtl::Keep } else { FieldTtl::At(deadline) }, &limits) as i64;
        if keeps { &mut kept } else { &mut timed }.extend([field, value]);
    }
    let count = (timed.len() + kept.len()) as u64 / 2;
    if count > 0 {
        cx.changed(key, class::HASH, "hset", count);
        cx.about(&mut timed.iter().chain(&kept).step_by(2).copied());
        if !timed.is_empty() {
            cx.event(key, class::HASH, "hexpire");
            cx.about(&mut timed.iter().step_by(2).copied());
            propagate_fields(cx, key, Some(deadline), &timed);
        }
        if !kept.is_empty() {
            propagate_fields(cx, key, None, &kept);
        }
    }
    cx.db.delete_or_reindex(key);
    cx.out.int(added);
    Ok(())
}

/// For each field: -2 no such field, 1 done, 2 gone, since it was given no time; nil where there is no hash.
fn fieldexpire(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let seconds = args.int(2)?;
    let deadline = if seconds == 0 { cx.now } else { deadline(seconds, cx.now)? };
    let Some(hash) = cx.db.write::<Hash>(key)? else {
        cx.out.null();
        return Ok(());
    };
    hash.expect_deadlines();
    let (past, mut told) = (seconds == 0, Vec::new());
    cx.out.array(args.len() - 3);
    for field in args.tail(3) {
        let done = if past { hash.remove(field) } else { hash.set_deadline(field, deadline) };
        cx.out.int(match done {
            true if past => 2,
            true => 1,
            false => -2,
        });
        if done {
            told.push(field);
        }
    }
    if !told.is_empty() {
        cx.changed(key, class::HASH, if past { "hdel" } else { "hexpire" }, told.len() as u64);
        cx.about(&mut told.iter().copied());
        propagate_deadline(cx, key, deadline, &told);
    }
    cx.db.delete_or_reindex(key);
    Ok(())
}

/// Seconds, a part of one counted as one; -1 no TTL, -2 no such key, -3 no such field.
fn fieldttl(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let hash = cx.db.read::<Hash>(args.at(1))?;
    let ttl = match hash.map(|hash| hash.deadline(args.at(2))) {
        None => -2,
        Some(None) => -3,
        Some(Some(NEVER)) => -1,
        Some(Some(deadline)) => (deadline - cx.now + 999) / 1000,
    };
    cx.out.int(ttl);
    Ok(())
}
