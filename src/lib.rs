//! Wakey: the Redis keyspace as a WebAssembly module.
//!
//! The map of the house, from the door inwards:
//!
//! - [`engine`] is the one way in: [`Engine::exec`] for a command as a frame, [`Engine::feed`] for bytes off a socket.
//!   The host brings the time with every call; nothing here looks at a clock of its own.
//! - [`session`] is what one connection knows: its database, protocol, name, and input that is not yet complete.
//! - [`command`] is the machine behind commands: table rows and the syntax lines they are made of, borrowed arguments,
//!   the reply writer, the list of errors, request framing.
//! - [`commands`] holds one file per Redis group: first its table, below it the handlers, which read like man pages.
//! - [`keyspace`] is the databases: lookup with lazy expiry, and the index of what expires next.
//! - [`waiting`] and [`messages`] are what one session does to another: serve one that waits, send it what it subscribed to.
//!   Both look sessions up in a [`registry`].
//! - [`snapshot`] and the keyspace's journal are what the host keeps of the data; `persistence.rs` is how it gets and brings
//!   them.
//! - [`types`] are the data structures. They know no command, no reply and no session.
//! - [`config`] and [`stats`] are what CONFIG and INFO tell; [`memory`] counts every byte that is allocated.
//! - `wasm` (on wasm32 alone) is the binding, and the only file that knows JavaScript.

pub mod command;
pub mod commands;
pub mod config;
pub mod engine;
mod gate;
pub mod keyspace;
pub mod memory;
pub mod messages;
pub mod persistence;
pub mod registry;
mod serving;
pub mod session;
pub mod snapshot;
pub mod stats;
pub mod waiting;
/// The data structures, and the numbers, that keys hold.
pub mod types {
    pub mod copy;
    pub mod dict;
    pub mod double;
    pub mod geohash;
    pub mod hash;
    pub mod hashing;
    pub mod hyperloglog;
    pub mod intset;
    pub mod list;
    pub mod listpack;
    pub mod long_double;
    pub mod number;
    pub mod pairs;
    pub mod ranked;
    pub mod set;
    pub mod small;
    pub mod sorted_set;
    pub mod stream;
    pub mod string;
    pub mod trig;
}

#[cfg(target_arch = "wasm32")]
mod wasm;

/// What the binding's tests share with the native ones names the crate.
#[cfg(all(test, target_arch = "wasm32"))]
extern crate self as wakey;

/// The Redis release whose behaviour is followed, and which HELLO and INFO name.
pub const REDIS_VERSION: &str = "8.0.2";

pub use config::Dialect;
pub use engine::{Engine, Options};
pub use session::SessionOptions;

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;
