//! CLUSTER, and what clients of a cluster send besides: READONLY, READWRITE, ASKING.
//!
//! A node knows what its host and CLUSTER tell it (`server/cluster.rs`); of what happens at others, only that a slot has arrived there.

mod told;

use crate::commands::shared::help;
use crate::commands::shared::scan::slot_number;
use crate::exec::redirect::slots_changed;
use crate::exec::row::{Row, cmd, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::dialect::Dialect;
use crate::resp::error::Error;
use crate::server::cluster::{Cluster, MYSELF, Moving};
use crate::table::spec::{OnSession, Shards, Tweak, arg, flags::*, key::NOT_KEY};
use crate::types::number::parse_int;
use crate::types::slots::SLOTS;

const CHANGES: u32 = ADMIN | NO_ASYNC_LOADING | STALE;
const TOLD: &[&str] = &["nondeterministic_output"];
const SLOT: &[Tweak] = &[arg(0).kind("integer")];
const RANGE: &[Tweak] = &[arg(1).kind("integer"), arg(2).kind("integer")];

pub const TABLE: &[Row] = &[
    cmd("ASKING", asking).plain(FAST).acl(&["connection"]).session(OnSession::Sets).reply("OK").doc(
        "3.0.0",
        "O(1)",
        "Signals that a cluster client is following an -ASK redirect.",
    ),
    container("CLUSTER", CLUSTER).doc("3.0.0", "Depends on subcommand.", "A container for Redis Cluster commands."),
    cmd("CLUSTERSCAN cursor [MATCH match-pattern] [COUNT count] [TYPE type] [SLOT slot]", told::clusterscan)
        .only(Dialect::Valkey)
        .read(0)
        .keys_at(1, 1, 1)
        .key(NOT_KEY)
        .acl(&["keyspace"])
        .tips(&["nondeterministic_output", "request_policy:special", "response_policy:special"])
        .args(&[arg(0).kind("string"), arg(1).kind("pattern"), arg(4).kind("integer")])
        .reply("[bulk, array of bulk]")
        .doc("9.1.0", "O(N) where N is the number of elements returned.", "Iterates over the keys in the cluster."),
    cmd("READONLY", readonly)
        .plain(FAST | LOADING | STALE)
        .acl(&["connection"])
        .session(OnSession::Sets)
        .reply("OK")
        .doc("3.0.0", "O(1)", "Enables read-only queries for a connection to a Redis Cluster replica node."),
    cmd("READWRITE", readwrite)
        .plain(FAST | LOADING | STALE)
        .acl(&["connection"])
        .session(OnSession::Sets)
        .reply("OK")
        .doc("3.0.0", "O(1)", "Enables read-write queries for a connection to a Reids Cluster replica node."),
];

const CLUSTER: &[Row] = &[
    sub("CLUSTER ADDSLOTS slot [slot ...]", addslots).plain(CHANGES).shards(Shards::One).args(SLOT).reply("OK").doc(
        "3.0.0",
        "O(N) where N is the total number of hash slot arguments",
        "Assigns new hash slots to a node.",
    ),
    sub("CLUSTER ADDSLOTSRANGE start-slot end-slot [start-slot end-slot ...]", addslotsrange)
        .plain(CHANGES)
        .shards(Shards::One)
        .groups(&["range"])
        .args(RANGE)
        .reply("OK")
        .doc(
            "7.0.0",
            "O(N) where N is the total number of the slots between the start slot and end slot arguments.",
            "Assigns new hash slot ranges to a node.",
        ),
    sub("CLUSTER BUMPEPOCH", bumpepoch).plain(CHANGES).shards(Shards::One).tips(TOLD).reply("simple").doc(
        "3.0.0",
        "O(1)",
        "Advances the cluster config epoch.",
    ),
    sub("CLUSTER COUNT-FAILURE-REPORTS node-id", count_failure_reports)
        .plain(ADMIN | STALE)
        .shards(Shards::One)
        .tips(TOLD)
        .reply("int")
        .doc(
            "3.0.0",
            "O(N) where N is the number of failure reports",
            "Returns the number of active failure reports active for a node.",
        ),
    sub("CLUSTER COUNTKEYSINSLOT slot", told::countkeysinslot).plain(STALE).args(SLOT).reply("int").doc(
        "3.0.0",
        "O(1)",
        "Returns the number of keys in a hash slot.",
    ),
    sub("CLUSTER DELSLOTS slot [slot ...]", delslots).plain(CHANGES).shards(Shards::One).args(SLOT).reply("OK").doc(
        "3.0.0",
        "O(N) where N is the total number of hash slot arguments",
        "Sets hash slots as unbound for a node.",
    ),
    sub("CLUSTER DELSLOTSRANGE start-slot end-slot [start-slot end-slot ...]", delslotsrange)
        .plain(CHANGES)
        .shards(Shards::One)
        .groups(&["range"])
        .args(RANGE)
        .reply("OK")
        .doc(
            "7.0.0",
            "O(N) where N is the total number of the slots between the start slot and end slot arguments.",
            "Sets hash slot ranges as unbound for a node.",
        ),
    sub("CLUSTER FAILOVER [FORCE | TAKEOVER]", failover)
        .plain(CHANGES)
        .shards(Shards::One)
        .groups(&["options"])
        .reply("OK")
        .doc("3.0.0", "O(1)", "Forces a replica to perform a manual failover of its master."),
    sub("CLUSTER FLUSHSLOTS", flushslots).plain(CHANGES).shards(Shards::One).reply("OK").doc(
        "3.0.0",
        "O(1)",
        "Deletes all slots information from a node.",
    ),
    sub("CLUSTER FORGET node-id", forget).plain(CHANGES).shards(Shards::One).reply("OK").doc(
        "3.0.0",
        "O(1)",
        "Removes a node from the nodes table.",
    ),
    sub("CLUSTER GETKEYSINSLOT slot count", told::getkeysinslot)
        .plain(STALE)
        .tips(TOLD)
        .args(&[arg(0).kind("integer"), arg(1).kind("integer")])
        .reply("array of bulk")
        .doc("3.0.0", "O(N) where N is the number of requested keys", "Returns the key names in a hash slot."),
    sub("CLUSTER HELP", cluster_help).plain(LOADING | STALE).reply("array of simple").doc(
        "5.0.0",
        "O(1)",
        "Returns helpful text about the different subcommands.",
    ),
    sub("CLUSTER INFO", told::info).plain(STALE).tips(TOLD).reply("text").doc(
        "3.0.0",
        "O(1)",
        "Returns information about the state of a node.",
    ),
    sub("CLUSTER KEYSLOT key", told::keyslot)
        .plain(STALE)
        .keys_at(0, 0, 0)
        .args(&[arg(0).kind("string")])
        .reply("int")
        .doc("3.0.0", "O(N) where N is the number of bytes in the key", "Returns the hash slot for a key."),
    sub("CLUSTER LINKS", told::links).plain(STALE).tips(TOLD).reply("array of any").doc(
        "7.0.0",
        "O(N) where N is the total number of Cluster nodes",
        "Returns a list of all TCP links to and from peer nodes.",
    ),
    sub("CLUSTER MEET ip port [cluster-bus-port]", meet)
        .plain(CHANGES)
        .shards(Shards::One)
        .args(&[arg(1).kind("integer"), arg(2).kind("integer")])
        .history(&[("4.0.0", "Added the optional `cluster_bus_port` argument.")])
        .reply("OK")
        .doc("3.0.0", "O(1)", "Forces a node to handshake with another node."),
    sub("CLUSTER MYID", myid).plain(STALE).reply("bulk").doc("3.0.0", "O(1)", "Returns the ID of a node."),
    sub("CLUSTER MYSHARDID", myshardid).plain(STALE).tips(TOLD).reply("bulk").doc(
        "7.2.0",
        "O(1)",
        "Returns the shard ID of a node.",
    ),
    sub("CLUSTER NODES", told::nodes).plain(STALE).tips(TOLD).reply("text").doc(
        "3.0.0",
        "O(N) where N is the total number of Cluster nodes",
        "Returns the cluster configuration for a node.",
    ),
    sub("CLUSTER REPLICAS node-id", replicas)
        .plain(ADMIN | STALE)
        .shards(Shards::One)
        .tips(TOLD)
        .reply("array of bulk")
        .doc("5.0.0", "O(N) where N is the number of replicas.", "Lists the replica nodes of a master node."),
    sub("CLUSTER REPLICATE node-id", replicate).plain(CHANGES).shards(Shards::One).reply("OK").doc(
        "3.0.0",
        "O(1)",
        "Configure a node as replica of a master node.",
    ),
    sub("CLUSTER RESET [HARD | SOFT]", reset)
        .plain(ADMIN | NOSCRIPT | STALE)
        .session(OnSession::Nothing)
        .shards(Shards::One)
        .groups(&["reset-type"])
        .reply("OK")
        .doc(
            "3.0.0",
            "O(N) where N is the number of known nodes. The command may execute a FLUSHALL as a side effect.",
            "Resets a node.",
        ),
    sub("CLUSTER SAVECONFIG", saveconfig).plain(CHANGES).shards(Shards::One).reply("OK").doc(
        "3.0.0",
        "O(1)",
        "Forces a node to save the cluster configuration to disk.",
    ),
    sub("CLUSTER SET-CONFIG-EPOCH config-epoch", set_config_epoch)
        .plain(CHANGES)
        .shards(Shards::One)
        .args(&[arg(0).kind("integer")])
        .reply("OK")
        .doc("3.0.0", "O(1)", "Sets the configuration epoch for a new node."),
    sub("CLUSTER SETSLOT slot <IMPORTING node-id | MIGRATING node-id | NODE node-id | STABLE>", setslot)
        .arity(-4)
        .plain(CHANGES)
        .shards(Shards::One)
        .groups(&["subcommand"])
        .args(&[
            arg(0).kind("integer"),
            arg(2).name("importing").display("node-id"),
            arg(3).name("migrating").display("node-id"),
            arg(4).name("node").display("node-id"),
        ])
        .reply("OK")
        .doc("3.0.0", "O(1)", "Binds a hash slot to a node."),
    sub("CLUSTER SHARDS", told::shards).plain(LOADING | STALE).tips(TOLD).reply("array of any").doc(
        "7.0.0",
        "O(N) where N is the total number of cluster nodes",
        "Returns the mapping of cluster slots to shards.",
    ),
    sub("CLUSTER SLAVES node-id", replicas)
        .plain(ADMIN | STALE)
        .shards(Shards::One)
        .tips(TOLD)
        .reply("array of bulk")
        .deprecated("5.0.0", "`CLUSTER REPLICAS`")
        .doc("3.0.0", "O(N) where N is the number of replicas.", "Lists the replica nodes of a master node."),
    sub(
        "CLUSTER SLOT-STATS <SLOTSRANGE start-slot end-slot | ORDERBY metric [LIMIT limit] [ASC | DESC]>",
        told::slot_stats,
    )
    .arity(-4)
    .plain(LOADING | STALE)
    .tips(&["nondeterministic_output", "request_policy:all_shards"])
    .groups(&["filter", "slotsrange", "orderby", "order"])
    .args(&[arg(2).kind("integer"), arg(3).kind("integer"), arg(6).kind("integer")])
    .reply("array of [int, map of int]")
    .doc(
        "8.2.0",
        "O(N) where N is the total number of slots based on arguments. O(N*log(N)) with ORDERBY subcommand.",
        "Return an array of slot usage statistics for slots assigned to the current node.",
    ),
    sub("CLUSTER SLOTS", told::slots)
        .plain(LOADING | STALE)
        .tips(TOLD)
        .history(&[("4.0.0", "Added node IDs."), ("7.0.0", "Added additional networking metadata field.")])
        .reply("array of any")
        .deprecated("7.0.0", "`CLUSTER SHARDS`")
        .doc(
            "3.0.0",
            "O(N) where N is the total number of Cluster nodes",
            "Returns the mapping of cluster slots to nodes.",
        ),
];

const DISABLED: Error = Error::Fixed("ERR This instance has cluster support disabled");

fn cluster<'a>(cx: &'a mut Ctx<'_>) -> Result<&'a mut Cluster, Error> {
    cx.server.cluster.as_deref_mut().ok_or(DISABLED)
}

fn unknown_node(id: &[u8]) -> Error {
    Error::quoting(&[b"ERR Unknown node ", id])
}

fn asking(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cluster(cx)?;
    cx.session.asking = 2;
    cx.out.ok();
    Ok(())
}

fn readonly(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cluster(cx)?;
    cx.session.reads_replicas = true;
    cx.out.ok();
    Ok(())
}

fn readwrite(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cluster(cx)?;
    cx.session.reads_replicas = false;
    cx.out.ok();
    Ok(())
}

/// Gives slots to this node, or takes them from whoever has them: all or none.
fn assign(cx: &mut Ctx<'_>, slots: impl Iterator<Item = Result<u16, Error>>, takes: bool) -> Done {
    let cluster = cluster(cx)?;
    let mut named: Vec<u16> = Vec::new();
    for number in slots {
        named.push(number?);
    }
    for &number in &named {
        let text = match cluster.owner(number) {
            None if !takes => "already unassigned",
            Some(_) if takes => "already busy",
            _ => continue,
        };
        return Err(Error::quoting(&[format!("ERR Slot {number} is {text}").as_bytes()]));
    }
    let mut seen = vec![false; SLOTS];
    if let Some(number) = named.iter().find(|&&number| std::mem::replace(&mut seen[number as usize], true)) {
        return Err(Error::quoting(&[format!("ERR Slot {number} specified multiple times").as_bytes()]));
    }
    for number in named {
        cluster.assign(number, takes.then_some(MYSELF));
        cluster.move_slot(number, None);
    }
    slots_changed(cx);
    cx.out.ok();
    Ok(())
}

fn addslots(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    assign(cx, args.tail(2).map(slot_number), true)
}

fn delslots(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    assign(cx, args.tail(2).map(slot_number), false)
}

fn addslotsrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    assign_ranges(cx, args, true)
}

