//! `Listpack`: a short sequence of strings in one piece of memory, byte for byte Redis's own layout, so that DUMP and
//! RDB files hold it as it is.
//!
//! ```text
//! | total bytes u32 | count u16 (65535: unknown) | entry | entry | ... | 0xFF |       all little-endian
//!
//! entry     | encoding | data | back length |
//!
//! 0xxxxxxx                    integer 0..127
//! 10llllll  bytes             string of up to 63 bytes
//! 110iiiii iiiiiiii           integer of 13 bits, signed, high bits first
//! 1110llll llllllll bytes     string of up to 4095 bytes, high bits first
//! F0 l l l l  bytes           string of up to 4 GB
//! F1 / F2 / F3 / F4  data     integer of 16 / 24 / 32 / 64 bits, signed
//! ```
//!
//! A string that is the canonical decimal of an integer is stored as that integer. The back length is that of encoding
//! and data, in groups of seven bits, high ones first, all but the first marked with 128: reading backwards from an
//! entry finds where the one before begins. (16383, 2097151 and 268435455 take a group more than they need, as in
//! Redis.)
//!
//! A `Pos` is the place of an entry. Any change before it, or of it, makes it invalid; using one that is invalid may
//! panic or give a wrong entry, never touch foreign memory. Reading forward and backward is O(1) an entry, a change
//! moves the bytes behind it.

use super::copy::copy;
use super::dict::hashing::same;
use super::thin::{Thin, room};
use crate::types::number::{INT_LEN, format_int, int_len, parse_int};

const HEADER: usize = 6;
const END: u8 = 0xFF;
const UNKNOWN: usize = u16::MAX as usize;
/// No listpack grows beyond this (the total is 32 bits).
pub const MAX_BYTES: usize = 1 << 30;

/// One reference: the first four bytes say how many there are, all of them initialised, and `room` how many are allocated for them.
#[derive(Debug)]
pub struct Listpack(Thin);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Pos(usize);

/// One entry, read in place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item<'a> {
    Str(&'a [u8]),
    Int(i64),
}

impl<'a> Item<'a> {
    /// How many bytes it has as a string.
    pub fn len(&self) -> usize {
        match self {
            Item::Str(s) => s.len(),
            Item::Int(n) => int_len(*n),
        }
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Item::Str([]))
    }

    /// The bytes; those of an integer are printed into `digits`.
    #[inline]
    pub fn bytes<'b>(self, digits: &'b mut [u8; INT_LEN]) -> &'b [u8]
    where
        'a: 'b,
    {
        match self {
            Item::Str(s) => s,
            Item::Int(n) => format_int(n, digits),
        }
    }

    pub fn with_bytes<R>(self, f: impl FnOnce(&[u8]) -> R) -> R {
        f(self.bytes(&mut [0; INT_LEN]))
    }

    pub fn write_to(self, out: &mut Vec<u8>) {
        self.with_bytes(|b| out.extend_from_slice(b));
    }

    pub fn eq_bytes(self, other: &[u8]) -> bool {
        match self {
            Item::Str(s) => same(s, other),
            Item::Int(n) => parse_int(other) == Some(n),
        }
    }

    /// The integer it is; also that of a string in canonical decimal, should a foreign listpack hold one.
    pub fn int(self) -> Option<i64> {
        match self {
            Item::Str(s) => parse_int(s),
            Item::Int(n) => Some(n),
        }
    }
}

/// What the first bytes of an entry say: where its data begin and end, relative to the entry.
enum Shape {
    Str(usize, usize),
    Int(i64, usize),
}

/// `bytes` begins with an entry and may go on behind it. None when it is cut off, or no entry.
#[inline(always)]
fn shape(bytes: &[u8]) -> Option<Shape> {
    let first = *bytes.first()?;
    Some(match first {
        0..=0x7F => Shape::Int(first as i64, 1),
        0x80..=0xBF => Shape::Str(1, 1 + (first & 63) as usize),
        0xC0..=0xDF => {
            let raw = (first as u16 & 31) << 8 | *bytes.get(1)? as u16;
            Shape::Int(((raw << 3) as i16 >> 3) as i64, 2)
        }
        0xE0..=0xEF => Shape::Str(2, 2 + ((first as usize & 15) << 8 | *bytes.get(1)? as usize)),
        0xF0 => {
            let len = u32::from_le_bytes(bytes.get(1..5)?.try_into().ok()?) as usize;
            Shape::Str(5, len.checked_add(5)?)
        }
        0xF1 => Shape::Int(i16::from_le_bytes(bytes.get(1..3)?.try_into().ok()?) as i64, 3),
        0xF2 => {
            let b = bytes.get(1..4)?;
            Shape::Int((i32::from_le_bytes([0, b[0], b[1], b[2]]) >> 8) as i64, 4)
        }
        0xF3 => Shape::Int(i32::from_le_bytes(bytes.get(1..5)?.try_into().ok()?) as i64, 5),
        0xF4 => Shape::Int(i64::from_le_bytes(bytes.get(1..9)?.try_into().ok()?), 9),
        _ => return None,
    })
}

