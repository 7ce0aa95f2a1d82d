//! Copies of short byte strings without a call.
//!
//! On wasm32 a copy whose length is not known becomes the instruction `memory.copy`, which the engines carry out in a
//! function of their own: about ten nanoseconds, more than all else that a reply of twelve bytes costs. Up to 32 bytes a
//! few unaligned words are faster.

use crate::allocator::{LARGE, room_for};
use std::ptr::copy_nonoverlapping;

/// Appends bytes, most of the time a few. `false`, and nothing is changed, where there is no memory for them.
#[inline(always)]
pub fn append(to: &mut Vec<u8>, bytes: &[u8]) -> bool {
    let (start, len) = (to.len(), bytes.len());
    if to.capacity() - start < len && !grow(to, len) {
        return false;
    }
    // SAFETY: there is room for `len` bytes behind `start`, and `bytes` cannot lie in what is borrowed mutably.
    unsafe {
        copy(bytes.as_ptr(), to.as_mut_ptr().add(start), len);
        to.set_len(start + len);
    }
    true
}

/// A copy of some bytes, if there is memory for it.
pub fn copied(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len()).ok()?;
    copy.extend_from_slice(bytes);
    Some(copy)
}

/// Makes room for `more` bytes; whether there is. Large pieces get what they need and no more: twice as much might not be there.
#[cold]
#[inline(never)]
pub fn grow(to: &mut Vec<u8>, more: usize) -> bool {
    let grown = more <= LARGE && to.try_reserve(more).is_ok() || to.try_reserve_exact(more + 32).is_ok();
    // Not the last of it: what cannot be refused comes next.
    grown && (to.capacity() < LARGE || room_for(LARGE / 4))
}

/// Copies `len` bytes between places that do not overlap.
///
/// # Safety
/// `from` must be readable and `to` writable for `len` bytes, and they must not overlap.
#[inline(always)]
pub unsafe fn copy(from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: each word lies within the first `len` bytes: the last one ends with the last byte, over what was copied before.
    unsafe {
        match len {
            8..=32 => {
                let mut at = 0;
                while at + 8 < len {
                    word::<8>(from, to, at);
                    at += 8;
                }
                word::<8>(from, to, len - 8);
            }
            4..=7 => {
                word::<4>(from, to, 0);
                word::<4>(from, to, len - 4);
            }
            0..=3 => {
                for at in 0..len {
                    word::<1>(from, to, at);
                }
            }
            _ => copy_nonoverlapping(from, to, len),
        }
    }
}

#[inline(always)]
unsafe fn word<const N: usize>(from: *const u8, to: *mut u8, at: usize) {
    // SAFETY: the caller's. A constant length becomes a load and a store.
    unsafe { copy_nonoverlapping(from.add(at), to.add(at), N) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_copied_and_nothing_beside_it() {
        let from: Vec<u8> = (1..=100).collect();
        for len in 0..=64 {
            let mut to = vec![0; 3];
            assert!(append(&mut to, &from[..len]));
            assert_eq!(to[3..], from[..len]);
            assert_eq!(to[..3], [0; 3]);
        }
    }
}