fn delslotsrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    assign_ranges(cx, args, false)
}

fn assign_ranges(cx: &mut Ctx<'_>, args: Args<'_>, takes: bool) -> Done {
    cluster(cx)?;
    if args.len() % 2 == 1 {
        return Err(cx.arity());
    }
    let mut named = Vec::new();
    for at in (2..args.len()).step_by(2) {
        let (first, last) = (slot_number(args.at(at))?, slot_number(args.at(at + 1))?);
        if first > last {
            return Err(backwards("start slot number", first, last));
        }
        // A slot that is named again is found to be so before there are many.
        if named.len() > SLOTS {
            break;
        }
        named.extend((first..=last).map(Ok));
    }
    assign(cx, named.into_iter(), takes)
}

fn backwards(what: &str, first: u16, last: u16) -> Error {
    Error::quoting(&[format!("ERR {what} {first} is greater than end slot number {last}").as_bytes()])
}

fn flushslots(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cluster(cx)?;
    if cx.db.databases().iter().any(|db| !db.is_empty()) {
        return Err(Error::Fixed("ERR DB must be empty to perform CLUSTER FLUSHSLOTS."));
    }
    let cluster = cluster(cx)?;
    for number in 0..SLOTS as u16 {
        if cluster.owner(number) == Some(MYSELF) {
            cluster.assign(number, None);
            cluster.move_slot(number, None);
        }
    }
    slots_changed(cx);
    cx.out.ok();
    Ok(())
}

