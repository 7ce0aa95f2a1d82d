//! How Valkey reads the commands for fields that end: FIELDS and what follows it stand last, options before it, and there are fewer
//! errors. What they do is in [`super::expire`], but for what is set with a time in the past.

use super::expire::{Given, LAST};
use crate::commands::keys::Condition;
use crate::commands::shared::deadlines::Expiry;
use crate::exec::Ctx;
use crate::resp::args::{Args, Word};
use crate::resp::error::Error;
use crate::types::hash::Hash;
use crate::types::number::parse_int;

/// What HGETEX and HSETEX are given. Options are looked at first, then the count, then what is under the key and what that means
/// for NX and XX, then the time.
pub fn given<'a>(cx: &mut Ctx<'_>, args: Args<'a>, size: usize) -> Result<Given<'a>, Error> {
    let sets = size == 2;
    let at = place(args, 1)?; // though the key stands there
    let (mut given, mut expiry) = (Given::nothing(args), None);
    let mut opts = args.slice(0, at.max(2)).options(2);
    while let Some(word) = opts.next() {
        let untimed = expiry.is_none();
        match () {
            _ if sets && word.is("NX") && !given.xx => given.nx = true,
            _ if sets && word.is("XX") && !given.nx => given.xx = true,
            _ if sets && word.is("FNX") && !given.fxx => given.fnx = true,
            _ if sets && word.is("FXX") && !given.fnx => given.fxx = true,
            _ if sets && word.is("KEEPTTL") && untimed => given.keep = true,
            _ if !sets && word.is("PERSIST") && untimed => given.persist = true,
            _ if !given.keep && !given.persist => expiry = Some(Expiry::option(word, &mut opts, expiry)?),
            _ => return Err(Error::Syntax),
        }
    }
    given.fields = counted(args, at, size, Error::FieldsNotAsSaid)?;
    given.place = at + 2;
    let there = cx.db.write::<Hash>(args.at(1))?.is_some();
    if if there { given.nx } else { given.xx } {
        return Ok(given);
    }
    given.deadline = expiry.map(|expiry| deadline(cx, expiry)).transpose()?;
    Ok(given)
}

/// What HEXPIRE and its kind are given: the conditions, the deadline, the fields.
pub fn timed<'a>(
    cx: &Ctx<'_>,
    args: Args<'a>,
    seconds: bool,
    absolute: bool,
) -> Result<(Condition, i64, Args<'a>), Error> {
    let at = place(args, 3)?;
    let when = Condition::read(args.slice(0, at))?;
    let fields = counted(args, at, 1, Error::FieldsNotAsSaid)?;
    let deadline = deadline(cx, Expiry { text: args.at(2), seconds, absolute })?;
    Ok((when, deadline, fields))
}

/// The fields of a command that has nothing else behind its key.
pub fn fields(args: Args<'_>, other_count: Error) -> Result<Args<'_>, Error> {
    if !Word(args.at(2)).is("FIELDS") {
        return Err(Error::Syntax);
    }
    counted(args, 2, 1, other_count)
}

/// Where FIELDS stands, from an argument on.
fn place(args: Args<'_>, from: usize) -> Result<usize, Error> {
    let mut places = from..args.len() - 1;
    places.find(|&at| Word(args.at(at)).is("FIELDS")).ok_or(Error::FieldsNotAsSaid)
}

/// All that is behind FIELDS and a count, which must be theirs. Each field has `size` arguments.
fn counted(args: Args<'_>, at: usize, size: usize, other_count: Error) -> Result<Args<'_>, Error> {
    let count = args.int(at + 1)?;
    let left = args.len() - at - 2;
    if count <= 0 || count as u64 != (left / size) as u64 || !left.is_multiple_of(size) {
        return Err(other_count);
    }
    Ok(args.skip(at + 2))
}

/// The deadline of a field; what is later than a field can live is the latest there is.
fn deadline(cx: &Ctx<'_>, expiry: Expiry<'_>) -> Result<i64, Error> {
    let value = parse_int(expiry.text).ok_or(Error::NotInteger)?;
    let deadline = expiry.at(value, cx.now).filter(|_| value >= 0).ok_or(Error::ExpireTime(cx.cmd.title()))?;
    Ok(deadline.clamp(1, LAST))
}
