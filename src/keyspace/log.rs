//! What the keyspace writes down beside its work: counters, what happened to keys, and the journal.

use super::{Effects, Journal, TOGETHER, class};
use crate::types::hash::Hash;
use crate::types::small::Small;

/// Counters that the keyspace keeps for INFO.
#[derive(Default, Clone, Copy)]
pub struct Counts {
    pub hits: u64,
    pub misses: u64,
    pub expired_keys: u64,
    pub expired_fields: u64,
    /// Those of them whose time had come before anybody looked at the key.
    pub expired_keys_active: u64,
    pub expired_fields_active: u64,
    pub evicted_keys: u64,
}

/// What the keyspace writes down beside its work.
#[derive(Default)]
pub struct Log {
    /// Changes of keys, fields and elements: a command after which this is higher is one for the journal.
    pub dirty: u64,
    /// What `dirty` was when all was saved last.
    saved_at: u64,
    pub counts: Counts,
    pub effects: Effects,
    pub journal: Journal,
}

impl Log {
    /// Changes since all was saved last.
    pub fn unsaved(&self) -> u64 {
        self.dirty - self.saved_at
    }

    /// All that has changed is saved.
    pub fn saved(&mut self, at: u64) {
        self.saved_at = at;
    }

    /// A key is gone because its time has come.
    pub(super) fn propagate_expired(&mut self, db: u32, key: &[u8]) {
        self.effects.note(db, key, class::EXPIRED, "expired");
        if self.journal.on {
            self.journal.write(db, &[b"DEL", key]);
        }
    }

    /// Removes the fields of a hash whose time has come, at most `max`, and tells; how many.
    pub(super) fn expire_fields(&mut self, db: u32, key: &[u8], hash: &mut Hash, now: i64, max: usize) -> usize {
        if !self.journal.on && !self.effects.names_fields() {
            let count = hash.expire_due(now, max, &mut |_| {});
            self.effects.note(db, key, class::HASH, "hexpired");
            return count;
        }
        let mut gone: Vec<Small> = Vec::new();
        let count = hash.expire_due(now, max, &mut |field| gone.push(Small::new(field)));
        self.effects.note(db, key, class::HASH, "hexpired");
        self.effects.name_fields(&mut gone.iter().map(|field| &**field));
        let told = if self.journal.on { &gone[..] } else { &[] };
        for some in told.chunks(TOGETHER) {
            let mut args: Vec<&[u8]> = vec![b"HDEL", key];
            args.extend(some.iter().map(|field| &**field));
            self.journal.write(db, &args);
        }
        count
    }
}
