//! Consumer groups: making them, reading through them, acknowledging, and taking over what others have left pending.
//!
//! Most changes of a group are none in the eyes of a transaction that watches the key ([`class::QUIET`]), as in Redis.

use super::claims::claimable;
use super::idempotence::{memory, propagate_memory};
use crate::commands::shared::help::{self, help};
use crate::commands::streams::entries::{
    Reading, any_id, end, has_room, id, put_entry, put_entry_of, put_id, put_stream, start,
};
use crate::exec::row::{Row, cmd, container, sub};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, NEVER, class};
use crate::resp::args::{Args, Word};
use crate::resp::dialect::Release;
use crate::resp::error::{Error, quoted};
use crate::resp::reply::Reply;
use crate::resp::room_for;
use crate::table::spec::{Begin, Find, arg, flags::*, key::*, keys};
use crate::types::number::{INT_LEN, format_int};
use crate::types::stream::group::{Group, NOBODY, Pending};
use crate::types::stream::producers::Memory;
use crate::types::stream::{Entries, ID_LEN, Id, Range, Stream};

pub const TABLE: &[Row] = &[
    cmd("XACK key group id [id ...]", xack)
        .write(FAST).key(RW | UPDATE)
        .reply("int")
        .doc("5.0.0", "O(1) for each message ID processed.", "Returns the number of messages that were successfully acknowledged by the consumer group member of a stream."),
    container("XGROUP", GROUP_SUBS).doc("5.0.0", "Depends on subcommand.", "A container for consumer groups commands."),
    cmd("XPENDING key group [[IDLE min-idle-time] start end count [consumer]]", xpending)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .groups(&["filters"])
        .args(&[arg(2).lead(), arg(4).kind("string"), arg(5).kind("string")])
        .history(&[("6.2.0", "Added the `IDLE` option and exclusive range intervals.")])
        .reply("[int, bulk | null, bulk | null, (array of [bulk, bulk]) | null] | array of [bulk, bulk, int, int]")
        .doc("5.0.0", "O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer.", "Returns the information and entries from a stream consumer group's pending entries list."),
    cmd("XREADGROUP <GROUP group consumer> [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] [CLAIM min-idle-time] [NOACK] STREAMS key [key ...] id [id ...]", xreadgroup)
        .later(&[(Release::V8_4, "CLAIM"), (Release::V8_10, "MAXCOUNT MAXSIZE")])
        .write(BLOCKING | MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RO | ACCESS, Begin::Behind("STREAMS", 4), Find::Range { last: -1, step: 1, limit: 2 })])
        .groups(&["group-block", "streams"])
        .reply("map of (array of (entry | gone | claimed)) | null")
        .doc("5.0.0", "For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). On the other side when XREADGROUP blocks, XADD will pay the O(N) time in order to serve the N clients blocked on the stream getting new data.", "Returns new or historical messages from a stream for a consumer in a group. Blocks until a message is available otherwise."),
];

const GROUP_SUBS: &[Row] = &[
    sub("XGROUP CREATE key group <id | $> [MKSTREAM] [ENTRIESREAD entries-read]", xgroup_create)
        .write(DENYOOM)
        .key(RW | INSERT)
        .groups(&["id-selector"])
        .args(&[arg(4).name("new-id"), arg(6).name("entriesread").display("entries-read").kind("integer")])
        .history(&[("7.0.0", "Added the `entries_read` named argument.")])
        .reply("OK")
        .doc("5.0.0", "O(1)", "Creates a consumer group."),
    sub("XGROUP CREATECONSUMER key group consumer", xgroup_createconsumer)
        .write(DENYOOM)
        .key(RW | INSERT)
        .reply("int")
        .doc("6.2.0", "O(1)", "Creates a consumer in a consumer group."),
    sub("XGROUP DELCONSUMER key group consumer", xgroup_delconsumer).write(0).key(RW | DELETE).reply("int").doc(
        "5.0.0",
        "O(1)",
        "Deletes a consumer from a consumer group.",
    ),
    sub("XGROUP DESTROY key group", xgroup_destroy).write(0).key(RW | DELETE).reply("int").doc(
        "5.0.0",
        "O(N) where N is the number of entries in the group's pending entries list (PEL).",
        "Destroys a consumer group.",
    ),
    sub("XGROUP HELP", xgroup_help).plain(LOADING | STALE).reply("array of simple").doc(
        "5.0.0",
        "O(1)",
        "Returns helpful text about the different subcommands.",
    ),
    sub("XGROUP SETID key group <id | $> [ENTRIESREAD entries-read]", xgroup_setid)
        .write(0)
        .key(RW | UPDATE)
        .groups(&["id-selector"])
        .args(&[arg(4).name("new-id"), arg(5).name("entriesread").display("entries-read").kind("integer")])
        .history(&[("7.0.0", "Added the optional `entries_read` argument.")])
        .reply("OK")
        .doc("5.0.0", "O(1)", "Sets the last-delivered ID of a consumer group."),
];

