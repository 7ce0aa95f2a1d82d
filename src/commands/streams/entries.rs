//! Streams: adding, deleting, trimming, reading. Consumer groups: [`crate::commands::streams::groups`]; XINFO: [`crate::commands::streams::info`].

use super::idempotence::{Sender, memory, propagate_memory};
use super::references::refs;
use crate::allocator::{self, LARGE};
use crate::commands::shared::blocking;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, NEVER, class};
use crate::resp::args::{Args, Word};
use crate::resp::dialect::Release;
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::server::config::Id as Setting;
use crate::server::session::{TimeoutReply, Wait, Wants};
use crate::table::spec::{Begin, Find, arg, flags::*, key::*, keys};
use crate::types::number::{INT_LEN, format_int, parse_int};
use crate::types::stream::group::Refs;
use crate::types::stream::producers::Memory;
use crate::types::stream::{ID_LEN, Id, Keep, MAX_BYTES, NodeLimits, Range, Stream, Trim};

pub const TABLE: &[Row] = &[
    cmd("XADD key [NOMKSTREAM] [KEEPREF | DELREF | ACKED] [IDMPAUTO pid | IDMP pid iid] [<MAXLEN | MINID> [= | ~] threshold [LIMIT count]] <* | id> field value [field value ...]", xadd)
        .write(DENYOOM | FAST).key(RW | UPDATE)
        .later(&[(Release::V8_2, "KEEPREF DELREF ACKED"), (Release::V8_6, "IDMPAUTO IDMP")])
        .key_note("UPDATE instead of INSERT because of the optional trimming feature")
        .tips(&["nondeterministic_output"])
        .groups(&["condition", "idmp", "idmp-with-pid-iid", "trim", "strategy", "operator", "id-selector", "data"])
        .args(&[arg(16).name("equal"), arg(17).name("approximately"), arg(21).name("auto-id")])
        .history(&[("6.2.0", "Added the `NOMKSTREAM` option, `MINID` trimming strategy and the `LIMIT` option."), ("7.0.0", "Added support for the `<ms>-*` explicit ID form."), ("8.2.0", "Added the `KEEPREF`, `DELREF` and `ACKED` options.")])
        .reply("bulk | null")
        .doc("5.0.0", "O(1) when adding a new entry, O(N) when trimming where N being the number of entries evicted.", "Appends a new message to a stream. Creates the key if it doesn't exist."),
    cmd("XDEL key id [id ...]", xdel)
        .write(FAST).key(RW | DELETE)
        .reply("int")
        .doc("5.0.0", "O(1) for each single item to delete in the stream, regardless of the stream size.", "Returns the number of messages after removing them from a stream."),
    cmd("XLEN key", xlen)
        .read(FAST).key(RO)
        .reply("int")
        .doc("5.0.0", "O(1)", "Return the number of messages in a stream."),
    cmd("XRANGE key start end [COUNT count]", xrange)
        .read(0).key(RO | ACCESS)
        .args(&[arg(1).kind("string"), arg(2).kind("string")])
        .history(&[("6.2.0", "Added exclusive ranges.")])
        .reply("array of entry | null")
        .doc("5.0.0", "O(N) with N being the number of elements being returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).", "Returns the messages from a stream within a range of IDs."),
    cmd("XREAD [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]", xread)
        .later(&[(Release::V8_10, "MAXCOUNT MAXSIZE")])
        .read(BLOCKING | MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RO | ACCESS, Begin::Behind("STREAMS", 1), Find::Range { last: -1, step: 1, limit: 2 })])
        .groups(&["streams"])
        .reply("map of (array of entry) | null")
        .doc("5.0.0", "", "Returns messages from multiple streams with IDs greater than the ones requested. Blocks until a message is available otherwise."),
    cmd("XREVRANGE key end start [COUNT count]", xrevrange)
        .read(0).key(RO | ACCESS)
        .args(&[arg(1).kind("string"), arg(2).kind("string")])
        .history(&[("6.2.0", "Added exclusive ranges.")])
        .reply("array of entry | null")
        .doc("5.0.0", "O(N) with N being the number of elements returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).", "Returns the messages from a stream within a range of IDs in reverse order."),
    cmd("XSETID key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id]", xsetid)
        .write(DENYOOM | FAST).key(RW | UPDATE)
        .args(&[arg(2).kind("integer")])
        .history(&[("7.0.0", "Added the `entries_added` and `max_deleted_entry_id` arguments.")])
        .reply("OK")
        .doc("5.0.0", "O(1)", "An internal command for replicating stream values."),
    cmd("XTRIM key <<MAXLEN | MINID> [= | ~] threshold [LIMIT count] [KEEPREF | DELREF | ACKED]>", xtrim).arity(-4)
        .write(0).key(RW | DELETE)
        .later(&[(Release::V8_2, "KEEPREF DELREF ACKED")])
        .tips(&["nondeterministic_output"])
        .groups(&["trim", "strategy", "operator", "condition"])
        .args(&[arg(6).name("equal"), arg(7).name("approximately")])
        .history(&[("6.2.0", "Added the `MINID` trimming strategy and the `LIMIT` option."), ("8.2.0", "Added the `KEEPREF`, `DELREF` and `ACKED` options.")])
        .reply("int")
        .doc("5.0.0", "O(N), with N being the number of evicted entries. Constant times are very small however, since entries are organized in macro nodes containing multiple entries that can be released with a single deallocation.", "Deletes messages from the beginning of a stream."),
];

