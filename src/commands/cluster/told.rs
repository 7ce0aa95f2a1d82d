//! What a node of a cluster says: of the slots and their keys, of itself, and of the others.

use super::{DISABLED, backwards, cluster};
use crate::commands::shared::help;
use crate::commands::shared::scan::{Over, ScanOptions, Scanned, slot_number};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::server::cluster::{MYSELF, Moving, Node};
use crate::server::config::Id;
use crate::types::number::{INT_LEN, format_int, parse_cursor, parse_int};
use crate::types::pairs::{self, Pair};
use crate::types::slots::{SLOTS, name, pattern_slot, slot};
use std::fmt::Write;

pub fn keyslot(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?;
    cx.out.int(slot(args.at(2)) as i64);
    Ok(())
}

/// How many keys a slot has. Redis knows; here each key is asked.
pub fn count(cx: &Ctx<'_>, number: u16) -> usize {
    let mut found = 0;
    cx.db.scan_in(0, 0, usize::MAX, &mut |key, _| found += (slot(key) == number) as usize);
    found
}

pub fn countkeysinslot(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?;
    let number = args.int(2)?;
    let number = u16::try_from(number).ok().filter(|number| (*number as usize) < SLOTS);
    let found = count(cx, number.ok_or(Error::Fixed("ERR Invalid slot"))?);
    cx.out.int(found as i64);
    Ok(())
}

pub fn getkeysinslot(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?;
    let (number, most) = (args.int(2)?, args.int(3)?);
    if !(0..SLOTS as i64).contains(&number) || most < 0 {
        return Err(Error::Fixed("ERR Invalid slot or number of keys"));
    }
    let mut keys: Vec<Vec<u8>> = Vec::new();
    cx.db.scan_in(0, 0, usize::MAX, &mut |key, _| {
        if (keys.len() as i64) < most && slot(key) as i64 == number {
            keys.push(key.to_vec());
        }
    });
    cx.out.array(keys.len());
    for key in &keys {
        cx.out.bulk(key);
    }
    Ok(())
}

/// Valkey's walk over the keys of all nodes, slot by slot. Its cursor is `fingerprint-{tag}-place`, the tag that of the slot it goes on with.
///
/// Keys lie here in no order of slots, and a slot's own walk would be one over all keys. So the slots of this node that follow one another
/// are walked as one: `place` is SCAN's, for all of them, and the slot is the first until all have been met. The fingerprint stands for the
/// last of them, and for the order that keys have here: where either is another by now, the walk begins again at that slot.
pub fn clusterscan(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?;
    let options = ScanOptions::parse(args, 2, Over::Slots, true)?;
    let wanted = options.pattern.and_then(pattern_slot);
    let mut reply = Scanned::begin(cx.out);
    let next = if args.at(1) == b"0" {
        let first = options.slot.or(wanted).unwrap_or(0);
        Some(first).filter(|first| wanted.is_none_or(|wanted| wanted == *first))
    } else {
        const WRONG: Error = Error::Fixed("ERR Invalid cursor");
        let mut parts = args.at(1).split(|&b| b == b'-');
        let mut part = || parts.next().ok_or(WRONG);
        let (print, first) = (part()?, slot(part()?));
        let place = parse_cursor(part()?).ok_or(WRONG)?;
        if parts.next().is_some() {
            return Err(WRONG);
        }
        if options.slot.is_some_and(|given| given != first) {
            return Err(Error::Fixed("ERR Cursor slot mismatch with SLOT argument"));
        }
        match wanted {
            Some(wanted) if wanted != first => Some(wanted).filter(|_| wanted > first && options.slot.is_none()),
            _ => {
                let alone = options.slot.or(wanted);
                let is_here =
                    |slot: &u16| cx.server.cluster.as_ref().is_some_and(|all| all.owner(*slot) == Some(MYSELF));
                let last =
                    alone.unwrap_or_else(|| (first + 1..SLOTS as u16).take_while(is_here).last().unwrap_or(first));
                let mut digits = [0; INT_LEN];
                let now = format_int((cx.db.seed().hash(&last.to_le_bytes()) as u32 | 1) as i64, &mut digits);
                let place = if print == b"0" || print == now { place } else { 0 };
                let next = cx.db.scan(place, options.count, &mut |key, entry| {
                    if (first..=last).contains(&slot(key)) && options.admits_key(key, entry) {
                        reply.bulk(key);
                    }
                });
                if next > 0 {
                    reply.end_at(&cursor(now, first, next));
                    return Ok(());
                }
                Some(last + 1).filter(|next| alone.is_none() && (*next as usize) < SLOTS)
            }
        }
    };
    match next {
        Some(next) => reply.end_at(&cursor(b"0", next, 0)),
        None => reply.end(0),
    }
    Ok(())
}

