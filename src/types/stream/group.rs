//! Consumer groups: how far a group has read, which entries its consumers have taken and not acknowledged (pending ones),
//! and how far it lags behind.
//!
//! ```text
//! Group
//!   pending     Index<Pending>      id -> consumer, when and how often it was delivered
//!   consumers   slots               name, when it last asked and last got something, Index<()> of its own pending ids
//!   order       slots by name
//!   by_time     Index<Id>           (when delivered, turn) -> id; made when XREADGROUP CLAIM first asks who waits longest
//! ```
//!
//! The indexes are kept together: a pending entry belongs to one consumer, or, after XNACK, to nobody.

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
    /// The slot of the consumer, or [`NOBODY`].
    pub consumer: u32,
    /// Tells apart, in their order, what was delivered in the same millisecond. [`Group::give`] sets it.
    turn: u32,
}

/// The owner of an entry that its consumer gave back: [`Group::give_back`].
pub const NOBODY: u32 = u32::MAX;

impl Pending {
    pub fn new(delivered: i64, count: u64, consumer: u32) -> Pending {
        Pending { delivered, count, consumer, turn: 0 }
    }

    /// Where it stands among those that wait.
    fn time(&self) -> Id {
        Id { ms: self.delivered as u64 ^ 1 << 63, seq: self.turn as u64 }
    }
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
    by_time: Option<Box<Index<Id>>>,
    /// How many turns were given.
    turns: u32,
}

impl Group {
    fn new(name: &[u8], last: Id, read: i64) -> Group {
        Group {
            name: name.into(),
            last,
            read,
            pending: Index::default(),
            consumers: Vec::new(),
            order: Vec::new(),
            by_time: None,
            turns: 0,
        }
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

    /// The name of a pending entry's consumer; empty where it has none.
    pub fn owner(&self, pending: &Pending) -> &[u8] {
        if pending.consumer == NOBODY { b"" } else { &self.at(pending.consumer).name }
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
            self.forget(id);
        }
        Some(consumer.pending.len())
    }

    /// Makes an entry pending for a consumer, or for nobody, whoever had it before. Places in the group's list, and in that of
    /// the same consumer, stay good.
    pub fn give(&mut self, id: Id, mut pending: Pending) {
        self.turns = self.turns.wrapping_add(1);
        pending.turn = self.turns;
        let before = self.pending.get_mut(id).map(|known| std::mem::replace(known, pending));
        if before.is_none() {
            self.pending.insert(id, pending);
        }
        if let Some(by_time) = &mut self.by_time {
            if let Some(before) = before {
                by_time.remove(before.time());
            }
            by_time.insert(pending.time(), id);
        }
        let before = before.map_or(NOBODY, |before| before.consumer);
        if before != pending.consumer {
            if before != NOBODY {
                self.at_mut(before).pending.remove(id);
            }
            if pending.consumer != NOBODY {
                self.at_mut(pending.consumer).pending.insert(id, ());
            }
        }
    }

    /// Takes an entry out of the list of all that are pending.
    fn forget(&mut self, id: Id) -> Option<Pending> {
        let pending = self.pending.remove(id)?;
        if let Some(by_time) = &mut self.by_time {
            by_time.remove(pending.time());
        }
        Some(pending)
    }

    /// Acknowledges an entry; whether it was pending.
    pub fn release(&mut self, id: Id) -> bool {
        let Some(pending) = self.forget(id) else { return false };
        if pending.consumer != NOBODY {
            self.at_mut(pending.consumer).pending.remove(id);
        }
        true
    }

    /// Those that are pending, those that wait longest first: what nobody has comes before all others. O(n log n) when it is
    /// first asked for, kept from then on.
    pub fn waiting(&mut self) -> &Index<Id> {
        self.by_time.get_or_insert_with(|| {
            let mut by_time = Box::new(Index::default());
            self.pending.iter().for_each(|(id, pending)| by_time.insert(pending.time(), id));
            by_time
        })
    }

    /// The pending entry of this id.
    pub fn pending_at(&self, id: Id) -> Option<Pending> {
        let at = self.pending.find(id)?;
        self.pending.get_at(at).map(|pair| *pair.1)
    }

    pub fn bytes(&self) -> usize {
        let of_consumers: usize =
            self.consumers.iter().flatten().map(|c| size_of::<Consumer>() + c.pending.bytes()).sum();
        let by_time = self.by_time.as_ref().map_or(0, |by_time| by_time.bytes());
        size_of::<Group>() + self.pending.bytes() + by_time + of_consumers
    }

    pub fn digest(&self, seed: &Seed, mix: &mut dyn FnMut(u64)) {
        mix(seed.hash(&self.name));
        for part in [self.last.ms, self.last.seq, self.read as u64] {
            mix(part);
        }
        for (id, pending) in self.pending.iter() {
            let consumer = seed.hash(self.owner(pending));
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

/// What becomes of the places where groups still have an entry that goes: KEEPREF, DELREF, ACKED.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refs {
    /// They stay.
    Keep,
    /// They go with it.
    Delete,
    /// The entry stays as long as there is one, and until all groups have read it.
    Acked,
}

impl Refs {
    /// As a journal says it.
    pub fn token(self) -> Option<&'static [u8]> {
        match self {
            Refs::Keep => None,
            Refs::Delete => Some(b"DELREF"),
            Refs::Acked => Some(b"ACKED"),
        }
    }
}

/// Whether an entry may go, as far as groups are concerned; with [`Refs::Delete`] none has it from then on. O(log n) for each
/// group: there is no index of who has an entry.
pub fn may_go(groups: &mut [Group], id: Id, refs: Refs) -> bool {
    match refs {
        Refs::Keep => true,
        Refs::Delete => {
            groups.iter_mut().for_each(|group| {
                group.release(id);
            });
            true
        }
        Refs::Acked => groups.iter().all(|group| group.last >= id && group.pending.find(id).is_none()),
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
    /// Valkey does not look at what there is first.
    pub fn lag(&self, group: &Group, valkey: bool) -> Option<i64> {
        if self.added == 0 || self.len == 0 && !valkey {
            return Some(0);
        }
        if !valkey && group.last < self.first && self.max_deleted < self.first {
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
