//! Streams: entries, consumer groups, and what XINFO tells of both.

pub mod claims;
pub mod entries;
pub mod groups;
pub mod idempotence;
pub mod info;
pub mod nack;
pub mod references;