impl Shape {
    #[inline(always)]
    fn end(&self) -> usize {
        match *self {
            Shape::Str(_, end) | Shape::Int(_, end) => end,
        }
    }
}

/// How many bytes the back length `len` takes.
#[inline(always)]
fn back_size(len: usize) -> usize {
    match len {
        0..=127 => 1,
        128..16_383 => 2,
        16_383..2_097_151 => 3,
        2_097_151..268_435_455 => 4,
        _ => 5,
    }
}

/// An entry about to be written.
struct Entry<'a> {
    head: [u8; 9],
    head_len: usize,
    data: &'a [u8],
}

impl<'a> Entry<'a> {
    fn new(value: &'a [u8]) -> Entry<'a> {
        if value.len() <= INT_LEN
            && let Some(n) = parse_int(value)
        {
            return Entry::int(n);
        }
        let (mut head, len) = ([0; 9], value.len());
        let head_len = match len {
            0..64 => {
                head[0] = 0x80 | len as u8;
                1
            }
            64..4096 => {
                [head[0], head[1]] = (0xE000 | len as u16).to_be_bytes();
                2
            }
            _ => {
                head[0] = 0xF0;
                [head[1], head[2], head[3], head[4]] = (len as u32).to_le_bytes();
                5
            }
        };
        Entry { head, head_len, data: value }
    }

    fn int(n: i64) -> Entry<'a> {
        let mut head = [0; 9];
        let (mark, bytes) = match n {
            0..=127 => {
                head[0] = n as u8;
                return Entry { head, head_len: 1, data: &[] };
            }
            -4096..=4095 => {
                [head[0], head[1]] = (0xC000 | (n as u16 & 0x1FFF)).to_be_bytes();
                return Entry { head, head_len: 2, data: &[] };
            }
            -0x8000..=0x7FFF => (0xF1, 2),
            -0x80_0000..=0x7F_FFFF => (0xF2, 3),
            -0x8000_0000..=0x7FFF_FFFF => (0xF3, 4),
            _ => (0xF4, 8),
        };
        let [a, b, c, d, e, f, g, h] = n.to_le_bytes();
        let head = [mark, a, b, c, d, e, f, g, h];
        Entry { head, head_len: 1 + bytes, data: &[] }
    }

    fn len(&self) -> usize {
        self.head_len + self.data.len()
    }

    /// Writes it, and its back length.
    ///
    /// # Safety
    /// There is room for both at `to`, apart from `self.data`.
    unsafe fn write(&self, to: *mut u8) {
        let len = self.len();
        // SAFETY: the caller's; the head has nine bytes at most.
        unsafe {
            for (i, byte) in self.head[..self.head_len].iter().enumerate() {
                to.add(i).write(*byte);
            }
            copy(self.data.as_ptr(), to.add(self.head_len), self.data.len());
            let mut left = len;
            for i in (0..back_size(len)).rev() {
                to.add(len + i).write(left as u8 & 127 | if i > 0 { 128 } else { 0 });
                left >>= 7;
            }
        }
    }
}

impl Default for Listpack {
    fn default() -> Listpack {
        Listpack::new()
    }
}

impl Listpack {
    pub fn new() -> Listpack {
        Listpack::copy_of(&[HEADER as u8 + 1, 0, 0, 0, 0, 0, END])
    }

    /// The bytes of a listpack, once more.
    fn copy_of(bytes: &[u8]) -> Listpack {
        let thin = Thin::new(room(bytes.len()));
        // SAFETY: there is room for them.
        unsafe { copy(bytes.as_ptr(), thin.start(), bytes.len()) };
        Listpack(thin)
    }

