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

pub mod allocator;
pub mod commands;
pub mod engine;
pub mod exec;
pub mod keyspace;
pub mod resp;
pub mod server;
pub mod snapshot;
pub mod table;
pub mod types;

#[cfg(target_arch = "wasm32")]
mod wasm;

/// What the binding's tests share with the native ones names the crate.
#[cfg(all(test, target_arch = "wasm32"))]
extern crate self as wakey;

/// The Redis release whose behaviour is followed, and which HELLO and INFO name.
pub const REDIS_VERSION: &str = "8.0.2";

pub use engine::{Engine, Options};
pub use resp::dialect::Dialect;
pub use server::session::{SessionId, SessionOptions};

#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;