fn cursor(print: &[u8], slot: u16, place: u64) -> Vec<u8> {
    let (name, mut digits) = (name(slot), [0; INT_LEN]);
    let name = &name[name.iter().take_while(|b| **b == 0).count()..];
    [print, b"-{", name, b"}-", format_int(place as i64, &mut digits)].concat()
}

pub fn slot_stats(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?;
    let is = |at: usize, word: &str| args.get(at).is_some_and(|arg| arg.eq_ignore_ascii_case(word.as_bytes()));
    let (mut first, mut last, mut limit, mut ordered) = (0, SLOTS as u16 - 1, SLOTS, None);
    if is(2, "SLOTSRANGE") && args.len() == 5 {
        (first, last) = (slot_number(args.at(3))?, slot_number(args.at(4))?);
        if first > last {
            return Err(backwards("Start slot number", first, last));
        }
    } else if is(2, "ORDERBY") {
        if !is(3, "key-count") {
            return Err(Error::Fixed("ERR Unrecognized sort metric for ORDERBY."));
        }
        let mut ascending = None;
        let mut limited = false;
        let mut at = 4;
        while at < args.len() {
            match () {
                _ if is(at, "LIMIT") && at + 1 < args.len() && !limited => {
                    let most = parse_int(args.at(at + 1)).filter(|most| (1..=SLOTS as i64).contains(most));
                    limit = most
                        .ok_or(Error::Fixed("ERR Limit has to lie in between 1 and 16384 (maximum number of slots)."))?
                        as usize;
                    (limited, at) = (true, at + 2);
                }
                _ if (is(at, "ASC") || is(at, "DESC")) && ascending.is_none() => {
                    ascending = Some(is(at, "ASC"));
                    at += 1;
                }
                _ if is(at, "LIMIT") && at + 1 < args.len() || is(at, "ASC") || is(at, "DESC") => {
                    return Err(Error::Fixed("ERR Multiple filters of the same type are disallowed."));
                }
                _ => return Err(Error::Syntax),
            }
        }
        ordered = Some(ascending.unwrap_or(false));
    } else {
        return Err(help::usage(args));
    }
    let mut counts = vec![0u32; SLOTS];
    cx.db.scan_in(0, 0, usize::MAX, &mut |key, _| counts[slot(key) as usize] += 1);
    let cluster = cluster(cx)?;
    // By their keys, and by their numbers.
    let place = |number: u16| match (ordered, counts[number as usize] as u64) {
        (None, _) => 0,
        (Some(true), count) => count,
        (Some(false), count) => u64::MAX - count,
    };
    let own = (first..=last).filter(|&number| cluster.owner(number) == Some(MYSELF));
    let mut shown: Vec<Pair> = own.map(|number| (place(number), number as u64)).collect();
    pairs::sort(&mut shown, &Pair::cmp);
    cx.out.array(shown.len().min(limit));
    for (_, number) in shown.into_iter().take(limit) {
        cx.out.array(2);
        cx.out.int(number as i64);
        cx.out.map(1);
        cx.out.bulk(b"key-count");
        cx.out.int(counts[number as usize] as i64);
    }
    Ok(())
}

