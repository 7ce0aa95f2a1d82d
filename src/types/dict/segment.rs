//! A segment of a table, by its address. See the head of `mod.rs` for what lies where.

use super::{BLOCKS, Entry, SEGMENT, group};
use std::alloc::Layout;
use std::marker::PhantomData;

/// The head of a segment; references to blocks, if it has any, and fingerprints follow it.
#[repr(C, align(8))]
pub(super) struct Head {
    pub(super) len: u32,
    pub(super) depth: u8,
    pub(super) room_log2: u8,
}

/// A reference to a segment that lives in a Dict. All its methods may be called only while that is so.
pub(super) struct Segment<E>(pub(super) *mut Head, pub(super) PhantomData<E>);

/// Whether entries are references, which lie in the segment itself.
pub(super) const fn is_dense<E>() -> bool {
    size_of::<E>() <= size_of::<usize>()
}

/// Where the fingerprints are.
const fn prints_at<E>() -> usize {
    size_of::<Head>() + if is_dense::<E>() { 0 } else { BLOCKS * size_of::<*mut E>() }
}

impl<E> Clone for Segment<E> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Segment<E> {}

pub(super) fn head_layout<E>(capacity: usize) -> Layout {
    let entries = if is_dense::<E>() { capacity * size_of::<E>() } else { 0 };
    Layout::from_size_align(prints_at::<E>() + capacity.max(SEGMENT) + entries, align_of::<Head>())
        .expect("a segment's size")
}

// SAFETY of the whole impl: a Segment is made by `Dict::segment_new` with room for `capacity` fingerprints; blocks
// 0..ceil(len / room) are allocated with `room` entries each, unless it is dense; entries 0..len are live.
impl<E: Entry> Segment<E> {
    #[inline(always)]
    pub(super) fn len(self) -> usize {
        unsafe { (*self.0).len as usize }
    }
    #[inline(always)]
    pub(super) fn set_len(self, len: usize) {
        unsafe { (*self.0).len = len as u32 }
    }
    #[inline(always)]
    pub(super) fn depth(self) -> u32 {
        unsafe { (*self.0).depth as u32 }
    }
    #[inline(always)]
    pub(super) fn set_depth(self, depth: u32) {
        unsafe { (*self.0).depth = depth as u8 }
    }
    #[inline(always)]
    pub(super) fn room(self) -> usize {
        unsafe { 1 << (*self.0).room_log2 }
    }
    #[inline(always)]
    pub(super) fn capacity(self) -> usize {
        self.room() * BLOCKS
    }
    pub(super) fn block_layout(self) -> Layout {
        Layout::array::<E>(self.room()).expect("a block's size")
    }
    #[inline(always)]
    pub(super) fn prints(self) -> *mut u8 {
        unsafe { self.0.cast::<u8>().add(prints_at::<E>()) }
    }
    /// Where the reference to the block of entry `i` is.
    #[inline(always)]
    pub(super) fn block(self, i: usize) -> *mut *mut E {
        unsafe { self.0.add(1).cast::<*mut E>().add(i >> (*self.0).room_log2) }
    }
    /// The address of entry `i`, whose block must exist if there are blocks.
    #[inline(always)]
    pub(super) fn slot(self, i: usize) -> *mut E {
        if is_dense::<E>() {
            return unsafe { self.prints().add(self.capacity().max(SEGMENT)).cast::<E>().add(i) };
        }
        unsafe { (*self.block(i)).add(i & (self.room() - 1)) }
    }

    /// The first entry with this fingerprint that `wanted` accepts.
    #[inline(always)]
    pub(super) fn find(self, print: u8, mut wanted: impl FnMut(&E) -> bool) -> Option<usize> {
        let (len, prints) = (self.len(), self.prints());
        let mut base = 0;
        while base < len {
            let mut hits = unsafe { group::matches(prints.add(base), print) };
            while hits != 0 {
                let i = base + (hits.trailing_zeros() >> group::SHIFT) as usize;
                if i < len && wanted(unsafe { &*self.slot(i) }) {
                    return Some(i);
                }
                hits &= hits - 1;
            }
            base += group::WIDTH;
        }
        None
    }
}
