//! Consumer groups: how far a group has read, which entries its consumers have taken and not acknowledged (pending ones),
//! and how far it lags behind.
//!
//! ```text
//! Group
//!   pending     Index<Pending>      id -> consumer, when and how often it was delivered
//!   consumers   slots               name, when it last asked and last got something, Index<()> of its own pending ids
//!   order       slots by name
//! ```
//!
//! Both indexes are kept together: a pending entry belongs to one consumer.

use super::index::Index;
use super::{Entries, Id, Stream};
use crate::types::dict::hashing::Seed;

/// An entry that was delivered and not acknowledged.
#[derive(Clone, Copy)]
pub struct Pending {
    /// Milliseconds since the epoch.
    pub delivered: i64,
    /// How often.
    pub count: u64,
    /// The slot of the consumer.
    pub consumer: u32,
}

#[derive(Clone)]
pub struct Consumer {
    pub name: Box<[u8]>,
    /// When it last tried anything, in milliseconds since the epoch.
    pub seen: i64,
    /// When it last got something; -1 for never.
    pub active: i64,
    pub pending: Index<()>,
}

#[derive(Clone)]
pub struct Group {
    pub name: Box<[u8]>,
    /// The last id delivered.
    pub last: Id,
    /// How many of all entries ever added were delivered up to there; -1 where that is not known.
    pub read: i64,
    pending: Index<Pending>,
    consumers: Vec<Option<Box<Consumer>>>,
    order: Vec<u32>,
}

impl Group {
    fn new(name: &[u8], last: Id, read: i64) -> Group {
        Group { name: name.into(), last, read, pending: Index::default(), consumers: Vec::new(), order: Vec::new() }
    }

    /// All pending entries.
    pub fn pending(&self) -> &Index<Pending> {
        &self.pending
    }

    /// The consumers, by name.
    pub fn consumers(&self) -> impl ExactSizeIterator<Item = &Consumer> {
        self.order.iter().map(|&slot| self.at(slot))
    }

    pub fn at(&self, slot: u32) -> &Consumer {
        self.consumers[slot as usize].as_ref().expect("a slot in use")
    }

    pub fn at_mut(&mut self, slot: u32) -> &mut Consumer {
        self.consumers[slot as usize].as_mut().expect("a slot in use")
    }

    fn search(&self, name: &[u8]) -> Result<usize, usize> {
        self.order.binary_search_by(|&slot| self.at(slot).name.as_ref().cmp(name))
    }

    /// The slot of a consumer.
    pub fn consumer(&self, name: &[u8]) -> Option<u32> {
        self.search(name).ok().map(|at| self.order[at])
    }

    /// The slot of a consumer, and whether it was made just now.
    pub fn consumer_or_new(&mut self, name: &[u8], now: i64) -> (u32, bool) {
        let at = match self.search(name) {
            Ok(at) => return (self.order[at], false),
            Err(at) => at,
        };
        let consumer = Box::new(Consumer { name: name.into(), seen: now, active: -1, pending: Index::default() });
        let slot = match self.consumers.iter().position(Option::is_none) {
            // Slots are only looked for where some are free.
            Some(free) if self.consumers.len() > self.order.len() => {
                self.consumers[free] = Some(consumer);
                free as u32
            }
            _ => {
                self.consumers.push(Some(consumer));
                self.consumers.len() as u32 - 1
            }
        };
        self.order.insert(at, slot);
        (slot, true)
    }

    /// Removes a consumer and all that was pending for it; how much that was. None where there is no such consumer.
    pub fn remove_consumer(&mut self, name: &[u8]) -> Option<usize> {
        let at = self.search(name).ok()?;
        let slot = self.order.remove(at);
        let consumer = self.consumers[slot as usize].take()?;
        for (id, _) in consumer.pending.iter() {
            self.pending.remove(id);
        }
        Some(consumer.pending.len())
    }

    /// Makes an entry pending for a consumer, whoever had it before.
    pub fn give(&mut self, id: Id, pending: Pending) {
        match self.pending.get_mut(id) {
            Some(known) => {
                let before = std::mem::replace(known, pending).consumer;
                if before == pending.consumer {
                    return;
                }
                self.at_mut(before).pending.remove(id);
            }
            None => self.pending.insert(id, pending),
        }
        self.at_mut(pending.consumer).pending.insert(id, ());
    }