    /// How many bytes there are.
    #[inline(always)]
    fn total(&self) -> usize {
        // SAFETY: the first four bytes are there.
        u32::from_le(unsafe { self.0.start().cast::<u32>().read_unaligned() }) as usize
    }

    #[inline(always)]
    fn set_total(&mut self, total: usize) {
        // SAFETY: as above.
        unsafe { self.0.start().cast::<u32>().write_unaligned((total as u32).to_le()) }
    }

    /// What the header says of the number of entries.
    #[inline(always)]
    fn counted(&self) -> usize {
        // SAFETY: the header is there.
        u16::from_le(unsafe { self.0.start().add(4).cast::<u16>().read_unaligned() }) as usize
    }

    /// Takes foreign bytes, after looking at every one that matters. `None` for bytes that are no listpack's.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Listpack> {
        let end = bytes.len().wrapping_sub(1);
        if bytes.len() < HEADER + 1 || bytes.len() > MAX_BYTES || bytes[end] != END {
            return None;
        }
        if u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize != bytes.len() {
            return None;
        }
        let (mut at, mut count) = (HEADER, 0);
        while at < end {
            let len = shape(&bytes[at..end])?.end();
            let next = at.checked_add(len).and_then(|n| n.checked_add(back_size(len)))?;
            if next > end || back_length(&bytes, next) != Some(len) {
                return None;
            }
            at = next;
            count += 1;
        }
        let said = u16::from_le_bytes([bytes[4], bytes[5]]) as usize;
        if said != UNKNOWN && said != count {
            return None;
        }
        let size = room(bytes.len());
        Some(Listpack(Thin::from_vec(bytes, size)))
    }

    /// All of it, as DUMP has it.
    #[inline(always)]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: so many bytes are allocated and initialised, and nobody changes them while self is borrowed.
        unsafe { std::slice::from_raw_parts(self.0.start(), self.total()) }
    }

    pub fn heap_bytes(&self) -> usize {
        room(self.total())
    }

    /// The number of entries; O(n) beyond 65534.
    pub fn len(&self) -> usize {
        let count = self.counted();
        if count < UNKNOWN { count } else { self.iter().count() }
    }

    pub fn is_empty(&self) -> bool {
        self.total() == HEADER + 1
    }

    /// Where the end mark is.
    #[inline(always)]
    fn end(&self) -> usize {
        self.total() - 1
    }

    #[inline(always)]
    fn shape(&self, at: usize) -> Shape {
        shape(&self.bytes()[at..]).expect("a position of an entry")
    }

    /// The place behind the entry at `at`.
    #[inline(always)]
    fn after(&self, at: usize) -> usize {
        let len = self.shape(at).end();
        at + len + back_size(len)
    }

    pub fn first(&self) -> Option<Pos> {
        (!self.is_empty()).then_some(Pos(HEADER))
    }

    pub fn last(&self) -> Option<Pos> {
        self.before(self.end())
    }

    #[inline(always)]
    pub fn next(&self, pos: Pos) -> Option<Pos> {
        let at = self.after(pos.0);
        (at < self.end()).then_some(Pos(at))
    }

    pub fn prev(&self, pos: Pos) -> Option<Pos> {
        self.before(pos.0)
    }

    fn before(&self, at: usize) -> Option<Pos> {
        if at <= HEADER {
            return None;
        }
        let len = back_length(self.bytes(), at).expect("a position of an entry");
        Some(Pos(at - len - back_size(len)))
    }

    /// The entry number `index`, counted from 0, or from -1 backwards; from the nearer end.
    pub fn seek(&self, index: i64) -> Option<Pos> {
        let count = self.counted() as i64;
        let mut index = index;
        if count < UNKNOWN as i64 {
            if index < 0 {
                index += count;
            }
            if index < 0 || index >= count {
                return None;
            }
            if index > count / 2 {
                index -= count;
            }
        }
        let mut pos = if index < 0 { self.last()? } else { self.first()? };
        for _ in 0..if index < 0 { index.unsigned_abs() - 1 } else { index as u64 } {
            pos = if index < 0 { self.prev(pos)? } else { self.next(pos)? };
        }
        Some(pos)
    }

    #[inline(always)]
    pub fn get(&self, pos: Pos) -> Item<'_> {
        match self.shape(pos.0) {
            Shape::Str(start, end) => Item::Str(&self.bytes()[pos.0 + start..pos.0 + end]),
            Shape::Int(n, _) => Item::Int(n),
        }
    }

    /// The entry at a place, and the place behind it: a call, for walks that need not be the fastest.
    #[inline(never)]
    pub fn read(&self, pos: Pos) -> (Item<'_>, Option<Pos>) {
        self.step(pos)
    }

    /// The same for those that must be: the head of the entry is read once.
    #[inline(always)]
    pub fn step(&self, pos: Pos) -> (Item<'_>, Option<Pos>) {
        let bytes = self.bytes();
        let shape = shape(&bytes[pos.0..]).expect("a position of an entry");
        let len = shape.end();
        let item = match shape {
            Shape::Str(start, end) => Item::Str(&bytes[pos.0 + start..pos.0 + end]),
            Shape::Int(n, _) => Item::Int(n),
        };
        let at = pos.0 + len + back_size(len);
        (item, (at < bytes.len() - 1).then_some(Pos(at)))
    }

    /// All entries, first to last.
    pub fn iter(&self) -> Iter<'_> {
        Iter { pack: self, pos: self.first() }
    }

    pub fn push_back(&mut self, value: &[u8]) {
        self.splice(self.end(), 0, Entry::new(value), 1);
    }

    pub fn push_front(&mut self, value: &[u8]) {
        self.splice(HEADER, 0, Entry::new(value), 1);
    }

    /// Returns where `value` stands now; what was at `pos` follows it.
    pub fn insert_before(&mut self, pos: Pos, value: &[u8]) -> Pos {
        self.splice(pos.0, 0, Entry::new(value), 1);
        pos
    }

    pub fn insert_after(&mut self, pos: Pos, value: &[u8]) -> Pos {
        let at = self.after(pos.0);
        self.splice(at, 0, Entry::new(value), 1);
        Pos(at)
    }

    /// Returns where `value` stands now: where the old one stood.
    pub fn replace(&mut self, pos: Pos, value: &[u8]) -> Pos {
        let old = self.after(pos.0) - pos.0;
        self.splice(pos.0, old, Entry::new(value), 0);
        pos
    }

    /// Returns where the integer stands now: where the old entry stood.
    pub fn replace_int(&mut self, pos: Pos, value: i64) -> Pos {
        let old = self.after(pos.0) - pos.0;
        self.splice(pos.0, old, Entry::int(value), 0);
        pos
    }

    /// To append several entries, of about `more` bytes together: that much is allocated at once, and what is too much of it given back
    /// when the tail is dropped, which also writes header and end mark.
    pub fn tail(&mut self, more: usize) -> Tail<'_> {
        let total = self.total();
        let mut tail = Tail { size: room(total), pack: self, added: 0 };
        tail.reserve(total.saturating_add(more).min(MAX_BYTES));
        tail.pack.set_total(total - 1);
        tail
    }

    /// Returns the entry that follows the removed one.
    pub fn remove(&mut self, pos: Pos) -> Option<Pos> {
        self.remove_at(pos, 1)
    }

    /// Removes up to `count` entries from `pos` on. Returns the one that follows them.
    pub fn remove_at(&mut self, pos: Pos, count: usize) -> Option<Pos> {
        let (mut at, mut removed) = (pos.0, 0);
        while removed < count && at < self.end() {
            at = self.after(at);
            removed += 1;
        }
        self.cut(pos.0, at, removed);
        (pos.0 < self.end()).then_some(pos)
    }

    /// Removes up to `count` entries from number `index` on (from -1 backwards, as in `seek`).
    pub fn remove_range(&mut self, index: i64, count: usize) {
        if let Some(pos) = self.seek(index) {
            self.remove_at(pos, count);
        }
    }

    /// The first entry from `from` on that equals `value`, looking only at every `(skip + 1)`th: with `skip` 1 at the
    /// fields of a hash, from the first on.
    pub fn find(&self, value: &[u8], from: Option<Pos>, skip: usize) -> Option<Pos> {
        let int = if value.len() <= INT_LEN { parse_int(value) } else { None };
        let bytes = self.bytes();
        let (mut at, end) = (from?.0, bytes.len() - 1);
        let mut wait = 0;
        while at < end {
            let shape = shape(&bytes[at..]).expect("a position of an entry");
            let len = shape.end();
            if wait == 0 {
                let equal = match shape {
                    Shape::Str(start, end) => same(&bytes[at + start..at + end], value),
                    Shape::Int(n, _) => int == Some(n),
                };
                if equal {
                    return Some(Pos(at));
                }
                wait = skip;
            } else {
                wait -= 1;
            }
            at += len + back_size(len);
        }
        None
    }

    /// Puts an entry in the place of `old` bytes at `at`; `added` is 1 when it is one more than before.
    fn splice(&mut self, at: usize, old: usize, entry: Entry, added: usize) {
        let len = entry.len();
        let new = len + back_size(len);
        let total = self.total();
        assert!(
            at >= HEADER && at + old < total && total - old + new <= MAX_BYTES,
            "a place, in a listpack of less than 1 GB"
        );
        if new != old {
            self.stretch(at + old, at + new);
        }
        // SAFETY: there are `new` bytes at `at`, of which nobody else knows.
        unsafe { entry.write(self.0.start().add(at)) };
        self.count(added as isize);
    }

    fn cut(&mut self, from: usize, to: usize, removed: usize) {
        if removed > 0 {
            self.stretch(to, from);
            self.count(-(removed as isize));
        }
    }

    /// As [`Thin::stretch`].
    fn stretch(&mut self, from: usize, to: usize) {
        let total = self.total();
        // SAFETY: `room(total)` bytes are allocated.
        let after = unsafe { self.0.stretch(total, from, to) };
        self.set_total(after);
    }

    /// Counts so many entries more in the header.
    fn count(&mut self, more: isize) {
        let count = self.counted();
        if count != UNKNOWN {
            let count = count.saturating_add_signed(more).min(UNKNOWN) as u16;
            // SAFETY: the header is there.
            unsafe { self.0.start().add(4).cast::<u16>().write_unaligned(count.to_le()) };
        }
    }
}

