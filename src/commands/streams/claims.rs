//! Taking over what others have left pending: XCLAIM, XAUTOCLAIM.

use super::entries::{has_room, id, put_entry, put_id, start};
use super::groups::{consumer, neither, propagate_given, propagate_position, propagate_released, propagated_for_each};
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::{Error, quoted};
use crate::resp::room_for;
use crate::table::spec::{arg, flags::*, key::*};
use crate::types::number::parse_int;
use crate::types::stream::group::{Group, NOBODY, Pending};
use crate::types::stream::{Id, Stream};

pub const TABLE: &[Row] = &[
    cmd("XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]", xautoclaim)
        .write(FAST).key(RW | DELETE)
        .tips(&["nondeterministic_output"])
        .args(&[arg(3).kind("string"), arg(4).kind("string")])
        .history(&[("7.0.0", "Added an element to the reply array, containing deleted entries the command cleared from the PEL")])
        .reply("[bulk, array of entry | array of bulk, array of bulk]")
        .doc("6.2.0", "O(1) if COUNT is small.", "Changes, or acquires, ownership of messages in a consumer group, as if the messages were delivered to as consumer group member."),
    cmd("XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]", xclaim)
        .write(FAST).key(RW | UPDATE)
        .tips(&["nondeterministic_output"])
        .args(&[arg(3).kind("string"), arg(5).kind("integer")])
        .reply("array of entry | array of bulk")
        .doc("5.0.0", "O(log N) with N being the number of messages in the PEL of the consumer group.", "Changes, or acquires, ownership of a message in a consumer group, as if the message was delivered a consumer group member."),
];

/// How XCLAIM and XAUTOCLAIM hand a pending entry over.
struct Claim {
    /// Only what was delivered so long ago, in milliseconds.
    idle: i64,
    delivered: i64,
    count: Option<u64>,
    just_id: bool,
    slot: u32,
    now: i64,
}

impl Claim {
    /// Whether an entry has been pending for long enough.
    fn allows(&self, pending: &Pending) -> bool {
        self.idle <= 0 || self.now.saturating_sub(pending.delivered) >= self.idle
    }

    /// Hands an entry over; how it is pending now.
    fn take(&self, group: &mut Group, id: Id, pending: Pending) -> Pending {
        let count = self.count.unwrap_or(pending.count.saturating_add(!self.just_id as u64));
        let pending = Pending::new(self.delivered, count, self.slot);
        group.give(id, pending);
        if self.slot != NOBODY {
            group.at_mut(self.slot).active = self.now;
        }
        pending
    }
}

/// After entries have become pending, or earlier: whoever waits with XREADGROUP CLAIM is to look when they are due.
pub fn claimable(cx: &mut Ctx<'_>, key: &[u8]) {
    if cx.server.waiting.claiming() {
        cx.wake(cx.session.db, key);
    }
}

/// What XCLAIM is asked, behind the key, the group and the consumer.
struct ClaimOptions {
    claim: Claim,
    /// How many ids there are.
    ids: usize,
    /// Entries that are not pending are handed over, too.
    force: bool,
    /// The group is to have read so far at least.
    last: Id,
}

impl ClaimOptions {
    fn parse(args: Args<'_>, now: i64, replayed: bool) -> Result<ClaimOptions, Error> {
        let idle = parse_int(args.at(4)).ok_or(Error::ClaimMinIdle)?;
        let ids = args.tail(5).take_while(|text| id(text).is_ok()).count();
        let (mut force, mut last) = (false, Id::MIN);
        let mut claim = Claim { idle, delivered: now, count: None, just_id: false, slot: 0, now };
        let mut opts = args.options(5 + ids);
        while let Some(word) = opts.next() {
            let more = opts.left() > 0;
            if word.is("FORCE") {
                force = true;
            } else if word.is("JUSTID") {
                claim.just_id = true;
            } else if word.is("IDLE") && more {
                claim.delivered = now.saturating_sub(parse_int(opts.value()?).ok_or(Error::ClaimIdle)?);
            } else if word.is("TIME") && more {
                claim.delivered = parse_int(opts.value()?).ok_or(Error::ClaimTime)?;
            } else if word.is("RETRYCOUNT") && more {
                claim.count = u64::try_from(parse_int(opts.value()?).ok_or(Error::ClaimRetry)?).ok();
            } else if word.is("LASTID") && more {
                last = id(opts.value()?)?;
            } else {
                let word = quoted(word.0, usize::MAX);
                return Err(Error::quoting(&[b"ERR Unrecognized XCLAIM option '", word, b"'"]));
            }
        }
        // A replay has no time of its own.
        if claim.delivered < 0 || claim.delivered > now && !replayed {
            claim.delivered = now;
        }
        Ok(ClaimOptions { claim, ids, force, last })
    }
}

