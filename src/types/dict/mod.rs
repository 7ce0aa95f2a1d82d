//! `Dict`: the hash table behind the keyspace and behind big hashes and sets.
//!
//! Extendible hashing. The top bits of a hash choose a segment through the directory; a segment holds up to 64 entries in no order,
//! and one byte of each hash (the fingerprint, the low bits) to find them by.
//!
//! ```text
//! directory (2^depth references, depth 1 or more)
//!   00 01 10 11
//!    \ /   |   \
//!     S    T    U      a segment of local depth d is referred to by 2^(depth - d) neighbours
//!
//! segment   | len u32 | local depth u8, capacity u8 | fingerprints: capacity bytes, min. 64 | entries: capacity |
//! ```
//!
//! - Lookup reads the directory, compares a segment's fingerprints (all at once with simd128, else 8) and looks at
//!   the entries that match: three cache misses for a large table, 0.2 entries in vain. Entries are small, references most of
//!   the time: what is behind one is as far away as an entry in a piece of memory beside the segment would be.
//! - Entries of a segment are dense: a removed one is replaced by the last. No tombstones, no load factor: what is lost is half
//!   of a step of eight in each segment, its head and fingerprints, and the directory: two bytes and a half an entry in all.
//! - A full segment splits in two by the next bit of the hash; nothing else moves. Each half gets what it needs, and grows by
//!   eight entries at a time.
//!   When a segment of the directory's depth splits, the directory doubles: 4 bytes for 20 to 40 entries. A large
//!   one is written beforehand, a little with every split, because touching megabytes of fresh memory takes milliseconds.
//! - Removal gives room back; two buddies that hold at most 32 together become one segment, and the directory
//!   halves when two whole levels of it have become unnecessary.
//! - The order of segments is the order of hashes. A split or a merge never moves an entry across another in that order,
//!   which is what `scan` stands on.
//! - A segment can also grow beyond 64 entries. That happens only where the directory would become larger than
//!   an eighth of the entries, so only to someone who knows the seed and aims at one segment: it becomes slow there, but
//!   memory stays in proportion.
//!
//! An empty Dict owns no memory. Left out: stored hashes (a split computes 64 of them anew, 10 ns an insert, where
//! storing them would cost 8 bytes an entry), and any order of entries that users could rely on.

mod group;
pub mod hashing;
mod segment;

use hashing::{Rng, Seed, same};
use segment::{Head, Segment, head_layout, least, room_of};
use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, handle_alloc_error, realloc};
use std::marker::PhantomData;
use std::ptr;

/// What a Dict holds: something that carries its own key.
pub trait Entry {
    fn key(&self) -> &[u8];

    /// The hash of the key, of which only the top 32 bits need be right: what a split goes by. An entry whose key lies
    /// elsewhere may keep them, to spare the way there.
    #[inline(always)]
    fn top(&self, seed: &Seed) -> u64 {
        seed.hash(self.key())
    }
}

/// Capacity (entries) of a segment that will split. Below that, capacities are multiples of a step; beyond, powers of two.
const SEGMENT: usize = 64;
const STEP: usize = 8;
const STEPS: usize = SEGMENT / STEP;
/// Two buddies merge when they hold no more than this together.
const MERGE: usize = SEGMENT / 2;
const MAX_DEPTH: u32 = 26;
/// A directory of this depth (16 KB) is doubled with preparation, by so many slots with each split.
const PREPARE_DEPTH: u32 = 12;
const PREPARE_SLOTS: usize = 32;
/// A SCAN cursor counts positions by the top 52 bits of the hash, so that a client may keep it in a double.
const CURSOR_BITS: u32 = 52;

/// Where entries of this hash stand in a scan: behind it, once the cursor is greater.
pub fn position(hash: u64) -> u64 {
    hash >> (64 - CURSOR_BITS)
}

fn directory_layout<E>(depth: u32) -> Layout {
    Layout::array::<Segment<E>>(1 << depth).expect("a directory's size")
}

