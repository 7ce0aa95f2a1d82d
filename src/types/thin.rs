//! `Thin`: a piece of memory in the hands of one owner, by its address alone. How long its contents are stands in them, where their
//! layout has that anyway, and how much is allocated for them follows from that ([`room`]): a small collection costs its bytes, and a
//! reference of four in its key's entry.
//!
//! A length has one size, so what grows and shrinks across a border is moved there and back. Borders are far apart where moving costs
//! something, and dlmalloc does most of it in place.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::ptr::copy;

/// How many bytes are allocated for `len`: the next size that dlmalloc has on wasm32 (8n + 4), beyond 512 bytes the next of 32 in each
/// doubling.
pub fn room(len: usize) -> usize {
    let len = len.max(12) - 4;
    let mask = if len < 512 { 7 } else { (1 << (len.ilog2() - 5)) - 1 };
    ((len + mask) & !mask) + 4
}

#[derive(Debug)]
pub struct Thin(*mut u8);

// SAFETY: whoever owns it owns the memory alone.
unsafe impl Send for Thin {}
unsafe impl Sync for Thin {}

impl Thin {
    /// `size` bytes, more than none, that are not initialised.
    #[inline]
    pub fn new(size: usize) -> Thin {
        let layout = Thin::layout(size);
        // SAFETY: the size is over 0.
        Thin(checked(unsafe { alloc(layout) }, layout))
    }

    /// The memory of a vector that is not empty, as `size` bytes.
    pub fn from_vec(bytes: Vec<u8>, size: usize) -> Thin {
        let mut bytes = std::mem::ManuallyDrop::new(bytes);
        let mut thin = Thin(bytes.as_mut_ptr());
        // SAFETY: a vector of bytes has allocated its capacity, with the alignment of a byte.
        unsafe { thin.resize(bytes.capacity(), size) };
        thin
    }

    /// Makes it of another size. What was there stays as far as it fits.
    ///
    /// # Safety
    /// It is of size `old`; neither is 0.
    pub unsafe fn resize(&mut self, old: usize, new: usize) {
        if old != new {
            // SAFETY: the caller's.
            self.0 = checked(unsafe { realloc(self.0, Thin::layout(old), new) }, Thin::layout(new));
        }
    }

    /// Moves what stands from `from` on, of `total` bytes, to `to`: what is between is not initialised, if that is behind it, or gone. How
    /// many bytes there are then.
    ///
    /// # Safety
    /// It has [`room`] for `total`, which is not 0.
    #[inline(never)]
    pub unsafe fn stretch(&mut self, total: usize, from: usize, to: usize) -> usize {
        assert!(from <= total);
        let after = total - from + to;
        // SAFETY: as many bytes are allocated as are needed while both are moved.
        unsafe {
            if after > total {
                self.resize(room(total), room(after));
            }
            copy(self.0.add(from), self.0.add(to), total - from);
            if after < total {
                self.resize(room(total), room(after));
            }
        }
        after
    }

    /// # Safety
    /// It is of this size, and used no more.
    #[inline]
    pub unsafe fn free(&mut self, size: usize) {
        // SAFETY: the caller's.
        unsafe { dealloc(self.0, Thin::layout(size)) }
    }

    #[inline(always)]
    pub fn start(&self) -> *mut u8 {
        self.0
    }

    fn layout(size: usize) -> Layout {
        // SAFETY: the contents have a length of 32 bits natively, and what could be allocated on wasm32.
        unsafe { Layout::from_size_align_unchecked(size, 1) }
    }
}

#[inline(always)]
fn checked(memory: *mut u8, layout: Layout) -> *mut u8 {
    if memory.is_null() {
        handle_alloc_error(layout);
    }
    memory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_every_length_and_not_much_more() {
        let mut before = 0;
        for len in (0..200_000).chain((1 << 30) - 9..=1 << 30) {
            let room = room(len);
            assert!(room >= len && room >= before);
            assert!(room < len + 13 || room - len <= len / 32, "{len}: {room}");
            assert_eq!(room % 8, 4);
            before = room;
        }
    }
}