fn setslot(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?;
    let number = slot_number(args.at(2))?;
    let is = |word: &str, count: usize| args.len() == count && args.at(3).eq_ignore_ascii_case(word.as_bytes());
    let named = |cluster: &Cluster| cluster.named(args.at(4));
    match () {
        _ if is("MIGRATING", 5) => {
            let cluster = cluster(cx)?;
            if cluster.owner(number) != Some(MYSELF) {
                return Err(Error::quoting(&[format!("ERR I'm not the owner of hash slot {number}").as_bytes()]));
            }
            let node = named(cluster).ok_or_else(|| unfamiliar(args.at(4)))?;
            cluster.move_slot(number, Some(Moving::To(node)));
        }
        _ if is("IMPORTING", 5) => {
            let cluster = cluster(cx)?;
            if cluster.owner(number) == Some(MYSELF) {
                return Err(Error::quoting(&[format!("ERR I'm already the owner of hash slot {number}").as_bytes()]));
            }
            let node = named(cluster).ok_or_else(|| unfamiliar(args.at(4)))?;
            cluster.move_slot(number, Some(Moving::From(node)));
        }
        _ if is("STABLE", 4) => cluster(cx)?.move_slot(number, None),
        _ if is("NODE", 5) => {
            let node = named(cluster(cx)?).ok_or_else(|| unknown_node(args.at(4)))?;
            if node != MYSELF && cluster(cx)?.owner(number) == Some(MYSELF) && told::count(cx, number) > 0 {
                const BEHIND: &str = "to a different node while I still hold keys for this hash slot.";
                return Err(Error::quoting(&[format!("ERR Can't assign hashslot {number} {BEHIND}").as_bytes()]));
            }
            let told = cx.server.bus == Some(cx.session.id);
            let cluster = cluster(cx)?;
            let arrived = node == MYSELF && matches!(cluster.moving(number), Some(Moving::From(_)));
            cluster.assign(number, Some(node));
            cluster.move_slot(number, None);
            if arrived || told {
                cluster.bump(node);
            }
            if arrived {
                let id = cluster.nodes[MYSELF].id.clone();
                cx.server.tell_nodes(cx.session, &[b"CLUSTER", b"SETSLOT", args.at(2), b"NODE", id.as_bytes()]);
            }
            slots_changed(cx);
        }
        _ => return Err(Error::Fixed("ERR Invalid CLUSTER SETSLOT action or number of arguments. Try CLUSTER HELP")),
    }
    cx.out.ok();
    Ok(())
}