/// The table. Keys are unique: `insert` replaces, and the caller of `insert_new_hashed` vouches that the key is absent.
///
/// Hashes given to the `*_hashed` methods must be `self.hash(key)`. Entries handed out as `&mut` must keep their key.
pub struct Dict<E: Entry> {
    directory: *mut Segment<E>,
    /// The directory of the next depth, or null: right for the first `prepared` slots of the present one.
    next: *mut Segment<E>,
    prepared: usize,
    /// 64 - depth of the directory.
    shift: u32,
    /// No segment ever had a larger capacity.
    widest: u32,
    len: usize,
    bytes: usize,
    /// How many segments have which local depth.
    depths: [u32; MAX_DEPTH as usize + 1],
    seed: Seed,
}

// SAFETY: a Dict owns its memory alone; references are handed out by the rules of & and &mut.
unsafe impl<E: Entry + Send> Send for Dict<E> {}
unsafe impl<E: Entry + Sync> Sync for Dict<E> {}

impl<E: Entry> Dict<E> {
    pub fn new(seed: Seed) -> Dict<E> {
        const { assert!(size_of::<E>() > 0 && align_of::<E>() <= align_of::<Head>()) };
        let depths = [0; MAX_DEPTH as usize + 1];
        let (directory, next, widest) = (ptr::null_mut(), ptr::null_mut(), SEGMENT as u32);
        Dict { directory, next, prepared: 0, shift: 63, widest, len: 0, bytes: 0, depths, seed }
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// Bytes this table has on the heap: entries, but not what they own.
    pub fn heap_bytes(&self) -> usize {
        self.bytes
    }

    #[inline(always)]
    pub fn hash(&self, key: &[u8]) -> u64 {
        self.seed.hash(key)
    }

    /// Begins to fetch what a lookup of this hash needs first. For callers who have something else to wait for meanwhile.
    #[inline(always)]
    pub fn touch(&self, hash: u64) {
        if !self.directory.is_null() {
            std::hint::black_box(self.segment(hash).len());
        }
    }

    /// Begins to fetch where an insert of this hash writes: behind the last entry of its segment, which [`Dict::touch`] has begun to
    /// fetch. For callers with several of them, who touch all first.
    #[inline]
    pub fn touch_end(&self, hash: u64) {
        if self.directory.is_null() {
            return;
        }
        let segment = self.segment(hash);
        if let Some(last) = segment.len().checked_sub(1) {
            // SAFETY: the last entry is live, and so is its fingerprint; an entry has at least one byte, which is read whatever it is.
            unsafe {
                std::hint::black_box(segment.prints().add(last).read());
                std::hint::black_box(segment.slot(last).cast::<std::mem::MaybeUninit<u8>>().read());
            }
        }
    }

    #[inline]
    pub fn get(&self, key: &[u8]) -> Option<&E> {
        self.get_hashed(self.hash(key), key)
    }

    #[inline]
    pub fn get_mut(&mut self, key: &[u8]) -> Option<&mut E> {
        self.get_hashed_mut(self.hash(key), key)
    }

    #[inline(always)]
    pub fn get_hashed(&self, hash: u64, key: &[u8]) -> Option<&E> {
        // SAFETY: the entry lives as long as self is borrowed.
        self.find(hash, |e| same(e.key(), key)).map(|(segment, i)| unsafe { &*segment.slot(i) })
    }

    #[inline(always)]
    pub fn get_hashed_mut(&mut self, hash: u64, key: &[u8]) -> Option<&mut E> {
        // SAFETY: as above, and self is borrowed mutably.
        self.find(hash, |e| same(e.key(), key)).map(|(segment, i)| unsafe { &mut *segment.slot(i) })
    }

    /// The first entry of exactly this hash that `wanted` accepts. Several keys may share a hash.
    #[inline]
    pub fn find_by_hash(&self, hash: u64, mut wanted: impl FnMut(&E) -> bool) -> Option<&E> {
        // SAFETY: the entry lives as long as self is borrowed.
        self.by_hash(hash, &mut wanted).map(|(segment, i)| unsafe { &*segment.slot(i) })
    }

    /// As `find_by_hash`.
    #[inline]
    pub fn find_by_hash_mut(&mut self, hash: u64, mut wanted: impl FnMut(&E) -> bool) -> Option<&mut E> {
        // SAFETY: as above, and self is borrowed mutably.
        self.by_hash(hash, &mut wanted).map(|(segment, i)| unsafe { &mut *segment.slot(i) })
    }

    /// Once for each type of entry, and not for each caller.
    #[inline(never)]
    fn by_hash(&self, hash: u64, wanted: &mut dyn FnMut(&E) -> bool) -> Option<(Segment<E>, usize)> {
        self.find(hash, |e| self.hash(e.key()) == hash && wanted(e))
    }

    #[inline(never)]
    fn hash_of(&self, e: &E) -> u64 {
        self.hash(e.key())
    }

    /// Adds `e`; answers the entry of the same key that it replaces.
    pub fn insert(&mut self, e: E) -> Option<E> {
        let hash = self.hash(e.key());
        if let Some(old) = self.get_hashed_mut(hash, e.key()) {
            return Some(std::mem::replace(old, e));
        }
        self.insert_new_hashed(hash, e);
        None
    }

    /// Adds `e`, whose key is absent and hashes to `hash`.
    pub fn insert_new_hashed(&mut self, hash: u64, e: E) -> &mut E {
        let segment = loop {
            if !self.directory.is_null() {
                let segment = self.segment(hash);
                if segment.len() < segment.capacity() {
                    break segment;
                }
            }
            self.make_room(hash);
        };
        self.push(segment, hash as u8, e);
        self.len += 1;
        // SAFETY: just written; self stays borrowed.
        unsafe { &mut *segment.slot(segment.len() - 1) }
    }

    #[inline]
    pub fn remove(&mut self, key: &[u8]) -> Option<E> {
        self.remove_hashed(self.hash(key), key)
    }

    pub fn remove_hashed(&mut self, hash: u64, key: &[u8]) -> Option<E> {
        let (segment, i) = self.find(hash, |e| same(e.key(), key))?;
        Some(self.take(hash, segment, i))
    }

    /// Removes the first entry of exactly this hash that `wanted` accepts.
    pub fn remove_by_hash(&mut self, hash: u64, mut wanted: impl FnMut(&E) -> bool) -> Option<E> {
        let (segment, i) = self.by_hash(hash, &mut wanted)?;
        Some(self.take(hash, segment, i))
    }

    /// One step of SCAN: hands out about `count` entries (at least one, all of one position together) in the order of
    /// positions from `cursor` on, and answers the cursor to go on with, 0 when the end was reached. Start with 0.
    /// A cursor is at most 2^52.
    ///
    /// An entry that is present from the first call to the last is met at least once, whatever is inserted and removed
    /// between the calls; in fact exactly once, unless it is removed and added again.
    pub fn scan(&self, cursor: u64, count: usize, f: &mut dyn FnMut(&E)) -> u64 {
        if self.len == 0 || cursor >> CURSOR_BITS != 0 {
            return 0;
        }
        let slots = 1usize << self.depth();
        let mut at = (cursor << (64 - CURSOR_BITS) >> self.shift) as usize;
        let mut left = count.max(1);
        let mut found: Vec<(u64, u32)> = Vec::with_capacity(SEGMENT);
        while at < slots {
            // SAFETY: `at` is inside the directory.
            let segment = unsafe { *self.directory.add(at) };
            found.clear();
            for i in 0..segment.len() {
                // SAFETY: entry i < len is live.
                let position = position(self.hash_of(unsafe { &*segment.slot(i) }));
                if position >= cursor {
                    let place = found.partition_point(|&(before, _)| before <= position);
                    found.insert(place, (position, i as u32));
                }
            }
            for (n, &(position, i)) in found.iter().enumerate() {
                if left == 0 && position != found[n - 1].0 {
                    return position;
                }
                // SAFETY: as above; f has no way to change self.
                f(unsafe { &*segment.slot(i as usize) });
                left = left.saturating_sub(1);
            }
            at = self.range(at, segment).end;
            if left == 0 && at < slots {
                return (at as u64) << self.shift >> (64 - CURSOR_BITS);
            }
        }
        0
    }

    /// An entry, each with exactly the same probability; None when there is none.
    ///
    /// Every segment is taken by one slot of the directory alone, and thought to be as long as the longest can be: a
    /// draw that hits nothing is repeated, three to eight times on average.
    pub fn random(&self, rng: &mut Rng) -> Option<&E> {
        if self.len == 0 {
            return None;
        }
        if self.depths[0] == 1 {
            let i = rng.below(self.len as u64) as usize;
            // SAFETY: the only segment holds all `len` entries.
            return Some(unsafe { &*(*self.directory).slot(i) });
        }
        let width = self.widest as u64;
        loop {
            let draw = rng.below((1 << self.depth()) * width);
            let (at, i) = ((draw / width) as usize, (draw % width) as usize);
            // SAFETY: `at` is inside the directory, and i is checked to be live.
            let segment = unsafe { *self.directory.add(at) };
            if i < segment.len() && self.range(at, segment).start == at {
                return Some(unsafe { &*segment.slot(i) });
            }
        }
    }

    /// Draws `count` entries, some of them more than once: one as [`Dict::random`] does, the others from where that one lies. For each of
    /// them all entries are as likely, and what lies together has nothing else in common.
    pub fn sample(&self, rng: &mut Rng, count: usize, f: &mut dyn FnMut(&E)) {
        let Some(first) = self.random(rng) else { return };
        let segment = self.segment(self.hash_of(first));
        f(first);
        for _ in 1..count {
            let i = rng.below(segment.len() as u64) as usize;
            // SAFETY: entry i < len is live.
            f(unsafe { &*segment.slot(i) });
        }
    }

    /// All entries, in an order that depends on the seed and on history.
    pub fn iter(&self) -> Iter<'_, E> {
        Iter { dict: self, at: 0, i: 0 }
    }

