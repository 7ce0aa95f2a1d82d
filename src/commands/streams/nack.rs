//! XNACK: a consumer gives back what it was given. It stays pending, for nobody, and whoever claims next gets it first.

use super::claims::claimable;
use super::entries::id;
use super::groups::{neither, propagate_given, propagated_for_each};
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::class;
use crate::resp::args::{Args, Word};
use crate::resp::error::Error;
use crate::resp::room_for;
use crate::table::spec::{flags::*, key::*};
use crate::types::number::parse_int;
use crate::types::stream::Stream;
use crate::types::stream::group::{NOBODY, Pending};

pub const TABLE: &[Row] = &[
    cmd("XNACK key group <SILENT | FAIL | FATAL> IDS numids id [id ...] [RETRYCOUNT count] [FORCE]", xnack)
        .write(FAST).key(RW | UPDATE)
        .groups(&["mode"])
        .reply("int")
        .doc("8.8.0", "O(1) for each message ID processed.", "Releases pending messages back to the group's PEL without acknowledging them, making them available for re-delivery."),
];

fn xnack(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name, mode) = (args.at(1), args.at(2), Word(args.at(3)));
    if !(mode.is("SILENT") || mode.is("FAIL") || mode.is("FATAL")) {
        return Err(Error::NackMode);
    }
    if !Word(args.at(4)).is("IDS") {
        return Err(Error::Syntax);
    }
    let count = parse_int(args.at(5)).filter(|&count| count > 0).ok_or(Error::NackNumIds)?;
    let end = usize::try_from(count).ok().and_then(|count| count.checked_add(6));
    let end = end.filter(|&end| end <= args.len()).ok_or(Error::NackNumIdsMismatch)?;
    let ids = args.slice(6, end);
    let (mut retries, mut force) = (None, false);
    let mut opts = args.options(end);
    while let Some(word) = opts.next() {
        if word.is("RETRYCOUNT") && opts.left() > 0 {
            retries = Some(parse_int(opts.value()?).and_then(|n| u64::try_from(n).ok()).ok_or(Error::NackRetry)?);
        } else if word.is("FORCE") {
            force = true;
        } else {
            return Err(Error::Syntax);
        }
    }
    for text in ids.tail(0) {
        id(text)?;
    }
    let journaling = cx.db.journaling();
    room_for(propagated_for_each(journaling, key, name, b"") * ids.len() * 2)?;
    let found = cx.db.write::<Stream>(key)?.and_then(|stream| stream.split(name));
    let Some((entries, group)) = found else { return Err(neither(key, name, b"")) };
    let (mut released, mut given) = (0, Vec::new());
    for text in ids.tail(0) {
        let id = id(text)?;
        let known = match group.pending_at(id) {
            Some(pending) => pending.count,
            None if force && entries.contains(id) => 0,
            None => continue,
        };
        let count = match retries {
            Some(retries) => retries,
            None if mode.is("FATAL") => i64::MAX as u64,
            None => known.saturating_sub(mode.is("SILENT") as u64),
        };
        let pending = Pending::new(0, count, NOBODY);
        group.give(id, pending);
        released += 1;
        if journaling {
            given.push((id, pending));
        }
    }
    if released > 0 {
        propagate_given(cx, key, name, b"", &given);
        cx.changed(key, class::SILENT | class::QUIET, "", released);
        claimable(cx, key);
    }
    cx.out.int(released as i64);
    Ok(())
}