pub fn info(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let cluster = cluster(cx)?;
    let mut text = format!("cluster_state:{}\r\n", if cluster.is_whole() { "ok" } else { "fail" });
    let assigned = cluster.assigned();
    let lines: &[(&str, u64)] = &[
        ("cluster_slots_assigned", assigned as u64),
        ("cluster_slots_ok", assigned as u64),
        ("cluster_slots_pfail", 0),
        ("cluster_slots_fail", 0),
        ("cluster_known_nodes", cluster.nodes.len() as u64),
        ("cluster_size", cluster.size() as u64),
        ("cluster_current_epoch", cluster.epoch),
        ("cluster_my_epoch", cluster.nodes[MYSELF].epoch),
        ("cluster_stats_messages_sent", 0),
        ("cluster_stats_messages_received", 0),
        ("total_cluster_links_buffer_limit_exceeded", 0),
        ("cluster_slot_migration_active_tasks", 0),
        ("cluster_slot_migration_active_trim_running", 0),
        ("cluster_slot_migration_active_trim_current_job_keys", 0),
        ("cluster_slot_migration_active_trim_current_job_trimmed", 0),
        ("cluster_slot_migration_stats_active_trim_started", 0),
        ("cluster_slot_migration_stats_active_trim_completed", 0),
        ("cluster_slot_migration_stats_active_trim_cancelled", 0),
    ];
    for (name, value) in lines {
        let _ = write!(text, "{name}:{value}\r\n");
    }
    cx.out.text(&text);
    Ok(())
}

/// The port of a node: of this one the host's, where nothing else is said.
fn port(cx: &Ctx<'_>, number: usize, node: &Node) -> i64 {
    if number == MYSELF && node.port == 0 { cx.server.config.int(Id::Port) } else { node.port as i64 }
}

pub fn nodes(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let Some(cluster) = &cx.server.cluster else { return Err(DISABLED) };
    let mut text = String::new();
    let ranges = cluster.ranges();
    for (number, node) in cluster.nodes.iter().enumerate() {
        let port = port(cx, number, node);
        let flags = if number == MYSELF { "myself,master" } else { "master" };
        let _ = write!(
            text,
            "{} {}:{port}@{} {flags} - 0 0 {} connected",
            node.id,
            node.host_for(&cx.session.laddr),
            port + 10_000,
            node.epoch
        );
        for (first, last, _) in ranges.iter().filter(|(_, _, owner)| *owner == number) {
            let _ = if first == last { write!(text, " {first}") } else { write!(text, " {first}-{last}") };
        }
        for (slot, how) in cluster.all_moving().iter().filter(|_| number == MYSELF) {
            let _ = match how {
                Moving::To(node) => write!(text, " [{slot}->-{}]", cluster.nodes[*node].id),
                Moving::From(node) => write!(text, " [{slot}-<-{}]", cluster.nodes[*node].id),
            };
        }
        text.push('\n');
    }
    cx.out.text(&text);
    Ok(())
}

pub fn slots(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let Some(cluster) = &cx.server.cluster else { return Err(DISABLED) };
    let ranges = cluster.ranges();
    cx.out.array(ranges.len());
    for (first, last, owner) in ranges {
        let node = &cluster.nodes[owner];
        let port = port(cx, owner, node);
        cx.out.array(3);
        cx.out.int(first as i64);
        cx.out.int(last as i64);
        cx.out.array(4);
        let host = node.host_for(&cx.session.laddr).to_string();
        cx.out.bulk(host.as_bytes());
        cx.out.int(port);
        cx.out.bulk(node.id.as_bytes());
        cx.out.map(0);
    }
    Ok(())
}

pub fn shards(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    fn pair(out: &mut Reply, name: &str, value: &str) {
        out.bulk(name.as_bytes());
        out.bulk(value.as_bytes());
    }
    let Some(cluster) = &cx.server.cluster else { return Err(DISABLED) };
    let ranges = cluster.ranges();
    cx.out.array(cluster.nodes.len());
    for (number, node) in cluster.nodes.iter().enumerate() {
        let port = port(cx, number, node);
        let own = ranges.iter().filter(|(_, _, owner)| *owner == number);
        cx.out.map(2);
        cx.out.bulk(b"slots");
        cx.out.array(2 * own.clone().count());
        for (first, last, _) in own {
            cx.out.int(*first as i64);
            cx.out.int(*last as i64);
        }
        cx.out.bulk(b"nodes");
        cx.out.array(1);
        cx.out.map(7);
        pair(cx.out, "id", &node.id);
        cx.out.bulk(b"port");
        cx.out.int(port);
        let host = node.host_for(&cx.session.laddr).to_string();
        pair(cx.out, "ip", &host);
        pair(cx.out, "endpoint", &host);
        pair(cx.out, "role", "master");
        cx.out.bulk(b"replication-offset");
        cx.out.int(0);
        pair(cx.out, "health", "online");
    }
    Ok(())
}

pub fn links(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cluster(cx)?;
    cx.out.array(0);
    Ok(())
}