    /// Drops everything and gives all memory back.
    pub fn clear(&mut self) {
        self.shed(usize::MAX);
    }

    /// Drops about so many entries; whether there are more. As long as there are, nothing else may be done with the table, but
    /// to drop it.
    pub fn shed(&mut self, about: usize) -> bool {
        self.free_next();
        let mut dropped = 0;
        while !self.directory.is_null() && dropped < about {
            // No directory is being prepared: the number is how far this has come.
            let at = self.prepared;
            if at == 1 << self.depth() {
                self.free_directory();
                break;
            }
            // SAFETY: `at` is inside the directory, and this segment is still there.
            let segment = unsafe { *self.directory.add(at) };
            self.prepared = self.range(at, segment).end;
            for i in 0..segment.len() {
                // SAFETY: each live entry is dropped once; the segment is then gone.
                unsafe { segment.slot(i).drop_in_place() };
            }
            dropped += segment.len();
            self.free_segment(segment);
        }
        !self.directory.is_null()
    }

    #[inline(always)]
    fn depth(&self) -> u32 {
        64 - self.shift
    }

    /// The segment of a hash; the directory must exist.
    #[inline(always)]
    fn segment(&self, hash: u64) -> Segment<E> {
        // SAFETY: the directory has 2^depth slots, and the shift leaves `depth` bits.
        unsafe { *self.directory.add((hash >> self.shift) as usize) }
    }

