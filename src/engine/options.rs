//! How an engine is opened.

use crate::resp::dialect::Dialect;

/// How an engine is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Random numbers and hashing come from this and nothing else.
    pub seed: u64,
    pub databases: usize,
    pub dialect: Dialect,
    /// Bytes; 0 for no limit.
    pub maxmemory: u64,
    /// The password that sessions over a socket must give.
    pub requirepass: Option<String>,
    /// Milliseconds since the epoch.
    pub now: f64,
}

impl Default for Options {
    fn default() -> Options {
        Options { seed: 0, databases: 16, dialect: Dialect::Redis, maxmemory: 0, requirepass: None, now: 0.0 }
    }
}
