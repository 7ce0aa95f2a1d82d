//! What is freed later. UNLINK and FLUSHALL ASYNC hand over what is large: to free ten million elements takes a second, and
//! there is one thread. The host's timer comes at once and as long as something is left, and each time frees a little.
//!
//! What is here is gone for every command; only its memory still counts.

use super::{Db, Deadlines, Entry, Value};
use crate::types::dict::Dict;

/// Collections of fewer elements are freed at once.
const LARGE: usize = 1 << 14;

#[derive(Default)]
pub struct Garbage(Vec<Heap>);

enum Heap {
    Value(Value),
    Keys(Dict<Entry>),
    Deadlines(Deadlines),
}

impl Garbage {
    /// Takes a value whose key is gone.
    pub fn put(&mut self, value: Value) {
        if value.elements() > LARGE {
            self.0.push(Heap::Value(value));
        }
    }

    /// Takes what was a database.
    pub(super) fn put_db(&mut self, db: Db) {
        if db.len() > LARGE {
            self.0.extend([db.deadlines, db.field_deadlines].map(Heap::Deadlines));
            self.0.push(Heap::Keys(db.keys));
        }
    }

    /// How many collections and tables there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Frees about so many elements.
    pub fn free(&mut self, about: usize) {
        let Some(heap) = self.0.last_mut() else { return };
        let more = match heap {
            Heap::Value(value) => value.shed(about),
            Heap::Keys(keys) => keys.shed(about),
            Heap::Deadlines(deadlines) => deadlines.shed(about),
        };
        if !more {
            self.0.pop();
        }
    }
}
