//! SLOWLOG: the commands that took long ([`crate::server::timing`] keeps them).

use crate::commands::shared::help;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::{Args, Word};
use crate::resp::dialect::{Dialect, Release};
use crate::resp::error::Error;
use crate::table::spec::{Shards, arg, flags::*};
use crate::types::number::parse_int;

pub const ROW: Row =
    container("SLOWLOG", SLOWLOG).doc("2.2.12", "Depends on subcommand.", "A container for slow log commands.");

/// Valkey's name for it, and for the logs of large requests and replies.
pub const COMMANDLOG: Row = container(
    "COMMANDLOG",
    &[
        sub("COMMANDLOG GET count <SLOW | LARGE-REQUEST | LARGE-REPLY>", commandlog_get)
            .only(Dialect::Valkey)
            .shards(Shards::Concat)
            .plain(ADMIN | LOADING | STALE)
            .groups(&["type"])
            .args(&[arg(0).kind("integer")])
            .tips(&["request_policy:all_nodes", "nondeterministic_output"])
            .reply("array of [int int int array of bulk bulk bulk]")
            .doc(
                "8.1.0",
                "O(N) where N is the number of entries returned",
                "Returns the specified command log's entries.",
            ),
        sub("COMMANDLOG HELP", commandlog_help)
            .only(Dialect::Valkey)
            .plain(LOADING | STALE)
            .reply("array of simple")
            .doc("8.1.0", "O(1)", "Shows helpful text about the different subcommands."),
        sub("COMMANDLOG LEN <SLOW | LARGE-REQUEST | LARGE-REPLY>", commandlog_len)
            .only(Dialect::Valkey)
            .shards(Shards::Sum)
            .plain(ADMIN | LOADING | STALE)
            .groups(&["type"])
            .tips(&["request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output"])
            .reply("int")
            .doc("8.1.0", "O(1)", "Returns the number of entries in the specified type of command log."),
        sub("COMMANDLOG RESET <SLOW | LARGE-REQUEST | LARGE-REPLY>", commandlog_reset)
            .only(Dialect::Valkey)
            .plain(ADMIN | LOADING | STALE)
            .groups(&["type"])
            .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
            .reply("OK")
            .doc(
                "8.1.0",
                "O(N) where N is the number of entries in the commandlog",
                "Clears all entries from the specified type of command log.",
            ),
    ],
)
.only(Dialect::Valkey)
.doc("8.1.0", "Depends on subcommand.", "A container for command log commands.");

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
    get(cx, args.get(2), 0)
}

/// The latest of a log.
fn get(cx: &mut Ctx<'_>, count: Option<&[u8]>, kind: usize) -> Done {
    let count = match count.map(parse_int) {
        None => 10,
        Some(Some(-1)) => i64::MAX,
        Some(Some(count)) if count >= 0 => count,
        Some(_) => return Err(Error::Fixed("ERR count should be greater than or equal to -1")),
    };
    let counts = cx.server.has(Release::V8_10);
    let slow = &cx.server.timing.logs[kind].entries;
    let count = slow.len().min(usize::try_from(count).unwrap_or(usize::MAX));
    cx.out.array(count);
    for entry in slow.iter().rev().take(count) {
        cx.out.array(6 + counts as usize);
        cx.out.int(entry.id as i64);
        cx.out.int(entry.at);
        cx.out.int(entry.amount as i64);
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

/// Which of the logs a name means.
fn kind(name: &[u8]) -> Result<usize, Error> {
    let known = ["slow", "large-request", "large-reply"].iter().position(|known| Word(name).is(known));
    known.ok_or(Error::Fixed("ERR type should be one of the following: slow, large-request, large-reply"))
}

fn commandlog_get(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if parse_int(args.at(2)).is_none_or(|count| count < -1) {
        return get(cx, args.get(2), 0);
    }
    get(cx, args.get(2), kind(args.at(3))?)
}

fn commandlog_len(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cx.out.int(cx.server.timing.logs[kind(args.at(2))?].entries.len() as i64);
    Ok(())
}

fn commandlog_reset(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cx.server.timing.logs[kind(args.at(2))?].entries.clear();
    cx.out.ok();
    Ok(())
}

fn commandlog_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "COMMANDLOG",
        &[
            "GET <count> <type>",
            "    Return top <count> entries of the specified <type> from the commandlog (-1 mean all).",
            "    Entries are made of:",
            "    id, timestamp,",
            "        time in microseconds for type of slow,",
            "        or size in bytes for type of large-request,",
            "        or size in bytes for type of large-reply",
            "    arguments array, client IP and port,",
            "    client name",
            "LEN <type>",
            "    Return the length of the specified type of commandlog.",
            "RESET <type>",
            "    Reset the specified type of commandlog.",
        ],
    )
}

fn slowlog_len(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.int(cx.server.timing.logs[0].entries.len() as i64);
    Ok(())
}

fn slowlog_reset(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.server.timing.logs[0].entries.clear();
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