/// An id as most commands take it: `ms-seq`, or `ms` alone, which stands for `ms-0`.
pub fn id(text: &[u8]) -> Result<Id, Error> {
    Id::parse(text, 0).ok_or(Error::StreamId)
}

/// An id where `-` and `+` stand for the lowest and the highest; `seq` is for `ms` alone.
pub fn any_id(text: &[u8], seq: u64) -> Result<Id, Error> {
    match Id::text(text) {
        Some(b"-") => Ok(Id::MIN),
        Some(b"+") => Ok(Id::MAX),
        _ => Id::parse(text, seq).ok_or(Error::StreamId),
    }
}

/// The start of an interval; `(` leaves the id itself out.
pub fn start(text: &[u8]) -> Result<Id, Error> {
    match text {
        [b'(', text @ ..] => id(text)?.next().ok_or(Error::StreamStart),
        _ => any_id(text, 0),
    }
}

/// The end of an interval.
pub fn end(text: &[u8]) -> Result<Id, Error> {
    match text {
        [b'(', text @ ..] => Id::parse(text, u64::MAX).ok_or(Error::StreamId)?.prev().ok_or(Error::StreamEnd),
        _ => any_id(text, u64::MAX),
    }
}

pub fn put_id(out: &mut Reply, id: Id) {
    out.bulk(id.write(&mut [0; ID_LEN]));
}

/// Writes the entry that a range has just met: its id, its fields and values.
pub fn put_entry(out: &mut Reply, id: Id, range: &mut Range<'_>) {
    put_entry_of(out, id, range, 2);
}

/// The same, as the first two of so many elements.
pub fn put_entry_of(out: &mut Reply, id: Id, range: &mut Range<'_>, elements: usize) {
    out.array(elements);
    put_id(out, id);
    out.array(range.count() * 2);
    range.pairs(&mut |field, value| {
        out.item(field);
        out.item(value);
    });
}

/// Whether there is room for the entry that a range has just met. Asked by those that change something for each entry that they
/// show: where there is none they stop, and what they have not shown is as it was.
///
/// `told`: how many bytes the journal has been told so far, and is about to be.
pub fn has_room(out: &mut Reply, range: &Range<'_>, told: usize) -> bool {
    let bytes = range.reply_bytes();
    (out.mark() + bytes <= LARGE || out.room_for(bytes).is_ok()) && allocator::has(told.saturating_mul(2))
}

