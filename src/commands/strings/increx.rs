//! INCREX: a number that is raised within bounds, and the key's time to live set with it. What would leave the bounds, or those
//! of its type, is not done, or with SATURATE goes as far as it may.

use crate::commands::shared::deadlines::Expiry;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, NEVER, class};
use crate::resp::args::{Args, Options};
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::table::spec::{arg, flags::*, key::*};
use crate::types::double;
use crate::types::long_double::LongDouble;
use crate::types::number::{INT_LEN, format_int, parse_int};
use crate::types::string::Str;

pub const TABLE: &[Row] = &[
    cmd("INCREX key [BYFLOAT float | BYINT integer] [LBOUND lowerbound] [UBOUND upperbound] [SATURATE] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] [ENX]", increx)
        .write(DENYOOM | FAST).key(RW | ACCESS | UPDATE)
        .groups(&["increment", "expiration"])
        .args(&[arg(2).kind("double"), arg(3).kind("integer")])
        .reply("[int int] | [double double]")
        .doc("8.8.0", "O(1)", "Increments the numeric value of a key by a number and sets its expiration time. Uses 0 as initial value if the key doesn't exist."),
];

/// What stands behind the key.
#[derive(Default)]
struct Wish<'a> {
    by: Option<&'a [u8]>,
    float: bool,
    lower: Option<&'a [u8]>,
    upper: Option<&'a [u8]>,
    saturate: bool,
    expiry: Option<Expiry<'a>>,
    persist: bool,
    /// The expiry is for a key without one.
    enx: bool,
}

impl<'a> Wish<'a> {
    fn parse(mut opts: Options<'a>) -> Result<Wish<'a>, Error> {
        let mut wish = Wish::default();
        while let Some(opt) = opts.next() {
            match () {
                _ if opt.is("BYINT") && wish.by.is_none() => wish.by = Some(opts.value()?),
                _ if opt.is("BYFLOAT") && wish.by.is_none() => (wish.by, wish.float) = (Some(opts.value()?), true),
                _ if opt.is("LBOUND") && wish.lower.is_none() => wish.lower = Some(opts.value()?),
                _ if opt.is("UBOUND") && wish.upper.is_none() => wish.upper = Some(opts.value()?),
                _ if opt.is("SATURATE") && !wish.saturate => wish.saturate = true,
                _ if opt.is("ENX") && !wish.enx => wish.enx = true,
                _ if opt.is("PERSIST") && !wish.persist && wish.expiry.is_none() => wish.persist = true,
                _ if !wish.persist && wish.expiry.is_none() => {
                    wish.expiry = Some(Expiry::option(opt, &mut opts, None)?)
                }
                _ => return Err(Error::Syntax),
            }
        }
        match wish.enx && wish.expiry.is_none() {
            true if wish.persist => Err(Error::Syntax),
            true => Err(Error::EnxAlone),
            false => Ok(wish),
        }
    }
}

fn increx(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, wish) = (args.at(1), Wish::parse(args.options(2))?);
    let deadline = wish.expiry.map(|expiry| expiry.deadline(cx)).transpose()?.map(|at| at as Deadline);
    let raised = if wish.float { raise_float(cx, key, &wish)? } else { raise_int(cx, key, &wish)? };
    let Some(value) = raised else { return Ok(()) };
    cx.out.written()?;
    let has_ttl = cx.db.entry(key).is_some_and(|entry| entry.deadline() != NEVER);
    let deadline = deadline.filter(|_| !wish.enx || !has_ttl);
    if deadline.is_some_and(|deadline| deadline <= cx.now as Deadline) {
        if cx.remove_key(key) {
            cx.db.propagate(&[b"DEL", key]);
        }
        return Ok(());
    }
    let mut digits = [0; INT_LEN];
    let text = value.bytes(&mut digits).to_vec();
    *cx.db.write_or(key, |_| Str::Int(0))? = value;
    cx.changed(key, class::STRING, if wish.float { "incrbyfloat" } else { "incrby" }, 1);
    if let Some(deadline) = deadline {
        cx.db.set_deadline(key, deadline);
        cx.event(key, class::GENERIC, "expire");
        cx.db.propagate(&[b"SET", key, &text, b"PXAT", format_int(deadline as i64, &mut digits)]);
    } else if wish.persist && cx.db.persist(key) {
        cx.event(key, class::GENERIC, "persist");
        cx.db.propagate(&[b"SET", key, &text]);
    } else {
        cx.db.propagate(&[b"SET", key, &text, b"KEEPTTL"]);
    }
    Ok(())
}

