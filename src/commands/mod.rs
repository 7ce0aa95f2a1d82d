//! One file per group of commands: its table first, its handlers below.

pub mod bitmaps;
pub mod blocking;
pub mod command;
pub mod connection;
pub mod expiry;
pub mod geo;
pub mod hashes;
pub mod hyperloglog;
pub mod info;
pub mod keys;
pub mod lists;
pub mod memory;
pub mod monitor;
pub mod persistence;
pub mod pubsub;
pub mod scan;
pub mod server;
pub mod sets;
pub mod sort;
pub mod sorted_set_algebra;
pub mod sorted_set_ranges;
pub mod sorted_sets;
pub mod stream_groups;
pub mod stream_info;
pub mod streams;
pub mod strings;
pub mod transactions;

use crate::command::row::{Cmd, Group};
use crate::command::{Ctx, Done};

const fn group(name: &'static str, category: &'static str) -> Group {
    Group { name, category }
}

/// All groups and their tables. A new group is one line here.
pub const GROUPS: &[(Group, &[Cmd])] = &[
    (group("string", "string"), strings::TABLE),
    (group("generic", "keyspace"), keys::TABLE),
    (group("generic", ""), sort::TABLE),
    (group("hash", "hash"), hashes::TABLE),
    (group("list", "list"), lists::TABLE),
    (group("set", "set"), sets::TABLE),
    (group("bitmap", "bitmap"), bitmaps::TABLE),
    (group("sorted-set", "sortedset"), sorted_sets::TABLE),
    (group("sorted-set", "sortedset"), sorted_set_ranges::TABLE),
    (group("sorted-set", "sortedset"), sorted_set_algebra::TABLE),
    (group("geo", "geo"), geo::TABLE),
    (group("pubsub", ""), pubsub::TABLE),
    (group("transactions", "transaction"), transactions::TABLE),
    (group("hyperloglog", "hyperloglog"), hyperloglog::TABLE),
    (group("stream", "stream"), streams::TABLE),
    (group("connection", "connection"), connection::TABLE),
    (group("server", ""), server::TABLE),
    (group("server", ""), memory::TABLE),
    (group("server", ""), persistence::TABLE),
    (group("server", ""), monitor::TABLE),
];

/// What `<container> HELP` answers: a heading, the lines, and HELP itself.
pub(crate) fn help(cx: &mut Ctx<'_>, container: &str, lines: &[&str]) -> Done {
    cx.out.array(lines.len() + 3);
    cx.out.simple(&format!("{container} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"));
    for line in lines.iter().chain(&["HELP", "    Print this help."]) {
        cx.out.simple(line);
    }
    Ok(())
}