/// There is no such group under this key.
pub fn no_group(key: &[u8], group: &[u8]) -> Error {
    let (group, key) = (quoted(group, usize::MAX), quoted(key, usize::MAX));
    Error::quoting(&[b"NOGROUP No such consumer group '", group, b"' for key name '", key, b"'"])
}

/// There is no such key, or no such group under it.
pub fn neither(key: &[u8], group: &[u8], after: &[u8]) -> Error {
    let (group, key) = (quoted(group, usize::MAX), quoted(key, usize::MAX));
    Error::quoting(&[b"NOGROUP No such key '", key, b"' or consumer group '", group, b"'", after])
}

/// The slot of a consumer, made where there is none; one that was made is told of. It was seen now.
pub fn consumer(cx: &mut Ctx<'_>, key: &[u8], group_name: &[u8], name: &[u8]) -> Result<u32, Error> {
    let now = cx.now;
    let Some(group) = cx.db.write::<Stream>(key)?.and_then(|stream| stream.group_mut(group_name)) else { return Ok(0) };
    let (slot, new) = group.consumer_or_new(name, now);
    group.at_mut(slot).seen = now;
    cx.event(key, class::SILENT | class::QUIET, "");
    if new {
        made_consumer(cx, key, group_name, name);
    }
    Ok(slot)
}

/// Tells of a new consumer.
fn made_consumer(cx: &mut Ctx<'_>, key: &[u8], group: &[u8], name: &[u8]) {
    cx.changed(key, class::STREAM | class::QUIET, "xgroup-createconsumer", 1);
    cx.db.propagate(&[b"XGROUP", b"CREATECONSUMER", key, group, name]);
}

/// How many bytes [`propagate_given`] takes for an entry, about.
pub fn propagated_for_each(journaling: bool, key: &[u8], group: &[u8], consumer: &[u8]) -> usize {
    if journaling { key.len() + group.len() + consumer.len() + 192 } else { 0 }
}

/// Tells the journal to whom entries were given, when, and how often.
pub fn propagate_given(cx: &mut Ctx<'_>, key: &[u8], group: &[u8], consumer: &[u8], given: &[(Id, Pending)]) {
    for (id, pending) in given {
        let (mut text, mut time, mut count) = ([0; ID_LEN], [0; INT_LEN], [0; INT_LEN]);
        cx.db.propagate(&[
            b"XCLAIM",
            key,
            group,
            consumer,
            b"0",
            id.write(&mut text),
            b"TIME",
            format_int(pending.delivered, &mut time),
            b"RETRYCOUNT",
            format_int(pending.count as i64, &mut count),
            b"FORCE",
            b"JUSTID",
        ]);
    }
}

/// Tells the journal how far a group has read.
pub fn propagate_position(cx: &mut Ctx<'_>, key: &[u8], group: &[u8], last: Id, read: i64) {
    let (mut text, mut digits) = ([0; ID_LEN], [0; INT_LEN]);
    let read = format_int(read, &mut digits);
    cx.db.propagate(&[b"XGROUP", b"SETID", key, group, last.write(&mut text), b"ENTRIESREAD", read]);
}

