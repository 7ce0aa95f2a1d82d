//! The ACL categories of a command: they follow from its flags and its group, and a few are its own.

use super::spec::{Group, Spec, flags::*};

/// In the order in which COMMAND INFO lists them; bit `n` of [`of`] stands for the `n`th.
pub const NAMES: [&str; 22] = [
    "keyspace",
    "read",
    "write",
    "set",
    "sortedset",
    "list",
    "hash",
    "string",
    "bitmap",
    "hyperloglog",
    "geo",
    "stream",
    "pubsub",
    "admin",
    "fast",
    "slow",
    "blocking",
    "dangerous",
    "connection",
    "transaction",
    "scripting",
    "array",
];

/// Those that there were before Redis 8.8.
pub fn before_arrays() -> &'static [&'static str] {
    &NAMES[..NAMES.len() - 1]
}

/// The categories of a command, as bits.
pub fn of(spec: &Spec, group: Group) -> u32 {
    let has = |flag: u32| spec.flags & flag != 0;
    if has(MODULE) {
        return 0;
    }
    // A container is not run itself: it belongs to no group, and the groups of its subcommands say what they do.
    let group = if spec.only_contains() { "" } else { group.category };
    let holds = |name: &str| match name {
        "read" => has(READONLY) && group != "scripting",
        "write" => has(WRITE),
        "admin" | "dangerous" => has(ADMIN) || spec.acl.contains(&name),
        "pubsub" => has(PUBSUB),
        "blocking" => has(BLOCKING),
        "fast" => has(FAST),
        "slow" => !has(FAST),
        name => name == group || spec.acl.contains(&name),
    };
    NAMES.iter().zip(0..).map(|(name, bit)| (holds(name) as u32) << bit).sum()
}

/// The names of these categories.
pub fn names(categories: u32) -> impl Iterator<Item = &'static str> + Clone {
    NAMES.iter().zip(0..).filter(move |(_, bit)| categories >> bit & 1 != 0).map(|(name, _)| *name)
}