/// Writes the entries of a range, at most so many, as an array.
pub fn put_entries(out: &mut Reply, mut range: Range<'_>, most: u64) {
    let (mark, mut shown) = (out.mark(), 0);
    while shown < most
        && let Some(id) = range.next()
    {
        put_entry(out, id, &mut range);
        shown += 1;
    }
    out.array_at(mark, shown as usize);
}

/// The id for an entry to be added.
#[derive(Clone, Copy)]
enum NewId {
    /// `*`
    Now,
    /// `ms-*`
    Within(u64),
    Given(Id),
}

/// What stands between the key and the fields of XADD, or behind the key of XTRIM.
struct Adding<'a> {
    trim: Option<Trim>,
    /// What may become of places where groups have what is trimmed.
    refs: Refs,
    sender: Option<Sender<'a>>,
    no_make: bool,
    id: NewId,
    /// The argument behind it.
    next: usize,
}

/// Reads options; `add` for XADD, where they end with the id.
fn adding<'a>(cx: &Ctx<'_>, args: Args<'a>, add: bool) -> Result<Adding<'a>, Error> {
    let (mut keep, mut about, mut limit) = (None, false, None);
    let (mut no_make, mut new) = (false, NewId::Now);
    let (mut condition, mut sender) = (None, None);
    let mut at = 2;
    while let Some(arg) = args.get(at) {
        let (word, more) = (Word(arg), args.len() - at - 1);
        if add && arg == b"*" {
            break;
        } else if (word.is("MAXLEN") || word.is("MINID")) && more > 0 {
            if keep.is_some() {
                return Err(Error::TwoTrims);
            }
            about = more > 1 && args.at(at + 1) == b"~";
            at += (about || more > 1 && args.at(at + 1) == b"=") as usize + 1;
            keep = Some(if word.is("MAXLEN") {
                Keep::Len(u64::try_from(args.int(at)?).map_err(|_| Error::TrimLenNegative)?)
            } else {
                Keep::From(id(args.at(at))?)
            });
        } else if word.is("LIMIT") && more > 0 {
            at += 1;
            limit = Some(u64::try_from(args.int(at)?).map_err(|_| Error::TrimLimitNegative)?);
        } else if add && word.is("NOMKSTREAM") {
            no_make = true;
        } else if condition.is_none() && refs(word).is_some() && cx.server.has(Release::V8_2) {
            condition = refs(word);
        } else if add
            && let by = word.is("IDMP") as usize * 2 + word.is("IDMPAUTO") as usize
            && by > 0
            && more >= by
            && cx.server.has(Release::V8_6)
        {
            if sender.is_some() {
                return Err(Error::IdmpTwice);
            }
            sender = Some(Sender::parse(args.at(at + 1), (by == 2).then(|| args.at(at + 2)))?);
            at += by;
        } else if add {
            new = match Id::parse_open(arg) {
                Some(ms) => NewId::Within(ms),
                None => NewId::Given(id(arg)?),
            };
            break;
        } else {
            return Err(Error::Syntax);
        }
        at += 1;
    }
    // In a journal the id is known.
    if sender.is_some() && !matches!(new, NewId::Now) && !cx.server.loading {
        return Err(Error::IdmpGivenId);
    }
    if limit.is_some() && !about {
        return Err(if keep.is_none() { Error::LimitAlone } else { Error::LimitExact });
    }
    let default = || match cx.server.config.int(Setting::StreamEntries).saturating_mul(100) {
        0 => 10_000,
        most => most.min(1_000_000) as u64,
    };
    let trim = keep.map(|keep| Trim { keep, about: about.then(|| limit.unwrap_or_else(default)) });
    Ok(Adding { trim, refs: condition.unwrap_or(Refs::Keep), sender, no_make, id: new, next: at + 1 })
}