/// Tells the journal that entries are no longer pending.
pub fn propagate_released(cx: &mut Ctx<'_>, key: &[u8], group: &[u8], released: &[Id]) {
    for id in released {
        cx.db.propagate(&[b"XACK", key, group, id.write(&mut [0; ID_LEN])]);
    }
}

/// The option ENTRIESREAD of XGROUP CREATE and SETID (-1 where it is not given), and whether there is MKSTREAM.
fn group_options(args: Args<'_>, create: bool) -> Result<(i64, bool), Error> {
    let (mut read, mut make) = (-1, false);
    let mut opts = args.options(5);
    while let Some(word) = opts.next() {
        if create && word.is("MKSTREAM") {
            make = true;
        } else if word.is("ENTRIESREAD") && opts.left() > 0 {
            read = opts.int()?;
            if read < -1 {
                return Err(Error::EntriesRead);
            }
        } else {
            return Err(help::usage(args));
        }
    }
    Ok((read, make))
}

/// No group has read more entries than were ever added, whatever ENTRIESREAD says, but in Valkey. In a journal it says what was: XSETID may have
/// lowered the number of entries since.
fn bounded(cx: &Ctx<'_>, read: i64, added: u64) -> i64 {
    if cx.origin.is_checked() && !cx.server.is_valkey() { read.min(added as i64) } else { read }
}

fn xgroup_create(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name, text) = (args.at(2), args.at(3), args.at(4));
    let (given, make) = group_options(args, true)?;
    let stream = cx.db.write::<Stream>(key)?;
    let missing = stream.is_none();
    let added = stream.as_ref().map_or(0, |stream| stream.added());
    if missing && !make {
        return Err(Error::GroupNoKey);
    }
    // An option may be there once; Redis looks at that last.
    if args.len() > 8 {
        return Err(help::usage(args));
    }
    let last = match text {
        b"$" => stream.map_or(Id::MIN, |stream| stream.last()),
        _ => id(text)?,
    };
    let read = bounded(cx, given, added);
    let memory = memory(cx);
    if !cx.db.write_or(key, |_| Stream::remembering(memory))?.add_group(name, last, read) {
        return Err(Error::GroupExists);
    }
    cx.out.ok();
    cx.changed(key, if missing { class::STREAM } else { class::STREAM | class::QUIET }, "xgroup-create", 1);
    let special = missing && memory != Memory::default();
    if read != given || special {
        let (mut id, mut digits) = ([0; ID_LEN], [0; INT_LEN]);
        let (last, read) = (last.write(&mut id), format_int(read, &mut digits));
        cx.db.propagate(&[b"XGROUP", b"CREATE", key, name, last, b"MKSTREAM", b"ENTRIESREAD", read]);
    }
    if special {
        propagate_memory(cx, key, memory, None);
    }
    Ok(())
}

fn xgroup_setid(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name, text) = (args.at(2), args.at(3), args.at(4));
    let (given, _) = group_options(args, false)?;
    let added = cx.db.write::<Stream>(key)?.map_or(0, |stream| stream.added());
    let read = bounded(cx, given, added);
    let (entries, group) =
        cx.db.write::<Stream>(key)?.ok_or(Error::GroupNoKey)?.split(name).ok_or_else(|| no_group(key, name))?;
    if args.len() > 7 {
        return Err(help::usage(args));
    }
    group.last = if text == b"$" { entries.last() } else { any_id(text, 0)? };
    group.read = read;
    let last = group.last;
    cx.out.ok();
    cx.changed(key, class::STREAM | class::QUIET, "xgroup-setid", 1);
    if read != given {
        propagate_position(cx, key, name, last, read);
    }
    Ok(())
}

fn xgroup_destroy(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name) = (args.at(2), args.at(3));
    let removed = cx.db.write::<Stream>(key)?.ok_or(Error::GroupNoKey)?.remove_group(name);
    if removed {
        cx.changed(key, class::STREAM | class::QUIET, "xgroup-destroy", 1);
        // Those who wait for the group are to learn that it is gone.
        cx.wake(cx.session.db, key);
    }
    cx.out.int(removed as i64);
    Ok(())
}

