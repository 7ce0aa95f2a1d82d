//! SLOWLOG: the commands that took long ([`crate::server::timing`] keeps them).

use crate::commands::shared::help;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::dialect::Release;
use crate::resp::error::Error;
use crate::table::spec::{Shards, arg, flags::*};
use crate::types::number::parse_int;

pub const ROW: Row =
    container("SLOWLOG", SLOWLOG).doc("2.2.12", "Depends on subcommand.", "A container for slow log commands.");

const SLOWLOG: &[Row] = &[
    sub("SLOWLOG GET [count]", slowlog_get)
        .shards(Shards::Concat)
        .plain(ADMIN | LOADING | STALE)
        .args(&[arg(0).kind("integer")])
        .tips(&["request_policy:all_nodes", "nondeterministic_output"])
        .history(&[
            ("4.0.0", "Added client IP address, port and name to the reply."),
            ("8.10.0", "Added the number of arguments to the reply."),
        ])
        .reply("array of ([int int int array of bulk bulk bulk] | [int int int array of bulk bulk bulk int])")
        .doc("2.2.12", "O(N) where N is the number of entries returned", "Returns the slow log's entries."),
    sub("SLOWLOG HELP", slowlog_help).plain(LOADING | STALE).reply("array of simple").doc(
        "6.2.0",
        "O(1)",
        "Show helpful text about the different subcommands",
    ),
    sub("SLOWLOG LEN", slowlog_len)
        .shards(Shards::Sum)
        .plain(ADMIN | LOADING | STALE)
        .tips(&["request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output"])
        .reply("int")
        .doc("2.2.12", "O(1)", "Returns the number of entries in the slow log."),
    sub("SLOWLOG RESET", slowlog_reset)
        .plain(ADMIN | LOADING | STALE)
        .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
        .reply("OK")
        .doc("2.2.12", "O(N) where N is the number of entries in the slowlog", "Clears all entries from the slow log."),
];

fn slowlog_get(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len() > 3 {
        return Err(help::usage(args));
    }
    let count = match args.get(2).map(parse_int) {
        None => 10,
        Some(Some(-1)) => i64::MAX,
        Some(Some(count)) if count >= 0 => count,
        Some(_) => return Err(Error::Fixed("ERR count should be greater than or equal to -1")),
    };
    let counts = cx.server.has(Release::V8_10);
    let slow = &cx.server.timing.slow;
    let count = slow.len().min(usize::try_from(count).unwrap_or(usize::MAX));
    cx.out.array(count);
    for entry in slow.iter().rev().take(count) {
        cx.out.array(6 + counts as usize);
        cx.out.int(entry.id as i64);
        cx.out.int(entry.at);
        cx.out.int(entry.micros as i64);
        cx.out.array(entry.args.len());
        entry.args.iter().for_each(|arg| cx.out.bulk(arg));
        cx.out.bulk(entry.addr.as_bytes());
        cx.out.bulk(&entry.name);
        if counts {
            cx.out.int(entry.argc as i64);
        }
    }
    Ok(())
}

fn slowlog_len(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.int(cx.server.timing.slow.len() as i64);
    Ok(())
}

fn slowlog_reset(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.server.timing.slow.clear();
    cx.out.ok();
    Ok(())
}

fn slowlog_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "SLOWLOG",
        &[
            "GET [<count>]",
            "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
            "    Entries are made of:",
            "    id, timestamp, time in microseconds, arguments array, client IP and port,",
            "    client name",
            "LEN",
            "    Return the length of the slowlog.",
            "RESET",
            "    Reset the slowlog.",
        ],
    )
}
