//! One database: its keys, and when they and the fields of its hashes end.

use super::{Deadline, Deadlines, Entry, Log, NEVER, Value, class};
use crate::types::dict::Dict;
use crate::types::dict::hashing::{Rng, Seed};

/// One database.
pub struct Db {
    /// Its number.
    pub(super) index: u32,
    pub(super) keys: Dict<Entry>,
    pub(super) deadlines: Deadlines,
    /// The hashes that have fields with a TTL, under the earliest of them.
    pub(super) field_deadlines: Deadlines,
    /// The next deadline as it was when the keyspace last looked.
    pub(super) noted: Deadline,
}

impl Db {
    pub(super) fn new(index: usize, seed: Seed) -> Db {
        Db {
            index: index as u32,
            keys: Dict::new(seed),
            deadlines: Deadlines::default(),
            field_deadlines: Deadlines::default(),
            noted: NEVER,
        }
    }

    /// Number of keys, those included that have expired and were not met yet.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// All keys, in no order, those included that have expired and were not met yet.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.keys.iter()
    }

    /// The earliest deadline of a key or field.
    #[inline]
    pub(super) fn next_deadline(&self) -> Deadline {
        self.deadlines.next().min(self.field_deadlines.next())
    }

    /// The TTLs of keys.
    pub fn deadlines(&self) -> &Deadlines {
        &self.deadlines
    }

    /// The hashes with fields that have a TTL.
    pub fn field_deadlines(&self) -> &Deadlines {
        &self.field_deadlines
    }

    /// A key with a TTL, at random. Each is as likely as any other, unless few keys have one: then it is found by its deadline (see
    /// [`Deadlines::random`]). So a draw costs a few looks into the table, or one into a tree, however many keys there are.
    pub fn random_volatile(&self, rng: &mut Rng) -> Option<&Entry> {
        const DRAWS: usize = 16;
        if self.deadlines.len() * DRAWS >= self.len() {
            for _ in 0..DRAWS {
                let entry = self.keys.random(rng)?;
                if entry.deadline() != NEVER {
                    return Some(entry);
                }
            }
        }
        let (deadline, hash) = self.deadlines.random(rng)?;
        self.keys.find_by_hash(hash, |entry| entry.deadline() == deadline)
    }

    /// The entry of a key, if it is there and its time has not come; what has come to its end goes first.
    #[inline(always)]
    pub(super) fn live(&mut self, hash: u64, key: &[u8], now: i64, log: &mut Log) -> Option<&mut Entry> {
        let entry: *mut Entry = self.keys.get_hashed_mut(hash, key)?;
        // SAFETY: the entry was borrowed from `keys` just now; where it is returned nothing has happened since, and nothing
        // else holds it. (A plain reference would keep `self` borrowed in the other branch too.)
        let entry = unsafe { &mut *entry };
        let due = entry.value().indexed().min(entry.deadline());
        if due > now as Deadline { Some(entry) } else { self.without_due(hash, key, now, log) }
    }

    /// Removes a key whose time has come, or the fields of a hash whose time has come; what is left of it then.
    #[cold]
    fn without_due(&mut self, hash: u64, key: &[u8], now: i64, log: &mut Log) -> Option<&mut Entry> {
        let entry = self.keys.get_hashed_mut(hash, key)?;
        if entry.deadline() <= now as Deadline {
            self.remove(hash, key);
            log.counts.expired_keys += 1;
            log.propagate_expired(self.index, key);
            return None;
        }
        if let Value::Hash(fields) = entry.value_mut() {
            log.counts.expired_fields += log.expire_fields(self.index, key, fields, now, usize::MAX) as u64;
        }
        self.delete_or_reindex(hash, key, log);
        self.keys.get_hashed_mut(hash, key)
    }

    pub(super) fn remove(&mut self, hash: u64, key: &[u8]) -> Option<Entry> {
        let entry = self.keys.remove_hashed(hash, key)?;
        self.move_deadline(hash, entry.deadline(), NEVER);
        self.move_field_deadline(hash, entry.value().indexed(), NEVER);
        Some(entry)
    }

    pub(super) fn insert(&mut self, hash: u64, entry: Entry) -> &mut Entry {
        self.deadlines.add(entry.deadline(), hash);
        self.insert_undated(hash, entry)
    }

    /// The same for a key out of a file; [`Db::settle`] is to follow.
    pub(super) fn insert_loaded(&mut self, hash: u64, entry: Entry) {
        self.deadlines.add_later(entry.deadline(), hash);
        self.insert_undated(hash, entry);
    }

    /// What was read of a file has all been put in, or something of it is about to be replaced.
    pub(super) fn settle(&mut self) {
        self.deadlines.settle();
    }

    fn insert_undated(&mut self, hash: u64, mut entry: Entry) -> &mut Entry {
        let (_, of_fields) = entry.value_mut().reindex();
        self.field_deadlines.add(of_fields, hash);
        self.keys.insert_new_hashed(hash, entry)
    }

    /// Tells the index that an entry has another deadline now. Two keys may share hash and deadline, and so an element: it
    /// stays until the last of them has left.
    #[inline]
    pub(super) fn move_deadline(&mut self, hash: u64, old: Deadline, new: Deadline) {
        if old == new {
            return;
        }
        if old != NEVER && self.keys.find_by_hash(hash, |entry| entry.deadline() == old).is_none() {
            self.deadlines.remove(old, hash);
        }
        self.deadlines.add(new, hash);
    }

    /// The same for the earliest deadline of a hash's fields.
    pub(super) fn move_field_deadline(&mut self, hash: u64, old: Deadline, new: Deadline) {
        if old == new {
            return;
        }
        let has_old = |entry: &Entry| entry.value().indexed() == old;
        if old != NEVER && self.keys.find_by_hash(hash, has_old).is_none() {
            self.field_deadlines.remove(old, hash);
        }
        self.field_deadlines.add(new, hash);
    }

    /// After a change of the collection under this key: an empty one goes, and the index learns the next deadline of a hash.
    /// Whether the key is still there.
    pub(super) fn delete_or_reindex(&mut self, hash: u64, key: &[u8], log: &mut Log) -> bool {
        let Some(entry) = self.keys.get_hashed_mut(hash, key) else { return false };
        if entry.value().is_spent() {
            self.remove(hash, key);
            log.effects.note(self.index, key, class::GENERIC, "del");
            return false;
        }
        let (old, next) = entry.value_mut().reindex();
        self.move_field_deadline(hash, old, next);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyspace::Access;
    use crate::types::string::Str;
    use std::collections::BTreeSet;

    #[test]
    fn a_key_with_a_ttl_is_drawn_however_few_have_one() {
        let (seed, mut rng) = (Seed::new(1), Rng::new(1));
        for one_in in [1, 2, 16, 200, 2000] {
            let mut db = Db::new(0, seed);
            assert!(db.random_volatile(&mut rng).is_none());
            let mut volatile = BTreeSet::new();
            for i in 0..2000u64 {
                let key = i.to_le_bytes();
                let deadline = if i % one_in == 0 { 1_000_000 + i } else { NEVER };
                if deadline != NEVER {
                    volatile.insert(key.to_vec());
                }
                let value = Value::Str(Str::new(b"v"));
                db.insert(seed.hash(&key), Entry::new(&key, Access::default(), deadline, value));
            }
            let drawn = || Some(db.random_volatile(&mut rng)?.key().to_vec());
            let drawn: BTreeSet<_> =
                std::iter::repeat_with(drawn).take(40_000).map(|key| key.expect("a key")).collect();
            assert_eq!(drawn, volatile, "one in {one_in}");
        }
    }
}
