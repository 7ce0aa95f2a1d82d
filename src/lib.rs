//! Wakey: the Redis keyspace as a WebAssembly module.
//!
//! The map of the house, from the bottom up. Each folder uses those above it here, and none below (`tests/layers.rs`).
//!
//! - [`allocator`] counts every byte, and knows where memory ends.
//! - [`types`] are the data structures that keys hold, and the numbers in them. They know no command, no reply and no session.
//! - [`resp`] is the wire: requests to borrowed arguments, replies and errors to bytes.
//! - [`table`] is commands as data: names, arguments, flags, keys, categories, documentation.
//! - [`keyspace`] is the databases: lookup with lazy expiry, the index of what expires next, what happened to keys, the journal.
//! - [`rdb`] is Redis's binary form of values: what DUMP gives, and an RDB file is made of; written, and read without trust.
//! - [`snapshot`] writes the keyspace of one moment, in slices, while commands go on.
//! - [`server`] is what all sessions share: configuration, statistics, who subscribes, waits and watches; and what a session is.
//! - [`exec`] is the way of a command, in the order in which things happen. Its head is the page to read first.
//! - [`commands`] holds a file or a folder for each Redis group: first its table, below it the handlers, which read like man pages.
//! - [`engine`] is the one way in: [`Engine::exec`] for a command as a frame, [`Engine::feed`] for bytes off a socket. The host
//!   brings the time with every call; nothing here looks at a clock of its own.
//! - `wasm` (on wasm32 alone) is the binding, and the only folder that knows JavaScript. Its sibling is the crate in `component`.

pub mod allocator;
pub mod commands;
pub mod engine;
pub mod exec;
pub mod keyspace;
pub mod lua;
pub mod rdb;
pub mod resp;
pub mod script;
pub mod server;
pub mod snapshot;
pub mod table;
pub mod types;

#[cfg(all(target_arch = "wasm32", feature = "binding"))]
mod wasm;

/// What the binding's tests share with the native ones names the crate.
#[cfg(all(test, target_arch = "wasm32"))]
extern crate self as wakey;

pub use engine::{Engine, Options};
pub use resp::dialect::{Dialect, Release};
pub use server::cluster::Node;
pub use server::session::{SessionId, SessionOptions};

#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;