fn unfamiliar(id: &[u8]) -> Error {
    Error::quoting(&[b"ERR I don't know about node ", id])
}

fn bumpepoch(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let cluster = cluster(cx)?;
    let text = format!("{} {}", if cluster.bump(MYSELF) { "BUMPED" } else { "STILL" }, cluster.epoch);
    cx.out.simple(&text);
    Ok(())
}

fn set_config_epoch(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?;
    let epoch = args.int(2)?;
    let cluster = cluster(cx)?;
    if epoch < 0 {
        return Err(Error::quoting(&[format!("ERR Invalid config epoch specified: {epoch}").as_bytes()]));
    }
    if cluster.nodes.len() > 1 {
        return Err(Error::Fixed(
            "ERR The user can assign a config epoch only when the node does not know any other node.",
        ));
    }
    if cluster.nodes[MYSELF].epoch != 0 {
        return Err(Error::Fixed("ERR Node config epoch is already non-zero"));
    }
    cluster.nodes[MYSELF].epoch = epoch as u64;
    cluster.epoch = cluster.epoch.max(epoch as u64);
    cx.out.ok();
    Ok(())
}

fn count_failure_reports(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?.named(args.at(2)).ok_or_else(|| unknown_node(args.at(2)))?;
    cx.out.int(0);
    Ok(())
}

