//! XINFO: what a stream, its groups and their consumers look like from inside.

use crate::commands::shared::help::{self, help};
use crate::commands::streams::entries::{put_entries, put_entry, put_id};
use crate::commands::streams::groups::no_group;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::{Args, Word};
use crate::resp::dialect::Release;
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::table::spec::{flags::*, key::*};
use crate::types::stream::group::{Group, NOBODY};
use crate::types::stream::{Id, Stream};

pub const TABLE: &[Row] = &[container("XINFO", INFO_SUBS).doc(
    "5.0.0",
    "Depends on subcommand.",
    "A container for stream introspection commands.",
)];

const INFO_SUBS: &[Row] = &[
    sub("XINFO CONSUMERS key group", xinfo_consumers)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .history(&[("7.2.0", "Added the `inactive` field, and changed the meaning of `idle`.")])
        .reply("array of map of any")
        .doc("5.0.0", "O(1)", "Returns a list of the consumers in a consumer group."),
    sub("XINFO GROUPS key", xinfo_groups)
        .read(0).key(RO | ACCESS)
        .history(&[("7.0.0", "Added the `entries-read` and `lag` fields")])
        .reply("array of map of any")
        .doc("5.0.0", "O(1)", "Returns a list of the consumer groups of a stream."),
    sub("XINFO HELP", xinfo_help)
        .plain(LOADING | STALE)
        .reply("array of simple")
        .doc("5.0.0", "O(1)", "Returns helpful text about the different subcommands."),
    sub("XINFO STREAM key [FULL [COUNT count]]", xinfo_stream)
        .read(0).key(RO | ACCESS)
        .groups(&["full-block"])
        .history(&[("6.0.0", "Added the `FULL` modifier."), ("7.0.0", "Added the `max-deleted-entry-id`, `entries-added`, `recorded-first-entry-id`, `entries-read` and `lag` fields"), ("7.2.0", "Added the `active-time` field, and changed the meaning of `seen-time`."), ("8.6.0", "Added the `idmp-duration`, `idmp-maxsize`, `pids-tracked`, `iids-tracked`, `iids-added` and `iids-duplicates` fields for IDMP tracking.")])
        .reply("map of any")
        .doc("5.0.0", "O(1)", "Returns information about a stream."),
];

fn xinfo_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help(
        cx,
        "XINFO",
        &[
            "CONSUMERS <key> <groupname>",
            "    Show consumers of <groupname>.",
            "GROUPS <key>",
            "    Show the stream consumer groups.",
            "STREAM <key> [FULL [COUNT <count>]",
            "    Show information about the stream.",
        ],
    )
}

fn int(out: &mut Reply, name: &str, value: i64) {
    out.bulk(name.as_bytes());
    out.int(value);
}

fn id(out: &mut Reply, name: &str, id: Id) {
    out.bulk(name.as_bytes());
    put_id(out, id);
}

/// A number that may not be known.
fn maybe(out: &mut Reply, name: &str, value: Option<i64>) {
    out.bulk(name.as_bytes());
    match value {
        Some(value) => out.int(value),
        None => out.null(),
    }
}

fn xinfo_stream(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (now, idmp, nacked) = (cx.now, cx.server.has(Release::V8_6), cx.server.has(Release::V8_8));
    let valkey = cx.server.is_valkey();
    let stream = cx.db.read::<Stream>(args.at(2))?.ok_or(Error::NoSuchKey)?;
    let mut full = None;
    if args.len() > 3 {
        let is = |at: usize, token: &str| args.get(at).is_some_and(|word| Word(word).is(token));
        if !is(3, "FULL") || args.len() == 5 || args.len() > 6 || args.len() == 6 && !is(4, "COUNT") {
            return Err(help::usage(args));
        }
        let count = if args.len() == 6 { args.int(5)? } else { 10 };
        full = Some(match count {
            0 => u64::MAX,
            count => u64::try_from(count).unwrap_or(10),
        });
    }
    let out = &mut *cx.out;
    out.map(if full.is_some() { 9 } else { 10 } + if idmp { 6 } else { 0 });
    int(out, "length", stream.len() as i64);
    int(out, "radix-tree-keys", stream.nodes() as i64);
    int(out, "radix-tree-nodes", stream.tree_nodes() as i64);
    id(out, "last-generated-id", stream.last());
    id(out, "max-deleted-entry-id", stream.max_deleted());
    int(out, "entries-added", stream.added() as i64);
    id(out, "recorded-first-entry-id", stream.first());
    if idmp {
        let producers = stream.producers();
        let (senders, messages) = producers.map_or((0, 0), |producers| producers.counts(stream.memory, now));
        int(out, "idmp-duration", stream.memory.duration as i64);
        int(out, "idmp-maxsize", stream.memory.most as i64);
        int(out, "pids-tracked", senders as i64);
        int(out, "iids-tracked", messages as i64);
        int(out, "iids-added", producers.map_or(0, |producers| producers.added as i64));
        int(out, "iids-duplicates", producers.map_or(0, |producers| producers.duplicates as i64));
    }
    if let Some(most) = full {
        out.bulk(b"entries");
        put_entries(out, stream.range(Id::MIN, Id::MAX, false), most);
        out.bulk(b"groups");
        out.array(stream.groups().len());
        for group in stream.groups() {
            put_group(out, stream, group, most, (nacked, valkey));
        }
        return Ok(());
    }
    int(out, "groups", stream.groups().len() as i64);
    for (name, reverse) in [("first-entry", false), ("last-entry", true)] {
        out.bulk(name.as_bytes());
        let mut range = stream.range(Id::MIN, Id::MAX, reverse);
        match range.next() {
            Some(id) => put_entry(out, id, &mut range),
            None => out.null(),
        }
    }
    Ok(())
}

