//! The server itself: its configuration, its databases as a whole, its debugging aids. COMMAND and INFO have files of
//! their own.

pub mod backup;
pub mod config;
pub mod debug;
pub mod hotkeys;
pub mod info;
pub mod introspection;
pub mod latency;
pub mod lolwut;
pub mod memory;
pub mod monitor;
pub mod replication;
pub mod saving;
pub mod slowlog;

use crate::commands::keys::database;

use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done, origin::Origin};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::table::spec::{OnSession, Whole, flags::*};
use crate::types::number::{INT_LEN, format_int, parse_int};

pub const TABLE: &[Row] = &[
    backup::ROW,
    introspection::ROW,
    cmd("DBSIZE", dbsize)
        .read(FAST)
        .tips(&["request_policy:all_shards", "response_policy:agg_sum"])
        .acl(&["keyspace"])
        .reply("int")
        .doc("1.0.0", "O(1)", "Returns the number of keys in the database."),
    cmd("FLUSHALL [ASYNC | SYNC]", flushall)
        .write(0)
        .whole(Whole::Keyspace)
        .tips(&["request_policy:all_shards", "response_policy:all_succeeded"])
        .acl(&["dangerous", "keyspace"])
        .groups(&["flush-type"])
        .history(&[
            ("4.0.0", "Added the `ASYNC` flushing mode modifier."),
            ("6.2.0", "Added the `SYNC` flushing mode modifier."),
        ])
        .reply("OK")
        .doc(
            "1.0.0",
            "O(N) where N is the total number of keys in all databases",
            "Removes all keys from all databases.",
        ),
    cmd("FLUSHDB [ASYNC | SYNC]", flushdb)
        .write(0)
        .whole(Whole::Database)
        .tips(&["request_policy:all_shards", "response_policy:all_succeeded"])
        .acl(&["dangerous", "keyspace"])
        .groups(&["flush-type"])
        .history(&[
            ("4.0.0", "Added the `ASYNC` flushing mode modifier."),
            ("6.2.0", "Added the `SYNC` flushing mode modifier."),
        ])
        .reply("OK")
        .doc(
            "1.0.0",
            "O(N) where N is the number of keys in the selected database",
            "Remove all keys from the current database.",
        ),
    #[cfg(feature = "diagnostics")]
    hotkeys::ROW,
    info::ROW,
    #[cfg(feature = "diagnostics")]
    latency::ROW,
    lolwut::ROW,
    cmd("ROLE", role)
        .session(OnSession::Nothing)
        .plain(FAST | LOADING | NOSCRIPT | STALE)
        .acl(&["admin", "dangerous"])
        .reply("[bulk, int, array of any]")
        .doc("2.8.12", "O(1)", "Returns the replication role."),
    #[cfg(feature = "diagnostics")]
    slowlog::ROW,
    #[cfg(feature = "diagnostics")]
    slowlog::COMMANDLOG,
    cmd("SWAPDB index1 index2", swapdb).write(FAST).whole(Whole::Swap).acl(&["dangerous", "keyspace"]).reply("OK").doc(
        "4.0.0",
        "O(N) where N is the count of clients watching or blocking on keys from both databases.",
        "Swaps two Redis databases.",
    ),
    cmd("TIME", time).plain(FAST | LOADING | STALE).tips(&["nondeterministic_output"]).reply("[bulk, bulk]").doc(
        "2.6.0",
        "O(1)",
        "Returns the server time.",
    ),
];

fn dbsize(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.int(cx.db.len() as i64);
    Ok(())
}

fn flushall(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    flush(cx, args, None)
}

fn flushdb(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let selected = cx.session.db;
    flush(cx, args, Some(selected))
}

fn flush(cx: &mut Ctx<'_>, args: Args<'_>, which: Option<usize>) -> Done {
    let later = args.is_async()?;
    let dbs: Vec<usize> = (0..cx.db.databases().len()).filter(|&db| which.is_none_or(|which| which == db)).collect();
    cx.server.touch_all(cx.db, &dbs);
    let flushed = cx.db.flush(which, later);
    cx.db.log.dirty += flushed;
    if cx.server.tracking.is_active() {
        invalidate_all(cx, later);
    }
    cx.out.ok();
    Ok(())
}

/// Tells those who track that all keys are gone. Redis frees what is many keys beside its work, and answers after that: then it has
/// told already what there was to be told.
#[cold]
fn invalidate_all(cx: &mut Ctx<'_>, later: bool) {
    cx.server.invalidate_all(Some(cx.session));
    if !later && cx.origin == Origin::Client {
        cx.server.broadcast(Some(cx.session));
        cx.out.append_some(&mut cx.session.outbox);
    }
}

fn swapdb(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if cx.server.cluster.is_some() {
        return Err(Error::Fixed("ERR SWAPDB is not allowed in cluster mode"));
    }
    let is_int = |text: &[u8]| parse_int(text).and_then(|index| i32::try_from(index).ok());
    is_int(args.at(1)).ok_or(Error::FirstDb)?;
    is_int(args.at(2)).ok_or(Error::SecondDb)?;
    let (a, b) = (database(cx, args.at(1))?, database(cx, args.at(2))?);
    cx.server.touch_all(cx.db, &[a, b]);
    cx.db.swap(a, b);
    cx.server.touch_all(cx.db, &[a, b]);
    cx.db.log.dirty += 1;
    cx.out.ok();
    Ok(())
}

fn time(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let micros = cx.now % 1000 * 1000 + cx.server.micros();
    cx.out.array(2);
    cx.out.bulk(format_int(cx.now / 1000, &mut [0; INT_LEN]));
    cx.out.bulk(format_int(micros, &mut [0; INT_LEN]));
    Ok(())
}

/// A master without replicas: nothing was ever written for one.
fn role(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.array(3);
    cx.out.bulk(b"master");
    cx.out.int(0);
    cx.out.array(0);
    Ok(())
}