/// Answers with the sum and what was added, and gives the sum; nothing where it is not to be done.
fn raise_int(cx: &mut Ctx<'_>, key: &[u8], wish: &Wish<'_>) -> Result<Option<Str>, Error> {
    let by = wish.by.map_or(Some(1), parse_int).ok_or(Error::IncrementNotInteger)?;
    let bound = |text: Option<&[u8]>, limit: i64, error: Error| text.map_or(Some(limit), parse_int).ok_or(error);
    let lower = bound(wish.lower, i64::MIN, Error::LowerNotInteger)?;
    let upper = bound(wish.upper, i64::MAX, Error::UpperNotInteger)?;
    if lower > upper {
        return Err(Error::BoundsCrossed);
    }
    let old = match cx.db.write::<Str>(key)? {
        Some(value) => value.int().ok_or(Error::NotInteger)?,
        None => 0,
    };
    let sum = old as i128 + by as i128;
    let within = sum.clamp(lower as i128, upper as i128) as i64;
    let skipped = within as i128 != sum && !wish.saturate;
    let (new, added) = if skipped { (old, 0) } else { (within, within as i128 - old as i128) };
    let added = i64::try_from(added).map_err(|_| Error::AppliedOverflow)?;
    cx.out.array(2);
    cx.out.int(new);
    cx.out.int(added);
    Ok((!skipped).then_some(Str::Int(new)))
}

/// The same with floats, which are as long as INCRBYFLOAT's.
fn raise_float(cx: &mut Ctx<'_>, key: &[u8], wish: &Wish<'_>) -> Result<Option<Str>, Error> {
    let by = wish.by.and_then(LongDouble::parse).ok_or(Error::IncrementNotFloat)?;
    if !by.is_finite() {
        return Err(Error::IncrementInfinite);
    }
    let bound =
        |text: Option<&[u8]>, limit: LongDouble, error: Error| text.map_or(Some(limit), LongDouble::parse).ok_or(error);
    let lower = bound(wish.lower, LongDouble::MAX.negated(), Error::LowerNotFloat)?;
    let upper = bound(wish.upper, LongDouble::MAX, Error::UpperNotFloat)?;
    if upper.is_less(lower) {
        return Err(Error::BoundsCrossed);
    }
    let old = match cx.db.write::<Str>(key)? {
        Some(value) => LongDouble::parse(value.bytes(&mut [0; INT_LEN])).ok_or(Error::NotFloat)?,
        None => LongDouble::ZERO,
    };
    if !old.is_finite() {
        return Err(Error::ValueInfinite);
    }
    let sum = old + by;
    let past = match () {
        _ if upper.is_less(sum) => Some(upper),
        _ if sum.is_less(lower) => Some(lower),
        _ if !sum.is_finite() => Some(LongDouble::MAX.with_sign_of(sum)),
        _ => None,
    };
    let skipped = past.is_some() && !wish.saturate;
    let (new, added) = match past {
        _ if skipped => (old, LongDouble::ZERO),
        Some(bound) => (bound, bound + old.negated()),
        None => (sum, by),
    };
    if !new.is_finite() || !added.is_finite() {
        return Err(Error::AppliedOverflow);
    }
    cx.out.array(2);
    let text = show(cx.out, &new);
    show(cx.out, &added);
    Ok((!skipped).then(|| Str::text(&text)))
}

/// Answers with a float, and gives its text: a string in RESP2, a double in RESP3.
fn show(out: &mut Reply, value: &LongDouble) -> Vec<u8> {
    let mut text = Vec::new();
    value.write_human(&mut text);
    match double::parse(&text).filter(|_| out.resp3) {
        Some(value) => out.double(value),
        None => out.bulk(&text),
    }
    text
}