fn node_limits(cx: &Ctx<'_>) -> NodeLimits {
    NodeLimits {
        bytes: cx.server.config.size(Setting::StreamBytes),
        entries: cx.server.config.size(Setting::StreamEntries),
    }
}

fn xadd(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let adding = adding(cx, args, true)?;
    if args.len() < adding.next + 2 || !(args.len() - adding.next).is_multiple_of(2) {
        return Err(cx.arity());
    }
    if matches!(adding.id, NewId::Given(Id::MIN)) {
        return Err(Error::StreamIdZero);
    }
    let bytes: usize = args.tail(adding.next).map(<[u8]>::len).sum();
    let (key, now, limits) = (args.at(1), cx.now, node_limits(cx));
    if adding.no_make && cx.db.write::<Stream>(key)?.is_none() {
        cx.out.null();
        return Ok(());
    }
    let mut own = [0; 16];
    let sent = adding.sender.map(|sender| (sender.producer, sender.name(args.pairs(adding.next), &mut own)));
    if let Some((producer, name)) = sent.filter(|_| !cx.server.loading)
        && let Some(stream) = cx.db.write::<Stream>(key)?
        && let Some(id) = stream.sent(producer, name, now)
    {
        let producers = stream.producers_mut();
        producers.duplicates = producers.duplicates.saturating_add(1);
        put_id(cx.out, id);
        return Ok(());
    }
    let memory = memory(cx);
    let stream = cx.db.write_or(key, |_| Stream::remembering(memory))?;
    // A stream that was made just now has no id that could be too high: none of these errors leaves an empty one behind.
    let last = stream.last();
    if last == Id::MAX {
        return Err(Error::StreamExhausted);
    }
    let id = match adding.id {
        NewId::Now => stream.next_id(now).ok_or(Error::StreamExhausted)?,
        NewId::Within(ms) if ms == last.ms => Id { ms, seq: last.seq.checked_add(1).ok_or(Error::StreamIdSmall)? },
        NewId::Within(ms) => Id { ms, seq: 0 },
        NewId::Given(id) => id,
    };
    if id <= last {
        return Err(Error::StreamIdSmall);
    }
    if bytes >= MAX_BYTES {
        return Err(Error::StreamTooLarge);
    }
    stream.append(id, args.pairs(adding.next), bytes, limits);
    if let Some((producer, name)) = sent {
        stream.record(producer, name, id);
    }
    let trimmed = adding.trim.map_or(0, |trim| stream.trim(trim, adding.refs));
    let memory = stream.memory;
    let special = stream.added() == 1 && memory != Memory::default();
    let left = stream.len() as i64;
    put_id(cx.out, id);
    cx.changed(key, class::STREAM | class::FIRST, "xadd", 1);
    if trimmed > 0 {
        cx.event(key, class::STREAM, "xtrim");
    }
    if cx.db.journaling() {
        let (mut text, mut digits) = ([0; ID_LEN], [0; INT_LEN]);
        let mut told: Vec<&[u8]> = vec![b"XADD", key];
        if trimmed > 0 {
            told.extend(adding.refs.token());
            told.extend([b"MAXLEN", &b"="[..], format_int(left, &mut digits)]);
        }
        if let Some((producer, name)) = sent.filter(|_| !special) {
            told.extend([b"IDMP", producer, name]);
        }
        told.push(id.write(&mut text));
        told.extend(args.tail(adding.next));
        cx.db.propagate(&told);
        if special {
            propagate_memory(cx, key, memory, sent.map(|(producer, name)| (producer, name, id)));
        }
    }
    Ok(())
}

