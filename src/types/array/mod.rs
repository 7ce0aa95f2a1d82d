//! The value of an array key: strings under indexes from 0 to 2^64 - 2, with holes.
//!
//! ```text
//! directory (an index)   | slice 0 | slice 7 | ... | slice 2^51 |     those that hold something, in order
//! slice (slice.rs)         4096 positions, dense or sparse
//! cell (cell.rs)           8 bytes: up to 7 bytes, an integer of 56 bits, or an address
//! ```
//!
//! One position costs two binary searches. What is not there costs nothing: neither a hole of 2^63 positions, nor to remove it. A range
//! is walked, and removed, by slices. Beside its elements an array knows where the next one is appended: behind the one that was
//! appended last, 0 where none was, and 2^64 - 1 where there is no room behind it.
//!
//! The directory is that of streams (`stream/index.rs`): slices mostly come at the end. A setting for the size of slices is left out.

use super::Stored;
use super::dict::hashing::Seed;
use super::listpack::Item;
use super::stream::Id;
use super::stream::index::Index;
use cell::Cell;
use slice::Slice;

mod cell;
mod slice;
#[cfg(test)]
mod tests;

/// Positions of a slice.
pub const SLICE: u64 = 1 << BITS;
const BITS: u32 = 12;
/// The highest index.
pub const LAST: u64 = u64::MAX - 1;

/// See the head of this file.
#[derive(Clone, Default)]
pub struct Array {
    slices: Index<Slice>,
    count: u64,
    next: u64,
    /// Bytes of long strings.
    outside: usize,
}

/// How an array lies in memory.
#[derive(Default)]
pub struct Layout {
    pub dense: u64,
    pub sparse: u64,
    /// Positions of all dense slices, how many of them hold something, and elements of all sparse ones.
    pub positions: u64,
    pub filled: u64,
    pub scattered: u64,
}

fn number(slice: u64) -> Id {
    Id { ms: slice, seq: 0 }
}

/// The slice that an index is in, and the position in it.
fn split(index: u64) -> (u64, u16) {
    (index >> BITS, (index & (SLICE - 1)) as u16)
}

/// The part of a slice that belongs to a range.
fn part(slice: u64, from: u64, to: u64) -> (u16, u16) {
    let (first, last) = (split(from), split(to));
    let low = if first.0 == slice { first.1 } else { 0 };
    let high = if last.0 == slice { last.1 } else { (SLICE - 1) as u16 };
    (low, high)
}

impl Array {
    pub fn new() -> Array {
        Array::default()
    }

    /// How many elements there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The highest index, and one.
    pub fn len(&self) -> u64 {
        self.slices.last().map_or(0, |(id, slice)| (id.ms << BITS) + slice.last() as u64 + 1)
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Where the next element is appended; 0 where none was yet, `u64::MAX` where there is no room.
    pub fn next(&self) -> u64 {
        self.next
    }

    pub fn seek(&mut self, index: u64) {
        self.next = index;
    }

    pub fn get(&self, index: u64) -> Option<Item<'_>> {
        let (slice, at) = split(index);
        self.slices.get_at(self.slices.find(number(slice))?)?.1.get(at)?.item()
    }

    /// Sets an element; whether there was none.
    pub fn set(&mut self, index: u64, value: &[u8]) -> bool {
        self.put(index, Cell::new(value))
    }

    fn put(&mut self, index: u64, cell: Cell) -> bool {
        let (slice, at) = split(index);
        self.outside += cell.outside();
        let old = match self.slices.get_mut(number(slice)) {
            Some(slice) => slice.set(at, cell),
            None => {
                self.slices.insert(number(slice), Slice::new(at, cell));
                Cell::EMPTY
            }
        };
        self.outside -= old.outside();
        self.count += old.is_empty() as u64;
        old.is_empty()
    }

    /// Removes an element; whether there was one.
    pub fn remove(&mut self, index: u64) -> bool {
        !self.take(index).is_empty()
    }

    fn take(&mut self, index: u64) -> Cell {
        let (slice, at) = split(index);
        let Some(place) = self.slices.find(number(slice)) else { return Cell::EMPTY };
        let Some(slice) = self.slices.get_at_mut(place) else { return Cell::EMPTY };
        let cell = slice.remove(at);
        if slice.used() == 0 {
            self.slices.remove_at(place);
        }
        self.outside -= cell.outside();
        self.count -= !cell.is_empty() as u64;
        cell
    }

