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

/// All groups and their tables. A new group is one line here. What is not needed everywhere is a feature of the crate.
pub const GROUPS: &[(Group, &[Row])] = &[
    (group("string", "string"), strings::TABLE),
    #[cfg(feature = "newest")]
    (group("string", "string"), strings::compared::TABLE),
    #[cfg(feature = "newest")]
    (group("string", "string"), strings::increx::TABLE),
    (group("generic", "keyspace"), keys::TABLE),
    #[cfg(feature = "rdb")]
    (group("generic", "keyspace"), keys::dump::TABLE),
    #[cfg(feature = "sort")]
    (group("generic", ""), keys::sort::TABLE),
    #[cfg(feature = "dialects")]
    (group("generic", "keyspace"), keys::dragonfly::TABLE),
    (group("hash", "hash"), hashes::TABLE),
    #[cfg(feature = "fields")]
    (group("hash", "hash"), hashes::expire::TABLE),
    #[cfg(feature = "newest")]
    (group("hash", "hash"), hashes::import::TABLE),
    #[cfg(feature = "dialects")]
    (group("hash", "hash"), hashes::dragonfly::TABLE),
    (group("list", "list"), lists::TABLE),
    (group("set", "set"), sets::TABLE),
    #[cfg(feature = "bitmaps")]
    (group("bitmap", "bitmap"), bitmaps::TABLE),
    (group("sorted-set", "sortedset"), sorted_sets::TABLE),
    (group("sorted-set", "sortedset"), sorted_sets::ranges::TABLE),
    (group("sorted-set", "sortedset"), sorted_sets::algebra::TABLE),
    #[cfg(feature = "geo")]
    (group("geo", "geo"), geo::TABLE),
    (group("pubsub", ""), pubsub::TABLE),
    (group("transactions", "transaction"), transactions::TABLE),
    #[cfg(feature = "scripting")]
    (group("scripting", "scripting"), scripting::TABLE),
    #[cfg(feature = "scripting")]
    (group("scripting", "scripting"), scripting::functions::TABLE),
    #[cfg(feature = "hyperloglog")]
    (group("hyperloglog", "hyperloglog"), hyperloglog::TABLE),
    #[cfg(feature = "streams")]
    (group("stream", "stream"), streams::entries::TABLE),
    #[cfg(feature = "streams")]
    (group("stream", "stream"), streams::groups::TABLE),
    #[cfg(feature = "streams")]
    (group("stream", "stream"), streams::claims::TABLE),
    #[cfg(feature = "streams")]
    (group("stream", "stream"), streams::info::TABLE),
    #[cfg(feature = "streams")]
    (group("stream", "stream"), streams::references::TABLE),
    #[cfg(feature = "streams")]
    (group("stream", "stream"), streams::idempotence::TABLE),
    #[cfg(feature = "streams")]
    (group("stream", "stream"), streams::nack::TABLE),
    #[cfg(feature = "arrays")]
    (group("array", "array"), arrays::TABLE),
    #[cfg(feature = "cluster")]
    (group("cluster", ""), cluster::TABLE),
    (group("connection", "connection"), connection::TABLE),
    (group("connection", "connection"), connection::client::TABLE),
    #[cfg(feature = "users")]
    (group("server", ""), acl::TABLE),
    (group("server", ""), server::TABLE),
    (group("server", ""), server::config::TABLE),
    #[cfg(feature = "debug")]
    (group("server", ""), server::debug::TABLE),
    #[cfg(feature = "diagnostics")]
    (group("server", ""), server::memory::TABLE),
    (group("generic", ""), server::replication::WAITING),
    (group("server", ""), server::replication::TABLE),
    (group("server", ""), server::saving::TABLE),
    #[cfg(feature = "diagnostics")]
    (group("server", ""), server::monitor::TABLE),
    #[cfg(feature = "vectors")]
    (group("module", ""), vectors::TABLE),
    #[cfg(feature = "dialects")]
    (group("server", ""), dicedb::TABLE),
];