fn xgroup_createconsumer(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name, now) = (args.at(2), args.at(3), cx.now);
    let stream = cx.db.write::<Stream>(key)?.ok_or(Error::GroupNoKey)?;
    let group = stream.group_mut(name).ok_or_else(|| no_group(key, name))?;
    let (_, new) = group.consumer_or_new(args.at(4), now);
    cx.out.int(new as i64);
    if new {
        cx.changed(key, class::STREAM | class::QUIET, "xgroup-createconsumer", 1);
    }
    Ok(())
}

fn xgroup_delconsumer(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name) = (args.at(2), args.at(3));
    let stream = cx.db.write::<Stream>(key)?.ok_or(Error::GroupNoKey)?;
    let group = stream.group_mut(name).ok_or_else(|| no_group(key, name))?;
    let pending = group.remove_consumer(args.at(4));
    cx.out.int(pending.unwrap_or(0) as i64);
    if pending.is_some() {
        cx.changed(key, class::STREAM | class::QUIET, "xgroup-delconsumer", 1);
    }
    Ok(())
}

fn xgroup_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help(
        cx,
        "XGROUP",
        &[
            "CREATE <key> <groupname> <id|$> [option]",
            "    Create a new consumer group. Options are:",
            "    * MKSTREAM",
            "      Create the empty stream if it does not exist.",
            "    * ENTRIESREAD entries_read",
            "      Set the group's entries_read counter (internal use).",
            "CREATECONSUMER <key> <groupname> <consumer>",
            "    Create a new consumer in the specified group.",
            "DELCONSUMER <key> <groupname> <consumer>",
            "    Remove the specified consumer.",
            "DESTROY <key> <groupname>",
            "    Remove the specified group.",
            "SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]",
            "    Set the current group ID and entries_read counter.",
        ],
    )
}

fn xreadgroup(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut reading = Reading::parse(cx, args, true)?;
    let (group, name) = reading.group.unwrap_or_default();
    for (key, text) in reading.pairs(args) {
        if cx.db.read::<Stream>(key)?.and_then(|stream| stream.group(group)).is_none() {
            return Err(neither(key, group, b" in XREADGROUP with GROUP option"));
        }
        match text {
            b"$" => return Err(Error::GroupDollar),
            b"+" => return Err(Error::GroupPlus),
            b">" => {}
            _ => {
                id(text)?;
            }
        }
    }
    let (mut served, mut answer) = (0, Answer { start: cx.out.mark(), shown: 0, again: NEVER });
    for (key, text) in reading.pairs(args) {
        // `>` is the highest id, also where that is written out.
        let after = if text == b">" { Id::MAX } else { id(text)? };
        if answer.shown >= reading.most_of_all {
            break;
        }
        // Nothing is claimed from the first stream on that is asked for what the consumer has.
        if after != Id::MAX {
            reading.claim = None;
        }
        match read_stream(cx, key, group, name, after, &reading, &mut answer) {
            Ok(found) => served += found as usize,
            // The streams before it have been read. This one, and what follows, can be asked for again.
            Err(_) if served > 0 => break,
            Err(error) => return Err(error),
        }
    }
    reading.again = answer.again;
    reading.finish(cx, args, answer.start, served, None)
}

/// What XREADGROUP has answered so far, of all streams.
struct Answer {
    /// Where the reply begins.
    start: usize,
    /// Entries.
    shown: u64,
    /// When something that is pending will have been so for long enough.
    again: Deadline,
}