impl Clone for Listpack {
    fn clone(&self) -> Listpack {
        Listpack::copy_of(self.bytes())
    }
}

impl Drop for Listpack {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: so many bytes are allocated.
        unsafe { self.0.free(room(self.total())) }
    }
}

/// See [`Listpack::tail`]. While there is one, the listpack has no end mark, and as many bytes as the tail says.
pub struct Tail<'a> {
    pack: &'a mut Listpack,
    /// Bytes allocated.
    size: usize,
    added: isize,
}

impl Tail<'_> {
    #[inline(never)]
    pub fn push(&mut self, value: &[u8]) {
        self.add(Entry::new(value));
    }

    #[inline(never)]
    pub fn push_int(&mut self, value: i64) {
        self.add(Entry::int(value));
    }

    #[inline(always)]
    fn add(&mut self, entry: Entry) {
        let (start, len) = (self.pack.total(), entry.len());
        let end = start + len + back_size(len);
        assert!(end < MAX_BYTES, "a listpack of less than 1 GB");
        self.reserve(end + 1);
        // SAFETY: there is room for the entry at `start`.
        unsafe { entry.write(self.pack.0.start().add(start)) };
        self.pack.set_total(end);
        self.added += 1;
    }

    /// Makes room for so many bytes in all.
    #[inline]
    fn reserve(&mut self, needed: usize) {
        if needed > self.size {
            self.resize(room(needed));
        }
    }

    fn resize(&mut self, size: usize) {
        // SAFETY: `self.size` is what is allocated.
        unsafe { self.pack.0.resize(self.size, size) };
        self.size = size;
    }
}

impl Drop for Tail<'_> {
    fn drop(&mut self) {
        let total = self.pack.total();
        // SAFETY: room was made for the end mark, too.
        unsafe { self.pack.0.start().add(total).write(END) };
        self.pack.set_total(total + 1);
        self.resize(room(total + 1));
        self.pack.count(self.added);
    }
}

/// The back length that ends just before `end`; None when it is cut off or too long.
#[inline(always)]
fn back_length(bytes: &[u8], end: usize) -> Option<usize> {
    let mut len = 0usize;
    for group in 0..5 {
        let byte = *bytes.get(end.checked_sub(group + 1)?)?;
        len |= ((byte & 127) as u64).checked_shl(group as u32 * 7).and_then(|n| usize::try_from(n).ok())?;
        if byte & 128 == 0 {
            return Some(len);
        }
    }
    None
}

pub struct Iter<'a> {
    pack: &'a Listpack,
    pos: Option<Pos>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = Item<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Item<'a>> {
        let (item, next) = self.pack.read(self.pos?);
        self.pos = next;
        Some(item)
    }
}

#[cfg(test)]
mod tests;