fn xclaim(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name, now) = (args.at(1), args.at(2), cx.now);
    if cx.db.read::<Stream>(key)?.and_then(|stream| stream.group(name)).is_none() {
        return Err(neither(key, name, b""));
    }
    let ClaimOptions { mut claim, ids, force, last } = ClaimOptions::parse(args, now, cx.server.loading)?;
    let (mut given, mut released, journaling) = (Vec::new(), Vec::new(), cx.db.journaling());
    let line = propagated_for_each(journaling, key, name, args.at(3));
    room_for(line * 4)?;
    // So a journal says what XNACK has given back, in words that Redis 8.6 has, too.
    let given_back = cx.server.loading && args.at(3).is_empty() && claim.delivered == 0;
    claim.slot = if given_back { NOBODY } else { consumer(cx, key, name, args.at(3))? };
    let Some((entries, group)) = cx.db.write::<Stream>(key)?.and_then(|stream| stream.split(name)) else {
        return Ok(());
    };
    let mut changes = 0;
    if last > group.last {
        group.last = last;
        changes += 1;
    }
    let (mark, mut shown) = (cx.out.mark(), 0);
    for text in args.tail(5).take(ids) {
        let id = id(text)?;
        if !given_back && !entries.contains(id) {
            if group.release(id) {
                changes += 1;
                released.push(id);
            }
            continue;
        }
        let pending = match group.pending_at(id) {
            Some(pending) if claim.allows(&pending) => pending,
            None if force => Pending::new(now, 1, claim.slot),
            _ => continue,
        };
        let mut range = entries.range(id, id, false);
        range.next();
        if !has_room(cx.out, &range, line * (shown + 1)) {
            break; // what is not in the answer was not claimed
        }
        let pending = claim.take(group, id, pending);
        if journaling {
            given.push((id, pending));
        }
        if claim.just_id {
            put_id(cx.out, id);
        } else {
            put_entry(cx.out, id, &mut range);
        }
        shown += 1;
    }
    cx.out.array_at(mark, shown);
    let (moved, last, read) = (last > Id::MIN, group.last, group.read);
    if moved {
        propagate_position(cx, key, name, last, read);
    }
    propagate_released(cx, key, name, &released);
    propagate_given(cx, key, name, args.at(3), &given);
    cx.db.log.dirty += changes + shown as u64;
    claimable(cx, key);
    Ok(())
}

/// What XAUTOCLAIM is asked, behind the key, the group and the consumer.
struct AutoclaimOptions {
    idle: i64,
    start: Id,
    count: i64,
    just_id: bool,
}

impl AutoclaimOptions {
    fn parse(args: Args<'_>) -> Result<AutoclaimOptions, Error> {
        let idle = parse_int(args.at(4)).ok_or(Error::AutoclaimMinIdle)?;
        let start = start(args.at(5))?;
        let (mut count, mut just_id) = (100, false);
        let mut opts = args.options(6);
        while let Some(word) = opts.next() {
            if word.is("COUNT") && opts.left() > 0 {
                // So many ids of 16 bytes, and one for each of ten attempts, are what Redis can count.
                let allowed = 1..=i64::MAX / 16;
                count =
                    parse_int(opts.value()?).filter(|count| allowed.contains(count)).ok_or(Error::AutoclaimCount)?;
            } else if word.is("JUSTID") {
                just_id = true;
            } else {
                return Err(Error::Syntax);
            }
        }
        Ok(AutoclaimOptions { idle, start, count, just_id })
    }
}

fn xautoclaim(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name, now) = (args.at(1), args.at(2), cx.now);
    let AutoclaimOptions { idle, start, mut count, just_id } = AutoclaimOptions::parse(args)?;
    if cx.db.read::<Stream>(key)?.and_then(|stream| stream.group(name)).is_none() {
        return Err(neither(key, name, b""));
    }
    if count >= TOO_MANY {
        return Err(Error::AutoclaimMemory);
    }
    let journaling = cx.db.journaling();
    let line = propagated_for_each(journaling, key, name, args.at(3));
    room_for(line * 4)?;
    let slot = consumer(cx, key, name, args.at(3))?;
    let claim = Claim { idle, delivered: now, count: None, just_id, slot, now };
    let Some((entries, group)) = cx.db.write::<Stream>(key)?.and_then(|stream| stream.split(name)) else {
        return Ok(());
    };
    let (mark, mut shown, mut deleted, mut given) = (cx.out.mark(), 0, Vec::new(), Vec::new());
    let mut attempts = count * 10;
    let mut at = group.pending().seek(start);
    let mut next = None;
    while let Some((id, pending)) = group.pending().get_at(at) {
        next = Some(id);
        if attempts == 0 || count == 0 {
            break;
        }
        let mut range = entries.range(id, id, false);
        let found = range.next().is_some();
        if !has_room(cx.out, &range, line * (shown + 1)) {
            break; // the cursor says where to go on
        }
        attempts -= 1;
        next = None;
        let pending = *pending;
        if !found {
            // The one behind it takes its place.
            group.release(id);
            deleted.push(id);
            at = group.pending().seek(id);
            count -= 1;
            continue;
        }
        if claim.allows(&pending) {
            let pending = claim.take(group, id, pending);
            if journaling {
                given.push((id, pending));
            }
            if just_id {
                put_id(cx.out, id);
            } else {
                put_entry(cx.out, id, &mut range);
            }
            shown += 1;
            count -= 1;
        }
        at = group.pending().after(at);
    }
    cx.out.array_at(mark, shown);
    let first = cx.out.mark();
    cx.out.array(3);
    put_id(cx.out, next.unwrap_or(Id::MIN));
    cx.out.pull_back(mark, first);
    cx.out.array(deleted.len());
    for &id in &deleted {
        put_id(cx.out, id);
    }
    propagate_released(cx, key, name, &deleted);
    propagate_given(cx, key, name, args.at(3), &given);
    cx.db.log.dirty += (shown + deleted.len()) as u64;
    Ok(())
}

/// A COUNT of XAUTOCLAIM that Redis finds no memory for (it depends on the machine there).
const TOO_MANY: i64 = 1 << 43;
