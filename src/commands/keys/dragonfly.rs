//! What Dragonfly has beyond Redis for keys of any type: RM, and CL.THROTTLE, a limiter of rates.
//!
//! CL.THROTTLE is GCRA. Under the key stands one number, the nanosecond at which all that was let through would have arrived at the
//! allowed rate; it ends with that time. `burst` more may come at once before the time is that far ahead. STICK, whose keys are never
//! evicted, was left out: an entry has no bit to spare for it.

use crate::commands::shared::scan::{self, Over, ScanOptions};
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, Ttl, Value, class};
use crate::resp::args::{Args, Span};
use crate::resp::dialect::Dialect;
use crate::resp::error::Error;
use crate::resp::room_for;
use crate::table::spec::{flags::*, key::*};
use crate::types::number::{INT_LEN, format_int, parse_int};
use crate::types::string::Str;

pub const TABLE: &[Row] = &[
    cmd("CL.THROTTLE key max-burst count period [quantity]", throttle)
        .only(Dialect::Dragonfly)
        .write(DENYOOM | FAST)
        .key(RW | ACCESS | UPDATE)
        .reply("[int int int int int]")
        .doc("1.0.0", "O(1)", "Limits a rate: whether one more may come, and when."),
    cmd("RM cursor [MATCH pattern] [COUNT count] [TYPE type]", rm)
        .only(Dialect::Dragonfly)
        .write(0)
        .reply("[bulk int]")
        .doc("1.0.0", "O(1) for every call.", "Iterates over the keys in the database and deletes them."),
];

const SECOND: i64 = 1_000_000_000;

/// Limited 1 or 0, the limit, what is left of it, seconds until it may be tried again (-1: now, or never), seconds until all is
/// allowed again. Parts of a second count as one.
fn throttle(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    if args.len() > 6 {
        return Err(cx.arity());
    }
    let number =
        |at: usize, least: i64| args.int(at).and_then(|n| if n < least { Err(Error::NotInteger) } else { Ok(n) });
    let (burst, count, period) = (number(2, 0)?, number(3, 1)?, number(4, 1)?);
    let quantity = if args.len() == 6 { number(5, 0)? } else { 1 };
    let interval = period.checked_mul(SECOND).ok_or(Error::NotInteger)? / count;
    let limit = burst.checked_add(1).ok_or(Error::NotInteger)?;
    let ahead = interval.checked_mul(limit).ok_or(Error::NotInteger)?;
    let step = interval.checked_mul(quantity).ok_or(Error::NotInteger)?;
    let now = cx.now.checked_mul(SECOND / 1000).ok_or(Error::NotInteger)?;
    let before = match cx.db.write::<Str>(key)? {
        Some(value) => parse_int(value.bytes(&mut [0; INT_LEN])).ok_or(Error::NotInteger)?.max(now),
        None => now,
    };
    let after = before.checked_add(step).ok_or(Error::NotInteger)?;
    let limited = after - now > ahead;
    let ends = if limited { before } else { after };
    if ends > before {
        let deadline = ends.div_euclid(SECOND / 1000) + 1;
        let (mut digits, mut end) = ([0; INT_LEN], [0; INT_LEN]);
        let text = format_int(ends, &mut digits);
        cx.db.set(key, Value::Str(Str::new(text)), Ttl::At(deadline as Deadline));
        cx.changed(key, class::STRING, "set", 1);
        cx.db.propagate(&[b"SET", key, text, b"PXAT", format_int(deadline, &mut end)]);
    }
    let seconds = |nanos: i64| nanos / SECOND + (nanos % SECOND > 0) as i64;
    let left = (ahead - (ends - now)).max(0);
    let retry = if limited && step <= ahead { seconds(after - now - ahead) } else { -1 };
    cx.out.array(5);
    let left = if interval > 0 { left / interval } else { limit };
    for part in [limited as i64, limit, left, retry, seconds(ends - now)] {
        cx.out.int(part);
    }
    Ok(())
}

/// One step of a SCAN whose keys go: the next cursor, and how many went.
fn rm(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let cursor = scan::cursor(args.at(1))?;
    let options = ScanOptions::parse(args, 2, Over::Keys, false)?;
    let (mut met, mut full): (Vec<Box<[u8]>>, Done) = (Vec::new(), Ok(()));
    let next = cx.db.scan(cursor, options.count, &mut |key, entry| {
        if full.is_ok() && options.admits_key(key, entry) {
            full = room_for(key.len() + met.len() * 2 * size_of::<Box<[u8]>>());
            met.extend(full.is_ok().then(|| key.into()));
        }
    });
    // Before any of them goes.
    full?;
    for key in &met {
        // As a command of its own, so that a snapshot, the journal and the user's rules see the key.
        let bytes = [b"DEL", &key[..]].concat();
        let mark = cx.out.mark();
        cx.run_nested(Args::new(&bytes, &[Span { at: 0, len: 3 }, Span { at: 3, len: key.len() as u32 }]));
        cx.out.drop_to(mark);
    }
    let gone = met.iter().filter(|key| cx.db.peek_value(key).is_none()).count();
    cx.out.array(2);
    cx.out.bulk(format_int(next as i64, &mut [0; INT_LEN]));
    cx.out.int(gone as i64);
    Ok(())
}
