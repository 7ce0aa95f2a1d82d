//! How an engine is opened.

use crate::resp::dialect::{Dialect, Release};
use crate::table::find::Table;

/// How an engine is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Random numbers and hashing come from this and nothing else.
    pub seed: u64,
    pub databases: usize,
    pub dialect: Dialect,
    /// The release of Redis whose commands and replies it has; what came later is not there.
    pub compat: Release,
    /// Bytes; 0 for no limit.
    pub maxmemory: u64,
    /// What is evicted past it, as `maxmemory-policy` names it; nothing by default.
    pub maxmemory_policy: Option<String>,
    /// It is a node of a cluster: at first of one node, which has all slots ([`crate::Engine::join`] tells it of others).
    pub cluster: bool,
    /// The password that sessions over a socket must give.
    pub requirepass: Option<String>,
    /// Milliseconds since the epoch.
    pub now: f64,
    /// A clock that goes on while a command runs, in milliseconds from any moment on. Scripts that run for long are measured by it.
    pub clock: fn() -> f64,
    /// The words of COMMAND DOCS and HELP, which the module has none of: see [`crate::table::docs`]. `None` where there is no memory for them.
    pub docs: fn(&Table) -> Option<String>,
    /// After so many milliseconds a script ends that came by [`crate::Engine::exec`] and has not written; 0 for never.
    pub script_timeout: f64,
}

/// Milliseconds since the first call. WebAssembly has no clock but its host's.
fn clock() -> f64 {
    #[cfg(not(target_arch = "wasm32"))]
    {
        static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
        START.elapsed().as_secs_f64() * 1000.0
    }
    #[cfg(target_arch = "wasm32")]
    0.0
}

/// What the rows say, where they do.
fn docs(table: &Table) -> Option<String> {
    #[cfg(not(target_arch = "wasm32"))]
    return Some(crate::table::docs::written(table));
    #[cfg(target_arch = "wasm32")]
    {
        let _ = table;
        Some(String::new())
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            seed: 0,
            databases: 16,
            dialect: Dialect::Redis,
            compat: Release::NEWEST,
            maxmemory: 0,
            maxmemory_policy: None,
            cluster: false,
            requirepass: None,
            now: 0.0,
            clock,
            docs,
            script_timeout: 5000.0,
        }
    }
}
