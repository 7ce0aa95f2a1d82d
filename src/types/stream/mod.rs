//! The value of a stream key: entries under growing ids, and the groups of consumers that read them.
//!
//! ```text
//! Stream
//!   nodes    Index<Listpack>     id of the first entry -> up to about 100 entries in one listpack (node.rs)
//!   groups   sorted by name      last delivered id, pending entries, consumers (group.rs)
//!   producers                    what each has sent, to add it once (producers.rs)
//! ```
//!
//! An append touches only the last node, a trim only the first; whole nodes leave at once. An entry in the middle is
//! found by a search for its node and a walk through it, from the nearer end where that is the end of the stream.
//!
//! Left out: a radix tree. `XINFO STREAM` shows the number of nodes that Redis's tree would have, counted when asked.

pub mod group;
pub mod index;
pub mod node;
pub mod producers;

use super::Stored;
use super::dict::hashing::Seed;
use super::listpack::{Item, Listpack, Pos};
use super::number::parse_cursor;
use crate::allocator::LARGE;
use group::{Group, Refs, may_go};
use index::{At, Index};
use node::{Place, View};
use producers::{Memory, Producers};
use std::ops::{Deref, DerefMut};

/// The id of an entry: milliseconds, and a number among those of the same millisecond.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct Id {
    pub ms: u64,
    pub seq: u64,
}

/// The longest id as text.
pub const ID_LEN: usize = 41;

impl Id {
    pub const MIN: Id = Id { ms: 0, seq: 0 };
    pub const MAX: Id = Id { ms: u64::MAX, seq: u64::MAX };

    /// None after the last id.
    pub fn next(self) -> Option<Id> {
        match self.seq.checked_add(1) {
            Some(seq) => Some(Id { ms: self.ms, seq }),
            None => Some(Id { ms: self.ms.checked_add(1)?, seq: 0 }),
        }
    }

    /// None before 0-0.
    pub fn prev(self) -> Option<Id> {
        match self.seq.checked_sub(1) {
            Some(seq) => Some(Id { ms: self.ms, seq }),
            None => Some(Id { ms: self.ms.checked_sub(1)?, seq: u64::MAX }),
        }
    }

    /// Reads `ms-seq`, or `ms` alone with the number to take for `seq`. Both are read as C reads numbers, as in Redis.
    pub fn parse(text: &[u8], seq: u64) -> Option<Id> {
        let text = Id::text(text)?;
        match text.iter().position(|&b| b == b'-') {
            Some(at) => Some(Id { ms: parse_cursor(&text[..at])?, seq: parse_cursor(&text[at + 1..])? }),
            None => Some(Id { ms: parse_cursor(text)?, seq }),
        }
    }

    /// Reads the milliseconds of `ms-*`.
    pub fn parse_open(text: &[u8]) -> Option<u64> {
        parse_cursor(Id::text(text)?.strip_suffix(b"-*")?)
    }

    /// The part of an argument that Redis looks at: up to a zero byte, of no more than 127 bytes in all.
    pub fn text(bytes: &[u8]) -> Option<&[u8]> {
        (bytes.len() < 128).then(|| bytes.split(|&b| b == 0).next().unwrap_or_default())
    }

    /// As it is shown, in a buffer of the caller's.
    #[inline]
    pub fn write(self, buffer: &mut [u8; ID_LEN]) -> &[u8] {
        let mut at = ID_LEN;
        for (number, dash) in [(self.seq, true), (self.ms, false)] {
            let mut left = number;
            loop {
                at -= 1;
                buffer[at] = b'0' + (left % 10) as u8;
                left /= 10;
                if left == 0 {
                    break;
                }
            }
            if dash {
                at -= 1;
                buffer[at] = b'-';
            }
        }
        &buffer[at..]
    }
}

/// When a node ends: 0 stands for no limit.
#[derive(Clone, Copy)]
pub struct NodeLimits {
    pub bytes: usize,
    pub entries: usize,
}

/// No entry is larger than this, and no node.
pub const MAX_BYTES: usize = 1 << 30;

/// What to trim to.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Keep {
    /// So many entries, the latest.
    Len(u64),
    /// Those from this id on.
    From(Id),
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Trim {
    pub keep: Keep,
    /// Only whole nodes, at most so many entries (0: all); None: exactly.
    pub about: Option<u64>,
}