/// Serves one stream; whether there was something. With the highest id for `after` that are new entries, else pending ones.
fn read_stream(
    cx: &mut Ctx<'_>,
    key: &[u8],
    group_name: &[u8],
    name: &[u8],
    after: Id,
    reading: &Reading<'_>,
    answer: &mut Answer,
) -> Result<bool, Error> {
    let (now, journaling) = (cx.now, cx.db.journaling());
    let told = journaling && (!reading.no_ack || reading.claim.is_some());
    let line = propagated_for_each(told, key, group_name, name);
    cx.out.room_for(key.len())?;
    let Some((entries, group)) = cx.db.read_mut::<Stream>(key)?.and_then(|stream| stream.split(group_name)) else {
        return Ok(false);
    };
    let mut delivery = Delivery {
        out: cx.out,
        key,
        name,
        reading,
        now,
        journaling,
        line,
        start_of_reply: answer.start,
        before: answer.shown,
        shown: 0,
        mark: 0,
        given: Vec::new(),
    };
    let last = group.last;
    let (slot, made) = match after.next() {
        None => delivery.of_new(entries, group)?,
        Some(start) => delivery.of_pending(entries, group, start)?,
    };
    let Delivery { shown, given, .. } = delivery;
    answer.shown += shown;
    group.at_mut(slot).seen = now;
    let delivered = after == Id::MAX && shown > 0;
    if let Some(idle) = reading.claim.filter(|_| after == Id::MAX) {
        answer.again = answer.again.min(due(entries, group, idle, now));
    }
    let moved = last != group.last;
    let (last, read) = (group.last, group.read);
    if made {
        made_consumer(cx, key, group_name, name);
    }
    propagate_given(cx, key, group_name, name, &given);
    if moved {
        propagate_position(cx, key, group_name, last, read);
    }
    cx.changed(key, class::SILENT | class::QUIET, "", delivered as u64);
    if delivered {
        claimable(cx, key);
    }
    Ok(delivered || after != Id::MAX)
}

/// When the first of what is pending, and was not deleted, will have been so for long enough; later than now.
fn due(entries: &Entries, group: &mut Group, idle: i64, now: i64) -> Deadline {
    let mut at = group.waiting().start();
    while let Some((_, &id)) = group.waiting().get_at(at) {
        if entries.contains(id)
            && let Some(pending) = group.pending_at(id)
        {
            return pending.delivered.saturating_add(idle).max(now.saturating_add(1)) as Deadline;
        }
        at = group.waiting().after(at);
    }
    NEVER
}

/// What XREADGROUP gives a consumer of one stream.
struct Delivery<'a> {
    out: &'a mut Reply,
    key: &'a [u8],
    /// The consumer's.
    name: &'a [u8],
    reading: &'a Reading<'a>,
    now: i64,
    journaling: bool,
    /// Bytes that the journal takes for an entry.
    line: usize,
    /// Where the reply begins, and how many entries of other streams it has.
    start_of_reply: usize,
    before: u64,
    shown: u64,
    /// Where the entries of this stream begin.
    mark: usize,
    /// What the journal is to be told.
    given: Vec<(Id, Pending)>,
}

