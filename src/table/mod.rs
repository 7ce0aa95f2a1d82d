//! Commands as data: their names, arguments, flags, keys and documentation. Knows no handler.

pub mod categories;
pub mod docs;
mod facts;
pub mod find;
#[cfg(not(target_arch = "wasm32"))]
pub mod hosts;
pub mod keys;
pub mod spec;
pub mod syntax;