    /// The slots of the directory that refer to `segment`, which is that of slot `at`.
    #[inline(always)]
    fn range(&self, at: usize, segment: Segment<E>) -> std::ops::Range<usize> {
        let span = 1usize << (self.depth() - segment.depth());
        let start = at & !(span - 1);
        start..start + span
    }

    #[inline(always)]
    fn find(&self, hash: u64, wanted: impl FnMut(&E) -> bool) -> Option<(Segment<E>, usize)> {
        if self.directory.is_null() {
            return None;
        }
        let segment = self.segment(hash);
        segment.find(hash as u8, wanted).map(|i| (segment, i))
    }

    /// Appends an entry to a segment that has room.
    #[inline]
    fn push(&mut self, segment: Segment<E>, print: u8, e: E) {
        let len = segment.len();
        debug_assert!(len < segment.capacity());
        // SAFETY: there is room for entry `len` and its fingerprint.
        unsafe {
            segment.prints().add(len).write(print);
            segment.slot(len).write(e);
        }
        segment.set_len(len + 1);
    }

    fn segment_new(&mut self, capacity: usize, depth: u32) -> Segment<E> {
        let layout = head_layout::<E>(capacity);
        // SAFETY: the size is over 0. Zeroed, so that fingerprints beyond len can be read.
        let head = unsafe { alloc_zeroed(layout) }.cast::<Head>();
        if head.is_null() {
            handle_alloc_error(layout);
        }
        // SAFETY: fresh memory of this layout.
        unsafe { head.write(Head { len: 0, depth: depth as u8, room: room_of(capacity) }) };
        self.bytes += layout.size();
        self.widest = self.widest.max(capacity as u32);
        self.depths[depth as usize] += 1;
        Segment(head, PhantomData)
    }

