//! A segment of a table, by its address. See the head of `mod.rs` for what lies where.

use super::{Entry, SEGMENT, STEP, STEPS, group};
use std::alloc::Layout;
use std::marker::PhantomData;

/// The head of a segment; fingerprints and entries follow it.
#[repr(C, align(8))]
pub(super) struct Head {
    pub(super) len: u32,
    pub(super) depth: u8,
    /// The capacity in eights up to 64, and one more for each doubling.
    pub(super) room: u8,
}

/// A reference to a segment that lives in a Dict. All its methods may be called only while that is so.
pub(super) struct Segment<E>(pub(super) *mut Head, pub(super) PhantomData<E>);

/// The least capacity that a segment can have for so many entries.
pub(super) fn least(len: usize) -> usize {
    if len <= SEGMENT { len.next_multiple_of(STEP) } else { len.next_power_of_two() }
}

/// How the head of a segment says its capacity.
pub(super) fn room_of(capacity: usize) -> u8 {
    let (steps, doublings) = (capacity.min(SEGMENT) / STEP, (capacity / SEGMENT).max(1).trailing_zeros());
    steps as u8 + doublings as u8
}

impl<E> Clone for Segment<E> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Segment<E> {}

pub(super) fn head_layout<E>(capacity: usize) -> Layout {
    let size = size_of::<Head>() + capacity.max(SEGMENT) + capacity * size_of::<E>();
    Layout::from_size_align(size, align_of::<Head>()).expect("a segment's size")
}

// SAFETY of the whole impl: a Segment is made by `Dict::segment_new` with room for `capacity` fingerprints, 64 at least, and as many
// entries, which need no more than the head's alignment; entries 0..len are live.
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
    pub(super) fn capacity(self) -> usize {
        let room = unsafe { (*self.0).room as usize };
        if room <= STEPS { room * STEP } else { SEGMENT << (room - STEPS) }
    }
    #[inline(always)]
    pub(super) fn prints(self) -> *mut u8 {
        unsafe { self.0.add(1).cast() }
    }
    /// The address of entry `i`, which is below the capacity.
    #[inline(always)]
    pub(super) fn slot(self, i: usize) -> *mut E {
        unsafe {
            let prints = SEGMENT << ((*self.0).room as usize).saturating_sub(STEPS);
            self.prints().add(prints).cast::<E>().add(i)
        }
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