impl Delivery<'_> {
    /// Whether there is room for an entry, and for what the journal takes for all so far.
    fn has_room(&mut self, range: &mut Range<'_>) -> bool {
        has_room(self.out, range, self.line * (self.shown as usize + 3))
            && self.reading.has_room(self.out, range, self.start_of_reply, self.before + self.shown)
    }

    /// Begins the part of the reply that is about this stream, unless that has happened.
    fn begin(&mut self) {
        if self.shown == 0 {
            put_stream(self.out, self.key);
            self.mark = self.out.mark();
        }
        self.shown += 1;
    }

    /// Shows an entry, and with CLAIM for how long it has been pending, and how often it was delivered before.
    fn put(&mut self, id: Id, range: &mut Range<'_>, idle: i64, count: u64) {
        self.begin();
        put_entry_of(self.out, id, range, if self.reading.claim.is_some() { 4 } else { 2 });
        if self.reading.claim.is_some() {
            self.out.int(idle);
            self.out.int(count as i64);
        }
    }

    fn give(&mut self, group: &mut Group, id: Id, pending: Pending) {
        group.give(id, pending);
        if self.journaling {
            self.given.push((id, pending));
        }
    }

    /// Entries that have been pending for so long, the longest first, whoever has them. Each is looked at once.
    fn of_idle(&mut self, entries: &Entries, group: &mut Group, slot: u32, idle: i64) {
        let mut left = group.pending().len();
        let mut at = group.waiting().start();
        while left > 0
            && self.shown < self.reading.most
            && let Some((_, &id)) = group.waiting().get_at(at)
            && let Some(pending) = group.pending_at(id)
        {
            left -= 1;
            let pended = self.now.saturating_sub(pending.delivered);
            if pended < idle {
                break;
            }
            let next = group.waiting().after(at);
            let mut range = entries.range(id, id, false);
            if range.next().is_none() {
                at = next;
                continue;
            }
            if !self.has_room(&mut range) {
                break;
            }
            self.put(id, &mut range, pended, pending.count);
            // What comes next, wherever it stands once this one has moved behind all others.
            let time = group.waiting().get_at(next).map_or(Id::MAX, |pair| pair.0);
            self.give(group, id, Pending::new(self.now, pending.count.saturating_add(1), slot));
            group.at_mut(slot).active = self.now;
            at = group.waiting().seek(time);
        }
    }

    /// Entries that nobody in the group has been given yet; with CLAIM behind those that have been pending for too long. The
    /// consumer's slot, and whether it was made.
    fn of_new(&mut self, entries: &Entries, group: &mut Group) -> Result<(u32, bool), Error> {
        let mut range = match group.last.next() {
            Some(start) => entries.range(start, Id::MAX, false),
            None => entries.range(Id::MAX, Id::MIN, false),
        };
        let mut next = range.next();
        let fits = next.is_none() || has_room(self.out, &range, self.line);
        if !fits && self.reading.claim.is_none() {
            return Err(Error::OutOfMemory);
        }
        // The consumer's name, here and in the journal, which grows with each line that has it.
        room_for(self.name.len() + self.line.saturating_mul(4))?;
        let (slot, made) = group.consumer_or_new(self.name, self.now);
        if let Some(idle) = self.reading.claim {
            self.of_idle(entries, group, slot, idle);
        }
        while self.shown < self.reading.most
            && let Some(id) = next
            && self.has_room(&mut range)
        {
            self.put(id, &mut range, 0, 0);
            group.read = entries.read_on(group, id);
            group.last = id;
            if !self.reading.no_ack {
                self.give(group, id, Pending::new(self.now, 1, slot));
            }
            next = range.next();
        }
        if self.shown > 0 {
            self.out.array_at(self.mark, self.shown as usize);
            if !self.reading.no_ack {
                group.at_mut(slot).active = self.now;
            }
        }
        Ok((slot, made))
    }

    /// Entries that the consumer has been given before, from this id on; null for those that are deleted.
    fn of_pending(&mut self, entries: &Entries, group: &mut Group, start: Id) -> Result<(u32, bool), Error> {
        let (slot, made) = group.consumer_or_new(self.name, self.now);
        put_stream(self.out, self.key);
        let mark = self.out.mark();
        let mut at = group.at(slot).pending.seek(start);
        while self.shown < self.reading.most
            && let Some((id, _)) = group.at(slot).pending.get_at(at)
        {
            let mut range = entries.range(id, id, false);
            let found = range.next().is_some();
            if found && !self.has_room(&mut range) {
                if self.shown == 0 && self.before == 0 {
                    return Err(Error::OutOfMemory);
                }
                break;
            }
            if found {
                put_entry(self.out, id, &mut range);
                if let Some(pending) = group.pending_at(id) {
                    self.give(group, id, Pending::new(self.now, pending.count.saturating_add(1), slot));
                }
            } else {
                self.out.array(2);
                put_id(self.out, id);
                self.out.null_array();
            }
            // Giving it again has left it where it is.
            at = group.at(slot).pending.after(at);
            self.shown += 1;
        }
        self.out.array_at(mark, self.shown as usize);
        Ok((slot, made))
    }
}

