//! DUMP and RESTORE: a value as bytes, and back, here or in a Redis.

use crate::commands::shared::results::room_for_result;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, NEVER, class};
use crate::rdb::payload;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::config::Id;
use crate::table::spec::{arg, flags::*, key::*};
use crate::types::number::{INT_LEN, format_int, parse_int};

pub const TABLE: &[Row] = &[
    cmd("DUMP key", dump)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .reply("bulk | null")
        .doc("2.6.0", "O(1) to access the key and additional O(N*M) to serialize it, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1).", "Returns a serialized representation of the value stored at a key."),
    cmd("RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]", restore)
        .write(DENYOOM).key(OW | UPDATE)
        .args(&[arg(1).kind("integer"), arg(6).kind("integer")])
        .acl(&["dangerous"])
        .history(&[("3.0.0", "Added the `REPLACE` modifier."), ("5.0.0", "Added the `ABSTTL` modifier."), ("5.0.0", "Added the `IDLETIME` and `FREQ` options.")])
        .reply("OK")
        .doc("2.6.0", "O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1). However for sorted set values the complexity is O(N*M*log(N)) because inserting values into sorted sets is O(log(N)).", "Creates a key from the serialized representation of a value."),
];

fn dump(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    if !cx.db.touch(key) {
        cx.out.null();
        return Ok(());
    }
    room_for_result(cx.db, std::iter::once(key), 2)?;
    let compress = cx.server.config.int(Id::RdbCompression) != 0;
    let value = cx.db.peek_value(key).ok_or(Error::NoSuchKey)?;
    let payload = payload::dump(value, compress, cx.server.rdb_form()).ok_or(Error::OutOfMemory)?;
    cx.out.bulk(&payload);
    Ok(())
}

fn restore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let (mut replace, mut absolute, mut idle, mut frequency) = (false, false, None, None);
    let mut opts = args.options(4);
    while let Some(opt) = opts.next() {
        match () {
            _ if opt.is("REPLACE") => replace = true,
            _ if opt.is("ABSTTL") => absolute = true,
            _ if opt.is("IDLETIME") && opts.left() > 0 && frequency.is_none() => {
                let seconds = parse_int(opts.value()?).ok_or(Error::NotInteger)?;
                if seconds < 0 {
                    return Err(Error::Fixed("ERR Invalid IDLETIME value, must be >= 0"));
                }
                idle = Some(seconds);
            }
            _ if opt.is("FREQ") && opts.left() > 0 && idle.is_none() => {
                let count = parse_int(opts.value()?).ok_or(Error::NotInteger)?;
                let count = u8::try_from(count);
                frequency = Some(count.map_err(|_| Error::Fixed("ERR Invalid FREQ value, must be >= 0 and <= 255"))?);
            }
            _ => return Err(Error::Syntax),
        }
    }
    let there = if replace { cx.db.exists(key) } else { cx.db.meet(key) };
    if there && !replace {
        return Err(Error::Fixed("BUSYKEY Target key name already exists."));
    }
    let ttl = args.int(2)?;
    if ttl < 0 {
        return Err(Error::Fixed("ERR Invalid TTL value, must be >= 0"));
    }
    let value = payload::restore(args.at(3), &cx.server.config.rdb_limits(cx.db.seed()), cx.server.rdb_form())?;
    let deadline = match ttl {
        0 => NEVER,
        _ if absolute => ttl as Deadline,
        // What is too late for 64 bits is over, as there.
        _ => ttl.checked_add(cx.now).unwrap_or(0) as Deadline,
    };
    if deadline <= cx.now as Deadline && !cx.server.loading {
        if there {
            cx.remove_key(key);
            cx.db.propagate(&[b"DEL", key]);
        }
        cx.out.ok();
        return Ok(());
    }
    let replaced = cx.db.put(key, value, deadline);
    cx.db.set_access(key, idle, frequency);
    cx.changed(key, class::GENERIC, "restore", 1);
    cx.db.note_replaced(key, replaced);
    if deadline != NEVER && !absolute && cx.db.journaling() {
        let mut digits = [0; INT_LEN];
        let mut words: Vec<&[u8]> = args.tail(0).collect();
        words[2] = format_int(deadline as i64, &mut digits);
        words.push(b"ABSTTL");
        cx.db.propagate(&words);
    }
    cx.out.ok();
    Ok(())
}