/// See the head of this file.
#[derive(Clone, Default)]
pub struct Stream {
    pub entries: Entries,
    groups: Vec<Group>,
    producers: Option<Box<Producers>>,
    /// How long [`Stream::producers`] remembers.
    pub memory: Memory,
}

/// The entries of a stream, and what is remembered of those that are gone.
#[derive(Clone, Default)]
pub struct Entries {
    nodes: Index<Listpack>,
    len: u64,
    first: Id,
    last: Id,
    max_deleted: Id,
    added: u64,
}

impl Deref for Stream {
    type Target = Entries;

    #[inline(always)]
    fn deref(&self) -> &Entries {
        &self.entries
    }
}

impl DerefMut for Stream {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Entries {
        &mut self.entries
    }
}

impl Entries {
    /// How many entries there are.
    pub fn len(&self) -> u64 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The last id that was given; 0-0 at first.
    pub fn last(&self) -> Id {
        self.last
    }

    /// The id of the first entry; 0-0 where there is none.
    pub fn first(&self) -> Id {
        self.first
    }

    /// The highest id that was deleted (not trimmed); 0-0 at first.
    pub fn max_deleted(&self) -> Id {
        self.max_deleted
    }

    /// How many entries were ever added.
    pub fn added(&self) -> u64 {
        self.added
    }

    pub fn set_last(&mut self, last: Id) {
        self.last = last;
    }

    pub fn set_added(&mut self, added: u64) {
        self.added = added;
    }

    pub fn set_max_deleted(&mut self, id: Id) {
        self.max_deleted = id;
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Shows the nodes and their ids.
    pub fn each_node(&self, show: &mut dyn FnMut(Id, &Listpack)) {
        self.nodes.iter().for_each(|(id, pack)| show(id, pack));
    }

    /// Adds a sound node behind the others; false where it does not belong there. [`Entries::finish`] is to follow.
    pub fn add_node(&mut self, master: Id, pack: Listpack) -> bool {
        let view = View::new(master, &pack);
        let (count, last) = (view.count, view.last());
        if self.nodes.last().is_some() && master <= self.last {
            return false;
        }
        self.last = last.map_or(master, |last| last.id);
        // A node in which all are deleted is none.
        if count > 0 {
            self.len += count as u64;
            self.nodes.insert(master, pack);
        }
        true
    }

    /// After the last node: sets the last id that was given, unless there are later ones; whether there are none.
    pub fn finish(&mut self, last: Id) -> bool {
        let is_last = self.last <= last;
        self.last = self.last.max(last);
        self.find_first();
        is_last
    }

    /// The id for an entry added now: the present millisecond, unless the clock went back. None after the last id.
    pub fn next_id(&self, now: i64) -> Option<Id> {
        let ms = now.max(0) as u64;
        if ms > self.last.ms { Some(Id { ms, seq: 0 }) } else { self.last.next() }
    }

    /// Appends an entry. `id` must be after the last; `bytes` are those of the fields and values.
    pub fn append<'a>(
        &mut self,
        id: Id,
        fields: impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone,
        bytes: usize,
        limits: NodeLimits,
    ) {
        let max = if limits.bytes == 0 { MAX_BYTES } else { limits.bytes.min(MAX_BYTES) };
        let open = match self.nodes.last_mut() {
            None => false,
            Some((master, pack)) => {
                let full = pack.bytes().len() + bytes >= max
                    || limits.entries > 0 && View::new(master, pack).all() >= limits.entries as i64;
                if !full {
                    node::append(pack, master, id, fields.clone(), bytes);
                }
                !full
            }
        };
        if !open {
            let mut pack = node::new(fields.clone(), bytes.min(max));
            node::append(&mut pack, id, id, fields, bytes);
            self.nodes.insert(id, pack);
        }
        self.len += 1;
        self.added = self.added.wrapping_add(1);
        self.last = id;
        if self.len == 1 {
            self.first = id;
        }
    }

    /// The node in which an id lies, if it is there at all.
    fn node_of(&self, id: Id) -> Option<At> {
        let at = self.nodes.seek(id);
        match self.nodes.get_at(at) {
            Some((master, _)) if master == id => Some(at),
            _ => self.nodes.before(at),
        }
    }

    /// Where an entry lies; None where there is none, or it is deleted.
    fn find(&self, id: Id) -> Option<(At, Place)> {
        if self.len == 0 || id < self.first || id > self.last {
            return None;
        }
        let mut range = self.range(id, id, false);
        range.next()?;
        Some((range.node, range.place?))
    }