    /// Gives a segment back whose entries have been moved out or dropped.
    fn free_segment(&mut self, segment: Segment<E>) {
        let layout = head_layout::<E>(segment.capacity());
        self.depths[segment.depth() as usize] -= 1;
        self.bytes -= layout.size();
        // SAFETY: allocated with this layout; the caller uses it no more.
        unsafe { dealloc(segment.0.cast(), layout) };
    }

    /// An uninitialised directory of 2^depth slots.
    fn directory_new(&mut self, depth: u32) -> *mut Segment<E> {
        let layout = directory_layout::<E>(depth);
        // SAFETY: the size is over 0.
        let memory = unsafe { alloc(layout) };
        if memory.is_null() {
            handle_alloc_error(layout);
        }
        self.bytes += layout.size();
        memory.cast()
    }

    fn free_directory(&mut self) {
        self.free_next();
        let layout = directory_layout::<E>(self.depth());
        // SAFETY: allocated with this layout, and the segments are gone.
        unsafe { dealloc(self.directory.cast(), layout) };
        self.bytes -= layout.size();
        debug_assert_eq!(self.bytes, 0);
        (self.directory, self.shift, self.widest, self.len) = (ptr::null_mut(), 63, SEGMENT as u32, 0);
        self.prepared = 0;
    }

    fn free_next(&mut self) {
        if !self.next.is_null() {
            let layout = directory_layout::<E>(self.depth() + 1);
            // SAFETY: allocated with this layout.
            unsafe { dealloc(self.next.cast(), layout) };
            self.bytes -= layout.size();
            (self.next, self.prepared) = (ptr::null_mut(), 0);
        }
    }

    /// Writes up to `count` more slots of the present directory into the next one.
    fn prepare(&mut self, count: usize) {
        if self.next.is_null() {
            self.next = self.directory_new(self.depth() + 1);
        }
        let end = (1 << self.depth()).min(self.prepared.saturating_add(count));
        for at in self.prepared..end {
            // SAFETY: the next directory has two slots for each.
            unsafe {
                let segment = *self.directory.add(at);
                self.next.add(2 * at).write(segment);
                self.next.add(2 * at + 1).write(segment);
            }
        }
        self.prepared = end;
    }

    #[cold]
    fn double(&mut self) {
        self.prepare(usize::MAX);
        let (old, layout) = (self.directory, directory_layout::<E>(self.depth()));
        (self.directory, self.next, self.prepared) = (self.next, ptr::null_mut(), 0);
        self.shift -= 1;
        // SAFETY: allocated with this layout.
        unsafe { dealloc(old.cast(), layout) };
        self.bytes -= layout.size();
    }

    /// Halves the directory in place. No segment has its depth, so every pair of slots refers to one segment.
    #[cold]
    fn halve(&mut self) {
        self.free_next();
        let layout = directory_layout::<E>(self.depth());
        self.shift += 1;
        let half = directory_layout::<E>(self.depth());
        // SAFETY: slots are read at or after those that are written; the directory was allocated with `layout`.
        unsafe {
            for at in 0..1 << self.depth() {
                self.directory.add(at).write(*self.directory.add(2 * at));
            }
            let memory = realloc(self.directory.cast(), layout, half.size());
            if memory.is_null() {
                handle_alloc_error(half);
            }
            self.directory = memory.cast();
        }
        self.bytes -= layout.size() - half.size();
    }

