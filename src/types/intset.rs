//! `Intset`: integers in ascending order in one piece of memory, byte for byte Redis's own layout, so that DUMP and RDB
//! files hold it as it is.
//!
//! ```text
//! | width u32 (2, 4 or 8) | count u32 | integer | integer | ...       all little-endian, signed, `width` bytes each
//! ```
//!
//! All integers have the width of the widest that was ever added; it never shrinks. Finding one is O(log n), adding and
//! removing move the bytes behind it, and a wider integer rewrites all.

const HEADER: usize = 8;

#[derive(Clone, Debug)]
pub struct Intset {
    bytes: Vec<u8>,
}

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
        Intset { bytes: vec![2, 0, 0, 0, 0, 0, 0, 0] }
    }

    /// Takes foreign bytes. `None` for bytes that are no intset's: another length, integers out of order.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Intset> {
        let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize);
        let (width, count) = (word(0)?, word(4)?);
        if !matches!(width, 2 | 4 | 8) || count.checked_mul(width)?.checked_add(HEADER)? != bytes.len() {
            return None;
        }
        let set = Intset { bytes };
        (1..count).all(|i| set.get(i - 1) < set.get(i)).then_some(set)
    }

    /// All of it, as DUMP has it.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn heap_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    #[inline(always)]
    fn width(&self) -> usize {
        self.bytes[0] as usize
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        (self.bytes.len() - HEADER) / self.width()
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.len() == HEADER
    }

    /// Integer number `index`, the smallest first. Panics where there is none.
    #[inline(always)]
    pub fn get(&self, index: usize) -> i64 {
        let width = self.width();
        let at = HEADER + index * width;
        match (width, &self.bytes[at..at + width]) {
            (2, b) => i16::from_le_bytes([b[0], b[1]]) as i64,
            (4, b) => i32::from_le_bytes([b[0], b[1], b[2], b[3]]) as i64,
            (_, b) => i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
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
        let (old, new) = (self.width(), width_of(value));
        if new > old {
            let mut wide = Intset { bytes: Vec::with_capacity(HEADER + (self.len() + 1) * new) };
            wide.bytes.extend_from_slice(&self.bytes[..HEADER]);
            wide.bytes[0] = new as u8;
            for value in self.iter() {
                wide.bytes.extend_from_slice(&value.to_le_bytes()[..new]);
            }
            *self = wide;
        }
        let width = self.width();
        let (at, end) = (HEADER + index * width, self.bytes.len());
        if self.bytes.capacity() - end < width {
            self.bytes.reserve_exact((end / 12).next_multiple_of(16) + width);
        }
        self.bytes.resize(end + width, 0);
        self.bytes.copy_within(at..end, at + width);
        self.bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
        self.count();
        true
    }

    /// Whether `value` was there.
    pub fn remove(&mut self, value: i64) -> bool {
        let Ok(index) = self.find(value) else { return false };
        let width = self.width();
        let at = HEADER + index * width;
        self.bytes.drain(at..at + width);
        if self.bytes.len() * 2 < self.bytes.capacity() {
            self.bytes.shrink_to(self.bytes.len() + 16);
        }
        self.count();
        true
    }

    /// Writes the count into the header.
    fn count(&mut self) {
        let count = (self.len() as u32).to_le_bytes();
        self.bytes[4..HEADER].copy_from_slice(&count);
    }

    /// All integers, the smallest first.
    pub fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.len()).map(|index| self.get(index))
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