fn replicas(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?.named(args.at(2)).ok_or_else(|| unknown_node(args.at(2)))?;
    cx.out.array(0);
    Ok(())
}

fn replicate(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match cluster(cx)?.named(args.at(2)) {
        None => Err(unknown_node(args.at(2))),
        Some(MYSELF) => Err(Error::Fixed("ERR Can't replicate myself")),
        Some(_) => Err(Error::Fixed("ERR To set a master the node must be empty and without assigned slots.")),
    }
}

fn failover(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?;
    let known =
        args.get(2).is_none_or(|how| how.eq_ignore_ascii_case(b"force") || how.eq_ignore_ascii_case(b"takeover"));
    if args.len() > 3 || !known {
        return Err(Error::Syntax);
    }
    Err(Error::Fixed("ERR You should send CLUSTER FAILOVER to a replica"))
}

fn forget(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let now = cx.db.now;
    let cluster = cluster(cx)?;
    match cluster.named(args.at(2)) {
        None if cluster.is_forgotten(args.at(2), now) => {}
        None => return Err(unknown_node(args.at(2))),
        Some(MYSELF) => return Err(Error::Fixed("ERR I tried hard but I can't forget myself...")),
        Some(node) => cluster.forget(node, now),
    }
    slots_changed(cx);
    cx.out.ok();
    Ok(())
}

/// Its host carries what nodes say to each other, and has told each who is there: whom it should meet, nobody else can tell.
fn meet(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?;
    let bad = |what: &[u8], word: &[u8]| Error::quoting(&[b"ERR Invalid ", what, b" port specified: ", word]);
    let port = parse_int(args.at(3)).ok_or_else(|| bad(b"base", args.at(3)))?;
    if let Some(word) = args.get(4) {
        parse_int(word).ok_or_else(|| bad(b"bus", word))?;
    }
    if !(1..=65535).contains(&port) || !args.at(2).contains(&b'.') && !args.at(2).contains(&b':') {
        return Err(Error::quoting(&[b"ERR Invalid node address specified: ", args.at(2), b":", args.at(3)]));
    }
    cx.out.ok();
    Ok(())
}