    fn refer(&mut self, slots: std::ops::Range<usize>, segment: Segment<E>) {
        for at in slots {
            // SAFETY: the caller's slots are inside the directory, and the next one has two for each.
            unsafe {
                self.directory.add(at).write(segment);
                if at < self.prepared {
                    self.next.add(2 * at).write(segment);
                    self.next.add(2 * at + 1).write(segment);
                }
            }
        }
    }

    /// Gives a segment of up to 64, that of these slots, another capacity of up to 64, at least its len.
    fn fit(&mut self, slots: std::ops::Range<usize>, segment: Segment<E>, capacity: usize) -> Segment<E> {
        let old = head_layout::<E>(segment.capacity());
        let new = head_layout::<E>(capacity);
        // SAFETY: allocated with this layout; entries lie behind 64 fingerprints in both.
        unsafe {
            let head = realloc(segment.0.cast(), old, new.size()).cast::<Head>();
            if head.is_null() {
                handle_alloc_error(new);
            }
            (*head).room = room_of(capacity);
            self.bytes = self.bytes + new.size() - old.size();
            if head != segment.0 {
                self.refer(slots, Segment(head, PhantomData));
            }
            Segment(head, PhantomData)
        }
    }

    /// Gives the segment of `hash` another capacity, at least its len.
    fn resize(&mut self, hash: u64, capacity: usize) -> Segment<E> {
        let old = self.segment(hash);
        let slots = self.range((hash >> self.shift) as usize, old);
        if capacity.max(old.capacity()) <= SEGMENT {
            return self.fit(slots, old, capacity);
        }
        let new = self.segment_new(capacity, old.depth());
        let len = old.len();
        debug_assert!(len <= capacity);
        for i in 0..len {
            // SAFETY: every live entry is moved once; then the old segment is freed.
            unsafe { self.push(new, *old.prints().add(i), old.slot(i).read()) };
        }
        self.free_segment(old);
        self.refer(slots, new);
        new
    }