fn xack(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut released = 0;
    if let Some(group) = cx.db.read_mut::<Stream>(args.at(1))?.and_then(|stream| stream.group_mut(args.at(2))) {
        for text in args.tail(3) {
            id(text)?;
        }
        for text in args.tail(3) {
            released += group.release(id(text)?) as u64;
        }
    }
    if released > 0 {
        cx.changed(args.at(1), class::SILENT | class::QUIET, "", released);
    }
    cx.out.int(released as i64);
    Ok(())
}

fn xpending(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name, now) = (args.at(1), args.at(2), cx.now);
    if args.len() == 3 {
        let group = cx.db.read::<Stream>(key)?.and_then(|stream| stream.group(name));
        summary(&mut *cx.out, group.ok_or_else(|| neither(key, name, b""))?);
        return Ok(());
    }
    if !(6..=9).contains(&args.len()) {
        return Err(Error::Syntax);
    }
    let (mut idle, mut at) = (0, 3);
    if Word(args.at(3)).is("IDLE") {
        idle = args.int(4)?;
        if args.len() < 8 {
            return Err(Error::Syntax);
        }
        at = 5;
    }
    let count = args.int(at + 2)?.max(0);
    let (start, end) = (start(args.at(at))?, end(args.at(at + 1))?);
    let group = cx.db.read::<Stream>(key)?.and_then(|stream| stream.group(name));
    let group = group.ok_or_else(|| neither(key, name, b""))?;
    let mut show = Shown { out: &mut *cx.out, group, now, idle, left: count, shown: 0 };
    let mark = show.out.mark();
    match args.get(at + 3) {
        None => {
            let mut at = group.pending().seek(start);
            while let Some((id, pending)) = group.pending().get_at(at).filter(|pair| pair.0 <= end)
                && show.pending(id, pending)
            {
                at = group.pending().after(at);
            }
        }
        Some(name) => {
            if let Some(consumer) = group.consumer(name).map(|slot| group.at(slot)) {
                let mut at = consumer.pending.seek(start);
                while let Some((id, _)) = consumer.pending.get_at(at).filter(|pair| pair.0 <= end)
                    && let Some((_, pending)) = group.pending().find(id).and_then(|at| group.pending().get_at(at))
                    && show.pending(id, pending)
                {
                    at = consumer.pending.after(at);
                }
            }
        }
    }
    let shown = show.shown;
    cx.out.array_at(mark, shown);
    Ok(())
}

/// What XPENDING shows entry by entry.
struct Shown<'a> {
    out: &'a mut Reply,
    group: &'a Group,
    now: i64,
    /// Only those that were delivered so long ago.
    idle: i64,
    left: i64,
    shown: usize,
}

impl Shown<'_> {
    /// Whether there is room for more.
    fn pending(&mut self, id: Id, pending: &Pending) -> bool {
        if self.left == 0 {
            return false;
        }
        let idle = self.now.saturating_sub(pending.delivered);
        if self.idle > 0 && idle < self.idle {
            return true;
        }
        self.left -= 1;
        self.shown += 1;
        self.out.array(4);
        put_id(self.out, id);
        self.out.bulk(self.group.owner(pending));
        self.out.int(if pending.consumer == NOBODY { -1 } else { idle.max(0) });
        self.out.int(pending.count as i64);
        true
    }
}

/// XPENDING of a group as a whole: how many, the first and the last, and how many each consumer has.
fn summary(out: &mut Reply, group: &Group) {
    let pending = group.pending();
    out.array(4);
    out.int(pending.len() as i64);
    let (Some((first, _)), Some((last, _))) = (pending.first(), pending.last()) else {
        out.null();
        out.null();
        return out.null_array();
    };
    put_id(out, first);
    put_id(out, last);
    let busy = || group.consumers().filter(|consumer| !consumer.pending.is_empty());
    out.array(busy().count());
    for consumer in busy() {
        out.array(2);
        out.bulk(&consumer.name);
        out.bulk(format_int(consumer.pending.len() as i64, &mut [0; INT_LEN]));
    }
}
