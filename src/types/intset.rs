//! `Intset`: integers in ascending order in one piece of memory, byte for byte Redis's own layout, so that DUMP and RDB
//! files hold it as it is.
//!
//! ```text
//! | width u32 (2, 4 or 8) | count u32 | integer | integer | ...       all little-endian, signed, `width` bytes each
//! ```
//!
//! All integers have the width of the widest that was ever added; it never shrinks. Finding one is O(log n), adding and
//! removing move the bytes behind it, and a wider integer rewrites all.

use super::thin::{Thin, room};
use std::ptr::copy_nonoverlapping;

const HEADER: usize = 8;

/// One reference: the header says how many bytes there are, all of them initialised, and `room` how many are allocated for them.
#[derive(Debug)]
pub struct Intset(Thin);

/// How many bytes `value` needs.
fn width_of(value: i64) -> usize {
    match value {
        -0x8000..=0x7FFF => 2,
        -0x8000_0000..=0x7FFF_FFFF => 4,
        _ => 8,
    }
}

impl Default for Intset {
    fn default() -> Intset {
        Intset::new()
    }
}

impl Intset {
    pub fn new() -> Intset {
        Intset::with(2, 0)
    }

    /// Of this width and length; the integers are still to be written.
    fn with(width: usize, len: usize) -> Intset {
        let mut set = Intset(Thin::new(room(HEADER + len * width)));
        set.put::<4>(0, width as i64);
        set.put::<4>(4, len as i64);
        set
    }

    /// Writes the low bytes of a number at a place, for which there is room.
    #[inline(always)]
    fn put<const N: usize>(&mut self, at: usize, value: i64) {
        // SAFETY: the caller's.
        unsafe { copy_nonoverlapping(value.to_le_bytes().as_ptr(), self.0.start().add(at), N) }
    }

    /// Writes integer number `index`, for which there is room.
    #[inline(always)]
    fn put_int(&mut self, width: usize, index: usize, value: i64) {
        let at = HEADER + index * width;
        match width {
            2 => self.put::<2>(at, value),
            4 => self.put::<4>(at, value),
            _ => self.put::<8>(at, value),
        }
    }

    #[inline(always)]
    fn word(&self, at: usize) -> usize {
        // SAFETY: the header is there.
        u32::from_le(unsafe { self.0.start().add(at).cast::<u32>().read_unaligned() }) as usize
    }

    /// How many bytes there are.
    #[inline(always)]
    fn total(&self) -> usize {
        HEADER + self.len() * self.width()
    }

    /// Takes foreign bytes. `None` for bytes that are no intset's: another length, integers out of order.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Intset> {
        let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize);
        let (width, count) = (word(0)?, word(4)?);
        if !matches!(width, 2 | 4 | 8) || count.checked_mul(width)?.checked_add(HEADER)? != bytes.len() {
            return None;
        }
        let size = room(bytes.len());
        let set = Intset(Thin::from_vec(bytes, size));
        (1..count).all(|i| set.get(i - 1) < set.get(i)).then_some(set)
    }

    /// All of it, as DUMP has it.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: so many bytes are allocated and initialised, and nobody changes them while self is borrowed.
        unsafe { std::slice::from_raw_parts(self.0.start(), self.total()) }
    }

    pub fn heap_bytes(&self) -> usize {
        room(self.total())
    }

    #[inline(always)]
    fn width(&self) -> usize {
        self.word(0)
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.word(4)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Integer number `index`, the smallest first. Panics where there is none.
    #[inline(always)]
    pub fn get(&self, index: usize) -> i64 {
        let width = self.width();
        assert!(index < self.len());
        // SAFETY: there is such an integer, of this width.
        unsafe {
            let at = self.0.start().add(HEADER + index * width);
            match width {
                2 => i16::from_le(at.cast::<i16>().read_unaligned()) as i64,
                4 => i32::from_le(at.cast::<i32>().read_unaligned()) as i64,
                _ => i64::from_le(at.cast::<i64>().read_unaligned()),
            }
        }
    }

    /// Where `value` is, or where it belongs.
    #[inline]
    fn find(&self, value: i64) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.len());
        // Numbers that are counted up come behind all others.
        if high > 0 && value > self.get(high - 1) {
            return Err(high);
        }
        while low < high {
            let middle = (low + high) / 2;
            match self.get(middle) {
                found if found == value => return Ok(middle),
                found if found < value => low = middle + 1,
                _ => high = middle,
            }
        }
        Err(low)
    }

    pub fn contains(&self, value: i64) -> bool {
        self.find(value).is_ok()
    }

    /// Whether `value` is new.
    pub fn add(&mut self, value: i64) -> bool {
        let Err(index) = self.find(value) else { return false };
        let (len, new) = (self.len(), width_of(value));
        if new > self.width() {
            let mut wide = Intset::with(new, len);
            (0..len).for_each(|index| wide.put_int(new, index, self.get(index)));
            *self = wide;
        }
        let width = self.width();
        self.stretch(index, index + 1);
        self.put_int(width, index, value);
        true
    }

    /// Whether `value` was there.
    pub fn remove(&mut self, value: i64) -> bool {
        let Ok(index) = self.find(value) else { return false };
        self.stretch(index + 1, index);
        true
    }

    /// Moves the integers from number `from` on, so that the first of them becomes number `to`.
    fn stretch(&mut self, from: usize, to: usize) {
        let (total, width, len) = (self.total(), self.width(), self.len());
        // SAFETY: `room(total)` bytes are allocated.
        unsafe { self.0.stretch(total, HEADER + from * width, HEADER + to * width) };
        self.put::<4>(4, (len - from + to) as i64);
    }

    /// All integers, the smallest first.
    pub fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }
}