    /// Makes room in the full segment of `hash`: grows it up to 64 entries, then splits it. May have to be repeated,
    /// when all entries fall on one side.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, hash: u64) {
        if self.directory.is_null() {
            self.directory = self.directory_new(1);
            let only = self.segment_new(least(1), 0);
            self.refer(0..2, only);
            return;
        }
        let segment = self.segment(hash);
        let capacity = segment.capacity();
        if capacity < SEGMENT {
            self.resize(hash, least(capacity + 1));
            return;
        }
        if segment.depth() == self.depth() {
            if self.depth() == MAX_DEPTH || 2usize << self.depth() > self.len / 8 {
                self.resize(hash, capacity * 2);
                return;
            }
            self.double();
        }
        self.split(hash, segment);
        // A segment will be full at about 36 entries a slot.
        if self.depth() >= PREPARE_DEPTH && self.len >> self.depth() >= 24 && self.depth() < MAX_DEPTH {
            self.prepare(PREPARE_SLOTS);
        }
    }

    fn split(&mut self, hash: u64, low: Segment<E>) {
        let slots = self.range((hash >> self.shift) as usize, low);
        let (depth, len) = (low.depth(), low.len());
        let goes = |e: &E| e.top(&self.seed) >> (63 - depth) & 1;
        // SAFETY: entries below len are live.
        let bits = (0..len.min(SEGMENT)).fold(0, |bits, i| bits | goes(unsafe { &*low.slot(i) }) << i);
        // SAFETY: as above.
        let beyond = (SEGMENT..len).filter(|&i| goes(unsafe { &*low.slot(i) }) == 1).count();
        let room = least(bits.count_ones() as usize + beyond + 1).min(low.capacity());
        let high = self.segment_new(room, depth + 1);
        self.depths[depth as usize] -= 1;
        self.depths[depth as usize + 1] += 1;
        low.set_depth(depth + 1);
        let mut kept = 0;
        for i in 0..len {
            // SAFETY: every live entry is read once and written once, to a slot whose entry has been read before.
            unsafe {
                let print = low.prints().add(i).read();
                let e = low.slot(i).read();
                let high_bit = if i < SEGMENT { bits >> i & 1 } else { e.top(&self.seed) >> (63 - depth) & 1 };
                if high_bit == 1 {
                    self.push(high, print, e);
                } else {
                    low.prints().add(kept).write(print);
                    low.slot(kept).write(e);
                    kept += 1;
                }
            }
        }
        low.set_len(kept);
        let middle = slots.start + slots.len() / 2;
        self.refer(middle..slots.end, high);
        if low.capacity() == SEGMENT {
            self.fit(slots.start..middle, low, least(kept + 1).min(SEGMENT));
        }
    }

    /// Takes entry `i` out of the segment of `hash`, and makes the table smaller where it can be.
    #[inline(never)]
    fn take(&mut self, hash: u64, segment: Segment<E>, i: usize) -> E {
        let last = segment.len() - 1;
        // SAFETY: entry i is read once; the last one takes its place.
        let e = unsafe {
            let e = segment.slot(i).read();
            if i != last {
                segment.slot(i).copy_from_nonoverlapping(segment.slot(last), 1);
                segment.prints().add(i).write(*segment.prints().add(last));
            }
            e
        };
        segment.set_len(last);
        self.len -= 1;
        if self.len == 0 {
            self.clear();
        } else if last + 2 * STEP <= segment.capacity() || last.is_multiple_of(4) && last <= segment.capacity() / 2 {
            self.shrink(hash);
        }
        e
    }

    #[cold]
    #[inline(never)]
    fn shrink(&mut self, hash: u64) {
        let mut segment = self.segment(hash);
        while segment.depth() > 0 {
            let slots = self.range((hash >> self.shift) as usize, segment);
            let buddy_at = slots.start ^ slots.len();
            // SAFETY: the buddy's slots differ in one bit, so they are inside the directory.
            let buddy = unsafe { *self.directory.add(buddy_at) };
            let (len, more, depth) = (segment.len(), buddy.len(), segment.depth());
            if buddy.depth() != depth || len + more > MERGE {
                break;
            }
            if segment.capacity() < len + more {
                segment = self.resize(hash, least(len + more));
            }
            for i in 0..more {
                // SAFETY: every entry of the buddy is moved once; then the buddy is freed.
                unsafe { self.push(segment, *buddy.prints().add(i), buddy.slot(i).read()) };
            }
            self.free_segment(buddy);
            self.depths[depth as usize] -= 1;
            self.depths[depth as usize - 1] += 1;
            segment.set_depth(depth - 1);
            self.refer(buddy_at..buddy_at + slots.len(), segment);
        }
        let capacity = segment.capacity();
        if capacity > SEGMENT {
            if segment.len() <= capacity / 4 {
                self.resize(hash, capacity / 2);
            }
        } else if segment.len() + 2 * STEP <= capacity {
            self.resize(hash, least(segment.len() + STEP / 2));
        }
        while self.depth() > 1
            && self.depths[self.depth() as usize] == 0
            && (self.depth() == 2 || self.depths[self.depth() as usize - 1] == 0)
        {
            self.halve();
        }
    }
}

impl<E: Entry> Drop for Dict<E> {
    fn drop(&mut self) {
        self.clear();
    }
}

impl<E: Entry + Clone> Clone for Dict<E> {
    fn clone(&self) -> Dict<E> {
        let mut copy = Dict::new(self.seed);
        for e in self.iter() {
            copy.insert_new_hashed(self.hash_of(e), e.clone());
        }
        copy
    }
}

pub struct Iter<'a, E: Entry> {
    dict: &'a Dict<E>,
    at: usize,
    i: usize,
}

impl<'a, E: Entry> Iterator for Iter<'a, E> {
    type Item = &'a E;

    fn next(&mut self) -> Option<&'a E> {
        while !self.dict.directory.is_null() && self.at < 1 << self.dict.depth() {
            // SAFETY: `at` is inside the directory; the entry is live and borrowed from the Dict for 'a.
            let segment = unsafe { *self.dict.directory.add(self.at) };
            if self.i < segment.len() {
                self.i += 1;
                return Some(unsafe { &*segment.slot(self.i - 1) });
            }
            self.at = self.dict.range(self.at, segment).end;
            self.i = 0;
        }
        None
    }
}

#[cfg(test)]
mod tests;
