//! A key and all that belongs to it.
//!
//! An entry is 48 bytes on wasm32, and lies in the table itself (see [`crate::types::dict`]):
//!
//! ```text
//! key 20 | last access 4 | deadline 8 | value 16       keys of up to 19 and values of up to 14 bytes need nothing more
//! ```
//!

use super::{Access, Deadline, Value};
use crate::types::dict;
use crate::types::small::Small;

/// A key and all that belongs to it.
pub struct Entry {
    pub(super) key: Small,
    pub access: Access,
    pub(super) deadline: Deadline,
    pub value: Value,
}

impl Entry {
    /// When the key ends, in milliseconds since the epoch; [`NEVER`] if it has no TTL.
    pub fn deadline(&self) -> Deadline {
        self.deadline
    }
}

impl dict::Entry for Entry {
    fn key(&self) -> &[u8] {
        &self.key
    }
}