impl Clone for Intset {
    fn clone(&self) -> Intset {
        let copy = Intset::with(self.width(), self.len());
        // SAFETY: there is room for the same bytes.
        unsafe { copy_nonoverlapping(self.0.start(), copy.0.start(), self.total()) };
        copy
    }
}

impl Drop for Intset {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: so many bytes are allocated.
        unsafe { self.0.free(room(self.total())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;
    use std::collections::BTreeSet;

    #[test]
    fn it_behaves_like_a_set_of_numbers() {
        let mut rng = Rng::new(5);
        for _ in 0..200 {
            let (mut set, mut model) = (Intset::new(), BTreeSet::new());
            let shift = [60, 52, 40, 30, 0][rng.below(5) as usize];
            for _ in 0..300 {
                let value = rng.next() as i64 >> shift;
                match rng.below(5) {
                    0..=2 => assert_eq!(set.add(value), model.insert(value)),
                    3 => assert_eq!(set.remove(value), model.remove(&value)),
                    _ => assert_eq!(set.contains(value), model.contains(&value)),
                }
                assert_eq!((set.len(), set.is_empty()), (model.len(), model.is_empty()));
            }
            assert!(set.iter().eq(model.iter().copied()));
            let copy = Intset::from_bytes(set.bytes().to_vec()).expect("an intset");
            assert_eq!(copy.bytes(), set.bytes());
        }
    }

    /// What `SADD s ...; DUMP s` of Redis 8 holds.
    #[test]
    fn bytes_are_those_of_redis() {
        let mut set = Intset::new();
        for value in [3, -2, 1] {
            set.add(value);
        }
        assert_eq!(set.bytes(), b"\x02\0\0\0\x03\0\0\0\xfe\xff\x01\0\x03\0");
        set.add(32768);
        set.remove(32768);
        assert_eq!(set.bytes(), b"\x04\0\0\0\x03\0\0\0\xfe\xff\xff\xff\x01\0\0\0\x03\0\0\0");
        set.add(i64::MIN);
        assert_eq!((set.bytes()[0], set.get(0), set.len()), (8, i64::MIN, 4));
    }

    #[test]
    fn garbage_is_refused() {
        let good = b"\x02\0\0\0\x02\0\0\0\x01\0\x03\0";
        assert!(Intset::from_bytes(good.to_vec()).is_some());
        for (at, byte) in [(0, 3), (0, 0), (4, 1), (4, 3), (8, 3), (8, 9), (7, 255)] {
            let mut bytes = good.to_vec();
            bytes[at] = byte;
            assert!(Intset::from_bytes(bytes).is_none(), "{at} {byte}");
        }
        assert!((0..good.len()).all(|len| Intset::from_bytes(good[..len].to_vec()).is_none()));
    }
}
