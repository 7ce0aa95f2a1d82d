//! What a server without replicas says of replication: WAIT, WAITAOF, REPLICAOF, FAILOVER.

use crate::commands::shared::blocking::from_millis;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::config::Id;
use crate::server::host::HostRequest;
use crate::server::session::{TimeoutReply, Wait, Wants};
use crate::table::spec::{OnSession, Shards, Tweak, arg, flags::*};
use crate::types::number::parse_int;

const ALL_SHARDS: &[&str] = &["request_policy:all_shards", "response_policy:agg_min"];
const TARGET: &[Tweak] = &[arg(3).kind("integer")];

pub const WAITING: &[Row] = &[
    cmd("WAIT numreplicas timeout", wait)
        .plain(BLOCKING)
        .acl(&["connection"])
        .tips(ALL_SHARDS)
        .shards(Shards::One)
        .args(&[arg(0).kind("integer"), arg(1).kind("integer")])
        .reply("int")
        .doc(
            "3.0.0",
            "O(1)",
            "Blocks until the asynchronous replication of all preceding write commands sent by the connection is completed.",
        ),
    cmd("WAITAOF numlocal numreplicas timeout", waitaof)
        .plain(BLOCKING)
        .acl(&["connection"])
        .tips(ALL_SHARDS)
        .shards(Shards::One)
        .args(&[arg(0).kind("integer"), arg(1).kind("integer"), arg(2).kind("integer")])
        .reply("[int, int]")
        .doc(
            "7.2.0",
            "O(1)",
            "Blocks until all of the preceding write commands sent by the connection are written to the append-only file of the \
             master and/or replicas.",
        ),
];

pub const TABLE: &[Row] = &[
    cmd("FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]", failover)
        .plain(ADMIN | NOSCRIPT | STALE)
        .session(OnSession::Nothing)
        .shards(Shards::One)
        .groups(&["target"])
        .args(&[arg(2).kind("integer"), arg(5).kind("integer")])
        .reply("OK")
        .doc("6.2.0", "O(1)", "Starts a coordinated failover from a server to one of its replicas."),
    cmd("REPLICAOF <host port | NO ONE>", replicaof)
        .plain(ADMIN | NO_ASYNC_LOADING | NOSCRIPT | STALE)
        .session(OnSession::Nothing)
        .shards(Shards::First)
        .groups(&["args", "host-port", "no-one"])
        .args(TARGET)
        .reply("OK")
        .doc("5.0.0", "O(1)", "Configures a server as replica of another, or promotes it to a master."),
    cmd("SLAVEOF <host port | NO ONE>", replicaof)
        .plain(ADMIN | NO_ASYNC_LOADING | NOSCRIPT | STALE)
        .session(OnSession::Nothing)
        .shards(Shards::First)
        .groups(&["args", "host-port", "no-one"])
        .args(TARGET)
        .reply("OK")
        .deprecated("5.0.0", "`REPLICAOF`")
        .doc("1.0.0", "O(1)", "Sets a Redis server as a replica of another, or promotes it to being a master."),
];

/// Waits for replicas that there are none of: until its time is over.
fn wait_in_vain(cx: &mut Ctx<'_>, wants: Wants, timeout: &[u8]) -> Done {
    let millis = parse_int(timeout).ok_or(Error::TimeoutNotInteger)?;
    let deadline = from_millis(cx, millis as f64)?;
    cx.block(Wait {
        number: cx.number,
        keys: 0..0,
        deadline,
        wants,
        timeout_reply: TimeoutReply::Nobody(wants),
        args: None,
        again: None,
    })
}

fn wait(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let replicas = args.int(1)?;
    if replicas > 0 {
        return wait_in_vain(cx, Wants::Replicas, args.at(2));
    }
    let millis = parse_int(args.at(2)).ok_or(Error::TimeoutNotInteger)?;
    from_millis(cx, millis as f64)?;
    cx.out.int(0);
    Ok(())
}

fn waitaof(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let local = args.int(1)?;
    if !(0..=1).contains(&local) {
        return Err(Error::Fixed("ERR value is out of range, value must between 0 and 1"));
    }
    let replicas = parse_int(args.at(2)).filter(|replicas| *replicas >= 0);
    let replicas = replicas.ok_or(Error::Fixed("ERR value is out of range, must be positive"))?;
    let millis = parse_int(args.at(3)).ok_or(Error::TimeoutNotInteger)?;
    from_millis(cx, millis as f64)?;
    if local > 0 && !cx.host.store.appends {
        return Err(Error::Fixed("ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled."));
    }
    // A store that syncs always has done so before this is answered; another one is asked to.
    let synced = cx.host.store.appends && cx.server.config.text(Id::AppendFsync) == b"always";
    let mut wants = if synced { Wants::Synced } else { Wants::Copies(u64::MAX) };
    let asks = local > 0 && !synced && cx.may_block();
    if asks {
        cx.host.syncs += 1;
        cx.host.requests.push(HostRequest::Sync);
        wants = Wants::Copies(cx.host.syncs);
    }
    if replicas > 0 || asks {
        return wait_in_vain(cx, wants, args.at(3));
    }
    cx.out.array(2);
    cx.out.int(synced as i64);
    cx.out.int(0);
    Ok(())
}

fn replicaof(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if cx.server.cluster.is_some() {
        return Err(Error::Fixed("ERR REPLICAOF not allowed in cluster mode."));
    }
    if args.at(1).eq_ignore_ascii_case(b"no") && args.at(2).eq_ignore_ascii_case(b"one") {
        cx.out.ok();
        return Ok(());
    }
    parse_int(args.at(2)).filter(|port| (0..=65535).contains(port)).ok_or(Error::Fixed("ERR Invalid master port"))?;
    Err(Error::Fixed("ERR Wakey has no replicas, and is none: REPLICAOF NO ONE is all that it takes"))
}

fn failover(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if cx.server.cluster.is_some() {
        return Err(Error::Fixed("ERR FAILOVER not allowed in cluster mode. Use CLUSTER FAILOVER command instead."));
    }
    let (mut timeout, mut to, mut abort, mut force) = (false, false, false, false);
    let mut options = args.options(1);
    while let Some(option) = options.next() {
        match () {
            _ if option.is("TIMEOUT") && options.left() >= 1 && !timeout => {
                options.int()?;
                timeout = true;
            }
            _ if option.is("TO") && options.left() >= 2 && !to => {
                options.value()?;
                options.int()?;
                to = true;
            }
            _ if option.is("ABORT") && !abort => abort = true,
            _ if option.is("FORCE") && !force => force = true,
            _ => return Err(Error::Syntax),
        }
    }
    if abort {
        return Err(Error::Fixed("ERR No failover in progress."));
    }
    Err(Error::Fixed("ERR FAILOVER requires connected replicas."))
}