fn xtrim(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let Adding { trim, refs, .. } = adding(cx, args, false)?;
    let trim = trim.ok_or(Error::Syntax)?;
    let key = args.at(1);
    let stream = cx.db.write::<Stream>(key)?;
    let (removed, left) = stream.map_or((0, 0), |stream| (stream.trim(trim, refs), stream.len()));
    if removed > 0 {
        cx.changed(key, class::STREAM | class::FIRST, "xtrim", removed);
        if cx.db.journaling() {
            let mut digits = [0; INT_LEN];
            let mut told: Vec<&[u8]> = vec![b"XTRIM", key, b"MAXLEN", b"=", format_int(left as i64, &mut digits)];
            told.extend(refs.token());
            cx.db.propagate(&told);
        }
    }
    cx.out.int(removed as i64);
    Ok(())
}

fn xlen(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let len = cx.db.read::<Stream>(args.at(1))?.map_or(0, |stream| stream.len());
    cx.out.int(len as i64);
    Ok(())
}

fn xdel(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let mut deleted = 0;
    if let Some(stream) = cx.db.write::<Stream>(key)? {
        for text in args.tail(2) {
            id(text)?;
        }
        for text in args.tail(2) {
            deleted += stream.delete(id(text)?) as u64;
        }
    }
    if deleted > 0 {
        cx.changed(key, class::STREAM, "xdel", deleted);
    }
    cx.out.int(deleted as i64);
    Ok(())
}

fn xrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    range(cx, args, (2, 3), false)
}

fn xrevrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    range(cx, args, (3, 2), true)
}

fn range(cx: &mut Ctx<'_>, args: Args<'_>, at: (usize, usize), reverse: bool) -> Done {
    let (start, end) = (start(args.at(at.0))?, end(args.at(at.1))?);
    let mut most = u64::MAX;
    let mut opts = args.options(4);
    while let Some(word) = opts.next() {
        if !word.is("COUNT") || opts.left() == 0 {
            return Err(Error::Syntax);
        }
        most = opts.int()?.max(0) as u64;
    }
    match cx.db.read::<Stream>(args.at(1))? {
        None => cx.out.array(0),
        Some(_) if most == 0 => cx.out.null_array(),
        Some(stream) => put_entries(cx.out, stream.range(start, end, reverse), most),
    }
    Ok(())
}

fn xsetid(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, last) = (args.at(1), id(args.at(2))?);
    let (mut added, mut deleted) = (None, Id::MIN);
    let mut opts = args.options(3);
    while let Some(word) = opts.next() {
        if word.is("ENTRIESADDED") && opts.left() > 0 {
            added = Some(u64::try_from(opts.int()?).map_err(|_| Error::EntriesAdded)?);
        } else if word.is("MAXDELETEDID") && opts.left() > 0 {
            deleted = id(opts.value()?)?;
            if last < deleted {
                return Err(Error::SetIdBelowGiven);
            }
        } else {
            return Err(Error::Syntax);
        }
    }
    let stream = cx.db.write::<Stream>(key)?.ok_or(Error::NoSuchKey)?;
    if last < stream.max_deleted() {
        return Err(Error::SetIdBelowDeleted);
    }
    if let Some(top) = stream.range(Id::MIN, Id::MAX, true).next() {
        if last < top {
            return Err(Error::SetIdBelowTop);
        }
        if added.is_some_and(|added| added < stream.len()) {
            return Err(Error::EntriesAddedSmall);
        }
    }
    stream.set_last(last);
    if let Some(added) = added {
        stream.set_added(added);
    }
    if deleted != Id::MIN {
        stream.set_max_deleted(deleted);
    }
    cx.out.ok();
    cx.changed(key, class::STREAM | class::QUIET, "xsetid", 1);
    Ok(())
}

/// The options of XREAD and XREADGROUP.
pub struct Reading<'a> {
    /// The most entries of a stream.
    pub most: u64,
    /// When to give up waiting; None not to wait at all.
    deadline: Option<u64>,
    /// Group and consumer.
    pub group: Option<(&'a [u8], &'a [u8])>,
    pub no_ack: bool,
    /// CLAIM: what has been pending for so many milliseconds comes first.
    pub claim: Option<i64>,
    /// The most entries of all streams, and the most bytes that they may take in the reply; the first is always there.
    pub most_of_all: u64,
    pub most_bytes: usize,
    /// When something that is pending will have been so for long enough.
    pub again: Deadline,
    /// The first key, and how many there are; as many ids follow.
    at: usize,
    streams: usize,
}

