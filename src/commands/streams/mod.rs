//! Streams: entries, consumer groups, and what XINFO tells of both.

pub mod claims;
pub mod entries;
pub mod groups;
pub mod info;
