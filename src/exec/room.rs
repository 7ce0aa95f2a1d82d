//! `maxmemory`: what counts towards it, and how there comes to be less.

use super::{Ctx, follow_up};
use crate::allocator;
use crate::keyspace::{Keyspace, Scope};
use crate::resp::reply::Reply;
use crate::server::Server;
use crate::server::config::Id;
use crate::server::session::Session;

/// About how many elements of what is freed later count as much work as an evicted key.
const SWEPT: usize = 64;

/// Bytes that count: all that is allocated but the replies, the journal, and what scripts hold while they run.
#[inline(always)]
pub fn counted(keyspace: &Keyspace, out: &Reply) -> u64 {
    allocator::data().saturating_sub((out.capacity() + keyspace.log.journal.capacity()) as u64)
}

/// Whether more is used than `maxmemory` allows.
#[inline(always)]
pub fn is_over(server: &Server, keyspace: &Keyspace, out: &Reply) -> bool {
    let limit = server.config.int(Id::MaxMemory) as u64;
    limit != 0 && counted(keyspace, out) > limit
}

/// Before a client's command: evicts as the policy says until no more is used than `maxmemory` allows.
#[inline(always)]
pub fn make(cx: &mut Ctx<'_>) {
    if is_over(cx.server, cx.db, cx.out) && cx.server.scripts.paused.is_none() && !cx.server.loading {
        evict(cx.server, cx.db, cx.out, Some(cx.session));
    } else {
        (cx.server.over_limit, cx.server.evicting) = (false, false);
    }
}

/// Evicts for as long as `maxmemory-eviction-tenacity` has it. If there is more to do then, the timer goes on with it, and commands are not
/// refused meanwhile.
#[cold]
pub fn evict(server: &mut Server, keyspace: &mut Keyspace, out: &Reply, mut current: Option<&mut Session>) {
    let samples = server.config.size(Id::MaxMemorySamples);
    let mut left = patience(server.config.size(Id::EvictionTenacity));
    let can = keyspace.access.policy.scope != Scope::Nothing;
    (server.over_limit, server.evicting) = (false, false);
    while is_over(server, keyspace, out) {
        if left == 0 {
            server.evicting = true;
            return;
        }
        left -= 1;
        if !keyspace.garbage.is_empty() {
            keyspace.sweep(SWEPT);
        } else if !(can && keyspace.evict(samples)) {
            server.over_limit = true;
            return;
        }
        keyspace.log.journal.end_unit();
        if !keyspace.log.effects.noted.is_empty() {
            follow_up(server, keyspace, current.as_deref_mut());
        }
    }
}

/// How many keys may go at once. Redis has milliseconds: half of one for 10, 15 % more for each one beyond, any number for 100. A key
/// takes about a microsecond.
fn patience(tenacity: usize) -> usize {
    match tenacity {
        0..=10 => 50 * tenacity.max(1),
        11..100 => (10..tenacity).fold(500, |keys, _| keys + keys * 15 / 100),
        _ => usize::MAX,
    }
}