impl<'a> Reading<'a> {
    pub fn parse(cx: &Ctx<'_>, args: Args<'a>, grouped: bool) -> Result<Reading<'a>, Error> {
        let mut reading = Reading {
            most: u64::MAX,
            deadline: None,
            group: None,
            no_ack: false,
            claim: None,
            most_of_all: u64::MAX,
            most_bytes: usize::MAX,
            again: NEVER,
            at: 0,
            streams: 0,
        };
        let mut at = 1;
        while let Some(arg) = args.get(at) {
            let (word, more) = (Word(arg), args.len() - at - 1);
            if word.is("STREAMS") && more > 0 {
                if more % 2 > 0 {
                    return Err(match grouped {
                        true => Error::XreadGroupUnbalanced,
                        false if cx.server.is_valkey() => Error::XreadUnbalancedValkey,
                        false => Error::XreadUnbalanced,
                    });
                }
                (reading.at, reading.streams) = (at + 1, more / 2);
                break;
            } else if word.is("COUNT") && more > 0 {
                at += 1;
                reading.most = u64::try_from(args.int(at)?).ok().filter(|&most| most > 0).unwrap_or(u64::MAX);
            } else if word.is("BLOCK") && more > 0 {
                at += 1;
                let millis = parse_int(args.at(at)).ok_or(Error::TimeoutNotInteger)?;
                reading.deadline = Some(blocking::from_millis(cx, millis as f64)?);
            } else if word.is("CLAIM") && more > 0 && cx.server.has(Release::V8_4) {
                if !grouped {
                    return Err(Error::XreadClaim);
                }
                at += 1;
                let idle = parse_int(args.at(at)).ok_or(Error::MinIdleNotInteger)?;
                reading.claim = Some(idle).filter(|&idle| idle >= 0);
                if reading.claim.is_none() {
                    return Err(Error::MinIdleNegative);
                }
            } else if word.is("MAXCOUNT") && more > 0 && cx.server.has(Release::V8_10) {
                at += 1;
                let most = u64::try_from(args.int(at)?).ok().filter(|&most| most > 0);
                reading.most_of_all = most.ok_or(Error::MaxCount)?;
            } else if word.is("MAXSIZE") && more > 0 && cx.server.has(Release::V8_10) {
                at += 1;
                let most = u64::try_from(args.int(at)?).ok().filter(|&most| most > 0).ok_or(Error::MaxSize)?;
                reading.most_bytes = usize::try_from(most).unwrap_or(usize::MAX);
            } else if word.is("GROUP") && more > 1 {
                if !grouped {
                    return Err(Error::XreadGroup);
                }
                reading.group = Some((args.at(at + 1), args.at(at + 2)));
                at += 2;
            } else if word.is("NOACK") {
                if !grouped {
                    return Err(Error::XreadNoAck);
                }
                reading.no_ack = true;
            } else {
                return Err(Error::Syntax);
            }
            at += 1;
        }
        if reading.streams == 0 {
            return Err(Error::Syntax);
        }
        if reading.most != u64::MAX && reading.most_of_all < reading.most {
            return Err(Error::MaxCountBelow);
        }
        if grouped && reading.group.is_none() {
            return Err(Error::NoGroupOption);
        }
        Ok(reading)
    }

    /// Whether MAXCOUNT and MAXSIZE leave room for the entry that a range has just met, behind so many, written from `mark` on.
    pub fn has_room(&self, out: &Reply, range: &mut Range<'_>, mark: usize, shown: u64) -> bool {
        if self.most_bytes == usize::MAX || shown == 0 {
            return shown < self.most_of_all;
        }
        let mut bytes = out.mark() - mark;
        let length = |bytes: usize| 5 + bytes + format_int(bytes as i64, &mut [0; INT_LEN]).len();
        range.pairs(&mut |field, value| bytes += length(field.len()) + length(value.len()));
        shown < self.most_of_all && bytes <= self.most_bytes
    }

    /// The keys and the texts of their ids.
    pub fn pairs(&self, args: Args<'a>) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        let (at, streams) = (self.at, self.streams);
        (at..at + streams).map(move |i| (args.at(i), args.at(i + streams)))
    }

    /// After all streams were looked at: gives `served` of them, written from `mark` on, or waits, or answers null. `from` has
    /// the ids to come back with, where those of the command meant "now".
    pub fn finish(self, cx: &mut Ctx<'_>, args: Args<'_>, mark: usize, served: usize, from: Option<Vec<Id>>) -> Done {
        if served > 0 {
            if cx.out.resp3 {
                cx.out.map_at(mark, served)
            } else {
                cx.out.array_at(mark, served)
            }
            return Ok(());
        }
        let Some(deadline) = self.deadline else {
            cx.out.null_array();
            return Ok(());
        };
        let keys = self.at..self.at + self.streams;
        let args = from.map(|from| {
            let mut own: Vec<Vec<u8>> = args.tail(0).map(<[u8]>::to_vec).collect();
            for (text, id) in own[keys.end..].iter_mut().zip(from) {
                *text = id.write(&mut [0; ID_LEN]).to_vec();
            }
            own
        });
        let wants = if self.group.is_some() { Wants::Group } else { Wants::Stream };
        let again = self.claim.map(|_| self.again);
        cx.block(Wait { number: cx.number, keys, deadline, wants, timeout_reply: TimeoutReply::NullArray, args, again })
    }
}