    pub fn contains(&self, id: Id) -> bool {
        self.find(id).is_some()
    }

    /// Deletes an entry; whether it was there.
    pub fn delete(&mut self, id: Id) -> bool {
        let Some((at, place)) = self.find(id) else { return false };
        let Some(pack) = self.nodes.get_at_mut(at) else { return false };
        node::mark(pack, place.at);
        if node::count_deleted(pack, 1) <= 0 {
            self.nodes.remove_at(at);
        }
        self.len -= 1;
        self.max_deleted = self.max_deleted.max(id);
        if id == self.first {
            self.find_first();
        }
        true
    }

    fn find_first(&mut self) {
        self.first =
            if self.len == 0 { Id::MIN } else { self.range(Id::MIN, Id::MAX, false).next().unwrap_or(Id::MIN) };
    }

    /// Removes entries from the front; how many. What groups still need may stay, and what is behind it go.
    fn trim(&mut self, trim: Trim, refs: Refs, groups: &mut [Group]) -> u64 {
        let (mut removed, mut at) = (0, self.nodes.start());
        while let Some((master, pack)) = self.nodes.get_at(at) {
            let view = View::new(master, pack);
            let entries = view.count.max(0) as u64;
            let (done, whole) = match trim.keep {
                Keep::Len(len) => (self.len <= len, self.len - entries.min(self.len) >= len),
                Keep::From(id) => (master >= id, view.last().is_none_or(|last| last.id < id)),
            };
            if done || trim.about.is_some_and(|most| most > 0 && removed + entries > most) {
                break;
            }
            if whole && refs != Refs::Acked {
                if refs == Refs::Delete {
                    view.each(&mut |place| may_go(groups, place.id, refs));
                }
                self.nodes.remove_at(at);
                self.len -= entries;
                removed += entries;
                continue;
            }
            // Where groups matter Redis goes entry by entry: "about" is exact then, but for its LIMIT.
            if trim.about.is_some() && refs == Refs::Keep {
                break;
            }
            let gone = self.trim_node(at, trim.keep, refs, groups);
            removed += gone;
            if refs != Refs::Acked {
                break;
            }
            if gone == entries {
                self.nodes.remove_at(at);
            } else {
                at = self.nodes.after(at);
            }
        }
        if removed > 0 {
            self.find_first();
        }
        removed
    }

    /// Marks the entries at the start of a node that are not to be kept as deleted; how many.
    fn trim_node(&mut self, at: At, keep: Keep, refs: Refs, groups: &mut [Group]) -> u64 {
        let mut removed = 0;
        let mut next = self.nodes.get_at(at).and_then(|(master, pack)| View::new(master, pack).first());
        while let Some((master, pack)) = self.nodes.get_at(at) {
            let view = View::new(master, pack);
            let Some(place) = next.and_then(|at| view.place(at)) else { break };
            let enough = match keep {
                Keep::Len(len) => self.len <= len,
                Keep::From(id) => place.id >= id,
            };
            if enough {
                break;
            }
            next = view.skip(place.data, place.rest());
            if !place.deleted
                && may_go(groups, place.id, refs)
                && let Some(pack) = self.nodes.get_at_mut(at)
            {
                node::mark(pack, place.at);
                self.len -= 1;
                removed += 1;
            }
        }
        if let Some(pack) = self.nodes.get_at_mut(at) {
            node::count_deleted(pack, removed as i64);
        }
        removed
    }