fn reset(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cluster(cx)?;
    let hard = match args.get(2) {
        None => false,
        Some(how) if args.len() == 3 && how.eq_ignore_ascii_case(b"soft") => false,
        Some(how) if args.len() == 3 && how.eq_ignore_ascii_case(b"hard") => true,
        _ => return Err(Error::Syntax),
    };
    if cx.db.databases().iter().any(|db| !db.is_empty()) {
        return Err(Error::Fixed("ERR CLUSTER RESET can't be called with master nodes containing keys"));
    }
    let mut myself = cluster(cx)?.nodes[MYSELF].clone();
    if hard {
        (myself.id, myself.shard, myself.epoch) = (cx.db.random_id(), cx.db.random_id(), 0);
    }
    let epoch = if hard { 0 } else { cluster(cx)?.epoch };
    *cluster(cx)? = Cluster::new(vec![myself]);
    cluster(cx)?.epoch = epoch;
    slots_changed(cx);
    cx.out.ok();
    Ok(())
}

fn saveconfig(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cluster(cx)?;
    cx.out.ok();
    Ok(())
}

fn myid(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let id = cluster(cx)?.nodes[MYSELF].id.clone();
    cx.out.bulk(id.as_bytes());
    Ok(())
}

fn myshardid(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let id = cluster(cx)?.nodes[MYSELF].shard.clone();
    cx.out.bulk(id.as_bytes());
    Ok(())
}

fn cluster_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cluster(cx)?;
    help::help(
        cx,
        "CLUSTER",
        &[
            "COUNTKEYSINSLOT <slot>",
            "    Return the number of keys in <slot>.",
            "GETKEYSINSLOT <slot> <count>",
            "    Return key names stored by current node in a slot.",
            "INFO",
            "    Return information about the cluster.",
            "KEYSLOT <key>",
            "    Return the hash slot for <key>.",
            "MYID",
            "    Return the node id.",
            "MYSHARDID",
            "    Return the node's shard id.",
            "NODES",
            "    Return cluster configuration seen by node. Output format:",
            "    <id> <ip:port@bus-port[,hostname]> <flags> <master> <pings> <pongs> <epoch> <link> <slot> ...",
            "REPLICAS <node-id>",
            "    Return <node-id> replicas.",
            "SLOTS",
            "    Return information about slots range mappings. Each range is made of:",
            "    start, end, master and replicas IP addresses, ports and ids",
            "SLOT-STATS",
            "    Return an array of slot usage statistics for slots assigned to the current node.",
            "SHARDS",
            "    Return information about slot range mappings and the nodes associated with them.",
            "ADDSLOTS <slot> [<slot> ...]",
            "    Assign slots to current node.",
            "ADDSLOTSRANGE <start slot> <end slot> [<start slot> <end slot> ...]",
            "    Assign slots which are between <start-slot> and <end-slot> to current node.",
            "BUMPEPOCH",
            "    Advance the cluster config epoch.",
            "COUNT-FAILURE-REPORTS <node-id>",
            "    Return number of failure reports for <node-id>.",
            "DELSLOTS <slot> [<slot> ...]",
            "    Delete slots information from current node.",
            "DELSLOTSRANGE <start slot> <end slot> [<start slot> <end slot> ...]",
            "    Delete slots information which are between <start-slot> and <end-slot> from current node.",
            "FAILOVER [FORCE|TAKEOVER]",
            "    Promote current replica node to being a master.",
            "FORGET <node-id>",
            "    Remove a node from the cluster.",
            "FLUSHSLOTS",
            "    Delete current node own slots information.",
            "MEET <ip> <port> [<bus-port>]",
            "    Connect nodes into a working cluster.",
            "REPLICATE <node-id>",
            "    Configure current node as replica to <node-id>.",
            "RESET [HARD|SOFT]",
            "    Reset current node (default: soft).",
            "SET-CONFIG-EPOCH <epoch>",
            "    Set config epoch of current node.",
            "SETSLOT <slot> (IMPORTING <node-id>|MIGRATING <node-id>|STABLE|NODE <node-id>)",
            "    Set slot state.",
            "SAVECONFIG",
            "    Force saving cluster configuration on disk.",
            "LINKS",
            "    Return information about all network links between this node and its peers.",
            "    Output format is an array where each array element is a map containing attributes of a link",
        ],
    )
}