/// Opens the part of a reply that is about one stream; its entries follow.
pub fn put_stream(out: &mut Reply, key: &[u8]) {
    if !out.resp3 {
        out.array(2);
    }
    out.bulk(key);
}

fn xread(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let reading = Reading::parse(cx, args, false)?;
    let mut from = Vec::with_capacity(reading.streams);
    let (mut now, valkey) = (false, cx.server.is_valkey());
    for (key, text) in reading.pairs(args) {
        let stream = cx.db.read::<Stream>(key)?;
        from.push(match text {
            b"$" => {
                now = true;
                stream.map_or(Id::MIN, |stream| stream.last())
            }
            b"+" => {
                now = true;
                // Valkey does not look for it below an entry that was removed.
                let last = |stream: &Stream| match stream.range(Id::MIN, Id::MAX, true).next() {
                    Some(id) if !valkey || id == stream.last() => id.prev().unwrap_or(Id::MIN),
                    _ => stream.last(),
                };
                stream.map_or(Id::MIN, last)
            }
            b">" => return Err(Error::XreadNew),
            _ => id(text)?,
        });
    }
    let (mark, mut served, mut shown) = (cx.out.mark(), 0, 0);
    for ((key, _), from) in reading.pairs(args).zip(&from) {
        let (Some(stream), Some(start)) = (cx.db.read::<Stream>(key)?, from.next()) else { continue };
        let mut range = stream.range(start, Id::MAX, false);
        let Some(first) = range.next() else { continue };
        if !reading.has_room(cx.out, &mut range, mark, shown) {
            break;
        }
        put_stream(cx.out, key);
        let (entries, mut next) = (cx.out.mark(), Some(first));
        let before = shown;
        while let Some(id) = next
            && shown - before < reading.most
            && reading.has_room(cx.out, &mut range, mark, shown)
        {
            put_entry(cx.out, id, &mut range);
            shown += 1;
            next = range.next();
        }
        cx.out.array_at(entries, (shown - before) as usize);
        served += 1;
    }
    reading.finish(cx, args, mark, served, now.then_some(from))
}
