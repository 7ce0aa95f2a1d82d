//! Which node of a cluster a command belongs to. Asked only where there is a cluster.

use super::Ctx;
use crate::keyspace::Keyspace;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::cluster::{Cluster, MYSELF, Moving};
use crate::server::scripts::flags::{ALLOW_CROSS_SLOT, COMPAT};
use crate::table::keys::each_key_or_channel;
use crate::table::spec::Spec;
use crate::table::spec::flags::{ASKING, ENDS_MULTI, PUBSUB};
use crate::types::slots::slot;

/// Why a command does not run here.
enum Elsewhere {
    /// Its keys are in several slots.
    Crossed,
    /// Nobody has the slot.
    Unbound,
    /// Not every slot is somebody's.
    Down,
    /// Some of its keys are here, and some may be where the slot moves to.
    Torn,
    /// It is to be asked for there, once.
    Ask(u16, usize),
    Moved(u16, usize),
}

/// What is found out of one key after the other.
#[derive(Default)]
struct Route<'a> {
    /// The slot of all of them, and the first.
    slot: Option<(u16, &'a [u8])>,
    several: bool,
    there: bool,
    missing: bool,
    unbound: bool,
    crossed: bool,
    /// Not all are channels.
    keys: bool,
}

impl<'a> Route<'a> {
    fn add(&mut self, cluster: &Cluster, keyspace: &Keyspace, key: &'a [u8], is_channel: bool) {
        if self.crossed {
            return;
        }
        let number = slot(key);
        self.keys |= !is_channel;
        match self.slot {
            None => {
                self.unbound = cluster.owner(number).is_none();
                self.slot = Some((number, key));
            }
            Some((first, _)) if first != number => self.crossed = true,
            Some((_, first)) => self.several |= first != key,
        }
        if !is_channel && cluster.moving(number).is_some() {
            match keyspace.peek_value(key) {
                Some(_) => self.there = true,
                None => self.missing = true,
            }
        }
    }

    /// Where it belongs to; the slot, if it is here and has keys.
    fn end(&self, cluster: &Cluster, asks: bool) -> Result<Option<u16>, Elsewhere> {
        if self.crossed {
            return Err(Elsewhere::Crossed);
        }
        if self.unbound {
            return Err(Elsewhere::Unbound);
        }
        let Some((slot, _)) = self.slot else { return Ok(None) };
        // Channels of slots that are here go on.
        if self.keys && !cluster.is_whole() {
            return Err(Elsewhere::Down);
        }
        match cluster.moving(slot) {
            Some(Moving::To(_)) if self.missing && self.there => Err(Elsewhere::Torn),
            Some(Moving::To(node)) if self.missing => Err(Elsewhere::Ask(slot, node)),
            Some(Moving::From(_)) if asks && self.several && self.missing => Err(Elsewhere::Torn),
            Some(Moving::From(_)) if asks => Ok(Some(slot)),
            _ => match cluster.owner(slot) {
                Some(MYSELF) => Ok(Some(slot)),
                Some(node) => Err(Elsewhere::Moved(slot, node)),
                None => Err(Elsewhere::Unbound),
            },
        }
    }
}

/// `laddr`: where the client is connected to.
fn redirection(cluster: &Cluster, laddr: &str, why: Elsewhere) -> Error {
    let to = |word: &str, slot: u16, node: usize| {
        let node = &cluster.nodes[node];
        Error::quoting(&[format!("{word} {slot} {}:{}", node.host_for(laddr), node.port).as_bytes()])
    };
    match why {
        Elsewhere::Crossed => Error::Fixed("CROSSSLOT Keys in request don't hash to the same slot"),
        Elsewhere::Unbound => Error::Fixed("CLUSTERDOWN Hash slot not served"),
        Elsewhere::Down => Error::Fixed("CLUSTERDOWN The cluster is down"),
        Elsewhere::Torn => Error::Fixed("TRYAGAIN Multiple keys request during rehashing of slot"),
        Elsewhere::Ask(slot, node) => to("ASK", slot, node),
        Elsewhere::Moved(slot, node) => to("MOVED", slot, node),
    }
}

/// Whether an error sends a client elsewhere, or says why nobody can serve it: EXEC answers with it as it is.
pub fn is_redirection(text: &[u8]) -> bool {
    let code = text.split(|&b| b == b' ').next().unwrap_or_default();
    [&b"MOVED"[..], b"ASK", b"CROSSSLOT", b"CLUSTERDOWN", b"TRYAGAIN"].contains(&code)
}