    /// Acknowledges an entry; whether it was pending.
    pub fn release(&mut self, id: Id) -> bool {
        let Some(pending) = self.pending.remove(id) else { return false };
        self.at_mut(pending.consumer).pending.remove(id);
        true
    }

    /// The pending entry of this id.
    pub fn pending_at(&mut self, id: Id) -> Option<&mut Pending> {
        self.pending.get_mut(id)
    }

    pub fn bytes(&self) -> usize {
        let of_consumers: usize =
            self.consumers.iter().flatten().map(|c| size_of::<Consumer>() + c.pending.bytes()).sum();
        size_of::<Group>() + self.pending.bytes() + of_consumers
    }

    pub fn digest(&self, seed: &Seed, mix: &mut dyn FnMut(u64)) {
        mix(seed.hash(&self.name));
        for part in [self.last.ms, self.last.seq, self.read as u64] {
            mix(part);
        }
        for (id, pending) in self.pending.iter() {
            let consumer = seed.hash(&self.at(pending.consumer).name);
            for part in [id.ms, id.seq, pending.delivered as u64, pending.count, consumer] {
                mix(part);
            }
        }
        // When a consumer was last seen is no data: no append-only file has it.
        for consumer in self.consumers() {
            mix(seed.hash(&consumer.name));
        }
    }
}

impl Stream {
    fn search_group(&self, name: &[u8]) -> Result<usize, usize> {
        self.groups.binary_search_by(|group| group.name.as_ref().cmp(name))
    }

    /// The groups, by name.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.groups.iter()
    }

    pub fn group(&self, name: &[u8]) -> Option<&Group> {
        self.search_group(name).ok().map(|at| &self.groups[at])
    }

    pub fn group_mut(&mut self, name: &[u8]) -> Option<&mut Group> {
        self.search_group(name).ok().map(|at| &mut self.groups[at])
    }

    /// The entries and a group side by side, for those who read the ones and change the other.
    pub fn split(&mut self, name: &[u8]) -> Option<(&Entries, &mut Group)> {
        let at = self.search_group(name).ok()?;
        Some((&self.entries, &mut self.groups[at]))
    }

    /// Makes a group; false where there is one of this name.
    pub fn add_group(&mut self, name: &[u8], last: Id, read: i64) -> bool {
        let Err(at) = self.search_group(name) else { return false };
        self.groups.insert(at, Group::new(name, last, read));
        true
    }

    /// Removes a group; whether it was there.
    pub fn remove_group(&mut self, name: &[u8]) -> bool {
        let Ok(at) = self.search_group(name) else { return false };
        self.groups.remove(at);
        true
    }
}

impl Entries {
    /// Whether entries from `id` on may have been deleted: then who counts them does not know how many were added.
    fn gaps_from(&self, id: Id) -> bool {
        self.len > 0 && self.max_deleted != Id::MIN && self.max_deleted >= id && self.max_deleted >= self.first
    }

    /// How many entries had been added when `id` was; None where deletions have made that unknowable.
    pub fn position(&self, id: Id) -> Option<u64> {
        if self.added == 0 {
            return Some(0);
        }
        if self.len == 0 && id < self.last || id == self.last {
            return Some(self.added);
        }
        if id > self.last || id != Id::MIN && id < self.max_deleted {
            return None;
        }
        let whole = self.max_deleted == Id::MIN || self.max_deleted < self.first;
        if whole && id <= self.first {
            return Some(self.added.wrapping_sub(self.len).wrapping_add((id == self.first) as u64));
        }
        None
    }

    /// How many entries a group has still to read; None where that is not known.
    pub fn lag(&self, group: &Group) -> Option<i64> {
        if self.added == 0 || self.len == 0 {
            return Some(0);
        }
        if group.last < self.first && self.max_deleted < self.first {
            return Some(self.len as i64);
        }
        let read = if group.read != -1 && !self.gaps_from(group.last) {
            group.read
        } else {
            self.position(group.last)? as i64
        };
        Some((self.added as i64).wrapping_sub(read))
    }

    /// What `read` of a group is when it has read on to the entry `id`; `group.last` is still the one before.
    pub fn read_on(&self, group: &Group, id: Id) -> i64 {
        if group.read != -1 && group.last >= self.first && !self.gaps_from(group.last) {
            return group.read.wrapping_add(1);
        }
        self.position(id).map_or(-1, |position| position as i64)
    }
}
