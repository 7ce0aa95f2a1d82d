//! What producers have sent: XADD with IDMP adds an entry once, however often its producer sends it.
//!
//! ```text
//! Producers
//!   list     sorted by name     the messages of each, in the order in which they came: its id for the message -> the entry
//! ```
//!
//! A message is remembered for `duration` seconds from the time in the entry's id, and of each producer the last `most`.
//! It is looked for among all of them, from the latest on: O(n) of at most 10,000. What is too old goes when a later one comes:
//! of the producer that sends it, and of two others, in turn. Time is told by the ids of entries there, so that a journal
//! leads to the same again.

use super::{Id, Stream};
use crate::types::dict::hashing::Seed;

/// How long messages are remembered, and how many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Memory {
    /// Seconds.
    pub duration: u32,
    /// Of each producer.
    pub most: u32,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory { duration: 100, most: 100 }
    }
}

impl Memory {
    /// The most that can be asked for.
    pub const MAX: Memory = Memory { duration: 86_400, most: 10_000 };

    fn has_forgotten(self, sent: &Sent, now: u64) -> bool {
        sent.id.ms.saturating_add(self.duration as u64 * 1000) <= now
    }
}

/// A message.
#[derive(Clone)]
pub struct Sent {
    /// The producer's id for it.
    pub name: Box<[u8]>,
    /// The entry's.
    pub id: Id,
}

#[derive(Clone)]
pub struct Producer {
    pub name: Box<[u8]>,
    pub sent: Vec<Sent>,
}

/// See the head of this file.
#[derive(Clone, Default)]
pub struct Producers {
    #[expect(clippy::vec_box, reason = "a new producer moves the addresses of those behind it, and not them")]
    list: Vec<Box<Producer>>,
    /// The one to be tidied next.
    turn: usize,
    /// How many messages were ever remembered, and how many were sent again. For XINFO.
    pub added: u64,
    pub duplicates: u64,
}

impl Producers {
    fn search(&self, name: &[u8]) -> Result<usize, usize> {
        self.list.binary_search_by(|one| one.name.as_ref().cmp(name))
    }

    /// By name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Producer> {
        self.list.iter().map(|one| &**one)
    }

    /// The producers that have messages which are not too old, and how many those are. O(n).
    pub fn counts(&self, memory: Memory, now: i64) -> (usize, usize) {
        let alive =
            |one: &Producer| one.sent.iter().filter(|sent| !memory.has_forgotten(sent, now.max(0) as u64)).count();
        self.iter().map(alive).filter(|&count| count > 0).fold((0, 0), |sum, count| (sum.0 + 1, sum.1 + count))
    }

    /// Forgets what is too old of the one at this place, and it with its last message.
    fn tidy(&mut self, at: usize, memory: Memory, now: u64) {
        let Some(one) = self.list.get_mut(at) else { return };
        let old = one.sent.iter().take_while(|sent| memory.has_forgotten(sent, now)).count();
        one.sent.drain(..old);
        if one.sent.is_empty() {
            self.list.remove(at);
        }
    }

    /// Remembers a message behind all others; one of the same name takes its place there.
    pub fn add(&mut self, producer: &[u8], name: &[u8], id: Id, memory: Memory) {
        for _ in 0..2 {
            self.turn = if self.turn < self.list.len() { self.turn + 1 } else { 0 };
            self.tidy(self.turn, memory, id.ms);
        }
        let at = match self.search(producer) {
            Ok(at) => at,
            Err(at) => {
                self.list.insert(at, Box::new(Producer { name: producer.into(), sent: Vec::new() }));
                at
            }
        };
        let sent = &mut self.list[at].sent;
        sent.retain(|one| *one.name != *name);
        sent.push(Sent { name: name.into(), id });
        if sent.len() > memory.most as usize {
            sent.remove(0);
        }
        self.tidy(at, memory, id.ms);
        self.added = self.added.saturating_add(1);
    }
}

impl Stream {
    /// What is remembered of those who send; nothing where none ever said who it is.
    pub fn producers(&self) -> Option<&Producers> {
        self.producers.as_deref()
    }

    /// Whether anything is remembered, or is to be in another way than usual.
    pub fn remembers(&self) -> bool {
        self.memory != Memory::default() || self.producers().is_some_and(|producers| !producers.list.is_empty())
    }

    pub fn producers_mut(&mut self) -> &mut Producers {
        self.producers.get_or_insert_default()
    }

    /// The entry that a message became, however long ago.
    pub fn recorded(&self, producer: &[u8], name: &[u8]) -> Option<Id> {
        let producers = self.producers()?;
        let producer = &producers.list[producers.search(producer).ok()?];
        producer.sent.iter().rev().find(|sent| *sent.name == *name).map(|sent| sent.id)
    }

    /// The entry that a message became, if that is remembered.
    pub fn sent(&self, producer: &[u8], name: &[u8], now: i64) -> Option<Id> {
        let id = self.recorded(producer, name)?;
        let sent = Sent { name: Box::default(), id };
        (!self.memory.has_forgotten(&sent, now.max(0) as u64)).then_some(id)
    }

    /// Remembers what a message became.
    pub fn record(&mut self, producer: &[u8], name: &[u8], id: Id) {
        let memory = self.memory;
        self.producers_mut().add(producer, name, id, memory);
    }

    /// Sets how long messages are remembered; if that is new they are forgotten. Whether it is.
    pub fn set_memory(&mut self, memory: Memory) -> bool {
        let changed = memory != std::mem::replace(&mut self.memory, memory);
        if let Some(producers) = self.producers.as_mut().filter(|_| changed) {
            producers.list = Vec::new();
        }
        changed
    }
}

/// The name of a message that has none of its own: from its fields and values, in whatever order.
pub fn name_of<'a>(pairs: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> [u8; 16] {
    let (first, second) = (Seed::new(1), Seed::new(2));
    let mut sums = [0u64; 2];
    for (field, value) in pairs {
        for (sum, seed) in sums.iter_mut().zip([&first, &second]) {
            let pair = seed.hash(field).rotate_left(23) ^ seed.hash(value);
            *sum = sum.wrapping_add(seed.hash(&pair.to_le_bytes()));
        }
    }
    let mut name = [0; 16];
    for (part, sum) in name.chunks_exact_mut(8).zip(sums) {
        part.copy_from_slice(&sum.to_le_bytes());
    }
    name
}
