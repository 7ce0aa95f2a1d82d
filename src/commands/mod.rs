//! One file per group of commands: its table first, its handlers below.

pub mod acl;
pub mod arrays;
pub mod bitmaps;
pub mod cluster;
pub mod connection;
pub mod dicedb;
pub mod geo;
pub mod hashes;
pub mod hyperloglog;
pub mod keys;
pub mod lists;
pub mod pubsub;
pub mod scripting;
pub mod server;
pub mod sets;
pub mod shared;
pub mod sorted_sets;
pub mod streams;
pub mod strings;
pub mod transactions;
pub mod vectors;

use crate::exec::row::Row;
use crate::table::spec::Group;

const fn group(name: &'static str, category: &'static str) -> Group {
    Group { name, category }
}

/// All groups and their tables. A new group is one line here.
pub const GROUPS: &[(Group, &[Row])] = &[
    (group("string", "string"), strings::TABLE),
    (group("string", "string"), strings::compared::TABLE),
    (group("string", "string"), strings::increx::TABLE),
    (group("generic", "keyspace"), keys::TABLE),
    (group("generic", "keyspace"), keys::dump::TABLE),
    (group("generic", ""), keys::sort::TABLE),
    (group("generic", "keyspace"), keys::dragonfly::TABLE),
    (group("hash", "hash"), hashes::TABLE),
    (group("hash", "hash"), hashes::expire::TABLE),
    (group("hash", "hash"), hashes::import::TABLE),
    (group("hash", "hash"), hashes::dragonfly::TABLE),
    (group("list", "list"), lists::TABLE),
    (group("set", "set"), sets::TABLE),
    (group("bitmap", "bitmap"), bitmaps::TABLE),
    (group("sorted-set", "sortedset"), sorted_sets::TABLE),
    (group("sorted-set", "sortedset"), sorted_sets::ranges::TABLE),
    (group("sorted-set", "sortedset"), sorted_sets::algebra::TABLE),
    (group("geo", "geo"), geo::TABLE),
    (group("pubsub", ""), pubsub::TABLE),
    (group("transactions", "transaction"), transactions::TABLE),
    (group("scripting", "scripting"), scripting::TABLE),
    (group("scripting", "scripting"), scripting::functions::TABLE),
    (group("hyperloglog", "hyperloglog"), hyperloglog::TABLE),
    (group("stream", "stream"), streams::entries::TABLE),
    (group("stream", "stream"), streams::groups::TABLE),
    (group("stream", "stream"), streams::claims::TABLE),
    (group("stream", "stream"), streams::info::TABLE),
    (group("stream", "stream"), streams::references::TABLE),
    (group("stream", "stream"), streams::idempotence::TABLE),
    (group("stream", "stream"), streams::nack::TABLE),
    (group("array", "array"), arrays::TABLE),
    (group("cluster", ""), cluster::TABLE),
    (group("connection", "connection"), connection::TABLE),
    (group("connection", "connection"), connection::client::TABLE),
    (group("server", ""), acl::TABLE),
    (group("server", ""), server::TABLE),
    (group("server", ""), server::config::TABLE),
    (group("server", ""), server::debug::TABLE),
    (group("server", ""), server::memory::TABLE),
    (group("generic", ""), server::replication::WAITING),
    (group("server", ""), server::replication::TABLE),
    (group("server", ""), server::saving::TABLE),
    (group("server", ""), server::monitor::TABLE),
    (group("module", ""), vectors::TABLE),
    (group("server", ""), dicedb::TABLE),
];