    /// Removes all elements from one index to another, in whichever order they are given. How many there were.
    pub fn remove_range(&mut self, from: u64, to: u64) -> u64 {
        let (from, to) = (from.min(to), from.max(to));
        let before = self.count;
        let mut from_slice = split(from).0;
        loop {
            let place = self.slices.seek(number(from_slice));
            let Some((id, _)) = self.slices.get_at(place).filter(|(id, _)| id.ms <= split(to).0) else { break };
            let Some(slice) = self.slices.get_at_mut(place) else { break };
            let (low, high) = part(id.ms, from, to);
            let (count, outside) = (&mut self.count, &mut self.outside);
            slice.remove_range(low, high, &mut |cell| {
                *count -= 1;
                *outside -= cell.outside();
            });
            if slice.used() == 0 {
                self.slices.remove_at(place);
            }
            from_slice = id.ms + 1;
        }
        before - self.count
    }

    /// Shows the elements from one index to another, downwards if the first is the higher one, until `show` answers false.
    pub fn each(&self, from: u64, to: u64, show: &mut dyn FnMut(u64, Item<'_>) -> bool) {
        let forward = from <= to;
        let (low, high) = (from.min(to), from.max(to));
        let first = self.slices.seek(number(split(low).0));
        let mut place = Some(first);
        if !forward {
            place = self.slices.before(self.slices.seek(number(split(high).0 + 1)));
        }
        while let Some((id, slice)) = place.and_then(|place| self.slices.get_at(place)) {
            if id.ms < split(low).0 || id.ms > split(high).0 {
                break;
            }
            let (first, last) = part(id.ms, low, high);
            let goes_on = slice.each(first, last, forward, &mut |at, cell| {
                cell.item().is_none_or(|item| show((id.ms << BITS) + at as u64, item))
            });
            if !goes_on {
                break;
            }
            place = place
                .and_then(|place| if forward { Some(self.slices.after(place)) } else { self.slices.before(place) });
        }
    }

    /// Before something is appended to a ring of so many positions: whether its elements must come to other ones, because it is a
    /// smaller ring, or a larger one that goes around already.
    pub fn needs_turn(&self, size: u64) -> bool {
        let len = self.len();
        size < len || size > len && self.next > 0 && self.next < len
    }

    /// Makes a ring of so many positions of what there is: the newest elements, up to the first hole, come to 0 and those behind it.
    pub fn turn(&mut self, size: u64) {
        let len = self.len();
        let newest = if self.next == 0 || self.next > len { len.saturating_sub(1) } else { self.next - 1 };
        let (most, mut at) = (size.min(self.count), newest);
        let mut kept = Vec::with_capacity(most as usize);
        while (kept.len() as u64) < most {
            let cell = self.take(at);
            if cell.is_empty() {
                break;
            }
            kept.push(cell);
            at = at.checked_sub(1).unwrap_or(len - 1);
        }
        *self = Array { next: kept.len() as u64, ..Array::default() };
        for (index, cell) in (0..).zip(kept.into_iter().rev()) {
            self.put(index, cell);
        }
    }

    pub fn slices(&self) -> u64 {
        self.slices.len() as u64
    }

    pub fn layout(&self) -> Layout {
        let mut layout = Layout::default();
        for (_, slice) in self.slices.iter() {
            if slice.is_dense() {
                layout.dense += 1;
                layout.positions += slice.span() as u64;
                layout.filled += slice.used() as u64;
            } else {
                layout.sparse += 1;
                layout.scattered += slice.used() as u64;
            }
        }
        layout
    }

    /// A number that arrays with the same elements under the same indexes share, if they go on at the same one.
    pub fn digest(&self, seed: &Seed) -> u64 {
        let mut sum = self.next;
        self.each(0, LAST, &mut |index, item| {
            let part = index.rotate_left(32) ^ item.with_bytes(|bytes| seed.hash(bytes));
            sum = sum.wrapping_add(seed.hash(&part.to_le_bytes()));
            true
        });
        sum
    }
}

impl Stored for Array {
    const TYPE: &'static str = "array";

    fn encoding(&self) -> &'static str {
        "sliced-array"
    }

    /// Bytes on the heap. O(slices).
    fn heap_bytes(&self) -> usize {
        let slices = self.slices.iter().map(|(_, slice)| slice.bytes()).sum::<usize>();
        size_of::<Array>() + self.slices.bytes() + slices + self.outside
    }

    fn elements(&self) -> usize {
        self.count as usize
    }

    /// Frees slices that hold about so many elements; whether there may be more. Nothing else may be done with the array from then on.
    fn shed(&mut self, about: usize) -> bool {
        let slices = about as u64 * self.slices() / self.count.max(1);
        (0..=slices).all(|_| {
            let last = self.slices.before(self.slices.end()).and_then(|last| self.slices.remove_at(last));
            self.count -= last.as_ref().map_or(0, Slice::used) as u64;
            last.is_some()
        })
    }

    fn is_spent(&self) -> bool {
        self.is_empty()
    }
}