/// ASKING counts for the command behind it, and for a transaction that this one begins.
#[cold]
pub fn note_asking(cx: &mut Ctx<'_>) {
    let session = &mut *cx.session;
    if session.asking == 2 || session.multi.is_none() {
        session.asking = session.asking.saturating_sub(1);
    }
}

fn route<'a>(route: &mut Route<'a>, cluster: &Cluster, keyspace: &Keyspace, cmd: &Spec, args: Args<'a>) {
    // What has wrong arguments has no keys; the handler tells.
    let _ = each_key_or_channel(cmd, args, &mut |key, is_none| {
        // A cursor of CLUSTERSCAN is sent on as a key is.
        route.add(cluster, keyspace, key, is_none && cmd.flags & PUBSUB != 0)
    });
}

/// Whether a client's command belongs here. EXEC belongs where what was queued does.
#[cold]
pub fn check(cx: &Ctx<'_>, args: Args<'_>) -> Result<(), Error> {
    let Some(cluster) = &cx.server.cluster else { return Ok(()) };
    let mut found = Route::default();
    match &cx.session.multi {
        Some(multi) if cx.cmd.flags & ENDS_MULTI != 0 && !multi.aborted => {
            let mut start = 0;
            for &(number, end) in &multi.commands {
                route(
                    &mut found,
                    cluster,
                    cx.db,
                    &cx.rows[number].spec,
                    Args::new(&multi.bytes, &multi.spans[start..end]),
                );
                start = end;
            }
        }
        _ => route(&mut found, cluster, cx.db, cx.cmd, args),
    }
    let asks = cx.session.asking > 0 || cx.cmd.flags & ASKING != 0;
    found.end(cluster, asks).map(drop).map_err(|why| redirection(cluster, &cx.session.laddr, why))
}

/// Where those are sent who wait for a key; `None` while they may go on waiting.
pub fn sent_on(cluster: &Cluster, laddr: &str, key: &[u8]) -> Option<Error> {
    let slot = slot(key);
    let why = match cluster.owner(slot) {
        _ if !cluster.is_whole() => Elsewhere::Down,
        Some(node) if node != MYSELF && cluster.moving(slot).is_none() => Elsewhere::Moved(slot, node),
        _ => return None,
    };
    Some(redirection(cluster, laddr, why))
}

/// After slots have come or gone: those who wait for what is no longer here are sent on, and shard channels close.
pub fn slots_changed(cx: &mut Ctx<'_>) {
    cx.server.leave_shards(cx.session);
    let Some(cluster) = &cx.server.cluster else { return };
    cx.server.waiting.release_those(|key| sent_on(cluster, "", key).is_some());
    cx.server.unfinished = true;
}

/// The same for a script's command, which is told in other words; the slot that the script is in from then on.
#[cold]
pub fn check_script(cx: &Ctx<'_>, args: Args<'_>) -> Result<Option<u16>, Error> {
    let Some(cluster) = &cx.server.cluster else { return Ok(None) };
    let mut found = Route::default();
    route(&mut found, cluster, cx.db, cx.cmd, args);
    let slot = found.end(cluster, cx.session.asking > 0).map_err(|why| match why {
        Elsewhere::Crossed => {
            let name = cx.cmd.full_name();
            const BEHIND: &[u8] = b"' in script attempted to access keys that don't hash to the same slot";
            Error::quoting(&[b"ERR Command '", name.as_bytes(), BEHIND])
        }
        Elsewhere::Unbound => Error::Fixed("ERR Script attempted to access a slot not served"),
        Elsewhere::Down => Error::Fixed("ERR Script attempted to execute a command while the cluster is down"),
        Elsewhere::Torn | Elsewhere::Ask(..) | Elsewhere::Moved(..) => {
            Error::Fixed("ERR Script attempted to access a non local key in a cluster node")
        }
    })?;
    let running = cx.server.scripts.running.as_ref().filter(|running| running.flags & (COMPAT | ALLOW_CROSS_SLOT) == 0);
    let Some(running) = running else { return Ok(None) };
    match (running.slot.get(), slot) {
        (Some(before), Some(now)) if before != now => {
            Err(Error::Fixed("ERR Script attempted to access keys that do not hash to the same slot"))
        }
        (before, now) => Ok(now.or(before)),
    }
}