    /// The entries from `start` to `end`, both included, or from `end` back to `start`.
    pub fn range(&self, start: Id, end: Id, reverse: bool) -> Range<'_> {
        let mut range =
            Range { stream: self, start, end, reverse, node: self.nodes.end(), view: None, place: None, next: None };
        if self.len == 0 || start > end || start > self.last || end < self.first {
            return range;
        }
        match self.node_of(if reverse { end } else { start }) {
            Some(node) => range.open(node),
            None if reverse => return range,
            None => range.open(self.nodes.start()),
        }
        range.near();
        range
    }

    /// How many nodes a radix tree with these keys has: one for each key and each place where keys part, and one for each run
    /// of bytes without a branch. O(n) of the nodes.
    pub fn tree_nodes(&self) -> usize {
        // The branches above the key met last, one bit for each depth; leaves and branches that are complete are counted.
        let (mut nodes, mut open, mut last) = (0, 0u32, None::<(u64, u64)>);
        // Counts what hangs from a branch at `depth`, and what lies between: nothing, if the branch's own byte leads there.
        let hang = |nodes: &mut usize, depth: u32, from: u32| *nodes += 1 + (from > depth + 1) as usize;
        for (id, _) in self.nodes.iter() {
            let Some(before) = last.replace((id.ms, id.seq)) else { continue };
            let (ms, seq) = (id.ms ^ before.0, id.seq ^ before.1);
            let shared = if ms != 0 { ms.leading_zeros() } else { 64 + seq.leading_zeros() } / 8;
            let mut low = 16;
            while open >> shared > 1 {
                let depth = open.ilog2();
                open ^= 1 << depth;
                hang(&mut nodes, depth, low);
                low = depth;
            }
            hang(&mut nodes, shared, low);
            open |= 1 << shared;
        }
        if last.is_none() {
            return 1;
        }
        let mut low = 16;
        while open != 0 {
            let depth = open.ilog2();
            open ^= 1 << depth;
            hang(&mut nodes, depth, low);
            low = depth;
        }
        nodes + 1 + (low > 0) as usize
    }
}

impl Stream {
    pub fn new() -> Stream {
        Stream::default()
    }

    /// One whose producers' messages are remembered so.
    pub fn remembering(memory: Memory) -> Stream {
        Stream { memory, ..Stream::default() }
    }

    /// Removes entries from the front; how many.
    pub fn trim(&mut self, trim: Trim, refs: Refs) -> u64 {
        self.entries.trim(trim, refs, &mut self.groups)
    }

    /// Whether an entry may go, as far as groups are concerned.
    pub fn may_go(&mut self, id: Id, refs: Refs) -> bool {
        may_go(&mut self.groups, id, refs)
    }
}

/// Goes through entries. See [`Entries::range`].
pub struct Range<'a> {
    stream: &'a Entries,
    start: Id,
    end: Id,
    reverse: bool,
    node: At,
    view: Option<View<'a>>,
    /// The entry that was met last.
    place: Option<Place>,
    /// Where the one after it begins, if that is known already.
    next: Option<Next>,
}

/// What comes after the entry that was met last.
#[derive(Clone, Copy)]
enum Next {
    /// An entry begins here.
    At(Pos),
    /// The last element of the entry before is here.
    Behind(Pos),
    /// The node is at its end.
    End,
}

impl<'a> Range<'a> {
    fn open(&mut self, node: At) {
        self.node = node;
        self.view = self.stream.nodes.get_at(node).map(|(master, pack)| View::new(master, pack));
        self.place = None;
        self.next = None;
    }

    /// Before the first step forward: begins at `start`, from the nearer end where that is the end of the stream, as for those who read
    /// what is new.
    fn near(&mut self) {
        let Some(view) = &self.view else { return };
        let (last, master) = (self.stream.last, self.stream.nodes.get_at(self.node).map_or(Id::MIN, |node| node.0));
        let is_last = self.stream.nodes.get_at(self.stream.nodes.after(self.node)).is_none();
        let gap = |a: Id, b: Id| {
            let ms = a.ms.saturating_sub(b.ms);
            (ms, if ms == 0 { a.seq.saturating_sub(b.seq) } else { 0 })
        };
        if self.reverse || self.start <= master {
            return;
        }
        if !is_last || gap(last, self.start) >= gap(self.start, master) {
            self.next = Some(view.seek(self.start).map_or(Next::End, Next::At));
            return;
        }
        let mut at = view.last();
        while let Some(place) = at {
            if place.id < self.start {
                break;
            }
            self.next = Some(Next::At(place.at));
            at = view.before(&place);
        }
        if self.next.is_none() {
            self.next = Some(Next::End);
        }
    }