/// A group as XINFO STREAM FULL shows it.
fn put_group(out: &mut Reply, stream: &Stream, group: &Group, most: u64, (nacked, valkey): (bool, bool)) {
    out.map(7 + nacked as usize);
    out.bulk(b"name");
    out.bulk(&group.name);
    id(out, "last-delivered-id", group.last);
    maybe(out, "entries-read", (group.read != -1).then_some(group.read));
    maybe(out, "lag", stream.lag(group, valkey));
    int(out, "pel-count", group.pending().len() as i64);
    if nacked {
        int(out, "nacked-count", group.pending().iter().filter(|(_, one)| one.consumer == NOBODY).count() as i64);
    }
    out.bulk(b"pending");
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    out.array(group.pending().len().min(most));
    for (id, pending) in group.pending().iter().take(most) {
        out.array(4);
        put_id(out, id);
        out.bulk(group.owner(pending));
        out.int(pending.delivered);
        out.int(pending.count as i64);
    }
    out.bulk(b"consumers");
    out.array(group.consumers().len());
    for consumer in group.consumers() {
        out.map(5);
        out.bulk(b"name");
        out.bulk(&consumer.name);
        int(out, "seen-time", consumer.seen);
        int(out, "active-time", consumer.active);
        int(out, "pel-count", consumer.pending.len() as i64);
        out.bulk(b"pending");
        out.array(consumer.pending.len().min(most));
        for (id, _) in consumer.pending.iter().take(most) {
            let pending = group.pending().find(id).and_then(|at| group.pending().get_at(at));
            let (delivered, count) = pending.map_or((0, 0), |(_, pending)| (pending.delivered, pending.count));
            out.array(3);
            put_id(out, id);
            out.int(delivered);
            out.int(count as i64);
        }
    }
}

fn xinfo_groups(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let valkey = cx.server.is_valkey();
    let stream = cx.db.read::<Stream>(args.at(2))?.ok_or(Error::NoSuchKey)?;
    let out = &mut *cx.out;
    out.array(stream.groups().len());
    for group in stream.groups() {
        out.map(6);
        out.bulk(b"name");
        out.bulk(&group.name);
        int(out, "consumers", group.consumers().len() as i64);
        int(out, "pending", group.pending().len() as i64);
        id(out, "last-delivered-id", group.last);
        maybe(out, "entries-read", (group.read != -1).then_some(group.read));
        maybe(out, "lag", stream.lag(group, valkey));
    }
    Ok(())
}

fn xinfo_consumers(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name, now) = (args.at(2), args.at(3), cx.now);
    let stream = cx.db.read::<Stream>(key)?.ok_or(Error::NoSuchKey)?;
    let group = stream.group(name).ok_or_else(|| no_group(key, name))?;
    let out = &mut *cx.out;
    out.array(group.consumers().len());
    for consumer in group.consumers() {
        out.map(4);
        out.bulk(b"name");
        out.bulk(&consumer.name);
        int(out, "pending", consumer.pending.len() as i64);
        int(out, "idle", now.saturating_sub(consumer.seen).max(0));
        int(out, "inactive", if consumer.active < 0 { -1 } else { now.saturating_sub(consumer.active).max(0) });
    }
    Ok(())
}
