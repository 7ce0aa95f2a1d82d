//! Entries that go, and the places where groups still have them: XDELEX, XACKDEL.
//!
//! Whether a group has an entry is looked up in each group of the stream: O(groups), where Redis keeps an index.

use super::entries::id;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::class;
use crate::resp::args::{Args, Word};
use crate::resp::error::Error;
use crate::table::spec::{flags::*, key::*};
use crate::types::number::parse_int;
use crate::types::stream::Stream;
use crate::types::stream::group::Refs;

pub const TABLE: &[Row] = &[
    cmd("XACKDEL key group [KEEPREF | DELREF | ACKED] <IDS numids id [id ...]>", xackdel)
        .write(FAST)
        .key(RW | UPDATE | DELETE)
        .groups(&["condition", "ids"])
        .reply("array of int")
        .doc(
            "8.2.0",
            "O(1) for each message ID processed.",
            "Acknowledges and deletes one or multiple messages for a stream consumer group.",
        ),
    cmd("XDELEX key [KEEPREF | DELREF | ACKED] <IDS numids id [id ...]>", xdelex)
        .write(FAST)
        .key(RW | DELETE)
        .groups(&["condition", "ids"])
        .reply("array of int")
        .doc(
            "8.2.0",
            "O(1) for each single item to delete in the stream, regardless of the stream size.",
            "Deletes one or multiple entries from the stream.",
        ),
];

/// KEEPREF, DELREF or ACKED.
pub fn refs(word: Word<'_>) -> Option<Refs> {
    let all = [("KEEPREF", Refs::Keep), ("DELREF", Refs::Delete), ("ACKED", Refs::Acked)];
    all.into_iter().find(|(name, _)| word.is(name)).map(|(_, refs)| refs)
}

/// Reads `[KEEPREF | DELREF | ACKED] IDS numids id [id ...]`, in whatever order: what, and the arguments with the ids.
fn parse(args: Args<'_>, start: usize) -> Result<(Refs, Args<'_>), Error> {
    let (mut condition, mut ids) = (None, None);
    let mut at = start;
    while let Some(arg) = args.get(at) {
        let word = Word(arg);
        if condition.is_none() && refs(word).is_some() {
            condition = refs(word);
            at += 1;
        } else if word.is("IDS") && at + 1 < args.len() {
            let count = parse_int(args.at(at + 1)).filter(|&count| count > 0).ok_or(Error::NumIds)?;
            at += 2;
            let end = usize::try_from(count).ok().and_then(|count| at.checked_add(count));
            let end = end.filter(|&end| end <= args.len()).ok_or(Error::NumIdsMismatch)?;
            ids = Some(args.slice(at, end));
            at = end;
        } else {
            return Err(Error::Syntax);
        }
    }
    Ok((condition.unwrap_or(Refs::Keep), ids.ok_or(Error::Syntax)?))
}

/// What became of an entry, as a reply says it.
const NONE: i64 = -1;
const DELETED: i64 = 1;
const STAYS: i64 = 2;

fn xdelex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    if cx.db.write::<Stream>(key)?.is_none() {
        return none(cx, parse(args, 2)?.1);
    }
    let (refs, ids) = parse(args, 2)?;
    for text in ids.tail(0) {
        id(text)?;
    }
    let Some(stream) = cx.db.write::<Stream>(key)? else { return Ok(()) };
    let mut deleted = 0;
    cx.out.array(ids.len());
    for text in ids.tail(0) {
        let id = id(text)?;
        let became = match stream.may_go(id, refs) {
            false => STAYS,
            true if stream.delete(id) => DELETED,
            true => NONE,
        };
        deleted += (became == DELETED) as u64;
        cx.out.int(became);
    }
    if deleted > 0 {
        cx.changed(key, class::STREAM, "xdel", deleted);
    } else if refs == Refs::Delete {
        // Groups may have lost it.
        cx.changed(key, class::SILENT | class::QUIET, "", 1);
    }
    Ok(())
}

fn xackdel(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name) = (args.at(1), args.at(2));
    if cx.db.write::<Stream>(key)?.and_then(|stream| stream.group(name)).is_none() {
        return none(cx, parse(args, 3)?.1);
    }
    let (refs, ids) = parse(args, 3)?;
    for text in ids.tail(0) {
        id(text)?;
    }
    let Some(stream) = cx.db.write::<Stream>(key)? else { return Ok(()) };
    let (mut released, mut deleted) = (0, 0);
    cx.out.array(ids.len());
    for text in ids.tail(0) {
        let id = id(text)?;
        let mut became = NONE;
        if stream.group_mut(name).is_some_and(|group| group.release(id)) {
            released += 1;
            became = if stream.may_go(id, refs) { DELETED } else { STAYS };
            deleted += (became == DELETED && stream.delete(id)) as u64;
        }
        cx.out.int(became);
    }
    if deleted > 0 {
        cx.changed(key, class::STREAM, "xdel", released);
    } else if released > 0 {
        cx.changed(key, class::SILENT | class::QUIET, "", released);
    }
    Ok(())
}

/// There is no such key, or no such group: none of the ids is anywhere.
fn none(cx: &mut Ctx<'_>, ids: Args<'_>) -> Done {
    cx.out.array(ids.len());
    ids.tail(0).for_each(|_| cx.out.int(NONE));
    Ok(())
}