    /// Meets the next entry; its id.
    #[allow(clippy::should_implement_trait)] // `pairs` is asked of the entry met last
    pub fn next(&mut self) -> Option<Id> {
        loop {
            let view = self.view.as_ref()?;
            let place = match (self.next.take(), self.reverse) {
                (Some(Next::End), _) => None,
                (Some(Next::At(at)), _) => view.place(at),
                (Some(Next::Behind(end)), _) => view.pack.next(end).and_then(|at| view.place(at)),
                (None, false) => match &self.place {
                    Some(place) => view.skip(place.data, place.rest()).and_then(|at| view.place(at)),
                    None => view.first().and_then(|at| view.place(at)),
                },
                (None, true) => match &self.place {
                    Some(place) => view.before(place),
                    None => view.last(),
                },
            };
            let Some(place) = place else {
                let nodes = &self.stream.nodes;
                let node = if self.reverse { nodes.before(self.node) } else { Some(nodes.after(self.node)) };
                match node {
                    Some(node) => self.open(node),
                    None => self.view = None,
                }
                continue;
            };
            self.place = Some(place);
            if if self.reverse { place.id < self.start } else { place.id > self.end } {
                self.view = None;
                return None;
            }
            if !place.deleted && place.id >= self.start && place.id <= self.end {
                return Some(place.id);
            }
        }
    }

    /// How many bytes the entry met last takes in a reply, at most: exactly, where its node is large.
    pub fn reply_bytes(&self) -> usize {
        let (Some(view), Some(place)) = (&self.view, &self.place) else { return 0 };
        if view.pack.bytes().len() <= LARGE / 64 {
            return LARGE / 2; // numbers are longer as text, and each element has its length in front
        }
        let mut bytes = 64;
        view.pairs(place, &mut |field, value| bytes += field.len() + value.len() + 32);
        bytes
    }

    /// How many pairs the entry met last has.
    pub fn count(&self) -> usize {
        self.place.map_or(0, |place| place.pairs)
    }

    /// Shows the fields and values of the entry met last.
    pub fn pairs(&mut self, show: &mut dyn FnMut(Item<'a>, Item<'a>)) {
        if let (Some(view), Some(place)) = (&self.view, &self.place) {
            let end = view.pairs(place, show);
            if !self.reverse {
                self.next = end.map(Next::Behind);
            }
        }
    }
}

impl Stream {
    /// A number that two streams share if they are equal: entries, counters, groups.
    pub fn digest(&self, seed: &Seed) -> u64 {
        let mut sum = 0u64;
        let mut mix = |part: u64| sum = seed.hash(&(sum.rotate_left(5) ^ part).to_le_bytes());
        let mut range = self.range(Id::MIN, Id::MAX, false);
        while let Some(id) = range.next() {
            mix(id.ms);
            mix(id.seq);
            range.pairs(&mut |field, value| {
                mix(field.with_bytes(|bytes| seed.hash(bytes)));
                mix(value.with_bytes(|bytes| seed.hash(bytes)));
            });
        }
        for id in [self.last, self.max_deleted] {
            mix(id.ms);
            mix(id.seq);
        }
        mix(self.added);
        for group in &self.groups {
            group.digest(seed, &mut mix);
        }
        for producer in self.producers.iter().flat_map(|producers| producers.iter()) {
            mix(seed.hash(&producer.name));
            for sent in &producer.sent {
                mix(seed.hash(&sent.name) ^ sent.id.ms.rotate_left(32) ^ sent.id.seq);
            }
        }
        sum
    }
}

impl Stored for Stream {
    const TYPE: &'static str = "stream";

    fn encoding(&self) -> &'static str {
        "stream"
    }

    /// About how many bytes of heap it takes: from the first nodes and the first groups.
    fn heap_bytes(&self) -> usize {
        const SAMPLE: usize = 32;
        let (nodes, groups) = (self.nodes.len(), self.groups.len());
        let of_nodes: usize = self.nodes.iter().take(SAMPLE).map(|(_, pack)| pack.heap_bytes()).sum();
        let of_groups: usize = self.groups.iter().take(SAMPLE).map(|group| group.bytes()).sum();
        let scale = |bytes: usize, number: usize| bytes / number.clamp(1, SAMPLE) * number;
        let mut of_producers = 0;
        for producer in self.producers.iter().flat_map(|producers| producers.iter()) {
            of_producers += size_of::<producers::Producer>() + producer.name.len();
            of_producers += producer.sent.len() * (size_of::<producers::Sent>() + 32);
        }
        size_of::<Stream>() + self.nodes.bytes() + scale(of_nodes, nodes) + scale(of_groups, groups) + of_producers
    }

    fn elements(&self) -> usize {
        self.len() as usize
    }

    /// Frees a part; whether there may be more. Nothing else may be done with the stream from then on.
    fn shed(&mut self, about: usize) -> bool {
        self.entries.nodes.shed(about) || self.groups.pop().is_some()
    }

    fn is_spent(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
